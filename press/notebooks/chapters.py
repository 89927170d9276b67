"""The chapters as notebooks: the source chapters/NN_name.md, and the executed pair beside it.

`python -m press.notebooks.chapters` prints the names of those that import what is not installed here.
"""

import importlib.util
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from press.settings import of_book

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "chapters"
CHAPTERS = sorted(FOLDER.glob("[0-9]*.md"))


def chosen(names: list[str]) -> list[Path]:
    """The chapters with these numbers or names, or all. Raises SystemExit if there are none."""
    paths = [path for path in CHAPTERS if not names or path.stem in names or path.stem[:2] in names]
    if not paths:
        one = CHAPTERS[0].stem
        raise SystemExit(f"No chapter is called {' or '.join(names)}: give a number such as {one[:2]} or a name such as {one}.")
    return paths


def code_cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def imported(path: Path) -> set[str]:
    """The packages that the listings of a chapter import. It is read as text, which takes no time."""
    listings = re.findall(r"^(`{3,})\{code-cell\}.*\n((?:.*\n)*?)\1$", path.read_text(encoding="utf-8"), re.M)
    statement = re.compile(r"^ *(?:import (?=[\w.]+(?: as \w+)?(?: *#.*)?$)|from (?=[\w.]+ import\b))(\w+)", re.M)
    return {name for _, code in listings for name in statement.findall(code)}


def lacking(path: Path) -> list[str]:
    """The packages that a chapter imports and this environment lacks, so that it needs another one."""
    needed = imported(path) - {*of_book(ROOT)["stand_in"]}
    return sorted(name for name in needed if importlib.util.find_spec(name) is None)


def read_source(path: Path) -> NotebookNode:
    """The notebook of chapters/NN_name.md without outputs; its cell ids and metadata depend on the text alone."""
    import jupytext  # here, because a book that is only built needs none

    notebook = jupytext.read(path)
    notebook.metadata = nbformat.from_dict(
        {"kernelspec": dict(notebook.metadata["kernelspec"]), "language_info": {"name": "python"}}
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.source.startswith("# Checked: "):  # a cell that only asserts: JupyterLab folds it below its first line
            cell.metadata["jupyter"] = {"source_hidden": True}
    return notebook


def read_pair(path: Path) -> NotebookNode | None:
    """The committed notebook of a chapter, or None if there is none yet."""
    pair = path.with_suffix(".ipynb")
    return nbformat.read(pair, as_version=4) if pair.exists() else None


def picture(notebook: NotebookNode) -> str:
    """The first figure in a notebook's outputs, as SVG text."""
    figures = (
        output.data["image/svg+xml"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "image/svg+xml" in output.get("data", {})
    )
    return next(figures)


if __name__ == "__main__":
    print(*[path.stem for path in CHAPTERS if lacking(path)])
