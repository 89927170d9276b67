"""What the templates of press/theme show in a page, besides its text."""

import json
import re
from collections import Counter
from html import escape
from pathlib import Path
from urllib.parse import quote, urlsplit

from docutils import nodes

from press.book.files import RUNS, version
from press.book.question_boxes import has_own_words, has_questions
from press.book.sentences import _, spoken
from press.book.trace_boxes import traced
from press.notebooks.slots import anchor
from press.settings import has_own_theme, told


def page_context(app, pagename, templatename, context, doctree):
    env = app.env
    context["runs"] = runs_here(app, pagename) and 'class="cell_input' in context.get("body", "")
    context["book"] = json.dumps(told(app.config), ensure_ascii=False)
    if not has_own_theme(app.config):
        if context["runs"]:
            add_scripts(context)
        return
    root = env.external_site_map.root
    context["parts"] = [(part.caption, entries([str(item) for item in part.items], env.titles)) for part in root.subtrees]
    context["slots_in"] = lambda name: env.metadata[name]["slots"] if RUNS and name in env.metadata else []
    context["anchor"] = anchor
    context["_"], context["spoken"] = _, spoken()
    context["asset"] = lambda name: f"{context['pathto'](name, resource=True)}?v={version()}"
    context["opening"] = opening(context.get("body", ""))
    context["base_url"] = app.config.html_baseurl
    context["base_path"] = urlsplit(app.config.html_baseurl).path or "/"
    context["is_home"] = pagename == root.docname
    if context["is_home"]:
        context["pageurl"] = app.config.html_baseurl
    if doctree is not None:
        context["asks"] = has_questions(doctree) or bool(traced(doctree))
        context["own_words"] = has_own_words(doctree)
        context["description"] = first_sentences(doctree)
        context["actions"] = actions(app, pagename, context["pathto"])


def entries(names, titles):
    """[(name, number, short title), ...]: of a title with a colon what stands before it, or after it where others begin alike."""
    numbered = [re.fullmatch(r"(?:(\d+) )?(.*)", titles[name].astext()).groups("") for name in names]
    begins = Counter(title.partition(":")[0] for _number, title in numbered)
    rows = []
    for name, (number, title) in zip(names, numbered):
        begin, _colon, rest = title.partition(": ")
        rows.append((name, number, rest[:1].upper() + rest[1:] if rest and begins[begin] > 1 else begin))
    return rows


def add_scripts(context):
    """Let the listings run in a page of another theme."""

    def asset(name):
        return f"{context['pathto'](name, resource=True)}?v={version()}"

    styles = "".join(f'<link rel="stylesheet" href="{asset(name)}">' for name in ("run/any.css", "run/run.css"))
    book = f'<meta name="book" content="{escape(context["book"])}">'
    script = f'<script type="module" src="{asset("run/start.js")}"></script>'
    context["metatags"] = context.get("metatags", "") + book + styles + script
    button = f'</h1>\n<p><button type="button" class="run-all">{_("Run all")}</button></p>'
    context["body"] = context["body"].replace("</h1>", button, 1)


SOURCE = r'(?:<source media="([^"]*)" srcset="([^"]*)"[^>]*>)?'
OPENING = re.compile(rf'class="[^"]*\bopening\b.*?{SOURCE}<img [^>]*?\bsrc="([^"]*)"', re.DOTALL)


def opening(body):
    """The picture that opens a page, as [(address, media), ...]: without a preload the browser asks for it after all scripts."""
    found = OPENING.search(body)
    if found is None:
        return []
    narrow, there, src = found.groups()
    return [(there, narrow), (src, f"not all and {narrow}")] if narrow else [(src, "all")]


def runs_here(app, pagename):
    """Whether a page's listings can run in it: they lack nothing, and the book has not said that they can't."""
    about = app.env.metadata.get(pagename, {})
    return RUNS and about.get("runs", True) and not about.get("lacks")


def first_sentences(doctree):
    """As many of a page's first sentences as fit into 200 characters, for search engines and previews."""
    paragraphs = (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section))
    paragraph = next(paragraphs, None)
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    while len(text) > 200 and ". " in text.rstrip("."):
        text = text.rstrip(".").rpartition(". ")[0] + "."
    return text


def actions(app, pagename, pathto):
    """The links above and below a page: [(text, address, kind)]."""
    repository, branch = (app.config.html_theme_options[key] for key in ("repository_url", "repository_branch"))
    source = Path(app.srcdir, pagename + ".md")
    links = []
    if app.env.doc2path(pagename).endswith(".ipynb"):
        links.append((_("Notebook"), pathto(f"_sources/{pagename}.ipynb", resource=True), "download"))
    if source.exists():
        links.append(("Markdown", pathto(f"_sources/{pagename}.md", resource=True), "download"))
    if repository:
        title = quote(f"{app.env.titles[pagename].astext()} ({pagename}.md)")
        links.append((_("Edit"), f"{repository}/edit/{branch}/{pagename}{source.suffix}", "edit"))
        links.append((_("Report a problem"), f"{repository}/issues/new?title={title}", "issue"))
    return links
