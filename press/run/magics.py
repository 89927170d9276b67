"""IPython's syntax that learners type: `%timeit`, `name?`, `!command`."""

import ast
import re
import timeit
import types

from tracebacks import NotHere

import __main__

NO_INPUT = "A page can't ask while it runs. Write the answer into the listing, for example: name = 'Ada'"
NO_SHELL = "A page has no command line, and nothing can be installed in it. Open the page as a notebook for that."
NO_MAGIC = "Of a notebook's % commands, a page has only %timeit and %matplotlib."


def as_python(code):
    """The code with each such line translated to Python, with the same line numbers; valid Python is not changed."""
    try:
        ast.parse(code)
        return code
    except SyntaxError:
        if code.startswith("%%timeit"):
            return f"__import__('magics').time_it({code.partition(chr(10))[2]!r})"
        if code.startswith("%%"):  # what follows may be no Python
            return refusal("%")
        return "\n".join(map(line_as_python, code.split("\n")))


def line_as_python(line):
    text = line.strip()
    indent = line[: len(line) - len(line.lstrip())]
    if text.startswith("%matplotlib"):
        return f"{indent}pass"
    if match := re.fullmatch(r"(\w+ *= *)?%{1,2}timeit\s+((?:-[nroqpctv] ?\d*\s+)*)(.*)", text):
        return f"{indent}{match[1] or ''}__import__('magics').time_it({match[3]!r}, {match[2]!r})"
    if match := re.match(r"(?:[\w, ]+= *)?([!%])", text):
        return indent + refusal(match[1])
    if match := re.fullmatch(r"\?{1,2}([\w.]+)|([\w.]+)\?{1,2}", text):
        return f"{indent}__import__('magics').describe({match[1] or match[2]!r})"
    return line


def refusal(sign):
    return f"__import__('magics').refuse({sign!r})"


def refuse(sign):
    raise NotHere(NO_SHELL if sign == "!" else NO_MAGIC)


def no_input(prompt=""):
    raise NotHere(NO_INPUT)


def time_it(code, options=""):
    """Print the time that `code` takes: the best of several rounds, each of at least a fifth of a second.

    Of IPython's options, -n gives the loops of a round, -r the rounds, -q prints nothing, and -o returns what was measured.
    """
    timer, given = timeit.Timer(code, globals=vars(__main__)), dict(re.findall(r"-(\w) ?(\d*)", options))
    loops, rounds = int(given.get("n") or timer.autorange()[0]), int(given.get("r") or 3)
    measured = [seconds / loops for seconds in timer.repeat(rounds, loops)]
    best = min(measured)
    unit, name = next(
        (unit, name) for unit, name in ((1, "s"), (1e-3, "ms"), (1e-6, "µs"), (1e-9, "ns")) if best >= unit or name == "ns"
    )
    if "q" not in given:
        print(f"{best / unit:.3g} {name} per loop, the best of {rounds} rounds of {loops:,}")
    if "o" in given:
        return types.SimpleNamespace(best=best, average=sum(measured) / rounds, loops=loops, repeat=rounds)


def describe(name):
    """Print the signature and the docstring of the object called `name`."""
    import inspect

    value = eval(name, vars(__main__))
    try:
        print(f"{name}{inspect.signature(value)}")
    except (TypeError, ValueError):
        print(f"{name}: {type(value).__name__}")
    print(inspect.getdoc(value) or "It has no description.")
