"""The browser that looks at the book: how it is found and opened, and what a page tells about itself in it."""

import contextlib
import os
import shutil
import subprocess
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
]
CACHES = [
    os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
    "~/.cache/ms-playwright",
    "~/Library/Caches/ms-playwright",
    "~/AppData/Local/ms-playwright",
]
IN_CACHE = ["chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*/Contents/MacOS/*", "chromium-*/chrome-win*/chrome.exe"]

# Run before a page's own scripts: it keeps when the largest part came (`largest`, in ms) and how far things moved (`shift`).
OBSERVE = """
    window.largest = 0; window.shift = 0;
    new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
# The bytes over the wire, for the page and for each thing that it asked for.
TRANSFERRED = """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .map((entry) => entry.transferSize)"""
# Widths and colour schemes that every page is judged in.
SETTINGS = [(width, scheme) for width in (1280, 375) for scheme in ("light", "dark")]


def find_browser():
    """The path of a Chrome or Chromium that starts on this machine, or None."""
    own = [path for cache in CACHES if cache for pattern in IN_CACHE for path in Path(cache).expanduser().glob(pattern)]
    for path in [*map(shutil.which, NAMES), *PLACES, *own]:
        if path and Path(path).exists() and _starts(path):
            return str(path)
    return None


def _starts(path):
    """Whether the file is a browser, not the stand-in that some systems put in its place."""
    return os.name == "nt" or subprocess.run([path, "--version"], capture_output=True).returncode == 0


def launch_options(*arguments):
    """What Playwright needs to start the browser with `arguments`. Raises RuntimeError where there is none."""
    path = find_browser()
    if path is None:
        raise RuntimeError("No Chrome or Chromium found. `make browser` installs one.")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": path, "args": [*arguments, *["--no-sandbox"] * root]}


@contextlib.contextmanager
def open_browser(*arguments):
    """A headless browser, started with `arguments`, as Playwright drives it. Raises RuntimeError where there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(*arguments))
        try:
            yield browser
        finally:
            browser.close()


def load_all_figures(page):
    """Wait until all that a page shows anywhere has come, figures far below included."""
    page.evaluate("""async () => {
        for (const image of document.images) { image.loading = "eager"; await image.decode(); }
        await document.fonts.ready;
    }""")


def wait_until(page, expression, seconds=90):
    """Wait until a JavaScript expression is true. (Playwright waits by code in the page, which the page's policy forbids.)"""
    for _ in range(10 * seconds):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"it has not become true: {expression}")
