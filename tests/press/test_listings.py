"""Listings that run in the page, as a reader runs them: in a real browser, in the sample book, served under a path.

Most tests need code of their own, and write it into the first listings of a page, as a reader would. The start of running,
and its failures, are tested in tests/press/test_loading.
"""

import json
import re

import pytest
from playwright.sync_api import expect

from press.book.contents import file_of
from press.browser.listings import (
    DRAFT,
    EDITOR,
    NO_LIMITS,
    ended,
    hold,
    listing,
    open_blank,
    open_page,
    output,
    press_run,
    ran,
    row,
    run,
    runs,
    sentence,
    start_over,
    states,
    version,
    write,
    write_all,
    written,
)
from press.browser.server import serve
from tests.support.dependencies import open_scene, run_in_each_order
from tests.support.page import forget, module, restore
from tests.support.page_python import open_kernel
from tests.support.sample import PYTHON, SWING, WRITE


@pytest.fixture(scope="module")
def opened(reader, site):
    return open_page(reader, site, SWING)


@pytest.fixture(scope="module")
def other_opened(returning, site):
    """A page of another reader, with a Python of its own, which gives other numbers than the page has below two listings."""
    context = returning(viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce")
    page = open_page(context, site, SWING)
    page.evaluate(OTHER_DIGITS)
    yield page
    context.close()


# Changes the first decimal number of each of two stored outputs.
OTHER_DIGITS = """() => {
    const some = [...document.querySelectorAll(".cell")].flatMap((cell, i) => {
        const pre = cell.querySelector(".cell_output pre"), other = pre?.textContent.replace(/\\d\\.\\d+/, "9.9");
        return pre && other !== pre.textContent ? [{ number: i + 1, pre, other }] : [];
    }).slice(0, 2);
    some.forEach(({ pre, other }) => (pre.textContent = other));
    window.otherDigits = some.map(({ number }) => number);
}"""


@pytest.fixture
def page(opened, site):
    """The page that these tests share, so that Python starts once. After each test the original listings are restored."""
    opened.bring_to_front()  # a tab in the background is slow
    if not opened.url.startswith(site + file_of(SWING)):  # a test has failed, and has left it
        opened.goto(site + file_of(SWING))
    yield opened
    restore(opened)


@pytest.fixture
def other_tab(other_opened):
    other_opened.bring_to_front()
    yield other_opened
    restore(other_opened)


@pytest.fixture(scope="module")
def books(reader, site):
    """The HTML of the output that the book has below each listing of the page, or None."""
    page = open_page(reader, site, SWING)
    outputs = page.evaluate(SHOWN)
    page.close()
    return outputs


SHOWN = "[...document.querySelectorAll('.cell')].map((cell) => cell.querySelector('.cell_output')?.innerHTML || null)"


@pytest.fixture(scope="module")
def blank(reader, site):
    page = open_blank(reader, site)
    yield page
    page.close()


# The output of a listing


# A figure that is drawn again and again in one place.
GROWING = """
from matplotlib.figure import Figure
figure = Figure()
figure.subplots()
place = display(figure, display_id=True)
for epoch in range(1, 4):
    figure.suptitle(f"epoch {epoch} of 3")
    place.update(figure)
"""


def test_a_verdict_on_an_answer_outlives_a_visit_until_the_answer_changes(page, reader, site):
    number = page.locator(".cell").count()
    asked = listing(page, number).locator("pre").first.text_content()
    text = run(page, number, asked.replace("...", "30", 1))[2]
    assert text.startswith("\N{CHECK MARK} Right: ")
    later = open_page(reader, site, SWING)
    later.get_by_text("This is what it said when it ran last.").wait_for(state="attached")
    assert output(later, number) == text, "in the place of what the book's own gets"
    write(page, number, "print('another answer')")
    later.reload()
    listing(later, number).get_by_text("another answer").wait_for(state="attached")  # the edit is there
    assert later.get_by_text("when it ran last").count() == 0
    later.close()


def test_a_figure_is_drawn_again_in_its_place_while_a_listing_runs(page):
    page.evaluate(PICTURES)
    assert run(page, 1, GROWING)[0] == "done"
    most, pictures = page.evaluate("[most, [...pictures]]")
    assert most == 1, "a second picture, instead of an update of the first"
    assert [re.findall("epoch . of 3", picture) for picture in pictures[-3:]] == [[f"epoch {n} of 3"] for n in (1, 2, 3)]


# Collects the new pictures of the first listing, each although another may replace it at once, and the most at one time.
PICTURES = """() => {
    window.pictures = new Set();
    window.most = 0;
    const cell = document.querySelector(".cell"), before = [...cell.querySelectorAll("img")];
    new MutationObserver((changes) => {
        const added = changes.flatMap(({ addedNodes }) => [...addedNodes]);
        added.filter(({ src }) => src).forEach(({ src }) => pictures.add(decodeURIComponent(src)));
        most = Math.max(most, [...cell.querySelectorAll("img")].filter((one) => !before.includes(one)).length);
    }).observe(cell, { childList: true, subtree: true });
}"""


def test_output_is_drawn_as_in_a_terminal(page):
    code = "for i in range(9): print(f'\\r{i} of 8', end='')\nprint('\\n\\x1b[31mred\\x1b[0m plain')"
    assert run(page, 1, code)[2] == "8 of 8\nred plain"
    assert listing(page, 1).locator(".ansi-1").inner_text() == "red"


@pytest.mark.parametrize(
    ("pieces", "shown"),
    [
        (["one\r", "two"], "two"),
        (["one\r\ntwo\r", "\n"], "one\ntwo\n"),
        (["above\nlong", "\rno", "\rnew\nbelow"], "above\nnew\nbelow"),
        (["\x1b[1;31mbold", " red\x1b[39m bold\x1b[0m plain"], "<b 1>bold</><b 1> red</><b> bold</> plain"),
        (["\x1b[3", "2mgreen\x1b[93m yellow\x1b[m\x1b[2K"], "<2>green</><3> yellow</>"),
        (["a\x1b", "[0mb"], "ab"),
        (["\x1b[38;5;31ma\x1b[48;2;10;20;31mb\x1b[1;38;5;1;4mc"], "ab<b>c</>"),
    ],
)
def test_terminal(blank, pieces, shown):
    html = blank.evaluate(
        """async (pieces) => {
        const { makeTerminal } = await import("/course/run/terminal.js"), terminal = makeTerminal();
        const pre = document.createElement("pre");
        pieces.forEach((piece) => terminal.write(pre, piece));
        return pre.innerHTML;
    }""",
        pieces,
    )
    classes = re.sub('<span class="([^"]*)">', lambda match: f"<{match[1].replace('ansi-bold', 'b').replace('ansi-', '')}>", html)
    assert classes.replace("</span>", "</>") == shown


TABLES = """class Table:
    def _repr_html_(self):
        return '''<style>body { display: none }</style><script>document.title = "taken"</script>
<table id="a" class="b" onclick="x()" style="position: fixed"><caption>Swings</caption><tr><th colspan="2">of one metre</th></tr>
<tr><td>small</td><td><a href="javascript:x()">2.01</a><img src="x" onerror="document.title = 'taken'"><iframe src="/"></iframe>
</td></tr>
</table><p>1 row</p>'''

class Diagram:
    def _repr_html_(self):
        return "<div>drawn</div>"

    def __repr__(self):
        return "no table"

display(Diagram())
Table()"""
MADE_OF = """(all) => all.map(({ localName, attributes }) =>
    [localName, ...[...attributes].map(({ name, value }) => `${name}=${value}`)].join(" "))"""


def test_of_a_value_in_html_a_table_is_shown_and_nothing_but_its_cells(page):
    title = page.title()
    assert run(page, 1, TABLES)[::2] == ("done", "no table")
    table = listing(page, 1).locator(".cell_output .text_html")
    cells = table.locator("caption, th, td, p").all_inner_texts()
    assert [cell.strip() for cell in cells] == ["Swings", "of one metre", "small", "2.01", "1 row"]
    parts = "table, caption, tbody, tr, th colspan=2 rowspan=1, tr, td colspan=1 rowspan=1, td colspan=1 rowspan=1, p".split(", ")
    assert table.locator("*").evaluate_all(MADE_OF) == parts
    assert page.title() == title


# What a listing sends to the page, and what its last table then shows.
UNRULY = {
    "fields that stand for properties": (
        "<table><tr><td>a</td></tr></table><form><input name=childNodes><input name=localName></form>",
        ["table", "tbody", "tr", "td colspan=1 rowspan=1"],
    ),
    "cells without end": (
        "<table><tr><td colspan=1000 rowspan=65534>a</td></tr></table>",
        ["table", "tbody", "tr", "td colspan=60 rowspan=60"],
    ),
}


@pytest.mark.parametrize("kind", UNRULY)
def test_an_unruly_table_does_not_stop_the_page(page, kind):
    html, parts = UNRULY[kind]
    run(page, 1, f"class Table:\n    def _repr_html_(self):\n        return {html!r}\n\nTable()")
    assert listing(page, 1).locator(".cell_output .text_html *").evaluate_all(MADE_OF) == parts
    assert run(page, 1, "print('goes on')")[::2] == ("done", "goes on")


def test_a_forged_picture_of_half_a_letter_does_not_end_the_output(page):
    code = """import js
from pyodide.ffi import to_js
said = {"type": "output", "kind": "figure", "text": "<svg>" + js.String.fromCharCode(0xd800)}
js.postMessage(to_js(said, dict_converter=js.Object.fromEntries))
print("and a text")"""
    assert run(page, 1, code)[::2] == ("done", "and a text")


def test_long_output_scrolls(page):
    run(page, 1, "for i in range(1000): print(i)")
    assert listing(page, 1).locator(".cell_output").evaluate("place => place.clientHeight <= 2 * innerHeight")


def test_figure_is_an_image_with_alternative_text(page):
    draw = "import matplotlib.pyplot as plt\nprint('before')\nplt.plot([1, 2])\nplt.show()\nprint('after')\ndisplay({})"
    draw = draw.format("plt.plot([2, 1])[0].figure")
    state, _, text = run(page, 1, draw)
    assert (state, text) == ("done", "before\nafter")
    pictures = listing(page, 1).locator(".cell_output img")
    assert pictures.count() >= 2
    for picture in pictures.all():
        assert picture.get_attribute("src").startswith("data:image/svg+xml") and picture.get_attribute("alt")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100
    assert (
        run(page, 1, "import matplotlib.pyplot as plt\nplt.figure(figsize=(4, 3));")[2] == "<Figure size 400x300 with 0 Axes>"
        and pictures.count() == 0
    )


# What the bar says


ONE, TWO, THREE, FIVE = [{"number": number} for number in (1, 2, 3, 5)]
RAN = lambda listing, how="ran": {"listing": listing, "how": how, "seconds": 0.5}  # noqa: E731
SENTENCES = [
    ("didNotArrive", [{"group": "matplotlib", "path": "a.whl"}, {"message": "status 404"}],
     "Matplotlib did not arrive (a.whl: status 404). Check the connection and press Run again."),
    ("damaged", [{"group": "core", "path": "a.zip"}],
     "Python arrived damaged: the checksum of a.zip is not the published one. Press Run to fetch it again."),
    ("fileMissing", ["It did not arrive.", False], "It did not arrive. The text can be read as it is."),
    ("running", [ONE, 0, [], ONE], "Running listing 1."),
    ("running", [ONE, 2, [ONE, TWO], THREE],
     "Running listing 1, 2 to go. Before listing 3 run listings 1 and 2, whose results are missing or out of date."),
    ("limits", [NO_LIMITS], ""),
    ("limits", [{**NO_LIMITS, "canCache": False}],
     " This browser keeps nothing for this page, so the next visit loads everything again."),
    ("limits", [{**NO_LIMITS, "problem": "line 1\nValueError: 2"}],
     " Your functions can't be used here, so these are the book's: ValueError: 2"),
    ("haveRun", [[RAN(ONE)], 9, False], "Listing 1 has run, in 0.5 s."),
    ("haveRun", [[{**RAN(ONE), "verdict": "not yet"}], 9, False], "Listing 1 has run, in 0.5 s. Not yet."),
    ("haveRun", [[RAN(one) for one in (FIVE, ONE, TWO, THREE)], 9, False], "Listings 1 to 3 and 5 have run, in 2.0 s."),
    ("haveRun", [[RAN(ONE), RAN(TWO)], 2, True],
     "All 2 listings have run, in 1.0 s. Python had broken down and was started again."),
    ("ended", [ONE, []], "Listing 1 ended with an error."),
    ("ended", [ONE, [TWO]], "Listing 1 ended with an error. Listing 2 was not run."),
    ("ended", [ONE, [TWO, THREE]], "Listing 1 ended with an error. Listings 2 and 3 were not run."),
    ("checksFailed", [[THREE], " Why."], "What listing 3 checks does not hold. Why. The others have run."),
    ("checksFailed", [[ONE, THREE], ""], "What listings 1 and 3 check does not hold. The others have run."),
    ("whyFailed", [[], "", False], ""),
    ("whyFailed", [[{**ONE, "run": {"reached": "1 round"}}], " Why.", True],
     " Listing 1 was stopped after 1 round. Why. Perhaps an edit above has changed it."),
    ("stopped", [{**ONE, "run": {"reached": "4 rounds"}}],
     "Listing 1 is stopped after 4 rounds. What was computed until then is kept, and the listings below go on with it."),
    ("stopped", [ONE],
     "Stopped in listing 1. What was computed until then is kept, but listings below that need it run it again."),
    ("brokeDown", [{"message": "exit(3)"}, True],
     "Python broke down twice (exit(3)). What it had computed is gone; Run starts it again."),
]  # fmt: skip


def test_each_sentence_of_the_bar_that_is_put_together(blank):
    """The other tests compare states, or ask press/run/sentences.js."""
    assert [sentence(blank, name, *given) for name, given, _ in SENTENCES] == [said for *_, said in SENTENCES]


# Which listings run


def test_outputs_follow_from_the_code_above(page):
    write_all(page, "lr = 1", "r = lr * 10", "print(r)")
    assert ran(page, 3) == [1, 2, 3] and output(page, 3) == "10"
    write(page, 1, "lr = 5")
    assert states(page) == ["changed", "old", "old"] and "out of date" in listing(page, 3).inner_text()
    assert ran(page, 3) == [1, 2, 3] and output(page, 3) == "50" and states(page) == ["ran"] * 3
    assert ran(page, 3) == [3], "those above are up to date and are left alone"
    write(page, 1, "lr = unknown")
    assert ran(page, 3) == [1], "what follows an error is not run"
    assert states(page) == ["failed", "old", "old"]
    assert run(page, 3)[0] == "failed" and "name 'lr' is not defined" in output(page, 2), "its old value is gone"
    assert run(page, 3, "print('all the same')")[0] == "done", "a listing below an error can be run all the same"
    write_all(page, "pass", "r = 1")
    run(page, 2)
    assert "name 'r' is not defined" in run(page, 1, "print(r)")[2], "a name that only a listing below defines must not exist"


def test_a_check_that_an_edit_above_breaks_stops_nothing(page):
    kinds = page.locator(".cell:has(> .cell_input)").evaluate_all(
        "all => all.map((cell) => (cell.matches('.slot') ? 'slot' : cell.tagName))"
    )
    first = kinds.index("DETAILS")
    target = 1 + kinds.index("DIV", first)
    write_all(page, *["pass"] * first)
    state, said, printed = run(page, target, "print('all the same')")
    assert (state, printed) == ("failed", "all the same") and listing(page, first + 1).get_attribute("open") == ""
    checks = [{"number": i} for i in range(1, target) if kinds[i - 1] == "DETAILS"]
    assert said == sentence(page, "checksFailed", checks, sentence(page, "whyFailed", [], "", True))


SCENES = [
    ("x = 1", "x += 1", "print(x)"),
    ("x = 1", "print(x)", "x = 5"),
    ("x = [1]\ny = x", "y.append(2)", "print(x)"),
    ("def f(): return a", "a = 3", "print(f())"),
    ("x, y = 1, 2", "x, y = y, x", "print(x, y)"),
    ("g = (n for n in range(9))", "print(next(g))", "print(next(g))"),
    ("d = {}", "d['a'] = d.get('a', 0) + 1\nprint(d)", "del d\nprint('deleted')"),
    ("import numpy as np\nX = np.zeros(3)", "Y = X[:2]\nY += 1\nprint(X)", "X[:] = 5\nprint(Y)"),
    ("def f(): return g()", "def g(): return 1", "print(f())\ndef g(): return 2"),
    ("x = 1\nprint(x)", "def f():\n    global x\n    x += 1", "f()\nprint(x)"),
]


@pytest.fixture(scope="module")
def kernel():
    with open_kernel(**PYTHON) as ask:
        yield ask


@pytest.mark.parametrize("codes", SCENES)
def test_each_order_of_runs_gives_what_a_run_from_top_to_bottom_gives(blank, kernel, codes):
    run_in_each_order(blank, kernel, codes)


@pytest.mark.parametrize(
    "codes",
    [
        ("import time", "t = time.perf_counter()", "print(t)"),
        ("from time import time\ndef seconds(): return time()", "t = seconds()", "print(t)"),
        ("import datetime", "t = max(datetime.datetime.now() for _ in range(2))", "print(t)"),
    ],
)
def test_what_stands_below_a_listing_that_read_a_clock_is_out_of_date_once_that_has_run_again(blank, kernel, codes):
    scene = open_scene(blank, kernel, codes)
    assert scene.press(2).fresh == {0, 1, 2}
    assert scene.press(1).fresh == {0, 1}
    assert scene.press(2).ran == [2]
    assert scene.press(0).fresh == {0, 1, 2}, "the module is the same"


def test_only_what_is_missing_runs_first(blank, kernel):
    codes = "import math\nx = [math.pi]", "y = sorted(x)", "print(len(y))", "z = math.floor(x[0])", "print(math.ceil(z))"
    scene = open_scene(blank, kernel, codes)
    assert scene.press(2).ran == [0, 1, 2]
    assert scene.press(4).ran == [3, 4]
    scene.edit(4, "x.append(3)")
    assert scene.press(4).ran == [4]
    assert scene.press(1).ran == [0, 1], "x was changed by a listing below"


def test_listing_depends_on_what_a_function_reads_and_on_what_a_call_changes(blank, kernel):
    scene = open_scene(blank, kernel, ("def f(): return a", "a = 3\nb = []", "b.append(f())", "print(b)"))
    assert scene.press(3).printed == "[3]\n"
    assert scene.edit(1, "a = 4\nb = []") == {0}
    assert scene.press(3).printed == "[4]\n"
    assert scene.edit(3, "print(b)  # a remark") == {0, 1, 2}


def test_check_yourself_runs_only_what_its_names_need(page):
    question = page.locator(".cell").count()
    code = written(page, question)
    write_all(page, "import math", "while True: pass")
    assert ran(page, question, code.replace("...", "math.floor(30.1)", 1)) == [1, question] and "it is 30" in output(
        page, question
    )
    write(page, 1, "an error, kept here")
    assert ran(page, question, code.replace("...", "30.1", 1)) == [question] and "it is 30" in output(page, question)
    write(page, 2, "right = 30.1")
    write(page, 3, "1 / 0")
    assert ran(page, question, code.replace("...", "right", 1)) == [2, question] and "it is 30" in output(page, question)


def test_stop_removes_a_waiting_listing_from_the_queue(page):
    write_all(page, "print('one')", "print('two')", "print('three')")
    release = hold(page, "run")
    for number in (1, 2, 3):
        press_run(page, number)
    page.locator(".cell[data-state=running]").wait_for()
    assert states(page) == ["running", "waiting", "waiting"]
    page.click("[aria-label='Stop listing 2']")
    release()
    assert ended(page)[0] == "done" and output(page, 3) == "three"
    assert states(page)[1] != "ran" and "two" not in output(page, 2)


def test_stop_removes_with_a_waiting_listing_what_needs_it(page):
    write_all(page, "a = 1", "b = a", "print(b)", "print('last')")
    run(page, 3)
    write(page, 1, "a = 2")
    before = runs(page)
    release = hold(page, "run")
    press_run(page, 3)
    press_run(page, 4)
    page.locator(".cell[data-state=running]").wait_for()
    page.click("[aria-label='Stop listing 2']")
    release()
    assert ended(page)[0] == "done" and output(page, 4) == "last"
    assert [after - first for first, after in zip(before, runs(page))][:4] == [1, 0, 0, 1]
    assert states(page) == ["ran", "old", "old"]


def test_an_edit_during_a_run_marks_the_listing_as_changed_and_can_be_queued(page):
    def run_held(code):
        page.fill(EDITOR, code)
        release = hold(page, "run")
        page.keyboard.press("Shift+Enter")
        page.locator(".cell[data-state=running]").wait_for()
        return release

    write(page, 1, "pass")
    release = run_held("print('before')")
    page.fill(EDITOR, "print('between')")
    release()
    assert ended(page)[0] == "done" and output(page, 1) == "before" and states(page, 1) == ["changed"]
    release = run_held("print('first')")
    page.fill(EDITOR, "print('second')")
    page.keyboard.press("Shift+Enter")
    release()
    assert ended(page)[0] == "done" and output(page, 1) == "second" and states(page, 1) == ["ran"]


def test_an_answer_stays_covered_until_it_is_run_itself_or_fails_and_folded_code_runs(other_tab):
    """No other test runs these listings themselves, which takes the covers away for good."""
    page = other_tab
    answer, other, plot = (
        listing(page, 7).locator(".cell_output pre"),
        page.locator(".predict + .folded"),
        page.locator(".folded:has(img)").first,
    )
    number = int(other.locator(".run").get_attribute("aria-label").split()[-1])
    for unfolded in plot.locator(".cell_input > details[open] > summary").all():  # by a test that wrote there
        unfolded.click()
    assert run(page, 10, "print(quarter > 0, len(small), len(curves))")[2] == "True 4000 2"
    assert not answer.is_visible() and not other.locator("img").is_visible()
    assert plot.locator("img").get_attribute("src").startswith("data:image/svg")
    assert not plot.locator(".cell_input pre").is_visible()
    release = hold(page, "run")
    press_run(page, 7)
    page.locator(".cell[data-state=running]").wait_for()
    assert not answer.is_visible(), "before the run prints its own"
    release()
    assert ended(page)[0] == "done" and answer.is_visible()
    write(page, number, "curves = 1 / 0")
    assert other.locator(EDITOR).is_visible(), "code that was folded"
    assert run(page, 10)[0] == "failed" and other.locator(".traceback").is_visible()


# Editing


def test_an_edit_is_shown_in_other_tabs_and_stored_and_each_text_that_there_was_is_a_press_away(context, site):
    """A key in the original is a draft too, and does not take the place of the one before."""
    other, page = (open_page(context, site, SWING) for _ in range(2))
    write(page, 4, "mine = 2")
    listing(other, 4).get_by_text("mine = 2").wait_for()  # its scripts come for that
    write(other, 4, "mine = 1")
    page.locator(EDITOR).get_by_text("mine = 1").wait_for()
    page.keyboard.press("Control+End")
    page.keyboard.type("0")  # the editor has stayed open, and has what is written elsewhere
    other.locator(EDITOR).get_by_text("mine = 10").wait_for()
    version(page, 4, DRAFT).last.click()
    other.locator(EDITOR).get_by_text("mine = 2").wait_for()
    version(other, 4, DRAFT).nth(1).click()
    listing(page, 4).get_by_text("mine = 1", exact=True).first.wait_for()

    original, html = written(page, 1), listing(page, 1).locator("pre").first.inner_html()
    edit = "text = '''\n# no comment'''  # a comment\nprint(text[0:1], 0.5)"
    assert version(page, 1).count() == 0, "there is one text"
    write(page, 1, edit)
    page.keyboard.press("Escape")
    page.reload()
    listing(page, 1).get_by_text("no comment").first.wait_for()
    assert "no comment" in listing(page, 1).inner_text()
    assert row(page, 1) == "Listing 1 · not run yet", "the output is still the book's"
    assert page.locator("[data-run-state]").count() == 0, "nothing runs before the reader asks for it"
    other.bring_to_front()
    write(other, 2, "other = 1")
    page.bring_to_front()
    version(page, 1).click()
    assert listing(page, 1).locator("pre").first.inner_html() == html and row(page, 1) == "Listing 1"
    version(page, 1, DRAFT).click()
    assert "no comment" in listing(page, 1).inner_text()
    version(page, 1).click()
    write(page, 1, f"{original}#")
    page.keyboard.press("Escape")
    version(page, 1).click()

    other.bring_to_front()
    other.reload()
    listing(other, 2).get_by_text("other = 1").first.wait_for()
    assert "no comment" not in listing(other, 1).inner_text()
    for i, draft in enumerate((f"{original}#", edit)):
        version(other, 1, DRAFT).nth(i).click()
        assert written(other, 1) == draft
        expect(version(other, 1, DRAFT).nth(i)).to_be_focused()
        expect(listing(other, 1).locator(".chips [aria-pressed=true]")).to_have_count(1)


def test_any_two_texts_of_a_listing_can_be_compared(context, site):
    page = open_page(context, site, SWING)
    for code in ("mine = 1", "mine = 2", "mine = 2\nmine"):
        write(page, 1, code)
        version(page, 1).click()
    version(page, 1, DRAFT).first.click()
    page.click("[aria-label='Compare versions of listing 1']")
    sides, others = listing(page, 1).locator(".sides"), listing(page, 1).get_by_label("Compare with")
    expect(sides.locator("pre").last).to_have_text("+ mine = 2\n+ mine\n")
    assert sides.locator("p").first.inner_text() == "The book's", "what was there before"
    others.select_option(index=1)  # the first is the book's
    expect(sides.locator("pre").last).to_have_text("  mine = 2\n+ mine\n")
    version(page, 1).click()
    expect(sides.locator("p").last).to_have_text("The book's")


def test_an_edit_follows_its_text_into_another_edition_and_where_the_book_has_changed_that_it_is_offered(context, site):
    """Edits and drafts are kept with the text that they were made on."""
    page = open_page(context, site, SWING)
    now = written(page, 5)
    was = {"page": file_of(SWING), "about": now.replace("simulate", "simulated") + "\n# as it was"}

    def edited(code):
        for kind, value in (("edit", code), ("draft", [{"code": "draft = 1"}])):
            module(page, "page/kept.js").evaluate(
                "({ set }, [thing, value]) => set(thing, value)", [{**was, "kind": kind}, value]
            )
        page.reload()

    write(page, 5, "mine = 1")
    page.route(site + file_of(SWING), in_another_edition)
    page.reload()
    listing(page, 6).get_by_text("mine = 1").wait_for()
    assert row(page, 6) == "Listing 6 · not run yet"
    assert "another = 1" in listing(page, 5).text_content() and row(page, 5) == "Listing 5"  # its code is folded
    box = page.locator(".linked")
    assert box.count() == 0

    page.unroute(site + file_of(SWING))
    forget(page)
    edited("mine = 1")
    assert "The book has changed listing 5 since you edited it" in box.inner_text() and written(page, 5) == now
    box.get_by_role("button", name="Both side by side").click()
    sides = [side.inner_text() for side in box.locator("pre").all()]
    assert "- " in sides[0] and sides[1].strip() == "+ mine = 1"
    box.get_by_role("button", name="Use the book's").click()
    assert box.count() == 0 and written(page, 5) == now
    for name, text in ((DRAFT, "mine = 1"), ("Draft 1", "draft = 1")):  # of when is not known
        version(page, 5, name).click()
        assert written(page, 5) == text
    edited("mine = 2")
    box.get_by_role("button", name="Use yours").click()
    page.reload()
    listing(page, 5).get_by_text("mine = 2").first.wait_for()
    assert box.count() == 0
    was["about"] = "nowhere"
    edited("mine = 3")
    assert "is no longer in the book" in box.inner_text()


def in_another_edition(route):
    """Answer with the page of an edition whose listing 5 is another, and whose listing 6 is the former 5."""
    response = route.fetch()
    before, *listings = re.split('(?=<div class="cell_input)', response.text())
    texts = [re.search("<pre>.*?</pre>", text, re.DOTALL)[0] for text in listings[4:6]]
    listings[4] = listings[4].replace(texts[0], "<pre>another = 1\n</pre>")
    listings[5] = listings[5].replace(texts[1], texts[0])
    route.fulfill(response=response, body="".join([before, *listings]))


@pytest.mark.parametrize(
    ("code", "coloured"),
    [
        ("text = '''\n# no comment'''  # a comment", ["n text", "s1 '''\n# no comment'''", "c1 # a comment"]),
        ('print(f"a\\"b", \'c)', ["n print", 's1 f"a\\"b"', "s1 'c)"]),
        ("for x1 in [0.5, 1e-3, 1_000]:", ["k for", "n x1", "k in", "mi 0.5", "mi 1e-3", "mi 1_000"]),
        ("f(.5, 1., 0x1F, 2j)[1:2]-1", ["n f", "mi .5", "mi 1.", "mi 0x1F", "mi 2j", "mi 1", "mi 2", "mi 1"]),
        ("größe = None", ["n größe", "k None"]),
    ],
)
def test_edited_code_is_coloured(blank, code, coloured):
    found = blank.evaluate(
        """async (code) => {
        const { coloured } = await import("/course/run/edit.js"), pre = document.createElement("pre");
        pre.append(...coloured(code));
        return [pre.textContent, [...pre.children].map((token) => `${token.className} ${token.textContent}`)];
    }""",
        code,
    )
    assert found == [f"{code}\n", coloured]


def test_a_name_that_has_a_look_of_its_own_in_the_page_keeps_it_in_edited_code(blank):
    found = blank.evaluate("""async () => {
        const { coloured } = await import("/course/run/edit.js");
        document.body.innerHTML = '<div class="highlight"><pre><span class="n odd">w</span> <span class="n">x</span></pre></div>';
        return coloured("w * x  # w").filter((part) => part.className).map((token) => `${token.className} ${token.textContent}`);
    }""")
    assert found == ["n odd w", "n x", "c1 # w"]


# Numbers


NUMBERS = [  # the last number in a line of code, its value, and the line after one step up
    ("-1", -1, "0"),
    ("lr = 0.5", 0.5, "lr = 0.6"),
    ("lr = .05", 0.05, "lr = 0.06"),
    ("lr = 1.", 1, "lr = 2"),
    ("n = 9", 9, "n = 10"),
    ("n = 99", 99, "n = 100"),
    ("n = 1_250", 1250, "n = 1350"),
    ("lr = 1e-3", 0.001, "lr = 2e-3"),
    ("lr = 1.5e6", 1.5e6, "lr = 1.6e6"),
    ("h = 9e-5", 9e-5, "h = 10e-5"),
    ("h = -1e-5", -1e-5, "h = 0e-5"),  # from where a step back leads to -1e-5
    ("x = -0.1", -0.1, "x = 0.0"),
    ("x = - 3", -3, "x = -2"),
    ("x[-1", -1, "x[0"),
    ("f(a, -2", -2, "f(a, -1"),
    ("{'a': -2", -2, "{'a': -1"),
    ("a * -2", -2, "a * -1"),
    ("a - -2", -2, "a - -1"),
    ("a - 2", 2, "a - 3"),
    ("a-2", 2, "a-3"),
    ("a[0] - 2", 2, "a[0] - 3"),
    ("f(a) -2", 2, "f(a) -3"),
    ("{1} - 2", 2, "{1} - 3"),
    ("1. - 2", 2, "1. - 3"),
    *((f"{word} -0.5", -0.5, f"{word} -0.4") for word in "and assert elif else if in is not or return while yield".split()),
    ("turn -2", 2, "turn -3"),
]


def test_a_number_is_read_out_with_its_sign_and_changes_by_a_step(page):
    write_all(page, "\n".join([code for code, *_ in NUMBERS] + ["0x10", "1j", "x = 0b1"]))
    assert [tuple(line) for line in page.evaluate(STEPPED)] == NUMBERS


# Of each line of listing 1 that ends with a number: the line, the number's value, and the line after one step up.
STEPPED = """async () => {
    const { numberAt } = await import("/course/run/draggable.js"), pre = document.querySelector(".cell .highlight pre");
    return [...pre.querySelectorAll("[role=spinbutton]")].flatMap((span) => {
        const before = document.createRange(), now = span.getAttribute("aria-valuenow"), text = span.textContent;
        before.setStart(pre, 0);
        before.setEndBefore(span);
        const line = before.toString().split("\\n").at(-1), code = line + text;
        const { start, end, value, step, written } = numberAt(code, line.length, text, now.startsWith("-"));
        const isLast = pre.textContent[before.toString().length + text.length] === "\\n";
        return isLast ? [[code, Number(now), code.slice(0, start) + written(value + step) + code.slice(end)]] : [];
    });
}"""


def test_a_screen_reader_hears_numbers_that_keys_change(page):
    write_all(page, "x = [-1, 1e-7, 2.5e6, 3j, 0x1F]")
    page.keyboard.press("Escape")  # in the editor a number is text
    numbers = listing(page, 1).get_by_role("spinbutton")
    assert numbers.evaluate_all("all => all.map((one) => one.ariaValueNow)") == ["-1", "0.0000001", "2500000"]
    numbers.first.focus()
    for key, label in (("End", "-1, 1e-7,"), ("ArrowLeft", "-1,"), ("Home", "-")):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.ariaLabel") == f"A number of listing 1, after x = [{label}"
    page.keyboard.press("PageUp")
    page.wait_for_function("() => document.activeElement.ariaValueNow === '9'")
    expect(listing(page, 1)).to_have_attribute("data-state", "ran")


def test_a_click_into_the_code_opens_the_editor_there(page):
    write_all(page, "first = 1\nsecond = 22")
    page.keyboard.press("Escape")
    box = listing(page, 1).locator("pre > .n", has_text="second").bounding_box()
    page.mouse.click(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    page.locator(f"{EDITOR}:focus").wait_for()
    page.keyboard.type("s")
    assert written(page, 1).splitlines() == ["first = 1", "seconds = 22"]


def number_in(page, n, text):
    return listing(page, n).get_by_role("spinbutton").filter(has_text=re.compile(f"^{re.escape(text)}$"))


def grab(page, number):
    """Press the mouse button on a number, once the page no longer scrolls; returns the number's box."""
    number.hover(position={"x": 4, "y": 4})
    page.mouse.down()
    return number.bounding_box()


CLOCK = "import itertools, time\ntime.perf_counter = itertools.count(0, {}).__next__"  # its seconds for each listing


def test_numbers_can_be_dragged(page):
    """The dependents of a quick listing run while the button is down, those of a slow one when it is released."""
    write_all(page, CLOCK.format(0.01), "lr = 0.5", "print(lr, -2)", "print(lr * 10)")
    run(page, 4)
    box = grab(page, number_in(page, 2, "0.5"))
    page.mouse.move(box["x"] + 4 + 3 * 8, box["y"] + 4, steps=6)
    listing(page, 4).get_by_text("8.0").wait_for()  # while the button is still down
    page.mouse.up()
    assert ended(page)[0] == "done" and output(page, 3) == "0.8 -2" and page.locator(EDITOR).count() == 0
    page.keyboard.press("ArrowUp")  # it has the focus
    listing(page, 4).get_by_text("9.0").wait_for()
    assert ended(page)[0] == "done"
    number_in(page, 3, "2").focus()
    page.keyboard.press("ArrowUp")
    listing(page, 3).locator(".cell_output").get_by_text("0.9 -1").wait_for()
    write(page, 1, CLOCK.format(1))
    run(page, 4)
    box = grab(page, number_in(page, 2, "0.9"))
    page.mouse.move(box["x"] + 4 - 2 * 8, box["y"] + 4, steps=4)
    number_in(page, 2, "0.7").wait_for()
    assert states(page, 1, 2, 3, 4) == ["ran", "changed", "old", "old"], "a slow listing runs only when the number is released"
    page.mouse.up()
    listing(page, 4).get_by_text("7.0").wait_for()
    assert ended(page)[0] == "done"
    page.evaluate("""() => {  // soon after each other
        const press = () => document.activeElement.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowUp", bubbles: true }));
        press();
        press();
    }""")
    listing(page, 4).get_by_text("9.0").wait_for()
    assert ended(page)[0] == "done"
    run(page, 1, "import time\ntime.perf_counter = time.monotonic")


def test_a_lower_picture_stays_in_view_above_its_code(other_tab):
    number = 1 + next(i for i, text in enumerate(other_tab.locator(".cell").all_text_contents()) if "seconds = 4" in text)
    picture = listing(other_tab, number).locator("img")
    draw = "import matplotlib.pyplot as plt\nplt.figure(figsize=(4, {}))\nplt.plot([1, 2])\nplt.show()"
    for height in (4, 1):
        run(other_tab, number, draw.format(height))
    other_tab.wait_for_function("(img) => img.getBoundingClientRect().top > 50", arg=picture.element_handle())
    assert picture.bounding_box()["height"] < 150


def test_a_number_that_was_clicked_before_the_scripts_arrived_does_not_follow_the_pointer(context, site):
    page = open_page(context, site, SWING)
    held = []
    page.route("**/run/session.js*", lambda route: held.append(route))
    number = page.locator("pre .named")
    with page.expect_request("**/run/session.js*"):
        number.click()
    box = number.bounding_box()
    held[0].continue_()
    area = page.locator(EDITOR)
    area.wait_for()  # the click has opened the editor
    page.mouse.move(box["x"] + 80, box["y"] + 4, steps=4)
    assert page.locator(".moving").count() == 0
    assert page.locator(".versions:visible").count() == 0


def test_digits_that_differ_from_the_books_are_explained_once(other_tab):
    for number in other_tab.evaluate("otherDigits"):
        assert run(other_tab, number)[0] == "done"
    assert other_tab.locator(".digits").count() == 1 and "not quite the book's" in other_tab.inner_text(".digits")


def test_an_editor_stays_open_while_another_window_is_used(page):
    write(page, 1, "before")
    page.evaluate("document.activeElement.dispatchEvent(new Event('blur'))")
    page.evaluate("new Promise(setTimeout)")
    page.keyboard.type(" and after")
    assert written(page, 1) == "before and after"


def test_all_by_keyboard(page):
    def tab_to(label):
        for _ in range(80):
            page.keyboard.press("Tab")
            if (page.evaluate("document.activeElement.getAttribute('aria-label')") or "").startswith(label):
                return
        raise AssertionError(f"the Tab key does not reach {label}")

    page.click("h1")
    tab_to("Run listing 1")
    tab_to("Edit listing 1")
    page.keyboard.press("Enter")
    page.locator(f"{EDITOR}:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("for i in range(2):\nprint(i // 1)\n")  # the second line is indented by the editor
    page.keyboard.press("Shift+Enter")
    assert ended(page)[0] == "done" and output(page, 1) == "0\n1"
    page.keyboard.press("Tab")
    page.keyboard.type("3")
    assert written(page, 1).endswith("\n        3")
    page.keyboard.press("Home")
    page.keyboard.press("Shift+Tab")
    assert written(page, 1).endswith("\n    3")
    assert "Esc leaves" in listing(page, 1).locator(".run-hint").inner_text() and "changed since it ran" in row(page, 1)
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Edit listing 1"
    assert page.locator(EDITOR).count() == 0


# Security


def test_python_has_no_access_to_network_storage_or_page(page, reader, site, tmp_path):
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    with serve(tmp_path) as elsewhere:
        write(page, 1, ATTEMPTS.replace("ELSEWHERE", elsewhere).replace("SITE", site))
        press_run(page, 1)
        assert ended(page)[0] == "done"
    assert [url for url in asked if not url.startswith(site) and not url.startswith(("blob:", "data:"))] == []
    results = dict(re.findall("^([^:\n]+): (yes|no)$", output(page, 1), re.MULTILINE))
    assert results == {name: "no" for name in results} and len(results) == 26, results
    with page.expect_request("**/afterwards"):
        page.evaluate("fetch('afterwards')")
    assert [url for url in asked if "probe" in url] == []


ATTEMPTS = '''
import js, pyodide_js
from pyodide.code import run_js

for name in """XMLHttpRequest WebSocket WebTransport EventSource importScripts Worker SharedWorker BroadcastChannel indexedDB
    caches navigator document window localStorage sessionStorage parent""".split():
    print(f"{name}: {'yes' if hasattr(js, name) else 'no'}")

def attempt(name, function):
    try:
        function()
        print(f"{name}: yes")
    except BaseException:
        print(f"{name}: no")

attempt("eval", lambda: run_js("1 + 1"))
attempt("Function", lambda: js.Function.new("return 1")())
attempt("import", lambda: run_js("import('ELSEWHEREprobe.js')"))
attempt("urllib", lambda: __import__("urllib.request").request.urlopen("ELSEWHEREprobe"))
attempt("socket", lambda: __import__("socket").create_connection(("127.0.0.1", 80), timeout=1))
attempt("XMLHttpRequest of a prototype", lambda: js.Object.getPrototypeOf(js.globalThis).XMLHttpRequest.new())
async def attempt_later(name, function):
    try:
        await function()
        print(f"{name}: yes")
    except BaseException:
        print(f"{name}: no")

await attempt_later("fetch", lambda: js.fetch("ELSEWHEREprobe"))
await attempt_later("fetch from the site", lambda: js.fetch("SITEprobe"))
await attempt_later("fetch of a prototype", lambda: js.WorkerGlobalScope.prototype.fetch.call(js.self, "SITEprobe"))
js._createPyodideModule = None  # else it is not loaded again
await attempt_later("loadPyodide", lambda: js.loadPyodide(indexURL="SITEprobe"))
await pyodide_js.loadPackage("ELSEWHEREprobe-1.0-py3-none-any.whl")
'''


def test_the_policy_of_the_page_applies_to_its_workers(page, tmp_path):
    """A second barrier: without the restrictions of worker.js, the browser still blocks requests to other hosts."""
    with serve(tmp_path) as elsewhere:
        answer = page.evaluate(
            """(address) => new Promise((resolve) => {
            const code = `fetch("${address}", {mode: "no-cors"})
                .then(() => postMessage("reached"), () => postMessage("refused"))`;
            const worker = new Worker(URL.createObjectURL(new Blob([code])));
            worker.onmessage = ({data}) => { worker.terminate(); resolve(data); };
        })""",
            elsewhere,
        )
    assert answer == "refused"


def test_a_forged_message_is_shown_as_text(page):
    forged = '<img src=x onerror="document.title = 1"><script>document.title = 2</script>'
    code = f"""import js
from pyodide.ffi import to_js
for kind in ("stdout", "figure", "unknown"):
    js.postMessage(to_js({{"type": "output", "kind": kind, "text": {forged!r}}}, dict_converter=js.Object.fromEntries))"""
    title = page.title()
    assert run(page, 1, code)[0] == "done"
    assert output(page, 1) == forged and page.title() == title


@pytest.mark.parametrize(
    "forged", [None, {"type": "end"}, {"type": "judged"}, {"type": "end", "how": "ran", "network": {"W1": 1, "accuracy": 9e9}}]
)
def test_a_forged_answer_ends_no_run_and_leaves_the_page_alive(page, forged):
    say = f"import js, json\njs.postMessage(js.JSON.parse({json.dumps(forged)!r}))\n"
    state, said, printed = run(page, 1, say + "print('its own end')")
    assert (state, printed) == ("done", "its own end") and said.startswith("Listing 1 has run")
    whole = {"type": "end", "seconds": 0, "changed": [], "checked": [], **(forged or {}), "how": "ran"}
    run(page, 1, say.replace(repr(json.dumps(forged)), repr(json.dumps(whole))))  # it may end a run, but no more
    assert run(page, 1, "print('still there')")[::2] == ("done", "still there")
    assert module(page, "page/kept.js").evaluate("({ all }) => all('network').length") == 0


def test_the_policy_is_relaxed_only_for_a_worker_and_webassembly(folder):
    plain = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
    more = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    for path in [*folder.glob("*.html"), *folder.glob("lessons/*.html")]:
        text = path.read_text(encoding="utf-8")
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        runs = "run/start.js" in text
        assert policy == (plain.replace("default-src 'self'; ", more) if runs else plain), path.name


# Small screens, the bar, starting over and stopping


def test_a_finger_hits_the_buttons_and_a_phone_does_not_zoom_in(page):
    run(page, 1, "raise ValueError(100 * 'long')")
    wide = page.viewport_size
    page.set_viewport_size({"width": 360, "height": 740})
    buttons = page.locator(".run-row button:visible, .run-bar button:visible").all()  # not those of folded checks
    assert all(min(box["width"], box["height"]) >= 44 for button in buttons if (box := button.bounding_box()))
    assert listing(page, 1).locator(".traceback pre").evaluate("pre => pre.scrollWidth <= pre.clientWidth")
    page.click("[aria-label='Edit listing 1']")
    size = page.locator(EDITOR).evaluate("part => getComputedStyle(part).fontSize")
    page.set_viewport_size(wide)
    assert size == "16px", "with a smaller font, phones zoom in"


def test_the_bar_shows_the_failed_listing_and_can_be_closed_during_a_run(page):
    write_all(page, "x = 1", "1 / 0")
    run(page, 3)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.click(".run-bar >> text=Show it")
    page.wait_for_function("() => document.activeElement.closest('.traceback')?.getBoundingClientRect().top > 0")
    assert listing(page, 2).locator(".traceback pre:focus").count() == 1
    write_all(page, "pass")
    release = hold(page, "run")
    press_run(page, 1)
    page.locator(".cell[data-state=running]").wait_for()
    page.click("[aria-label='Close this bar']")
    assert page.evaluate("document.activeElement.ariaLabel") == "Stop listing 1", "the focus is back where it was"
    release()
    expect(listing(page, 1)).to_have_attribute("data-state", "ran")
    assert page.locator(".run-bar").is_hidden()


def test_output_without_end_is_cut_and_can_be_stopped(page):
    write_all(page, "x = 41", "while True:\n    print('again and again')", "print(x + 1)")
    press_run(page, 3)
    page.get_by_text("what follows is left out").wait_for()  # so much output does not block the page
    assert states(page) == ["ran", "running", "waiting"]
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    assert len(output(page, 2)) < 100_100 and states(page)[:2] == ["ran", "stopped"]


def wait_for_mark(page, number):
    """Wait until a listing's output is marked as not that of the code above it: late, to avoid flicker."""
    place = listing(page, number).locator(".cell_output").element_handle()
    page.wait_for_function("(place) => getComputedStyle(place).borderLeftWidth === '3px'", arg=place)


def test_the_number_that_the_text_names_is_marked_and_a_hint_goes_once_a_number_was_dragged(context, site):
    page = open_page(context, site, SWING)
    named, hint = page.locator("pre .named"), page.locator(".drag-hint", has_text="drag the 8")
    assert named.all_inner_texts() == ["8"] and hint.is_visible()
    box = grab(page, named)
    page.locator(".moving").wait_for()  # the scripts have come, and follow the pointer
    page.mouse.move(box["x"] + 4 + 2 * 8, box["y"] + 4, steps=4)
    page.locator("pre .named", has_text="10").wait_for()
    assert hint.count() == 0
    page.mouse.up()
    page.reload()
    page.locator("pre .named", has_text="10").wait_for()
    assert hint.count() == 0


# Starting over. The last ones, because each ends the page's Python: the next would start another.


def test_start_over_restores_the_books_outputs_and_does_not_affect_other_tabs(page, reader, site, books):
    other_tab = open_page(reader, site, WRITE)
    number = next(i for i, stored in enumerate(books, 1) if i > 2 and stored)
    drawn = next(i for i, stored in enumerate(books, 1) if "<figure" in (stored or ""))
    figure = listing(page, drawn)
    other_tab.bring_to_front()
    assert run(other_tab, 1, "x = 'other'")[0] == "done"
    kept = other_tab.evaluate(KEPT)
    page.bring_to_front()
    write_all(page, "x = 5", *["pass"] * (number - 2), "print(x)")
    for i in range(number + 1, drawn):
        write(page, i, "pass")
    assert run(page, drawn, "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()")[0] == "done"
    assert output(page, number) == "5" and figure.locator("figcaption").count() == 1
    assert figure.locator("img").get_attribute("src").startswith("data:image/svg+xml")
    before = "(caption) => getComputedStyle(caption, '::before').content"
    assert figure.locator(".caption-text").evaluate(before) == '"The book\'s figure: "'
    page.once("dialog", lambda asked: asked.dismiss())
    page.click("text=Start over")
    assert output(page, number) == "5", "it asks first"
    start_over(page)
    page.locator("[data-run-state=stopped]").wait_for()
    assert page.evaluate(SHOWN) == books
    assert figure.locator(".caption-text").evaluate(before) == "none"
    write(page, 1, "pass")
    assert "name 'x' is not defined" in run(page, number)[2]
    other_tab.bring_to_front()
    assert run(other_tab, 3, "print(x)")[2] == "other"
    assert kept and other_tab.evaluate(KEPT) == kept, "a text is kept once for a run, whatever the other page does"
    other_tab.close()


KEPT = """() => Object.values(localStorage).filter((record) => record.includes(`{"code":"x = 'other'"`))"""


def test_a_listing_that_is_stopped_at_once_keeps_the_books_output_and_says_so(page, books):
    def shows_books():
        return [i for i, (now, stored) in enumerate(zip(page.evaluate(SHOWN), books), 1) if i > 2 and stored and now == stored]

    if not shows_books():  # all have run
        start_over(page)
    number = shows_books()[0]
    stored = books[number - 1]
    write_all(page, *["pass"] * (number - 1), "while True: pass")
    press_run(page, number)
    page.click(f".cell[data-state=running] [aria-label='Stop listing {number}']")
    assert ended(page)[0] == "stopped" and stored in listing(page, number).inner_html()
    assert not listing(page, number).locator(".cell_output.old").count()
    wait_for_mark(page, number)
    assert re.fullmatch(rf"Listing {number} · edited · stopped after [\d.]+ s", row(page, number))
    assert listing(page, number).locator(".remark").inner_text() == "Below is the book's output."
