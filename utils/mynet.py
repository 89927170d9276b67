"""The reader's own functions, once they are judged right: the file mynet.py, and its use in the place of the book's.

The file begins with `from utils.mynet import *`, has a section for each function, and ends with `use(globals())`. Once it is
imported, `from utils import relu` gives the relu in it. A page of the book keeps the same file (press/run/functions.js).
"""

import ast
import builtins
import inspect
import linecache
import math  # noqa: F401  this line and the next three: what the functions in the file need
import re
import sys
import textwrap
from pathlib import Path

import numpy as np  # noqa: F401
from mxnet import autograd, gluon, init, nd  # noqa: F401
from mxnet.gluon import nn  # noqa: F401

from .atomic import save
from .network import *  # noqa: F403  the book's functions, in the place of those that are not written yet
from .training import *  # noqa: F403

FILE = Path("mynet.py")
FIRST, LAST = "from utils.mynet import *\n", "\nuse(globals())\n"
SECTION = re.compile(r"^# --- (.+)\n", re.M)
MARK, QUOTED = "\n# --- ", "\n# \\--- "  # how a section begins, and how a reader's line stands there that begins so
NETWORK = "init_params relu mlp cross_entropy softmax softmax_cross_entropy".split()
FUNCTIONS = [*NETWORK, "sgd", "train_epoch", "accuracy", "evaluate_accuracy", "train_ch3"]  # those to be written that utils gives


def keep(name, function):
    """Write `function`, the answer to the slot called `name`, into mynet.py in the current folder. Returns what to say.

    A function that `utils` is to give is judged again as it stands there, without the other cells of the notebook.
    """
    try:
        source = source_of(function)
        if name in FUNCTIONS and f"def {name}(" not in source:
            return f"Not kept in {FILE}: `utils` would not find it. Define it as `def {name}` and check that."
        if wrong := wrong_alone(name, source):
            return (
                f"Not kept in {FILE}, because it needs another cell of this notebook. Put all of it into the function.\n{wrong}"
            )
        functions = read(FILE.read_text(encoding="utf-8-sig")) if FILE.exists() else {}
        text = written({**functions, name: source})
        compile(text, str(FILE), "exec")  # else it could not be imported, because of what was in it
        save(Path(), FILE.name, text.encode())
    except Exception as error:  # it is right, whatever keeps it from being kept
        return f"Not kept in {FILE}: {error}"
    return f"Kept in {FILE}: after `import mynet`, `from utils import ...` gives your functions in any notebook beside it."


def source_of(function):
    """The source of a function or a class. Before Python 3.13 `inspect` finds no class that a notebook's cell defines."""
    if not inspect.isclass(function):
        return textwrap.dedent(inspect.getsource(function))
    lines = "".join(linecache.getlines(function.__init__.__code__.co_filename))
    classes = [node for node in ast.parse(lines).body if isinstance(node, ast.ClassDef) and node.name == function.__name__]
    return ast.get_source_segment(lines, classes[-1])


def wrong_alone(name, source):
    """What the judge finds wrong with a function that `utils` is to give, where only the names of this module are, or ""."""
    if name not in FUNCTIONS:
        return ""
    alone = dict(globals())
    exec(compile(source, str(FILE), "exec"), alone)  # noqa: S102  the reader's own code
    return no_longer_right(name, alone[name])


def no_longer_right(name, function):
    """What the judge of the slot called `name` finds wrong with `function`, or ""."""
    from .judges.all_judges import verdict_on  # here, because a page that only uses the functions judges none

    verdict = verdict_on(name, function)
    return "" if verdict.kind == "right" else verdict


def written(functions):
    """The text of mynet.py for {name: source}."""
    sections = [f"{MARK}{name}" + f"\n{source.rstrip()}\n".replace(MARK, QUOTED) for name, source in functions.items()]
    return "\n".join([FIRST, *sections]) + LAST


def read(text):
    """The {name: source} of a text that `written` made. Raises ValueError for another text."""
    if not text.startswith(FIRST):
        raise ValueError(f"{FILE} was not made by this course: it should begin with {FIRST.strip()!r}. Rename it.")
    _, *parts = SECTION.split(text.removesuffix(LAST))
    return {name: f"\n{source}".replace(QUOTED, MARK)[1:].rstrip() for name, source in zip(parts[::2], parts[1::2])}


def use(namespace):
    """Let `utils` give the functions that `namespace`, the names of the module mynet, defines. Returns their names.

    A notebook judges them again, because the file may have been edited. It says which are used, and what is wrong with others.
    """
    utils = sys.modules[__package__]
    own = [name for name in FUNCTIONS if getattr(namespace.get(name), "__module__", None) == namespace["__name__"]]
    if hasattr(builtins, "get_ipython"):
        wrong = {name: why for name in own if (why := no_longer_right(name, namespace[name]))}
        own = [name for name in own if name not in wrong]
        if own:
            print(f"utils gives your functions in {FILE}: {', '.join(own)}.")
        for name, why in wrong.items():
            print(f"The {name} in {FILE} is not right, so utils gives the book's. {why}")
    for name in own:
        setattr(utils, name, namespace[name])
    return own
