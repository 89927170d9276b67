"""What a chapter defines, for tools that need the same."""

import ast

from press.notebooks.chapters import FOLDER, code_cells, read_source
from press.notebooks.fingerprint import parse


def taken_from(chapter, *names):
    """The functions and other things called `names` that a chapter such as "NN_name" defines.

    Only their definitions and the chapter's imports run. What they refer to must be among the names. Raises KeyError for a name
    that the chapter doesn't define.
    """
    code = "\n\n".join(cell.source for cell in code_cells(read_source(FOLDER / f"{chapter}.md")))
    wanted = [node for node in parse(code).body if isinstance(node, (ast.Import, ast.ImportFrom)) or named_by(node) & set(names)]
    namespace = {}
    exec(compile(ast.Module(wanted, []), chapter, "exec"), namespace)  # noqa: S102  it is the book's own code
    return [namespace[name] for name in names]


def named_by(statement):
    """The names that a statement defines."""
    if isinstance(statement, ast.Assign):
        return {node.id for target in statement.targets for node in ast.walk(target) if isinstance(node, ast.Name)}
    return {getattr(statement, "name", None)}
