"""The letters above a long glossary, and its terms in the text of chapters.

Where a page first uses one that another page teaches, it is a link to its meaning, which page/terms.js shows where it is
pointed at.
"""

import functools
import re
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx import addnodes

from press.book.sentences import _

INLINE = (nodes.TextElement, nodes.list_item, nodes.bullet_list, nodes.enumerated_list)
LONG = 20  # terms, from which on a glossary has letters
APART = (nodes.literal, nodes.reference, nodes.math, nodes.raw, nodes.title, nodes.literal_block)


def add_letters(doctree):
    """A row of the letters with which terms begin, each a link to its first term."""
    for glossary in list(doctree.findall(addnodes.glossary)):
        places, terms = {}, list(glossary.findall(nodes.term))
        for term in terms:
            places.setdefault(term.astext()[0].upper(), term["ids"][0])
        if len(terms) >= LONG:
            links = "\n".join(f'<a href="#{place}">{escape(letter)}</a>' for letter, place in places.items())
            row = f'<nav class="letters" aria-label="{escape(_("Terms by letter"))}">{links}</nav>'
            glossary.parent.insert(glossary.parent.index(glossary), nodes.raw("", row, format="html"))


def link_terms(app, doctree, name):
    glossary, everyday = app.config.press["glossary"], app.config.press["everyday"].split()
    if not re.match(app.config.press["chapters"], name) or glossary not in app.env.found_docs:
        return
    terms = taught(app.env, glossary).items()
    places = {term: place for term, (place, pages) in terms if term not in everyday and name not in pages}
    any_term = "|".join(sorted(map(re.escape, places), key=len, reverse=True))
    pattern = re.compile(rf"\b({any_term})(?:s|es)?\b(?!-)", re.IGNORECASE)
    address = app.builder.get_relative_uri(name, glossary)
    for text in list(doctree.findall(is_prose)):
        if pattern.search(text):
            text.parent.replace(text, linked(text.astext(), pattern, places, address))


def is_prose(node):
    """Whether a node is text of a paragraph, or of a list, that stands in a section by itself."""
    above = node.parent
    while isinstance(node, nodes.Text) and isinstance(above, INLINE) and not isinstance(above, APART):
        above = above.parent
    return isinstance(node, nodes.Text) and isinstance(above, nodes.section)


def linked(text, pattern, places, address):
    """The text in parts, each term a link. Each is taken out of `places`, so that it is a link only once."""
    parts, end = [], 0
    for found in pattern.finditer(text):
        if place := places.pop(found[1].lower(), None):
            link = nodes.reference("", found[0], internal=True, refuri=f"{address}#{place}", classes=["term"])
            parts += [nodes.Text(text[end : found.start()]), link]
            end = found.end()
    return [*parts, nodes.Text(text[end:])]


@functools.cache
def taught(env, glossary):
    """{term: (its place in the glossary, the pages that teach it)}, with small letters."""
    terms = {}
    for entry in env.get_doctree(glossary).findall(nodes.definition_list_item):
        pages = {link["reftarget"] for link in entry[-1].findall(addnodes.pending_xref)}
        terms |= {term.astext().lower(): (term["ids"][0], pages) for term in entry.findall(nodes.term)}
    return terms
