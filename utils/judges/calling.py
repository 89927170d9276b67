"""Call a reader's function: an exception in it, or a loop without an end, becomes a verdict."""

import contextlib
import inspect
import signal
import sys
import threading
import time

from mxnet import autograd, nd

from ..blocks import leave_blocks
from .errors import told
from .verdicts import Verdict, not_answered, not_yet

MOST_LINES = 2_000_000  # of the reader's file, run in one call: three loops over the largest case take a third of it
MOST_PASSES = 100  # over the data of a case, most of which ask for three
SECONDS = 6  # of the processor in one call, in which few lines may do much


class Unending(Verdict):
    """The function did not come to an end."""


class TooLong(BaseException):
    """Raised in the reader's code, where `except Exception` can't catch it, with what that has done so far, in words."""


def guarded(function, limit=True):
    """The learner's function, wrapped so that any exception in it ends the check with one line, as does, by `limit`, an endless loop."""
    if function is ...:
        raise not_answered("give check_problem the name of your function.")
    if not callable(function):
        raise not_yet(
            f"check_problem needs the function itself, its name without brackets, not its result ({type(function).__name__})."
        )
    name = function.__name__ if inspect.isroutine(function) else "your function"

    def guarded(*args, **kwargs):
        recording = autograd.is_recording()
        try:
            value = limited(function, *args, **kwargs) if limit else function(*args, **kwargs)
            nd.waitall()  # MXNet computes in the background: its errors are raised here at the latest
            if autograd.is_recording() and not recording:
                raise not_yet(
                    f"{name} leaves autograd.record() open, so all that follows is recorded too. `with` closes it at its end."
                )
            return value
        except Verdict:
            raise
        except TooLong as so_far:
            raise Unending("not yet", f"{name} {so_far} and is not done. When should its loop end?") from None
        except (Exception, SystemExit) as error:
            with contextlib.suppress(Exception):
                nd.waitall()  # an error in what was still being computed would end the next call
            raise not_yet(f"{name} raised {told(function, error)}", raised=type(error).__name__) from None
        finally:
            if autograd.is_recording() and not recording:
                leave_blocks()

    guarded.__name__ = name
    guarded.__wrapped__ = function  # inspect.signature finds its arguments there
    return guarded


def limited(function, *args, **kwargs):
    """function(*args, **kwargs). Raises TooLong after MOST_LINES lines of the file, or cell, in which it stands, or SECONDS."""
    written = inspect.unwrap(function) if inspect.isroutine(function) else None
    filename = getattr(getattr(written, "__code__", None), "co_filename", None)
    left = MOST_LINES

    def count(frame, event, arg):
        nonlocal left
        if frame.f_code.co_filename != filename:
            return None  # lines of libraries are not followed
        left -= event == "line"
        if left < 0:
            raise TooLong(f"has run {MOST_LINES:,} lines of Python")
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        with time_limited():
            return function(*args, **kwargs)
    finally:
        sys.settrace(before)


def limit_passes(number):
    """Raise TooLong if so many passes over the data of a case have begun: a loop around them may not end."""
    if number > MOST_PASSES:
        raise TooLong(f"has gone over the data {MOST_PASSES} times")


@contextlib.contextmanager
def time_limited():
    """Raise TooLong in what runs, once it has taken SECONDS. Not in a page, where the reader has *Stop*, nor in a thread."""
    if not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return
    end = time.thread_time() + SECONDS  # on a busy machine no function is slower

    def look(number, frame):
        if time.thread_time() > end:
            raise TooLong(f"has run for {SECONDS} seconds")

    handler, timer = signal.signal(signal.SIGALRM, look), signal.setitimer(signal.ITIMER_REAL, 1, 1)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, *timer)
        signal.signal(signal.SIGALRM, handler)


@contextlib.contextmanager
def lent(function, **names):
    """Meanwhile `names` are globals of the learner's `function`, and of what stands beside it. Afterwards their own are back."""
    own = getattr(inspect.unwrap(function), "__globals__", None)
    if own is None:
        raise not_yet(f"{function.__name__} should be a function written with def.")
    before = {name: own[name] for name in names if name in own}
    own.update(names)
    try:
        yield
    finally:
        for name in names:
            own.pop(name, None)
        own.update(before)


def takes(function, *names):
    """End unless `function` can be called with these argument names."""
    try:
        inspect.signature(function).bind(**dict.fromkeys(names))
    except TypeError as error:
        example = f"{function.__name__}({', '.join(f'{name}=...' for name in names)})"
        raise not_yet(f"keep the names of the arguments, so that {example} works: {error}.") from None
