"""Write each chapter as a notebook that works alone: in Colab, Kaggle, VS Code, or sent by mail.

It has the code and outputs of the committed pair. Directives become HTML that every Jupyter shows, figures are embedded,
links point to the published site, and a first cell installs the course's helpers if they are missing.
"""

import base64
import html
import re

import nbformat

from tools.notebooks.chapters import CHAPTERS, FOLDER, ROOT, needs_torch, read_pair

DIRECTIVE = re.compile(r"^(`{3,})\{([\w-]+)\} *(.*)\n((?:.*\n)*?)\1 *$", re.M)
BOXES = ("admonition", "note", "tip", "warning")
CODE_OR_LINK = re.compile(r"(`+)(?:.|\n)*?\1(?!`)|\]\(([^)\s]+)\)")

INSTALL = """\
# What this notebook needs, installed where it is missing.
import importlib.util
import subprocess
import sys

if importlib.util.find_spec("utils") is None:
    print("Installing the helpers of this course from {site}")
    if importlib.util.find_spec("pip") is None:
        subprocess.run([sys.executable, "-m", "ensurepip"], stdout=subprocess.DEVNULL, check=True)
    subprocess.run([sys.executable, "-m", "pip", "install", "-q", "{wheel}"], check=True)
    importlib.invalidate_caches()"""
NEEDS_TORCH = """
if importlib.util.find_spec("torch") is None:
    from utils.backend import LeftOut
    raise LeftOut("This chapter needs PyTorch. Run %pip install torch in a cell of its own, then start again.")"""


def write_notebooks(folder, site, wheel):
    """Write every chapter into `folder`. `site` is the address of the published site, `wheel` that of its wheel of utils."""
    folder.mkdir()
    for path in CHAPTERS:
        nbformat.write(portable(path, site, wheel), folder / f"{path.stem}.ipynb")


def portable(path, site, wheel):
    """The notebook of the chapter at `path`, independent of other files."""
    pair = read_pair(path)
    setup = INSTALL.format(site=site, wheel=wheel) + (NEEDS_TORCH if needs_torch(path) else "")
    title, *others = pair.cells
    notebook = nbformat.v4.new_notebook(metadata={key: pair.metadata[key] for key in ("kernelspec", "language_info")})
    notebook.cells = [title, nbformat.v4.new_code_cell(setup, id="setup", metadata={"jupyter": {"source_hidden": True}}), *others]
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = with_links(with_boxes(cell.source, page_address(path.stem, site)), path.stem, site)
        else:
            cell.metadata = nbformat.from_dict(metadata_of(cell))
    return notebook


def metadata_of(cell):
    """The metadata that other programs understand: that a cell is folded, or that its error doesn't stop *Run All*."""
    goes_on = "raises-exception" in cell.metadata.get("tags", [])
    return {"tags": ["raises-exception"]} if goes_on else {key: cell.metadata[key] for key in cell.metadata if key == "jupyter"}


def with_boxes(text, page):
    """Markdown with its directives as HTML. Raises ValueError for an unknown directive."""

    def as_html(match):
        _, kind, title, body = match.groups()
        options, content = options_of(body)
        if kind == "figure":
            return figure(title, options, content)
        if kind not in BOXES:
            raise ValueError(f"No HTML is known for the directive {kind!r}: add it to tools/site/portable.py.")
        content = with_boxes(content, page).strip()
        title = title or kind.capitalize()
        if "dropdown" in options.get("class", ""):
            return f"<details>\n<summary>{inline(title)}</summary>\n\n{content}\n\n</details>"
        if "name" in options:  # interactive, on the site only
            title = f"[{title}]({page}#{options['name']})"
        return f"<blockquote>\n\n**{title}**\n\n{content}\n\n</blockquote>"

    return DIRECTIVE.sub(as_html, text)


def options_of(body):
    """The options at the start of a directive's body, as {name: value}, and the rest of the body."""
    options = re.match(r"(?::[\w-]+:.*\n)*", body)[0]
    return dict(re.findall(r"^:([\w-]+): *(.*)$", options, re.M)), body[len(options) :]


def figure(name, options, caption):
    picture = base64.b64encode((FOLDER / name).read_bytes()).decode()
    width = options["width"].removesuffix("px")
    alt = html.escape(options["alt"])
    return f'<img src="data:image/svg+xml;base64,{picture}" alt="{alt}" width="{width}">\n\n{caption.strip()}'


def inline(title):
    """A line of Markdown as HTML, because Jupyter does not render Markdown within <summary>."""
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(title, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", title)


def with_links(text, stem, site):
    """Markdown in which the links to headings, chapters and pages point to the site."""

    def absolute(match):
        target = match[2]
        if target is None or re.match(r"https?:", target):
            return match[0]
        file, hash_, heading = target.partition("#")
        return f"]({address_of(file, stem, site)}{hash_}{heading})"

    return CODE_OR_LINK.sub(absolute, text)


def address_of(file, stem, site):
    """The address of the page built from `file`, the target of a chapter's link. Raises ValueError if it does not exist."""
    source = (FOLDER / (file or f"{stem}.ipynb")).resolve()
    if not source.exists():
        raise ValueError(f"{stem} has a link to {file}, which does not exist.")
    return page_address(source.stem, site, source.parent.relative_to(ROOT).as_posix())


def page_address(stem, site, folder="chapters"):
    return site if stem == CHAPTERS[0].stem else f"{site}{folder}/{stem}.html"
