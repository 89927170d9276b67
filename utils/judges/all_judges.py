"""All judges, by the names of what they judge."""

import contextlib
import inspect
import io

from .calling import guarded, in_order
from .verdicts import Verdict


def judges():
    """All judges by name: those of the problems, and those of the slots of the chapters."""
    from .problems import PROBLEMS  # here, because the judges are not needed until a reader asks, and import and compile much
    from .slots import SLOTS

    return PROBLEMS | SLOTS


def verdict_on(name, *answers, printed=None):
    """The Verdict on `answers` to what is called `name`. `printed`: a text stream for what the functions print, else it is lost.

    Raises KeyError for an unknown name, and TypeError for the wrong number of functions.
    """
    known = judges()
    if name not in list(known):  # a list may be asked for anything, a dict only for what is hashable
        raise KeyError(f"{name!r} is not a problem: choose from {', '.join(known)}.")
    judge = known[name]
    num_answers = len(inspect.signature(judge).parameters)
    if len(answers) != num_answers:
        raise TypeError(f"The problem {name!r} asks for {num_answers} function{'s' * (num_answers > 1)}, not {len(answers)}.")
    screen = io.StringIO()
    try:
        with in_order(), contextlib.redirect_stdout(screen):
            return Verdict("right", judge(*map(guarded, answers)))
    except Verdict as reached:
        return reached
    finally:
        if printed:
            printed.write(screen.getvalue())
