"""Act as a reader of a page with runnable listings: open it, edit a listing, run it, read its output."""

from __future__ import annotations

import base64
import re
import time
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from press.book.contents import file_of
from press.browser.chromium import wait_until
from press.browser.server import serve
from press.notebooks.chapters import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from re import Pattern

    from playwright.sync_api import Browser, BrowserContext, Locator, Page

SITE = ROOT / "_build" / "site"
ENDED = ":is([data-run-state=done], [data-run-state=failed], [data-run-state=stopped])"
SECONDS = 1000
LONG = 180  # seconds: a machine under load may need many


# The cache in which the page keeps what the next start continues from, and whether that is there.
KEPT = """const base = new URL("../run/", location.href).href, cache = await caches.open(`listings of ${base}`);
    const keys = await cache.keys(), kept = (name) => keys.find(({ url }) => url.includes(`/${name}?`));"""
NEXT_START = f"async () => {{ {KEPT} return Boolean(kept('memory') && kept('packages')); }}"
# What is there, as texts: [[its address below run/, its content in base64], ...]; and such files put there from elsewhere.
TAKE = f"""async () => {{
    {KEPT}
    const text = async (blob) => new Promise((read) => {{
        const reader = new FileReader();
        reader.onload = () => read(reader.result.split(",")[1]);
        reader.readAsDataURL(blob);
    }});
    return Promise.all(["memory", "packages"].map(kept).map(async (request) =>
        [request.url.slice(base.length), await text(await (await cache.match(request)).blob())]));
}}"""
PUT = f"""async (files) => {{
    {KEPT}
    await Promise.all(files.map(async ([address, from]) => cache.put(base + address, await fetch(from))));
}}"""


def on_device(browser: Browser, gigabytes: int, **options) -> BrowserContext:
    """A browser context on a device with so much memory; with less than 4 no second Python prepares the next start.

    It caches no pages for offline, and moves little, as a bar that pulses is drawn all the time, unless the options say else.
    """
    options = {"service_workers": "block", "reduced_motion": "reduce", **options}
    context = browser.new_context(**options)
    context.add_init_script(f"Object.defineProperty(navigator, 'deviceMemory', {{ value: {gigabytes} }})")
    if options["service_workers"] == "block":  # a page that saves data doesn't even try
        context.add_init_script("Object.defineProperty(navigator.connection, 'saveData', { value: true })")
    return context


# What each page of the book is told of it.
TELL = """fetch("../index.html").then((response) => response.text()).then((text) =>
    document.head.append(new DOMParser().parseFromString(text, "text/html").querySelector("[name=book]")))"""


def write_next_start(browser: Browser, site: str, folder: Path) -> None:
    """Write into `folder` what a page keeps for the next start of Python, so that it starts in half the time."""
    context = on_device(browser, 8)
    page = open_blank(context, site)
    page.evaluate("import('./python.js').then(({ prepareNextStart }) => prepareNextStart(true))")
    wait_until(page, NEXT_START)
    folder.mkdir(exist_ok=True)
    for address, content in page.evaluate(TAKE):
        (folder / quote(address, safe="")).write_bytes(base64.b64decode(content))
    context.close()


def returning(browser: Browser, site: str, folder: Path, gigabytes: int = 2, **options) -> BrowserContext:
    """A browser context of a reader who has been here: it keeps what `write_next_start` has written into `folder`."""
    context = on_device(browser, gigabytes, **options)
    page = context.new_page()
    page.goto(f"{site}run/run.css")
    with serve(folder) as there:
        page.evaluate(PUT, [(unquote(file.name), there + file.name) for file in folder.iterdir()])
    page.close()
    return context


def open_blank(context: Browser | BrowserContext, site: str) -> Page:
    """A page of the site's address without any script, which can import the modules of the listings one by one."""
    page = context.new_page()
    page.goto(f"{site}run/run.css")
    page.evaluate(TELL)
    return page


def open_page(context: Browser | BrowserContext, site: str, name: str) -> Page:
    page = context.new_page()
    page.goto(site + file_of(name))
    return page


def write(page: Page, number: int, code: str) -> None:
    """Replace the code of a listing."""
    page.click(f"[aria-label='Edit listing {number}']")
    page.fill(f"{EDITOR}[aria-label^='Code of listing {number}.']", code)


def written(page: Page, number: int) -> str:
    """The code of a listing."""
    return listing(page, number).locator(".cell_input pre").first.text_content().removesuffix("\n")


def write_all(page: Page, *codes: str) -> None:
    """Replace the code of the first listings, and leave the last."""
    for number, code in enumerate(codes, 1):
        write(page, number, code)
    page.keyboard.press("Escape")


def press_run(page: Page, number: int) -> None:
    page.click(f"[aria-label='Run listing {number}']")


def run(page: Page, number: int, code: str | None = None, seconds: float = LONG) -> tuple[str, str, str]:
    """Run a listing, with new code if given, to its end: the state of the page, its status line, the text below the listing."""
    if code is not None:
        write(page, number, code)
    press_run(page, number)
    return *ended(page, seconds), output(page, number)


def ended(page: Page, seconds: float = LONG) -> tuple[str, str]:
    """The state of the page and its status line, once nothing runs any more."""
    selector = f".run-bar {ENDED}"
    # A look in every frame would keep the page drawing; Locator.wait_for looks only every half second.
    page.wait_for_function("(selector) => document.querySelector(selector)", arg=selector, timeout=seconds * SECONDS, polling=20)
    line = page.locator(selector)
    return line.get_attribute("data-run-state"), line.inner_text()


def start_over(page: Page) -> None:
    page.once("dialog", lambda asked: asked.accept())
    page.locator(".run-bar").get_by_text("Start over").dispatch_event("click")  # the bar may have been closed


def hold(page: Page, kind: str) -> Callable[[], None]:
    """Hold back the next message of a kind to Python, run or a function that is called. Returns what lets it go."""
    page.evaluate(
        """(kind) => {
            const send = Worker.prototype.postMessage;
            Worker.prototype.postMessage = function (message, ...more) {
                if (![message.type, message.name].includes(kind)) return send.call(this, message, ...more);
                Worker.prototype.postMessage = send;
                window.release = () => send.call(this, message, ...more);
            };
        }""",
        kind,
    )

    def release() -> None:
        page.wait_for_function("() => window.release")
        page.evaluate("release(); delete window.release")

    return release


def listing(page: Page, number: int) -> Locator:
    return page.locator(".cell").nth(number - 1)


def number_of(page: Page, words: str) -> int:
    """The number of the first listing whose code has these words."""
    return page.evaluate(
        "(words) => [...document.querySelectorAll('.cell')].findIndex((cell) => cell.textContent.includes(words)) + 1", words
    )


def states(page: Page, *numbers: int) -> list[str]:
    """The states of some listings, of the first three if none are named."""
    return [listing(page, number).get_attribute("data-state") for number in numbers or (1, 2, 3)]


def row(page: Page, number: int) -> str:
    """The words beside the buttons of a listing."""
    return listing(page, number).locator(".run-state").inner_text()


def runs(page: Page) -> list[int]:
    """How often each listing has run since the page was opened, as a list."""
    return page.locator(".cell:has(> .cell_input)").evaluate_all("(all) => all.map((cell) => Number(cell.dataset.runs ?? 0))")


def ran(page: Page, number: int, code: str | None = None) -> list[int]:
    """Run a listing, with new code if given; returns the numbers of the listings that ran for it, each once, itself included."""
    before = runs(page)
    run(page, number, code)
    more = [after - first for first, after in zip(before, runs(page))]
    assert max(more) <= 1, "a listing ran twice"
    return [i for i, count in enumerate(more, 1) if count]


NO_LIMITS = {"hasSimd": True, "canStop": True, "canCache": True, "problem": ""}  # of a browser, for the sentence `limits`


def sentence(page: Page, name: str, *arguments) -> str:
    """What the bar says, by its name in press/run/sentences.js; a function there gets the arguments."""
    return page.evaluate(
        """async ([address, name, given]) => {
            const { [name]: said } = await import(address);
            return typeof said === "function" ? said(...given) : said;
        }""",
        [f"{page.url.partition('/course/')[0]}/course/run/sentences.js", name, arguments],
    )


def version(page: Page, number: int, name: str | Pattern = "The book's") -> Locator:
    """The button of one of the texts of a listing."""
    return listing(page, number).get_by_role("group", name="Versions").get_by_role("button", name=name, exact=True)


DRAFT = re.compile(r"^\d\d:\d\d")  # the name of a version that was put away today, or judged


def output(page: Page, number: int) -> str:
    """The printed text below a listing."""
    texts = listing(page, number).locator(".cell_output pre").all_text_contents()
    return "\n".join(text.rstrip("\n") for text in texts)


# --- For browsers that Playwright does not drive ----------------------------------------------------------------------


def wait_for(evaluate: Callable[[str], object], expression: str, seconds: float = LONG) -> object:
    """What a JavaScript expression, or its promise, gives once that is true. `evaluate` evaluates it in the page."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if value := evaluate(expression):
            return value
        time.sleep(0.2)
    raise TimeoutError(f"not true within {seconds} seconds: {expression}")


EDITOR = ".editor [role=textbox]"  # where code is written
STATE_AT_THE_END = f"document.querySelector('.run-bar {ENDED}')?.dataset.runState"
# The outputs below each listing: kind and text of each part.
OUTPUTS = """[...document.querySelectorAll(".cell")].map((cell) => [...cell.querySelectorAll(".cell_output > *")].map((part) =>
    part.querySelector("img") ? ["figure", ""]
        : [part.dataset.kind, (part.querySelector("pre") ?? part).textContent.trimEnd()]))"""
