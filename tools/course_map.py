"""The course as a map on its first page: chapters as wide as they are long, with the functions in them that the reader writes."""

import posixpath
import re

from docutils import nodes

from press.book.sentences import _
from press.book.slot_boxes import titled
from press.notebooks.chapters import CHAPTERS
from press.notebooks.slots import all_slots, anchor


def draw_map(doctree, address):
    """Show the table of the chapters, which a notebook has, as a map; address(page) is a page's."""
    for table in [table for table in doctree.findall(nodes.table) if is_of_chapters(table)]:
        course, chapters = nodes.container(classes=["map"]), None
        for row in table.next_node(nodes.tbody):
            chapter, gives, minutes = row
            link = chapter.next_node(nodes.reference)
            if link:
                chapters += box_of(link, gives, minutes.astext(), address)
            else:
                chapters = nodes.bullet_list()
                course += nodes.container("", nodes.paragraph("", "", *chapter[0].children, classes=["part"]), chapters)
        table.replace_self(course)


def is_of_chapters(table):
    link = table.next_node(nodes.reference)
    return link and link.get("refuri", "").startswith("chapters/") and len(table.next_node(nodes.row)) == 3


def box_of(link, gives, minutes, address):
    """The box of a chapter, with its functions. function_list.js marks those that are written."""
    page, number = posixpath.splitext(link["refuri"])[0], re.match(r"\d+", minutes)[0]
    said = nodes.paragraph("", minutes.replace(number, _("{0} minutes").format(number), 1), classes=["minutes"], minutes=minutes)
    slots = [(slot, code) for stem, slot, code in all_slots() if page == f"chapters/{stem}"]
    functions = [function_of(slot, titled(slot, code), address(page)) for slot, code in slots]
    listed = [nodes.raw("", f"<ul>{''.join(functions)}</ul>", format="html")] * bool(functions)
    return nodes.list_item("", nodes.paragraph("", "", link), *gives.children, said, *listed, classes=[f"minutes-{number}"])


def function_of(slot, title, page):
    link = f'<a href="{page}#{anchor(slot)}">{title.replace("_", "_<wbr>")}</a>'
    return f'<li data-slot="{slot["name"]}">{link}</li>'


def widths():
    """The minutes of the boxes as a custom property of each, because the policy of a page forbids it to stand there."""
    page = CHAPTERS[0].with_suffix(".ipynb").read_text("utf-8")  # what the book is built from
    numbers = sorted(set(re.findall(r"\| (\d+)[^|\n]*\|[\\\"]", page)))
    return "".join(f".minutes-{number} {{ --minutes: {number}; }}\n" for number in numbers)
