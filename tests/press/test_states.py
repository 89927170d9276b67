"""What the pages of any book promise in each of their states. A new feature is a row of STATES, and gets every promise."""

import functools

from press.browser.chromium import settle
from press.browser.listings import DRAFT, ended, listing, number_of, press_run, run, version, write, written
from tests.support import promises
from tests.support.link import EDIT, TEXT, link_module, open_fragment
from tests.support.page import module
from tests.support.promises import *  # noqa: F403  the promises, and their fixtures
from tests.support.promises import asked_of
from tests.support.sample import SWING, WRITE

SWUNG, WRITTEN = f"{SWING}.html", f"{WRITE}.html"
STATES = []
state = functools.partial(promises.state, STATES)


@state("search.html?q=pendulum", "main", "article")
def results_of_a_search(page):
    page.locator("#search-results a").first.wait_for()


@state(WRITTEN, ".more > div", ".more summary", leave="Escape")
def the_menu_of_a_chapter(page):
    page.locator(".more summary").click()


# What a reader answers


@state(WRITTEN, ".question:has([data-answer])", ".question details summary")
def a_question_answered(page):
    for choice in (1, 0):  # the right one, and one that is wrong
        page.locator(".question .choices").first.get_by_role("button").nth(choice).click()


@state(WRITTEN, ".predict:has(.guess), .predict:has(.guess) + .cell", ".predict")
def a_guess_made(page):
    page.get_by_label("Your guess").first.fill("1.5")
    page.keyboard.press("Enter")


@state(SWUNG, ".own-words", ".own-words")
def own_words_beside_the_books_points(page):
    page.locator(".own-words textarea").fill("On the length of its string.")
    page.locator(".own-words").get_by_role("button", name="Compare").click()
    page.locator(".own-words li input").nth(1).check()


@state("words.html", ".again")
def asked_again(page):
    page.goto(page.url.replace("words", "lessons/2_write"))
    for choice in page.locator(".question .choices").first.get_by_role("button").all():
        choice.click()
    module(page, "page/kept.js").evaluate(
        """({ all, put }, at) => all("answer").forEach(([thing, { tries, first, last }]) =>
        put(thing, { tries, first: { ...first, at, right: false }, last: { ...last, at, wrong: at } }))""",
        "2026-01-01T00:00:00.000Z",
    )
    page.go_back()
    page.get_by_role("button", name="Answer", exact=True).click()
    page.locator(".again .question").wait_for()


@state("beliefs.html", ".inventory")
def an_inventory_answered_twice(page):
    for choice in (1, 0):
        for box in page.locator(".inventory").all():
            box.locator(".choices button").nth(choice).click()
        if choice:
            page.get_by_role("button", name="I have read the course").click()
    page.locator(".inventory .reason").first.wait_for()


# Functions


@state(WRITTEN, "#write-height", pushes=True)
def lines_to_be_put_in_order(page):
    slot = page.locator("#write-height")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    slot.get_by_role("button", name="Use these lines").wait_for()


@state(WRITTEN, "#write-height", "#write-height .book", python=True, pushes=True)
def a_function_that_is_not_right_yet(page):
    slot = page.locator("#write-height")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    slot.get_by_role("button", name="Use these lines").click()
    ended(page)


# Listings

LISTING = ".run-bar, .cell:has([aria-label='Edit listing %d'])"


def fill(page, code, number=1):
    """Write code that is as high as what it replaces, because a cell that shrinks shifts what is below, and by nobody's fault."""
    write(page, number, code + "\n" * (written(page, number).count("\n") - code.count("\n")))


def run_twice(page, number):
    """What a listing prints first pushes what is below it, at whatever moment it comes, so the second run is observed."""
    run(page, number)
    settle(page)
    page.evaluate("shift = 0")
    run(page, number)


@state(WRITTEN, f".actions, {LISTING % 1}", ".actions noscript", python=True)
def a_listing_that_has_run(page):
    fill(page, "print(1)\n{'a': 1}")
    run_twice(page, 1)
    page.keyboard.press("Escape")


WRONG = f"import sys\nx = 1  # {'long ' * 20}\nprint('wide ' * 20, file=sys.stderr)\nraise ValueError('long' * 100)"


@state(WRITTEN, ".run-bar, .cell[data-state=failed]", python=True)
def an_error(page):
    number = number_of(page, "0.5, 1.0")
    fill(page, WRONG, number)
    run_twice(page, number)
    page.keyboard.press("Escape")


@state(WRITTEN, "#write-height", python=True, pushes=True, alone=True)
def a_function_that_can_not_be_run(page):
    run(page, number_of(page, "def height("), WRONG)
    page.locator("#write-height .verdict pre").wait_for()
    page.keyboard.press("Escape")


@state(WRITTEN, LISTING % 1, python=True, alone=True)
def running(page):
    fill(page, "print(6 * 6)")
    run_twice(page, 1)
    fill(page, "import time\nprint(6 * 7)\nwhile True: time.sleep(0.05)")
    page.keyboard.press("Escape")
    press_run(page, 1)
    listing(page, 1).locator(".cell_output").get_by_text("42").wait_for()


@state(WRITTEN, ".added, .deleted", pushes=True)
def listings_of_ones_own(page):
    """One that stands there, and one that was deleted."""
    for number in ("1a", "1b"):
        page.get_by_label("Add a listing below listing 1", exact=True).click()
        page.locator(f"[aria-label^='Code of listing {number}.']").wait_for()
        page.keyboard.insert_text(f"print({'1 + ' * 60}1)")
    page.get_by_label("Delete listing 1b").click()


@state(WRITTEN, ".editing", leave="Escape", python=True)
def written_in(page):
    fill(page, "print(0)")


@state(WRITTEN, ".editing:has(.keys)", leave="Escape", pushes=True, touch=True)
def written_in_by_touch(page):
    fill(page, "print(0)")
    page.get_by_role("button", name="Tab", exact=True).wait_for()


@state(SWUNG, ".cell:has(.sides)", pushes=True)
def two_versions_side_by_side(page):
    for code in ("a = 'one'", "b = 'another'"):
        write(page, 2, code)
        version(page, 2).click()
    version(page, 2, DRAFT).first.click()
    page.get_by_label("Compare versions of listing 2").click()
    page.locator(".sides pre").first.wait_for()


@state(SWUNG, ".linked", pushes=True)
def an_edit_of_a_listing_that_the_book_has_changed(page):
    edit = {"kind": "edit", "page": SWUNG, "about": page.evaluate(TEXT, 3) + "  # as it was"}
    module(page, "page/kept.js").evaluate("({ set }, [edit, code]) => set(edit, code)", [edit, EDIT])
    page.reload()
    page.get_by_role("button", name="Both side by side").click()
    page.locator(".linked .sides").wait_for()


@state(SWUNG, ".linked", pushes=True, alone=True)
def the_edit_of_a_link(page):
    open_fragment(page, link_module(page).evaluate("(link, codes) => link.fragmentOf(...codes)", [page.evaluate(TEXT, 1), EDIT]))
    page.locator(".linked").wait_for()


# Boxes and terms


@state(WRITTEN, ".term-says", "a.term", leave="Escape")
def the_meaning_of_a_term(page):
    page.locator("a.term").first.blur()
    page.locator("a.term").first.focus()
    page.locator(".term-says:not([hidden])").wait_for()


@state("words.html", ".course-box", leave="Escape")
def my_course(page):
    page.get_by_role("button", name="My course").click()
    page.locator(".course-box").wait_for()


@state("words.html", ".course-box", leave="Escape")
def my_course_unfolded(page):
    module(page, "page/kept.js").evaluate("({ tried }) => tried({ kind: 'check', about: 'swings' }, '30', true)")
    page.get_by_role("button", name="My course").click()
    page.get_by_text("No question is due again. The next comes on").wait_for()
    for group in page.locator(".groups summary").all():
        group.click()
    page.locator(".by-goal a").wait_for()


@state("words.html", ".course-box", leave="Escape")
def what_was_asked_by_learning_goal(page):
    module(page, "page/kept.js").evaluate("({ tried }) => tried({ kind: 'function', about: 'height' }, '2', false)")
    page.get_by_role("button", name="My course").click()
    page.locator(".by-goal summary").click()
    page.locator(".by-goal a").wait_for()


@state(WRITTEN, ".course-box", leave="Escape")
def the_note_of_a_lost_reader(page):
    page.locator("#the-height h2").hover()
    page.get_by_role("button", name="I am lost here").click()
    page.get_by_role("textbox", name="The note").wait_for()


pytest_generate_tests = asked_of(STATES)
