"""Cases for a judge, and the arrays in them.

A case is a pair: how a sentence begins that shows it, and a function `run(function)` that gives a dict of arrays by name.
A result has the name "".
"""

import contextlib
import random

import mxnet as mx
import numpy as np
from mxnet import autograd, nd
from mxnet.base import MXNetError

from .given import FEW, a_type, answered, array_given, numpy_given, shown, walk_back
from .verdicts import not_yet


def keeps_its_arrays(params, arrays):
    """End with a verdict unless params, after a step, still holds these arrays."""
    if [*map(id, params)] != [*map(id, arrays)]:
        if {*map(id, params)} <= {*map(id, arrays)}:
            raise not_yet("after the step params lacks an array, or has them in another order. Leave the list as it is.")
        raise not_yet(
            "params holds another array after the step: `params[i] = ...` puts a new one there, and others still hold the old one. "
            "`params[i] -= ...` or `params[i][:] = ...` changes the array itself."
        )


NOTHING_MOVED = (
    "no parameter changed. If you did write it: `param = param - ...` makes a new array, asnumpy() and copy() give a copy, and the old "
    "one stays as it is; `param -= ...` or `param[:] = ...` changes it. Does the loop go over the argument, not over a `params` of the "
    "page? And what `map` or a generator should do waits for a loop."
)


def can_learn(name, param):
    """End unless `param` holds float32, as the network does, and backward writes each of its gradients anew."""
    if param.dtype != np.float32:
        raise not_yet(f"{name} holds {np.dtype(param.dtype).name}, where the network computes with float32. Leave dtype out.")
    if not gets_new_gradients(param):
        raise not_yet(f"backward does not write a new gradient of {name} in each step. Call attach_grad without grad_req.")


def gets_new_gradients(param):
    try:
        for _ in range(2):
            with autograd.record():
                l = param * 1
            l.backward()
    except MXNetError:  # it gets none
        return False
    return (param.grad.asnumpy() == 1).all()


def call(**args):
    """A case: the function is called with `args`, NumPy arrays or lists of them as NDArrays, and gives one.

    It may not change them, nor what they have of gradients."""

    def run(function):
        given = {name: fresh(value) for name, value in args.items()}
        arrays = [array for value in given.values() for array in each(value) if getattr(array, "dtype", None) == np.float32]
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
    """A case: the result, and the gradient of 1, 2, 3, ... times its entries, with respect to the argument `of`."""

    def run(function):
        given = {name: fresh(value) for name, value in args.items()}
        arrays = [*each(given[of])]
        plain = array_given(function, function(*given.values())).asnumpy()
        for array in arrays:
            array.attach_grad()
        with autograd.record():
            Y = array_given(function, function(*given.values()))
            if Y.dtype != np.float32:
                name = np.dtype(Y.dtype).name
                raise not_yet(
                    f"{function.__name__} returns {name}, where the network computes with float32. Leave the type as it is."
                )
            if Y.shape != plain.shape or not np.allclose(Y.asnumpy(), plain, rtol=1e-3, equal_nan=True):
                raise not_yet(
                    f"{function.__name__} gives other values while autograd records, as nd.Dropout does. They should be the same."
                )
            l = Y * nd.array(np.arange(1, Y.size + 1).reshape(Y.shape))
        walk_back(l, function.__name__)
        names = [f"{of}[{i}]" for i in range(len(arrays))] if isinstance(args[of], list) else [of]
        about = "(of the entries of the result, times 1, 2, 3, ... and added up)"
        gradients = {f"the gradient of {name} {about}": array.grad.asnumpy() for name, array in zip(names, arrays)}
        return {"": Y.asnumpy()} | gradients

    return f"For {shown_args(args)}", run


def numpy_call(*results, **args):
    """A case: the function is called with `args`, NumPy arrays, lists of them or other values, and gives the arrays `results`.

    It may not change its arguments. A function that gives one array has the result ""."""

    def run(function):
        first, second = arrays_of(function), arrays_of(function)
        for name, array in first.items():
            if np.may_share_memory(array, second[name]) or not np.array_equal(array, second[name], equal_nan=True):
                raise not_yet(
                    f"{function.__name__} keeps something from one call to the next: a second call with the same arguments gives "
                    "something else, or the same array once more. Make a new array in each call."
                )
        return first

    def arrays_of(function):
        given = {name: copied(value) for name, value in args.items()}
        with unchanged(function, given):
            Y = answered(function, function(*given.values()))
        if results == ("",):
            return {"": type_kept(given, numpy_given(Y, "the result"), "the result")}
        if not isinstance(Y, (tuple, list)) or len(Y) != len(results):
            what = f"{len(Y)} values" if isinstance(Y, (tuple, list)) else "one array" if isinstance(Y, np.ndarray) else a_type(Y)
            raise not_yet(f"{function.__name__} should return {', '.join(results)}, and returns {what}.")
        return {name: type_kept(given, numpy_given(value, name), name) for name, value in zip(results, Y)}

    return f"For {shown_args(args)}", run


def whole(case, *names):
    """The `case`, whose arguments `names` hold integers, with words that say so."""
    text, run = case
    return f"{text}, where {' and '.join(names)} hold{'s' * (len(names) == 1)} whole numbers,", run


def type_kept(given, array, what):
    """`array`, unless it holds float32 where one of the arguments `given` holds float64; `what` names it."""
    types = [value.dtype for arg in given.values() for value in each(arg) if isinstance(value, np.ndarray)]
    if array.dtype == np.float32 and np.float64 in types:
        raise not_yet(
            f"{what} holds float32 where the arguments hold float64, so half of the digits are lost. Leave the type as it is."
        )
    return array


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


def fresh(value):
    """NDArrays of the learner's own; other values as they are."""
    value = [*map(fresh, value)] if isinstance(value, list) else value
    return nd.array(value, dtype=value.dtype) if isinstance(value, np.ndarray) else value


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


def shown_args(args):
    return ", ".join(
        f"{name} = {shown(value)}" if sum(map(np.size, each(value))) <= 3 * FEW else shapes(name, value)
        for name, value in args.items()
    )


def shapes(name, value):
    listed = ", ".join(str(array.shape) for array in each(value))
    return f"{name} of shape{'s' * isinstance(value, list)} {listed}"
