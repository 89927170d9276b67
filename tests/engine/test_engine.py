"""The own engine gives the same numbers and errors as MXNet, and gradients that agree with finite differences."""

import ast
import copy
import functools
import math
import pickle
import re
import threading
import zlib

import mxnet
import numpy as np
import pytest
from hypothesis import example, given, seed, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from utils import engine
from utils.engine.rules import RULES

pytestmark = pytest.mark.own_engine

EPS = 2.0**-23  # the distance from 1 to the next float32
needs_mxnet = pytest.mark.mxnet
both = {"MXNet": mxnet, "the own engine": engine}


def few(test, examples=25):
    """A property test with reproducible examples, seeded by the name of the test."""
    return settings(max_examples=examples, deadline=None, database=None)(seed(zlib.crc32(test.__name__.encode()))(test))


# --- Every operation: values and gradients ----------------------------------------------------------------------------

# name: (the call on `nd` and arrays, the number of arrays, the least and the largest number in them, the number of roundings in
# the computation of each number of the result). Calls use axes 0 and 1, so the arrays have two.
# fmt: off
CALLS = {
    "add": (lambda nd, A, B: A + B, 2, -9, 9, 1),
    "add a number": (lambda nd, A: 1.5 + A + 2, 1, -9, 9, 2),
    "subtract": (lambda nd, A, B: A - B, 2, -9, 9, 1),
    "subtract from a number": (lambda nd, A: 1.5 - A, 1, -9, 9, 1),
    "multiply": (lambda nd, A, B: A * B, 2, -9, 9, 1),
    "divide": (lambda nd, A, B: A / B, 2, 0.5, 9, 4),
    "divide a number": (lambda nd, A: 3 / A, 1, 0.5, 9, 4),
    "modulo": (lambda nd, A: A % 3, 1, -9, 9, 2),
    "modulo of arrays": (lambda nd, A, B: A % (B - 9.5), 2, 0.5, 9, 2),
    "power": (lambda nd, A, B: A**B, 2, 0.5, 3, 30),
    "power of a number": (lambda nd, A: A**3 + 2**A, 1, -3, 3, 30),
    "negative": (lambda nd, A: -A, 1, -9, 9, 1),
    "maximum": (lambda nd, A, B: nd.maximum(A, B), 2, -3, 3, 1),
    "maximum with a number": (lambda nd, A: nd.maximum(0, A), 1, -3, 3, 1),
    "minimum": (lambda nd, A, B: nd.minimum(A, B), 2, -3, 3, 1),
    "comparisons": (lambda nd, A, B: (A > B) * A + (A <= B) * B + (A == 1) + (A != B) + (A < 0) + (A >= B), 2, -3, 3, 8),
    "exp": (lambda nd, A: nd.exp(A), 1, -9, 9, 4),
    "log": (lambda nd, A: A.log(), 1, 0.125, 9, 4),
    "abs": (lambda nd, A: abs(A) + A.sign() + nd.floor(A) + nd.ceil(A) + nd.round(A), 1, -9, 9, 5),
    "zeros_like, ones_like": (lambda nd, A: (A + nd.zeros_like(A)) * A.ones_like(), 1, -9, 9, 1),
    "sqrt, square": (lambda nd, A: nd.sqrt(A) + nd.square(A), 1, 0.125, 9, 9),
    "sigmoid": (lambda nd, A: nd.sigmoid(A), 1, -20, 20, 9),
    "tanh": (lambda nd, A: nd.tanh(A), 1, -9, 9, 9),
    "relu": (lambda nd, A: nd.relu(A), 1, -3, 3, 1),
    "relu of a layer": (
        lambda nd, A: (engine if nd is engine.nd else mxnet).gluon.nn.Activation("relu")(A), 1, -3, 3, 1),
    "leaky relu": (lambda nd, A: nd.LeakyReLU(A, act_type="leaky", slope=0.1), 1, -3, 3, 2),
    "clip": (lambda nd, A: nd.clip(A, -1, 2), 1, -3, 3, 1),
    "where": (lambda nd, A, B: nd.where(A > B, A * 2, B * 3), 2, -3, 3, 2),
    "sum": (lambda nd, A: A.sum() * A.sum(axis=1, keepdims=True) + nd.sum(A, axis=0), 1, 0.125, 9, 60),
    "mean": (lambda nd, A: A.mean() * A.mean(axis=0, keepdims=True) + nd.mean(A, axis=(0, 1)), 1, 0.125, 9, 60),
    "max, min": (lambda nd, A: A.max(axis=1, keepdims=True) * A.min(axis=0) - A.max(), 1, 0.125, 9, 4),
    "norm": (lambda nd, A: A.norm() * A.norm(axis=1), 1, 0.125, 9, 60),
    "softmax": (lambda nd, A: nd.softmax(A) * A, 1, -9, 9, 200),
    "log_softmax": (lambda nd, A: nd.log_softmax(A, axis=0), 1, -9, 9, 200),
    "argmax": (lambda nd, A: A * A.argmax(axis=1, keepdims=True) + A.argmin(axis=0), 1, -3, 3, 2),
    "pick": (lambda nd, A: nd.pick(A, nd.arange(len(A)) - 1), 1, -3, 3, 1),
    "take": (lambda nd, A: A.take(nd.array([1, 0, 1, 99, -5])), 1, -3, 3, 3),
    "take columns": (lambda nd, A: nd.take(A, nd.array([1, 0, 1]), axis=-1), 1, -3, 3, 3),
    "index": (lambda nd, A: A[0] * A[0:1, ::-1] + A[-1, 0], 1, -3, 3, 3),
    "index by arrays": (lambda nd, A: A[nd.array([0, 0])] * 2, 1, -3, 3, 3),
    "reshape": (lambda nd, A: A.reshape((-1, 1)) * A.T.reshape((0, -1)).flatten().reshape(-1), 1, -3, 3, 40),
    "axes": (lambda nd, A: A.expand_dims(1).transpose((2, 1, 0)).reshape((0, -1)) + nd.transpose(A), 1, -3, 3, 2),
    "broadcast_to": (lambda nd, A: A[:1].broadcast_to((4, A.shape[1])) * 2 + nd.broadcast_to(A[:1], (0, 0)), 1, -3, 3, 5),
    "one_hot": (lambda nd, A: A * nd.one_hot(A[:, 0], 3, 2, -1, np.dtype(A.dtype).name)[:, :1], 1, 0, 3, 1),
    "concat, stack": (
        lambda nd, A: nd.concat(A, A * 2, A[:, :1]).sum() + nd.stack(A, A * 3, axis=1) + nd.concat(A, A * 2, dim=0).max(),
        1, 0.125, 9, 90),
    "copy, astype": (
        lambda nd, A: A.copy() * A.astype("float64").astype("float32") + A.detach() * A.detach(), 1, -3, 3, 4),
    "dot": (lambda nd, A, B: nd.dot(A, B.T) + nd.dot(A, B, transpose_b=True), 2, 0.125, 9, 60),
    "dot of transposed vectors": (
        lambda nd, A: nd.dot(A, A[0], transpose_b=True) + nd.dot(A[:, 0], A, transpose_a=True)[0], 1, 0.125, 9, 60),
    "dot with three axes": (
        lambda nd, A, B: nd.dot(A.expand_dims(1), B.expand_dims(0), transpose_b=True).sum(axis=1)
        + nd.dot(A.expand_dims(1), B, transpose_a=True).sum(), 2, 0.125, 9, 600),
    "dot of vectors": (lambda nd, A: nd.dot(A[0], A[0]) + nd.dot(A, A[0]) + nd.dot(A[:, 0], A)[0], 1, 0.125, 9, 60),
    "a layer": (lambda nd, A, B: nd.FullyConnected(A, B, num_hidden=len(B), no_bias=True), 2, 0.125, 9, 60),
}
# fmt: on
SAME_SHAPE = {"where", "dot", "dot with three axes", "a layer"}


@st.composite
def numbers(draw, count, low, high, dtype, broadcast):
    """`count` arrays of two axes whose shapes fit, some by broadcasting. Many of the numbers are integers, so that ties occur."""
    shape = draw(st.tuples(st.integers(2, 5), st.integers(2, 5)))
    entries = st.integers(math.ceil(low), high) | st.floats(low, high, width=32)
    shapes = st.sampled_from([shape, (1, shape[1]), (shape[0], 1), shape[1:]]) if broadcast else st.just(shape)
    shapes = [shape] + [draw(shapes) for _ in range(count - 1)]
    return [draw(arrays.arrays(dtype, each, elements=entries.map(np.dtype(dtype).type), fill=st.nothing())) for each in shapes]


def values_and_gradients(framework, function, inputs, dtype):
    """The result of `function`, and the gradients of a weighted sum of its entries."""
    variables = [framework.nd.array(x, dtype=dtype) for x in inputs]
    for variable in variables:
        variable.attach_grad()
    with framework.autograd.record():
        result = function(framework.nd, *variables)
    weights = framework.nd.arange(1, result.size + 1, dtype=dtype).reshape(result.shape) / result.size
    result.backward(weights)
    return [result.asnumpy(), *(variable.grad.asnumpy() for variable in variables)]


@needs_mxnet
@pytest.mark.parametrize("name", CALLS)
def test_values_and_gradients_agree_with_mxnet(name):
    """Up to the roundings that CALLS allows: each changes a number by at most EPS / 2 of the largest summand."""
    function, count, low, high, roundings = CALLS[name]

    @few
    @given(numbers(count, low, high, "float32", name not in SAME_SHAPE))
    def compare(inputs):
        theirs, ours = (values_and_gradients(framework, function, inputs, "float32") for framework in (mxnet, engine))
        for our, their in zip(ours, theirs):
            assert our.shape == their.shape and our.dtype == their.dtype and (np.isnan(our) == np.isnan(their)).all()
            difference = np.nanmax(np.abs(our - their), initial=0) / np.abs(their).max(initial=1)
            assert difference <= roundings * EPS, (our, their)

    compare()


@pytest.mark.parametrize("name", CALLS)
def test_gradients_agree_with_finite_differences(name):
    """In float64, away from kinks: (f(x + h) - f(x - h)) / 2h has an error of about 1e-9 at h = 1e-5 (chapter 11 says why)."""
    function, count, low, high, _ = CALLS[name]
    if name == "copy, astype":  # autograd treats its detached part as a constant, a finite difference does not; float32 rounds
        function = lambda nd, A: A.copy() * 2 + A.astype("float64") * 3  # noqa: E731
    rng = np.random.RandomState(0)
    inputs = [rng.uniform(low, high, size=(3, 4)) + 0.0123 for _ in range(count)]
    _, *gradients = values_and_gradients(engine, function, inputs, "float64")

    def weighted_sum():
        result = function(engine.nd, *(engine.nd.array(x, dtype="float64") for x in inputs)).asnumpy()
        return (result * (np.arange(1, result.size + 1).reshape(result.shape) / result.size)).sum()

    for x, gradient in zip(inputs, gradients):
        for index in np.ndindex(x.shape):
            old, ends = x[index], []
            for x[index] in (old + 1e-5, old - 1e-5):
                ends.append(weighted_sum())
            x[index] = old
            slope = (ends[0] - ends[1]) / 2e-5
            assert abs(slope - gradient[index]) < 1e-6 * max(1, abs(slope)), (name, index)


def test_every_rule_is_checked():
    """Each operation of the table is used by one of the calls above."""
    used = set()

    def noting(name, forward):
        return lambda *inputs, **options: used.add(name) or forward(*inputs, **options)

    with pytest.MonkeyPatch.context() as patch:
        for name, (forward, rules) in RULES.items():
            patch.setitem(RULES, name, (noting(name, forward), rules))
        for function, count, low, high, _ in CALLS.values():
            function(engine.nd, *[engine.nd.full((3, 4), (low + high) / 2 + 0.3)] * count)
    assert used == set(RULES)


# --- The rest of its behaviour: scripts that run on both engines --------------------------------------------------------

# Each statement runs on MXNet and on the own engine. The value of an expression, what a statement shows, and an error with the
# last line of its message must be the same; where MXNet's message speaks of its inside, `# other words` lets ours differ.
SCENES = {
    "types": """
for dtype in ("float32", "float64", "int32", "int64", "uint8"):
    X = nd.array([[7, 2], [1, 5]], dtype=dtype)
    show(X, X + 1.5, X / 2, X * X, X % 3, X > 2, X == X, X.sum(axis=0), X.mean(), X.argmax(axis=1), -X, X.astype("float32"))
    show(X**2, 2 - X, X.max(), nd.one_hot(X, 3), X.T, X.take(nd.array([1])), nd.pick(X, nd.array([0, 1])), abs(X), X.clip(2, 5))
nd.array([True, False]), nd.array(np.arange(3)), nd.array(np.ones(2, "float16")), nd.array(nd.array([1], dtype="int32"))
nd.array(3), nd.array([1.7, -1.7]).astype("int32"), nd.array([300, -1]).astype("uint8"), nd.array([-7, 7], dtype="int32") % 3
np.float64(2) * nd.array([1, 2]), nd.array([1, 2]) * np.float32(2), nd.array([1, 2]) + True, 7 % nd.array([2, 3])
K, B = nd.array([5, 2], dtype="int32"), nd.array([5, 200], dtype="uint8")
nd.one_hot(K, 6, 0.9, 0.05), nd.one_hot(K, 6, off_value=-1, dtype="int32"), K.one_hot(3, 2, 1, "float64")
nd.one_hot(K, 6, "float32")  # other words
K * 1.5, K - 0.5, 1.7 - K, K >= 2.5, K == 2.5, nd.maximum(K, 2.5), B * -1, 256 - B, K**-1, (B / 100) ** -1, (B - 200) ** -1
nd.round(nd.array([0.49999997, 8388609, -8388609, 16777215, 2.5, -2.5])), nd.round(nd.array([2**52 + 1, -0.5], dtype="float64"))
nd.ones(2) - np.bool_(True)
""",
    "bools": """
X, y = nd.array([1, 0, 1], dtype="bool"), nd.array([5, 6, 7])
X > 0.5, X >= 1, X < 1, X <= 0, X == 1, X == 0.5, X != True, 1 > X, X * 2, X + 1, X - 1, 1 - X, X / 2, X % 2, X * 1.5, X**2, 2**X
-X, X + True, nd.maximum(X, 0.5), nd.minimum(X, 2), nd.greater(X, 0.5), X.sum(), X.mean(axis=0), X.max(), X.min(), X.norm()
X.copy(), X[1:], X.take(y), X.reshape((3, 1)), nd.zeros_like(X), X.broadcast_to((2, 3)), X.astype("float32"), y.astype("bool")
for name in ("exp", "abs", "relu", "argmax", "square", "sign", "round", "softmax"):
    try:
        getattr(X, name)().asnumpy()
    except mx.MXNetError:
        show("refused")
(X + X).asnumpy()  # other words
(X > X).asnumpy()  # other words
(X * y).asnumpy()  # other words
X += 1  # other words
X.reshape((3, 1)).T.asnumpy()  # other words
nd.where(X, y, y).asnumpy()  # other words
nd.concat(X, X, dim=0).asnumpy()  # other words
nd.one_hot(X, 2).asnumpy()  # other words
y[X]  # other words
y[X] = 1  # other words
X
""",
    "arrays without numbers": """
X = nd.arange(6).reshape((2, 3))
E = X[2:]
E.shape, len(E), E.asnumpy().shape, E[0:0].shape, E.sum(), E.reshape(-1).shape, nd.array(E).shape, list(E), bool(E)
for function in (nd.exp, nd.softmax, nd.concat, lambda E: E + 1, lambda E: E == E, lambda E: nd.dot(E, X.T), lambda E: E.T):
    try:
        function(E).asnumpy()
    except mx.MXNetError:
        show("refused")
E += 1  # other words
""",
    "printing": """
nd.arange(3), nd.zeros((1, 1, 2)), nd.array([[1e10, 1e-5]]), nd.arange(2000), nd.array([[0.1, 100]], dtype="float64")
repr(nd.array([])), str(nd.ones((2, 3))), str([nd.ones(1)]), str(nd.ones(2)), f"{nd.ones(2)}"
str(mx.cpu()), str(nd.ones(1).context)
""",
    "making": """
nd.zeros(3), nd.ones((2, 1), dtype="int32"), nd.full((2, 2), 7), nd.arange(5), nd.arange(1, 2, 0.3), nd.arange(-6, 6.1, 0.1)
nd.zeros_like(nd.ones(2)), nd.ones_like(nd.zeros(2)), nd.arange(1, 10, 2, dtype="int32"), nd.add(nd.ones(2), 1), nd.maximum(-2, 0)
nd.eye(3), nd.eye(2, 3, dtype="int32"), nd.eye(3, k=1), nd.eye(3, 0, -1)
nd.zeros(0)
nd.arange(0)
nd.arange(0, 3, 0)  # other words
nd.zeros(2, 3)  # other words
nd.array([[1, 2], [3]])
nd.array(["a"])
nd.array([1, 1j])  # other words
nd.array([nd.ones(2), nd.ones(2)])  # other words
nd.array([[1, nd.ones(1)]])  # other words
nd.full(2, 1j)  # other words
nd.array([1], ctx=mx.gpu())  # other words
nd.arange(3, ctx=mx.gpu())  # other words
""",
    "other names of operators": """
A, b = nd.array([[1, 2], [3, 4]]), nd.array([2, 3])
nd.equal(A, b), nd.equal(A, 2), nd.equal(A.astype("int32"), b.astype("int32")), nd.greater(A, b), nd.greater(2, A)
nd.equal(A, b.astype("int32"))
A.dot(b)  # other words
A @ A
""",
    "indices": """
X = nd.arange(12).reshape((3, 4))
X[0], X[-1], X[1:], X[:, 1], X[0, 1], X[..., -1], X[::2], X[::-1], X[:, None].shape, X[[0, 2]], X[nd.array([1, 1])]
X[nd.array([0, 1]), nd.array([2, 3])], X[4:].shape, len(X), list(X[0]), X.size, X.shape, X.ndim, X[2, 1:3]
X[5]
X[:, 7]
X[:] is X, X[()] is X, X[0:] is X, X[...] is X, X.T is X, X.as_in_context(mx.cpu()) is X, X[0][:] is X[0]
np.argmax(X), np.argmax(X, axis=1), np.max(X), np.sum(X, axis=0), np.clip(X, 1, 3)
""",
    "assignments": """
X = nd.arange(12).reshape((3, 4))
X[0], X[1, 2], X[:, 3], X[2, :2] = 9, -1, nd.array([7, 8, 9]), [5, 6]
X
X[:] = np.ones(4)
X[1:] = nd.zeros((2, 4))
X[nd.array([0, 2])] = 3
X
part, column, other = X[0:1], X[:, 0], X.T
part[:], column[:], other[:] = 7, 8, 9
Y, Z = X.reshape((4, 3)), X.copy()
Y[0], Z[:] = -3, 0
X
for alone in (X.flatten(), X.expand_dims(0), nd.Dropout(X), X[:1].T, gluon.nn.Flatten()(X), copy.copy(X), nd.concat(X)):
    alone[:] = 0.5
X[0] = 1j  # other words
X[:2] = [nd.ones(4), nd.ones(4)]  # other words
X[0] = nd.array([[1, 2, 3, 4]])
X.asnumpy()[:] = 0
X
X[:] = nd.ones(3)  # other words
""",
    "in place": """
X = Y = nd.array([[1, 2], [3, 4]])
X += 1
X *= nd.array([2, 3])
X -= nd.array([[1], [2]])
X /= 2
X **= 2
X %= 5
X, Y is X
X *= np.float64(2)
X -= np.float32(1)
X
X -= nd.ones(3)
X += nd.ones((2, 2, 2))  # other words
K = nd.array([5, 7], dtype="int32")
K += 1
K *= 2.9
K -= 3.5
K
K /= 2
K
x = nd.arange(12).reshape((3, 4))
x += x
x[0] = x[1]
x[1], x[2] = x[2], x[1]
x[:, 1] -= x[:, 0]
x[1:] -= x[0]
x
x[:-1] = x[1:]  # what lies ahead in memory, or is repeated, doesn't change on the way
x
x[:2] = x[1]
x[1:, 2:] = x[:-1, 1:3]
x[0:1, 0:1] = x[0, 0]
x
""",
    "NaN, and modulo 0": """
X, W = variable([np.nan, -1, 2]), gluon.nn.Dense(1, activation="relu", in_units=1)
nd.relu(X), slopes(gluon.nn.Activation("relu"), X)
W.initialize("ones")
W(X.T)
X, K = nd.array([7, -7, 0, 5]), nd.array([7, -7], dtype="int32")
X % 0, K % 0, X % nd.array([0, 2, 0, 3]), 5 % nd.array([0, 2]), slopes(lambda x: x % 0, variable(7, 0))
X %= nd.array([0, 2, 0, 3])
X
X %= X
X %= 0
K %= 0
X, K
""",
    "no axes": """
X = variable([1, 2, 3], [4, 5, 7])
for axis in ((), [], [0], [0, 1], (1,)):
    for name in ("sum", "mean", "max", "min", "norm"):
        show(getattr(X, name)(axis=axis), getattr(nd, name)(X, axis=axis, keepdims=True))
    show(slopes(lambda X: X.sum(axis=axis) * X.mean(axis=axis) * X.max(axis=axis), X))
W = variable(1, 2)
for name in ("sum", "mean", "max", "min", "norm"):
    show(slopes(lambda W: getattr(W, name)(axis=0), W))
W.sum(axis=3)  # other words
X.norm(2), X.norm(2, 1), nd.norm(X, 2, 0, keepdims=True), nd.norm(X, ord=2, axis=(0, 1))
X.norm(3).asnumpy()  # other words
""",
    "where": """
def tried(*shapes):
    try:
        return nd.where(nd.ones(shapes[0]), nd.ones(shapes[1]), nd.zeros(shapes[2])).asnumpy().tolist()
    except mx.MXNetError:
        return "refused"
shapes = (1,), (2,), (3,), (2, 1), (1, 2), (2, 2), (3, 2)
[tried(condition, x, y) for condition in shapes for x in shapes for y in shapes]
condition, x, y = nd.array([0.5, 0]), nd.array([1, 2], dtype="int32"), nd.array([3, 4], dtype="int32")
nd.where(condition, x, y), nd.where(nd.array([np.nan, -0.5]), x, y), nd.where(nd.array([3, 0], dtype="uint8"), x, y)
nd.where(nd.ones(2), 1, 0)
""",
    "single numbers": """
nd.array([3]).asscalar(), type(nd.array([3]).asscalar()), nd.ones(2).dtype
bool(nd.array([0])), not nd.array([2]), bool(nd.array([]))
nd.ones(2).asscalar()
bool(nd.ones(2))
float(nd.ones(1))
int(nd.ones(1))
""",
    "what an operation refuses": """
A, v, w, O = nd.ones((2, 3)), nd.ones(2), nd.ones(3), nd.ones(6)
nd.dot(A, A)
nd.dot(nd.ones((3, 1, 28, 28)), nd.ones((784, 10)))
v + w
A * nd.ones((2, 2))
v + np.ones(2)
np.ones(2) * v
v + "a"
v == None
v - [1]
v + nd.ones(2, dtype="int32")
nd.dot(nd.ones((2, 2)), nd.ones((2, 2), dtype="float64"))
nd.exp([1, 2])
nd.log(3.0)
nd.exp(A, 2)  # other words
v @ v
v.foo  # other words
nd.foo  # other words
v.grad = 3  # other words
v.data  # other words
v.requires_grad = True
nd.maximum(np.ones(2), 0)
nd.minimum(v)
A.softmax(1)  # other words
nd.clip(v, 0)  # other words
A.transpose(-1)  # other words
A.transpose((-1, 0))  # other words
A.argmin((0,))  # other words
A.argmax(())  # other words
nd.softmax(A, axis=None)  # other words
nd.log_softmax(A, axis=(1,))  # other words
nd.dot(v, v, transpose_a=True)
nd.take(A, v, axis=2)  # other words
nd.one_hot(v, 2.5)  # other words
nd.LeakyReLU(nd.ones(2, dtype="int32")).asnumpy()  # other words
v.attach_grad("often")
nd.pick(A, w)
nd.pick(A, [0, 1])
nd.pick(A, nd.ones((1, 2)))  # other words
nd.one_hot([1], 3)
A.take([0])
O.reshape(4)
O.reshape((4, -1))
O.reshape((2, 4))  # other words
O.reshape((6, 0))  # other words
O.reshape((2, 3), order="F")  # other words
O.reshape((2, 3), reverse=False).shape, nd.reshape(O, (2, 3)).shape, nd.reshape(O, shape=(2, 3)).shape
A.sum(dim=1)  # other words
nd.softmax(A, dim=1)  # other words
A.softmax(foo=1)  # other words
nd.softmax(nd.ones((2, 2), dtype="int32")).asnumpy()  # other words
nd.concat()  # other words
nd.stack()  # other words
nd.concat([v, v])  # other words
nd.stack([v, v])  # other words
nd.concat(w)  # other words
nd.concat(w, w)  # other words
v.expand_dims(5)  # other words
nd.Dropout(A, 50)  # other words
nd.Dropout(nd.ones(3, dtype="int32")).asnumpy()  # other words
""",
    "random numbers": """
mx.random.seed(3)
nd.random.randn(2, 3), nd.random.randn(2, loc=1, scale=0.1, dtype="float64")
nd.random_normal(1, 2, (2, 3)), nd.random_normal(loc=1, scale=2, shape=2), nd.random_uniform(-1, 1, shape=(2, 1))
nd.random.randn()  # other words
nd.random.randn((2, 3))  # other words
nd.random.normal((2, 3))
nd.random.normal(0, 0).asnumpy()  # other words
nd.random.normal(shape=2, dtype="int32")  # other words
nd.random.uniform((2, 3))  # other words
nd.random.uniform("a", 1)
mx.random.seed("a")
mx.random.seed(1)
nd.random.uniform(1, 0).asnumpy()  # other words
nd.random.normal(shape=3)
for p in (0.5, 0.3, 0.8):
    mx.random.seed(5)
    with autograd.train_mode():
        show(nd.Dropout(nd.ones((300, 40)), p=p), nd.Dropout(nd.ones(9, dtype="float64"), p=p), nd.random.uniform(shape=3))
""",
    "a layer's product": """
X, W, b = nd.ones((2, 3)), nd.ones((4, 3)), nd.arange(4)
nd.FullyConnected(X, W, b, num_hidden=4), nd.FullyConnected(nd.ones((2, 5, 3)), W, b, num_hidden=4, flatten=False)
nd.FullyConnected(X, W, nd.ones((1, 4)), num_hidden=4).asnumpy()
nd.FullyConnected(X, W, b, num_hidden=5).asnumpy()
nd.FullyConnected(X, b, num_hidden=4, no_bias=True)
nd.FullyConnected(X, W, b)  # other words
nd.FullyConnected(X, W, num_hidden=4)  # other words
nd.FullyConnected(X, W, b, num_hidden=4, no_bias=True)  # other words
""",
    "gradients with edges": """
A, B, b, W = variable([1, 1, 1], [1, 1, 1]), variable([1, 1], [1, 1], [1, 1]), variable(0, 0), variable(1, 2)
start, X = copy.deepcopy(A), variable([1, 1, 1], [1, 1, 1])
slopes(lambda A, B: A.reshape(6) + B.reshape(6), A, B)
A.grad[:] = 0
B.grad
slopes(lambda A, b: (A * start).sum() + b.norm() + nd.zeros((2, 2)).norm(axis=1).sum(), A, b)
start.grad
slopes(lambda X: nd.sqrt(X - 1).sum() * 0.5 + nd.pick(X * X, nd.array([[0], [2]])).sum() + X.sum(), X)
slopes(lambda W: W[:] * W.T + nd.array(W) + nd.array(W, dtype="float64").astype("float32"), W)
slopes(lambda W: W.argmax(axis=0) + W.detach() * W, W), slopes(lambda W: nd.one_hot(W, 3), W)
slopes(lambda X: nd.log(nd.clip(X, 0, 1)), variable(-0.5, 0.5, 1, 2)), slopes(lambda X: nd.clip(X, 2, 1), variable(0, 1.5, 3))
slopes(lambda X: -nd.log(nd.pick(X, nd.array([1, 0]))), variable([1, 0], [0.5, 0.5]))
x = nd.array([1, 2], dtype="int32")
x.attach_grad()
slopes(lambda x: x * 3, x)
for size in (1e25, 1e-25, 0):  # the squares leave float32
    X = variable([3 * size, 4 * size], [6 * size, 8 * size])
    l, gradient = slopes(lambda X: X.norm(axis=1), X)
    show(X.norm() / 1e25, X.norm() * 1e25, l / 1e25, l * 1e25, gradient)
""",
    "views of gradients": """
for grad_req in ("write", "add"):
    W = nd.array([1, 2])
    W.attach_grad(grad_req)
    views = W.grad, W.grad[:], W.grad[0:1], W.grad[1], W.grad.reshape((2, 1)), W.grad.detach(), W.grad.T
    for _ in range(3):
        slopes(lambda W: (W * W).sum(), W)
        show(views)
    W.grad[:] = 0
    show(W.grad)
""",
    "a graph that is freed, or kept": """
W = variable(1, 2)
W.grad, nd.ones(2).grad
with autograd.record():
    u = W * 2
    a, b = u * 3, u * 4 + W
a.backward()
W.grad
b.backward()  # other words
with autograd.record():
    c, d = u * 4 + W, u * 5
    d[:] = 1
    u += 1
c.backward()
W.grad, u, d
with autograd.record():
    y = (W * W).exp().log() * 2
y.backward(retain_graph=True)
y.backward()
W.grad
y.backward()
with autograd.record():
    y = W * W * W + W
y.backward(nd.array([1, 10]))
W.grad
""",
    "a constant that a graph uses": """
W, c = variable(1, 2), nd.array([3, 4])
recording = autograd.record()
recording.__enter__();
u = c * 2  # it lives on, and no gradient needs c for it
c[:] = 5
l = (W * c).sum()
c + 1
c[:] = 5  # other words
c += 1  # other words
for view in (c[0:1], c[0], c.reshape((2, 1)), c[:1][0:]):
    for change in (lambda: view.__setitem__(slice(None), 0), lambda: view.__imul__(2)):
        try:
            change()
        except mx.MXNetError:
            show("refused")
recording.__exit__(None, None, None)
c[:] = 5
c[:] = 6
with autograd.record():
    l = (W * c).sum()
    l.backward()
    c[:] = 7
c, W.grad
""",
    "weights of the gradient": """
x, z, weights = variable(1, 2), variable(3, 4), nd.array([5, 6])
with autograd.record():
    y = x + z
y.backward(weights)
x.grad[:] = 0
x.grad, z.grad, weights
x.backward(weights)
x.grad[:] = 0
weights
""",
    "several graphs": """
x = variable(1, 2)
with autograd.record():
    a = x * 2
    with autograd.pause():
        show(autograd.is_recording(), autograd.is_training())
        b = a * x
    z = a.detach() * x + b
z.backward()
x.grad
with autograd.record():
    a = x * x
with autograd.record():
    b = a * x
b.backward()
x.grad, autograd.is_recording(), autograd.is_training()
""",
    "what has no graph": """
x = variable(1, 2)
(x * 2).backward()
nd.ones(2).backward()
def recorded(change):
    with autograd.record():
        return change(x * 2)
recorded(lambda y: y.__iadd__(1))
recorded(lambda y: y.__setitem__(0, 1))
recorded(lambda y: x.__isub__(1))
recorded(lambda y: x.__setitem__(slice(None), 1))
x = variable(1, 2)
recorded(lambda y: nd.zeros(2).__iadd__(x * 3))
x.attach_grad(grad_req="null")
recorded(lambda y: y).backward()
""",
    "blocks of autograd": """
states = lambda: (autograd.is_recording(), autograd.is_training())
block = autograd.record()
with block:
    show(states())
with block:
    show(states())
with autograd.record(), autograd.pause(train_mode=True):
    show(states())
with autograd.record(), autograd.predict_mode():
    show(states())
with autograd.predict_mode():
    show(states())
with autograd.record(train_mode=False):
    show(states())
with autograd.record(train_mode=False), autograd.train_mode():
    show(states())
with autograd.train_mode():
    show(states())
with autograd.record():
    nd.ones(2) + nd.ones(3)
states()
thread = threading.Thread(target=lambda: show(states()))
with autograd.record():
    thread.start()
    thread.join()
states()
""",
    "layers": """
net, nn = gluon.nn.Sequential(), gluon.nn
# Named, because a trainer sorts by name, and the tenth layer of a process would come before the ninth.
first, last = nn.Dense(4, activation="relu", prefix="first_"), nn.Dense(2, in_units=4, use_bias=False, prefix="last_")
net.add(first, nn.Dropout(0.5), last, nn.Flatten())
str(net), str(net.collect_params()), str(gluon.nn.Dense(2, prefix="out_").collect_params()), str(gluon.nn.HybridSequential())
len(net), str(net[0])
net(nd.ones((3, 5)))
mx.random.seed(2)
net.initialize()
net[0].weight.data()
mx.random.seed(3)
net(nd.ones((3, 5))), str(net), str(net.collect_params(".*weight")), net[0].weight.data(), net[0].bias.data()
net(nd.ones((3, 6)))
net[0].weight.shape, str(net[0].weight.name), net(nd.ones((2, 1, 5))).shape
rows = nn.Dense(2, flatten=False, weight_initializer="ones")
rows.initialize()
rows(nd.ones((4, 3, 5))), rows.weight.shape, rows.weight.name
net[2].weight.set_data(nd.ones((2, 4)))
net(nd.ones((1, 5)))
net[2].weight.set_data(nd.ones((3, 3)))
mx.random.seed(6)
net.initialize(force_reinit=True)
X = nd.ones((2, 5))
str(net[1:]), net[:1](X), copy.deepcopy(net)(X)
gaussian = init.Xavier("gaussian", "in", 2)
for how in (init.Normal(0.1), init.Xavier(), gaussian, init.Uniform(0.3), init.Zero(), init.Constant(2), "ones"):
    mx.random.seed(5)
    net.initialize(how, force_reinit=True)
    show(net[0].weight.data(), net[0].bias.data())
trainer = gluon.Trainer(net.collect_params(), "sgd")
trainer.step(1)
trainer.learning_rate
trainer.set_learning_rate(0.25)
trainer.learning_rate
gluon.Trainer(net, "sgd")  # other words
gluon.Trainer(net.collect_params(), "sgd", 0.1)  # other words
gluon.Trainer(net.collect_params(), "sgd", {"speed": 3})
gluon.Trainer(gluon.nn.Dense(2).collect_params(), "sgd")
gluon.Trainer([1], "sgd")
net.initialize(init.Normal, force_reinit=True)  # other words
""",
    "names of layers": """
net = gluon.nn.Sequential(prefix="my_")
net.add(gluon.nn.Dense(2, in_units=3, prefix="a_"), gluon.nn.Dense(2, in_units=3, prefix="ba_"))
list(net.collect_params("a_"))
class Net(gluon.nn.Block):
    def __init__(self):
        super().__init__()
        self.layer = gluon.nn.Dense(2)
        self.layer = gluon.nn.Dense(4, prefix="new_")
str(Net()), list(Net().collect_params())
""",
    "first values of parameters": """
layer, late = gluon.nn.Dense(2, in_units=3, bias_initializer=init.Normal()), gluon.nn.Dense(2)
mx.random.seed(7)
layer.initialize()
layer.weight.data(), layer.bias.data(), layer.params.get("bias") is layer.bias
layer.initialize(init.Zero())  # they have values already
layer.weight.data()
w = gluon.Parameter("w", shape=3, dtype="float64")
w.initialize("zeros")
w.data(), str(gluon.Parameter("w", shape=(2, 2)))
w = gluon.Parameter("w", shape=(3,))
w.initialize(init.Xavier())  # other words
w.initialize(init.One())
w.data()
w.grad_req = "null"
w.grad()
layer.initialize("nonsense", force_reinit=True)  # other words
layer.initialize(init.Xavier("foo"), force_reinit=True)  # other words
layer.initialize(init.Xavier("uniform", "foo"), force_reinit=True)  # other words
late.collect_params().zero_grad()
late.initialize()
mx.random.seed(4)
late.weight.set_data(nd.ones((2, 3)))
late.bias.grad_req = "null"
nd.random.normal(shape=2), late(nd.ones((1, 3)))
with autograd.record():
    l = late(nd.ones((1, 3))).sum()
l.backward()
late.weight.grad()
late.collect_params().zero_grad()
late.weight.grad()
""",
    "losses": """
O, y = variable([1, 2, 3], [3, 1, -200]), nd.array([2, 2])
cross_entropy = gluon.loss.SoftmaxCrossEntropyLoss()
slopes(lambda O: cross_entropy(O, y), O), cross_entropy(O, y.reshape((2, 1))), str(cross_entropy)
cross_entropy(nd.ones((2, 3)), nd.ones(3))
""",
    "optimisers": """
gradients = {"learning_rate": 0.5}, {"learning_rate": 0.1, "momentum": 0.9, "wd": 0.01}
for how, options in (*(("sgd", one) for one in gradients), ("adam", {"learning_rate": 0.01}), ("adam", {"wd": 0.1})):
    mx.random.seed(0)
    net = gluon.nn.Dense(3, in_units=4)
    net.initialize(init.Normal(0.5))
    net.bias.set_data(nd.array([1, 2, 3]))
    trainer = gluon.Trainer(net.collect_params(), how, options)
    for X in nd.random.uniform(shape=(4, 5, 4)):
        with autograd.record():
            l = nd.square(net(X) - X[:, :3])
        l.backward()
        trainer.step(5)
    show(net.weight.data(), net.bias.data(), l)
for size in (1e-6, 1e-8, 1e-10, 0):  # where Adam's epsilon shows
    w = gluon.Parameter("w", shape=(3,))
    w.initialize("zeros")
    trainer = gluon.Trainer([w], "adam", {"learning_rate": 0.1})
    for _ in range(3):
        with autograd.record():
            l = w.data() * nd.array([1, -2, 0.5]) * size
        l.backward()
        trainer.step(1)
        show(w.data())
""",
    "a trainer of gradients that add up": """
w, v = gluon.Parameter("w", grad_req="add", shape=(2,)), gluon.Parameter("v", shape=(2,))
w.initialize("zeros")
v.initialize("zeros")
trainer = gluon.Trainer([w, v], "sgd", {"learning_rate": 1.0, "momentum": 0.5})
def backward():
    with autograd.record():
        l = w.data() * 3 + v.data()
    l.backward()
for _ in range(3):
    backward()
    trainer.step(1)
    trainer.set_learning_rate(0.1)
    show(w.data(), v.data())
trainer.step(1)
trainer.step(1, ignore_stale_grad=True)
v.grad_req = "add"
backward()
backward()
v.grad()
""",
}


def names_for(mx):
    """What a script finds: an engine and its parts, and helpers."""

    def variable(*numbers):
        x = mx.nd.array(numbers)
        x.attach_grad()
        return x

    def slopes(function, *variables):
        """The result of a function, and the gradient of each variable."""
        with mx.autograd.record():
            result = function(*variables)
        result.backward()
        return result, *(kept(x.grad) for x in variables)

    def kept(thing):
        """A copy of what the script may change later."""
        if isinstance(thing, (list, tuple)):
            return type(thing)(map(kept, thing))
        return thing.copy() if isinstance(thing, mx.nd.NDArray) and min(thing.shape, default=0) > 0 else thing

    names = {name: getattr(mx, name) for name in ("nd", "autograd", "gluon", "init")}
    names |= {"mx": mx, "np": np, "copy": copy, "threading": threading, "variable": variable, "slopes": slopes, "shown": []}
    return names | {"show": lambda *things: names["shown"].extend(map(kept, things))}


def outcome(statement, names):
    """What a statement of a script shows, its value, or its error."""
    names["shown"].clear()
    try:
        if isinstance(statement, ast.Expr):
            names["show"](eval(compile(ast.Expression(statement.value), "<script>", "eval"), names))  # noqa: S307
        else:
            exec(compile(ast.Module([statement], []), "<script>", "exec"), names)
    except Exception as error:
        names["show"](error)
    return [*names["shown"]]


@needs_mxnet
@pytest.mark.parametrize("script", SCENES.values(), ids=SCENES)
@pytest.mark.filterwarnings("ignore", "error::RuntimeWarning")  # a warning of NumPy, where MXNet gives none
def test_a_script_shows_the_same_on_both(script):
    places = names_for(mxnet), names_for(engine)
    for statement in ast.parse(script).body:
        theirs, ours = (outcome(statement, names) for names in places)
        line = script.splitlines()[statement.end_lineno - 1]
        same(ours, theirs, line, words="# other words" not in line)


def same(our, their, where, words=True):
    """Assert that both are equal, arrays up to a few roundings of their largest number: log_softmax is the least exact."""
    if isinstance(their, (list, tuple)):
        assert len(our) == len(their), where
        for one, other in zip(our, their):
            same(one, other, where, words)
    elif isinstance(their, mxnet.nd.NDArray):
        a, b = our.asnumpy(), their.asnumpy()
        assert (a.shape, a.dtype) == (b.shape, b.dtype) and our.shape == their.shape and our.dtype == their.dtype, where
        np.testing.assert_allclose(a, b, rtol=1e-5, atol=4e-6, err_msg=where)
        if a.tobytes() == b.tobytes():
            assert repr(our) == repr(their)
    elif isinstance(their, Exception):
        assert type(our).__name__ == type(their).__name__, f"{where}: {our!r}, {their!r}"
        if words:  # our message is MXNet's, or a part of it, with the same shapes
            our, their = map(last_line, (our, their))
            assert our and our in their and SHAPES.findall(our) == SHAPES.findall(their), f"{where}: {our}, {their}"
    else:
        assert without_counts(our) == without_counts(their) if isinstance(their, str) else our == their, where


SHAPES = re.compile(r"(?<!\w)\[[\d,]+\]")


def last_line(error):
    return without_counts(str(error).strip().splitlines()[-1].split("MXNetError: ")[-1].removeprefix("Check failed: "))


def without_counts(text):
    """A text without the counts of layers in their names, which differ from run to run."""
    return re.sub(r"[a-z]+\d+_(?=[a-z])", "", re.sub(r"sequential\d+", "sequential", text))


# --- Random numbers ---------------------------------------------------------------------------------------------------


@needs_mxnet
@few
@example(-1, [("uniform", 65, "float32", (0, 1))])
@example(2**31 - 1, [("normal", 1000, "float32", (0, 1))])  # those that are drawn are small
@given(
    st.integers(0, 2**31 - 1),
    st.lists(
        st.tuples(
            st.sampled_from(["normal", "uniform"]),
            st.sampled_from([1, 3, 64, 65, 1000, (3, 5), 70001, (256, 300)]),
            st.sampled_from(["float32", "float32", "float64"]),
            st.sampled_from([(0, 1), (-2, 3), (5, 0.01)]),
        ),
        min_size=2,
        max_size=4,
    ),
)
def test_random_numbers_agree_with_mxnet(start, calls):
    for framework in both.values():
        framework.random.seed(start)
    for name, shape, dtype, (a, b) in calls:
        a, b = (a, a + b) if name == "uniform" else (a, b)
        theirs, ours = (
            getattr(framework.nd.random, name)(a, b, shape=shape, dtype=dtype).asnumpy() for framework in both.values()
        )
        assert ours.shape == theirs.shape and ours.dtype == theirs.dtype
        if ours.size >= 1000 and dtype == "float32":
            assert (ours == theirs).mean() > 0.98  # bit for bit; the others differ in the last bit of a logarithm
        np.testing.assert_allclose(ours, theirs, rtol=0, atol=(3e-7 * b + 1e-7 * abs(a)) * (1 if dtype == "float32" else 1e-7))


def test_the_same_seed_gives_the_same_numbers_and_another_seed_different_ones():
    def numbers(start):
        engine.random.seed(start)
        return engine.nd.random.normal(shape=100).asnumpy().tolist() + engine.nd.random.uniform(shape=100).asnumpy().tolist()

    assert numbers(3) == numbers(3) != numbers(4)
    # The first numbers of MXNet 1.9.1 for seed 3, so that this is tested without MXNet too.
    np.testing.assert_allclose(numbers(3)[:3] + numbers(3)[100:103], FIRST_OF_SEED_3, rtol=1e-6)


FIRST_OF_SEED_3 = [-1.636092, -1.902841, -0.8918492, 0.8307862, 0.9204391, 0.8537931]


# --- The graph: cases in which the engine is stricter than MXNet ------------------------------------------------------


leaf = names_for(engine)["variable"]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("operation", ["exp", "multiply", "sum"])
def test_a_backward_that_ends_early_leaves_no_gradient_behind(error, operation, monkeypatch):
    def interrupted(*values, **options):
        raise error

    W = leaf(0.5, 1)
    with engine.autograd.record():
        l = ((W * W).exp() * W).sum()
    _, rules = RULES[operation]
    node = l.node
    while [rule.func for rule in node.rules] != rules:
        node = node.inputs[0]
    kept, node.rules = node.rules, [interrupted] * len(rules)
    with pytest.raises(error):
        l.backward()
    node.rules = kept
    l.backward()
    expected = np.exp(np.array([0.25, 1])) * (1 + 2 * np.array([0.25, 1]))
    np.testing.assert_allclose(W.grad.asnumpy(), expected, rtol=4 * EPS)


WRITES = {
    "whole": lambda buf, x: buf.__setitem__(slice(None), x),
    "from NumPy": lambda buf, x: buf.__setitem__(slice(None), x.asnumpy()),
    "a number": lambda buf, x: buf.__setitem__(0, float(x[0].asscalar())),
    "a view": lambda buf, x: buf[0:1].__setitem__(slice(None), x[0:1]),
    "another shape": lambda buf, x: buf.reshape((2, 1)).__setitem__(slice(None), x.reshape((2, 1))),
    "detached": lambda buf, x: buf.detach().__setitem__(slice(None), x),
    "in place": lambda buf, x: buf.__iadd__(x),
}


@pytest.mark.parametrize("block", ["record", "pause"])
@pytest.mark.parametrize("write", WRITES)
def test_backward_refuses_a_constant_that_was_overwritten_after_its_use(write, block):
    """Without a check the gradient would be [6, 8], twice the last numbers."""
    W, buf = leaf(1, 2), engine.nd.zeros(2)
    l = 0
    with pytest.raises(engine.MXNetError, match="already in a computational graph|changed in place.*Call backward before"):
        with engine.autograd.record():
            for x in ([1, 2], [3, 4]):
                with getattr(engine.autograd, block)():
                    WRITES[write](buf, engine.nd.array(x))
                l = (W * buf).sum() + l
        l.backward()


@pytest.mark.parametrize(
    "use", ["W * W", "W.exp()", "nd.dot(W, V)", "nd.maximum(W, V)", "W.norm()", "nd.where(W > 1, V, W)[:1] * W.max()"]
)
def test_backward_refuses_an_array_that_was_overwritten_after_it_was_recorded(use):
    W, V = leaf(1, 2), leaf(3, 4)
    with engine.autograd.record():
        l = eval(use, {"nd": engine.nd, "W": W, "V": V})  # noqa: S307
    for array in (W, V, l):
        array[:] = 5
    with pytest.raises(engine.MXNetError, match="changed in place"):
        l.backward()
    assert (W.grad.asnumpy() == 0).all()


@pytest.mark.parametrize("use, changed", [("W / V", "W"), ("W / V", "V"), ("Activation('relu')(W)", "l")])
def test_backward_refuses_a_change_where_mxnet_reads_the_new_numbers(use, changed):
    names = {"W": leaf(1, 2), "V": leaf(3, 4), "Activation": engine.gluon.nn.Activation}
    with engine.autograd.record():
        names["l"] = eval(use, names)  # noqa: S307
    names[changed][:] = -5
    with pytest.raises(engine.MXNetError, match="changed in place"):
        names["l"].backward()


def test_an_array_may_be_overwritten_if_no_gradient_needs_its_numbers():
    W, b = leaf(1, 2), leaf(3, 4)
    for retain_graph in (True, False):
        with engine.autograd.record():
            l = nd_sum_of_parts(W * 2 + b)
        W[:], b[:] = 5, 6
        l += 1
        l.backward(retain_graph=retain_graph)
        assert W.grad.asnumpy().tolist() == [2, 4] and b.grad.asnumpy().tolist() == [1, 2]
    with engine.autograd.record():
        l = (W * W).sum()
        l.backward()
        W.grad[:] = 0
    with engine.autograd.record():
        l = (W * W).sum()
    l.backward()
    assert W.grad.asnumpy().tolist() == [10, 10]


def nd_sum_of_parts(X):
    return engine.nd.concat(X[:1], X[1:].reshape(-1), engine.nd.stack(X)[0, 1:], dim=0).mean() * 3


def test_backward_refuses_an_out_grad_of_another_type():
    """MXNet would read its bytes as numbers of the head's type."""
    for weights in (engine.nd.ones(2, dtype="float64"), engine.nd.ones(2, dtype="int32")):
        W = leaf(1, 2)
        with engine.autograd.record():
            u = W * 2
        with pytest.raises(engine.MXNetError, match="out_grad must have the dtype"):
            u.backward(weights)
    with pytest.raises(TypeError, match="out_grad must be an NDArray, got list"):
        u.backward([1, 2])


def test_recording_ends_with_its_block_even_if_blocks_end_out_of_order():
    def recorded():
        for _ in range(2):
            with engine.autograd.record():
                yield engine.autograd.is_recording()

    with engine.autograd.record():
        engine.autograd.leave_blocks()  # as check_problem does
    assert not engine.autograd.is_recording()

    one = recorded()
    next(one)
    with engine.autograd.pause():
        assert all(one) and not engine.autograd.is_recording()
    assert not engine.autograd.is_recording()

    inside, outside = threading.Event(), threading.Event()

    def record():
        with engine.autograd.record():
            inside.set()
            outside.wait(300)

    thread = threading.Thread(target=record)
    thread.start()
    inside.wait(300)
    assert not engine.autograd.is_recording()
    with engine.autograd.record():
        outside.set()
        thread.join()
    assert not engine.autograd.is_recording()


# --- The trainer and initializers: state after an error --------------------------------------------------------


def parameters(*values):
    """A list of Gluon parameters with one number each, initialised to `values`."""
    found = [engine.gluon.Parameter(f"w{i}", shape=(1,)) for i in range(len(values))]
    for parameter, value in zip(found, values):
        parameter.initialize(engine.init.Constant(value))
    return found


def test_a_trainer_updates_no_parameter_if_one_has_a_stale_gradient():
    used, unused = parameters(1, 1)
    trainer = engine.gluon.Trainer([used, unused], "sgd", {"learning_rate": 0.5, "momentum": 0.9})
    with engine.autograd.record():
        l = used.data() * 3
    l.backward()
    with pytest.raises(UserWarning, match="`w1` .* has not been updated"):
        trainer.step(1)
    assert used.data().asscalar() == 1
    trainer.step(1, ignore_stale_grad=True)  # the gradient of w0 is still unused, and is applied once
    assert used.data().asscalar() == 1 - 0.5 * 3 and unused.data().asscalar() == 1


def test_a_trainer_refuses_a_parameter_that_is_listed_twice():
    (w,) = parameters(1)
    with pytest.raises(ValueError, match="twice"):
        engine.gluon.Trainer([w, w], "sgd")


def test_an_initializer_that_fails_leaves_the_parameter_unchanged():
    (w,) = parameters(7)
    with pytest.raises(ValueError, match="at least 2D"):
        w.initialize(engine.init.Xavier(), force_reinit=True)
    assert w.data().asscalar() == 7


def test_the_error_for_an_option_says_whether_mxnet_has_it():
    (w,) = parameters(1)
    with pytest.raises(TypeError, match="own engine has no option clip_gradient of sgd.*MLP_ENGINE=mxnet"):
        engine.gluon.Trainer([w], "sgd", {"clip_gradient": 1})
    with pytest.raises(TypeError, match="unexpected keyword argument 'speed'"):
        engine.gluon.Trainer([w], "sgd", {"speed": 1})


def small_network():
    net = engine.gluon.nn.Sequential()
    net.add(engine.gluon.nn.Dense(3, activation="relu"), engine.gluon.nn.Dense(2))
    return net


def test_a_network_or_an_array_can_be_pickled():
    net = small_network()
    net.initialize(engine.init.Xavier())
    X = engine.nd.ones((2, 5))
    with engine.autograd.record():
        O = net(X)
    for thing, numbers in ((O, lambda other: other), (net, lambda other: other(X))):
        assert (numbers(pickle.loads(pickle.dumps(thing))) == O).min().asscalar() == 1


# --- The whole --------------------------------------------------------------------------------------------------------

LACKING = [
    "nd.softmax(X, temperature=2)",
    "X.reshape((-1, 0), reverse=True)",
    "X.sum(axis=0, exclude=True)",
    "nd.pick(X, nd.ones(2), keepdims=True)",
    "nd.Dropout(X, 0.5, axes=(0,))",
    "nd.Dropout(X, mode='always')",
    "X.norm(out_dtype='float64')",
    "nd.random.uniform(X, 3)",
    "nd.random.normal(0, X)",
    "nd.take(X, nd.ones(1), mode='wrap')",
    "nd.arange(3, repeat=2)",
    "gluon.loss.SoftmaxCrossEntropyLoss(axis=1)",
    "gluon.nn.Dropout(0.5, axes=(0,))",
    "gluon.Trainer([], 'sgd', kvstore='local')",
    "gluon.nn.Dense(2, params={})",
]


@pytest.mark.parametrize("call", LACKING)
def test_the_error_for_a_missing_option_says_what_to_do(call):
    with pytest.raises((TypeError, engine.MXNetError), match="own engine.*MLP_ENGINE=mxnet"):
        eval(call, {"X": engine.nd.ones((2, 2)), "nd": engine.nd, "gluon": engine.gluon})  # noqa: S307


REFUSED = {
    "nd.norm(x, 1)": "the own engine has norm for ord 2 only, not 1",
    "x.norm(ord=1, axis=0)": "the own engine has norm for ord 2 only, not 1",
    "x.reshape((-4, 1, -1, 0))": r"the own engine takes lengths from -1 on, not \(-4, 1, -1, 0\)",
    "x -= x[0]": r"use a copy, as in x -= x\[0\].copy()",
    "x /= x[2:]": "would change on the way",
    "x[1:] *= x[:-1]": "would change on the way",
    "x[1:] = x[:-1]": "would change on the way",
    "x[::2] = x[:2]": "would change on the way",
    "x[::-1] = x": "would change on the way",
    "x[0, 1:] = x[0, :-1]": "would change on the way",
    "x[True] = 5": r"True is no place to assign to: X\[:\] means all numbers",
    "x[False, 0] = 5": "is no place to assign to",
    "x.astype('int32') + 10**20": r"use X.astype\('float32'\)",
    "x.astype('int32') < float('inf')": r"use X.astype\('float32'\)",
    "nd.array(np.array([1j]))": "no complex numbers: their imaginary parts would be lost",
    "x.astype('complex64')": "choose from float32, float64",
}


@pytest.mark.parametrize("statement", REFUSED)
def test_what_would_differ_from_mxnet_is_refused(statement):
    x = engine.nd.arange(12).reshape((3, 4))
    with pytest.raises((engine.MXNetError, TypeError), match=REFUSED[statement]):
        exec(statement, {"x": x, "nd": engine.nd, "np": np})
    assert (x.asnumpy().reshape(-1) == range(12)).all()


def test_the_error_for_a_missing_name_says_what_to_do():
    missing = """module name nd.name sym nd.Convolution gluon.rnn gluon.nn.Conv2D nd.prod init.Load random.poisson
        autograd.Function gluon.loss.CTCLoss gluon.data"""
    for path in missing.split():
        *modules, name = path.split(".")
        place = functools.reduce(getattr, modules, engine)
        with pytest.raises(AttributeError, match=f"own engine has no .*{name}.*MLP_ENGINE=mxnet"):
            getattr(place, name)
        assert not hasattr(place, name)
    layer = engine.gluon.nn.Dense(2)
    for thing in (engine.nd.ones(1), layer, layer.weight, layer.collect_params(), engine.gluon.Trainer([], "sgd")):
        with pytest.raises(AttributeError, match="object has no attribute 'save'.*own engine.*MLP_ENGINE=mxnet"):
            thing.save("file")
