"""The chapters, shown on the first page as cards with small pictures."""

import base64
import io
import posixpath
import re
import xml.etree.ElementTree as ET
from pathlib import Path

from docutils import nodes
from PIL import Image

from press.book.sentences import _

SVG = "{http://www.w3.org/2000/svg}"
HREF = "{http://www.w3.org/1999/xlink}href"
ET.register_namespace("", SVG[1:-1])
ET.register_namespace("xlink", HREF[1:-5])
MOST = 15  # parts of a figure that a small picture shows


def deal_cards(doctree):
    """Show the table of the chapters as cards. In a notebook it is a table."""
    for table in [table for table in doctree.findall(nodes.table) if is_of_chapters(table)]:
        parts, cards = [], None
        for row in table.next_node(nodes.tbody):
            chapter, gives, minutes = row
            link = chapter.next_node(nodes.reference)
            if not link:
                cards = nodes.bullet_list(classes=["cards"])
                parts += [nodes.paragraph("", "", *chapter[0].children, classes=["part"]), cards]
                continue
            stem = posixpath.splitext(posixpath.basename(link["refuri"]))[0]
            picture = f'<img src="_images/card-{stem}.svg" alt="" width="160" height="100" loading="lazy">'
            link.insert(0, nodes.raw("", picture, format="html"))
            said = re.sub(r"^\d+", lambda number: _("{0} minutes").format(number[0]), minutes.astext())
            time = nodes.paragraph("", said, classes=["minutes"], minutes=minutes.astext())
            cards += nodes.list_item("", nodes.paragraph("", "", link), *gives.children, time)
        table.replace_self(parts)


def is_of_chapters(table):
    link = table.next_node(nodes.reference)
    return link and link.get("refuri", "").startswith("chapters/") and len(table.next_node(nodes.row)) == 3


def first_picture(doctree):
    """The path of a page's first picture, which is what a chapter opens with if it does, or None."""
    return next((image["uri"] for image in doctree.findall(nodes.image) if image["uri"].endswith(".svg")), None)


def write_small_pictures(app):
    """Write the pictures on the cards beside the figures."""
    folder = Path(app.outdir, "_images")
    folder.mkdir(exist_ok=True)
    for name, picture in app.pictures.items():
        stem = posixpath.basename(name)
        if name.startswith("chapters/") and name != app.config.root_doc:
            svg = small_picture(Path(app.srcdir, picture).read_text("utf-8")) if picture else number_picture(int(stem[:2]))
            (folder / f"card-{stem}.svg").write_text(svg, "utf-8")


def small_picture(figure):
    """A figure, an SVG given as text, as the picture on a card: without its letters, of a large one the first parts."""
    root = ET.fromstring(figure)
    parts = [group for group in root.iter(f"{SVG}g") if group.get("id", "").startswith("axes_")]
    for parent in [*root.iter()]:
        for child in [*parent]:
            if child.tag == f"{SVG}text" or re.match("text_|legend_", child.get("id", "")) or child in parts[MOST:]:
                parent.remove(child)
    for image in root.iter(f"{SVG}image"):
        image.set(HREF, "data:image/png;base64," + base64.b64encode(with_few_colours(image.get(HREF))).decode())
    frames = [frame_of(group, root) for group in parts[:MOST] if frame_of(group, root)]
    if frames:
        left, top, right, bottom = (limit(values) for limit, values in zip((min, min, max, max), zip(*frames)))
        root.set("viewBox", f"{left - 3:.0f} {top - 3:.0f} {right - left + 6:.0f} {bottom - top + 6:.0f}")
        root.set("width", f"{right - left + 6:.0f}")
        root.set("height", f"{bottom - top + 6:.0f}")
    ET.SubElement(root, f"{SVG}style").text = "*{vector-effect:non-scaling-stroke}"
    return ET.tostring(root, encoding="unicode")


def frame_of(axes, root):
    """Left, top, right and bottom of a part of a figure, which Matplotlib clips to its frame; None if it clips nothing."""
    clip = next((clip for part in axes.iter() if (clip := part.get("clip-path"))), None)
    if clip:
        rect = root.find(f".//{SVG}clipPath[@id='{clip[5:-1]}']/{SVG}rect")
        x, y, width, height = (float(rect.get(name)) for name in ("x", "y", "width", "height"))
        return x, y, x + width, y + height


def with_few_colours(address):
    """The picture in a data URL as a PNG with 16 colours."""
    image = Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))).convert("RGB")
    file = io.BytesIO()
    image.quantize(16).save(file, "PNG")
    return file.getvalue()


def number_picture(number):
    """The picture on the card of a chapter that has no figure."""
    letters = 'fill="#55606c" font-family="system-ui, sans-serif" font-size="46" text-anchor="middle"'
    text = f'<text x="80" y="66" {letters}>{number}</text>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 160 100" width="160" height="100">{text}</svg>'
