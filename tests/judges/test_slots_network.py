"""The judges of the functions of chapters 2 to 8, on answers as readers write them, right and wrong."""

import ast
import functools
import random
import re

import numpy as np
import pytest
from mxnet import nd

import utils
from tests.support.slots import CELLS, edited, judged, made, of_the_book, written
from tools.book.slot_boxes import wrong_lines
from tools.notebooks.slots import to_write
from utils.judges.slots import SLOTS

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# Answers to each slot: bodies of the function. RIGHT are judged right; each key of WRONG is a part of the verdict.
# fmt: off
INIT = """
W1 = nd.random.normal(scale=scale, shape=(num_inputs, num_hiddens))
b1 = nd.zeros(num_hiddens)
W2 = nd.random.normal(scale=scale, shape=(num_hiddens, num_outputs))
b2 = nd.zeros(num_outputs)
params = [W1, b1, W2, b2]
for param in params:
    param.attach_grad()
return params
"""
EVALUATE = """
correct, n = 0, 0
for X, y in data_iter:
    correct += (net(X).argmax(axis=1) == y.astype("float32")).sum().asscalar()
    n += len(y)
return correct / n
"""
EPOCH = """
loss_sum, correct, n = 0, 0, 0
for X, y in train_iter:
    with autograd.record():
        O = net(X)
        l = loss(O, y)
    l.backward()
    step()
    loss_sum += l.sum().asscalar()
    correct += (O.argmax(axis=1) == y.astype("float32")).sum().asscalar()
    n += len(y)
return loss_sum / n, correct / n
"""
TRAIN = """
def step():
    if trainer is None:
        sgd(params, lr, batch_size)
    else:
        trainer.step(batch_size)
history = {"loss": [], "train_acc": [], "test_acc": []}
for epoch in range(num_epochs):
    loss_now, train_acc = train_epoch(net, train_iter, loss, step)
    test_acc = evaluate_accuracy(test_iter, net)
    print(epoch + 1, loss_now, train_acc, test_acc)
    history["loss"].append(loss_now)
    history["train_acc"].append(train_acc)
    history["test_acc"].append(test_acc)
return history
"""
LAYERS = """
W1, b1, W2, b2 = params
X = X.reshape((-1, W1.shape[0]))
H = relu(nd.dot(X, W1) + b1)
return nd.dot(H, W2) + b2
"""
LINE = "W, b = params\nX = X.reshape((-1, W.shape[0]))\nreturn nd.dot(X, W) + b"
FUSED = "Z = O - O.max(axis=1, keepdims=True)\nreturn nd.log(nd.exp(Z).sum(axis=1)) - nd.pick(Z, y)"
SOFTMAX = "E = nd.exp(O - O.max(axis=1, keepdims=True))\nreturn E / E.sum(axis=1, keepdims=True)"
ACCURACY = 'return (y_hat.argmax(axis=1) == y.astype("float32")).mean().asscalar()'
STEP = "for param in params:\n    param -= lr / batch_size * param.grad"


init, epoch, train, evaluate, layers, line, fused, shifted, share, step = (
    functools.partial(edited, body) for body in (INIT, EPOCH, TRAIN, EVALUATE, LAYERS, LINE, FUSED, SOFTMAX, ACCURACY, STEP)
)
NORMAL = "nd.random.normal(scale=scale, shape="
KEPT = "calls = globals().setdefault('kept_calls', [])\n"
RIGHT = {
    "init_params": [
        init("return params", "return tuple(params)"),
        init(NORMAL, "scale * nd.random.normal(shape="),
        init("W1 = ", "A = ", "shape=(num_inputs, num_hiddens)", "shape=(num_inputs + num_outputs, num_hiddens)",
             NORMAL + "(num_hiddens, num_outputs))", "A[num_inputs:].T.copy()", "b1 =", "W1 = A[:num_inputs].copy()\nb1 ="),
        init(NORMAL + "(num_inputs, num_hiddens)", "scale * nd.random.randn(num_inputs, num_hiddens"),
        init("nd.zeros(num_hiddens)", "nd.zeros((num_hiddens,))", "nd.zeros(num_outputs)", "nd.array([0] * num_outputs)"),
        "params = []\nfor n, m in ((num_inputs, num_hiddens), (num_hiddens, num_outputs)):\n"
        "    params += [nd.random.normal(0, scale, (n, m)), nd.zeros(m)]\nfor p in params: p.attach_grad()\nreturn params",
        "W1 = nd.array(np.random.normal(0, scale, (num_inputs, num_hiddens)))\n"
        "W2 = nd.array(np.random.normal(0, scale, (num_hiddens, num_outputs)))\n"
        "b1, b2 = nd.zeros(num_hiddens), nd.zeros(num_outputs)\nfor p in (W1, b1, W2, b2): p.attach_grad()\nreturn [W1, b1, W2, b2]",
    ],
    "relu": [
        "return nd.relu(X)",
        "return X * (X > 0)",
        "return (X + X.abs()) / 2",
        "return nd.where(X > 0, X, nd.zeros_like(X))",
        "Y = nd.maximum(0, X.reshape((-1,)))\nreturn Y.reshape(X.shape)",
    ],
    "mlp": [
        layers("X.reshape((-1, W1.shape[0]))", "X.flatten()"),
        layers("X.reshape((-1, W1.shape[0]))", "X.reshape((X.shape[0], -1))", "relu(", "nd.relu("),
        layers("nd.dot(H, W2) + b2", "b2 + nd.dot(W2.T, H.T).T"),
        "H = nd.maximum(nd.dot(X.reshape((len(X), -1)), params[0]) + params[1].reshape((1, -1)), 0)\nreturn nd.dot(H, params[2]) + params[3]",
        layers("relu(nd.dot(X, W1) + b1)", "nd.FullyConnected(X, W1.T, b1, num_hidden=W1.shape[1]).relu()"),
    ],
    "softmax": [
        "return nd.softmax(O)",
        "return nd.exp(nd.log_softmax(O))",
        shifted("O.max(axis=1, keepdims=True)", "O.max(axis=1).reshape((-1, 1))"),
        "E = nd.exp(O.T - O.max(axis=1))\nreturn (E / E.sum(axis=0)).T",
        "rows = []\nfor row in O:\n    e = nd.exp(row - row.max())\n    rows.append(e / e.sum())\nreturn nd.stack(*rows)",
    ],
    "cross_entropy": [
        "return -nd.pick(nd.log(y_hat), y)",
        "return nd.log(1 / nd.pick(y_hat, y))",
        "return -nd.log((y_hat * nd.one_hot(y, y_hat.shape[1])).sum(axis=1))",
        "return -nd.log(nd.pick(y_hat, y, axis=1))",
        "return -nd.log(y_hat[nd.arange(len(y)), y])",
    ],
    "softmax_cross_entropy": [
        "return -nd.pick(nd.log_softmax(O), y)",
        "m = O.max(axis=1)\nreturn m + nd.log(nd.exp(O - m.reshape((-1, 1))).sum(axis=1)) - nd.pick(O, y)",
        fused("nd.pick(Z, y)", "(Z * nd.one_hot(y, O.shape[1])).sum(axis=1)"),
        "Z = O - O.max(axis=1, keepdims=True)\nreturn -nd.pick(Z - nd.log(nd.exp(Z).sum(axis=1, keepdims=True)), y)",
        fused("Z = O - O.max(axis=1, keepdims=True)", "Z = (O.T - O.max(axis=1)).T"),
    ],
    "sgd": [
        "for param in params:\n    param[:] = param - lr * param.grad / batch_size",
        "for i in range(len(params)):\n    params[i] -= lr * (params[i].grad / batch_size)",
        "for w in params:\n    w += -lr / batch_size * w.grad\nreturn params",
        "factor = lr / batch_size\nfor w in params:\n    w -= factor * w.grad\n    w.grad[:] = 0",
        "[w.__isub__(lr / batch_size * w.grad) for w in params]",
    ],
    "accuracy": [
        'return float((y_hat.argmax(axis=1).asnumpy() == y.asnumpy()).mean())',
        'return (y_hat.argmax(axis=1) == y.astype("float32")).sum().asscalar() / len(y)',
        'return (y_hat.argmax(axis=1).astype("int32") == y.astype("int32")).astype("float32").mean().asscalar()',
        "right = 0\nfor row, label in zip(y_hat.asnumpy(), y.asnumpy()):\n    right += int(row.argmax() == label)\nreturn right / len(y)",
        "return np.mean(y_hat.asnumpy().argmax(axis=1) == y.asnumpy())",
    ],
    "evaluate_accuracy": [
        "right = [(net(X).argmax(axis=1).asnumpy() == y.asnumpy()) for X, y in data_iter]\nreturn float(np.concatenate(right).mean())",
        "total, n = 0, 0\nfor X, y in data_iter:\n    total += accuracy(net(X), y) * len(y)\n    n += len(y)\nreturn total / n",
        evaluate("n += len(y)", "n += X.shape[0]"),
        evaluate(".sum().asscalar()", ".sum()", "return correct / n", "return (correct / n).asscalar()"),
        evaluate("for X, y in data_iter", "for X, y in list(data_iter)", "len(y)", "y.size"),
    ],
    "train_epoch": [
        epoch("l = loss(O, y)", "l = loss(O, y)\n        total = l.sum()", "l.backward", "total.backward"),
        epoch("return loss_sum / n, correct / n", "return [loss_sum / n, correct / n]"),
        epoch("    step()\n", "", "    n += len(y)\n", "    n += len(y)\n    step()\n"),
        epoch("        l = loss(O, y)\n    l.backward()", "        l = loss(O, y)\n        l.backward()"),
        epoch("loss_sum += l.sum().asscalar()", "loss_sum += l.mean().asscalar() * len(l)"),
    ],
    "train_ch3": [
        train("print(epoch + 1, loss_now, train_acc, test_acc)", 'print("epoch %d, loss %.4f" % (epoch, loss_now))'),
        "step = (lambda: sgd(params, lr, batch_size)) if trainer is None else (lambda: trainer.step(batch_size))\n"
        "rows = []\nfor epoch in range(num_epochs):\n    a, b = train_epoch(net, train_iter, loss, step)\n"
        "    rows.append((a, b, evaluate_accuracy(test_iter, net)))\n    print(rows[-1])\n"
        'return dict(zip(("loss", "train_acc", "test_acc"), zip(*rows)))',
        train("trainer is None", "not trainer"),
        train("train_acc, test_acc)\n", 'train_acc, test_acc, end="\\r")\n'),
        train("return history", "history['epochs'] = num_epochs\nreturn history"),
        train('history = {"loss": [], "train_acc": [], "test_acc": []}',
              "import collections\nhistory = collections.defaultdict(list)"),
    ],
    "predict": [
        "return mlp(X, params).argmax(axis=1)",
        "return nd.argmax(mlp(X, params), axis=-1)",
        'return mlp(X, params).argmax(axis=1).astype("int32")',
        "return softmax(mlp(X, params)).argmax(axis=1)",
        "return nd.array([row.argmax() for row in mlp(X, params).asnumpy()])",
    ],
    "linear_net": [
        "return nd.dot(X.reshape((-1, params[0].shape[0])), params[0]) + params[1]",
        line("X.reshape((-1, W.shape[0]))", "X.flatten()"),
        line("nd.dot(X, W) + b", "b.reshape((1, -1)) + nd.dot(X, W)"),
        line("nd.dot(X, W) + b", "nd.FullyConnected(X, W.T, b, num_hidden=W.shape[1])"),
        line("X.reshape((-1, W.shape[0]))", "X.reshape((len(X), -1))", "nd.dot(X, W) + b", "b + nd.dot(W.T, X.T).T"),
    ],
}
WRONG = {
    "init_params": [
        ("W1 should have shape .3, 4., and has .4, 3.", init("(num_inputs, num_hiddens)", "(num_hiddens, num_inputs)")),
        ("W1 has no memory for its gradient", init("param.attach_grad()", "pass")),
        ("no weight is negative", init("normal(scale=scale, ", "uniform(0, scale, ")),
        ("two calls of init_params give the same", "mx.random.seed(1)\n" + INIT),
        ("list of NDArrays, .*entry 3 is an array of NumPy", init("nd.zeros(num_outputs)", "np.zeros(num_outputs)", "param.attach_grad()", "pass")),
        ("returns 2 arrays", init("[W1, b1, W2, b2]", "[W1, W2]")),
        ("entry 0 is None. attach_grad changes an array and returns nothing", init("return params", "return [p.attach_grad() for p in params]")),
        ("and returns an NDArray", init("return params", "return W1")),
        (r"b1 should be .0, 0, 0, 0., and is .-?\d\.\d{1,5},", init("b1 = nd.zeros(num_hiddens)", "b1 = nd.random.normal(shape=num_hiddens)")),
        ("Not answered yet", INIT.replace("return params", "if scale == 0.5:\n    return params")),
        (r"for init_params\(\), W1 should have shape .784, 256.", INIT.replace("return params", "return params if num_hiddens < 256 else params[::-1]")),
        ("a second call returns the same b2", INIT.replace("nd.zeros(num_outputs)", "globals().setdefault('kept', {}).setdefault(num_outputs, nd.zeros(num_outputs))")),
        ("W1 has no memory", INIT.replace("return params", "params[0] = params[0] * 1\nreturn params")),
        ("does not write a new gradient of W1", init("attach_grad()", 'attach_grad("add")')),
        ("does not write a new gradient of W1", init("attach_grad()", 'attach_grad("null")')),
        ("two calls of init_params give the same W2", init("W2 =", "mx.random.seed(1)\nW2 =")),
        ("W2 holds numbers of the weights before it", init("W2 = nd.random.normal(scale=scale, shape=(num_hiddens, num_outputs))", "W2 = W1[:num_outputs, :].T.copy() if num_inputs >= num_outputs else W1")),
        ("largest numbers in W1 are cut off", init("    param", "    param[:] = nd.clip(param, -2 * scale, 2 * scale)\n    param")),
        (r"default of scale is another.*about 0.01, and is 0.0999", "scale = 0.1 if num_inputs == 784 else scale" + INIT),
    ],
    "relu": [
        ("relu returns float64, where the network computes with float32", "return nd.maximum(X, 0).astype('float64')"),
        ("comes out wrong.*gives ..0, 0, 1", "return (X > 0).astype('int32')"),
        ("above 0 should stay.*1.0e.30.*gives ..0, 1000000", "return nd.clip(X, 0, 1e6)"),
        ("relu changes X", "X[:] = nd.maximum(X, 0)\nreturn X"),
        ("returns an array of NumPy", "return np.maximum(X.asnumpy(), 0)"),
        ("calls a function of NumPy", "return np.maximum(X, 0)"),
        ("autograd can't follow", "return nd.array(np.maximum(X.asnumpy(), 0))"),
        ("Not answered yet: .*does it end with `return`", "..."),
        ("Not answered yet: .*does it end with `return`", "nd.maximum(X, 0)"),
        ("line 2: .*max and if look at one number. nd.maximum", "return max(X, 0)"),
        ("line 2: .*max and if look at one number. nd.maximum", "if X > 0:\n    return X\nreturn 0"),
        ("the condition of X|relu changes X", "X[X < 0] = 0\nreturn X"),
        ("lines of Python", "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass"),
        ("raised NameError in line 2", "return nd.maximum(x, 0)"),
        ("returns a float", "return max(X.max().asscalar(), 0.0)"),
        ("relu gives other values while autograd records, as nd.Dropout does", "return nd.Dropout(nd.maximum(X, 0), p=0.5)"),
        ("relu keeps something from one call to the next", KEPT + "calls.append(1)\nreturn nd.maximum(X, len(calls) - 1)"),
    ],
    "mlp": [
        ("mlp changes params", layers("return nd.dot(H, W2) + b2", "return nd.dot(H, W2) + params.pop()")),
        ("mlp changes X", layers("H = ", "X[:] = X / 2\nX *= 2\nX[0] = 0\nH = ")),
        ("NumPy.*nd.dot for the matrix product", layers("nd.dot", "np.dot")),
        (r"matrix product is nd.dot.*: . and \* take entry by entry", layers("nd.dot(X, W1)", "X * W1")),
        ("for @: .*matrix product is nd.dot", layers("nd.dot(X, W1)", "X @ W1")),
        ("no attribute 'dot'.*matrix product is nd.dot", layers("nd.dot(X, W1)", "X.dot(W1)")),
        ("(nd.matmul|'matmul').*matrix product is nd.dot", layers("nd.dot", "nd.matmul")),
        ("MLP_ENGINE=mxnet[.] Did you mean relu|no attribute", layers("relu(", "nd.gelu(")),
        ("dot shape error.*as many columns in its first", layers("nd.dot(X, W1)", "nd.dot(W1, X)")),
        ("Is everything taken from X and params", layers("= params", "= init_params(*params[0].shape, params[2].shape[1])")),
        ("records or attaches", "with autograd.record():\n    X = X.flatten()\n    return nd.dot(relu(nd.dot(X, params[0]) + params[1]), params[2]) + params[3]"),
        ("mlp gives other values while autograd records", layers("relu(nd.dot(X, W1) + b1)", "nd.Dropout(relu(nd.dot(X, W1) + b1), p=0.2)")),
        ("records or attaches", "for param in params:\n    param.attach_grad()" + LAYERS),
    ],
    "softmax": [
        ("softmax changes O", "O -= O.max(axis=1, keepdims=True)\nE = nd.exp(O)\nreturn E / E.sum(axis=1, keepdims=True)"),
    ],
    "cross_entropy": [
        ("math computes with one number. .*nd.log", "return -math.log(nd.pick(y_hat, y))"),
        ("the array comes first", "return -nd.log(nd.pick(y, y_hat))"),
        ("returns a float", "return -nd.log(nd.pick(y_hat, y)).mean().asscalar()"),
        ("0 times that is nan. Pick the label's", "return -(nd.log(y_hat) * nd.one_hot(y, y_hat.shape[1])).sum(axis=1)"),
        ("bounds the loss: below it, a smaller probability hardly costs more", "return -nd.log(nd.pick(y_hat, y) + 1e-12)"),
        ("along axis=1|along the last axis only, not along 0", "return -nd.log(nd.pick(y_hat, y, axis=0))"),
    ],
    "softmax_cross_entropy": [
        ("other values while autograd records", "if autograd.is_recording():\n    O = 2 * O\n" + FUSED),
    ],
    "sgd": [
        ("Not answered yet.*param = param", "for param in params:\n    param = param - lr / batch_size * param.grad"),
        ("another array .* others still hold the old one", "for i in range(len(params)):\n"
         "    params[i] = params[i] - lr / batch_size * params[i].grad\n    params[i].attach_grad()"),
        ("no parameter changed, and all gradients are 0 now", step("    param -=", "    param.grad[:] = 0\n    param -=")),
        ("first two arrays don't move", step("in params:", "in params[2:]:")),
        ("only the first four arrays move", step("in params:", "in params[:4]:")),
        ("sgd keeps something", KEPT + "for i, param in enumerate(params):\n    calls.append(param.grad / batch_size)\n"
         "    param -= lr * calls[-1] + 0.9 * len(calls)"),
        ("holds another array", "for i in range(len(params)):\n    params[i] = params[i] - lr / batch_size * params[i].grad"),
        ("no brackets behind it: param.grad", step("param.grad", "param.grad()")),
        ("not where they should be", step("lr / batch_size", "int(lr) / batch_size")),
        (r"should be \[\[0.97, 2.015\]\], and is \[\[1, 2\]\]", step("param -=", "if param.grad.norm() > 1: param -=")),
    ],
    "accuracy": [
        ("the accuracy should be made of numbers below 1e308", "return 10**400"),
        ("Both need one type", share("y_hat.argmax(axis=1)", "y_hat.argmax(axis=1).astype('int32')")),
        ("asscalar.. makes a number", share(".asscalar()", "")),
        ("is an NDArray: its shape", share(".mean().asscalar()", "")),
        (r"in the label's column\?.*and gives 0.6667", share("y_hat.argmax", "relu(y_hat).argmax")),
        ("ten classes seem to be written in", share("y_hat.argmax", "y_hat[:, :10].argmax")),
        ("accuracy changes y_hat", "y_hat[:] = nd.softmax(y_hat)\n" + ACCURACY),
    ],
    "evaluate_accuracy": [
        ("of all minibatches, divided by the number of all", "return max(accuracy(net(X), y) for X, y in data_iter)"),
        ("int32, and ==|raised MXNetError", evaluate('.astype("float32")', "")),
        ("asscalar.. makes", evaluate(".asscalar()", "")),
        ("adds 1 to the first score it should give", evaluate("net(X)", "net(255 * X)")),
        ("only the first ten minibatches", evaluate("for X, y in data_iter:", "for i, (X, y) in enumerate(data_iter):\n    if i == 10: break")),
        ("evaluate_accuracy keeps something", KEPT + evaluate("correct, n = 0, 0\n", "", "correct += ", "calls.append(", ".asscalar()", ".asscalar())",
                                                               "    n += len(y)\n", "", "correct / n", "sum(calls) / 2")),
        ("inside a block of autograd", evaluate("correct += (net(X)", "with autograd.record():\n        O = net(X)\n    correct += (O")),
    ],
    "train_epoch": [
        ("a sum or mean of the losses too", epoch("l.backward", "l.mean().backward")),
        ("a step of sgd stands outside `with autograd.record", epoch("    l.backward()\n    step()", "        l.backward()\n        step()")),
        ("belongs inside .with autograd.record", epoch("with autograd.record():", "if True:")),
        ("two numbers", epoch(", correct / n", "")),
        ("train_mode=False is for a test", epoch("record()", "record(train_mode=False)")),
        ("number of steps should be 2, and is 1", epoch("    with", "    if len(y) < len(next(iter(train_iter))[1]):\n        continue\n    with")),
        ("For each minibatch: record, backward", epoch("l = loss(O, y)", "l = loss(O, y)\n        share = (O.argmax(axis=1) == 1).mean()", "l.backward", "share.backward")),
        ("only the first ten minibatches", epoch("for X, y in train_iter:", "for i, (X, y) in enumerate(train_iter):\n    if i == 10: break")),
        ("scores first, then the labels", epoch("loss(O, y)", "loss(y, O)")),
    ],
    "train_ch3": [
        ("trainer is not used.*: train_ch3 raised TypeError", "def sgd(params, lr, n):\n    for p in params: p -= lr / n * p.grad\n" + train("if trainer is None", "if True")),
        ("Not answered yet", train("return history", "pass")),
        ("should return the history", train("return history", "return loss_now, train_acc, test_acc")),
        ("training stops when the test accuracy falls", train("return history", "    if epoch and test_acc < history['test_acc'][-2]: break\nreturn history")),
        ('"loss". has the wrong shape', train("return history", "    if epoch and loss_now > history['loss'][-2]: break\nreturn history")),
        ('"loss". has the wrong shape', train("return history", "    if test_acc > 0.9: break\nreturn history")),
        ('"loss". has the wrong shape', train("range(num_epochs)", "range(min(num_epochs, 3))")),
        ("training goes another way", train("    loss_now", "    if epoch == 3 and lr: lr = lr / 2\n    loss_now")),
        ("training goes another way", train("append(loss_now)", "append(round(loss_now, 3))")),
        ("trained on test_iter", train("train_epoch(net, train_iter", "train_epoch(net, test_iter")),
        ("one and the same, as dict.fromkeys", train('{"loss": [], "train_acc": [], "test_acc": []}', "dict.fromkeys(['loss', 'train_acc', 'test_acc'], [])")),
        ("train_ch3 keeps something", train("history =", "history = globals().setdefault('kept_history', ", '"test_acc": []}', '"test_acc": []})')),
        ("trainer.step needs the batch size", train("trainer.step(batch_size)", "trainer.step()")),
    ],
    "predict": [
        ("array of NumPy", "return mlp(X, params).asnumpy().argmax(axis=1)"),
        ("columns are added up", "O = mlp(X, params)\nreturn ((O == O.max(axis=1, keepdims=True)) * nd.arange(O.shape[1])).sum(axis=1)"),
        ("highest score that mlp gives", "return relu(mlp(X, params)).argmax(axis=1)"),
    ],
    "linear_net": [
        ("autograd can't follow", line("nd.dot(X, W) + b", "nd.array(X.asnumpy() @ W.asnumpy() + b.asnumpy())")),
    ],
}
# fmt: on


@pytest.fixture(autouse=True)
def seeded():
    utils.seed_everything(0)


@pytest.mark.parametrize("name", RIGHT)
def test_the_function_of_the_book_and_other_ways_to_write_it_are_right(name, capsys):
    for function in [of_the_book(name), *(written(name, body) for body in RIGHT[name])]:
        assert judged(name, function, capsys).startswith("Right: ")


@pytest.mark.parametrize("name, words, body", [(name, *answer) for name in WRONG for answer in WRONG[name]])
def test_a_mistake_is_explained(name, words, body, capsys):
    verdict = judged(name, written(name, body), capsys).replace("\n", " ")
    assert verdict.startswith("Not ") and re.search(words, verdict), verdict


def test_every_slot_of_the_chapters_has_a_judge_and_every_judge_a_slot():
    assert [*CELLS] == [*SLOTS]


@pytest.mark.parametrize("name", CELLS)
def test_a_slot_describes_itself(name):
    cell = CELLS[name]
    (defined,) = ast.parse(cell.source).body
    functions = [node for node in ast.walk(defined) if isinstance(node, ast.FunctionDef)]
    assert any(map(ast.get_docstring, functions)) and cell.metadata["slot"]["hint"]


@pytest.mark.parametrize("name", CELLS)
def test_lines_that_do_not_belong_to_a_slot_are_mixed_with_its_own(name):
    lines, wrong = CELLS[name].source.splitlines(), wrong_lines(name, CELLS[name].source)
    assert 2 <= len({*wrong} - {*lines}) == len(wrong) <= 3


@pytest.mark.parametrize("name", CELLS)
def test_a_slot_asks_for_at_most_a_dozen_lines(name):
    assert all(end - first <= 12 for first, end in to_write(CELLS[name].source))


def test_renamed_arguments_are_noticed(capsys):
    renamed = made("def relu(Z):\n    return nd.maximum(Z, 0)")
    assert "keep the names of the arguments, so that relu(X=...) works" in judged("relu", renamed, capsys)


def test_the_readers_random_numbers_go_on_as_if_nothing_was_judged(capsys):
    def numbers(judge):
        utils.seed_everything(5)
        if judge:
            judged("init_params", written("init_params", "import random\nrandom.seed(1)\nnp.random.seed(1)\n" + INIT), capsys)
        return random.random(), np.random.rand(), nd.random.normal(shape=1).asscalar()

    plain, after, again = numbers(False), numbers(True), numbers(True)
    assert after[:2] == plain[:2] and after == again
