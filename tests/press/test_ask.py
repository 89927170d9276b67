"""An input of the reader's own, and what the book's function gives for it, without its code."""

import pytest

from press.browser.listings import listing, open_page, press_run, write
from tests.support.sample import WRITE

HEIGHT = 2  # the number of the listing with the function


@pytest.fixture(scope="module")
def page(returning, site):
    context = returning()
    page = open_page(context, site, WRITE)
    page.click("[aria-label='Help with listing 2']")
    page.get_by_text("Ask the book's function").click()
    yield page
    context.close()


def answer(page, given):
    page.fill("[aria-label='The arguments of height']", given)
    page.keyboard.press("Enter")
    said = page.locator(".oracle [role=status]")
    page.wait_for_function("() => !/^(Asking.)?$/.test(document.querySelector('.oracle [role=status]').textContent)")
    return said.inner_text()


def test_the_books_function_answers_and_says_what_is_no_input(page):
    assert answer(page, "2, 0") == "It gives 0.0"
    assert answer(page, "2, math.pi") == "It gives 4.0", "the names of the listings above are known"
    assert answer(page, "2, angle").startswith("This is no input for height. NameError")
    assert answer(page, "2,").startswith("This is no input for height. TypeError")


def test_an_empty_input_is_none_and_an_endless_one_is_stopped(page):
    assert answer(page, " ") == "Write an input first."
    page.fill("[aria-label='The arguments of height']", "sum(1 for _ in iter(int, 1)), 0")
    page.keyboard.press("Enter")
    page.get_by_text("Asking the book's function.").wait_for()
    page.click(".run-bar .stop")
    page.get_by_text("There is no answer: it was stopped, or a listing that it needs has failed.").wait_for()


def test_an_answer_judges_nothing_and_stands_below_a_verdict_too(page):
    assert listing(page, HEIGHT).get_attribute("data-verdict") is None
    write(page, HEIGHT, "def height(length, angle):\n    return 1")
    press_run(page, HEIGHT)
    listing(page, HEIGHT).locator(".verdict[data-kind='not yet']").wait_for()
    assert listing(page, HEIGHT).locator(".oracle").count() == 1 and answer(page, "1, 0") == "It gives 0.0"
    write(page, HEIGHT, "def height(length, angle):\n    return length - length * math.cos(angle)")
    press_run(page, HEIGHT)
    listing(page, HEIGHT).locator(".verdict[data-kind='right']").wait_for()
    assert page.get_by_role("button", name="What would make it fail?").count() == 0, "this page has no refutation"
