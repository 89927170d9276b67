"""The parts that `make site` adds to the book: its files, their licences, and the kernel."""

import gzip
import hashlib
import json
import re
import shutil
import subprocess
import zipfile

import pytest

from press.browser.listings import SITE
from press.notebooks.chapters import ROOT
from press.site.build import write_wheel
from tools import book

RUN = SITE / "run"
KERNEL = ROOT / "utils" / "engine" / "wasm"
pytestmark = [pytest.mark.usefixtures("folder"), pytest.mark.any_prose]


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


# The files


def test_the_manifest_lists_the_files_of_the_site():
    manifest = json.loads((RUN / "manifest.json").read_text(encoding="utf-8"))
    for file in manifest["files"]:
        path = RUN / file["path"]
        assert (path.stat().st_size, sha256(path)) == (file["bytes"], file["sha256"]), file["path"]
    assert {file["group"] for file in manifest["files"]} == {"page", "core", "matplotlib", "data"}
    assert sum(file["bytes"] for file in manifest["files"] if file["group"] == "core") < 20e6  # before Matplotlib and the data


def test_the_sums_in_the_guides_are_those_of_the_manifest():
    files = json.loads((SITE / "run" / "manifest.json").read_text(encoding="utf-8"))["files"]
    python, figures, images = (
        sum(file["bytes"] for file in files if file["group"] in groups) / 1e6
        for groups in (("page", "core"), ("matplotlib",), ("data",))
    )
    whole, learners = python + figures + images, 300
    sent = gzip.compress(b"".join((RUN / file["path"]).read_bytes() for file in files if file["group"] in ("page", "core")), 5)
    for name, *sums in (
        (
            "reference/teaching.md",
            f"Python takes {python:.1f} MB, Matplotlib {figures:.1f} MB and the images {images:.1f} MB",
            f"When {learners} learners fetch all of it, that is {learners * whole / 1000:.1f} GB",
            f"needs {learners * whole / 600:.0f} MB a second",
        ),
        ("README.md", f"some {len(sent) / 1e6:.0f} MB where the host compresses, the images another {images:.0f} MB"),
    ):
        assert [words for words in sums if words not in (ROOT / name).read_text(encoding="utf-8")] == []


def test_scripts_import_those_of_their_own_edition():
    """A browser may still have those of the last one."""
    edition = re.search(r"run/start\.js(\?v=\w+)", (SITE / "index.html").read_text(encoding="utf-8"))[1]
    scripts = [path.read_text("utf-8") for folder in ("run", "page", "demo", "hand") for path in (SITE / folder).glob("*.js")]
    imports = [address for script in scripts for address in re.findall(r'["`](\.[^"`\s]*?\.js.*?)["`]', script)]
    assert {f"./session.js{edition}", f"../page/kept.js{edition}", f"./weights-${{epoch}}.js{edition}"} <= {*imports}
    assert all(address.endswith(edition) for address in imports)


def test_a_site_that_is_too_large_ends_its_build(tmp_path, monkeypatch):
    (tmp_path / "name").write_text("a page", encoding="utf-8")
    book.keep_small(tmp_path)
    monkeypatch.setattr(book, "MOST_MEGABYTES", 1e-6)
    with pytest.raises(SystemExit, match="The site is too large"):
        book.keep_small(tmp_path)


def test_the_wheel_of_utils_is_reproducible_and_contains_the_kernel(tmp_path):
    first, second = (write_wheel(ROOT / "pyproject.toml", tmp_path / name) for name in ("first", "second"))
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as wheel:
        assert wheel.read("utils/engine/wasm/sgemm.wasm") == (KERNEL / "sgemm.wasm").read_bytes()


def test_the_licence_of_every_third_party_file_is_listed():
    listed = (RUN / "licences.txt").read_text(encoding="utf-8").lower()
    for path in [*RUN.glob("pyodide/*.whl"), *RUN.glob("pyodide/*.zip")]:
        name = path.name.split("-")[0].replace("_", "-")
        known = "cpython" if name == "python-stdlib.zip" else name
        assert known in listed.replace("_", "-"), path.name
    scripts_and_fonts = [re.sub(r"-(licence|OFL)$", "", path.stem) for path in ROOT.glob("press/**/*.txt")]
    assert len(scripts_and_fonts) >= 4
    for name in ("Pyodide", "Fashion-MNIST", *scripts_and_fonts):
        assert name.lower() in listed.replace(" ", "-"), name
    for path in ROOT.glob("press/**/*.txt"):  # each has the licence that its own text names
        stated = "ofl" if "SIL Open Font License" in path.read_text(encoding="utf-8") else "mit"
        name = re.sub(r"-(licence|OFL)$", "", path.stem)
        assert any(name in line.replace(" ", "-") and f" {stated}" in line for line in listed.splitlines()), f"{name}: {stated}"
    assert len(set(listed.splitlines())) == len(listed.splitlines()), "each once"


# What is built apart


def test_the_scripts_of_others_are_those_that_were_built():
    noted = [line.split() for line in (ROOT / "press" / "libraries" / "SHA256SUMS").read_text("utf-8").splitlines()]
    assert len(noted) == 9 and all(sha256(ROOT / "press" / "libraries" / name) == digest for digest, name in noted)


def test_the_kernel_is_built_from_its_source(tmp_path):
    """Checked by the checksums recorded at the build and, where Debian's compiler is installed, by building it again."""
    noted = dict(reversed(line.split()) for line in (KERNEL / "SHA256SUMS").read_text(encoding="utf-8").splitlines())
    assert noted == {name: sha256(KERNEL / name) for name in ("sgemm.c", "sgemm.wasm")}
    if shutil.which("clang-19") and shutil.which("wasm-ld-19"):
        again = shutil.copytree(KERNEL, tmp_path / "wasm")
        (again / "sgemm.wasm").unlink()
        subprocess.run([again / "build.sh"], check=True)
        assert (again / "sgemm.wasm").read_bytes() == (KERNEL / "sgemm.wasm").read_bytes()


PRODUCTS = """
import importlib.util
import numpy as np

spec = importlib.util.spec_from_file_location("product", "/lib/python3.12/site-packages/utils/engine/product.py")
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
rng = np.random.default_rng(1)

def random(*shape):
    return rng.normal(size=shape).astype("float32")

def same(A, B):
    C, expected = module.dot(A, B), np.matmul(A, B)
    return C.dtype == expected.dtype and C.tobytes() == expected.tobytes()

wrong = []
for _ in range(200):
    m, k, n = rng.integers(0, 21, 3)
    cases = {"plain": (random(m, k), random(k, n)), "transposed": (random(k, m).T, random(n, k).T),
             "every second": (random(2 * m, 2 * k)[::2, ::2], random(2 * k, 2 * n)[::2, ::2]),
             "repeated": (np.broadcast_to(random(1, 1), (m, k)), random(k, n)),
             "backwards": (random(m, k)[::-1], random(k, n)[:, ::-1]),
             "float64": (random(m, k).astype("float64"), random(k, n).astype("float64"))}
    wrong += [(name, m, k, n) for name, (A, B) in cases.items() if not same(A, B)]
special = random(9, 11)
special[0, :4] = [0, -0.0, 1e-45, np.inf]
wrong += ["special"] * (not same(special, random(11, 17)))
try:
    module.dot(random(2, 3), random(4, 5))
except ValueError as error:
    refused = str(error)

{"kernel": np.dot is module.dot, "wrong": wrong[:5], "refused": refused}
"""


@pytest.fixture(scope="module")
def python(browser, site):
    """A function that loads packages, by name or address, and runs code in Pyodide, in a worker without the page's own Python."""
    page = browser.new_page()
    page.route("**/empty.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{site}run/manifest.json")
    with page.expect_worker() as started:
        page.evaluate("() => { window.worker = new Worker('empty.js'); }")
    worker = started.value
    worker.evaluate(
        """async (indexURL) => {
            importScripts(indexURL + "pyodide.js");
            self.python = await loadPyodide({ indexURL });
        }""",
        f"{site}run/pyodide/",
    )
    yield lambda packages, code: worker.evaluate(
        """async ([packages, code]) => {
            await python.loadPackage(packages);
            return (await python.runPythonAsync(code)).toJs({dict_converter: Object.fromEntries, create_proxies: false});
        }""",
        [packages, code],
    )
    page.close()


def test_the_kernel_is_used_and_computes_the_same_bits_as_numpy(python, site):
    wheel = next(RUN.glob("wheels/*.whl"))
    found = python(["numpy", f"{site}run/wheels/{wheel.name}"], PRODUCTS)
    assert found["kernel"] and found["wrong"] == [] and "not aligned" in found["refused"]
