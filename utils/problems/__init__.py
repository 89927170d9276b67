"""The problems of the chapter *Solve problems*, each with a check that explains what is wrong with an answer.

A check (`judge`, in the module named after the problem) calls the learner's functions with small inputs of its own and compares
their results with the right one and with those of common mistakes. It never inspects their source code.
"""

import builtins
import contextlib
import inspect
import io

from ..questions import say
from ..training import leave_blocks
from . import (
    activation,
    batch_size,
    best_result,
    counting,
    early_stopping,
    gradient_check,
    hidden_units,
    initialisation,
    learning_rate,
    momentum,
    one_more_layer,
    three_bugs,
)
from .verdicts import Verdict, guarded

# In the order of the chapter.
PROBLEMS = {
    "hidden units": hidden_units.judge,
    "one more layer": one_more_layer.judge,
    "learning rate": learning_rate.judge,
    "batch size": batch_size.judge,
    "activation": activation.judge,
    "initialisation": initialisation.judge,
    "counting": counting.judge,
    "three bugs": three_bugs.judge,
    "gradient check": gradient_check.judge,
    "momentum": momentum.judge,
    "early stopping": early_stopping.judge,
    "best result": best_result.judge,
}


def judges():
    """All judges by name: those of the problems, and those of the slots of the chapters."""
    from ..slots import SLOTS  # here, because its judges are not needed until a reader asks, and use this package

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
