"""The editor in a listing: what it completes and explains, what it mends, and that nothing written in it is lost."""

import json
import re
import sys

import pytest
from playwright.sync_api import expect

from press.browser.chromium import settle
from press.browser.listings import (
    EDITOR,
    ended,
    hold,
    listing,
    on_device,
    open_page,
    output,
    press_run,
    ran,
    run,
    version,
    wait_for,
    write,
    written,
)
from press.notebooks.chapters import ROOT
from tests.support.sample import SWING

sys.path.insert(0, str(ROOT / "press" / "run"))
import lookup  # noqa: E402

# --- What Python tells it, without a page -----------------------------------------------------------------------------


class Box:
    """A box."""

    def put(self, what, where="left"):
        """Put it in."""

    @property
    def broken(self):
        raise ValueError("a property was called")


CODE = "class Mine:\n    @property\n    def loud(self):\n        print('called')"
NAMESPACE = {
    "many": [list(range(784))] * 3000,
    "box": Box(),
    "Box": Box,
    "boxes": [1, 2],
    "math": __import__("math"),
    "_hidden": 1,
}
exec(compile(f"{CODE}\n\nmine = Mine()", "listing 1", "exec"), NAMESPACE)


@pytest.mark.parametrize(
    "text, some",
    [
        ("bo", [["box", "variable"], ["boxes", "variable"]]),
        ("math.sq", [["sqrt", "function"]]),
        ("box.", [["broken", "variable"], ["put", "function"]]),
        ("box.nothing.", []),
        ("3.", []),
        (".so", []),
        ("whi", [["while", "keyword"]]),
        ("_hid", [["_hidden", "variable"]]),
    ],
)
def test_names_that_may_go_on(text, some):
    found = lookup.complete(text, NAMESPACE)
    assert [name for name in some if name not in found] == [] and bool(found) == bool(some)
    assert text.startswith("_") or not [name for name, _ in found if name.startswith("_")]


@pytest.mark.parametrize(
    "text, said",
    [
        ("box.put", "box.put(what, where='left')\n\nPut it in."),
        ("boxes", "boxes: list = [1, 2]"),
        ("len", "len(obj, /)\n\nReturn the number of items in a container."),
        ("mine.loud", None),
        ("nothing", None),
        ("box.nothing", None),
    ],
)
def test_what_a_name_stands_for(text, said, capsys):
    assert lookup.explain(text, NAMESPACE) == said and capsys.readouterr().out == "", "a property of the reader's was called"


def test_what_listings_import_is_known_before_they_run_where_it_is_loaded():
    codes = [
        "%matplotlib inline\nimport math",
        "import math as m, json, no_such\nfrom json import dumps, nothing",
        "from os import sep\nif",
    ]
    known = lookup.imported(json.dumps(codes))
    assert set(known) == {"m", "json", "dumps"} and known["m"].pi > 3
    assert "sep" in lookup.imported(json.dumps([codes[2].removesuffix("if")]))


def test_a_long_value_is_not_written_out():
    said = lookup.explain("many", NAMESPACE)
    assert said.startswith("many: list = [[0, 1, 2,") and said.endswith("[...]") and len(said) < 400


# --- In a page --------------------------------------------------------------------------------------------------------


BROKEN = "import math\nvalues = [3, 1]\nmath.sqrt(1, 2)"


@pytest.fixture(scope="module")
def opened(returning, site):
    """A page whose editor arrives late: at first the listing runs without it."""
    context = returning(permissions=["clipboard-read", "clipboard-write"])
    context.clock.install()  # it goes on as ever, but a test can put it forward where Python would compute meanwhile
    context.route("**/run/codemirror.js*", lambda route: route.abort())
    page = open_page(context, site, SWING)
    page.click("[aria-label='Edit listing 1']")
    expect(page.locator(".run-bar [role=status]")).to_contain_text("The editor did not arrive.")
    page.state_without_editor = run(page, 1)[0]
    context.unroute("**/run/codemirror.js*")
    yield page
    context.close()


@pytest.fixture
def page(opened):
    opened.keyboard.press("Escape")
    return opened


def edit(page, code=None, number=1):
    """Open a listing's editor, with code in the place of its own if given."""
    write(page, number, "") if code is not None else page.click(f"[aria-label='Edit listing {number}']")
    page.locator(EDITOR).wait_for()
    if code:
        page.keyboard.type(code)


def test_the_line_of_an_error_has_the_cursor_and_its_mark_until_the_listing_has_run(page):
    run(page, 1, BROKEN)
    edit(page)
    wrong = page.locator(".cm-wrong")
    expect(page.locator(".cm-lineNumbers .cm-gutterElement").last).to_have_text("3")
    for key, text in (("#", "#math.sqrt(1, 2)"), ("Control+Home", "#math.sqrt(1, 2)"), ("Enter", "#math.sqrt(1, 2)")):
        page.keyboard.press(key)
        expect(wrong).to_have_text(text)
    page.keyboard.press("Shift+Enter")
    expect(wrong).to_have_count(0)
    ended(page)
    for key in ("Control+End", "Home", "Delete", "Shift+Enter"):
        page.keyboard.press(key)
    expect(wrong).to_have_text("math.sqrt(1, 2)")  # in an editor that stood open, too
    ended(page)


def test_the_cursor_is_where_it_was_when_the_editor_is_opened_again(page):
    edit(page)
    for key in ("Control+End", "Escape", "Enter"):
        page.keyboard.press(key)
    page.locator(EDITOR).wait_for()
    page.keyboard.type("# on")
    assert written(page, 1).endswith("# on")


def test_names_are_completed_from_the_listing_and_from_python(page):
    names = page.locator(".cm-tooltip-autocomplete li")
    run(page, 1, BROKEN)
    edit(page, "number_of_units = 4\nnum")
    names.get_by_text("number_of_units").wait_for()
    edit(page, "values.so")
    expect(names).to_have_text(["sort"])
    expect(page.locator(".cm-completionInfo")).to_contain_text("values.sort(*, key=None, reverse=False)")
    page.keyboard.press("Escape")
    expect(names).to_have_count(0)
    page.keyboard.press("Tab")
    expect(names).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Tab")
    assert written(page, 1) == "values.sort"
    edit(page, "x = values.so")
    for text in ("x = values.sort", "x = values.sort\n"):  # what is typed to its end is no choice any more
        expect(names).to_have_text(["sort"])
        page.keyboard.press("Enter")
        assert page.locator(".cm-line").all_text_contents() == text.split("\n")
        page.keyboard.press("Control+Space")
    edit(page, "values11 = 11")
    page.keyboard.press("Control+Space")
    expect(names).to_have_count(0)


def test_names_are_shown_for_what_was_typed_while_python_had_none(page):
    run(page, 1, BROKEN)
    edit(page, "")
    release = hold(page, "look")
    page.keyboard.type("zq")
    page.wait_for_function("() => window.release")  # Python is asked for what begins so, which is nothing
    page.keyboard.type(" = values.so")
    release()
    expect(page.locator(".cm-tooltip-autocomplete li")).to_have_text(["sort"])


def test_shift_and_tab_explain_the_function_whose_arguments_are_written(page):
    run(page, 1, BROKEN)
    edit(page, "math.sqrt(")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-help")).to_contain_text("math.sqrt(x, /)")
    page.keyboard.press("Escape")
    expect(page.locator(".cm-help")).to_have_count(0)
    assert page.locator(EDITOR).count() == 1, "Escape closes the help first"


def test_a_misspelt_name_is_told_which_was_meant(page):
    assert run(page, 1, "learning_rate = 1\nprint(learning_rat)")[2].endswith("Did you mean: 'learning_rate'?")


def test_quotes_and_brackets_that_are_typed_to_their_ends_stand_once(page):
    edit(page, 'def f(x):\n"""A step."""\nreturn [f"{x}"]')
    assert written(page, 1) == 'def f(x):\n    """A step."""\n    return [f"{x}"]'


def test_keys_indent_and_comment_all_selected_lines(page):
    edit(page, "a = 1\nb = 2")
    for key, lines in (
        ("Tab", ["    a = 1", "    b = 2"]),
        ("Shift+Tab", ["a = 1", "b = 2"]),
        ("Control+/", ["# a = 1", "# b = 2"]),
    ):
        page.keyboard.press("Control+A")
        page.keyboard.press(key)
        assert written(page, 1).splitlines() == lines


@pytest.mark.parametrize(
    "typed",
    [
        "if a:\n    b = 1\nelif b:\n    b = 2\nelse:\n    b = 3",
        "def f(x):\n    try:\n        return g(x)\n    except OSError:\n        pass\n    finally:\n        raise\n    x",
        "for x in y:\n    if x:\n        continue\n    if y:\n        break\n    x",
        "    return [\n        1",
    ],
)
def test_each_line_begins_where_python_wants_it(page, typed):
    edit(page, "")
    for i, line in enumerate(typed.split("\n")):
        if i:
            page.keyboard.press("Enter")
        page.keyboard.type(line.lstrip() if i else line)
    assert written(page, 1).removesuffix("\n    ]") == typed


@pytest.mark.parametrize(
    "copied, text",
    [
        (">>> for i in x:\n...     print(i)\n...\n1\n2\n>>> y = 1", "for i in x:\n    print(i)\n\ny = 1"),
        ("a\u00a0= “one”", 'a = "one"'),
        ("\ufeffa = 1 \u2212 2\u2028b = 3", "a = 1 - 2\nb = 3"),
        ("```python\nfor i in x:\n    i\n```\n", "for i in x:\n    i"),
        ("You may write:\n\n~~~py\nx = 1\n~~~\nand then\n```\nprint(x)\n```\nfor it.", "x = 1\n\nprint(x)"),
        ('def f():\n    """\n    ```\n    f()\n    ```\n    """', 'def f():\n    """\n    ```\n    f()\n    ```\n    """'),
        ("In [1]: for i in x:\n   ...:     i\n   ...:\nOut[1]: 3\n\nIn [2]: y", "for i in x:\n    i\n\ny"),
        ("In [1]:\nx = 1\ny = 2", "x = 1\ny = 2"),
        ("print('It’s “so”')", "print('It’s “so”')"),
    ],
)
def test_what_is_pasted_becomes_python(page, copied, text):
    edit(page, "")
    page.evaluate("(text) => navigator.clipboard.writeText(text)", copied)
    page.keyboard.press("Control+V")
    expect(page.locator(EDITOR)).to_contain_text(text.splitlines()[-1])
    assert written(page, 1) == text


LAST_LINE_IS_ABOVE = """(bar) => {
    const { activeElement } = document.querySelector(".editor").shadowRoot;
    return activeElement.lastElementChild.getBoundingClientRect().bottom <= bar;
}"""


def test_the_bar_covers_neither_the_line_that_is_written_nor_where_its_output_begins(page):
    run(page, 1, "pass")
    edit(page, "\n" * 60 + "print('below\\n' * 9)")
    bar = page.locator(".run-bar").bounding_box()["y"]
    assert page.evaluate(LAST_LINE_IS_ABOVE, bar)
    for key in ("Control+Home", "Control+End"):  # here the browser does not scroll by itself
        page.keyboard.press(key)
    page.wait_for_function(LAST_LINE_IS_ABOVE, arg=bar, polling=50)
    page.keyboard.press("Escape")
    edit(page)
    expect(page.locator(".cm-lineNumbers .cm-gutterElement").last).to_have_text("61")  # many lines are numbered
    page.wait_for_function(LAST_LINE_IS_ABOVE, arg=bar, polling=50)
    page.keyboard.press("Shift+Enter")
    ended(page)
    first = listing(page, 1).locator(".cell_output pre").bounding_box()
    assert first["y"] + 40 < page.locator(".run-bar").bounding_box()["y"]


@pytest.mark.parametrize("above", [0, 60])
def test_names_and_their_meaning_are_in_view_on_the_last_line_above_the_bar(page, above):
    assert run(page, 1, "import math")[0] == "done" and page.locator(".run-bar").is_visible()
    edit(page, "\n" * above + "math.sq")
    names = page.locator(".cm-tooltip-autocomplete li")
    expect(names).to_have_text(["sqrt"])
    expect(names).to_be_in_viewport(ratio=1)
    names.click(trial=True)  # nothing lies over it
    page.keyboard.press("Tab")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-help")).to_contain_text("math.sqrt(x, /)")
    expect(page.locator(".cm-help")).to_be_in_viewport(ratio=1)
    page.keyboard.press("Escape")


def test_python_starts_quietly_with_the_first_editor_and_knows_what_the_listings_import(returning, site):
    context = returning(service_workers="allow")  # one who does not save data
    page = open_page(context, site, SWING)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    settle(page)
    assert not [url for url in asked if "manifest" in url]
    edit(page, "np.maximu", number=4)
    names = page.locator(".cm-tooltip-autocomplete li")

    wait_for(lambda _: names.count() or page.keyboard.press("Control+Space"), "names")
    expect(names).to_have_text(["maximum"])
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    expect(page.locator(".cm-help")).to_contain_text("maximum(")
    page.keyboard.press("Escape")
    assert page.locator("[data-run-state]").count() == 0, "the bar has said nothing"
    assert run(page, 4, "print(np.maximum(1, 2))")[2] == "2" and len(page.workers) == 1
    context.close()


def test_what_a_figure_prints_is_not_its_code(context, site):
    page = open_page(context, site, SWING)
    number = 1 + next(i for i, text in enumerate(page.locator(".cell").all_text_contents()) if "at the end: " in text)
    page.get_by_role("button", name=f"Edit listing {number}", exact=True).click()
    assert page.locator(EDITOR).inner_text().startswith("curves = {")


def test_undo_reaches_back_over_the_time_when_the_editor_was_closed(page):
    edit(page, "first = 1")
    page.keyboard.press("Escape")
    version(page, 1).click()
    edit(page)
    page.keyboard.press("Control+Z")
    assert written(page, 1) == "first = 1"


def test_where_the_editor_does_not_arrive_the_listing_runs_as_it_stands_and_the_next_press_has_it(page):
    assert page.state_without_editor == "done"
    assert run(page, 1, "print('arrived')")[2] == output(page, 1) == "arrived"


def test_on_a_phone_the_keys_that_its_keyboard_hides_stand_below_the_editor_and_a_tap_runs_the_listing(browser, site):
    context = on_device(browser, 2, has_touch=True, viewport={"width": 390, "height": 844})
    page = open_page(context, site, SWING)
    page.get_by_role("button", name="Edit listing 2", exact=True).tap()
    editor = page.locator(EDITOR)
    editor.fill("if True:\n")
    # No name begins with j: a list of names would lie over the keys.
    for key, text in (("Tab", "def j"), ("(", "x"), (")", ""), (":", " return x"), ("[", "0"), ("Left", "1")):
        page.get_by_role("button", name=key, exact=True).tap()
        page.keyboard.type(text)
    assert written(page, 2).splitlines() == ["if True:", "    def j(x): return x[10]"], "brackets close, and ) is typed over"
    page.get_by_role("button", name="Less indented").tap()
    assert written(page, 2).splitlines()[1].startswith("def j")
    page.get_by_role("button", name="Undo").tap()
    assert written(page, 2).splitlines()[1].startswith("    def j")
    assert editor.evaluate("(box) => box.getRootNode().activeElement === box"), "the focus has stayed"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.route("**/manifest.json*", lambda route: None)  # it never arrives, so no Python starts
    page.get_by_role("button", name="Run listing 2", exact=True).tap()
    expect(listing(page, 2)).to_have_attribute("data-state", "waiting")
    editor.wait_for(state="detached")
    context.close()


def test_on_a_phone_the_names_do_not_lie_over_the_keys(browser, site):
    context = on_device(browser, 2, has_touch=True, viewport={"width": 390, "height": 844})
    page = open_page(context, site, SWING)
    page.get_by_role("button", name="Edit listing 2", exact=True).tap()
    for text in ("", "\n" * 9):
        page.locator(EDITOR).fill(text)
        page.keyboard.press("Control+End")
        page.keyboard.type("pri")
        names = page.locator(".cm-tooltip-autocomplete")
        expect(names).to_contain_text("print")
        settle(page)
        shown, keys = names.bounding_box(), page.locator(".keys").bounding_box()
        assert shown["height"] > 80 and shown["y"] + shown["height"] <= keys["y"]
        page.keyboard.press("Escape")
    context.close()


def test_what_is_searched_in_a_listing_is_found_below_the_panel_and_replaced(page):
    edit(page, "")
    page.keyboard.insert_text("\n".join(f"x{i} = {i}" for i in range(80)))
    page.keyboard.press("Control+F")
    field = page.get_by_role("textbox", name="Find")
    expect(field).to_be_focused()
    page.keyboard.type("x60 =")
    page.keyboard.press("Enter")
    found, panel, header = (page.locator(one) for one in (".cm-searchMatch-selected", ".cm-search", "body > header"))
    settle(page)
    for above, below in ((header, field), (panel, found)):
        assert above.bounding_box()["y"] + above.bounding_box()["height"] < below.bounding_box()["y"]
    page.get_by_role("textbox", name="Replace").click()
    page.keyboard.type("y =")
    page.get_by_role("button", name="replace", exact=True).click()
    assert written(page, 1).splitlines()[60] == "y = 60"
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(page.locator(EDITOR)).to_be_focused()
    page.keyboard.press("Control+F")
    page.get_by_role("button", name="Edit listing 2", exact=True).click()
    edit(page)
    expect(panel).to_have_count(0)  # it is gone with the editor


def test_the_editor_applies_no_style_that_the_policy_of_the_page_refuses(page):
    """What the browser applies where it joins lines itself, as when a test fills the editor, is another matter."""
    page.evaluate(
        "addEventListener('securitypolicyviolation', ({ violatedDirective }) => refused.push(violatedDirective), refused = [])"
    )
    edit(page, number=2)
    page.keyboard.press("Control+End")
    page.keyboard.type("\nimport math")
    page.locator(".cm-tooltip-autocomplete").wait_for()
    page.keyboard.press("Control+F")
    page.locator(".cm-search").wait_for()
    assert page.evaluate("refused") == []
    page.keyboard.press("Escape")


def test_two_drafts_of_one_minute_have_names_that_differ(page):
    for code in ("print('one')", "print('two')", "print('three')"):
        run(page, 1, code)
    names = listing(page, 1).locator(".chips button").all_inner_texts()
    assert len({*names}) == len(names), names


def test_each_text_that_ran_is_kept_with_how_it_ended_but_no_number_on_its_way(page):
    for code in ("print('one')", "print('two')", "1 / 0"):
        run(page, 1, code)
    page.reload()
    for name, code in ((r"ran\b", "print('two')"), (r"ZeroDivisionError: ", "1 / 0")):
        version(page, 1, re.compile(rf"^\d\d:\d\d {name}")).first.click()
        assert written(page, 1) == code
    before = listing(page, 1).locator(".chips button").count()
    number = listing(page, 1).get_by_role("spinbutton").first
    run(page, 1)
    number.press("ArrowUp")
    ended(page)
    assert written(page, 1) == "2 / 0"
    run(page, 1)
    assert listing(page, 1).locator(".chips button").count() == before + 1, "what is there now"


def test_stop_ends_what_the_editor_has_asked(page):
    """The last one, because it ends the page's Python: the next would start another."""
    write(page, 1, "class Endless:\n    def __repr__(self):\n        while True: pass\n\nendless = Endless()")
    for number in (1, 3):  # Python has analysed the first already
        assert ran(page, 2, "print(endless is None)") == [1, 2] and output(page, 2) == "False"
        write(page, 2, "endless")
        page.keyboard.press("Shift+Tab")
        press_run(page, number)
        page.click(".run-bar .stop")
        page.clock.fast_forward(600)
        page.get_by_text("Stopped, while Python looked up what a name stands for.").wait_for()
