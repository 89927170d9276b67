"""What the book's pages have beyond Sphinx's own: formulas in MathML, sizes for images, links to sources, a description.

Sphinx loads this as an extension (see _config.yml). The templates and styles are in theme/.
"""

import base64
import functools
import hashlib
import io
import json
import os
import posixpath
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import numpy as np
from docutils import nodes
from imagesize import get as image_size
from mathml import mathml
from PIL import Image
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number
from sphinx.writers.html5 import HTML5Translator

THEME = Path(__file__).parent / "theme"
RUN = Path(__file__).parent / "run"
DEMO = Path(__file__).parent / "demo"
RUNS = bool(os.environ.get("COURSE_RUN"))  # set by `make site`, which brings what running in the page needs
LOG = logging.getLogger(__name__)


# Where the repository is


def find_repository(default):
    """The repository's web address: as CI names it, else where this checkout came from, else the default."""
    if os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{os.environ['GITHUB_REPOSITORY']}"
    try:
        origin = subprocess.run(["git", "remote", "get-url", "origin"], cwd=THEME, capture_output=True, text=True).stdout.strip()
    except OSError:
        origin = ""
    match = re.fullmatch(r"(?:https://|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", origin)
    return f"https://github.com/{match[1]}" if match else default


def use_repository(app, config):
    """Let every link to the repository, and the book's own address, follow from `find_repository`."""
    default = config.html_theme_options["repository_url"]
    repository = find_repository(default)
    owner, name = repository.rsplit("/", 2)[-2:]
    config.html_theme_options["repository_url"] = repository
    site = f"{owner.lower()}.github.io"
    config.html_baseurl = config.html_baseurl or (f"https://{site}/" if name.lower() == site else f"https://{site}/{name}/")
    # A link in a chapter that names the default repository (Binder, an issue) leads to this one.
    config.html_context["moved"] = ("/".join(default.rsplit("/", 2)[-2:]), f"{owner}/{name}")


def copy_demonstration(app):
    """Bring the demonstration's scripts among the book's static files."""
    shutil.copytree(
        DEMO,
        Path(app.outdir, "_static", "demo"),
        dirs_exist_ok=True,
        ignore=shutil.ignore_patterns("*.py", "about.json", "__pycache__"),
    )


# How the parts of a page are written


class Translator(HTML5Translator):
    def visit_reference(self, node):
        if "refuri" in node:
            node["refuri"] = node["refuri"].replace(*self.config.html_context["moved"])
        super().visit_reference(node)

    def visit_image(self, node):
        """With its size, so that nothing moves when it arrives; all but a page's first are loaded when they come near."""
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
        lazy = {"loading": "lazy"} if any("<img" in part for part in self.body) else {}
        size = {"width": round(width), "height": round(height)}
        image = self.emptytag(node, "img", "\n", src=uri, alt=node.get("alt", ""), **size, **lazy)
        self.body.append(as_animation(image, Path(self.builder.srcdir, node["uri"])))

    def depart_image(self, node):
        pass

    def visit_admonition(self, node, name=""):
        """A `dropdown` is the browser's own: it works by keyboard and without a script."""
        super().visit_admonition(node, name)
        if "dropdown" in node["classes"]:
            self.body[-1] = self.body[-1].replace("<div", "<details", 1)

    def depart_admonition(self, node=None):
        self.body.append("</details>\n" if node and "dropdown" in node["classes"] else "</div>\n")

    def visit_title(self, node):
        super().visit_title(node)
        if isinstance(node.parent, nodes.Admonition) and "dropdown" in node.parent["classes"]:
            self.body[-1] = self.body[-1].replace("<p", "<summary", 1)
            self.context[-1] = "</summary>\n"

    def visit_table(self, node):
        self.body.append('<div class="scrolls">')
        super().visit_table(node)

    def depart_table(self, node):
        super().depart_table(node)
        self.body.append("</div>\n")


def as_animation(image, path):
    """An image in the frame that animation.js looks for, if it is the strip of an animation (utils/animation.py)."""
    source = path.read_text() if path.suffix == ".svg" else ""
    strip = re.search(r'<g id="animation-(\d+)-(\d+)">', source)
    if not strip:
        return image
    frames = "|".join(re.findall(r'<g id="frame: ([^"]*)">', source))
    animation = f'class="animation columns-{strip[1]}" data-columns="{strip[1]}" data-rows="{strip[2]}" data-frames="{frames}"'
    return f'<div {animation}>{image}</div><div class="animation-controls"></div>\n'


def fold_checks(app, doctree, name):
    """A cell that only asserts says in its first line, "# Checked: ...", what it checks; the rest is folded below that."""
    for cell in [node for node in doctree.findall(nodes.container) if "cell" in node["classes"]]:
        code = cell.next_node(nodes.literal_block)
        first = code.astext().partition("\n")[0] if code else ""
        if first.startswith("# Checked: "):
            classes = " ".join(["checked", *cell["classes"]])
            opening = f'<details class="{classes}">\n<summary>{escape(first.removeprefix("# "))}</summary>\n'
            end = nodes.raw("", "</details>\n", format="html")
            place = cell.parent.index(cell)
            cell.parent[place : place + 1] = [nodes.raw("", opening, format="html"), *cell.children, end]


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


# What the templates need to know about a page


def page_context(app, pagename, templatename, context, doctree):
    builder, env = app.builder, app.env
    root = env.external_site_map.root
    context["parts"] = [
        (part.caption, [(str(item), env.titles[str(item)].astext()) for item in part.items]) for part in root.subtrees
    ]

    def asset(name):
        return context["pathto"](f"_static/{name}", resource=True) + f"?v={digest(builder.outdir / '_static' / name)}"

    context["asset"] = asset
    context["runs"] = runs_here(app, pagename) and 'class="cell_input' in context.get("body", "")
    context["run"] = lambda name: context["pathto"](f"run/{name}", resource=True) + f"?v={run_version()}"
    context["base_url"] = app.config.html_baseurl
    context["base_path"] = urlsplit(app.config.html_baseurl).path
    context["is_home"] = pagename == root.docname
    if context["is_home"]:
        context["pageurl"] = app.config.html_baseurl
    if doctree is not None:
        context["description"] = first_sentences(doctree)
        context["actions"] = actions(app, pagename, context["pathto"])


def runs_here(app, pagename):
    """Whether a page's listings can run in it: no browser has PyTorch."""
    source = Path(app.srcdir, f"{pagename}.md")
    return RUNS and not (source.exists() and "\nimport torch\n" in source.read_text())


def digest(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()[:8] if path.exists() else ""


@functools.cache
def run_version():
    parts = [path.read_bytes() for path in sorted(RUN.iterdir())]
    return hashlib.sha256(b"".join([*parts, dark_style().encode()])).hexdigest()[:8]


def first_sentences(doctree, limit=200):
    """As many of a page's first sentences as fit, for search engines and previews."""
    paragraphs = (node for node in doctree.findall(nodes.paragraph) if isinstance(node.parent, nodes.section))
    paragraph = next(paragraphs, None)
    text = " ".join(paragraph.astext().split()) if paragraph else ""
    while len(text) > limit and ". " in text.rstrip("."):
        text = text.rstrip(".").rpartition(". ")[0] + "."
    return text


def actions(app, pagename, pathto):
    """The links that a chapter offers: [(text, address, kind)]."""
    repository, branch = (app.config.html_theme_options[key] for key in ("repository_url", "repository_branch"))
    source = Path(app.srcdir, pagename + ".md")
    links = []
    if app.env.doc2path(pagename).endswith(".ipynb"):
        owner_and_name = "/".join(repository.rsplit("/", 2)[-2:])
        binder = f"https://mybinder.org/v2/gh/{owner_and_name}/{branch}?urlpath=lab/tree/{pagename}.ipynb"
        if runs_here(app, pagename):
            lab = pathto("lite/notebooks/index.html", resource=True) + f"?path={posixpath.basename(pagename)}.ipynb"
            links.append(("Open as a notebook", lab, "open"))
        links += [
            ("Binder, with MXNet" if RUNS else "Run on Binder", binder, "run"),
            ("Notebook", pathto(f"_sources/{pagename}.ipynb", resource=True), "download"),
        ]
    if source.exists():
        links.append(("Markdown", pathto(f"_sources/{pagename}.md", resource=True), "download"))
    title = quote(f"{app.env.titles[pagename].astext()} ({pagename}.md)")
    links.append(("Edit", f"{repository}/edit/{branch}/{pagename}{source.suffix}", "edit"))
    links.append(("Report a problem", f"{repository}/issues/new?title={title}", "issue"))
    return links


# Figures in the dark

PAGE, INK = "#15181d", "#e2e6ea"  # --page and --text of theme.css
IN_THE_DARK = {  # a colour of the figures, and what takes its place
    "#000000": INK,
    "#dddddd": "#38404a",
    "#0072b2": "#56b4e9",
    "#d55e00": "#ff8a3d",
    "#b34700": "#ff8a3d",
    "#007a5a": "#2fbf97",
    "#00694d": "#2fbf97",
    "#a6458a": "#dd8fc9",
    "#5c5c5c": "#a9b2bc",
    "#444444": "#a9b2bc",
    "#8a8a8a": "#8a949f",
}


def dark_style():
    """Rules for an SVG file that is shown as an image, where the page around it is dark.

    A figure keeps the white ground that it is stored with elsewhere; what is a raster, such as a photograph, stays as it is.
    """
    rules = [f"svg{{fill:{INK}}}", f'[id^="patch_"]>[style*="fill: #ffffff"],[fill="#fff"]{{fill:{PAGE}!important}}']
    rules.append(f'[style*="stroke: #ffffff"]{{stroke:{PAGE}!important}}')
    for light, dark in IN_THE_DARK.items():
        for part in ("fill", "stroke"):
            rules.append(f'[style*="{part}: {light}"],[{part}="{light}"]{{{part}:{dark}!important}}')
    return f"<style>@media (prefers-color-scheme:dark){{{''.join(rules)}}}</style>"


def hundredths(number):
    return f"{float(number[0]):.2f}"


def lighter_path(path):
    """A path's `d` with each place told from the one before, to a hundredth of a point: what is drawn again is the same text."""
    if re.search(r"[^MLQCz\d\s.-]", path[1]):
        return path[0]
    steps, here, start = [], [0, 0], [0, 0]
    for command, numbers in re.findall(r"([MLQCz])([^MLQCz]*)", path[1]):
        places = [round(100 * float(number)) for number in numbers.split()]
        steps.append(command.lower() + " ".join(f"{(place - here[i % 2]) / 100:g}" for i, place in enumerate(places)))
        here = places[-2:] or start
        start = here if command == "M" else start
    return f' d="{"".join(steps)}"'


def lighter_raster(embedded):
    """A picture in an SVG, of at most 256 colours, with a palette of them: the same pixels at a third of the bytes."""
    pixels = np.asarray(Image.open(io.BytesIO(base64.b64decode(embedded[2]))).convert("RGBA"))
    colours, places = np.unique(pixels.reshape(-1, 4), axis=0, return_inverse=True)
    if len(colours) > 256 or colours[:, 3].min() < 255:
        return embedded[0]
    picture = Image.fromarray(places.reshape(pixels.shape[:2]).astype("uint8"), "P")
    picture.putpalette(colours[:, :3].tobytes())
    file = io.BytesIO()
    picture.save(file, "png", optimize=True)
    return embedded[1] + base64.b64encode(file.getvalue()).decode()


def adapt_figures(folder):
    """Let the figures follow the theme, as an SVG in an image has the colour scheme of the page that shows it; and make them
    lighter: a line is as good to a hundredth of a point as to a millionth.
    """
    for path in folder.glob("*.svg"):
        text = path.read_text()
        if dark_style() not in text:
            text = re.sub(r"\n *(?=<)|<!--.*?-->|<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
            text = re.sub(r' d="([^"]*)"', lighter_path, text)
            text = re.sub(r'\b[xy]="[^"]*"', lambda places: re.sub(r"-?\d+\.\d{3,}", hundredths, places[0]), text)
            text = re.sub(r"(data:image/png;base64,)([^\"]+)", lighter_raster, text)
            path.write_text(re.sub(r"<svg[^>]*>", lambda tag: tag[0] + dark_style(), text, count=1))


# Files beside the pages


def write_files(app, error):
    if error or app.builder.name != "html":
        return
    out, env, base = Path(app.outdir), app.env, app.config.html_baseurl
    adapt_figures(out / "_images")
    for name in env.found_docs:
        source = Path(app.srcdir, name + ".md")
        if source.exists() and name in env.external_site_map:
            shutil.copy(source, out / "_sources" / f"{name}.md")
    if RUNS:
        shutil.copytree(RUN, out / "run", dirs_exist_ok=True)
        (out / "run" / "dark.js").write_text(f"export const DARK = {json.dumps(dark_style())};\n")
        (out / "run" / "offline-worker.js").replace(out / "offline-worker.js")  # it answers for what is in and below its folder
    root = env.external_site_map.root.docname
    home = (out / f"{root}.html").read_text()
    (out / "index.html").write_text(moved_up(home, posixpath.dirname(root)))
    pages = [base, *(f"{base}{name}.html" for name in sorted(env.found_docs - {root}))]
    (out / "sitemap.xml").write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
        + "</urlset>\n"
    )


def moved_up(page, folder):
    """A page as it must be to work outside its folder."""

    def moved(match):
        attribute, address = match.groups()
        return f'{attribute}="{posixpath.relpath(posixpath.join(folder, address))}{"/" * address.endswith("/")}"'

    return re.sub(r'\b(href|src|action|data-content_root)="(?![#/]|[a-z]+:)([^"]+)"', moved, page)


def setup(app):
    app.add_config_value("comments_config", {}, "")  # Jupyter Book sets it, for an extension that this book leaves out
    app.add_html_theme("course", THEME)
    app.add_html_math_renderer("mathml", (visit_math, None), (visit_displayed_math, None))
    for builder in ("html", "singlehtml"):
        app.set_translator(builder, Translator)
    app.connect("config-inited", use_repository)
    app.connect("builder-inited", copy_demonstration)
    app.connect("doctree-resolved", fold_checks)
    app.connect("html-page-context", page_context)
    app.connect("build-finished", write_files, priority=400)  # before others put a redirection in the place of index.html
    return {"parallel_read_safe": True, "parallel_write_safe": True}
