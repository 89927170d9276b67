"""Step through: a listing runs once with each of its lines noted, and the reader goes forward and back over them."""

import json

import pytest

from press.browser.listings import ended, listing, number_of, open_page, output, run, write, write_all
from tests.support.page_python import open_kernel
from tests.support.sample import PYTHON, SWING, WRITE

# A listing, and some of its steps: where it stands, line, kind, and what has changed, or what it gives.
NOTED = {
    "def f(x):\n    y = x + 1\n    return y\n\nz = f(1)": [
        ("<module>", 5, "calls", {}),
        ("f", 1, "called", {"x": "1"}),
        ("f", 2, "line", {"y": "2"}),
        ("f", 3, "returns", "2"),
        ("<module>", 5, "line", {"z": "2"}),
    ],
    "def fact(n):\n    if n == 0:\n        return 1\n    return n * fact(n - 1)\nfact(2)": [
        ("fact", 3, "returns", "1"),
        ("fact", 4, "returns", "1"),
        ("fact", 4, "returns", "2"),
        ("<module>", 5, "line", "2"),
    ],
    "def g():\n    a = yield 1\n    b = a\nit = g()\nnext(it)\ntry:\n    it.send(7)\nexcept StopIteration:\n    done = 1": [
        ("g", 2, "yields", "1"),
        ("g", 2, "resumes", {}),
        ("g", 2, "line", {"a": "7"}),
        ("g", 3, "returns", "None"),
        ("<module>", 9, "line", {"done": "1"}),
    ],
    "def f(x):\n    try:\n        return 1 / x\n    except ZeroDivisionError:\n        return 0\nf(0)\nf('a')": [
        ("f", 3, "raises", {}),
        ("f", 5, "returns", "0"),
        ("f", 3, "raises", {}),
        ("<module>", 7, "raises", {}),
    ],
    "class A:\n    def __init__(self, x):\n        self.x = x\n\n    def up(self):\n        self.x += 1\na = A(1)\na.up()": [
        ("<module>", 1, "line", {"A": "the class A"}),
        ("__init__", 3, "returns", "None"),
        ("up", 6, "returns", "None"),
        ("<module>", 8, "line", {"a": "A"}),
    ],
    "import numpy as np\nW = np.zeros((2, 3))\ndef down(array):\n    array -= 1\ndown(W)\nv = [i for i in range(3)]": [
        ("<module>", 2, "line", {"W": "(2, 3)"}),
        ("down", 4, "returns", "None"),
        ("<module>", 5, "line", {"W": "(2, 3)"}),
        ("<module>", 6, "line", {"v": "list of 3"}),
    ],
    "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 5\nx = await f()": [
        ("f", 4, "returns", "5"),
        ("<module>", 5, "line", {"x": "5"}),
    ],
    "x = 1\ntry:\n    1 / 0\nexcept ZeroDivisionError as e:\n    y = 2\ndel x": [
        ("<module>", 5, "line", {"y": "2", "e": None}),
        ("<module>", 6, "line", {"x": None}),
    ],
    "x = 1\nabs(x)": [("<module>", 1, "line", {"x": "1"}), ("<module>", 2, "line", "1")],
    "from swing import period\nf = lambda length: period(length)\nf(1) > 2": [
        ("<lambda>", 2, "called", {"length": "1"}),
        ("<lambda>", 2, "returns", "2.0060666807106475"),
        ("<module>", 3, "line", "True"),
    ],
}
# Listings, and all of their steps: what Python does besides, to wait and to end, is none.
WHOLE = {
    "import asyncio\nasync def f():\n    await asyncio.sleep(0)\n    return 5\nx = await f()": (
        "1 line, 2 line, 5 calls, 2 called, 3 line, 4 returns, 5 line"
    ),
    "def f(x):\n    try:\n        return 1 / x\n    except ZeroDivisionError:\n        return 0\nf(0)": (
        "1 line, 6 calls, 1 called, 2 line, 3 raises, 4 line, 5 returns, 6 line"
    ),
    "for x in [7] * 50: pass\ny = x": "1 line, 1 line, 2 line",
    "abs(-3)": "1 line",
}
# Listings that are cut, and why.
LONG = {
    "i = 0\nwhile i < 60_000:\n    i += 1": "lines",
    "n = [0]\ndef deep(i):\n    return deep(i + 1)\ntry:\n    deep(0)\nexcept RecursionError:\n    i = 60_000": "lines",
    "import itertools\ndef wait():\n    for _ in itertools.repeat(0, 120_000): pass\n    return 60_000\ni = wait()": "lines",
    "x, i = list(range(1_000_000)), 0\nwhile i < 60_000:\n    i += 1": "time",
}


def steps_of(sent):
    """What was noted, and what was printed besides."""
    noted = [line for line in sent.splitlines() if line.startswith('{"calls"')]
    assert len(noted) == 1, "the steps are sent once"
    return json.loads(noted[0]), sent.replace(noted[0] + "\n", "")


@pytest.fixture(scope="module")
def ask():
    with open_kernel(**PYTHON) as ask:
        yield ask


def shown(value):
    return value.get("text", value.get("shape"))


@pytest.mark.parametrize("code", NOTED)
def test_what_is_noted_of_each_line(ask, code):
    answer, sent = ask("run", 1, code, [], None, True)
    noted, _ = steps_of(sent)
    found = [
        (
            noted["calls"][step["call"]]["name"],
            step["line"],
            step["kind"],
            shown(step["value"])
            if "value" in step
            else {name: value and shown(value) for name, value in step["changed"].items()},
        )
        for step in noted["steps"]
    ]
    rest = iter(found)
    assert all(step in rest for step in NOTED[code]), found  # in this order
    assert noted["cut"] == ""
    assert all(noted["codes"][call["file"]] == code for call in noted["calls"])


def test_an_error_without_words_is_called_by_its_name(ask):
    noted, _ = steps_of(ask("run", 1, "assert []", [], None, True)[1])
    assert [step["said"] for step in noted["steps"]] == ["AssertionError"]


@pytest.mark.parametrize("code", WHOLE)
def test_nothing_else_is_noted(ask, code):
    noted, _ = steps_of(ask("run", 1, code, [], None, True)[1])
    assert ", ".join(f"{step['line']} {step['kind']}" for step in noted["steps"]) == WHOLE[code]


@pytest.mark.parametrize("code", LONG)
def test_what_is_long_is_cut_and_the_listing_runs_to_its_end(ask, code):
    answer, sent = ask("run", 1, code, [], None, True)
    noted, _ = steps_of(sent)
    assert noted["cut"] == LONG[code] and 0 < len(noted["steps"]) <= 1010
    assert json.loads(answer)["how"] == "ran"
    assert ask("run", 2, "print(i, __import__('sys').gettrace())", [], None)[1] == "60000 None\n"


def test_a_run_with_steps_leaves_prints_and_changes_what_any_run_does(ask):
    code = "import random\nrandom.seed(1)\ndef f(x):\n    print(x)\n    return random.random()\na = [f(1), f(2)]\na"
    said = []
    for steps in (False, True):
        ask("start_over")
        ask("run", 2, "import random\nrandom.seed(2)", [], None)
        answer, sent = ask("run", 1, code, [], None, steps)
        said.append((json.loads(answer) | {"seconds": 0}, steps_of(sent)[1] if steps else sent))
    assert said[0] == said[1] and said[0][0]["changed"] == ["a", "f", "random numbers"]


def test_what_a_last_line_alone_refers_to_is_given_and_not_changed(ask):
    ask("run", 1, "x = 3\ndef f(x):\n    return x", [], None)
    noted, _ = steps_of(ask("run", 2, "f(x)", [], None, True)[1])
    assert noted["calls"][0]["given"] == {"x": {"text": "3"}} and noted["steps"][-1]["changed"] == {}


def test_an_array_is_described_by_shape_type_range_and_a_picture(ask):
    code = "import numpy as np\na = np.linspace(-1, 2, 600).reshape(2, 300)\nb = np.array([1.5, np.nan])\n"
    code += "c = {'k': a, 'l': 2, 'm': 3, 'n': 4, 'o': 5}"
    noted, _ = steps_of(ask("run", 1, code, [], None, True)[1])
    a, b, c = (step["changed"][name] for step, name in zip(noted["steps"][1:], "abc"))
    assert (a["shape"], a["type"], a["low"], a["high"]) == ("(2, 300)", "float64", "-1", "2")
    assert len(a["rows"]) == 2 and len(a["rows"][0]) == 48 and a["rows"][1][-1] == "s" and a["rows"][0][0] < "j"
    assert b["wrong"] == 1 and b["text"] == "[1.5, nan]"
    assert c["text"] == "dict of 5" and [name for name, _ in c["items"]] == ["'k'", "'l'", "'m'", "'n'"] and c["more"] == 1


# --- In the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def page(returning, site):
    context = returning()
    yield open_page(context, site, SWING)
    context.close()


def press_step(page, number):
    page.click(f"[aria-label='Step through listing {number}']")
    page.locator(f":nth-match(.cell, {number}) .steps").wait_for()


def close(page):
    page.get_by_role("button", name="Close the steps").click()
    assert page.locator(".steps").count() == 0


def title(page):
    return page.inner_text(".step-title")


def names(page):
    """What stands for each name, the changed ones apart."""
    rows = page.locator(".steps dl > div")
    return [(row.locator("dt code").inner_text(), row.locator("dd").inner_text()) for row in rows.all()]


def test_on_a_phone_the_row_with_step_cuts_no_word(page):
    wide = page.viewport_size
    page.set_viewport_size({"width": 320, "height": 568})
    words = page.locator(".run-row:has(.step:visible) > :is(button:visible, .run-state)")
    cut = "(all) => all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent)"
    assert words.evaluate_all(cut) == []
    page.set_viewport_size(wide)


def test_a_listing_that_calls_a_function_of_the_page_is_stepped_through_forward_and_back(page):
    number = number_of(page, "for angle in (0.01, 1, 2)")
    defines = number_of(page, "def time_to_centre")
    offered = page.locator(".step:visible").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert offered == [f"Step through listing {defines}", f"Step through listing {number}"]
    press_step(page, number)
    ended(page)
    assert title(page) == f"Step 1 of 1000: Listing {number}, line 1"
    for key in ["ArrowRight"] * 4 + ["ArrowLeft"] * 2:
        page.keyboard.press(key)
    assert title(page) == f"Step 3 of 1000: Listing {defines}, line 1, in time_to_centre"
    page.get_by_role("button", name="On →").click()
    assert title(page).endswith("line 3, in time_to_centre") and names(page)[0] == ("speed", "0.0")
    assert page.inner_text(".steps [data-now]").strip() == "speed, seconds = 0.0, 0.0"
    page.get_by_role("slider", name="Step").fill("999")
    assert page.inner_text(".steps [role=status]").startswith(
        "After 1000 steps nothing more is noted. The listing itself goes on"
    )
    for key in ["PageUp", "PageUp", "PageDown"]:
        page.keyboard.press(key)
    assert title(page).startswith("Step 990 of 1000")
    assert "from 2.00" in output(page, number), "it has run like any other"
    close(page)


def test_a_listing_that_only_defines_shows_its_function_in_the_first_that_calls_it(page):
    defines, calls = number_of(page, "def time_to_centre"), number_of(page, "for angle in (0.01, 1, 2)")
    press_step(page, defines)
    ended(page)
    assert title(page) == f"Step 3 of 1000: Listing {defines}, line 1, in time_to_centre"
    assert {name for name, _ in names(page)} >= {"length", "angle"}
    page.keyboard.press("Home")
    assert title(page) == f"Step 1 of 1000: Listing {calls}, line 1"
    assert page.inner_text(".step-note").startswith(f"Listing {defines} only defines, so these are the steps of listing {calls}")
    close(page)


def test_a_function_that_no_listing_below_calls_is_said_to_be_so(page):
    write(page, number_of(page, "for angle in (0.01, 1, 2)"), "x = 1")
    page.keyboard.press("Escape")
    press_step(page, number_of(page, "def time_to_centre"))
    ended(page)
    assert page.inner_text(".step-note").startswith("No listing below calls what this one defines.")
    close(page)


def test_an_endless_loop_shows_its_steps_while_it_runs_and_stop_ends_it(page):
    write(page, 1, "def f():\n    n = 0\n    while True:\n        n += 1\nf()")
    page.keyboard.press("Escape")
    press_step(page, 1)
    assert listing(page, 1).get_attribute("data-state") == "running"
    page.keyboard.press("End")
    assert page.inner_text(".steps [role=status]").startswith("After 1000 steps")
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    page.get_by_role("slider", name="Step").fill("0")
    assert title(page) == "Step 1 of 1000: Listing 1, line 1"
    close(page)


def test_an_error_stands_at_its_line_and_recursion_says_how_deep_it_is(page):
    write_all(page, "def down(n):\n    return 1 / n if n < 1 else down(n - 1)\ndown(2)")
    press_step(page, 1)
    assert ended(page)[0] == "failed"
    for _ in range(7):
        page.keyboard.press("ArrowRight")
    assert title(page).endswith("line 2, in down, 3 calls deep")
    assert page.inner_text(".steps [role=status]") == "It raises ZeroDivisionError: division by zero"
    assert run(page, 1, "x = 1")[0] == "done"
    assert page.locator(".steps").count() == 0, "of which nothing is noted"


def test_a_name_that_is_deleted_is_shown_no_more(page):
    """Also where the page has another of that name."""
    run(page, 1, "x = 0")
    write_all(page, "def f():\n    x = 1\n    del x\n    return 2\nf()")
    press_step(page, 1)
    ended(page)
    for gone in (False, True):
        for _ in range(1 if gone else 3):
            page.keyboard.press("ArrowRight")
        assert ("x" in dict(names(page))) is not gone
    close(page)


# --- A function that a reader writes --------------------------------------------------------------------------------------

HEIGHT, SPEED = 2, 4  # listings: a function to write, and one to read
DRAFTS = {  # and the first values that are seen
    "def height(length, angle):\n    up = length * angle\n    return up": [("up", "1.5"), ("length", "1"), ("angle", "1.5")],
    "def height(length, angle):\n    x = 0\n    while True:\n        x = 7\n": [("x", "0"), ("length", "1"), ("angle", "0")],
    "def height(length, angle):\n    return height(length, angle)": [("length", "1"), ("angle", "0")],
    "def height(length, angle):\n    return 1 / (length - 1)": [("angle", "0"), ("length", "1")],
    "def height(length, angle):\n    n = 3\n    return length * (1 - math.cos(angle))": [
        ("n", "3"),
        ("angle", "-0.4"),
        ("length", "2"),
    ],
}  # fmt: skip


@pytest.fixture(scope="module")
def written(returning, site):
    context = returning()
    yield open_page(context, site, WRITE)
    context.close()


def test_a_draft_is_stepped_through_on_what_it_gets_wrong(written):
    offered = written.locator(".step:visible").evaluate_all("(all) => all.map((one) => one.ariaLabel)")
    assert f"Step through listing {HEIGHT}" not in offered, "nothing is written there"
    for code, first in DRAFTS.items():
        if written.locator(".steps").count():
            close(written)
        write(written, HEIGHT, code)
        written.keyboard.press("Escape")
        press_step(written, HEIGHT)
        assert ended(written)[0] == "done"
        written.keyboard.press("ArrowRight")
        assert sorted(names(written)) == sorted(first), code
        assert title(written).endswith(", in height")
        written.keyboard.press("End")
        assert "The listing itself" not in written.inner_text(".steps [role=status]"), "no listing runs"
    assert names(written)[0][0] == "gives" and names(written)[0][1].startswith("0.157878")
    assert written.inner_text(".steps [role=status]") == "It returns."
    assert written.inner_text(".step-note") == "This is what your height does for (2, -0.4)."
    assert listing(written, HEIGHT).get_attribute("data-verdict") is None, "who looks is not judged"
    close(written)


def test_a_draft_that_cannot_be_read_is_said_to_be_so(written):
    write(written, HEIGHT, "def height(length, angle)\n    return 1")
    written.keyboard.press("Escape")
    written.click(f"[aria-label='Step through listing {HEIGHT}']")
    written.get_by_text("Your height can't be run. SyntaxError: expected ':'").wait_for()
    assert ended(written)[0] == "failed"
    assert written.locator(".steps").count() == 0


def test_a_function_to_read_is_stepped_through_where_a_listing_calls_it(written):
    press_step(written, SPEED)
    assert ended(written)[0] == "done"
    assert title(written).endswith(f"Listing {SPEED}, line 1, in top_speed")
    assert written.locator(".steps .changed").count() == 0, "an argument is there from the beginning"
    written.keyboard.press("End")
    assert "length" not in dict(names(written)), "those of a call are its own"
    for key in ["ArrowRight", "ArrowLeft"]:
        written.keyboard.press(key)
    count = int(written.get_by_role("slider", name="Step").get_attribute("max")) + 1
    assert title(written).startswith(f"Step {count - 1} of {count}:"), "the keys go on at the end"
    for key in ["Home", "ArrowLeft", "ArrowRight"]:
        written.keyboard.press(key)
    assert written.inner_text(".steps [data-now]").startswith("def top_speed")


def test_a_press_on_step_counts_where_it_leaves_an_open_editor(page):
    write(page, 1, "for i in range(3):\n    x = 1")  # after a name its help could lie over Step
    page.click("[aria-label='Step through listing 1']", delay=200)  # milliseconds, as a hand takes; the editor closes meanwhile
    page.locator(":nth-match(.cell, 1) .steps").wait_for()
    close(page)
