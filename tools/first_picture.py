"""Write the stored picture of the demonstration on the first page, as it is at first: `python -m tools.first_picture`.

It is for paper, notebooks, and the page until the scripts have arrived: chapters/images/network.svg is what web/demo draws in
Chromium.
"""

import base64
import io
import re

import numpy as np
from PIL import Image

from press.browser.chromium import open_browser
from press.notebooks.chapters import FOLDER, ROOT
from tools.charts import chart_style
from tools.hand import ADDRESS, PRESS, answer

STORED = FOLDER / "images" / "network.svg"
STYLES = (PRESS / "theme/static/theme.css", ROOT / "web/demo/demo.css")
PAGE = """<!DOCTYPE html><meta charset="utf-8"><meta name="book" content="{{}}">
<style>{css} #demo {{ width: 1160px }} body {{ --mono: monospace }}</style><article><div id="demo"></div></article>"""
SHOW = "import('/demo/pad.js').then(({ show }) => show(document.getElementById('demo')))"

# What is drawn in canvases, threads, bars and words, each where it stands.
SERIALISE = """() => {
  const network = document.querySelector(".demo-network"), { left, top, width, height } = network.getBoundingClientRect();
  const two = (part) => Number(part).toString(16).padStart(2, "0");
  const hex = (colour) => "#" + colour.match(/\\d+/g).slice(0, 3).map(two).join("");
  const element = (tag, looks, inside = "") =>
    `<${tag}${Object.entries(looks).map(([name, value]) => ` ${name}="${value}"`).join("")}>${inside}</${tag}>`;
  const place = (box) => ({
    x: (box.left - left).toFixed(1), y: (box.top - top).toFixed(1), width: box.width.toFixed(1), height: box.height.toFixed(1),
  });
  const all = (selector, draw) => [...network.querySelectorAll(selector)]
    .map((part) => draw(part, place(part.getBoundingClientRect()), getComputedStyle(part)));
  const images = all("canvas", (canvas, box, { imageRendering }) =>
    element("image", { ...box, style: `image-rendering: ${imageRendering}`, href: canvas.toDataURL() }));
  const bars = all(".demo-bar span", (bar, box, { backgroundColor }) => element("rect", { ...box, fill: hex(backgroundColor) }));
  const threads = all(".demo-threads", (svg, { x, y }) => {
    const paths = [...svg.querySelectorAll("path")].map((path) => {
      const { stroke, strokeDasharray } = getComputedStyle(path);
      const looks = strokeDasharray === "none" ? {} : { "stroke-dasharray": 5 };
      for (const name of ["stroke-width", "stroke-opacity", "d"]) looks[name] = path.getAttribute(name);
      return element("path", { ...looks, style: `stroke: ${hex(stroke)}` });
    });
    return element("g", { fill: "none", transform: `translate(${x} ${y})` }, paths.join("\\n"));
  });
  const walker = document.createTreeWalker(network, NodeFilter.SHOW_TEXT), texts = [], range = document.createRange();
  while (walker.nextNode()) {
    const node = walker.currentNode, words = node.data.trim();
    if (!words || node.parentElement.closest(".demo-tools")) continue;
    range.setStart(node, node.data.search(/\\S/));
    range.setEnd(node, node.data.trimEnd().length);
    const { x, y, height } = place(range.getBoundingClientRect()), base = (Number(y) + 0.76 * height).toFixed(1);
    const { color, fontSize, fontWeight } = getComputedStyle(node.parentElement);
    const looks = { x, y: base, "font-size": fontSize, "font-weight": fontWeight, fill: hex(color) };
    texts.push(element("text", looks, words.replace(/\\s+/g, " ")));
  }
  const size = { width, height: Math.ceil(height), viewBox: `0 0 ${width} ${Math.ceil(height)}` };
  const looks = { ...size, "font-family": "system-ui, 'Segoe UI', Roboto, 'Liberation Sans', sans-serif" };
  const parts = [...images, ...threads, ...bars, ...texts].join("\\n");
  return `${element("svg", { xmlns: "http://www.w3.org/2000/svg", ...looks }, `\\n${parts}\\n`)}\\n`;
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
    """A picture of a canvas. The wall's thousands of shades would be most of its bytes: it has two of each hue."""
    file, image = io.BytesIO(), Image.open(io.BytesIO(base64.b64decode(match[1])))
    if image.width != 28:
        image = in_few_shades(np.array(image))
    image.save(file, "WEBP", lossless=True, quality=100, method=6)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode()}"


def in_few_shades(pixels):
    """An image of orange and purple `pixels`, (height, width, 4), each of which is full, faint or not there at all."""
    red, _, blue, alpha = np.moveaxis(pixels.copy(), -1, 0)
    for hue in (red > blue, red <= blue):
        pixels[hue] = pixels[hue][alpha[hue].argmax()]
    pixels[..., 3] = np.array([0, 60, 220])[np.digitize(alpha, [40, 130])]
    return Image.fromarray(pixels)


if __name__ == "__main__":
    with open_browser() as browser:
        STORED.write_text(first_state(browser.new_page()), "utf-8")
        print(f"written: {STORED.relative_to(ROOT)}")
