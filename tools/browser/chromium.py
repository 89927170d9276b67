"""Find and start Chrome or Chromium, and measure a page in it: loading, layout, accessibility."""

import contextlib
import itertools
import os
import shutil
import subprocess
from pathlib import Path

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

# Run before a page's own scripts: records the largest contentful paint (`largest`, in ms) and the layout shift (`shift`).
OBSERVE = """
    window.largest = 0; window.shift = 0;
    new PerformanceObserver((list) => { window.largest = list.getEntries().at(-1).startTime; })
        .observe({ type: "largest-contentful-paint", buffered: true });
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shift += entry.value;
    }).observe({ type: "layout-shift", buffered: true });
"""
# The bytes transferred for the page and for each resource that it requested.
TRANSFERRED = """["navigation", "resource"].flatMap((kind) => performance.getEntriesByType(kind))
    .map((entry) => entry.transferSize)"""
# Contrast is checked on one element for each combination of colours and font: a page has thousands of texts, but some forty such
# combinations. axe can't measure contrast over a picture, nor does it know that an animation shows only a part of its image.
ONE_OF_EACH_LOOK = """() => {
    const sheet = new CSSStyleSheet(), seen = new Set();
    sheet.replaceSync(`* { background-image: none !important }
        .animation img { inset: 0 !important; width: 100% !important; height: 100% !important }`);
    document.adoptedStyleSheets = [sheet];
    for (const element of document.body.querySelectorAll("*")) {
        element.removeAttribute("data-look");
        const written = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!written || element.closest("math, svg") || !element.checkVisibility()) continue;
        const { color, fontSize, fontWeight } = getComputedStyle(element), look = [color, fontSize, fontWeight];
        for (let around = element; around; around = around.parentElement) {
            const { backgroundColor, opacity, position } = getComputedStyle(around);
            look.push([backgroundColor, opacity, position].join().replace("rgba(0, 0, 0, 0),1,static", ""));
        }
        const key = look.filter(Boolean).join(";");
        if (!seen.has(key)) element.dataset.look = seen.size;
        seen.add(key);
    }
}"""


class NoBrowser(RuntimeError):
    """The browser that is wanted is not on this machine, or does not start."""


def find_browser():
    """The path of a Chrome or Chromium that starts on this machine, or None."""
    return next((path for path in _candidates() if _complaint(path) is None), None)


def broken_browsers():
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


def launch_options(*arguments):
    """Options for Playwright to launch the browser with `arguments`. Raises NoBrowser if there is none."""
    path = find_browser()
    if path is None:
        raise NoBrowser("no Chrome or Chromium starts here; `make browser` installs one, or says what is missing")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    return {"executable_path": path, "args": [*arguments, *["--no-sandbox"] * root]}


@contextlib.contextmanager
def open_browser(*arguments):
    """A headless browser, driven by Playwright and started with `arguments`. Raises NoBrowser if there is none."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options(*arguments))
        try:
            yield browser
        finally:
            browser.close()


def load_all_figures(page):
    """Wait until all images and fonts of a page are loaded, including images below the fold."""
    page.evaluate("""async () => {
        for (const image of document.images) { image.loading = "eager"; await image.decode(); }
        await document.fonts.ready;
    }""")


def settle(page):
    """Wait until the page has been drawn again: two animation frames."""
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def axe_finds(page, context=None, doubts=True):
    """axe's complaints about a page, or a part of it, as {(width, scheme): report}, wide and narrow, light and dark.

    With `doubts`, also the texts whose contrast axe can't determine, for example where elements overlap.
    """
    from axe_playwright_python.sync_playwright import Axe, AxeResults

    # The thousands of symbols in formulas inherit their colour from the text around them.
    context = context or {"exclude": [["math"]]}
    page.evaluate(Axe().axe_script)
    page.evaluate("axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })")
    found = {}
    for width, scheme in itertools.product((1280, 375), ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        settle(page)
        page.evaluate(ONE_OF_EACH_LOOK)
        results = page.evaluate("(context) => axe.run(context, { resultTypes: ['violations', 'incomplete'] })", context)
        unsure = [node["html"] for rule in results["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
        if results["violations"] or (doubts and unsure):
            found[width, scheme] = AxeResults(results).generate_report(), unsure
    page.evaluate("document.adoptedStyleSheets = []")
    return found


def wait_until(page, expression, seconds=180):
    """Wait until a JavaScript expression, or what its promise resolves to, is true. Playwright's own wait awaits no promise."""
    for _ in range(10 * seconds):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    raise TimeoutError(f"not true after {seconds} s: {expression}")
