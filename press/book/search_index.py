"""The index for the search (theme/static/search.js): the text of each section, what it teaches, and each term of the glossary."""

import json
import posixpath
import re

from docutils import nodes
from sphinx import addnodes

from press.book.mathml import plain
from press.notebooks.slots import defined

LEFT_OUT = (nodes.literal_block, nodes.section, addnodes.desc, addnodes.glossary, nodes.title, nodes.raw, nodes.comment)
IMPORT = re.compile(r"^(?:from|import) [^(\n]*(?:\([^)]*\))?.*\n?", re.MULTILINE)


def sections(app, doctree, name):
    """[[page, anchor, title, text, code, functions to write there], ...] of a page's sections; the first has no anchor.

    A line of a text is a paragraph or a part of one. The terms of a glossary and the functions of the page on the helpers are
    sections, too.
    """
    rows = []
    for section in doctree.findall(nodes.section):
        anchor = section["ids"][0] if isinstance(section.parent, nodes.section) else ""
        parts = [part for part in section.children if not isinstance(part, nodes.section)]
        code = [IMPORT.sub("", block.astext()) for part in parts for block in part.findall(is_code)]
        slots = [cell.next_node(is_code).astext() for part in parts for cell in part.findall(is_slot)]
        texts = [lines(map(text_of, parts)), lines(code), one_line(map(defined, slots))]
        rows.append([app.builder.get_target_uri(name), anchor, section[0].astext(), *texts])
    for described in doctree.findall(addnodes.desc):  # a function of the page on the helpers
        anchor = (described[0]["ids"] or [""])[0]
        text = lines(map(text_of, described.children))
        rows.append([app.builder.get_target_uri(name), anchor, described[0].next_node(addnodes.desc_name).astext(), text, "", ""])
    for term in (term for glossary in doctree.findall(addnodes.glossary) for term in glossary.findall(nodes.term)):
        text = lines([text_of(term.parent[-1])])
        rows.append([app.builder.get_target_uri(name), term["ids"][0], term.astext(), text, "", ""])
    return rows


def lines(texts):
    return "\n".join(" ".join(line.split()) for text in texts for line in text.splitlines() if line.strip())


def one_line(texts):
    return " ".join(" ".join(texts).split())


def is_code(node):
    return isinstance(node, nodes.literal_block) and not is_output(node)


def is_slot(node):
    return "slot" in getattr(node, "attributes", {}).get("cell_metadata", {})


def is_output(node):
    return node is not None and ("cell_output" in node.get("classes", []) or is_output(node.parent))


def text_of(node):
    """The prose below a node: without code, outputs and parts that have a title of their own, formulas in plain letters."""
    if isinstance(node, (nodes.Text, addnodes.desc_parameterlist)):
        return node.astext().replace("\n", " ")
    if isinstance(node, (nodes.math, nodes.math_block)):
        return plain(node.astext())
    if isinstance(node, LEFT_OUT) or is_output(node):
        return ""
    between = (
        "" if isinstance(node, (nodes.TextElement, addnodes.desc_signature)) else " " if isinstance(node, nodes.row) else "\n"
    )
    return between.join(map(text_of, node.children))


def terms(app, doctree, name):
    """[[word, its sentences, the page that teaches it], ...] of a glossary."""
    rows = []
    for entry in doctree.findall(nodes.definition_list_item):
        link = entry[-1].next_node(nodes.reference)
        if isinstance(entry.parent.parent, addnodes.glossary) and link and "refuri" in link:  # a dead link has none
            sentences = one_line([text_of(entry[-1])]).rpartition(" See ")[0]
            page = posixpath.normpath(posixpath.join(posixpath.dirname(name), link["refuri"].partition("#")[0]))
            rows += [[term.astext(), sentences, page] for term in entry.findall(nodes.term)]
    return rows


def search_script(app):
    """A script that sets `searchEntries`. It is not JSON, so that a book opened from a folder can be searched too."""
    return f"const searchEntries = {json.dumps(app.search_entries, ensure_ascii=False, separators=(',', ':'))};\n"
