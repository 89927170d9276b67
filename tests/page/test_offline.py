"""The course without a network, and in a browser that has less than others."""

import contextlib
import re
import socket
from urllib.parse import urlsplit

import pytest

from press.browser.listings import on_device, open_page, run
from press.browser.server import serve
from tests.support.humble import humble_page
from tests.support.page import module
from tests.support.reader import copied

pytestmark = [pytest.mark.every_chapter, pytest.mark.any_prose]

LOOK = "import os, sys\nprint('xml.dom.minidom' in sys.modules, os.path.exists('/run/compiled'))"


def test_a_page_that_was_opened_is_there_without_a_network_with_its_pictures(browser, folder, tmp_path):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, "chapters/11_backpropagation")  # its picture in the hand has a network and images
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.reload()
    assert "Derive the gradients by hand" in page.inner_text("h1")
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    in_the_hand(page, "boot")
    fonts = page.evaluate("document.fonts.ready.then((fonts) => [...fonts].map(({ status }) => status))")
    assert "loaded" in fonts and "error" not in fonts
    page.goto(f"{site}chapters/04_model.html")  # never opened
    assert page.locator("h1").inner_text() == "This page is not kept here"
    page.get_by_role("link", name="Derive the gradients by hand").click()
    page.locator("h1", has_text="Derive the gradients by hand").wait_for()
    context.close()


@pytest.mark.parametrize(("name", "hand"), [("chapters/16_generalise", "stop"), ("chapters/18_convolution", "window")])
def test_a_picture_in_the_hand_that_takes_from_the_demonstration_is_there_without_a_network(
    browser, folder, tmp_path, name, hand
):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, name)
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.reload()
    in_the_hand(page, hand)
    context.close()


def in_the_hand(page, name):
    """Wait until a page has the picture in the hand of this name."""
    figure = page.locator(f"figure:has([data-hand={name}])")
    figure.scroll_into_view_if_needed()
    figure.locator(".hand svg").first.wait_for()


def test_the_demonstration_is_there_without_a_network(browser, folder, tmp_path):
    context = browser.new_context()
    with copied(folder, tmp_path) as (site, copy):
        page = open_page(context, site, "chapters/05_loss")
        module(page, "page/offline.js").evaluate("({ keepPages }) => keepPages()")
    page.reload()
    page.goto(site)
    page.locator("#demo").scroll_into_view_if_needed()
    page.locator("#demo .demo-pad").wait_for()
    context.close()


def hold(page, pattern):
    """Hold back what the page requests next under this address; returns a function that lets it go on."""
    waiting = []
    page.route(pattern, lambda route: waiting.append(route), times=1)
    return lambda: waiting.pop().continue_()


def test_the_whole_course_can_be_kept_and_runs_without_a_network_and_prepares_the_next_start(browser, folder):
    """Python starts from the files, because what was kept of an earlier start is broken."""
    context = on_device(browser, 8, service_workers="allow")
    with serve(folder, "/course/") as site:
        page = context.new_page()
        page.goto(f"{site}reference/glossary.html")
        page.locator(".my-course").click()
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
        page.goto(f"{site}search.html?q=relu")  # is kept as the page that it is
        page.get_by_text("This page is kept in this browser: it opens without a network.").wait_for()
    page.goto(f"{site}chapters/01_fashion_mnist.html")  # never opened
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    module(page, "run/files.js").evaluate(BREAK_START)
    page.evaluate(WHEN_IDLE)
    pythons = []
    page.on("worker", lambda worker: pythons.append(worker))
    assert run(page, 1, f"{LOOK}\nfrom utils import fashion_mnist_arrays")[::2] == ("done", "False False"), "with Fashion-MNIST"
    assert len(pythons) == 2, "the first from what was broken"
    assert module(page, "run/files.js").evaluate(FIGURES_ARRIVE)
    with page.expect_worker():  # another Python, which prepares the next start
        page.evaluate("whenIdle()")
    page.locator(".my-course").click()
    page.locator(".course-box").get_by_text("The whole course is kept in this browser").wait_for()
    assert page.get_by_role("button", name="Keep the whole course here").count() == 0
    assert module(page, "page/dom.js").evaluate(LISTS) == 2
    with silent(urlsplit(site).port):
        page.goto(f"{site}chapters/04_model.html", timeout=30_000)  # milliseconds: no reader waits longer
    context.close()


LISTS = """async ({ addressOf, fetched }) => {
    const all = ["questions.json", "run/ways.json"].map((path) => fetched(addressOf(path)).then((response) => response.json()));
    return (await Promise.all(all)).length;
}"""


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


def test_in_a_humble_browser_the_engine_multiplies_without_its_own_product(browser, folder, site):
    product = "from utils.engine.product import sgemm\nimport numpy as np\nA = np.ones((2, 3), 'float32')\n"
    with humble_page(browser, folder, site, "chapters/05_loss") as page:
        assert run(page, 1, f"{product}print(sgemm, np.dot(A, A.T).tolist())")[::2] == ("done", "None [[3.0, 3.0], [3.0, 3.0]]")
