"""Which notebooks an edit of the real helpers makes stale."""

import re
import shutil

import pytest

from tests.support.prose import read_source
from tools.notebooks import fingerprint
from tools.notebooks.chapters import CHAPTERS, ROOT
from tools.notebooks.refresh import code

CODE = {path.stem: code(read_source(path)) for path in CHAPTERS}


@pytest.fixture(scope="module")
def before():
    return {name: fingerprint.fingerprint(CODE[name]) for name in CODE}


@pytest.fixture
def stale_after(before, tmp_path, monkeypatch):
    """A function that edits a module in a copy of utils and returns the names of the chapters that must be run again."""
    shutil.copytree(ROOT / "utils", tmp_path / "utils", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "requirements.txt", tmp_path)
    monkeypatch.setattr(fingerprint, "ROOT", tmp_path)

    def edited(module, old, new):
        file = tmp_path / "utils" / module
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")
        return {name for name in CODE if fingerprint.fingerprint(CODE[name]) != before[name]}

    return edited


def test_a_hint_concerns_the_chapter_that_asks(stale_after):
    assert stale_after("judges/questions.py", "that is the surprise in bits", "that is in bits") == {"05_loss"}


def test_a_new_question_concerns_no_other_chapter(stale_after):
    new = 'QUESTIONS = {\n    "one more": (1, "it is.", {}, "count."),\n'
    assert stale_after("judges/questions.py", "QUESTIONS = {\n", new) == set()


def test_how_answers_are_judged_concerns_all_that_ask(stale_after):
    asking = {name for name in CODE if re.search(r"\bcheck(_problem)?\(", CODE[name])}
    assert asking and stale_after("judges/verdicts.py", '"Not yet"', '"No"') == asking


CATCHING = {name for name in CODE if re.search(r"^ *except\b", CODE[name], re.M)}


@pytest.mark.parametrize(
    "module, old, new",
    [
        ("arguments.py", "must be a positive integer", "has to be a positive integer"),
        ("training.py", "arguments.loss(loss)", "arguments.function('loss', loss, 'softmax_cross_entropy', 2)"),
        ("fetch.py", "{name} did not arrive within {SECONDS_PER_FILE} s", "{name} took longer than {SECONDS_PER_FILE:.0f} s"),
        ("fetch.py", "could not be found or downloaded", "was nowhere to be found"),
        ("judges/questions.py", "is not a question: choose from", "names no question: choose from"),
        ("files.py", "files missing or damaged", "files damaged or missing"),
    ],
)
def test_checks_and_the_words_of_errors_concern_only_chapters_that_may_show_them(stale_after, module, old, new):
    assert stale_after(module, old, new) <= CATCHING


def test_the_words_of_an_error_concern_a_chapter_that_shows_it(stale_after):
    assert "06_training" in stale_after("arguments.py", "has no gradient: call", "is without gradient: call")
    assert "06_training" in stale_after("training.py", '    arguments.gradients("params", params)\n', "")


@pytest.mark.parametrize(
    "old, new", [("> deadline", ">= deadline"), ('OSError(f"{name} is longer', 'ValueError(f"{name} is longer')]
)
def test_when_an_error_is_raised_and_of_which_type_concerns_all_that_may_meet_it(stale_after, old, new):
    assert len(stale_after("fetch.py", old, new)) > 20


def test_the_words_of_a_verdict_concern_all_chapters_with_problems(stale_after):
    asking = {name for name in CODE if "check_problem(" in CODE[name]}
    assert asking and asking <= stale_after("judges/given.py", "should be made of numbers below", "must be made of numbers below")


def test_a_helper_concerns_the_chapters_that_use_it(stale_after):
    using = {name for name in CODE if re.search(r"\b(evaluate_accuracy|train_ch3)\(", CODE[name])}
    without_training = {"09_autograd", "11_backpropagation", "18_grow"}
    stale = stale_after("training.py", "correct, n = 0, 0", "n, correct = 0, 0")
    assert using <= stale and not stale & without_training
