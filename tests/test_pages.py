"""The published book, page by page in a real browser: nothing foreign, light, accessible, whole.

The book is built once, as CI builds it for a repository called someone/course, and served under that address.
"""

import functools
import html
import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote, urljoin, urlsplit

import pytest

from tools.browser.chromium import OBSERVE, TRANSFERRED, axe_finds, load_all_figures
from tools.browser.server import serve
from tools.notebooks.chapters import ROOT, code_cells, picture, read_pair
from tools.site.contents import pages
from tools.site.pdf import whole_book
from utils import COLORS

sys.path.insert(0, str(ROOT / "web"))
import sphinx_extension as extension  # noqa: E402
from mathml import mathml  # noqa: E402

CHAPTERS = pages()
PAGES = ["index", *CHAPTERS, "search", "404"]
ADDRESS = "https://someone.github.io/course/"
REPOSITORY = "https://github.com/someone/course"

# What a reader types to find a page; a page that is not here is looked for by its title.
SEARCHES = {
    "chapters/00_introduction": "multilayer perceptron",
    "chapters/02_parameters": "zero biases",
    "chapters/03_activation": "dead units",
    "chapters/05_loss": "overflow",
    "chapters/06_training": "forgotten attach_grad",
    "chapters/07_prediction": "confident mistakes",
    "chapters/18_solutions_train": "momentum",
    "reference/api": "seed_everything",
    "reference/teaching": "nbgitpuller",
}


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The folder of the built book. Neither MXNet nor a kernel can be had while it is built: it must run nothing."""
    here = tmp_path_factory.mktemp("book")
    for module in ("mxnet", "ipykernel", "ipykernel_launcher"):
        (here / f"{module}.py").write_text("raise ImportError('the book must build without this')")
    sources = {path: path.read_bytes() for name in CHAPTERS for path in (ROOT / name).parent.glob(f"{Path(name).name}.*")}
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    repository = {"GITHUB_REPOSITORY": "someone/course", "GITHUB_SERVER_URL": "https://github.com"}
    build = subprocess.run(
        [jupyter_book, "build", ROOT, "--path-output", here, *"--all -W -n --keep-going -q".split()],
        env={**os.environ, "PYTHONPATH": str(here), **repository},
        capture_output=True,
        text=True,
    )
    assert build.returncode == 0, build.stdout[-3000:] + build.stderr[-3000:]
    return SimpleNamespace(folder=here / "_build" / "html", sources=sources)


@pytest.fixture(scope="module")
def site(built):
    with serve(built.folder, "/course/") as address:
        yield address


@pytest.fixture(scope="module")
def opened(browser):
    context = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    yield context.new_page()
    context.close()


@pytest.fixture
def page(opened, site):
    """The page that all these tests share; each finds it as a first visit to the book does."""
    opened.emulate_media(media="screen", color_scheme="light", reduced_motion="no-preference")
    opened.set_viewport_size({"width": 1280, "height": 900})
    yield opened
    opened.goto(site)
    opened.evaluate("localStorage.clear()")


@pytest.fixture(scope="module")
def visits(browser, site):
    """Each page once, as a phone meets it: what it asked for, what it complained about, what it cost, how far it moved.

    Then with all that is folded open: what it links to, what is in its formulas, what axe finds.
    """
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(OBSERVE)
    context.new_cdp_session(page).send("Network.setCacheDisabled", {"cacheDisabled": True})  # each visit is the first
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
        page.emulate_media(color_scheme="light")
        page.goto(f"{site}{name}.html", wait_until="load")
        load_all_figures(page)
        result = SimpleNamespace(
            requests=[*requests],
            problems=[*problems],
            bytes=sum(page.evaluate(TRANSFERRED)),
            shift=page.evaluate("shift"),
            figures=page.evaluate("""[...document.querySelectorAll("article img")].map((image) => ({
                alt: image.alt, fixed: image.hasAttribute("width") && image.hasAttribute("height"),
                drawn: image.naturalWidth > 0, width: image.width, animation: image.closest(".animation") !== null,
            }))"""),
            scripts=page.evaluate("""[...document.scripts].map((script) => new URL(script.src).pathname.split("/").at(-1))"""),
            titles=page.locator("article h1").count(),
            sideways=page.evaluate("document.documentElement.scrollWidth - innerWidth"),
            actions=dict(page.eval_on_selector_all(".actions a", "(all) => all.map((link) => [link.textContent, link.href])")),
        )
        page.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true })")
        page.evaluate(EACH_COLOUR_ONCE)
        result.formulas = formulas(page, judged)
        result.axe = axe_finds(page) if name != "index" else {}  # it is the first chapter
        return result

    yield visit
    context.close()


# A page's code has thousands of coloured words in some twenty colours: of each one word keeps it, so that what follows is quick.
EACH_COLOUR_ONCE = """() => {
    const seen = new Set();
    for (const word of document.querySelectorAll(".highlight span")) {
        if (seen.has(word.className)) word.replaceWith(word.textContent);
        seen.add(word.className);
    }
}"""


def formulas(page, judged):
    """How many formulas a page has, how many are seen and told to a screen reader, the text around them, and the fonts of those
    kinds of signs that are not among the `judged` ones of earlier pages.
    """
    devtools = page.context.new_cdp_session(page)
    for domain in ("DOM", "CSS"):
        devtools.send(f"{domain}.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]
    told = devtools.send("Accessibility.queryAXTree", {"nodeId": root, "role": "MathMLMath"})["nodes"]
    judged[:] = page.evaluate(
        """(judged) => {
        const seen = new Set(judged);
        for (const sign of document.querySelectorAll("article :is(mi, mo, mn, mtext)")) {
            const { fontFamily, fontStyle, fontWeight } = getComputedStyle(sign);
            const kind = [sign.textContent, fontFamily, fontStyle, fontWeight].join();
            sign.toggleAttribute("data-first", !seen.has(kind));
            seen.add(kind);
        }
        return [...seen];
    }""",
        judged,
    )
    signs = devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "[data-first]"})["nodeIds"]
    fonts = [devtools.send("CSS.getPlatformFontsForNode", {"nodeId": sign})["fonts"] for sign in signs]
    return SimpleNamespace(
        count=page.locator("article math").count(),
        visible=page.locator("article math:visible").count(),
        told=len([node for node in told if not node["ignored"]]),
        fonts={font["familyName"] for used in fonts for font in used},
        prose=page.evaluate("""() => {
            const article = document.querySelector("article").cloneNode(true);
            article.querySelectorAll("pre, code").forEach((code) => code.remove());
            return article.textContent;
        }"""),
    )


# Built


def test_builds_without_mxnet_and_runs_nothing(built):
    assert [name for name in PAGES if not (built.folder / f"{name}.html").exists()] == []


# Self-contained


@pytest.mark.parametrize("name", PAGES)
def test_page_as_a_phone_meets_it(visits, built, site, name):
    visit, text = visits(name), (built.folder / f"{name}.html").read_text()
    assert [url for url in visit.requests if not url.startswith((site, "data:"))] == [], "it asks another host"
    assert visit.problems == []
    assert visit.bytes <= (450_000 if visit.figures else 300_000)
    assert visit.shift < 0.02, "something moves while it loads"
    assert visit.titles == 1
    assert visit.sideways <= 0, "wider than the screen"
    texts = [figure["alt"].strip() for figure in visit.figures]
    assert all(len(text) >= 20 for text in texts) and len(set(texts)) == len(texts), texts
    assert all(figure["fixed"] and figure["drawn"] for figure in visit.figures), "a figure without its size"
    assert all(figure["width"] <= 760 or figure["animation"] for figure in visit.figures), (
        "a figure is drawn larger than its place"
    )
    used = ["theme.js"] + ["start.js"] * ('id="demo"' in text) + ["animation.js"] * ('class="animation ' in text)
    assert visit.scripts == used or name == "search", "a script that it does not use"
    assert visit.axe == {}


def test_works_from_a_folder(built, page):
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto((built.folder / "chapters" / "05_loss.html").as_uri())
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"STIX Two Math\"'))")
    page.click(".theme-switch")
    page.click("nav.contents a[href='03_activation.html']")
    assert page.locator("h1").inner_text().startswith("Bend a straight line")
    assert problems == []
    page.fill("header input", "sigmoid")
    page.press("header input", "Enter")
    page.locator("#search-results a[href*='03_activation']").first.wait_for()


# Accessible


def test_figures_have_contrast(built):
    """Every line and area stands out from its ground by 3 to 1 (WCAG 1.4.11), but for the grid and what is white itself."""
    pale = {}
    for figure in built.folder.glob("_images/*.svg"):
        assert extension.dark_style() in figure.read_text(), f"{figure.name} does not follow the theme"
        light = figure.read_text().replace(extension.dark_style(), "")
        colours = set(re.findall(r"(?:fill|stroke)(?::\s*|=\")(#[0-9a-f]{6})", light)) - {"#dddddd", "#ffffff"}
        pale |= {(figure.name, colour): contrast_to_white(colour) for colour in colours if contrast_to_white(colour) < 3}
    assert pale == {}
    lines = [extension.IN_THE_DARK.get(colour.lower(), colour) for colour in COLORS]
    assert len(set(lines)) == len(COLORS), "in the dark two lines of a figure look the same"
    dark = set(extension.IN_THE_DARK.values()) - {extension.IN_THE_DARK["#dddddd"]}
    assert [colour for colour in dark if contrast_to_white(extension.PAGE) / contrast_to_white(colour) < 3] == []


def contrast_to_white(colour):
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 1.05 / (0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2] + 0.05)


@pytest.mark.parametrize("name", ["chapters/05_loss", "chapters/07_prediction"])  # of lines, of pixels
def test_a_figure_looks_as_it_is_stored(built, page, name):
    """Rounded to a hundredth of a point, its pixels at four a point differ by 0.03 of 255 on average; to a tenth, by 0.2."""
    text = (built.folder / f"{name}.html").read_text()
    published = (built.folder / "chapters" / re.search(r'src="(\.\./_images/[^"]*\.svg)"', text)[1]).read_text()
    difference = page.evaluate(
        """async (sources) => {
        const [first, second] = await Promise.all(sources.map(async (source) => {
            const image = Object.assign(new Image(), { src: `data:image/svg+xml,${encodeURIComponent(source)}` });
            await image.decode();
            const canvas = Object.assign(document.createElement("canvas"), { width: 4 * image.width, height: 4 * image.height });
            canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
            return canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
        }));
        return first.reduce((sum, value, i) => sum + Math.abs(value - second[i]), 0) / first.length;
    }""",
        [published, picture(read_pair(ROOT / f"{name}.md"))],
    )
    assert difference < 0.1


@pytest.mark.parametrize("width", [1280, 375])
def test_everything_works_by_keyboard(page, site, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(reduced_motion="reduce")
    page.goto(f"{site}chapters/03_activation.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    reached = set()
    for _ in range(300):
        seen = page.evaluate("""() => {
            const element = document.activeElement, box = element.getBoundingClientRect(), style = getComputedStyle(element);
            const bar = element.closest("header, .skip, .contents") ? 0 : document.querySelector("header").offsetHeight;
            return {
                what: element.className || element.tagName, text: element.textContent.slice(0, 60).trim(),
                body: element === document.body,
                marked: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
                inView: box.bottom > bar && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
            };
        }""")
        if seen["body"]:
            break
        assert seen["marked"] and seen["inView"], seen
        reached.add(seen["what"])
        page.keyboard.press("Tab")
    assert {"skip", "brand", "INPUT", "icon theme-switch", "run", "copy", "admonition-title", "PRE"} <= reached

    answer = page.locator("details.admonition").first
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert answer.get_attribute("open") is not None
    if width == 375:
        page.locator(".menu").focus()
        page.keyboard.press("Enter")
        assert page.locator("nav.contents").is_visible()
        page.keyboard.press("Escape")
        assert not page.locator("nav.contents").is_visible()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.name") == "q"


def test_what_scrolls_sideways_takes_focus_and_only_that(page, site):
    page.set_viewport_size({"width": 375, "height": 900})
    page.goto(f"{site}chapters/03_activation.html")
    page.locator("pre[tabindex]").first.wait_for()
    wrong = page.evaluate("""[...document.querySelectorAll("pre, .scrolls")]
        .filter((box) => box.checkVisibility() && (box.scrollWidth > box.clientWidth) !== (box.tabIndex === 0))
        .map((box) => box.textContent)""")
    assert wrong == []


def test_motion_respects_the_reader(page, site):
    page.goto(f"{site}chapters/03_activation.html")
    behaviour = "getComputedStyle(document.documentElement).scrollBehavior"
    assert page.evaluate(behaviour) == "smooth"
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(behaviour) == "auto"
    assert page.evaluate("""[...document.querySelectorAll("*")].map((element) => getComputedStyle(element))
        .every((style) => style.transitionDuration === "0s" && style.animationName === "none")""")


def test_prints_the_text_and_nothing_else(page, site):
    page.goto(f"{site}chapters/03_activation.html")
    page.evaluate("document.documentElement.dataset.theme = 'dark'")
    page.pdf()
    assert page.evaluate("[...document.querySelectorAll('article details')].every((details) => details.open)")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 700, "height": 900})
    for part in ("header", "nav.contents", ".toc", ".actions", ".turn", "body > footer"):
        assert not page.locator(part).is_visible(), part
    assert page.evaluate("[...document.querySelectorAll('pre')].every((pre) => pre.scrollWidth <= pre.clientWidth)")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(27, 34, 43)"


# Mathematics


@pytest.mark.parametrize("name", CHAPTERS)
def test_formulas_are_drawn_and_told(visits, name):
    found = visits(name).formulas
    assert found.count == found.visible == found.told
    assert not re.search(r"\\[a-zA-Z]|\$|\{\w+\}`", found.prose), "raw markup on the page"
    assert found.fonts <= {"STIX Two Math"}, "a character of a formula isn't in the font that comes with the book"


@pytest.mark.parametrize(
    "tex, expected",
    [
        (r"\mathbf{W}_1", "<msub><mi>𝐖</mi><mn>1</mn></msub>"),
        (r"\mathbf{1}", "<mn>𝟏</mn>"),
        (r"\mathrm{d}x", '<mi mathvariant="normal">d</mi><mi>x</mi>'),
        (r"a - b", "<mi>a</mi><mo>−</mo><mi>b</mi>"),
        (r"(-1)", '<mo form="prefix">−</mo><mn>1</mn>'),
        (r"200{,}960", '<mn>200</mn><mrow><mo lspace="0" rspace="0">,</mo></mrow><mn>960</mn>'),
        (r"\log x", '<mi>log</mi><mo lspace="0" rspace="0.167em">\N{FUNCTION APPLICATION}</mo><mi>x</mi>'),
        (r"\operatorname{relu}(x)", '<mi>relu</mi><mo lspace="0" rspace="0">\N{FUNCTION APPLICATION}</mo>'),
        (r"\max_j o_j", '<munder><mo movablelimits="true" lspace="0" rspace="0">max</mo><mi>j</mi></munder>'),
        (
            r"\begin{aligned} a &= b \\ &= c \end{aligned}",
            '<mtr><mtd columnalign="right" /><mtd columnalign="left"><mi /><mo>=</mo><mi>c</mi></mtd></mtr>',
        ),
        (r"x < y", "<mo>&lt;</mo>"),
    ],
)
def test_formula(tex, expected):
    assert expected in mathml(tex)


@pytest.mark.parametrize("tex", [r"\nosuchthing x", r"\frac{1", r"\left( x"])
def test_formula_that_is_not_understood(tex):
    with pytest.raises(ValueError):
        mathml(tex)


# Whole


class Addresses(HTMLParser):
    """What a page refers to, and what in it can be referred to."""

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


@pytest.fixture(scope="module")
def parsed(built):
    return {path.relative_to(built.folder).as_posix(): Addresses(path.read_text()) for path in built.folder.rglob("*.html")}


def test_no_link_is_broken(built, parsed):
    broken = []
    for name, page in parsed.items():
        for link in page.links:
            target = urlsplit(urljoin(ADDRESS + name, html.unescape(link)))
            if not target.geturl().startswith(ADDRESS):
                if target.scheme not in ("http", "https", "mailto"):
                    broken.append((name, link))
                continue
            file = unquote(target.path.removeprefix("/course/")) or "index.html"
            anchored = not target.fragment or file not in parsed or target.fragment in parsed[file].names
            if not (built.folder / file).is_file() or not anchored:
                broken.append((name, link))
    assert broken == []


def test_the_whole_book_on_one_page_has_links_that_work(built):
    """As it is printed: its text in one page, in the folder of the chapters."""
    text = whole_book(built.folder)
    anchors = Addresses(text).names
    assert text.count("<article ") == len(CHAPTERS)
    links = [html.unescape(link) for link in re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)]
    assert [link for link in links if unquote(link[1:]) not in anchors and not link.startswith(("http:", "https:"))] == []
    pictures = re.findall(r'<img\b[^>]*\bsrc="([^"?]*)', text)
    assert [link for link in pictures if not (built.folder / "chapters" / link).is_file()] == []


@pytest.mark.parametrize("name", CHAPTERS)
def test_head(parsed, built, name):
    page, text = parsed[f"{name}.html"], (built.folder / f"{name}.html").read_text()
    title = html.unescape(re.search("<title>(.*)</title>", text)[1])
    assert "A Multilayer Perceptron from Scratch" in title and len(title) <= 100
    assert 40 <= len(page.metas["description"]) <= 250 and not re.search(r"[`$\\*]", page.metas["description"])
    here = ADDRESS if name == CHAPTERS[0] else f"{ADDRESS}{name}.html"
    assert page.rels["canonical"] == page.metas["og:url"] == here
    assert page.metas["og:title"] and page.metas["og:description"] == page.metas["description"]
    card = built.folder / page.metas["og:image"].removeprefix(ADDRESS)
    assert card.read_bytes()[16:24] == (1200).to_bytes(4, "big") + (630).to_bytes(4, "big"), "the card is 1200 x 630"
    assert page.rels["icon"].endswith("favicon.svg")
    assert '<html lang="en"' in text


def test_titles_and_descriptions_differ_and_the_sitemap_lists_every_page(parsed, built):
    descriptions = [parsed[f"{name}.html"].metas["description"] for name in CHAPTERS]
    titles = [re.search("<title>(.*)</title>", (built.folder / f"{name}.html").read_text())[1] for name in PAGES[1:]]
    assert len(set(descriptions)) == len(descriptions) and len(set(titles)) == len(titles)
    listed = re.findall("<loc>(.*?)</loc>", (built.folder / "sitemap.xml").read_text())
    assert sorted(listed) == sorted([ADDRESS, *(f"{ADDRESS}{name}.html" for name in CHAPTERS[1:])])


def test_missing_page_helps(page, site):
    response = page.goto(f"{site}chapters/no/such/page.html")
    assert response.status == 404
    assert page.locator("h1").inner_text() == "Page not found"
    assert page.evaluate("getComputedStyle(document.querySelector('header')).position") == "sticky", "no style"
    page.click("article a[href$='01_fashion_mnist.html']")
    assert page.url == f"{site}chapters/01_fashion_mnist.html"


def test_search_finds_each_page_and_shows_where_the_words_stand(page, site):
    problems = []
    page.on("console", lambda message: problems.append(message.text))
    page.goto(site)
    page.fill("header input", "overflow")
    page.press("header input", "Enter")
    page.wait_for_url("**/search.html?q=overflow")
    page.get_by_text("Search finished").wait_for()
    result = page.locator("#search-results li").filter(has=page.locator("a[href*='05_loss']")).first
    assert "overflow" in result.locator(".context").inner_text().lower()
    assert page.evaluate("document.querySelector('header input').value") == "overflow"
    assert page.locator("input[type=search]:visible").count() == 1, "one search box"
    missed = {}
    for name in CHAPTERS:
        words = SEARCHES.get(name) or re.search(r"^# (.*)", (ROOT / f"{name}.md").read_text(), re.M)[1]
        found = page.evaluate("(words) => Search._performSearch(...Search._parseQuery(words)).map(([page]) => page)", words)
        if name not in found[-5:]:  # the best come last
            missed[words] = found
    assert missed == {} and problems == []
    page.goto(f"{site}search.html?q=quetzalcoatl")
    page.get_by_text("did not match any documents").wait_for()


# Dark and light


def test_theme_switch_is_remembered_and_there_from_the_start(page, site):
    ground = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    page.goto(f"{site}chapters/03_activation.html")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"
    page.click(".theme-switch")
    assert page.evaluate(ground) == "rgb(21, 24, 29)"
    page.add_init_script("""new MutationObserver(() => {
        if (document.body && !window.atFirst) window.atFirst = document.documentElement.dataset.theme ?? "none yet";
    }).observe(document, { childList: true, subtree: true })""")
    page.goto(f"{site}chapters/05_loss.html")
    assert page.evaluate("atFirst") == "dark" and page.evaluate(ground) == "rgb(21, 24, 29)"
    page.click(".theme-switch")
    assert page.evaluate(ground) == "rgb(255, 255, 255)"


def test_copy_button_copies_the_cell(page, site):
    page.goto(f"{site}chapters/03_activation.html")
    block = page.locator(".cell_input .highlight").nth(2)
    block.hover()
    block.locator(".copy").click()
    block.get_by_text("Copied").wait_for()
    cells = code_cells(read_pair(ROOT / "chapters/03_activation.md"))
    assert page.evaluate("navigator.clipboard.readText()").strip() == cells[2].source.strip()


# Launch and sources


@pytest.mark.parametrize("name", CHAPTERS)
def test_chapter_leads_to_its_sources(visits, built, name):
    links = visits(name).actions
    if name.startswith("chapters/"):
        assert links["Run on Binder"] == f"https://mybinder.org/v2/gh/someone/course/main?urlpath=lab/tree/{name}.ipynb"
    assert links["Edit"] == f"{REPOSITORY}/edit/main/{name}.md"
    assert links["Report a problem"].startswith(f"{REPOSITORY}/issues/new?title=")
    for text, suffix in (("Notebook", ".ipynb"), ("Markdown", ".md")) if name.startswith("chapters/") else (("Markdown", ".md"),):
        published = built.folder / urlsplit(links[text]).path.removeprefix("/course/")
        assert published.read_bytes() == built.sources[(ROOT / name).with_suffix(suffix)]


def test_a_forks_book_points_to_the_fork(built):
    other = r"OWNER|github\.com/(?!someone/course)[^/]+/mlp-from-scratch"
    assert [path.name for path in built.folder.rglob("*.html") if re.search(other, path.read_text())] == []


@pytest.mark.parametrize(
    "origin, expected",
    [
        ("https://github.com/a/b.git", "https://github.com/a/b"),
        ("git@github.com:a/b.c.git", "https://github.com/a/b.c"),
        ("ssh://git@github.com/a/b", "https://github.com/a/b"),
        ("/srv/b.git", "the default"),
        ("", "the default"),
    ],
)
def test_repository_is_found(monkeypatch, origin, expected):
    monkeypatch.delenv("GITHUB_REPOSITORY", raising=False)
    monkeypatch.setattr(extension.subprocess, "run", lambda *_, **__: SimpleNamespace(stdout=origin + "\n"))
    assert extension.find_repository("the default") == expected
