"""A book without a network: what is kept of a page that was opened, and of the whole book if the reader asks for it."""

import contextlib
import re
import socket
from urllib.parse import urlsplit

from press.browser.listings import on_device, open_page, run
from press.browser.server import serve
from tests.support.page import module
from tests.support.reader import copied
from tests.support.sample import SWING, WRITE

LOOK = "import os, sys\nprint('xml.dom.minidom' in sys.modules, os.path.exists('/run/compiled'))"


def test_a_page_that_was_opened_is_there_without_a_network_with_its_pictures(browser, folder, tmp_path):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, SWING)
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.reload()
    assert "Let it swing" in page.inner_text("h1")
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    fonts = page.evaluate("document.fonts.ready.then((fonts) => [...fonts].map(({ status }) => status))")
    assert "loaded" in fonts and "error" not in fonts
    page.goto(f"{site}{WRITE}.html")  # never opened
    assert page.locator("h1").inner_text() == "This page is not kept here"
    page.get_by_role("link", name="Let it swing").click()
    page.locator("h1", has_text="Let it swing").wait_for()
    context.close()


def hold(page, pattern):
    """Hold back what the page requests next under this address; returns a function that lets it go on."""
    waiting = []
    page.route(pattern, lambda route: waiting.append(route), times=1)
    return lambda: waiting.pop().continue_()


def test_the_whole_book_can_be_kept_and_runs_without_a_network_and_prepares_the_next_start(browser, folder):
    """Python starts from the files, because what was kept of an earlier start is broken."""
    context = on_device(browser, 8, service_workers="allow")
    with serve(folder, "/course/") as site:
        page = context.new_page()
        page.goto(f"{site}words.html")
        page.locator(".my-course").click()
        page.get_by_text("Use it without a network").click()
        press = page.get_by_role("button", name=re.compile(r"^Keep the whole course here \(\d\d MB\)$"))
        failed = page.get_by_text("Not all of it could be kept.")
        press.wait_for()
        context.set_offline(True)
        press.click()
        failed.wait_for()
        context.set_offline(False)
        release = hold(page, "**/pyodide.asm.wasm*")
        with page.expect_request("**/pyodide.asm.wasm*"):
            press.click()
        page.get_by_role("button", name="Close", exact=True).click()
        page.locator(".my-course").click()
        page.get_by_role("button", name=re.compile(r"^\d+ of \d\d MB are here$")).wait_for()
        release()
        assert not failed.is_visible(), "while it is tried again"
        page.get_by_text("The whole course is kept in this browser: it opens and runs without a network.").wait_for()
        page.goto(f"{site}search.html?q=amplitude")  # is kept as the page that it is
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.goto(f"{site}{SWING}.html")  # never opened
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    module(page, "run/files.js").evaluate(BREAK_START)
    page.evaluate(WHEN_IDLE)
    pythons = []
    page.on("worker", lambda worker: pythons.append(worker))
    assert run(page, 1, f"{LOOK}\nfrom swing.measured import measured")[::2] == ("done", "False False"), "with its data"
    assert len(pythons) == 2, "the first from what was broken"
    assert module(page, "run/files.js").evaluate(FIGURES_ARRIVE)
    with page.expect_worker():  # another Python, which prepares the next start
        page.evaluate("whenIdle()")
    page.locator(".my-course").click()
    page.get_by_text("Use it without a network").click()
    page.locator(".course-box").get_by_text("The whole course is kept in this browser").wait_for()
    assert page.get_by_role("button", name="Keep the whole course here").count() == 0
    assert module(page, "page/dom.js").evaluate(QUESTIONS)
    with silent(urlsplit(site).port):
        page.goto(f"{site}{WRITE}.html", timeout=30_000)  # milliseconds: no reader waits longer
    context.close()


QUESTIONS = "async ({ addressOf, fetched }) => Boolean(await (await fetched(addressOf('questions.json'))).json())"


@contextlib.contextmanager
def silent(port):
    """A network that is there, and through which no answer comes, as in a train."""
    with socket.create_server(("127.0.0.1", port)):
        yield


# Python notices that its memory is broken. The packages are an archive without files, as without one no Python would be asked.
BREAK_START = """async (files) => {
    await files.openFiles();
    await files.cacheStart(true, { memory: "broken", packages: new Uint8Array(22) });
}"""
# Matplotlib, verified by its checksums, without importing it, which takes seconds.
FIGURES_ARRIVE = "async ({ loadGroup }) => (await Promise.all(loadGroup('matplotlib', () => {}).values())).length > 0"
# Keeps what the page does once it has been idle for seconds.
WHEN_IDLE = """() => {
    const wait = window.setTimeout;
    window.setTimeout = (act, time, ...more) => (time < 4000 ? wait(act, time, ...more) : (window.whenIdle = act));
}"""
