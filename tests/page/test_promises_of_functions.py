"""What a page promises of functions to write and to refute, in a chapter that has both (tests/support/promises.py)."""

import pytest

from press.browser.listings import number_of, run, write, written
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of, state

pytestmark = pytest.mark.any_prose

PAGE = "chapters/03_activation.html"
FUNCTIONS = []


@state(FUNCTIONS, PAGE, ".refute + .cell", ".refute + .cell", python=True)
def a_function_refuted(page):
    number = number_of(page, "refute(")
    write(page, number, written(page, number).replace("3]", "7]", 1))
    run(page, number)
    page.keyboard.press("Escape")


@state(FUNCTIONS, PAGE, "#write-relu", python=True, pushes=True, alone=True)
def other_ways_to_write_a_function(page):
    run(page, number_of(page, "def relu(X)"), "def relu(X):\n    return nd.maximum(X, 0)")
    page.locator("#write-relu").get_by_text("Other ways to write it").click()
    page.locator("#write-relu .ways pre").first.wait_for()
    page.keyboard.press("Escape")


pytest_generate_tests = asked_of(FUNCTIONS)
