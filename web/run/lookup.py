"""What Python tells an editor of the page: the names that may go on where one types, and what a name stands for."""

import builtins
import functools
import inspect
import rlcompleter
import textwrap

LONGEST_VALUE = 300  # characters


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
    found = completer.attr_matches(text) if dot else completer.global_matches(text)
    names = sorted({name.rpartition(".")[2].strip(" :") for name in found})
    return [[name, kind(name, owner, namespace)] for name in names if word.startswith("_") or not name.startswith("_")]


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
        head = f"{text}: {type(value).__name__} = {textwrap.shorten(repr(value), LONGEST_VALUE)}"
    said = inspect.getdoc(value) if callable(value) or inspect.ismodule(value) else None
    return f"{head}\n\n{said or ''}".strip()


def look_up(text, namespace):
    first, *others = text.split(".")
    return functools.reduce(getattr, others, named(first, namespace))


def named(name, namespace):
    return namespace.get(name, vars(builtins).get(name))
