"""Other ways: right functions that differ from the book's, each with a sentence on when it is better.

A row is an edit of the book's function, as in the tables of mistakes (mistakes.py). The page shows them once the reader's own
function is right.
"""

import functools
import math
import statistics
import time

import numpy as np
from mxnet import init, nd
from mxnet.gluon import nn

from .mistakes import mistakes, source_of
from .slots import SLOTS

LIBRARIES = dict(math=math, np=np, nd=nd, nn=nn, init=init)
HIDDEN, BOTH_EDGES = "np.maximum(np.dot(X, W1) + b1, 0)", "(self, 1), (other, 1)"
BEND = "return Node(max(self.value, 0), (self, int(self.value > 0)))"
WAYS = {
    "init_params": {
        "Shorter where there are many layers: a loop makes them all.": (
            "params = []\nfor n, m in ((num_inputs, num_hiddens), (num_hiddens, num_outputs)):\n"
            "    params += [nd.random.normal(scale=scale, shape=(n, m)), nd.zeros(m)]\n"
            "for param in params:\n    param.attach_grad()\nreturn params",
        ),
        "Clearer on what scale does: numbers with the spread 1 are drawn, and made smaller.": ("nd.random.normal(scale=scale, ", "scale * nd.random.normal("),
    },
    "relu": {
        "Shortest: MXNet has it.": ("return nd.relu(X)",),
        "Clearer on the slope, 1 or 0: the mask that multiplies X is the one that multiplies its gradient.": ("return X * (X > 0)",),
        "Better where something else than 0 should come out below 0: the two cases stand side by side.": ("return nd.where(X > 0, X, nd.zeros_like(X))",),
    },
    "mlp": {
        "Shortest, but for images in one minibatch only, not for a single row of any length: flatten keeps the first axis.": (
            "X.reshape((-1, W1.shape[0]))", "X.flatten()"),
        "Safer where X may have a wrong size: the number of images is fixed, so that a wrong number of pixels raises an error.": (
            "X.reshape((-1, W1.shape[0]))", "X.reshape((X.shape[0], -1))"),
    },
    "cross_entropy": {
        "Clearer if one thinks of one-hot rows: it multiplies all classes, and keeps one.": (
            "return -nd.log((y_hat * nd.one_hot(y, y_hat.shape[1])).sum(axis=1))",),
        "Clearer on the word surprise: the logarithm of how rare the label was held to be.": ("return nd.log(1 / nd.pick(y_hat, y))",),
        "Better where the logarithms of all classes are needed too.": ("return -nd.pick(nd.log(y_hat), y)",),
    },
    "softmax": {
        "Shortest, and safe for large scores: MXNet has it.": ("return nd.softmax(O)",),
        "Better where the logarithms are needed too: they stay exact where a probability is too small for float32.": ("return nd.exp(nd.log_softmax(O))",),
        "Clearer, and slow: one row after the other.": (
            "rows = []\nfor row in O:\n    e = nd.exp(row - row.max())\n    rows.append(e / e.sum())\nreturn nd.stack(*rows)",),
    },
    "softmax_cross_entropy": {
        "Shortest, and safe for large scores: MXNet takes the logarithm of softmax in one go.": ("return -nd.pick(nd.log_softmax(O), y)",),
        "Clearer on log-sum-exp, the smooth maximum of a row, from which the label's score is taken.": (
            "m = O.max(axis=1)\nreturn m + nd.log(nd.exp(O - m.reshape((-1, 1))).sum(axis=1)) - nd.pick(O, y)",),
    },
    "sgd": {
        "Better where more belongs to a step: the whole array is computed, then written in place.": (
            "param -= lr / batch_size * param.grad", "param[:] = param - lr * param.grad / batch_size"),
        "Clearer: the length of the step has a name, and is computed once.": (
            "for param in params:\n        param -= lr / batch_size * param.grad", "step = lr / batch_size\n    for param in params:\n        param -= step * param.grad"),
    },
    "train_epoch": {
        "Clearer: plain numbers are added, although Python has to wait for them in every step.": (
            "l.sum()", "l.sum().asscalar()", '.sum()\n        n', '.sum().asscalar()\n        n', "loss_sum.asscalar() / n, correct.asscalar() / n", "loss_sum / n, correct / n"),
        "Clearer on what is minimised: backward starts from the sum.": (
            "l = loss(O, y)", "l = loss(O, y)\n            total = l.sum()", "l.backward", "total.backward"),
    },
    "accuracy": {
        "Better without MXNet's types: NumPy compares floats with integers.": ("return float((y_hat.argmax(axis=1).asnumpy() == y.asnumpy()).mean())",),
        "Clearer, and slow: one row after the other.": (
            "right = 0\nfor row, label in zip(y_hat.asnumpy(), y.asnumpy()):\n    right += int(row.argmax() == label)\nreturn right / len(y)",),
    },
    "evaluate_accuracy": {
        "Shorter where accuracy is there already: each minibatch counts as often as it has images.": (
            "right, n = 0, 0\nfor X, y in data_iter:\n    right += accuracy(net(X), y) * len(y)\n    n += len(y)\nreturn right / n",),
        "Better where one wants to know which images were right: all answers are kept.": (
            "right = [net(X).argmax(axis=1).asnumpy() == y.asnumpy() for X, y in data_iter]\nreturn float(np.concatenate(right).mean())",),
    },
    "train_ch3": {
        "Better for long trainings: what an epoch gives is kept as a row, and the columns are made at the end.": (
            "step = (lambda: sgd(params, lr, batch_size)) if trainer is None else (lambda: trainer.step(batch_size))\n"
            "rows = []\nfor epoch in range(1, num_epochs + 1):\n    mean_loss, train_acc = train_epoch(net, train_iter, loss, step)\n"
            "    rows.append((mean_loss, train_acc, evaluate_accuracy(test_iter, net)))\n"
            '    print("epoch %d, loss %.4f, train acc %.3f, test acc %.3f" % (epoch, *rows[-1]))\n'
            'return dict(zip(("loss", "train_acc", "test_acc"), map(list, zip(*rows))))',
        ),
        "Clearer on the update, which is chosen once.": (
            "def step():\n        if trainer is None:\n            sgd(params, lr, batch_size)\n        else:\n            trainer.step(batch_size)",
            "if trainer is None:\n        step = lambda: sgd(params, lr, batch_size)\n    else:\n        step = lambda: trainer.step(batch_size)"),
    },
    "predict": {
        "Shortest.": ("return mlp(X, params).argmax(axis=1)",),
        "Better where the probability is shown too: softmax keeps the order.": ("return softmax(mlp(X, params)).argmax(axis=1)",),
    },
    "linear_net": {
        "Shortest, but for minibatches only: flatten keeps the first axis.": ("X.reshape((-1, W.shape[0]))", "X.flatten()"),
        "One operation in place of two, which wants the weights transposed.": (
            "nd.dot(X, W) + b", "nd.FullyConnected(X, W.T, b, num_hidden=W.shape[1])"),
    },
    "Node": {
        "Clearer on the two cases: above 0 the node passes on, below it gives 0.": (
            BEND, "if self.value > 0:\n            return Node(self.value, (self, 1))\n        return Node(0, (self, 0))"),
        "Shorter, with one node more: relu is a product with 1 or 0.": (BEND, "return self * Node(1 if self.value > 0 else 0)"),
    },
    "backward": {
        "Better where there is no tape: a node comes after its inputs, found by going down from the loss.": ("""\
order, seen = [], set()
def visit(node):
    if node not in seen:
        seen.add(node)
        for source, _ in node.edges:
            visit(source)
        order.append(node)
visit(loss)
loss.d = 1
for node in reversed(order):
    for source, slope in node.edges:
        source.d += slope * node.d""",),
        "Safe on a second pass: what an earlier one has left is wiped out first.": ("loss.d = 1", "for node in tape:\n        node.d = 0\n    loss.d = 1"),
    },
    "dot_dA": {
        "Clearer on the indices: n rows and d columns, summed over h.": ('return np.einsum("nh,dh->nd", dC, B)',),
        "Clearer on the sum, and slow: each entry of A by itself.": (
            "dA = np.zeros(A.shape)\nfor i in range(len(A)):\n    for j in range(A.shape[1]):\n        dA[i, j] = (dC[i] * B[j]).sum()\nreturn dA",),
    },
    "dot_dB": {
        "Clearer on the indices: the sum over n, the examples.": ('return np.einsum("nd,nh->dh", A, dC)',),
        "Clearer on the paths, and slow: each example adds a product of its own.": (
            "dB = np.zeros(B.shape)\nfor a, d in zip(A, dC):\n    dB += np.outer(a, d)\nreturn dB",),
    },
    "summed_to": {
        "Clearer, one axis after the other.": (
            "while dC.ndim > len(shape):\n    dC = dC.sum(axis=0)\nfor axis, length in enumerate(shape):\n    if length == 1:\n"
            "        dC = dC.sum(axis=axis, keepdims=True)\nreturn dC",),
        "Better where both happen: one sum over all axes.": (
            "full = (1,) * (dC.ndim - len(shape)) + shape\naxes = tuple(i for i, n in enumerate(full) if n == 1)\n"
            "return dC.sum(axis=axes, keepdims=True).reshape(shape)",),
    },
    "forward": {
        "Shorter: @ is the matrix product.": ("np.dot(X, W1)", "X @ W1", "np.dot(H, W2)", "H @ W2"),
        "Needs less memory: the hidden units are cut off in place.": (f"H = {HIDDEN}", "H = np.dot(X, W1) + b1\n    H[H < 0] = 0"),
    },
    "loss_and_dO": {
        "Clearer on the formula, softmax minus one-hot, with more numbers in memory.": (
            "O = O - O.max(axis=1, keepdims=True)\nlog_p = O - np.log(np.exp(O).sum(axis=1, keepdims=True))\n"
            "one_hot = np.arange(O.shape[1]) == y[:, None]\nreturn -(log_p * one_hot).sum(axis=1), np.exp(log_p) - one_hot",),
        "Clearer, and slow: one row after the other.": (
            "l, dO = np.zeros(len(O)), np.zeros(O.shape)\nfor i in range(len(O)):\n    z = O[i] - max(O[i])\n    e = np.exp(z)\n"
            "    l[i] = np.log(e.sum()) - z[y[i]]\n    dO[i] = e / e.sum()\n    dO[i, y[i]] -= 1\nreturn l, dO",),
    },
    "backward by hand": {
        "Clearer on the two cases: the gradient where a unit is on, 0 where it is off.": ("dH * (H > 0)", "np.where(H > 0, dH, 0)"),
        "Needs less memory: the gradients of units that are off are set to 0 in place.": ("dZ = dH * (H > 0)", "dZ = dH\n    dZ[H <= 0] = 0"),
    },
    "central_difference": {
        "Clearer: up and down each have a line.": (
            "old = param[index]\nparam[index] = old + h\nup = loss_and_dO(forward(X, params)[1], y)[0].sum()\nparam[index] = old - h\n"
            "down = loss_and_dO(forward(X, params)[1], y)[0].sum()\nparam[index] = old\nreturn (up - down) / (2 * h)",),
        "Safe where a loss may raise an error: the parameter is put back whatever happens.": (
            "old, losses = param[index], []\ntry:\n    for moved in (old + h, old - h):\n        param[index] = moved\n        H, O = forward(X, params)\n"
            "        losses.append(loss_and_dO(O, y)[0].sum())\nfinally:\n    param[index] = old\nreturn (losses[0] - losses[1]) / (2 * h)",),
    },
    "gluon_mlp": {
        "Clearer where there are many layers: a line for each.": (
            "net = nn.Sequential()\nnet.add(nn.Dense(256, activation='relu'))\nnet.add(nn.Dense(10))\nnet.initialize(init.Normal(0.01))\nreturn net",),
        "Better where layers are put in between: flattening and relu are layers of their own.": (
            "net = nn.Sequential()\nnet.add(nn.Flatten(), nn.Dense(256), nn.Activation('relu'), nn.Dense(10))\nnet.initialize(init.Normal(0.01))\nreturn net",),
    },
}  # fmt: skip


def book_of(slot):
    return next(iter(SLOTS[slot].mistakes.values())).book


@functools.cache
def ways(slot):
    """{sentence: a right function}, the other ways to write what is asked for in the slot."""
    return mistakes(book_of(slot), WAYS[slot], **LIBRARIES)


# --- How long they take ---------------------------------------------------------------------------------------------------


def seconds(slot, function, runs=5):
    """The median time of the function in the case of its judge that has 256 examples, or else in the last one."""
    cases = SLOTS[slot].cases
    run = next((run for text, run in reversed(cases) if "256" in text), cases[-1][1])
    return statistics.median(mean_time(run, function) for _ in range(runs))


def mean_time(run, function, least=0.02):
    """The mean time of a call, in as many runs of a case as take together `least` seconds, because a page's clock is coarse."""
    times = []

    @functools.wraps(function)
    def timed(*args, **kwargs):
        start = time.perf_counter()
        value = function(*args, **kwargs)
        nd.waitall()  # MXNet computes in the background
        times.append(time.perf_counter() - start)
        return value

    end = time.perf_counter() + least
    run(timed)
    while time.perf_counter() < end:
        run(timed)
    return statistics.fmean(times)


def as_data():
    """What the page shows, for JSON: by slot its ways, pairs of a sentence and a source, and whether they can be timed."""
    return {
        slot: {"ways": [[why, source_of(way)] for why, way in ways(slot).items()], "timed": hasattr(SLOTS[slot], "cases")}
        for slot in WAYS
    }
