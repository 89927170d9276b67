"""What all tests share: markers, browsers, the built site and its pages."""

import os
import subprocess
import sys
from urllib.parse import urljoin

import pytest
from playwright.sync_api import expect

import utils  # first: it decides which engine `import mxnet` imports
from press.browser.chromium import PATIENCE, NoBrowser, open_browser
from press.browser.listings import SITE, on_device
from press.browser.server import serve
from press.notebooks.chapters import ROOT
from tests.support import reads
from tests.support.everything import site_is_broken
from tests.support.hand import desk, phone, visit  # noqa: F401 fixtures for each file of a picture in the hand
from tests.support.reader import who_returns

IN_CI = bool(os.environ.get("CI"))  # read before a test changes it

pytest.register_assert_rewrite("tests.support.promises")  # it holds tests
expect.set_options(timeout=PATIENCE)  # by itself it waits for five seconds


def pytest_configure(config):
    config.addinivalue_line("markers", "real: uses the published files instead of small ones")
    config.addinivalue_line("markers", "linux: needs features of Linux, such as apt-get")
    config.addinivalue_line("markers", "mxnet: compares with MXNet, which it needs")
    config.addinivalue_line("markers", "own_engine: runs on the course's own engine too, where results could differ")
    config.addinivalue_line("markers", "mxnet_weekly: runs on MXNet only once a week, because on the own engine it asks the same")
    config.addinivalue_line("markers", "every_chapter: may read chapters that the file doesn't name (support/reads.py)")
    config.addinivalue_line("markers", "named_chapters: reads only what the file names, in other processes too (unchanged.py)")
    config.addinivalue_line("markers", "any_prose: passes whatever plain sentences the chapters have (support/unchanged.py)")
    config.addinivalue_line("markers", "any_chapter: runs for each chapter that is tested, since a change to any may break it")
    config.addinivalue_line("markers", "weekly: needs the network, or takes minutes; make test-weekly runs these")


def pytest_collection_modifyitems(config, items):
    missing = {"linux": sys.platform != "linux", "mxnet": utils.engine_name == "own"}
    left_out = [item for item in items if any(missing[name] and item.get_closest_marker(name) for name in missing)]
    config.hook.pytest_deselected(items=left_out)
    items[:] = [item for item in items if item not in left_out]
    for item in items:
        if utils.engine_name == "mxnet" and item.get_closest_marker("mxnet_weekly"):
            item.add_marker(pytest.mark.weekly)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """Without a browser, a test that opens one is skipped. In CI a skipped test counts as failed: nobody would notice it."""
    report = yield
    if call.excinfo and call.excinfo.errisinstance(NoBrowser):
        report.outcome, report.longrepr = "skipped", (str(item.path), item.location[1], f"NOT RUN: {call.excinfo.value}")
    if report.skipped and not hasattr(report, "wasxfail") and IN_CI:
        report.outcome, report.longrepr = "failed", f"skipped, which is a failure in CI: {report.longrepr[2]}"
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item):
    with reads.held_to_what_it_names(item):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    yield
    if reads.unnamed:
        names = ", ".join(sorted(reads.unnamed))
        pytest.fail(f"It reads {names}. Write this name into {item.path.name}, or mark the file every_chapter.", pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item):
    """Close the pages that a test itself opened and left: they would go on working beside the next tests of the file."""
    browser = getattr(item, "funcargs", {}).get("browser")
    before = open_pages(browser)
    try:
        return (yield)
    finally:
        for page in open_pages(browser):
            if page not in before:
                page.close()


def open_pages(browser):
    return [page for context in browser.contexts for page in context.pages] if browser else []


@pytest.fixture(scope="session")
def checkout():
    """Skips the test where there is none, as in an unpacked archive."""
    if not (ROOT / ".git").exists():
        pytest.skip("NOT RUN: it needs git, and this folder is no checkout")


@pytest.fixture(scope="session")
def tracked(checkout):
    """The paths, as texts, of all files that git tracks."""
    return subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")[:-1]


@pytest.fixture(scope="session")
def browser():
    """Pages of a site share what is compiled, and a step of the optimiser that pays only where a page computes long is left out.

    Each takes a fifth of the work of Python's start.
    """
    with open_browser("--process-per-site", "--js-flags=--no-wasm-inlining") as browser:
        yield browser


@pytest.fixture
def context(browser):
    """The browser of a reader who has never been here. It prepares nothing for a later visit, which would be work for no test."""
    context = on_device(browser, 2)
    yield context
    context.close()


@pytest.fixture(scope="session")
def folder():
    if site_is_broken():
        pytest.fail("make site failed, so there is no site of this code to test", pytrace=False)
    if not (SITE / "run" / "manifest.json").exists():
        pytest.skip("the site has not been built: `make site`")
    return SITE


@pytest.fixture(scope="session")
def site(folder):
    """The address of the site that `make site` built, whose listings run."""
    with serve(folder, "/course/") as address:
        yield address


@pytest.fixture(scope="session")
def returning(browser, folder, site):
    """A function that opens the browser of a reader who has been here: Python starts from what an earlier visit has kept."""
    return who_returns(browser, folder, site)


@pytest.fixture(scope="module")
def reader(returning):
    """A reader's browser, whose cache is shared by all tests.

    Its pages show each other's edits, so a test that edits in a page of its own opens that in `context`.
    """
    context = returning(viewport={"width": 1280, "height": 900}, color_scheme="light", reduced_motion="reduce")
    yield context
    context.close()


@pytest.fixture
def visitor(returning):
    context = returning()
    yield context
    context.close()


@pytest.fixture(scope="module")
def opened(browser):
    context = on_device(browser, 2, permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.devtools = context.new_cdp_session(page)
    yield page
    context.close()


@pytest.fixture
def page(opened, site):
    """The page that these tests share, in the state of a first visit to the book."""
    opened.emulate_media(media="screen", color_scheme="light")
    opened.set_viewport_size({"width": 1280, "height": 900})
    yield opened
    kept = {"origin": urljoin(site, "/"), "storageTypes": "local_storage,indexeddb"}
    opened.devtools.send("Storage.clearDataForOrigin", kept)
