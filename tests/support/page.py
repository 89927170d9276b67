"""What tests ask of a page, by the functions of page.js, and what axe finds in it."""

import re
from html.parser import HTMLParser
from pathlib import Path

from press.browser.chromium import settle

SCRIPT = Path(__file__).with_name("page.js").read_text(encoding="utf-8")


def built_for(site):
    """The address that a site is built for, the first entry of its sitemap, or None if it was built without one."""
    sitemap = site / "sitemap.xml"
    return re.search("<loc>(.*?)</loc>", sitemap.read_text(encoding="utf-8"))[1] if sitemap.exists() else None


def ask(page, function, argument=None):
    """What a function of page.js returns in a page."""
    return page.evaluate(f"(argument) => {{ {SCRIPT} return {function}(argument); }}", argument)


def ask_from_the_start(page, function):
    """Call a function of page.js before the scripts of each page that `page` opens from now on."""
    page.add_init_script(f"(() => {{ {SCRIPT} {function}(); }})();")


def module(page, path):
    """A module as the page has loaded it, or would, such as "page/kept.js", as a handle."""
    return page.evaluate_handle(
        "(path) => import(document.querySelector('[rel=modulepreload]').href.replace('page/dom.js', path))", path
    )


def forget(page):
    """Forget all that the reader has kept; emptied from outside, the browser's storage would get it back from the log."""
    module(page, "page/course.js").evaluate("({ forget }) => forget()")


def press_that_says(button, words):
    """Press a button that says for two seconds what has come of it, and wait for these words."""
    button.evaluate(
        """(button, words) => new Promise((heard) => {
            new MutationObserver(() => button.textContent === words && heard()).observe(button, { childList: true });
            button.click();
        })""",
        words,
    )


def note_from(page, button):
    """The note that a press of the button opens. The box is closed again."""
    button.click()
    note = page.get_by_role("textbox", name="The note")
    text = note.input_value()
    page.keyboard.press("Escape")
    note.wait_for(state="detached")
    return text


def restore(page):
    """Stop what runs, and give each listing the book's text."""
    page.bring_to_front()
    page.wait_for_function(STOPPED, polling=200)
    page.locator(".chips button:first-child").evaluate_all("(all) => all.forEach((book) => book.click())")


# Presses Stop, and returns whether nothing was running. In one step, because a listing may end by itself.
STOPPED = """() => {
    const stop = document.querySelector(".run-bar .stop:enabled");
    stop?.click();
    return !stop;
}"""


def axe_finds(page, part, doubts, judged):
    """axe's complaints about a part of a page, as {(width, scheme): report}: wide in light and narrow in the dark.

    Colours that hang on the width are in the frame of a page alone, so a whole page is asked in the other two ways too. With
    `doubts`, also the texts whose contrast axe can't determine, for example where elements overlap. `judged` is the list of looks
    whose contrast was found good before; those of this part are put into it.
    """
    from axe_playwright_python.sync_playwright import Axe, AxeResults

    if not page.evaluate("'axe' in window"):
        page.evaluate(Axe().axe_script)
    ask(page, "helpAxe")  # before the screens, each of which has the page styled anew

    # The thousands of symbols in formulas inherit their colour from the text around them.
    context = {"include": [[part]], "exclude": [["math"]]}
    page.evaluate("axe.configure({ rules: [{ id: 'color-contrast', selector: '[data-look]' }] })")
    options = {"resultTypes": ["violations", "incomplete"]}
    depend_on_colours = {"runOnly": ["color-contrast", "link-in-text-block"]}  # of axe's rules, these alone
    complaints = {}
    screens = {(1280, "light"): {}, (375, "dark"): {}}
    if part == "body":
        screens |= {(375, "light"): depend_on_colours, (1280, "dark"): depend_on_colours}
    for (width, scheme), rules in screens.items():
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        settle(page)
        looks = ask(page, "markNewLooks", [part, judged])
        results = page.evaluate("([context, options]) => axe.run(context, options)", [context, options | rules])
        unsure = [node["html"] for rule in results["incomplete"] if rule["id"] == "color-contrast" for node in rule["nodes"]]
        if results["violations"] or (doubts and unsure):
            complaints[width, scheme] = AxeResults(results).generate_report(), unsure
        elif not unsure:
            judged[:] = looks
    page.evaluate("document.adoptedStyleSheets = []")
    return complaints


def ask_again(page, address, place, script, there):
    """A place of a page whose script the server fails to send once: the page says so, and it comes at a second try."""
    page.route(f"**/{script}*", lambda route: route.fulfill(status=503), times=1)
    page.goto(address)
    page.locator(place).scroll_into_view_if_needed()
    page.get_by_text("It could not be loaded.").wait_for()
    page.get_by_role("button", name="Try again").press("Enter")
    page.locator(there).first.wait_for()
    assert page.get_by_text("It could not be loaded.").count() == 0


class Addresses(HTMLParser):
    """The links, anchors and metadata of a page."""

    def __init__(self, text):
        super().__init__()
        self.links, self.names, self.metas, self.rels = [], set(), {}, {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.names |= {attributes.get("id"), attributes.get("name")}
        self.links += [attributes[key] for key in ("href", "src", "action") if attributes.get(key) and tag != "base"]
        if tag == "meta":
            self.metas[attributes.get("name") or attributes.get("property")] = attributes.get("content")
        if tag == "link":
            self.rels[attributes["rel"]] = attributes["href"]
