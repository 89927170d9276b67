"""diagnose measures correctly and restores the network, and plot_diagnosis draws its findings for any network of the course."""

import math

import numpy as np
import pytest

import utils
from utils import (
    diagnose,
    faulty_network,
    init_params,
    mlp,
    plot_diagnosis,
    plt,
    relu,
    seed_everything,
    sgd,
    softmax_cross_entropy,
)
from utils.diagnosis import earlier_mistakes

from mxnet import autograd, gluon, init, nd  # isort: skip


@pytest.fixture
def minibatch():
    seed_everything(0)
    return nd.random.uniform(shape=(8, 1, 28, 28)), nd.array(np.arange(8), dtype="int32")


def layers_of(params):
    W1, b1, W2, b2 = params
    return [lambda X: relu(nd.dot(X.reshape((-1, 784)), W1) + b1), lambda H: nd.dot(H, W2) + b2]


def test_the_findings_agree_with_numpy(minibatch):
    X, y = minibatch
    params = init_params(num_outputs=12, scale=0.05)
    params[1][:10] = -100
    findings = diagnose(layers_of(params), params, X, y, softmax_cross_entropy, lambda: sgd(params, 0.5, 8), num_steps=2)

    W1, b1, W2, b2 = (param.asnumpy().astype("float64") for param in params)
    Z = X.asnumpy().reshape(8, 784) @ W1 + b1
    H = np.maximum(Z, 0)
    O = H @ W2 + b2
    E = np.exp(O - O.max(axis=1, keepdims=True))
    y_hat = E / E.sum(axis=1, keepdims=True)
    dO = y_hat - np.eye(12)[:8]
    dH = dO @ W2.T
    dW2, dW1 = H.T @ dO, X.asnumpy().reshape(8, 784).T @ (dH * (Z > 0))
    # Tolerance 1e-4: the rounding of float32 sums of some hundred products is a hundred times smaller.
    assert findings["losses"][0] == pytest.approx(-np.log(y_hat[np.arange(8), np.arange(8)]).mean(), rel=1e-4)
    assert findings["guessing"] == math.log(12)
    assert findings["values"] == pytest.approx([H.std(), O.std()], rel=1e-4)
    assert findings["gradients"] == pytest.approx([dH.std(), dO.std()], rel=1e-4)
    assert findings["silent"] == pytest.approx([(H.max(axis=0) == 0).mean(), 0]) and findings["silent"][0] >= 10 / 256
    norm = np.linalg.norm
    assert findings["ratios"] == pytest.approx([0.5 / 8 * norm(dW1) / norm(W1), 0.5 / 8 * norm(dW2) / norm(W2)], rel=1e-4)


def test_weights_that_start_at_zero_have_an_infinite_ratio(minibatch):
    params = init_params()
    params[2][:] = 0
    found = diagnose(layers_of(params), params, *minibatch, softmax_cross_entropy, lambda: sgd(params, 0.5, 8), num_steps=1)
    assert found["ratios"] == [0.0, math.inf]  # through W2 = 0 no gradient gets to W1


def test_the_params_are_restored(minibatch):
    X, y = minibatch
    params = init_params()
    before = [param.asnumpy() for param in params]
    losses = diagnose(layers_of(params), params, X, y, softmax_cross_entropy, lambda: sgd(params, 0.05, 8))["losses"]
    assert len(losses) == 100 and losses[-1] < 0.5 < 2 < losses[0]
    assert all(np.array_equal(param.asnumpy(), old) for param, old in zip(params, before))
    with autograd.record():
        l = softmax_cross_entropy(mlp(X, params), y)
    l.backward()  # training can go on
    assert params[0].grad.abs().max().asscalar() > 0


@pytest.mark.parametrize("error", [KeyboardInterrupt, FloatingPointError])
def test_params_and_gradients_are_restored_after_an_error_or_interrupt(minibatch, error):
    X, y = minibatch
    params = init_params()
    with autograd.record():
        l = softmax_cross_entropy(mlp(X, params), y)
    l.backward()
    before = [array.asnumpy() for param in params for array in (param, param.grad)]
    steps = []

    def step():
        sgd(params, 0.05, 8)
        steps.append(None)
        if len(steps) == 3:
            raise error

    with pytest.raises(error):
        diagnose(layers_of(params), params, X, y, softmax_cross_entropy, step)
    after = [array.asnumpy() for param in params for array in (param, param.grad)]
    assert all(np.array_equal(new, old) for new, old in zip(after, before))


def linear():
    W, b = params = [nd.zeros((784, 10)), nd.zeros(10)]
    for param in params:
        param.attach_grad()
    return [lambda X: nd.dot(X.reshape((-1, 784)), W) + b], params, lambda: sgd(params, 0.1, 8)


def diverging():
    params = init_params(scale=1)
    return layers_of(params), params, lambda: sgd(params, 1e30, 8)


def in_gluon():
    net = gluon.nn.Sequential()
    net.add(gluon.nn.Dense(16, activation="relu"), gluon.nn.Dropout(0.5), gluon.nn.Dense(10))
    net.initialize(init.Normal(0.01))
    net(nd.zeros((1, 784)))
    trainer = gluon.Trainer(net.collect_params(), "adam", {"learning_rate": 0.001})
    return list(net), [param.data() for param in net.collect_params().values()], lambda: trainer.step(8)


@pytest.mark.parametrize("make", [linear, diverging, in_gluon], ids=lambda make: make.__name__)
@pytest.mark.filterwarnings("error")
def test_the_findings_for_any_network_can_be_drawn(minibatch, make):
    layers, params, step = make()
    plot_diagnosis(diagnose(layers, params, *minibatch, softmax_cross_entropy, step, num_steps=5))
    axes = plt.gcf().axes
    assert len(axes) == 5 and all(ax.get_xlabel() and ax.get_ylabel() for ax in axes)
    plt.close("all")


def test_each_faulty_network_has_one_fault(minibatch):
    found = {}
    for name in "ABC":
        layers, params, step = faulty_network(name)
        found[name] = diagnose(layers, params, *minibatch, softmax_cross_entropy, step)
    assert min(found["A"]["gradients"]) > 0.01 and max(found["A"]["silent"]) < 0.5 and 0 < max(found["A"]["ratios"]) < 1e-3
    assert found["B"]["silent"][0] < 0.5 and found["B"]["silent"][1] == 1 and found["B"]["ratios"] == [0, 0, 0]
    values, gradients = found["C"]["values"], found["C"]["gradients"]
    assert values[0] > 1000 * values[-1] and gradients[-1] > 1000 * gradients[0]


def test_the_mistakes_of_earlier_chapters_are_made_on_the_network_of_the_course(minibatch):
    X, y = minibatch
    cases = earlier_mistakes()
    same = {name for name, (layers, params, _) in cases.items() if (layers[1](layers[0](X)) == mlp(X, params)).min().asscalar()}
    assert len(cases) == 12 and set(cases) - same == {"softmax twice", "bytes as pixels", "no relu, lr 0.1"}
    moved = {
        name for name, case in cases.items() if diagnose(*case[:2], X, y, softmax_cross_entropy, case[2], 1)["ratios"][1] > 0
    }
    assert set(cases) - moved == {"all weights 0", "new arrays"}


@pytest.mark.parametrize(
    "wrong, message",
    [
        ({"layers": mlp}, "layers must be a list of functions"),
        ({"layers": [3]}, r"layers\[0\] must be a function"),
        ({"params": [nd.zeros(3)]}, r"params\[0\] has no gradient"),
        ({"y": nd.array([10] * 8)}, "y must hold class numbers from 0 to 9"),
        ({"loss": lambda O, y: 1}, r"loss\(net\(X\), y\) must be an NDArray, not int"),
        ({"loss": lambda O, y: softmax_cross_entropy(O, y).mean()}, r"a value for each example, shape \(8,\), not \(1,\)"),
        ({"num_steps": 0}, "num_steps must be a positive integer"),
    ],
)
def test_a_wrong_argument_raises(minibatch, wrong, message):
    X, y = minibatch
    params = init_params()
    right = {"layers": layers_of(params), "params": params, "X": X, "y": y, "loss": softmax_cross_entropy}
    with pytest.raises((TypeError, ValueError), match=message):
        diagnose(**{**right, "step": lambda: sgd(params, 0.5, 8), **wrong})
    with pytest.raises(TypeError, match="findings must be the dict that diagnose returned"):
        utils.plot_diagnosis(wrong)
