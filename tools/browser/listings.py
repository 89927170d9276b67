"""Act as a reader of a page with runnable listings: open it, edit a listing, run it, read its output."""

from tools.notebooks.chapters import ROOT
from tools.site.contents import file_of

SITE = ROOT / "_build" / "site"
CHAPTER = "chapters/03_activation"
ENDED = ":is([data-run-state=done], [data-run-state=failed], [data-run-state=stopped])"
SECONDS = 1000
LONG = 180  # seconds: a machine under load may need many


def open_page(context, site, name=CHAPTER):
    page = context.new_page()
    page.set_default_timeout(LONG * SECONDS)
    page.goto(site + file_of(name))
    return page


def write(page, number, code):
    """Replace the code of a listing."""
    page.click(f"[aria-label='Edit listing {number}']")
    page.fill(f"textarea[aria-label^='Code of listing {number}.']", code)


def press_run(page, number):
    page.click(f"[aria-label='Run listing {number}']")


def run(page, number, code=None, seconds=LONG):
    """Run a listing, with new code if given, to its end: the state of the page, its status line, the text below the listing."""
    if code is not None:
        write(page, number, code)
    press_run(page, number)
    return *ended(page, seconds), output(page, number)


def ended(page, seconds=LONG):
    """The state of the page and its status line, once nothing runs any more."""
    selector = f".run-bar {ENDED}"
    # Looks in every frame; Locator.wait_for only every half second.
    page.wait_for_function("(selector) => document.querySelector(selector)", arg=selector, timeout=seconds * SECONDS)
    line = page.locator(selector)
    return line.get_attribute("data-run-state"), line.inner_text()


def listing(page, number):
    return page.locator(".cell").nth(number - 1)


def output(page, number):
    """The printed text below a listing."""
    texts = listing(page, number).locator(".cell_output pre").all_text_contents()
    return "\n".join(text.rstrip("\n") for text in texts)


# --- JavaScript, for browsers that Playwright does not drive ----------------------------------------------------------


def until(expression):
    """A promise of what an expression, or its promise, gives once that is true."""
    return f"""new Promise((resolve, reject) => {{
        const look = async () => {{ const value = await ({expression}); value ? resolve(value) : setTimeout(look, 200); }};
        look().catch(reject);
    }})"""


STATE_AT_THE_END = until(f"document.querySelector('.run-bar {ENDED}')?.dataset.runState")
# The outputs below each listing: kind and text of each part.
OUTPUTS = """[...document.querySelectorAll(".cell")].map((cell) => [...cell.querySelectorAll(".cell_output > *")].map((part) =>
    part.querySelector("img") ? ["figure", ""]
        : [part.dataset.kind, (part.querySelector("pre") ?? part).textContent.trimEnd()]))"""
