"""Shared by the judges of all slots: cases, what a function makes of them, and the sentence on the first that goes wrong.

A case is a pair: how a sentence begins that shows it, and a function `run(function)` that gives a dict of arrays by name.
A result has the name "".
"""

import contextlib
import functools
import inspect
import random
import re

import mxnet as mx
import numpy as np
from mxnet import autograd, nd
from mxnet.base import MXNetError

from .verdicts import USE_ND, Unending, Verdict, a_type, answered, array_of, guarded, not_yet, shown, walk_back

FEW = 12  # numbers that a sentence may show


def judging(book, cases, mistakes, otherwise, right):
    """The judge of a slot, a function that returns the sentence `right` or raises a Verdict, as `judge` and `takes` do.

    Its attribute `mistakes` is the table, {sentence: a function that makes this mistake}.
    """

    def judge_slot(function):
        judge(function, book, cases, mistakes, otherwise)
        takes(function, *inspect.signature(book).parameters)
        return right

    judge_slot.mistakes = mistakes
    return judge_slot


@np.errstate(all="ignore")  # a verdict tells of an overflow, and no warning is needed
def judge(function, book, cases, mistakes, otherwise):
    """End with a verdict unless `function` does what `book` does in all cases.

    mistakes: {sentence: a function that makes this mistake}. A sentence is used only if its function gives what the learner's
    gives in *every* case; else `otherwise` is. The example is the first case that goes wrong.
    """
    rights, results = [known(run, book) for _, run in cases], [outcome(run, function) for _, run in cases]
    wrong = next((i for i, (right, result) in enumerate(zip(rights, results)) if not same(right, result)), None)
    if wrong is None:
        return
    why = next((why for why, mistake in mistakes.items() if behaves_as(mistake, cases, results)), None)
    raise verdict(why, otherwise, cases[wrong][0], rights[wrong], results[wrong])


def outcome(run, function):
    """What `function` makes of a case, or the verdict that ends it."""
    try:
        return run(function)
    except Unending:
        raise
    except Verdict as reached:
        if "setting an array element with a sequence" in str(reached) or "__array_ufunc__" in str(reached):
            raise not_yet(  # at once: NumPy reads a large NDArray number by number, which takes minutes
                f"{function.__name__} calls a function of NumPy, which can't take an NDArray. {USE_ND}"
            ) from None
        if "not in a computational graph" in str(reached):
            return not_yet(
                "backward starts from what was not recorded. All that leads there belongs inside `with autograd.record():`, "
                "a sum or mean of the losses too."
            )
        return reached


def behaves_as(mistake, cases, results):
    if all(isinstance(result, Verdict) for result in results):
        return False  # it always fails: its own message says more
    return all(same(known(run, mistake), result) for (_, run), result in zip(cases, results))


@functools.cache  # the book's function and those with a mistake give the same each time
def known(run, function):
    """What a function of the course makes of a case."""
    return outcome(run, guarded(function, limit=False))  # it ends, and counting its steps takes time


def same(a, b):
    if isinstance(a, Verdict) or isinstance(b, Verdict):
        return isinstance(a, Verdict) and isinstance(b, Verdict) and kind(a) == kind(b)
    return a.keys() == b.keys() and all(
        a[name].shape == b[name].shape and np.allclose(a[name], b[name], rtol=1e-3, atol=1e-5, equal_nan=True) for name in a
    )


def kind(reached):
    """A verdict without what differs between functions with the same mistake: the type of an exception, or else the sentence."""
    raised = re.search(r" raised (\w+)", str(reached))
    return raised[1] if raised else str(reached).partition(" ")[2]


def verdict(why, otherwise, text, right, result):
    if isinstance(result, Verdict) and why is None:
        return (
            result
            if str(result).startswith("Not answered")
            else Verdict(f"{result}\nThat was for {text.removeprefix('For ').rstrip(',')}.")
        )
    if isinstance(result, Verdict):
        stopped = str(result).removeprefix("Not yet: ")
        return not_yet(f"{why}\n{text.rstrip(',')}: {stopped}")
    name = next(name for name in right if not same({"": right[name]}, {"": result[name]}))
    expected, given = both_shown(right[name], result[name])
    what = f"{name} should be {expected}, and is" if name else f"it should give {expected}, and gives"
    if name.startswith("the gradient"):
        otherwise = "the values are right, but their gradient is not."
    if right[name].shape != result[name].shape:
        otherwise = f"{name or 'the result'} has the wrong shape."
    if name and result[name].ndim == 0 < right[name].ndim:
        otherwise = f"{name} is one number, where each row has its own. Leave out the sum or mean over all rows."
    return not_yet(f"{why or otherwise}\n{text} {what} {given}.")


# --- Cases ----------------------------------------------------------------------------------------------------------------


def call(**args):
    """A case: the function is called with `args`, NumPy arrays or lists of them, and gives an NDArray.

    It may not change them, nor what they have of gradients."""

    def run(function):
        given = {name: fresh(value) for name, value in args.items()}
        arrays = [array for value in given.values() for array in each(value) if array.dtype == np.float32]
        for array in arrays:
            array.attach_grad()
            array.grad[:] = 7
        with unchanged(function, given):
            Y = array_given(function, function(*given.values()))
        if not any(Y is array for array in arrays):
            with contextlib.suppress(MXNetError):  # as it should be: nothing was recorded
                Y.backward()
        if any((array.grad.asnumpy() != 7).any() for array in arrays):
            raise not_yet(
                f"{function.__name__} records or attaches gradients. That is for the code around it: leave autograd out here."
            )
        return {"": Y.asnumpy()}

    return f"For {shown_args(args)}", run


def gradient(of, **args):
    """A case: the gradient of 1, 2, 3, ... times the entries of the result, with respect to the argument `of`."""

    def run(function):
        given = {name: fresh(value) for name, value in args.items()}
        arrays = [*each(given[of])]
        for array in arrays:
            array.attach_grad()
        with autograd.record():
            Y = array_given(function, function(*given.values()))
            if Y.dtype != np.float32:
                name = np.dtype(Y.dtype).name
                raise not_yet(
                    f"{function.__name__} returns {name}, where the network computes with float32. Leave the type as it is."
                )
            l = Y * nd.array(np.arange(1, Y.size + 1).reshape(Y.shape))
        walk_back(l, function.__name__)
        names = [f"{of}[{i}]" for i in range(len(arrays))] if isinstance(args[of], list) else [of]
        about = "(of the entries of the result, times 1, 2, 3, ... and added up)"
        return {f"the gradient of {name} {about}": array.grad.asnumpy() for name, array in zip(names, arrays)}

    return f"For {shown_args(args)}", run


def numpy_call(*results, **args):
    """A case: the function is called with `args`, NumPy arrays, lists of them or other values, and gives the arrays `results`.

    It may not change its arguments. A function that gives one array has the result ""."""

    def run(function):
        given = {name: copied(value) for name, value in args.items()}
        with unchanged(function, given):
            Y = answered(function, function(*given.values()))
        if results == ("",):
            return {"": numpy_given(Y, "the result")}
        if not isinstance(Y, (tuple, list)) or len(Y) != len(results):
            what = f"{len(Y)} values" if isinstance(Y, (tuple, list)) else "one array" if isinstance(Y, np.ndarray) else a_type(Y)
            raise not_yet(f"{function.__name__} should return {', '.join(results)}, and returns {what}.")
        return {name: numpy_given(value, name) for name, value in zip(results, Y)}

    return f"For {shown_args(args)}", run


@contextlib.contextmanager
def unchanged(function, given):
    """End if `function` changes one of the arguments `given` meanwhile: an array, or which arrays are in a list."""
    before = {name: [(array, copied(numbers(array))) for array in each(value)] for name, value in given.items()}
    yield
    for name, value in given.items():
        now = each(value)
        is_same = len(now) == len(before[name]) and all(
            array is old and np.array_equal(numbers(array), was) for array, (old, was) in zip(now, before[name])
        )
        if not is_same:
            raise not_yet(f"{function.__name__} changes {name}, which others still need. Make a new array instead.")


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


def array_given(function, Y):
    """The NDArray that `function` has returned."""
    answered(function, Y)
    if isinstance(Y, np.ndarray):
        raise not_yet(
            f"{function.__name__} returns an array of NumPy, where an NDArray is asked for. Stay with nd: no asnumpy, no np."
        )
    if not isinstance(Y, nd.NDArray):
        raise not_yet(f"{function.__name__} returns {a_type(Y)}, where an NDArray is asked for.")
    return Y


def numpy_given(value, what):
    """`value`, if it is an array of NumPy or one of its numbers; `what` names it."""
    if isinstance(value, nd.NDArray):
        raise not_yet(f"{what} is an NDArray, where an array of NumPy is asked for: np in place of nd.")
    if not isinstance(value, (np.ndarray, np.number)) or isinstance(value, np.matrix):
        raise not_yet(f"{what} should be an array of NumPy, and is {a_type(value)}.")
    if np.asarray(value).dtype.kind not in "fiu":
        raise not_yet(f"{what} should hold numbers, and holds {np.asarray(value).dtype.name}.")
    if np.asarray(value).dtype == np.float16:
        raise not_yet(f"{what} holds float16, numbers of three digits. Leave the type as it is.")
    return np.asarray(value)


def number_given(function, value, what):
    """The number that `function` has returned, of Python or NumPy; `what` says which it is."""
    answered(function, value)
    if isinstance(value, nd.NDArray):
        ending = "asscalar() makes a number of it" if value.size == 1 else f"its shape is {value.shape}"
        raise not_yet(f"{what} should be a number, and is an NDArray: {ending}.")
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.number)):
        raise not_yet(f"{what} should be a number, and is {a_type(value)}.")
    return array_of(what, value)


def fresh(value):
    """NDArrays of the learner's own."""
    return [fresh(array) for array in value] if isinstance(value, list) else nd.array(value, dtype=value.dtype)


def copied(value):
    """NumPy arrays of the learner's own; other values as they are."""
    return [*map(copied, value)] if isinstance(value, list) else value.copy() if isinstance(value, np.ndarray) else value


def numbers(array):
    return array.asnumpy() if isinstance(array, nd.NDArray) else array


def each(value):
    return value if isinstance(value, list) else [value]


def floats(value):
    return np.array(value, dtype=np.float32)


def classes(*numbers):
    """Labels as the data gives them, int32."""
    return np.array(numbers, dtype=np.int32)


def some(*shape, seed=0):
    """Numbers from N(0, 1), the same on each call."""
    return np.random.RandomState(seed).normal(size=shape).astype(np.float32)


def two_layers(d, h, q):
    """Parameters of a network d-h-q."""
    return [some(d, h, seed=1) / d**0.5, some(h, seed=2), some(h, q, seed=3), some(q, seed=4)]


def some_classes(n, q=10):
    return (np.arange(n) * 7 % q).astype(np.int32)


@contextlib.contextmanager
def random_numbers_kept():
    """Whatever is drawn in between, the learner's random numbers go on as they would."""
    states = random.getstate(), np.random.get_state()
    following = int(nd.random.uniform(0, 2**24).asscalar())  # MXNet's state can't be read, so its numbers go on from here
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])
        mx.random.seed(following)


def near_enough(sd, right):
    """Whether a standard deviation of thousands of random numbers can be `right`."""
    return abs(sd / right - 1) < 0.06


# --- Showing --------------------------------------------------------------------------------------------------------------


def shown_args(args):
    return ", ".join(
        f"{name} = {shown(value)}" if sum(map(np.size, each(value))) <= 3 * FEW else shapes(name, value)
        for name, value in args.items()
    )


def shapes(name, value):
    listed = ", ".join(str(array.shape) for array in each(value))
    return f"{name} of shape{'s' * isinstance(value, list)} {listed}"


def both_shown(right, result):
    """Two arrays as the end of a sentence shows them: whole if they are small, else their shapes or the first rows that differ."""
    if max(right.size, result.size) <= FEW:
        return shown(right), shown(result)
    if right.shape != result.shape:
        return f"an array of shape {right.shape}", f"one of shape {result.shape}"
    row = next(i for i in range(len(right)) if not same({"": right[i]}, {"": result[i]}))
    if right[row].size > FEW:
        return tuple(f"an array whose row {row} begins {shown(array[row].ravel()[:4])[:-1]}, ...]" for array in (right, result))
    return tuple(
        f"an array whose {'row' if right.ndim > 1 else 'entry'} {row} is {shown(array[row])}" for array in (right, result)
    )
