"""The functions that the reader writes, drawn on the first page as a network."""

import ast
import itertools
import json
import re
from html import escape

from docutils import nodes

from press.book.sentences import _
from press.book.slot_boxes import titled
from press.notebooks.chapters import CHAPTERS, code_cells, read_pair
from press.notebooks.slots import all_slots, anchor, defined, has_slots, slot_of


def draw_network(doctree, address):
    """Draw the slots in the box called "yours", each a link, in a layer for a chapter or a few; address(page) is a page's.

    function_list.js lights what is written.
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
        said = _("A line joins two functions of which one takes what the other gives, or calls it.")
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
    """The pairs of slots of which the second takes what the first gives, or the first itself, or calls it.

    Only the chapters with slots are read: a later one may take something wrong on purpose.
    """
    slots, found = all_slots(), set()
    for path in filter(has_slots, CHAPTERS):
        # A name that two slots have is that of this chapter, or else of the first.
        known = {defined(code): slot["name"] for stem, slot, code in sorted(slots[::-1], key=lambda slot: slot[0] == path.stem)}
        for cell in code_cells(read_pair(path)):
            slot = slot_of(cell)
            follow(ast.parse(re.sub("^%%.*", "", cell.source, flags=re.DOTALL)), known, found, slot and slot["name"])
    return sorted(pair for pair in found if len({*pair}) == 2)


def follow(tree, known, found, inside=None):
    """Put what flows in a piece of code into `found`. known: for each name the slot that it is, or whose result, or None."""
    for node in ast.iter_child_nodes(tree):
        scope = known
        if isinstance(node, (ast.FunctionDef, ast.Lambda)):  # its arguments are not what has their names outside
            scope = known | dict.fromkeys(argument.arg for argument in node.args.args)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)) and not inside:
            known[node.name] = None  # another one than the slot
        if isinstance(node, (ast.For, ast.comprehension)):
            known |= dict.fromkeys(names_in(node.target))
        follow(node, scope, found, inside)
        if isinstance(node, ast.Call) and given(node, known):
            values = [*node.args, *(keyword.value for keyword in node.keywords)]
            taken = {given(value, known) for value in values} - {None}
            found |= {(slot, given(node, known)) for slot in taken} | ({(given(node, known), inside)} if inside else set())
        if isinstance(node, ast.Assign):
            known |= dict.fromkeys(set().union(*map(names_in, node.targets)), given(node.value, known))


def given(node, known):
    """The slot that an expression is, or whose result. What is computed from a result, as nd.dot(X, W1) is, is something else."""
    match node:
        case ast.Name():
            return known.get(node.id)
        case ast.Call(func=ast.Name() as part) | ast.Lambda(body=part) | ast.Subscript(value=part) | ast.ListComp(elt=part):
            return given(part, known)
        case ast.Call(func=ast.Attribute(value=part)) | ast.BinOp(left=part) if given(part, known) in classes():
            return given(part, known)  # operations of a class give one of it
    return None


def classes():
    return {slot["name"] for _stem, slot, code in all_slots() if code.startswith("class ")}


def names_in(tree):
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
