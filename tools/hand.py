"""Write the stored pictures of the pictures in the hand, in their first state: `python -m tools.hand [NAME ...]`.

They are for paper, notebooks, and pages until they are taken in the hand: chapters/images/hand-NAME.svg is what web/hand/NAME.js
draws in Chromium, with the colours of the light page, and hand-NAME-narrow.svg what it draws on a phone. The book gives each SVG
its dark colours (press/run/dark.py).
"""

import sys

from press.book.sentences import translated
from press.browser.chromium import open_browser
from press.notebooks.chapters import FOLDER, ROOT
from tools.charts import chart_style

WEB, PRESS = ROOT / "web", ROOT / "press"
ADDRESS = "http://pictures.test/"  # nobody's
WIDTHS = {"": 736, "-narrow": 360}
PAGE = """<!DOCTYPE html><meta name="book" content="{{}}"><style>{css}</style><article style="width: {width}px">
  <div class="hand" data-hand="{name}"><img alt=""></div><div class="hand-controls"></div></article>"""

SHOW = """async (name) => {
  const [{ show }, { picture }] = await Promise.all(["kit", name].map((script) => import(`/hand/${script}.js`)));
  show(document.querySelector(".hand"), picture);
}"""

# The SVG as a file of its own: its looks become attributes, and what only a living picture needs is left out.
SERIALISE = """() => {
  const svg = document.querySelector(".hand svg"), { width, height } = svg.getBoundingClientRect();
  const size = parseFloat(getComputedStyle(svg).fontSize).toFixed(2);
  const two = (part) => Number(part).toString(16).padStart(2, "0");
  const hex = (colour) => "#" + colour.match(/[\\d.]+/g).slice(0, 3).map(two).join("");
  const shown = (colour) => !["none", "rgba(0, 0, 0, 0)"].includes(colour);
  const written = (element) => {
    if (["g", "svg"].includes(element.tagName)) {
      const inside = [...element.children].map(written).filter(Boolean).join("\\n"), place = element.getAttribute("transform");
      return place ? `<g transform="${place}">${inside}</g>` : inside;
    }
    const style = getComputedStyle(element), copy = document.createElementNS(svg.namespaceURI, element.tagName);
    const hasStroke = shown(style.stroke) && element.tagName !== "text"; // letters have one only to stand out from lines
    if (!shown(style.fill) && !hasStroke) return "";
    for (const { name, value } of element.attributes) if (name !== "class") copy.setAttribute(name, value);
    copy.setAttribute("fill", shown(style.fill) ? hex(style.fill).replace("#ffffff", "#fff") : "none");
    if (hasStroke) copy.setAttribute("style", `stroke: ${hex(style.stroke)}`);
    const usual = { opacity: "1", "text-anchor": "start", "font-weight": "400" };
    if (hasStroke) Object.assign(usual, { "stroke-width": "1px", "stroke-dasharray": "none" });
    for (const [name, value] of Object.entries(usual)) if (style[name] !== value) copy.setAttribute(name, style[name]);
    copy.textContent = element.textContent;
    return copy.outerHTML.replace(' xmlns="http://www.w3.org/2000/svg"', "");
  };
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"
  font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif" font-size="${size}">\\n${written(svg)}\\n</svg>\\n`;
}"""


def names():
    return sorted(path.stem for path in (WEB / "hand").glob("*.js"))


def stored(name, kind=""):
    return FOLDER / "images" / f"hand-{name}{kind}.svg"


def answer(route, text):
    """Answer with the page, or with a module of the book's, or else of the press's."""
    name = route.request.url.removeprefix(ADDRESS)
    modules = [place / name for place in (WEB, PRESS) if name and (place / name).exists()]
    if not modules:
        return route.fulfill(body=text, content_type="text/html")
    route.fulfill(body=translated(modules[0].read_text("utf-8")), content_type="text/javascript; charset=utf-8")


def first_state(page, name, kind=""):
    """The SVG, as text, of the first state of the picture NAME, drawn in `page` in the width of its kind."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": WIDTHS[kind], "height": 900})
    styles = (PRESS / "theme/static/theme.css", PRESS / "hand/hand.css", WEB / "hand/sizes.css")
    css = chart_style() + "\n".join(file.read_text("utf-8") for file in styles)
    text = PAGE.format(css=css, width=WIDTHS[kind], name=name)
    page.route(f"{ADDRESS}**", lambda route: answer(route, text))
    page.goto(ADDRESS)  # modules come from where their page comes from
    page.evaluate(SHOW, name)
    return page.evaluate(SERIALISE)


if __name__ == "__main__":
    with open_browser() as browser:
        page = browser.new_page()
        for name in sys.argv[1:] or names():
            for kind in WIDTHS:
                stored(name, kind).write_text(first_state(page, name, kind), "utf-8")
                print(f"written: {stored(name, kind).relative_to(ROOT)}")
