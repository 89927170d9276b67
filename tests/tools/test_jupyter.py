"""The chapters where learners run them: in JupyterLab, in the Binder image, on other platforms.

JupyterLab runs from this environment, or from that of the Python in LAB_PYTHON, which `make test-binder` sets to its copy of the
Binder image's environment. Once a week the chapters are opened there, but those on PyTorch, and Codespaces is tested.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import requests
import websocket
from playwright.sync_api import expect

from press.browser.server import free_port, listens
from press.notebooks.chapters import CHAPTERS, ROOT, code_cells, lacking, read_pair, read_source
from tests.support.compare import as_shown, differences
from tools.setup.environment import find_uv, is_ready

NAMES = [path.stem for path in CHAPTERS]
SECONDS = 300  # for the slowest chapter on a busy machine


def clean(folder):
    """An environment in which Jupyter and IPython read and write nothing outside `folder`."""
    names = ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR")
    return {**os.environ, **{name: str(folder / name.lower()) for name in names}}


def wait_for(condition, server, log):
    """What `condition()` returns once it is true. Fails with the end of the log if the server ends before, or takes SECONDS."""
    end = time.monotonic() + SECONDS
    while not (found := condition()):
        if server.poll() is not None or time.monotonic() > end:
            pytest.fail(log.read_text(encoding="utf-8")[-3000:])
        time.sleep(0.1)
    return found


# --- JupyterLab, in a browser -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """JupyterLab on a copy of the chapters without outputs, so that all outputs found later come from the run."""
    assert "LAB_PYTHON" in os.environ or is_ready(ROOT / ".venv", "requirements-dev.txt"), (
        "run make first: lab.py would set up the environment of this test"
    )
    folder = tmp_path_factory.mktemp("lab")
    work = folder / "course"
    shutil.copytree(ROOT / "chapters", work / "chapters", ignore=shutil.ignore_patterns(".*"))
    for path in work.glob("chapters/[0-9]*.md"):
        nbformat.write(read_source(path), path.with_suffix(".ipynb"))
    settings = folder / "jupyterlab_settings_dir/@jupyterlab/notebook-extension/tracker.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(
        '{"windowingMode": "none"}', encoding="utf-8"
    )  # all cells stay in the page, where the test looks for them
    port = free_port()
    lab = [os.environ["LAB_PYTHON"], "-m", "jupyterlab"] if "LAB_PYTHON" in os.environ else [sys.executable, ROOT / "lab.py"]
    options = "--no-browser --ServerApp.port_retries=0 --IdentityProvider.token= --ServerApp.allow_root=True"
    with (folder / "log").open("w", encoding="utf-8") as log:
        server = subprocess.Popen(
            [*lab, *options.split(), f"--port={port}", f"--ServerApp.root_dir={work}"], stdout=log, stderr=log, env=clean(folder)
        )
    try:
        address = f"http://127.0.0.1:{port}/lab"
        wait_for(lambda: listens(port), server, folder / "log")
        yield SimpleNamespace(address=address, chapters=work / "chapters", workspaces=folder / "jupyterlab_workspaces_dir")
    finally:
        server.terminate()
        server.wait()


@pytest.fixture
def page(browser, lab):
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    yield page
    page.evaluate("""async () => {
        for (const { id } of await (await fetch('/api/sessions')).json())
            await fetch(`/api/sessions/${id}`, {
                method: 'DELETE', headers: { 'X-XSRFToken': document.cookie.match(/_xsrf=([^;]*)/)?.[1] }
            })
    }""")  # kernels outlive their page
    context.close()


def run_all(page, lab, name):
    """Open a file by the path of its launch link, choose *Run All Cells*, and wait for the last cell, or an error."""
    shutil.rmtree(lab.workspaces, ignore_errors=True)  # or JupyterLab would open the chapters of earlier tests as well
    page.goto(f"{lab.address}/tree/chapters/{name}")
    expect(page.get_by_text("| Idle")).to_be_visible()
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.get_by_role("menuitem", name="Run All Cells", exact=True).click()
    prompts = "[...document.querySelectorAll('.jp-CodeCell .jp-InputPrompt')].map((prompt) => prompt.textContent)"
    errors = "document.querySelectorAll('.jp-OutputArea-output:is([data-mime-type*=error], [data-mime-type*=stderr])')"
    page.wait_for_function(f"{prompts}.every((text) => /\\d/.test(text)) || {errors}.length", timeout=SECONDS * 1000)
    assert page.evaluate(f"[...{errors}].map((error) => error.textContent)") == []


def saved(page, path):
    """The notebook on disk after Ctrl+S."""
    with page.expect_request(lambda request: request.method == "PUT" and "/api/contents/" in request.url) as request:
        page.keyboard.press("Control+s")
    assert request.value.response().ok
    return nbformat.read(path, as_version=4)


def raw_markup(page):
    """All markup that is visible because it was not rendered: fences, directives, formulas."""
    seen = page.evaluate("""[...document.querySelectorAll('.jp-MarkdownCell')].map((cell) => {
        const copy = cell.cloneNode(true)
        copy.querySelectorAll('code, pre, .katex, .cm-editor').forEach((part) => part.remove())
        return copy.textContent
    }).join('\\n')""")
    return re.findall(r":::|```|\{[\w-]+\}|\$[^$\n]{1,80}\$|\$\$|^\+\+\+|\\(?:begin|mathbf|frac)\b|:class:|\]\(", seen, re.M)


def rendered(page):
    """The numbers of visible admonitions, displayed formulas and broken images."""
    return page.evaluate("""() => ({
        admonitions: document.querySelectorAll('.jp-MarkdownCell .myst-admonition').length,
        formulas: document.querySelectorAll('.jp-MarkdownCell .katex-display').length,
        broken: [...document.querySelectorAll('.jp-Notebook img')].filter((image) => !image.naturalWidth).length,
    })""")


def expected(name):
    text = (ROOT / f"chapters/{name}.md").read_text(encoding="utf-8")
    return {
        "admonitions": len(re.findall(r"^```+\{(?:admonition|note|tip|warning)\}", text, re.M)),
        "formulas": text.count("$$") // 2 + len(re.findall(r"^```+\{math\}", text, re.M)),
        "broken": 0,
    }


@pytest.mark.weekly
@pytest.mark.parametrize("name", [name for name in NAMES if not lacking(ROOT / f"chapters/{name}.md")])
def test_run_all_in_jupyterlab_gives_the_outputs_of_the_book(page, lab, name):
    run_all(page, lab, f"{name}.ipynb")
    assert raw_markup(page) == []
    assert rendered(page) == expected(name)
    found = code_cells(saved(page, lab.chapters / f"{name}.ipynb"))
    assert [cell.source for cell in found] == [cell.source for cell in code_cells(read_pair(ROOT / f"chapters/{name}.md"))]
    assert differences([[*map(as_shown, cell.outputs)] for cell in found], ROOT / f"chapters/{name}.md") == []


@pytest.mark.weekly  # JupyterLab, its kernel and its page take as long as all listings
def test_the_markdown_of_a_pair_opens_as_a_notebook_and_answers_are_judged(page, lab):
    """Even if the Markdown is older than the notebook, as after `make notebooks` or a checkout."""
    os.utime(lab.chapters / "05_loss.md", (1e9, 1e9))
    run_all(page, lab, "05_loss.md")
    assert raw_markup(page) == [] and rendered(page) == expected("05_loss")
    cell = page.locator(".jp-CodeCell", has_text="my_answer = ...")
    expect(cell).to_contain_text("Not answered yet")
    for answer, verdict in (("0.6774", "Not yet: that is in bits"), ("0.4696", "Right: that of A is 0.693")):
        cell.locator(".cm-content").click()
        page.keyboard.press("Control+a")
        page.keyboard.insert_text(f'my_answer = {answer}\ncheck("loss", my_answer)')
        page.keyboard.press("Control+Enter")
        cell = page.locator(".jp-CodeCell", has_text=f"my_answer = {answer}")
        expect(cell.locator(".jp-OutputArea")).to_contain_text(verdict)
    saved(page, lab.chapters / "05_loss.ipynb")
    head = "---\nkernelspec:\n  name: python3\n  display_name: Python 3 (ipykernel)\n  language: python\n---\n"
    assert (lab.chapters / "05_loss.md").read_text(encoding="utf-8").startswith(head), "saving wrote more than the kernel"
    page.locator(".jp-MarkdownCell a", has_text="training").last.click()
    expect(page.locator(".lm-TabBar-tabLabel", has_text="06_training.ipynb")).to_be_visible()


@pytest.mark.parametrize("moment", ["importing", "writing"])
def test_an_interrupt_before_jupyterlab_starts_is_told_in_one_sentence_and_leaves_no_half_written_notebook(tmp_path, moment):
    for name in ("chapters", "press", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    if moment == "importing":
        reached = tmp_path / "reached"
        (tmp_path / "press/notebooks/slots.py").write_text(f"import signal\nopen({str(reached)!r}, 'w')\nsignal.pause()\n")
    else:  # what writes the second notebook waits until someone reads it
        reached = tmp_path / "write/02_parameters.ipynb"
        (tmp_path / "write").mkdir()
        os.mkfifo(tmp_path / "write/03_activation.part")
    there = f"lab.ROOT, lab.PYTHON, lab.environment.is_ready = lab.Path({str(tmp_path)!r}), {sys.executable!r}, lambda *_: True"
    hears = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"  # a shell's background jobs ignore it
    code = f"{hears}; import sys; sys.path.insert(0, {str(ROOT)!r}); import lab; {there}; lab.main()"
    child = subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True, start_new_session=True)
    while not reached.exists():
        assert child.poll() is None, child.communicate()
        time.sleep(0.01)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does
    _, said = child.communicate(timeout=SECONDS)
    assert (child.returncode, said) == (1, "\nInterrupted. Run this again.\n")
    assert [path.name for path in tmp_path.glob("write/*.ipynb")] == ["02_parameters.ipynb"] * (moment == "writing")


# --- The Binder image -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit, threads", [("0.5", "1"), ("1", "1"), ("2.5", "1"), ("4.0", "2"), ("", "1"), (None, "1")])
def test_a_container_starts_threads_for_its_own_cores_only(monkeypatch, limit, threads):
    for name in ("CPU_LIMIT", "OMP_NUM_THREADS", "FASHION_MNIST_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if limit is not None:
        monkeypatch.setenv("CPU_LIMIT", limit)
    command = ["sh", ROOT / "binder/start", "sh", "-c", "echo $OMP_NUM_THREADS $FASHION_MNIST_DIR"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split() == [threads, f"{sys.prefix}/share/fashion-mnist"]


# Stands for Python in an environment elsewhere, which has its packages.
STAND_IN = """#!/bin/sh
case "$*" in
    "-m pip "*) ;;
    *sys.prefix*) echo "$ELSEWHERE" ;;
    *) exec "$PYTHON" "$@" ;;
esac
"""


def test_an_image_has_the_notebooks_to_write_in_the_data_and_the_settings(tmp_path, monkeypatch):
    """Its last step runs, where the modules that it calls only leave a trace."""
    for name in ("binder", "tools/setup/jupyterlab"):
        shutil.copytree(ROOT / name, tmp_path / name)
    told = {
        "bin/python": STAND_IN,
        "tools/setup/course_mxnet.py": "",
        "press/__init__.py": "",
        "press/notebooks/to_write.py": "import os\nos.mkdir('write')",
        "utils/__init__.py": "import os\ndef fashion_mnist_arrays(): os.mkdir(os.environ['FASHION_MNIST_DIR'])",
    }
    for name, text in told.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "bin/python").chmod(0o755)
    monkeypatch.delenv("FASHION_MNIST_DIR", raising=False)
    monkeypatch.setenv("ELSEWHERE", str(tmp_path / "environment"))
    monkeypatch.setenv("PYTHON", sys.executable)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:{os.environ['PATH']}")
    subprocess.run(["sh", "binder/postBuild"], cwd=tmp_path, check=True)
    share = tmp_path / "environment/share"
    assert (tmp_path / "write").is_dir() and (share / "fashion-mnist").is_dir()
    assert (share / "jupyter/lab/settings/overrides.json").is_file()  # where JupyterLab looks for them


# --- Platforms --------------------------------------------------------------------------------------------------------


PLATFORMS = {  # where MXNet has a wheel, for Python 3.11 and 3.12
    "x86_64-manylinux_2_28": True,
    "aarch64-manylinux_2_28": False,
    "x86_64-apple-darwin": True,
    "aarch64-apple-darwin": False,
    "windows": False,
}


@pytest.mark.weekly
@pytest.mark.parametrize("pins", ["requirements.txt", "requirements-dev.txt"])
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14", "3.15"])
@pytest.mark.parametrize("platform", PLATFORMS)
def test_wheels_suffice_on_every_platform(pins, python, platform):
    """A dry run of uv from wheels alone for another platform; it only fetches metadata from the package registry."""
    anywhere = ["--dry-run", "--target", "/nowhere", "--no-deps", "--only-binary", ":all:", "--require-hashes"]
    there = ["--python-version", python, "--python-platform", platform]
    done = subprocess.run([find_uv(), "pip", "install", *anywhere, *there, "-r", ROOT / pins], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    mxnet = python in ("3.11", "3.12") and PLATFORMS[platform]
    assert ("mxnet==1.9.1" in done.stderr) is mxnet and ("numpy==1.26.4" in done.stderr) is mxnet
    assert "numpy==" in done.stderr and "jupyterlab==" in done.stderr


# --- Codespaces -------------------------------------------------------------------------------------------------------


@pytest.mark.weekly
@pytest.mark.linux
def test_in_codespaces_the_printed_link_opens_a_working_lab(tmp_path):
    """The port is forwarded, so the browser's Origin is another host, and the Host header may be either one.

    lab.py's own port may be taken on this machine, so another one plays its part.
    """
    port = free_port()
    place = {"CODESPACE_NAME": "able-space-4x7", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN": "app.github.dev"}
    forwarded = f"able-space-4x7-{port}.app.github.dev"
    command = [
        sys.executable,
        "-c",
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); import lab; lab.PORT = {port}; lab.main()",
        "--ServerApp.allow_root=True",
    ]
    log_file = tmp_path / "log"
    with log_file.open("w", encoding="utf-8") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log, env=clean(tmp_path) | place, cwd=tmp_path)
    try:
        printed = rf"https://{forwarded}(/lab\S*\?token=(\w+))"
        link = wait_for(lambda: re.search(printed, log_file.read_text(encoding="utf-8")), server, log_file)
        wait_for(lambda: listens(port), server, log_file)  # the link is printed a moment before
        for host in (forwarded, f"localhost:{port}"):
            session = requests.Session()
            session.trust_env = False  # a proxy can't reach this machine
            headers = {"Host": host, "Origin": f"https://{forwarded}", "Referer": f"https://{forwarded}/lab"}
            page = session.get(f"http://127.0.0.1:{port}{link[1]}", headers=headers)
            assert page.status_code == 200 and "jupyter-config-data" in page.text
            chapter = session.get(
                f"http://127.0.0.1:{port}/api/contents/chapters/00_introduction.ipynb?content=0", headers=headers
            )
            assert chapter.status_code == 200, "lab.py shows the project's folder, wherever it was called"
            headers["X-XSRFToken"] = session.cookies["_xsrf"]
            kernel = session.post(f"http://127.0.0.1:{port}/api/kernels", headers=headers, json={"name": "python3"})
            assert kernel.status_code == 201, kernel.text
            channels = f"ws://127.0.0.1:{port}/api/kernels/{kernel.json()['id']}/channels?token={link[2]}"
            websocket.create_connection(channels, host=host, origin=f"https://{forwarded}").close()
            elsewhere = {**headers, "Origin": "https://elsewhere.example"}
            refused = session.post(f"http://127.0.0.1:{port}/api/kernels", headers=elsewhere, json={"name": "python3"})
            assert refused.status_code in (403, 404)
    finally:
        server.terminate()
        server.wait()
