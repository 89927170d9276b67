"""Functions that a reader writes in a page of the sample book: whose the listings run with, and what is said of them."""

import re

import pytest
from playwright.sync_api import expect

from press.browser.listings import EDITOR, ended, hold, open_page, output, row, run, write
from tests.support.page import module
from tests.support.page_slots import anew, forget_functions, judged, open_alone
from tests.support.sample import WRITE

NUMBER, READ = 2, 4  # the listings with the functions to write and to read
SLOT = "#write-height"
COUNT = ".contents a[aria-current] span"  # how many functions of the page are the reader's
HEIGHT = "def height(length, angle):\n    return length * (1 - math.cos(angle))"
WRONG = "def height(length, angle):\n    return length"
MINE = f"{HEIGHT}  # mine"


@pytest.fixture(scope="module")
def reader(returning):
    context = returning()
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(reader, site):
    return open_alone(reader, site, WRITE)


@pytest.fixture
def page(opened):
    yield anew(opened)
    forget_functions(opened)


def test_a_function_that_is_to_read_is_written_by_who_wants_to(page, reader, site):
    slot = page.locator("#write-top-speed")
    write_it, mine = slot.get_by_role("button", name="yourself"), slot.locator(".mine")
    assert slot.locator(".book").is_visible() and not mine.is_visible()
    assert not slot.get_by_role("button", name="Help").is_visible()
    run(page, READ)
    assert slot.locator(".verdict").inner_text() == "", "who reads is not asked to write"
    write_it.click()
    expect(slot.locator(EDITOR)).to_be_focused()
    assert not slot.locator(".book").is_visible() and not write_it.is_visible()
    run(page, READ, "def top_speed(length, amplitude):\n    return 1")
    assert judged(page, "top-speed")[0] == "not yet"
    there = open_page(reader, site, WRITE)
    later = there.locator("#write-top-speed")
    later.locator(".verdict").get_by_text("When this was judged last").wait_for()
    assert later.locator(".mine").is_visible() and not later.locator(".book").is_visible(), "what was begun stays open"
    there.close()


def test_the_listings_run_with_the_books_function_until_the_readers_is_right(page):
    whose = "import inspect\nprint('mine' in inspect.getsource(height))"
    assert run(page, NUMBER + 1, whose)[2] == "False"  # it uses height, which nobody has written
    run(page, NUMBER, MINE)
    assert judged(page, "height")[0] == "right" and page.locator(COUNT).text_content() == "1/2"
    run(page, NUMBER + 1)
    assert output(page, NUMBER + 1) == "True"
    run(page, NUMBER, WRONG)
    assert judged(page, "height")[0] == "not yet"
    run(page, NUMBER, MINE)
    assert judged(page, "height")[0] == "right", "the same right text is right again after a wrong one"
    write(page, NUMBER, f"{MINE} * 1")
    assert "old" in page.locator(f"{SLOT} .verdict").get_attribute("class").split(), "the verdict on another text fades"


def test_what_was_said_last_comes_back_with_its_text(page, reader, site):
    run(page, NUMBER, WRONG)
    kind, said = judged(page, "height")
    later = open_page(reader, site, WRITE)
    later.locator(f"{SLOT} .verdict").get_by_text("When this was judged last").wait_for()
    assert kind == "not yet" and judged(later, "height") == (kind, f"When this was judged last: {said}")
    write(later, NUMBER, f"{WRONG}  # changed")
    later.reload()
    later.locator(SLOT, has_text="# changed").wait_for()
    assert later.locator(f"{SLOT} .verdict").text_content() == ""
    later.close()


def test_a_verdict_fades_below_a_text_that_was_not_judged_which_can_be_queued(page):
    def judge_held(code, later, then=lambda: None):
        """Judge some code, and write other code meanwhile."""
        write(page, NUMBER, code)
        release = hold(page, "judge")
        page.keyboard.press("Shift+Enter")
        page.get_by_text("Judging your height").wait_for()
        page.fill(EDITOR, later)
        then()
        release()
        assert ended(page)[0] == "done" and judged(page, "height")[0] == "right"
        return module(page, "page/kept.js").evaluate("({ get }) => get({ kind: 'function', about: 'height' })")

    assert judge_held(HEIGHT, f"{HEIGHT}  # later") == HEIGHT
    expect(page.locator(f"{SLOT} .verdict")).to_have_class(re.compile(r"\bold\b"))
    assert row(page, NUMBER).endswith("your last right · changed since it ran")
    queued = judge_held(f"{HEIGHT}  # now", f"{HEIGHT}  # later", lambda: page.keyboard.press("Shift+Enter"))
    assert queued == f"{HEIGHT}  # later"
