"""Slots in a page: the empty function stands before the book's, each below a bar with its name, and its help is data for
run/slots.js. One that is there to read shows the book's until the reader wants to write it.

Without scripts, on paper and in the search only the book's function is there (run.css).
"""

import json
from html import escape

from docutils import nodes

from press.book.sentences import _
from press.notebooks.slots import anchor, defined, empty


def slots(doctree):
    """The slots of a page: [(cell, what its metadata say of it), ...]."""
    cells = [(cell, cell.get("cell_metadata", {}).get("slot")) for cell in doctree.findall(nodes.container)]
    return [(cell, slot) for cell, slot in cells if slot]


def note_slots(app, doctree):
    """Keep the names of a page's slots, which the contents of all pages count, and their titles, which the map shows."""
    titles = {slot["name"]: titled(slot, cell.next_node(nodes.literal_block).astext()) for cell, slot in slots(doctree)}
    app.env.metadata[app.env.docname].update(slots=[*titles], titles=titles)


def mark_slots(doctree, runs):
    """Give each cell that is a slot its id and, in a page whose listings run, its empty function and its help."""
    for cell, slot in slots(doctree):
        cell["ids"].append(anchor(slot["name"]))
        if runs:
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
    """The help of a slot as data in HTML. Lines that don't belong to it are in `wrong`, if the book has put some there."""
    data = json.dumps({**slot, "wrong": slot.get("wrong", []), "function": defined(source)})
    return f'<template class="slot-data">{escape(data)}</template>'
