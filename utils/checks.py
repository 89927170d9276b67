"""Checks on what is passed to the helpers, so that a slip gets one clear sentence instead of a traceback from deep inside MXNet."""
import functools
import inspect
import numbers

import numpy as np
from mxnet import nd


def checked(check):
    """A decorator: call `check` with the function's arguments, defaults included, before the function itself."""

    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            arguments = signature.bind(*args, **kwargs)
            arguments.apply_defaults()
            check(*arguments.args)
            return function(*args, **kwargs)

        return wrapper

    return decorate


def positive_integer(name, value):
    """Raise ValueError unless `value` is an integer of at least 1 (True does not count as one)."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or value < 1:
        raise ValueError(f"{name} must be a positive integer, for example 256, not {value!r}.")


def non_negative_number(name, value):
    """Raise ValueError unless `value` is a finite number of at least 0."""
    if isinstance(value, bool) or not isinstance(value, numbers.Real) or not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be a number of at least 0, for example 0.5, not {value!r}.")


def ndarray(name, value):
    """Raise TypeError unless `value` is an MXNet NDArray."""
    if not isinstance(value, nd.NDArray):
        cure = f" Turn it into one with nd.array({name})." if isinstance(value, (np.ndarray, list, tuple)) else ""
        raise TypeError(f"{name} must be an NDArray, not {type(value).__name__}.{cure}")


def float_ndarray(name, value):
    """Raise TypeError unless `value` is an NDArray of floating-point numbers."""
    ndarray(name, value)
    if np.dtype(value.dtype).kind != "f":
        raise TypeError(f"{name} must hold floating-point numbers, not {np.dtype(value.dtype).name}: "
                        f"use {name}.astype('float32').")


def scores(name, value):
    """Raise unless `value` is a float NDArray with one row an example and one column a class: (n, q)."""
    float_ndarray(name, value)
    if value.ndim != 2 or 0 in value.shape:
        raise ValueError(f"{name} must have a row for each example and a column for each class, shape (n, q), "
                         f"not {value.shape}.")


def labels(name, value, rows):
    """Raise unless `value` holds a whole class number from 0 to q - 1 for each row of `rows`: (n, q)."""
    ndarray(name, value)
    n, q = rows.shape
    if value.shape != (n,):
        raise ValueError(f"{name} must hold one label for each of the {n} examples, shape ({n},), not {value.shape}.")
    values = value.asnumpy()
    wrong = values[~np.isin(values, np.arange(q))]
    if len(wrong):
        raise ValueError(f"{name} must hold class numbers from 0 to {q - 1}; it holds {wrong[0]}.")


def scores_and_labels(O, y):
    """The check of every function of scores O: (n, q) and labels y: (n,)."""
    scores("O", O)
    labels("y", y, O)


def params(name, value):
    """Raise unless `value` is a list or tuple of NDArrays."""
    if not isinstance(value, (list, tuple)) or len(value) == 0:
        raise TypeError(f"{name} must be a list of NDArrays such as [W1, b1, W2, b2], not {value!r:.60}.")
    for i, param in enumerate(value):
        ndarray(f"{name}[{i}]", param)


def gradients(name, value):
    """Raise unless `value` is a list of NDArrays that all have memory for a gradient."""
    params(name, value)
    for i, param in enumerate(value):
        if param.grad is None:
            raise ValueError(f"{name}[{i}] has no gradient: call {name}[{i}].attach_grad() before you record.")


def seed(name, value):
    """Raise ValueError unless `value` is an integer that every generator takes as a seed."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not 0 <= value < 2**31:
        raise ValueError(f"{name} must be an integer from 0 to 2147483647, not {value!r}.")
