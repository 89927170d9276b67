"""Formulas in a page."""

import re
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.util import logging

from press.book.mathml import mathml

LOG = logging.getLogger(__name__)


def join_punctuation(doctree):
    """Keep the punctuation after a formula on its line: browsers allow a break between the two."""
    for formula in [*doctree.findall(nodes.math)]:
        parent, place = formula.parent, formula.parent.index(formula)
        text = "".join(after for after in parent[place + 1 : place + 2] if isinstance(after, nodes.Text))
        if marks := re.match("[.,;:!?)]+", text):
            joined = nodes.inline("", "", formula, nodes.Text(marks[0]), classes=["unbroken"])
            parent[place : place + 2] = [joined, nodes.Text(text[marks.end() :])]


def visit_math(self, node):
    self.body.append(translated(node))
    raise nodes.SkipNode


def visit_displayed_math(self, node):
    self.body.append(self.starttag(node, "div", "", CLASS="math scrolls"))
    self.body.append(translated(node, display=True))
    self.body.append("</div>\n")
    raise nodes.SkipNode


def translated(node, display=False):
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        LOG.warning("formula not understood: %s in %s", error, node.astext().strip(), location=node)
        return f"<code>{escape(node.astext())}</code>"
