"""A test reads no chapter that its file doesn't name: by these names `make test` knows what an edit may break (unchanged.py)."""

import contextlib
import functools
import re
import sys

from press.notebooks.chapters import CHAPTERS, ROOT
from press.notebooks.slots import all_slots
from tests.support.unchanged import OF_PRESS, named

FILE = re.compile(rf"{re.escape(str(ROOT))}/(?:.*/)?({'|'.join(path.stem for path in CHAPTERS)})\.(?:md|ipynb|html)")
may_read = functools.cache(named)
unnamed = set()  # the chapters that the test has read, and its file doesn't name
allowed = None  # those that it may read, or None for all


def note(event, arguments):
    if event == "open" and allowed is not None and (found := FILE.fullmatch(str(arguments[0]))) and found[1] not in allowed:
        unnamed.add(found[1])


sys.addaudithook(note)


@contextlib.contextmanager
def held_to_what_it_names(item):
    """What the test opens meanwhile is noted, by its server too. Once a week, when everything runs, a test may read anything."""
    global allowed
    all_slots()  # is kept, and counted for all tests
    unnamed.clear()
    if not (item.get_closest_marker("weekly") or hasattr(item, "cell") or item.path.is_relative_to(ROOT / OF_PRESS)):
        allowed = may_read(item.path)
    try:
        yield
    finally:
        allowed = None
