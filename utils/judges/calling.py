"""Call a reader's function: an exception in it, or a loop without an end, becomes a verdict, and what it changes around it is put back."""

import _thread
import contextlib
import functools
import inspect
import itertools
import os
import re
import signal
import sys
import threading
import time
import warnings

import mxnet as mx
import numpy as np
from mxnet import autograd, nd

from ..blocks import blocks_kept, leave_blocks
from .errors import cause_of, head, line_of, told
from .verdicts import Verdict, not_answered, not_yet

MOST_LINES = 2_000_000  # of the reader's file, run in one call: three loops over the largest case take a third of it
MOST_PASSES = 200  # over the data of a case, most of which ask for three, one for as many as it has minibatches
SECONDS = 6  # of the processor in one call, in which few lines may do much. On a busy machine no function takes more of them
IDLE = 0.02  # seconds of the processor in a second: a function that takes less waits, as the busiest machine gives it more
PATIENCE = 8  # such seconds one after the other
LONGEST = 60  # seconds of any kind: the slowest right function takes 3 of the processor
MEMORY = 2**30  # bytes more than before: the largest case takes a hundredth of it
TICK = 1  # seconds between two looks at the clock
WRITTEN = "{} should be a function written with def."
SIGNAL = getattr(signal, "SIGALRM", signal.SIGTERM)  # Windows lacks the first


class Unending(Verdict):
    """The function did not come to an end."""


class TooLong(BaseException):
    """Raised in the reader's code, where `except Exception` can't catch it, with what that has done so far, in words.

    A bare `except:` can. When it is done with this one, SIGNAL comes, and its handler in `limited` raises the next, outside the `try`.
    """

    __del__ = functools.partial(_thread.interrupt_main, SIGNAL)  # no frame of Python's own, in which the handler would be called


def guarded(function, limit=True):
    """The learner's function, wrapped so that any exception in it ends the check with one line, as does, by `limit`, an endless loop.

    What it leaves changed around it is put back after each call. Only an interrupt passes, which ends the check without a verdict.
    """
    if function is ...:
        raise not_answered("give check_problem the name of your function.")
    if not callable(function):
        raise not_yet(
            f"check_problem needs the function itself, its name without brackets, not its result ({type(function).__name__})."
        )
    name = name_of(function)

    def guarded(*args, **kwargs):
        with kept():
            recording, training, reached = autograd.is_recording(), autograd.is_training(), None
            try:
                value = limited(function, *args, **kwargs) if limit else function(*args, **kwargs)
                nd.waitall()  # MXNet computes in the background: its errors are raised here at the latest
            except KeyboardInterrupt:
                raise
            except BaseException as error:
                reached = ended_by(error, function, name)
            if reached:  # here, so that it does not keep the error, with all that the function had made
                raise reached
            if autograd.is_recording() and not recording:
                raise not_yet(
                    f"{name} leaves autograd.record() open, so all that follows is recorded too. `with` closes it at its end."
                )
            if autograd.is_training() and not training:
                raise not_yet(
                    f"{name} leaves training mode on, so that dropout would be on in all that follows. `with autograd.train_mode():` "
                    "switches it off at its end."
                )
            return value

    guarded.__name__ = name
    guarded.__wrapped__ = function  # inspect.signature finds its arguments there
    return guarded


def ended_by(error, function, name):
    """The Verdict on a function that has raised `error`."""
    if isinstance(error, Verdict) and error.kind != "right":
        return error  # of what the judge has lent
    if isinstance(error, TooLong):
        return Unending("not yet", f"{name} {error} and is not done. {asked(str(error))}")
    if isinstance(error, MemoryError) and not str(error):  # else it says how large an array should have become
        return Unending("not yet", f"{name} has filled the memory and is not done. When should its loop end?")
    with contextlib.suppress(Exception):
        nd.waitall()  # an error in what was still being computed would end the next call
    raised, line = type(error).__name__, line_of(function, error)
    return not_yet(f"{head(name, raised, line)}{told(function, error)}", raised=raised, line=line, cause=cause_of(error))


def asked(so_far):
    """What to ask of a function that is not done: only lines, items and passes are sure to come from a loop."""
    if re.search("sleeps|waited", so_far):
        return "What does it wait for?"
    return (
        "When should its loop end?"
        if re.search("lines|items|over the data", so_far)
        else "If it has a loop, when should that end?"
    )


def name_of(function):
    name = getattr(function, "__name__", None) if inspect.isroutine(function) else None
    return name if isinstance(name, str) else "your function"


# --- What is put back -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def kept():
    """Whatever is changed in between, it is as before afterwards: what NumPy and warnings do, the blocks of autograd, the streams ..."""
    depth, profile, stop = sys.getrecursionlimit(), sys.getprofile(), signal.getsignal(signal.SIGINT)
    with (
        blocks_kept(),
        np.errstate(call=np.geterrcall()),
        warnings.catch_warnings(),
        contextlib.redirect_stdout(sys.stdout),
        contextlib.redirect_stderr(sys.stderr),
    ):
        try:
            yield
        finally:
            sys.setrecursionlimit(depth)
            sys.setprofile(profile)
            if is_main() and signal.getsignal(signal.SIGINT) is not stop:
                signal.signal(signal.SIGINT, stop)


@contextlib.contextmanager
def in_order():
    """Judges compute in this state, whatever the reader's cells have set: no block open, and no word on an overflow, of which a verdict tells."""
    leave_blocks()  # also those that an interrupt has left open
    with kept(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if hasattr(mx, "npx"):  # MXNet
            mx.npx.reset_np()
        yield


# --- What has no end ------------------------------------------------------------------------------------------------------


def limited(function, *args, **kwargs):
    """function(*args, **kwargs). Raises TooLong after MOST_LINES lines of the file, or cell, in which it stands, or as `clock` says."""
    written = unwrapped(function)
    filename = getattr(getattr(written, "__code__", None), "co_filename", None)
    left, so_far, look = MOST_LINES, None, clock()

    def count(frame, event, arg):
        nonlocal left, so_far
        if frame.f_code.co_filename != filename:
            return None  # lines of libraries are not followed
        left -= event == "line"
        if left < 0:
            so_far = f"has run {MOST_LINES:,} lines of Python"
            raise TooLong(so_far)
        return count

    def end(number, frame):
        nonlocal so_far
        so_far = so_far or look()
        if so_far and is_inside(frame):
            raise TooLong(so_far)

    before = sys.gettrace()
    sys.settrace(count)
    try:
        with endings_lent(written), memory_limited(), ticking(end):
            return call(function, args, kwargs)
    finally:
        sys.settrace(before)


def unwrapped(function):
    """The function that the learner has written, or None, as for what only looks like a function."""
    return inspect.unwrap(function) if inspect.isroutine(function) else None


def call(function, args, kwargs):
    return function(*args, **kwargs)


def is_inside(frame):
    """Whether `frame` belongs to what `call` has called, and not to what comes after it."""
    while frame and frame.f_code not in (call.__code__, limited.__code__):
        frame = frame.f_back
    return frame and frame.f_code is call.__code__


def is_main():
    return threading.current_thread() is threading.main_thread()


def clock():
    """A function to be called each second, which says in words what has lasted too long since now. In a page it never does."""
    if sys.platform == "emscripten":  # which lacks thread_time
        return lambda: None
    end, used, idle, seconds = time.thread_time() + SECONDS, time.process_time(), 0, 0

    def look():
        nonlocal used, idle, seconds
        before, used, seconds = used, time.process_time(), seconds + TICK
        idle = idle + TICK if used - before < IDLE * TICK else 0
        if time.thread_time() > end:
            return f"has run for {SECONDS} seconds"
        if idle >= PATIENCE:
            return f"has waited for {PATIENCE} seconds"
        return f"has taken {LONGEST} seconds" if seconds >= LONGEST else None

    return look


@contextlib.contextmanager
def ticking(end):
    """Meanwhile SIGNAL calls `end`, and comes once a second; in a page, where the reader has *Stop*, only as `limited` sends it."""
    if not is_main():
        yield
        return
    done, handler = threading.Event(), signal.signal(SIGNAL, end)

    def tick():
        while not done.wait(TICK):
            _thread.interrupt_main(SIGNAL)

    try:
        if sys.platform == "emscripten":
            yield
        elif hasattr(signal, "setitimer"):  # a signal of the system ends also what waits
            timer = signal.setitimer(signal.ITIMER_REAL, TICK, TICK)
            try:
                yield
            finally:
                signal.setitimer(signal.ITIMER_REAL, *timer)
        else:
            threading.Thread(target=tick, daemon=True).start()
            yield
    finally:
        done.set()
        signal.signal(SIGNAL, handler)


@contextlib.contextmanager
def memory_limited():
    """MemoryError is raised in what takes MEMORY more than now. Only Linux counts so."""
    if sys.platform != "linux":
        yield
        return
    import resource  # here, because Windows lacks it

    before = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(OSError, ValueError):  # where /proc is hidden, or the limit is lower already
        with open("/proc/self/statm") as sizes:
            now = int(sizes.read().split()[5]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_DATA, (now + MEMORY, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)


def counted(endless):
    """An iterator of itertools that has no end, but one after MOST_LINES items: nothing else would be heard in `sum` or `list`."""

    def items(*args, **kwargs):
        for number, item in enumerate(endless(*args, **kwargs)):
            if number == MOST_LINES:
                raise TooLong(f"has taken {MOST_LINES:,} items of itertools.{endless.__name__}")
            yield item

    return items


def sleep(seconds, plain=time.sleep):
    if is_main() and seconds > PATIENCE:
        raise TooLong(f"sleeps for {seconds} seconds")
    plain(seconds)


# What would never end, or would end Python itself, and what stands in its place while a reader's function runs.
ENDINGS = {
    (itertools, "count"): counted(itertools.count),
    (itertools, "cycle"): counted(itertools.cycle),
    (itertools, "repeat"): counted(itertools.repeat),
    (time, "sleep"): sleep,
    (os, "_exit"): sys.exit,
}


@contextlib.contextmanager
def endings_lent(function):
    """Meanwhile ENDINGS stand in their modules, and in the globals of `function` under whatever name."""
    own, endings = getattr(function, "__globals__", {}), {}
    places = [(vars(module), name, getattr(module, name)) for module, name in ENDINGS]
    for (_, _, plain), ending in zip(places, ENDINGS.values()):
        endings[id(plain)] = ending
    places += [(own, name, value) for name, value in [*own.items()] if id(value) in endings]
    for names, name, plain in places:
        names[name] = endings[id(plain)]
    try:
        yield
    finally:
        for names, name, plain in places:
            names[name] = plain


def limit_passes(number):
    """Raise TooLong if so many passes over the data of a case have begun: a loop around them may not end."""
    if number > MOST_PASSES:
        raise TooLong(f"has gone over the data {MOST_PASSES} times")


# --- What a judge lends ---------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def lent(function, **names):
    """Meanwhile `names`, of arrays copies, are globals of the learner's `function`, and of what stands beside it, in place of their own."""
    own = getattr(inspect.unwrap(function), "__globals__", None)
    if own is None:
        raise not_yet(WRITTEN.format(function.__name__))
    before = {name: own[name] for name in names if name in own}
    own.update({name: value.copy() if isinstance(value, np.ndarray) else value for name, value in names.items()})
    try:
        yield
    finally:
        for name in names:
            own.pop(name, None)
        own.update(before)


def takes(function, *names):
    """End unless `function` can be called with these argument names."""
    if str(inspect.unwrap(function).__module__).startswith(("mxnet", "utils.engine")):
        return  # an engine's own function, whose arguments have other names
    try:
        signature_of(function).bind(**dict.fromkeys(names))
    except TypeError as error:
        example = f"{function.__name__}({', '.join(f'{name}=...' for name in names)})"
        raise not_yet(f"keep the names of the arguments, so that {example} works: {error}.") from None


def signature_of(function):
    """The signature of the learner's function. Ends the check if it has none, as most that are written in C."""
    try:
        return inspect.signature(function)
    except ValueError:
        raise not_yet(WRITTEN.format(function.__name__)) from None
