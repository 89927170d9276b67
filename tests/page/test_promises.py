"""What a page promises in each of its states. A new feature is a row of STATES, and gets every promise.

What holds for every page at rest, such as its bytes and requests, is in test_pages. The pictures to try have their rows in
test_promises_of_pictures, so that an edit of their chapters asks for these alone.
"""

from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest

from press.book.contents import file_of, pages
from press.browser.chromium import load_all_figures, settle
from press.browser.listings import DRAFT, ended, listing, number_of, on_device, press_run, run, version, write, written
from press.browser.server import serve
from press.notebooks.slots import all_slots
from tests.page.test_class import TEACHING, as_file, course, entry, give
from tests.page.test_photo import PHOTOGRAPHED, encoded, keep, scene, take
from tests.support.link import EDIT, TEXT, link_module, open_fragment
from tests.support.networks import network_of
from tests.support.page import ask, ask_from_the_start, axe_finds, built_for, forget, module, restore
from utils import fashion_mnist_arrays

pytestmark = pytest.mark.any_prose

FIRST, ACTIVATION, LOSS, TRAINING = (
    file_of(f"chapters/{name}") for name in ("00_introduction", "03_activation", "05_loss", "06_training")
)
WHOLE = "body"  # the part of a page at rest
STATES = []


def state(
    file, part, plain=None, leave="Tab", python=False, pushes=False, alone=False, touch=False, marks=(), name=None, to=STATES
):
    """A row of the table: the function brings the page `file` into the state that is named after it.

    part: a selector of what is new in this state    plain: of what stands in its place without scripts
    leave: the key that leaves it                    python: whether it needs the page in which Python runs
    pushes: whether the reader has asked for what comes late and moves what is below it
    touch: whether the screen is one that is touched
    alone: whether the page can't be in other states of the table meanwhile, as what lies over the page, which Escape leaves
    to: the table, STATES if it is None
    """

    def add(bring):
        row = SimpleNamespace(file=file, part=part, plain=plain, leave=leave, python=python, pushes=pushes, touch=touch)
        row.bring, row.name, row.marks = bring, name or bring.__name__.replace("_", " "), marks
        row.alone = alone or touch or bring is settle or leave != "Tab"
        (STATES if to is None else to).append(row)
        return bring

    return add


def at_once(states):
    """The rows as parameters: each alone, or with all others that a page can be in at once."""
    groups = {}
    for row in states:
        groups.setdefault(row.name if row.alone else (row.file, row.python), []).append(row)
    return [pytest.param(rows, marks=rows[0].marks, id=", ".join(row.name for row in rows)) for rows in groups.values()]


# Pages at rest: one of each kind, the others once a week. The frame around the text is asked where it has another form.


def unfold(page):
    page.evaluate("document.querySelectorAll('details:not(.more)').forEach((details) => { details.open = true })")


for one in [*pages(), "search", "404"]:
    frames = [pages()[0], "chapters/03_activation", "404"]
    kinds = [*frames, "chapters/26_solutions_train", "reference/glossary", "reference/api"]
    part, marks = WHOLE if one in frames else "main", [] if one in kinds else pytest.mark.weekly
    state(file_of(one), part, "article", marks=marks, name=one)(settle)


@state("search.html?q=gradient", "main", "article")
def results_of_a_search(page):
    page.locator("#search-results a").first.wait_for()


@state(ACTIVATION, ".more > div", ".more summary", leave="Escape")
def the_menu_of_a_chapter(page):
    page.locator(".more summary").click()


# What a reader answers


@state(ACTIVATION, ".question:has([data-answer])", ".question details summary")
def a_question_answered(page):
    for choice in (2, 0):  # the right one, and one that is wrong
        page.locator(".question .choices").first.get_by_role("button").nth(choice).click()


@state(ACTIVATION, ".refute + .cell", ".refute + .cell", python=True)
def a_function_refuted(page):
    number = number_of(page, "refute(")
    write(page, number, written(page, number).replace("3]", "7]", 1))
    run(page, number)
    page.keyboard.press("Escape")


@state(ACTIVATION, ".predict:has(.guess), .predict:has(.guess) + .cell", ".predict")
def a_guess_made(page):
    page.get_by_label("Your guess").first.fill("1.5")
    page.keyboard.press("Enter")


@state(TRAINING, ".predict.sketch", ".predict.sketch")
def a_curve_drawn(page):
    page.locator(".predict.sketch").get_by_role("slider").focus()
    for key in ("ArrowUp", "End", "ArrowUp"):
        page.keyboard.press(key)
    page.locator(".predict.sketch").get_by_role("button", name="Compare").click()


@state(LOSS, ".own-words", ".own-words")
def own_words_beside_the_books_points(page):
    page.locator(".own-words textarea").fill("The square is flat where most is to be learned.")
    page.locator(".own-words").get_by_role("button", name="Compare").click()
    page.locator(".own-words li input").nth(1).check()


@state("reference/glossary.html", ".again")
def asked_again(page):
    page.goto(page.url.replace("reference/glossary", "chapters/02_parameters"))
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


@state(file_of("reference/six_questions"), ".inventory")
def an_inventory_answered_twice(page):
    for choice in (1, 0):
        for box in page.locator(".inventory").all():
            box.locator(".choices button").nth(choice).click()
        if choice:
            page.get_by_role("button", name="I have read the course").click()
    page.locator(".inventory .reason").first.wait_for()


# Functions


@state(ACTIVATION, "#write-relu", pushes=True)
def lines_to_be_put_in_order(page):
    slot = page.locator("#write-relu")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    slot.get_by_role("button", name="Use these lines").wait_for()


@state(ACTIVATION, "#write-relu", "#write-relu .book", python=True, pushes=True)
def a_function_that_is_not_right_yet(page):
    slot = page.locator("#write-relu")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    slot.get_by_role("button", name="Use these lines").click()
    ended(page)


@state(ACTIVATION, "#write-relu", python=True, pushes=True, alone=True)
def other_ways_to_write_a_function(page):
    run(page, number_of(page, "def relu(X)"), "def relu(X):\n    return nd.maximum(X, 0)")
    page.locator("#write-relu").get_by_text("Other ways to write it").click()
    page.locator("#write-relu .ways pre").first.wait_for()
    page.keyboard.press("Escape")


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


@state(ACTIVATION, f".actions, {LISTING % 1}", ".actions noscript", python=True)
def a_listing_that_has_run(page):
    fill(page, "print(1)\n{'a': 1}")
    run_twice(page, 1)
    page.keyboard.press("Escape")


WRONG = f"import sys\nx = 1  # {'long ' * 20}\nprint('wide ' * 20, file=sys.stderr)\nraise ValueError('long' * 100)"


@state(ACTIVATION, ".run-bar, .cell[data-state=failed]", python=True)
def an_error(page):
    number = number_of(page, "largest difference")
    fill(page, WRONG, number)
    run_twice(page, number)
    page.keyboard.press("Escape")


@state(ACTIVATION, "#write-relu", python=True, pushes=True, alone=True)
def a_function_that_can_not_be_run(page):
    run(page, number_of(page, "def relu(X)"), WRONG)
    page.locator("#write-relu .verdict pre").wait_for()
    page.keyboard.press("Escape")


@state(ACTIVATION, LISTING % 1, python=True, alone=True)
def running(page):
    fill(page, "print(6 * 6)")
    run_twice(page, 1)
    fill(page, "import time\nprint(6 * 7)\nwhile True: time.sleep(0.05)")
    page.keyboard.press("Escape")
    press_run(page, 1)
    listing(page, 1).locator(".cell_output").get_by_text("42").wait_for()


@state(FIRST, ".added, .deleted", pushes=True)
def listings_of_ones_own(page):
    """One that stands there, and one that was deleted."""
    for number in ("1a", "1b"):
        page.get_by_label("Add a listing below listing 1", exact=True).click()
        page.locator(f"[aria-label^='Code of listing {number}.']").wait_for()
        page.keyboard.insert_text(f"print({'1 + ' * 60}1)")
    page.get_by_label("Delete listing 1b").click()


@state(ACTIVATION, ".editing", leave="Escape", python=True)
def written_in(page):
    fill(page, "print(0)")


@state(ACTIVATION, ".editing:has(.keys)", leave="Escape", pushes=True, touch=True)
def written_in_by_touch(page):
    fill(page, "print(0)")
    page.get_by_role("button", name="Tab", exact=True).wait_for()


@state(LOSS, ".cell:has(.sides)", pushes=True)
def two_versions_side_by_side(page):
    for code in ("a = 'one'", "b = 'another'"):
        write(page, 2, code)
        version(page, 2).click()
    version(page, 2, DRAFT).first.click()
    page.get_by_label("Compare versions of listing 2").click()
    page.locator(".sides pre").first.wait_for()


@state(LOSS, ".linked", pushes=True)
def an_edit_of_a_listing_that_the_book_has_changed(page):
    edit = {"kind": "edit", "page": LOSS, "about": page.evaluate(TEXT, 3) + "  # as it was"}
    module(page, "page/kept.js").evaluate("({ set }, [edit, code]) => set(edit, code)", [edit, EDIT])
    page.reload()
    page.get_by_role("button", name="Both side by side").click()
    page.locator(".linked .sides").wait_for()


@state(LOSS, ".linked", pushes=True, alone=True)
def the_edit_of_a_link(page):
    open_fragment(page, link_module(page).evaluate("(link, codes) => link.fragmentOf(...codes)", [page.evaluate(TEXT, 1), EDIT]))
    page.locator(".linked").wait_for()


@state(file_of(pages()[0]), ".whole", "#yours", pushes=True)
def the_whole_network_of_ones_own(page):
    codes = {slot["name"]: code for _, slot, code in all_slots()}
    keep = "({ set }, codes) => Object.entries(codes).forEach(([about, code]) => set({ kind: 'function', about }, code))"
    module(page, "page/kept.js").evaluate(keep, codes)
    page.reload()
    page.locator(".whole").wait_for()


# Pictures


def in_view(selector):
    def bring(page):
        page.locator(selector).first.scroll_into_view_if_needed()
        page.locator(f"{selector} :is(svg, canvas):visible").first.wait_for()
        page.locator(f"{selector} img").wait_for(state="detached")  # the stored picture, in whose place it stands

    return bring


state(file_of(pages()[0]), "#demo", "#demo p", name="the demonstration")(in_view("#demo"))


@state(file_of(pages()[0]), "#demo", pushes=True)
def a_photograph_of_ones_own(page):
    in_view("#demo")(page)
    page.get_by_role("button", name=PHOTOGRAPHED).click()
    take(page, encoded(scene(fashion_mnist_arrays()[1][0][0], 300)))
    page.locator(".own-steps li").nth(5).wait_for()
    keep(page, "sneaker")


@state(TRAINING, "#draw .demo-top", "#draw p")
def networks_of_the_readers_to_choose_from(page):
    keep = (
        "({ keepTrained }, network) => [3, 10].forEach((epochs) => "
        "keepTrained({ ...network, training: epochs, epochs, accuracy: 0.8, lr: 0.5 }))"
    )
    module(page, "page/networks.js").evaluate(keep, network_of(256) | {"curve": [[1, 0.7], [2, 0.8]]})
    in_view("#draw")(page)
    page.locator(".demo-yours select").wait_for()


# Boxes, terms, and the page for teachers


@state(TRAINING, ".term-says", "a.term", leave="Escape")
def the_meaning_of_a_term(page):
    page.locator("a.term").first.blur()
    page.locator("a.term").first.focus()
    page.locator(".term-says:not([hidden])").wait_for()


@state("reference/glossary.html", ".course-box", leave="Escape")
def my_course(page):
    page.get_by_role("button", name="My course").click()
    page.locator(".course-box").wait_for()


@state("reference/glossary.html", ".course-box", leave="Escape")
def what_was_asked_by_learning_goal(page):
    module(page, "page/kept.js").evaluate("({ tried }) => tried({ kind: 'check', about: 'loss' }, '2', false)")
    page.get_by_role("button", name="My course").click()
    page.locator(".by-goal summary").click()
    page.locator(".by-goal a").wait_for()


@state(LOSS, ".course-box", leave="Escape")
def the_note_of_a_lost_reader(page):
    page.locator("#cross-entropy h2").hover()
    page.get_by_role("button", name="I am lost here").click()
    page.get_by_role("textbox", name="The note").wait_for()


@state(file_of(TEACHING), "#class-files")
def the_table_of_a_class(page):
    wrong = entry("function", None, "relu", ("Not yet: it keeps what is negative", False), ("Right: yes.", True), 2)
    give(page, *(as_file(f"{name}.json", course(name, [wrong])) for name in ("Ann", "Bo")), as_file("notes.json", "no course"))


# The promises


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
    """The page in which listings run, so that Python starts once."""
    context = returning(viewport=SIZE, reduced_motion="no-preference")
    page = observed(context)
    page.goto(site + ACTIVATION)
    yield page
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


def fold(page):
    """Close what a state has opened of a function: the button that opens it would close it the next time."""
    page.evaluate("document.querySelectorAll('details.ways').forEach((ways) => { ways.open = false })")
    if page.get_by_role("button", name="Use these lines").is_visible():
        page.locator("#write-relu").get_by_role("button", name="Help").click()
    settle(page)


@pytest.fixture(scope="module")
def there(request, open_at):
    """Rows of the table that a page can be in at once, as one, with the page, and how far its layout has shifted for each."""
    rows, shifts = request.param, {}
    first = rows[0]
    page = request.getfixturevalue("with_python") if first.python else open_at(first.file, first.touch)
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


pytest_generate_tests = asked_of(STATES)


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
