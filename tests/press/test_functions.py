"""Functions that a reader writes in a page of the sample book: whose the listings run with, and what is said of them."""

import re

import pytest
from playwright.sync_api import expect

from press.browser.listings import (
    EDITOR,
    ended,
    hold,
    open_page,
    output,
    press_run,
    row,
    run,
    sentence,
    start_over,
    states,
    version,
    write,
)
from tests.support.page import module
from tests.support.page_slots import anew, forget_functions, judged, keep, open_alone
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


def test_without_scripts_and_on_paper_the_books_function_is_there_until_the_reader_has_written_one(browser, site, page):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site}{WRITE}.html")
    for there, media, shown, hidden in (
        (plain, "screen", "book", "mine"),
        (page, "screen", "mine", "book"),
        (page, "print", "book", "mine"),
    ):
        there.emulate_media(media=media)
        assert there.locator(f"{SLOT} .{shown}").is_visible() and not there.locator(f"{SLOT} .{hidden}").is_visible()
    page.emulate_media(media="screen")
    run(page, NUMBER, WRONG)
    page.locator(SLOT).get_by_role("button", name="Help").click()
    page.click("[aria-label='Edit listing 1']")
    page.locator(EDITOR).wait_for()
    page.emulate_media(media="print")
    assert not page.locator(SLOT).get_by_role("button", name="Put its lines in order").is_visible()
    sizes = [page.locator(one).first.evaluate("(one) => getComputedStyle(one).fontSize") for one in (EDITOR, f"{SLOT} .mine pre")]
    assert sizes[0] == sizes[1]
    page.keyboard.press("Escape")
    assert page.locator(f"{SLOT} .verdict").is_visible() and not page.locator(f"{SLOT} .book").is_visible()
    expect(page.locator(f"{SLOT} .mine")).to_have_text(WRONG, use_inner_text=True)
    page.emulate_media(media="screen")
    page.locator(SLOT).get_by_role("button", name="Help").click()
    context.close()


def test_a_verdict_is_announced_once_and_comes_into_view(page):
    """Announced by the region that a screen reader speaks of when it changes."""
    announce = """() => { window.announced = []; new MutationObserver((changes) => {
        const regions = changes.map(({ target }) => (target.closest ?? target.parentElement.closest).call(
            target.closest ? target : target.parentElement, "[role=status]"));
        announced.push(...[...new Set(regions)].filter(Boolean).map((region) => region.textContent));
    }).observe(document, { subtree: true, childList: true, characterData: true }); }"""
    page.set_viewport_size({"width": 1280, "height": 300})
    write(page, NUMBER, WRONG + "\n" * 20)
    page.evaluate(announce)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f"{SLOT} .verdict[data-kind='not yet']")).to_be_in_viewport(ratio=1)
    ended(page)
    assert len([text for text in page.evaluate("announced") if "it gives 1, where" in text]) == 1
    page.set_viewport_size({"width": 1280, "height": 720})
    kind, said = judged(page, "height")
    assert kind == "not yet" and "it gives 1, where" in said and "the book's height" in said


@pytest.mark.parametrize("which", ["its own", "all"])
def test_a_function_is_not_judged_without_a_listing_that_it_needs_and_that_was_stopped(page, which):
    if page.locator(".run-bar").get_by_text("Start over").count():
        start_over(page)
    write(page, NUMBER, f"{HEIGHT}  # {which}")
    release = hold(page, "run")
    page.locator(".run-all").click() if which == "all" else press_run(page, NUMBER)
    page.click("[aria-label='Stop listing 1']")
    release()
    ended(page)
    assert page.locator(f"{SLOT} .verdict:not(.old)").count() == 0
    assert run(page, NUMBER)[0] == "done" and judged(page, "height")[0] == "right"


def test_what_it_prints_while_it_is_judged_is_shown(page):
    run(page, NUMBER, "print('outside')\ndef height(length, angle):\n    print('inside', length)\n    return 5")
    assert page.locator(f"{SLOT} .verdict .printed").inner_text().splitlines() == ["outside", "inside 1"]


def test_stop_ends_a_judge(page):
    run(page, NUMBER)
    assert "Not written yet" in judged(page, "height")[1]
    write(page, NUMBER, "def height(length, angle):\n    while True: pass")
    page.evaluate("{ const plain = window.plain = setTimeout; window.setTimeout = (f, ms) => plain(f, ms > 9999 ? 9 : ms); }")
    try:
        press_run(page, NUMBER)
        page.get_by_text("Your height has been judged for 10 seconds and is not done. Stop ends it.").wait_for()
    finally:
        page.evaluate("window.setTimeout = window.plain")
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped" and judged(page, "height")[1].startswith("No verdict: the judge was stopped.")
    assert row(page, NUMBER).endswith("yours to write · changed since it ran")
    write(page, NUMBER + 1, "while True: pass")
    page.evaluate("{ const { now } = performance; performance.now = () => now.call(performance) + 60_000; }")  # a minute later
    try:
        press_run(page, NUMBER + 1)
        page.locator(f".cell[data-state=running] [aria-label='Stop listing {NUMBER + 1}']").click()
        assert ended(page)[1] == sentence(page, "stopped", {"number": NUMBER + 1}), "the first Stop is over"
    finally:
        page.evaluate("delete performance.now")


def test_the_last_right_one_prints_on_below_a_draft_and_either_can_be_had_back_with_its_verdict(page, reader, site):
    slot = page.locator(SLOT)
    mine, verdict = slot.locator(".mine"), slot.locator(".verdict")
    own, draft = f"{HEIGHT}\nprint('mine')", f"{WRONG}  # a draft"
    right, wrong = re.compile(r"^\d\d:\d\d right\b"), re.compile(r"^\d\d:\d\d (?!right)")
    of_another = f"getComputedStyle(document.querySelector('{SLOT} > .cell_output'), '::before').content"
    assert run(page, NUMBER, own)[2] == "mine" and page.evaluate(of_another) == "none"
    assert slot.locator(".printed").count() == 0, "it prints once"
    assert judged(page, "height")[0] == "right"
    expect(version(page, NUMBER, right)).to_have_attribute("aria-pressed", "true")
    assert run(page, NUMBER, draft)[2] == "mine" and "the listings go on with" in page.evaluate(of_another)
    assert row(page, NUMBER).startswith(f"Listing {NUMBER} · your last right · ran")
    expect(slot).to_have_attribute("data-foreign", "")
    write(page, NUMBER, f"{draft} that goes on")
    expect(verdict).to_have_class(re.compile(r"\bold\b"))
    version(page, NUMBER, right).click()
    assert mine.inner_text().strip() == own and judged(page, "height")[0] == "right"
    version(page, NUMBER, wrong).click()
    assert mine.inner_text().strip() == draft and "judged last: Not yet: " in judged(page, "height")[1]
    expect(version(page, NUMBER, right)).to_have_attribute("title", right)
    version(page, NUMBER, "Empty").click()
    expect(verdict).to_be_hidden()  # it is of another text
    later = open_page(reader, site, WRITE)
    later.locator(SLOT).get_by_text("height is yours").wait_for()
    for name, text in ((wrong, draft), (right, own)):
        version(later, NUMBER, name).click()
        assert later.locator(SLOT).locator(".mine").inner_text().strip() == text
    later.close()
    run(page, NUMBER, f"{own}  # another")
    assert version(page, NUMBER, right).count() == 2, "one that was right before is a draft"
    version(page, NUMBER, right).last.click()
    assert mine.inner_text().strip() == own and "judged last: Right" in judged(page, "height")[1]


def test_what_is_right_in_one_tab_is_the_readers_in_another_too(page, reader, site):
    run(page, NUMBER + 1, "print(height)")
    there = open_page(reader, site, WRITE)
    page.evaluate("window.hears = true")
    write(there, NUMBER, MINE)
    keep(there, "height", MINE)
    expect(page.locator(f"{SLOT} .run-state")).to_have_text(f"Listing {NUMBER} · yours · changed since it ran")
    page.evaluate("window.hears = false")
    assert states(page, NUMBER + 1) == ["old"]
    there.close()
