"""Write the stored picture of the demonstration on the first page, as it is at first: `python -m tools.first_picture`.

It is for paper, notebooks, and the page until the scripts have arrived: chapters/images/network.svg is what web/demo draws in Chromium.
"""

import base64
import io
import re

from PIL import Image

from press.browser.chromium import open_browser
from press.notebooks.chapters import FOLDER, ROOT
from tools.charts import chart_style
from tools.hand import ADDRESS, PRESS, answer

FAINT = 25  # of 255
STORED = FOLDER / "images" / "network.svg"
STYLES = (PRESS / "theme/static/theme.css", ROOT / "web/demo/demo.css")
PAGE = """<!DOCTYPE html><meta charset="utf-8"><meta name="book" content="{{}}"><style>{css} #demo {{ width: 1160px }} body {{ --mono: monospace }}</style>
<article><div id="demo"></div></article>"""
SHOW = "import('/demo/pad.js').then(({ show }) => show(document.getElementById('demo')))"

SERIALISE = """() => {
  const network = document.querySelector(".demo-network"), from = network.getBoundingClientRect();
  const hex = (colour) => "#" + colour.match(/\\d+/g).slice(0, 3).map((part) => Number(part).toString(16).padStart(2, "0")).join("");
  const place = (box) => `x="${(box.left - from.left).toFixed(1)}" y="${(box.top - from.top).toFixed(1)}" width="${box.width.toFixed(1)}" height="${box.height.toFixed(1)}"`;
  const images = [...network.querySelectorAll("canvas")].map((canvas) =>
    `<image ${place(canvas.getBoundingClientRect())} style="image-rendering: ${getComputedStyle(canvas).imageRendering}" href="${canvas.toDataURL()}"/>`);
  const bars = [...network.querySelectorAll(".demo-bar span")].map((bar) =>
    `<rect ${place(bar.getBoundingClientRect())} fill="${hex(getComputedStyle(bar).backgroundColor)}"/>`);
  const threads = [...network.querySelectorAll(".demo-threads")].map((svg) => {
    const box = svg.getBoundingClientRect(), paths = [...svg.querySelectorAll("path")].map((path) => {
      const { stroke, strokeDasharray } = getComputedStyle(path), dashes = strokeDasharray === "none" ? "" : ' stroke-dasharray="5"';
      const [width, opacity, drawn] = ["stroke-width", "opacity", "d"].map((name) => path.getAttribute(name));
      return `<path d="${drawn}" style="stroke: ${hex(stroke)}" stroke-width="${width}" opacity="${opacity}"${dashes}/>`;
    });
    return `<g fill="none" transform="translate(${(box.left - from.left).toFixed(1)} ${(box.top - from.top).toFixed(1)})">${paths.join("\\n")}</g>`;
  });
  const walker = document.createTreeWalker(network, NodeFilter.SHOW_TEXT), texts = [];
  while (walker.nextNode()) {
    const node = walker.currentNode, range = document.createRange(), { color, fontSize, fontWeight } = getComputedStyle(node.parentElement);
    range.setStart(node, Math.max(0, node.data.search(/\\S/)));
    range.setEnd(node, node.data.trimEnd().length);
    const box = range.getBoundingClientRect(), words = node.data.trim().replace(/\\s+/g, " ");
    if (!words || !box.width || node.parentElement.closest(".demo-tools")) continue;
    texts.push(`<text x="${(box.left - from.left).toFixed(1)}" y="${(box.bottom - from.top - 0.24 * box.height).toFixed(1)}" font-size="${fontSize}" font-weight="${fontWeight}" fill="${hex(color)}">${words}</text>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${from.width}" height="${Math.ceil(from.height)}" viewBox="0 0 ${from.width} ${Math.ceil(from.height)}" font-family="system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif">
${[...images, ...threads, ...bars, ...texts].join("\\n")}\n</svg>\n`;
}"""


def first_state(page):
    """The SVG, as text."""
    page.emulate_media(color_scheme="light", reduced_motion="reduce")
    page.set_viewport_size({"width": 1280, "height": 900})
    text = PAGE.format(css=chart_style() + "\n".join(path.read_text("utf-8") for path in STYLES))
    page.route(f"{ADDRESS}**", lambda route: answer(route, text))
    page.goto(ADDRESS)
    page.evaluate(SHOW)
    page.locator(".demo-verdict b").wait_for()
    return re.sub(r'(?<=href=")data:image/png;base64,([^"]+)', small, page.evaluate(SERIALISE))


def small(match):
    """A picture of a canvas without what is hardly seen, which would be most of its bytes."""
    file, image = io.BytesIO(), Image.open(io.BytesIO(base64.b64decode(match[1])))
    image.putalpha(image.getchannel("A").point(lambda alpha: alpha if alpha > FAINT else 0))
    image.save(file, "WEBP", lossless=image.width == 28, quality=8, alpha_quality=8, method=6)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


if __name__ == "__main__":
    with open_browser() as browser:
        STORED.write_text(first_state(browser.new_page()), "utf-8")
        print(f"written: {STORED.relative_to(ROOT)}")
