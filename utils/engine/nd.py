"""`nd`: what makes arrays, and what is done with them. Most of it is a line of the table in rules.py under MXNet's name."""

import builtins

import numpy as np

from . import image, random  # noqa: F401  nd.image
from .autograd import Array, is_training
from .base import MXNetError, failed, require
from .context import require_cpu
from .ndarray import NDArray, brackets, number_or_array, operate, owned

# --- New arrays -------------------------------------------------------------------------------------------------------


def array(source_array, ctx=None, dtype=None):
    """An array of the numbers in a list or array: float32, unless `dtype` says otherwise or an NDArray has a type already."""
    require_cpu(ctx)
    if isinstance(source_array, NDArray):
        return NDArray(source_array.data.astype(dtype or source_array.dtype))
    try:
        with np.errstate(all="ignore"):
            return NDArray(np.array(source_array, dtype=dtype or "float32"))
    except (TypeError, ValueError):
        raise TypeError("source_array must be array like object") from None


def full(shape, val, ctx=None, dtype="float32", out=None):
    """An array in which every number is `val`. `shape` is a number of entries, or a tuple of one number for each axis."""
    require_cpu(ctx)
    lengths = np.atleast_1d(shape).tolist()
    if not lengths or not all(isinstance(length, int) and length > 0 for length in lengths):
        raise MXNetError(f"MXNetError: Operator _zeros inferring shapes failed.\nshape : {shape}")
    return NDArray(np.full(lengths, val, dtype or "float32"))


def zeros(shape, ctx=None, dtype=None, **options):
    """An array of zeros."""
    return full(shape, 0, ctx, dtype)


def ones(shape, ctx=None, dtype=None, **options):
    """An array of ones."""
    return full(shape, 1, ctx, dtype)


def zeros_like(data):
    """Zeros, in the shape and type of `data`."""
    return NDArray(np.zeros_like(data.data))


def ones_like(data):
    """Ones, in the shape and type of `data`."""
    return NDArray(np.ones_like(data.data))


def arange(start, stop=None, step=1.0, repeat=1, infer_range=None, ctx=None, dtype="float32"):
    """The numbers from `start` (0 if only one is given) to just below `stop`, `step` apart."""
    start, stop = (0, start) if stop is None else (start, stop)
    length = int(np.ceil((stop - start) / step))
    require(length > 0, f"param.start < param.stop.value(): Invalid range (start, stop, step) = ({start},{stop},{step:g})")
    type_ = np.dtype(dtype or "float32").type
    return NDArray((type_(start) + np.arange(length).astype(type_) * type_(step)).astype(type_).repeat(repeat))


# --- Element by element -----------------------------------------------------------------------------------------------


def require_array(name, value):
    if not isinstance(value, NDArray):
        raise AssertionError(f"Argument {name} must have NDArray type, but got {value}")


def elementwise(name, doc):
    """The function `name(data)` of the table."""

    def function(data, out=None):
        require_array("data", data)
        result = operate(name, data)
        return result if out is None else result.copyto(out)

    function.__name__, function.__doc__ = name, doc
    return function


exp = elementwise("exp", "e to the power of each number.")
log = elementwise("log", "The natural logarithm of each number.")
sigmoid = elementwise("sigmoid", "1 / (1 + exp(-x)) of each number x.")
tanh = elementwise("tanh", "The hyperbolic tangent of each number.")
relu = elementwise("relu", "max(x, 0) of each number x. At 0 the gradient is 0.")
abs = elementwise("abs", "Each number without its sign.")
square = elementwise("square", "Each number times itself.")
sqrt = elementwise("sqrt", "The square root of each number.")
negative = elementwise("negative", "Each number with the other sign.")
identity = elementwise("copy", "The same numbers in an array of their own.")
stop_gradient = BlockGrad = elementwise("stop_gradient", "The same numbers; no gradient comes back through them.")
sign = elementwise("sign", "1, 0 or -1 for each number.")
floor = elementwise("floor", "Each number rounded down.")
ceil = elementwise("ceil", "Each number rounded up.")
round = elementwise("round", "Each number rounded to the nearest whole one, halves away from 0.")
logical_not = elementwise("logical_not", "1 where a number is 0, 0 elsewhere.")


def two_sided(name, function, doc):
    """A function of two arrays, or of an array and a number."""

    def function_of_two(lhs, rhs):
        lhs, rhs = number_or_array(lhs), number_or_array(rhs)
        if not isinstance(lhs, Array) and not isinstance(rhs, Array):
            return function(lhs, rhs)
        if not isinstance(lhs, Array) and name in ("maximum", "minimum"):
            lhs, rhs = rhs, lhs
        return operate(name, lhs, rhs)

    function_of_two.__name__, function_of_two.__doc__ = name, doc
    return function_of_two


maximum = two_sided("maximum", builtins.max, "The larger of two numbers, entry by entry. A tie's gradient goes to the first.")
minimum = two_sided("minimum", builtins.min, "The smaller of two numbers, entry by entry. A tie's gradient goes to the first.")
add = two_sided("add", lambda a, b: a + b, "The sum, entry by entry.")
subtract = two_sided("subtract", lambda a, b: a - b, "The difference, entry by entry.")
multiply = two_sided("multiply", lambda a, b: a * b, "The product, entry by entry.")
divide = two_sided("divide", lambda a, b: a / b, "The quotient, entry by entry.")
modulo = two_sided("modulo", lambda a, b: a % b, "The remainder, entry by entry, with the sign of the divisor.")
power = two_sided("power", lambda a, b: a**b, "The first to the power of the second, entry by entry.")
equal = two_sided("equal", lambda a, b: a == b, "1 where two numbers are equal, 0 elsewhere.")
not_equal = two_sided("not_equal", lambda a, b: a != b, "1 where two numbers differ, 0 elsewhere.")
lesser = two_sided("lesser", lambda a, b: a < b, "1 where the first is smaller, 0 elsewhere.")
greater = two_sided("greater", lambda a, b: a > b, "1 where the first is larger, 0 elsewhere.")


def clip(data, a_min, a_max):
    """Each number, or `a_min` where it is below that, or `a_max` where it is above that."""
    return operate("clip", data, a_min=a_min, a_max=a_max)


def where(condition, x, y):
    """An entry of `x` where `condition` is not 0, an entry of `y` where it is."""
    return operate("where", condition.astype(x.dtype), x, y)


# --- Along an axis ----------------------------------------------------------------------------------------------------


def reduction(name, doc):
    """The function `name` of the table, which makes one number of all along an axis, or of all there are."""

    def function(data, axis=None, keepdims=False):
        require_array("data", data)
        return operate(name, data, axis=tuple(axis) if isinstance(axis, list) else axis, keepdims=bool(keepdims))

    function.__name__, function.__doc__ = name, doc
    return function


sum = reduction("sum", "The sum along an axis (all axes if none is named).")
mean = reduction("mean", "The mean along an axis (all axes if none is named).")
max = reduction("max", "The largest number along an axis (all axes if none is named). The gradient goes to all of them.")
min = reduction("min", "The smallest number along an axis (all axes if none is named). The gradient goes to all of them.")
euclidean = reduction("norm", "The root of the sum of squares.")


def norm(data, ord=2, axis=None, keepdims=False):
    """The length of the vector along an axis: the root of the sum of squares, or with `ord=1` the sum without signs."""
    require(ord in (1, 2), f"ord must be 1 or 2, not {ord}")
    return euclidean(data, axis, keepdims) if ord == 2 else sum(abs(data), axis, keepdims)


argmax = reduction("argmax", "Where along an axis the largest number is, the first of several; a decimal number.")
argmin = reduction("argmin", "Where along an axis the smallest number is, the first of several; a decimal number.")


def softmax(data, axis=-1, **options):
    """Probabilities from scores: exp of each number, divided by the sum of these along the axis."""
    return operate("softmax", data, axis=axis)


def log_softmax(data, axis=-1, **options):
    """The logarithms of the probabilities that `softmax` gives, without rounding a small one to 0."""
    return operate("log_softmax", data, axis=axis)


# --- Choosing ---------------------------------------------------------------------------------------------------------


def nearest(index, length):
    """`index` as whole numbers, with what lies beyond the ends of 0 to length - 1 moved there."""
    return np.minimum(np.maximum(index.astype(np.intp), 0), length - 1)


def pick(data, index, axis=-1, keepdims=False, mode="clip"):
    """From each row of `data` the entry whose column `index` names. A column beyond the ends is taken for the nearest one."""
    rows = data if axis in (-1, data.ndim - 1) else swapaxes(data, axis, -1)
    if index.size * rows.shape[-1] != rows.size:
        shapes = f"Provided = {brackets(index.shape)}, inferred shape={brackets(rows.shape[:-1])}"
        raise MXNetError(f"MXNetError: Shape inconsistent, {shapes}")
    columns = nearest(index.data.reshape(-1), rows.shape[-1])
    flat = rows if rows.ndim == 2 else reshape(rows, (-1, rows.shape[-1]))
    picked = operate("pick", flat, columns)
    shape = rows.shape[:-1]
    picked = picked if picked.shape == shape else reshape(picked, shape)
    return expand_dims(picked, axis) if keepdims else picked


def one_hot(indices, depth, on_value=1.0, off_value=0.0, dtype="float32"):
    """For each class number a row of `depth` zeros with a 1 in its column."""
    hot = np.arange(depth) == indices.data.astype(np.intp)[..., np.newaxis]
    return NDArray(np.where(hot, on_value, off_value).astype(dtype))


def take(a, indices, axis=0, mode="clip"):
    """The rows of `a` that `indices` names. A row beyond the ends is taken for the nearest one (mode "wrap": counted round)."""
    length = a.shape[axis]
    rows = nearest(indices.data, length) if mode == "clip" else indices.data.astype(np.intp) % length
    return operate("getitem", a, index=(slice(None),) * (axis % a.ndim) + (rows,))


# --- Products and layers ----------------------------------------------------------------------------------------------


def turned(matrix):
    """The transpose, without a copy: for use in a product."""
    return operate("transpose", matrix, axes=(1, 0))


def dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """The matrix product: the last axis of `lhs` is summed over together with the first of `rhs`."""
    require_array("lhs", lhs)
    require_array("rhs", rhs)
    A, B = turned(lhs) if transpose_a else lhs, turned(rhs) if transpose_b else rhs
    if A.shape[-1] != B.shape[0]:
        shapes = f"{brackets(lhs.shape)} X {brackets(rhs.shape)}"
        raise failed(f"L[!Ta].Size() == R[Tb].Size() ({A.shape[-1]} vs. {B.shape[0]}) : dot shape error: {shapes}")
    require(A.data.dtype.kind == "f", "outputs[0].type_flag_ == kFloat32 || outputs[0].type_flag_ == kFloat64: no float in dot")
    if A.ndim == B.ndim == 2:
        return operate("dot", A, B)
    flat = operate("dot", reshape(A, (-1, A.shape[-1])), reshape(B, (B.shape[0], -1)))
    return reshape(flat, (A.shape[:-1] + B.shape[1:]) or (1,))


def FullyConnected(data, weight, bias=None, num_hidden=None, no_bias=False, flatten=True):
    """A layer: `data` times the transpose of `weight`, plus `bias`."""
    X = globals()["flatten"](data) if flatten else data
    if X.shape[-1] != weight.shape[1]:
        shapes = f"Provided = {brackets(weight.shape)}, inferred shape=({weight.shape[0]},{X.shape[-1]})"
        raise MXNetError(f"MXNetError: Shape inconsistent, {shapes}")
    O = operate("dot", X, turned(weight))
    return O if bias is None or no_bias else O + bias


ACTIVATIONS = {"relu": relu, "sigmoid": sigmoid, "tanh": tanh}


def Activation(data, act_type):
    """The activation of that name: relu, sigmoid or tanh."""
    require(act_type in ACTIVATIONS, f"Invalid Input: '{act_type}', valid values are: {set(ACTIVATIONS)}, in operator Activation")
    return ACTIVATIONS[act_type](data)


def LeakyReLU(data, act_type="leaky", slope=0.25):
    """x where it is positive, `slope` times x elsewhere."""
    require(act_type == "leaky", f"the own engine has LeakyReLU for act_type 'leaky' only, not '{act_type}'")
    return operate("leaky_relu", data, slope=slope)


def Dropout(data, p=0.5):
    """In training: each number set to 0 with probability `p`, the others divided by 1 - p. Otherwise the numbers as they are."""
    if not is_training() or p == 0:
        return data
    return data * NDArray((random.uniform(shape=data.shape).data < 1 - p) / data.dtype(1 - p)).astype(data.dtype)


# --- Another arrangement ----------------------------------------------------------------------------------------------


def new_shape(old, wanted):
    """The shape that `reshape` makes of `old`. 0 keeps an axis, -1 is worked out, -2 keeps the rest, -3 merges two axes."""
    shape, rest = [], list(old)
    for length in wanted:
        if length == -2:
            shape, rest = shape + rest, []
        elif length == -3:
            shape, rest = [*shape, rest[0] * rest[1]], rest[2:]
        else:
            shape, rest = [*shape, rest[0] if length == 0 else length], rest[1:]
    return tuple(shape)


def reshape(data, *shape, **options):
    """The same numbers, row by row, in another shape; -1 is worked out. (0 keeps an axis, -2 the rest, -3 merges two axes.)"""
    wanted = options.get("shape", shape)
    wanted = new_shape(data.shape, wanted[0] if wanted and isinstance(wanted[0], (tuple, list)) else wanted)
    try:
        return operate("reshape", data, shape=wanted)
    except MXNetError:
        sizes = f"({data.size} vs. {int(np.prod(wanted))}) : {brackets(data.shape)} can't be made {brackets(wanted)}"
        raise MXNetError(f"MXNetError: NDArray.Reshape: Check failed: shape_.Size() >= shape.Size() {sizes}") from None


def flatten(data):
    """A row for each entry of the first axis: (n, 1, 28, 28) becomes (n, 784)."""
    return reshape(data, (data.shape[0], -1))


def expand_dims(data, axis):
    """One more axis, of length 1, at the place `axis`."""
    return reshape(data, np.expand_dims(data.data, axis).shape)


def squeeze(data, axis=None):
    """Without the axes of length 1, or without `axis` only."""
    return reshape(data, np.squeeze(data.data, axis).shape or (1,))


def transpose(data, axes=None):
    """The axes in another order; in reverse if none is given."""
    return owned(operate("transpose", data, axes=tuple(axes or reversed(range(data.ndim)))))


def swapaxes(data, dim1=0, dim2=0):
    """Two axes change places."""
    axes = list(range(data.ndim))
    axes[dim1], axes[dim2] = axes[dim2], axes[dim1]
    return transpose(data, axes)


def broadcast_to(data, shape):
    """Repeated along the axes of length 1 until the shape is `shape`."""
    return operate("broadcast_to", data, shape=tuple(shape))


def concat(*data, dim=1):
    """One behind the other along the axis `dim`."""
    if len(data) == 1:
        return data[0]
    half = len(data) // 2
    return operate("concat", concat(*data[:half], dim=dim), concat(*data[half:], dim=dim), dim=dim)


def concatenate(arrays, axis=0, always_copy=True):
    """One behind the other along an axis."""
    return concat(*arrays, dim=axis)


def stack(*data, axis=0):
    """Next to each other, along a new axis."""
    data = data[0] if len(data) == 1 and isinstance(data[0], (list, tuple)) else data
    return concat(*(expand_dims(one, axis) for one in data), dim=axis)


def waitall():
    """Wait until all is computed, which it is: the engine doesn't work in the background."""


METHODS = """abs argmax argmin broadcast_to ceil clip exp expand_dims flatten floor log log_softmax max mean min norm one_hot
ones_like pick relu reshape round sigmoid sign softmax sqrt square squeeze sum swapaxes take tanh transpose zeros_like""".split()
for name in METHODS:
    setattr(NDArray, name, globals()[name])
