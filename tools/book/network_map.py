"""The functions that the reader writes, drawn on the first page as a network."""

import ast
import itertools
import json
import re
from html import escape

from docutils import nodes

from tools.book.sentences import _
from tools.book.slot_boxes import titled
from tools.notebooks.chapters import CHAPTERS, code_cells, read_pair
from tools.notebooks.slots import all_slots, anchor, defined, slot_of


def draw_network(doctree, address):
    """Draw the slots in the box called "yours", each a link, in a layer for a chapter or a few; address(page) is a page's.

    A line leads from a function to one that what it gives goes into, somewhere in the course. function_list.js lights what is
    written.
    """
    for box in [box for box in doctree.findall(nodes.admonition) if "yours" in box["ids"]]:
        layers = in_layers([list(chapter) for _stem, chapter in itertools.groupby(all_slots(), key=lambda slot: slot[0])])
        rows, places = [], {}
        for y, layer in enumerate(layers):
            entries = []
            for i, (stem, slot, code) in enumerate(layer):
                places[slot["name"]] = 100 * (i + 0.5) / len(layer), y
                name = titled(slot, code).replace("_", "_<wbr>")
                link = f'<a href="{address(f"chapters/{stem}")}#{anchor(slot)}"><span>{name}</span></a>'
                entries.append(f'<li data-slot="{slot["name"]}">{link}</li>')
            rows.append(f"<li><span>{said_chapters(layer)}</span><ol>{''.join(entries)}</ol></li>")
        lines = [(first, second, line(places[first], places[second])) for first, second in flows()]
        lit = escape(json.dumps(lines))
        whole = f"M0 0h0M100 {len(layers)}h0"  # axe can tell a contrast only where all of a text lies over the path
        all_lines = f'<path d="{whole}{"".join(drawn for *_ends, drawn in lines)}"/><path class="written" data-lines="{lit}"/>'
        drawn = f'<svg viewBox="0 0 100 {len(layers)}" preserveAspectRatio="none" aria-hidden="true">{all_lines}</svg>'
        said = _("A line leads from a function to one that takes what it gives.")
        network = f'<div class="slots">{drawn}<ol>{"".join(rows)}</ol></div><p class="remark">{said}</p>'
        box.append(nodes.raw("", network, format="html"))


def in_layers(chapters):
    """The slots of each chapter, those of neighbouring chapters together while they are at most five."""
    layers = []
    for slots in chapters:
        if layers and len(layers[-1]) + len(slots) <= 5:
            layers[-1] += slots
        else:
            layers.append(slots)
    return layers


def said_chapters(layer):
    first, last = (int(stem.partition("_")[0]) for stem, *_rest in (layer[0], layer[-1]))
    return _("Chapter {0}").format(first) if first == last else _("Chapters {0}–{1}").format(first, last)


def line(first, second):
    """A line between two circles: an arc within a layer, and otherwise a curve that leaves and arrives upright."""
    (x1, y1), (x2, y2) = first, second
    bend = (y2 - y1) / 2 or -0.1 - abs(x2 - x1) / 300
    end = y2 - bend if y1 != y2 else y1 + bend
    return f"M{x1:.1f} {y1}C{x1:.1f} {y1 + bend:.2f} {x2:.1f} {end:.2f} {x2:.1f} {y2}"


def flows():
    """The pairs of slots of which the second, in a listing of the course, takes what the first gives, or the first itself."""
    order, names, found = [slot["name"] for _stem, slot, _code in all_slots()], {}, set()
    for _stem, slot, code in all_slots():
        names.setdefault(defined(code), slot["name"])
    for path in CHAPTERS:
        here = names | {defined(code): slot["name"] for stem, slot, code in all_slots() if stem == path.stem}
        for cell in code_cells(read_pair(path)):
            tree = ast.parse(re.sub("^%%.*", "", cell.source, flags=re.DOTALL))
            calls = [call for call in ast.walk(tree) if named_call(call) in here]
            for node in ast.walk(tree):
                if isinstance(node, ast.Assign) and node.value in calls:  # a variable stands for what gave its value
                    here |= dict.fromkeys(names_in(node) - names.keys(), here[named_call(node.value)])
            inside = {slot["name"] for slot in [slot_of(cell)] if slot}
            for call in calls:
                called, taken = here[named_call(call)], set().union(*map(names_in, ast.iter_child_nodes(call)))
                found |= {(here[name], called) for name in taken & here.keys()} | {(called, slot) for slot in inside}
    return sorted(pair for pair in found if order.index(pair[0]) < order.index(pair[1]))


def names_in(tree):
    """The names in an expression; of a call, that of what is called alone."""
    if named_call(tree):
        return {named_call(tree)}
    return {tree.id} if isinstance(tree, ast.Name) else set().union(*map(names_in, ast.iter_child_nodes(tree)))


def named_call(node):
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else None
