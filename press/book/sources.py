"""What the source of a page says of its listings and the page doesn't: the code of removed cells, and what all of it needs.

It is kept in the page's metadata: `lacks`, what Python in the page does not have, and `beside`, the book's files that it needs.
"""

import ast
import os
import sys
from pathlib import Path

from docutils import nodes
from myst_nb.core.read import create_nb_reader

from press.book.sentences import _
from press.site.packages import imports

# Modules that Pyodide leaves out of Python's own library.
LEFT_OUT = {"curses", "dbm", "ensurepip", "idlelib", "lzma", "sqlite3", "ssl", "test", "tkinter", "turtle", "venv"}
HERE = {*sys.stdlib_module_names, "numpy", "matplotlib", "matplotlib_inline", "mpl_toolkits", "pylab"} - LEFT_OUT
LONGEST = 200  # letters of a path; a longer text is none


def note_source(app, doctree):
    """Keep what a page's listings need, and put the code of removed cells into the page, where readers don't see it."""
    env, name = app.env, app.env.docname
    notebook = notebook_of(env, Path(env.doc2path(name)))
    if notebook is None:
        return
    cells = {i: cell for i, cell in enumerate(notebook.cells) if is_listing(cell)}
    folder, here = Path(env.doc2path(name)).parent, HERE | imports(app.packages)
    lacks, beside = needs([cell.source for cell in cells.values()], folder, Path(app.srcdir), here)
    if not is_python(notebook.metadata):
        lacks, beside = ["Python"], []
    elif app.config.press["package"]:
        lacks = []  # a book with its own package may put any module there
    env.metadata[name].update(lacks=lacks, beside=beside)
    if not lacks:
        put_removed_cells(doctree, cells)


def notebook_of(env, path):
    """The notebook in the file `path`, or None if that is none."""
    text = path.read_text("utf-8")
    reader = create_nb_reader(str(path), env.myst_config, env.mystnb_config, text)
    return reader and reader.read(text)


def is_listing(cell):
    return cell.cell_type == "code" and cell.source.strip() and "skip-execution" not in tags(cell)


def tags(cell):
    """The tags of a cell, each in its one spelling: MyST-NB takes remove_cell for remove-cell."""
    return {tag.replace("_", "-") for tag in cell.metadata.get("tags", [])}


def is_python(metadata):
    """Whether a notebook is for a kernel of Python, or for that of the book, where it names none."""
    kernel = metadata.get("kernelspec", {})
    names = [
        kernel.get("name"),
        kernel.get("display_name"),
        kernel.get("language"),
        metadata.get("language_info", {}).get("name"),
    ]
    return not kernel or "python" in " ".join(filter(None, names)).lower()


def needs(codes, folder, book, here):
    """What `codes` import that is not `here`, what Python in the page has; and the files of the folder `book` that they import or
    name, as paths from there. Their own paths begin at `folder`.
    """
    lacks, files, left = set(), set(), list(codes)
    while left:
        tree = parsed(left.pop())
        for name in imported(tree):
            own = files_of(name, folder)
            left += [path.read_text("utf-8") for path in own if path not in files]
            files.update(own)
            if not own and name not in here:
                lacks.add(name)
        files.update(folder / text for text in texts(tree) if is_file(folder, text))
    beside = {Path(os.path.normpath(path)) for path in files}  # a link, as to a folder of data, is there by its own name
    return sorted(lacks), sorted(path.relative_to(book).as_posix() for path in beside if book in path.parents)


def files_of(name, folder):
    """The files of a module or a package of the book, or none."""
    if (folder / name / "__init__.py").is_file():
        return sorted((folder / name).rglob("*.py"))
    return [path for path in [folder / f"{name}.py"] if path.is_file()]


def parsed(code):
    """A listing as a tree, without the lines that only a notebook understands."""
    try:
        return ast.parse(code)
    except SyntaxError:
        lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
        try:
            return ast.parse("\n".join(lines))
        except SyntaxError:
            return ast.Module([], [])  # it has its error in the page, as in the book


def imported(tree):
    """The names of the modules that a tree imports, each without those in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module.partition(".")[0]


def texts(tree):
    return [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]


def is_file(folder, text):
    return 0 < len(text) <= LONGEST and text.isprintable() and not Path(text).is_absolute() and (folder / text).is_file()


def put_removed_cells(doctree, cells):
    """Give the listings whose code MyST-NB has removed that code again, in a part of the page that is not shown."""
    there = {cell["cell_index"]: cell for cell in doctree.findall(nodes.container) if "cell_index" in cell}
    shown = list(there)
    for i, cell in cells.items():
        if not tags(cell) & {"remove-cell", "remove-input"} or not shown:
            continue
        if i not in there:
            there[i] = nodes.container(
                nb_element="cell_code", cell_index=i, cell_metadata=dict(cell.metadata), classes=["cell", "removed"]
            )
            before = next((k for k in shown if k > i), None)
            beside = there[shown[-1] if before is None else before]
            beside.parent.insert(beside.parent.index(beside) + (before is None), there[i])
        code = nodes.literal_block(cell.source, cell.source, language="ipython3")
        there[i].insert(0, nodes.container("", code, nb_element="cell_code_source", classes=["cell_input", "removed"]))


def say_what_lacks(app, doctree, name):
    """Say above the first listing of a page why its listings don't run there."""
    lacks = app.env.metadata[name].get("lacks")
    first = next((cell for cell in doctree.findall(nodes.container) if "cell" in cell["classes"]), None)
    if lacks and lacks != ["Python"] and first:
        says = _("The listings of this page can be read, but not run here: Python in the page does not have {0}.")
        paragraph = nodes.paragraph("", says.format(", ".join(lacks)), classes=["remark", "lacks"])
        first.parent.insert(first.parent.index(first), paragraph)
