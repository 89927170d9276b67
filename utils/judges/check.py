"""What a reader calls: `check_problem` for a function, and what the notebooks to write in call, `judged`."""

import builtins
import contextlib
import inspect
import io

from ..training import leave_blocks
from .problems import PROBLEMS
from .questions import say
from .verdicts import Verdict, guarded


def judges():
    """All judges by name: those of the problems, and those of the slots of the chapters."""
    from .slots import SLOTS  # here, because its judges are not needed until a reader asks, and import much

    return PROBLEMS | SLOTS


def check_problem(name, *answers):
    """Print a verdict on `answers`: the functions that solve the problem called `name`, or the function of that name.

    The verdict is *right*, *not yet* with a reason, or *not answered yet*. Output of the functions is hidden, and an exception in
    them becomes part of the verdict. The check seeds the random generators. In a notebook a right function of the network is kept
    in the file mynet.py (utils/mynet.py). Raises KeyError for an unknown name, and TypeError for the wrong number of functions.
    """
    _is_right(name, *answers)


def judged(name, function, book):
    """`function` if it is right, else `book`, the course's function of that name. Prints the verdict."""
    if _is_right(name, function):
        return function
    print(f"The cells below go on with the book's {book.__name__}.")
    return book


def _is_right(name, *answers):
    """Print the verdict, and keep a right function of the network in a notebook's mynet.py. Returns whether it is right."""
    verdict = verdict_on(name, *answers)
    say(verdict)
    is_right = verdict.startswith("Right")
    if is_right and name not in PROBLEMS and hasattr(builtins, "get_ipython"):
        from ..mynet import keep

        print(keep(name, *answers))
    return is_right


def verdict_on(name, *answers, printed=None):
    """The verdict that `check_problem` prints, as text. `printed`: a text stream for what the functions print, else it is lost."""
    known = judges()
    if name not in known:
        raise KeyError(f"{name!r} is not a problem: choose from {', '.join(known)}.")
    judge = known[name]
    num_answers = len(inspect.signature(judge).parameters)
    if len(answers) != num_answers:
        raise TypeError(f"The problem {name!r} asks for {num_answers} function{'s' * (num_answers > 1)}, not {len(answers)}.")
    leave_blocks()  # a judge records what it wants to, wherever it is asked
    try:
        with contextlib.redirect_stdout(printed or io.StringIO()):
            return f"Right: {judge(*map(guarded, answers))}"
    except Verdict as reached:
        return str(reached)
    finally:
        leave_blocks()  # of an answer that entered one and did not leave it
