"""What `make test` runs again after an edit, and what it keeps of a run: tests/support/unchanged.py and reads.py."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

from press.notebooks.chapters import ROOT
from tests.support import everything, unchanged

pytestmark = [pytest.mark.named_chapters, pytest.mark.any_prose]

ARRAYS, PRESS = "chapters/12_autograd_arrays.ipynb", unchanged.OF_PRESS
# Files of tests: two of helpers, then of a page on which a chapter was named, on which none was, of all pages, of all prose, and
# one that starts processes and names no chapter.
ENGINE, SLOTS = "tests/engine/test_data.py", "tests/judges/test_slots.py"
NAMING, ELSEWHERE = "tests/page/test_hand_arrays.py", "tests/page/test_demo.py"
PAGES, LISTINGS, PROSE = "tests/page/test_pages.py", "tests/page/test_every_page.py", "tests/chapters/test_prose.py"
STARTS = "tests/tools/test_environment.py"
SOME = {ARRAYS, PRESS, ENGINE, SLOTS, NAMING, ELSEWHERE, PAGES, LISTINGS, PROSE, STARTS}
COURSE, SITE = SOME - {PRESS}, {NAMING, ELSEWHERE, PAGES, LISTINGS, PROSE, STARTS}
TINY, SMALL = "tiny = [parameter(", "small = [parameter("
EDITS = {  # the file, what is in it, what takes its place, and which of these run again
    "a style": ("press/run/run.css", "a", "b", {PRESS, *SITE}),
    "a page of the sample book": ("press/sample/words.md", "weight", "wait", {PRESS, *SITE}),
    "a test of the press": ("tests/press/test_stop.py", "assert", "assert not", {PRESS}),
    "what downloads the page's Python": ("press/site/fetch.py", "import", "import nowhere", {PRESS, *SITE}),
    "a script that executes notebooks": ("press/notebooks/digits.py", "import", "import nowhere", SOME),
    "a script of the page": ("web/hand/boot.js", "const", "let", SITE),
    "a sentence of a chapter": (ARRAYS, " the ", " our ", {PAGES, PROSE}),
    "a sentence in its source": ("chapters/12_autograd_arrays.md", " the ", " our ", {PAGES, PROSE}),
    "a link in a chapter": (ARRAYS, "](", "](nowhere/", {PAGES, PROSE, LISTINGS, NAMING}),
    "the class of a box": ("chapters/12_autograd_arrays.md", ":class: note", ":class: tip", {PAGES, PROSE, LISTINGS, NAMING}),
    "a reader's answers, damaged": ("chapters/my-course.json", "", "{", set()),
    "a page that a test of a judge reads": ("reference/teaching.md", "def", "deaf", SITE),
    "a test": (ENGINE, "assert", "assert not", {ENGINE}),
    "a test that another file imports": (ELSEWHERE, "import", "import nowhere", {ELSEWHERE}),
    "the code of a chapter": (ARRAYS, TINY, SMALL, {ARRAYS, PAGES, PROSE, LISTINGS, NAMING}),
    "the source of that code": ("chapters/12_autograd_arrays.md", TINY, SMALL, {PAGES, PROSE, LISTINGS, NAMING}),
    "a function that readers write": ("chapters/04_model.md", "def mlp(X, params):", "def mlp(x, params):", COURSE - {ARRAYS}),
    "a chapter on PyTorch": ("chapters/14_pytorch.md", "import torch\n", "import torch as t\n", {PAGES, PROSE, LISTINGS}),
    "the first page": ("chapters/00_introduction.md", "](", "](nowhere/", SITE - {STARTS}),
    "a notebook, damaged": (ARRAYS, "{", "<<<<", COURSE),
    "a helper that only the package imports": ("utils/judges/refute.py", "import", "import nowhere", COURSE),
    "the own engine": ("utils/engine/rules.py", "grad", "slope", COURSE),
    "a helper whose name has an umlaut": ("utils/größe.py", "", "1 / 0", COURSE),
    "a reader's network": ("chapters/mynetwork.npz", "", "PK", COURSE),
    "a folder that is new": ("novelty/one.txt", "", "one", SITE),
    "what all tests share": ("conftest.py", "300", "301", SOME),
    "settings of pytest": ("pytest.ini", "", "[pytest]", SOME),
}


@pytest.fixture(scope="module")
def clone(checkout, tmp_path_factory):
    """A copy of the course, with the hashes of everything in it."""
    clone = tmp_path_factory.mktemp("clone") / "course"
    subprocess.run(["git", "clone", "-q", "--shared", ROOT, clone], check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unchanged, "ROOT", clone)
        patch.setattr(unchanged, "KEPT", clone / "_build" / "passed.json")
        yield clone, unchanged.hashes()


@pytest.fixture
def passed(clone):
    """The same, where everything has passed. What is edited in it is undone at the end."""
    course, now = clone
    unchanged.KEPT.parent.mkdir()
    unchanged.KEPT.write_text(json.dumps(now), encoding="utf-8")
    yield course, now
    subprocess.run("git reset -q --hard && git clean -q -fdx", shell=True, cwd=course, check=True)


def ids(names):
    return [f"{name}::test" for name in names]


def edit(file, old, new):
    text = file.read_text(encoding="utf-8") if file.exists() else ""
    assert old in text
    file.parent.mkdir(exist_ok=True)
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def to_run():
    now = unchanged.hashes()
    return {*now} - {*unchanged.unchanged(now)}


@pytest.mark.parametrize("what", EDITS)
def test_what_an_edit_could_break_is_run_again(what, passed):
    course, _ = passed
    name, old, new, again = EDITS[what]
    edit(course / name, old, new)
    assert to_run() & SOME == again


def test_a_file_of_tests_that_imports_another_is_run_again_with_it(passed):
    course, _ = passed
    edit(course / "tests/page/test_demo.py", "import", "import nowhere")
    assert "tests/page/test_photo.py" in to_run()


def test_a_test_that_reads_a_chapter_without_its_name_fails(tmp_path):
    reads = "def test_reads():\n    open(CHAPTERS[14]).close()\n"
    for name, text in {"reads": reads, "names": f"{reads}    # 14_pytorch\n"}.items():
        (tmp_path / f"test_{name}.py").write_text(f"from press.notebooks.chapters import CHAPTERS\n\n\n{text}")
    options = "-p conftest -p tests.conftest -o addopts= -p no:cacheprovider".split()
    command, environment = [sys.executable, "-m", "pytest", *options, tmp_path], {**os.environ, "MLP_ENGINE": "own"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert "It reads 14_pytorch. Write this name into test_reads.py, or mark" in done.stdout, done.stdout
    assert "2 passed, 1 error" in done.stdout


def test_a_chapter_of_another_name_is_run_again(passed):
    course, _ = passed
    for ending in (".md", ".ipynb"):
        (course / "chapters/19_diagnose").with_suffix(ending).rename((course / "chapters/30_diagnose").with_suffix(ending))
    assert to_run() >= {"chapters/30_diagnose.ipynb", "tests/judges/test_problems.py", PAGES}


@pytest.mark.parametrize("damaged", ["{", "[]"])
def test_of_a_damaged_record_nothing_is_known(damaged, passed):
    _, now = passed
    unchanged.KEPT.write_text(damaged, encoding="utf-8")
    assert to_run() == {*now}


@pytest.fixture
def make_test(passed, monkeypatch):
    """A function that does what `make test` does, while `run` takes the place of each of its commands."""
    course, now = passed
    unchanged.KEPT.unlink()
    monkeypatch.setattr(everything, "ROOT", course)
    monkeypatch.setattr(everything, "CHAPTERS", [course / path.relative_to(ROOT) for path in everything.CHAPTERS])
    monkeypatch.setattr(everything, "PASSED", course / "_build" / "passed")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("SITE_BUILT", "")  # which `main` sets for the tests that it starts

    def make_test(run=lambda command: None, failed=()):
        monkeypatch.setattr(everything, "run", lambda command, fine: (run(command), dict.fromkeys(ids(now), 1.0), ids(failed)))
        everything.main("", "")

    return make_test


def test_what_failed_is_run_again_and_all_else_is_left_out(make_test):
    make_test(failed=[ENGINE, ARRAYS])
    assert to_run() == {ENGINE, ARRAYS}
    commands = []
    make_test(commands.append)
    tests = [command for command in commands if "pytest" in command]
    assert {name for name in SOME if all(f"--ignore={name}" in command for command in tests)} == SOME - {ENGINE, ARRAYS}


def test_what_was_edited_while_it_was_tested_is_run_again_although_the_edit_was_undone(make_test, passed):
    course, _ = passed

    def edit_and_undo(command):
        if command == "make site":  # one of those that run at once
            edit(course / ARRAYS, TINY, SMALL)
            edit(course / ARRAYS, SMALL, TINY)

    make_test(edit_and_undo)
    assert to_run() & SOME == COURSE


def test_after_a_run_with_options_of_the_environment_all_is_run(make_test, monkeypatch):
    monkeypatch.setenv("PYTEST_ADDOPTS", "-x")
    make_test()
    assert not unchanged.KEPT.exists()


NOTES = """
from utils.judges.record import note
from utils.judges.verdicts import Verdict

note("problem", "counting", Verdict("right", "yes."))
"""


def test_a_run_of_the_solutions_neither_reads_nor_writes_a_readers_answers(tmp_path):
    notebook, answers = tmp_path / "25_solutions_more.ipynb", tmp_path / "my-course.json"
    cell = nbformat.v4.new_code_cell(NOTES, execution_count=1)  # else nbval compares no output
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), notebook)
    answers.write_text("{", encoding="utf-8")
    options = "-p conftest -o addopts= -p no:cacheprovider --nbval --nbval-current-env".split()
    command, environment = [sys.executable, "-m", "pytest", *options, notebook], {**os.environ, "MLP_ENGINE": "own"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout  # else the cell says that the file is damaged
    assert answers.read_text(encoding="utf-8") == "{"
