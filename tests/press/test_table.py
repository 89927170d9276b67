"""A table to fill in, in a page: what names hold after some lines, compared with the code as it stands."""

import pytest

from press.browser.listings import ended, open_page, output, run, version, write
from tests.support.page import module
from tests.support.sample import WRITE

TABLE = 6  # the number of its listing


@pytest.fixture(scope="module")
def page(returning, site):
    context = returning()
    yield open_page(context, site, WRITE)
    context.close()


def fill(page, *answers):
    """Type answers into the table, and press Enter. Returns which of them are said to be right."""
    for field, answer in zip(page.locator(".trace input").all(), answers):
        field.select_text()
        page.keyboard.press("Delete")
        page.keyboard.type(answer)
    page.keyboard.press("Enter")
    page.wait_for_function("() => document.querySelector('.traced').dataset.state === 'ran'")
    ended(page)
    return marks(page)


def marks(page):
    return page.locator(".trace input").evaluate_all("(all) => all.map((one) => one.dataset.answer)")


def test_each_place_is_compared_and_kept_like_any_answer(page):
    assert page.locator(".traced pre").first.is_hidden(), "the code is the notebook's"
    assert fill(page, "3", "0.0") == ["wrong", "right"]
    assert output(page, TABLE).startswith("1. length after return length"), "what is right is told, not printed"
    assert page.locator(".trace input").first.evaluate("(one) => one.ariaDescription").startswith("length after return length")
    assert fill(page, "2") == ["right", "right"]
    kept = module(page, "page/kept.js").evaluate("({ recordOf }) => recordOf({ kind: 'check', about: 'trace speed' })")
    assert (kept["tries"], kept["first"]["right"], kept["last"]["right"]) == (2, False, True)
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.trace [data-answer=right]').length === 2")
    assert [field.input_value() for field in page.locator(".trace input").all()] == ["2", "0.0"]
    assert "2 of 2 places." in output(page, TABLE) and not is_foreign(page), "what was said stands there again"
    page.locator(".trace input").first.fill("4")
    assert marks(page) == [None, "right"] and is_foreign(page)
    page.locator(".trace input").first.fill("2")


def is_foreign(page):
    return page.locator(".traced").get_attribute("data-foreign") is not None


def test_a_verdict_of_an_earlier_visit_goes_and_comes_back_with_the_listings_above(page):
    page.reload()
    page.wait_for_function("() => document.querySelectorAll('.trace [data-answer=right]').length === 2")
    write(page, 5, "print('another')")
    assert marks(page) == [None, None] and is_foreign(page)
    page.get_by_text("This is what it said before something above was changed.").wait_for()
    version(page, 5).click()
    assert marks(page) == ["right", "right"] and not is_foreign(page)


def test_what_ends_with_an_error_marks_no_answer(page):
    assert fill(page, "2", "1") == ["right", "wrong"]
    run(page, 5, "def top_speed():\n    return 1")
    page.click(f"[aria-label='Run listing {TABLE}']")
    assert ended(page)[0] == "failed" and marks(page) == [None, None]
    version(page, 5).click()


def test_what_is_right_follows_from_the_listings_as_they_stand(page):
    run(page, 5, "def top_speed(length, angle):\n    length = 7\n    return math.sqrt(height(length, angle))\ntop_speed(1, 1)")
    assert fill(page, "7", "0.0") == ["right", "right"]
    assert fill(page, "7", 'a "root" of \\ 0') == ["right", "wrong"], "any sign can be answered"


def test_the_verdict_goes_into_the_file_of_my_course_with_that_of_each_place(page):
    fill(page, "98", "99")
    said = """import(new URL('../page/course.js', location)).then(({ fileOf, read }) => read(fileOf()).kept
        .filter(({ kind, value }) => kind === 'verdict' && value.places)
        .map(({ value }) => value.places.map(({ kind }) => kind)))"""
    assert page.evaluate(said) == [["not yet", "not yet"]]


def test_an_edit_that_is_python_and_no_json_leaves_the_page_alive(page):
    fill(page, "98", "99")
    module(page, "page/kept.js").evaluate(
        """({ all, set }) => {
            const [thing] = all("edit").find(([{ about }]) => about.includes("trace("));
            set(thing, thing.about.replace("...", '"\\\\q"'));
        }"""
    )
    page.reload()
    write(page, 1, "x = 1")
