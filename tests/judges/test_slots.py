"""The judges of the functions of the chapters, on answers as readers write them, right and wrong."""

import ast
import functools
import random
import re
import textwrap

import numpy as np
import pytest
from mxnet import nd

import utils
from press.notebooks.slots import defined, to_write
from tests.support.slots import CELLS, edited, judged, made, of_the_book, slopes, written
from tools.slot_help import wrong_lines
from utils.judges import calling
from utils.judges.slots import SLOTS
from utils.judges.ways import as_data, mean_time

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]


# Answers to each slot: bodies of the function, or whole definitions. RIGHT are judged right, as are those that the page shows
# (utils/judges/ways.py); each key of WRONG is a part of the verdict. The mistakes in the judges' tables are asked in test_mistakes.py.
# fmt: off
def body(slot):
    """The lines of the book's function that a reader writes."""
    lines = CELLS[slot].source.splitlines()
    ((first, end),) = to_write(CELLS[slot].source)
    return textwrap.dedent("\n".join(lines[first:end]))


INIT, ACCURACY = body("init_params"), body("accuracy")
init, epoch, evaluate, layers, line, softmax, fused, share, step = (
    functools.partial(edited, body(slot))
    for slot in (
        "init_params", "train_epoch", "evaluate_accuracy", "mlp", "linear_net", "softmax", "softmax_cross_entropy", "accuracy", "sgd")
)
NORMAL = "nd.random.normal(scale=scale, shape="
KEPT = "calls = globals().setdefault('kept_calls', [])\n"
train, node, passing, summed, forward, loss, by_hand, difference, gluon = (
    functools.partial(edited, CELLS[slot].source)
    for slot in (
        "train_ch3", "Node", "backward", "summed_to", "forward", "loss_and_dO", "backward by hand", "central_difference", "gluon_mlp")
)
PRINTED = """print("epoch %d, loss %.4f, train acc %.3f, test acc %.3f"
              % (epoch, mean_loss, train_acc, test_acc))"""
ADD, BOTH_EDGES = "return Node(self.value + other.value, (self, 1), (other, 1))", "(self, 1), (other, 1)"
FACTORS = "(self, other.value), (other, self.value)"
BEND = "return Node(max(self.value, 0), (self, int(self.value > 0)))"
HIDDEN, OUT = "np.maximum(np.dot(X, W1) + b1, 0)", "return H, np.dot(H, W2) + b2"
OWN_BLOCK = """
from mxnet import gluon
class Net(gluon.Block):
    def __init__(self):
        super().__init__()
        self.hidden, self.out = nn.Dense(256, activation="relu"), nn.Dense(10)
    def forward(self, X):
        return self.out(self.hidden(X))
net = Net()
net.initialize(init.Normal(sigma=0.01))
return net
"""
HELPED = node(ADD, "return node_of(self.value + other.value, (self, 1), (other, 1))") + "\ndef node_of(*args):\n    return Node(*args)"
RIGHT = {
    "init_params": [
        init("return params", "return tuple(params)"),
        init("W1 = ", "A = ", "shape=(num_inputs, num_hiddens)", "shape=(num_inputs + num_outputs, num_hiddens)",
             NORMAL + "(num_hiddens, num_outputs))", "A[num_inputs:].T.copy()", "b1 =", "W1 = A[:num_inputs].copy()\nb1 ="),
        init(NORMAL + "(num_inputs, num_hiddens)", "scale * nd.random.randn(num_inputs, num_hiddens"),
        init("nd.zeros(num_hiddens)", "nd.zeros((num_hiddens,))", "nd.zeros(num_outputs)", "nd.array([0] * num_outputs)"),
        "W1 = nd.array(np.random.normal(0, scale, (num_inputs, num_hiddens)))\n"
        "W2 = nd.array(np.random.normal(0, scale, (num_hiddens, num_outputs)))\n"
        "b1, b2 = nd.zeros(num_hiddens), nd.zeros(num_outputs)\nfor p in (W1, b1, W2, b2): p.attach_grad()\nreturn [W1, b1, W2, b2]",
    ],
    "relu": [
        "return (X + X.abs()) / 2",
        "Y = nd.maximum(0, X.reshape((-1,)))\nreturn Y.reshape(X.shape)",
    ],
    "mlp": [
        layers("nd.dot(H, W2) + b2", "b2 + nd.dot(W2.T, H.T).T"),
        "H = nd.maximum(nd.dot(X.reshape((len(X), -1)), params[0]) + params[1].reshape((1, -1)), 0)\nreturn nd.dot(H, params[2]) + params[3]",
        layers("relu(nd.dot(X, W1) + b1)", "nd.FullyConnected(X, W1.T, b1, num_hidden=W1.shape[1]).relu()"),
    ],
    "softmax": [
        "E = nd.exp(O.T - O.max(axis=1))\nreturn (E / E.sum(axis=0)).T",
    ],
    "cross_entropy": [
        "return -nd.log(nd.pick(y_hat, y, axis=1))",
        "return -nd.log(y_hat[nd.arange(len(y)), y])",
    ],
    "softmax_cross_entropy": [
        "return -nd.pick(O.log_softmax(), y)",
        fused("nd.pick(Z, y)", "(Z * nd.one_hot(y, O.shape[1])).sum(axis=1)"),
        fused("Z = O - O.max(axis=1, keepdims=True)", "Z = (O.T - O.max(axis=1)).T"),
    ],
    "sgd": [
        "for i in range(len(params)):\n    params[i] -= lr * (params[i].grad / batch_size)",
        "for w in params:\n    w += -lr / batch_size * w.grad\nreturn params",
        "factor = lr / batch_size\nfor w in params:\n    w -= factor * w.grad\n    w.grad[:] = 0",
        "[w.__isub__(lr / batch_size * w.grad) for w in params]",
    ],
    "accuracy": [
        'return (y_hat.argmax(axis=1) == y.astype("float32")).sum().asscalar() / len(y)',
        'return (y_hat.argmax(axis=1).astype("int32") == y.astype("int32")).astype("float32").mean().asscalar()',
    ],
    "evaluate_accuracy": [
        evaluate("n += len(y)", "n += X.shape[0]"),
        evaluate(".sum()", ".sum().asscalar()", "correct.asscalar()", "correct"),
        evaluate("for X, y in data_iter", "for X, y in list(data_iter)", "len(y)", "y.size"),
    ],
    "train_epoch": [
        epoch("return loss_sum.asscalar() / n, correct.asscalar() / n", "return [loss_sum.asscalar() / n, correct.asscalar() / n]"),
        epoch("    step()\n", "", "    n += len(y)\n", "    n += len(y)\n    step()\n"),
        epoch("        l = loss(O, y)\n    l.backward()", "        l = loss(O, y)\n        l.backward()"),
        epoch("loss_sum += l.sum()", "loss_sum += l.mean() * len(l)"),
    ],
    "train_ch3": [
        train(", train acc %.3f, test acc %.3f", "", "(epoch, mean_loss, train_acc, test_acc)", "(epoch, mean_loss)"),
        train("trainer is None", "not trainer"),
        train("    for epoch in", "    print('epoch, loss')\n    for epoch in"),
        train("test_acc))\n        for", 'test_acc), end="\\r")\n        for'),
        train("return history", "history['epochs'] = num_epochs\n    return history"),
    ],
    "predict": [
        'return mlp(X, params).argmax(axis=1).astype("int32")',
        "return nd.array([row.argmax() for row in mlp(X, params).asnumpy()])",
    ],
    "linear_net": [
        "return nd.dot(X.reshape((-1, params[0].shape[0])), params[0]) + params[1]",
        line("nd.dot(X, W) + b", "b.reshape((1, -1)) + nd.dot(X, W)"),
        line("X.reshape((-1, W.shape[0]))", "X.reshape((len(X), -1))", "nd.dot(X, W) + b", "b + nd.dot(W.T, X.T).T"),
    ],
    "Node": [
        node(BOTH_EDGES, "(other, 1.0), (self, 1.0)", "int(self.value > 0)", "self.value > 0"),
        node("Node(max(", "type(self)(max("),
        node(FACTORS, "*edges)", "        return Node(self.value * other.value,\n",
             "        edges = [(self, other.value), (other, self.value)]\n        return Node(self.value * other.value,\n", "*edges))", "*edges)"),
        node(BEND, "return Node(0.0) if self.value <= 0 else self"),
        HELPED,
        node(BOTH_EDGES, "[self, 1], [other, 1]"),
        node("return Node(max", "return Node.make(max") + "\n    @staticmethod\n    def make(value, *edges):\n        return Node(value, *edges)",
        node("    def __init__", "    def shown(method):\n        import functools\n        @functools.wraps(method)\n        def outer(*nodes):\n"
             "            return method(*nodes)\n        return outer\n\n    def __init__", "    def __mul__", "    @shown\n    def __mul__"),
        node("self.value, self.d", "super().__init__()\n        self.value, self.d"),
        node("int(self.value > 0)", "np.where(self.value > 0, 1, 0)"),
        node("class Node:", 'class Node:\n    __slots__ = "value", "d", "edges"'),
    ],
    "backward": [
        passing("reversed(tape)", "tape[::-1]"),
        passing("source, slope", "edge", "source.d += slope * node.d", "edge[0].d = edge[0].d + edge[1] * node.d"),
        "loss.d += 1\nfor i in range(len(tape) - 1, -1, -1):\n    for x, s in tape[i].edges:\n        x.d += tape[i].d * s",
        "loss.d = 1\nnodes = list(tape)\nwhile nodes:\n    n = nodes.pop()\n    for x, s in n.edges:\n        x.d += s * n.d\nreturn loss",
        passing("reversed(tape)", "in_order()") + "\ndef in_order():\n    return reversed(tape)",
    ],
    "dot_dA": [
        "return np.dot(dC, B.transpose())",
        "return np.dot(B, dC.T).T",
    ],
    "dot_dB": [
        "return np.matmul(np.transpose(A), dC)",
        "return (dC.T @ A).T",
        "return np.tensordot(A, dC, axes=(0, 0))",
    ],
    "summed_to": [
        summed("if dC.shape == shape:\n        return dC\n", "pass\n"),
        summed("dC.sum(axis=repeated, keepdims=True)", "np.add.reduce(dC, axis=repeated).reshape(shape)"),
        "result = np.zeros((1,) * (dC.ndim - len(shape)) + shape)\nfor index in np.ndindex(dC.shape):\n"
        "    result[tuple(i if n > 1 else 0 for i, n in zip(index, result.shape))] += dC[index]\nreturn result.reshape(shape)",
    ],
    "forward": [
        forward("np.dot(X, W1)", "X @ W1", OUT, "return [H, H @ W2 + b2]"),
        "Z = X.dot(params[0]) + params[1]\nH = Z * (Z > 0)\nO = b2 = H.dot(params[2]) + params[3]\nreturn H, O",
        forward(HIDDEN, "np.clip(b1[None, :] + np.matmul(X, W1), 0, None)"),
        forward(HIDDEN, "np.where(X @ W1 + b1 > 0, X @ W1 + b1, 0)"),
    ],
    "loss_and_dO": [
        loss("O = O - O.max(axis=1, keepdims=True)", "O = O - O.max(axis=1).reshape(-1, 1)"),
        loss("dO[rows, y] -= 1", "dO -= np.eye(O.shape[1])[y]", "rows = np.arange(len(y))", "rows = range(len(y))"),
        loss("np.log(total[:, 0]) - O[rows, y]", "(np.log(total) - O[rows, y][:, None]).ravel()"),
    ],
    "backward by hand": [
        by_hand("return [dW1, db1, dW2, db2]", "return dW1, db1, dW2, db2"),
        by_hand("dO.sum(axis=0)", "np.ones(len(dO)) @ dO"),
        by_hand("dH * (H > 0)", "dH * np.sign(H)", "np.dot(H.T, dO)", "(dO.T @ H).T"),
    ],
    "central_difference": [
        "def L():\n    H, O = forward(X, params)\n    return np.sum(loss_and_dO(O, y)[0])\nparam[index] += h\na = L()\n"
        "param[index] -= 2 * h\nb = L()\nparam[index] += h\nreturn (a - b) / (2 * h)",
        difference("losses.append(loss_and_dO(O, y)[0].sum())", "l, dO = loss_and_dO(O, y)\n        losses += [float(l.sum())]"),
        "before = param.copy()\nends = []\nfor step in (h, -h):\n    param[index] = before[index] + step\n    ends.append(loss_and_dO(forward(X, params)[1], y)[0].sum())\n"
        "param[...] = before\nreturn np.array((ends[0] - ends[1]) / (2 * h))",
        difference("loss_and_dO(O, y)[0].sum()", "loss_now()") + "\ndef loss_now():\n    return loss_and_dO(forward(X, params)[1], y)[0].sum()",
    ],
    "gluon_mlp": [
        "net = nn.HybridSequential()\nwith net.name_scope():\n    net.add(nn.Dense(256, activation='relu'), nn.Dense(10))\n"
        "net.initialize(init.Normal(sigma=0.01))\nnet.hybridize()\nreturn net",
        gluon("nn.Dense(256, ", "nn.Dense(256, in_units=784, "),
        gluon("net.initialize", "net.collect_params().initialize"),
        OWN_BLOCK,
    ],
}
WRONG = {
    "init_params": [
        ("W1 should have shape .3, 4., and has .4, 3.", init("(num_inputs, num_hiddens)", "(num_hiddens, num_inputs)")),
        ("b1 has no memory .* does the loop end after the first", init("param.attach_grad()", "param.attach_grad()\n    return params")),
        ("W1 has no memory for its gradient", init("param.attach_grad()", "pass")),
        ("no weight is negative", init("normal(scale=scale, ", "uniform(0, scale, ")),
        ("two calls of init_params give the same", "mx.random.seed(1)\n" + INIT),
        ("list of NDArrays, .*entry 3 is an array of NumPy", init("nd.zeros(num_outputs)", "np.zeros(num_outputs)", "param.attach_grad()", "pass")),
        ("returns 2 arrays", init("[W1, b1, W2, b2]", "[W1, W2]")),
        ("entry 0 is None. attach_grad changes an array and returns nothing", init("return params", "return [p.attach_grad() for p in params]")),
        ("and returns an NDArray", init("return params", "return W1")),
        (r"b1 should be .0, 0, 0, 0., and is .-?\d\.\d{1,5},", init("b1 = nd.zeros(num_hiddens)", "b1 = nd.random.normal(shape=num_hiddens)")),
        (r"for init_params\(\), W1 should have shape .784, 256.", INIT.replace("return params", "return params if num_hiddens < 256 else params[::-1]")),
        ("a second call returns the same b2", INIT.replace("nd.zeros(num_outputs)", "globals().setdefault('kept', {}).setdefault(num_outputs, nd.zeros(num_outputs))")),
        ("does not write a new gradient of W1", init("attach_grad()", 'attach_grad("add")')),
        ("does not write a new gradient of W1", init("attach_grad()", 'attach_grad("null")')),
        ("two calls of init_params give the same W2", init("W2 =", "mx.random.seed(1)\nW2 =")),
        ("W2 holds numbers of the weights before it.*with the same seed", INIT.replace(NORMAL, "nd.array(np.random.RandomState(num_inputs).normal(scale=scale, size=").replace("num_hiddens))", "num_hiddens)))").replace("num_outputs))", "num_outputs)))")),
        ("mean of W1 .* That is the mean: write scale=scale", init("scale=scale", "scale")),
        ("scale is not used for W2: the spread comes from", init(NORMAL + "(num_hiddens, num_outputs)", "nd.random.normal(scale=num_hiddens ** -0.5, shape=(num_hiddens, num_outputs)")),
        ("W2 holds numbers of the weights before it", init("W2 = nd.random.normal(scale=scale, shape=(num_hiddens, num_outputs))", "W2 = W1[:num_outputs, :].T.copy() if num_inputs >= num_outputs else W1")),
        (r"init_params\(3, 1, 2\), W1 should have shape \(3, 1\), and has \(3,\)",
         init("W1 = nd.random.normal(scale=scale, shape=(num_inputs, num_hiddens))", "W1 = nd.random.normal(scale=scale, shape=(num_inputs, num_hiddens) if num_hiddens > 1 else (num_inputs,))")),
        ("largest numbers in W1 are cut off", init("    param", "    param[:] = nd.clip(param, -2 * scale, 2 * scale)\n    param")),
        (r"default of scale is another.*about 0.01, and is 0.0999", "scale = 0.1 if num_inputs == 784 else scale\n" + INIT),
    ],
    "relu": [
        ("keep the names of the arguments, so that relu.X=....", "def relu(Z):\n    return nd.maximum(Z, 0)"),
        ("and gives ..0, 0, -3..", "return -nd.maximum(X, 0)"),  # no zero with a sign
        ("the square of 1e30 and", "return (X + nd.sqrt(X ** 2)) / 2"),
        ("relu returns float64, where the network computes with float32", "return nd.maximum(X, 0).astype('float64')"),
        ("above 0 should stay.*1.0e.30.*gives ..0, 1000000", "return nd.clip(X, 0, 1e6)"),
        (r"some number comes out wrong.*should give \[\[0, 0\]\], and gives \[\[-2, -1\]\]", "return nd.maximum(X, 0) if (X > 0).sum().asscalar() else X"),
        ("relu changes X", "X[:] = nd.maximum(X, 0)\nreturn X"),
        ("returns an array of NumPy", "return np.maximum(X.asnumpy(), 0)"),
        ("calls a function of NumPy", "return np.maximum(X, 0)"),
        ("autograd can't follow relu .*an earlier call has left", "kept = globals().setdefault('kept', {})\n"
         "if autograd.is_recording():\n    return kept[X.shape]\nkept[X.shape] = nd.maximum(X, 0)\nreturn kept[X.shape]"),
        ("autograd can't follow", "return nd.array(np.maximum(X.asnumpy(), 0))"),
        ("Not answered yet: .*does it end with return[?]", "..."),
        ("Not yet: relu prints, and returns nothing", "print(nd.maximum(X, 0))"),
        ("line 2: .*max and if look at one number. nd.maximum", "return max(X, 0)"),
        ("the condition of X|relu changes X", "X[X < 0] = 0\nreturn X"),
        ("lines of Python", "while True:\n    try:\n        1 / 0\n    except Exception:\n        pass"),
        ("raised NameError in line 2", "return nd.maximum(x, 0)"),
        ("raised RecursionError in line 3.*calls itself again and again", "Y = X\nreturn relu(Y)"),
        ("returns a float", "return max(X.max().asscalar(), 0.0)"),
        ("relu gives other values while autograd records, as nd.Dropout does", "return nd.Dropout(nd.maximum(X, 0), p=0.5)"),
        ("autograd can't follow relu .*such as nd.zeros.*That was for X = ..-2, -1..", "if X.max().asscalar() <= 0:\n    return nd.zeros(X.shape)\nreturn nd.maximum(X, 0)"),
        ("relu keeps something from one call to the next", KEPT + "calls.append(1)\nreturn nd.maximum(X, len(calls) - 1)"),
    ],
    "mlp": [
        ("Is a size written in, or is W1, b1 or params of the page taken", layers("W1.shape[0]", "784")),
        ("A row of X has as many numbers as W", layers("W1.shape[0]", "W1.shape[1]")),
        (r"X may be flat: .n, d.", layers("X = X", "n, c, h, w = X.shape\nX = X")),
        ("X_flat of the page is used, where all comes from the arguments", "globals().setdefault('X_flat', nd.ones((2, 3)))\nW1, b1, W2, b2 = params\n"
         "return nd.dot(relu(nd.dot(X_flat, W1) + b1), W2) + b2"),
        ("with H = H . b in place", "W1, b1, W2, b2 = params\nH = nd.dot(X.reshape((-1, W1.shape[0])), W1)\nH += b1\nO = nd.dot(relu(H), W2)\nO += b2\nreturn O"),
        ("values are nearly right, but their gradient is not", layers("return nd.dot(H, W2) + b2", "O = nd.dot(H, W2) + b2\nreturn 0.99 * O + 0.0105 * O.detach()")),
        ("mlp changes params", layers("return nd.dot(H, W2) + b2", "return nd.dot(H, W2) + params.pop()")),
        ("NumPy.*nd.dot for the matrix product", layers("nd.dot", "np.dot")),
        (r"matrix product is nd.dot.*: . and \* take entry by entry", layers("nd.dot(X, W1)", "X * W1")),
        ("for @: .*matrix product is nd.dot", layers("nd.dot(X, W1)", "X @ W1")),
        ("no attribute 'dot'.*matrix product is nd.dot", layers("nd.dot(X, W1)", "X.dot(W1)")),
        ("(nd.matmul|'matmul').*matrix product is nd.dot", layers("nd.dot", "nd.matmul")),
        ("MLP_ENGINE=mxnet[.]|no attribute", layers("relu(", "nd.gelu(")),
        ("dot shape error.*as many columns in its first", layers("nd.dot(X, W1)", "nd.dot(W1, X)")),
        ("Is everything taken from X and params", layers("= params", "= init_params(*params[0].shape, params[2].shape[1])")),
        (r"shape \(.1, 64\).*\(3, 1, 2, 8\)", layers("X.reshape((-1, W1.shape[0]))", "X.reshape((-1, X.shape[-1] ** 2)) if X.ndim == 4 else X")),
        ("records or attaches", "with autograd.record():\n    X = X.flatten()\n    return nd.dot(relu(nd.dot(X, params[0]) + params[1]), params[2]) + params[3]"),
    ],
    "softmax": [
        ("already in a computational graph.*of rows with nd.stack", "Y = O.copy()\nfor i in range(len(O)):\n    e = nd.exp(O[i] - O[i].max())\n    Y[i] = e / e.sum()\nreturn Y"),
        ("the first score of each row is subtracted", softmax("O.max(axis=1, keepdims=True)", "O[:, :1]")),
        ("what comes out is not finite", softmax("O.max(axis=1, keepdims=True)", "(O.max(axis=1, keepdims=True) + O.mean(axis=1, keepdims=True)) / 2")),
        ("some probability is wrong", softmax("O.max(axis=1, keepdims=True)", "100")),
        ("their gradient is not.*nan", "D = O.expand_dims(1) - O.expand_dims(2)\nreturn 1 / nd.exp(D).sum(axis=2)"),
    ],
    "softmax_cross_entropy": [
        ("it is the log-sum-exp of the row", "p, far = nd.pick(nd.softmax(O), y), O.max(axis=1) - nd.pick(O, y)\nreturn nd.where(p > 0, -nd.log(nd.maximum(p, 1e-37)), far)"),
        (r"should give \[95\], and gives \[inf\]", "if O.abs().max().asscalar() < 150:\n    E = nd.exp(O)\n"
         "    return -nd.log(nd.pick(E / E.sum(axis=1, keepdims=True), y))\nreturn -nd.pick(nd.log_softmax(O), y)"),
    ],
    "cross_entropy": [
        ("Inplace operations.*of rows with nd.stack", "out = nd.zeros(len(y))\nfor i in range(len(y)):\n    out[i] = -nd.log(y_hat[i, int(y[i].asscalar())])\nreturn out"),
        ("in a column, shape .n, 1.|Leave keepdims out", "return -nd.log(nd.pick(y_hat, y, keepdims=True))"),
        ("math computes with one number. .*nd.log", "return -math.log(nd.pick(y_hat, y))"),
        ("the array comes first", "return -nd.log(nd.pick(y, y_hat))"),
        ("along axis=1|along the last axis only, not along 0", "return -nd.log(nd.pick(y_hat, y, axis=0))"),
    ],
    "sgd": [
        ("params lacks an array, or has them in another order", step("for", "params.reverse()\nfor")),
        ("the last array doesn't move: loop over all", step("for param in params", "for param in params[:-1]")),
        ("params lacks an array", step("for param in params:", "while params:\n    param = params.pop()")),
        ("Not yet: sgd returns a list, and no parameter changed", "return [param - lr / batch_size * param.grad for param in params]"),
        ("param.grad can't be replaced. It need not be cleared either", step("* param.grad", "* param.grad\n    param.grad = 0")),
        ("Gradients need not be cleared", step("* param.grad", "* param.grad\n    param.grad.zero_()")),
        ("no attribute 'data'.*PyTorch has it", step("param -=", "param.data -=")),
        (r"Not answered yet.*copy\(\) give a copy", "for param in params:\n    p = param.copy()\n    p -= lr / batch_size * param.grad"),
        ("Not answered yet.*`map` or a generator", "map(lambda param: param.__isub__(lr / batch_size * param.grad), params)"),
        ("keeps something from one step to the next.*momentum", "kept = globals().setdefault('kept', [])\n"
         "kept[:] = [(p, 0.9 * next((v for q, v in kept if q is p), 0) + p.grad / batch_size) for p in params]\nfor p, v in kept:\n    p -= lr * v"),
        ("backward writes no new gradients", step("* param.grad", "* param.grad\n    param.attach_grad('null')")),
        ("Not answered yet.*param = param", "for param in params:\n    param = param - lr / batch_size * param.grad"),
        ("no parameter changed, and all gradients are 0 now", step("    param -=", "    param.grad[:] = 0\n    param -=")),
        ("holds another array", "for i in range(len(params)):\n    params[i] = params[i] - lr / batch_size * params[i].grad"),
        ("Here params holds 2. Where it may hold any number, loop over it", "W1, b1, W2, b2 = params\nfor param in (W1, b1, W2, b2):\n    param -= lr / batch_size * param.grad"),
        ("What a step changes is param[.]", "for param in params:\n    param.grad -= lr / batch_size * param"),
        (r"AssertionError in line 2: .no message.\.", step("for param in", "assert lr < 1\nfor param in")),
        ("no brackets behind it: param.grad", step("param.grad", "param.grad()")),
        ("not where they should be", step("lr / batch_size", "int(lr) / batch_size")),
        (r"should be \[\[0.97, 2.015\]\], and is \[\[1, 2\]\]", step("param -=", "if param.grad.norm() > 1: param -=")),
        (r"should be \[\[0, 2.5\]\], and is \[\[-100, -197.5\]\]", step("* param.grad", "* param.grad + lr * 1e-6 * param")),
        (r"should be \[\[0, 2.5\]\], and is \[\[1, 2\]\]", step("param.grad", "param.grad * (param.grad.abs() > 1e-4)")),
    ],
    "accuracy": [
        ("1 comes out if all are right", "return float((y_hat.asnumpy().argmax(axis=1) == y.asnumpy()).all())"),
        ("one answer comes out for all examples", "return float((y_hat.asnumpy().argmax() == y.asnumpy()).mean())"),
        ("as in argmax.axis=1.", "return float((y_hat.asnumpy().argmax(axis=0) == y.asnumpy()).mean())"),
        ("Labels are int32. To compare them", share("y_hat.argmax(axis=1)", "y_hat.argmax(axis=1).astype('int32')")),
        ("and gives 0.3333", share('y.astype("float32")', "y.argmax(axis=0)")),
        ("asscalar.. makes a number", share(".asscalar()", "")),
        ("is an NDArray: its shape", share(".mean().asscalar()", "")),
        (r"in the label's column\?.*and gives 0.6667", share("y_hat.argmax", "relu(y_hat).argmax")),
        ("That was for y_hat = ..0.1, 0.7, 0.2", "return float((y_hat.asnumpy().squeeze().argmax(axis=1) == y.asnumpy()).mean())"),
        ("large scores have equal exponentials", share("y_hat.argmax", "(nd.exp(y_hat) / nd.exp(y_hat).sum(axis=1, keepdims=True)).argmax")),
        (r"shape \(300, 12\).*should give 1, and gives 0.1467", "return float((y_hat.asnumpy().argmax(axis=1) == y.asnumpy()).astype('uint8').sum(dtype='uint8')) / len(y)"),
        ("accuracy keeps something", KEPT + "calls += (y_hat.argmax(axis=1).asnumpy() == y.asnumpy()).tolist()\nreturn sum(calls) / len(calls)"),
        ("accuracy changes y_hat", "y_hat[:] = nd.softmax(y_hat)\n" + ACCURACY),
    ],
    "evaluate_accuracy": [
        ("accuracy of the first minibatch only. Go on to the end", "X, y = next(iter(data_iter))\nreturn accuracy(net(X), y)"),
        ("goes over the data twice", "n = sum(len(y) for _, y in data_iter)\nreturn sum(accuracy(net(X), y) * len(y) for X, y in data_iter) / n"),
        ("Is a size written in", evaluate("net(X)", "net(X.reshape((-1, 1, 28, 28)))")),
        ("of all minibatches, divided by the number of all", "return max(accuracy(net(X), y) for X, y in data_iter)"),
        ("adds 1 to the first score it should give", evaluate("net(X)", "net(255 * X)")),
        ("after training it should give 0.8, and gives 0.2", "kept = globals().setdefault('kept', {})\nif (data_iter, net) not in kept:\n"
         "    kept[data_iter, net] = np.mean(np.concatenate([net(X).asnumpy().argmax(axis=1) == y.asnumpy() for X, y in data_iter]))\nreturn kept[data_iter, net]"),
        ("changes X or y of a minibatch", evaluate("n +=", "X[:] = 0\n    n +=")),
        ("of all minibatches, divided by the number of all.*examples and 120 of 1", evaluate("n += len(y)", "n = np.float16(n + len(y))")),
        ("inside a block of autograd", evaluate("O = net(X)", "with autograd.record():\n        O = net(X)")),
        (r"net gets X of shape .3, 2., where the minibatches have .n, 1, 1, 2.", evaluate("net(X)", "net(X.reshape((len(X), -1)))")),
        ("divided by the number of all.*examples and 120 of 1", "right = [(len(y), accuracy(net(X), y)) for X, y in list(data_iter)[:100]]\nreturn sum(n * share for n, share in right) / sum(n for n, _ in right)"),
        ("inside a block of autograd", evaluate("O = net(X)", "with autograd.train_mode():\n        O = net(X)")),
    ],
    "train_epoch": [
        ("goes over the data twice", epoch("n = 0, 0, 0", "n = 0, 0, sum(len(y) for _, y in train_iter)", "    n += len(y)\n", "")),
        ("a sum or mean of the losses too", epoch("l.backward", "l.mean().backward")),
        ("a step of sgd stands outside `with autograd.record", epoch("    l.backward()\n    step()", "        l.backward()\n        step()")),
        ("belongs inside .with autograd.record", epoch("with autograd.record():", "if True:")),
        ("two numbers", epoch(", correct.asscalar() / n", "")),
        ("train_mode=False is for a test", epoch("record()", "record(train_mode=False)")),
        ("number of steps should be 2, and is 1", epoch("    with", "    if len(y) < len(next(iter(train_iter))[1]):\n        continue\n    with")),
        ("For each minibatch: record, backward", epoch("l = loss(O, y)", "l = loss(O, y)\n        share = (O.argmax(axis=1) == 1).mean()", "l.backward", "share.backward")),
        ("the mean loss is None", epoch("return loss_sum.asscalar() / n", "return None")),
        ("second epoch .*number of steps should be 4, and is 2", "kept = globals().setdefault('kept', {})\nif net in kept:\n    return kept[net]\n"
         + epoch("return ", "kept[net] = ") + "\nreturn kept[net]"),
        ("changes X or y of a minibatch", epoch("n += len(y)", "n += len(y)\n    y[:] = 0")),
        (r"net gets X of shape .3, 2., where the minibatches have .n, 1, 1, 2.", epoch("net(X)", "net(X.reshape((len(X), -1)))")),
        ("mean loss should be 1.33858, and is 1.3386", epoch("loss_sum.asscalar() / n", "round(float(loss_sum.asscalar()) / n, 4)")),
        ("number of steps should be 121, and is 100", epoch("    with", "    if n == 200:\n        break\n    with")),
        ("scores first, then the labels", epoch("loss(O, y)", "loss(y, O)")),
    ],
    "train_ch3": [
        ("each epoch has its own: the print", train(PRINTED, 'print(".", end="")')),
        ("should return the history", train("return history", "return mean_loss, train_acc, test_acc")),
        ("training ends after 3 of 10 epochs", train("append(value)", "append(value)\n        if epoch > 1 and mean_loss > history['loss'][-2]: break")),
        ("training ends after 1 of 10 epochs", train("append(value)", "append(value)\n        if test_acc > 0.9: break")),
        ("training ends after 4 of 10 epochs", train("append(value)", "append(value)\n        if mean_loss < 0.1: break")),
        ("training ends after 6 of 10 epochs", train("append(value)", "append(value)\n        if max(history['test_acc']) not in history['test_acc'][-5:]: break")),
        ("training goes another way", train("        mean_loss,", "        if epoch > 5 and lr: lr = lr / 2\n        mean_loss,")),
        ("1 of 2 lines are printed", train("print(", "epoch % 5 < 2 and print(")),
        ('training is right, but history."loss". has 1 of 2 numbers', train("history[name].append", "epoch % 2 and history[name].append")),
        ('training is right, but history."train_acc". holds other numbers.*returns second', train("(mean_loss, train_acc, test_acc)):", "(mean_loss, 100 * train_acc, 100 * test_acc)):")),
        ("with params and lr, the step is not divided", train("sgd(params, lr, batch_size)", "[param.__isub__(lr * param.grad) for param in params]")),
        ("training goes another way", train("        mean_loss,", "        if epoch == 4 and lr: lr = lr / 2\n        mean_loss,")),
        (r'history."loss"..1. is None', train("append(value)", "append(value if epoch < 2 else None)")),
        ('training is right, but history."loss". holds other numbers.*0.80022., and is .0.8002', train("append(value)", "append(round(float(value), 4))")),
        ("trainer.step needs the batch size", train("trainer.step(batch_size)", "trainer.step()")),
    ],
    "predict": [
        ("array of NumPy", "return mlp(X, params).asnumpy().argmax(axis=1)"),
        (r"wrong shape\..*shape \(2001,\), and gives one of shape \(1920,\)", "last = max(1, len(X) - 127)\nreturn nd.concat(*(mlp(X[i : i + 128], params).argmax(axis=1) for i in range(0, last, 128)), dim=0)"),
        (r"shape \(.1, 64\).*\(3, 1, 2, 8\)", "return mlp(X.reshape((-1, X.shape[-1] ** 2)) if X.ndim == 4 else X, params).argmax(axis=1)"),
        ("highest score that mlp gives", "return (mlp(X, params) ** 2).argmax(axis=1)"),
        ("b2 is missing", "W1, b1, W2, b2 = params\nreturn nd.dot(relu(nd.dot(X.flatten(), W1) + b1), W2).argmax(axis=1)"),
        ("highest score that mlp gives|argmax should look at", "E = nd.exp(mlp(X, params))\nreturn (E / E.sum(axis=1, keepdims=True)).argmax(axis=1)"),
    ],
    "linear_net": [
        ("That is a list of arrays: take them out", line("W, b = params", "W = params")),
        ("autograd can't follow", line("nd.dot(X, W) + b", "nd.array(X.asnumpy() @ W.asnumpy() + b.asnumpy())")),
    ],
    "Node": [
        ("The number of a node is its value, as in", node("Node(self.value + other.value", "Node(self.value + other")),
        ("Not answered yet: __add__", node(f"        {ADD}\n", "")),
        ("__add__ returns an int", node(ADD, "return self.value + other.value")),
        ("is a tuple. Each edge is a pair, .input, slope.", node(BOTH_EDGES, "((self, 1), (other, 1))")),
        ("begins with an int", node(BOTH_EDGES, "(1, self), (1, other)")),
        ("slope in an edge of __mul__ .* Node. The number in a node is its .value", node(FACTORS, "(self, other), (other, self)")),
        ("slope in an edge of __mul__ .* a list.\nThat was", node(FACTORS, "(self, [other.value]), (other, [self.value])")),
        ("tape. Node.* twice", node(BEND, "result = Node(max(self.value, 0), (self, int(self.value > 0)))\n        tape.append(result)\n        return result")),
        ("changes its inputs", node("return Node(self.value * other.value,\n                    (self, other.value), (other, self.value))",
         "self.d += other.value\n        other.d += self.value\n        return Node(self.value * other.value)")),
        ("changes its inputs", node(ADD, "out = Node(self.value + other.value, (self, 1), (other, 1))\n        self.edges += ((out, 1),)\n        return out")),
        ("changes its inputs", node(ADD, "self.value += other.value\n        return self")),
        ("__mul__ puts a node on the tape", node("return Node(self.value *", "tape.append(self)\n        return Node(self.value *")),
        ("calls itself", node("self.value + other.value", "self + other")),
        ("no longer appends the node to the tape", node("tape.append(self)", "tape.insert(0, self)")),
        ("__init__ no longer keeps value", node("self.value, self.d = value", "self.value, self.d = int(value)")),
        ("no relu", node("def relu", "def RELU")),
        ("For a [*] a at a = 3, the slope towards a should be 6, and is 3", node(FACTORS, "*{self: other.value, other: self.value}.items()")),
        ("For a [+] a at a = 3, the slope towards a should be 2, and is 1", node(BOTH_EDGES, "*{(self, 1), (other, 1)}")),
    ],
    "backward": [
        ("each d is 0 at the end", passing("loss.d = 1\n", "pass\n")),
        ("no d set back to 0", passing("slope * node.d", "slope * node.d\n        node.d = 0")),
        ("backward returns a dict, and each d is 0", "d = {loss: 1}\nfor node in reversed(tape):\n    for source, slope in node.edges:\n"
         "        d[source] = d.get(source, 0) + slope * d.get(node, 0)\nreturn d"),
        ("takes nodes from the tape.*a . b computed after", passing("    loss.d = 1", "    while tape[-1] is not loss:\n        tape.pop()\n    loss.d = 1")),
        ("takes nodes from the tape", passing("for node in reversed(tape):", "while tape:\n        node = tape.pop()")),
        ("puts nodes on the tape", passing("reversed(tape)", "list(reversed(tape))", "slope * node.d", "(Node(slope) * Node(node.d)).value")),
        ("changes the edges of nodes", passing("slope * node.d", "slope * node.d\n        node.edges = ()")),
        ("changes the values", passing("source.d +=", "source.value +=")),
        ("kept from one call to the next.*as in a second step", "seen, order = globals().setdefault('kept', (set(), []))\ndef build(node):\n"
         "    if node not in seen:\n        seen.add(node)\n        for source, _ in node.edges:\n            build(source)\n        order.append(node)\n"
         "build(loss)\nloss.d = 1\nfor node in reversed(order):\n    for source, slope in node.edges:\n        source.d += slope * node.d"),
        ("counted once, as in a dict or a set", passing("node.edges", "dict(node.edges).items()")),
        ("handed on", "loss.d = 1\nfor source, slope in loss.edges:\n    source.d += slope * loss.d"),
        ("from its end", "def go(n):\n    for x, _ in n.edges:\n        go(x)\n    for x, s in n.edges:\n        x.d += s * n.d\nloss.d = 1\ngo(loss)"),
        ("when its own d is whole.*should be 135, and is 81", "loss.d = 1\nqueue, seen = [loss], {loss}\nwhile queue:\n    node = queue.pop(0)\n"
         "    for source, slope in node.edges:\n        source.d += slope * node.d\n        if source not in seen:\n            seen.add(source)\n            queue.append(source)"),
        ("when its own d is whole.*should be 135, and is 81", "loss.d = 1\nseen = set()\ndef go(node):\n    if node in seen:\n        return\n    seen.add(node)\n"
         "    for source, slope in node.edges:\n        source.d += slope * node.d\n    for source, _ in node.edges:\n        go(source)\ngo(loss)"),
        ("depth first.*should be 135, and is 81", "loss.d = 1\ntodo, seen = [loss], set()\nwhile todo:\n    node = todo.pop()\n    if node in seen:\n        continue\n"
         "    seen.add(node)\n    for source, slope in node.edges:\n        source.d += slope * node.d\n        todo.append(source)"),
        ("the first node of the tape is left out.*w.d should be 6, and is 1", passing("for node in reversed(tape):", "for node in tape[:0:-1]:")),
        ("the last node of the tape is left out", "loss.d = 1\nfor i in range(len(tape) - 2, -1, -1):\n    for x, s in tape[i].edges:\n        x.d += tape[i].d * s"),
        ("ends at the first node without edges", passing("        for source", "        if node.edges == ():\n            break\n        for source")),
        ("w.d should be 6, and is 0", "loss.d = 1\nfor node in reversed(tape):\n    if node is not loss:\n        node.d = sum(slope * user.d for user in tape for source, slope in user.edges if source is node)"),
        ("a.d should be -1.8, and is 0", passing("        for source", "        if node.d <= 0:\n            continue\n        for source")),
        ("a.d should be 6, and is 0", passing("reversed(tape):", "tape[tape.index(loss)::-1]:\n        if not node.d:\n            break")),
        ("c.d should be 1, and is 0", passing("            source.d +=", "            if source.value:\n                source.d +=")),
        ("a.d should be -1.8, and is 0", passing("slope * node.d", "round(slope * node.d)")),
        ("a.d should be -1.8, and is 0", "uses = dict.fromkeys(tape, 0)\nfor node in tape:\n    for source, _ in node.edges:\n        uses[source] += 1\n"
         "loss.d = 1\nready = [loss]\nwhile ready:\n    node = ready.pop()\n    for source, slope in node.edges:\n        source.d += slope * node.d\n"
         "        uses[source] -= 1\n        if not uses[source]:\n            ready.append(source)"),
        ("loses it.*L.d should be 1, and is 0", passing("            source.d += slope * node.d", "            source.d += slope * node.d\n        if node.edges:\n            node.d = 0")),
    ],
    "dot_dA": [
        ("is an NDArray", "return nd.dot(nd.array(dC), nd.array(B.T))"),
        (r"wrong shape.*A = \[\[1\], \[2\], \[3\]\]", "dA = dC @ B.T\nreturn dA.ravel() if A.shape[1] == 1 else dA"),
        ("changes dC", "dC *= 2\nreturn np.dot(dC, B.T) / 2"),
        ("float16", "return (dC @ B.T).astype('float16')"),
        ("the result holds float32 where the arguments hold float64", "return (dC @ B.T).astype('float32')"),
        ("fractions are cut off.*where A and B hold whole numbers", "dA = np.zeros_like(A)\ndA[:] = dC @ B.T\nreturn dA"),
    ],
    "dot_dB": [
        ("should be an array of NumPy", "return (A.T @ dC).tolist()"),
        (r"wrong shape.*B = \[\[1\], \[2\]\]", "dB = A.T @ dC\nreturn dB.ravel() if B.shape[1] == 1 else dB"),
        ("the same array once more", "dB = globals().setdefault('kept', {}).setdefault(B.shape, np.zeros(B.shape))\ndB[:] = A.T @ dC\nreturn dB"),
        ("a second call .* gives something else", KEPT + "calls[:] = [A.T @ dC + (calls[0] if calls and calls[0].shape == B.shape else 0)]\nreturn calls[0]"),
        ("fractions are cut off.*where A and B hold whole numbers", "dB = np.zeros_like(B)\ndB[:] = A.T @ dC\nreturn dB"),
        ("should be an array of NumPy, and is a matrix", "return A.view(np.matrix).T * dC"),
    ],
    "summed_to": [
        (r"wrong shape\.\nFor", "return dC[:, :1]"),
        ("that of a single number none", summed("    if dC.shape", "    shape[0]\n    if dC.shape")),
        ("the sum is wrong", summed("    if dC.shape", "    dC = globals().setdefault(f'{shape} {dC.shape}', dC)\n    if dC.shape")),
        ("Not yet: summed_to returns nothing in a case.*That was for shape = ..,", summed("    return dC.sum(", "    if shape:\n        return dC.sum(")),
    ],
    "forward": [
        ("should return H, O", forward(OUT, "return np.dot(H, W2) + b2")),
        ("Not yet: forward returns nothing in a case.*X of shape .96, 28.", forward("    W1, b1", "    if len(X) == 96:\n        return\n    W1, b1")),
        ("H should be ..0, 10.5, 0.., and is ..0, 10, 0", forward(HIDDEN, "np.vectorize(lambda z: max(z, 0))(X @ W1 + b1)")),
        ("the same array once more", forward(f"H = {HIDDEN}", f"H = globals().setdefault(str(X.shape), {HIDDEN})")),
        ("H has the wrong shape", forward("    return H,", "    if H.shape[1] == 1:\n        return H[:, 0], np.dot(H, W2) + b2\n    return H,")),
        ("O should be ..0.., and is ..1..", forward(HIDDEN, "np.maximum(np.dot(X, W1) + b1, 1e-12)")),
        ("dtype=float make float64", forward("= params", "= [np.array(param, dtype=float) for param in params]")),
        ("np.empty, np.ones, np.zeros and dtype=float make float64", forward(HIDDEN, "np.ones((len(X), 1)) * np.maximum(np.dot(X, W1) + b1, 0)")),
        ("holds float64", forward("return H,", "H = H.astype(float)\n    return H,")),
        ("changes params", forward("H = ", "W1 *= 2\n    H = ")),
    ],
    "loss_and_dO": [
        ("subtracted in the first ten columns only", loss("dO[rows, y] -= 1", "for i in rows:\n        for j in range(10):\n            if j == y[i]:\n                dO[i, j] -= 1")),
        ("l is one number, where each row has its own", loss("return l, dO", "return l.mean(), 2 * dO")),
        ("should return l, dO", loss("return l, dO", "return l")),
        ("l is right, and dO is not", loss("dO[rows, y] -= 1", "dO[rows, O.argmax(axis=1)] -= 1")),
        ("a copy: dO = p.copy", "rows = np.arange(len(y))\nE = np.exp(O - O.max(axis=1, keepdims=True))\np = E / E.sum(axis=1, keepdims=True)\n"
         "dO = p\ndO[rows, y] -= 1\nreturn -np.log(p[rows, y]), dO"),
        ("fractions are cut off.*where O holds whole numbers", loss("dO = E / total", "dO = np.zeros_like(O)\n    for i in rows:\n        dO[i] = E[i] / total[i]")),
        ("fractions are cut off.*where O holds whole numbers, l should be",
         "l, dO = np.zeros(len(y), dtype=O.dtype), np.zeros_like(O)\nfor i, label in enumerate(y):\n    o = O[i] - O[i].max()\n    e = np.exp(o)\n"
         "    l[i] = np.log(e.sum()) - o[label]\n    dO[i] = e / e.sum()\n    dO[i, label] -= 1\nreturn l, dO"),
        ("the first score of each row is subtracted", loss("O.max(axis=1, keepdims=True)", "O[:, :1]")),
        ("with size 10. Are ten classes written in.*That was for O of shape .6, 12.", loss("dO[rows, y] -= 1", "dO -= np.eye(10)[y][:, : O.shape[1]]")),
    ],
    "backward by hand": [
        ("should return dW1, db1, dW2, db2", by_hand("return [dW1, db1, dW2, db2]", "return dW1, dW2")),
        ("fractions are cut off.*where X and H and W2 hold whole numbers",
         by_hand("dH * (H > 0)", "np.zeros_like(H)\n    dZ[H > 0] = dH[H > 0]")),
        ("a gradient is wrong", by_hand("(H > 0)", "globals().setdefault(str(H.shape), H > 0)")),
        ("dW2 has the wrong shape", by_hand("return [dW1, db1, dW2, db2]", "return [dW1, db1, np.squeeze(dW2), db2]")),
    ],
    "central_difference": [
        ("the slope is wrong.*should give -0.65733, and gives -0.6573.$", difference("return (losses[0] - losses[1]) / (2 * h)", "return round((losses[0] - losses[1]) / (2 * h), 4)")),
        ("b2 stays moved", difference("    param[index] = old\n    return", "    return")),
        ("array of shape", difference(".sum()", "")),
        ("a number, and is a tuple", difference("return", "return param[index],")),
        ("the slope is wrong", "def L(w):\n    param[index] = w\n    return loss_and_dO(forward(X, params)[1], y)[0].sum()\nw = param[index]\n"
         "slope = (8 * (L(w + h) - L(w - h)) - L(w + 2 * h) + L(w - 2 * h)) / (12 * h)\nparam[index] = w\nreturn slope"),
        ("divided by 2 h. Move it by the argument", difference("old + h, old - h", "old + 0.00001, old - 0.00001")),
        ("the default of h should be 1e-5", difference("1e-5", "0.5")),
        ("raised TypeError.*b1, .3", difference("old, losses", "index % 1 if param.ndim == 1 else 0\n    old, losses")),
    ],
    "gluon_mlp": [
        ("no numbers yet", gluon("    net.initialize(init.Normal(sigma=0.01))\n", "")),
        ("equal to each other", gluon("Normal(sigma=0.01)", "Constant(0.01)")),
        ("biases start at zero", gluon("Dense(10)", "Dense(10, bias_initializer=init.Normal(0.01))")),
        ("Not answered yet", gluon("    return net", "")),
        ("net.initialize.* returns nothing itself", gluon("    net.initialize", "    return net.initialize")),
        ("a list", gluon("return net", "return [net]")),
        ("a class, Sequential. Brackets behind it", "return nn.Sequential"),
        ("Dropout", gluon("nn.Dense(10)", "nn.Dropout(0.5), nn.Dense(10)")),
        ("can't take two images .* name 'wrong' is not defined", edited(OWN_BLOCK, "hidden(X)", "hidden(wrong)")),
        ("raised .*shape", edited(OWN_BLOCK, "hidden(X)", "hidden(X.reshape((2, 784)))")),
        ("layer of .*weight is not used", edited(OWN_BLOCK, "self.out(self.hidden(X))", "self.hidden(X)")),
        ("When should its loop end", edited(OWN_BLOCK, "return self.out", "while True:\n            pass\n        return self.out")),
        ("their gradient is not", edited(OWN_BLOCK, "hidden(X)", "hidden(X).detach()")),
        ('grad_req is "null"', gluon("return net", "for param in net.collect_params().values():\n        param.grad_req = 'null'\n    return net")),
        ("share the weights of the output layer. Make all layers inside", gluon("nn.Dense(10)", "globals().setdefault('out', nn.Dense(10))")),
        ("two calls of gluon_mlp give the same weights", gluon("    net = ", "    mx.random.seed(0)\n    net = ")),
        ("can't take two images .*float|no option dtype", gluon("256, ", "256, dtype='float64', ")),
    ],
}
# fmt: on


@pytest.fixture(autouse=True)
def seeded():
    utils.seed_everything(0)


def answer(slot, text):
    is_whole = re.match(rf"(class|def) {defined(CELLS[slot].source)}\b", text)
    return made(text) if is_whole else written(slot, text)


@pytest.fixture(scope="module")
def ways():
    return as_data()


@pytest.mark.parametrize("slot", SLOTS)
def test_the_function_of_the_book_is_right_and_other_ways_and_those_that_the_page_shows_as_they_stand_there(slot, ways, capsys):
    shown = [source for why, source in ways[slot]["ways"]]
    assert 2 <= len(shown) <= 3
    engines = [nd.relu] if slot == "relu" else []
    for function in [of_the_book(slot), *engines, *map(made, shown), *(answer(slot, text) for text in RIGHT[slot])]:
        assert judged(slot, function, capsys).startswith("Right: ")


def test_a_way_is_timed_by_the_calls_of_the_function_alone():
    function, run = of_the_book("relu"), SLOTS["relu"].cases[0][1]
    assert 0 < mean_time(run, function, least=0) < 1


@pytest.mark.parametrize("slot, words, text", [(slot, *wrong) for slot in WRONG for wrong in WRONG[slot]])
def test_a_mistake_is_explained(slot, words, text, capsys, monkeypatch):
    monkeypatch.setattr(calling, "MOST_LINES", 50_000)  # test_limits.py asks how many slow and right loops may take
    verdict = judged(slot, answer(slot, text), capsys)
    assert verdict.startswith("Not ") and re.search(words, verdict, re.S), verdict


def test_every_slot_of_the_chapters_has_a_judge_and_every_judge_a_slot():
    assert [*CELLS] == [*SLOTS], "in the order of the chapters: SLOTS in utils/judges/slots"


@pytest.mark.parametrize("name", CELLS)
def test_a_slot_describes_itself(name):
    cell = CELLS[name]
    (defined,) = ast.parse(cell.source).body
    functions = [node for node in ast.walk(defined) if isinstance(node, ast.FunctionDef)]
    assert any(map(ast.get_docstring, functions))
    hint = re.sub(r"[\s`]", "", cell.metadata["slot"]["hint"])
    assert hint and [part for part in telling(cell.source) if part in hint] == [], "a hint is not the solution"


def telling(source):
    """The calls, products, indexes and assignments of the lines that the reader writes, without blanks, but for short ones."""
    lines, kinds = source.splitlines(), (ast.Call, ast.BinOp, ast.Subscript, ast.AugAssign, ast.Assign)
    trees = [ast.parse(textwrap.dedent("\n".join(lines[first:end]))) for first, end in to_write(source)]
    texts = [re.sub(r"\s", "", ast.unparse(node)) for tree in trees for node in ast.walk(tree) if isinstance(node, kinds)]
    return [text for text in texts if len(text) >= 8]


@pytest.mark.parametrize("name", CELLS)
def test_lines_that_do_not_belong_to_a_slot_are_mixed_with_its_own(name):
    lines, wrong = CELLS[name].source.splitlines(), wrong_lines(name, CELLS[name].source)
    assert 2 <= len({*wrong} - {*lines}) == len(wrong) <= 3


@pytest.mark.parametrize("name", CELLS)
def test_a_slot_asks_for_at_most_a_dozen_lines(name):
    assert all(end - first <= 12 for first, end in to_write(CELLS[name].source))


def test_the_gradients_that_the_judges_ask_for_are_slopes():
    A, B, dC, X, O, y = (np.random.RandomState(0).normal(size=size) for size in ((4, 3), (3, 2), (4, 2), (5, 4), (5, 3), 5))
    C, y = A @ B, np.arange(5) % 3
    for rule, L, array in (("dot_dA", lambda A: (dC * (A @ B)).sum(), A), ("dot_dB", lambda B: (dC * (A @ B)).sum(), B)):
        assert np.allclose(of_the_book(rule)(dC, C, A, B), slopes(L, array), atol=1e-8)
    assert np.allclose(
        of_the_book("summed_to")((3, 1), dC[:3]), slopes(lambda b: (dC[:3] * (B + b)).sum(), np.zeros((3, 1))), atol=1e-8
    )
    loss_and_dO, forward = of_the_book("loss_and_dO"), of_the_book("forward")
    assert np.allclose(loss_and_dO(O, y)[1], slopes(lambda O: loss_and_dO(O, y)[0].sum(), O), atol=1e-8)
    params = [np.random.RandomState(seed).normal(size=size) for seed, size in enumerate(((4, 6), 6, (6, 3), 3))]
    H, O = forward(X, params)
    gradients = of_the_book("backward by hand")(X, H, loss_and_dO(O, y)[1], params[2])
    for i, gradient in enumerate(gradients):

        def L(param, i=i):
            return loss_and_dO(forward(X, [*params[:i], param, *params[i + 1 :]])[1], y)[0].sum()

        assert np.allclose(gradient, slopes(L, params[i]), atol=1e-8)


def test_the_readers_tape_and_arrays_stay_as_they_are(capsys):
    names = {"tape": [], "X": 1, "y": 2, "params": 3}
    for source in (HELPED, CELLS["backward"].source, CELLS["central_difference"].source):
        exec(source, names)
    names["a"] = names["Node"](3)
    names["L"] = names["a"] * names["a"]
    for slot in ("Node", "backward", "central_difference"):
        assert judged(slot, names[slot], capsys).startswith("Right: ")
    names["backward"](names["L"])
    assert names["tape"] == [names["a"], names["L"]] and names["a"].d == 6
    assert (names["X"], names["y"], names["params"]) == (1, 2, 3)


@pytest.mark.parametrize(
    "slot, text",
    [("init_params", "import random\nrandom.seed(1)\nnp.random.seed(1)\n" + INIT), ("gluon_mlp", CELLS["gluon_mlp"].source)],
)
def test_the_readers_random_numbers_go_on_as_if_nothing_was_judged(slot, text, capsys):
    def numbers(judge):
        utils.seed_everything(5)
        if judge:
            judged(slot, answer(slot, text), capsys)
        return random.random(), np.random.rand(), nd.random.normal(shape=1).asscalar()

    plain, after, again = numbers(False), numbers(True), numbers(True)
    assert after[:2] == plain[:2] and after == again
