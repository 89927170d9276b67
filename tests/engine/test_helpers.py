"""The helpers: their results, their errors for wrong arguments, and notebooks written for the original package."""

import inspect
import re
from types import SimpleNamespace

import matplotlib
import nbformat
import numpy as np
import pytest
from mxnet import gluon, nd
from mxnet.gluon import nn

import utils
from press.notebooks.chapters import ROOT
from press.notebooks.kernel import execute
from utils import (
    COLORS,
    accuracy,
    check,
    cross_entropy,
    evaluate_accuracy,
    fashion_mnist_arrays,
    faulty_network,
    get_fashion_mnist_labels,
    init_layers,
    init_params,
    load_data_fashion_mnist,
    load_validation_split,
    mlp,
    photo_steps,
    plot_history,
    plot_lines,
    plot_runs,
    plt,
    refute,
    relu,
    seed_everything,
    set_figsize,
    sgd,
    show_animation,
    show_backward,
    show_fashion_mnist,
    show_forward,
    show_weights,
    softmax,
    softmax_cross_entropy,
    train_ch3,
    train_epoch,
    use_svg_display,
)
from utils.data import Minibatches
from utils.plotting import LETTERS, WIDTH

matplotlib.use("agg")
pytestmark = [pytest.mark.own_engine, pytest.mark.filterwarnings("ignore:FigureCanvasAgg is non-interactive")]
NAN, INF = float("nan"), float("inf")
# The first line of output in the text from which this course grew.
ORIGINAL = "epoch 1, loss 0.7756, train acc 0.711, test acc 0.827"


@pytest.fixture(autouse=True)
def seeded():
    seed_everything(0)
    with matplotlib.rc_context():
        yield
    plt.close("all")


def easy_images(n, seed, batch_size=50, shuffle=True):
    """Noisy copies of ten random pictures, one for each class: a small data set, learned within an epoch or two."""
    pictures = 255 * (np.random.RandomState(0).uniform(size=(10, 28, 28)) < 0.2)
    labels = np.arange(n) % 10
    noise = np.random.RandomState(seed).normal(scale=30, size=(n, 28, 28))
    return Minibatches(np.clip(pictures[labels] + noise, 0, 255).round(), labels, batch_size, shuffle)


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
    assert [param.shape for param in init_params(4, 3, 2)] == [(4, 3), (3,), (3, 2), (2,)]
    seed_everything(1)
    first = init_params()[0].asnumpy()
    assert (init_params()[0].asnumpy() != first).any()
    seed_everything(1)
    assert (init_params()[0].asnumpy() == first).all()


def test_layers_begin_by_he_s_rule_or_with_a_scale():
    W1, b1, W2, b2 = params = init_layers([(800, 50), (50, 4000)])
    assert [param.shape for param in params] == [(800, 50), (50,), (50, 4000), (4000,)]
    assert all(param.grad is not None for param in params) and b1.abs().sum() == 0 and b2.abs().sum() == 0
    assert W1.asnumpy().std() == pytest.approx(0.05, rel=0.03) and W2.asnumpy().std() == pytest.approx(0.2, rel=0.03)
    assert init_layers([(800, 50)], scale=3)[0].asnumpy().std() == pytest.approx(3, rel=0.03)


def test_nan_stays_nan():
    assert np.isnan(relu(nd.array([1, NAN])).asnumpy()).tolist() == [False, True]
    O, y = nd.array([[NAN, 0], [0.5, 0.5]]), nd.array([0, 1])
    assert np.isnan(softmax(O).asnumpy()).tolist() == [[True, True], [False, False]]
    assert np.isnan(softmax_cross_entropy(O, y).asnumpy()).tolist() == [True, False]
    assert np.isnan(cross_entropy(O, y).asnumpy()).tolist() == [True, False]


# --- Training ---------------------------------------------------------------------------------------------------------


def test_seed_everything_seeds_python_numpy_and_mxnet():
    import random

    def draw():
        return random.random(), np.random.uniform(), nd.random.uniform(shape=1).asscalar(), nd.random.normal(shape=1).asscalar()

    draws = []
    for seed in (5, 5, np.int32(5), np.uint8(5), 6):
        seed_everything(seed)
        draws.append(draw())
    assert draws[0] == draws[1] == draws[2] == draws[3] and not set(draws[0]) & set(draws[4])


@pytest.mark.parametrize("bad", [0, 1, 2])
@pytest.mark.parametrize("row", [[NAN, 0], [1, NAN]])
def test_nan_in_any_minibatch_raises_instead_of_giving_an_accuracy(row, bad):
    batches = [(nd.full((2, 2), i), nd.zeros(2)) for i in range(3)]
    with pytest.raises(FloatingPointError, match=r"^net\(X\) holds NaN"):
        evaluate_accuracy(batches, lambda X: nd.array([[1, 0], row if X[0, 0] == bad else [1, 0]]))
    assert evaluate_accuracy(batches, lambda X: nd.array([[INF, -INF]] * len(X))) == 1
    with pytest.raises(FloatingPointError, match="^y_hat holds NaN"):
        accuracy(nd.array([[1, 0], row]), nd.array([0, 0]))


def test_train_epoch_measures_each_example_before_its_step(iters):
    params = init_params(num_hiddens=8)
    *batches, (X, _) = iters[1]
    answers = mlp(X, params).argmax(axis=1)  # so all are right before the last step, and all wrong when it has broken params
    data_iter, sizes = [*batches, (X, answers.astype("int32"))], []

    def step():
        sizes.append([param.grad.abs().sum().asscalar() > 0 for param in params])

    mean_loss, share = train_epoch(lambda X: mlp(X, params), data_iter, softmax_cross_entropy, step)
    assert sizes == [[True] * 4] * len(data_iter)  # one step for each minibatch, with new gradients
    losses = np.concatenate([softmax_cross_entropy(mlp(X, params), y).asnumpy() for X, y in data_iter])
    assert mean_loss == pytest.approx(losses.mean(), rel=1e-5)
    assert share == evaluate_accuracy(data_iter, lambda X: mlp(X, params))

    def break_params():  # the last step of the epoch must not affect the epoch's results
        if len(sizes) == 2 * len(data_iter) - 1:
            params[0][:] = NAN
        sizes.append(None)

    assert answers.min().asscalar() > 0, "a network of NaN answers 0"
    assert train_epoch(lambda X: mlp(X, params), data_iter, softmax_cross_entropy, break_params) == (mean_loss, share)


def test_train_ch3_learns_and_returns_the_numbers_that_it_prints(iters, capsys):
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


def test_train_ch3_gives_the_same_results_with_params_and_with_a_trainer(iters, capsys):
    """From the same parameters and with the same order of images, Gluon's Trainer and sgd differ by rounding only."""
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


@pytest.mark.parametrize("lr, step, epoch", [(1e20, 1, 1), (0.1, 11, 1), (0.1, 14, 2)])
def test_training_that_diverges_stops_at_the_end_of_that_epoch(iters, capsys, lr, step, epoch):
    """Even if only the last step of an epoch breaks the weights: no loss of that epoch shows it, only the test images do."""
    params, steps = init_params(num_hiddens=16), []

    class Trainer:
        def step(self, batch_size):
            steps.append(batch_size)
            sgd(params, lr, batch_size)
            if lr < 1 and len(steps) == step:
                params[2][:] = NAN

    words = r"net\(X\) holds NaN, .*" if step == 11 else f"epoch {epoch}: the loss is .*, training diverged. "
    with pytest.raises(FloatingPointError, match=f"^{words}[Tt]ry a smaller learning rate.$"):
        train_ch3(lambda X: mlp(X, params), *iters, softmax_cross_entropy, 5, 50, trainer=Trainer())
    assert steps == [50] * (epoch * len(iters[0]))
    assert [line[:8] for line in capsys.readouterr().out.splitlines()] == ["epoch 1,"] * (epoch - 1)


def test_images_of_nan_are_named_and_not_the_learning_rate():
    params = init_params(4, 3, 2)
    images = [*WALK, (X4 * NAN, Y5)]
    with pytest.raises(ValueError, match="^X of train_iter holds NaN or infinity"):
        train_ch3(lambda X: mlp(X, params), images, WALK, softmax_cross_entropy, 1, 5, params, 0.1)


@pytest.mark.parametrize("name", ["train_iter", "test_iter"])
def test_what_can_be_iterated_once_is_refused_before_two_epochs(name, capsys):
    assert train_ch3(**{**TRAIN, name: iter(WALK)})
    capsys.readouterr()
    with pytest.raises(ValueError, match=f"^{name} must be something that can be iterated again in each epoch"):
        train_ch3(**{**TRAIN, name: iter(WALK), "num_epochs": 2})
    assert not capsys.readouterr().out


@pytest.mark.filterwarnings("error")
def test_train_ch3_warns_only_if_all_gradients_are_zero(iters, capsys):
    """With dead hidden units the gradients of W1, b1 and W2 are zero, but b2 is still trained: no warning."""
    params = init_params(num_hiddens=4)
    params[1][:] = -1e6
    before = [param.copy() for param in params]
    train_ch3(lambda X: mlp(X, params), *iters, softmax_cross_entropy, 1, 50, params, 0.5)
    assert [bool((param != old).max().asscalar()) for param, old in zip(params, before)] == [False, False, False, True]
    others = init_params(num_hiddens=4)
    with pytest.warns(UserWarning, match="^All gradients of params are zero"):
        train_ch3(lambda X: mlp(X, others), *iters, softmax_cross_entropy, 1, 50, params_of_their_own(), 0.5)


def params_of_their_own():
    params = init_params(num_hiddens=4)
    for param in params:
        param.grad[:] = 0
    return params


INTERRUPTED = """
import sys

def interrupt(frame, event, arg):
    if frame.f_code.co_name == "__exit__":
        sys.settrace(None)
        raise KeyboardInterrupt

sys.settrace(interrupt)
with autograd.record():
    pass
"""


def test_a_cell_begins_outside_of_blocks_also_after_an_interrupt_at_the_end_of_one(tmp_path):
    """MXNet may be imported before utils in a notebook too."""
    first = "from mxnet import autograd; import mxnet as mx, utils; print(utils.engine_name, mx is utils.training.mx)"
    sources = first, INTERRUPTED, "autograd.is_recording(), autograd.is_training()"
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    execute(nbformat.v4.new_notebook(cells=cells), tmp_path, allow_errors=True)
    assert cells[0].outputs[0].text == f"{utils.engine_name} True\n"
    assert cells[1].outputs[-1].ename == "KeyboardInterrupt" and cells[2].outputs[0].data["text/plain"] == "(False, False)"


# --- Figures ----------------------------------------------------------------------------------------------------------


def as_bytes(images):
    return np.rint(255 * images).astype("uint8")


@pytest.mark.parametrize(
    "shape, kind", [((7, 28, 28), as_bytes), ((7, 28, 28), np.asarray), ((7, 1, 28, 28), nd.array), ((7, 784), nd.array)]
)
def test_show_fashion_mnist(shape, kind):
    images = kind(np.random.uniform(size=shape))
    show_fashion_mnist(images, list("abcdefg"), columns=3)
    axes = plt.gcf().axes
    assert len(axes) == 9 and not any(ax.axison for ax in axes)
    assert [ax.get_title() for ax in axes] == [*"abcdefg", "", ""] and [len(ax.images) for ax in axes] == [1] * 7 + [0, 0]
    for ax, image in zip(axes, images):
        image = np.asarray(image.asnumpy() if isinstance(image, nd.NDArray) else image, float).reshape(28, 28)
        grey = (image - image.min()) / (image.max() - image.min())  # from black, the smallest number, to white, the largest
        drawn = ax.images[0].to_rgba(ax.images[0].get_array())
        np.testing.assert_allclose(drawn, np.dstack([grey, grey, grey, np.ones((28, 28))]), atol=1 / 255)


def distinguishable(lines):
    """Whether all lines differ in colour and, for readers who can't see the colours, also in their dashes or markers."""
    colours = {line.get_color() for line in lines}
    marks = {(line.get_linestyle(), line._dash_pattern[1] and tuple(line._dash_pattern[1]), line.get_marker()) for line in lines}
    return len(colours) == len(marks) == len(lines)


def test_plot_lines():
    for kind in (list, np.array, nd.array):
        set_figsize()
        plot_lines(kind([1, 2, 4]), {"a": kind([3, 5, 4]), "b": kind([1, 1, 1])}, "epoch", "loss (nats)", title="two")
        (ax,) = plt.gcf().axes
        assert [line.get_xydata().tolist() for line in ax.lines] == [[[1, 3], [2, 5], [4, 4]], [[1, 1], [2, 1], [4, 1]]]
        assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title("left")) == ("epoch", "loss (nats)", "two")
        assert {text.get_text(): text.get_color() for text in ax.texts} == {"a": COLORS[0], "b": LETTERS[COLORS[1]]}
    plot_lines([1, 2, 3], {"with a gap": [1, None, 2]}, "x", "y")
    assert np.isnan(plt.gca().lines[0].get_ydata(orig=False)).tolist() == [False, True, False]
    for diverged in ([NAN, NAN], [None, None], np.array([INF, NAN])):
        plot_lines([1, 2], {"a": [1, 2], "b": diverged}, "x", "y")
        assert [text.get_text() for text in plt.gca().texts] == ["a"]
    plot_lines([], {"a": [], "b": []}, "x", "y")
    plot_lines([1, 2], {name: [1, 2] for name in "abcde"}, "x", "y")
    assert distinguishable(plt.gca().lines), "as many lines as there are colours"
    plot_lines(range(100), {"only one": range(100)}, "x", "y")
    (ax,) = plt.gcf().axes
    assert not ax.texts and ax.lines[0].get_marker() == "None"


def test_plot_runs_has_a_row_for_each_name_a_dot_for_each_run_and_a_stroke_at_their_mean():
    for kind in (list, np.array, nd.array):
        set_figsize()
        plot_runs({"first": kind([1, 2, 6]), "second": kind([4])}, "accuracy", base=2)
        (ax,) = plt.gcf().axes
        assert [tick.get_text() for tick in ax.get_yticklabels()] == ["first", "second"] and ax.get_xlabel() == "accuracy"
        marks = [line.get_xydata().tolist() for line in ax.lines if line.get_marker() in ("o", "|")]
        assert marks == [[[1, 0], [2, 0], [6, 0]], [[3, 0]], [[4, 1]], [[4, 1]]]
        assert ax.get_ylim()[0] > ax.get_ylim()[1], "the first row is at the top"


def test_a_weight_is_a_hue_for_its_sign_and_an_opacity_for_its_size():
    unit = np.zeros((28, 28))
    unit[0, :3] = 2, -1, 1
    for kind in (np.array, nd.array):
        show_weights(kind([unit, unit]), ["own scale", "other"], limit=None)
        picture = plt.gcf().axes[0].images[0].get_array()
        assert len({tuple(pixel) for pixel in picture[0, [0, 2], :3]}) == 1 and tuple(picture[0, 0, :3]) != tuple(
            picture[0, 1, :3]
        )
        np.testing.assert_allclose(picture[0, :4, 3], [1, 0.5, 0.5, 0], atol=0.04, err_msg="0 shows the page")
        show_weights(kind([unit]), ["limit"], limit=4)
        assert plt.gcf().axes[0].images[0].get_array()[0, 0, 3] == pytest.approx(0.5, abs=0.04)


def test_no_tick_stands_at_half_an_epoch():
    history = {name: [0.1, 0.2, 0.3] for name in ("loss", "train_acc", "test_acc")}
    for draw in (lambda: plot_lines(range(1, 4), {"loss": history["loss"]}, "epoch", "loss"), lambda: plot_history(history)):
        draw()
        for ax in plt.gcf().axes:
            assert all(tick.is_integer() for tick in map(float, ax.get_xticks()))
    plot_lines([0.1, 0.2, 0.3], history, "x", "y")
    assert not all(float(tick).is_integer() for tick in plt.gca().get_xticks())


def test_plot_history():
    plot_history({"loss": [3, 2], "train_acc": [0.5, 0.6], "test_acc": [0.4, 0.7]})
    loss, accuracy = plt.gcf().axes
    assert [line.get_xydata().tolist() for line in loss.lines] == [[[1, 3], [2, 2]]]
    assert [line.get_xydata().tolist() for line in accuracy.lines] == [[[1, 0.5], [2, 0.6]], [[1, 0.4], [2, 0.7]]]
    assert (accuracy.get_xlabel(), loss.get_ylabel(), accuracy.get_ylabel()) == (
        "epoch",
        "mean loss (nats)",
        "accuracy (share right)",
    )
    assert [text.get_text() for text in accuracy.texts] == ["training", "test"] and distinguishable(accuracy.lines)


@pytest.mark.parametrize("history, names", [([], []), ([NAN], []), ([0.5, INF], ["training", "test"])])
def test_plot_history_draws_a_training_that_diverged_or_has_not_begun(history, names):
    plot_history({"loss": history, "train_acc": history, "test_acc": history})
    assert [text.get_text() for text in plt.gcf().axes[1].texts] == names


def test_plot_history_draws_arrays_too():
    for kind in (np.array, nd.array):
        plot_history({name: kind([3, 2]) for name in ("loss", "train_acc", "test_acc")})
        assert [list(line.get_ydata()) for ax in plt.gcf().axes for line in ax.lines] == [[3, 2]] * 3


def test_figures_have_the_chosen_size_and_style(tmp_path):
    set_figsize((4, 2))
    figure, ax = plt.subplots()
    assert figure.get_size_inches().tolist() == [4, 2] and figure.get_facecolor() == (1, 1, 1, 1)
    assert plt.rcParams["axes.prop_cycle"].by_key()["color"] == COLORS and len(set(COLORS)) == len(COLORS)
    set_figsize()
    assert plt.rcParams["figure.figsize"] == [WIDTH, 2.6] and WIDTH * 96 + 12 < 390, "as wide as a phone's page"


def test_the_same_data_gives_the_same_svg(tmp_path):
    files = []
    for name in "ab":
        use_svg_display()
        plot_lines([1, 2], {"a": [1, 2], "b": [2, 1]}, "x", "y")
        plt.savefig(tmp_path / name, format="svg", metadata={"Date": None, "Creator": None})
        files.append((tmp_path / name).read_bytes())
        plt.close("all")
    assert files[0] == files[1] and b"<svg" in files[0]


# --- Notebooks written for the original package -----------------------------------------------------------------------

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


SOFTMAX_REGRESSION = """
import utils as gb
from mxnet import gluon, init, nd
from mxnet.gluon import loss as gloss, nn

batch_size = 256
train_iter, test_iter = gb.load_data_fashion_mnist(batch_size)

W = nd.random.normal(scale=0.01, shape=(784, 10))
b = nd.zeros(10)
for p in (W, b):
    p.attach_grad()

def softmax(X):
    X_exp = X.exp()
    return X_exp / X_exp.sum(axis=1, keepdims=True)

def net(X):
    return softmax(nd.dot(X.reshape((-1, 784)), W) + b)

def cross_entropy(y_hat, y):
    return -nd.pick(y_hat, y).log()

gb.train_ch3(net, train_iter, test_iter, cross_entropy, 1, batch_size, [W, b], 0.1)

layers = nn.Sequential()
layers.add(nn.Dense(10))
layers.initialize(init.Normal(sigma=0.01))
trainer = gluon.Trainer(layers.collect_params(), "sgd", {"learning_rate": 0.1})
gb.train_ch3(layers, train_iter, test_iter, gloss.SoftmaxCrossEntropyLoss(), 1, batch_size, None, None, trainer)
"""

ACTIVATIONS = """
import utils as gb
from mxnet import autograd, nd

def xyplot(x, y, name):
    gb.set_figsize(figsize=(5, 2.5))
    gb.plt.figure()
    gb.plt.plot(x.asnumpy(), y.asnumpy())
    gb.plt.xlabel("x")
    gb.plt.ylabel(name + "(x)")

x = nd.arange(-8.0, 8.0, 0.1)
x.attach_grad()
for name in ("relu", "sigmoid", "tanh"):
    with autograd.record():
        y = getattr(x, name)()
    xyplot(x, y, name)
    y.backward()
    xyplot(x, x.grad, "grad of " + name)
"""


@pytest.fixture
def few(monkeypatch):
    """A third of the training images and a fifth of the others, which is all that the data is meanwhile."""
    some = [(images[:n], labels[:n]) for (images, labels), n in zip(fashion_mnist_arrays(), (20_000, 2_000))]
    monkeypatch.setattr(utils.data, "fashion_mnist_arrays", lambda root=None: some)


def test_softmax_regression_for_the_original_package_runs(few, capsys):
    """From scratch and with Gluon it is the same model, so the losses after an epoch are close."""
    exec(SOFTMAX_REGRESSION, {})
    lines = capsys.readouterr().out.splitlines()
    losses = [float(re.search(r"loss ([\d.]+)", line)[1]) for line in lines]
    untrained = np.log(10)  # 79 steps later it was 1.03
    assert len(losses) == 2 and abs(losses[0] - losses[1]) < 0.02 and max(losses) < untrained / 2


def test_plots_of_activations_and_gradients_for_the_original_package():
    exec(ACTIVATIONS, {})
    drawn = {(ax := plt.figure(number).axes[0]).get_ylabel(): ax.lines[0].get_xydata().T for number in plt.get_fignums()}
    x, tanh = drawn["tanh(x)"]
    np.testing.assert_allclose(tanh, np.tanh(x), atol=1e-6)
    np.testing.assert_allclose(drawn["grad of tanh(x)"][1], 1 - np.tanh(x) ** 2, atol=1e-6)
    np.testing.assert_array_equal(drawn["grad of relu(x)"][1], x > 0)
    sigmoid = 1 / (1 + np.exp(-x.astype(float)))
    np.testing.assert_allclose(drawn["grad of sigmoid(x)"][1], sigmoid * (1 - sigmoid), atol=1e-6)


def test_a_notebook_for_the_original_package_runs(few, capsys):
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


def test_names_and_signatures_are_those_of_the_original_package():
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
def test_a_helper_has_a_docstring_and_an_entry_in_the_api_reference(name):
    assert inspect.getdoc(PUBLIC[name])
    assert f".{name}\n" in (ROOT / "reference/api.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "name, arguments", {"mlp": "XP", "softmax": "O", "cross_entropy": "Yy", "softmax_cross_entropy": "Oy"}.items()
)
def test_the_shape_of_what_a_docstring_promises_is_that_of_the_result(name, arguments):
    """The result is what the docstring names last in its first sentence, or calls a shape."""
    sizes = {"n": 5, "d": 4, "q": 3}
    n, d, q = sizes.values()
    values = {"X": nd.ones((n, d)), "P": init_params(d, 6, q), "O": nd.ones((n, q)), "Y": nd.ones((n, q)) / q, "y": nd.zeros(n)}
    promise = re.split(r"\.\s", inspect.getdoc(PUBLIC[name]))[0]
    shape = (re.findall(r"shape \(([^)]*)\)", promise) or re.findall(r": \(([^)]*)\)", promise))[-1]
    assert PUBLIC[name](*map(values.get, arguments)).shape == tuple(sizes[letter] for letter in re.findall(r"\w+", shape))


# --- Wrong arguments: one clear exception that names the argument, and in a list the element -------------------------

O3, Y3 = nd.array([[1, 2, 3], [3, 2, 1], [0, 0, 0]]), nd.array([0, 1, 2])
PROBABILITIES = nd.array([[0.2, 0.3, 0.5]] * 3)
P432 = init_params(4, 3, 2)
X4 = nd.ones((5, 4))
Y5 = nd.array([0, 1, 0, 1, 0])
PICTURE = {"x": nd.ones((1, 28, 28)), "params": init_params(784, 5), "y": 3}


def small_net(X):
    return mlp(X, P432)


def step():
    pass


def with_last(good, *bad):
    """Lists of which only the last element is bad: a check of the first one alone would miss it."""
    return [[*good[:-1], value] for value in bad]


# fmt: off
NO_SIZE = [0, 2.5, "3", True, NAN, nd.array([3])]
NO_FLOATS = [None, np.ones((5, 4)), nd.ones((5, 4), dtype="int32")]
NO_SCORES = [*NO_FLOATS, nd.ones(3), nd.ones((3, 3, 1))]
NO_LABELS = [[0, 1, 2], nd.zeros(4), nd.zeros((3, 1)), nd.array([0, 1, 3]), nd.array([0, 1, -1]), nd.array([0, 1, 0.5]),
             nd.array([0, 1, NAN])]
NO_PARAMS = [None, nd.ones(3), [], *with_last(P432, None, np.ones(2), nd.ones(2, dtype="int32"))]
NO_LOADER = [5, [], iter([]), X4, *with_last([(X4, Y5)] * 3, 5, (X4,), (X4.asnumpy(), Y5), (X4, Y5.asnumpy()), (X4, Y3),
                                             (X4, Y5.reshape((5, 1))), (X4, 2 * Y5))]
NO_NET = [None, P432, mlp, lambda X: X.asnumpy(), lambda X: X[:2], lambda X: X.reshape((5, 2, 2)), lambda X: X.astype("float64")]
NO_LOSS = [5, lambda O: O, lambda O, y: O, lambda O, y: 0, lambda O, y: softmax_cross_entropy(O, y).expand_dims(1)]
NO_RATE = [-1, NAN, INF, "0.1", True, nd.array([0.1])]
WALK = [(X4, Y5)]
TRAIN = {"net": small_net, "train_iter": WALK, "test_iter": WALK, "loss": softmax_cross_entropy, "num_epochs": 1,
         "batch_size": 5, "params": P432, "lr": 0.1}

# function, its right arguments, {argument: wrong values}
WRONG = [
    (init_params, {}, {"num_inputs": NO_SIZE, "num_hiddens": NO_SIZE[:2], "num_outputs": NO_SIZE[:2],
                       "scale": [0, -1, NAN, INF, "a", True, nd.ones(1)]}),
    (init_layers, {"shapes": [(4, 3), (3, 2)]}, {
        "shapes": [None, 784, [784, 256], [(4, 3, 2)], [(0, 3)], [(4, 2.5)]], "scale": [0, -1, NAN, INF, "a", True]}),
    (relu, {}, {"X": NO_FLOATS}),
    (mlp, {"X": X4, "params": P432}, {
        "X": [*NO_FLOATS, nd.ones(4), nd.ones((5, 3)), X4.astype("float64")],
        "params": [*NO_PARAMS, P432[:3], P432[::-1],
                   *with_last(P432, nd.zeros(3), nd.zeros((1, 2)), nd.zeros(2, dtype="float64"))]}),
    (softmax, {}, {"O": NO_SCORES}),
    (cross_entropy, {"y_hat": PROBABILITIES, "y": Y3}, {
        "y_hat": [*NO_SCORES, nd.array([[0.2, 0.3, 0.5], [0, 0, 1], [1, 2, 3]]),
                  nd.array([[1, 0, 0], [1, 0, 0], [1.5, 0, -0.5]]), nd.array([[1, 0, 0], [1, 0, 0], [0.5, 0, 0.2]])],
        "y": NO_LABELS}),
    (softmax_cross_entropy, {"O": O3, "y": Y3}, {"O": NO_SCORES, "y": NO_LABELS}),
    (accuracy, {"y_hat": O3, "y": Y3}, {"y_hat": [*NO_SCORES, O3.astype("float64")], "y": NO_LABELS}),
    (seed_everything, {}, {"seed": [-1, 2**31, 2.5, "1", True]}),
    (sgd, {"params": P432, "lr": 0.1, "batch_size": 5}, {
        "params": [*NO_PARAMS, *with_last(P432, nd.ones(2))], "lr": NO_RATE, "batch_size": NO_SIZE[:2]}),
    (evaluate_accuracy, {"data_iter": WALK, "net": small_net}, {"data_iter": NO_LOADER, "net": NO_NET}),
    (train_epoch, {"net": small_net, "train_iter": WALK, "loss": softmax_cross_entropy, "step": step}, {
        "net": NO_NET, "train_iter": NO_LOADER, "loss": NO_LOSS,
        "step": [None, lambda lr: 0]}),
    (train_ch3, TRAIN, {
        "net": NO_NET[:3], "train_iter": NO_LOADER[:2], "test_iter": [*NO_LOADER[:2], [(X4.asnumpy(), Y5)]],
        "loss": NO_LOSS, "num_epochs": NO_SIZE[:2],
        "batch_size": NO_SIZE[:2], "params": [*NO_PARAMS, *with_last(P432, nd.ones(2))], "lr": NO_RATE[:2],
        "trainer": [5, softmax, SimpleNamespace(step=lambda: 0), SimpleNamespace(step=5)]}),
    (load_validation_split, {"batch_size": 5}, {"batch_size": NO_SIZE[:2], "num_validation": [0, 60000], "seed": [-1, 2.5]}),
    (set_figsize, {}, {"figsize": [5, (5,), (1, 0), (NAN, 1), (1, "b"), (1, True)]}),
    (show_fashion_mnist, {"images": nd.ones((2, 784)), "labels": ["a", "b"]}, {
        "images": [None, nd.ones((2, 783)), nd.ones(784), *with_last([np.ones(784)] * 2, np.ones(783), np.ones(784, complex)),
                   np.ones((2, 28, 28), object), np.full((2, 784), "1")],
        "labels": [None, ["a"], ["a", "b", "c"]], "columns": NO_SIZE[:2]}),
    (plot_runs, {"runs": {"a": [1, 2]}, "xlabel": "x"}, {
        "runs": [None, {}, [1, 2], {"a": []}, {"a": 1}, {"a": "12"}],
    }),
    (plot_lines, {"x": [1, 2], "lines": {"a": [1, 2]}, "xlabel": "x", "ylabel": "y"}, {
        "lines": [None, {}, [1, 2], {"a": [1, 2], "b": [1]}, {"a": [1, 2], "b": 1}, {"a": ["1", "2"]},
                  {"a": [1, object()]}, {"a": [1, [2, 3]]}], "x": [5]}),
    (show_animation, {"draw": lambda ax, frame: ax.plot(frame), "frames": {"a": [1, 2], "b": [2, 1]}}, {
        "draw": [None, len], "frames": [None, [1, 2], {"a": [1, 2]}, {1: [1], 2: [2]}], "columns": [0]}),
    (show_forward, {**PICTURE, "units": ()}, {
        "x": [nd.ones((2, 784)), nd.ones(783), nd.ones(784, dtype="int32")], "y": [10, -1, [1, 2], "3", 2.5, NAN, True],
        "params": [None, PICTURE["params"][:2], [*PICTURE["params"], 1], init_params(784, 5, 5),
                   *with_last(PICTURE["params"], nd.ones(3))],
        "units": [(0, 1), (0, 1, 5), (0, 1, 2.5), 1]}),
    (show_backward, {**PICTURE, "units": (0, 1, 2), "lr": 0.1}, {
        "x": [nd.ones((2, 784)), [0.0] * 784], "params": [PICTURE["params"][:2]], "y": [10, None], "units": [(0, 1), ()],
        "lr": [0, -1, "0.1"]}),
    (photo_steps, {"photo": np.zeros((28, 28), "uint8")}, {
        "photo": [np.zeros((28, 28)), np.zeros((28, 28, 3), "uint8"), np.zeros((1, 5000), "uint8"), __file__, None, 5],
        "size": [-1, 101, 2.5], "across": [101], "down": [101], "take_off": [101]}),
    (plot_history, {}, {"history": [None, {}, {"loss": [1]}, {"loss": [1], "train_acc": [1], "test_acc": [1, 2]},
                                    {"loss": 1, "train_acc": 2, "test_acc": 3},
                                    {"loss": [1], "train_acc": [1], "test_acc": [None]},
                                    {"loss": ["1"], "train_acc": [1], "test_acc": [1]}]}),
    (utils.read_results, {}, {"name": ["hyper", "../seeds", 1]}),
    (get_fashion_mnist_labels, {}, {"labels": [5, "09", [0, 10], [0, -1], [0, 0.5], [0, NAN], [0, "coat"], nd.ones((2, 2))]}),
    (load_data_fashion_mnist, {"batch_size": 5}, {"batch_size": NO_SIZE[:2], "resize": [0, 2.5, "28"],
                                                    "root": [5, b"x", "~nosuchuser/x"]}),
    (faulty_network, {}, {"name": ["D", None, [], ""]}),
    (check, {"name": "loss", "answer": 1}, {"name": ["no such question", None, []]}),
    (refute, {"name": "relu"}, {"name": ["no such refutation", None, []]}),
]
# fmt: on
CASES = [
    pytest.param(function, {**right, argument: value}, argument, id=f"{function.__name__}-{argument}-{i}")
    for function, right, wrong in WRONG
    for argument, values in wrong.items()
    for i, value in enumerate(values)
]
# Messages that call the argument by another name.
ALIASES = {
    ("train_epoch", "train_iter"): "train_iter|y",  # the labels of a minibatch are checked only once, by the loss
    ("train_ch3", "train_iter"): "train_iter|y",
    ("train_ch3", "params"): "params|Pass params and lr",
    ("train_ch3", "lr"): "lr|Pass params and lr",
    ("check", "name"): "not a question",
    ("refute", "name"): "not a refutation",
}


@pytest.mark.parametrize("function, arguments, argument", CASES)
def test_a_wrong_argument_raises_one_clear_exception_that_names_it(function, arguments, argument):
    with pytest.raises((TypeError, ValueError, KeyError, FloatingPointError)) as caught:
        function(**arguments)
    message = str(caught.value)
    assert re.search(rf"\b({ALIASES.get((function.__name__, argument), argument)})\b", message), message
    assert len(message) < 400 and "\n" not in message[:100]
    assert "site-packages" not in str(caught.traceback[-1].path), "the message comes from deep inside a library"


@pytest.mark.parametrize("i", range(4))
def test_the_message_names_the_wrong_element_of_a_list_and_its_type(i):
    for bad, words in (
        (P432[i].astype("int32"), rf"params\[{i}\] must hold floating-point numbers, not int32"),
        (P432[i].asnumpy(), rf"params\[{i}\] must be an NDArray, not ndarray"),
    ):
        with pytest.raises(TypeError, match=words):
            mlp(X4, [*P432[:i], bad, *P432[i + 1 :]])
    with pytest.raises(ValueError, match=rf"params\[{i}\] has no gradient: call params\[{i}\].attach_grad"):
        sgd([*P432[:i], P432[i].copy(), *P432[i + 1 :]], 0.1, 5)
    with pytest.raises(TypeError) as caught:
        mlp(X4, [*P432[:i], P432[i].astype("float64"), *P432[i + 1 :]])
    assert {"float32", "float64"} <= set(re.findall(r"float\d\d", str(caught.value))), "it names both types"


def test_the_right_arguments_in_the_table_are_accepted(few, capsys):
    for function, right, _ in WRONG:
        parameters = inspect.signature(function).parameters.items()
        if not [name for name, p in parameters if p.default is p.empty and name not in right]:
            function(**right)
