"""Synchronise each chapter's notebook with its Markdown: `python -m press.notebooks.refresh [CHAPTER ...]`.

A chapter is edited in chapters/NN_name.md. Every call copies its cells into its pair, NN_name.ipynb. The pair is executed only if
its fingerprint (press/notebooks/fingerprint.py) differs from the stored one, or if its outputs are not those of its last run.
Stored are MXNet's outputs. Without MXNet the course's own engine executes the pair, and digits.py says what stays MXNet's.
"""

import hashlib
import importlib.util
import json
import sys

import nbformat
from nbclient.exceptions import CellExecutionError

import utils
from press.atomic import save
from press.notebooks.chapters import FOLDER, ROOT, chosen, code_cells, picture, read_pair, read_source
from press.notebooks.digits import keep_digits
from press.notebooks.fingerprint import fingerprint, imports
from press.notebooks.kernel import execute
from press.notebooks.minutes import write_minutes

ELSEWHERE = (
    "MXNet has packages for Linux and macOS on x86-64. If your computer is another, push your branch, open it in GitHub's "
    "Codespaces, and run make notebooks there."
)


def code(notebook):
    return "\n".join(cell.source for cell in code_cells(notebook))


def is_stale(notebook, pair):
    """Whether `notebook` must be executed: its fingerprint is not that of `pair`, or outputs of `pair` were changed by hand."""
    kept = pair and (pair.metadata.get("fingerprint"), pair.metadata.get("outputs"))
    return kept is None or kept != (fingerprint(code(notebook)), seal(pair))


def seal(notebook):
    """A hash of a notebook's outputs, stored in the notebook to detect changes by hand."""
    outputs = [cell.outputs for cell in code_cells(notebook)]
    return hashlib.sha256(json.dumps(outputs, sort_keys=True).encode()).hexdigest()[:16]


def missing(notebook):
    """The packages that a notebook imports and this environment lacks."""
    names = {module.split(".")[0] for level, module, _ in imports(code(notebook)) if level == 0}
    return sorted(name for name in names if importlib.util.find_spec(name) is None)


def run(notebook, pair, folder):
    """Execute a notebook in `folder` and return what to say of it. Raises CellExecutionError."""
    execute(notebook, folder)
    if utils.engine_name == "mxnet":
        return "run"
    keep_digits(notebook, pair)
    return "run on the course's own engine. CI compares the outputs with MXNet's."


def refresh(path):
    """Synchronise a chapter's notebook; returns "run", "refreshed", "in step" or the reason why it can't be run here."""
    notebook, pair = read_source(path), read_pair(path)
    if is_stale(notebook, pair):
        if lacking := missing(notebook):
            return f"NOT RUN, as {', '.join(lacking)} is not installed here (make test-torch sets it up)"
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
    # The README shows the result of the course: the figure of the introduction.
    (ROOT / "assets/result.svg").write_text(picture(read_pair(FOLDER / "00_introduction.md")), encoding="utf-8")
    if failed:
        sys.exit(f"These chapters ended with an error and keep their old notebooks: {', '.join(failed)}")
    if not_run:
        sys.exit(f"These chapters are still to be run: {', '.join(not_run)}. {ELSEWHERE if utils.engine_name == 'own' else ''}")


if __name__ == "__main__":
    main(sys.argv[1:])
