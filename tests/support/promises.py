"""What a page promises in each of its states, for tests/page and tests/press: the rows of a table, and what each is asked.

A file of tests imports all of this, makes its table with `state`, and gives it to `asked_of`.
"""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from press.browser.chromium import load_all_figures, settle
from press.browser.listings import on_device
from press.browser.server import serve
from tests.support.page import ask, ask_from_the_start, axe_finds, built_for, forget, restore


def state(table, file, part, plain=None, leave="Tab", python=False, pushes=False, alone=False, touch=False, marks=(), name=None):
    """A row of a `table`: the function brings the page `file` into the state that is named after it.

    part: a selector of what is new in this state    plain: of what stands in its place without scripts
    leave: the key that leaves it                    python: whether it needs the page in which Python runs
    pushes: whether the reader has asked for what comes late and moves what is below it
    touch: whether the screen is one that is touched
    alone: whether the page can't be in other states of the table meanwhile, as what lies over the page, which Escape leaves
    """

    def add(bring):
        row = SimpleNamespace(file=file, part=part, plain=plain, leave=leave, python=python, pushes=pushes, touch=touch)
        row.bring, row.name, row.marks = bring, name or bring.__name__.replace("_", " "), marks
        row.alone = alone or touch or bring is settle or leave != "Tab"
        table.append(row)
        return bring

    return add


def at_once(states):
    """The rows as parameters: each alone, or with all others that a page can be in at once."""
    groups = {}
    for row in states:
        groups.setdefault(row.name if row.alone else (row.file, row.python), []).append(row)
    return [pytest.param(rows, marks=rows[0].marks, id=", ".join(row.name for row in rows)) for rows in groups.values()]


def in_view(selector):
    def bring(page):
        page.locator(selector).first.scroll_into_view_if_needed()
        page.locator(f"{selector} :is(svg, canvas):visible").first.wait_for()
        page.locator(f"{selector} img").wait_for(state="detached")  # the stored picture, in whose place it stands

    return bring


SIZE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def address(folder):
    """The address of the site, with the path that it is built for, which the page for what is missing knows."""
    with serve(folder, urlsplit(built_for(folder) or "/").path, lasting=True) as built:
        yield built


def observed(context):
    """A page that observes how far the layout shifts."""
    page = context.new_page()
    ask_from_the_start(page, "observeShift")
    return page


@pytest.fixture(scope="module")
def with_python(returning, site):
    """A function that opens a file of the site in a page in which listings run, where Python starts once for each file."""
    context, opened = returning(viewport=SIZE, reduced_motion="no-preference"), {}

    def with_python(file):
        if file not in opened:
            opened[file] = observed(context)
            opened[file].goto(site + file)
        return opened[file]

    yield with_python
    context.close()


@pytest.fixture(scope="module")
def open_at(browser, address):
    """A function that opens a file of the site in the page of one who reads, with a mouse or by touch."""
    pages = {
        touch: observed(on_device(browser, 2, viewport=SIZE, has_touch=touch, reduced_motion="no-preference"))
        for touch in (False, True)
    }

    def open_at(file, touch):
        pages[touch].goto(address + file)
        return pages[touch]

    yield open_at
    for page in pages.values():
        page.context.close()


def unfold(page):
    page.evaluate("document.querySelectorAll('details:not(.more)').forEach((details) => { details.open = true })")


def fold(page):
    """Close what a state has opened of a function: the button that opens it would close it the next time."""
    page.evaluate("document.querySelectorAll('details.ways').forEach((ways) => { ways.open = false })")
    if (lines := page.get_by_role("button", name="Use these lines")).is_visible():
        page.locator("[id^=write-]", has=lines).get_by_role("button", name="Help").click()
    settle(page)


@pytest.fixture(scope="module")
def there(request, open_at):
    """Rows of the table that a page can be in at once, as one, with the page, and how far its layout has shifted for each."""
    rows, shifts = request.param, {}
    first = rows[0]
    page = request.getfixturevalue("with_python")(first.file) if first.python else open_at(first.file, first.touch)
    if first.python:
        restore(page)
        fold(page)
    if first.bring is settle:
        load_all_figures(page)
    if not first.python:
        shifts[first.file] = page.evaluate("shift")
    for row in rows:
        page.evaluate("shift = 0")
        row.bring(page)
        settle(page)
        shifts[row.name] = 0 if row.pushes else page.evaluate("shift")
    if first.bring is settle:
        unfold(page)
        settle(page)
    part = ", ".join(dict.fromkeys(row.part for row in rows))
    yield SimpleNamespace(part=part, leave=first.leave, bring=first.bring, page=page, shifts=shifts)
    forget(page)


@pytest.fixture
def page(there):
    yield there.page
    there.page.emulate_media(color_scheme="light", reduced_motion="no-preference", forced_colors="none")
    there.page.set_viewport_size(SIZE)


def asked_of(states):
    """The hook of pytest that asks the promises below of each state of a table."""

    def pytest_generate_tests(metafunc):
        if "there" in metafunc.fixturenames:
            metafunc.parametrize("there", at_once(states), indirect=True, scope="module")
        if "file" in metafunc.fixturenames:
            metafunc.parametrize("file, plains", plain_files(states))

    return pytest_generate_tests


def test_nothing_shifts_as_it_comes(there, page):
    assert {name: shift for name, shift in there.shifts.items() if shift >= 0.02} == {}


def test_nothing_moves_where_motion_is_not_welcome(page, there):
    page.emulate_media(reduced_motion="reduce")
    assert ask(page, "moving") == []


def test_it_fits_a_screen_of_320_pixels(page, there):
    """Which is a large one enlarged to 400 %."""
    page.set_viewport_size({"width": 320, "height": 568})
    settle(page)
    assert ask(page, "tooWide", there.part) == []


def test_what_is_chosen_is_seen_in_forced_colours(page, there):
    page.emulate_media(forced_colors="active")
    settle(page)
    assert ask(page, "unseenChoices", there.part) == []


def test_keyboard_reaches_all_of_it_and_leaves(page, there):
    page.emulate_media(reduced_motion="reduce")
    settle(page)  # the test before it gave the window another width
    for i, stops in enumerate(ask(page, "tabStops", there.part)):
        ask(page, "standBefore", [there.part, i])
        reached, pressed = [], 0
        while len(reached) < len(stops) and pressed < 2 * len(stops) + 2:  # a heading that has the focus gets one more
            for _ in stops[len(reached) :]:
                page.keyboard.press("Tab")
                pressed += 1
            seen = page.evaluate("reached")
            assert [one for one in seen if not (one["marked"] and one["inView"])] == []
            reached = [one["stop"] for one in seen if one["stop"]]
        assert reached == stops
    page.keyboard.press(there.leave)
    for _ in range(2 if there.leave == "Tab" else 0):  # past what comes with the focus: a note of the heading, and of the end
        if not ask(page, "isLeft", there.part):
            page.keyboard.press("Tab")
    assert ask(page, "isLeft", there.part)
    if there.leave == "Escape":
        there.bring(page)


@pytest.fixture(scope="module")
def judged():
    """The looks of texts whose contrast was found good: another state needn't ask for them again."""
    return []


def test_axe_finds_nothing(page, there, judged):
    """What lies behind a box, which Escape closes, confuses it."""
    ask(page, "keepEachColourOnce")
    page.evaluate("scrollTo({ top: 0, behavior: 'instant' })")
    assert axe_finds(page, there.part, there.leave == "Tab", judged) == {}


@pytest.fixture(scope="module")
def without_scripts(browser):
    context = browser.new_context(java_script_enabled=False)
    yield context.new_page()
    context.close()


def plain_files(states):
    """The files that have a row with what stands there without scripts, and that, as parameters; weekly those of weekly rows."""
    rows = [row for row in states if row.plain]
    usual = [row.file for row in rows if not row.marks]
    marks = {row.file: [] if row.file in usual else row.marks for row in rows}
    plains = {file: {row.plain for row in rows if row.file == file} for file in marks}
    return [pytest.param(file, plains[file], marks=marks[file], id=file) for file in marks]


def test_without_scripts_it_can_be_read_and_no_button_is_dead(without_scripts, address, file, plains):
    without_scripts.goto(address + file)
    for plain in plains:
        assert without_scripts.locator(plain).first.is_visible(), plain
    assert without_scripts.locator("button:visible:not([popovertarget])").count() == 0
