"""The table of operations: how each is computed, and the gradient rule for each of its inputs.

RULES[name] is (forward, [rule for the first input, rule for the second ...]). A rule takes dC, the gradient of the result C, then
C and the inputs A and B, and returns the gradient of its input: in the input's shape, or in that of C if the input was broadcast
(`summed_to` then sums over the broadcast axes). If an array was changed in place meanwhile, a rule can use only its shape."""

import numpy as np

from . import product  # noqa: F401  (gives a browser a quicker np.dot)
from .base import require

RULES = {}

# fmt: off
# --- What the network needs -------------------------------------------------------------------------------------------

RULES["add"] = (lambda A, B: A + B, [
    lambda dC, C, A, B: dC,
    lambda dC, C, A, B: dC])
RULES["subtract"] = (lambda A, B: A - B, [
    lambda dC, C, A, B: dC,
    lambda dC, C, A, B: -dC])
RULES["multiply"] = (lambda A, B: A * B, [
    lambda dC, C, A, B: dC * B,
    lambda dC, C, A, B: dC * A])


def dot_dA(dC, C, A, B):
    """The gradient of A, for C = A B."""
    return np.dot(dC, B.T)


def dot_dB(dC, C, A, B):
    """The gradient of B, for C = A B."""
    return np.dot(A.T, dC)


RULES["dot"] = (np.dot, [dot_dA, dot_dB])
RULES["maximum"] = (np.maximum, [
    lambda dC, C, A, B: dC * (A >= B),
    lambda dC, C, A, B: dC * (A < B)])
RULES["exp"] = (np.exp, [
    lambda dC, C, A: dC * C])
RULES["log"] = (np.log, [
    lambda dC, C, A: dC / A])


def lined_up(dC, axis=None, keepdims=False):
    """`dC`, one number for each row (or column ...), with the reduced axis restored as an axis of length 1."""
    return dC if axis is None or keepdims else np.expand_dims(dC, axis)


RULES["sum"] = (lambda A, **axes: A.sum(**axes), [
    lambda dC, C, A, **axes: np.broadcast_to(lined_up(dC, **axes), A.shape)])
RULES["max"] = (lambda A, **axes: A.max(**axes), [
    lambda dC, C, A, **axes: lined_up(dC, **axes) * (A == lined_up(C, **axes))])
RULES["pick"] = (lambda A, y: A[np.arange(len(A)), y], [
    lambda dC, C, A, y: np.where(np.arange(A.shape[1]) == y[:, None], dC[:, None], 0)])

# --- Other arithmetic ---------------------------------------------------------------------------------------------------


def modulo(A, B, out=None, **options):
    """A % B, but 0 where B is 0. Written into `out`, which may be A or B, if it is given."""
    by_zero = B == 0
    C = np.mod(A, B, out, **options)
    np.copyto(C, 0, where=by_zero)
    return C


def power(A, B):
    """A ** B, for whole numbers by way of float64, so that 3 ** -1 can be computed, and becomes 0."""
    return A ** B if np.result_type(A, B).kind == "f" else np.power(A, B, dtype=np.float64)


RULES["negative"] = (lambda A: -A, [lambda dC, C, A: -dC])
RULES["abs"] = (lambda A: np.abs(A), [lambda dC, C, A: dC * np.sign(A)])
RULES["square"] = (lambda A: A * A, [lambda dC, C, A: 2 * dC * A])
RULES["sqrt"] = (lambda A: np.sqrt(A), [lambda dC, C, A: dC / (2 * C)])
RULES["sigmoid"] = (lambda A: 1 / (1 + np.exp(-A)), [lambda dC, C, A: dC * C * (1 - C)])
RULES["tanh"] = (lambda A: np.tanh(A), [lambda dC, C, A: dC * (1 - C * C)])
RULES["relu"] = (lambda A: np.maximum(A, 0), [lambda dC, C, A: dC * (A > 0)])
RULES["relu_layer"] = (lambda A: np.fmax(A, 0), [lambda dC, C, A: dC * (C > 0)])  # in gluon's layers NaN becomes 0
RULES["clip"] = (lambda A, a_min, a_max: np.where(A > a_max, a_max, np.where(A < a_min, a_min, A)), [
    lambda dC, C, A, a_min, a_max: np.where((A < a_min) | (A > a_max), 0, dC)])  # no product: the gradient above may be infinite
RULES["divide"] = (lambda A, B: A / B, [lambda dC, C, A, B: dC / B, lambda dC, C, A, B: -dC * (A / B) / B])
RULES["modulo"] = (modulo, [lambda dC, C, A, B: dC, lambda dC, C, A, B: -dC * np.floor(A / B)])
RULES["power"] = (power, [lambda dC, C, A, B: dC * B * power(A, B - 1), lambda dC, C, A, B: dC * C * np.log(A)])
RULES["minimum"] = (lambda A, B: np.minimum(A, B), [lambda dC, C, A, B: dC * (A <= B), lambda dC, C, A, B: dC * (A > B)])
RULES["where"] = (lambda test, A, B: np.where(test, A, B), [
    lambda dC, C, test, A, B: np.zeros_like(dC),
    lambda dC, C, test, A, B: np.where(test, dC, 0),
    lambda dC, C, test, A, B: np.where(test, 0, dC)])
RULES["mean"] = (lambda A, **axes: A.mean(**axes), [
    lambda dC, C, A, **axes: np.broadcast_to(lined_up(dC, **axes), A.shape) * (C.size / A.size)])
RULES["min"] = (lambda A, **axes: A.min(**axes), RULES["max"][1])
RULES["norm"] = (lambda A, **axes: np.sqrt(np.square(A, dtype=np.float64).sum(**axes)).astype(A.dtype), [
    lambda dC, C, A, **axes: A * lined_up(dC / C, **axes)])
RULES["log_softmax"] = (lambda A, axis: A - A.max(axis=axis, keepdims=True) - np.log(exps(A, axis).sum(axis, keepdims=True)), [
    lambda dC, C, A, axis: dC - np.exp(C) * dC.sum(axis=axis, keepdims=True)])
RULES["softmax"] = (lambda A, axis: exps(A, axis) / exps(A, axis).sum(axis=axis, keepdims=True), [
    lambda dC, C, A, axis: C * (dC - (dC * C).sum(axis=axis, keepdims=True))])


def exps(A, axis):
    """exp(A) up to a factor for each row, chosen so that the largest of the row is 1. Raises MXNetError for whole numbers."""
    require(A.dtype.kind == "f", f"This operation only support floating point types, not {A.dtype}")
    return np.exp(A - A.max(axis=axis, keepdims=True))


# --- Copies, shapes and indices ---------------------------------------------------------------------------------------

RULES["copy"] = (lambda A: A.copy(), [lambda dC, C, A: dC])
RULES["cast"] = (lambda A, dtype: A.astype(dtype), [lambda dC, C, A, dtype: dC.astype(A.dtype)])
RULES["reshape"] = (lambda A, shape: A.reshape(shape), [lambda dC, C, A, shape: dC.reshape(A.shape)])
RULES["transpose"] = (lambda A, axes: A.transpose(axes), [lambda dC, C, A, axes: dC.transpose(np.argsort(axes))])
RULES["broadcast_to"] = (lambda A, shape: np.broadcast_to(A, filled_in(A, shape)).copy(), [lambda dC, C, A, shape: dC])
RULES["concat"] = (lambda A, B, dim: np.concatenate((A, B), axis=dim), [
    lambda dC, C, A, B, dim: np.split(dC, [A.shape[dim]], axis=dim)[0],
    lambda dC, C, A, B, dim: np.split(dC, [A.shape[dim]], axis=dim)[1]])
RULES["getitem"] = (lambda A, index: A[index], [lambda dC, C, A, index: scattered(A, index, dC)])
RULES["take"] = (lambda A, index, axis: A.take(index, axis, mode="clip"), [
    lambda dC, C, A, index, axis: scattered(A, (slice(None),) * axis + (np.clip(index, 0, A.shape[axis] - 1),), dC)])


def filled_in(A, shape):
    """`shape`, in which a length of 0 stands for that of the axis of A."""
    old = (1,) * (len(shape) - A.ndim) + A.shape
    return tuple(length or kept for length, kept in zip(shape, old))


def scattered(A, index, dC):
    """Zeros in the shape of A, with each entry of dC added where `index` took it from."""
    dA = np.zeros(A.shape, A.dtype)
    np.add.at(dA, index, dC.reshape(dA[index].shape))
    return dA


# --- Piecewise constant functions: their gradient is 0, so they need no rules -----------------------------------------

for name in "equal not_equal less less_equal greater greater_equal sign floor ceil zeros_like ones_like".split():
    RULES[name] = (getattr(np, name), [])
RULES["argmax"] = (lambda A, **axes: A.argmax(**axes), [])
RULES["argmin"] = (lambda A, **axes: A.argmin(**axes), [])
RULES["round"] = (lambda A: np.trunc(A) + np.sign(A) * (np.abs(A - np.trunc(A)) >= 0.5), [])  # A + 0.5 could be rounded itself
RULES["one_hot"] = (lambda A, depth, values, dtype: np.where(np.arange(depth) == A.astype(np.intp)[..., None], *values), [])
