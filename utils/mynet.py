"""The reader's own functions, once they are judged right: the file mynet.py, and its use in the place of the book's.

The file begins with `from utils.mynet import *`, has a section for each function, and ends with `use(globals())`. Once it is
imported, `from utils import relu` gives the relu in it. A page of the book keeps the same file in the browser (web/run/mine.js).
"""

import inspect
import math  # noqa: F401  this line and the next three: what the functions in the file need
import re
import sys
from pathlib import Path

import numpy as np  # noqa: F401
from mxnet import autograd, gluon, init, nd  # noqa: F401
from mxnet.gluon import nn  # noqa: F401

from .network import *  # noqa: F403  the book's functions, in the place of those that are not written yet
from .training import *  # noqa: F403

FILE = Path("mynet.py")
FIRST, LAST = "from utils.mynet import *\n", "\nuse(globals())\n"
SECTION = re.compile(r"^# --- (.+)\n", re.M)


def keep(name, function):
    """Write `function`, the answer to the slot called `name`, into mynet.py in the current folder. Returns what to say."""
    functions = read(FILE.read_text(encoding="utf-8")) if FILE.exists() else {}
    part = FILE.with_suffix(".part")
    part.write_text(written({**functions, name: inspect.getsource(function)}), encoding="utf-8")
    part.replace(FILE)
    return f"Kept in {FILE}: after `import mynet`, `from utils import ...` gives your functions in any notebook beside it."


def written(functions):
    """The text of mynet.py for {name: source}."""
    sections = [f"# --- {name}\n{source.rstrip()}\n" for name, source in functions.items()]
    return "\n\n".join([FIRST, *sections]) + LAST


def read(text):
    """The {name: source} of a text that `written` made. Raises ValueError for another text."""
    if not text.startswith(FIRST):
        raise ValueError(f"{FILE} was not made by this course: it should begin with {FIRST.strip()!r}. Rename it.")
    _, *parts = SECTION.split(text.removesuffix(LAST))
    return {name: source.rstrip() for name, source in zip(parts[::2], parts[1::2])}


def use(namespace):
    """Let `utils` give the functions that `namespace`, the names of the module mynet, defines. Returns their names."""
    utils = sys.modules[__package__]
    own = [name for name in utils.__all__ if getattr(namespace.get(name), "__module__", None) == namespace["__name__"]]
    for name in own:
        setattr(utils, name, namespace[name])
    return own
