"""Slots in a page: the empty function stands before the book's, each below a bar with its name, and its help is data for
run/slots.js. One that is there to read shows the book's until the reader wants to write it.

Without scripts, on paper and in the search only the book's function is there (run.css).
"""

import itertools
import json
from html import escape

from docutils import nodes

from press.book.sentences import _
from press.notebooks.slots import anchor, defined, empty
from utils.judges.mistakes import edited
from utils.judges.slots import SLOTS


def mark_slots(doctree, runs):
    """Give each cell that is a slot its id and, in a page whose listings run, its empty function and its help."""
    for cell in [*doctree.findall(nodes.container)]:
        slot = cell.get("cell_metadata", {}).get("slot")
        if slot:
            cell["ids"].append(anchor(slot))
        if slot and runs:
            book = cell.next_node(nodes.literal_block)
            code = empty(book.astext())
            mine = nodes.literal_block(code, code, language=book["language"], classes=["mine"])
            book["classes"].append("book")
            name, place = titled(slot, book.astext()), book.parent.index(book)
            book.parent[place:place] = [bar(name), mine, bar(_("The book's {0}").format(name), "of-book")]
            cell["classes"] += ["slot", "read"] if slot.get("read") else ["slot"]
            book.parent.append(nodes.raw("", help_of(slot, book.astext()), format="html"))


def titled(slot, source):
    """The name of a slot in HTML: what it defines, and more, such as " by hand", where two define the same."""
    name = defined(source)
    return f"<code>{name}</code>{slot['name'].removeprefix(name)}"


def bar(title, kind=""):
    return nodes.raw("", f'<p class="slot-bar {kind}"><span>{title}</span></p>', format="html")


def help_of(slot, source):
    """The help of a slot as data in HTML."""
    data = json.dumps({**slot, "wrong": wrong_lines(slot["name"], source), "function": defined(source)})
    return f'<template class="slot-data">{escape(data)}</template>'


def wrong_lines(name, source):
    """Three lines that don't belong to the function `source`: what the first mistakes of its judge's table put into it."""
    changed = (changed_line(source, mistake.edits) for mistake in SLOTS[name].mistakes.values())
    return [*itertools.islice(filter(None, changed), 3)]


def changed_line(source, edits):
    """The first line that the edits of a mistake put into `source`, or None if they only take lines away."""
    lines = source.splitlines()
    return next((line for line in edited(source, *edits).splitlines() if line not in lines), None)
