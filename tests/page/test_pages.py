"""The published site, page by page in a real browser: self-contained, small, accessible, complete.

It is the site that `make site` built, served under the path that it was built for.
"""

import colorsys
import functools
import html
import io
import json
import re
from types import SimpleNamespace
from urllib.parse import quote, unquote, urljoin, urlsplit

import nbformat
import pytest
from playwright.sync_api import expect

from press.book import repository
from press.book.contents import file_of, pages
from press.browser.chromium import load_all_figures
from press.browser.listings import on_device, write
from press.browser.server import serve
from press.notebooks import goals
from press.notebooks.chapters import ROOT
from press.run import dark
from press.site.pdf import open_whole_book, printed, styles_of, whole_book
from tests.support.page import Addresses, ask, ask_from_the_start, built_for, module, press_that_says
from tools.opening import SIZES, UNNAMED
from utils import COLORS, plt

pytestmark = pytest.mark.every_chapter

CHAPTERS = pages()
PAGES = [*CHAPTERS, "search", "404"]

# Queries that should find a page.
SEARCHES = {
    "chapters/00_introduction": "multilayer perceptron",
    "chapters/02_parameters": "zero biases",
    "chapters/03_activation": "dead units",
    "chapters/05_loss": "overflow",
    "chapters/06_training": "forgotten attach_grad",
    "chapters/07_prediction": "confident mistakes",
    "chapters/26_solutions_train": "momentum",
    "reference/api": "seed_everything",
    "reference/teaching": "nbgitpuller",
}


@pytest.fixture(scope="module")
def address(folder):
    """The address that the site was built for, or an empty text if that isn't known."""
    return built_for(folder) or ""


@pytest.fixture(scope="module")
def site(folder, address):
    with serve(folder, urlsplit(address).path or "/", lasting=True) as served:
        yield served


@pytest.fixture(scope="module")
def visits(browser, site):
    """A function that visits a page once, as on a phone: its requests, errors, bytes, layout shift, figures and links.

    Then, with everything unfolded on a smaller screen, its width and formulas.
    """
    context = on_device(browser, 2, has_touch=True, color_scheme="light")
    page = context.new_page()
    ask_from_the_start(page, "observeShift")
    devtools = context.new_cdp_session(page)
    devtools.send("Network.setCacheDisabled", {"cacheDisabled": True})  # each visit is the first
    requests, problems, judged = [], [], []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", lambda response: response.ok or problems.append(f"{response.status} {response.url}"))

    @functools.cache
    def visit(name):
        requests.clear()
        problems.clear()
        page.set_viewport_size({"width": 412, "height": 915})
        page.goto(site + file_of(name), wait_until="load")
        load_all_figures(page)
        page.locator("#demo canvas").nth(-1).wait_for() if page.locator("#demo").count() else None
        result = SimpleNamespace(requests=[*requests], problems=[*problems], **ask(page, "visited"))
        page.set_viewport_size({"width": 320, "height": 568})
        result.unfolded = unfolded(page, devtools, judged)
        page.evaluate("document.body.remove()")  # it would be laid out again for the next visit's screen
        return result

    yield visit
    context.close()


def unfolded(page, devtools, judged):
    """What page.js finds in a page with everything unfolded; how many formulas are exposed to screen readers; the fonts of all
    symbols except those in `judged`, from earlier pages.
    """
    result = SimpleNamespace(**ask(page, "unfolded", judged), exposed=0, fonts=set())
    judged[:] = result.signs
    if result.count:
        root = devtools.send("Runtime.evaluate", {"expression": "document"})["result"]["objectId"]
        exposed = devtools.send("Accessibility.queryAXTree", {"objectId": root, "role": "MathMLMath"})["nodes"]
        result.exposed = len([node for node in exposed if not node["ignored"]])
    if result.new:
        for domain in ("DOM", "CSS"):
            devtools.send(f"{domain}.enable")
        root = devtools.send("DOM.getDocument")["root"]["nodeId"]
        signs = devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-first]"})["nodeIds"]
        fonts = [devtools.send("CSS.getPlatformFontsForNode", {"nodeId": sign})["fonts"] for sign in signs]
        result.fonts = {font["familyName"] for used in fonts for font in used}
        for domain in ("CSS", "DOM"):
            devtools.send(f"{domain}.disable")
    return result


# Self-contained


@pytest.mark.parametrize("name", PAGES)
def test_page_on_a_phone(visits, site, name):
    visit = visits(name)
    assert [url for url in visit.requests if not url.startswith((site, "data:"))] == [], "requests to another host"
    assert visit.problems == []
    assert visit.bytes <= (450_000 if visit.figures else 300_000)
    assert visit.shift < 0.02, "a layout shift"
    assert visit.titles == 1
    assert visit.sideways <= 0, "wider than the screen"
    assert visit.unfolded.sideways <= 0, "wider than a small screen, which is a large one enlarged to 400%"
    texts = [figure["alt"].strip() for figure in visit.figures]
    repeated = sum(figure["opens"] for figure in visit.figures)
    assert all(len(text) >= 20 for text in texts) and len(set(texts)) == len(texts) - repeated, texts
    assert [figure for figure in visit.figures if not (figure["fixed"] and figure["drawn"])] == [], "without size, or not loaded"
    assert all(figure["width"] <= 760 or figure["animation"] for figure in visit.figures), "a figure is wider than the text"
    assert visit.untouchable == []
    assert visit.faded == 0, "a button to copy that comes with the mouse alone"


def test_works_from_a_folder(folder, page):
    """Readable, with its theme and the search. What needs modules, which browsers load from no folder, says so or is text."""
    problems = []
    page.on("pageerror", lambda error: problems.append(error))
    page.goto((folder / "chapters" / "07_prediction.html").as_uri())
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"STIX Two Math\"'))")
    page.click(".theme-switch")
    press_that_says(page.locator(".copy").nth(1), "Copied")
    page.get_by_text("The listings run in pages that come from a web server, not from a folder.").wait_for()
    page.get_by_text("My course opens in a page from a web server, not from a folder.").wait_for()
    assert page.locator(".slot .book").first.is_visible() and page.locator(".question > ol").first.is_visible()
    page.click("nav.contents a[href='03_activation.html']")
    page.wait_for_url("**/03_activation.html")
    assert page.locator("h1").inner_text().startswith("3 Bend a straight line")
    assert problems == []
    page.fill("header input", "sigmoid")
    page.press("header input", "Enter")
    page.locator("#search-results a[href*='03_activation']").first.wait_for()


# Looks, keys and paper


def test_figures_have_contrast(folder):
    """Every line and area has a contrast of 3 to 1 with the background (WCAG 1.4.11), except for the grid and white parts."""
    pale = {}
    for figure in folder.glob("_images/*.svg"):
        light, _, style = (
            re.sub("(<style>@media.*?</style>)", "", figure.read_text("utf-8")),
            *figure.read_text("utf-8").partition("@media")[1:],
        )
        colours = set(re.findall(r"(?:fill|stroke)(?::\s*|=\")(#[0-9a-f]{6})", light)) - {"#dddddd", "#ffffff"}
        darks = {colour: re.search(rf'fill="{colour}"\]{{fill:(#\w+)', style)[1] for colour in colours}
        contrasts = {colour: (dark.contrast(colour, "#ffffff"), dark.contrast(darks[colour], dark.PAGE)) for colour in colours}
        pale |= {(figure.name, colour): both for colour, both in contrasts.items() if min(both) < 3}
    assert pale == {}


def test_a_colour_keeps_its_contrast_and_its_hue_in_the_dark():
    """Tested for 216 colours, as a reader may draw with any."""
    steps = ("00", "33", "66", "99", "cc", "ff")
    for colour in ["#" + red + green + blue for red in steps for green in steps for blue in steps]:
        light, there = dark.contrast(colour, "#ffffff"), dark.contrast(dark.dark_colour(colour), dark.PAGE)
        assert there == pytest.approx(min(light, dark.contrast(dark.INK, dark.PAGE)), rel=0.04), colour
    lines = [dark.dark_colour(colour.lower()) for colour in COLORS]
    hues = [colorsys.rgb_to_hsv(*dark.linear(colour))[0] for colour in [*COLORS, *lines]]
    assert hues[: len(COLORS)] == pytest.approx(hues[len(COLORS) :], abs=0.02)


@pytest.mark.parametrize("letters", ["path", "none"])
def test_a_number_on_a_picture_keeps_its_colour_in_the_dark_and_its_title_does_not(letters):
    plt.rcParams["svg.fonttype"] = letters
    figure, ax = plt.subplots()
    ax.imshow([[0, 1]], cmap="Blues")
    ax.text(0, 0, "7", color="black")
    ax.text(1, 0, "8", color="white")
    ax.set_title("confusion")
    file = io.StringIO()
    figure.savefig(file, format="svg")
    plt.close(figure)
    names = re.findall(r'<g id="(text_\d+)">\s*(?:<!-- |<text[^>]*>)(\w+)', file.getvalue())
    colours = {"7": "#000000", "8": "#ffffff"}
    assert dark.texts_on_rasters(file.getvalue()) == {name: colours[text] for name, text in names if text in colours}


def test_keys_skip_to_the_text_open_the_contents_search_and_reach_what_scrolls(page, site):
    page.set_viewport_size({"width": 375, "height": 667})
    page.goto(f"{site}chapters/03_activation.html")
    page.locator("pre[tabindex]").first.wait_for()
    assert ask(page, "wronglyFocusable") == []
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.locator(".menu").focus()
    page.keyboard.press("Enter")
    assert page.locator("nav.contents").is_visible()
    last = page.locator("nav.contents").locator("a, button").last
    last.scroll_into_view_if_needed()
    assert last.evaluate("(one) => one.getBoundingClientRect().bottom <= innerHeight"), "the contents scroll"
    page.keyboard.press("Escape")
    assert not page.locator("nav.contents").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_folded_parts_are_printed_and_folded_again(page, site):
    page.goto(f"{site}chapters/03_activation.html")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    answer = page.locator("details.admonition > :not(summary)").first
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    assert is_visible(answer)
    for part in ("header", "nav.contents", ".toc", ".actions", ".turn", ".foot", ".copy", "form", "body > footer"):
        assert not page.locator(part).first.is_visible(), part
    assert page.evaluate("[...document.querySelectorAll('pre')].every((pre) => pre.scrollWidth <= pre.clientWidth)")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 34, 43)"
    page.emulate_media(media="screen")
    assert not is_visible(answer)


def is_visible(part):
    return part.evaluate(
        "(part) => part.checkVisibility({ contentVisibilityAuto: true }) && part.getBoundingClientRect().height > 0"
    )


def test_a_pdf_has_an_outline_and_tags(page):
    page.goto("about:blank")  # at another address a later test would take it for that page
    page.set_content("<title>A book</title><h1>A chapter</h1><p>Its text.</p>")
    pdf = printed(page)
    assert b"/Outlines" in pdf and b"/StructTreeRoot" in pdf


@pytest.mark.weekly
def test_every_answer_is_in_the_pdf(folder, browser):
    with open_whole_book(folder, browser) as page:
        page.emulate_media(media="print")
        answers = page.locator("details.admonition > :not(summary)")
        assert answers.count() > 50
        assert ask(page, "hiddenAnswers") == 0


# Mathematics


@pytest.mark.parametrize("name", CHAPTERS)
def test_formulas_are_visible_and_exposed_to_screen_readers(visits, name):
    found = visits(name).unfolded
    assert found.count == found.visible == found.exposed
    assert found.torn == 0, "a line begins with the punctuation after a formula"
    assert not re.search(r"\\[a-zA-Z]|\$|\{\w+\}`", found.prose), "raw markup on the page"
    assert found.fonts <= {"STIX Two Math"}, "the book's font lacks a character of a formula"


# Complete


@pytest.fixture(scope="module")
def parsed(folder):
    return {file_of(name): Addresses((folder / file_of(name)).read_text(encoding="utf-8")) for name in PAGES}


def test_no_link_is_broken(folder, address, parsed):
    address = address or "https://not.known/"
    broken = []
    for name, page in parsed.items():
        for link in page.links:
            target = urlsplit(urljoin(address + name, html.unescape(link)))
            if not target.geturl().startswith(address):
                if target.scheme not in ("http", "https", "mailto"):
                    broken.append((name, link))
                continue
            file = unquote(target.path.removeprefix(urlsplit(address).path)) or "index.html"
            anchored = not target.fragment or file not in parsed or target.fragment in parsed[file].names
            if not (folder / file).is_file() or not anchored:
                broken.append((name, link))
    assert broken == []


def test_the_whole_book_on_one_page_has_links_that_work(folder):
    """The page that is printed as PDF."""
    text = whole_book(folder)
    anchors = Addresses(text).names
    assert text.count("<article id") == len(CHAPTERS)
    links = [html.unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)]
    assert [link for link in links if unquote(link[1:]) not in anchors and not link.startswith(("http:", "https:"))] == []
    assert [style for name in pages() for style in styles_of(folder, name) if f'href="{style}"' not in text] == []
    files = re.findall(r'<img\b[^>]*\bsrc="([^"?]*)|<link\b[^>]*\bhref="([^"?]*)', text)
    assert [link for picture, style in files if not (folder / (link := picture or style)).is_file()] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_head(parsed, folder, address, name):
    page, text = parsed[file_of(name)], (folder / file_of(name)).read_text("utf-8")
    title = html.unescape(re.search("<title>(.*)</title>", text)[1])
    assert "A Multilayer Perceptron from Scratch" in title and len(title) <= 100
    assert 40 <= len(page.metas["description"]) <= 250 and not re.search(r"[`$\\*]", page.metas["description"])
    here = address if name == CHAPTERS[0] else address + file_of(name)
    assert {page.rels.get("canonical"), page.metas.get("og:url")} == {here if address else None}
    assert page.metas["og:title"] and page.metas["og:description"] == page.metas["description"]
    assert page.rels["icon"].endswith("favicon.svg")
    assert '<html lang="en"' in text


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_says_to_machines_what_it_teaches(folder, address, name):
    text = (folder / file_of(name)).read_text("utf-8")
    said = [json.loads(block) for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', text)]
    notebook = (ROOT / name).with_suffix(".ipynb")
    cells = nbformat.read(notebook, as_version=4).cells if notebook.exists() else []
    source = "\n".join(cell.source for cell in cells)
    box = goals.GOALS.search(source)
    if name == CHAPTERS[0]:
        (course,) = said
        minutes = [int(number) for number in re.findall(r"\| (\d+) \|$", source, re.M)]
        its_own = {"@id": f"{address}#course", "url": address} if address else {}
        assert course["@type"] == "Course" and {key: course[key] for key in ("@id", "url") if key in course} == its_own
        assert course["timeRequired"] == f"PT{sum(minutes)}M"
        assert course["name"] and course["description"] and course["provider"]["name"]
    elif box:
        (lesson,) = said
        assert (lesson["@type"], lesson["@context"]) == ("LearningResource", "https://schema.org")
        assert lesson.get("url") == (address + file_of(name) if address else None)
        assert len(lesson["teaches"]) == len(re.findall("^- ", box[1], re.M)) and all(
            len(goal) > 10 for goal in lesson["teaches"]
        )
        assert (
            lesson["timeRequired"] == f"PT{re.search(r'Time:.. ([0-9]+) minutes', box[1])[1]}M" and lesson["competencyRequired"]
        )
        kind = re.search(r"\d+_(problems|solutions)|$", name)[1]
        assert lesson["learningResourceType"] == {"problems": "problem set", "solutions": "worked solutions"}.get(kind, "lesson")
        assert lesson["description"] in html.unescape(text.partition("<script")[0])
        assert lesson.get("isPartOf") == ({"@id": f"{address}#course"} if address else None) and lesson["license"].startswith(
            "https://creativecommons.org"
        )
    else:
        assert said == []


def test_titles_and_descriptions_differ(parsed, folder):
    descriptions = [parsed[file_of(name)].metas["description"] for name in CHAPTERS]
    titles = [re.search("<title>(.*)</title>", (folder / file_of(name)).read_text("utf-8"))[1] for name in PAGES]
    assert len(set(descriptions)) == len(descriptions) and len(set(titles)) == len(titles)


def test_the_sitemap_lists_every_page(folder, address):
    listed = re.findall("<loc>(.*?)</loc>", (folder / "sitemap.xml").read_text(encoding="utf-8")) if address else []
    assert sorted(listed) == sorted([address, *(f"{address}{name}.html" for name in CHAPTERS[1:])] if address else [])


def test_a_site_without_an_address_names_none_of_anybody(folder, address):
    known = ("https://schema.org", "https://creativecommons.org/", "https://spdx.org/")
    for name in PAGES if not address else []:
        head = (folder / file_of(name)).read_text(encoding="utf-8").partition("</head>")[0]
        assert [link for link in re.findall(r'https?://[^"]*', head) if not link.startswith(known)] == [], name


def test_missing_page_helps(page, site):
    response = page.goto(f"{site}chapters/no/such/page.html")
    assert response.status == 404
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.evaluate("getComputedStyle(document.querySelector('header')).position") == "sticky", "no style"
    page.click("article a[href$='01_fashion_mnist.html']")
    page.wait_for_url(f"{site}chapters/01_fashion_mnist.html")


@pytest.mark.parametrize("name", SEARCHES)
def test_search_finds_a_page(page, site, name):
    assert f"{site}{file_of(name)}" in typed(page, site, SEARCHES[name])[:5]


def test_search_knows_each_page(page, site):
    typed(page, site, "gradient")
    listed = page.evaluate("searchEntries.sections.map(([page]) => new URL(page, location).href)")
    assert {site + file_of(name) for name in CHAPTERS} <= set(listed)


def found(page, site, words):
    """The addresses of the pages that a search finds, best first, without anchors."""
    page.goto(f"{site}search.html?q={quote(words)}")
    page.locator("#search-status", has_text="page").or_(page.get_by_text("No chapter has")).first.wait_for()
    return results(page)


def typed(page, site, words):
    """What `found` returns, of words that are typed on the page of the search: it is there at once."""
    if not page.url.startswith(f"{site}search.html"):
        found(page, site, "gradient")
    page.locator("header input").fill(words)
    return results(page)


def results(page):
    return page.eval_on_selector_all("#search-results a", "(links) => links.map((link) => link.href.split('#')[0])")


@pytest.mark.parametrize(
    "word, teacher",
    [
        ("learning rate", "06_training"),
        ("dead units", "03_activation"),
        ("what is overfitting?", "06_training"),
        ("relu", "03_activation"),
        ("overfit", "06_training"),
        ("backprop", "11_backpropagation"),
        # An American spelling and misspelt words.
        ("initialization", "02_parameters"),
        ("crossentropy", "05_loss"),
        ("gradiemt", "02_parameters"),
        ("backpropogation", "11_backpropagation"),
        ("softmx", "05_loss"),
        ("calibration", "07_prediction"),  # which has "calibrated"
    ],
)
def test_the_chapter_that_teaches_a_word_comes_before_those_that_use_it(page, site, word, teacher):
    assert typed(page, site, word)[0] == f"{site}chapters/{teacher}.html"


@pytest.mark.parametrize(
    "words, section",
    [
        ("softmax_cross_entropy", "chapters/05_loss.html#the-fused-form"),
        ("train_epoch", "chapters/06_training.html#the-loop"),
        ("relu", "chapters/03_activation.html#a-bend-between-the-layers"),
        ("dead relu", "chapters/03_activation.html#what-goes-wrong-dead-units"),
        ("softmax", "chapters/05_loss.html#from-scores-to-probabilities-softmax"),
        ("why is my loss nan", "chapters/05_loss.html#what-goes-wrong-overflow"),
        ("save my work", "reference/before_you_start.html#my-course-how-your-work-is-kept"),
        ("my course", "reference/before_you_start.html#my-course-how-your-work-is-kept"),
    ],
)
def test_the_section_that_teaches_comes_first(page, site, words, section):
    typed(page, site, words)
    assert page.locator("#search-results a").first.get_attribute("href") == section


def test_what_is_found_reads_as_the_page_does(page, site):
    for words, shown in (
        ("the square of what is missing", "is missing, (1 − p)^2."),
        ("helpers softmax_cross_entropy", "softmax_cross_entropy(O, y)"),
    ):
        typed(page, site, words)
        assert shown in page.locator("#search-results li").first.inner_text()
    assert typed(page, site, "C++") == [], "every page has a c"
    assert "does it end with" not in page.evaluate("JSON.stringify(searchEntries)"), "that is an output"


def test_a_page_whose_title_has_the_words_is_the_result_itself(page, site):
    for words, first in (("loss", "05_loss.html"), ("convolution", "18_convolution.html")):
        typed(page, site, words)
        assert page.locator("#search-results a").first.get_attribute("href") == f"chapters/{first}"


def test_what_is_shown_is_a_sentence_with_the_words_or_a_line_of_code_and_never_an_import(page, site):
    typed(page, site, "overfitting")
    shown = page.locator("#search-results li > p:last-child")
    assert re.fullmatch(r"[A-Z][^.?!]*\boverfitting\b[^.?!]*[.?!].*", shown.first.inner_text()), (
        "a whole sentence, and what follows"
    )
    for words in ("loss", "train_ch3", "numpy", "accuracy"):
        typed(page, site, words)
        assert [text for text in shown.all_inner_texts() if re.search(r"\bimport \w+,|^from \w+ import|^…", text)] == []
    typed(page, site, "train_ch3")
    assert shown.locator("code").first.inner_text().startswith("history = train_ch3(")


def test_where_no_page_has_all_words_those_with_some_are_shown_and_that_is_said(page, site):
    assert typed(page, site, "transformer attention") == [f"{site}chapters/22_close.html"]
    assert page.locator("#search-status").inner_text() == "No page has all of these words; these have some. One page."


def test_the_glossary_is_shown_once_at_the_first_result_and_else_as_the_term_that_has_the_words(page, site):
    typed(page, site, "accuracy")  # which one chapter writes, and another one teaches first
    assert page.locator("#search-results li").first.locator(".meaning").inner_text().startswith("accuracy: The share of")
    assert page.locator(".meaning").count() == 1 and page.locator("#search-results a[href*='#term-']").count() == 0
    typed(page, site, "softmax")
    term = page.locator("#search-results a[href*='#term-']")
    assert term.get_attribute("href") == "reference/glossary.html#term-softmax-regression"


def test_search_shows_the_glossary_entry_and_links_to_the_place(page, site):
    typed(page, site, "learning rate")
    first = page.locator("#search-results li").first
    assert first.locator(".meaning").inner_text().startswith("learning rate: The factor that turns a gradient into a step")
    assert {"rate"} <= set(first.locator("mark").all_inner_texts()) <= {"learning", "rate"}
    first.locator("a").click()
    assert "learning rate" in page.locator(":target").inner_text()


def test_search_shows_the_meaning_of_the_longest_term_that_was_asked_for(page, site):
    for term, meaning in (("gradient descent", "Stepping again and again"), ("stochastic gradient descent", "Stepping against")):
        typed(page, site, term)
        assert page.locator(".meaning").first.inner_text().startswith(f"{term}: {meaning}")


def test_a_match_is_marked_in_text_with_any_signs(page, site):
    typed(page, site, "am")
    shown = page.evaluate("(line) => marked(line).innerHTML", "Q & A: am I < an amp?")
    assert shown == "Q &amp; A: <mark>am</mark> I &lt; an <mark>amp</mark>?"


def test_a_search_says_which_word_it_takes_a_misspelt_one_for(page, site):
    typed(page, site, "softmx")
    assert page.locator("#search-status").inner_text().startswith("No chapter has “softmx”; searched for “softmax”.")


def test_a_search_without_a_word_says_so(page, site):
    for query, sentence in (("", "Type a word"), ("&", "“&” has no word to search for.")):
        page.goto(f"{site}search.html?q={quote(query)}")
        assert page.locator("#search-status").inner_text().startswith(sentence)
        assert page.locator("#search-results li").count() == 0


def test_the_letters_above_the_glossary_lead_to_the_first_term_with_each_and_stay_in_view(page, site):
    page.goto(f"{site}reference/glossary.html")
    letters = page.get_by_role("navigation", name="Terms by letter").get_by_role("link")
    firsts = page.locator("dl.glossary dt").evaluate_all(
        "(all) => all.map((term) => term.firstChild.textContent[0].toUpperCase())"
    )
    assert letters.all_inner_texts() == list(dict.fromkeys(firsts)) and firsts == sorted(firsts)
    letters.filter(has_text="M").click()
    expect(page.locator(":target")).to_have_text(re.compile("^m", re.I))
    row = page.locator(".letters").bounding_box()
    page.wait_for_function(
        f"() => document.querySelector(':target').getBoundingClientRect().top < {row['y'] + row['height'] + 100}"
    )
    assert page.locator(":target").bounding_box()["y"] >= page.locator(".letters").bounding_box()["y"] + row["height"] - 1
    expect(letters.first).to_be_in_viewport()


def test_search_works_without_storage_and_says_when_it_finds_nothing(browser, site):
    page = on_device(browser, 2).new_page()
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } })"
    )
    assert found(page, site, "quetzalcoatl") == []
    assert page.locator("#search-status").inner_text().startswith("No chapter has “quetzalcoatl”.")
    assert page.locator("#search-status a").get_attribute("href") == "reference/glossary.html"
    assert found(page, site, "overflow")[0] == f"{site}chapters/05_loss.html"
    assert page.input_value("header input") == "overflow"
    page.goto(f"{site}chapters/05_loss.html")
    assert page.input_value("header input") == "" and page.locator("mark").count() == 0
    page.close()


# The contents and the map


def test_the_number_of_the_chapter_that_is_open_stands_on_one_line_and_takes_no_more_room(page, site):
    page.goto(f"{site}chapters/20_grow.html")
    number = page.locator(".contents [aria-current] b")
    assert number.inner_text() == "20" and number.bounding_box()["height"] < 1.6 * 15
    assert number.evaluate("(b) => b.scrollWidth <= b.clientWidth")


def test_the_contents_tell_pages_apart_whose_titles_begin_alike(page, site):
    page.goto(site)
    listed = [" ".join(text.split()) for text in page.locator(".contents bdi").all_text_contents()]
    assert len(set(listed)) == len(listed) and "16 Generalise" in listed
    assert [text for text in listed if text.startswith("2")][-3:] == [
        "24 Change the network",
        "25 Look closely",
        "26 Train better",
    ]


def test_a_chapter_shows_in_its_head_where_it_is_in_the_network(folder, page, site):
    """A drawing beside the text on a wide screen, below the title on a phone. What the chapter is not about is faint in it."""
    taught = {name for name in CHAPTERS if re.match(r"chapters/(?!00|.*solutions)", name)}
    heads = {name for name in CHAPTERS if 'class="emblem"' in (folder / file_of(name)).read_text("utf-8")}
    assert heads == taught

    page.goto(f"{site}chapters/02_parameters.html")
    drawing = page.get_by_role("link", name="The network, and lit in it: The numbers on the lines", exact=True)
    look = "all => all.map((part) => [getComputedStyle(part).color, getComputedStyle(part).opacity])"
    parts = drawing.locator("svg > g").evaluate_all(look)
    colour = page.locator(".highlight .parameter").first.evaluate("(name) => getComputedStyle(name).color")
    assert [part for part in parts if part[1] == "1"] == [[colour, "1"]] * 2, "the lines into the hidden units, and out of them"
    places = [page.locator(part).bounding_box() for part in ("main", ".emblem", ".toc")]
    assert places[0]["x"] + places[0]["width"] <= places[1]["x"] and places[1]["y"] + places[1]["height"] <= places[2]["y"]

    page.set_viewport_size({"width": 390, "height": 844})
    expect(page.locator(".toc details")).not_to_have_attribute("open", "")  # it closes by a script
    title, below = (page.locator(part).bounding_box() for part in ("h1", ".emblem"))
    assert title["y"] < 150 and title["y"] + title["height"] <= below["y"] and below["width"] <= 390
    drawing.click()
    expect(page).to_have_url(re.compile(r"index\.html#the-course$"))


def test_the_map_has_each_chapter_as_wide_as_it_is_long_and_marks_where_to_go_on(page, site):
    page.goto(site)
    size = "all => all.map((box) => [parseInt(box.querySelector('.minutes').textContent), box.offsetWidth])"
    sizes = page.locator(".map > div > ul > li").evaluate_all(size)
    rates = [width / minutes for minutes, width in sizes if minutes >= 12]  # a shorter one may be as wide as its words
    assert len(sizes) == len([name for name in PAGES if re.match(r"chapters/(?!00)", name)]) and max(rates) < 1.1 * min(rates)
    read = '({ set }) => set({ kind: "read", page: "chapters/02_parameters.html" }, "yes")'
    module(page, "page/kept.js").evaluate(read)
    page.reload()
    assert page.locator(".map .next a").first.inner_text() == "3\N{NO-BREAK SPACE}Bend a straight line"
    assert page.locator(".map a.read").all_inner_texts() == ["2\N{NO-BREAK SPACE}Make the parameters"]
    assert (
        page.locator(".map [data-slot]").count() == page.evaluate("document.querySelectorAll('.map [data-slot] a').length") > 20
    )


# The first page


def test_the_first_page_keeps_what_a_reader_does_at_either_of_its_addresses(page, site):
    page.goto(site)
    write(page, 1, "mine = 1")
    page.goto(f"{site}index.html")
    page.locator(".cell", has_text="mine = 1").wait_for()


# Launch and sources


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_chapter_links_to_its_source(visits, folder, site, name):
    assert visits(name).menu == ([] if name == PAGES[0] else visits(name).foot)  # the first page begins with the network
    published = folder / urlsplit(dict(visits(name).foot)["Markdown"].removeprefix(site)).path
    assert published.read_bytes() == (ROOT / name).with_suffix(".md").read_bytes(), (
        "the site is older than the chapter: make site"
    )


def test_no_page_links_to_another_repository_of_this_course(folder):
    own = re.escape(repository.find_repository(ROOT) or "none").removeprefix("https://")
    other = rf'href="[^"]*((?!{own})github\.com/[^/"]+/mlp-from-scratch)'
    assert [name for name in PAGES if re.search(other, (folder / file_of(name)).read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize(
    "origin, expected",
    [
        ("https://github.com/a/b.git", "https://github.com/a/b"),
        ("git@github.com:a/b.c.git", "https://github.com/a/b.c"),
        ("ssh://git@github.com/a/b", "https://github.com/a/b"),
        ("/srv/b.git", None),
        ("", None),
    ],
)
def test_repository_is_found(monkeypatch, origin, expected):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.setattr(repository.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=origin + "\n"))
    assert repository.find_repository(ROOT) == expected


# What a listing weighs, and what a chapter counts


def test_code_that_only_draws_a_figure_is_folded_below_it(page, site):
    page.goto(f"{site}chapters/03_activation.html")
    plot = page.locator(".folded:has(img)").first
    figure, code = plot.locator("img"), plot.locator(".cell_input pre")
    fold = plot.get_by_text("Code of the figure, 8 lines")
    assert not code.is_visible() and figure.bounding_box()["y"] < fold.bounding_box()["y"]
    fold.click()
    assert code.is_visible() and code.inner_text().startswith("from utils import set_figsize")
    assert page.locator(".cell", has_text="num_units = np.linspace").locator("pre").first.is_visible(), "the text speaks of its 8"


def test_a_chapter_is_ticked_when_its_questions_are_answered(page, site):
    page.goto(f"{site}chapters/25_solutions_look.html")
    questions = page.locator(".question").all()
    for i, question in enumerate(questions):
        assert f"Done in this chapter: {i} of {len(questions)} " in page.locator(".done-here").inner_text()
        assert page.locator(".contents .done").count() == 0
        answer_right(question)
    page.goto(f"{site}chapters/03_activation.html")
    assert page.locator(".contents .done").text_content().startswith("25 ")
    assert page.locator(".done-here").inner_text().startswith("Done in this chapter: 0 of ")


def answer_right(question):
    if question.locator("form").count():
        question.locator("input").fill(question.locator("details strong").first.text_content().rstrip("."))
        question.locator("form button").click()
        return
    for choice in question.locator(".choices button").all():
        choice.click()
        if question.locator("[data-answer=right]").count():
            return


def test_the_pictures_of_the_data_are_whole_and_legible_on_a_phone(page, site):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}chapters/01_fashion_mnist.html")
    load_all_figures(page)
    for picture in page.locator("article img").all():
        box, natural = picture.bounding_box(), picture.evaluate("(image) => image.naturalWidth")
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390, "no class is cut"
        assert box["width"] > 0.7 * natural, "letters of 10 points are 9 pixels high at least"


def test_the_picture_that_opens_a_chapter_is_as_wide_as_the_text_and_on_a_phone_the_figure_is(page, site):
    for name in SIZES:
        page.set_viewport_size({"width": 1280, "height": 900})
        page.goto(f"{site}chapters/{name}.html", wait_until="domcontentloaded")
        picture = page.locator("div.opening img")
        picture.evaluate("(image) => image.decode()")
        large, natural = picture.evaluate("(image) => [image.width, image.naturalWidth]")
        assert large == 736 and (natural == large or name in UNNAMED), f"{name}: letters are as large as in other figures"
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_function("() => document.querySelector('div.opening img').naturalWidth < 400")
        assert picture.evaluate("(image) => image.width") == 358, f"{name}: as wide as the text"


def test_each_picture_that_opens_a_chapter_has_a_size_for_large_pages(folder):
    opens = {
        name
        for name in CHAPTERS
        if re.search(r'<div class="opening[^>]*>\s*<p>[^<]*</p>\s*<(picture|img)', (folder / file_of(name)).read_text("utf-8"))
    }
    assert opens == {f"chapters/{name}" for name in SIZES}


def test_the_contents_show_where_the_reader_is(page, site):
    page.goto(f"{site}chapters/26_solutions_train.html")
    box = page.locator(".contents [aria-current]").bounding_box()
    assert 0 <= box["y"] and box["y"] + box["height"] <= 900
