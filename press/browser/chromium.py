"""Find and start Chrome or Chromium, and wait for what its pages do."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserType, Page

PATIENCE = 300_000  # milliseconds that a browser on a busy machine may need; Playwright waits for 30,000
# Chromium without windows comes first: the same engine, but each page opens with a quarter of the work.
NAMES = "chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable chrome microsoft-edge".split()
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


class NoBrowser(RuntimeError):
    """The browser that is wanted is not on this machine, or does not start."""


def find_browser() -> str | None:
    """The path of a Chrome or Chromium that starts on this machine, or None."""
    return next((path for path in _candidates() if _complaint(path) is None), None)


def broken_browsers() -> list[str]:
    """What those browsers on this machine that don't start print instead of their version, each with its path."""
    return [f"{path} --version: {said}" for path in _candidates() if (said := _complaint(path)) is not None]


def _candidates():
    own = [path for cache in CACHES if cache for pattern in IN_CACHE for path in Path(cache).expanduser().glob(pattern)]
    return [str(path) for path in [*map(shutil.which, NAMES), *PLACES, *own] if path and Path(path).exists()]


def _complaint(path):
    """What a file prints that only advertises a browser, as some systems install, or lacks a library; None for a browser."""
    if os.name == "nt":
        return None
    done = subprocess.run([path, "--version"], capture_output=True, text=True)
    return (done.stderr + done.stdout).strip() if done.returncode else None


def launch(kind: BrowserType, *arguments: str) -> Browser:
    """Start the browser with `arguments`. It and its pages wait for PATIENCE. Raises NoBrowser if there is none."""
    path = find_browser()
    if path is None:
        raise NoBrowser("no Chrome or Chromium starts here; `make browser` installs one, or says what is missing")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    browser = kind.launch(executable_path=path, args=[*arguments, *["--no-sandbox"] * root], timeout=PATIENCE)
    browser.new_context, browser.new_page = _patient(browser.new_context), _patient(browser.new_page)
    return browser


def _patient(make):
    def make_patient(**options):
        made = make(**options)
        made.set_default_timeout(PATIENCE)
        return made

    return make_patient


@contextlib.contextmanager
def open_browser(*arguments: str) -> Iterator[Browser]:
    """A headless browser, driven by Playwright and started with `arguments`. Raises NoBrowser if there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = launch(playwright.chromium, *arguments)
        try:
            yield browser
        finally:
            browser.close()


def load_all_figures(page: Page) -> None:
    """Wait until all images and fonts of a page are loaded, including images below the fold."""
    page.evaluate("""async () => {
        for (const image of [...document.images]) { image.loading = "eager"; await image.decode(); }
        await document.fonts.ready;
    }""")


def settle(page: Page) -> None:
    """Wait until the page has been drawn again: two animation frames."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def wait_until(page: Page, expression: str, seconds: int = 180) -> None:
    """Wait until a JavaScript expression, or what its promise resolves to, is true. Playwright's own wait awaits no promise."""
    for _ in range(10 * seconds):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"not true after {seconds} s: {expression}")
