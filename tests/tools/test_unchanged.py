"""What `make test` runs again after an edit, and what it keeps of a run: tests/support/unchanged.py."""

import json
import os
import subprocess
import sys

import nbformat
import pytest

from press.notebooks.chapters import ROOT
from tests.support import everything, unchanged

MODEL, ROOMS, PRESS = "chapters/04_model.ipynb", {*unchanged.OF_COURSE}, {unchanged.OF_PRESS}
ALL, COURSE = "all notebooks and rooms", "all but the room of the press"
BATCH, OTHER_BATCH = "batch_size = 256", "batch_size = 128"
EDITS = {  # the file, what is in it, what takes its place, and what runs again
    "a style": ("press/run/run.css", "a", "b", PRESS),
    "a page of the sample book": ("press/sample/words.md", "weight", "wait", PRESS),
    "a test of the press": ("tests/press/test_stop.py", "assert", "assert not", PRESS),
    "what downloads the page's Python": ("press/site/fetch.py", "import", "import nowhere", PRESS),
    "a script that executes notebooks": ("press/notebooks/digits.py", "import", "import nowhere", ALL),
    "a script of the page": ("web/hand/boot.js", "const", "let", set()),
    "a link in a chapter": (MODEL, "](", "](nowhere/", set()),
    "a reader's answers, damaged": ("chapters/my-course.json", "", "{", set()),
    "a page that tests read": ("reference/teaching.md", "def", "deaf", ROOMS),
    "a test": ("tests/engine/test_data.py", "assert", "assert not", ROOMS),
    "the code of a chapter": (MODEL, BATCH, OTHER_BATCH, {MODEL, *ROOMS}),
    "the source of that code": ("chapters/04_model.md", BATCH, OTHER_BATCH, ROOMS),
    "a chapter on PyTorch": ("chapters/14_pytorch.md", "import torch\n", "import torch as t\n", ROOMS),
    "a notebook, damaged": (MODEL, "{", "<<<<", {MODEL, *ROOMS}),
    "a helper that only the package imports": ("utils/judges/refute.py", "import", "import nowhere", COURSE),
    "the own engine": ("utils/engine/rules.py", "grad", "slope", COURSE),
    "a helper whose name has an umlaut": ("utils/größe.py", "", "1 / 0", COURSE),
    "a reader's network": ("chapters/mynetwork.npz", "", "PK", COURSE),
    "what all tests share": ("conftest.py", "300", "301", ALL),
    "settings of pytest": ("pytest.ini", "", "[pytest]", ALL),
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
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def to_run():
    now = unchanged.hashes()
    return {*now} - {*unchanged.unchanged(now)}


@pytest.mark.parametrize("what", EDITS)
def test_what_an_edit_could_break_is_run_again(what, passed):
    course, now = passed
    name, old, new, again = EDITS[what]
    edit(course / name, old, new)
    expected = {*now} if again == ALL else {*now} - PRESS if again == COURSE else again
    assert to_run() == expected


def test_a_chapter_of_another_name_is_run_again(passed):
    course, _ = passed
    for ending in (".md", ".ipynb"):
        (course / "chapters/19_diagnose").with_suffix(ending).rename((course / "chapters/30_diagnose").with_suffix(ending))
    assert to_run() == {"chapters/30_diagnose.ipynb", *ROOMS}


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
    monkeypatch.setattr(everything, "PASSED", course / "_build" / "passed")
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    monkeypatch.setenv("SITE_BUILT", "")  # which `main` sets for the tests that it starts

    def make_test(run=lambda command: None, failed=()):
        monkeypatch.setattr(everything, "run", lambda command: (run(command), dict.fromkeys(ids(now), 1.0), ids(failed)))
        everything.main("", "")

    return make_test


def test_what_failed_is_run_again_and_all_else_is_left_out(make_test):
    make_test(failed=["tests/engine", MODEL])
    assert to_run() == {"tests/engine", MODEL}
    commands = []
    make_test(commands.append)
    tests = [command for command in commands if "pytest" in command]
    left_out = {name for name in (*unchanged.ROOMS, MODEL) if all(f"--ignore={name}" in command for command in tests)}
    assert left_out == {"tests/judges", "tests/press"}


def test_what_was_edited_while_it_was_tested_is_run_again_although_the_edit_was_undone(make_test, passed):
    course, _ = passed

    def edit_and_undo(command):
        if command == "make site":  # one of those that run at once
            edit(course / MODEL, BATCH, OTHER_BATCH)
            edit(course / MODEL, OTHER_BATCH, BATCH)

    make_test(edit_and_undo)
    assert to_run() == {MODEL, *ROOMS}


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
