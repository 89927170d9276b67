"""Sphinx extension of the book: what is done to a page, and in what order.

`setup` in press/__init__.py loads it. The templates and styles are in press/theme/.
"""

import os
import re
from xml.sax.saxutils import escape

from docutils import nodes
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging

from press.book import folding
from press.book.anki import cards
from press.book.asked import asked, mark_tasks
from press.book.drawn_boxes import add_draws, check_draws, take_draws
from press.book.files import PRESS, RUNS, add_own_scripts, write_files
from press.book.formulas import join_punctuation, visit_displayed_math, visit_math
from press.book.images import Translator
from press.book.map import draw_map, note_widths
from press.book.question_boxes import check_questions, name_questions
from press.book.repository import use_repository
from press.book.search_index import sections, terms
from press.book.slot_boxes import mark_slots, note_slots
from press.book.sources import note_source, say_what_lacks
from press.book.templates import page_context, runs_here
from press.book.term_links import add_letters, link_terms
from press.book.trace_boxes import show_tables
from press.book.translation import keep_anchors, mark_languages, use_language
from press.settings import has_own_theme, use_settings
from press.site.build import add_python
from press.site.packages import use_packages

LOG = logging.getLogger(__name__)


class Builder(StandaloneHTMLBuilder):
    """Writes the first page as index.html, not below its source's folder, and no search index, as search.js has its own."""

    search = False

    def get_target_uri(self, docname, typ=None):
        return "index.html" if docname == self.config.root_doc else super().get_target_uri(docname, typ)

    def get_outfilename(self, pagename):
        return os.path.join(self.outdir, *self.get_target_uri(pagename).split("/"))


def number_title(app, doctree):
    """Insert a chapter's number, from its file name, before its title, and thereby into the contents and links.

    What comes after a colon stands on one line.
    """
    chapter, title = re.match(app.config.press["chapters"], app.env.docname), doctree.next_node(nodes.title)
    number = chapter and "".join(filter(None, chapter.groups()))
    if number and title:
        begin, colon, rest = title[-1].astext().partition(": ")
        if colon and isinstance(title[-1], nodes.Text):
            title[-1:] = [nodes.Text(begin + colon), nodes.inline("", rest, classes=["rest"])]
        title.insert(0, [nodes.inline("", number, classes=["number"]), nodes.Text(" ")])


def adapt_parts(app, doctree, name):
    """Change a page for the book. Each step finds the page as those before it have left it, so their order matters."""
    if app.builder.format != "html":  # `make messages` and `make links` read the source
        return
    folding.fold_what_tags_hide(doctree)
    say_what_lacks(app, doctree, name)
    asks = RUNS and bool(app.config.press["package"])  # for functions to write, which the package judges
    if not has_own_theme(app.config):
        mark_slots(doctree, asks)
        mark_what_can_be_dragged(doctree)
        return
    take_draws(doctree)
    # The search reads what the author wrote, without the functions to write.
    app.search_entries["sections"] += sections(app, doctree, name)
    app.search_entries["terms"] += terms(app, doctree, name)
    # An answer is a box until it is folded.
    check_questions(doctree)
    check_draws(doctree)
    app.anki_cards += cards(app, doctree, name)
    folding.fold_admonitions(doctree)
    name_questions(doctree)
    # What a browser keeps of a question begins with the words of the page as it is written, answers folded.
    app.asked += asked(app, doctree, name)
    # The others leave one another's parts alone.
    add_draws(doctree)
    mark_slots(doctree, asks)
    if runs_here(app, name):
        mark_tasks(app, doctree, name)
    show_tables(doctree)
    folding.fold_checks(doctree)
    mark_what_can_be_dragged(doctree)
    mark_languages(app, doctree)
    folding.mark_lines(doctree)
    folding.fold_what_sets_up_or_draws(doctree)
    link_terms(app, doctree, name)
    add_letters(doctree)
    join_punctuation(doctree)
    draw_map(app, doctree, name)


def mark_what_can_be_dragged(doctree):
    """Tell start.js which number the text asks the reader to drag: the one after that code which the metadata call `drag`."""
    for cell in folding.cells(doctree):
        if before := cell.get("cell_metadata", {}).get("drag"):
            if not re.search(re.escape(before) + r"-?\.?\d", cell.next_node(nodes.literal_block).astext()):
                LOG.warning("drag: no number follows %s in the code of its cell", before, location=cell)
            cell[0].append(nodes.raw("", f'<template class="drag">{escape(before)}</template>', format="html"))


def use_theme(app, config):
    """What the theme of the press needs of Sphinx."""
    app.add_html_theme("press", PRESS / "theme")
    if has_own_theme(config):
        app.add_builder(Builder, override=True)
        app.set_translator("html", Translator)
        # Here, because Sphinx takes one that there is beside its own for that of the book.
        app.add_html_math_renderer("mathml", (visit_math, None), (visit_displayed_math, None))


def setup(app):
    app.search_entries = {"sections": [], "terms": []}
    app.anki_cards = []
    app.asked = []
    app.files_of_scripts = ["questions.json"]  # what scripts ask for, besides other scripts
    app.add_config_value("press", {}, "env")
    if "comments_config" not in app.config:
        app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, for an extension that a book may leave out
    app.add_node(folding.Folded, html=(folding.visit_folded, folding.depart_folded))
    app.add_node(folding.Summary, html=(folding.visit_summary, folding.depart_summary))
    app.connect("config-inited", use_settings)
    app.connect("config-inited", use_packages)
    app.connect("config-inited", use_theme)
    app.connect("config-inited", add_own_scripts)
    app.connect("config-inited", use_repository)
    app.connect("config-inited", use_language)
    app.connect("env-before-read-docs", note_widths)
    app.connect("doctree-read", number_title, priority=400)  # before Sphinx collects the titles
    app.connect("doctree-read", note_slots)
    app.connect("doctree-read", note_source)
    app.connect("doctree-read", keep_anchors)
    app.connect("doctree-resolved", adapt_parts)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", write_files)
    app.connect("build-finished", add_python, priority=700)
    return {"parallel_read_safe": True, "parallel_write_safe": False, "env_version": 1}  # of what is noted of a page
