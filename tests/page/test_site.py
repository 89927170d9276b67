"""The parts that `make site` adds to the book: verified third-party files and the kernel."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from press.browser.listings import SITE
from press.browser.server import serve
from press.notebooks.chapters import ROOT
from press.site import downloads as assets
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


def test_the_sums_for_teachers_are_those_of_the_manifest():
    files = json.loads((SITE / "run" / "manifest.json").read_text(encoding="utf-8"))["files"]
    python, figures, images = (
        sum(file["bytes"] for file in files if file["group"] in groups) / 1e6
        for groups in (("page", "core"), ("matplotlib",), ("data",))
    )
    text, learners = (ROOT / "reference" / "teaching.md").read_text(encoding="utf-8"), 300
    whole = learners * (python + figures + images)
    assert f"Python takes {python:.1f} MB, Matplotlib {figures:.1f} MB and the images {images:.1f} MB" in text
    assert (
        f"When {learners} learners fetch all of it, that is {whole / 1000:.1f} GB" in text
        and f"needs {whole / 600:.0f} MB a second" in text
    )


def test_scripts_import_those_of_their_own_edition():
    """A browser may still have those of the last one."""
    edition = re.search(r"run/start\.js(\?v=\w+)", (SITE / "chapters/03_activation.html").read_text(encoding="utf-8"))[1]
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


def test_pins_of_packages_agree_with_pyodides_lock_file():
    official = json.loads((assets.CACHE / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert official["info"]["version"] == assets.PINS["pyodide"]
    checksums = {package["file_name"]: package["sha256"] for package in official["packages"].values()}
    pinned = {name: pin["sha256"] for group in assets.GROUPS for name, pin in assets.PINS[group].items()}
    pins = {name: sha256 for name, sha256 in pinned.items() if name.endswith((".whl", ".zip"))}
    own = {"python_stdlib.zip"}  # part of the core
    assert {name: checksums.get(name) for name in pins.keys() - own} == {name: pins[name] for name in pins.keys() - own}


def test_every_package_in_the_lock_file_is_intact():
    lock = json.loads((RUN / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    names = {name.lower().replace("_", "-") for name in lock["packages"]}
    for package in lock["packages"].values():
        path = RUN / "pyodide" / package["file_name"]
        assert sha256(path) == package["sha256"], path
        assert {name.lower().replace("_", "-") for name in package["depends"]} <= names


def test_a_file_that_differs_from_its_pin_is_refused_and_the_next_source_tried(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")  # the sources are on this machine
    bad, good, kept = tmp_path / "bad", tmp_path / "good", tmp_path / "kept"
    shutil.copytree(assets.CACHE, kept)
    shutil.copytree(assets.CACHE, good)
    bad.mkdir()
    damaged, missing = "six-1.16.0-py2.py3-none-any.whl", "cycler-0.12.1-py3-none-any.whl"
    content = bytearray((good / damaged).read_bytes())
    content[1000] ^= 1
    (bad / damaged).write_bytes(content)
    (bad / "404.html").write_text("not here", encoding="utf-8")
    (kept / damaged).write_bytes(content)  # as after a disk error
    (kept / missing).unlink()
    with serve(bad) as source:
        with pytest.raises(RuntimeError) as caught:
            assets.fetch_assets(kept, [source])
    assert str(caught.value).startswith(f"No source has {missing}, {damaged}. Tried:")
    assert str(caught.value).endswith(f"\n  - {source}: {damaged} is refused: its SHA-256 differs")
    (good / "404.html").write_text("not here", encoding="utf-8")
    with serve(good) as source:
        assets.fetch_assets(kept, ["http://127.0.0.1:9/", source])  # the first refuses connections
    assert all(sha256(kept / name) == sha256(good / name) for name in (damaged, missing))


def test_a_folder_or_an_archive_of_ones_own_is_all_that_a_site_needs(tmp_path, monkeypatch):
    archive = tmp_path / "files.zip"
    assets.write_archive(archive)
    assert archive.stat().st_size < 18e6
    for own in (archive, assets.CACHE):
        monkeypatch.setenv("PYODIDE_FILES", str(own))
        source, *others = assets.all_sources()
        found = assets.fetch_assets(tmp_path / "kept" / own.name, [source])
        assert [len(found[group]) for group in assets.GROUPS] == [len(assets.PINS[group]) for group in assets.GROUPS] and others
    monkeypatch.setenv("PYODIDE_FILES", str(tmp_path / "nowhere.zip"))
    with pytest.raises(FileNotFoundError, match="nowhere.zip: there is no such folder or archive"):
        assets.fetch_assets()


@pytest.mark.parametrize("ending", [".tgz", ".whl"])
def test_a_truncated_package_is_a_failure_of_its_source(tmp_path, ending):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(bytes(range(256)) * 1000)
    kind = {".tgz": "gztar", ".whl": "zip"}[ending]
    package = Path(shutil.make_archive(tmp_path / "made", kind, tmp_path / "folder")).rename(tmp_path / f"package{ending}")
    assert assets._unpacked(package)["file"] == bytes(range(256)) * 1000
    package.write_bytes(package.read_bytes()[: package.stat().st_size // 2])
    with pytest.raises(OSError, match=f"package{ending} is damaged: "):
        assets._unpacked(package)


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
