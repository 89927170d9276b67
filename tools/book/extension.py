"""Sphinx extension of the book: formulas in MathML, sizes of images, questions, links to sources, the search.

It is loaded by _config.yml. The templates and styles are in web/theme/.
"""

import functools
import hashlib
import json
import os
import posixpath
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

from docutils import nodes
from imagesize import get as image_size
from sphinx.builders.html import StandaloneHTMLBuilder
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

from tools.book import linked_data
from tools.book.anki import cards, deck
from tools.book.asked import asked, mark_tasks, questions_file
from tools.book.mathml import mathml
from tools.book.question_boxes import has_questions, mark_questions
from tools.book.search_index import search_script, sections, terms
from tools.book.slot_boxes import list_slots, mark_slots
from tools.notebooks.chapters import ROOT, needs_torch
from tools.notebooks.slots import all_slots
from web.run.dark import with_dark_style

WEB = ROOT / "web"
# The scripts and styles of the pages, by their folder in the site
SCRIPTS = {"_static": WEB / "theme" / "static", **{folder: WEB / folder for folder in ("page", "demo", "hand", "run")}}
RUNS = bool(os.environ.get("COURSE_RUN"))  # set by `make site`, which adds the files needed to run listings
LOG = logging.getLogger(__name__)
WIDEST = 760  # pixels: a wider picture is not shrunk to a phone's screen but scrolls there


# Where the repository is


def find_repository():
    """The repository's web address on GitHub: that given by CI, or that of this checkout's origin, or None."""
    if os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{os.environ['GITHUB_REPOSITORY']}"
    try:
        origin = subprocess.run(["git", "remote", "get-url", "origin"], cwd=ROOT, capture_output=True, text=True).stdout.strip()
    except OSError:
        origin = ""
    match = re.fullmatch(r"(?:https://|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", origin)
    return f"https://github.com/{match[1]}" if match else None


def use_repository(app, config):
    """Derive every link to the repository, and the book's own address, from `find_repository`. SITE_URL names another address.

    Elsewhere than on GitHub the links are omitted, because they would be dead.
    """
    repository = find_repository()
    owner, name = (repository or config.html_theme_options["repository_url"]).rsplit("/", 2)[-2:]
    config.html_theme_options["repository_url"] = repository or ""
    site = f"{owner.lower()}.github.io"
    address = os.environ.get("SITE_URL") or f"https://{site}/" + (name if name.lower() != site else "")
    config.html_baseurl = config.html_baseurl or f"{address.rstrip('/')}/"


# The parts of a page


class Builder(StandaloneHTMLBuilder):
    """Writes the first page as index.html, not below its source's folder, and no search index, as search.js has its own."""

    search = False

    def get_target_uri(self, docname, typ=None):
        return "index.html" if docname == self.config.root_doc else super().get_target_uri(docname, typ)

    def get_outfilename(self, pagename):
        return os.path.join(self.outdir, *self.get_target_uri(pagename).split("/"))


class Folded(nodes.General, nodes.Element):
    """A <details> element, whose first child is a Summary: it works by keyboard and without scripts."""


class Summary(nodes.General, nodes.TextElement):
    pass


def number_title(app, doctree):
    """Insert a chapter's number, from its file name, before its title, and thereby into the contents and links."""
    number = re.match(r"chapters/0*([1-9]\d*)_", app.env.docname)
    title = doctree.next_node(nodes.title)
    if number and title:
        title.insert(0, [nodes.inline("", number[1], classes=["number"]), nodes.Text(" ")])


def adapt_parts(app, doctree, name):
    app.search_entries["sections"] += sections(app, doctree, name)
    app.search_entries["terms"] += terms(app, doctree, name)
    mark_questions(doctree)
    app.anki_cards += cards(app, doctree, name)
    mark_slots(doctree, RUNS)
    if runs_here(app, name):
        mark_tasks(doctree, name)
    list_slots(doctree, lambda page: app.builder.get_relative_uri(name, page))
    fold_admonitions(doctree)
    app.asked += asked(app, doctree, name)
    fold_checks(doctree)
    mark_what_can_be_dragged(doctree)
    fold_code_of_figures(doctree)
    join_punctuation(doctree)


def fold_admonitions(doctree):
    for box in [box for box in doctree.findall(nodes.admonition) if "dropdown" in box["classes"]]:
        title = Summary("", "", *box[0].children, classes=["admonition-title"])
        box.replace_self(Folded("", title, *box.children[1:], classes=["admonition", *box["classes"]], ids=box["ids"]))


def cells(doctree):
    return [cell for cell in doctree.findall(nodes.container) if "cell" in cell["classes"]]


def fold_checks(doctree):
    """Fold the cells that only assert. Their first line, "# Checked: ...", which says what is checked, becomes the summary."""
    for cell in cells(doctree):
        code = cell.next_node(nodes.literal_block)
        first = code.astext().partition("\n")[0] if code else ""
        if first.startswith("# Checked: "):
            summary = Summary("", first.removeprefix("# "))
            cell.replace_self(Folded("", summary, *cell.children, classes=["checked", *cell["classes"]]))


def mark_what_can_be_dragged(doctree):
    """Tell start.js which number the text asks the reader to drag: the one after that code which the metadata call `drag`."""
    for cell in cells(doctree):
        if before := cell.get("cell_metadata", {}).get("drag"):
            if not re.search(re.escape(before) + r"-?\.?\d", cell.next_node(nodes.literal_block).astext()):
                LOG.warning("drag: no number follows %s in the code of its cell", before, location=cell)
            cell[0].append(nodes.raw("", f'<template class="drag">{escape(before)}</template>', format="html"))


def fold_code_of_figures(doctree, shortest=5):
    """Put the code that only draws a figure below it, folded, if it has `shortest` lines or more.

    It stays open where the reader is to drag a number, and where the cell has the tag `idea`, because its code is worth reading.
    """
    for cell in cells(doctree):
        about = cell.get("cell_metadata", {})
        if "figure" not in about.get("mystnb", {}) or "drag" in about or "idea" in about.get("tags", []):
            continue
        source, code = cell[0], cell[0].next_node(nodes.literal_block)
        num_lines = len(code.astext().splitlines())
        if num_lines < shortest:
            continue
        cell["classes"].append("plot")
        place = source.index(code)
        source[place] = Folded("", Summary("", f"Code of the figure, {num_lines} lines"), code)
        cell.remove(source)
        cell.append(source)


def join_punctuation(doctree):
    """Keep the punctuation after a formula on its line: browsers allow a break between the two."""
    for formula in [*doctree.findall(nodes.math)]:
        parent, place = formula.parent, formula.parent.index(formula)
        text = "".join(after for after in parent[place + 1 : place + 2] if isinstance(after, nodes.Text))
        if marks := re.match("[.,;:!?)]+", text):
            joined = nodes.inline("", "", formula, nodes.Text(marks[0]), classes=["unbroken"])
            parent[place : place + 2] = [joined, nodes.Text(text[marks.end() :])]


def visit_folded(self, node):
    self.body.append(self.starttag(node, "details"))


def depart_folded(self, node):
    self.body.append("</details>\n")


def visit_summary(self, node):
    self.body.append(self.starttag(node, "summary", ""))


def depart_summary(self, node):
    self.body.append("</summary>\n")


class Translator(HTML5Translator):
    has_image = False

    def visit_image(self, node):
        """Write the image with its size, to avoid a layout shift; all images but a page's first are loaded lazily."""
        if node["uri"] not in self.builder.images:
            LOG.warning("%s is no image of this book", node["uri"], location=node)
            return
        width, height = image_size(Path(self.builder.srcdir, node["uri"]))
        if width <= 0:
            LOG.warning("the size of %s is unknown", node["uri"], location=node)
        if not node.get("alt", "").strip():
            LOG.warning("an image has no alternative text", location=node)
        if "width" in node:
            wanted = float(node["width"].removesuffix("px"))
            width, height = wanted, height * wanted / width
        uri = posixpath.join(self.builder.imgpath, quote(self.builder.images[node["uri"]]))
        lazy = {"loading": "lazy"} if self.has_image else {}
        self.has_image = True
        size = {"width": round(width), "height": round(height)}
        image = self.emptytag(node, "img", "\n", src=uri, alt=node.get("alt", ""), **size, **lazy)
        image = in_the_hand(image, node["uri"]) or as_animation(image, Path(self.builder.srcdir, node["uri"]))
        is_wide = width > WIDEST and "class=" not in image
        self.body.append(f'<div class="scrolls wide">{image}</div>' if is_wide else image)

    def depart_image(self, node):
        pass

    def visit_table(self, node):
        self.body.append('<div class="scrolls">')
        super().visit_table(node)

    def depart_table(self, node):
        super().depart_table(node)
        self.body.append("</div>\n")


def as_animation(image, path):
    """The image, or, if it is the strip of an animation (utils/animation.py), the image in the element for animation.js."""
    source = path.read_text("utf-8") if path.suffix == ".svg" else ""
    strip = re.search(r'<g id="animation-(\d+)-(\d+)">', source)
    if not strip:
        return image
    frames = "|".join(re.findall(r'<g id="frame: ([^"]*)">', source))
    animation = f'class="animation columns-{strip[1]}" data-columns="{strip[1]}" data-rows="{strip[2]}" data-frames="{frames}"'
    return f'<div {animation}>{image}</div><div class="animation-controls"></div>\n'


def in_the_hand(image, uri):
    """The image in the element for web/hand, if it is the stored picture images/hand-NAME.svg of one of its pictures, or None."""
    name = re.fullmatch(r".*/hand-(\w+)\.svg", uri)
    return f'<div class="hand" data-hand="{name[1]}">{image}</div><div class="hand-controls"></div>\n' if name else None


def visit_math(self, node):
    self.body.append(translated(node))
    raise nodes.SkipNode


def visit_displayed_math(self, node):
    self.body.append(self.starttag(node, "div", "", CLASS="math scrolls"))
    self.body.append(translated(node, display=True))
    if node["number"]:
        self.body.append(f'<span class="eqno">({get_node_equation_number(self, node)})</span>')
    self.body.append("</div>\n")
    raise nodes.SkipNode


def translated(node, display=False):
    try:
        return mathml(node.astext(), display)
    except ValueError as error:
        LOG.warning("formula not understood: %s in %s", error, node.astext().strip(), location=node)
        return f"<code>{escape(node.astext())}</code>"


# Variables for the templates


def page_context(app, pagename, templatename, context, doctree):
    env = app.env
    root = env.external_site_map.root
    context["parts"] = [
        (part.caption, [(str(item), env.titles[str(item)].astext()) for item in part.items]) for part in root.subtrees
    ]
    context["slots_in"] = slots_in
    context["asset"] = lambda name: f"{context['pathto'](name, resource=True)}?v={version()}"
    context["runs"] = runs_here(app, pagename) and 'class="cell_input' in context.get("body", "")
    context["edition"] = edition()
    context["base_url"] = app.config.html_baseurl
    context["base_path"] = urlsplit(app.config.html_baseurl).path
    context["is_home"] = pagename == root.docname
    if context["is_home"]:
        context["pageurl"] = app.config.html_baseurl
    if doctree is not None:
        context["asks"] = has_questions(doctree)
        context["description"] = first_sentences(doctree)
        context["linked_data"] = (
            linked_data.course(app, doctree)
            if context["is_home"]
            else linked_data.chapter(app, doctree, context["pageurl"], context["description"])
        )
        context["actions"] = actions(app, pagename, context["pathto"])


def runs_here(app, pagename):
    """Whether a page's listings can run in it: no browser has PyTorch."""
    source = Path(app.srcdir, f"{pagename}.md")
    return RUNS and not (source.exists() and needs_torch(source))


def slots_in(pagename):
    """The names of the functions that are to be written in a page of the site."""
    return [slot["name"] for stem, slot, _ in all_slots() if RUNS and pagename == f"chapters/{stem}"]


@functools.cache
def edition():
    """The version of the course. A build doesn't import utils."""
    return re.search(r'^__version__ = "(.+)"', (ROOT / "utils" / "__init__.py").read_text("utf-8"), re.MULTILINE)[1]


@functools.cache
def version():
    """The query string for the addresses of all scripts and styles: if one changes, browsers fetch all of them again."""
    return hashlib.sha256(b"".join(path.read_bytes() for folder in SCRIPTS for path in scripts(folder))).hexdigest()[:8]


def published(text):
    """A script or a style without its comments, a sixth of its bytes. A script imports others of its own edition."""
    text = re.sub(r"^ *//.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(^| +)/\*.*?\*/", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"""(["`])(\.{1,2}/[\w/${}.-]+\.js)\1""", rf"\1\2?v={version()}\1", text)


def scripts(folder):
    return [path for path in sorted(SCRIPTS[folder].iterdir()) if path.is_file()]


def addresses_of_scripts():
    """The scripts, the styles and the font that a page may ask for, as addresses from the site's root."""
    kinds = (".js", ".css", ".woff2")
    own = [(folder, path) for folder in SCRIPTS for path in scripts(folder) if path.suffix in kinds]
    return [f"{folder}/{path.name}?v={version()}" for folder, path in own if path.name != "offline-worker.js"]


def first_sentences(doctree, limit=200):
    """As many of a page's first sentences as fit into `limit` characters, for search engines and previews."""
    paragraphs = (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section))
    paragraph = next(paragraphs, None)
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    while len(text) > limit and ". " in text.rstrip("."):
        text = text.rstrip(".").rpartition(". ")[0] + "."
    return text


def actions(app, pagename, pathto):
    """The links above and below a chapter: [(text, address, kind)]."""
    repository, branch = (app.config.html_theme_options[key] for key in ("repository_url", "repository_branch"))
    source = Path(app.srcdir, pagename + ".md")
    links = []
    if app.env.doc2path(pagename).endswith(".ipynb"):
        notebook = f"{posixpath.basename(pagename)}.ipynb"
        if runs_here(app, pagename):
            lab = pathto("lite/notebooks/index.html", resource=True) + f"?path={notebook}"
            links.append(("Open as a notebook", lab, "open"))
        if repository:
            owner_and_name = "/".join(repository.rsplit("/", 2)[-2:])
            colab = f"https://colab.research.google.com/github/{owner_and_name}/blob/notebooks/{notebook}"
            binder = f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath=lab/tree/{pagename}.ipynb"
            links += [("Open in Colab", colab, "run"), ("Binder, with MXNet" if RUNS else "Run on Binder", binder, "run")]
        alone = f"notebooks/{notebook}" if RUNS else f"_sources/{pagename}.ipynb"  # `make site` writes the first
        links.append(("Notebook", pathto(alone, resource=True), "download"))
        if RUNS and any(stem == posixpath.basename(pagename) for stem, *_ in all_slots()):
            links.append(("Notebook to write in", pathto(f"notebooks/write/{notebook}", resource=True), "download"))
    if source.exists():
        links.append(("Markdown", pathto(f"_sources/{pagename}.md", resource=True), "download"))
    if repository:
        title = quote(f"{app.env.titles[pagename].astext()} ({pagename}.md)")
        links.append(("Edit", f"{repository}/edit/{branch}/{pagename}{source.suffix}", "edit"))
        links.append(("Report a problem", f"{repository}/issues/new?title={title}", "issue"))
    return links


# Files beside the pages


def write_files(app, error):
    if error or app.builder.name != "html":
        return
    out, env, base = Path(app.outdir), app.env, app.config.html_baseurl
    for figure in (out / "_images").glob("*.svg"):
        figure.write_text(with_dark_style(Path(figure).read_text("utf-8")), "utf-8")
    for name in env.found_docs:
        source = Path(app.srcdir, name + ".md")
        if source.exists() and name in env.external_site_map:
            shutil.copy(source, out / "_sources" / f"{name}.md")
    for folder in ("page", "demo", "hand", *["run"] * RUNS):
        shutil.copytree(SCRIPTS[folder], out / folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    for file in [file for folder in SCRIPTS for file in (out / folder).glob("*.*s") if file.suffix in (".js", ".css")]:
        file.write_text(published(file.read_text("utf-8")), "utf-8")
    if RUNS:
        (out / "run" / "offline-worker.js").replace(out / "offline-worker.js")  # it controls only its own folder
        (out / "scripts.json").write_text(json.dumps(addresses_of_scripts()), "utf-8")  # for web/run/offline.js
    (out / "search-index.js").write_text(search_script(app), "utf-8")
    (out / "questions-for-anki.txt").write_text(deck(app.anki_cards), "utf-8")
    (out / "questions.json").write_text(questions_file(app.asked), "utf-8")
    pages = [base, *(f"{base}{app.builder.get_target_uri(name)}" for name in sorted(env.found_docs - {app.config.root_doc}))]
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
        + "</urlset>\n",
        "utf-8",
    )


def setup(app):
    app.search_entries = {"sections": [], "terms": []}
    app.anki_cards = []
    app.asked = []
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, for an extension that this book does not use
    app.add_builder(Builder, override=True)
    app.add_html_theme("course", WEB / "theme")
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displayed_math, None))
    app.set_translator("html", Translator)
    app.add_node(Folded, html=(visit_folded, depart_folded))
    app.add_node(Summary, html=(visit_summary, depart_summary))
    app.connect("config-inited", use_repository)
    app.connect("doctree-read", number_title, priority=400)  # before Sphinx collects the titles
    app.connect("doctree-resolved", adapt_parts)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", write_files)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
