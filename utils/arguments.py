"""Checks on what is passed to the helpers: a slip gets one clear sentence instead of a traceback from deep inside MXNet."""

import functools
import inspect
import numbers

import numpy as np
from mxnet import nd


def checked(check):
    """A decorator: call `check` with the function's arguments, defaults included, before the function itself.

    Arguments that `check` gives back take the place of the old ones.
    """

    def decorate(function):
        signature = inspect.signature(function)

        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            try:
                arguments = signature.bind(*args, **kwargs)
            except TypeError as error:
                raise TypeError(f"{error}: the call is {function.__name__}{signature}.") from None
            arguments.apply_defaults()
            return function(*(check(*arguments.args) or arguments.args))

        return wrapper

    return decorate


def shown(value):
    """`value` in a message: on one line, and not all of a large array."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def shape(value):
    """The shape of an array or a nested list, or None when its rows differ in length: some versions of NumPy refuse these."""
    try:
        return np.shape(value)
    except (TypeError, ValueError):
        return None


def integer(name, value, least, most=float("inf")):
    """`value` as an int. Raise ValueError unless it is a whole number from `least` to `most` (True does not count as one)."""
    if isinstance(value, bool) or not isinstance(value, numbers.Integral) or not least <= value <= most:
        wanted = (
            "a positive integer, for example 256" if (least, most) == (1, float("inf")) else f"an integer from {least} to {most}"
        )  # noqa: E501
        raise ValueError(f"{name} must be {wanted}, not {shown(value)}.")
    return int(value)


def positive_integer(name, value):
    """Raise ValueError unless `value` is an integer of at least 1 (True does not count as one)."""
    return integer(name, value, least=1)


def positive_number(name, value):
    """Raise ValueError unless `value` is a number above 0 that float32 can hold."""
    if not _is_number(value) or not 1e-38 <= value <= 1e38:
        raise ValueError(f"{name} must be a number above 0, for example 0.01, not {shown(value)}.")


def non_negative_number(name, value):
    """Raise ValueError unless `value` is a finite number of at least 0."""
    if not _is_number(value) or not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be a number of at least 0, for example 0.5, not {shown(value)}.")


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


def size(name, value):
    """Raise ValueError unless `value` is a width and a height, both above 0."""
    if not isinstance(value, (list, tuple)) or len(value) != 2 or not all(_is_number(n) and 0 < n < float("inf") for n in value):
        raise ValueError(f"{name} must be a width and a height in inches, for example (5, 3), not {shown(value)}.")


def ndarray(name, value):
    """Raise TypeError unless `value` is an MXNet NDArray."""
    if not isinstance(value, nd.NDArray):
        cure = f" Turn it into one with nd.array({name})." if isinstance(value, (np.ndarray, list, tuple)) else ""
        raise TypeError(f"{name} must be an NDArray, not {type(value).__name__}.{cure}")


def float_ndarray(name, value):
    """Raise TypeError unless `value` is an NDArray of floating-point numbers."""
    ndarray(name, value)
    if np.dtype(value.dtype).kind != "f":
        raise TypeError(
            f"{name} must hold floating-point numbers, not {np.dtype(value.dtype).name}: use {name}.astype('float32')."
        )


def scores(name, value):
    """Raise unless `value` is a float NDArray with one row an example and one column a class: (n, q)."""
    float_ndarray(name, value)
    if value.ndim != 2 or 0 in value.shape:
        raise ValueError(f"{name} must have a row for each example and a column for each class, shape (n, q), not {value.shape}.")


def labels(name, value, rows):
    """Raise unless `value` holds a whole class number from 0 to q - 1 for each row of `rows`: (n, q)."""
    ndarray(name, value)
    n, q = rows.shape
    if value.shape != (n,):
        raise ValueError(f"{name} must hold one label for each of the {n} examples, shape ({n},), not {value.shape}.")
    values = value.asnumpy()
    right = (values >= 0) & (values < q) & (values == np.floor(values))
    if not right.all():
        raise ValueError(
            f"{name} must hold class numbers from 0 to {q - 1}, as there are {q} columns of scores; it holds {values[~right][0]}."
        )


def scores_and_labels(O, y):
    """The check of every function of scores O: (n, q) and labels y: (n,)."""
    scores("O", O)
    labels("y", y, O)


def params(name, value):
    """Raise unless `value` is a list or tuple of float NDArrays."""
    if not isinstance(value, (list, tuple)) or len(value) == 0:
        raise TypeError(f"{name} must be a list of NDArrays such as [W1, b1, W2, b2], not {shown(value)}.")
    for i, param in enumerate(value):
        float_ndarray(f"{name}[{i}]", param)


def gradients(name, value):
    """Raise unless `value` is a list of NDArrays that all have memory for a gradient."""
    params(name, value)
    for i, param in enumerate(value):
        if param.grad is None:
            raise ValueError(f"{name}[{i}] has no gradient: call {name}[{i}].attach_grad() before you record.")


def function(name, value, example, num_arguments):
    """Raise TypeError unless `value` can be called with so many arguments."""
    if not callable(value):
        raise TypeError(f"{name} must be a function such as {example}, not {type(value).__name__}.")
    try:
        inspect.signature(value).bind(*range(num_arguments))
    except TypeError as error:
        raise TypeError(f"{name} must be a function such as {example}, called with {num_arguments} arguments: {error}.") from None
    except ValueError:
        pass  # some built-in functions don't tell what they take


def named_frames(name, value):
    """Raise TypeError unless `value` is a dict of at least two frames, each under a name."""
    if not isinstance(value, dict) or len(value) < 2 or not all(isinstance(key, str) and key for key in value):
        raise TypeError(
            f"{name} must be a dict from the name of each frame, such as 'epoch 3', to what is drawn there, "
            f"with at least two of them, not {shown(value)}."
        )


def collection(name, value):
    """Raise TypeError unless `value` can be walked through."""
    if not hasattr(value, "__iter__"):
        raise TypeError(f"{name} must give minibatches X, y, as load_data_fashion_mnist's do, not be {type(value).__name__}.")


def minibatches(name, value):
    """Walk through `value`, and raise unless it gives minibatches: NDArrays X and y with a label for each example."""
    minibatch = None
    for minibatch in value:
        if not isinstance(minibatch, (list, tuple)) or len(minibatch) != 2:
            raise TypeError(f"{name} must give pairs X, y, not {type(minibatch).__name__}.")
        X, y = minibatch
        ndarray(f"X of {name}", X)
        ndarray(f"y of {name}", y)
        if y.shape != X.shape[:1]:
            raise ValueError(f"{name} must give one label for each example, y of shape {X.shape[:1]}, not {y.shape}.")
        yield X, y
    if minibatch is None:
        raise ValueError(
            f"{name} gave no minibatch: pass a collection that can be walked through again, not a used-up generator."
        )


def probabilities(name, value):
    """Raise unless each row of `value`: (n, q) holds probabilities. NaN passes, and comes out of what follows as NaN."""
    scores(name, value)
    rows = value.asnumpy().astype("float64")
    wrong = rows[(rows < 0).any(axis=1) | (abs(rows.sum(axis=1) - 1) > 0.01)]
    if len(wrong):
        raise ValueError(
            f"each row of {name} must hold probabilities that sum to 1; one is {shown(wrong[0].tolist())}. "
            "For scores there is softmax_cross_entropy."
        )


def float32_scores(name, value):
    """Raise unless `value` holds scores: (n, q) of float32, which is what argmax gives back and labels are compared as."""
    scores(name, value)
    if value.dtype != np.float32:
        raise TypeError(f"{name} must be float32, not {np.dtype(value.dtype).name}: use {name}.astype('float32').")


def net_output(O, X):
    """Raise unless O is what a net may give for X: scores, a row for each example of X."""
    float32_scores("net(X)", O)
    if len(O) != len(X):
        raise ValueError(f"net(X) must have a row for each of the {len(X)} examples of X, not {len(O)}.")
