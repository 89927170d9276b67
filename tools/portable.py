"""Write each chapter as a notebook that works alone: in Colab, Kaggle, VS Code, or sent by mail.

It has the code and outputs of the committed pair. Directives become HTML that every Jupyter shows, figures are embedded,
links point to the published site, and a first cell holds the course's helpers and installs what else is missing.
"""

import base64
import html
import json
import re
import tomllib
from string import Template

import nbformat

import utils
from press.notebooks.chapters import CHAPTERS, FOLDER, ROOT, imported, read_pair
from press.notebooks.slots import has_slots
from press.notebooks.to_write import FOLDED, to_write

DIRECTIVE = re.compile(r"^(`{3,})\{([\w-]+)\} *(.*)\n((?:.*\n)*?)\1 *$", re.M)
PICTURE = re.compile(r"^!\[(.*)\]\((\S+\.svg)\)$", re.M)
BOXES = ("admonition", "note", "tip", "warning")
CODE_OR_LINK = re.compile(r"(`+)(?:.|\n)*?\1(?!`)|\[((?:`[^`]*`|[^][`])*)\]\(([^)\s]+)\)")

FIRST_CELL = Template("""\
# @title What this notebook needs: run this cell first
# The helpers of the course travel in the last line, as an archive. What else is missing gets installed.
import atexit
import base64
import importlib.util
import io
import shutil
import subprocess
import sys
import tempfile
import zipfile
from importlib import metadata

from packaging.requirements import Requirement  # always there, because Jupyter's kernel needs it


class CannotStart(Exception):
    def _render_traceback_(self):  # called by IPython: the message alone, without a traceback
        return [str(self)]


def is_missing(needed):
    try:
        return not Requirement(needed).specifier.contains(metadata.version(Requirement(needed).name), prereleases=True)
    except metadata.PackageNotFoundError:
        return True


def install(packages):
    print("Installing", *packages)
    if importlib.util.find_spec("pip") is None:
        subprocess.run([sys.executable, "-m", "ensurepip"], capture_output=True)
    done = subprocess.run([sys.executable, "-m", "pip", "install", "-qq", *packages], capture_output=True, text=True)
    if done.returncode:
        reason = done.stderr.strip().partition("\\n")[0]
        cure = "Connect this computer to the network, or install them yourself, then run this cell again."
        raise CannotStart(f"{', '.join(packages)} can't be installed here. {cure} ({reason})")
    importlib.invalidate_caches()


def add_helpers(archive):
    utils = sys.modules.get("utils")
    if utils is None:
        folder = tempfile.mkdtemp(prefix="mlp-from-scratch-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        zipfile.ZipFile(io.BytesIO(base64.b64decode(archive))).extractall(folder)
        sys.path.insert(0, folder)  # before a module of the reader's that is called utils too
    elif not (hasattr(utils, "engine_name") and utils.__version__ == "$version"):
        raise CannotStart(f"{utils} is in the way of this course's helpers. Restart the kernel, and run this cell first.")


if missing := [needed for needed in $dependencies if is_missing(needed)]:
    install(missing)
${torch}add_helpers("$wheel")""")
NEEDS_TORCH = """\
if importlib.util.find_spec("torch") is None:
    raise CannotStart("This chapter needs PyTorch. Run %pip install torch in a cell of its own, then start again.")
"""


def write_notebooks(folder, site, wheel):
    """Write all chapters into `folder`, and those with slots also, to write in, into its folder `write`.

    `site` is the address of the published site or None, `wheel` the path of utils' wheel.
    """
    (folder / "write").mkdir(parents=True)
    for path in CHAPTERS:
        notebook = portable(path, site, wheel)
        nbformat.write(notebook, folder / f"{path.stem}.ipynb")
        if has_slots(path):
            nbformat.write(to_write(notebook, read_pair(path)), folder / "write" / f"{path.stem}.ipynb")


def portable(path, site, wheel):
    """The notebook of the chapter at `path`, independent of other files. Without the address of a site it has no links to it."""
    pair = read_pair(path)
    title, *others = pair.cells
    notebook = nbformat.v4.new_notebook(metadata={key: pair.metadata[key] for key in ("kernelspec", "language_info")})
    notebook.cells = [title, nbformat.v4.new_code_cell(first_cell(path, wheel), id="setup", metadata=FOLDED), *others]
    for cell in [title, *others]:
        if cell.cell_type == "markdown":
            text = with_pictures(with_boxes(cell.source, site and page_address(path.stem, site)))
            cell.source = with_links(text, path.stem, site)
        else:
            cell.metadata = nbformat.from_dict(metadata_of(cell))
    return notebook


def first_cell(path, wheel):
    return FIRST_CELL.substitute(
        dependencies=json.dumps(tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]),
        version=utils.__version__,
        torch=NEEDS_TORCH if "torch" in imported(path) else "",
        wheel=base64.b64encode(wheel.read_bytes()).decode(),
    )


def metadata_of(cell):
    """The metadata that other programs understand: that a cell is folded."""
    return {key: cell.metadata[key] for key in cell.metadata if key == "jupyter"}


def with_boxes(text, page):
    """Markdown with its directives as HTML. Raises ValueError for an unknown directive."""

    def as_html(match):
        _, kind, title, body = match.groups()
        options, content = options_of(body)
        if kind == "figure":
            return figure(title, options, content)
        if kind not in BOXES:
            raise ValueError(f"No HTML is known for the directive {kind!r}: add it to tools/portable.py.")
        content = with_boxes(content, page).strip()
        title = title or kind.capitalize()
        if "dropdown" in options.get("class", ""):
            return f"<details>\n<summary>{inline(title)}</summary>\n\n{content}\n\n</details>"
        if page and "name" in options:  # interactive, on the site only
            title = f"[{title}]({page}#{options['name']})"
        return f"<blockquote>\n\n**{title}**\n\n{content}\n\n</blockquote>"

    return DIRECTIVE.sub(as_html, text)


def options_of(body):
    """The options at the start of a directive's body, as {name: value}, and the rest of the body."""
    options = re.match(r"(?::[\w-]+:.*\n)*", body)[0]
    return dict(re.findall(r"^:([\w-]+): *(.*)$", options, re.M)), body[len(options) :]


def figure(name, options, caption):
    width = f' width="{options["width"].removesuffix("px")}"' if "width" in options else ""
    return f"{embedded(name, options['alt'], width)}\n\n{caption.strip()}"


def with_pictures(text):
    """Markdown in which the pictures without a caption are embedded."""
    return PICTURE.sub(lambda match: embedded(match[2], match[1]), text)


def embedded(name, alt, width=""):
    picture = base64.b64encode((FOLDER / name).read_bytes()).decode()
    return f'<img src="data:image/svg+xml;base64,{picture}" alt="{html.escape(alt)}"{width}>'


def inline(title):
    """A line of Markdown as HTML, because Jupyter does not render Markdown within <summary>."""
    title = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(title, quote=False))
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", title)


def with_links(text, stem, site):
    """Markdown in which the links to headings, chapters and pages point to the site.

    Only the text is left of a link to a program, and of all these without a site.
    """

    def absolute(match):
        _, text, target = match.groups()
        if target is None or re.match(r"https?:", target):
            return match[0]
        file, hash_, heading = target.partition("#")
        if not site or file.endswith(".py"):
            return text
        return f"[{text}]({address_of(file, stem, site)}{hash_}{heading})"

    return CODE_OR_LINK.sub(absolute, text)


def address_of(file, stem, site):
    """The address of the page built from `file`, the target of a chapter's link. Raises ValueError if it does not exist."""
    source = (FOLDER / (file or f"{stem}.ipynb")).resolve()
    if not source.exists():
        raise ValueError(f"{stem} has a link to {file}, which does not exist.")
    return page_address(source.stem, site, source.parent.relative_to(ROOT).as_posix())


def page_address(stem, site, folder="chapters"):
    return site if stem == CHAPTERS[0].stem else f"{site}{folder}/{stem}.html"
