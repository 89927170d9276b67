"""What Python tells an editor of the page: the names that may go on where one types, and what a name stands for."""

import ast
import builtins
import functools
import importlib
import inspect
import json
import reprlib
import rlcompleter
import sys
import textwrap

import book

LONGEST_VALUE = 300  # characters
SHORT = reprlib.Repr()  # repr of a long list takes seconds
SHORT.maxlist = SHORT.maxtuple = 20
SHORT.maxstring = SHORT.maxother = LONGEST_VALUE


def complete(text, namespace):
    """The names that may go on where `text`, a name with or without dots, was typed: [[name, kind], ...]. Calls no property."""
    before, dot, word = text.rpartition(".")
    try:
        owner = look_up(before, namespace) if dot else None
    except AttributeError:
        return []
    if dot and owner is None:  # no name, such as the 3 of 3.5, or none that is known
        return []
    completer = rlcompleter.Completer(namespace)
    completer._callable_postfix = lambda value, word: word  # no bracket behind the name of a function
    found = dir(owner) if dot else completer.global_matches(text)
    names = sorted({name.strip(" :") for name in found if name.startswith(word)})
    return [[name, kind(name, owner, namespace)] for name in names if word.startswith("_") or not name.startswith("_")]


@functools.cache
def imported(codes):
    """The names that listings import, though none has run: {name: value}. `codes` is their texts, a list as JSON."""
    names = {}
    for code in json.loads(codes):
        try:
            statements = ast.walk(ast.parse(code))
        except SyntaxError:
            continue  # it is being written
        for statement in statements:
            if isinstance(statement, ast.Import | ast.ImportFrom):
                names |= {alias.asname or alias.name: value_of(statement, alias) for alias in statement.names}
    return {name: value for name, value in names.items() if value is not None}


def value_of(statement, alias):
    """What one name of an import statement stands for; None where it is not to be had now."""
    module = getattr(statement, "module", alias.name) or ""
    if module.split(".")[0] not in book.MODULES and module not in sys.modules:
        return None  # it may take a while
    try:
        value = importlib.import_module(module)
        return getattr(value, alias.name) if isinstance(statement, ast.ImportFrom) else value
    except (ImportError, AttributeError):
        return None


def kind(name, owner, namespace):
    value = named(name, namespace) if owner is None else inspect.getattr_static(owner, name, None)
    kinds = {"module": inspect.ismodule, "class": inspect.isclass, "function": callable}
    return next((kind for kind, is_one in kinds.items() if is_one(value)), "keyword" if value is None else "variable")


def explain(text, namespace):
    """The signature or value of what is called `text`, and its docstring; None where there is no such thing."""
    try:
        value = look_up(text, namespace)
    except AttributeError:
        return None
    if value is None:
        return None
    try:
        head = f"{text}{inspect.signature(value)}"
    except (TypeError, ValueError):
        head = f"{text}: {type(value).__name__} = {textwrap.shorten(SHORT.repr(value), LONGEST_VALUE)}"
    said = inspect.getdoc(value) if callable(value) or inspect.ismodule(value) else None
    return f"{head}\n\n{said or ''}".strip()


def look_up(text, namespace):
    first, *others = text.split(".")
    return functools.reduce(attribute, others, named(first, namespace))


def attribute(value, name):
    """An attribute. Raises AttributeError in the place of calling a property that a reader has written."""
    static = inspect.getattr_static(value, name, None)
    code = getattr(getattr(static, "fget", None) or getattr(static, "func", None), "__code__", None)
    if code and code.co_filename.startswith(("listing ", "your ")):
        raise AttributeError(name)
    return getattr(value, name)


def named(name, namespace):
    return namespace.get(name, vars(builtins).get(name))
