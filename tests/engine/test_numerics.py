"""The hand-written pieces compared with MXNet's and with NumPy in float64, for random shapes and extreme values.

Two tolerances, relative to the exact number, or to 1 if that is smaller and the result of a sum. A score z, minus the largest of
its row, is rounded by a relative error of 2**-24 in float32 and 2**-53 in float64, and exp(z) underflows at z = -104 and -745; so
the relative error of exp(z) is at most 6e-6 and 8e-14. Sums of some hundred numbers add less than that, and so do MXNet's softmax
and log-softmax, whose own tests allow errors of 1e-6 and 5e-6.
"""

import mxnet as mx
import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from mxnet import autograd, gluon, nd

from utils import (
    accuracy,
    cross_entropy,
    evaluate_accuracy,
    init_params,
    mlp,
    relu,
    sgd,
    softmax,
    softmax_cross_entropy,
    train_epoch,
)

pytestmark = pytest.mark.own_engine

TOLERANCE = {"float32": 2e-5, "float64": 1e-12}
TINY = 2.0**-126  # smaller numbers are subnormal in float32, with fewer digits
random_cases = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def same(actual, exact, least=0.0):
    """Assert that the NDArray `actual` equals `exact` within the tolerance of its type, relative to at least `least`."""
    tolerance = TOLERANCE[np.dtype(actual.dtype).name]
    exact = exact.asnumpy() if isinstance(exact, nd.NDArray) else np.asarray(exact)
    assert actual.shape == exact.shape
    np.testing.assert_allclose(actual.asnumpy(), exact, rtol=tolerance, atol=tolerance * least + TINY)


@st.composite
def scores_and_labels(draw, dtypes=("float32", "float64")):
    """Scores O: (n, q), nearly equal or up to 1e30 apart, near 0 or far from it, with or without ties, and labels y: (n,)."""
    rng = np.random.RandomState(draw(st.integers(0, 2**31)))
    n, q = draw(st.integers(1, 30)), draw(st.integers(1, 12))
    scale, middle = draw(st.sampled_from([0, 1e-3, 1, 10, 88, 1e4, 1e30])), draw(st.sampled_from([0, 1, -1e3, 1e6, -1e30]))
    O = scale * rng.normal(size=(n, q)) + middle
    if draw(st.booleans()):
        O = np.round(O)
    y = nd.array(rng.randint(0, q, n), dtype=draw(st.sampled_from(["int32", "float32", "uint8", "float64"])))
    return nd.array(O, dtype=draw(st.sampled_from(dtypes))), y


def exactly(O, y):
    """In float64: softmax(O), the loss of each row, and its gradient."""
    O, labels = O.asnumpy().astype(float), y.asnumpy().astype(int)
    Z = O - O.max(axis=1, keepdims=True)
    E = np.exp(Z)
    p = E / E.sum(axis=1, keepdims=True)
    return p, np.log(E.sum(axis=1)) - Z[np.arange(len(Z)), labels], p - np.eye(O.shape[1])[labels]


# --- Softmax and the losses --------------------------------------------------------------------------------------------


@random_cases
@given(scores_and_labels())
def test_softmax(case):
    O, y = case
    p, _, _ = exactly(O, y)
    same(softmax(O), p)
    same(softmax(O), nd.softmax(O), least=1)
    same(softmax(O).sum(axis=1), np.ones(len(O)))
    assert softmax(O).min() >= 0


@random_cases
@given(scores_and_labels())
def test_losses_and_their_gradients(case):
    O, y = case
    p, exact, gradient = exactly(O, y)
    for loss in (softmax_cross_entropy, gluon.loss.SoftmaxCrossEntropyLoss()):
        O.attach_grad()
        with autograd.record():
            l = loss(O, y)
        l.backward()
        same(l, exact, least=1)
        same(O.grad, gradient, least=1)
    y_hat = softmax(O)
    picked = y_hat.asnumpy()[np.arange(len(O)), y.asnumpy().astype(int)]
    with np.errstate(divide="ignore"):
        same(cross_entropy(y_hat, y), -np.log(picked.astype(float)))  # infinite where softmax gives 0


def test_the_loss_for_equal_and_for_extreme_scores():
    for q in (1, 2, 10, 1000):
        same(softmax_cross_entropy(nd.zeros((1, q)), nd.zeros(1)), [np.log(q)])
    O = nd.array([[3e38, -3e38, 0], [-3e38, -3e38, -3e38], [100, 0, 0]])
    assert softmax(O).asnumpy()[0].tolist() == [1, 0, 0] and softmax_cross_entropy(O, nd.zeros(3)).asnumpy()[0] == 0
    same(softmax(O)[1], [1 / 3] * 3)
    same(softmax_cross_entropy(O[2:], nd.ones(1)), [100])


@random_cases
@given(st.lists(st.floats(width=32, allow_nan=False), min_size=1, max_size=30))
def test_relu_and_its_gradient(numbers):
    X = nd.array(numbers)
    x = X.asnumpy()
    np.testing.assert_array_equal(relu(X).asnumpy(), np.maximum(x, 0))
    np.testing.assert_array_equal(relu(X).asnumpy(), nd.relu(X).asnumpy())
    X.attach_grad()
    with autograd.record():
        H = relu(X)
    H.backward()
    gradient = X.grad.asnumpy()
    np.testing.assert_array_equal(gradient[x != 0], (x[x != 0] > 0).astype(float))
    assert set(gradient[x == 0]) <= {0, 1}  # at the kink both slopes are valid


# --- The network and its gradients --------------------------------------------------------------------------------------


@st.composite
def networks(draw, most=(20, 40, 20, 10)):
    """X, y and params in float64; `most` holds the maximum numbers of examples, inputs, hidden units and outputs."""
    rng = np.random.RandomState(draw(st.integers(0, 2**31)))
    n, d, h, q = (draw(st.integers(1, size)) for size in most)
    scale = draw(st.sampled_from([0.01, 0.3, 1]))
    params = [nd.array(scale * rng.normal(size=shape), dtype="float64") for shape in ((d, h), h, (h, q), q)]
    return nd.array(rng.uniform(size=(n, d)), dtype="float64"), nd.array(rng.randint(0, q, n), dtype="int32"), params


def gradients(X, y, params):
    for param in params:
        param.attach_grad()
    with autograd.record():
        l = softmax_cross_entropy(mlp(X, params), y)
    l.backward()
    return [param.grad for param in params]


@random_cases
@given(networks())
def test_net(case):
    X, y, params = case
    W1, b1, W2, b2 = (param.asnumpy() for param in params)
    A = X.asnumpy() @ W1 + b1
    O = np.maximum(A, 0) @ W2 + b2
    same(mlp(X, params), O, least=10)  # the summands may be larger than the sum
    hidden = nd.FullyConnected(X, params[0].T, params[1], num_hidden=len(b1))
    theirs = nd.FullyConnected(nd.relu(hidden), params[2].T, params[3], num_hidden=len(b2))
    same(mlp(X, params), theirs, least=10)
    X32, params32 = X.astype("float32"), [param.astype("float32") for param in params]
    same(mlp(X32, params32), O, least=10)
    assume((abs(A) > 1e-4).all())  # nearer to the kink of relu, rounding may change the side
    for gradient, exact in zip(gradients(X32, y, params32), gradients(X, y, params)):
        same(gradient, exact, least=10)


@settings(random_cases, max_examples=15)
@given(networks(most=(5, 6, 5, 4)))
def test_gradients_agree_with_central_differences(case):
    """The error of a central difference is about h**2, plus 1e-16 / h due to rounding."""
    X, y, params = case
    h = 1e-5
    assume((abs(X.asnumpy() @ params[0].asnumpy() + params[1].asnumpy()) > 2 * h).all())  # no step crosses a kink
    for param, gradient in zip(params, gradients(X, y, params)):
        numbers = param.asnumpy()
        for place in np.ndindex(numbers.shape):
            ends = []
            for moved in (h, -h):
                there = numbers.copy()
                there[place] += moved
                param[:] = nd.array(there, dtype="float64")
                ends.append(softmax_cross_entropy(mlp(X, params), y).sum().asscalar())
            param[:] = nd.array(numbers, dtype="float64")
            assert abs((ends[0] - ends[1]) / (2 * h) - gradient.asnumpy()[place]) < 1e-7


# --- The step, the accuracy and the mean loss ---------------------------------------------------------------------------


@random_cases
@given(
    seed=st.integers(0, 2**31),
    shape=st.sampled_from([(1,), (7,), (3, 4), (20, 1)]),
    batch_size=st.integers(1, 300),
    lr=st.sampled_from([0, 1e-4, 0.1, np.float32(0.5), 1, np.float64(3.7)]),
    size=st.sampled_from([1e-10, 1, 1e10]),
)
def test_a_step_of_sgd(seed, shape, lr, batch_size, size):
    rng = np.random.RandomState(seed)
    start, slope = nd.array(rng.normal(size=shape)), nd.array(size * rng.normal(size=shape))
    update = lr * slope.asnumpy().astype(float) / batch_size
    exact = start.asnumpy().astype(float) - update
    by_hand = start.copy()
    by_hand.attach_grad()
    theirs = gluon.Parameter("w", shape=shape)
    theirs.initialize()
    theirs.set_data(start)
    trainer = gluon.Trainer([theirs], "sgd", {"learning_rate": lr})
    for param, step in ((by_hand, lambda: sgd([by_hand], lr, batch_size)), (theirs.data(), lambda: trainer.step(batch_size))):
        with autograd.record():
            l = (slope * param).sum()
        l.backward()
        step()
    bound = 2.0**-22 * abs(update) + 2.0**-24 * abs(exact)  # lr, 1 / batch_size and two products are rounded, then the difference
    for param in (by_hand, theirs.data()):
        assert (abs(param.asnumpy() - exact) <= 1.001 * bound + TINY).all()


@random_cases
@given(st.lists(scores_and_labels(["float32"]), min_size=1, max_size=3))
def test_accuracy_and_mean_loss(cases):
    """The accuracy of each minibatch and of all together, and the mean loss of an epoch."""
    param = nd.zeros(1)
    param.attach_grad()
    right = [(O.asnumpy().argmax(axis=1) == y.asnumpy()).sum() for O, y in cases]
    n = sum(len(y) for _, y in cases)
    for (O, y), hits in zip(cases, right):
        assert accuracy(O, y) == pytest.approx(hits / len(y), rel=1e-6)
    batches = [(nd.array([i] * len(y)), y) for i, (_, y) in enumerate(cases)]
    share = evaluate_accuracy(batches, lambda X: cases[int(X[0].asscalar())][0])
    assert share == pytest.approx(sum(right) / n, rel=1e-6)
    net = lambda X: cases[int(X[0].asscalar())][0] + param  # noqa: E731
    mean_loss, again = train_epoch(net, batches, softmax_cross_entropy, lambda: None)
    losses = np.concatenate([exactly(O, y)[1] for O, y in cases])
    assert mean_loss == pytest.approx(losses.mean(), rel=2e-5, abs=2e-5) and again == share


@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_init_params_draws_from_the_normal_distribution(scale):
    """The mean and the shares of draws within one and two standard deviations are right within five standard errors."""
    mx.random.seed(3)
    for W in (param.asnumpy() / scale for param in init_params(scale=scale)[::2]):
        assert abs(W.mean()) < 5 / np.sqrt(W.size)
        for width, share in ((1, 0.682689), (2, 0.954500)):
            assert abs((abs(W) < width).mean() - share) < 5 * np.sqrt(share * (1 - share) / W.size)
