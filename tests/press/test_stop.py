"""Stop, and a breakdown of Python, in a page: what can be kept is kept, and no output is a dump of Python's stack."""

import re

import pytest

from press.browser.listings import ended, listing, open_page, output, press_run, ran, row, run, version, write, write_all
from tests.support.page import module, note_from
from tests.support.sample import SWING


@pytest.fixture(scope="module")
def page(returning, site):
    context = returning()
    context.clock.install()  # it goes on as ever, but tests can put it forward where Python would compute meanwhile
    yield open_page(context, site, SWING)
    context.close()


def press_stop_when_begun(page, number):
    """Press Stop once a listing runs and has printed *begun*, where an old output is pale."""
    page.locator(f".cell[data-state=running] [aria-label='Stop listing {number}']").wait_for()
    listing(page, number).locator(".cell_output:not(.old)").get_by_text("begun", exact=True).wait_for()
    page.click(".run-bar .stop")


# Stop


ASLEEP = ["import time\ntime.sleep(600)", "import asyncio\nawait asyncio.sleep(600)"]
AT_WORK = [
    "while True: pass",
    "import asyncio\nwhile True:\n    await asyncio.sleep(0)",
    "try:\n    for _ in iter(int, 1): pass\nexcept KeyboardInterrupt:\n    pass\nwhile True: pass",
]
STOPPED_ONCE = "import sys\nx = 0\nsys.tries += 1\nwhile sys.tries == 1: pass\nx = 1"


def test_stop_ends_a_listing_that_waits_or_works_and_what_needs_it_runs_it_again_with_the_results_above(page):
    write_all(page, "import sys\nsys.tries, y = 0, 41")
    for code in [*ASLEEP, *AT_WORK, STOPPED_ONCE]:
        write(page, 2, f"print('begun')\n{code}")
        press_run(page, 2)
        press_stop_when_begun(page, 2)
        assert ended(page)[0] == "stopped", code
    assert ran(page, 3, "print(x, y + 1)") == [2, 3] and output(page, 3) == "1 42", "what was computed above is kept"


def test_a_listing_that_ends_by_itself_after_stop_has_run(page):
    write_all(page, "print('begun')\ntry:\n    for _ in iter(int, 1): pass\nexcept KeyboardInterrupt:\n    print('done')")
    press_run(page, 1)
    press_stop_when_begun(page, 1)
    state, said = ended(page)
    assert state == "done" and said.startswith("Listing 1 has run") and output(page, 1) == "begun\ndone"


def test_sleep_takes_its_time(page):
    assert run(page, 1, SLEEPS)[::2] == ("done", "True True")


SLEEPS = """
import asyncio, time
times = [time.monotonic()]
time.sleep(0.25)
times.append(time.monotonic())
await asyncio.sleep(0.25)
times.append(time.monotonic())
print(times[1] - times[0] >= 0.25, times[2] - times[1] >= 0.2)
"""


# A task that a listing leaves, endless once the listing has ended.
SPINS = """import asyncio
async def spin():
    for _ in range(50): await asyncio.sleep(0)
    while True: pass
task = asyncio.ensure_future(spin())"""
NOTE_USE = """() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
        if (message.name === "use_mine") globalThis.isTaking = true;
        send.call(this, message, ...more);
    };
}"""


def test_stop_ends_what_python_does_outside_of_a_listing_and_functions_that_end_python_are_not_tried_again(page, site):
    for code in ("while True: pass", "import os\nos._exit(3)"):
        other = open_page(page.context, site, SWING)
        height = {"kind": "function", "about": "height"}
        module(other, "page/kept.js").evaluate("({ set }, [height, code]) => set(height, code)", [height, code])
        other.evaluate(NOTE_USE)
        if "while" in code:
            press_run(other, 1)
            other.wait_for_function("() => globalThis.isTaking")
            other.click(".run-bar .stop")
            other.clock.fast_forward(600)
            other.get_by_text("Stopped, while Python took your functions").wait_for()
        state, said, _ = run(other, 1, SPINS)
        assert state == "done" and "these are the book's" in said and "Press Use the book's" in said
        if "while" in code:
            press_run(other, 2)
            other.click(".run-bar .stop")
            other.clock.fast_forward(600)
            other.get_by_text("Stopped, while Python was busy").wait_for()
        module(other, "page/kept.js").evaluate("({ put }, height) => put(height, {})", height)
        other.close()


def test_what_a_stopped_listing_does_in_finally_is_done_to_its_end(page):
    write(page, 1, CLEANING)
    press_run(page, 1)
    press_stop_when_begun(page, 1)
    assert ended(page)[0] == "stopped" and output(page, 1) == "begun\ncleaned"


CLEANING = """
import time
print("begun")
try:
    for _ in iter(int, 1): pass  # Python sees no exception at the end of `while True`, so `finally` would be left out
finally:
    start = time.monotonic()
    while time.monotonic() - start < 0.5: abs(0)
    print("cleaned")
"""


ENDLESS = "x = 1\nprint('begun')\nsum(range(10**12))"


def test_one_long_computation_is_timed_and_named_and_ended_by_a_second_stop(page):
    write_all(page, "pass", "x = 0", "print('mine')")
    run(page, 3)
    write_all(page, "pass", ENDLESS, "print('mine', x)")
    press_run(page, 3)
    page.locator(".cell[data-state=running] [aria-label='Stop listing 2']").wait_for()
    listing(page, 2).locator(".cell_output:not(.old)").get_by_text("begun").wait_for()
    page.click("[aria-label='Stop listing 3']")
    page.get_by_text("Stopping").wait_for()
    page.clock.fast_forward(3100)
    page.locator(".run-meter", has_text=re.compile(r"^\d+ s$")).wait_for()
    page.get_by_text("Listing 2 is inside one long computation").wait_for()
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    assert re.fullmatch(r"Listing 2 · edited · stopped after [\d.]+ s", row(page, 2))
    version(page, 3).click()
    assert output(page, 3) == "mine" and row(page, 3) == "Listing 3 · changed since it ran"
    assert listing(page, 3).get_attribute("data-foreign") is not None


# The note of a lost reader (see test_lost) about listings that have run


def test_i_am_lost_here_stands_below_an_error_and_a_verdict_and_takes_both_with_it_and_sends_nothing(page, site):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    write_all(page, "1 / 0", "pass", "pass")
    run(page, 1)
    cell = page.locator(".cell", has=page.get_by_label("Run listing 1", exact=True))
    text = note_from(page, cell.get_by_role("button", name="I am lost here"))
    assert "Listing: 1, edited:\n~~~\n1 / 0\n~~~\n" in text and "ZeroDivisionError: division by zero" in text
    run(page, 1, "from swing import check")
    cell.locator("> .lost").wait_for(state="detached")
    last = page.locator(".cell:has(.run)").count()
    run(page, last, "check('swings', 3)")
    judged = page.locator(".cell", has=page.get_by_label(f"Run listing {last}", exact=True))
    text = note_from(page, judged.get_by_role("button", name="I am lost here"))
    assert f"Listing: {last}, edited:" in text and "Not yet: " in text
    version(page, last).click()
    assert [url for url in asked if not url.startswith((site, "data:", "blob:"))] == []


# Breakdowns


def started(page):
    """A list of the Pythons that the page starts from now on."""
    pythons = []
    page.on("worker", lambda worker: pythons.append(worker))
    return pythons


# Python can't be set aside while JavaScript lies on its stack, as in a callback of ctypes. A key and a pattern need none.
# Each computes for longer than Python goes on before it looks for messages. A module that is initialised is tested weekly, as
# chapters run in a page that looks fifty times as often.
ON_JAVASCRIPT = """
import ctypes, re, time

def compute(*_):
    start = time.perf_counter()
    while time.perf_counter() - start < 0.15:
        pass
    return 1

print(ctypes.CFUNCTYPE(ctypes.c_int)(compute)(), max([1, 2], key=compute), re.sub("a", lambda match: str(compute()), "aa"))
"""


def test_python_does_not_wait_while_javascript_lies_on_its_stack(page):
    run(page, 1, "pass")
    pythons = started(page)
    assert run(page, 1, ON_JAVASCRIPT)[::2] == ("done", "1 1 11") and pythons == []


BREAK_DOWN = "import asyncio, ctypes, pyodide.ffi as ffi; ctypes.CFUNCTYPE(None)(lambda: ffi.run_sync(asyncio.sleep(0)))()"


def test_after_a_breakdown_the_queue_begins_anew(page):
    run(page, 1, "n = 40")
    page.evaluate(COUNT_RUNS)
    pythons = started(page)
    write_all(page, "n = 40", f"n += 1\nprint('once')\nif RUNS == 1:\n    {BREAK_DOWN}", "print(n)")
    press_run(page, 3)
    assert ended(page)[0] == "done" and len(pythons) == 1
    assert [output(page, 2), output(page, 3)] == ["once", "41"]


# The code of the listings finds in RUNS how many have been run.
COUNT_RUNS = """() => {
    const send = Worker.prototype.postMessage;
    let runs = 0;
    Worker.prototype.postMessage = function (message, ...more) {
        if (message.type === "run") message = { ...message, code: message.code.replace("RUNS", ++runs) };
        send.call(this, message, ...more);
    };
}"""


def test_after_a_second_breakdown_the_output_is_back(page):
    run(page, 1, "pass")
    outputs = page.locator(".cell").evaluate_all("(cells) => cells.map((cell) => cell.querySelector('.cell_output')?.innerHTML)")
    number, stored = next((i, stored) for i, stored in enumerate(outputs, 1) if stored and i > 3)  # other tests draw in the first
    write_all(page, *["pass"] * (number - 1), "print('mine')\nimport os\nos._exit(3)")
    pythons = started(page)
    assert run(page, number)[0] == "failed" and len(pythons) == 1
    place = listing(page, number).locator(".cell_output")
    assert place.inner_html() == stored and not place.evaluate("place => place.classList.contains('old')")
    assert listing(page, number).locator(".remark").inner_text() == "Below is the book's output."
