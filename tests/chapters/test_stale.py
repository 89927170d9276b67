"""Which notebooks an edit of a helper makes stale: those whose outputs may change, and no others."""

import functools
import re
import shutil

import pytest

from press.notebooks import fingerprint
from press.notebooks import refresh as notebooks
from press.notebooks.chapters import CHAPTERS, ROOT
from tests.support.prose import read_source

pytestmark = pytest.mark.any_prose


@functools.cache
def codes():
    """The code of each chapter, by name."""
    return {path.stem: notebooks.code(read_source(path)) for path in CHAPTERS}


def with_code(pattern):
    """A function that gives the chapters in whose code a regular expression is found."""
    return lambda: {name for name, text in codes().items() if re.search(pattern, text, re.M)}


def only(*names):
    return lambda: {*names}


ALL, CATCHING, WITH_DATA = with_code(""), with_code(r"^ *except\b"), with_code(r"\bload_data_fashion_mnist\(")
ASKING, WITH_PROBLEMS = with_code(r"\b(check(_problem)?|refute|trace)\("), with_code(r"\bcheck_problem\(")
NEW_QUESTION = 'QUESTIONS = {\n    "one more": (1, "it is.", {}, "count."),\n'
LATE = "{name} did not arrive within {SECONDS_PER_FILE} s", "{name} took longer than {SECONDS_PER_FILE:.0f} s"
# An edit of a module of utils, old and new: what gives the chapters that it makes stale for certain, and those that it may.
EDITS = {
    ("judges/questions.py", "that is the loss of A.", "that is the loss of the first."): (only("05_loss"), only("05_loss")),
    ("judges/questions.py", "QUESTIONS = {\n", NEW_QUESTION): (only(), only()),
    ("judges/verdicts.py", '"Not yet"', '"No"'): (ASKING, ASKING),
    ("judges/given.py", "should be made of numbers below", "must be made of numbers below"): (WITH_PROBLEMS, ALL),
    # Checks of arguments, and the words of errors, matter only where they may be shown.
    ("arguments.py", "must be a positive integer", "has to be a positive integer"): (only(), CATCHING),
    ("training.py", "arguments.loss(loss)", "arguments.function('loss', loss, 'mlp', 2)"): (only(), CATCHING),
    ("fetch.py", *LATE): (only(), CATCHING),
    ("judges/questions.py", "is not a question: choose from", "names no question: choose from"): (only(), CATCHING),
    ("arguments.py", "has no gradient: call", "is without gradient: call"): (only(), CATCHING),
    ("training.py", '    arguments.gradients("params", params)\n', ""): (only(), CATCHING),
    # When an error is raised, and of which type, matters wherever it may be.
    ("fetch.py", "> deadline", ">= deadline"): (WITH_DATA, ALL),
    ("fetch.py", 'OSError(f"{name} is longer', 'ValueError(f"{name} is longer'): (WITH_DATA, ALL),
    ("training.py", "correct, n = 0, 0", "n, correct = 0, 0"): (
        with_code(r"\b(evaluate_accuracy|train_ch3)\("),
        lambda: ALL() - {"20_grow"},
    ),
}


@pytest.fixture(scope="module")
def before():
    return {name: fingerprint.fingerprint(text) for name, text in codes().items()}


@pytest.mark.parametrize("change", EDITS)
def test_an_edit_concerns_the_chapters_whose_outputs_may_change_and_no_other(change, before, tmp_path, monkeypatch):
    shutil.copytree(ROOT / "utils", tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("requirements.txt", "_config.yml"):
        shutil.copy(ROOT / name, tmp_path)
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)
    module, old, new = change
    file = tmp_path / "utils" / module
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
    stale = {name for name, text in codes().items() if fingerprint.fingerprint(text) != before[name]}
    certain, possible = EDITS[change]
    assert certain() <= stale <= possible()
