"""What a reader calls: `check_problem` for a function, and what the notebooks to write in call, `judged`."""

import builtins

from .all_judges import verdict_on
from .verdicts import say


def check_problem(name, *answers):
    """Print a verdict on `answers`: the functions that solve the problem called `name`, or the function of that name.

    The verdict is *right*, *not yet* with a reason, or *not answered yet*. Output of the functions is hidden, and an exception in
    them becomes part of the verdict. What has no end is ended within seconds, or, where nothing is heard, as in `max(iter(int, 1))`
    and on Windows in a lock, by *Restart* only; in a page of the book by *Stop*. The check seeds the random generators. In a notebook
    the try is noted in my-course.json (utils/judges/record.py), and a right function of the network is kept in mynet.py
    (utils/mynet.py). Raises KeyError for an unknown name, and TypeError for the wrong number of functions.
    """
    _is_right(name, *answers)


def judged(name, function, book):
    """`function` if it is right, else `book`, the course's function of that name. Prints the verdict."""
    if _is_right(name, function):
        return function
    print(f"The cells below go on with the book's {book.__name__}.")
    return book


def _is_right(name, *answers):
    """Say the verdict, and keep a right function of the network in a notebook's mynet.py. Returns whether it is right."""
    from .problems import PROBLEMS  # here, as in all_judges

    verdict = verdict_on(name, *answers)
    about = "problem" if name in PROBLEMS else "function"
    say(about, name, verdict)
    is_right = verdict.kind == "right"
    if is_right and about == "function" and hasattr(builtins, "get_ipython"):
        from ..mynet import keep  # here, because only a notebook needs it

        print(keep(name, *answers))
    return is_right
