"""Listings that run in the page, as a reader runs them: a real browser, the site that `make site` made, served under a path.

Most tests need a listing of their own. They write it into the first listing of a chapter, as a reader would.
"""

import ast
import contextlib
import itertools
import json
import os
import re
import shutil
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

import utils
from tests.support.browser import SETTINGS, find_browser
from tests.support.compare import snapped, tolerance
from tests.support.firefox import open_firefox
from tests.support.listings import ROOT, SITE, ended, listing, open_page, output, press_run, run, wait_for, write
from tests.support.server import serve
from tools.book.contents import pages
from tools.measure import page_numbers

sys.path.insert(0, str(ROOT / "site"))
import book  # noqa: E402

CHAPTER = "chapters/03_activation"
RUNNING = [name for name in pages() if name.startswith("chapters/") and name not in book.RUN_ELSEWHERE]


@pytest.fixture(scope="module")
def folder():
    if not (SITE / "run" / "manifest.json").exists():
        pytest.skip("`make site` has not made the site")
    return SITE


@pytest.fixture(scope="module")
def site(folder):
    with serve(folder, "/course/") as address:
        yield address


@pytest.fixture(scope="module")
def reader(browser):
    """A reader's browser, which keeps what it has loaded from test to test."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    yield context
    context.close()


@pytest.fixture
def page(reader, site):
    page = opened(reader, site)
    yield page
    page.evaluate("localStorage.clear()")
    page.close()


def opened(context, site, name=CHAPTER):
    return open_page(context, site, name)


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


def test_output_streams(page):
    write(page, 1, 'import time\nprint("first")\ntime.sleep(3)\nprint("last")')
    press_run(page, 1)
    page.get_by_text("first", exact=True).wait_for()
    assert page.locator("[data-run-state=running]").count() == 1
    ended(page)
    assert output(page, 1) == "first\nlast"


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
    assert run(page, 1, "raise SystemExit")[0] == "failed"
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


def test_too_much_output_does_not_stop_the_page(page):
    write(page, 1, "while True:\n    print('again and again')")
    press_run(page, 1)
    page.get_by_text("what follows is left out").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    assert len(output(page, 1)) < 110_000


# Whole chapters


@pytest.mark.parametrize("name", [name if name == CHAPTER else pytest.param(name, marks=pytest.mark.weekly) for name in RUNNING])
def test_chapter_runs_to_its_last_cell(browser, site, name, record_property):
    context = browser.new_context()
    page = opened(context, site, name)
    page.click(".run-all")
    state, said = ended(page, 15 * 60)
    assert state == "done", f"{said}\n{page.locator('.traceback').all_text_contents()}"
    assert differences(page.evaluate(OUTPUTS), name) == []
    record_property("said", said)
    context.close()


@pytest.mark.weekly
def test_chapter_runs_to_its_last_cell_in_firefox(site):
    name = "chapters/06_training"
    with open_firefox(f"{site}{name}.html") as evaluate:
        evaluate("document.querySelector('.run-all').click()")
        assert evaluate(STATE_AT_THE_END) == "done"
        assert differences(evaluate(OUTPUTS), name) == []


STATE_AT_THE_END = """new Promise((resolve) => { const look = setInterval(() => {
    const state = document.querySelector(".run-bar [data-run-state]")?.dataset.runState;
    if (["done", "failed", "stopped"].includes(state)) { clearInterval(look); resolve(state); }
}, 200); })"""
# What stands below each listing: kind and text of each part.
OUTPUTS = """[...document.querySelectorAll(".cell")].map((cell) => [...cell.querySelectorAll(".cell_output > *")].map((part) =>
    part.querySelector("img") ? ["figure", ""]
        : [part.dataset.kind, (part.querySelector("pre") ?? part).textContent.trimEnd()]))"""


def differences(shown, name):
    """What differs between a page's outputs and those stored for a chapter, by nbval's rules."""
    cells = [cell for cell in json.loads((ROOT / f"{name}.ipynb").read_text())["cells"] if cell["cell_type"] == "code"]
    assert len(shown) == len(cells)
    return [difference for outputs, cell in zip(shown, cells) if (difference := compare(outputs, cell))]


def compare(shown, cell):
    tags = cell["metadata"].get("tags", [])
    left_out = "raises-exception" in tags and any("Left out: " in text for _, text in shown)
    if "nbval-ignore-output" in tags or left_out:
        return None
    stored = [as_in_the_page(output) for output in cell["outputs"]]
    within = tolerance(tags) or 0
    shown = [
        (kind, snapped(text, old[1], within)) for (kind, text), old in itertools.zip_longest(shown, stored, fillvalue=("", ""))
    ]
    return None if shown == stored else (shown, stored)


def as_in_the_page(output):
    if output["output_type"] == "stream":
        return output["name"], "".join(output["text"]).rstrip()
    if "image/svg+xml" in output["data"]:
        return "figure", ""
    return "result", "".join(output["data"]["text/plain"])


@pytest.mark.parametrize(
    ("name", "code"), [("losses", page_numbers.LOSSES), pytest.param("epochs", page_numbers.EPOCHS, marks=pytest.mark.weekly)]
)
def test_numbers_are_the_same_in_every_browser(browser, site, name, code):
    """To the last bit: WebAssembly's arithmetic leaves nothing open."""
    assert page_numbers.printed(browser, site, code) == json.loads(page_numbers.FILE.read_text())[name]


def test_every_helper_that_draws_loads_matplotlib():
    tree = ast.parse((ROOT / "site" / "run" / "runner.py").read_text())
    groups = next(node.value for node in tree.body if getattr(node, "targets", [ast.Name("")])[0].id == "GROUPS")
    asking = ast.literal_eval(groups.values[0].args[0].func.value).split()
    assert sorted(asking) == sorted([*utils.LAZY, "matplotlib"])


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


def test_stop_and_go_on(page):
    for number, code in ((1, "x = 1"), (2, "while True:\n    pass"), (3, "x")):
        write(page, number, code)
    press_run(page, 3)
    page.get_by_text("Running listing 2, 1 to go.").wait_for()
    page.click(".run-bar .stop")
    state, said = ended(page)
    assert state == "stopped" and said.startswith("Stopped in listing 2. What the listings had computed is gone")
    write(page, 2, "x += 1")
    assert run(page, 3)[::2] == ("done", "2"), "the first listing has run again"
    write(page, 2, "while True:\n    pass")
    press_run(page, 2)
    page.get_by_text("Running listing 2.").wait_for()
    page.click("[aria-label='Stop listing 2']")  # the button that started it
    assert ended(page)[0] == "stopped"


def test_start_over_brings_back_the_books_outputs(page):
    stored = listing(page, 2).locator(".cell_output").inner_html()
    write(page, 1, "x = 5")
    run(page, 2, "print(x)")
    assert output(page, 2) == "5"
    page.click("text=Start over")
    assert "nothing has run" in page.inner_text("[data-run-state=stopped]")
    assert listing(page, 2).locator(".cell_output").inner_html() == stored
    write(page, 1, "pass")
    assert "name 'x' is not defined" in run(page, 2)[2]


# Editing


def test_edits_are_kept_and_the_original_comes_back(page, reader, site):
    original = listing(page, 1).locator("pre").first.inner_html()
    write(page, 1, "text = '''\n# no comment'''  # a comment\nprint(text[0:1], 0.5)")
    page.keyboard.press("Escape")
    classes = listing(page, 1).locator("pre").first.locator("span").evaluate_all("all => all.map((span) => span.className)")
    assert classes == ["n", "s1", "c1", "n", "n", "mi", "mi", "mi"]
    page.reload()
    listing(page, 1).get_by_text("no comment").first.wait_for()
    assert "no comment" in listing(page, 1).inner_text() and "edited" in listing(page, 1).locator(".run-state").inner_text()
    assert page.locator("[data-run-state]").count() == 0, "nothing runs before the reader asks for it"
    other = opened(reader, site)
    write(other, 2, "other = 1")
    page.click("[aria-label='Back to the original of listing 1']")
    assert listing(page, 1).locator("pre").first.inner_html() == original
    other.reload()
    listing(other, 2).get_by_text("other = 1").first.wait_for()
    assert "other = 1" in listing(other, 2).inner_text() and "no comment" not in listing(other, 1).inner_text()
    other.close()


def test_all_by_keyboard(page):
    def tab_to(label):
        for _ in range(80):
            page.keyboard.press("Tab")
            if (page.evaluate("document.activeElement.getAttribute('aria-label')") or "").startswith(label):
                return
        raise AssertionError(f"no way to {label} by the Tab key")

    tab_to("Run listing 1")
    tab_to("Edit listing 1")
    page.keyboard.press("Enter")
    page.locator("textarea:focus").wait_for()
    page.keyboard.press("Control+A")
    page.keyboard.type("for i in range(2):\nprint(i)\n")  # the second line is indented by the editor
    page.keyboard.press("Shift+Enter")
    assert ended(page)[0] == "done" and output(page, 1) == "0\n1"
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.tagName") != "TEXTAREA", "Tab leaves the editor"
    page.keyboard.press("Shift+Tab")
    page.click("[aria-label='Edit listing 1']")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.getAttribute('aria-label')") == "Edit listing 1"
    assert page.locator("textarea").count() == 0


def test_two_tabs_do_not_meet(page, reader, site):
    other = opened(reader, site)
    write(other, 1, "import time\nx = 'other'\ntime.sleep(4)\nprint(x)")
    press_run(other, 1)
    wait_for(other, "running")
    assert run(page, 1, "x = 'one'\nprint(x)")[2] == "one"
    page.click("text=Start over")
    assert ended(other)[0] == "done" and output(other, 1) == "other"
    other.close()


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
            new Worker(URL.createObjectURL(new Blob([code]))).onmessage = ({data}) => resolve(data);
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
    for path in [*folder.glob("*.html"), *folder.glob("chapters/*.html"), *folder.glob("pages/*.html")]:
        text = path.read_text()
        policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
        runs = "run/start.js" in text
        assert policy == (plain.replace("default-src 'self'; ", more) if runs else plain), path.name


# Light, and kept


def test_page_that_has_not_run_is_hardly_heavier(folder, browser, site):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site).split("?")[0]))
    page.goto(f"{site}{CHAPTER}.html", wait_until="networkidle")
    more = [path for path in asked if path.startswith("run/")]
    assert sorted(more) == ["run/run.css", "run/start.js"]
    assert sum((folder / path).stat().st_size for path in more) < 14_000  # and some 600 bytes in the page itself
    context.close()


def test_second_visit_without_network(browser, folder):
    context = browser.new_context()
    with serve(folder, "/course/") as site:
        page = opened(context, site)
        assert run(page, 1, "print('online')")[2] == "online"
        wait_until_kept(page)
        page.close()
    page = opened(context, site)  # the server is gone
    page.reload()
    assert run(page, 1, "import numpy\nprint('offline')")[2] == "offline"
    page.goto(f"{site}chapters/05_loss.html")  # a page that was never opened
    assert "Measure how wrong it is" in page.inner_text("h1")
    assert run(page, 1, "print('next page')")[2] == "next page"
    context.close()


def wait_until_kept(page):
    """All of it: the pages come last, and among their parts the script that runs listings."""
    page.evaluate("""async () => {
        const cache = await caches.open(`pages of ${new URL("..", location.href)}`);
        const done = async () => (await cache.keys()).some(({ url }) => url.includes("page.js"));
        while (!(await done())) await new Promise((next) => setTimeout(next, 50));
    }""")


def test_slow_network_shows_its_progress(browser, site):
    context = browser.new_context()
    page = opened(context, site)
    devtools = context.new_cdp_session(page)
    devtools.send("Network.enable")
    slow = {"offline": False, "latency": 20, "downloadThroughput": 2e6, "uploadThroughput": 1e6}
    devtools.send("Network.emulateNetworkConditions", slow)
    press_run(page, 1)
    wait_for(page, "loading")
    assert page.inner_text("[data-run-state]") == "Loading Python."
    page.locator(".run-meter", has_text=re.compile(r"^[1-9][0-9.]* of [1-9][0-9.]+ MB$")).wait_for()
    page.click(".run-bar .stop")
    state, said = ended(page)
    assert state == "stopped" and said.startswith("Stopped. ")
    devtools.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    assert run(page, 1, "print('all the same')")[2] == "all the same"
    context.close()


# What can fail: a sentence each, and the book reads on


@contextlib.contextmanager
def changed(folder, tmp_path, change):
    """The site, served from a copy in which something is wrong."""
    shutil.copytree(folder, tmp_path / "site", copy_function=os.link, ignore=shutil.ignore_patterns("lite", "fashion-mnist"))
    change(tmp_path / "site" / "run")
    with serve(tmp_path / "site", "/course/") as site:
        yield site


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


FAILURES = {
    "damaged": (
        lambda run: damage(run / "pyodide" / "python_stdlib.zip"),
        "pyodide/python_stdlib.zip arrived damaged: its checksum is not the published one. Press Run to fetch it again.",
    ),
    "missing": (
        lambda run: (run / "pyodide" / "pyodide.asm.wasm").unlink(),
        "pyodide/pyodide.asm.wasm did not arrive (status 404). Check the connection and press Run again.",
    ),
    "no list": (
        lambda run: (run / "manifest.json").unlink(),
        "manifest.json did not arrive (status 404). Check the connection and press Run again.",
    ),
    "no script": (
        lambda run: (run / "page.js").unlink(),
        "What runs the listings did not arrive. Check the connection and load this page anew.",
    ),
}


@pytest.mark.parametrize("name", FAILURES)
def test_download_that_fails_gives_one_sentence(browser, folder, tmp_path, name):
    change, sentence = FAILURES[name]
    context = browser.new_context()
    with changed(folder, tmp_path, change) as site:
        page = opened(context, site)
        press_run(page, 1)
        assert ended(page) == ("failed", f"{sentence} The text can be read as it is.")
    context.close()


@contextlib.contextmanager
def started_with(*arguments, profile=None):
    """A browser that was started in another way."""
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    options = {"executable_path": find_browser(), "args": [*arguments, *["--no-sandbox"] * root]}
    with sync_playwright() as playwright:
        chromium = playwright.chromium
        opened = chromium.launch_persistent_context(profile, **options) if profile else chromium.launch(**options)
        yield opened
        opened.close()


def in_a_thread(function):
    """Playwright lets a thread drive one set of browsers, and the tests' own is one already."""
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def first_run(site, *arguments, code="print('ran')", profile=None):
    def visit():
        with started_with(*arguments, profile=profile) as browser:
            page = opened(browser if profile else browser.new_context(), site)
            return run(page, 1, code)

    return in_a_thread(visit)


def test_without_simd_it_is_slow_and_says_so(site):
    code = "from utils.engine import product\nproduct.sgemm"
    state, said, text = first_run(site, "--js-flags=--no-enable-sse4-1", code=code)
    assert (state, text) == ("done", "")
    assert said.endswith("This browser lacks WebAssembly's SIMD, so training is slow here.")


def test_too_little_memory_to_start(site):
    state, said, _ = first_run(site, "--js-flags=--wasm-max-mem-pages=200")
    assert state == "failed" and said.startswith("This device has too little memory left for Python. Close other pages")


def test_too_little_memory_later(site):
    state, _, text = first_run(site, "--js-flags=--wasm-max-mem-pages=1600", code="import numpy as np\nnp.ones(10**8)")
    assert state == "failed"
    assert text.splitlines()[-1].startswith("MemoryError: this browser gives the page no more memory.")


def test_without_storage_it_runs_and_says_what_follows(site, tmp_path):
    (tmp_path / "Default").mkdir()
    blocked = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(blocked))
    state, said, text = first_run(site, profile=tmp_path)
    assert (state, text) == ("done", "ran")
    assert said.endswith("This browser keeps nothing for this page, so the next visit loads everything again.")


def test_over_plain_http_it_runs_verified_by_the_browser(folder, tmp_path):
    """Neither a cache nor checksums are there for scripts; a school's own server may be such a one."""
    name = "--host-resolver-rules=MAP school.test 127.0.0.1"

    def address(site):
        return site.replace("127.0.0.1", "school.test")

    with serve(folder, "/course/") as site:
        state, said, text = first_run(address(site), name)
    assert (state, text) == ("done", "ran") and "keeps nothing for this page" in said
    with changed(folder, tmp_path, lambda run: damage(run / "pyodide" / "python_stdlib.zip")) as site:
        state, said, _ = first_run(address(site), name)
    assert state == "failed" and said.startswith("pyodide/python_stdlib.zip did not arrive")


def test_from_a_folder_it_says_why_it_can_not_run(browser, folder):
    page = browser.new_page()
    page.goto((folder / f"{CHAPTER}.html").as_uri())
    press_run(page, 1)
    state, said = ended(page)
    assert state == "failed" and said.startswith("The listings run in pages that come from a web server, not from a folder.")
    page.close()


def test_without_javascript_the_book_says_so_and_reads_on(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{CHAPTER}.html")
    assert page.locator("button.run-all").is_hidden() and page.locator(".run-row").count() == 0
    assert "The listings run in this page where JavaScript is on." in page.inner_text(".actions")
    context.close()


# For everyone


def test_axe_finds_nothing_in_any_state(browser, site):
    context = browser.new_context(bypass_csp=True)
    page = opened(context, site)
    page.add_style_tag(content="* { background-image: none !important }")

    def look(state):
        for width, scheme in SETTINGS:
            page.set_viewport_size({"width": width, "height": 900})
            page.emulate_media(color_scheme=scheme)
            result = Axe().run(page)
            assert result.response["violations"] == [], f"{state} {width} {scheme}: {result.generate_report()}"

    look("before")
    write(page, 1, "import time\nprint(1)\ntime.sleep(60)")
    look("editing")
    press_run(page, 1)
    page.get_by_text("Running listing 1.").wait_for()
    look("running")
    page.click(".run-bar .stop")
    look("stopped")
    run(page, 1, "import sys\nprint(1, file=sys.stderr)\n1 / 0")
    look("failed")
    run(page, 1, "import matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()")
    look("done")
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_fits_a_narrow_phone(browser, site, scheme):
    context = browser.new_context(viewport={"width": 360, "height": 740}, color_scheme=scheme, has_touch=True)
    page = opened(context, site)
    run(page, 1, "x = 1  # " + 20 * "long " + "\nprint(x)\nprint(20 * 'wide ')")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for button in page.locator(".run-row button:visible, .run-bar button:visible").all():  # not those of folded checks
        box = button.bounding_box()
        assert not box or (box["x"] >= 0 and box["x"] + box["width"] <= 360 and box["height"] >= 24)
    context.close()
