"""What is folded in a page: answers, cells that only assert, code that only sets up or draws, and what tags of MyST-NB hide.

The lines of an idea are marked.
"""

import ast

from docutils import nodes
from myst_nb.sphinx_ import HideCodeCellNode
from sphinx.util import logging

from press.book.sentences import _, language_class

LOG = logging.getLogger(__name__)


class Folded(nodes.General, nodes.Element):
    """A <details> element, whose first child is a Summary: it works by keyboard and without scripts."""


class Summary(nodes.General, nodes.TextElement):
    pass


def visit_folded(self, node):
    self.body.append(self.starttag(node, "details"))


def depart_folded(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", ""))


def depart_summary(self, node):
    self.body.append("</summary>\n")


def cells(doctree):
    return [cell for cell in doctree.findall(nodes.container) if "cell" in cell["classes"]]


def fold_what_tags_hide(doctree):
    """Fold what hide-input, hide-output and hide-cell hide within its part of the cell: scripts look for the part in the cell."""
    for cell in cells(doctree):
        for hidden in [child for child in cell if isinstance(child, HideCodeCellNode)]:
            for part in hidden:
                part[:] = [Folded("", Summary("", hidden["prompt_show"]), *part.children)]
                if "cell_input" in part["classes"]:
                    cell["classes"].append("folded")
            place = cell.index(hidden)
            cell[place : place + 1] = hidden.children


def fold_admonitions(doctree):
    for box in [box for box in doctree.findall(nodes.admonition) if "dropdown" in box["classes"]]:
        title = Summary("", "", *box[0].children, classes=["admonition-title"])
        box.replace_self(Folded("", title, *box.children[1:], classes=["admonition", *box["classes"]], ids=box["ids"]))


def fold_checks(doctree):
    """Fold the cells that only assert. Their first line, "# Checked: ...", which says what is checked, becomes the summary."""
    for cell in cells(doctree):
        code = cell.next_node(nodes.literal_block)
        first = code.astext().partition("\n")[0] if code else ""
        if first.startswith("# Checked: "):
            summary = Summary("", first.removeprefix("# "))
            cell.replace_self(Folded("", summary, *cell.children, classes=["checked", *cell["classes"]]))


def fold_what_sets_up_or_draws(doctree):
    """Fold the code that only sets up, and below its figure that which only draws, if it has three lines or more.

    It stays open where the reader is to drag a number, and where the cell has the tag `idea`, because its code is worth reading.
    """
    for cell in cells(doctree):
        about, code = cell.get("cell_metadata", {}), cell.next_node(nodes.literal_block)
        is_figure = "figure" in about.get("mystnb", {})
        kind = _("Code of the figure, {0} lines") if is_figure else _("Set-up, {0} lines") if sets_up(cell, code) else None
        num_lines = len(code.astext().splitlines()) if code else 0
        if not kind or num_lines < 3 or "drag" in about or "slot" in about or "idea" in about.get("tags", []):
            continue
        cell["classes"].append("folded")
        source = cell[0]
        source[source.index(code)] = Folded("", Summary("", kind.format(num_lines), classes=language_class()), code)
        cell.remove(source)
        cell.append(source)


def sets_up(cell, code):
    """Whether a cell imports first, then only calls and names what it calls gives, and shows nothing."""
    if len(cell) > 1 or not code:
        return False
    first, *others = ast.parse(code.astext()).body
    plain = (ast.Import, ast.ImportFrom, ast.Assign, ast.Expr)
    return isinstance(first, plain[:2]) and all(isinstance(part, plain) for part in others)


def mark_lines(doctree):
    """Mark the lines of a cell that carry its idea: those that begin with one of what its metadata call `marked`."""
    for cell in cells(doctree):
        code = cell.next_node(nodes.literal_block)
        for begin in cell.get("cell_metadata", {}).get("marked", []):
            numbers = [i for i, line in enumerate(code.astext().splitlines(), 1) if line.strip().startswith(begin)]
            if not numbers:
                LOG.warning("marked: no line of the cell begins with %s", begin, location=cell)
            code.setdefault("highlight_args", {}).setdefault("hl_lines", []).extend(numbers)
