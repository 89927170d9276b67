"""What the Python of a page asks of this book: press/run/book.py says when."""

import contextlib
import io
import math

import kernel  # this and tracebacks lie beside book.py
import tracebacks

import __main__
import swing

GROUPS = {"matplotlib": {"matplotlib", "draw"}, "measured": {"measured"}}
MODULES = {"swing": "pendulums"}
CASES = [(1, 0), (1, 1.5), (2, -0.4)]  # of height


def before():
    swing.heard.clear()


def after():
    return {"checked": [*swing.heard]}


def explain(error):
    if isinstance(error, OverflowError):
        return f"No pendulum is so long.\nOverflowError: {error}"


def is_alone(name):
    """Whether a function is judged without what the listings define."""
    return False


def judge(name, defined, code, alone):
    """The verdict on a reader's function `defined`, as the book's slots are judged: its values in some cases are compared.

    After *Stop* it is None.
    """
    namespace, printed, kind, why, traceback, line = dict(vars(__main__)), io.StringIO(), "right", "as the book's.", "", 0
    namespace.pop(defined, None)
    kernel.show_source(f"your {defined}", code)
    try:
        with kernel.stoppable(), contextlib.redirect_stdout(printed):
            exec(compile(code, f"your {defined}", "exec"), namespace)
            for case in CASES:
                given = namespace[defined](*case)
                if given is None or abs(given - swing.height(*case)) > 1e-9:
                    kind, why = "not yet", f"of {case} it gives {given}, where {swing.height(*case):.3f} is right."
                    break
    except KeyboardInterrupt:
        kind = None
    except Exception as error:
        kind, why = "not yet", "it can't be run."
        traceback, line = tracebacks.short_traceback(error, f"your {defined}"), tracebacks.last_line(error, f"your {defined}")
    said = {"kind": kind, "why": why, "example": ""}
    return {"verdict": kind and said, "line": line, "traceback": traceback, "printed": printed.getvalue()}


def step_through(name, defined, code):
    """Follow a reader's function `defined` on the first case that goes wrong, or else the last. Returns what to say of it."""
    import step

    namespace = dict(vars(__main__))
    kernel.show_source(f"your {defined}", code)
    try:
        with kernel.stoppable():
            exec(compile(code, f"your {defined}", "exec"), namespace)
            for case in CASES:
                noted, is_right = [], False
                with contextlib.suppress(Exception, step.Enough), step.followed(noted.append, ends=True):
                    is_right = math.isclose(namespace[defined](*case), swing.height(*case), abs_tol=1e-9)
                if not is_right:
                    break
        kernel.send("steps", *noted)
        return f"This is what your {defined} does for {case}."
    except KeyboardInterrupt:
        return None
    except Exception as error:
        return f"Your {defined} can't be run. {tracebacks.sentence(error).splitlines()[-1]}"


def ask(name, defined, given):
    """What the book's function gives for the arguments `given`, a text."""
    import step

    try:
        with kernel.stoppable():
            value = eval(f"swing.{defined}({given})", {**vars(__main__), "swing": swing})
        return {"said": "It gives", "value": step.described(value)}
    except KeyboardInterrupt:
        return None
    except Exception as error:
        return {"said": f"This is no input for {defined}. {tracebacks.sentence(error)}"}


def use_mine(functions):
    """Take the reader's functions, {name: code}, for those of this book."""
    for code in functions.values():
        exec(code, vars(swing))
    return ""
