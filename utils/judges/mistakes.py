"""A mistake is an edit of the book's function: a row of a table says what a learner wrote, and the sentence on it."""

import ast
import inspect
import textwrap


def mistakes(book, table, **names):
    """{sentence: the function `book` with the edits of its row}. `names`: globals that the edits need besides those of its module.

    The edits of a row are pairs, words of the book's source and what a learner wrote there: (" - O.max()", "", "axis=1", "axis=0").
    A row of one text is another body. The first lines that rows change are also those that don't belong to the function where its
    lines are put in order (tools/slot_help.py).
    """
    source = textwrap.dedent(inspect.getsource(book))
    functions = {why: made(book, edited(source, *edits), names) for why, edits in table.items()}
    for function, edits in zip(functions.values(), table.values()):
        function.book, function.edits = book, edits
    return functions


def edited(source, *edits):
    """`source` with the edits of a row. Raises ValueError if the words that one changes are not there."""
    if len(edits) == 1:
        head, colon, _ = source.partition(":\n")
        return head + colon + textwrap.indent(edits[0], "    ") + "\n"
    parts = source.split('"""')  # by turns code and docstrings, which stay as they are
    for old, new in zip(edits[::2], edits[1::2]):
        if not any(old in code for code in parts[::2]):
            raise ValueError(f"{old!r} is not in the book's function:\n{source}")
        parts[::2] = [code.replace(old, new) for code in parts[::2]]
    return '"""'.join(parts)


def made(book, source, names):
    """The function, or class, that `source` defines, with the globals of the module of `book`."""
    namespace = {**vars(inspect.getmodule(book)), **names}
    exec(compile(source, f"<{book.__name__} with a mistake>", "exec"), namespace)
    return namespace[book.__name__]


def source_of(function):
    """The text of a function with an edit, without its docstring and the checks of its arguments."""
    source = edited(textwrap.dedent(inspect.getsource(function.book)), *function.edits)
    lines = source.splitlines()
    unseen = [part for part in ast.walk(ast.parse(source)) if isinstance(part, ast.Expr) and is_unseen(part.value)]
    for part in sorted(unseen, key=lambda part: -part.lineno):
        del lines[part.lineno - 1 : part.end_lineno]
    return "\n".join(lines).rstrip()


def is_unseen(value):
    return isinstance(value, ast.Constant) or ast.unparse(value).startswith("arguments.")
