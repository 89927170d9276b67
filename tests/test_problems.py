"""The verdicts on answers: of `check_problem` for each problem, and of `check` for each question of the chapters.

Every problem gets several right answers and the usual wrong ones. A wrong answer is no worse than what a learner would
write, and its verdict must say what is wrong with it.
"""

import ast
import inspect
import json
import math
import re
from pathlib import Path

import nbformat
import numpy as np
import pytest
from mxnet import autograd, gluon, nd
from mxnet.gluon.loss import SoftmaxCrossEntropyLoss

from utils import (
    check,
    check_problem,
    cross_entropy,
    evaluate_accuracy,
    fashion_mnist_arrays,
    init_params,
    load_validation_split,
    mlp,
    relu,
    sgd,
    softmax,
    softmax_cross_entropy,
    train_ch3,
    train_epoch,
)
from utils.problems import PROBLEMS
from utils.questions import QUESTIONS

ROOT = Path(__file__).resolve().parent.parent
# Problem: the right answers, and (wrong answer, part of its verdict). Each answer is a tuple of functions.
RIGHT = {name: [] for name in PROBLEMS}
WRONG = {name: [] for name in PROBLEMS}


def right(problem, *answer):
    RIGHT[problem].append(pytest.param(problem, answer, id=f"{problem}-{len(RIGHT[problem])}"))


def wrong(problem, verdict, *answer):
    WRONG[problem].append(pytest.param(problem, answer, verdict, id=f"{problem}-{len(WRONG[problem])}"))


def all_of(table):
    return [case for cases in table.values() for case in cases]


# fmt: off
# --- hidden units

def train_width(num_hiddens, train_iter, valid_iter, num_epochs=3, params=None):
    params = params or init_params(num_hiddens=num_hiddens)
    return train_ch3(lambda X: mlp(X, params), train_iter, valid_iter, softmax_cross_entropy, num_epochs, train_iter.batch_size,
                     params, 0.2)


def width_by_epochs(num_hiddens, train_iter, valid_iter):
    params = init_params(784, num_hiddens, 10)
    for _ in range(5):
        train_epoch(lambda X: mlp(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, 0.2, 50))
    return evaluate_accuracy(valid_iter, lambda X: mlp(X, params))


outside = init_params(num_hiddens=32)
right("hidden units", lambda n, train, valid: train_width(n, train, valid)["test_acc"][-1])
right("hidden units", lambda n, train, valid: nd.array([train_width(n, train, valid)["test_acc"][-1]]))
right("hidden units", width_by_epochs)
wrong("hidden units", "gives a list of 3; return one number", lambda n, train, valid: train_width(n, train, valid)["test_acc"])
wrong("hidden units", "gives a dict", train_width)
wrong("hidden units", "share from 0 to 1", lambda n, train, valid: 100 * train_width(n, train, valid)["test_acc"][-1])
wrong("hidden units", "1 hidden unit does as well as 32", lambda n, train, valid: train_width(256, train, valid)["test_acc"][-1])
wrong("hidden units", "1 hidden unit does as well",
      lambda n, train, valid: train_width(n, train, valid, params=outside)["test_acc"][-1])
wrong("hidden units", "never walks through valid_iter", lambda n, train, valid: train_width(n, train, train)["test_acc"][-1])
wrong("hidden units", "never walks through the train_iter", lambda n, train, valid: train_width(n, valid, valid)["test_acc"][-1])
wrong("hidden units", "not the other way round", lambda n, train, valid: train_width(n, valid, train)["test_acc"][-1])
wrong("hidden units", "raised ValueError in line .*: num_epochs must be", lambda n, train, valid: train_width(n, train, valid, 0))
wrong("hidden units", "come near 1, and .* 0",
      lambda n, train, valid: train_width(n, train, valid, 1, init_params(num_hiddens=n, scale=1e-12))["test_acc"][-1])


# --- one more layer

def init_deep(num_hiddens1, num_hiddens2, scale=0.01, attach=True):
    sizes = [784, num_hiddens1, num_hiddens2, 10]
    params = []
    for a, b in zip(sizes, sizes[1:]):
        params += [nd.random.normal(scale=scale, shape=(a, b)), nd.zeros(b)]
    if attach:
        for param in params:
            param.attach_grad()
    return params


def deep_net(X, params, bends=(relu, relu, lambda O: O)):
    H = X.reshape((len(X), -1))
    for W, b, bend in zip(params[::2], params[1::2], bends):
        H = bend(nd.dot(H, W) + b)
    return H


def deep_by_hand(X, params):
    W1, b1, W2, b2, W3, b3 = params
    H1 = nd.FullyConnected(X, W1.T, b1, num_hidden=W1.shape[1]).relu()
    H2 = nd.maximum(0, nd.dot(H1, W2) + b2)
    return nd.dot(H2, W3) + b3


def line(H):
    return H


right("one more layer", init_deep, deep_net)
right("one more layer", lambda a, b: tuple(init_deep(a, b, 0.1)), deep_by_hand)
right("one more layer", lambda a, b: init_params(784, a, b)[:2] + init_params(a, b, 10), deep_net)
wrong("one more layer", "returns 4 arrays", lambda a, b: init_params(784, a, 10), deep_net)
wrong("one more layer", r"W1 should have shape \(784, 20\), and has \(784, 30\)", lambda a, b: init_deep(b, a), deep_net)
wrong("one more layer", r"b1 should have shape \(20,\)",
      lambda a, b: [W.T if W.ndim == 1 else W for W in init_deep(a, b)[::2] * 2], deep_net)
wrong("one more layer", "W1 has no memory for its gradient", lambda a, b: init_deep(a, b, attach=False), deep_net)
wrong("one more layer", "all numbers in W1 are equal", lambda a, b: [W * 0 for W in init_deep(a, b)], deep_net)
wrong("one more layer", "the second hidden layer has no relu", init_deep, lambda X, p: deep_net(X, p, (relu, line, line)))
wrong("one more layer", "the first hidden layer has no relu", init_deep, lambda X, p: deep_net(X, p, (line, relu, line)))
wrong("one more layer", "neither hidden layer", init_deep, lambda X, p: deep_net(X, p, (line, line, line)))
wrong("one more layer", "relu on the scores", init_deep, lambda X, p: deep_net(X, p, (relu, relu, relu)))
wrong("one more layer", "softmax is for the loss", init_deep, lambda X, p: deep_net(X, p, (relu, relu, softmax)))
wrong("one more layer", r"shape \(6, 10\), and returns \(6, 30\)", init_deep, lambda X, p: mlp(X, p[:4]))
wrong("one more layer", "is its b added", init_deep, lambda X, p: deep_net(X, [*p[:5], p[5] * 0]))
wrong("one more layer", "list of NDArrays", lambda a, b: [np.zeros((a, b))] * 6, deep_net)
wrong("one more layer", "NDArray of scores, not ndarray", init_deep, lambda X, p: deep_net(X, p).asnumpy())
wrong("one more layer", "raised MXNetError in line .*dot shape error",
      init_deep, lambda X, p: nd.dot(nd.dot(X.reshape((6, 784)), p[0]), p[4]))
wrong("one more layer", "Not answered yet: <lambda> returns nothing so far", init_deep, lambda X, p: ...)


# --- learning rate

def epoch_loss(lr, train_iter, params=None, divisor=50):
    params = params or init_params()
    return train_epoch(lambda X: mlp(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, lr, divisor))[0]


def uncaught(lr, train_iter):
    params, batches = init_params(), list(train_iter)
    return train_ch3(lambda X: mlp(X, params), batches, batches, softmax_cross_entropy, 1, 50, params, lr)["loss"][0]


def caught(lr, train_iter):
    try:
        return uncaught(lr, train_iter)
    except FloatingPointError:
        return float("inf")


def finite_or_inf(lr, train_iter):
    loss = epoch_loss(lr, train_iter)
    return loss if math.isfinite(loss) else math.inf


def capped(lr, train_iter):
    loss = epoch_loss(lr, train_iter)
    return loss if math.isfinite(loss) else 0.0


right("learning rate", caught)
right("learning rate", finite_or_inf)
right("learning rate", lambda lr, train_iter: np.float32(finite_or_inf(lr, train_iter)))
wrong("learning rate", "passes on the FloatingPointError. Catch it", uncaught)
wrong("learning rate", "gives nan", epoch_loss)
wrong("learning rate", "gives 0. A reader", capped)
wrong("learning rate", "the network a new one on each call", lambda lr, train_iter: epoch_loss(lr, train_iter, outside))
wrong("learning rate", "train_iter.batch_size, and only once", lambda lr, train_iter: epoch_loss(lr, train_iter, divisor=256))
wrong("learning rate", "Does lr reach sgd", lambda lr, train_iter: epoch_loss(0, train_iter))
wrong("learning rate", "with lr 0 nothing can be learned", lambda lr, train_iter: epoch_loss(0.5, train_iter))
wrong("learning rate", "walks through train_iter 2 times",
      lambda lr, train_iter: [epoch_loss(lr, train_iter) for _ in range(2)][0])
wrong("learning rate", "return one number, the mean loss", lambda lr, train_iter: [epoch_loss(lr, train_iter)])
wrong("learning rate", "never walks through", lambda lr, train_iter: 0.5)
wrong("learning rate", "divided by the batch size", lambda lr, train_iter: 50 * finite_or_inf(lr, train_iter))


# --- batch size

def train_steps(num_steps, params, train_iter, lr, report=lambda l: l.mean().asscalar(), divisor=len, walks=1000, slack=0):
    losses = []
    for _ in range(walks):
        for X, y in train_iter:
            if len(losses) == num_steps + slack:
                return losses
            with autograd.record():
                l = softmax_cross_entropy(mlp(X, params), y)
            l.backward()
            sgd(params, lr, divisor(y))
            losses.append(report(l))
    return losses


def steps_by_iterator(num_steps, params, train_iter, lr):
    losses, batches = [], iter(train_iter)
    while len(losses) < num_steps:
        try:
            X, y = next(batches)
        except StopIteration:
            batches = iter(train_iter)
            continue
        with autograd.record():
            l = softmax_cross_entropy(mlp(X, params), y).mean()
        l.backward()
        for param in params:
            param[:] = param - lr * param.grad
        losses.append(l)
    return nd.concat(*losses, dim=0)


def loss_after(num_steps, params, train_iter, lr):
    losses = []
    while len(losses) < num_steps:
        for X, y in train_iter:
            train_steps(1, params, [(X, y)], lr)
            losses.append(softmax_cross_entropy(mlp(X, params), y).mean().asscalar())
            if len(losses) == num_steps:
                break
    return losses


def first_only(num_steps, params, train_iter, lr):
    return [train_steps(1, params, [next(iter(train_iter))], lr)[0] for _ in range(num_steps)]


def whole_walks(num_steps, params, train_iter, lr):
    losses = []
    while len(losses) < num_steps:
        losses += train_steps(3, params, train_iter, lr)
    return losses


def no_record(num_steps, params, train_iter, lr):
    for X, y in train_iter:
        softmax_cross_entropy(mlp(X, params), y).backward()


def never_ends(num_steps, params, train_iter, lr):
    while True:
        train_steps(3, params, train_iter, lr)


right("batch size", train_steps)
right("batch size", steps_by_iterator)
right("batch size", lambda n, params, train, lr: train_steps(n, params, train, lr, report=lambda l: l.mean()))
right("batch size", lambda n, params, train, lr: np.array(train_steps(n, params, train, lr, divisor=lambda y: train.batch_size)))
wrong("batch size", "3 losses and 7 steps .* begin a new walk", lambda *args: train_steps(*args, walks=1))
wrong("batch size", "9 losses and 7 steps .* middle of a walk", whole_walks)
wrong("batch size", "21 losses and 7 steps .* Count minibatches", lambda n, *args: train_steps(3 * n, *args))
wrong("batch size", "there are 8 losses and 7 steps", lambda *args: train_steps(*args, slack=1))
wrong("batch size", "sums over a minibatch", lambda *args: train_steps(*args, report=lambda l: l.sum().asscalar()))
wrong("batch size", "the loss of every image", lambda *args: train_steps(*args, report=lambda l: l))
wrong("batch size", "no step is taken", lambda n, params, train, lr: train_steps(n, params, train, 0))
wrong("batch size", "too long by a factor", lambda *args: train_steps(*args, divisor=lambda y: 1))
wrong("batch size", "too short by a factor",
      lambda *args: train_steps(*args, report=lambda l: l.mean(), divisor=lambda y: len(y) ** 2))
wrong("batch size", "divided by 256", lambda *args: train_steps(*args, divisor=lambda y: 256))
wrong("batch size", "has 10 images, not 50", lambda *args: train_steps(*args, report=lambda l: l.sum().asscalar() / 50))
wrong("batch size", "after each step", loss_after)
wrong("batch size", "the same minibatch", first_only)
wrong("batch size", "plain sgd", lambda n, params, train, lr: train_steps(n, params, train, 2 * lr))
wrong("batch size", "list with a loss for each step, not float", lambda *args: float(np.mean(train_steps(*args))))
wrong("batch size", r"raised MXNetError in line .*autograd\.record", no_record)
wrong("batch size", "still training after 100 walks", never_ends)


# --- activation

def leaky_relu(X, slope):
    return nd.maximum(X, 0) + slope * nd.minimum(X, 0)


def net_with(X, params, activation, last=line):
    W1, b1, W2, b2 = params
    return last(nd.dot(activation(nd.dot(X.reshape((-1, 784)), W1) + b1), W2) + b2)


right("activation", leaky_relu, net_with)
right("activation", lambda X, slope: nd.maximum(X, slope * X),
      lambda X, params, f: nd.dot(f(nd.dot(X.flatten(), params[0]) + params[1]), params[2]) + params[3])
right("activation", lambda X, slope: nd.where(X > 0, X, slope * X), net_with)
right("activation", lambda X, slope: nd.LeakyReLU(X, act_type="leaky", slope=slope), net_with)
right("activation", lambda X, slope: relu(X) - slope * relu(-X), net_with)
wrong("activation", "that is relu", lambda X, slope: relu(X), net_with)
wrong("activation", "comes out positive", lambda X, slope: relu(X) + slope * relu(-X), net_with)
wrong("activation", "the wrong side", lambda X, slope: slope * relu(X) - relu(-X), net_with)
wrong("activation", "multiplies both sides", lambda X, slope: slope * X, net_with)
wrong("activation", "that is the gradient", lambda X, slope: (X > 0) + slope * (X <= 0), net_with)
wrong("activation", "use the argument slope", lambda X, slope: nd.maximum(X, 0.01 * X), net_with)
wrong("activation", "what is negative becomes slope", lambda X, slope: nd.where(X > 0, X, slope * nd.ones_like(X)), net_with)
wrong("activation", "wrong for some number", lambda X, slope: leaky_relu(X, slope) + 1, net_with)
wrong("activation", "the values are right|raised MXNetError",
      lambda X, slope: nd.array(np.maximum(X.asnumpy(), slope * X.asnumpy())), net_with)
wrong("activation", "leaves MXNet", lambda X, slope: np.maximum(X.asnumpy(), slope * X.asnumpy()), net_with)
wrong("activation", "element by element", lambda X, slope: leaky_relu(X, slope).sum(), net_with)
wrong("activation", "raised ValueError", lambda X, slope: X if X > 0 else slope * X, net_with)
wrong("activation", "whatever the activation is", leaky_relu, lambda X, params, f: mlp(X, params))
wrong("activation", "uses no activation", leaky_relu, lambda X, params, f: net_with(X, params, line))
wrong("activation", "on the scores too", leaky_relu, lambda X, params, f: net_with(X, params, f, last=f))
wrong("activation", "instead of the hidden layer", leaky_relu, lambda X, params, f: net_with(X, params, line, last=f))
wrong("activation", "Not answered yet: ", leaky_relu, lambda X, params, f: None)


# --- initialisation

def init_scaled(sd1, sd2, draw=None, late=False, b=0.0):
    """init_he with any rules for the standard deviations: functions of (num_inputs, num_hiddens, num_outputs)."""
    draw = draw or (lambda sd, shape: nd.random.normal(scale=sd, shape=shape))

    def init(num_inputs, num_hiddens, num_outputs):
        sizes = num_inputs, num_hiddens, num_outputs
        W1, W2 = draw(sd1(*sizes), (num_inputs, num_hiddens)), draw(sd2(*sizes), (num_hiddens, num_outputs))
        params = [W1, nd.full(num_hiddens, b), W2, nd.zeros(num_outputs)]
        for param in params:
            param.attach_grad()
        return [param * 1 for param in params] if late else params

    return init


def he(n):
    return math.sqrt(2 / n)


right("initialisation", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h)))
right("initialisation",
      init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h), lambda sd, shape: sd * nd.random.normal(shape=shape)))
right("initialisation", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h),
      lambda sd, shape: nd.random.uniform(-sd * 3**0.5, sd * 3**0.5, shape=shape)))
wrong("initialisation", "That is the variance", init_scaled(lambda i, h, o: 2 / i, lambda i, h, o: 2 / h))
wrong("initialisation", "standard deviation of 0.01", lambda *sizes: init_params(*sizes))
wrong("initialisation", "relu throws half of it away", init_scaled(lambda i, h, o: i**-0.5, lambda i, h, o: h**-0.5))
wrong("initialisation", "goes by its number of outputs, 250", init_scaled(lambda i, h, o: he(h), lambda i, h, o: he(o)))
wrong("initialisation", "as Glorot's rule does",
      init_scaled(lambda i, h, o: (2 / (i + h))**0.5, lambda i, h, o: (2 / (h + o))**0.5))
wrong("initialisation", "scale for 784 inputs", init_scaled(lambda i, h, o: he(784), lambda i, h, o: he(256)))
wrong("initialisation", "W2 has the scale for 600 inputs", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(i)))
wrong("initialisation", "evenly around 0", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h),
      lambda sd, shape: nd.random.uniform(0, sd * 12**0.5, shape=shape)))
wrong("initialisation", "has no memory for its gradient", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h), late=True))
wrong("initialisation", "b1 should start at zero", init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h), b=0.1))
wrong("initialisation", "all numbers in W1 are equal",
      init_scaled(lambda i, h, o: he(i), lambda i, h, o: he(h), lambda sd, shape: nd.full(shape, sd)))
wrong("initialisation", r"W1 should have shape \(600, 250\)", lambda i, h, o: init_params(h, i, o))
wrong("initialisation", r"should be sqrt\(2 / 600\) = 0.0577", init_scaled(lambda i, h, o: 1, lambda i, h, o: 1))
wrong("initialisation", "four NDArrays", lambda i, h, o: init_params(i, h, o)[::2])


# --- counting

def products(sizes):
    return sum(a * b for a, b in zip(sizes[:-1], sizes[1:]))


right("counting", lambda sizes: (products(sizes) + sum(sizes[1:]), products(sizes)))
right("counting", lambda sizes: [sum((a + 1) * b for a, b in zip(sizes, sizes[1:])), products(sizes)])
right("counting", lambda sizes: np.array([products(sizes) + sum(sizes[1:]), products(sizes)]))
wrong("counting", "wrong way round", lambda sizes: (products(sizes), products(sizes) + sum(sizes[1:])))
wrong("counting", "biases are missing: .* 266 in all", lambda sizes: (products(sizes), products(sizes)))
wrong("counting", "A bias is added, not multiplied", lambda sizes: (products(sizes) + sum(sizes[1:]),) * 2)
wrong("counting", "a bias for each input", lambda sizes: (products(sizes) + sum(sizes), products(sizes)))
wrong("counting", "no bias at the output layer", lambda sizes: (products(sizes) + sum(sizes[1:-1]), products(sizes)))
wrong("counting", "answer for 784-256-10", lambda sizes: (203530, 203264))
wrong("counting", "only the first layer", lambda sizes: ((sizes[0] + 1) * sizes[1], sizes[0] * sizes[1]))
wrong("counting", "only the first three sizes|raised", lambda sizes: (products(sizes[:3]) + sum(sizes[1:3]), products(sizes[:3])))
wrong("counting", "not neighbours", lambda sizes: (np.prod(sizes) + sum(sizes[1:]), np.prod(sizes)))
wrong("counting", "one of them is off", lambda sizes: (0, 0))
wrong("counting", "return two numbers", lambda sizes: products(sizes))
wrong("counting", "Not answered yet", lambda sizes: (products(sizes), ...))


# --- three bugs: fit as the chapter prints it, with each of its bugs mended or not

def fit(mean=False, update=False, scores=False, lr_factor=1):
    def fit(params, train_iter, lr, num_epochs):
        losses = []
        for _ in range(num_epochs):
            loss_sum, n = 0, 0
            for X, y in train_iter:
                with autograd.record():
                    y_hat = mlp(X, params) if scores else softmax(mlp(X, params))
                    l = softmax_cross_entropy(y_hat, y)
                l.backward()
                for param in params:
                    if update:
                        param -= lr_factor * lr * param.grad / len(y)
                    else:
                        param = param - lr * param.grad / len(y)
                loss_sum += l.sum().asscalar()
                n += len(y) if mean else 1
            losses.append(loss_sum / n)
        return losses

    return fit


def fit_with(loss, last):
    def fit(params, train_iter, lr, num_epochs):
        return [train_epoch(lambda X: last(mlp(X, params)), train_iter, loss, lambda: sgd(params, lr, train_iter.batch_size))[0]
                for _ in range(num_epochs)]

    return fit


right("three bugs", fit(True, True, True))
right("three bugs", fit_with(cross_entropy, softmax))
right("three bugs", fit_with(SoftmaxCrossEntropyLoss(), line))
wrong("three bugs", "Not answered yet: all three bugs are still there", fit())
wrong("three bugs", "two bugs are left. A symptom: training leaves", fit(mean=True))
wrong("three bugs", "two bugs are left. A symptom: the reported mean loss", fit(update=True))
wrong("three bugs", "two bugs are left. A symptom: training leaves", fit(scores=True))
wrong("three bugs", "one bug is left. A symptom: the loss stays above", fit(mean=True, update=True))
wrong("three bugs", "one bug is left. A symptom: the reported mean", fit(update=True, scores=True))
wrong("three bugs", "one bug is left. A symptom: training leaves", fit(mean=True, scores=True))
wrong("three bugs", "does not fall as it should", fit(True, True, True, lr_factor=-0.01))
wrong("three bugs", "one a loss for each epoch|one a loss|leave one", lambda *args: [])


# --- gradient check

def gradient_error(f, x, gradient, h=1e-5, both=True, half=2, relative=True, restore=True, reduce=np.max, size=abs, tiny=1e-30):
    numeric = np.zeros(x.shape)
    for i in np.ndindex(*x.shape):
        old = x[i]
        x[i] = old + h
        above = f(x)
        x[i] = old - h if both else old
        below = f(x)
        if restore:
            x[i] = old
        numeric[i] = (above - below) / (half * h if both else h)
    difference = size(numeric - gradient)
    return reduce(difference / (np.abs(numeric) + np.abs(gradient) + tiny)) if relative else reduce(difference)


def error_of_norms(f, x, gradient):
    numeric, h = np.empty_like(x), 1e-4
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = h
        step = step.reshape(x.shape)
        numeric.flat[i] = (f(x + step) - f(x - step)) / (2 * h)
    return np.linalg.norm(numeric - gradient) / max(np.linalg.norm(numeric), np.linalg.norm(gradient))


def all_at_once(f, x, gradient):
    numeric = (f(x + 1e-5) - f(x - 1e-5)) / 2e-5
    return np.max(np.abs(numeric - gradient) / (np.abs(numeric) + np.abs(gradient) + 1e-30))


right("gradient check", gradient_error)
right("gradient check", error_of_norms)
right("gradient check", lambda f, x, g: nd.array([gradient_error(f, x, g, h=1e-6)]))
wrong("gradient check", r"Step up \*and\* down", lambda *args: gradient_error(*args, both=False))
wrong("gradient check", "h about 1e-5", lambda *args: gradient_error(*args, h=0.01))
wrong("gradient check", r"2 \* h apart", lambda *args: gradient_error(*args, half=1))
wrong("gradient check", "Move one number at a time", all_at_once)
wrong("gradient check", "a relative one", lambda *args: gradient_error(*args, relative=False))
wrong("gradient check", "leaves x changed", lambda *args: gradient_error(*args, restore=False))
wrong("gradient check", "the absolute differences", lambda *args: gradient_error(*args, size=lambda d: d))
wrong("gradient check", "1 wrong number in 12", lambda *args: gradient_error(*args, reduce=np.median))
wrong("gradient check", "gives nan", lambda *args: gradient_error(*args, tiny=0))
wrong("gradient check", "gives True; return the number", lambda *args: bool(gradient_error(*args) < 1e-5))
wrong("gradient check", r"array of shape \(3, 4\)", lambda *args: gradient_error(*args, reduce=line))
wrong("gradient check", "gives an array|Move one number", lambda f, x, g: g)
wrong("gradient check", "raised NameError", lambda f, x, g: undefined_name)  # noqa: F821


# --- momentum

def momentum_by(change):
    """sgd_momentum that calls change(param, velocity, mean_gradient, sum_gradient, lr, momentum), which works in place."""
    def sgd_momentum(params, velocities, lr, batch_size, momentum):
        for param, velocity in zip(params, velocities):
            change(param, velocity, param.grad / batch_size, param.grad, lr, momentum)

    return sgd_momentum


def in_place(velocity, gradient, step, when=None):
    def change(w, v, g, g_sum, lr, m):
        v[:] = velocity(v, g, g_sum, lr, m)
        w[:] = w - step(v, g, lr, m)

    return momentum_by(change)


def renames_velocity(w, v, g, g_sum, lr, m):
    v = m * v + g
    w -= lr * v


def renames_param(w, v, g, g_sum, lr, m):
    v[:] = m * v + g
    w = w - lr * v


def renames_both(w, v, g, g_sum, lr, m):
    v = m * v + g
    w = w - lr * v


def moves_first(w, v, g, g_sum, lr, m):
    w -= lr * v
    v[:] = m * v + g


def by_index(params, velocities, lr, batch_size, momentum):
    for i in range(len(params)):
        velocities[i] = momentum * velocities[i] + params[i].grad / batch_size
        params[i] -= lr * velocities[i]


def scaled_velocity(w, v, g, g_sum, lr, m):
    v *= m
    v -= lr * g
    w += v


right("momentum", in_place(lambda v, g, s, lr, m: m * v + g, None, lambda v, g, lr, m: lr * v))
right("momentum", by_index)
right("momentum", momentum_by(scaled_velocity))
wrong("momentum", "Not answered yet: no parameter changed", momentum_by(lambda *args: None))
wrong("momentum", "Not answered yet: no parameter changed. .*makes a new array", momentum_by(renames_both))
wrong("momentum", "velocities change but the parameters do not", momentum_by(renames_param))
wrong("momentum", "no velocity is kept", momentum_by(renames_velocity))
wrong("momentum", "no velocity is kept", lambda params, v, lr, batch_size, m: sgd(params, lr, batch_size))
wrong("momentum", "divide it by batch_size", in_place(lambda v, g, s, lr, m: m * v + s, None, lambda v, g, lr, m: lr * v))
wrong("momentum", "uphill", in_place(lambda v, g, s, lr, m: m * v + g, None, lambda v, g, lr, m: -lr * v))
wrong("momentum", "1 - momentum", in_place(lambda v, g, s, lr, m: m * v + (1 - m) * g, None, lambda v, g, lr, m: lr * v))
wrong("momentum", "the step before", momentum_by(moves_first))
wrong("momentum", "lr is applied twice", in_place(lambda v, g, s, lr, m: m * v + lr * g, None, lambda v, g, lr, m: lr * v))
wrong("momentum", "lr is applied nowhere", in_place(lambda v, g, s, lr, m: m * v + g, None, lambda v, g, lr, m: v))
wrong("momentum", "not slowed down", in_place(lambda v, g, s, lr, m: v + g, None, lambda v, g, lr, m: lr * v))
wrong("momentum", "belongs to the old velocity", in_place(lambda v, g, s, lr, m: m * (v + g), None, lambda v, g, lr, m: lr * v))
wrong("momentum", "Nesterov", in_place(lambda v, g, s, lr, m: m * v + g, None, lambda v, g, lr, m: lr * (g + m * v)))
wrong("momentum", "one step on paper", in_place(lambda v, g, s, lr, m: m * v + 3 * g, None, lambda v, g, lr, m: lr * v))
wrong("momentum", "raised AttributeError", momentum_by(lambda w, v, g, s, lr, m: w.gradient))


# --- early stopping

def patient(keep=lambda params: [param.copy() for param in params], better=lambda a, b: a > b, wait=0, first=1, in_a_row=True,
            rename=False, give=lambda best, accuracy, last: best, any_fall=False):
    def train_with_patience(run_epoch, params, patience, max_epochs):
        best, best_accuracy, kept, waited, previous = 0, -1, None, 0, -1
        for epoch in range(first, first + max_epochs):
            share = run_epoch()
            if better(share, best_accuracy):
                best, best_accuracy, kept = epoch, share, keep(params)
                waited = 0 if in_a_row else waited
            elif any_fall and share < previous:
                break
            else:
                waited += 1
            previous = share
            if waited == patience + wait:
                break
        if rename:
            params = kept
        for param, old in zip(params, kept):
            param[:] = old
        return give(best, best_accuracy, epoch)

    return train_with_patience


def patient_by_history(run_epoch, params, patience, max_epochs):
    history, saved = [], []
    while len(history) < max_epochs and (len(history) - 1 - np.argmax(history or [0]) < patience):
        history.append(run_epoch())
        saved.append([param.asnumpy() for param in params])
    best = int(np.argmax(history))
    for i, old in enumerate(saved[best]):
        params[i][:] = nd.array(old)
    return best + 1


def all_epochs(run_epoch, params, patience, max_epochs):
    return int(np.argmax([run_epoch() for _ in range(max_epochs)])) + 1


def endless(run_epoch, params, patience, max_epochs):
    while True:
        run_epoch()


right("early stopping", patient())
right("early stopping", patient_by_history)
right("early stopping", lambda *args: nd.array([patient()(*args)]))
wrong("early stopping", "keeps names, not numbers", patient(keep=lambda params: params))
wrong("early stopping", "`params = best` at the end renames", patient(rename=True))
wrong("early stopping", "10 epochs, too late: epoch 7 equals the best", patient(better=lambda a, b: a >= b))
wrong("early stopping", "9 epochs, one late", patient(wait=1))
wrong("early stopping", "4 epochs, one early", patient(wait=-1))
wrong("early stopping", "3 epochs, at the first that is worse", patient(any_fall=True))
wrong("early stopping", "6 epochs, too early: a new best", patient(in_a_row=False))
wrong("early stopping", "Count epochs from 1", patient(first=0))
wrong("early stopping", "the number of the best epoch, not its accuracy", patient(give=lambda best, accuracy, last: accuracy))
wrong("early stopping", "gives 8. Epoch 8 is the last", patient(give=lambda best, accuracy, last: last))
wrong("early stopping", "training ran for 20 epochs, not 8", all_epochs)
wrong("early stopping", "still running after", endless)
wrong("early stopping", "return one number, the number of the best", patient(give=lambda best, accuracy, last: (best, accuracy)))
wrong("early stopping", "Not answered yet", patient(give=lambda best, accuracy, last: None))


# fmt: on


@pytest.mark.parametrize("problem, answer", all_of(RIGHT))
def test_a_right_answer_is_accepted(problem, answer, capsys):
    check_problem(problem, *answer)
    printed = capsys.readouterr().out
    assert printed.startswith("Right: ") and printed.count("\n") == 1


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("problem, answer, verdict", all_of(WRONG))
def test_a_wrong_answer_is_told_what_is_wrong(problem, answer, verdict, capsys):
    check_problem(problem, *answer)
    printed = capsys.readouterr().out
    assert printed.startswith(("Not yet: ", "Not answered yet: ")) and printed.count("\n") == 1
    assert re.search(verdict, printed), printed
    assert len(printed) < 330


def two_lines(*args):
    raise ValueError("a message\nof two lines")


# Each a kind of its own.
ODD = {
    "dots": lambda *args: ...,
    "the dots": ...,
    "number": 3.5,
    "text": lambda *args: "0.85",
    "ragged list": lambda *args: [1, [2, 3]],
    "dict": lambda *args: {"a": 1},
    "NDArrays": lambda *args: [nd.ones((2, 2))] * 6,
    "too few arguments": lambda: 0,
    "two lines": two_lines,
}


@pytest.mark.parametrize("problem", PROBLEMS)
@pytest.mark.filterwarnings("ignore")
def test_whatever_an_answer_is_the_verdict_is_one_line(problem, capsys):
    for odd, answer in ODD.items():
        check_problem(problem, *[answer] * len(inspect.signature(PROBLEMS[problem]).parameters))
        printed, errors = capsys.readouterr()
        assert (
            printed.startswith(("Not answered yet: ",) if "dots" in odd else ("Not answered yet: ", "Not yet: "))
            and printed.count("\n") == 1
        ), odd
        assert len(printed) < 330 and errors == "", odd


def test_what_an_answer_prints_is_hidden_and_an_error_is_told_with_its_line(capsys):
    def chatty(sizes):
        print("working ...")
        return products(sizes) + sum(sizes[1:]), products(sizes)

    check_problem("counting", chatty)
    assert capsys.readouterr().out.startswith("Right: ")

    def slip(sizes):
        unused = len(sizes)  # noqa: F841
        return sizes["first"]

    check_problem("counting", slip)
    line_number = slip.__code__.co_firstlineno + 2
    assert f"slip raised TypeError in line {line_number}: list indices must be integers" in capsys.readouterr().out


def test_a_slip_in_calling_check_problem_is_explained():
    with pytest.raises(KeyError, match="hidden units, one more layer"):
        check_problem("hidden unit", products)
    with pytest.raises(TypeError, match="asks for 2 functions, not 1"):
        check_problem("activation", leaky_relu)


# --- The best result: scores that are right for a chosen share of the images


def scores_right_for(share):
    (images, labels), _ = fashion_mnist_arrays()
    label_of = {image.tobytes(): label for image, label in zip(images, labels)}

    def scores(X):
        pixels = (X.asnumpy() * 255).round().astype("uint8")
        known = np.array([label_of.get(image.tobytes(), 0) for image in pixels])
        told = np.where(np.arange(len(X)) % 1000 < share * 1000, known, (known + 1) % 10)
        return nd.one_hot(nd.array(told), 10)

    return scores


@pytest.mark.parametrize(
    "share, verdict",
    [
        (0.1, "guessing"),
        (0.5, "A linear model gets about"),
        (0.84, "The course's network gets about"),
        (0.885, "may be luck"),
        (0.895, "^Right: 0.895 of the validation"),
        (0.97, "more than such a network can do"),
        (1, "Was it trained on them"),
    ],
)
def test_the_best_result_is_judged_by_its_validation_accuracy(share, verdict, capsys):
    check_problem("best result", scores_right_for(share))
    printed = capsys.readouterr().out
    assert re.search(verdict, printed), printed


def test_the_validation_split_is_a_split():
    train_iter, valid_iter = load_validation_split(500, num_validation=6000)
    (images, labels), _ = fashion_mnist_arrays()
    assert len(train_iter.labels) == 54000 and len(valid_iter.labels) == 6000
    pixels = np.concatenate([part.images.asnumpy().reshape(-1, 784) for part in (train_iter, valid_iter)])
    both = np.concatenate([part.labels.asnumpy() for part in (train_iter, valid_iter)])

    def rows(pixels, labels):
        return sorted(image.tobytes() + bytes([label]) for image, label in zip(pixels, labels.astype("uint8")))

    assert rows(pixels, both) == rows(images.reshape(-1, 784), labels)
    again = load_validation_split(500, num_validation=6000)[1]
    other = load_validation_split(500, num_validation=6000, seed=1)[1]
    assert (again.labels == valid_iter.labels).min().asscalar() == 1 > (other.labels == valid_iter.labels).mean().asscalar()
    assert train_iter.shuffle and not valid_iter.shuffle
    counts = np.bincount(valid_iter.labels.asnumpy())
    assert counts.min() > 500 and counts.max() < 700


# --- The two chapters


def code_of(name):
    notebook = nbformat.read(ROOT / "chapters" / f"{name}.ipynb", as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def functions_in(source):
    return {node.name: node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)}


def test_the_problems_page_asks_every_problem_and_solves_none():
    sources = [cell.source for cell in code_of("15_problems")]
    asked = [name for source in sources for name in re.findall(r'check_problem\("([^"]+)"', source)]
    assert asked == list(PROBLEMS)
    printed = [output.text for cell in code_of("15_problems") for output in cell.outputs if "text" in output]
    assert sum(text.count("Not answered yet: ") for text in printed) == len(PROBLEMS)
    assert not any("Right" in text or "Not yet" in text for text in printed)
    for name, function in functions_in("\n\n".join(sources)).items():
        if name not in ("load_validation_split", "fit"):
            assert "..." in ast.unparse(function.body[0]) and len(function.body) == 1, name


def solutions():
    return [cell for path in sorted((ROOT / "chapters").glob("16_*.ipynb")) for cell in code_of(path.stem)]


def test_the_solutions_pass_every_check():
    printed = "".join(output.text for cell in solutions() for output in cell.outputs if "text" in output)
    asked = [name for cell in solutions() for name in re.findall(r'check_problem\("([^"]+)"', cell.source)]
    assert asked == list(PROBLEMS) and printed.count("Right: ") == len(PROBLEMS)


def test_the_search_used_the_functions_that_the_solutions_show():
    shown = functions_in("\n\n".join(cell.source for cell in solutions()))
    used = functions_in((ROOT / "tools/experiments/hyperparameters.py").read_text())
    for name in ("init_layers", "layers_net", "sgd_momentum"):
        assert ast.dump(shown[name]) == ast.dump(used[name])


def test_the_search_decided_by_validation_accuracy():
    result = json.loads((ROOT / "chapters/hyperparameters.json").read_text())
    best_of = [max(trial["valid_acc"], default=0) for trial in result["trials"]]
    longest = max(len(trial["valid_acc"]) for trial in result["trials"])
    finalists = [trial for trial in result["trials"] if len(trial["valid_acc"]) == longest]
    winner = max(finalists, key=lambda trial: max(trial["valid_acc"]))
    assert max(winner["valid_acc"]) == max(best_of)
    assert result["best"] == {
        **{name: winner[name] for name in result["best"] if name != "num_epochs"},
        "num_epochs": 1 + int(np.argmax(winner["valid_acc"])),
    }
    assert len(result["trials"]) == 40 and all(len(shares) == 5 for shares in result["test_acc"].values())


# --- The questions of the chapters' check cells: every answer here is computed, none is copied from the questions' own list

W1, b1, W2, b2 = (param.size for param in init_params(784, 64, 10))
full, short = divmod(60000, 256)
dO, W, H = np.array([1, -1]), np.array([[1, 2], [3, 4]]), np.array([3, 0])
X = nd.array([-2, 0, 3])
coloured, grey = nd.zeros((32 * 32 * 3, 100)).size, nd.zeros((28 * 28, 10)).size
guess = nd.array([0.1, 0.2, 0.05, 0.05, 0.3, 0, 0.25, 0, 0.05, 0])
big, one = np.float32(1e8), np.float32(1)
dense = gluon.nn.Dense(64, in_units=256)
a, b = nd.array([2]), nd.array([5])
for factor in (a, b):
    factor.attach_grad()
with autograd.record():
    f = a * b + a
f.backward()
kernels, biases = nd.zeros((16, 5, 5)), nd.zeros(16)


def diagnosis(*words):
    """The number of each diagnosis in the list of chapter 13 that holds these words."""
    listed = re.findall(
        r"^(\d)\. (.*)$",
        (ROOT / "chapters/13_diagnose.md").read_text().partition("What ails each of them?")[2].partition("Three numbers")[0],
        re.M,
    )
    return [int(next(number for number, text in listed if part in text)) for part in words]


# fmt: off
RIGHT_ANSWERS = {
    "minibatches": [60000 // 100, 100], "parameters": W1 + b1 + W2 + b2, "relu": X * (X > 0), "loss": -math.log(0.25),
    "steps": 10 * (full + 1), "prediction": guess.asnumpy().argmax(),
    "shape of H": nd.dot(nd.zeros((96, 784)), nd.zeros((784, 256))).shape, "softmax regression": coloured + 100,
    "dZ": dO @ W.T * (H > 0), "weights in Gluon": dense.weight.shape, "rounding": [big + one - big, big - big + one],
    "sum for mean": 0.5 / 256, "autograd": [a.grad.asscalar(), b.grad.asscalar()], "convolution": kernels.size + biases.size,
    "sick networks": diagnosis("steps are too short", "whole layer are dead", "too small for so many layers"),
}
# question: {words of the hint: the answer that this mistake gives}, in the order of its list
MISTAKES = {
    "minibatches": {"600 is right": [600, 60000 % 100], "in the other order": [100, 600], "nothing is left over": [601, 0],
                    "batch_size 256": [full + 1, short]},
    "parameters": {"those are the weights": W1 + W2, "that is the first layer": W1 + b1, "W1 alone": W1,
                   "256 hidden units": sum(param.size for param in init_params(784, 256, 10))},
    "relu": {"the input itself": X, "the absolute value": X.abs(), "asks for the value": X > 0},
    "loss": {"give one digit more.": 1.39, "and round": 1.38, "has the other sign": math.log(0.25), "in bits": -math.log2(0.25),
             "to base 10": -math.log10(0.25), "missing to 1": 1 - 0.25, "a probability of 0.1": -math.log(0.1)},
    "steps": {"is a step too": 10 * full, "one epoch": full + 1, "is a short one": 10 * 60000 / 256,
              "up to 256": 10 * 60000},
    "prediction": {"its probability": guess.max(), "counted from 0": 5, "second largest": guess.asnumpy().argsort()[-2]},
    "shape of H": {"other order": (256, 96), "full minibatch": (256, 256), "flattened X": (96, 784), "shape of O": (96, 10)},
    "softmax regression": {"those are the weights": coloured, "grey images": 32 * 32 * 100 + 100,
                           "for 10 classes": coloured // 10 + 10, "28 x 28 grey pixels": grey + 10},
    "dZ": {"that is dO W2^T": dO @ W.T, "the mask is right": dO @ W * (H > 0), "that is dO W2. ": dO @ W,
           "multiplies by H": dO @ W.T * H},
    "weights in Gluon": {"a column for each unit": dense.weight.shape[::-1], "the bias": dense.bias.shape,
                         "784 pixels": (64, 784)},
    "sum for mean": {"longer still": 0.5 * 256, "as long as it should be": 0.5,
                     "smaller, yes": 0.05, "too long the steps are": 256},
    "autograd": {"a is used twice": b.asscalar() * np.array([1, 0]) + [0, 2], "the direct one": [1, 2], "other order": [2, 6],
                 "those are the values": [2, 5], "a is right": [6, 3]},
    "convolution": {"those are the weights": kernels.size, "one kernel": 5 * 5 + 1, "at each place": 24 * 24 * 16,
                    "a dense layer": 784 * 16 + 16},
    "rounding": {"right on paper": [1, 1], "the order is not": [1, 0], "the first is right": [0, 0]},
}
# fmt: on


def forms(answer):
    """The ways in which a learner may write an answer."""
    answer = answer.asnumpy() if isinstance(answer, nd.NDArray) and answer.size > 1 else answer
    if np.ndim(answer) or isinstance(answer, nd.NDArray):
        return [answer] if isinstance(answer, nd.NDArray) else [list(answer), tuple(answer), np.array(answer), nd.array(answer)]
    return [answer, float(answer), np.float64(answer), np.array(answer)]


def verdict_on(name, answer, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and len(printed) < 200
    return printed.strip()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_knows_the_right_answer_and_the_usual_mistakes_in_any_form(name, capsys):
    assert name in RIGHT_ANSWERS, f"compute the answer to {name!r}, and those of the mistakes that its hints name, above"
    for form in forms(RIGHT_ANSWERS[name]):
        assert verdict_on(name, form, capsys).startswith("Right: ")
    for words, answer in MISTAKES.get(name, {}).items():
        for form in forms(answer.asscalar() if isinstance(answer, nd.NDArray) and answer.size == 1 else answer):
            assert words in verdict_on(name, form, capsys)


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.filterwarnings("error")
def test_any_other_answer_to_a_question_gets_the_general_hint(name, capsys):
    assert verdict_on(name, ..., capsys).startswith("Not answered yet: ")
    for odd in (None, "no idea", math.nan, -12345.6, 10**400, [], [1, [2, 3]], [...], {1: 2}, print, nd.ones((7, 1))):
        assert verdict_on(name, odd, capsys) == f"Not yet: {QUESTIONS[name][3]}"


@pytest.mark.parametrize("answer, verdict", [(1.3863, "Right"), (1.3876, "Right"), (1.3878, "Not yet"), ([1.3863], "Not yet")])
def test_a_measured_answer_is_right_within_a_thousandth(answer, verdict, capsys):
    assert verdict_on("loss", answer, capsys).startswith(verdict)


def section_that_asks(name):
    """The section of a chapter in which a question is asked."""
    sections = (part for path in sorted(ROOT.glob("chapters/*.md")) for part in re.split(r"^## ", path.read_text(), flags=re.M))
    return next(part for part in sections if f'check("{name}"' in part)


# Numbers that a hint names beside those of the section that asks, of the answer and of the mistakes.
NAMED = {
    "convolution": [kernels[0].size],
    "minibatches": [60000, 256],
    "loss": [10, 4],
    "softmax regression": [28],
    "rounding": [big, np.spacing(big)],
}


@pytest.mark.parametrize("name", QUESTIONS)
def test_every_number_in_praise_and_hints_has_its_source(name):
    """A digit that slips in the list of the questions is seen here."""
    number = r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?:e\d+)?"
    answers = [RIGHT_ANSWERS[name], *MISTAKES.get(name, {}).values(), NAMED.get(name, [])]
    arrays = [answer.asnumpy() if isinstance(answer, nd.NDArray) else answer for answer in answers]
    told = re.findall(number, section_that_asks(name))
    known = [abs(float(n)) for array in arrays for n in np.ravel(array)] + [float(n.replace(",", "")) for n in told]
    for text in (*QUESTIONS[name][1:4:2], *QUESTIONS[name][2].values()):
        for found in re.findall(number, text):
            value = float(found.replace(",", ""))
            assert any(math.isclose(value, n, rel_tol=1e-3, abs_tol=1e-9) for n in known), f"where is {found} from in {text!r}"


def test_every_question_is_asked_in_one_chapter():
    text = "".join(path.read_text() for path in sorted((ROOT / "chapters").glob("*.md")))
    asked = re.findall(r'^check\("([^"]+)"', text, re.MULTILINE)
    assert sorted(asked) == sorted(QUESTIONS)
    with pytest.raises(KeyError):
        check("no such question", 1)
