"""Sphinx extension of this course: what its pages have besides what the press gives those of any book. It is loaded after it."""

import functools
import posixpath
from pathlib import Path

from docutils import nodes

from press.book.files import BEFORE, RUNS
from press.book.sentences import _
from press.book.slot_boxes import slots
from press.notebooks.chapters import needs_torch
from tools import linked_data
from tools.cards import deal_cards, first_picture, write_small_pictures
from tools.charts import chart_style
from tools.meetings import list_meetings
from tools.network_map import draw_network
from tools.opening import open_chapter
from tools.slot_help import wrong_lines


def note_what_is_missing(app, doctree):
    """No browser has PyTorch, and solutions ask for no answer."""
    name = app.env.docname
    source, about = Path(app.srcdir, f"{name}.md"), app.env.metadata[name]
    about["runs"] = not (source.exists() and needs_torch(source))
    about["asks"] = "_solutions_" not in name


def help_with_slots(app, doctree, name):
    for cell, slot in slots(doctree):
        slot["wrong"] = wrong_lines(slot["name"], cell.next_node(nodes.literal_block).astext())


def adapt_parts(app, doctree, name):
    """Add to a page, as the press has left it."""
    if app.builder.format != "html":
        return
    address = functools.partial(app.builder.get_relative_uri, name)
    draw_network(doctree, address)
    list_meetings(doctree, name, address)
    deal_cards(doctree)
    open_chapter(doctree, name)
    app.pictures[name] = first_picture(doctree)


def page_context(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    is_home, description = context["is_home"], context["description"]
    course, chapter = linked_data.course, linked_data.chapter
    context["linked_data"] = course(app, doctree) if is_home else chapter(app, doctree, pagename, description)
    if app.env.doc2path(pagename).endswith(".ipynb"):
        _alone, *others = context["actions"]  # the first is the notebook as it is committed
        context["actions"] = [*elsewhere(app, pagename), *notebooks(app, pagename, context["pathto"]), *others]


def elsewhere(app, pagename):
    """The links to where a chapter can be run besides: [(text, address, kind)]."""
    repository, branch = (app.config.html_theme_options[key] for key in ("repository_url", "repository_branch"))
    if not repository:
        return []
    owner_and_name, notebook = "/".join(repository.rsplit("/", 2)[-2:]), f"{posixpath.basename(pagename)}.ipynb"
    colab = f"https://colab.research.google.com/github/{owner_and_name}/blob/notebooks/{notebook}"
    binder = f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath=lab/tree/{pagename}.ipynb"
    return [(_("Open in Colab"), colab, "run"), (_("Binder, with MXNet") if RUNS else _("Run on Binder"), binder, "run")]


def notebooks(app, pagename, pathto):
    """The links to a chapter's notebooks: [(text, address, kind)]."""
    notebook = f"{posixpath.basename(pagename)}.ipynb"
    alone = f"notebooks/{notebook}" if RUNS else f"_sources/{pagename}.ipynb"  # `make site` writes the first
    links = [(_("Notebook"), pathto(alone, resource=True), "download")]
    if RUNS and app.env.metadata[pagename]["slots"]:
        links.append((_("Notebook to write in"), pathto(f"notebooks/write/{notebook}", resource=True), "download"))
    return links


def write_files(app, error):
    if error or app.builder.name != "html":
        return
    write_small_pictures(app)
    if RUNS:
        for notebook in Path(app.outdir, "_sources").rglob("*.ipynb"):  # a page leads to the one in `notebooks`, which runs alone
            notebook.unlink()


def setup(app):
    app.pictures = {}
    BEFORE["hand.css"] = chart_style()
    app.files_of_scripts += ["run/ways.json"] * RUNS
    app.connect("doctree-read", note_what_is_missing)
    app.connect("doctree-resolved", help_with_slots, priority=400)  # before the press shows them
    app.connect("doctree-resolved", adapt_parts, priority=600)
    app.connect("html-page-context", page_context, priority=600)
    app.connect("build-finished", write_files, priority=400)  # before the press gives all figures their looks
    return {"parallel_read_safe": True, "parallel_write_safe": False}
