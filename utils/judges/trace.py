"""`trace`: a table of what some names hold while code runs, which the reader fills in before it runs."""

import ast
import linecache
import sys
import types
from contextlib import suppress
from fractions import Fraction

import numpy as np
from mxnet import nd

from .calling import MOST_LINES, TooLong, in_order
from .cases import random_numbers_kept
from .verdicts import Verdict, not_answered, not_yet, say


def trace(name, run, places):
    """Print a verdict on each of the `places`, [(how a line begins, an expression, the answer), ...]; `...` is no answer yet.

    `run` is called with the functions of the cells as they stand. When the first line that begins so has run for the first time, the
    expression is evaluated where that line stands; `returned` is what a line with `return` gives. "" stands for the end of it all. Numbers must be right to 0.2 %,
    whole ones exactly. In a notebook the try is noted in my-course.json (utils/judges/record.py).
    """
    said, places = [], [*map(as_asked, places)]
    if all(answer is ... for _, _, answer in places):
        verdict = not_answered("write what each expression gives once its line has run for the first time.")
    else:
        try:
            with in_order(), random_numbers_kept():
                found = values_at(run, places)
            said = [verdict_on(*place, found.get(i)) for i, place in enumerate(places)]
            verdict = on_all(said)
        except (Exception, TooLong) as error:
            verdict = not_yet(f"there is nothing to compare with, because the listing ends with {type(error).__name__}: {error}")
    say("question", f"trace {name}", verdict, said)


def as_asked(place):
    """A place whose answer is one value: in a notebook who writes 3, 4 in the place of the dots means (3, 4)."""
    line, expression, *answer = place
    return line, expression, *(answer if len(answer) == 1 else [tuple(answer) or ...])


def on_all(verdicts):
    """The verdict on all places, from those on each."""
    kind = next(kind for kind in ("not yet", "not answered", "right") if any(verdict.kind == kind for verdict in verdicts))
    count = sum(verdict.kind == "right" for verdict in verdicts)
    return Verdict(kind, f"{count} of {len(verdicts)} places are right.")


def values_at(run, places):
    """{the number of a place: [the value of its expression], or the Verdict that it has none}, of those whose lines
    have run."""
    found, missing, running, left = {}, {}, {}, MOST_LINES

    def follow(frame, event, value):
        nonlocal left
        if frame.f_globals is not run.__globals__:
            return None  # lines of libraries are not followed
        if number := running.pop(frame, None):
            look(frame, linecache.getline(frame.f_code.co_filename, number).strip(), value)
        if event == "line":
            running[frame] = frame.f_lineno
            left -= 1
        if left < 0:
            raise TooLong(f"more than {MOST_LINES:,} lines. When should its loop end?")
        return follow

    def look(frame, line, value):
        for i, (begins, expression, _) in enumerate(places):
            if i not in found and begins and line.startswith(begins):
                note(i, begins, expression, {**used_by(frame), "returned": value, **frame.f_locals})

    def note(i, begins, expression, names):
        try:
            found[i] = [value_of(expression, names)]
        except NameError as error:
            missing[i] = not_yet(f"there is no `{error.name}` {when(begins)}. Did you rename it?")
        except Exception as error:
            missing[i] = not_yet(f"`{expression}` is not to be had {when(begins)}. {type(error).__name__}: {error}")

    before = sys.gettrace()
    sys.settrace(follow)
    try:
        returned = run()
    finally:
        sys.settrace(before)
    for i, (begins, expression, _) in enumerate(places):
        if not begins:
            note(i, begins, expression, {**run.__globals__, "returned": returned})
    return missing | found


def used_by(frame):
    """The globals that the code of a frame uses, and modules: another of the name of a renamed variable is not meant."""
    used = frame.f_code.co_names
    return {name: value for name, value in frame.f_globals.items() if name in used or isinstance(value, types.ModuleType)}


def value_of(expression, names):
    return plain(eval(expression, names))  # noqa: S307  it stands in the cell


def plain(value):
    """A value as numbers, texts, and tuples of such. MXNet's sums and means are arrays of one number."""
    if isinstance(value, nd.NDArray):
        value = value.asscalar() if value.size == 1 else value.asnumpy()
    if isinstance(value, (np.ndarray, np.generic)):
        value = value.tolist()
    return tuple(map(plain, value)) if isinstance(value, (list, tuple)) else value


def verdict_on(line, expression, answer, found):
    if answer is ... or answer == "":
        return not_answered(f"`{expression}` {when(line)}.")
    if found is None:
        return not_yet(f"no line that begins with `{line.strip()}` has run. Did you change it?")
    if isinstance(found, Verdict):
        return found
    right, given = *found, read(answer)
    if same(given, right):
        return Verdict("right", f"`{expression}` is {shown(right)}.")
    what = f"`{expression}` is compared with what there is {when(line)}"
    return not_yet(f"{what}, and is not {shown(given)}.{hint(given, right)}")


def when(line):
    return f"after `{line.strip()}` has run once" if line else "at the end"


def read(answer):
    """An answer that was typed as a text, such as "(2, 3)", "2, 3", "2 x 3", "1/4", or "6/2", which is the whole number 3."""
    if not isinstance(answer, str):
        return plain(answer)
    answer = answer.strip().replace("−", "-")
    for text in (answer, answer.replace("x", ",").replace("×", ",")):
        with suppress(Exception):
            return plain(ast.literal_eval(text))
    with suppress(ValueError, ZeroDivisionError):
        fraction = Fraction(answer.replace(" ", ""))
        return fraction.numerator if fraction.denominator == 1 else float(fraction)
    return answer


def same(given, right):
    if isinstance(right, tuple):
        return isinstance(given, tuple) and len(given) == len(right) and all(map(same, given, right))
    if isinstance(right, float) and isinstance(given, (int, float)):
        return bool(np.isclose(given, right, rtol=2e-3, atol=1e-6))
    return str(given).lower() == str(right).lower()


def hint(given, right):
    if not isinstance(right, tuple):
        return " It is a single value." if isinstance(given, tuple) else ""
    if not isinstance(given, tuple) or len(given) != len(right):
        return f" It has {len(right)} parts, as (2, 3) has two." if len(right) > 1 else " It has 1 part, as (2,) has one."
    return " The numbers are right, their order is not." if sorted(map(str, given)) == sorted(map(str, right)) else ""


def shown(value):
    if isinstance(value, tuple):
        return f"({', '.join(map(shown, value))}{',' * (len(value) == 1)})"
    return f"{value + 0.0:.4g}" if isinstance(value, float) else str(value)  # + 0.0: no -0
