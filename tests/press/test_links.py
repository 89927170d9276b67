"""A link that carries the edit of a listing: it goes round, shows what is different, and runs nothing."""

import ast
import base64
import json
import re

import pytest

from press.browser.listings import DRAFT, listing, on_device, open_page, version, write
from press.notebooks.chapters import ROOT
from tests.support.link import EDIT, TEXT, link_module, open_fragment
from tests.support.page import forget, module, press_that_says
from tests.support.sample import SWING

STORED = "JSON.stringify(Object.entries(localStorage).sort())"


@pytest.fixture(scope="module")
def opened(browser, site):
    context = on_device(browser, 2, permissions=["clipboard-read", "clipboard-write"])
    yield open_page(context, site, SWING)
    context.close()


@pytest.fixture
def page(opened):
    """A page of a reader who has kept nothing."""
    yield opened
    opened.unroute_all()
    opened.evaluate("history.replaceState(null, '', location.pathname)")
    forget(opened)
    opened.reload()


def test_twenty_edits_go_round_and_one_that_is_too_long_makes_no_link(page):
    module = link_module(page)
    files = [path.read_text(encoding="utf-8") for path in (ROOT / "press" / "run").glob("*.py")]
    functions = [(file, part) for file in files for part in ast.parse(file).body if isinstance(part, ast.FunctionDef)]
    codes = [ast.get_source_segment(*function) for function in functions]
    assert len(codes) > 20
    for code in sorted(codes, key=len)[-20:]:
        edit = re.sub(r"\b\d+", "7", code) + "\n# ünï ✓ 😀 <b>\t'\"\\"
        fragment = module.evaluate("(link, [code, edit]) => link.fragmentOf(code, edit)", [code, edit])
        assert re.fullmatch(r"#edit=[\w-]+", fragment) and len(fragment) < 8000
        assert module.evaluate("(link, fragment) => link.editOf(fragment).code", fragment) == edit
    assert module.evaluate("(link) => link.fragmentOf('', 'x'.repeat(8000)) === undefined")


def test_a_copied_link_shows_what_is_different_and_runs_nothing_until_it_is_used(page, browser, site):
    original = page.evaluate(TEXT, 1)
    write(page, 1, EDIT)
    said = page.locator("button:visible", has_text="Copy link").evaluate("""(button) => new Promise((heard) => {
        const said = [], later = [], wait = window.setTimeout;
        window.setTimeout = (act, time, ...more) => (time === 2000 ? later.push(act) : wait(act, time, ...more));
        new MutationObserver(() => {
            said.push(button.textContent);
            if (said.length === 1) button.click(); // once more at once
            if (said.length === 2) later.forEach((act) => wait(act)); // as if two seconds had gone by
            if (said.length < 4) return;
            window.setTimeout = wait;
            heard(said);
        }).observe(button, { childList: true });
        button.click();
    })""")
    assert said == ["Copied", "Copied", "Copy link", "Copy link"]
    address = page.evaluate("navigator.clipboard.readText()")
    context = on_device(browser, 2)
    there, asked = context.new_page(), []
    there.on("request", lambda request: asked.append(request.url))
    there.goto(address)
    there.get_by_text("The link brings an edit of listing 1. Nothing of it has run.").wait_for()
    there.keyboard.press("Enter")  # a stray one
    lines = there.locator(".linked ins").all_text_contents()
    assert [line.removeprefix("+ ").rstrip("\n") for line in lines] == EDIT.split("\n")
    assert len(there.locator(".linked del").all()) == len(original.split("\n"))
    assert there.evaluate(TEXT, 1) == original and there.evaluate("localStorage.length") == 0
    there.click("[aria-label='Use the edit in listing 1']")
    assert there.evaluate(TEXT, 1) == EDIT and "#" not in there.url
    assert listing(there, 1).get_attribute("data-state") == "edited"  # not run
    assert not [url for url in asked if "pyodide" in url] and all(url.startswith(site) for url in asked)
    context.close()


def test_where_the_clipboard_is_denied_the_link_stands_in_the_address_bar(page):
    write(page, 1, EDIT)
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(); }")
    press_that_says(page.locator("button:visible", has_text="Copy link"), "It is in the address bar")
    assert "#edit=" in page.url


def test_the_readers_own_edit_comes_back_after_a_link_even_if_what_replaced_it_was_changed(page):
    fragment = link_module(page).evaluate("(link, [code, edit]) => link.fragmentOf(code, edit)", [page.evaluate(TEXT, 1), EDIT])
    write(page, 1, "mine = 1")
    open_fragment(page, f"{fragment}.")  # it stood at the end of a sentence
    page.click(".linked >> text=Leave it")
    assert page.evaluate(TEXT, 1) == "mine = 1"
    open_fragment(page, fragment)
    page.click("[aria-label='Use the edit in listing 1']")
    assert page.evaluate(TEXT, 1) == EDIT
    version(page, 1, DRAFT).click()
    assert page.evaluate(TEXT, 1) == "mine = 1"
    open_fragment(page, fragment)
    page.click("[aria-label='Use the edit in listing 1']")
    write(page, 1, "mine = 1.5; mine")
    version(page, 1).click()
    for name, text in ((version(page, 1, DRAFT).first, "mine = 1.5; mine"), (version(page, 1, DRAFT).last, "mine = 1")):
        name.click()
        assert page.evaluate(TEXT, 1) == text


def test_what_a_link_has_brought_comes_back_after_the_original(page):
    original = page.evaluate(TEXT, 1)
    fragment = link_module(page).evaluate("(link, [code, edit]) => link.fragmentOf(code, edit)", [original, EDIT])
    open_fragment(page, fragment)
    page.click("[aria-label='Use the edit in listing 1']")
    version(page, 1).click()
    assert page.evaluate(TEXT, 1) == original
    version(page, 1, DRAFT).click()
    assert page.evaluate(TEXT, 1) == EDIT


def packed(value):
    content = value if isinstance(value, bytes) else json.dumps(value).encode()
    return f"#edit={base64.urlsafe_b64encode(content).decode().rstrip('=')}"


# From the mark of the first listing.
HOSTILE = {
    "no base64": lambda mark: "#edit=<img src=x onerror=alert(1)>",
    "nothing": lambda mark: "#edit=",
    "no JSON": lambda mark: packed(b"alert(1)"),
    "no UTF-8": lambda mark: packed(b'["' + mark.encode() + b'", "\xff\xfe"]'),
    "an object": lambda mark: packed({"0": mark, "1": "x = 1", "__proto__": {"text": "x"}}),
    "more than an edit": lambda mark: packed([mark, "x = 1", "run"]),
    "no text": lambda mark: packed([mark, {"toString": "x"}]),
    "half a letter": lambda mark: packed([mark, "x = '\ud800'"]),
    "code that runs backwards": lambda mark: packed([mark, "x = 1  # \u202etxet neddih"]),
    "a letter that looks like nothing": lambda mark: packed([mark, "x\u3164 = 1"]),
    "a mark upon a letter": lambda mark: packed([mark, "x\u0332 = 1"]),
    "a sign that another is made of": lambda mark: packed([mark, "x =\u0338= 1"]),
    "a blank that is no space": lambda mark: packed([mark, "x\u2800 = 1"]),
    "another space": lambda mark: packed([mark, "x = '\u3000'"]),
    "a letter of a private alphabet": lambda mark: packed([mark, "x = '\ue000'"]),
    "a text of two letters": lambda mark: packed("ab"),
    "a hidden line": lambda mark: packed([mark, "x = 1\rimport os"]),
    "cut off": lambda mark: packed([mark, EDIT])[:-40],
    "too long": lambda mark: packed([mark, "x" * 9000]),
    "nested too deep": lambda mark: packed(b"[" * 5000),
}


def test_a_hostile_link_gets_a_sentence_and_does_nothing(page):
    mark = link_module(page).evaluate("(link, code) => link.mark(code)", page.evaluate(TEXT, 1))
    open_fragment(page, packed([mark, EDIT]))  # such a link of the same listing does something
    page.click(".linked >> text=Leave it")
    before, text = page.evaluate(STORED), page.evaluate(TEXT, 1)
    start, failed = module(page, "run/start.js"), []
    page.on("pageerror", lambda error: failed.append(error))
    page.on("dialog", lambda dialog: failed.append(dialog))
    for kind, fragment in HOSTILE.items():
        start.evaluate("({ say }) => say('done', '', false)")
        open_fragment(page, fragment(mark))
        assert page.locator(".run-bar.shown [data-run-state=stopped]").inner_text().startswith("The link is damaged"), kind
        assert page.locator(".linked").count() == 0 and failed == [], kind
        assert page.evaluate(STORED) == before and page.evaluate(TEXT, 1) == text, kind


TURNING = 'print("x", "\u05d0", 1 - 2, "\u05d1")'
IN_ORDER = """(line) => {
    const walk = document.createTreeWalker(line, NodeFilter.SHOW_TEXT), range = document.createRange(), lefts = [];
    while (walk.nextNode()) {
        for (let i = 0; i < walk.currentNode.length; i++) {
            range.setStart(walk.currentNode, i);
            range.setEnd(walk.currentNode, i + 1);
            if (range.toString().trim()) lefts.push(range.getBoundingClientRect().left);
        }
    }
    return lefts.length > 20 && lefts.every((left, i) => !i || left > lefts[i - 1]);
}"""


def test_letters_from_right_to_left_turn_no_code(page):
    fragment = link_module(page).evaluate(
        "(link, [code, edit]) => link.fragmentOf(code, edit)", [page.evaluate(TEXT, 1), TURNING]
    )
    open_fragment(page, fragment)
    assert page.locator(".linked ins").evaluate(IN_ORDER)
    page.click("[aria-label='Use the edit in listing 1']")
    assert listing(page, 1).locator(".cell_input .highlight pre").evaluate(IN_ORDER)
    listing(page, 1).locator(".cell_input .highlight pre").click()
    assert page.locator(".editor .cm-line").evaluate(IN_ORDER)


def test_a_link_whose_edit_is_in_use_leads_to_its_listing(page):
    number = page.locator(".run-row").count()
    original = page.evaluate(TEXT, number)
    fragment = link_module(page).evaluate("(link, [code, edit]) => link.fragmentOf(code, edit)", [original, EDIT])
    write(page, number, EDIT)
    page.keyboard.press("Escape")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function("() => scrollY === 0")
    open_fragment(page, fragment)
    page.wait_for_function(IN_VIEW, arg=number)
    assert page.locator(".linked").count() == 0


IN_VIEW = """(number) => {
    const { top, bottom } = document.querySelectorAll(".cell:has(> .cell_input)")[number - 1].getBoundingClientRect();
    return top < innerHeight && bottom > 0;
}"""


def test_a_link_whose_scripts_do_not_arrive_says_so(page):
    failed = []
    page.on("pageerror", lambda error: failed.append(error))
    page.route("**/link.js*", lambda route: route.abort())
    open_fragment(page, packed(["12345678", EDIT]))
    page.get_by_text("The scripts that run the listings did not arrive.").wait_for()
    assert failed == []


def test_a_link_to_another_edition_says_so(page):
    open_fragment(page, packed(["12345678", EDIT]))
    page.get_by_text("an edit of a listing that this page does not have").wait_for(state="attached")
    assert page.locator(".linked").count() == 0
