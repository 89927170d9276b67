"""A call of a reader's function to step through: a case of its judge, the first that goes wrong."""

import contextlib
import functools

from .calling import guarded
from .cases import random_numbers_kept
from .judging import known, outcome, same
from .slots import SLOTS
from .verdicts import Verdict
from .ways import book_of


@random_numbers_kept()
def follow_example(slot, function, followed):
    """Run the case `example` of a reader's function or class, with what that does within the context that `followed()` returns.

    Of a function that is called more than once only the first call. Returns a sentence that says which case it is.
    """
    (text, run, *shown), is_wrong = example(slot, function)
    if isinstance(function, type):
        with followed():
            outcome(*shown, function)
    else:
        outcome(run, guarded(first_call(function, followed), limit=False))
    text, name = text.rstrip(","), function.__name__
    if is_wrong:
        return f"{text} your {name} goes wrong first, and this is what it does there."
    return f"{text}, the judge's first case, this is what your {name} does."


def example(slot, function):
    """The first case of the judge that goes wrong, or else its first, and whether it goes wrong."""
    judge = SLOTS[slot]
    cases = getattr(judge, "examples", None) or judge.cases
    several = cases if len(cases) > 1 else []  # where there is one, the judge has looked at more than that
    wrong = next((case for case in several if goes_wrong(case[1], book_of(slot), function)), None)
    return wrong or cases[0], wrong is not None


def goes_wrong(run, book, function):
    try:
        return not same(known(run, book), outcome(run, guarded(function)))
    except Verdict:  # it has no end, say
        return True


def first_call(function, followed):
    """`function`, whose first call runs within `followed()`."""
    contexts = iter([followed])

    @functools.wraps(function)
    def call(*args, **options):
        with next(contexts, contextlib.nullcontext)():
            return function(*args, **options)

    return call
