"""Shared by the checks of all problems: verdicts, calls of a learner's function, comparisons, and easy images."""

import contextlib
import inspect
import re
import sys

import numpy as np
from mxnet import autograd, nd
from mxnet.base import MXNetError

from ..data import Minibatches
from ..training import leave_blocks


class Verdict(Exception):
    """Ends a check with the sentence to print."""


class Unending(Verdict):
    """The function did not come to an end."""


MOST_STEPS = 300_000  # instructions of the learner's code in one call: about ten thousand lines
USE_ND = "Use nd in place of np: nd.exp, and nd.dot for the matrix product."
# What to say of an error besides its message, in which this pattern occurs.
HINTS = {
    "truth value of an NDArray": "max and if look at one number. nd.maximum(A, B) and nd.where(condition, A, B) go element "
    "by element.",
    r"for @: 'NDArray'|no attribute '?(dot|matmul)|no mxnet.nd.matmul": "The matrix product is nd.dot(A, B).",
    r"shapes \[\d+,(\d+)\] \[\1,\d+\]": "The matrix product is nd.dot(A, B): + and * take entry by entry. "
    "Or did a matrix come where a bias should be?",
    "dot shape error": "nd.dot needs as many columns in its first array as there are rows in its second.",
    "must have NDArray type": "Functions of nd take NDArrays only, those of NumPy, np, its own arrays.",
    r"expected (float32, got int32|int32, got float32)": 'Both need one type: .astype("float32"), also for labels, which are int32.',
    "already in a computational graph": "An array that is recorded can't change. Make a new one; "
    "a step of sgd stands outside `with autograd.record():`.",
    "'NDArray' object is not callable": "An array has no brackets behind it: param.grad, W1.",
    r"step\(\) takes 0": "Call it as step(): it knows how long a step is.",
    "must be real number, not NDArray": "math computes with one number. nd has the functions for arrays: nd.log, nd.exp.",
    "ndarray'> not supported": f"An array of NumPy and an NDArray don't go together. {USE_ND}",
    "MXNetError: Shape inconsistent": "In nd.pick(A, y) the array comes first, then a column for each of its rows.",
    "is out of bounds for axis": "A condition in square brackets, as in X[X < 0], is taken for numbers of rows, 0 and 1.",
}


class TooManySteps(BaseException):
    """Raised in the learner's code, where `except Exception` can't catch it."""


def not_yet(why):
    return Verdict(f"Not yet: {why}")


def guarded(function, limit=True):
    """The learner's function, wrapped so that any exception in it ends the check with one line, as does, by `limit`, an endless loop."""
    if function is ...:
        raise Verdict("Not answered yet: give check_problem the name of your function.")
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
        except TooManySteps:
            raise Unending(
                f"Not yet: {name} has taken {MOST_STEPS:,} steps of Python and is not done. When should its loop end?"
            ) from None
        except (Exception, SystemExit) as error:
            with contextlib.suppress(Exception):
                nd.waitall()  # an error in what was still being computed would end the next call
            raised = f"{name} raised {type(error).__name__}{_where(function, error)}: {_last_line(error)}"
            hint = next((hint for pattern, hint in HINTS.items() if re.search(pattern, raised)), "")
            raise not_yet(f"{raised.rstrip('.')}. {hint}" if hint else raised) from None
        finally:
            if autograd.is_recording() and not recording:
                leave_blocks()

    guarded.__name__ = name
    guarded.__wrapped__ = function  # inspect.signature finds its arguments there
    return guarded


def limited(function, *args, **kwargs):
    """function(*args, **kwargs). Raises TooManySteps after MOST_STEPS instructions of the file, or cell, in which it stands."""
    written = inspect.unwrap(function) if inspect.isroutine(function) else None
    filename = getattr(getattr(written, "__code__", None), "co_filename", None)
    left = MOST_STEPS

    def count(frame, event, arg):
        nonlocal left
        if frame.f_code.co_filename != filename:
            return None  # lines of libraries are not followed
        frame.f_trace_opcodes = True  # `while True: pass` never reaches a new line
        left -= event in ("opcode", "line")
        if left < 0:
            raise TooManySteps
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        return function(*args, **kwargs)
    finally:
        sys.settrace(before)


def _where(function, error):
    """The line of the learner's own cell in which the error occurred."""
    code = getattr(function, "__code__", None) if inspect.isroutine(function) else None
    lines, traceback = [], error.__traceback__
    while traceback is not None:
        if code and traceback.tb_frame.f_code.co_filename == code.co_filename:
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return f" in line {lines[-1]}" if lines else ""


def _last_line(error):
    try:
        lines = str(error).strip().splitlines()
    except Exception:  # in a class of the learner's own
        lines = []
    lines = lines or ["(no message)"]
    line = lines[0] if isinstance(error, AssertionError) else lines[-1]  # which ends with an array in several lines
    message = re.sub(r"[\w.]*<locals>\.", "", line.split("Check failed: ")[-1])
    return message if len(message) <= 160 else message[:157] + "..."


def answered(function, value):
    """`value`. Ends the check if the function is still to be written."""
    if value is None or value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        raise Verdict(
            f"Not answered yet: {function.__name__} returns nothing so far. If you did write it, does it end with `return`?"
        )
    return value


def a_type(value):
    """What `value` is, in words."""
    name = "array of NumPy" if type(value) is np.ndarray else type(value).__name__
    return "None" if value is None else f"{'an' if name.startswith((*'aeiou', 'ND')) else 'a'} {name}"


def shown(value):
    """Numbers in few digits, in brackets as Python prints a list."""
    if isinstance(value, tuple):
        return str(value)
    if isinstance(value, list) or np.ndim(value):
        return f"[{', '.join(map(shown, value))}]"
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:.0f}" if abs(value) < 1e7 else f"{value:.1e}"


def array_of(what, value):
    """A NumPy array of floats from a number, an array, an NDArray, or a list of such."""
    try:
        if isinstance(value, (str, bytes)):
            raise TypeError("text is no number, although NumPy would read it as one")
        if isinstance(value, (list, tuple)):
            value = [array_of(what, part) for part in value]
        return np.asarray(value.asnumpy() if isinstance(value, nd.NDArray) else value, dtype=float)
    except OverflowError:
        raise not_yet(f"{what} should be made of numbers below 1e308.") from None
    except Verdict:
        raise
    except Exception:  # of a class of the learner's own
        raise not_yet(f"{what} should be made of numbers, not of {type(value).__name__}.") from None


def number_of(function, args, what):
    """The result of the function for `args`, as one number."""
    value = answered(function, function(*args))
    if isinstance(value, (bool, np.bool_)):
        raise not_yet(f"{function.__name__} gives {value}; return the number itself, {what}.")
    if isinstance(value, (list, tuple, dict)):
        raise not_yet(f"{function.__name__} gives a {type(value).__name__} of {len(value)}; return one number, {what}.")
    array = array_of(f"the result of {function.__name__}", value)
    if array.size != 1:
        raise not_yet(f"{function.__name__} gives an array of shape {array.shape}; return one number, {what}.")
    return array.item()


def params_of(function, args, sizes):
    """The list [W1, b1, W2, ...] that `function` returns for `args`, checked: new arrays with gradients, of the right shapes."""
    params, again = _checked_params(function, args, sizes), _checked_params(function, args, sizes)
    if np.array_equal(params[0].asnumpy(), again[0].asnumpy()):
        raise not_yet(
            f"two calls of {function.__name__} give the same weights. Draw new ones on each call, and leave the seed alone."
        )
    for i, (param, other) in enumerate(zip(params, again)):
        if param is other:
            name = f"{'Wb'[i % 2]}{i // 2 + 1}"
            raise not_yet(f"a second call returns the same {name} as the first. Make all arrays inside the function.")
    return params


def _checked_params(function, args, sizes):
    """What `function` returns for `args`, if it is a list [W1, b1, W2, ...] of arrays with gradients, of the right shapes."""
    params = answered(function, function(*args))
    names = [f"{kind}{layer}" for layer in range(1, len(sizes)) for kind in "Wb"]
    wanted = f"{function.__name__} should return a list of NDArrays, [{', '.join(names)}]"
    if not isinstance(params, (list, tuple)):
        raise not_yet(f"{wanted}, and returns {a_type(params)}.")
    for i, param in enumerate(params):
        if not isinstance(param, nd.NDArray):
            why = " attach_grad changes an array and returns nothing: return the arrays." if param is None else ""
            raise not_yet(f"{wanted}, and returns one whose entry {i} is {a_type(param)}.{why}")
    if len(params) != len(names):
        raise not_yet(
            f"{function.__name__} returns {len(params)} arrays. {len(names) // 2} layers with a W and a b each have {len(names)}."
        )
    shapes = [shape for pair in zip(sizes, sizes[1:]) for shape in (pair, pair[1:])]
    for name, param, shape in zip(names, params, shapes):
        if param.shape != shape:
            call = f"{function.__name__}({', '.join(map(str, args))})"
            raise not_yet(f"for {call}, {name} should have shape {shape}, and has {param.shape}.")
        if name.startswith("W") and len(np.unique(param.asnumpy(), axis=1).T) < shape[1]:
            raise not_yet(
                f"units of {name} have equal weights, so they would stay equal to each other for ever. Draw all numbers at random."
            )
    for name, param in zip(names, params):
        if param.grad is None:
            raise not_yet(f"{name} has no memory for its gradient. Call attach_grad last: W * 2 is a new array and has none.")
    return params


def walk_back(l, what):
    """Call l.backward(). Ends the check if the function that computed `l`, called `what` in the message, has cut the graph."""
    try:
        l.backward()
    except MXNetError:
        raise not_yet(
            f"the values are right, but autograd can't follow {what}: somewhere it leaves nd, as asnumpy does, or detaches."
        ) from None


def near(value, right, rtol=1e-3, atol=1e-5):
    return np.shape(value) == np.shape(right) and np.allclose(value, right, rtol=rtol, atol=atol)


def compare(value, right, mistakes, otherwise, rtol=1e-3):
    """End the check unless `value` is `right`; mistakes: {message: the value that this mistake gives}."""
    if not near(value, right, rtol):
        raise not_yet(next((why for why, wrong in mistakes.items() if near(value, wrong, rtol)), otherwise))


def times(n):
    return "once" if n == 1 else f"{n} times"


class EasyImages(Minibatches):
    """Minibatches of easy images of ten classes. They count how many iterations over them began and how many came to the end."""

    def __init__(self, num_images, batch_size=50, shuffle=True):
        rng = np.random.RandomState(0)
        patterns = 255 * (rng.uniform(size=(10, 28, 28)) < 0.15)
        labels = np.arange(num_images) % 10
        images = np.clip(patterns[labels] + rng.normal(scale=40, size=(num_images, 28, 28)), 0, 255).astype("uint8")
        super().__init__(images, labels, batch_size, shuffle)
        self.begun = self.ended = 0

    def __iter__(self):
        self.begun += 1
        if self.begun > 100:
            raise not_yet("your function was still training after 100 epochs on a small data set. When should its loop end?")
        yield from super().__iter__()
        self.ended += 1
