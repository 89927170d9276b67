"""The hand-written pieces against MXNet's own and against NumPy in float64, over random shapes and extreme values.

No tolerance here is guessed. float32 rounds each operation with a relative error of at most u = 2**-24. The bounds below follow
the rounding errors through each formula to first order (Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapters
2 to 4). They hold for any order of summation, so for any number of threads and any BLAS:

- a sum of n numbers, or of n products, is off by at most n * u times the sum of the absolute values;
- exp and log are off by at most 4 units in the last place, 8 * u of the result: what vector libraries promise, libm does better;
- SLACK covers the terms of second order, products of two such errors, which are a millionth of those of first order.

MXNet's own softmax and log-softmax come from oneDNN, which approximates exp and log more coarsely; THEIRS is what its own tests
let them be off (10 and 40 times 2**-23, relative to numbers above 1 and absolute below).
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

u, SLACK = 2.0**-24, 1.001
FUNCTION = 8 * u  # of exp and log
THEIRS, THEIRS_LOG = 10 * 2.0**-23, 40 * 2.0**-23
TINY = 2.0**-126  # below this float32 has fewer digits, or none
random_cases = settings(derandomize=True, deadline=None, max_examples=40, database=None)


def within(actual, exact, bound):
    """Fail unless each number of the NDArray `actual` is at most `bound` away from `exact`."""
    actual = actual.asnumpy().astype(float) if isinstance(actual, nd.NDArray) else np.asarray(actual, dtype=float)
    assert actual.shape == np.shape(exact)
    wrong = ~(abs(actual - exact) <= SLACK * bound + TINY)
    assert not wrong.any(), (actual[wrong][:3], np.asarray(exact)[wrong][:3], np.broadcast_to(bound, wrong.shape)[wrong][:3])


@st.composite
def scores_and_labels(draw):
    """O: (n, q), from nearly equal to 1e30 apart, far from 0 or not, with ties or not; y: (n,)."""
    rng = np.random.RandomState(draw(st.integers(0, 2**31)))
    n, q = draw(st.integers(1, 30)), draw(st.integers(1, 12))
    scale, middle = draw(st.sampled_from([0, 1e-3, 1, 10, 88, 1e4, 1e30])), draw(st.sampled_from([0, 1, -1e3, 1e6, -1e30]))
    O = scale * rng.normal(size=(n, q)) + middle
    if draw(st.booleans()):
        O = np.round(O)
    return nd.array(O), nd.array(rng.randint(0, q, n), dtype=draw(st.sampled_from(["int32", "float32", "uint8", "float64"])))


def exact_softmax(O):
    """Z = O - max(O), softmax(O) and the largest relative error of its float32 version."""
    O = O.asnumpy().astype(float)
    Z = O - O.max(axis=1, keepdims=True)
    E = np.exp(Z)
    # z is off by u |z|, so exp(z) by u |z| relative, and FUNCTION on top. In the sum S of q of them that makes
    # u sum(|z| exp(z)) / S, FUNCTION and q u; the division adds one u more.
    sum_error = u * (abs(Z) * E).sum(axis=1, keepdims=True) / E.sum(axis=1, keepdims=True) + FUNCTION + O.shape[1] * u
    return Z, E / E.sum(axis=1, keepdims=True), u * abs(Z) + FUNCTION + sum_error + u, sum_error[:, 0]


def exact_loss(O, y):
    """log(sum(exp(z))) - z[y] in float64, and the largest error of its float32 version."""
    Z, _, _, sum_error = exact_softmax(O)
    z_y = Z[np.arange(len(Z)), y.asnumpy().astype(int)]
    log_sum = np.log(np.exp(Z).sum(axis=1))
    # A relative error of the sum is an absolute one of its logarithm; then log itself, z_y and the difference are rounded.
    return log_sum - z_y, sum_error + FUNCTION * log_sum + u * abs(z_y) + u * abs(log_sum - z_y)


def one_hot(y, q):
    return np.eye(q)[y.asnumpy().astype(int)]


# --- Softmax and the losses --------------------------------------------------------------------------------------------


@random_cases
@given(scores_and_labels())
def test_softmax(case):
    O, _ = case
    _, exact, relative, _ = exact_softmax(O)
    within(softmax(O), exact, relative * exact)
    within(softmax(O), nd.softmax(O).asnumpy(), (relative + THEIRS) * exact + 2 * u)
    q = O.shape[1]
    # Each row sums to 1: each of q probabilities is at most off by its rounding of the division and the sum by its own.
    within(softmax(O).sum(axis=1), np.ones(len(O)), (2 * q + 1) * u)
    assert softmax(O).min() >= 0


@random_cases
@given(scores_and_labels())
def test_softmax_cross_entropy(case):
    O, y = case
    exact, bound = exact_loss(O, y)
    within(softmax_cross_entropy(O, y), exact, bound)
    theirs = gluon.loss.SoftmaxCrossEntropyLoss()(O, y).asnumpy()
    within(softmax_cross_entropy(O, y), theirs, bound + THEIRS_LOG * np.maximum(exact, 1))
    assert softmax_cross_entropy(O, y).min() >= -bound.max()


@random_cases
@given(scores_and_labels())
def test_cross_entropy(case):
    O, y = case
    y_hat = softmax(O)
    p = y_hat.asnumpy().astype(float)[np.arange(len(O)), y.asnumpy().astype(int)]
    with np.errstate(divide="ignore"):
        exact = -np.log(p)
    actual = cross_entropy(y_hat, y).asnumpy()
    finite = np.isfinite(exact)
    assert (np.isinf(actual) == ~finite).all()
    within(actual[finite], exact[finite], FUNCTION * exact[finite])
    # From the scores it is the same number, but for what softmax rounds. Near TINY, softmax has lost its digits.
    fused, bound = exact_loss(O, y)
    _, _, relative, _ = exact_softmax(O)
    relative = relative[np.arange(len(O)), y.asnumpy().astype(int)]
    large = p > TINY / u
    within(actual[large], fused[large], (relative + FUNCTION * fused)[large])


@random_cases
@given(scores_and_labels())
def test_the_gradient_of_softmax_cross_entropy(case):
    O, y = case
    q = O.shape[1]
    _, p, relative, _ = exact_softmax(O)
    exact = p - one_hot(y, q)
    # Backwards, p comes about as 1 / S times exp(z), which has the errors of the division in softmax and one product more. The
    # maximum passes back minus the sum of its row, which is 0 but for the errors of q such numbers and of their sum.
    error = (relative + 2 * u) * p + u * abs(exact)
    bound = error + (error.sum(axis=1) + q * u * abs(exact).sum(axis=1))[:, None]
    gradients = []
    for loss in (softmax_cross_entropy, gluon.loss.SoftmaxCrossEntropyLoss()):
        O.attach_grad()
        with autograd.record():
            l = loss(O, y)
        l.backward()
        gradients.append(O.grad.copy())
    within(gradients[0], exact, bound)
    within(gradients[0], gradients[1].asnumpy(), bound + THEIRS_LOG)  # theirs is exp(log-softmax) less 1 for the label


def test_the_loss_of_certainty_and_of_no_idea():
    for q in (1, 2, 10, 1000):
        O = nd.zeros((1, q))
        within(softmax_cross_entropy(O, nd.zeros(1)), [np.log(q)], (q + 10) * u * max(1, np.log(q)))
    O = nd.array([[3e38, -3e38, 0], [-3e38, -3e38, -3e38], [100, 0, 0]])
    assert softmax(O).asnumpy()[0].tolist() == [1, 0, 0] and softmax_cross_entropy(O, nd.zeros(3)).asnumpy()[0] == 0
    within(softmax(O)[1], [1 / 3] * 3, 4 * u)
    within(softmax_cross_entropy(O[2:], nd.ones(1)), [100], 100 * u)


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
    assert set(gradient[x == 0]) <= {0, 1}  # between its two slopes, any is a gradient there


# --- The network and its gradients --------------------------------------------------------------------------------------


class Exact:
    """The network in float64: its parts, their derivatives, and for each the largest error of the float32 version.

    The errors follow one rule: a product A B of matrices with inner length n, whose factors are off by eA and eB, is off by at
    most eA |B| + |A| eB + n u |A| |B|.
    """

    def __init__(self, X, y, params):
        self.X = X.asnumpy().astype(float).reshape(len(X), -1)
        self.y, self.params = y, [param.asnumpy().astype(float) for param in params]
        W1, b1, W2, b2 = self.params
        self.A, self.eA = self.affine(self.X, 0 * self.X, W1, b1)
        self.H, eH = np.maximum(self.A, 0), self.eA
        self.O, self.eO = self.affine(self.H, eH, W2, b2)
        # The gradient of the summed losses with respect to O. An error of O moves p by at most twice the largest in its row.
        _, p, relative, _ = exact_softmax(nd.array(self.O))
        G = self.gradient_of_scores(self.O)
        eG = (relative + 2 * u) * p + u * abs(G)
        eG = eG + (eG.sum(axis=1) + G.shape[1] * u * abs(G).sum(axis=1) + 2 * self.eO.max(axis=1))[:, None]
        live = self.A > 0
        F, eF = self.product(G, eG, W2.T, 0 * W2.T)
        F, eF = F * live, eF * live
        ones, none = np.ones((1, len(G))), np.zeros((1, len(G)))
        terms = [
            self.product(self.X.T, 0 * self.X.T, F, eF),
            self.product(ones, none, F, eF),
            self.product(self.H.T, eH.T, G, eG),
            self.product(ones, none, G, eG),
        ]
        self.gradients = [value.reshape(param.shape) for (value, _), param in zip(terms, self.params)]
        self.gradient_errors = [error.reshape(param.shape) for (_, error), param in zip(terms, self.params)]

    @staticmethod
    def product(A, eA, B, eB):
        return A @ B, eA @ abs(B) + abs(A) @ eB + A.shape[1] * u * (abs(A) @ abs(B))

    def affine(self, A, eA, W, b):
        value, error = self.product(A, eA, W, 0 * W)
        return value + b, error + u * abs(value + b)

    def gradient_of_scores(self, O):
        E = np.exp(O - O.max(axis=1, keepdims=True))
        return E / E.sum(axis=1, keepdims=True) - one_hot(self.y, O.shape[1])

    def loss(self, params):
        W1, b1, W2, b2 = params
        O = np.maximum(self.X @ W1 + b1, 0) @ W2 + b2
        Z = O - O.max(axis=1, keepdims=True)
        return (np.log(np.exp(Z).sum(axis=1)) - (Z * one_hot(self.y, O.shape[1])).sum(axis=1)).sum()

    def differences(self, h=1e-6):
        """The gradients by central differences: move each number by h up and down, and see what the loss does."""
        for i, param in enumerate(self.params):
            slopes = np.zeros(param.shape)
            for place in np.ndindex(param.shape):
                losses = []
                for sign in (1, -1):
                    moved = [other.copy() for other in self.params]
                    moved[i][place] += sign * h
                    losses.append(self.loss(moved))
                slopes[place] = (losses[0] - losses[1]) / (2 * h)
            yield slopes


@st.composite
def networks(draw, most=(20, 40, 20, 10)):
    rng = np.random.RandomState(draw(st.integers(0, 2**31)))
    n, d, h, q = (draw(st.integers(1, size)) for size in most)
    scale = draw(st.sampled_from([0.01, 0.3, 1]))
    params = [nd.array(scale * rng.normal(size=shape)) for shape in ((d, h), h, (h, q), q)]
    for param in params:
        param.attach_grad()
    return nd.array(rng.uniform(size=(n, d))), nd.array(rng.randint(0, q, n), dtype="int32"), params


def by_autograd(X, y, params):
    with autograd.record():
        l = softmax_cross_entropy(mlp(X, params), y)
    l.backward()
    return [param.grad for param in params]


@random_cases
@given(networks())
def test_net(case):
    X, y, params = case
    exact = Exact(X, y, params)
    within(mlp(X, params), exact.O, exact.eO)
    W1, b1, W2, b2 = params
    hidden = nd.FullyConnected(X, W1.T, b1, num_hidden=len(b1))
    theirs = nd.FullyConnected(nd.relu(hidden), W2.T, b2, num_hidden=len(b2))
    within(mlp(X, params), theirs.asnumpy(), 2 * exact.eO)


@random_cases
@given(networks())
def test_the_gradients_of_the_network(case):
    X, y, params = case
    exact = Exact(X, y, params)
    assume((abs(exact.A) > exact.eA).all())  # so near to a kink of relu, float32 may find itself on its other side
    for gradient, value, error in zip(by_autograd(X, y, params), exact.gradients, exact.gradient_errors):
        within(gradient, value, error)


@settings(random_cases, max_examples=15)
@given(networks(most=(5, 6, 5, 4)))
def test_the_gradients_by_central_differences(case):
    X, y, params = case
    exact, h = Exact(X, y, params), 1e-6
    assume((abs(exact.A) > 2 * h + exact.eA).all())  # no step leads across a kink: X is at most 1, so it moves A by at most h
    # Central differences are off by h**2 / 6 times the third derivative: for each example, the third cumulant under softmax(O) of
    # how fast each score moves, at most the cube of the fastest. The two losses are rounded in float64, with some 100 operations
    # at the size of the largest score, and the difference is divided by 2 h.
    speed = max(1, abs(exact.H).max(), abs(exact.params[2]).max())
    error = h**2 / 6 * len(X) * speed**3 + 100 * 2.0**-53 * len(X) * (1 + abs(exact.O).max()) / h
    numbers = zip(by_autograd(X, y, params), exact.differences(h), exact.gradients, exact.gradient_errors)
    for gradient, slopes, value, bound in numbers:
        within(value, slopes, error)
        within(gradient, slopes, error + bound)


# --- The step, and what is counted ---------------------------------------------------------------------------------------


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
    bound = 4 * u * abs(update) + u * abs(exact)  # lr, 1 / batch_size and two products are rounded, then the difference

    param = start.copy()
    param.attach_grad()
    with autograd.record():
        l = (slope * param).sum()
    l.backward()
    sgd([param], lr, batch_size)
    within(param, exact, bound)

    theirs = gluon.Parameter("w", shape=shape)
    theirs.initialize()
    theirs.set_data(start)
    trainer = gluon.Trainer([theirs], "sgd", {"learning_rate": lr})
    with autograd.record():
        l = (slope * theirs.data()).sum()
    l.backward()
    trainer.step(batch_size)
    within(param, theirs.data().asnumpy(), 2 * bound)


@random_cases
@given(st.lists(scores_and_labels(), min_size=1, max_size=3))
def test_accuracy(cases):
    right, n = 0, 0
    for O, y in cases:
        hits = (O.asnumpy().argmax(axis=1) == y.asnumpy()).sum()
        within(accuracy(O, y), hits / len(y), 2 * u)  # 1 / n and the product are rounded
        right, n = right + hits, n + len(y)
    walk = [(nd.array([i] * len(y)), y) for i, (_, y) in enumerate(cases)]
    within(evaluate_accuracy(walk, lambda X: cases[int(X[0].asscalar())][0]), right / n, u)


@random_cases
@given(st.lists(scores_and_labels(), min_size=1, max_size=3))
def test_the_mean_loss_of_an_epoch(cases):
    param = nd.zeros(1)
    param.attach_grad()
    walk = [(nd.array([i] * len(y)), y) for i, (_, y) in enumerate(cases)]
    mean_loss, share = train_epoch(lambda X: cases[int(X[0].asscalar())][0] + param, walk, softmax_cross_entropy, lambda: None)
    losses, bounds = zip(*(exact_loss(O, y) for O, y in cases))
    losses, bounds = np.concatenate(losses), np.concatenate(bounds)
    n = len(losses)
    within(mean_loss, losses.mean(), bounds.mean() + (n + 1) * u * abs(losses).mean())  # n - 1 sums, a division
    assert share == evaluate_accuracy(walk, lambda X: cases[int(X[0].asscalar())][0])


@pytest.mark.parametrize("scale", [0.01, 1, 100])
def test_init_params_draws_from_the_normal_distribution(scale):
    """The mean, and the share of draws within one and two standard deviations, give or take five of their standard errors."""
    mx.random.seed(3)
    for W in (param.asnumpy() / scale for param in init_params(scale=scale)[::2]):
        assert abs(W.mean()) < 5 / np.sqrt(W.size)
        for width, share in ((1, 0.682689), (2, 0.954500)):
            assert abs((abs(W) < width).mean() - share) < 5 * np.sqrt(share * (1 - share) / W.size)
