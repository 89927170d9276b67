"""What a reader's function gives: its type and shape are looked at before any number is, and named in words."""

import sys

import numpy as np
from mxnet import nd
from mxnet.base import MXNetError

from .verdicts import Verdict, not_answered, not_yet

FEW = 12  # numbers that a sentence may show
EQUAL_UNITS = "units of {} have equal weights, so they would stay equal to each other for ever. Draw all numbers at random."
EQUAL_COLUMNS = "columns of {} are equal to each other, so that their units compute the same. Draw all numbers at random."


def answered(function, value):
    """`value`. Ends the check if the function is still to be written."""
    if value is None and getattr(sys.stdout, "getvalue", str)():  # where all that is judged prints
        raise not_yet(
            f"{function.__name__} prints, and returns nothing. Others can't use what is printed: `return` gives it to them."
        )
    if value is None or value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        said = f"{function.__name__} returns nothing so far. If you did write it, does it end with return?"
        raise not_answered(said, cause="nothing")
    return value


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


def array_given(function, Y):
    """The NDArray that `function` has returned."""
    answered(function, Y)
    if isinstance(Y, np.ndarray):
        raise not_yet(
            f"{function.__name__} returns an array of NumPy, where an NDArray is asked for. Stay with nd: no asnumpy, no np."
        )
    if not is_ndarray(Y):
        raise not_yet(f"{function.__name__} returns {a_type(Y)}, where an NDArray is asked for.")
    if 0 in Y.shape:
        raise not_yet(f"{function.__name__} returns an array without a number in it, of shape {Y.shape}.")
    return Y


def is_ndarray(value):
    """Whether `value` is an array of nd. Those of mx.np are a kind of it, and don't go together with the others."""
    return isinstance(value, nd.NDArray) and not is_mx_np(value)


def is_mx_np(value):
    return type(value).__module__.startswith("mxnet.numpy")


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


def params_of(function, args, sizes):
    """The list [W1, b1, W2, ...] that `function` returns for `args`, checked: new arrays with gradients, of the right shapes."""
    params, again = _checked_params(function, args, sizes), _checked_params(function, args, sizes)
    for i, (param, other) in enumerate(zip(params, again)):
        name = f"{'Wb'[i % 2]}{i // 2 + 1}"
        if param is other:
            raise not_yet(f"a second call returns the same {name} as the first. Make all arrays inside the function.")
        if i % 2 == 0 and np.array_equal(param.asnumpy(), other.asnumpy()):
            raise not_yet(
                f"two calls of {function.__name__} give the same {name}. Draw new weights on each call, and leave the seed alone."
            )
    return params


def _checked_params(function, args, sizes):
    """What `function` returns for `args`, if it is a list [W1, b1, W2, ...] of arrays with gradients, of the right shapes."""
    params = answered(function, function(*args))
    names = [f"{kind}{layer}" for layer in range(1, len(sizes)) for kind in "Wb"]
    wanted = f"{function.__name__} should return a list of NDArrays, [{', '.join(names)}]"
    if not isinstance(params, (list, tuple)):
        raise not_yet(f"{wanted}, and returns {a_type(params)}.")
    for i, param in enumerate(params):
        if not is_ndarray(param):
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
    weights = dict(zip(names[::2], params[::2]))
    if equal := [name for name, W in weights.items() if has_equal_rows(W.asnumpy().T)]:
        raise not_yet((EQUAL_UNITS if len(equal) == len(weights) else EQUAL_COLUMNS).format(equal[0]))
    for name, W in weights.items():
        if W.shape[1] > 1 and has_equal_rows(W.asnumpy()):  # two single numbers are equal now and then
            raise not_yet(f"rows of {name} are equal to each other. Draw all {W.size} numbers at random, shape={W.shape}.")
    for name, W, before in zip(names[2::2], params[2::2], params[::2]):
        if np.isin(W.asnumpy(), before.asnumpy()).mean() > 0.5:
            raise not_yet(
                f"{name} holds numbers of the weights before it. Draw each array on its own, and all from one generator: new ones with "
                "the same seed give the same numbers."
            )
    for name, param in zip(names, params):
        if param.grad is None:
            begun = " Or does the loop end after the first, with a `return` in it?" if params[0].grad is not None else ""
            raise not_yet(
                f"{name} has no memory for its gradient, which attach_grad makes. Call it last: a new array, such as W * 2, has "
                f"none.{begun}"
            )
    return params


def has_equal_rows(W):
    return len({*map(bytes, W + 0.0)}) < len(W)  # -0 is 0


def walk_back(l, what):
    """Call l.backward(). Ends the check if the function that computed `l`, called `what` in the message, has cut the graph."""
    try:
        l.backward()
    except MXNetError:
        raise not_yet(
            f"autograd can't follow {what} back to its arguments: somewhere it leaves nd, as asnumpy does, detaches, pauses "
            "autograd, or gives what does not come from them, such as nd.zeros, or what an earlier call has left."
        ) from None


def a_type(value):
    """What `value` is, in words."""
    name = "array of NumPy" if type(value) is np.ndarray else "array of mx.np" if is_mx_np(value) else type(value).__name__
    return "None" if value is None else f"{'an' if name.startswith((*'aeiou', 'ND')) else 'a'} {name}"


def shown(value, digits=4):
    """Numbers in few digits, in brackets as Python prints a list."""
    if isinstance(value, tuple):
        return str(value)
    if callable(value):
        return value.__name__
    if isinstance(value, list) or np.ndim(value):
        return f"[{', '.join(shown(part, digits) for part in value)}]"
    value = value + 0.0  # -0 is 0
    return f"{value:.{digits}g}" if abs(value) < 10**digits else f"{value:.0f}" if abs(value) < 1e7 else f"{value:.1e}"
