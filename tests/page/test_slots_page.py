"""Functions to write in a page of the course, and refutations: what its judges say there, and what comes once all are written.

What a page does with any function, whatever its judge, is tested on the sample book (tests/press/test_functions, test_lines).
"""

import re

import pytest
from playwright.sync_api import expect

from press.browser.chromium import settle
from press.browser.listings import ended, hold, number_of, open_page, output, press_run, run, sentence, start_over, version, write
from press.browser.listings import written as written_in
from press.notebooks.slots import all_slots
from tests.support.networks import yours
from tests.support.page import module
from tests.support.page_slots import anew, forget_functions, judged, keep, open_alone, slot_number

pytestmark = pytest.mark.any_prose

RELU = "def relu(X):\n    return nd.maximum(X, 0)"
MINE = f"{RELU}  # mine"
WRONG = "def relu(X):\n    return nd.abs(X)"
CHAPTER = "chapters/03_activation"  # it has the slot relu
SLOT = "#write-relu"
COUNT = ".contents a[aria-current] span"  # how many functions of the chapter are the reader's


@pytest.fixture(scope="module")
def reader(returning):
    context = returning()
    yield context
    context.close()


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


def other_ways(page, name):
    """What shows other ways to write the function of a slot, once that is right."""
    return page.locator(f"#write-{name} details", has_text="Other ways to write it")


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


def test_of_what_it_prints_while_it_is_judged_the_beginning_is_shown(page):
    run(page, slot_number(page, "relu"), "print('outside')\ndef relu(X):\n    print('inside', X.shape)\n    return X")
    printed = page.locator(f"{SLOT} .verdict .printed").inner_text().splitlines()
    assert printed[0] == "outside" and printed[1].startswith("inside (") and printed[-1] == "..."


def test_stop_ends_a_judge(page):
    number = slot_number(page, "relu")
    write(page, number, "def relu(X):\n    while True:\n        np.sort(np.ones(10**5))")
    press_run(page, number)
    page.get_by_text("Judging your relu").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped" and judged(page, "relu")[1].startswith("No verdict: the judge was stopped.")


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


def test_other_ways_are_offered_in_a_later_tab_too(page, context, site):
    run(page, slot_number(page, "relu"), RELU)
    later = open_page(context, site, CHAPTER)
    later.locator(SLOT).get_by_text("relu is yours").wait_for()
    other_ways(later, "relu").locator("summary").wait_for()


def test_who_leaves_all_of_it_to_mxnet_is_told_so(page):
    run(page, slot_number(page, "relu"), "def relu(X):\n    return nd.relu(X)")
    kind, said = judged(page, "relu")
    assert kind == "right" and said.endswith("But nd.relu does all of it. Write it without.")
    ask = "({ each }, [name, code]) => each('isRight', name, code).join('')"
    for whole in ("nd.log_softmax(O)", "O.log_softmax()"):
        given = ["softmax_cross_entropy", f"def softmax_cross_entropy(O, y):\n    return -nd.pick({whole}, y)"]
        said = module(page, "page/plugs.js").evaluate(ask, given)
        assert said == " But nd.log_softmax does all of it. Write it without.", whole


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
