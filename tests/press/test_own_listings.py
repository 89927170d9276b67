"""Listings that a reader adds to a page: they run among the book's, stay where they were put, and none is lost."""

import json

import pytest
from playwright.sync_api import expect

from press.browser.chromium import settle
from press.browser.listings import EDITOR, ended, open_page, press_run, write
from tests.support.page import forget, module
from tests.support.sample import SWING

ADDED = ".cell.added"
NUMBERS = f"[...document.querySelectorAll('{ADDED}')].map(({{ dataset }}) => dataset.number)"


@pytest.fixture(scope="module")
def opened(returning, site):
    context = returning(accept_downloads=True)
    page = open_page(context, site, SWING)
    press_run(page, 1)
    ended(page)
    yield page
    context.close()


def leave(page):
    """Leave the editor, and before it what it offers."""
    while page.locator(".editor").count():
        page.keyboard.press("Escape")


@pytest.fixture
def page(opened):
    """The page as the book has it, in which Python is there."""
    leave(opened)
    for delete in opened.get_by_role("button", name="Delete listing").all()[::-1]:
        delete.click()
    opened.evaluate("document.querySelectorAll('.deleted').forEach((note) => note.remove())")
    forget(opened)
    return opened


def add(page, below, code=""):
    """Add a listing below another; returns its number."""
    before = page.evaluate(NUMBERS)
    page.get_by_role("button", name=f"Add a listing below listing {below}", exact=True).click()
    return fill_new(page, before, code)


def fill_new(page, before, code):
    """Write into the listing that was added since there were those `before`; returns its number."""
    page.wait_for_function(f"(count) => {NUMBERS}.length > count", arg=len(before))
    (number,) = set(page.evaluate(NUMBERS)) - set(before)
    editor = page.locator(f"{EDITOR}[aria-label^='Code of listing {number}.']")
    expect(editor).to_be_focused()
    page.keyboard.insert_text(code)
    return number


def cell(page, number):
    return page.locator(f"{ADDED}[data-number='{number}']")


def row(page, number):
    return cell(page, number).locator(".run-state")


def output(page, number):
    return cell(page, number).locator(".cell_output")


def run(page, number):
    """Run a listing; returns what the bar says at the end."""
    press_run(page, number)
    return ended(page)[1]


def codes(page):
    return page.locator(f"{ADDED} pre:not(.cell_output *)").evaluate_all("(all) => all.map((pre) => pre.textContent.trimEnd())")


def test_it_runs_after_what_it_needs_and_what_needs_it_is_out_of_date_when_it_changes(page):
    first = add(page, 3, "mine = 3 * len(lengths)")
    second = add(page, first, "print(mine)")
    assert first.startswith("3") and second.startswith("3") and page.evaluate(NUMBERS) == [first, second]
    assert f"{first} and {second} have run" in run(page, second)
    expect(output(page, second)).to_have_text("9")
    expect(row(page, second)).to_contain_text(f"Listing {second} · yours · ran in")
    write(page, first, "mine = 4")
    expect(row(page, second)).to_contain_text("out of date")
    run(page, second)
    expect(output(page, second)).to_have_text("4")


def test_the_books_listings_use_what_it_defines_and_are_the_books_again_without_it(page):
    """The figure of a listing that does not depend on it stays the book's."""
    number = add(page, 6, "GRAVITY = 4 * GRAVITY")
    peek = add(page, 7, "print(quarter := 1)")
    run(page, peek)
    quarters = page.locator(".cell:has([aria-label='Run listing 7'])")
    expect(quarters.locator(".cell_output")).to_contain_text("from 0.01: 0.251 s")
    run(page, 8)
    drawn = page.locator(".cell:has([aria-label='Run listing 8']) .cell_output img")
    assert not drawn.get_attribute("alt").startswith("Drawn after an edit.")
    cell(page, number).get_by_role("button", name="Delete").click()
    expect(quarters.locator(".run-state")).to_contain_text("out of date")
    run(page, 7)
    expect(quarters.locator(".cell_output")).to_contain_text("from 0.01: 0.501 s")


def test_an_error_names_it_and_its_line_and_stop_ends_it(page):
    number = add(page, 1, "a = 1\nb = a / 0")
    assert run(page, number) == f"Listing {number} ended with an error."
    expect(output(page, number)).to_contain_text(f"listing {number}, line 2")
    cell(page, number).get_by_role("button", name="Edit").click()
    expect(page.locator(".editor .cm-wrong")).to_have_text("b = a / 0")
    write(page, number, "print('begun')\nwhile True: pass")
    page.keyboard.press("Shift+Enter")
    expect(output(page, number)).to_contain_text("begun")
    expect(cell(page, number).get_by_role("button", name="Delete")).to_be_disabled()
    cell(page, number).get_by_role("button", name="Stop").click()
    ended(page)
    expect(row(page, number)).to_contain_text("stopped")


def test_the_keyboard_alone_runs_adds_deletes_and_brings_back(page):
    page.get_by_role("button", name="Add a listing below listing 1", exact=True).focus()
    before = page.evaluate(NUMBERS)
    page.keyboard.press("Enter")
    first = fill_new(page, before, "first = 1\nfirst")
    page.keyboard.press("Alt+Enter")
    second = fill_new(page, [first], "first + 1")
    page.keyboard.press("Shift+Enter")
    expect(output(page, second)).to_have_text("2")
    expect(output(page, first)).to_have_text("1")
    ended(page)  # until then it can't be deleted
    leave(page)
    expect(cell(page, second).get_by_role("button", name="Edit")).to_be_focused()
    for key in ("Tab", "Tab", "Enter"):  # over the button that adds to the one that deletes
        page.keyboard.press(key)
    back = page.get_by_role("button", name=f"Bring listing {second} back")
    expect(back).to_be_focused()
    assert page.evaluate(NUMBERS) == [first]
    page.keyboard.press("Enter")
    expect(cell(page, second).get_by_role("button", name="Edit")).to_be_focused()
    expect(output(page, second)).to_have_text("2")
    assert codes(page) == ["first = 1\nfirst", "first + 1"]


def test_one_without_a_word_leaves_nothing_when_it_is_deleted(page):
    number = add(page, 1)
    stored = page.evaluate("({ ...localStorage })")
    cell(page, number).get_by_role("button", name="Delete").click()
    expect(page.get_by_role("button", name="Add a listing below listing 1", exact=True)).to_be_focused()
    assert page.locator(f"{ADDED}, .deleted").count() == 0 and page.evaluate("({ ...localStorage })") == stored


def test_the_last_one_that_was_deleted_below_a_listing_can_be_had_back_at_the_next_visit(page):
    for code in ("'first'", "'second'"):
        number = add(page, 1, code)
        leave(page)
        cell(page, number).get_by_role("button", name="Delete").click()
    other = page.context.new_page()
    for _ in range(2):  # a visit does not use it up
        other.goto(page.url)
        expect(other.locator(".deleted")).to_have_count(1)
    other.get_by_role("button", name="Bring listing 1a back").click()
    assert codes(other) == ["'second'"]
    other.reload()
    expect(other.locator(ADDED)).to_have_count(1)
    assert other.locator(".deleted").count() == 0
    forget(other)
    other.reload()
    other.locator(".run-row").first.wait_for()
    assert other.locator(f"{ADDED}, .deleted").count() == 0
    other.close()


def test_they_stay_in_their_order_in_another_tab_and_after_a_reload(page):
    """Also one that was put between two others, and one that was brought back."""
    other = page.context.new_page()
    other.goto(page.url)
    other.locator(".run-row").first.wait_for()
    third = add(page, 2, "'third'")
    first = add(page, 2, "'first'")
    add(page, first, "'second'")
    add(page, 1, "'before'")
    leave(page)
    cell(page, third).get_by_role("button", name="Delete").click()
    page.get_by_role("button", name=f"Bring listing {third} back").click()
    there = ["'before'", "'first'", "'second'", "'third'"]
    assert codes(page) == there
    expect(other.locator(ADDED)).to_have_count(4)
    assert codes(other) == there
    other.reload()
    expect(other.locator(ADDED)).to_have_count(4)
    assert codes(other) == there and other.evaluate(NUMBERS) == ["1a", "2a", "2b", "2c"]
    other.get_by_role("button", name="Delete listing 2b").click()
    expect(page.locator(ADDED)).to_have_count(3)
    assert codes(page) == ["'before'", "'first'", "'third'"]
    page.get_by_role("button", name="Bring listing").click()
    expect(other.locator(ADDED)).to_have_count(4)
    assert codes(other) == codes(page) == there
    other.close()


def test_it_follows_its_listing_into_another_edition_and_stands_at_the_end_without_it(page, site):
    """A chapter with another number, in which the listing has changed, and one in which it is gone."""
    text = page.locator(".cell_input pre").nth(1).text_content().removesuffix("\n")
    kept = [("'same'", text), ("'changed'", text.replace("print", "show", 1)), ("'gone'", "an_old = 'listing'")]
    other = page.context.new_page()
    other.goto(f"{site}words.html")
    module(other, "page/kept.js").evaluate(
        """({ set }, kept) => kept.forEach(([code, text], i) => set({
            kind: "listing", page: "lessons/3_swing.html", about: `2026-01-0${i + 1}T00:00:00.000Z\\n${text}`,
        }, code))""",
        kept,
    )
    other.goto(page.url)
    expect(other.locator(ADDED)).to_have_count(3)
    assert codes(other) == ["'same'", "'changed'", "'gone'"] and other.evaluate(NUMBERS)[:2] == ["2a", "2b"]
    expect(other.locator("article .remark", has_text="no longer in the book")).to_be_visible()
    assert other.locator(f"article > {ADDED}:last-of-type").count() == 1, "the one without its listing is at the end"
    for number in other.evaluate(NUMBERS)[::-1]:
        other.get_by_role("button", name=f"Delete listing {number}").click()
    other.close()


def test_it_stays_with_a_chapter_that_differs_by_its_number_alone_and_is_still_there(page, site):
    other = page.context.new_page()
    other.goto(f"{site}words.html")
    about = "2026-01-01T00:00:00.000Z\nan_old = 'listing'"
    thing = {"kind": "listing", "page": "lessons/3_swing.html", "about": about}
    module(other, "page/kept.js").evaluate("({ set }, thing) => set(thing, 'mine')", thing)

    def with_a_link(route):
        answer = route.fetch()
        route.fulfill(response=answer, body=answer.text().replace("</main>", '<a href="3_swing.html">3</a></main>'))

    other.route("**/1_swing.html", with_a_link)
    other.goto(page.url)
    assert other.get_by_role("link", name="3", exact=True).count() == 1
    kept = module(other, "page/kept.js")
    assert kept.evaluate("({ get }, thing) => get(thing)", thing) == "mine" and codes(other) == []
    kept.evaluate("({ put }, thing) => put(thing, {})", thing)
    other.close()


def test_on_paper_it_is_a_listing_that_says_whose_it_is(page):
    number = add(page, 1, "paper = 1")
    leave(page)
    page.emulate_media(media="print")
    settle(page)
    says = "getComputedStyle(document.querySelector('.added > .cell_input'), '::before').content"
    assert json.loads(page.evaluate(says)) == "Yours"
    expect(cell(page, number).locator("pre").first).to_be_visible()
    expect(cell(page, number).get_by_role("button", name="Delete")).to_be_hidden()
    page.emulate_media(media="screen")
