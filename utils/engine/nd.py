"""`nd`: functions that make arrays, and functions of arrays. Most apply an entry of the table in rules.py, under MXNet's name."""

import math
import numbers

import numpy as np

from . import random
from .autograd import is_training
from .base import MXNetError, failed, refuse, require, require_cpu
from .ndarray import NDArray, as_numbers, brackets, lengths, number_type, operate, operation, require_arrays, require_operands


def array(source_array, ctx=None, dtype=None):
    """An array of the numbers in a list or array, of type `dtype`. By default an NDArray keeps its type; all else is float32."""
    require_cpu(ctx)
    if isinstance(source_array, NDArray):
        return source_array.astype(dtype or source_array.dtype)
    try:
        with np.errstate(all="ignore"):
            return NDArray(as_numbers(source_array).astype(number_type(dtype or "float32")))
    except ValueError:
        raise TypeError("source_array must be array like object") from None


def full(shape, val, ctx=None, dtype="float32"):
    """An array in which every number is `val`. `shape` is a number of entries, or a tuple of one number for each axis."""
    require_cpu(ctx)
    return NDArray(np.full(lengths(shape), as_numbers(val), number_type(dtype or "float32")))


def zeros(shape, ctx=None, dtype="float32"):
    """An array of zeros."""
    return full(shape, 0, ctx, dtype)


def ones(shape, ctx=None, dtype="float32"):
    """An array of ones."""
    return full(shape, 1, ctx, dtype)


def arange(start, stop=None, step=1.0, repeat=1, *, ctx=None, dtype="float32"):
    """The numbers from `start` (0 if only one is given) to just below `stop`, `step` apart."""
    refuse(repeat=None if repeat == 1 else repeat)
    require_cpu(ctx)
    start, stop = (0, start) if stop is None else (start, stop)
    require(step != 0, "param.step != 0: Range does not support step=0")
    length = math.ceil((stop - start) / step)
    require(length > 0, f"param.start < param.stop.value(): Invalid range (start, stop, step) = ({start},{stop},{step:g})")
    number = number_type(dtype).type
    return NDArray(number(start) + np.arange(length).astype(number) * number(step))


def eye(N, M=0, k=0, ctx=None, dtype="float32"):
    """N rows of M numbers (N if that is 0): 1 on the diagonal, or k places to the right of it, and 0 elsewhere."""
    require_cpu(ctx)
    return NDArray(np.eye(N, M or None, k, number_type(dtype)))


# --- The operations of the table --------------------------------------------------------------------------------------

exp = operation("exp", "e to the power of each number.")
log = operation("log", "The natural logarithm of each number.")
sigmoid = operation("sigmoid", "1 / (1 + exp(-x)) of each number, between 0 and 1.")
tanh = operation("tanh", "The hyperbolic tangent of each number, between -1 and 1.")
relu = operation("relu", "max(x, 0) of each number.")
sqrt = operation("sqrt", "The square root of each number.")
abs = operation("abs", "Each number without its sign.")
square = operation("square", "Each number times itself.")
negative = operation("negative", "Each number with the other sign.")
sign = operation("sign", "1 for each number above 0, -1 for each below, 0 for 0.")
floor = operation("floor", "The next whole number below each number.")
ceil = operation("ceil", "The next whole number above each number.")
round = operation("round", "The nearest whole number of each number; halves go away from 0.")
zeros_like = operation("zeros_like", "Zeros in the shape of the array.")
ones_like = operation("ones_like", "Ones in the shape of the array.")
add = operation("add", "The sum of two arrays, or of an array and a number, element by element.")
subtract = operation("subtract", "The difference of two arrays, or of an array and a number, element by element.")
multiply = operation("multiply", "The product of two arrays, or of an array and a number, element by element.")
divide = operation("divide", "The quotient of two arrays, or of an array and a number, element by element.")
equal = operation("equal", "1 where both are equal, and 0 elsewhere.")
greater = operation("greater", "1 where the first is larger, and 0 elsewhere.")
power = operation("power", "The first to the power of the second, element by element.")
clip = operation("clip", "Each number, but at least `a_min` and at most `a_max`.", a_min=..., a_max=...)
broadcast_to = operation("broadcast_to", "The array repeated to a `shape`, along axes of length 1.", shape=...)
sum = operation("sum", "The sum of all numbers, or along `axis`.", axis=None, keepdims=False)
mean = operation("mean", "The mean of all numbers, or along `axis`.", axis=None, keepdims=False)
max = operation("max", "The largest of all numbers, or along `axis`.", axis=None, keepdims=False)
min = operation("min", "The smallest of all numbers, or along `axis`.", axis=None, keepdims=False)
norm_of_order_2 = operation("norm", axis=None, keepdims=False)
argmax = operation("argmax", "The place of the largest number, of all or along `axis`, from 0.", axis=None, keepdims=False)
argmin = operation("argmin", "The place of the smallest number, of all or along `axis`, from 0.", axis=None, keepdims=False)
softmax = operation("softmax", "exp of each number divided by their sum along `axis`: 1 in sum.", length=None, axis=-1)
log_softmax = operation("log_softmax", "The logarithm of `softmax`, which stays finite for scores that are far apart.", axis=-1)


def two_sided(name, doc):
    """The operation `name` on an array and an array or number, in either order, or on two numbers."""

    def function(lhs, rhs):
        if isinstance(lhs, numbers.Real) and isinstance(rhs, numbers.Real):
            return getattr(np, name)(lhs, rhs)
        return operate(name, rhs, lhs) if isinstance(lhs, numbers.Real) else operate(name, lhs, rhs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = doc
    return function


maximum = two_sided("maximum", "The larger of two numbers, element by element, of two arrays or of an array and a number.")
minimum = two_sided("minimum", "The smaller of two numbers, element by element, of two arrays or of an array and a number.")
random_normal, random_uniform = random.normal, random.uniform


def norm(data, ord=2, axis=None, *, keepdims=False, **lacking):
    """The square root of the sum of the squares, of all numbers or along `axis`."""
    refuse(**lacking)
    require(ord == 2, f"the own engine has norm for ord 2 only, not {ord}")
    return norm_of_order_2(data, axis=axis, keepdims=keepdims)


def where(condition, x, y):
    """An entry of `x` where `condition` is not 0, an entry of `y` where it is. A condition of one axis chooses whole rows."""
    require_arrays(condition=condition, x=x, y=y)
    require_operands("where", [condition])
    fits = x.shape == y.shape and condition.shape in (x.shape, x.shape[:1])
    shapes = " ".join(brackets(array.shape) for array in (condition, x, y))
    require(fits, f"where takes a condition and two arrays of one shape, or a number for each row, not {shapes}")
    axes = condition.shape if condition.shape == x.shape else (-1,) + (1,) * (x.ndim - 1)
    return operate("where", (condition != 0).reshape(axes).astype(x.dtype), x, y)


def LeakyReLU(data, act_type="leaky", slope=0.25):
    """x where it is positive, `slope` times x elsewhere."""
    require(act_type == "leaky", f"the own engine has LeakyReLU for act_type 'leaky' only, not '{act_type}'")
    require(data._data.dtype.kind == "f", f"This operation only support floating point types, not {data._data.dtype}")
    return where(data > 0, data, slope * data)


def pick(data, index, axis=-1, **lacking):
    """The entry of each row of `data` in the column that `index` names. An index out of range is clipped."""
    refuse(**lacking)
    require_arrays(data=data, index=index)
    require(axis in (-1, data.ndim - 1), f"the own engine picks along the last axis only, not along {axis}")
    if index.shape not in (data.shape[:-1] or (1,), (*data.shape[:-1], 1)):
        shapes = f"Provided = {brackets(index.shape)}, inferred shape={brackets(data.shape[:-1])}"
        raise MXNetError(f"MXNetError: Shape inconsistent, {shapes}")
    if data.ndim != 2 or index.ndim != 1:
        return pick(data.reshape((-1, data.shape[-1])), index.reshape(-1)).reshape(data.shape[:-1])
    columns = np.minimum(np.maximum(index._data.astype(np.intp), 0), data.shape[1] - 1)
    return operate("pick", data, y=columns)


def one_hot(indices, depth, on_value=1, off_value=0, dtype="float32"):
    """For each class number a row of `depth` times `off_value` (0), with `on_value` (1) in its column."""
    require_arrays(indices=indices)
    require(isinstance(depth, numbers.Integral) and depth >= 0, f"depth must be a whole number of classes, not {depth!r}")
    for value in (on_value, off_value):
        require(isinstance(value, numbers.Real), f"one_hot takes numbers as on_value and off_value, not {value!r}")
    return operate("one_hot", indices, depth=depth, values=(on_value, off_value), dtype=number_type(dtype or "float32"))


def take(a, indices, axis=0, mode="clip"):
    """The rows (columns ...) of `a` that `indices` names. An index out of range is clipped."""
    refuse(mode=None if mode == "clip" else mode)
    require_arrays(indices=indices)
    require(-a.ndim <= axis < a.ndim, f"Axis should be in the range from {-a.ndim} to {a.ndim - 1}, not {axis}")
    return operate("take", a, index=indices._data.astype(np.intp), axis=axis % a.ndim)


# --- Products and layers ----------------------------------------------------------------------------------------------


def dot(lhs, rhs, transpose_a=False, transpose_b=False):
    """The matrix product: the last axis of `lhs` is summed over together with the first of `rhs`."""
    require_arrays(lhs=lhs, rhs=rhs)
    is_vectors, transposes = lhs.ndim == rhs.ndim == 1, transpose_a or transpose_b
    require(not (is_vectors and transposes), "!param.transpose_a && !param.transpose_b: Cannot transpose vectors")
    A = operate("transpose", lhs, axes=(*range(1, lhs.ndim), 0)) if transpose_a else lhs
    B = operate("transpose", rhs, axes=(rhs.ndim - 1, *range(rhs.ndim - 1))) if transpose_b else rhs
    if A.shape[-1] != B.shape[0]:
        shapes = f"{brackets(lhs.shape)} X {brackets(rhs.shape)}"
        raise failed(f"L[!Ta].Size() == R[Tb].Size() ({A.shape[-1]} vs. {B.shape[0]}) : dot shape error: {shapes}")
    is_float = A._data.dtype in (np.float32, np.float64)
    require(is_float, "outputs[0].type_flag_ == kFloat32 || outputs[0].type_flag_ == kFloat64: no float in dot")
    if A.ndim == B.ndim == 2:
        return operate("dot", A, B)
    return dot(A.reshape((-1, A.shape[-1])), B.reshape((B.shape[0], -1))).reshape(A.shape[:-1] + B.shape[1:])


def FullyConnected(data, weight, bias=None, num_hidden=None, no_bias=False, flatten=True):
    """A layer: `data`, a row for each example, times the transpose of `weight`: (num_hidden, ...), plus `bias`: (num_hidden,)."""
    needed, given = 2 if no_bias else 3, 2 if bias is None else 3
    if needed != given:
        raise MXNetError(f"MXNetError: Operator FullyConnected expects {needed} inputs, but got {given} instead.")
    X = data.reshape((len(data), -1)) if flatten else data
    if weight.shape != (num_hidden, X.shape[-1]):
        shapes = f"Provided = {brackets(weight.shape)}, inferred shape=({num_hidden},{X.shape[-1]})"
        raise MXNetError(f"MXNetError: Shape inconsistent, {shapes}")
    if not no_bias and bias.shape != (num_hidden,):
        raise MXNetError(f"MXNetError: Unexpected shape for bias {brackets(bias.shape)}")
    O = dot(X, weight, transpose_b=True)
    return O if no_bias else O + bias


def Dropout(data, p=0.5, **lacking):
    """In training, set each number to 0 with probability `p` and divide the others by 1 - p. Otherwise, a copy."""
    refuse(**lacking)
    require(0 <= p <= 1, f"value {p} for Parameter p exceed bound [0,1]")
    require(data._data.dtype.kind == "f", f"This operation only support floating point types, not {data._data.dtype}")
    if not is_training() or p == 0:
        return operate("copy", data)
    kept = np.float32(1) - np.float32(p)  # MXNet compares and scales in float32, whatever the type of data
    mask = random.uniform(shape=data.shape, dtype=data.dtype).astype("float32") < float(kept)
    return data * (mask.astype(data.dtype) * float(np.float32(1) / kept))


# --- Shapes and axes --------------------------------------------------------------------------------------------------


def reshaped(data, *axes, shape=None, reverse=False, **lacking):
    """The method `reshape`: the same memory in another shape. A length of 0 keeps the axis, a length of -1 is inferred."""
    refuse(reverse=reverse or None, **lacking)
    wanted = shape or (axes[0] if len(axes) == 1 and isinstance(axes[0], (tuple, list)) else axes)
    require(all(length >= -1 for length in wanted), f"the own engine takes lengths from -1 on, not {wanted}")
    require(0 not in wanted[data.ndim :], f"src_idx < dshape_len: {wanted} keeps an axis that {brackets(data.shape)} lacks")
    wanted = tuple(data.shape[axis] if length == 0 else length for axis, length in enumerate(wanted)) or (1,)
    size, filled = data.size, math.prod(length for length in wanted if length > 0)
    if size % filled if -1 in wanted else size != filled:
        kind = MXNetError if -1 not in wanted and filled > size else ValueError
        raise kind(f"Cannot reshape array of size {size} into shape {wanted}")
    return operate("reshape", data, shape=wanted)


def reshape(data, shape, reverse=False, **lacking):
    """A copy with the same numbers, row by row, in another shape."""
    return reshaped(operate("copy", data), shape, reverse=reverse, **lacking)


def flatten(data):
    """A row for each entry of the first axis: (n, 1, 28, 28) becomes (n, 784)."""
    return operate("copy", data).reshape((len(data), -1))


def expand_dims(data, axis):
    """Insert an axis of length 1 at position `axis`."""
    require_arrays(data=data)
    require(-data.ndim - 1 <= axis <= data.ndim, f"axis must be in the range [{-data.ndim - 1}, {data.ndim}] ({axis} provided)")
    return operate("copy", data).reshape(np.expand_dims(data._data, axis).shape)


def transpose(data, axes=None):
    """The axes in the order of `axes`, or in reverse order if it is None."""
    axes = tuple(np.atleast_1d(axes).tolist() if axes else reversed(range(data.ndim)))
    fits = sorted(axes) == list(range(data.ndim))
    require(fits, f"transpose takes a tuple with each axis once, from 0 to {data.ndim - 1}, not {axes}")
    return operate("copy", operate("transpose", data, axes=axes))


def concat(*data, dim=1):
    """The arrays joined along the axis `dim`."""
    require(data, "num_args: there is no array to join")
    if len(data) == 1:
        require_arrays(data=data[0])
        require(-data[0].ndim <= dim < data[0].ndim, f"axis {dim} exceeds the input dimension of {data[0].ndim}")
        return operate("copy", data[0])
    half = len(data) // 2
    return operate("concat", concat(*data[:half], dim=dim), concat(*data[half:], dim=dim), dim=dim)


def stack(*data, axis=0):
    """The arrays joined along a new axis."""
    return concat(*(expand_dims(one, axis) for one in data), dim=axis)


def waitall():
    """Do nothing: in MXNet this waits for computations in the background, and the engine has none."""


# --- The functions that are methods of an array too: X.sum() is sum(X) ---------------------------------------------------

NDArray.abs = abs
NDArray.argmax = argmax
NDArray.argmin = argmin
NDArray.broadcast_to = broadcast_to
NDArray.ceil = ceil
NDArray.clip = clip
NDArray.exp = exp
NDArray.expand_dims = expand_dims
NDArray.flatten = flatten
NDArray.floor = floor
NDArray.log = log
NDArray.log_softmax = log_softmax
NDArray.max = max
NDArray.mean = mean
NDArray.min = min
NDArray.norm = norm
NDArray.one_hot = one_hot
NDArray.ones_like = ones_like
NDArray.pick = pick
NDArray.relu = relu
NDArray.round = round
NDArray.sigmoid = sigmoid
NDArray.sign = sign
NDArray.softmax = softmax
NDArray.sqrt = sqrt
NDArray.square = square
NDArray.sum = sum
NDArray.take = take
NDArray.tanh = tanh
NDArray.transpose = transpose
NDArray.zeros_like = zeros_like
NDArray.reshape = reshaped
