"""The parts that `make site` adds to the book: verified third-party files, the kernel, the chapters in JupyterLite."""

import hashlib
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import nbformat
import pytest

from press.browser.listings import CHAPTER, SITE
from press.browser.server import serve
from press.notebooks.chapters import ROOT
from press.site import build
from press.site import downloads as assets
from press.site.build import build_site, built_for, write_wheel

RUN = SITE / "run"
KERNEL = ROOT / "utils" / "engine" / "wasm"
pytestmark = pytest.mark.usefixtures("folder")


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
    text, whole = (ROOT / "reference" / "teaching.md").read_text(encoding="utf-8"), 300 * (python + figures + images)
    assert f"Python takes {python:.1f} MB, Matplotlib {figures:.1f} MB and the images {images:.1f} MB" in text
    assert f"that is {whole / 1000:.1f} GB" in text and f"needs {whole / 600:.0f} MB a second" in text


def test_scripts_import_those_of_their_own_edition():
    """A browser may still have those of the last one."""
    edition = re.search(r"run/start\.js(\?v=\w+)", (SITE / f"{CHAPTER}.html").read_text(encoding="utf-8"))[1]
    scripts = [path.read_text("utf-8") for folder in ("run", "page", "demo", "hand") for path in (SITE / folder).glob("*.js")]
    imports = [address for script in scripts for address in re.findall(r'["`](\.[^"`\s]*?\.js.*?)["`]', script)]
    assert {f"./session.js{edition}", f"../page/kept.js{edition}", f"./weights-${{epoch}}.js{edition}"} <= {*imports}
    assert all(address.endswith(edition) for address in imports)


def test_a_build_that_fails_leaves_the_old_site(tmp_path):
    book, site = tmp_path / "book", tmp_path / "site"
    book.mkdir()
    site.mkdir()
    (site / "index.html").write_text("as it was", encoding="utf-8")
    with pytest.raises(FileNotFoundError, match="run"):  # the book was built without COURSE_RUN
        build_site(book, site)
    assert (site / "index.html").read_text(encoding="utf-8") == "as it was"


def test_a_site_that_is_too_large_does_not_replace_the_last_one(tmp_path, monkeypatch):
    site, part = tmp_path / "site", tmp_path / "part"
    for folder in (site, part):
        (folder / "run").mkdir(parents=True)
        (folder / "run" / "manifest.json").write_text('{"files": []}', encoding="utf-8")
        (folder / "name").write_text(folder.name, encoding="utf-8")
    monkeypatch.setattr(build, "MAX_MEGABYTES", 1e-6)
    with pytest.raises(SystemExit, match="The site is too large"):
        build.replace(site, part)
    assert (site / "name").read_text(encoding="utf-8") == "site"
    monkeypatch.setattr(build, "MAX_MEGABYTES", 1)
    build.replace(site, part)
    assert (site / "name").read_text(encoding="utf-8") == "part"


def test_the_address_of_a_book_is_that_of_its_sitemap_if_it_has_one(tmp_path):
    assert built_for(tmp_path) is None
    (tmp_path / "sitemap.xml").write_text("<loc>https://a.example/</loc>\n<loc>https://a.example/x.html</loc>", encoding="utf-8")
    assert built_for(tmp_path) == "https://a.example/"


def test_pins_of_packages_agree_with_pyodides_lock_file():
    official = json.loads((assets.CACHE / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert official["info"]["version"] == assets.PINS["pyodide"]
    checksums = {package["file_name"]: package["sha256"] for package in official["packages"].values()}
    pinned = {name: pin["sha256"] for group in assets.GROUPS for name, pin in assets.PINS[group].items()}
    pins = {name: sha256 for name, sha256 in pinned.items() if name.endswith((".whl", ".zip"))}
    own = {"python_stdlib.zip", "comm-0.2.2-py3-none-any.whl"}  # part of the core; not of Pyodide
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
    assert archive.stat().st_size < 23e6
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
    first, second = write_wheel(tmp_path / "first"), write_wheel(tmp_path / "second")
    assert first.read_bytes() == second.read_bytes()
    with zipfile.ZipFile(first) as wheel:
        assert wheel.read("utils/engine/wasm/sgemm.wasm") == (KERNEL / "sgemm.wasm").read_bytes()


def test_the_licence_of_every_third_party_file_is_listed():
    listed = (RUN / "licences.txt").read_text(encoding="utf-8").lower()
    for path in [*RUN.glob("pyodide/*.whl"), *RUN.glob("pyodide/*.zip")]:
        name = path.name.split("-")[0].replace("_", "-")
        known = "cpython" if name in ("python-stdlib.zip", "ssl") else name
        assert known in listed.replace("_", "-"), path.name
    scripts_and_fonts = [re.sub(r"-(licence|OFL)$", "", path.stem) for path in ROOT.glob("press/**/*.txt")]
    assert len(scripts_and_fonts) >= 4
    for name in ("Pyodide", "JupyterLite-core", "jupyterlab-myst", "Fashion-MNIST", *scripts_and_fonts):
        assert name.lower() in listed.replace(" ", "-"), name
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
    """A function that runs code in Pyodide, in a worker below lite/, as JupyterLite does."""
    page = browser.new_page()
    page.route("**/lite/worker.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto(f"{site}lite/jupyter-lite.json")
    with page.expect_worker() as started:
        page.evaluate("() => { window.worker = new Worker('worker.js'); }")
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


def test_the_kernel_is_used_and_computes_the_same_bits_as_numpy(python):
    found = python(["numpy", "mlp-from-scratch"], PRODUCTS)
    assert found["kernel"] and found["wrong"] == [] and "not aligned" in found["refused"]


# The chapters as notebooks


def test_a_notebook_finds_the_engine_and_the_images(python):
    code = """
import course_settings
course_settings.prepare()
import utils
[utils.engine_name, *(array.shape for pair in utils.fashion_mnist_arrays() for array in pair)]
"""
    found = python(["numpy", "mlp-from-scratch", "course-settings"], code)
    assert found == ["own", [60000, 28, 28], [60000], [10000, 28, 28], [10000]]


@pytest.mark.weekly  # JupyterLite loads all of Jupyter
def test_the_bar_above_a_notebook_links_to_chapter_and_next_notebook_and_no_cell_has_run(browser, site):
    page = browser.new_page()
    page.goto(f"{site}lite/notebooks/index.html?path=06_training.ipynb")
    bar = page.locator(".course-bar")
    bar.get_by_text("restart the kernel").wait_for()
    prompts = page.locator(".jp-CodeCell .jp-InputPrompt")
    prompts.first.wait_for()
    assert set(prompts.all_inner_texts()) - {""} == {"[ ]:"}  # Markdown has an empty one
    assert bar.bounding_box()["height"] <= page.locator("#main").bounding_box()["y"]
    assert bar.locator("a").nth(1).get_attribute("href") == "?path=07_prediction.ipynb"
    bar.locator("a").first.click()
    assert page.locator("h1").inner_text().startswith("6 Train it")
    page.close()


HTML = """<p>It is shown.</p><script>window.hasRun = true</script><img src=x onerror="window.hasRun = true">
<img src="ELSEWHEREprobe"><iframe src="ELSEWHEREprobe"></iframe><script src="ELSEWHEREprobe"></script>
<style>p { background: url(ELSEWHEREprobe) }</style>"""
OUTPUTS = {
    "text/html": HTML, "application/javascript": "window.hasRun = true; fetch('ELSEWHEREprobe')",
    "image/svg+xml": "<svg xmlns='http://www.w3.org/2000/svg' onload='window.hasRun = true'/>",
}  # fmt: skip
LEAVES = [f"<meta http-equiv='refresh' content='0;url={address}'>" for address in ("ELSEWHEREprobe", "../../index.html?probe")]


@pytest.mark.weekly  # JupyterLite loads all of Jupyter
def test_a_notebook_of_a_stranger_runs_nothing_when_it_is_opened_and_asks_no_other_host(browser, site, tmp_path):
    shown = [*OUTPUTS.items(), *(("text/html", text) for text in LEAVES)]
    outputs = [nbformat.v4.new_output("display_data", data={kind: text}) for kind, text in shown]
    cells = [nbformat.v4.new_code_cell("1", outputs=outputs, metadata={"trusted": trusted}) for trusted in (True, False)]
    notebook = nbformat.v4.new_notebook(cells=[*cells, nbformat.v4.new_markdown_cell(HTML)])
    (tmp_path / "probe").write_text("")
    page, answered = browser.new_page(service_workers="block"), []
    page.on("response", lambda response: answered.append(response.url))
    with serve(tmp_path) as elsewhere:
        text = json.dumps(notebook).replace("ELSEWHERE", elsewhere)  # nbformat would not write that a cell is trusted
        page.route("**/files/05_loss.ipynb*", lambda route: route.fulfill(body=text, content_type="application/json"))
        page.goto(f"{site}lite/notebooks/index.html?path=05_loss.ipynb")
        page.get_by_text("JavaScript output is disabled").wait_for()
        page.locator(".jp-OutputArea-output").nth(7).wait_for(state="attached")  # HTML and what leaves, below the other cell
        assert page.evaluate("() => fetch('../bar.js?last').then(({ ok }) => ok)")  # what was asked for before has arrived
        assert page.evaluate("window.hasRun") is None and page.url.startswith(f"{site}lite/")
    assert [url for url in answered if "probe" in url] == []
    page.close()


def test_each_page_of_jupyterlite_has_a_policy_before_anything_else(folder):
    pages = [*folder.glob("lite/**/index.html")]
    assert len(pages) > 5
    for path in pages:
        head = path.read_text("utf-8").partition("<head>")[2].strip()
        policy = re.match(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', head)[1]
        assert policy.startswith("default-src 'self'; script-src 'self' ") and "http" not in policy, path
        assert "'unsafe-inline'" not in policy.split("; ")[1], path


WITHOUT_JSPI = "delete WebAssembly.Suspending; delete WebAssembly.promising;\n"
PROMPTS = ".jp-CodeCell .jp-InputPrompt"
NOTHING_RUNS = f"""() => {{
    const prompts = [...document.querySelectorAll("{PROMPTS}")].map(({{ innerText }}) => innerText);
    return prompts[0] === "[1]:" && !prompts.includes("[*]:");
}}"""


@pytest.mark.weekly  # it takes a minute
@pytest.mark.parametrize("jspi", [True, False])
def test_a_chapter_runs_as_a_notebook(browser, site, jspi):
    """Also where Python can't be set aside while it waits, as in browsers before 2025."""
    page = browser.new_page(service_workers="block")
    if not jspi:
        loader = WITHOUT_JSPI + (RUN / "pyodide" / "pyodide.js").read_text(encoding="utf-8")
        page.route("**/run/pyodide/pyodide.js*", lambda route: route.fulfill(body=loader, content_type="text/javascript"))
    host, foreign = site.removesuffix("course/"), []
    page.on("request", lambda request: request.url.startswith((host, "data:", "blob:")) or foreign.append(request.url))
    page.goto(f"{site}lite/notebooks/index.html?path=05_loss.ipynb")
    page.wait_for_selector(".jp-CodeCell")
    page.wait_for_selector(".myst aside")  # an admonition as MyST shows it
    page.get_by_text("Run", exact=True).first.click()
    page.get_by_text("Run All Cells", exact=True).first.click()
    page.wait_for_function(NOTHING_RUNS, timeout=600_000)
    assert page.locator("[data-mime-type='application/vnd.jupyter.stderr']").all_inner_texts() == []
    assert page.locator(PROMPTS).last.inner_text() == f"[{page.locator('.jp-CodeCell').count()}]:"
    assert jspi in [worker.evaluate("'Suspending' in WebAssembly") for worker in page.workers]
    page.locator(".jp-OutputArea-output img, .jp-OutputArea-output svg").first.wait_for()
    assert foreign == []
