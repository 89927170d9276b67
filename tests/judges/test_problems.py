"""The verdicts of `check_problem` on answers to each problem, and of `check` on answers to each question of the chapters.

Every problem is tested with several right answers and common wrong ones, as a learner might write them; the verdict on a wrong
answer must explain the mistake.
"""

import ast
import functools
import inspect
import itertools
import math
import re
from pathlib import Path

import numpy as np
import pytest
from mxnet import autograd, gluon, nd

import utils
from press.notebooks.chapters import ROOT, code_cells
from tests.support.prose import read_pair
from tests.support.slots import edited
from utils import (
    check,
    check_problem,
    fashion_mnist_arrays,
    init_params,
    load_validation_split,
    read_results,
    softmax_cross_entropy,
)
from utils.judges import questions
from utils.judges.problems import PROBLEMS, best_result
from utils.judges.questions import QUESTIONS

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# The answers to each problem: a part of the verdict, then replacements in the published solution: old text, new text, and so on.
# fmt: off
TRAINED = (
    "train_ch3(lambda X: mlp(X, params), train_iter, valid_iter, softmax_cross_entropy, 3, train_iter.batch_size, params, 0.2)")
SHARE = "return evaluate_accuracy(valid_iter, lambda X: mlp(X, params))"
INIT = "init_params(num_hiddens=num_hiddens)"
H1, H2, SCORES = "relu(nd.dot(X.reshape((-1, 784)), W1) + b1)", "relu(nd.dot(H1, W2) + b2)", "return nd.dot(H2, W3) + b3"
TRAIN_CH3 = """all = list(train_iter)
        return train_ch3(lambda X: mlp(X, params), all, all, softmax_cross_entropy, 1, 50, params, lr)["loss"][0]
"""
BY_MINIBATCH = """    losses = []
    for X, y in train_iter:
        with autograd.record():
            l = softmax_cross_entropy(mlp(X, params), y)
        l.backward()
        sgd(params, lr, len(y))
        losses.append(l.mean().asscalar())
    loss = float(np.mean(losses))
    return loss if math.isfinite(loss) else float("inf")
"""
COPIED = "losses, params = [], [param.copy() for param in params]\n    for param in params: param.attach_grad()"
LEARN, MEAN, SGD = "params = init_params()\n", "l.mean().asscalar()", "sgd(params, lr, len(y))"
LEAKY, OUT = "nd.maximum(X, slope * X)", "return nd.dot(H, W2) + b2"
Z = "nd.dot(X.reshape((-1, 784)), W1) + b1"
SD = "math.sqrt(2 / num_inputs), math.sqrt(2 / num_hiddens)"
NORMAL1, NORMAL2 = "nd.random.normal(scale=sd1,", "nd.random.normal(scale=sd2,"
COUNTED = "return num_params, num_multiplications"
SOFTMAX, STEPS, RENAMED = ("O = mlp(X, params)", "O = softmax(mlp(X, params))"), ("+= len(y)", "+= 1"), ("-= lr", "= param - lr")
EVERY, ASSUMED = "for i in np.ndindex(*x.shape):", ("np.zeros(x.shape)", "gradient.copy()")
ERROR = "np.max(np.abs(numeric - gradient) / size)"
COPIES = "for param, old in zip(params, best_params):"
VELOCITY, PARAM = "velocity[:] = momentum * velocity + param.grad / batch_size", "param -= lr * velocity"
ANSWERS = {
    "hidden units": [
        ("Right",),
        ("Right", SHARE, SHARE.replace("evaluate", "nd.array([evaluate") + "])"),
        ("Right", "range(3)", "()", SHARE, f"return {TRAINED}['test_acc'][-1]", INIT, INIT.replace(")", ", scale=0.1)")),
        ("not on train_iter", "range(3)", "()", SHARE, f"return {TRAINED}['train_acc'][-1]"),
        ("not an earlier one", "range(3)", "()", SHARE, f"return {TRAINED}['test_acc'][0]"),
        ("not an earlier one", "range(3)", "()", SHARE, f"return max({TRAINED}['test_acc'])"),
        ("iterates over train_iter once. Train for three epochs", "range(3)", "range(1)"),
        ("divided by train_iter.batch_size", "train_iter.batch_size", "256"),
        ("gives a list of 3; return one number", SHARE, SHARE.replace("evaluate", "3 * [evaluate") + "]"),
        ("gives a dict", SHARE, "return {}"),
        ("share from 0 to 1", "return ", "return 100 * "),
        ("is the share that of right answers", "return ", "return 1 - "),
        ("1 hidden unit does as well as 32", INIT, "init_params()"),
        ("never iterates over valid_iter", "(valid_iter", "(train_iter"),
        ("never iterates over the train_iter", "train_iter, softmax", "valid_iter, softmax"),
        ("train_iter once. Train for three", "(valid_iter", "(train_iter", "train_iter, softmax", "valid_iter, softmax"),
        ("raised ValueError in line .*: num_hiddens must be", INIT, "init_params(num_hiddens=0)"),
        ("goes on with the network that an earlier one has trained", INIT, f"KEPT.setdefault(num_hiddens, {INIT})"),
        ("Right", "params =", "X, y = next(iter(train_iter))\n    params ="),
        ("should lead further. Is the rate 0.2", "0.2", "0.1"),
        ("should lead less far. Is the rate 0.2", "0.2", "0.5"),
        ("should lead less far.*from train_iter alone", "    return",
         "    train_epoch(lambda X: mlp(X, params), valid_iter, softmax_cross_entropy,\n"
         "                lambda: sgd(params, 0.2, valid_iter.batch_size))\n    return"),
        ("the first two epochs is lost.*made before the first", "range(3):", f"range(3):\n        params = {INIT}"),
        ("Has the network its relu", "mlp(X, params)", "linear(X, *params)", "    params =",
         "    def linear(X, W1, b1, W2, b2):\n        return nd.dot(nd.dot(X.flatten(), W1) + b1, W2) + b2\n    params ="),
        ("come near 0.75, and .* 0", INIT, INIT.replace(")", ", scale=1e-12)")),
    ],
    "one more layer": [
        ("Right",),
        ("Right", H1, "nd.FullyConnected(X, W1.T, b1, num_hidden=W1.shape[1]).relu()", H2, "nd.maximum(0, nd.dot(H1, W2) + b2)"),
        ("Right", "scale=0.01", "scale=0.1", "return params", "return tuple(params)"),
        ("Right", H1, H1.replace("relu", "nd.tanh"), H2, H2.replace("relu", "nd.tanh")),
        ("Right", "return params",
         "return init_params(784, num_hiddens1, num_hiddens2)[:2] + init_params(num_hiddens1, num_hiddens2, 10)"),
        (r"W1 should have shape \(784, 20\), and has \(784, 30\)", "shape=(784, num_hiddens1)", "shape=(784, num_hiddens2)"),
        ("does not write a new gradient of W1 in each step", "attach_grad()", "attach_grad('add')"),
        ("before any training is .* Draw smaller weights", "scale=0.01", "scale=1"),
        ("the gradient of W1 is almost zero", "scale=0.01", "scale=1e-8"),
        ("is its b added", H1, H1.replace(" + b1", "")),
        ("raised MXNetError in line .*dot shape error", SCORES, "return nd.dot(H1, W3)"),
    ],
    "learning rate": [
        ("Right",),
        ("Right", LEARN, f"{LEARN}    try:\n        {TRAIN_CH3}    except FloatingPointError:\n        return float('inf')\n"),
        ("passes on the FloatingPointError. Catch it", LEARN, f"{LEARN}    if True:\n        {TRAIN_CH3}"),
        ("shares of the images, as an accuracy is", "loss, _ =", "_, loss ="),
        ("gives nan", ' if math.isfinite(loss) else float("inf")', ""),
        ("gives 1e\\+09. A reader", 'float("inf")', "1e9"),
        ("not of str", 'float("inf")', "'inf'"),
        ("large, and still a number", "math.isfinite(loss)", "loss < 2.4"),
        ("the single image counts as much as 50", LEARN, LEARN + BY_MINIBATCH),
        ("the mean loss should be about 1.91, and is 1.5", "(params, lr,", "(params, 2 * lr,"),
        ("the mean loss should be about 1.91, and is 2.0", "(params, lr,", "(params, lr / 2,"),
        ("Right", "return loss", "return round(loss, 2)"),
        ("no divergence, and", "math.isfinite(loss)", "loss < 2.3"),
        ("the network a new one on each call", "init_params()", "OUTSIDE"),
        ("train_iter.batch_size, and only once", "train_iter.batch_size", "256"),
        ("Does lr reach sgd", "(params, lr,", "(params, 0,"),
        ("with lr 0 nothing can be learned", "(params, lr,", "(params, 0.5,"),
        ("Right", "return loss", "if lr < 1: evaluate_accuracy(train_iter, lambda X: mlp(X, params))\n    return loss"),
        ("loss before the only step counts", "loss, _ = ", "for _ in range(2): loss, _ = "),
        ("not the loss at its end", "softmax_cross_entropy,",
         "lambda O, y: [losses.append(softmax_cross_entropy(O, y)), losses[-1]][1],",
         "params = init", "losses = []\n    params = init",
         "return loss if", "loss = losses[-1].mean().asscalar()\n    return loss if"),
        ("return one number, the mean loss", "return loss", "return [loss]"),
        ("never iterates over", LEARN, "return 0.5\n"),
        ("Is it the mean over the images", "return", "return 50 *"),
        ("first weights as small as those of init_params", "init_params()", "init_params(scale=1)"),
        ("Is the step divided by the batch size", "train_iter.batch_size", "1"),
        ("training diverges, and loss_with returns nothing",
         ' if math.isfinite(loss) else float("inf")', " if math.isfinite(loss) else None"),
    ],
    "batch size": [
        ("Right", SGD, "for param in params:\n                param[:] = param - lr * param.grad / len(y)", MEAN, "l.mean()",
         "return losses", "return nd.concat(*losses, dim=0)"),
        ("Right", SGD, "sgd(params, lr, train_iter.batch_size)", "return losses", "return np.array(losses)"),
        ("params end where they should.*the list of losses", MEAN, "(l.mean().asscalar() + sum(losses)) / (len(losses) + 1)"),
        ("one step too many.*the number of losses should be 7, and is 8", "== num_steps", "== num_steps + 1"),
        ("the last minibatch has 10 images, not 50", MEAN, "(l.sum() / size).asscalar()",
         "losses = []", "losses, size = [], train_iter.batch_size",
         SGD, "sgd(params, lr, size)"),
        ("the loss of every image", MEAN, "l"),
        ("plain sgd", SGD, "sgd(params, 2 * lr, len(y))"),
        ("list with a loss for each step, not float", "return losses", "return float(np.mean(losses))"),
        ("starts from what was not recorded", "with autograd.record()", "if True"),
        ("a step of sgd stands outside `with autograd.record", SGD, "pass", "l.backward()",
         "    l.backward()\n                sgd(params, lr, len(y))"),
        ("leaves autograd.record\\(\\) open", "losses = []", "losses = []\n    autograd.record().__enter__()", SGD,
         f"with autograd.pause():\n                {SGD}"),
        ("over the data 200 times", "== num_steps", ">= num_steps", "return losses", "continue"),
    ],
    "activation": [
        ("Right",),
        ("Right", LEAKY, "nd.where(X > 0, X, slope * X)", "X.reshape((-1, 784))", "X.flatten()"),
        ("Right", LEAKY, "nd.LeakyReLU(X, act_type='leaky', slope=slope)"),
        ("Right", LEAKY, "relu(X) - slope * relu(-X)"),
        # other orders of summation
        ("Right", Z, "nd.FullyConnected(X, W1.T, b1, num_hidden=W1.shape[1])"),
        ("Right", Z, "(nd.dot(W1.T, X.flatten().T) + b1.reshape((-1, 1))).T", OUT,
         "return (nd.dot(W2.T, H.T) + b2.reshape((-1, 1))).T"),
        ("Right", Z, "nd.concat(*[nd.dot(x.reshape((1, -1)), W1) + b1 for x in X], dim=0)"),
        ("Right", Z, "nd.dot(X.flatten()[:, :392], W1[:392]) + nd.dot(X.flatten()[:, 392:], W1[392:]) + b1"),
        ("Right", Z, "(X.reshape((-1, 784, 1)) * W1.expand_dims(0)).sum(axis=1) + b1", OUT,
         "return (H.expand_dims(2) * W2.expand_dims(0)).sum(axis=1) + b2"),
        ("slope 0.01 whatever the activation is", "activation(nd", "leaky_relu(nd", "W1) + b1)", "W1) + b1, 0.01)"),
        ("the activation is on the pixels", "activation(nd.dot(X.reshape((-1, 784)), W1) + b1)",
         "nd.dot(activation(X.flatten()), W1) + b1"),
        ("pauses autograd", f"return {LEAKY}", f"with autograd.pause():\n        return {LEAKY}"),
        ("some number comes out wrong", LEAKY, f"{LEAKY} + 1"),
        ("some number comes out wrong", LEAKY, "X if X.sum() > 0 else slope * X"),
        ("can't follow net_with", OUT, "return (nd.dot(H, W2) + b2).detach()"),
        (r"their gradient is not.*params\[0\]", OUT, "return nd.dot(H.detach(), W2) + b2"),
    ],
    "initialisation": [
        ("Right",),
        ("Right", NORMAL1, "sd1 * nd.random.normal("),
        ("Right", NORMAL1, "nd.random.uniform(-sd1 * 3**0.5, sd1 * 3**0.5,",
         NORMAL2, "nd.random.uniform(-sd2 * 3**0.5, sd2 * 3**0.5,"),
        ("evenly around 0, and none is negative", NORMAL1, "nd.random.uniform(0, sd1 * 12**0.5,"),
        ("evenly around 0, and none is negative", "params =", "W2 = nd.abs(W2)\n    params ="),
        ("evenly around 0, and their mean is 0.07.*The first argument",
         NORMAL1, "nd.random.normal(sd1,", NORMAL2, "nd.random.normal(sd2,"),
        ("rows of W1 are equal", "params =", "W1[:] = W1[0]\n    params ="),
        ("biases should start at zero", "nd.zeros(num_hiddens)", "nd.full(num_hiddens, 0.1)"),
        ("columns of W2 are equal to each other", "params =", "W2 *= 0; W2[0, 0] = sd2 * W2.size**0.5\n    params ="),
        ("W1 holds float64, where the network computes with float32", "params =",
         "W1, W2 = W1.astype('float64'), W2.astype('float64')\n    params ="),
        ("does not write a new gradient of W1 in each step", "attach_grad()", "attach_grad('add')"),
        (r"W1 should have shape \(400, 200\)", "he(num_inputs, num_hiddens", "he(num_hiddens, num_inputs"),
        ("wrong spread.*W1 should be 0.071", SD, "1, 1"),
    ],
    "counting": [
        ("Right",),
        ("Right", COUNTED, "return [num_params, num_multiplications]"),
        ("Right", COUNTED, "return np.array([num_params, num_multiplications])"),
        ("the number of parameters should be 203530, and is 0", COUNTED, "return 0, num_multiplications"),
        ("count changes sizes", "pairs = list(zip(sizes, sizes[1:]))", "pairs = [(sizes.pop(0), sizes[0]) for _ in sizes[1:]]"),
        (r"whole numbers, and count gives \(203530.0, 203264\)", COUNTED, "return float(num_params), num_multiplications"),
        ("Right", COUNTED, "return nd.array([num_params, num_multiplications])"),
        ("Right", COUNTED, "return nd.array([num_params]), nd.array([num_multiplications])"),
        ("made of numbers below 1e308", COUNTED, "return 10**400, 1"),
        ("made of numbers, not of list", COUNTED, "endless = []; endless.append(endless); return endless"),
        ("raised SystemExit in line", COUNTED, "exit()"),
        ("not of str", COUNTED, "return str(num_params), str(num_multiplications)"),
        ("return two numbers", COUNTED, "return num_params"),
    ],
    "three bugs": [
        ("Right", *SOFTMAX, "= softmax_cross_entropy", "= cross_entropy"),
        ("Right", "softmax_cross_entropy", "SoftmaxCrossEntropyLoss()"),
        ("Not answered yet: all three bugs are still there", *SOFTMAX, *RENAMED, *STEPS),
        ("two bugs are left. A symptom: training leaves", *SOFTMAX, *RENAMED),
        ("two bugs are left. A symptom: the reported mean loss", *SOFTMAX, *STEPS),
        ("two bugs are left. A symptom: training leaves", *RENAMED, *STEPS),
        ("one bug is left. A symptom: the loss stays above", *SOFTMAX),
        ("one bug is left. A symptom: the reported mean", *STEPS),
        ("one bug is left. A symptom: training leaves", *RENAMED),
        ("Right", "+= l.sum().asscalar()", "+= l.sum()"),
        ("one bug is left. A symptom: training leaves", "losses = []", COPIED),
        ("plain sgd gets", "param -= lr", "param += 0.01 * lr"),
        ("over len\\(y\\)", "/ len(y)", "/ 100"),
        ("Does every parameter move", "in params:", "in params[2:]:"),
        ("its own images alone", *STEPS[:1], "+= train_iter.batch_size"),
        ("the 10 images of the last minibatch count as much", "+= l.sum()", "+= l.mean()", "+= len(y)", "+= 1"),
        ("with lr 0 nothing is learned, .* is 2.59", "param -= lr", "param -= 0.5"),
        ("a list of length 1: .*one for each epoch", "return losses", "return losses[:1]"),
        ("returned one number: its losses should be a list", "return losses", "return losses[-1]"),
        ("50 times too small.*divided by their number twice", "+= l.sum()", "+= l.mean()"),
        ("too short by a factor.*mean\\(\\) before backward", "l = softmax_cross_entropy(O, y)",
         "l = softmax_cross_entropy(O, y)\n                m = l.mean()",
         "l.backward()", "m.backward()"),
        ("too long by a factor", " / len(y)", ""),
    ],
    "gradient check": [
        ("Right",),
        ("Right", ERROR, "max(np.abs(numeric - gradient).ravel() / size.ravel())", "x[i] = old\n", "x[i] += h\n"),
        ("with \\|a \\+ b\\| they cancel", ERROR, "np.max(np.abs(numeric - gradient) / (np.abs(numeric + gradient) + 1e-30))"),
        ("gives nan", " + 1e-30", "", ERROR, "max((np.abs(numeric - gradient) / size).ravel())"),
        ("an array that is not float64", "old = x[i]", "x = x.astype('float32'); old = x[i]"),
        ("its own two sizes", ERROR, "np.linalg.norm(numeric - gradient) / np.linalg.norm(np.abs(numeric) + np.abs(gradient))"),
        ("then return the largest", "np.max", "np.mean"),
        ("then return the largest", "np.max", "np.sum"),
        ("Right", "h=1e-5", "h=1e-6", ERROR, f"nd.array([{ERROR}])"),
        (r"Step up \*and\* down", "x[i] = old - h", "x[i] = old", "(2 * h)", "h", "h=1e-5", "h=1e-8"),
        ("h about 1e-5", "h=1e-5", "h=0.01"),
        (r"Divide f\(x \+ h\) - f\(x - h\) by 2 \* h", "(2 * h)", "h"),
        ("for every number of x", EVERY, "for i in [*np.ndindex(3, 4)][1:]:"),
        (r"wrong at x\[0, 0\] alone passes, as at 1 of the 12", EVERY, "for i in [*np.ndindex(3, 4)][1:]:", *ASSUMED),
        (r"wrong at x\[2, 3\] alone passes, as at 1 of the 12", EVERY, "for i in [*np.ndindex(3, 4)][:-1]:", *ASSUMED),
        ("as at 11 of the 12 numbers. .* does the return stand after it", "    size = ", "        break\n    size = ", *ASSUMED),
        ("compared where gradient is 0 too", EVERY, f"{EVERY}\n        if gradient[i] == 0: continue"),
        ("moves several numbers at once. x has rows", EVERY, "for i in range(len(x)):", "old = x[i]", "old = x[i].copy()"),
        ("moves several numbers at once", "np.ndindex(*x.shape)", "[...]", "old = x[i]", "old = x.copy()"),
        ("a relative one", " / size", ""),
        ("should get an error of 0.005, and gets 0.001. Is something added", " + 1e-30", " + 1e-4"),
        ("should get an error of 0.005, and gets 2e-05", " + 1e-30", " + 0.01"),
        ("moves several numbers at once", "x[i] = old\n", "pass\n"),
        ("moves several numbers at once", "x[i] = old\n", "pass\n", "numeric =", "x = x.copy(); numeric ="),
        ("leaves x changed", "return", "x += h\n    return"),
        ("changes gradient", "return", "gradient -= numeric\n    return"),
        ("never asks for f", "f(x)", "0"),
        ("each absolute difference", "np.abs(numeric - gradient)", "(numeric - gradient)"),
        ("2 of 12 numbers are wrong", "np.max", "np.median"),
        ("gives nan", " + 1e-30", ""),
        ("gives True; return the number", ERROR, f"bool({ERROR} < 1e-5)"),
        (r"array of shape \(3, 4\)", "np.max", ""),
        ("raised NameError", "return np.max", "return mp.max"),
    ],
    "momentum": [
        ("Right", VELOCITY, "velocity *= momentum\n        velocity += param.grad / batch_size",
         PARAM, "param += -lr * velocity"),
        ("opposite sign.*velocities.0. should be", VELOCITY,
         "velocity *= momentum\n        velocity -= param.grad / batch_size", PARAM, "param += lr * velocity"),
        ("velocity holds sums.*batch_size = 3, 3, 2, 3", " / batch_size", "", "lr * velocity", "lr * (velocity / batch_size)"),
        ("Right", "param, velocity in zip(params, velocities)", "i, param in enumerate(params)",
         "velocity[:] = momentum * velocity",
         "velocities[i] = momentum * velocities[i]", PARAM, "params[i] -= lr * velocities[i]"),
        ("Not answered yet: no parameter changed", VELOCITY, "pass", PARAM, "pass"),
        ("Not answered yet: no parameter changed. .*makes a new array", "velocity[:]", "velocity", *RENAMED),
        ("Not answered yet: no parameter changed. .*`map` or a generator", VELOCITY, "pass", PARAM,
         "map(lambda g: param.__isub__(g), [lr * velocity])"),
        ("kept outside of velocities.*\nThat was for four steps", "velocity[:] = momentum * velocity",
         "velocity = KEPT[param.shape] = momentum * KEPT.get(param.shape, 0 * param)"),
        ("one step on paper", PARAM, f"velocity[:] = nd.clip(velocity, -1, 1)\n        {PARAM}"),
        ("one step on paper", "in zip(params, velocities)",
         "in [(p, v) for p in params for v in velocities if p.shape == v.shape]"),
        ("one step on paper", "lr * velocity", "0.1 * velocity"),
        ("one step on paper", "param.grad", "2 * param.grad"),
    ],
    "early stopping": [
        ("Right", "param.copy()", "param.asnumpy()", "= old", "= nd.array(old)", "return best", "return nd.array([best])"),
        ("`params\\[:\\] = ...` put new ones into the list",
         "for param, old in zip(params, best_params):", "params[:] = best_params",
         "        param[:] = old", ""),
        ("Right", "-1, None", "-math.inf, None", "[param.copy() for param in params]",
         "[W1.copy(), b1.copy(), W2.copy(), b2.copy()]", "best, best_accuracy, best",
         "W1, b1, W2, b2 = params\n    best, best_accuracy, best"),
        ("params holds other arrays", COPIES, "for i, old in enumerate(best_params):",
         "        param[:] = old", "        params[i] = old"),
        ("Not yet: each accuracy is compared with that of the epoch before", "accuracy > best_accuracy", "accuracy > last",
         "= 0, -1, None", "= 0, -1, None\n    last = -1",
         "        if epoch - best", "        last = accuracy\n        if epoch - best"),
        ("2 of the 4 arrays in params end as the last epoch left them, params\\[1\\]", COPIES,
         "for param, old in [*zip(params, best_params)][::2]:"),
        ("2 of the 4 arrays in params end as the last epoch left them, params\\[2\\]", COPIES,
         "for param, old in [*zip(params, best_params)][:2]:"),
        ("^Not yet: training goes on beyond max_epochs", "for epoch in range(1, max_epochs + 1):",
         "epoch = 0\n    while epoch - best < patience:\n        epoch += 1"),
        ("^Not yet: training stops only once both are reached", "for epoch in range(1, max_epochs + 1):",
         "epoch = 0\n    while epoch - best < patience or epoch < max_epochs:\n        epoch += 1",
         "            break", "            pass"),
        ("0.7 0.8 0.8001, patience = 2", "accuracy > best", "accuracy > 0.001 + best"),
        ("every epoch is copied", "            best_params", "        best_params"),
        ("has run 30 epochs, where max_epochs is 20, and is not done",
         "accuracy = run_epoch()", "while True:\n            run_epoch()"),
        ("return one number, the number of the best", "return best", "return best, best_accuracy"),
    ],
}
# fmt: on
# The names that answers may use. OUTSIDE holds the parameters of a network that was created before.
SPACE = {name: getattr(utils, name) for name in utils.__all__} | {"OUTSIDE": init_params(num_hiddens=32), "math": math, "np": np}
SPACE |= {"KEPT": {}, "nd": nd, "autograd": autograd, "SoftmaxCrossEntropyLoss": gluon.loss.SoftmaxCrossEntropyLoss}


def code_of(name):
    return code_cells(read_pair(ROOT / f"chapters/{name}.md"))


@functools.cache
def solutions():
    return [cell for name in ("24_solutions_change", "25_solutions_look", "26_solutions_train") for cell in code_of(name)]


def answer(problem, *edits):
    """The functions of the published solution of a problem, with `edits` applied: old text, new text, old, new, ..."""
    source = next(cell.source for cell in solutions() if f'check_problem("{problem}"' in cell.source)
    source, _, names = source.partition(f'check_problem("{problem}", ')
    space = dict(SPACE)
    exec(edited(source, *edits), space)
    return [space[name] for name in names.strip(" )\n").split(", ")]


CASES = [
    pytest.param(problem, verdict, edits, id=f"{problem}-{i}")
    for problem, answers in ANSWERS.items()
    for i, (verdict, *edits) in enumerate(answers)
]


@pytest.mark.mxnet_weekly
@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("problem, verdict, edits", CASES)
def test_a_right_answer_is_accepted_and_the_mistake_in_a_wrong_one_explained(problem, verdict, edits, capsys):
    check_problem(problem, *answer(problem, *edits))
    printed = capsys.readouterr().out
    assert printed.startswith("Right: " if verdict == "Right" else ("Not yet: ", "Not answered yet: ")), printed
    assert re.search(verdict, printed, re.S) and printed.count("\n") <= 2, "a sentence, and at most a case"


def two_lines(*args):
    raise ValueError("a message\nof two lines")


# Answers of the wrong kind.
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
def test_the_verdict_on_any_answer_is_a_sentence_and_a_case(problem, capsys):
    for odd, answer in ODD.items():
        check_problem(problem, *[answer] * len(inspect.signature(PROBLEMS[problem]).parameters))
        printed, errors = capsys.readouterr()
        assert printed.startswith("Not answered yet: " if "dots" in odd else ("Not answered yet: ", "Not yet: ")), odd
        assert printed.count("\n") <= 2 and errors == "", odd


class Odd(Exception):
    def __call__(self, *args):
        raise self

    def __str__(self):
        raise ValueError("no text")

    def __getattr__(self, name):
        raise KeyError(name)


def test_an_answer_whose_attributes_and_error_messages_raise_gets_a_verdict(capsys):
    check_problem("counting", Odd())
    assert capsys.readouterr().out == "Not yet: your function raised Odd: (no message).\nThat was for sizes = [784, 256, 10].\n"


def test_an_answer_that_leaves_record_open_is_told_so_and_leaves_nothing_recording(capsys):
    check_problem("counting", *answer("counting", "return", "autograd.record().__enter__()\n    return"))
    assert capsys.readouterr().out.startswith("Not yet: count leaves autograd.record() open, so all that follows is recorded")
    assert not autograd.is_recording() and not autograd.is_training()


@pytest.mark.parametrize("problem", ["batch size", "three bugs", "momentum", "early stopping"])
def test_a_judge_that_is_asked_inside_a_block_records_nothing_of_it(problem, capsys):
    """And accepts the published solution, as it does of the other problems in the table above."""
    with autograd.record():
        check_problem(problem, *answer(problem))
    autograd.record().__enter__()  # as an interrupt leaves it
    check_problem(problem, *answer(problem))
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("Right: ") and second.startswith("Right: ") and not autograd.is_recording()


@pytest.mark.parametrize("problem", [problem for problem in PROBLEMS if problem not in ("counting", "best result")])
def test_what_only_a_later_call_returns_gets_a_verdict_too(problem, capsys):
    for i, function in enumerate(answer(problem)):
        for odd in (None, [10**400]):
            functions = answer(problem)
            functions[i] = odd_from_the_second_call(function, odd)
            check_problem(problem, *functions)
            printed = capsys.readouterr().out
            assert printed.startswith(("Not yet: ", "Not answered yet: ")) or problem == "momentum", printed


def odd_from_the_second_call(function, odd):
    calls = itertools.count()

    @functools.wraps(function)
    def changing(*args, **options):
        return odd if next(calls) else function(*args, **options)

    return changing


def test_output_of_an_answer_is_hidden_and_an_error_reported_with_its_line(capsys):
    check_problem("counting", *answer("counting", "return", "print('working ...')\n    return"))
    assert capsys.readouterr().out.startswith("Right: ")

    def slip(sizes):
        unused = len(sizes)  # noqa: F841
        return sizes["first"]

    check_problem("counting", slip)
    line_number = slip.__code__.co_firstlineno + 2
    assert f"slip raised TypeError in line {line_number}: list indices must be integers" in capsys.readouterr().out


# --- The best result, with scores that are right for a chosen share of the images


@functools.cache
def label_of():
    (images, labels), _ = fashion_mnist_arrays()
    return {image.tobytes(): label for image, label in zip(images, labels)}


def scores_right_for(share):
    def scores(X):
        pixels = (X.asnumpy() * 255).round().astype("uint8")
        known = np.array([label_of().get(image.tobytes(), 0) for image in pixels])
        classes = np.where(np.arange(len(X)) % 1000 < share * 1000, known, (known + 1) % 10)
        return nd.one_hot(nd.array(classes), 10)

    return scores


SHARES = {0.1: "guessing", 0.5: "A linear model gets about", 0.84: "The course's network gets about", 0.885: "may be luck",
          0.895: "^Right: 0.895 of the", 0.97: "more than such a network can do", 1: "Was it trained on them"}  # fmt: skip


@pytest.fixture(scope="module")
def same_split():
    """The split is drawn once: judge for judge it is the same."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(best_result, "load_validation_split", functools.cache(load_validation_split))
        yield


@pytest.mark.usefixtures("same_split")
@pytest.mark.parametrize("share, verdict", SHARES.items())
def test_the_best_result_is_judged_by_its_validation_accuracy(share, verdict, capsys):
    check_problem("best result", scores_right_for(share))
    printed = capsys.readouterr().out
    assert re.search(verdict, printed), printed


@pytest.mark.usefixtures("same_split")
@pytest.mark.parametrize("scores", [lambda X: np.zeros((len(X), 10)), lambda X: nd.full((len(X), 10), math.nan)])
def test_scores_of_the_wrong_type_or_nan_are_rejected(scores, capsys):
    check_problem("best result", scores)
    assert re.search(r"^Not yet: evaluate_accuracy can't use .* net\(X\) (must be an NDArray|holds NaN)", capsys.readouterr().out)


def test_the_validation_split_uses_each_training_image_once(monkeypatch):
    (images, labels), test = fashion_mnist_arrays()
    images, labels = images[:6000], labels[:6000]
    monkeypatch.setattr(utils.data, "fashion_mnist_arrays", lambda: ((images, labels), test))
    train_iter, valid_iter = load_validation_split(500, num_validation=600)
    assert len(train_iter.labels) == 5400 and len(valid_iter.labels) == 600
    pixels = np.concatenate([part.images.asnumpy().reshape(-1, 784) for part in (train_iter, valid_iter)])
    both = np.concatenate([part.labels.asnumpy() for part in (train_iter, valid_iter)])

    def rows(pixels, labels):
        return sorted(image.tobytes() + bytes([label]) for image, label in zip(pixels, labels.astype("uint8")))

    assert rows(pixels, both) == rows(images.reshape(-1, 784), labels)
    np.random.seed(3)
    again = load_validation_split(500, num_validation=600)[1]
    other = load_validation_split(500, num_validation=600, seed=1)[1]
    assert np.random.random() == np.random.RandomState(3).random_sample(), "it drew from the global generator"
    assert (again.labels == valid_iter.labels).min().asscalar() == 1 > (other.labels == valid_iter.labels).mean().asscalar()
    assert train_iter.shuffle and not valid_iter.shuffle
    counts = np.bincount(valid_iter.labels.asnumpy())
    assert counts.min() > 30 and counts.max() < 90


# --- The two chapters


def test_the_problems_chapter_asks_every_problem_and_solves_none():
    sources = [cell.source for cell in code_of("23_problems")]
    asked = [name for source in sources for name in re.findall(r'check_problem\("([^"]+)"', source)]
    assert asked == list(PROBLEMS)
    printed = [output.text for cell in code_of("23_problems") for output in cell.outputs if "text" in output]
    assert sum(text.count("Not answered yet: ") for text in printed) == len(PROBLEMS)
    assert not any("Right" in text or "Not yet" in text for text in printed)


def test_the_solutions_pass_every_check():
    printed = "".join(output.text for cell in solutions() for output in cell.outputs if "text" in output)
    asked = [name for cell in solutions() for name in re.findall(r'check_problem\("([^"]+)"', cell.source)]
    assert asked == list(PROBLEMS) and printed.count("\N{CHECK MARK} Right:") == len(PROBLEMS)


def test_the_search_chose_by_validation_accuracy():
    result = read_results("hyperparameters")
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


# --- The questions in the chapters' check cells. Every answer here is computed, not copied from utils/judges/questions.py

W1, b1, W2, b2 = (param.size for param in init_params(784, 64, 10))
full = 60000 // 256
big, five = np.float32(1e8), np.float32(5)
dense = gluon.nn.Dense(64, in_units=256)
first, second = (nd.zeros(shape).size for shape in ((3072, 512), (512, 100)))
dC = np.ones((3, 4))
kernels, biases = nd.zeros((16, 5, 5)), nd.zeros(16)
valid_loss = np.array([0.61, 0.53, 0.57, 0.49, 0.55, 0.62])
gains = np.array([0.004, 0.012, 0.020])
units_at_2_3_4 = np.maximum(np.array([[2], [3], [4]]) - [1, 2, 3], 0)
ten_losses = -np.log([0.99] * 9 + [0.01])


def moved_by_a_step(factor):
    """How far a step of softmax regression moves its scores if pixels are `factor` times as large, and weights less."""
    X, W, y = factor * nd.array([[1, 2], [3, 5]]), nd.array([[1, -1], [2, 0]]) / factor, nd.array([0, 1])
    W.attach_grad()
    with autograd.record():
        l = softmax_cross_entropy(nd.dot(X, W), y).mean()
    l.backward()
    return nd.dot(X, W.grad).norm().asscalar()


def kept_with(patience):
    """The epoch whose parameters early stopping keeps, counted from 1."""
    best = 0
    for epoch in range(len(valid_loss)):
        if valid_loss[epoch] < valid_loss[best]:
            best = epoch
        if epoch - best == patience:
            break
    return best + 1


def diagnosis(*words):
    """For each of `words`, the number of the diagnosis in chapter 19 that contains it."""
    listed = re.findall(
        r"^(\d)\. (.*)$",
        (ROOT / "chapters/19_diagnose.md")
        .read_text(encoding="utf-8")
        .partition("What ails each of them?")[2]
        .partition("Three numbers")[0],
        re.M,
    )
    return [int(next(number for number, text in listed if part in text)) for part in words]


# fmt: off
RIGHT_ANSWERS = {
    "minibatches": [60000 // 100, 100], "parameters": W1 + b1 + W2 + b2, "loss": ten_losses.mean(),
    "three units": np.linalg.solve(units_at_2_3_4, [1, 0, 0]).round(9), "patience": [kept_with(1), kept_with(2)],
    "fall": 0.01 * 0.36, "confidence": round(1000 * (1 - 0.97)),
    "doubled pixels": moved_by_a_step(2) / moved_by_a_step(1), "weights in Gluon": dense.weight.shape,
    "rounding": [big + five - big, big - big + five],
    "sum for mean": 0.1 / 64, "undivided": 0.05 * 6, "convolution": kernels.size + biases.size,
    "multiplications": 128 * (first + second),
    "spreads": gains.mean() / gains.std(ddof=1),
    "sick networks": diagnosis("learning rate is too small", "whole layer are dead", "too small for so many layers"),
}
# fmt: on


def forms(answer):
    """The forms in which a learner may write an answer."""
    answer = answer.asnumpy() if isinstance(answer, nd.NDArray) and answer.size > 1 else answer
    if np.ndim(answer) or isinstance(answer, nd.NDArray):
        return [answer] if isinstance(answer, nd.NDArray) else [list(answer), tuple(answer), np.array(answer), nd.array(answer)]
    return [answer, float(answer), np.float64(answer), np.array(answer), nd.array([answer]), [[answer]], nd.array([[answer]])]


def verdict_on(name, answer, capsys):
    check(name, answer)
    printed = capsys.readouterr().out
    assert printed.count("\n") == 1 and len(printed) < 200
    return printed.strip()


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_question_accepts_the_right_answer_and_knows_common_mistakes_in_any_form(name, capsys):
    assert name in RIGHT_ANSWERS, f"compute the answer to {name!r} above"
    for form in forms(RIGHT_ANSWERS[name]):
        assert verdict_on(name, form, capsys).startswith("Right: ")
    for wrong, hint in QUESTIONS[name][2].items():
        for form in forms(wrong):
            assert verdict_on(name, form, capsys) == f"Not yet: {hint}"


def test_the_numbers_in_what_is_said_of_a_wrong_answer_stand_in_that_answer():
    """In its first sentence, where the answer is written as a product or a sum."""
    tree = ast.parse(Path(questions.__file__).read_text("utf-8"))
    table = next(node.value for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "QUESTIONS")
    wrong = [pair for value in table.values for pair in zip(value.elts[2].keys, value.elts[2].values)]
    sums = [(answer, said.value) for answer, said in wrong if any(isinstance(node, ast.BinOp) for node in ast.walk(answer))]
    assert len(sums) > 10
    for answer, said in sums:
        there = {str(node.value) for node in ast.walk(answer) if isinstance(node, ast.Constant)}
        assert {*re.findall(r"(?<![A-Za-z\d])\d+", said.split(". ")[0])} <= there, said


@pytest.mark.parametrize("name", [name for name in QUESTIONS if np.ndim(QUESTIONS[name][0])])
def test_the_right_numbers_in_another_form_are_called_right(name, capsys):
    right = np.array(QUESTIONS[name][0])
    for form in (right[:, None], nd.array(right[None]), [nd.array([number]) for number in right], [right.tolist()]):
        assert verdict_on(name, form, capsys) == "Not yet: the numbers are right. Give them as a flat list, such as [1, 2]."


@pytest.mark.parametrize("name", QUESTIONS)
@pytest.mark.filterwarnings("error")
def test_any_other_answer_to_a_question_gets_the_general_hint(name, capsys):
    assert verdict_on(name, ..., capsys).startswith("Not answered yet: ")
    for odd in (None, "no idea", math.nan, -12345.6, 10**400, [], [1, [2, 3]], [...], {1: 2}, print, nd.ones((7, 1))):
        assert verdict_on(name, odd, capsys) == f"Not yet: {QUESTIONS[name][3]}"


@pytest.mark.parametrize(
    "answer, verdict",
    [(0.4696, "Right"), (0.4705, "Right"), (0.4706, "Not yet"), ([0.4696], "Right"), ([0.4696, 0.4696], "Not yet")],
)
def test_a_measured_answer_is_right_within_two_thousandths(answer, verdict, capsys):
    assert verdict_on("loss", answer, capsys).startswith(verdict)


def test_three_digits_are_enough(capsys):
    assert verdict_on("sum for mean", 0.00156, capsys).startswith("Right")


def test_a_hint_names_the_right_parts_of_a_wrong_answer():
    for given, hint in QUESTIONS["sick networks"][2].items():
        right = [name for name, one, other in zip("ABC", given, RIGHT_ANSWERS["sick networks"]) if one == other]
        assert hint.startswith(" and ".join(right) + " are right. ")


NAMED = {  # what a hint calls a wrong answer, computed
    "spreads": {
        "that is the mean.": gains.mean(),
        "that is the spread.": gains.std(ddof=1),
        "the other way round": gains.std(ddof=1) / gains.mean(),
    },
    "convolution": {"the weights": kernels.size, "one kernel": kernels[0].size + 1},
    "loss": {
        "the loss of A": math.log(2),
        "the one picture": ten_losses.max(),
        "the sum": ten_losses.sum(),
        "the mean probability": -math.log(np.exp(-ten_losses).mean()),
        "base 10": ten_losses.mean() / math.log(10),
        "in bits": ten_losses.mean() / math.log(2),
    },
    "three units": {"the slopes": [1, -1, 0], "the heights": [0, 1, 0]},
    "multiplications": {"for one image": first + second, "the first layer": 128 * first},
    "confidence": {"the right ones": 970, "their share": 0.03},
}


@pytest.mark.parametrize("name, words", [(name, words) for name in NAMED for words in NAMED[name]])
def test_what_a_hint_calls_a_wrong_answer_is_that(name, words, capsys):
    assert words in verdict_on(name, NAMED[name][words], capsys)


def test_a_teacher_adds_a_problem_in_one_step(monkeypatch, capsys):
    text = (ROOT / "reference" / "teaching.md").read_text(encoding="utf-8")
    monkeypatch.setitem(PROBLEMS, "leaky", None)  # taken out again at the end
    exec(re.search(r"```python\n(.*?)```", text, re.S)[1], {})
    for leaky in (lambda x: max(x, 0.0), lambda x: x, lambda x: x if x > 0 else x / 10):
        check_problem("leaky", leaky)
    first, second, third = capsys.readouterr().out.splitlines()
    assert "lets a tenth" in first and "not -2.0 and 3.0" in second and third == "Right: such a unit never dies."
