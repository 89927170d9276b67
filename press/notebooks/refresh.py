"""Synchronise each chapter's notebook with its Markdown: `python -m press.notebooks.refresh [CHAPTER ...]`.

A chapter is edited in chapters/NN_name.md. Every call copies its cells into its pair, NN_name.ipynb. The pair is executed only if
its fingerprint (press/notebooks/fingerprint.py) differs from the stored one, or if its outputs are not those of its last run.
Where a module of the book's package stands in for a library, digits.py says which outputs stay those of the library.
"""

import hashlib
import importlib
import json
import sys

import nbformat
from nbclient.exceptions import CellExecutionError

from press.atomic import save
from press.notebooks.chapters import ROOT, chosen, code_cells, lacking, read_pair, read_source
from press.notebooks.digits import keep_digits
from press.notebooks.fingerprint import fingerprint
from press.notebooks.kernel import execute
from press.notebooks.minutes import write_minutes
from press.settings import of_book


def code(notebook):
    return "\n".join(cell.source for cell in code_cells(notebook))


def is_stale(notebook, pair):
    """Whether `notebook` must be executed: its fingerprint or number of cells is not that of `pair`, or outputs of `pair` were
    changed by hand.
    """
    kept = pair and (pair.metadata.get("fingerprint"), pair.metadata.get("outputs"), len(code_cells(pair)))
    return kept is None or kept != (fingerprint(code(notebook)), seal(pair), len(code_cells(notebook)))


def seal(notebook):
    """A hash of a notebook's outputs, stored in the notebook to detect changes by hand."""
    outputs = [cell.outputs for cell in code_cells(notebook)]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()[:16]


def stand_ins():
    """The modules of the book's package that stand in for a library here."""
    book = of_book(ROOT)
    importlib.import_module(book["package"])  # it decides
    return [module for library, module in book["stand_in"].items() if importlib.import_module(library).__name__ == module]


def run(notebook, pair, folder):
    """Execute a notebook in `folder` and return what to say of it. Raises CellExecutionError."""
    execute(notebook, folder)
    if not (modules := stand_ins()):
        return "run"
    keep_digits(notebook, pair)
    return f"run on {' and '.join(modules)}"


def refresh(path):
    """Synchronise a chapter's notebook; returns "run", "refreshed", "in step" or the reason why it can't be run here."""
    notebook, pair = read_source(path), read_pair(path)
    if is_stale(notebook, pair):
        if names := lacking(path):
            return f"NOT RUN, as {', '.join(names)} is not installed here"
        print(f"{path.stem}: running ...", flush=True)
        state = run(notebook, pair, path.parent)
    else:
        state = "refreshed"
        for cell, old in zip(code_cells(notebook), code_cells(pair)):
            cell.outputs, cell.execution_count = old.outputs, old.execution_count
    notebook.metadata["language_info"] = {"name": "python"}
    notebook.metadata["fingerprint"] = fingerprint(code(notebook))
    notebook.metadata["outputs"] = seal(notebook)
    if notebook == pair:
        return "in step"
    save(path.parent, f"{path.stem}.ipynb", nbformat.writes(notebook).encode() + b"\n")
    return state


def main(names):
    """Synchronise these chapters, or all. Returns what is to be said at the end if one was not run."""
    paths = chosen(names)
    failed, not_run = [], []
    for path in paths:
        write_minutes(path)
    for path in paths:
        try:
            state = refresh(path)
            print(f"{path.stem}: {state}", flush=True)
            not_run += [path.stem] * state.startswith("NOT RUN")
        except CellExecutionError as error:
            print(f"{path.stem}: FAILED\n{error}", flush=True)
            failed.append(path.stem)
    if failed:
        return f"These chapters ended with an error and keep their old notebooks: {', '.join(failed)}"
    return f"These chapters are still to be run: {', '.join(not_run)}." if not_run else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
