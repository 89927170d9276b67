"""Listings that run in the page, as a reader runs them: a real browser, the site that `make site` made, served under a path.

Most tests need a listing of their own. They write it into the first listing of a chapter, as a reader would. How running starts,
and what can keep it from that, is in test_loading.
"""

import ast
import json
import re

import pytest

import utils
from tests.support.compare import differences
from tools.browser.chromium import axe_finds
from tools.browser.firefox import open_firefox
from tools.browser.listings import ROOT, ended, listing, open_page, output, press_run, run, write
from tools.browser.server import serve
from tools.measure import browser_numbers
from tools.notebooks.chapters import needs_torch
from tools.site.contents import pages

LIGHT = "chapters/05_loss"  # the others train, which takes its time in a page
RUNNING = [name for name in pages() if name.startswith("chapters/") and not needs_torch(ROOT / f"{name}.md")]


@pytest.fixture(scope="module")
def reader(browser):
    """A reader's browser, which keeps what it has loaded from test to test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(reader, site):
    return open_page(reader, site, LIGHT)


@pytest.fixture(scope="module")
def other_tab(reader, site):
    """A second page of the same chapter, with a Python of its own."""
    page = open_page(reader, site, LIGHT)
    yield page
    page.close()


@pytest.fixture
def page(opened):
    """The page that all these tests share, so that Python starts once; each leaves it with the original listings."""
    opened.bring_to_front()  # a tab in the background is slow
    yield opened
    opened.bring_to_front()
    stop, back = opened.locator(".run-bar .stop:enabled:visible"), opened.get_by_role("button", name="Back to the original")
    while stop.count():
        stop.click()
    while back.count():
        back.first.click()
    opened.emulate_media(color_scheme="light")
    opened.set_viewport_size({"width": 1280, "height": 900})


# Whole chapters


@pytest.mark.parametrize("name", [LIGHT, *(pytest.param(name, marks=pytest.mark.weekly) for name in RUNNING if name != LIGHT)])
def test_chapter_runs_to_its_last_cell(opened, reader, site, name):
    page = opened if name == LIGHT else open_page(reader, site, name)
    page.click(".run-all")
    state, said = ended(page, 15 * 60)
    assert state == "done", f"{said}\n{page.locator('.traceback').all_text_contents()}"
    assert differences(page.evaluate(OUTPUTS), ROOT / f"{name}.ipynb") == []
    if page is not opened:
        page.close()


@pytest.mark.weekly
def test_chapter_runs_to_its_last_cell_in_firefox(site):
    name = "chapters/06_training"
    with open_firefox(f"{site}{name}.html") as evaluate:
        evaluate("document.querySelector('.run-all').click()")
        assert evaluate(STATE_AT_THE_END) == "done"
        assert differences(evaluate(OUTPUTS), ROOT / f"{name}.ipynb") == []


STATE_AT_THE_END = """new Promise((resolve) => { const look = setInterval(() => {
    const state = document.querySelector(".run-bar [data-run-state]")?.dataset.runState;
    if (["done", "failed", "stopped"].includes(state)) { clearInterval(look); resolve(state); }
}, 200); })"""
# What stands below each listing: kind and text of each part.
OUTPUTS = """[...document.querySelectorAll(".cell")].map((cell) => [...cell.querySelectorAll(".cell_output > *")].map((part) =>
    part.querySelector("img") ? ["figure", ""]
        : [part.dataset.kind, (part.querySelector("pre") ?? part).textContent.trimEnd()]))"""


@pytest.mark.parametrize(
    ("name", "code"),
    [("losses", browser_numbers.LOSSES), pytest.param("epochs", browser_numbers.EPOCHS, marks=pytest.mark.weekly)],
)
def test_numbers_are_the_same_in_every_browser(page, name, code):
    """To the last bit: WebAssembly's arithmetic leaves nothing open."""
    assert browser_numbers.printed(page, code) == json.loads(browser_numbers.FILE.read_text())[name]


def test_every_helper_that_draws_loads_matplotlib():
    tree = ast.parse((ROOT / "site" / "run" / "runner.py").read_text())
    groups = next(node.value for node in tree.body if getattr(node, "targets", [ast.Name("")])[0].id == "GROUPS")
    asking = ast.literal_eval(groups.values[0].args[0].func.value).split()
    assert sorted(asking) == sorted([*utils.LAZY, "matplotlib", "utils.*"])


# What a listing gives


def test_output_comes_as_in_a_notebook(page):
    code = 'import sys\nprint("one")\nprint("two", file=sys.stderr)\n{"a": [1.5, 2], "b": "text"}'
    state, said, text = run(page, 1, code)
    assert state == "done" and said.startswith("Listing 1 has run, in ")
    assert text == "one\ntwo\n{'a': [1.5, 2], 'b': 'text'}"
    assert run(page, 1, "1 + 1;")[2] == "" and run(page, 1, "None")[2] == ""
    assert run(page, 1, "import numpy as np\nnp.arange(3.0)")[2] == "array([0., 1., 2.])"
    warning = 'import warnings\n\nwarnings.warn("careful")'
    for _ in range(2):  # a second time as well
        assert run(page, 1, warning)[2] == "listing 1, line 3: UserWarning: careful"


def test_error_points_at_the_readers_line(page):
    state, said, text = run(page, 1, "def f(x):\n    return 1 / x\n\n\nprint('before')\nf(0)")
    assert state == "failed" and said == "Listing 1 ended with an error."
    assert text.splitlines() == [
        "before",
        "listing 1, line 6",
        "    f(0)",
        "listing 1, line 2, in f",
        "    return 1 / x",
        "ZeroDivisionError: division by zero",
    ]
    text = run(page, 1, "x = (1 +")[2]
    assert text.splitlines()[0] == "listing 1, line 1" and "SyntaxError: '(' was never closed" in text
    text = run(page, 1, "import json\njson.loads('{')")[2]
    assert text.count("listing 1, line") == 1 and "decoder.py" not in text
    assert len(run(page, 1, "def f():\n    f()\nf()")[2].splitlines()) < 20
    assert run(page, 1, "raise SystemExit")[2].splitlines()[-1] == "SystemExit"
    assert run(page, 1, "2 + 2")[2] == "4"  # Python is as alive as before


def test_figure_is_a_picture_with_a_text(page):
    draw = "import matplotlib.pyplot as plt\nprint('before')\nplt.plot([1, 2])\nplt.show()\nprint('after')\ndisplay(plt.figure())"
    state, _, text = run(page, 1, draw)
    assert (state, text) == ("done", "before\nafter")
    pictures = listing(page, 1).locator(".cell_output img")
    assert pictures.count() >= 2
    for picture in pictures.all():
        assert picture.get_attribute("src").startswith("data:image/svg+xml") and picture.get_attribute("alt")
        assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") > 100


# Running several


def test_runs_those_above_first_and_again_only_where_edited(page):
    for number, code in ((1, "print('one')\nx = 1"), (2, "x += 1"), (3, "print(x)")):
        write(page, number, code)
    state, said, text = run(page, 3)
    assert state == "done" and said.startswith("Listing 3 and 2 above it have run, in ") and text == "2"
    assert run(page, 3)[2] == "2", "those above have run and are left alone"
    assert run(page, 3, "print(10 * x)")[2] == "20"
    write(page, 2, "x += 5")
    assert run(page, 3)[2] == "70", "listing 2 has not run as it stands now"
    write(page, 2, "x = unknown")
    state, said, _ = run(page, 3)
    assert state == "failed" and said == "Listing 2 ended with an error. Listing 3 was not run."
    assert run(page, 3)[0] == "done", "a listing below an error can be run all the same"


# Editing


def test_edits_are_kept_and_the_original_comes_back(reader, site):
    other, page = (open_page(reader, site) for _ in range(2))
    original = listing(page, 1).locator("pre").first.inner_html()
    write(page, 1, "text = '''\n# no comment'''  # a comment\nprint(text[0:1], 0.5)")
    page.keyboard.press("Escape")
    classes = listing(page, 1).locator("pre").first.locator("span").evaluate_all("all => all.map((span) => span.className)")
    assert classes == ["n", "s1", "c1", "n", "n", "mi", "mi", "mi"]
    page.reload()
    listing(page, 1).get_by_text("no comment").first.wait_for()
    assert "no comment" in listing(page, 1).inner_text() and "edited" in listing(page, 1).locator(".run-state").inner_text()
    assert page.locator("[data-run-state]").count() == 0, "nothing runs before the reader asks for it"
    other.bring_to_front()
    write(other, 2, "other = 1")
    page.bring_to_front()
    page.click("[aria-label='Back to the original of listing 1']")
    assert listing(page, 1).locator("pre").first.inner_html() == original
    other.reload()
    listing(other, 2).get_by_text("other = 1").first.wait_for()
    assert "other = 1" in listing(other, 2).inner_text() and "no comment" not in listing(other, 1).inner_text()
    other.evaluate("localStorage.clear()")
    page.close()
    other.close()


def test_all_by_keyboard(page):
    def tab_to(label):
        for _ in range(80):
            page.keyboard.press("Tab")
            if (page.evaluate("document.activeElement.getAttribute('aria-label')") or "").startswith(label):
                return
        raise AssertionError(f"no way to {label} by the Tab key")

    page.click("h1")
    tab_to("Run listing 1")
    tab_to("Edit listing 1")
    page.keyboard.press("Enter")
    page.locator("textarea:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("for i in range(2):\nprint(i // 1)\n")  # the second line is indented by the editor
    page.keyboard.press("Shift+Enter")
    assert ended(page)[0] == "done" and output(page, 1) == "0\n1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA", "Tab leaves the editor"
    page.keyboard.press("Shift+Tab")
    page.click("[aria-label='Edit listing 1']")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Edit listing 1"
    assert page.locator("textarea").count() == 0


# Safe


def test_python_reaches_no_address_no_storage_and_not_the_page(page, reader, site, tmp_path):
    asked = []
    reader.on("request", lambda request: asked.append(request.url))
    with serve(tmp_path) as elsewhere:
        write(page, 1, ATTEMPTS.replace("ELSEWHERE", elsewhere).replace("SITE", site))
        press_run(page, 1)
        assert ended(page)[0] == "done"
    assert [url for url in asked if not url.startswith(site) and not url.startswith(("blob:", "data:"))] == []
    results = dict(line.split(": ", 1) for line in output(page, 1).splitlines())
    assert results == {name: "no" for name in results} and len(results) == 22, results
    page.wait_for_timeout(500)
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
js.fetch("ELSEWHEREprobe")
js.fetch("SITEprobe")
pyodide_js.loadPackage("ELSEWHEREprobe-1.0-py3-none-any.whl");
'''


def test_what_a_worker_of_the_page_may_ask_is_what_the_page_may(page, tmp_path):
    """The second wall: even with all that worker.js closes still open, the browser lets it reach no other host."""
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


def test_policy_is_loosened_by_a_worker_and_webassembly_alone(folder):
    plain = "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'self'; form-action 'self'"
    more = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self' blob:; "
    for path in [*folder.glob("*.html"), *folder.glob("chapters/*.html"), *folder.glob("reference/*.html")]:
        text = path.read_text()
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        runs = "run/start.js" in text
        assert policy == (plain.replace("default-src 'self'; ", more) if runs else plain), path.name


# For everyone, and to the end of Python


def test_fits_a_narrow_phone(page):
    run(page, 1, "x = 1  # " + 20 * "long " + "\nprint(x)\nprint(20 * 'wide ')")
    page.set_viewport_size({"width": 360, "height": 740})
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.locator(".run-row button:visible, .run-bar button:visible").all():  # not those of folded checks
        box = button.bounding_box()
        assert not box or (box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 24)


def test_start_over_brings_back_the_books_outputs_and_leaves_other_tabs_alone(page, other_tab, reader, site):
    fresh = open_page(reader, site, LIGHT)
    stored = listing(fresh, 3).locator(".cell_output").inner_html()
    fresh.close()
    other_tab.bring_to_front()
    assert run(other_tab, 1, "x = 'other'")[0] == "done"
    page.bring_to_front()
    write(page, 1, "x = 5")
    write(page, 2, "pass")
    assert run(page, 3, "print(x)")[2] == "5"
    page.click("text=Start over")
    assert "nothing has run" in page.inner_text("[data-run-state=stopped]")
    assert listing(page, 3).locator(".cell_output").inner_html() == stored
    write(page, 1, "pass")
    assert "name 'x' is not defined" in run(page, 3)[2]
    other_tab.bring_to_front()
    assert run(other_tab, 2, "print(x)")[2] == "other"


def test_stop_and_go_on(page):
    for number, code in ((1, "x = 1"), (2, "while True:\n    print('again and again')"), (3, "x")):
        write(page, number, code)
    press_run(page, 3)
    page.get_by_text("what follows is left out").wait_for()  # so much output does not stop the page
    assert page.inner_text("[data-run-state=running]").startswith("Running listing 2, 1 to go.")
    page.click(".run-bar .stop")
    state, said = ended(page)
    assert state == "stopped" and said.startswith("Stopped in listing 2. What the listings had computed is gone")
    assert len(output(page, 2)) < 110_000
    write(page, 2, "x += 1")
    state, said, text = run(page, 3)
    assert (state, text) == ("done", "2"), said
    for _ in range(200):  # a browser may take seconds to end what is busy
        if len(page.workers) > 1:
            page.wait_for_timeout(100)
    assert len(page.workers) == 1, "what was stopped goes on unseen"


NEW = [[".actions"], [".run-row"], *([f".cell:has([aria-label='Edit listing {number}'])"] for number in (1, 2)), [".run-bar"]]


def test_axe_finds_nothing_in_any_state(page):
    def look(state):
        assert axe_finds(page, {"include": NEW}, doubts=False) == {}, state

    run(page, 1, "import sys\nprint(1, file=sys.stderr)\n1 / 0")
    look("failed")
    write(page, 1, "print(0)")
    run(page, 2, "print(1)\n{'a': 1}")
    write(page, 1, "import time\nprint(6 * 7)\ntime.sleep(60)")
    look("done, and editing")
    press_run(page, 1)
    listing(page, 1).locator(".cell_output").get_by_text("42").wait_for()
    look("running")  # what was printed is there already
    page.click("[aria-label='Stop listing 1']")  # the button that started it
    assert ended(page)[0] == "stopped"
    look("stopped")


@pytest.mark.weekly
def test_stop_in_the_middle_of_an_epoch_and_go_on(page):
    write(page, 1, TRAINING)
    press_run(page, 1)
    listing(page, 1).get_by_text("epoch 1,").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    first_line = output(page, 1).splitlines()[0]
    state, _, text = run(page, 1, TRAINING.replace("num_epochs = 9", "num_epochs = 1"), 300)
    assert state == "done" and text.splitlines()[0] == first_line


TRAINING = """
from utils import *
num_epochs = 9
seed_everything(42)
train_iter, test_iter = load_data_fashion_mnist(256)
params = init_params()
train_ch3(lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, num_epochs, 256, params, 0.5)
"""
