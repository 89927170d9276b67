"""Slots: the functions that a reader writes. The cell of the book is the solution; the empty function is derived from it."""

import ast
import functools
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

from nbformat import NotebookNode

from press.notebooks.chapters import CHAPTERS, code_cells, read_pair


def to_write(source: str) -> Iterator[tuple[int, int]]:
    """The lines of a slot that the reader writes: (first, after the last) for each function that has a docstring.

    They are the statements below the docstring, and below the functions that are defined right after it.
    """
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)]
    for function in functions:
        promise, *rest = function.body
        given = [promise, *itertools.takewhile(lambda node: isinstance(node, ast.FunctionDef), rest)]
        first = given[-1].end_lineno
        yield first + (not lines[first].strip()), function.end_lineno  # a blank line is given too


def empty(source: str) -> str:
    """The code of a slot without the lines that the reader writes."""
    lines = source.splitlines()
    for first, end in sorted(to_write(source), reverse=True):
        lines[first:end] = [re.match(" *", lines[first])[0] + "...  # your code"]
    return "\n".join(lines)


def slot_of(cell: NotebookNode) -> dict | None:
    """What a cell's metadata say of its slot: a dict with name and hint, and read if the book's function is there to read first.

    None if the cell is no slot.
    """
    return cell.metadata.get("slot")


def has_slots(path: Path) -> bool:
    """Whether a chapter asks for functions."""
    return "\nslot:\n" in path.read_text(encoding="utf-8")


def defined(source: str) -> str:
    """The name of the function or class that a slot defines."""
    (name,) = (node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return name


@functools.cache
def all_slots() -> list[tuple[str, dict, str]]:
    """Every slot of the course in order: (the stem of its chapter, its metadata, its code)."""
    return [(path.stem, slot_of(cell), cell.source) for path in CHAPTERS for cell in code_cells(read_pair(path)) if slot_of(cell)]


def anchor(name: str) -> str:
    """The id of a slot in its page."""
    return f"write-{name.replace(' ', '-').replace('_', '-')}"
