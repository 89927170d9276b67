"""Sphinx extension of this course: what its pages have besides what the press gives those of any book. It is loaded after it."""

import functools
import gzip
import json
import posixpath
import shutil
from pathlib import Path

from docutils import nodes

from press.book.files import BEFORE, RUNS
from press.book.sentences import _
from press.book.slot_boxes import slots
from press.notebooks.chapters import imported
from tools import linked_data, roles
from tools.charts import chart_style
from tools.emblem import emblem
from tools.misconceptions import list_meetings
from tools.opening import mark_landmarks, open_chapter
from tools.portable import write_notebooks
from tools.slot_help import wrong_lines
from utils import data
from utils.judges import ways

MOST_MEGABYTES = 85


def note_what_is_missing(app, doctree):
    """No browser has PyTorch, and solutions ask for no answer."""
    name = app.env.docname
    source, about = Path(app.srcdir, f"{name}.md"), app.env.metadata[name]
    about["runs"] = not (source.exists() and "torch" in imported(source))
    about["asks"] = "_solutions_" not in name


def help_with_slots(app, doctree, name):
    for cell, slot in slots(doctree):
        slot["wrong"] = wrong_lines(slot["name"], cell.next_node(nodes.literal_block).astext())


def adapt_parts(app, doctree, name):
    """Add to a page, as the press has left it."""
    if app.builder.format != "html":
        return
    address = functools.partial(app.builder.get_relative_uri, name)
    list_meetings(doctree, name, address)
    mark_landmarks(doctree)
    open_chapter(app, doctree, name)


def page_context(app, pagename, templatename, context, doctree):
    if doctree is None:
        return
    context["body"] = roles.coloured(context["body"])
    context["about"] = doctree.get("about", [])
    context["emblem"] = emblem(pagename, context["pathto"](app.config.root_doc))
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


def write_ways(app, error):
    """Write the other ways for run/ways.js."""
    if not error and RUNS and app.builder.name == "html":
        Path(app.outdir, "run", "ways.json").write_text(json.dumps(ways.as_data(), ensure_ascii=False), encoding="utf-8")


def write_data(run):
    """Fashion-MNIST, for the listings that train or test on it."""
    folder = run / "fashion-mnist"
    folder.mkdir()
    paths = []
    for name, content in data.verified_files(data.data_folder()).items():
        paths.append(folder / f"{name}.gz")
        paths[-1].write_bytes(gzip.compress(content, 6, mtime=0))
    return paths


def finish_site(app, error):
    """Write the notebooks that run alone, to which the pages lead."""
    if error or not RUNS or app.builder.name != "html":
        return
    site = Path(app.outdir)
    for notebook in (site / "_sources").rglob("*.ipynb"):
        notebook.unlink()
    shutil.rmtree(site / "notebooks", ignore_errors=True)  # of an earlier build
    (wheel,) = (site / "run" / "wheels").iterdir()
    write_notebooks(site / "notebooks", app.config.html_baseurl or None, wheel)
    keep_small(site)


def keep_small(site):
    """Print the megabytes of the site. Raises SystemExit if there are too many."""
    megabytes = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
    print(f"{'the site':12} {megabytes:7.1f} MB, at most {MOST_MEGABYTES}")
    if megabytes > MOST_MEGABYTES:
        raise SystemExit("The site is too large.")


def setup(app):
    BEFORE.update({"theme.css": chart_style() + roles.STYLE})
    app.files_of_scripts += ["run/ways.json"] * RUNS
    app.connect("doctree-read", note_what_is_missing)
    app.connect("doctree-resolved", help_with_slots, priority=400)  # before the press shows them
    app.connect("doctree-resolved", adapt_parts, priority=600)
    app.connect("html-page-context", page_context, priority=600)
    app.connect("build-finished", write_ways, priority=600)  # beside the scripts, before the list of what a page loads
    app.connect("build-finished", finish_site, priority=800)
    return {"parallel_read_safe": True, "parallel_write_safe": False}
