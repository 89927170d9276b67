"""A figure that Matplotlib drew for a phone's page, as wide as the text of a larger one: its letters keep their size."""

import re
from functools import partial
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
SIDES = "x", "y", "width", "height"
COLUMN, PHONE = 552, 292  # points: 46rem, the column of press/theme/static/theme.css, and the width of a chapter's figures


def widen(svg, size, boxes=None):
    """The SVG, given as text, in another size, with other boxes for its panels, in their order: (x, y, width, height), in points.

    What stands beside a panel, as the numbers of an axis, keeps its distance to it. Without boxes, there is one panel, and its
    margins stay.
    """
    ElementTree.register_namespace("", SVG[1:-1])
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(svg)
    more = [new - float(old) for new, old in zip(size, root.get("viewBox").split()[2:])]
    root.attrib.update(width=f"{size[0]}pt", height=f"{size[1]}pt", viewBox="0 0 {} {}".format(*size))
    figure = root.find(f"{SVG}g")
    figure.remove(figure[0])  # paper of the old size; the page has its own
    clips = {f"url(#{clip.get('id')})": clip[0] for clip in root.iter(f"{SVG}clipPath")}
    panels = [part for part in root.iter(f"{SVG}g") if part.get("id", "").startswith("axes_")]
    for panel, new in zip(panels, boxes or [None], strict=True):
        box = next(clips[part.get("clip-path")] for part in panel.iter() if part.get("clip-path"))
        x, y, width, height = old = [float(box.get(side)) for side in SIDES]
        new = new or (x, y, width + more[0], height + more[1])
        centre_lines(panel, x + width / 2)
        move(panel, partial(stretched, old, new, True), partial(stretched, old, new, False))
        box.attrib.update({side: f"{value:.2f}" for side, value in zip(SIDES, new)})
    return ElementTree.tostring(root, encoding="unicode")


def grid(width, count, columns, gap, above=0):
    """The size of a figure of square panels, each with room for letters above it, and their boxes."""
    side = (width - gap * (columns - 1)) / columns
    boxes = [(k % columns * (side + gap), above + k // columns * (above + side + gap), side, side) for k in range(count)]
    return (width, round(boxes[-1][1] + side, 2)), boxes


def stretched(old, new, beside, x, y):
    """Where a place lies when its panel has another box. What is beside the panel keeps its distance to it."""

    def along(place, start, length, new_start, new_length):
        inside = min(max(place - start, 0), length) if beside else place - start
        return new_start + inside * new_length / length + place - start - inside

    return along(x, *old[::2], *new[::2]), along(y, *old[1::2], *new[1::2])


def shifted(by_x, by_y, x, y):
    return x + by_x, y + by_y


def centre_lines(panel, middle):
    """Lines that Matplotlib centred by the width of its own letters, one below the other, are centred by that of the page's."""
    for group in panel.iter(f"{SVG}g"):
        lines = [line for line in group.findall(f"{SVG}text") if line.get("transform", "").startswith("translate")]
        places = [numbers(line.get("transform")) for line in lines]
        if len({x for x, _y in places}) > 1:
            for line, (_x, y) in zip(lines, places):
                line.set("transform", f"translate({middle} {y})")
                line.set("style", f"text-anchor: middle; {line.get('style')}")


def numbers(text):
    return [float(number) for number in re.findall(r"-?[\d.]+", text)]


def move(element, place, cut):
    """Move all that is in an element; place(x, y) says where to, and cut(x, y) for what is cut off at the edge of its panel."""
    for part in element:
        if part.tag == f"{SVG}defs":  # the shapes of marks
            continue
        to = cut if part.get("clip-path") else place
        put(part, to)
        mark = part.find(f".//{SVG}use") if re.match("[xy]tick", part.get("id", "")) else None
        if mark is not None:  # the number beside it keeps its distance
            x, y = float(mark.get("x")), float(mark.get("y"))
            new_x, new_y = place(x, y)
            move(part, *[partial(shifted, new_x - x, new_y - y)] * 2)
        elif part.tag != f"{SVG}text":  # its letters have places within it
            move(part, to, cut)


def put(part, place):
    """Move an element without what is in it. Letters keep their distance, some 4 points, to what they stand beside."""
    if part.get("d"):
        pair = re.compile(r"(-?[\d.]+) (-?[\d.]+)")
        part.set("d", pair.sub(lambda found: "{:.2f} {:.2f}".format(*place(*map(float, found.groups()))), part.get("d")))
    if part.get("x"):
        side = re.search("text-anchor: (start|end)", part.get("style", ""))
        by_x = {"start": 4, "end": -4}[side[1]] if side else 0
        by_y = 3.5 if part.tag == f"{SVG}text" else 0
        x, y = place(float(part.get("x")) - by_x, float(part.get("y")) - by_y)
        part.attrib.update(x=f"{x + by_x:.2f}", y=f"{y + by_y:.2f}")
    if re.match("translate|matrix", part.get("transform", "")):
        *scale, x, y = numbers(part.get("transform"))
        new_x, new_y = place(x, y)
        if scale:  # an image
            width, height = float(part.get("width")), float(part.get("height"))
            right, bottom = place(x + scale[0] * width, y + scale[3] * height)
            scale = (right - new_x) / width, (bottom - new_y) / height
            part.set("transform", "matrix({:.4f} 0 0 {:.4f} {:.2f} {:.2f})".format(*scale, new_x, new_y))
        else:
            part.set("transform", f"translate({new_x:.2f} {new_y:.2f})")
