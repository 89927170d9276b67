"""The helpers: what each gives, a notebook written for the original package, and what each says to a wrong call."""

import inspect
import json
import math
import os
import re
import subprocess
import sys
from pathlib import Path

import matplotlib
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mxnet import autograd, gluon, nd
from mxnet.gluon import nn

import utils
from utils import (
    COLORS,
    accuracy,
    check,
    cross_entropy,
    evaluate_accuracy,
    get_fashion_mnist_labels,
    init_params,
    load_data_fashion_mnist,
    load_validation_split,
    mlp,
    plot_history,
    plot_lines,
    plt,
    relu,
    seed_everything,
    set_figsize,
    sgd,
    show_fashion_mnist,
    softmax,
    softmax_cross_entropy,
    train_ch3,
    train_epoch,
    use_svg_display,
)
from utils.data import Minibatches

matplotlib.use("agg")
pytestmark = pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")
NAN, INF = float("nan"), float("inf")
# The first line that the text this course grew from prints for its network.
ORIGINAL = "epoch 1, loss 0.7756, train acc 0.711, test acc 0.827"


@pytest.fixture(autouse=True)
def seeded():
    seed_everything(0)
    with matplotlib.rc_context():
        yield
    plt.close("all")


def easy_images(n, seed, batch_size=50, shuffle=True):
    """Noisy copies of ten random pictures, one a class: small, and learned within an epoch or two."""
    pictures = 255 * (np.random.RandomState(0).uniform(size=(10, 28, 28)) < 0.2)
    labels = np.arange(n) % 10
    noise = np.random.RandomState(seed).normal(scale=30, size=(n, 28, 28))
    return Minibatches(np.clip(pictures[labels] + noise, 0, 255), labels, batch_size, shuffle)


@pytest.fixture(scope="module")
def iters():
    return easy_images(520, seed=1), easy_images(110, seed=2, shuffle=False)  # both with a short last minibatch


def train(iters, num_epochs=2, lr=0.5, num_hiddens=16, **others):
    params = init_params(num_hiddens=num_hiddens)
    arguments = {"loss": softmax_cross_entropy, "num_epochs": num_epochs, "batch_size": 50, "params": params, "lr": lr, **others}
    return train_ch3(lambda X: mlp(X, params), *iters, **arguments)


# --- The pieces of the network ----------------------------------------------------------------------------------------


def test_init_params():
    W1, b1, W2, b2 = params = init_params()
    assert [param.shape for param in params] == [(784, 256), (256,), (256, 10), (10,)]
    assert {param.dtype for param in params} == {np.float32} and all(param.grad is not None for param in params)
    assert b1.abs().sum() == 0 and b2.abs().sum() == 0
    # Mean and standard deviation of n draws are within five of their standard errors, scale / sqrt(n) and scale / sqrt(2 n).
    for W in (W1.asnumpy(), W2.asnumpy()):
        assert abs(W.mean()) < 5 * 0.01 / math.sqrt(W.size) and abs(W.std() - 0.01) < 5 * 0.01 / math.sqrt(2 * W.size)
    assert [param.shape for param in init_params(4, 3, 2)] == [(4, 3), (3,), (3, 2), (2,)]
    assert abs(init_params(scale=2)[0].asnumpy().std() - 2) < 0.02
    seed_everything(1)
    first = init_params()[0].asnumpy()
    assert (init_params()[0].asnumpy() != first).any()
    seed_everything(1)
    assert (init_params()[0].asnumpy() == first).all()


def test_relu():
    X = nd.array([[-INF, -2, -1e-30, 0], [1e-30, 2, INF, NAN]])
    np.testing.assert_array_equal(relu(X).asnumpy(), [[0, 0, 0, 0], [np.float32(1e-30), 2, INF, NAN]])


@pytest.mark.parametrize("shape", [(5, 4), (5, 1, 2, 2), (5, 2, 2), (1, 4)])
def test_net(shape):
    params = init_params(4, 3, 2, scale=1)
    params[1][:], params[3][:] = nd.array([1, -1, 0.5]), nd.array([2, -3])
    X = nd.random.normal(shape=shape)
    W1, b1, W2, b2 = (param.asnumpy().astype(float) for param in params)
    H = np.maximum(X.asnumpy().reshape(-1, 4).astype(float) @ W1 + b1, 0)
    np.testing.assert_allclose(mlp(X, params).asnumpy(), H @ W2 + b2, rtol=1e-5, atol=1e-5)
    assert mlp(X, tuple(params)).shape == (shape[0], 2)


def test_softmax_and_losses_by_hand():
    O = nd.array([[0, 0, math.log(2)], [0, 0, 0]])
    np.testing.assert_allclose(softmax(O).asnumpy(), [[0.25, 0.25, 0.5], [1 / 3] * 3], rtol=1e-6)
    y = nd.array([2, 0])
    for l in (softmax_cross_entropy(O, y), cross_entropy(softmax(O), y)):
        np.testing.assert_allclose(l.asnumpy(), [math.log(2), math.log(3)], rtol=1e-6)
    # Where softmax must round to 0, its logarithm is infinite; the fused form is exact.
    O = nd.array([[0, 1000]])
    assert cross_entropy(softmax(O), nd.array([0])).asscalar() == INF
    assert softmax_cross_entropy(O, nd.array([0])).asscalar() == 1000


@pytest.mark.parametrize("dtype", ["uint8", "int32", "int64", "float32", "float64"])
def test_labels_may_be_of_any_type(dtype):
    O, y = nd.array([[1, 2, 3], [3, 2, 1]]), nd.array([2, 1], dtype=dtype)
    assert accuracy(O, y) == 0.5
    expected = softmax_cross_entropy(O, nd.array([2, 1], dtype="int32")).asnumpy()
    assert (softmax_cross_entropy(O, y).asnumpy() == expected).all()
    np.testing.assert_allclose(cross_entropy(softmax(O), y).asnumpy(), expected, rtol=1e-6)


def test_nan_scores_stay_nan():
    O, y = nd.array([[NAN, 0], [0.5, 0.5]]), nd.array([0, 1])
    assert np.isnan(softmax(O).asnumpy()).tolist() == [[True, True], [False, False]]
    assert np.isnan(softmax_cross_entropy(O, y).asnumpy()).tolist() == [True, False]
    assert np.isnan(cross_entropy(O, y).asnumpy()).tolist() == [True, False]


# --- Training ---------------------------------------------------------------------------------------------------------


def test_seed_everything_seeds_all_three():
    import random

    def draw():
        return random.random(), np.random.uniform(), nd.random.uniform(shape=1).asscalar(), nd.random.normal(shape=1).asscalar()

    draws = []
    for seed in (5, 5, np.int32(5), np.uint8(5), 6):
        seed_everything(seed)
        draws.append(draw())
    assert draws[0] == draws[1] == draws[2] == draws[3] and not set(draws[0]) & set(draws[4])


@pytest.mark.parametrize("lr", [0.5, 1, np.float64(0.5), np.float32(0.5), 0])
def test_sgd_steps_in_place_along_the_mean_gradient(lr):
    params = [nd.array([1, 2]), nd.array([[3]])]
    for param in params:
        param.attach_grad()
    kept = list(params)
    with autograd.record():
        l = 4 * params[0].sum() + (params[1] ** 2).sum()
    l.backward()
    sgd(params, lr, batch_size=8)
    np.testing.assert_allclose(kept[0].asnumpy(), [1 - lr * 4 / 8, 2 - lr * 4 / 8])
    np.testing.assert_allclose(kept[1].asnumpy(), [[3 - lr * 6 / 8]])


def test_accuracy():
    y_hat = nd.array([[0.1, 0.9], [0.8, 0.2], [0.6, 0.4], [0.5, 0.5]])
    assert accuracy(y_hat, nd.array([1, 0, 1, 0], dtype="int32")) == 0.75
    assert accuracy(100 * y_hat - 50, nd.array([0, 1, 1, 0])) == 0.25
    assert isinstance(float(accuracy(y_hat, nd.array([1, 0, 1, 0]))), float)


def test_evaluate_accuracy_weighs_the_short_minibatch(iters):
    walk = [(nd.zeros((4, 2)), nd.zeros(4)), (nd.zeros((1, 2)), nd.ones(1))]
    assert evaluate_accuracy(walk, lambda X: nd.array([[1, 0]] * len(X))) == 4 / 5
    params = init_params()
    scores = np.concatenate([mlp(X, params).asnumpy() for X, _ in iters[1]])
    labels = np.concatenate([y.asnumpy() for _, y in iters[1]])
    share = (scores.argmax(axis=1) == labels).mean()
    assert evaluate_accuracy(iters[1], lambda X: mlp(X, params)) == pytest.approx(share, rel=1e-7)


@pytest.mark.parametrize("row", [[NAN, NAN], [NAN, 0], [1, NAN]])
def test_nan_scores_are_no_accuracy(row):
    walk = [(nd.zeros((4, 2)), nd.zeros(4)), (nd.ones((1, 2)), nd.zeros(1))]
    assert math.isnan(evaluate_accuracy(walk, lambda X: nd.array([row if X[0, 0] == 1 else [1, 0]] * len(X))))
    assert evaluate_accuracy(walk, lambda X: nd.array([[INF, -INF]] * len(X))) == 1
    with pytest.raises(ValueError, match="^y_hat holds NaN"):
        accuracy(nd.array([[1, 0], row]), nd.array([0, 0]))


def test_train_epoch_measures_each_example_before_its_step(iters):
    _, walk = iters
    params = init_params(num_hiddens=8)
    sizes = []

    def step():
        sizes.append([param.grad.abs().sum().asscalar() > 0 for param in params])

    mean_loss, share = train_epoch(lambda X: mlp(X, params), walk, softmax_cross_entropy, step)
    assert sizes == [[True] * 4] * len(walk)  # a step a minibatch, each with fresh gradients
    losses = np.concatenate([softmax_cross_entropy(mlp(X, params), y).asnumpy() for X, y in walk])
    assert mean_loss == pytest.approx(losses.mean(), rel=1e-5)
    assert share == evaluate_accuracy(walk, lambda X: mlp(X, params))

    def break_params():  # what comes after the last minibatch is not part of the epoch's numbers
        if len(sizes) == 2 * len(walk) - 1:
            params[0][:] = NAN
        sizes.append(None)

    assert train_epoch(lambda X: mlp(X, params), walk, softmax_cross_entropy, break_params) == (mean_loss, share)


def test_train_ch3_learns_prints_its_lines_and_returns_them(iters, capsys):
    history = train(iters, num_epochs=4)
    assert list(history) == ["loss", "train_acc", "test_acc"] and {len(values) for values in history.values()} == {4}
    assert {type(value) for values in history.values() for value in values} <= {float, np.float32, np.float64}
    assert history["loss"][3] < 0.1 < history["loss"][0] and history["test_acc"][3] > 0.95 and history["train_acc"][3] > 0.95
    lines = capsys.readouterr().out.splitlines()
    rows = zip(*history.values())
    assert lines == [
        f"epoch {i}, loss {loss:.4f}, train acc {train:.3f}, test acc {test:.3f}" for i, (loss, train, test) in enumerate(rows, 1)
    ]
    assert all(re.sub(r"\d", "9", line) == re.sub(r"\d", "9", ORIGINAL) for line in lines)


def test_train_ch3_with_params_is_train_ch3_with_a_trainer(iters, capsys):
    """The same start, the same order, the same steps: Gluon's Trainer and sgd differ by rounding only."""
    seed_everything(3)
    by_hand = train(iters, num_epochs=2, lr=0.1)
    seed_everything(3)
    W1, b1, W2, b2 = init_params(num_hiddens=16)
    block = nn.Sequential()
    block.add(nn.Dense(16, activation="relu", in_units=784), nn.Dense(10, in_units=16))
    block.initialize()
    for param, value in zip(block.collect_params().values(), (W1.T, b1, W2.T, b2)):
        param.set_data(value)
    trainer = gluon.Trainer(block.collect_params(), "sgd", {"learning_rate": 0.1})
    by_gluon = train_ch3(block, *iters, gluon.loss.SoftmaxCrossEntropyLoss(), 2, 50, None, None, trainer)
    # 22 steps; each adds a relative rounding error of about the square root of 784 sums times 6e-8, that is 2e-6.
    np.testing.assert_allclose(by_hand["loss"], by_gluon["loss"], rtol=22 * 2e-6)
    np.testing.assert_allclose(by_hand["test_acc"], by_gluon["test_acc"], atol=1 / 110)


@pytest.mark.parametrize("kind", ["too large a rate", "one step too many", "second epoch"])
def test_training_that_diverges_stops_at_the_end_of_that_epoch(iters, capsys, kind):
    train_iter, test_iter = iters
    params, steps = init_params(num_hiddens=16), []

    class Trainer:
        def step(self, batch_size):
            steps.append(batch_size)
            if kind == "too large a rate":
                sgd(params, 1e20, batch_size)
            elif kind == "one step too many" and len(steps) == len(train_iter):
                params[0][:] = NAN  # no loss of this epoch sees it: only the test images do
            elif kind == "second epoch" and len(steps) == len(train_iter) + 3:
                params[2][:] = INF

    epoch = 2 if kind == "second epoch" else 1
    with pytest.raises(
        FloatingPointError, match=f"^epoch {epoch}: the loss is .*, training diverged. Try a smaller learning rate.$"
    ):
        train_ch3(lambda X: mlp(X, params), *iters, softmax_cross_entropy, 5, 50, trainer=Trainer())
    assert steps == [50] * (epoch * len(train_iter))
    assert [line[:8] for line in capsys.readouterr().out.splitlines()] == ["epoch 1,"] * (epoch - 1)


def test_a_generator_serves_one_epoch_and_then_says_why_not(iters, capsys):
    with pytest.raises(ValueError, match="^train_iter gave no minibatch: .*not a used-up generator"):
        train(((minibatch for minibatch in iters[0]), iters[1]), num_epochs=2)
    assert capsys.readouterr().out.startswith("epoch 1, ")
    with pytest.raises(ValueError, match="^data_iter gave no minibatch: .*not a used-up generator"):
        train((iters[0], (minibatch for minibatch in iters[1])), num_epochs=2)


@pytest.mark.parametrize(
    "loss, shape",
    [
        (lambda O, y: softmax_cross_entropy(O, y).mean(), r"\(1,\)"),
        (lambda O, y: softmax_cross_entropy(O, y).expand_dims(1), r"\(50, 1\)"),
        (lambda O, y: O, r"\(50, 10\)"),
    ],
)
def test_a_loss_of_another_shape_is_refused(iters, loss, shape):
    with pytest.raises(ValueError, match=rf"^loss must give a value for each example, shape \(50,\), not {shape}"):
        train(iters, loss=loss)


def test_neither_trainer_nor_params(iters):
    for missing in ({"params": None}, {"lr": None}, {"params": None, "lr": None}):
        with pytest.raises(ValueError, match="^Pass params and lr, to train by sgd, or a Gluon trainer"):
            train(iters, **missing)


def test_a_seed_repeats_training_to_the_last_bit():
    """In a process with one thread, as the order of sums over several may vary. Without a seed no run is like another."""
    code = """
import json, sys
sys.path.insert(0, sys.argv[1])
import utils  # before MXNet (utils/compat.py)
from test_helpers import easy_images, seed_everything, train
iters = easy_images(520, seed=1), easy_images(110, seed=2, shuffle=False)
histories = []
for seed in (7, 7, 8, None, None):
    if seed is not None:
        seed_everything(seed)
    histories.append({name: [float(value).hex() for value in values] for name, values in train(iters, num_epochs=2).items()})
print(json.dumps(histories))
"""
    done = subprocess.run(
        [sys.executable, "-c", code, os.path.dirname(__file__)],
        capture_output=True,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    assert done.returncode == 0, done.stderr
    first, second, other, unseeded, again = json.loads(done.stdout.splitlines()[-1])
    assert first == second
    assert len({json.dumps(history) for history in (first, other, unseeded, again)}) == 4


# --- Figures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [(7, 28, 28), (7, 1, 28, 28), (7, 784)])
@pytest.mark.parametrize("kind", [nd.array, np.asarray])
def test_show_fashion_mnist(shape, kind):
    images = np.random.uniform(size=shape)
    show_fashion_mnist(kind(images), list("abcdefg"), columns=3)
    axes = plt.gcf().axes
    assert len(axes) == 9 and not any(ax.axison for ax in axes)
    assert [ax.get_title() for ax in axes] == [*"abcdefg", "", ""] and [len(ax.images) for ax in axes] == [1] * 7 + [0, 0]
    for ax, image in zip(axes, images):
        np.testing.assert_allclose(ax.images[0].get_array(), image.reshape(28, 28), rtol=1e-6)
        assert ax.images[0].get_cmap().name == "gray"


def test_plot_lines():
    for kind in (list, np.array, nd.array):
        set_figsize()
        plot_lines(kind([1, 2, 4]), {"a": kind([3, 5, 4]), "b": kind([1, 1, 1])}, "epoch", "loss (nats)", title="two")
        (ax,) = plt.gcf().axes
        assert [line.get_xydata().tolist() for line in ax.lines] == [[[1, 3], [2, 5], [4, 4]], [[1, 1], [2, 1], [4, 1]]]
        assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("epoch", "loss (nats)", "two")
        assert [text.get_text() for text in ax.get_legend().get_texts()] == ["a", "b"]
        assert len({line.get_color() for line in ax.lines}) == len({line.get_linestyle() for line in ax.lines}) == 2
    plot_lines(range(100), {"only one": range(100)}, "x", "y")
    (ax,) = plt.gcf().axes
    assert ax.get_legend() is None and ax.lines[0].get_marker() == "None"


def test_plot_history():
    plot_history({"loss": [3, 2], "train_acc": [0.5, 0.6], "test_acc": [0.4, 0.7]})
    left, right = plt.gcf().axes
    assert [line.get_xydata().tolist() for line in left.lines] == [[[1, 3], [2, 2]]]
    assert [line.get_xydata().tolist() for line in right.lines] == [[[1, 0.5], [2, 0.6]], [[1, 0.4], [2, 0.7]]]
    assert (left.get_xlabel(), left.get_ylabel(), right.get_ylabel()) == ("epoch", "mean loss (nats)", "accuracy (share right)")
    assert [text.get_text() for text in right.get_legend().get_texts()] == ["training", "test"]


def test_figures_have_the_size_and_the_style_that_were_chosen(tmp_path):
    set_figsize((4, 2))
    figure, ax = plt.subplots()
    assert figure.get_size_inches().tolist() == [4, 2] and figure.get_facecolor() == (1, 1, 1, 1)
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == COLORS and len(set(COLORS)) == len(COLORS)
    set_figsize()
    assert plt.rcParams["figure.figsize"] == [5, 3]


def test_the_same_data_give_the_same_svg(tmp_path):
    files = []
    for name in "ab":
        use_svg_display()
        plot_lines([1, 2], {"a": [1, 2], "b": [2, 1]}, "x", "y")
        plt.savefig(tmp_path / name, format="svg", metadata={"Date": None, "Creator": None})
        files.append((tmp_path / name).read_bytes())
        plt.close("all")
    assert files[0] == files[1] and b"<svg" in files[0]


def test_colors_are_dark_enough_on_white():
    """At least 3 to 1, which WCAG 2.1 asks of the lines of a figure (success criterion 1.4.11)."""
    for color in COLORS:
        channels = np.array(matplotlib.colors.to_rgb(color))
        linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
        assert 1.05 / (linear @ [0.2126, 0.7152, 0.0722] + 0.05) >= 3


# --- Verdicts on answers (each question's own are in test_problems.py) ---------------------------------------------------


def test_a_measured_answer_is_right_within_a_thousandth(monkeypatch, capsys):
    monkeypatch.setitem(utils.questions.QUESTIONS, "ln 2", (math.log(2), "so it is.", {}, "no."))
    for answer, verdict in (
        (0.693, "Right"),
        (0.6937, "Right"),
        (0.694, "Not yet"),
        (0.692, "Not yet"),
        (nd.array([0.693]), "Not yet"),
    ):
        check("ln 2", answer)
        assert capsys.readouterr().out.startswith(verdict)


@pytest.mark.parametrize(
    "answer, verdict",
    [
        ([0, 0, 3], "Right: "),
        ((0, 0, 3), "Right: "),
        (np.array([0, 0, 3.0]), "Right: "),
        (nd.array([0, 0, 3]), "Right: "),
        ([0, 0, 3.001], "Not yet: take the larger"),
        ([0, 0.001, 3], "Not yet: "),
        ([-2, 0, 3], "Not yet: that is the input itself"),
        ([[0, 0, 3]], "Not yet: "),
        ([0, 3], "Not yet: "),
        ([], "Not yet: "),
        (3, "Not yet: "),
        ([0, 0, NAN], "Not yet: "),
        (None, "Not yet: "),
        ("relu", "Not yet: "),
        ({0: 3}, "Not yet: "),
        (10**400, "Not yet: "),
        (..., "Not answered yet: "),
        ([..., ..., ...], "Not yet: "),
    ],
)
def test_check(capsys, answer, verdict):
    check("relu", answer)
    assert capsys.readouterr().out.startswith(verdict)


JUNK = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 300)
    | st.floats()
    | st.text(max_size=3)
    | st.binary(max_size=3)
    | st.just(...)
    | st.sampled_from([int, len, object(), 1j, NAN, np.float32(2), np.int8(3), range(3), {1, 2}]),
    lambda inner: st.lists(inner, max_size=4) | st.tuples(inner) | st.dictionaries(st.text(max_size=2), inner, max_size=2),
    max_leaves=6,
)
SHAPES = st.sampled_from([(1,), (2,), (3,), (4,), (2, 3), (3, 2), (3, 3), (4, 3), (4, 1), (1, 4), (2, 1, 2)])
ARRAYS = st.builds(
    lambda shape, dtype, fill: np.full(shape, fill).astype(dtype),
    SHAPES,
    st.sampled_from(["float32", "float64", "float16", "int32", "uint8"]),
    st.sampled_from([0, 1, 3, -1, 0.5, NAN, INF]),
)
ANYTHING = (
    JUNK | ARRAYS | ARRAYS.map(lambda array: nd.array(array, dtype=array.dtype)) | st.lists(ARRAYS.map(nd.array), max_size=4)
)


@settings(derandomize=True, deadline=None, max_examples=100, database=None, suppress_health_check=list(HealthCheck))
@given(ANYTHING)
@pytest.mark.filterwarnings(
    "ignore:Casting complex values", "ignore:Creating an ndarray from ragged", "ignore:invalid value encountered"
)
def test_check_has_a_verdict_on_anything(answer):
    check("relu", answer)


# --- A notebook that was written for the original package --------------------------------------------------------------

NOTEBOOK = """
import utils as gb
from mxnet import autograd, gluon, nd

batch_size, num_inputs, num_hiddens, num_outputs = 256, 784, 64, 10
train_iter, test_iter = gb.load_data_fashion_mnist(batch_size)

W1 = nd.random.normal(scale=0.01, shape=(num_inputs, num_hiddens))
b1 = nd.zeros(num_hiddens)
W2 = nd.random.normal(scale=0.01, shape=(num_hiddens, num_outputs))
b2 = nd.zeros(num_outputs)
params = [W1, b1, W2, b2]
for p in params:
    p.attach_grad()

def net(X):
    H = nd.maximum(nd.dot(X.reshape((-1, num_inputs)), W1) + b1, 0)
    return nd.dot(H, W2) + b2

loss = gluon.loss.SoftmaxCrossEntropyLoss()
before = gb.evaluate_accuracy(test_iter, net)
gb.train_ch3(net, train_iter, test_iter, loss, 1, batch_size, params, 0.5)
after = gb.evaluate_accuracy(test_iter, net)

with autograd.record():  # the same by hand, with the loss of the chapter before, for one step
    y_hat = nd.softmax(net(nd.ones((2, 784))))
    l = -nd.pick(y_hat, nd.array([1, 2])).log()
l.backward()
gb.sgd(params, 0.0, 2)

for X, y in test_iter:
    break
true = gb.get_fashion_mnist_labels(y.asnumpy())
guessed = gb.get_fashion_mnist_labels(net(X).argmax(axis=1).asnumpy())
gb.show_fashion_mnist(X[0:9], [t + "\\n" + g for t, g in zip(true, guessed)][0:9])

images, labels = X[:3], y[:3]
gb.show_fashion_mnist(images, gb.get_fashion_mnist_labels(labels))

layers = gluon.nn.Sequential()
layers.add(gluon.nn.Dense(64, activation="relu"), gluon.nn.Dense(10))
layers.initialize()
trainer = gluon.Trainer(layers.collect_params(), "sgd", {"learning_rate": 0.5})
gb.train_ch3(layers, train_iter, test_iter, loss, 1, batch_size, None, None, trainer)

gb.set_figsize(figsize=(4, 2.5))
gb.use_svg_display()
gb.plt.plot([1, 2], [3, 4])
small, _ = gb.load_data_fashion_mnist(8, resize=14)
small_shape = next(iter(small))[0].shape
"""


def test_a_notebook_for_the_original_package_runs(capsys):
    space = {}
    exec(NOTEBOOK, space)
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"\d", "9", line) for line in lines] == [re.sub(r"\d", "9", ORIGINAL)] * 2
    assert space["before"] < 0.3 and space["after"] > 0.6 and space["small_shape"] == (8, 1, 14, 14)
    first = plt.figure(1).axes
    assert [ax.get_title() for ax in first if ax.get_title()] == [f"{t}\n{g}" for t, g in zip(space["true"], space["guessed"])][
        :9
    ]
    assert space["true"][:3] == ["ankle boot", "pullover", "trouser"]


def test_the_names_and_signatures_of_the_original_package():
    signatures = {
        "load_data_fashion_mnist": ["batch_size", "resize", "root"],
        "get_fashion_mnist_labels": ["labels"],
        "sgd": ["params", "lr", "batch_size"],
        "evaluate_accuracy": ["data_iter", "net"],
        "set_figsize": ["figsize"],
        "use_svg_display": [],
        "train_ch3": ["net", "train_iter", "test_iter", "loss", "num_epochs", "batch_size", "params", "lr", "trainer"],
    }
    for name, parameters in signatures.items():
        assert list(inspect.signature(getattr(utils, name)).parameters) == parameters
    assert list(inspect.signature(show_fashion_mnist).parameters)[:2] == ["images", "labels"]
    assert utils.plt is matplotlib.pyplot
    assert sorted(utils.__all__) == sorted(set(utils.__all__)) and all(hasattr(utils, name) for name in utils.__all__)


PUBLIC = {name: getattr(utils, name) for name in utils.__all__ if inspect.isfunction(getattr(utils, name))}


@pytest.mark.parametrize("name", PUBLIC)
def test_a_docstring_names_every_argument_and_what_is_raised(name):
    text, parameters = inspect.getdoc(PUBLIC[name]) or "", inspect.signature(PUBLIC[name]).parameters
    assert [parameter for parameter in parameters if not re.search(rf"\b{parameter}\b", text)] == []
    assert not parameters or "Raises " in text
    assert f".{name}\n" in (Path(__file__).parent.parent / "pages/api.md").read_text(), "not on the page of the helpers"


# --- Wrong calls: a right result or one clear exception that names the argument ------------------------------------------

O3, Y3 = nd.array([[1, 2, 3], [3, 2, 1], [0, 0, 0]]), nd.array([0, 1, 2])
PROBABILITIES = nd.array([[0.2, 0.3, 0.5]] * 3)
P432 = init_params(4, 3, 2)
X4 = nd.ones((5, 4))
WALK = [(X4, nd.array([0, 1, 0, 1, 0]))]


def small_net(X):
    return mlp(X, P432)


def step():
    pass


# fmt: off
NOT_POSITIVE_INTEGERS = [0, -1, 2.5, "3", None, True, NAN, INF, [3], nd.array([3]), np.float32(3)]
NOT_FLOAT_NDARRAYS = [None, 1.0, "X", [[1.0, 2.0]], np.ones((5, 4)), np.float32(1), nd.ones((5, 4), dtype="int32"),
                      nd.ones((5, 4), dtype="uint8")]
NOT_SCORES = [*NOT_FLOAT_NDARRAYS, nd.ones(3), nd.ones((3, 3, 1))]
NOT_LABELS = [None, 1, [0, 1, 2], np.array([0, 1, 2]), nd.zeros(2), nd.zeros(4), nd.zeros((3, 1)), nd.zeros((1, 3)),
              nd.one_hot(Y3, 3), nd.array([0, 1, 3]), nd.array([0, 1, -1]), nd.array([0, 1, 0.5]), nd.array([0, 1, NAN]),
              nd.array([0, 1, INF]),
              nd.array([0, 1, 255], dtype="uint8")]
NOT_PARAMS = [None, nd.ones(3), [], (), {"W1": 1}, "params", 3, [None], [np.ones(3)], [[1.0]], [nd.ones(3, dtype="int32")]]
NOT_LOADERS = [None, 5, 2.5, len, [], (), iter([]), [1, 2], ["ab"], {"a": 1}, [X4], X4, [(X4,)], [(X4, Y3, Y3)], [(X4, Y3)],
               [(X4, nd.zeros((5, 1)))], [(X4, nd.one_hot(nd.zeros(5), 2))], [(X4, [0, 1, 0, 1, 0])],
               [(X4.asnumpy(), nd.zeros(5))], [(None, None)]]
NOT_NETS = [None, 5, P432, "net", X4, lambda X: None, lambda X: X.asnumpy(), lambda X: 0, lambda X: X[0], lambda X: X[:2],
            lambda X: X.reshape((5, 2, 2)), lambda X: nd.ones((5, 2), dtype="int32"), lambda X: X.astype("float64"),
            lambda X: [X]]
NOT_LOSSES = [None, 5, "loss", lambda O, y: O, lambda O, y: 0, lambda O, y: None, lambda O, y: y.asnumpy()]
NOT_RATES = [-1, NAN, INF, "0.1", None, True, [0.1], nd.array([0.1]), 1j]
TRAIN = {"net": small_net, "train_iter": WALK, "test_iter": WALK, "loss": softmax_cross_entropy, "num_epochs": 1,
         "batch_size": 5, "params": P432, "lr": 0.1}

# function, its right arguments, {argument: wrong values}
WRONG = [
    (init_params, {}, {"num_inputs": NOT_POSITIVE_INTEGERS, "num_hiddens": NOT_POSITIVE_INTEGERS,
                       "num_outputs": NOT_POSITIVE_INTEGERS,
                       "scale": [0, -1, NAN, INF, "a", None, True, 1e-300, 1e300, [1], 1j, nd.ones(1)]}),
    (relu, {}, {"X": NOT_FLOAT_NDARRAYS}),
    (mlp, {"X": X4, "params": P432}, {
        "X": [*NOT_FLOAT_NDARRAYS, nd.ones(4), nd.ones((5, 3)), nd.ones((5, 8)), nd.ones((5, 4), dtype="float64"),
              nd.ones((5, 4), dtype="float16")],
        "params": [*NOT_PARAMS, P432[:3], P432 * 2, P432[::-1], [P432[0]] * 4, [p.T for p in P432],
                   [p.astype("int32") for p in P432], [p.asnumpy() for p in P432],
                   [P432[0], nd.zeros((1, 3)), *P432[2:]], [P432[0], nd.zeros(2), *P432[2:]]]}),
    (softmax, {}, {"O": NOT_SCORES}),
    (cross_entropy, {"y_hat": PROBABILITIES, "y": Y3}, {
        "y_hat": [*NOT_SCORES, O3, -PROBABILITIES, 2 * PROBABILITIES], "y": NOT_LABELS}),
    (softmax_cross_entropy, {"O": O3, "y": Y3}, {"O": NOT_SCORES, "y": NOT_LABELS}),
    (accuracy, {"y_hat": O3, "y": Y3}, {
        "y_hat": [*NOT_SCORES, O3 * NAN, O3.astype("float64"), O3.astype("float16")], "y": NOT_LABELS}),
    (seed_everything, {}, {"seed": [-1, 2**31, 10**30, 2.5, "1", None, True, NAN, [1], nd.array([1])]}),
    (sgd, {"params": P432, "lr": 0.1, "batch_size": 5}, {
        "params": [*NOT_PARAMS, [nd.ones(3)], [P432[0], nd.ones(3)]], "lr": NOT_RATES,
        "batch_size": NOT_POSITIVE_INTEGERS}),
    (evaluate_accuracy, {"data_iter": WALK, "net": small_net}, {"data_iter": NOT_LOADERS, "net": NOT_NETS}),
    (train_epoch, {"net": small_net, "train_iter": WALK, "loss": softmax_cross_entropy, "step": step}, {
        "net": NOT_NETS, "train_iter": NOT_LOADERS, "loss": NOT_LOSSES,
        "step": [None, 5, P432]}),
    (train_ch3, TRAIN, {
        "net": NOT_NETS, "train_iter": NOT_LOADERS, "test_iter": [None, 5, len], "loss": NOT_LOSSES,
        "num_epochs": NOT_POSITIVE_INTEGERS, "batch_size": NOT_POSITIVE_INTEGERS, "params": [*NOT_PARAMS, [nd.ones(3)]],
        "lr": NOT_RATES,
        "trainer": [5, "sgd", P432, softmax]}),
    (load_validation_split, {"batch_size": 5}, {
        "batch_size": NOT_POSITIVE_INTEGERS, "num_validation": [*NOT_POSITIVE_INTEGERS, 60000],
        "seed": [-1, 2.5, None, "1", True]}),
    (set_figsize, {}, {"figsize": [None, 5, (5,), (1, 2, 3), (0, 1), (-1, 1), (NAN, 1), (INF, 1), "ab", ("a", "b"), (True, 1)]}),
    (show_fashion_mnist, {"images": nd.ones((2, 784)), "labels": ["a", "b"]}, {
        "images": [None, 5, nd.ones((2, 783)), np.ones((2, 27, 28)), nd.ones((2, 3, 28, 28)), nd.ones(784), ["a", "b"]],
        "labels": [None, 5, ["a"], [], ["a", "b", "c"]], "columns": NOT_POSITIVE_INTEGERS}),
    (plot_lines, {"x": [1, 2], "lines": {"a": [1, 2]}, "xlabel": "x", "ylabel": "y"}, {
        "lines": [None, {}, [1, 2], {"a": [1]}, {"a": [1, 2, 3]}, {"a": 1}, {"a": None}, {"a": [[1, 2], [3, 4]]},
                  {"a": nd.ones((2, 1))}],
        "x": [None, 5]}),
    (plot_history, {}, {"history": [None, 5, [], {}, {"loss": [1]}, {"loss": [1], "train_acc": [1, 2], "test_acc": [1]},
                                    {"loss": 1, "train_acc": 2, "test_acc": 3}]}),
    (get_fashion_mnist_labels, {}, {"labels": [None, 5, "09", [10], [-1], [0.5], [NAN], nd.ones((2, 2))]}),
    (load_data_fashion_mnist, {"batch_size": 5}, {
        "batch_size": NOT_POSITIVE_INTEGERS, "resize": [0, -1, 2.5, "28", True, [28]], "root": [5, b"x", [], True]}),
    (check, {"name": "relu", "answer": 1}, {"name": ["no such question", None, 5, []]}),
]
# fmt: on
CASES = [
    pytest.param(function, {**right, argument: value}, argument, id=f"{function.__name__}-{argument}-{i}")
    for function, right, wrong in WRONG
    for argument, values in wrong.items()
    for i, value in enumerate(values)
]
# Where a message calls the argument by another name.
ALIASES = {
    ("train_ch3", "params"): "params|Pass params and lr",
    ("train_ch3", "lr"): "lr|Pass params and lr",
    ("check", "name"): "no question",
}


def named(function, argument, message):
    return re.search(rf"\b({ALIASES.get((function.__name__, argument), argument)})\b", message)


@pytest.mark.parametrize("function, arguments, argument", CASES)
def test_a_wrong_call_gets_one_clear_exception_that_names_the_argument(function, arguments, argument):
    with pytest.raises((TypeError, ValueError, KeyError)) as caught:
        function(**arguments)
    message = str(caught.value)
    assert named(function, argument, message) and len(message) < 400 and "\n" not in message[:100]
    assert "site-packages" not in str(caught.traceback[-1].path), "the message comes from deep inside a library"


def test_the_table_covers_every_public_function():
    tested = {function.__name__ for function, _, _ in WRONG}
    public = {name for name in utils.__all__ if inspect.isfunction(getattr(utils, name))}
    assert public - tested <= {
        "check_problem",
        "fashion_mnist_arrays",
        "use_svg_display",
    }  # test_problems, test_data, no arguments


def test_the_right_arguments_of_the_table_are_right(capsys):
    for function, right, _ in WRONG:
        missing = [
            name for name, p in inspect.signature(function).parameters.items() if p.default is p.empty and name not in right
        ]
        if not missing:
            function(**right)


FUZZED = [
    (function, right, argument)
    for function, right, wrong in WRONG
    for argument in wrong
    if function not in (load_validation_split, load_data_fashion_mnist, train_ch3, check)
]


@pytest.mark.parametrize("function, right, argument", FUZZED, ids=[f"{f.__name__}-{a}" for f, _, a in FUZZED])
@pytest.mark.filterwarnings("ignore")
def test_whatever_is_passed_gives_a_result_or_names_the_argument(function, right, argument):
    @settings(derandomize=True, deadline=None, max_examples=25, database=None, suppress_health_check=list(HealthCheck))
    @given(ANYTHING)
    def try_it(value):
        try:
            result = function(**{**right, argument: value})
            nd.waitall()
        except (TypeError, ValueError, KeyError) as error:
            arguments = inspect.signature(function).parameters  # where two do not fit together, either may be named
            assert any(named(function, name, str(error)) for name in arguments), error
        else:
            assert function not in (accuracy, evaluate_accuracy) or 0 <= result <= 1 or math.isnan(result)
        plt.close("all")

    try_it()


# --- Slips of a learner -------------------------------------------------------------------------------------------------


def test_a_forgotten_attach_grad_is_named(iters):
    params = [param.copy() for param in init_params(num_hiddens=16)]
    with pytest.raises(ValueError, match=r"^params\[0\] has no gradient: call params\[0\].attach_grad\(\) before you record"):
        train_ch3(lambda X: mlp(X, params), *iters, softmax_cross_entropy, 1, 50, params, 0.5)


def test_net_called_without_params_or_swapped():
    with pytest.raises(TypeError, match="missing a required argument: 'params'"):
        mlp(X4)
    with pytest.raises(TypeError, match="^X must be an NDArray, not list"):
        mlp(P432, X4)
    with pytest.raises(TypeError, match="^y must be an NDArray|^O must hold floating-point numbers, not int32"):
        softmax_cross_entropy(nd.array([0, 1], dtype="int32"), nd.ones((2, 3)))


def test_probabilities_instead_of_scores_are_not_refused_but_scores_instead_of_probabilities_are():
    assert softmax_cross_entropy(PROBABILITIES, Y3).shape == (3,)
    with pytest.raises(ValueError, match=r"^each row of y_hat must hold probabilities that sum to 1; one is \[1.0, 2.0, 3.0\]"):
        cross_entropy(O3, Y3)
