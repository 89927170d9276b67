"""Slots in a page: the reader writes a function, is judged, and from then on the pages run on it. And refutations."""

import base64
import itertools
import re

import pytest
from playwright.sync_api import expect

from press.browser.chromium import settle
from press.browser.listings import (
    EDITOR,
    ended,
    hold,
    number_of,
    on_device,
    open_page,
    output,
    press_run,
    row,
    run,
    runs,
    sentence,
    start_over,
    states,
    version,
    write,
    write_all,
)
from press.browser.listings import written as written_in
from press.notebooks.chapters import ROOT, code_cells, read_source
from press.notebooks.slots import all_slots
from tests.support.networks import network_of, yours
from tests.support.page import forget as forget_all
from tests.support.page import module
from tests.support.page_slots import anew, forget_functions, judged, open_alone, slot_number
from utils import fashion_mnist_arrays
from utils.mynet import read, written

pytestmark = pytest.mark.any_prose

RELU = "def relu(X):\n    return nd.maximum(X, 0)"
MINE = f"{RELU}  # mine"
CHAPTER = "chapters/03_activation"  # it has the slot relu
SLOT = "#write-relu"
COUNT = ".contents a[aria-current] span"  # how many functions of the chapter are the reader's


@pytest.fixture(scope="module")
def reader(returning):
    context = returning()
    yield context
    context.close()


def keep(page, name, code):
    """Keep a function of the reader, as if it had been judged right."""
    kept = module(page, "page/kept.js")
    kept.evaluate("({ set }, [about, code]) => set({ kind: 'function', about }, code)", [name, code])


@pytest.fixture
def context(reader, opened):
    """The reader's browser. What a test has stored there is forgotten, and the pages that it has opened are closed."""
    before = [*reader.pages]
    yield reader
    for page in reader.pages:
        if page not in before:
            page.close()
    for page in before:
        forget_functions(page)


@pytest.fixture(scope="module")
def opened(reader, site):
    return open_alone(reader, site, CHAPTER)


@pytest.fixture
def page(opened, context):
    """The page with the slot relu that most of these tests share, so that Python starts once. Nothing is written in it yet."""
    return anew(opened)


@pytest.fixture(scope="module")
def trained_in(reader, site):
    """A page of chapter 6 for tests of which each takes another part of it, so that Python starts once."""
    return open_alone(reader, site, "chapters/06_training")


@pytest.fixture
def training(trained_in, context):
    return anew(trained_in)


def other_ways(page, name):
    """What shows other ways to write the function of a slot, once that is right."""
    return page.locator(f"#write-{name} details", has_text="Other ways to write it")


def test_without_scripts_and_on_paper_the_books_function_is_there_until_the_reader_has_written_one(browser, site, page):
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{site}{CHAPTER}.html")
    for there, media, shown, hidden in (
        (plain, "screen", "book", "mine"),
        (page, "screen", "mine", "book"),
        (page, "print", "book", "mine"),
    ):
        there.emulate_media(media=media)
        assert there.locator(f"{SLOT} .{shown}").is_visible() and not there.locator(f"{SLOT} .{hidden}").is_visible()
    page.emulate_media(media="screen")
    run(page, slot_number(page, "relu"), WRONG)
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
    context.close()


def test_a_verdict_is_announced_once_and_comes_into_view(page):
    """Announced by the region that a screen reader speaks of when it changes."""
    announce = """() => { window.announced = []; new MutationObserver((changes) => {
        const regions = changes.map(({ target }) => (target.closest ?? target.parentElement.closest).call(
            target.closest ? target : target.parentElement, "[role=status]"));
        announced.push(...[...new Set(regions)].filter(Boolean).map((region) => region.textContent));
    }).observe(document, { subtree: true, childList: true, characterData: true }); }"""
    page.set_viewport_size({"width": 1280, "height": 300})
    write(page, slot_number(page, "relu"), "def relu(X):\n    return nd.minimum(X, 0)" + "\n" * 20)
    page.evaluate(announce)
    page.keyboard.press("Shift+Enter")
    expect(page.locator(f"{SLOT} .verdict[data-kind='not yet']")).to_be_in_viewport(ratio=1)
    ended(page)
    assert len([text for text in page.evaluate("announced") if "keeps what is negative" in text]) == 1
    page.set_viewport_size({"width": 1280, "height": 720})
    kind, said = judged(page, "relu")
    assert kind == "not yet" and "keeps what is negative" in said and "the book's relu" in said


WRONG = "def relu(X):\n    return nd.abs(X)"


def test_other_pages_use_what_is_written_unless_the_reader_wants_the_books(page, context, site):
    keep(page, "relu", RELU)
    other = open_page(context, site, "chapters/15_linear_baseline")
    other.get_by_text("The listings of this page use your own relu").wait_for()
    assert other.locator(".contents a span").all_text_contents() == ["1/1"]
    functions = module(other, "run/functions.js")
    assert functions.evaluate("({ used }) => used()") == {"relu": RELU}
    other.get_by_role("button", name="Use the book's").click()
    other.get_by_text("use the book's functions, not yours").wait_for()
    assert module(other, "run/functions.js").evaluate("({ used }) => used()") is None, "Python gets none"
    later = open_page(context, site, CHAPTER)
    later.locator(f"{SLOT} .verdict").get_by_text("The listings use the book's, as you chose.").wait_for()


def test_other_ways_are_offered_once_the_readers_own_is_right_and_timed_here(page):
    run(page, slot_number(page, "relu"), WRONG)
    assert other_ways(page, "relu").count() == 0
    run(page, slot_number(page, "relu"), RELU)
    fold = other_ways(page, "relu")
    fold.locator("summary").click()
    fold.get_by_text("return X * (X > 0)").wait_for()
    fold.get_by_role("button", name="Time them here").click()
    fold.get_by_text(re.compile(r"Yours takes \d+(\.\d)? .s, the book's \d+(\.\d)? .s")).wait_for()
    assert fold.get_by_text(re.compile(r"\d .s here\.")).count() == 3
    release = hold(page, "time_ways")
    fold.get_by_role("button", name="Time them here").click()
    page.wait_for_function("() => window.release")  # Python is asked
    start_over(page)
    fold.get_by_text("They were not timed. Press again").wait_for()
    release()
    assert ended(page) == ("stopped", sentence(page, "STARTED_OVER"))
    assert run(page, slot_number(page, "relu") + 1, "print(5)")[2] == "5", "its output stays"


@pytest.fixture(scope="module")
def opened_arrays(reader, site):
    return open_alone(reader, site, "chapters/12_autograd_arrays")


@pytest.fixture
def arrays(opened_arrays, context):
    """The page with the slots dot_dA and dot_dB, which use what its listings define. The first two listings are short."""
    page = anew(opened_arrays)
    write_all(page, "zero = 0", "import numpy as np")
    return page


DOT_DB = "def dot_dB(dC, C, A, B):\n    return np.dot(A.T, dC) + zero"


def test_what_a_function_needs_runs_before_it_is_timed(arrays):
    page, number = arrays, slot_number(arrays, "dot-dB")
    run(page, number, DOT_DB)
    start_over(page)  # as on another visit
    before = runs(page)
    fold = other_ways(page, "dot-dB")
    fold.locator("summary").click()
    fold.get_by_role("button", name="Time them here").click()
    fold.get_by_text(re.compile(r"Yours takes \d")).wait_for()
    assert ended(page) == ("done", sentence(page, "TIMED"))
    assert [after - first for first, after in zip(before, runs(page))][:5] == [1, 1, 0, 0, 0]


@pytest.mark.parametrize("which", ["its own", "all"])
def test_a_slot_is_not_judged_without_a_listing_that_it_needs_and_that_was_stopped(arrays, which):
    page, number = arrays, slot_number(arrays, "dot-dB")
    if page.locator(".run-bar").get_by_text("Start over").count():
        start_over(page)
    write(page, number, f"{DOT_DB}  # {which}")
    release = hold(page, "run")
    page.locator(".run-all").click() if which == "all" else press_run(page, number)
    page.click("[aria-label='Stop listing 2']")
    release()
    ended(page)
    assert page.locator("#write-dot-dB .verdict:not(.old)").count() == 0
    assert run(page, number)[0] == "done" and judged(page, "dot-dB")[0] == "right"


ODD = {
    "def relu(X):\n    while True:\n        pass": "When should its loop end",
    "def relu(X)\n    return X": "SyntaxError",
    "raise SystemExit": "SystemExit",
    "def relu(X):\n    while True:\n        try: X = X\n        except: pass": "When should its loop end",
    "import itertools\ndef relu(X):\n    return sum(itertools.count())": "When should its loop end",
    "import time\ndef relu(X):\n    time.sleep(600)": "sleeps for 600 seconds",
    "import os\ndef relu(X):\n    os._exit(3)": "relu raised SystemExit",
}

FEW = "from utils.judges import calling\ncalling.MOST_LINES = 1000"  # a loop is called endless soon


def test_whatever_is_written_gets_a_sentence_and_harms_nothing(page):
    number = slot_number(page, "relu")
    run(page, number + 1, FEW)
    for code, said in ODD.items():
        run(page, number, code)
        assert said in judged(page, "relu")[1]
    page.click(f"[aria-label='Edit listing {number}']")
    expect(page.locator(".cm-wrong")).to_have_text("    os._exit(3)", use_inner_text=True)
    page.keyboard.press("Escape")
    assert page.locator(COUNT).count() == 0, "none of it counts"
    assert version(page, number, re.compile("right$")).count() == 0
    assert run(page, number + 1, "print(relu(nd.array([-1, 1])).asnumpy())")[2] == "[0. 1.]", "by the book's"


def test_what_it_prints_while_it_is_judged_is_shown(page):
    run(page, slot_number(page, "relu"), "print('outside')\ndef relu(X):\n    print('inside', X.shape)\n    return X")
    printed = page.locator(f"{SLOT} .verdict .printed").inner_text().splitlines()
    assert printed[0] == "outside" and printed[1].startswith("inside (") and printed[-1] == "..."


def test_stop_ends_a_judge(page):
    number = slot_number(page, "relu")
    run(page, number)
    assert "Not written yet" in judged(page, "relu")[1]
    write(page, number, "def relu(X):\n    while True:\n        np.sort(np.ones(10**5))")
    page.evaluate("{ const plain = window.plain = setTimeout; window.setTimeout = (f, ms) => plain(f, ms > 9999 ? 9 : ms); }")
    try:
        press_run(page, number)
        page.get_by_text("Your relu has been judged for 10 seconds and is not done. Stop ends it.").wait_for()
    finally:
        page.evaluate("window.setTimeout = window.plain")
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped" and judged(page, "relu")[1].startswith("No verdict: the judge was stopped.")
    assert row(page, number).endswith("yours to write · changed since it ran")
    write(page, number + 1, "while True: pass")
    page.evaluate("{ const { now } = performance; performance.now = () => now.call(performance) + 60_000; }")  # a minute later
    try:
        press_run(page, number + 1)
        page.locator(f".cell[data-state=running] [aria-label='Stop listing {number + 1}']").click()
        assert ended(page)[1] == sentence(page, "stopped", {"number": number + 1}), "the first Stop is over"
    finally:
        page.evaluate("delete performance.now")


def test_a_slot_is_judged_before_listings_that_it_does_not_need(page):
    number = slot_number(page, "relu")
    write(page, number - 1, "while True: pass")
    write(page, number, WRONG)
    press_run(page, number)
    page.locator(f".cell[data-state=running] [aria-label='Stop listing {number - 1}']").wait_for()
    assert judged(page, "relu")[0] == "not yet" and page.locator(SLOT).get_attribute("data-state") == "waiting"
    page.click(".run-bar .stop")
    assert ended(page)[1] == sentence(page, "stopped", {"number": number - 1})


def test_a_slot_that_may_use_no_listing_is_judged_before_any_runs(page):
    number = slot_number(page, "relu")
    write(page, 1, "limit = 0")
    write(page, number, "def relu(X):\n    return nd.maximum(X, limit)")
    release = hold(page, "run")
    press_run(page, number)
    page.locator(f"{SLOT} .verdict").get_by_text("It is judged without the other listings").wait_for()
    release()
    ended(page)


def test_the_lines_of_a_function_are_put_in_order_by_keys_and_the_readers_own_are_kept(page):
    own = "def relu(X):\n    return X  # my own"
    write(page, slot_number(page, "relu"), own)
    hint = page.locator(SLOT).get_by_text("which one should come out")
    if not hint.is_visible():  # a test of paper may have asked for it
        page.locator(SLOT).get_by_role("button", name="Help").click()
    hint.wait_for()
    page.locator(SLOT).get_by_role("button", name="Put its lines in order").click()
    assert page.evaluate("document.activeElement.className") == "free", "the button has gone, and the focus with it"
    use = page.locator(SLOT).get_by_role("button", name="Use these lines")
    use.click()  # none is in its place
    assert ended(page)[0] == "done" and judged(page, "relu")[0] == "not yet"
    line = page.locator(f"{SLOT} .lines .free", has_text="nd.maximum(X, 0)")
    line.focus()
    while page.locator(f"{SLOT} .lines .border ~ .free", has_text="nd.maximum(X, 0)").count():
        page.keyboard.press("ArrowUp")
    use.click()
    ended(page)
    assert "Written with its lines given" in judged(page, "relu")[1]
    page.locator(SLOT).get_by_role("button", name="The book's").click()
    run(page, slot_number(page, "relu"))
    assert "Written with the book's function open" in judged(page, "relu")[1], "the stronger help is named"
    page.locator(SLOT).locator(".chips button").last.click()
    assert page.locator(f"{SLOT} .mine").inner_text().strip() == own


def test_the_last_right_one_prints_on_below_a_draft_and_either_can_be_had_back_with_its_verdict(page, context, site):
    """The right one calls its namesake here, and its writer is told so."""
    slot, number = page.locator(SLOT), slot_number(page, "relu")
    mine, verdict = slot.locator(".mine"), slot.locator(".verdict")
    own, draft = "def relu(X):\n    return nd.relu(X)\nprint('mine')", f"{WRONG}  # a draft"
    right, wrong = re.compile(r"^\d\d:\d\d right\b"), re.compile(r"^\d\d:\d\d (?!right)")
    of_another = f"getComputedStyle(document.querySelector('{SLOT} > .cell_output'), '::before').content"
    assert run(page, number, own)[2] == "mine" and page.evaluate(of_another) == "none"
    assert slot.locator(".printed").count() == 0, "it prints once"
    kind, said = judged(page, "relu")
    assert kind == "right" and said.endswith("But nd.relu does all of it. Write it without.")
    expect(version(page, number, right)).to_have_attribute("aria-pressed", "true")
    assert run(page, number, draft)[2] == "mine" and "the listings go on with" in page.evaluate(of_another)
    assert slot.locator(".run-state").inner_text().startswith(f"Listing {number} · your last right · ran")
    expect(slot).to_have_attribute("data-foreign", "")
    write(page, number, f"{draft} that goes on")
    expect(verdict).to_have_class(re.compile(r"\bold\b"))
    version(page, number, right).click()
    assert mine.inner_text().strip() == own and judged(page, "relu")[0] == "right"
    version(page, number, wrong).click()
    assert mine.inner_text().strip() == draft and "judged last: Not yet: " in judged(page, "relu")[1]
    expect(version(page, number, right)).to_have_attribute("title", right)
    version(page, number, "Empty").click()
    expect(verdict).to_be_hidden()  # it is of another text
    later = open_page(context, site, CHAPTER)
    later.locator(SLOT).get_by_text("relu is yours").wait_for()
    other_ways(later, "relu").locator("summary").wait_for()
    for name, text in ((wrong, draft), (right, own)):
        version(later, number, name).click()
        assert later.locator(SLOT).locator(".mine").inner_text().strip() == text
    run(page, number, f"{own}  # another")
    assert version(page, number, right).count() == 2, "one that was right before is a draft"
    version(page, number, right).last.click()
    assert mine.inner_text().strip() == own and "judged last: Right" in judged(page, "relu")[1]


def test_who_leaves_the_whole_loss_to_mxnet_is_told_so(reader, context, site):
    page = open_alone(reader, site, "chapters/05_loss")
    number = slot_number(page, "softmax-cross-entropy")
    for whole in ("nd.log_softmax(O)", "O.log_softmax()"):
        run(page, number, f"def softmax_cross_entropy(O, y):\n    return -nd.pick({whole}, y)")
        kind, said = judged(page, "softmax-cross-entropy")
        assert kind == "right" and said.endswith("But nd.log_softmax does all of it. Write it without."), whole
    page.close()


def test_what_is_right_in_one_tab_is_the_readers_in_another_too(page, context, site):
    number = slot_number(page, "relu")
    run(page, number + 1, "print(relu)")
    there = open_page(context, site, CHAPTER)
    page.evaluate("window.hears = true")
    write(there, number, MINE)
    keep(there, "relu", MINE)
    expect(page.locator(f"{SLOT} .run-state")).to_have_text(f"Listing {number} · yours · changed since it ran")
    page.evaluate("window.hears = false")
    assert states(page, number + 1) == ["old"]


def test_a_finger_moves_a_line_by_its_handle_and_scrolls_beside_it(browser, site):
    context = on_device(browser, 2, has_touch=True, is_mobile=True, viewport={"width": 390, "height": 700})
    page = open_page(context, site, CHAPTER)
    slot = page.locator(SLOT)
    slot.get_by_role("button", name="Help").tap()
    slot.get_by_role("button", name="Put its lines in order").tap()
    rows, touch = slot.locator(".lines li"), context.new_cdp_session(page)
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")

    def swipe(x):
        """From the last line upwards, by 150 pixels."""
        y = rows.last.bounding_box()["y"] + 10
        for i in range(11):
            touch.send(
                "Input.dispatchTouchEvent",
                {"type": "touchMove" if i else "touchStart", "touchPoints": [{"x": x, "y": y - 15 * i}]},
            )
        touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})

    texts, before = rows.all_text_contents(), page.evaluate("scrollY")
    swipe(rows.last.bounding_box()["x"] + 40)
    page.wait_for_function("(before) => scrollY > before", arg=before)
    assert rows.all_text_contents() == texts
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")
    handle = rows.last.locator(".handle").bounding_box()
    swipe(handle["x"] + handle["width"] / 2)
    assert rows.all_text_contents() != texts and sorted(rows.all_text_contents()) == sorted(texts)
    context.close()


def test_a_line_is_dragged_over_several_others_wraps_with_its_indentation_and_scrolls_the_page_at_the_edge(training):
    page = training
    slot = page.locator("#write-sgd")
    slot.get_by_role("button", name="Help").click()
    slot.get_by_role("button", name="Put its lines in order").click()
    rows = slot.locator(".lines li")
    last = rows.last.text_content()
    # In the middle of the window: at its edge a line that is held scrolls the page.
    slot.locator(".lines").evaluate("(list) => list.scrollIntoView({ block: 'center', behavior: 'instant' })")
    from_, to = rows.last.bounding_box(), rows.nth(1).bounding_box()
    page.mouse.move(from_["x"] + 20, from_["y"] + from_["height"] / 2)
    page.mouse.down()
    page.mouse.move(to["x"] + 20, to["y"] + 2, steps=10)
    page.mouse.up()
    head = slot.locator(".lines .fixed").count()
    assert rows.nth(head).text_content() == last, "below def and docstring, and no higher"
    assert slot.locator(".held").count() == 0
    rows.nth(head).focus()
    page.keyboard.press("ArrowUp")
    assert rows.nth(head).text_content() == last
    page.set_viewport_size({"width": 320, "height": 480})
    lefts = """(row) => {
        const range = document.createRange();
        range.selectNodeContents(row);
        return [...range.getClientRects()].map(({ left }) => left);
    }"""
    wrapped = rows.filter(has_text="/ batch_size * param.grad").first.evaluate(lefts)
    assert len(wrapped) > 1 and min(wrapped) > rows.first.evaluate(lefts)[0], "further right than def"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    last = rows.last.text_content()
    rows.last.scroll_into_view_if_needed()
    box = rows.last.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 5)
    page.mouse.down()
    page.mouse.move(box["x"] + 20, 20, steps=5)
    page.wait_for_function(  # the page scrolls until the line is at its highest place
        "([head, last]) => document.querySelectorAll('#write-sgd .lines li')[head].textContent === last", arg=[head, last]
    )
    page.mouse.up()
    page.set_viewport_size({"width": 1280, "height": 720})


def test_functions_are_saved_as_a_file_and_python_starts_with_those_of_it_that_are_judged_right(opened, context, site, tmp_path):
    """And with the reader's network. A function can fail though it was judged right, for what another listing gives it."""
    for name, code in {"relu": RELU, "mlp": "def mlp(X", "sgd": SGD}.items():
        keep(opened, name, code)
    page = open_page(context, site, "chapters/00_introduction")
    page.get_by_text(re.compile(r"^3 of \d\d are yours")).wait_for()
    assert page.locator(".map li.written").all_text_contents() == ["relu", "mlp", "sgd"]
    with page.expect_download() as download:
        page.get_by_role("button", name="Save mynet.py").click()
    file = tmp_path / "mynet.py"
    download.value.save_as(file)
    text = file.read_text(encoding="utf-8")
    assert RELU in text and SGD in text
    forget_all(page)
    keep_networks(page)
    page.reload()
    page.locator("#yours").scroll_into_view_if_needed()
    page.get_by_text(re.compile(r"^0 of \d\d are yours")).wait_for()
    file.write_text(text.replace("maximum", "minimum"), encoding="utf-8")
    release = hold(page, "judge")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("Judging function 1 of 3").wait_for()
    write(page, 1, code_of_chapter_7())
    press_run(page, 1)
    expect(page.locator(".cell").first).to_have_attribute("data-state", "waiting")
    release()
    said = page.locator("#yours p", has_text="are right and were loaded")
    said.wait_for()
    assert re.match(r"1 of \d\d are yours. 1 of the 3 functions in mynet.py are right", said.inner_text())
    assert "relu: Not yet: " in said.inner_text() and "mlp: Not yet: it can't be run" in said.inner_text()
    assert page.locator(".map li.written").all_text_contents() == ["sgd"]
    assert ended(page)[0] == "done" and output(page, 1).startswith("your network: test acc ")
    assert output(page, 1).endswith("\nyour network [0.5 0.5 0.5] mynet utils.network"), "sgd is the reader's, and mlp is not"
    assert "your sgd, line 3, in sgd" in run(page, 1, "from mxnet import nd\nfrom utils import sgd\nsgd([nd.ones(2)], 0.5, 1)")[2]
    file.write_text("print('another file')", encoding="utf-8")
    page.locator("#yours input").set_input_files(file)
    page.get_by_text("is no file that Save mynet.py made").wait_for()


def keep_networks(page):
    """Keep a network of the reader's, and one of another make, which does no harm."""
    kept = module(page, "page/kept.js")
    layers = {name: {"scale": 0.25, "bytes": base64.b64encode(bytes([2]) * size).decode()} for name, size in LAYERS.items()}
    kept.evaluate("({ set }, network) => set({ kind: 'network', about: 'mine' }, network)", {**layers, "accuracy": 0.5})
    kept.evaluate("({ set }) => set({ kind: 'network' }, {})")


def code_of_chapter_7():
    """Its listing that takes the reader's network, without the images. It prints whose that is, and whose two functions are."""
    cells = code_cells(read_source(ROOT / "chapters" / "07_prediction.md"))
    takes_it = next(cell.source for cell in cells if "mynetwork.npz" in cell.source)
    return f"{NO_DATA}{takes_it}\nprint(whose, params[0][0].asnumpy(), sgd.__module__, mlp.__module__)"


LAYERS = {"W1": 784 * 3, "b1": 3, "W2": 3 * 10, "b2": 10}
NO_DATA = """
from pathlib import Path
import numpy as np
from mxnet import nd
from utils import evaluate_accuracy, mlp, sgd
test_iter = [(nd.ones((1, 1, 28, 28)), nd.array([0]))]
"""


def test_python_and_the_page_write_and_read_one_mynet(page):
    codes = {"relu": f"# --- mine\n{MINE}\n# --- use(globals())", "mlp": RELU}
    for name, code in codes.items():
        keep(page, name, code)
    functions, text = module(page, "run/functions.js"), written(codes)
    assert functions.evaluate("({ asFile }, names) => asFile(names)", [*codes]) == text
    assert functions.evaluate("({ fromFile }, text) => Object.fromEntries(fromFile(text))", text) == read(text)


SGD = "def sgd(params, lr, batch_size):\n    for param in params:\n        param[:] = param - lr * param.grad / batch_size"


TRAINED = """
from utils import *
from utils.data import Minibatches
train_iter, test_iter = load_data_fashion_mnist(256)
few = Minibatches(train_iter.images[:512].asnumpy()[:, 0], train_iter.labels[:512].asnumpy(), 256)
seed_everything(0)
params = init_params(num_hiddens=20, scale=0.1)
for epoch in range(2):
    train_epoch(lambda X: mlp(X, params), few, softmax_cross_entropy, lambda: sgd(params, 0.5, 256))
print("%.1f" % (100 * evaluate_accuracy(test_iter, lambda X: mlp(X, params))))
"""


def test_the_demonstration_takes_the_network_that_a_listing_trains_and_uses_the_newest(training, context, site):
    page = training
    page.locator("#draw").scroll_into_view_if_needed()
    trained_for = page.get_by_label("Trained for")
    trained_for.wait_for()
    assert trained_for.get_attribute("max") == "3"  # the book's four, until the reader has trained one
    state, _, accuracy = run(page, 1, TRAINED)
    assert state == "done"
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    first = f"2 epochs, learning rate 0.5, 20 units: {accuracy.strip()} %"
    assert yours(page) == [first] and not page.get_by_text("the newest of these").is_visible()
    assert page.locator(".demo-curve").get_attribute("aria-label").endswith(f", {accuracy.strip()} %")
    assert trained_for.get_attribute("aria-valuetext") == "yours, 2 epochs"
    assert f"{accuracy.strip()}\N{NO-BREAK SPACE}% of all 10,000" in page.locator(".demo-score").inner_text()
    trained_for.fill("2")  # the book's, after three epochs
    later = run(page, 2, TRAINED.replace("0.5", "0.1"))[2].strip()
    page.get_by_text("the newest of these").wait_for()
    choice = page.locator(".demo-yours select")
    assert choice.input_value() == f"2 epochs, learning rate 0.1, 20 units: {later} %" and yours(page)[1:] == [first]
    choice.select_option(first)
    assert not page.get_by_text("the newest of these").is_visible()
    images, labels = fashion_mnist_arrays()[1]
    boot = images[labels == 9][0].ravel().tolist()
    code = f"from mxnet import nd\nprint(*(softmax(mlp(nd.array([{boot}]) / 255, params)) * 100).asnumpy()[0])"
    probabilities = [float(number) for number in run(page, 1, TRAINED + code)[2].split()[1:]]
    home = context.new_page()
    home.goto(site)
    home.locator("#demo").scroll_into_view_if_needed()
    home.locator(".demo-body[data-epoch='yours']").wait_for()
    settle(home)
    shown = [float(text.split()[0]) for text in home.locator(".demo-number").all_inner_texts()]
    assert shown == pytest.approx(probabilities, abs=1)  # parameters in 255 steps, and a hidden layer of 20 units
    assert home.locator(".demo-units").inner_text() == "20"


LAYER, LAYER_OF_1 = {"scale": 0.1, "bytes": "AAAA"}, {"scale": 1e300, "bytes": "AA=="}
NO_NETWORKS = {
    "layers of no network": {name: LAYER for name in ("W1", "b1", "W2", "b2")},
    "no hidden units": network_of(0),
    "what float32 can't hold": network_of(1) | {"b1": LAYER_OF_1},
    "better than any": network_of(1) | {"accuracy": 9e99},
}
# What is said of a file of My course with such a network, or how many things it has.
READ = """({ fileOf, read }, value) => {
    const text = JSON.stringify({ ...JSON.parse(fileOf()), kept: [{ kind: "network", about: "mine", value }] });
    try {
        return read(text).kept.length;
    } catch ({ message }) {
        return message;
    }
}"""


def test_a_file_with_a_network_that_is_none_is_refused(context, site):
    course = module(open_page(context, site, "reference/glossary"), "page/course.js")
    assert course.evaluate(READ, network_of(1) | {"accuracy": 0.1}) == 1
    said = {fault: course.evaluate(READ, value) for fault, value in NO_NETWORKS.items()}
    assert set(said.values()) == {"it is damaged at entry 1."}, said


def test_five_networks_are_kept_and_those_with_a_name_or_in_use_stay(context, site):
    page, asked, answers = open_page(context, site, "chapters/00_introduction"), [], []

    def answer(dialog):
        asked.append(dialog.message)
        given = answers.pop(0) if answers else ""
        dialog.dismiss() if given is None else dialog.accept(given)

    page.on("dialog", answer)
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator(".demo-verdict").wait_for()
    assert not page.locator(".demo-yours").is_visible()
    networks, count = module(page, "page/networks.js"), itertools.count()

    def train(*accuracies):
        for accuracy in accuracies:
            network = network_of(256) | {"accuracy": accuracy, "training": next(count)}
            for epochs in (2, 3):
                networks.evaluate("({ keepTrained }, network) => keepTrained(network)", network | {"epochs": epochs})

    def rename(name):
        answers.append(name)
        page.get_by_role("button", name="rename").click()

    train(0.8, 0.1, 0.2)
    assert yours(page) == [f"3 epochs: {share}0.0 %" for share in (2, 1, 8)], "an epoch takes the place of the one before"
    choice = page.locator(".demo-yours select")
    assert choice.input_value() == "3 epochs: 20.0 %", "the newest"
    choice.select_option("3 epochs: 10.0 %")
    rename(" lost  at 5 ")
    assert choice.input_value() == "lost at 5"
    before = page.evaluate("JSON.stringify(localStorage)")
    rename(None)
    assert page.evaluate("JSON.stringify(localStorage)") == before, "nothing, where the reader cancels"
    rename("")
    assert choice.input_value() == "3 epochs: 10.0 %", "its own words"
    rename("lost at 5")
    rename("lost at 5")  # OK, and nothing was changed
    rename("3 epochs: 20.0 %")
    assert choice.input_value() == "lost at 5" and asked[-1] == "Another network has this name."
    train(0.3, 0.4, 0.5, 0.6, 9e9)
    damaged = {"W1": 1, "accuracy": 1}
    module(page, "page/kept.js").evaluate("({ set }, value) => set({ kind: 'network', about: 'damaged' }, value)", damaged)
    page.reload()
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator(".demo-body[data-epoch='yours']").wait_for()
    assert yours(page) == [*(f"3 epochs: {share}0.0 %" for share in (6, 5, 4, 3)), "lost at 5"]
    assert page.locator(".demo-score").inner_text().endswith("60.0\N{NO-BREAK SPACE}% of all 10,000 test images")
    for left in range(4, -1, -1):
        page.get_by_role("button", name="remove").click()
        assert len(yours(page)) == left and asked[-1].startswith("Remove the network")
    page.locator(".demo-body[data-epoch='10']").wait_for()
    assert not page.locator(".demo-yours").is_visible()


def test_what_is_right_leads_to_its_refutation_whose_verdict_is_there_at_the_next_visit(page):
    leads = page.get_by_role("button", name="What would make it fail?")
    for code, kind, number in ((MINE, "right", 1), ("def relu(X):\n    return X", "not yet", 0)):
        run(page, slot_number(page, "relu"), code)
        expect(leads).to_have_count(number)
        assert judged(page, "relu")[0] == kind
    run(page, slot_number(page, "relu"), MINE)
    leads.click()
    settle(page)
    assert 0 <= page.locator(".refute").first.bounding_box()["y"] < page.viewport_size["height"]
    number = number_of(page, 'refute("relu"')
    said = run(page, number, written_in(page, number).replace("3]", "7]"))[2]
    page.reload()
    page.get_by_text("This is what it said when it ran last.").wait_for()
    assert output(page, number) == said and "Right: refuted" in said


def test_an_input_refutes_or_does_not_and_each_try_is_kept(page):
    number = number_of(page, 'refute("relu"')
    book = written_in(page, number)
    done = page.locator(".done-here")
    assert "Done in this chapter: 0 of" in done.text_content()
    said = run(page, number, book.replace("3]", "6]"))[2]
    assert "def relu(X):\n    return nd.clip(X, 0, 6)" in said and "Not yet: no refutation, because both give the same." in said
    said = run(page, number, book.replace("3]", "7]"))[2]
    assert "Right: refuted: numbers above 6" in said and "  the book's   [[0, 0, 7]]\n  this one's   [[0, 0, 6]]" in said
    expect(done).to_contain_text("Done in this chapter: 1 of")
    kept = module(page, "page/kept.js").evaluate("({ recordOf }) => recordOf({ kind: 'check', about: 'refute relu' })")
    assert (kept["tries"], kept["first"]["right"], kept["last"]["right"]) == (2, False, True)


QUICK = """def train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size,
              params=None, lr=None, trainer=None):
    print("epochs:", num_epochs, "of", len(train_iter), "minibatches", sgd.__module__)
    for i, (X, y) in enumerate(train_iter):
        if i < 2:
            with autograd.record():
                l = loss(net(X), y)
            l.backward()
            sgd(params, lr, batch_size)"""


# The last one, because the page's Python is gone then: the next would start another.
def test_when_the_last_function_is_right_the_whole_network_is_there_and_runs_in_a_fresh_python(page, context, site):
    number = slot_number(page, "relu")
    for _, slot, code in all_slots():
        if slot["name"] != "relu":
            keep(page, slot["name"], QUICK if slot["name"] == "train_ch3" else code)
    whole = page.locator(".whole")
    run(page, number, RELU.replace("maximum", "minimum"))
    assert whole.count() == 0
    run(page, number, RELU)
    whole.get_by_text(f"All {len(all_slots())} functions are yours.").wait_for()
    file = whole.locator(".file").text_content()
    assert re.findall(r"^def (\w+)", file, re.M) == "init_params relu mlp softmax_cross_entropy sgd train_ch3".split(), (
        "what it needs"
    )
    with page.expect_download() as download:
        whole.get_by_role("button", name="Save network.py").click()
    assert download.value.path().read_text(encoding="utf-8") == file
    whole.get_by_role("button", name="Run it in a fresh Python").click()
    link = whole.get_by_role("link", name="Draw on it")
    link.wait_for()
    assert whole.locator(".out").inner_text().split() == "epochs: 10 of 235 minibatches __main__".split()
    assert ended(page)[1] == "network.py has run." and page.locator(f"{SLOT} .run-state").inner_text().endswith("ran in 0.0 s")
    home = context.new_page()
    home.goto(link.get_attribute("href"))
    home.locator(".demo-body[data-epoch='yours']").wait_for()
    assert re.fullmatch(r"1 epoch, learning rate 0.5: [\d.]+ %", *yours(home))
    expect(home.locator("#yours .whole")).to_contain_text("# --- from the images to ten epochs")
