"""The judges of the functions of chapters 9 to 12, on answers as readers write them, right and wrong."""

import functools
import random
import re

import numpy as np
import pytest
from mxnet import nd

import utils
from tests.support.slots import CELLS, edited, judged, made, of_the_book, slopes, written

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# Answers to each slot: bodies of the function, or the whole class. RIGHT are judged right; each key of WRONG is a part of the
# verdict.
# fmt: off
BACKWARD = """
loss.d = 1
for node in reversed(tape):
    for source, slope in node.edges:
        source.d += slope * node.d
"""
SUMMED = """
if dC.shape == shape:
    return dC
dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))
repeated = tuple(axis for axis, length in enumerate(shape) if length == 1)
return dC.sum(axis=repeated, keepdims=True)
"""
FORWARD = """
W1, b1, W2, b2 = params
H = np.maximum(X @ W1 + b1, 0)
return H, H @ W2 + b2
"""
LOSS = """
rows = np.arange(len(y))
O = O - O.max(axis=1, keepdims=True)
E = np.exp(O)
total = E.sum(axis=1, keepdims=True)
l = np.log(total[:, 0]) - O[rows, y]
dO = E / total
dO[rows, y] -= 1
return l, dO
"""
BY_HAND = """
dW2 = product(H.T, dO)
db2 = dO.sum(axis=0)
dH = product(dO, W2.T)
dZ = dH * (H > 0)
dW1 = product(X.T, dZ)
db1 = dZ.sum(axis=0)
return [dW1, db1, dW2, db2]
"""
DIFFERENCE = """
old, losses = param[index], []
for moved in (old + h, old - h):
    param[index] = moved
    H, O = forward(X, params)
    losses.append(loss_and_dO(O, y)[0].sum())
param[index] = old
return (losses[0] - losses[1]) / (2 * h)
"""
GLUON = """
net = nn.Sequential()
net.add(nn.Dense(256, activation="relu"), nn.Dense(10))
net.initialize(init.Normal(sigma=0.01))
return net
"""
BOTH_EDGES = "(self, 1), (other, 1)"
FACTORS = "(self, other.value), (other, self.value)"
BEND = "return Node(max(self.value, 0), (self, int(self.value > 0)))"

node, passing, summed, forward, loss, by_hand, difference, gluon = (
    functools.partial(edited, body)
    for body in (CELLS["Node"].source, BACKWARD, SUMMED, FORWARD, LOSS, BY_HAND, DIFFERENCE, GLUON)
)
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
RIGHT = {
    "Node": [
        node(BOTH_EDGES, "(other, 1.0), (self, 1.0)", "int(self.value > 0)", "self.value > 0"),
        node(BEND, "if self.value > 0:\n            return Node(self.value, (self, 1))\n        return Node(0, (self, 0))"),
        node(BEND, "return self * Node(1 if self.value > 0 else 0)"),
        node("Node(max(", "type(self)(max(", "self.value > 0", "self.value >= 0"),
        node(FACTORS, "*edges)", "        return Node(self.value * other.value,\n",
             "        edges = [(self, other.value), (other, self.value)]\n        return Node(self.value * other.value,\n", "*edges))", "*edges)"),
        node(BEND, "return Node(0.0) if self.value < 0 else self"),
    ],
    "backward": [
        passing("reversed(tape)", "tape[::-1]"),
        passing("loss.d = 1", "for node in tape:\n    node.d = 0\nloss.d = 1.0"),
        passing("source, slope", "edge", "source.d += slope * node.d", "edge[0].d = edge[0].d + edge[1] * node.d"),
        "loss.d += 1\nfor i in range(len(tape) - 1, -1, -1):\n    for x, s in tape[i].edges:\n        x.d += tape[i].d * s",
        "order, seen = [], set()\ndef visit(n):\n    if id(n) not in seen:\n        seen.add(id(n))\n        for x, _ in n.edges: visit(x)\n"
        "        order.append(n)\nvisit(loss)\nloss.d = 1\nfor n in order[::-1]:\n    for x, s in n.edges: x.d += s * n.d",
        "loss.d = 1\nnodes = list(tape)\nwhile nodes:\n    n = nodes.pop()\n    for x, s in n.edges:\n        x.d += s * n.d\nreturn loss",
    ],
    "dot_dA": [
        "return dC @ B.T",
        "return np.dot(dC, B.transpose())",
        "return product(B, dC.T).T",
        "return np.einsum('nh,dh->nd', dC, B)",
        "dA = np.zeros(A.shape)\nfor i in range(len(A)):\n    for j in range(A.shape[1]):\n        dA[i, j] = (dC[i] * B[j]).sum()\nreturn dA",
    ],
    "dot_dB": [
        "return A.T @ dC",
        "return np.matmul(np.transpose(A), dC)",
        "return (dC.T @ A).T",
        "return np.tensordot(A, dC, axes=(0, 0))",
        "dB = np.zeros_like(B)\nfor a, d in zip(A, dC):\n    dB += np.outer(a, d)\nreturn dB",
    ],
    "summed_to": [
        summed("if dC.shape == shape:\n    return dC\n", ""),
        "while dC.ndim > len(shape):\n    dC = dC.sum(axis=0)\nfor axis, length in enumerate(shape):\n    if length == 1:\n"
        "        dC = dC.sum(axis=axis, keepdims=True)\nreturn dC",
        "extra = dC.ndim - len(shape)\nfull = (1,) * extra + shape\naxes = tuple(i for i, n in enumerate(full) if n == 1)\n"
        "return dC.sum(axis=axes, keepdims=True).reshape(shape)",
        summed("dC.sum(axis=repeated, keepdims=True)", "np.add.reduce(dC, axis=repeated).reshape(shape)"),
        "result = np.zeros((1,) * (dC.ndim - len(shape)) + shape)\nfor index in np.ndindex(dC.shape):\n"
        "    result[tuple(i if n > 1 else 0 for i, n in zip(index, result.shape))] += dC[index]\nreturn result.reshape(shape)",
    ],
    "forward": [
        forward("X @ W1", "product(X, W1)", "return H, H @ W2 + b2", "return [H, product(H, W2) + b2]"),
        forward("H = np.maximum(X @ W1 + b1, 0)", "H = X @ W1 + b1\nH[H < 0] = 0"),
        "Z = X.dot(params[0]) + params[1]\nH = Z * (Z > 0)\nO = b2 = H.dot(params[2]) + params[3]\nreturn H, O",
        forward("np.maximum(X @ W1 + b1, 0)", "np.clip(b1[None, :] + np.matmul(X, W1), 0, None)"),
        forward("np.maximum(X @ W1 + b1, 0)", "np.where(X @ W1 + b1 > 0, X @ W1 + b1, 0)"),
    ],
    "loss_and_dO": [
        loss("O = O - O.max(axis=1, keepdims=True)", "O = O - O.max(axis=1).reshape(-1, 1)"),
        loss("dO[rows, y] -= 1", "dO -= np.eye(O.shape[1])[y]", "rows = np.arange(len(y))", "rows = range(len(y))"),
        "O = O - O.max(axis=1, keepdims=True)\nlog_p = O - np.log(np.exp(O).sum(axis=1, keepdims=True))\n"
        "one_hot = np.arange(O.shape[1]) == y[:, None]\nreturn -(log_p * one_hot).sum(axis=1), np.exp(log_p) - one_hot",
        "l, dO = np.zeros(len(O)), np.zeros(O.shape)\nfor i in range(len(O)):\n    z = O[i] - max(O[i])\n    e = np.exp(z)\n"
        "    l[i] = np.log(e.sum()) - z[y[i]]\n    dO[i] = e / e.sum()\n    dO[i, y[i]] -= 1\nreturn l, dO",
        loss("np.log(total[:, 0]) - O[rows, y]", "(np.log(total) - O[rows, y][:, None]).ravel()"),
    ],
    "backward by hand": [
        by_hand("dZ = dH * (H > 0)", "dZ = dH\ndZ[H <= 0] = 0"),
        by_hand("[dW1, db1, dW2, db2]", "dW1, db1, dW2, db2"),
        by_hand("dH * (H > 0)", "np.where(H > 0, dH, 0)", "product(X.T, dZ)", "X.T @ dZ"),
        by_hand("dO.sum(axis=0)", "np.ones(len(dO)) @ dO"),
        by_hand("dH * (H > 0)", "dH * np.sign(H)", "product(H.T, dO)", "(dO.T @ H).T"),
    ],
    "central_difference": [
        "old = param[index]\nparam[index] = old + h\nup = loss_and_dO(forward(X, params)[1], y)[0].sum()\nparam[index] = old - h\n"
        "down = loss_and_dO(forward(X, params)[1], y)[0].sum()\nparam[index] = old\nreturn (up - down) / 2 / h",
        "def L():\n    H, O = forward(X, params)\n    return np.sum(loss_and_dO(O, y)[0])\nparam[index] += h\na = L()\n"
        "param[index] -= 2 * h\nb = L()\nparam[index] += h\nreturn (a - b) / (2 * h)",
        "old, slope = param[index], 0\ntry:\n    for sign in (1, -1):\n        param[index] = old + sign * h\n        l, _ = loss_and_dO(forward(X, params)[1], y)\n"
        "        slope += sign * sum(l) / (2 * h)\nfinally:\n    param[index] = old\nreturn slope",
        difference("losses.append(loss_and_dO(O, y)[0].sum())", "l, dO = loss_and_dO(O, y)\n    losses += [float(l.sum())]"),
        "before = param.copy()\nends = []\nfor step in (h, -h):\n    param[index] = before[index] + step\n    ends.append(loss_and_dO(forward(X, params)[1], y)[0].sum())\n"
        "param[...] = before\nreturn np.array((ends[0] - ends[1]) / (2 * h))",
    ],
    "gluon_mlp": [
        "net = nn.Sequential()\nnet.add(nn.Dense(256, activation='relu'))\nnet.add(nn.Dense(10))\nnet.initialize(init.Normal(0.01))\nreturn net",
        "net = nn.Sequential()\nnet.add(nn.Flatten(), nn.Dense(256), nn.Activation('relu'), nn.Dense(10))\nnet.initialize(init.Normal())\nreturn net",
        gluon("nn.Sequential", "nn.HybridSequential"),
        gluon("nn.Dense(256, ", "nn.Dense(256, in_units=784, "),
        gluon("net.initialize", "net.collect_params().initialize"),
        OWN_BLOCK,
    ],
}
WRONG = {
    "Node": [
        ("the value of a node should be made of numbers below 1e308", node("self.value + other.value", "10**400")),
        ("Not answered yet: __add__", node("        return Node(self.value + other.value, (self, 1), (other, 1))\n", "")),
        ("For a \\* b|factor itself. A product", node(FACTORS, "(self, self.value), (other, other.value)")),
        ("those of a sum", node(FACTORS, BOTH_EDGES)),
        ("__add__ returns an int", node("Node(self.value + other.value, (self, 1), (other, 1))", "self.value + other.value")),
        ("edges are missing", node(", (self, 1), (other, 1)", "")),
        ("edge to other is missing", node(", (other, 1)", "")),
        ("pair, .input, slope.", node(BOTH_EDGES, "[(self, 1), (other, 1)]")),
        ("begins with an int", node(BOTH_EDGES, "(1, self), (1, other)")),
        ("slope in an edge of __mul__ .* Node", node(FACTORS, "(self, other), (other, self)")),
        ("slope is 1 everywhere", node("int(self.value > 0)", "1")),
        ("grows as fast as a: slope 1", node("int(self.value > 0)", "max(self.value, 0)")),
        ("what is negative comes through", node("max(self.value, 0)", "self.value")),
        ("tape. Node.* twice", node(BEND, "result = Node(max(self.value, 0), (self, int(self.value > 0)))\n        tape.append(result)\n        return result")),
        ("changes its inputs", node("return Node(self.value + other.value, (self, 1), (other, 1))", "self.value += other.value\n        return self")),
        ("calls itself", node("self.value + other.value", "self + other")),
        ("__init__", node("tape.append(self)", "pass")),
        ("no relu", node("def relu", "def RELU")),
    ],
    "backward": [
        ("wipes out", passing("+=", "=")),
        ("each d should be made of numbers below 1e308", passing("loss.d = 1", "loss.d = 10**400")),
        ("from its end", passing("reversed(tape)", "tape")),
        ("no gradient changed", passing("loss.d = 1\n", "")),
        ("no gradient changed", "..."),
        ("hands on its gradient before", "def go(n):\n    for x, s in n.edges:\n        x.d += s * n.d\n        go(x)\nloss.d = 1\ngo(loss)"),
        ("slopes are not used", passing("slope * node.d", "node.d")),
        ("gradient of the node is not handed on", passing("slope * node.d", "slope")),
        ("value of the loss", passing("loss.d = 1", "loss.d = loss.value")),
        ("last node of the tape", passing("loss.d = 1", "tape[-1].d = 1")),
        ("only the loss", passing("source.d += slope * node.d", "node.d += slope * source.d")),
        ("value of the node", passing("slope * node.d", "slope * node.value")),
        ("changes the values", passing("source.d +=", "source.value +=")),
        ("turned round", passing("for node in reversed(tape)", "tape.reverse()\nfor node in tape")),
        ("steps of Python", passing("    for source", "    while node.edges: pass\n    for source")),
        ("raised ValueError", passing("source, slope in node.edges", "source, slope, d in node.edges")),
        ("handed on", "loss.d = 1\nfor source, slope in loss.edges:\n    source.d += slope * loss.d"),
    ],
    "dot_dA": [
        ("B is not transposed", "return product(dC, B)"),
        ("transpose of the gradient", "return product(B, dC.T)"),
        ("other way round", "return product(B.T, dC)"),
        ("only B is|Only B is", "return product(dC.T, B.T)"),
        ("transposed in place of B", "return product(dC.T, B)"),
        ("gradient of B", "return product(A.T, dC)"),
        ("one by one", "return dC * B"),
        ("slope alone", "return B.T"),
        ("C is used", "return product(C, B.T)"),
        ("not a mean", "return product(dC, B.T) / len(dC)"),
        ("is an NDArray", "return nd.dot(nd.array(dC), nd.array(B.T))"),
        ("changes dC", "dC *= 2\nreturn product(dC, B.T) / 2"),
        ("Not answered yet.*does it end with `return`", "product(dC, B.T)"),
    ],
    "dot_dB": [
        ("A is not transposed", "return product(A, dC)"),
        ("transpose of the gradient", "return product(dC.T, A)"),
        ("other way round", "return product(dC, A.T)"),
        ("Only A is", "return product(A.T, dC.T)"),
        ("transposed in place of A", "return product(A, dC.T)"),
        ("gradient of A", "return product(dC, B.T)"),
        ("one by one", "return A * dC"),
        ("slope alone", "return A.T"),
        ("C is used", "return product(A.T, C)"),
        ("adds up what all rows", "return product(A.T, dC) / len(A)"),
        ("should be an array of NumPy", "return (A.T @ dC).tolist()"),
        ("Not answered yet", "..."),
    ],
    "summed_to": [
        ("comes back as it is", "return dC"),
        ("axis=0", "return dC if dC.shape == shape else dC.sum(axis=1)"),
        ("keepdims=True keeps", summed("axis=repeated, keepdims=True", "axis=repeated")),
        ("length 1 are not summed", summed("return dC.sum(axis=repeated, keepdims=True)", "return dC")),
        ("shape lacks are not summed", summed("dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))\n", "")),
        ("mean", summed(".sum(", ".mean(")),
        ("mean where", summed("return dC.sum", "return dC.mean")),
        ("everything", "return dC.sum()"),
        ("axis 0 whatever the shape", "return dC.sum(axis=0)"),
        ("first row", summed("dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))", "while dC.ndim > len(shape):\n    dC = dC[0]")),
        ("only the first", summed("dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))", "if dC.ndim > len(shape): dC = dC.sum(axis=0)")),
        ("reshape only", "return dC.reshape(shape)"),
        ("maximum", summed(".sum(", ".max(")),
        ("stay, with the length 1", summed("len(shape))))", "len(shape))), keepdims=True)")),
    ],
    "forward": [
        ("swapped", forward("return H, H @ W2 + b2", "return H @ W2 + b2, H")),
        ("relu is missing", forward("np.maximum(X @ W1 + b1, 0)", "X @ W1 + b1")),
        ("relu is on the scores", forward("H @ W2 + b2", "np.maximum(H @ W2 + b2, 0)")),
        ("Z, before relu", "Z = X @ params[0] + params[1]\nreturn Z, np.maximum(Z, 0) @ params[2] + params[3]"),
        ("b1 is added after", forward("X @ W1 + b1, 0)", "X @ W1, 0) + b1")),
        ("b1 is not added", forward(" + b1", "")),
        ("b2 is not added", forward(" + b2", "")),
        ("should return H, O", forward("return H, H @ W2 + b2", "return H @ W2 + b2")),
        ("Not answered yet", "if X.shape == (2, 5):\n    return" + FORWARD),
        ("Z, not from H|relu is missing", forward("np.maximum(X @ W1 + b1, 0)", "(X @ W1 + b1)")),
        ("holds float64", forward("return H,", "H = H.astype(float)\nreturn H,")),
        ("changes params", forward("H = ", "W1 *= 2\nH = ")),
        ("minimum", forward("maximum", "minimum")),
        ("NDArray", forward("return H,", "return nd.array(H),")),
        ("sigmoid", forward("np.maximum(X @ W1 + b1, 0)", "1 / (1 + np.exp(-X @ W1 - b1))")),
        ("softmax is applied", forward("return H, H @ W2 + b2", "E = np.exp(H @ W2 + b2)\nreturn H, E / E.sum(axis=1, keepdims=True)")),
    ],
    "loss_and_dO": [
        ("overflow", loss("O = O - O.max(axis=1, keepdims=True)\n", "")),
        ("1 is not subtracted", loss("dO[rows, y] -= 1\n", "")),
        ("columns of all labels", loss("dO[rows, y]", "dO[:, y]")),
        ("added at the label", loss("-= 1", "+= 1")),
        ("divided by the number of rows", loss("return l, dO", "return l, dO / len(y)")),
        ("mean", loss("return l,", "return l.mean(),")),
        ("l is the mean, and dO is divided", loss("return l, dO", "return l.mean(), dO / len(y)")),
        ("l is one number, where each row has its own", loss("return l, dO", "return l.mean(), 2 * dO")),
        ("l is the sum", loss("return l,", "return l.sum(),")),
        ("a column", loss("total[:, 0]", "total", "O[rows, y]\n", "O[rows, y][:, None]\n")),
        ("column for each label", loss("np.log(total[:, 0]) - O[rows, y]", "np.log(total) - O[:, y]")),
        ("score is not subtracted", loss(" - O[rows, y]", "")),
        ("changes O", loss("O = O - O", "O -= O")),
        ("has no logarithm", loss("np.log(total[:, 0]) - O[rows, y]", "-np.log((E / total)[rows, y])")),
        ("all rows of softmax", loss("dO = E / total", "dO = E / E.sum()")),
        ("axis=0", loss("dO = E / total", "dO = E / E.sum(axis=0)")),
        ("swapped", loss("return l, dO", "return dO, l")),
        ("should return l, dO", loss("return l, dO", "return l")),
        ("wrong sign", loss("np.log(total[:, 0]) - O[rows, y]", "O[rows, y] - np.log(total[:, 0])")),
        ("not divided by their sum", loss("E / total", "E.copy()")),
    ],
    "backward by hand": [
        ("H > 0, not H >= 0", by_hand("H > 0", "H >= 0")),
        ("where a unit is off", by_hand(" * (H > 0)", "")),
        ("turned round", by_hand("H > 0", "H <= 0")),
        ("multiplied by H", by_hand("(H > 0)", "H")),
        ("relu.dH.", by_hand("dH * (H > 0)", "np.maximum(dH, 0)")),
        ("dW2 is transposed", by_hand("product(H.T, dO)", "product(dO.T, H)")),
        ("dW1 is transposed", by_hand("product(X.T, dZ)", "product(dZ.T, X)")),
        ("W2 is not transposed", by_hand("W2.T", "W2")),
        ("before the mask", by_hand("product(X.T, dZ)", "product(X.T, dH)")),
        ("axis=0", by_hand("axis=0", "axis=1")),
        ("one number", by_hand("axis=0", "")),
        ("means", by_hand("sum(axis=0)", "mean(axis=0)")),
        ("order", by_hand("[dW1, db1, dW2, db2]", "[dW2, db2, dW1, db1]")),
        ("weights come first", by_hand("[dW1, db1, dW2, db2]", "[dW1, dW2, db1, db2]")),
        ("leave keepdims out", by_hand("axis=0", "axis=0, keepdims=True")),
        ("should return dW1, db1, dW2, db2", by_hand("[dW1, db1, dW2, db2]", "dW1, dW2")),
        ("changes dO", by_hand("dH = ", "dO /= len(dO)\ndH = ")),
        ("neither bias is summed", by_hand("dO.sum(axis=0)", "dO", "dZ.sum(axis=0)", "dZ")),
        ("number of examples", by_hand("return", "n = len(X)\nreturn", "dW1, db1, dW2, db2", "dW1 / n, db1 / n, dW2 / n, db2 / n")),
    ],
    "central_difference": [
        ("one side only", difference("old - h", "old", "(2 * h)", "h")),
        ("the slope should be made of numbers below 1e308", difference("return (losses[0] - losses[1]) / (2 * h)", "return 10**400")),
        ("that of w itself", difference("old - h", "old")),
        ("w - h to w \\+ h it is 2 h", difference("(2 * h)", "h")),
        ("multiplies by h", difference("(2 * h)", "2 * h")),
        ("W2|b2", difference("param[index] = old\n", "")),
        ("stays moved", difference("param[index] = old\n", "")),
        ("sign is wrong", difference("losses[0] - losses[1]", "losses[1] - losses[0]")),
        ("mean loss", difference(".sum()", ".mean()")),
        ("array of shape", difference(".sum()", "", "y)[0]", "y)[0]")),
        ("argument h is not used", difference("return", "h = 1e-5\nreturn", "old, losses", "h = 1e-5\nold, losses")),
        ("copy moved", difference("old, losses", "param = param.copy()\nold, losses")),
        ("whole array", difference("old, losses = param[index], []", "old, losses = param.copy(), []", "param[index]", "param[:]")),
        ("not divided", difference(" / (2 * h)", "")),
        ("should move by h", difference("(old + h, old - h)", "(h, -h)")),
        ("one example|number", difference("return", "return param[index],")),
    ],
    "gluon_mlp": [
        ("relu is missing", gluon(', activation="relu"', "")),
        ("on the scores as well", gluon("Dense(10)", "Dense(10, activation='relu')")),
        ("in place of the hidden layer", gluon(', activation="relu"), nn.Dense(10)', '), nn.Dense(10, activation="relu")')),
        ("no numbers yet", gluon("net.initialize(init.Normal(sigma=0.01))\n", "")),
        ("-0.07 to 0.07", gluon("init.Normal(sigma=0.01)", "")),
        ("not its square", gluon("0.01", "0.01 ** 2")),
        ("equally likely", gluon("Normal(sigma=0.01)", "Uniform(0.01)")),
        ("Xavier", gluon("Normal(sigma=0.01)", "Xavier()")),
        ("equal to each other", gluon("Normal(sigma=0.01)", "Constant(0.01)")),
        ("wrong order", gluon('nn.Dense(256, activation="relu"), nn.Dense(10)', "nn.Dense(10), nn.Dense(256)")),
        ("output layer is missing", gluon(", nn.Dense(10)", "")),
        ("hidden layer is missing", gluon('nn.Dense(256, activation="relu"), ', "")),
        ("784 units", gluon("256", "784")),
        ("biases start at zero", gluon("Dense(10)", "Dense(10, bias_initializer=init.Normal(0.01))")),
        ("sigmoid", gluon('"relu"', '"sigmoid"')),
        ("no biases", gluon("Dense(10)", "Dense(10, use_bias=False)", "256,", "256, use_bias=False,")),
        ("Not answered yet", gluon("return net", "")),
        ("a list", gluon("return net", "return [net]")),
        ("Dropout", gluon("nn.Dense(10)", "nn.Dropout(0.5), nn.Dense(10)")),
        ("too large", gluon("0.01", "0.1")),
        ("Not answered yet", "if 'built' in globals():\n    return\nglobals()['built'] = 1" + GLUON),
        ("can't take two images .* name 'wrong' is not defined", edited(OWN_BLOCK, "hidden(X)", "hidden(wrong)")),
        ("raised .*shape", edited(OWN_BLOCK, "hidden(X)", "hidden(X.reshape((2, 784)))")),
    ],
}
# fmt: on


@pytest.fixture(autouse=True)
def seeded():
    utils.seed_everything(0)


def answer(slot, text):
    return made(text) if slot == "Node" else written(slot, text)


@pytest.mark.parametrize("slot", RIGHT)
def test_the_function_of_the_book_and_other_ways_to_write_it_are_right(slot, capsys):
    for function in [of_the_book(slot), *(answer(slot, text) for text in RIGHT[slot])]:
        assert judged(slot, function, capsys).startswith("Right: ")


@pytest.mark.parametrize("slot, words, text", [(slot, *wrong) for slot in WRONG for wrong in WRONG[slot]])
def test_a_mistake_is_explained(slot, words, text, capsys):
    verdict = judged(slot, answer(slot, text), capsys).replace("\n", " ")
    assert verdict.startswith("Not ") and re.search(words, verdict), verdict


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
    for slot in ("Node", "backward", "central_difference"):
        exec(CELLS[slot].source, names)
    names["a"] = names["Node"](3)
    names["L"] = names["a"] * names["a"]
    for slot in ("Node", "backward", "central_difference"):
        assert judged(slot, names[slot], capsys).startswith("Right: ")
    names["backward"](names["L"])
    assert names["tape"] == [names["a"], names["L"]] and names["a"].d == 6
    assert (names["X"], names["y"], names["params"]) == (1, 2, 3)


def test_the_readers_random_numbers_go_on_as_if_gluon_mlp_was_not_judged(capsys):
    def numbers(judge):
        utils.seed_everything(5)
        if judge:
            judged("gluon_mlp", of_the_book("gluon_mlp"), capsys)
        return random.random(), np.random.rand(), nd.random.normal(shape=1).asscalar()

    plain, after, again = numbers(False), numbers(True), numbers(True)
    assert after[:2] == plain[:2] and after == again
