"""How running in the page starts: small downloads, caching for the next visit, and one sentence for each failure."""

import re

import pytest

from press.browser.chromium import wait_until
from press.browser.listings import NO_LIMITS, ended, listing, open_page, press_run, run, sentence, states, version, write
from tests.support.humble import alter, humble_page, started_with
from tests.support.page import module
from tests.support.reader import copied
from tests.support.sample import SWING

# Small, and cached


def test_before_the_first_run_a_page_loads_only_two_small_files_and_none_for_a_lost_reader(folder, browser, site):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site).split("?")[0]))
    page.goto(f"{site}{SWING}.html", wait_until="networkidle")
    more = [path for path in asked if path.startswith("run/")]
    assert sorted(more) == ["run/run.css", "run/start.js"]
    assert sum((folder / path).stat().st_size for path in more) < 16_000  # and some 600 bytes in the page itself
    assert not [path for path in asked if "lost" in path or "note.js" in path], "it comes once the page is touched"
    context.close()


LOOK = "import os, sys\nprint('xml.dom.minidom' in sys.modules, os.path.exists('/run/compiled'))"


def press_while_all_loads(page):
    """While scripts load, 1 is double-clicked, 2 pressed, 4 pressed and taken back; while the manifest does, all are stopped."""
    release_scripts, release_manifest = hold(page, "**/session.js*"), hold(page, "**/manifest.json*")
    with page.expect_request("**/session.js*"):
        page.locator("[aria-label='Run listing 1']").dblclick()
    assert page.inner_text("[data-run-state=loading]") == "Loading the scripts that run the listings."
    for number in (2, 4, 4):
        press_run(page, number)
    with page.expect_request("**/manifest.json*"):
        release_scripts()
    assert states(page, 1, 2, 4) == ["waiting", "waiting", "new"]
    write(page, 1, "print('edited')")
    assert version(page, 1).count() == 1
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped" and states(page, 1, 2) == ["edited", "new"]
    release_manifest()


def test_presses_count_while_all_loads_nothing_is_fetched_twice_and_a_start_that_was_kept_is_continued(returning, site):
    """A reader who has been here comes back on a network that breaks.

    If Python didn't start from what an earlier visit has kept, all other tests would pass, and many take twice as long.
    """
    context = returning()
    page, workers = open_page(context, site, SWING), []
    page.on("worker", lambda worker: workers.append(worker))
    press_while_all_loads(page)
    page.evaluate("() => { navigator.serviceWorker.register = async (script) => { window.registered = script; }; }")
    came = []
    page.on("requestfinished", lambda request: came.append(request.url))
    page.route("**/pyodide.asm.wasm*", lambda route: None)  # it never arrives
    press_run(page, 1)
    page.locator("[data-run-state=loading]").wait_for()
    page.locator(".run-meter", has_text=re.compile(r"^[1-9][0-9.]* of [1-9][0-9.]+ MB$")).wait_for()
    with page.expect_event("requestfailed", lambda request: "pyodide.asm.wasm" in request.url):
        page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    page.unroute_all()
    assert run(page, 1, LOOK)[2] == "True True", "modules that the listing does not import, and compiled ones of the packages"
    assert states(page, 2) == ["new"] and len(workers) <= 2, "one may have been stopped while it loaded"
    context.set_offline(True)
    compiled = "import matplotlib, os\nprint(os.path.exists(matplotlib.__cached__))"
    assert run(page, 2, compiled)[0] == "failed" and states(page, 1) == ["ran"]
    context.set_offline(False)
    page.route("**/matplotlib-*", lambda route: None)
    press_run(page, 2)
    with page.expect_event("requestfailed", lambda request: "matplotlib-" in request.url):
        page.locator(".run-bar [data-run-state=loading]").wait_for()
        page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    page.unroute_all()
    page.evaluate(STOP_LATE)
    assert run(page, 2)[0] == "stopped" and states(page, 2) == ["edited"]
    assert run(page, 2)[::2] == ("done", "True") and listing(page, 1).get_attribute("data-runs") == "1"
    files = [url for url in came if "/run/" in url and "manifest" not in url]
    assert len(files) == len(set(files)), "a file that had arrived was fetched again"
    page.wait_for_function("() => window.registered?.endsWith('/offline-worker.js')")  # it keeps the pages once a listing has run
    context.close()


# Presses Stop at the last moment of the next loading, when all files have arrived.
STOP_LATE = """() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
        send.call(this, message, ...more);
        if (message.type !== "take") return;
        Worker.prototype.postMessage = send;
        document.querySelector(".run-bar .stop").click();
    };
}"""


def test_pages_are_kept_for_a_visit_without_a_network(browser, folder, tmp_path):
    """All are kept, a reader's own first, and old editions are not. A page that is missing once does not replace the kept one."""
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, SWING)
        module(page, "page/offline.js").evaluate("({ keepPages }) => keepPages()")
        kept = page.evaluate(f"async () => {{ {KEPT_PAGES} return {ALL_IS_THERE} && kept; }}")
        assert kept.index(f"{site}search.html") < kept.index(f"{site}lessons/2_write.html")
        old = "`${new URL('..', location.href)}run/session.js?v=old`"
        put = f"(await caches.open(`pages of ${{new URL('..', location.href)}}`)).put({old}, new Response('old'))"
        page.evaluate(f"async () => {{ await {put}; }}")
        page.reload()
        module(page, "run/session.js")
        wait_until(page, f"async () => !(await caches.match({old}))")
        (copy / "lessons" / "2_write.html").unlink()
        other = context.new_page()
        assert other.goto(f"{site}lessons/2_write.html").status == 404
        # The service worker keeps pages one after the other: once it has kept this one, it is done with the one before.
        other.goto(f"{site}words.html")
        other.evaluate(f"async () => (await caches.open(`pages of {site}`)).delete(location.href)")
        other.reload()
        wait_until(other, f"async () => Boolean(await (await caches.open(`pages of {site}`)).match(location.href))")
        other.close()
    without_a_network(page, site)
    context.close()


def without_a_network(page, site):
    page.reload()
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    for file, title in (("index.html", "The pendulum"), ("lessons/2_write.html", "Write it yourself")):  # missing once
        page.goto(f"{site}{file}")
        assert title in page.inner_text("h1")
    page.locator(".my-course").evaluate("(button) => button.click()")
    page.locator(".course-box").wait_for()
    page.goto(site)
    assert page.locator("h1").count() == 1
    page.goto(f"{site}search.html?q=amplitude")
    page.locator("#search-results a, main li a").first.wait_for()


# Whether these are all that a visit without a network needs: the pictures of this page, all pages, and what they load later.
ALL_IS_THERE = """[
    ...[...document.querySelectorAll("main img[src*=_images]")].map(({ src }) => src),
    ...[...document.querySelectorAll(".contents a")].map(({ href }) => href.split("#")[0]),
].every((url) => kept.includes(url))
    && ["session.js", "search", "course.js"].every((name) => kept.some((url) => url.includes(name)))"""

# All that the service worker has kept, in the order in which it came.
KEPT_PAGES = """const pages = await caches.open(`pages of ${new URL("..", location.href)}`);
const kept = (await pages.keys()).map(({ url }) => url);"""


@pytest.fixture
def page(context, site):
    """A page of a reader who has never been here."""
    return open_page(context, site, SWING)


def hold(page, pattern):
    """Hold back what the page requests next under this address; returns a function that lets it go on."""
    waiting = []
    page.route(pattern, lambda route: waiting.append(route), times=1)
    return lambda: waiting.pop().continue_()


def test_run_all_counts_after_another_press_while_the_scripts_load_and_a_held_enter_key_once(page):
    page.route("**/manifest.json*", lambda route: None)  # it never arrives, so no Python starts
    release = hold(page, "**/session.js*")
    with page.expect_request("**/session.js*"):
        page.focus("[aria-label='Run listing 1']")
        for _ in range(2):
            page.keyboard.down("Enter")
        page.keyboard.up("Enter")
    page.click(".run-all")
    with page.expect_request("**/manifest.json*"):
        release()
    last = page.locator(".run-row").count()
    assert states(page, 1, 2, last) == ["waiting", "new", "waiting"] and page.inner_text(".run-all") == "Stop"
    page.click("[aria-label='Stop listing 1']")
    assert states(page, 1, last) == ["new", "waiting"]


BROKEN_CACHE = "Cache.prototype.match = Cache.prototype.put = async () => { throw new Error('broken'); };\n"


def test_broken_caches_break_no_page_and_files_arrive_all_the_same(browser, folder, tmp_path):
    with copied(folder, tmp_path) as (site, copy):
        for path in (copy / "run" / "files.js", copy / "offline-worker.js"):
            content = path.read_text(encoding="utf-8")
            path.unlink()
            path.write_text(BROKEN_CACHE + content, encoding="utf-8")
        page = open_page(browser, site, SWING)
        page.evaluate("navigator.serviceWorker.register('../offline-worker.js')")
        wait_until(page, "navigator.serviceWorker.controller !== null")
        page.reload()
        assert page.locator("h1").count() == 1
        assert page.evaluate(FILES) == {"canCache": False, "allArrived": True}
        page.context.close()


# What a start asks of the module, without Python.
FILES = """async () => {
    const { openFiles, loadGroup } = await import("../run/files.js"), { canCache } = await openFiles();
    const files = await Promise.all(loadGroup("core", () => {}).values());
    return { canCache, allArrived: files.length > 5 && files.every(({ byteLength }) => byteLength > 0) };
}"""


# Failures: one sentence for each, and the page can still be read


def damaged(body):
    return body[:-1] + bytes([body[-1] ^ 1])


def missing(route):
    route.fulfill(status=404)


# Faults that follow each other in one page, and what is said of each.
# fmt: off
FAILURES = {
    "no list, then damaged": [
        (lambda page: page.route("**/manifest.json*", missing),
         "Python did not arrive (manifest.json: status 404). Check the connection and press Run again."),
        (lambda page: alter(page, "pyodide/python_stdlib.zip", damaged), "Python arrived damaged: "
         "the checksum of pyodide/python_stdlib.zip is not the published one. Press Run to fetch it again."),
    ],
    "no script": [
        (lambda page: page.route("**/session.js*", missing),
         "The scripts that run the listings did not arrive. Check the connection and reload this page."),
    ],
    "mistake": [
        (lambda page: alter(page, "session.js", b"forgotten();\n".__add__),
         "A mistake in this page's own script (forgotten is not defined). Please report it."),
    ],
}
# fmt: on


@pytest.mark.parametrize("name", FAILURES)
def test_download_that_fails_gives_one_sentence(page, name):
    for fault, said in FAILURES[name]:
        page.unroute_all()
        fault(page)
        press_run(page, 1)
        assert ended(page) == ("failed", f"{said} The text can be read as it is.")


# Pyodide takes the name of the time zone from the browser, and Python can't start with one in other letters than Latin ones.
LANGUAGES = [
    ("ar-EG", "Africa/Cairo"), ("ar-SA", "Asia/Riyadh"), ("fa-IR", "Asia/Tehran"), ("he-IL", "Asia/Jerusalem"),
    ("hi-IN", "Asia/Kolkata"), ("zh-CN", "Asia/Shanghai"), ("ja-JP", "Asia/Tokyo"), ("th-TH", "Asia/Bangkok"),
    ("ru-RU", "Europe/Moscow"), ("de-DE", "Europe/Berlin"),
]  # fmt: skip
ZONE_IN_WORKER = """async () => {
    const script = await (await fetch("../run/worker.js")).text();
    const ask = "postMessage(new Date().toLocaleTimeString(undefined, { timeZoneName: 'short' }))";
    const worker = new Worker(URL.createObjectURL(new Blob([script, ask])));
    return new Promise((resolve) => { worker.onmessage = ({ data }) => resolve(data); });
}"""


def test_python_gets_a_name_of_the_time_zone_that_it_can_read_in_every_language(browser, site):
    names = {}
    for locale, zone in LANGUAGES:
        context = browser.new_context(locale=locale, timezone_id=zone, service_workers="block")
        page = context.new_page()
        page.goto(f"{site}{SWING}.html")
        names[locale] = page.evaluate(ZONE_IN_WORKER)
        context.close()
    assert all(name.isascii() for name in names.values()), names


@pytest.mark.parametrize("locale, zone", [LANGUAGES[0], *(pytest.param(*one, marks=pytest.mark.weekly) for one in LANGUAGES[1:])])
def test_python_starts_in_every_language(returning, site, locale, zone):
    context = returning(locale=locale, timezone_id=zone)
    page = open_page(context, site, SWING)
    assert run(page, 1, "import time\nprint(time.tzname[0].isascii())")[::2] == ("done", "True")
    context.close()


@pytest.fixture(scope="module")
def humble(browser, folder, site):
    with humble_page(browser, folder, site, SWING) as page:
        yield page


def test_a_humble_browser_runs_slowly_and_says_so(humble):
    product = "import numpy as np\nA = np.ones((2, 3), 'float32')\n"
    state, said, text = run(humble, 1, f"{product}print(np.dot(A, A.T).tolist())")
    assert (state, text) == ("done", "[[3.0, 3.0], [3.0, 3.0]]")
    assert said.endswith(sentence(humble, "limits", LIMITS))


LIMITS = {**NO_LIMITS, "canCache": False, "hasSimd": False, "canStop": False}


def test_without_storage_the_page_keeps_a_guess_until_it_is_left(humble):
    humble.get_by_label("Your guess").first.fill("2")
    humble.keyboard.press("Enter")
    humble.get_by_text("You said 2. It printed").wait_for()
    humble.get_by_role("button", name="Never cover").click()
    assert humble.locator(".cover").count() == 0
    assert module(humble, "page/kept.js").evaluate("({ storage }) => storage()") == "blocked"


def test_too_little_memory_for_a_listing(humble):
    state, _, text = run(humble, 1, "import numpy as np\nnp.ones(10**8)")
    assert state == "failed"
    assert text.splitlines()[-1].startswith("MemoryError: this browser gives the page no more memory.")


def test_without_jspi_stop_ends_python_as_announced_and_the_next_is_verified(humble):
    write(humble, 1, "import asyncio\nprint(await asyncio.sleep(0, 'waited'))\nwhile True: pass")
    press_run(humble, 1)
    humble.locator(".cell_output pre", has_text="waited").wait_for()
    humble.click(".run-bar .stop")
    assert ended(humble) == ("stopped", sentence(humble, "stoppedAndLost", {"number": 1}))
    humble.route("**/python_stdlib.zip*", lambda route: route.fulfill(body="damaged"))
    state, said, _ = run(humble, 1)
    humble.unroute("**/python_stdlib.zip*")
    assert state == "failed" and said.startswith("Python did not arrive (pyodide/python_stdlib.zip: ")


def test_too_little_memory_to_start(browser, site):
    with started_with(browser, "--js-flags=--wasm-max-mem-pages=200") as small:
        page = open_page(small, site, SWING)
        assert run(page, 1)[:2] == ("failed", sentence(page, "NO_MEMORY"))
