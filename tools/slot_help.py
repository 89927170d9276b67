"""Lines that don't belong to a function to write: slots.js mixes them among those that a reader puts in order."""

import itertools

from utils.judges.mistakes import edited
from utils.judges.slots import SLOTS


def wrong_lines(name, source):
    """Three lines that don't belong to the function `source`: what the first mistakes of its judge's table put into it."""
    changed = (changed_line(source, mistake.edits) for mistake in SLOTS[name].mistakes.values())
    return [*itertools.islice(filter(None, changed), 3)]


def changed_line(source, edits):
    """The first line that the edits of a mistake put into `source`, or None if they only take lines away."""
    lines = source.splitlines()
    return next((line for line in edited(source, *edits).splitlines() if line not in lines), None)
