"""The portable notebooks: their content, and each run alone, from an empty folder, in a bare environment."""

import json
import os
import re
import shutil
import subprocess

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from tests.support import compare
from tests.support.prose import each_chapter
from tools.browser.server import serve
from tools.notebooks.chapters import CHAPTERS, ROOT, code_cells, needs_torch, read_pair
from tools.site.build import write_wheel
from tools.site.contents import pages
from tools.site.portable import portable, with_boxes
from utils.data import data_folder, fashion_mnist_arrays

SITE = "https://owner.github.io/course/"
UV = shutil.which(os.environ.get("UV", "uv")) or ROOT / ".tools/bin/uv"


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# Their content


@each_chapter
def test_code_and_outputs_are_those_of_the_chapter(path):
    setup, *cells = code_cells(portable(path, SITE, "wheel"))
    assert [(cell.source, cell.outputs) for cell in cells] == [
        (cell.source, cell.outputs) for cell in code_cells(read_pair(path))
    ]
    assert setup.outputs == []


@each_chapter
def test_it_is_a_valid_notebook_without_directives(path):
    notebook = portable(path, SITE, "wheel")
    nbformat.validate(notebook)
    assert re.findall(r"^`{3,}\{.*", prose(notebook), re.M) == []


@each_chapter
def test_every_answer_is_folded(path):
    dropdowns = re.findall(r"^:class: .*dropdown", prose(read_pair(path)), re.M)
    text = prose(portable(path, SITE, "wheel"))
    assert text.count("<details>") == text.count("</details>") == len(dropdowns)


@each_chapter
def test_every_link_points_to_a_page_of_the_site_or_to_another_site(path):
    there = {SITE, *(f"{SITE}{name}.html" for name in pages())}
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(`+).*?\1", "", prose(portable(path, SITE, "wheel")))):
        address = target.partition("#")[0]
        assert address in there or re.match(r"https?:", address) and not address.startswith(SITE), target


@each_chapter
def test_every_figure_of_the_text_is_embedded(path):
    figures = re.findall(r"^```\{figure\}", prose(read_pair(path)), re.M)
    assert prose(portable(path, SITE, "wheel")).count('<img src="data:image/svg+xml;base64,') == len(figures)


def test_a_box_within_a_box_stays_nested():
    answer = "```{admonition} Answer\n:class: dropdown\n\n**2.**\n```\n"
    text = f"````{{admonition}} One `x`\n:class: question\n\nAsked\n\n{answer}````\nAfter\n"
    folded = "<details>\n<summary>Answer</summary>\n\n**2.**\n\n</details>"
    assert with_boxes(text, SITE) == f"<blockquote>\n\n**One `x`**\n\nAsked\n\n{folded}\n\n</blockquote>\nAfter\n"


def test_an_unknown_directive_is_refused():
    with pytest.raises(ValueError, match="'tab-set'"):
        with_boxes("```{tab-set}\n```\n", SITE)


# Run alone


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The address of the wheel of utils on a local server."""
    folder = tmp_path_factory.mktemp("site")
    name = write_wheel(folder / "wheels").name
    with serve(folder) as address:
        yield f"{address}wheels/{name}"


@pytest.fixture(scope="module")
def environments(tmp_path_factory):
    """A function from a version of Python to a bare environment and its kernel: NumPy, Matplotlib and ipykernel, no pip."""
    folder, made = tmp_path_factory.mktemp("environments"), {}

    def environment(version):
        if version not in made:
            made[version] = make_environment(folder, version)
        if made[version] is None:
            pytest.skip(f"Python {version} is not available here")
        return made[version]

    return environment


def make_environment(folder, version):
    place = folder / version
    if subprocess.run([UV, "venv", "-q", "--python", version, place], capture_output=True).returncode:
        return None
    command = [UV, "pip", "install", "-q", "--python", place / "bin/python", "numpy>=2", "matplotlib", "ipykernel"]
    subprocess.run(command, check=True)
    kernel = folder / "kernels" / f"bare-{version}" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    argv = [str(place / "bin/python"), "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    kernel.write_text(json.dumps({"argv": argv, "display_name": version, "language": "python"}), encoding="utf-8")
    return folder, kernel.parent.name


def run_alone(path, wheel, environment, folder, monkeypatch):
    """The chapter's portable notebook after a run in an empty folder, with nothing of this checkout on Python's path."""
    jupyter_path, kernel = environment
    fashion_mnist_arrays()
    for name in ("PYTHONPATH", "MLP_ENGINE", "VIRTUAL_ENV"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FASHION_MNIST_DIR", str(data_folder(None)))
    monkeypatch.setenv("JUPYTER_PATH", str(jupyter_path))
    monkeypatch.setenv("HOME", str(folder))
    notebook = portable(path, SITE, wheel)
    for cell in code_cells(notebook):
        cell.outputs = []
    resources = {"metadata": {"path": str(folder)}}
    NotebookClient(notebook, timeout=600, kernel_name=kernel, coalesce_streams=True, resources=resources).execute()
    return notebook


def as_text(output):
    return ("error", output.evalue) if output.output_type == "error" else compare.as_shown(output)


VERSIONS = ["3.11", "3.12", "3.13", "3.14", "3.15"]
DAILY = ("01_fashion_mnist", "3.11")
RUNS = [
    pytest.param(path, version, marks=[] if (path.stem, version) == DAILY else pytest.mark.weekly)
    for version in VERSIONS
    for path in CHAPTERS
    if version in ("3.11", "3.15") or path.stem in ("04_model", "06_training")
]


@pytest.mark.parametrize("path, version", RUNS, ids=lambda value: getattr(value, "stem", value))
def test_a_chapter_runs_alone(path, version, wheel, environments, tmp_path, monkeypatch):
    environment = environments(version)
    if needs_torch(path):
        with pytest.raises(CellExecutionError, match=r"\nThis chapter needs PyTorch\. .*\n"):
            run_alone(path, wheel, environment, tmp_path, monkeypatch)
        return
    setup, *cells = code_cells(run_alone(path, wheel, environment, tmp_path, monkeypatch))
    said = "".join(output.get("text", "") for output in setup.outputs)
    assert re.fullmatch(rf"(Installing the helpers of this course from {SITE}\n)?", said), said
    shown = [[as_text(output) for output in cell.outputs] for cell in cells]
    assert compare.differences(shown, path) == []
