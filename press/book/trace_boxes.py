"""Tables to be filled in before some code runs: what does a name hold after a line?

A cell with `trace` in its metadata asks a function of the book's, which runs the code and says what is right. It has three dots
for each answer:

    trace("the name of the question", lambda: top_speed(2, 0), [
        ("return length", "length", ...),
    ])

A notebook shows this cell. A page shows the table in its place, whose answers run/table.js puts where the dots are.
"""

import ast
from html import escape

from docutils import nodes
from sphinx.util import logging

from press.book.sentences import _

LOG = logging.getLogger(__name__)


def traced(doctree):
    return [cell for cell in doctree.findall(nodes.container) if cell.get("cell_metadata", {}).get("trace")]


def show_tables(doctree):
    """Put a table in the place of the code of each cell that asks for one."""
    for cell in traced(doctree):
        code = cell.next_node(nodes.literal_block)
        try:
            call, places = asked_in(code.astext())
        except ValueError as fault:
            LOG.warning("trace: %s", fault, location=cell)
            continue
        cell["classes"].append("traced")
        code.parent.insert(0, nodes.raw("", table(call, places), format="html"))


def asked_in(code):
    """The code that is to run, and the places: [(the beginning of a line, an expression), ...]. Raises ValueError otherwise."""
    call = getattr(ast.parse(code).body[-1], "value", None)
    if not isinstance(call, ast.Call) or len(call.args) != 3 or not isinstance(call.args[1], ast.Lambda):
        raise ValueError('the cell must end with trace("name", lambda: what is to run, [(line, expression, ...), ...])')
    places = [ast.literal_eval(place) for place in call.args[2].elts]
    if code.count("...") != len(places) or not all(len(place) == 3 and place[2] is ... for place in places):
        raise ValueError("each place must be (line, expression, ...), with no other dots in the cell")
    return ast.unparse(call.args[1].body), [place[:2] for place in places]


def table(call, places):
    head = "".join(f"<th>{words}</th>" for words in (_("after the line"), _("what is"), _("your answer")))
    title = _("Trace it. This runs: {0}").format(f"<code>{escape(call)}</code>")
    rows = "".join(row(*place) for place in places)
    return f'<div class="trace"><p>{title}</p><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'


def row(line, expression):
    place = f"<code>{escape(line)}</code>&nbsp;…" if line else _("at the end")
    label = _("{0} after the line {1}").format(expression, line) if line else _("{0} at the end").format(expression)
    field = f'<input autocomplete="off" autocapitalize="off" spellcheck="false" aria-label="{escape(label)}">'
    return f"<tr><td>{place}</td><td><code>{escape(expression)}</code></td><td>{field}</td></tr>"
