"""Checks of arguments: a mistake raises one clear sentence instead of a traceback from deep inside MXNet.

Each function checks one argument, raises if the helper can't use it, and does nothing else. Helpers call them first, as plain
statements; apart from these statements, a helper is the code that its chapter shows.
"""

import inspect
import numbers
import os
import warnings

import numpy as np
from mxnet import nd

# --- Numbers ----------------------------------------------------------------------------------------------------------


def integer(name, value, least, most):
    """Raise ValueError unless `value` is a whole number from `least` to `most` (True does not count as one)."""
    if not _is_integer(value) or not least <= value <= most:
        raise ValueError(f"{name} must be an integer from {least} to {most}, not {shown(value)}.")


def positive_integer(name, value):
    """Raise ValueError unless `value` is an integer of at least 1 (True does not count as one)."""
    if not _is_integer(value) or value < 1:
        raise ValueError(f"{name} must be a positive integer, not {shown(value)}.")


def positive_number(name, value):
    """Raise ValueError unless `value` is a number above 0 that float32 can hold."""
    if not _is_number(value) or not 1e-38 <= value <= 1e38:
        raise ValueError(f"{name} must be a number above 0, for example 0.01, not {shown(value)}.")


def non_negative_number(name, value):
    """Raise ValueError unless `value` is a finite number of at least 0."""
    if not _is_number(value) or not 0 <= value < float("inf"):
        raise ValueError(f"{name} must be a number of at least 0, for example 0.5, not {shown(value)}.")


def truth(name, value):
    """Raise ValueError unless `value` is True or False."""
    if not isinstance(value, (bool, np.bool_)):
        raise ValueError(f"{name} must be True or False, not {shown(value)}.")


def choice(name, value, choices):
    """Raise ValueError unless `value` is one of `choices`, which are text."""
    if not isinstance(value, str) or value not in choices:
        raise ValueError(f"{name} must be one of {', '.join(choices)}, not {shown(value)}.")


def size(name, value):
    """Raise ValueError unless `value` is a width and a height, both above 0."""
    if not isinstance(value, (list, tuple)) or len(value) != 2 or not all(_is_number(n) and 0 < n < float("inf") for n in value):
        raise ValueError(f"{name} must be a width and a height in inches, for example (5, 3), not {shown(value)}.")


def _is_integer(value):
    return isinstance(value, numbers.Integral) and not isinstance(value, bool)


def _is_number(value):
    return isinstance(value, numbers.Real) and not isinstance(value, bool)


# --- Arrays -----------------------------------------------------------------------------------------------------------


def ndarray(name, value):
    """Raise TypeError unless `value` is an MXNet NDArray."""
    if not isinstance(value, nd.NDArray):
        cure = (
            f" Turn it into one with nd.array({name.partition(' of ')[0]})."
            if isinstance(value, (np.ndarray, list, tuple))
            else ""
        )
        raise TypeError(f"{name} must be an NDArray, not {type(value).__name__}.{cure}")


def float_ndarray(name, value):
    """Raise TypeError unless `value` is an NDArray of floating-point numbers."""
    ndarray(name, value)
    if np.dtype(value.dtype).kind != "f":
        raise TypeError(f"{name} must hold floating-point numbers, not {type_of(value)}: use {name}.astype('float32').")


def scores(name, value):
    """Raise unless `value` is a float NDArray with one row per example and one column per class: (n, q)."""
    float_ndarray(name, value)
    if value.ndim != 2 or 0 in value.shape:
        raise ValueError(f"{name} must have a row for each example and a column for each class, shape (n, q), not {value.shape}.")


def float32_scores(name, value):
    """Raise unless `value` holds scores: (n, q), float32: argmax returns columns in that type, to compare with labels."""
    scores(name, value)
    if value.dtype != np.float32:
        raise TypeError(f"{name} must be float32, not {type_of(value)}: use {name}.astype('float32').")


def probabilities(name, value):
    """Raise unless each row of `value`: (n, q) holds probabilities. NaN passes, so that the result is NaN too."""
    scores(name, value)
    rows = value.asnumpy().astype("float64")
    wrong = rows[(rows < 0).any(axis=1) | (abs(rows.sum(axis=1) - 1) > 0.01)]
    if len(wrong):
        raise ValueError(
            f"each row of {name} must hold probabilities that sum to 1; one is {shown(wrong[0].tolist())}. "
            "For scores, use softmax_cross_entropy."
        )


def no_nan(name, value):
    """Raise FloatingPointError if `value`: (n, q) holds NaN, which argmax would return as the largest score."""
    if np.isnan(value.asnumpy()).any():
        raise FloatingPointError(
            f"{name} holds NaN, which can't be compared with labels. If training diverged, try a smaller learning rate."
        )


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


# --- Parameters -------------------------------------------------------------------------------------------------------


def params(name, value):
    """Raise TypeError unless `value` is a list or tuple of float NDArrays."""
    if not isinstance(value, (list, tuple)) or len(value) == 0:
        raise TypeError(f"{name} must be a list of NDArrays such as [W1, b1, W2, b2], not {shown(value)}.")
    for i, param in enumerate(value):
        float_ndarray(f"{name}[{i}]", param)


def gradients(name, value):
    """Raise unless `value` is a list of NDArrays with attached gradients."""
    params(name, value)
    for i, param in enumerate(value):
        if param.grad is None:
            raise ValueError(f"{name}[{i}] has no gradient: call {name}[{i}].attach_grad() before you record.")


def four(name, value):
    """Raise ValueError unless `value` is a list or tuple of four."""
    if not isinstance(value, (list, tuple)) or len(value) != 4:
        what = f"{len(value)} of them" if isinstance(value, (list, tuple)) else shown(value)
        raise ValueError(f"{name} must be the four arrays [W1, b1, W2, b2], not {what}.")


def two_layers(X, params, name="X"):
    """Raise unless params are [W1, b1, W2, b2] of matching shapes and one type, and X holds examples of that type for them.

    `name` is what the reader calls X.
    """
    shapes = [param.shape for param in params]
    num_inputs, num_hiddens, num_outputs = shapes[0][0], shapes[0][-1], shapes[-1][-1]
    if shapes != [(num_inputs, num_hiddens), (num_hiddens,), (num_hiddens, num_outputs), (num_outputs,)]:
        raise ValueError(
            "params must be [W1, b1, W2, b2] of shapes (d, h), (h,), (h, q) and (q,), "
            f"not {len(params)} of shapes {', '.join(map(str, shapes))}."
        )
    needed = params[0].dtype
    for i, param in enumerate(params):
        if param.dtype != needed:
            needed = type_of(params[0])
            raise TypeError(f"params[{i}] must be {needed}, as params[0] is, not {type_of(param)}: use astype('{needed}').")
    if X.dtype != needed:
        needed = type_of(params[0])
        raise TypeError(f"{name} must be of the type of params, {needed}, not {type_of(X)}: use {name}.astype('{needed}').")
    if X.ndim < 2 or X.shape[0] == 0 or X.size != X.shape[0] * num_inputs:
        raise ValueError(f"X must hold {num_inputs} numbers an example, shape (n, {num_inputs}) or (n, 1, h, w), not {X.shape}.")


def update(params, lr, trainer):
    """Raise unless there is a trainer with a method `step`, or params and lr for sgd."""
    if trainer is not None:
        if not hasattr(trainer, "step"):
            raise TypeError(f"trainer must be a Gluon Trainer, not {type(trainer).__name__}.")
        function("trainer.step", trainer.step, "that of gluon.Trainer", 1)
        return
    if params is None or lr is None:
        raise ValueError("Pass params and lr, to train by sgd, or a Gluon trainer.")
    gradients("params", params)
    non_negative_number("lr", lr)


def warn_unless_trained(params):
    """Warn if all gradients of params are zero, because then training changed nothing. None, for a trainer, is ignored."""
    if params is not None and all((param.grad == 0).min().asscalar() for param in params):
        warnings.warn(
            "All gradients of params are zero, so training has not changed them. net must use these very arrays, "
            "as in lambda X: mlp(X, params), not others or copies of them.",
            stacklevel=3,
        )


# --- Functions and minibatches ----------------------------------------------------------------------------------------


def function(name, value, example, num_arguments):
    """Raise TypeError unless `value` can be called with `num_arguments` arguments."""
    if not callable(value):
        raise TypeError(f"{name} must be a function such as {example}, not {type(value).__name__}.")
    try:
        inspect.signature(value).bind(*range(num_arguments))
    except TypeError as error:
        raise TypeError(f"{name} must be a function such as {example}, called with {num_arguments} arguments: {error}.") from None
    except ValueError:
        pass  # some built-in functions have no signature


def net(value):
    function("net", value, "lambda X: mlp(X, params)", 1)


def loss(value):
    function("loss", value, "softmax_cross_entropy", 2)


def step(value):
    function("step", value, "lambda: sgd(params, lr, batch_size)", 0)


def collection(name, value):
    """Raise unless `value` is iterable; a list or array must hold at least one element, and its elements must be minibatches."""
    if not hasattr(value, "__iter__"):
        raise TypeError(f"{name} must be an iterable of minibatches X, y, such as train_iter, not {type(value).__name__}.")
    for pair in value if isinstance(value, (list, tuple, dict, str, bytes, set, range, np.ndarray, nd.NDArray)) else ():
        if not isinstance(pair, (list, tuple)) or len(pair) != 2:
            raise TypeError(f"{name} must give pairs X, y, not {type(pair).__name__}.")
        minibatch(name, *pair)
    if isinstance(value, (list, tuple)):
        some(name, len(value))


def iterated_again(name, value, num_epochs):
    """Raise ValueError for more than one epoch of something that gives its minibatches only once."""
    if num_epochs > 1 and iter(value) is value:
        raise ValueError(f"{name} must be something that can be iterated again in each epoch, not {shown(value)}.")


def finite(name, value):
    """Raise ValueError if an X that the minibatches `value` give holds NaN or infinity: no learning rate helps against it."""
    for X, _ in value:
        if not np.isfinite(X.asnumpy()).all():
            raise ValueError(f"X of {name} holds NaN or infinity, which no network can learn from: look where it comes from.")


def minibatch(name, X, y):
    """Raise unless X and y are NDArrays with one label for each example. `name` is that of the iterable they come from."""
    ndarray(f"X of {name}", X)
    ndarray(f"y of {name}", y)
    if y.shape != X.shape[:1]:
        raise ValueError(f"{name} must give one label for each example, y of shape {X.shape[:1]}, not {y.shape}.")


def examples(images, labels):
    """Raise ValueError unless images: (n, h, w) are on the scale from 0 to 255, with a whole number as the label of each."""
    pixels, classes = _numbers("images", images), _numbers("labels", labels)
    if pixels.ndim != 3 or pixels.size == 0:
        cures = {
            1: "These look like labels: pass the images first.",
            2: "For rows of 784 numbers, use images.reshape((-1, 28, 28)).",
            4: "For those of Minibatches, use images[:, 0].",
        }
        cure = cures.get(pixels.ndim, "")
        raise ValueError(f"images must hold at least one, shape (n, h, w), not {pixels.shape}. {cure}".rstrip())
    if classes.shape != pixels.shape[:1]:
        raise ValueError(f"there must be a label for each image: {len(pixels)} images, labels of shape {classes.shape}.")
    if 0 <= pixels.min() and 0 < pixels.max() <= 1:
        raise ValueError("images must be on the scale from 0 to 255, not from 0 to 1: use (255 * images).round().")
    cure = "Scale them back and round them, or standardise X, which holds floats: lambda X: mlp((X - mean) / std, params)."
    _whole_numbers("images", pixels, "uint8", cure)
    _whole_numbers("labels", classes, "int32", "Number the classes from 0.")


def _numbers(name, value):
    """`value`, an array or a nested list, as a NumPy array. Raises ValueError unless it holds numbers."""
    try:
        array = value.asnumpy() if isinstance(value, nd.NDArray) else np.asarray(value)
    except (TypeError, ValueError):  # the rows of a list differ in length
        array = np.array(None)
    if array.dtype.kind not in "biuf":
        raise ValueError(f"{name} must be an array of numbers, with rows of one length, not {shown(value)}.")
    return array


def _whole_numbers(name, array, dtype, cure):
    """Raise ValueError for a number of `array` below 0, or that the integer type `dtype` can't hold, as it can't hold NaN."""
    with np.errstate(invalid="ignore"):
        wrong = array[(array < 0) | (array != array.astype(dtype))]
    if wrong.size:
        raise ValueError(f"{name} must be whole numbers from 0 to {np.iinfo(dtype).max}; they hold {wrong[0]}. {cure}")


def some(name, num_examples):
    """Raise ValueError if iterating over `name` yielded no example."""
    if num_examples == 0:
        raise ValueError(f"{name} gave no minibatch: pass something that can be iterated again, not an exhausted generator.")


def net_output(O, X):
    """Raise unless O = net(X) holds scores, one row for each example of X."""
    float32_scores("net(X)", O)
    if len(O) != len(X):
        raise ValueError(f"net(X) must have a row for each of the {len(X)} examples of X, not {len(O)}.")


def losses(l, loss, O, y):
    """Raise unless l = loss(O, y) holds a value for each example, and y class numbers; utils' own losses check y themselves."""
    ndarray("loss(net(X), y)", l)
    if l.shape != y.shape:
        raise ValueError(f"loss must give a value for each example, shape {y.shape}, not {l.shape}.")
    if getattr(loss, "__module__", None) != "utils.network":
        labels("y of train_iter", y, O)


def batch_size_of(train_iter, batch_size):
    """Raise ValueError if train_iter has an attribute batch_size with another value."""
    if getattr(train_iter, "batch_size", batch_size) != batch_size:
        raise ValueError(
            f"batch_size is {batch_size}, but train_iter gives minibatches of {train_iter.batch_size}: "
            "pass that number, or the steps will be too long or too short."
        )


# --- Figures ----------------------------------------------------------------------------------------------------------


def images(images, labels):
    """Raise ValueError unless images are pictures of 28 x 28 real numbers, with a label each."""
    if not hasattr(images, "__len__") or any(getattr(image, "size", None) != 28 * 28 for image in images):
        raise ValueError("images must be an array of pictures of 28 x 28 pixels, shape (n, 28, 28), (n, 1, 28, 28) or (n, 784).")
    for image in images:
        if np.dtype(image.dtype).kind not in "biuf":
            raise ValueError(f"images must hold real numbers, not {type_of(image)}.")
    if not hasattr(labels, "__len__") or len(images) == 0 or len(images) != len(labels):
        raise ValueError(f"labels must hold a title for each image: {len(images)} images, labels {shown(labels)}.")


def lines(x, lines):
    """Raise unless lines is a dict from names to values, as many as x has. None in a list is a gap."""
    if not isinstance(lines, dict) or not lines:
        raise TypeError(f"lines must be a dict from the name of each line to its values, not {shown(lines)}.")
    if len(shape(x) or ()) != 1:
        raise ValueError(f"x must be a list of numbers, not {shown(x)}.")
    for name, values in lines.items():
        gaps = [np.nan if value is None else value for value in values] if isinstance(values, list) else values
        _numbers(f"lines[{name!r}]", gaps)
        if shape(values) != (len(x),):
            raise ValueError(f"lines[{name!r}] must hold {len(x)} numbers, as many as x, not an array of shape {shape(values)}.")


def runs(value):
    """Raise unless value is a dict from names to lists of numbers, at least one in each."""
    if not isinstance(value, dict) or not value:
        raise TypeError(f"runs must be a dict from names to lists of numbers, not {shown(value)}.")
    for name, values in value.items():
        _numbers(f"runs[{name!r}]", values)
        if len(shape(values) or ()) != 1 or len(values) == 0:
            raise ValueError(f"runs[{name!r}] must be a list of at least one number, not {shown(values)}.")


def history(value):
    """Raise ValueError unless `value` is a history as train_ch3 returns it: a dict of three lists of the same length."""
    names = ["loss", "train_acc", "test_acc"]
    shapes = {shape(value.get(name)) for name in names} if isinstance(value, dict) else ()
    if len(shapes) != 1 or len(shapes.pop() or ()) != 1:
        raise ValueError(f"history must be the dict that train_ch3 returned, with lists {', '.join(names)}, not {shown(value)}.")
    for name in names:
        _numbers(f"history[{name!r}]", value[name])


def picture(x, params, y, units):
    """Raise unless x is one picture that fits params, y a class or None, and units the numbers of three hidden units, or none."""
    if not hasattr(x, "reshape") or np.size(x) != 28 * 28:
        what = f"{type(x).__name__} of shape {shape(x)}"
        raise ValueError(f"x must be one picture, an array of 28 x 28 pixels, for example X[0], not {what}.")
    two_layers(x.reshape((1, -1)), params, name="x")
    num_hiddens, num_outputs = params[2].shape
    if num_outputs != 10:
        raise ValueError(f"params must give ten scores, one for each kind of clothes, not {num_outputs}.")
    if y is not None and (np.size(y) != 1 or np.asarray(y).dtype.kind not in "iuf" or np.ravel(y)[0] not in range(10)):
        raise ValueError(f"y must be the class of x, from 0 to 9, for example y[0], not {shown(y)}.")
    if shape(units) not in ((0,), (3,)) or not all(_is_integer(unit) and 0 <= unit < num_hiddens for unit in units):
        raise ValueError(f"units must be the numbers of three hidden units, from 0 to {num_hiddens - 1}, not {shown(units)}.")


def way_back(y, units):
    """Raise unless there is a label, and units to ask, which a way forward may leave out."""
    if y is None or not len(units):
        raise ValueError(
            f"y must be the class of x, and units the numbers of three hidden units, not {shown(y)} and {shown(units)}."
        )


def file_or_array(name, value):
    """Raise TypeError unless `value` is a path, an open file or a NumPy array."""
    if not isinstance(value, (str, os.PathLike, np.ndarray)) and not hasattr(value, "read"):
        raise TypeError(f"{name} must be the path of a file, or a NumPy array of grey levels, not {type(value).__name__}.")


def photo(photo, least):
    """Raise ValueError unless `photo` holds grey levels as bytes, with at least `least` in each direction."""
    if photo.ndim != 2 or photo.dtype != np.uint8:
        raise ValueError(f"photo must be a file, or uint8 grey levels (height, width), not {photo.dtype} of shape {photo.shape}.")
    if min(photo.shape) < least:
        height, width = photo.shape
        raise ValueError(f"photo must have at least {least} pixels in each direction, and has {width} x {height}.")


def named_frames(name, value):
    """Raise TypeError unless `value` is a dict of at least two frames with names as keys."""
    if not isinstance(value, dict) or len(value) < 2 or not all(isinstance(key, str) and key for key in value):
        raise TypeError(
            f"{name} must be a dict from the name of each frame, such as 'epoch 3', to the data drawn in it, "
            f"with at least two of them, not {shown(value)}."
        )


# --- In messages ------------------------------------------------------------------------------------------------------


def shown(value):
    """`value` for a message, on one line and shortened to 60 characters."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def type_of(array):
    return np.dtype(array.dtype).name


def shape(value):
    """The shape of an array or a nested list, or None if its rows differ in length."""
    try:
        return np.shape(value.asnumpy() if isinstance(value, nd.NDArray) else value)
    except (TypeError, ValueError):
        return None
