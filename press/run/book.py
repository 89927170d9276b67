"""What a book adds to the Python of its pages. This one adds nothing.

The build puts the names of the functions that check an answer into BOOK_ASKS. If it has put that of the book's package into
BOOK_PACKAGE, what stands in the module `page` of that package takes the place of what has the same name here. Scripts of the page
call its other functions by their names (`call` in kernel.py). BOOK_GROUPS has what asks for the packages that the book names.
"""

import importlib
import json
import os

# For a group of files the names in a listing that ask for it; `module.*` for all of a module
GROUPS = {"matplotlib": {"matplotlib", "mpl_toolkits", "pylab"}}
MODULES = {}  # the book's modules, and how an error calls each
SEEDS = set()  # functions that seed all random numbers
ASKS = set(os.environ.get("BOOK_ASKS", "").split())  # functions that check a reader's answer
page = None  # that module


def before():
    """A listing is going to run."""


def after():
    """A listing has run. Returns what the page gets to know besides, as a dict that may have

    checked: what was said of answers, a list of {"about", "name", "kind", "why", "example"}, all texts; of a table also "places",
        a list of {"kind", "why"};
    reached: how far it has come, such as "3 rounds", if its result can be used although it was stopped.
    """
    return {}


def stopped(error, name, code):
    """The reader has stopped the listing `name` with the text `code`, by the exception `error`."""


def taken(group):
    """The files of a group have arrived."""


def explain(error):
    """What to say of an exception in the place of its own words, or None."""


def parts(value):
    """A mark of the value itself and the values that it holds, as `effects.parts` says, if its type is the book's, or None."""


def array(value):
    """The array of NumPy that a value of the book's own type holds, or None."""


def random_mark():
    """What changes with each random number that the book's own generators draw."""


def random_state():
    """The state of these generators."""


def restore_random_state(state):
    """Restore what `random_state` returned."""


if package := os.environ.get("BOOK_PACKAGE"):
    own = [name for name in globals() if not name.startswith("__")]
    page = importlib.import_module(f"{package}.page")
    globals().update({name: value for name, value in vars(page).items() if name in own})
for group, names in json.loads(os.environ.get("BOOK_GROUPS", "{}")).items():
    GROUPS[group] = {*GROUPS.get(group, ()), *names}
    MODULES = MODULES if group == "matplotlib" else {**MODULES, **dict.fromkeys(names, group)}
