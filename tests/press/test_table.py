"""A table to fill in, in a page: what names hold after some lines, compared with the code as it stands."""

import pytest

from press.browser.listings import ended, open_page, output, run
from tests.support.page import module
from tests.support.sample import WRITE

TABLE = 6  # the number of its listing


@pytest.fixture(scope="module")
def page(returning, site):
    context = returning()
    yield open_page(context, site, WRITE)
    context.close()


def fill(page, *answers):
    """Write answers into the table, and press Enter. Returns which of them are said to be right."""
    for field, answer in zip(page.locator(".trace input").all(), answers):
        field.fill(answer)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.traced').dataset.state === 'ran'")
    ended(page)
    return marks(page)


def marks(page):
    return page.locator(".trace input").evaluate_all("(all) => all.map((one) => one.dataset.answer)")


def test_each_place_is_compared_and_kept_like_any_answer(page):
    assert page.locator(".traced pre").first.is_hidden(), "the code is the notebook's"
    assert fill(page, "3", "0.0") == ["wrong", "right"]
    assert output(page, TABLE).startswith("1. Not yet: length after return length")
    assert fill(page, "2") == ["right", "right"]
    kept = module(page, "page/kept.js").evaluate("({ recordOf }) => recordOf({ kind: 'check', about: 'trace speed' })")
    assert (kept["tries"], kept["first"]["right"], kept["last"]["right"]) == (2, False, True)
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.trace [data-answer=right]').length === 2")
    assert [field.input_value() for field in page.locator(".trace input").all()] == ["2", "0.0"]


def test_what_is_right_follows_from_the_listings_as_they_stand(page):
    run(page, 5, "def top_speed(length, angle):\n    length = 7\n    return math.sqrt(height(length, angle))\ntop_speed(1, 1)")
    assert fill(page, "7", "0.0") == ["right", "right"]
