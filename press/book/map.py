"""The book as a map on its first page: chapters as wide as they are long, with the functions in them that the reader writes.

In the source it is a table: a link to a chapter, what it gives, and its minutes, with rows of one cell between the parts.
"""

import functools
import posixpath
import re
from pathlib import Path

from docutils import nodes

from press.book.files import BEFORE
from press.book.sentences import _
from press.notebooks.slots import anchor


def draw_map(app, doctree, name):
    """Show the table of the chapters, which a notebook has, as a map."""
    if name != app.config.root_doc or not app.config.press["chapters"]:
        return
    address = functools.partial(app.builder.get_relative_uri, name)
    for table in [table for table in doctree.findall(nodes.table) if is_of_chapters(table, app.config.press["chapters"])]:
        course, chapters = nodes.container(classes=["map"]), None
        for row in table.next_node(nodes.tbody):
            chapter, gives, minutes = row
            link = chapter.next_node(nodes.reference)
            if link:
                chapters += box_of(link, gives, minutes.astext(), app.env.metadata, address)
            else:
                chapters = nodes.bullet_list()
                course += nodes.container("", nodes.paragraph("", "", *chapter[0].children, classes=["part"]), chapters)
        table.replace_self(course)


def is_of_chapters(table, chapters):
    link = table.next_node(nodes.reference)
    return link and re.match(chapters, link.get("refuri", "")) and len(table.next_node(nodes.row)) == 3


def box_of(link, gives, minutes, metadata, address):
    """The box of a chapter, with its functions. function_list.js marks those that are written."""
    page, number, title = posixpath.splitext(link["refuri"])[0], re.match(r"\d+", minutes)[0], link.next_node(nodes.Text)
    unbroken = re.sub(r"^(\d+) ", "\\1\N{NO-BREAK SPACE}", title)  # its number stands alone in no line
    title.parent.replace(title, nodes.Text(unbroken))
    said = nodes.paragraph("", minutes.replace(number, _("{0} minutes").format(number), 1), classes=["minutes"], minutes=minutes)
    functions = [function_of(*slot, address(page)) for slot in metadata[page]["titles"].items()]
    listed = [nodes.raw("", f"<ul>{''.join(functions)}</ul>", format="html")] * bool(functions)
    return nodes.list_item("", nodes.paragraph("", "", link), *gives.children, said, *listed, classes=[f"minutes-{number}"])


def function_of(name, title, page):
    link = f'<a href="{page}#{anchor(name)}">{title.replace("_", "_<wbr>")}</a>'
    return f'<li data-slot="{name}">{link}</li>'


def note_widths(app, env, docnames):
    """Write the minutes of the boxes as a custom property of each, because the policy of a page forbids it to stand there."""
    page = Path(env.doc2path(app.config.root_doc)).read_text(encoding="utf-8")
    numbers = sorted(set(re.findall(r"\| (\d+)[^|\n]*\|(?:[\\\"]|$)", page, re.M)))
    BEFORE["home.css"] = "".join(f".minutes-{number} {{ --minutes: {number}; }}\n" for number in numbers)
