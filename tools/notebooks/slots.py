"""Slots: the functions that a reader writes. The cell of the book is the solution; the empty function is derived from it."""

import ast
import functools

from tools.notebooks.chapters import CHAPTERS, code_cells, read_pair


def empty(source):
    """The code of a slot in which each function that has a docstring loses the statements below it."""
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef) and ast.get_docstring(node)]
    for function in sorted(functions, key=lambda function: -function.lineno):
        promise = function.body[0]
        lines[promise.end_lineno : function.end_lineno] = [" " * promise.col_offset + "...  # your code"]
    return "\n".join(lines)


def slot_of(cell):
    """What a cell's metadata say of its slot: a dict with name, hint and wrong lines; None if the cell is no slot."""
    return cell.metadata.get("slot")


def has_slots(path):
    """Whether a chapter asks for functions."""
    return "\nslot:\n" in path.read_text(encoding="utf-8")


def defined(source):
    """The name of the function or class that a slot defines."""
    (name,) = (node.name for node in ast.parse(source).body if isinstance(node, (ast.FunctionDef, ast.ClassDef)))
    return name


@functools.cache
def all_slots():
    """Every slot of the course in order: (the stem of its chapter, its metadata, its code)."""
    return [(path.stem, slot_of(cell), cell.source) for path in CHAPTERS for cell in code_cells(read_pair(path)) if slot_of(cell)]


def anchor(slot):
    """The id of a slot in its page."""
    return f"write-{slot['name'].replace(' ', '-').replace('_', '-')}"
