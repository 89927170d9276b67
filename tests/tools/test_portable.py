"""The portable notebooks: their content, their first cell, and each run alone, from an empty folder, in a bare environment."""

import functools
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path

import nbformat
import packaging
import pip
import pytest
from nbclient.exceptions import CellExecutionError

from press.book.contents import pages
from press.notebooks.chapters import CHAPTERS, ROOT, code_cells, imported
from press.notebooks.kernel import execute
from press.site.build import write_wheel
from tests.support import compare
from tests.support.prose import each_chapter, read_pair
from tools.portable import first_cell, portable, with_boxes, write_notebooks
from tools.setup.environment import find_uv
from utils.data import data_folder, fashion_mnist_arrays

SITE = "https://owner.github.io/course/"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return write_wheel(ROOT / "pyproject.toml", tmp_path_factory.mktemp("site") / "wheels")


def prose(notebook):
    return "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


# Their content


def test_the_first_code_cell_brings_what_the_others_need(wheel, tmp_path):
    write_notebooks(tmp_path / "notebooks", None, wheel)
    files = [*tmp_path.rglob("*.ipynb")]
    assert len(files) > len(CHAPTERS)
    assert [path for path in files if code_cells(nbformat.read(path, as_version=4))[0].id != "setup"] == []


made = functools.cache(portable)  # these tests only read it


@each_chapter
def test_code_and_outputs_are_those_of_the_chapter(path, wheel):
    setup, *cells = code_cells(made(path, SITE, wheel))
    assert [(cell.source, cell.outputs) for cell in cells] == [
        (cell.source, cell.outputs) for cell in code_cells(read_pair(path))
    ]
    assert setup.outputs == []


@each_chapter
def test_it_is_a_valid_notebook_without_directives(path, wheel):
    notebook = made(path, SITE, wheel)
    nbformat.validate(notebook)
    assert re.findall(r"^`{3,}\{.*", prose(notebook), re.M) == []


@each_chapter
def test_every_answer_is_folded(path, wheel):
    dropdowns = re.findall(r"^:class: .*dropdown", prose(read_pair(path)), re.M)
    text = prose(made(path, SITE, wheel))
    assert text.count("<details>") == text.count("</details>") == len(dropdowns)


@each_chapter
def test_every_link_points_to_a_page_of_the_site_or_to_another_site(path, wheel):
    there = {SITE, *(f"{SITE}{name}.html" for name in pages())}
    for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(`+).*?\1", "", prose(made(path, SITE, wheel)))):
        address = target.partition("#")[0]
        assert address in there or re.match(r"https?:", address) and not address.startswith(SITE), target
    headings = [re.findall(r"\]\([^)\s#]*(#[^)\s]+)\)", prose(one)) for one in (made(path, SITE, wheel), read_pair(path))]
    assert not Counter(headings[1]) - Counter(headings[0]), "a link loses its heading"


@each_chapter
def test_every_link_to_the_site_becomes_text_where_no_site_is_known(path, wheel):
    targets = re.findall(r"\]\(([^)\s]+)\)", re.sub(r"(`+).*?\1", "", prose(made(path, None, wheel))))
    assert [target for target in targets if not target.startswith("https://") or target.startswith(SITE)] == []


@each_chapter
def test_every_figure_of_the_text_is_embedded(path, wheel):
    figures = re.findall(r"^```\{figure\}|^!\[", prose(read_pair(path)), re.M)
    assert prose(made(path, SITE, wheel)).count('<img src="data:image/svg+xml;base64,') == len(figures)


def test_a_box_within_a_box_stays_nested():
    answer = "```{admonition} Answer\n:class: dropdown\n\n**2.**\n```\n"
    text = f"````{{admonition}} One `x`\n:class: question\n\nAsked\n\n{answer}````\nAfter\n"
    folded = "<details>\n<summary>Answer</summary>\n\n**2.**\n\n</details>"
    assert with_boxes(text, SITE) == f"<blockquote>\n\n**One `x`**\n\nAsked\n\n{folded}\n\n</blockquote>\nAfter\n"


def test_an_unknown_directive_is_refused():
    with pytest.raises(ValueError, match="'tab-set'"):
        with_boxes("```{tab-set}\n```\n", SITE)


# Their first cell


PLAIN, TORCH = (next(path for path in CHAPTERS if ("torch" in imported(path)) is torch) for torch in (False, True))


def run_first_cell(path, wheel, folder, *, before="", after="", python=sys.executable, **variables):
    """The first cell of a chapter, run by Python in `folder` between two other pieces of code."""
    file = folder / "cell.py"
    file.write_text("\n".join([before, first_cell(path, wheel), after]), encoding="utf-8")
    kept = {name: os.environ[name] for name in os.environ if name != "PYTHONPATH"}
    return subprocess.run([python, file], cwd=folder, env=kept | variables, capture_output=True, text=True)


def test_the_helpers_of_the_notebook_come_before_another_utils_beside_it(wheel, tmp_path):
    (tmp_path / "utils.py").write_text("def load(): pass\n", encoding="utf-8")
    after = "import utils; print(utils.__file__, utils.read_results('seeds') is not None, utils.check)"
    done = run_first_cell(PLAIN, wheel, tmp_path, after=after, TMPDIR=str(tmp_path), MLP_ENGINE="own")
    assert re.match(rf"{re.escape(str(tmp_path))}/mlp-from-scratch-\w+/utils/__init__.py True <function", done.stdout), done
    assert not [*tmp_path.glob("mlp-*")], "the helpers stay behind"


def test_another_utils_in_use_is_named(wheel, tmp_path):
    (tmp_path / "utils.py").write_text("", encoding="utf-8")
    done = run_first_cell(PLAIN, wheel, tmp_path, before="import utils")
    assert f"CannotStart: <module 'utils' from '{tmp_path}/utils.py'> is in the way" in done.stderr


def test_without_a_network_one_sentence_says_what_is_missing(wheel, tmp_path):
    """In an environment with nothing in it but pip and packaging, which comes with every Jupyter kernel."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "bare"], check=True)
    packages = next((tmp_path / "bare").glob("lib/python*/site-packages"))
    for package in (packaging, pip):
        (packages / package.__name__).symlink_to(Path(package.__file__).parent)
    nowhere = {"PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_CONFIG_FILE": os.devnull, "PIP_RETRIES": "0", "PIP_FIND_LINKS": ""}
    done = run_first_cell(PLAIN, wheel, tmp_path, python=tmp_path / "bare/bin/python", **nowhere)
    *_, last = done.stderr.splitlines()
    assert re.match(r"(__main__\.)?CannotStart: numpy>=1\.26, .*tqdm can't be installed here\. Connect this computer", last), done


def test_the_first_cell_of_a_chapter_on_pytorch_says_what_it_needs_without_a_traceback(wheel, tmp_path):
    notebook = portable(TORCH, SITE, wheel)
    notebook.cells = notebook.cells[1:2]
    execute(notebook, tmp_path, allow_errors=True)
    (error,) = notebook.cells[0].outputs
    assert error.traceback == [error.evalue] and error.evalue.startswith("This chapter needs PyTorch. ")


# Run alone


@pytest.fixture(scope="module")
def environments(tmp_path_factory):
    """A function from a version of Python to an environment with ipykernel alone, not even pip: (folder of kernels, kernel)."""
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
    if subprocess.run([find_uv(), "venv", "-q", "--python", version, place], capture_output=True).returncode:
        return None
    subprocess.run([find_uv(), "pip", "install", "-q", "--python", place / "bin/python", "ipykernel"], check=True)
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
    execute(notebook, folder, kernel_name=kernel)
    return notebook


def as_text(output):
    return ("error", output.evalue) if output.output_type == "error" else compare.as_shown(output)


RUNS = [
    pytest.param(path, version)
    for version in ("3.11", "3.12", "3.13", "3.14", "3.15")
    for path in CHAPTERS
    if version in ("3.11", "3.15") or path.stem in ("04_model", "06_training")
]


@pytest.mark.weekly  # packages come from the network
@pytest.mark.parametrize("path, version", RUNS, ids=lambda value: getattr(value, "stem", value))
def test_a_chapter_runs_alone(path, version, wheel, environments, tmp_path, monkeypatch):
    environment = environments(version)
    if "torch" in imported(path):
        with pytest.raises(CellExecutionError, match=r"This chapter needs PyTorch\. "):
            run_alone(path, wheel, environment, tmp_path, monkeypatch)
        return
    setup, *cells = code_cells(run_alone(path, wheel, environment, tmp_path, monkeypatch))
    said = "".join(output.get("text", "") for output in setup.outputs)
    assert re.fullmatch(r"(Installing [^\n]*\n)?", said), said
    shown = [[as_text(output) for output in cell.outputs] for cell in cells]
    assert compare.differences(shown, path) == []
    python = environment[0] / version / "bin/python"
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    again = subprocess.run(
        [find_uv(), "pip", "install", "--dry-run", "--python", python, *needed], capture_output=True, text=True
    )
    assert "Would make no changes" in again.stderr, again.stderr
