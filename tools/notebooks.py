"""Keep each chapter's notebook in step with its Markdown: `python tools/notebooks.py [CHAPTER ...]`.

A chapter is edited in chapters/NN_name.md. Its pair, NN_name.ipynb, gets the same cells on every call, and is run only when
its fingerprint differs from the one stored in it: the chapter's code, the data files in chapters/ that it names, the utils
modules it needs, and the pinned versions of the packages that these import. Times of files play no part.
"""

import ast
import hashlib
import importlib.util
import re
import sys
from pathlib import Path

import jupytext
import nbformat
from IPython.core.inputtransformer2 import TransformerManager
from nbclient import NotebookClient

ROOT = Path(__file__).resolve().parent.parent
CHAPTERS = ROOT / "chapters"
UTILS = ROOT / "utils"


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def parse(source):
    """The syntax tree of a cell or module, with IPython's own lines (%magic, !command) turned into Python."""
    return ast.parse(TransformerManager().transform_cell(source))


def imports(tree):
    """Every import in a syntax tree as (level, module, names): `from .data import LABELS` is (1, "data", {"LABELS"})."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", {alias.name for alias in node.names}


def utils_modules(tree, inside=False):
    """The names of the utils modules that a syntax tree needs, directly or through other utils modules."""
    home_of = {name: module for _, module, names in imports(parse((UTILS / "__init__.py").read_text())) for name in names}
    every_module = {path.stem for path in UTILS.glob("*.py")} - {"__init__"}
    needed, new = set(), set()
    for level, module, names in imports(tree):
        if level == 1 and inside:
            new |= {module} if module else names
        elif module == "utils":
            new |= {home_of.get(name, name) for name in names} if names and "*" not in names else every_module
        elif module.startswith("utils."):
            new.add(module.split(".")[1])
    while new - needed:
        name = (new - needed).pop()
        needed.add(name)
        new |= utils_modules(parse((UTILS / f"{name}.py").read_text()), inside=True)
    return needed & every_module


def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def fingerprint(notebook):
    """What the outputs of a notebook follow from, as a hash."""
    code = "\n".join(cell.source for cell in code_cells(notebook))
    modules = sorted(utils_modules(parse(code)))
    trees = [parse(code), *(parse((UTILS / f"{name}.py").read_text()) for name in modules)]
    imported = {module.split(".")[0] for tree in trees for level, module, _ in imports(tree) if level == 0}
    pins = re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(), re.M)
    data = [path.read_text() for path in sorted(CHAPTERS.glob("*.json")) if f'"{path.name}"' in code]
    facts = [
        code,
        *data,
        *(ast.unparse(without_docstrings(tree)) for tree in trees[1:]),
        *(f"{name}=={version}" for name, version in pins if name.replace("-", "_") in imported),
    ]
    return hashlib.sha256("\n\n".join(facts).encode()).hexdigest()[:16]


def read_source(path):
    """The notebook that chapters/NN_name.md describes, with no outputs, and nothing in it that changes by itself."""
    notebook = jupytext.read(path)
    notebook.metadata = nbformat.from_dict(
        {
            "kernelspec": dict(notebook.metadata["kernelspec"]),
            "language_info": {"name": "python"},
            "jupytext": {"formats": "md:myst,ipynb"},
        }
    )
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
    return notebook


def read_pair(path):
    """The committed notebook of a chapter, or None where there is none yet."""
    pair = path.with_suffix(".ipynb")
    return nbformat.read(pair, as_version=4) if pair.exists() else None


def is_stale(notebook, pair):
    """Whether the outputs in `pair` don't follow from the code of `notebook`."""
    return pair is None or pair.metadata.get("fingerprint") != fingerprint(notebook)


def missing(notebook):
    """The packages that a notebook imports and this environment lacks."""
    code = "\n".join(cell.source for cell in code_cells(notebook))
    names = {module.split(".")[0] for level, module, _ in imports(parse(code)) if level == 0}
    return sorted(name for name in names if importlib.util.find_spec(name) is None)


def refresh(path):
    """Bring a chapter's notebook in step; returns "run", "refreshed", "in step" or why it can't be run here."""
    notebook, pair = read_source(path), read_pair(path)
    stale = is_stale(notebook, pair)
    if stale and missing(notebook):
        return f"NOT RUN, as {', '.join(missing(notebook))} is not installed here (make test-torch sets it up)"
    if stale:
        print(f"{path.stem}: running ...", flush=True)
        NotebookClient(
            notebook,
            timeout=600,
            kernel_name="python3",
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()
    else:
        for cell, old in zip(code_cells(notebook), code_cells(pair)):
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["fingerprint"] = fingerprint(notebook)
    if notebook == pair:
        return "in step"
    nbformat.write(notebook, path.with_suffix(".ipynb"))
    return "run" if stale else "refreshed"


def picture(notebook):
    """The first figure in a notebook's outputs, as SVG text."""
    figures = (
        output.data["image/svg+xml"]
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "image/svg+xml" in output.get("data", {})
    )
    return next(figures)


def main(names):
    paths = [path for path in sorted(CHAPTERS.glob("[0-9]*.md")) if not names or path.stem in names or path.stem[:2] in names]
    if not paths:
        sys.exit(f"No chapter is called {' or '.join(names)}: give a number such as 04 or a name such as 04_model.")
    for path in paths:
        print(f"{path.stem}: {refresh(path)}", flush=True)
    # The README shows the course's result: the figure of the introduction.
    (ROOT / "assets/result.svg").write_text(picture(read_pair(CHAPTERS / "00_introduction.md")))


if __name__ == "__main__":
    main(sys.argv[1:])
