"""A third engine, that of Safari: what a reader does on the site works there too, by hand, with Stop, and offline."""

import contextlib
import json
from pathlib import Path

import psutil
import pytest

from press.book.contents import file_of
from press.browser.listings import LONG, NEXT_START, OUTPUTS, ROOT, STATE_AT_THE_END, wait_for
from press.browser.server import serve
from press.browser.webkit import open_webkit
from tests.support.compare import differences

pytestmark = pytest.mark.any_prose

CHAPTER = "chapters/03_activation"
CANVAS = "document.querySelector('.demo-pad canvas')"
VERDICT = "document.querySelector('.demo-verdict').innerText"
BAR = "document.querySelector('.run-bar')?.innerText"
FIGURES = "[...document.querySelectorAll('.cell_output img')]"
DRAWN = f"{FIGURES}.filter(({{ src, naturalWidth }}) => src.startsWith('data:') && naturalWidth).length === {FIGURES}.length"
TRACEBACKS = "[...document.querySelectorAll('.traceback')].map(({ innerText }) => innerText)"
# The numbers of the listings without a function to write: what stands in one of those is judged, and prints when it is right.
PLAIN = "[...document.querySelectorAll('.cell')].flatMap((cell, i) => (cell.querySelector('.slot-data') ? [] : i + 1))"
KEPT = """(async () => {
    const cache = await caches.open(`pages of ${new URL('..', location.href)}`);
    const kept = (await cache.keys()).map(({ url }) => url);
    return ["session.js", "search.html", location.href].every((name) => kept.some((url) => url.includes(name)));
})()"""


@pytest.mark.weekly
def test_a_reader_draws_runs_stops_and_reads_offline(folder):
    with contextlib.ExitStack() as stack, open_webkit() as webkit, telling(webkit):
        site = stack.enter_context(serve(folder, "/course/"))
        webkit.go(site)
        draw_a_line(webkit)
        webkit.go(site + file_of(CHAPTER))
        run_all(webkit)
        wait_for(webkit.evaluate, f"({NEXT_START})()", 5 * LONG)  # by a second Python, which works beside the first until then
        stop_and_go_on(webkit)
        wait_for(webkit.evaluate, KEPT)
        stack.close()  # the server is gone
        webkit.go(site + file_of(CHAPTER))
        assert run(webkit, 1, "print('offline')") == ("done", "offline")


@contextlib.contextmanager
def telling(webkit):
    """What did not become true, and what the bar said meanwhile."""
    try:
        yield
    except TimeoutError as error:
        raise TimeoutError(f"{error}\nThe bar says: {webkit.evaluate(BAR)}") from None


def draw_a_line(webkit):
    webkit.evaluate("document.getElementById('demo').scrollIntoView({ block: 'center' })")
    wait_for(webkit.evaluate, f"{CANVAS} !== null && {VERDICT}")
    before = webkit.evaluate(VERDICT)
    webkit.evaluate(
        f"{CANVAS}.scrollIntoView({{ block: 'center', behavior: 'instant' }})"
    )  # the demonstration is higher than a window
    box = webkit.evaluate(f"{CANVAS}.getBoundingClientRect().toJSON()")
    webkit.draw([(box["x"] + box["width"] / 2, box["y"] + box["height"] * share) for share in (0.2, 0.5, 0.8)])
    wait_for(webkit.evaluate, f"{VERDICT} !== {json.dumps(before)}")


def run_all(webkit):
    wait_for(webkit.evaluate, "Boolean(document.querySelector('.run-all').onclick)")  # not yet in a page that was just opened
    webkit.evaluate("document.querySelector('.run-all').click()")
    state, said = wait_for(webkit.evaluate, STATE_AT_THE_END, 5 * LONG), webkit.evaluate(BAR)
    assert state == "done", f"{said}\n{webkit.evaluate(TRACEBACKS)}"
    assert differences(webkit.evaluate(OUTPUTS), ROOT / f"{CHAPTER}.ipynb") == []
    assert webkit.evaluate(DRAWN)


def stop_and_go_on(webkit):
    first, second = webkit.evaluate(PLAIN)[:2]
    write(webkit, first, "kept = 42")
    write(webkit, second, "print('begun')\nwhile True: pass")
    press(webkit, f"Run listing {second}")
    wait_for(webkit.evaluate, f"{output(second)} === 'begun'")
    press(webkit, f"Stop listing {second}")
    assert wait_for(webkit.evaluate, STATE_AT_THE_END) == "stopped"
    wait_for(lambda worker: worker not in threads(), "WebCore: Worker")  # it has ended, and takes nothing from the next Python
    assert run(webkit, second, "print(kept)") == ("done", "42")


def threads():
    """The names of the threads of all processes that were started from here."""
    found = [Path(f"/proc/{process.pid}/task") for process in psutil.Process().children(recursive=True)]
    return [name.read_text().strip() for folder in found for name in folder.glob("*/comm")]


def run(webkit, number, code):
    """Run new code in a listing: the state of the page at the end, and the text below the listing."""
    write(webkit, number, code)
    press(webkit, f"Run listing {number}")
    return wait_for(webkit.evaluate, STATE_AT_THE_END), webkit.evaluate(output(number))


def write(webkit, number, code):
    press(webkit, f"Edit listing {number}")
    wait_for(webkit.evaluate, f"Boolean({FIELD})")
    webkit.evaluate(f"({REPLACE})({FIELD}, {json.dumps(code)})")


FIELD = "document.querySelector('.editor')?.shadowRoot.querySelector('[role=textbox]')"
REPLACE = """(field, text) => {  // as by Ctrl+A and a paste
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", text);
    field.dispatchEvent(new KeyboardEvent("keydown", { key: "a", ctrlKey: true, bubbles: true, cancelable: true }));
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
}"""


def press(webkit, label):
    button = f"""document.querySelector("[aria-label='{label}']")"""
    wait_for(webkit.evaluate, f"Boolean({button})")  # a page that was just opened has none yet
    webkit.evaluate(f"{button}.click()")


def output(number):
    return f"document.querySelectorAll('.cell')[{number - 1}].querySelector('.cell_output:not(.old)')?.innerText.trim()"
