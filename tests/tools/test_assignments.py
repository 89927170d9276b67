"""The archive for a class: problems without solutions, and a book that builds."""

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat
import pytest
import yaml

from press.notebooks import assignments
from press.notebooks.assignments import without_solutions, write_assignments
from press.notebooks.chapters import CHAPTERS, ROOT, code_cells
from press.notebooks.to_write import write_missing
from tests.support.prose import read_pair, read_source


@pytest.fixture(scope="module")
def course(tmp_path_factory, checkout):
    """The unpacked archive, of what is not committed yet too."""
    folder = tmp_path_factory.mktemp("class")
    stash = "git -c user.name=test -c user.email=test stash create".split()
    changed = subprocess.run(stash, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    write_assignments(folder / "class.zip", changed or "HEAD")
    with zipfile.ZipFile(folder / "class.zip") as archive:
        archive.extractall(folder / "course")
    return folder / "course"


def test_it_has_the_problems_and_no_solutions(course):
    names = {path.relative_to(course).as_posix() for path in course.rglob("*") if path.is_file()}
    assert not [name for name in names if "solutions" in name or name.startswith("tests/")]
    assert not {"utils/results/hyperparameters.json", "tools/experiments/hyperparameters.py"} & names, (
        "these hold the results of the search for the best network"
    )
    needed = "chapters/23_problems.ipynb utils/judges/problems/__init__.py binder/postBuild requirements.txt LICENSE LICENSE-TEXT"
    assert {*needed.split()} <= names


def test_its_readme_offers_the_book_and_no_tests(course):
    """The names of commands that have no tests in them, such as `make test-torch`, which sets up PyTorch, stay."""
    told = (course / "README.md").read_text(encoding="utf-8")
    assert "`tests/`" not in told and not re.search(r"make test(?![-\w])", told)
    assert all(f"make {name}" in told for name in ("book", "site", "lab", "notebooks", "pdf"))


def test_its_notebooks_to_write_in_are_those_of_the_course_and_no_git_ignores_them(course, tmp_path):
    write_missing(tmp_path)
    there = {path.name: code_cells(nbformat.read(path, as_version=4)) for path in (course / "write").iterdir()}
    assert there == {path.name: code_cells(nbformat.read(path, as_version=4)) for path in tmp_path.iterdir()}
    assert "/write/" not in (course / ".gitignore").read_text(encoding="utf-8")


def test_an_unpacked_archive_is_told_that_only_a_checkout_has_what_is_committed(tmp_path, monkeypatch):
    monkeypatch.setattr(assignments, "ROOT", tmp_path)
    with pytest.raises(SystemExit, match=r"^The class's archive holds what git has committed, and .* is no checkout\. Clone"):
        write_assignments(tmp_path / "class.zip")


def test_nothing_leads_to_a_solution_in_text_or_notebook(course):
    files = [course / "_toc.yml", *course.glob("write/*"), *course.glob("chapters/*.*"), *course.glob("reference/*.md")]
    assert len(files) > 40
    assert [path.name for path in files if "_solutions_" in path.read_text(encoding="utf-8")] == []


def test_each_part_of_its_contents_has_a_page(course):
    parts = yaml.safe_load((course / "_toc.yml").read_text(encoding="utf-8"))["parts"]
    assert [part["caption"] for part in parts if not part["chapters"]] == []


def test_each_link_in_it_leads_to_a_file(course):
    for path in [*course.glob("chapters/*.md"), *course.glob("reference/*.md")]:
        prose = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(encoding="utf-8"), flags=re.M | re.S)
        targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", prose)
        assert [target for target in targets if not (path.parent / target).exists()] == [], path.name


def test_text_and_notebook_stay_a_pair_with_its_outputs(course):
    for path in [path for path in CHAPTERS if "solutions" not in path.stem]:
        text, pair = read_source(course / "chapters" / path.name), read_pair(course / "chapters" / path.name)
        assert [cell.source for cell in pair.cells] == [cell.source for cell in text.cells], path.stem
        assert [cell.get("outputs") for cell in pair.cells] == [cell.get("outputs") for cell in read_pair(path).cells]


def test_a_sentence_goes_with_its_link_and_no_other():
    text = "Take [a](10_b.ipynb). With 0.5, see [c](25_solutions_look.ipynb#d) and [e](10_b.ipynb), or not. Go on."
    assert without_solutions(text) == "Take [a](10_b.ipynb). Go on."
    table = "| a | b |\n| [c](25_solutions_look.ipynb) | d |\n| [e](23_problems.ipynb) | f |"
    assert without_solutions(table) == "| a | b |\n| [e](23_problems.ipynb) | f |"
    parts = "| **g** | |\n| [e](23_problems.ipynb) | f |\n| **h** | |\n| [c](25_solutions_look.ipynb) | d |\n\nGo on."
    assert without_solutions(parts) == "| **g** | |\n| [e](23_problems.ipynb) | f |\n\nGo on."


@pytest.mark.weekly  # it takes as long as any book
def test_its_book_builds(course):
    book = [Path(sys.executable).with_name("jupyter-book"), *"build . --all -W -n --keep-going -q".split()]
    done = subprocess.run(
        book, cwd=course, env={**os.environ, "PYTHONPATH": str(course), "PRESS_RUN": "0"}, capture_output=True, text=True
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    contents = (course / "_build/html/index.html").read_text(encoding="utf-8")
    assert "23_problems.html" in contents and not re.search("_solutions_", contents)
