"""The judges of the functions of chapters 9 to 12, on answers as readers write them, right and wrong."""

import functools
import random
import re

import numpy as np
import pytest
from mxnet import nd

import utils
from tests.support.slots import CELLS, edited, judged, made, of_the_book, slopes, written
from tools.notebooks.slots import defined

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# Answers to each slot: bodies of the function, or whole definitions. RIGHT are judged right; each key of WRONG is a part of the
# verdict. The mistakes in the judges' tables are asked in test_mistakes.py.
# fmt: off
node, passing, summed, forward, loss, by_hand, difference, gluon = (
    functools.partial(edited, CELLS[slot].source)
    for slot in ("Node", "backward", "summed_to", "forward", "loss_and_dO", "backward by hand", "central_difference", "gluon_mlp")
)
ADD, BOTH_EDGES = "return Node(self.value + other.value, (self, 1), (other, 1))", "(self, 1), (other, 1)"
FACTORS = "(self, other.value), (other, self.value)"
BEND = "return Node(max(self.value, 0), (self, int(self.value > 0)))"
HIDDEN, OUT = "np.maximum(product(X, W1) + b1, 0)", "return H, product(H, W2) + b2"
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
    "Node": [
        node(BOTH_EDGES, "(other, 1.0), (self, 1.0)", "int(self.value > 0)", "self.value > 0"),
        node(BEND, "if self.value > 0:\n            return Node(self.value, (self, 1))\n        return Node(0, (self, 0))"),
        node(BEND, "return self * Node(1 if self.value > 0 else 0)"),
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
        node("class Node:", 'class Node:\n    __slots__ = "value", "d", "edges"'),
    ],
    "backward": [
        passing("reversed(tape)", "tape[::-1]"),
        passing("loss.d = 1", "for node in tape:\n        node.d = 0\n    loss.d = 1.0"),
        passing("source, slope", "edge", "source.d += slope * node.d", "edge[0].d = edge[0].d + edge[1] * node.d"),
        "loss.d += 1\nfor i in range(len(tape) - 1, -1, -1):\n    for x, s in tape[i].edges:\n        x.d += tape[i].d * s",
        "order, seen = [], set()\ndef visit(n):\n    if id(n) not in seen:\n        seen.add(id(n))\n        for x, _ in n.edges: visit(x)\n"
        "        order.append(n)\nvisit(loss)\nloss.d = 1\nfor n in order[::-1]:\n    for x, s in n.edges: x.d += s * n.d",
        "loss.d = 1\nnodes = list(tape)\nwhile nodes:\n    n = nodes.pop()\n    for x, s in n.edges:\n        x.d += s * n.d\nreturn loss",
        passing("reversed(tape)", "in_order()") + "\ndef in_order():\n    return reversed(tape)",
    ],
    "dot_dA": [
        "return np.dot(dC, B.transpose())",
        "return product(B, dC.T).T",
        "return np.einsum('nh,dh->nd', dC, B)",
        "dA = np.zeros(A.shape)\nfor i in range(len(A)):\n    for j in range(A.shape[1]):\n        dA[i, j] = (dC[i] * B[j]).sum()\nreturn dA",
    ],
    "dot_dB": [
        "return np.matmul(np.transpose(A), dC)",
        "return (dC.T @ A).T",
        "return np.tensordot(A, dC, axes=(0, 0))",
        "dB = np.zeros_like(B)\nfor a, d in zip(A, dC):\n    dB += np.outer(a, d)\nreturn dB",
    ],
    "summed_to": [
        summed("if dC.shape == shape:\n        return dC\n", "pass\n"),
        "while dC.ndim > len(shape):\n    dC = dC.sum(axis=0)\nfor axis, length in enumerate(shape):\n    if length == 1:\n"
        "        dC = dC.sum(axis=axis, keepdims=True)\nreturn dC",
        "extra = dC.ndim - len(shape)\nfull = (1,) * extra + shape\naxes = tuple(i for i, n in enumerate(full) if n == 1)\n"
        "return dC.sum(axis=axes, keepdims=True).reshape(shape)",
        summed("dC.sum(axis=repeated, keepdims=True)", "np.add.reduce(dC, axis=repeated).reshape(shape)"),
        "result = np.zeros((1,) * (dC.ndim - len(shape)) + shape)\nfor index in np.ndindex(dC.shape):\n"
        "    result[tuple(i if n > 1 else 0 for i, n in zip(index, result.shape))] += dC[index]\nreturn result.reshape(shape)",
    ],
    "forward": [
        forward("product(X, W1)", "X @ W1", OUT, "return [H, H @ W2 + b2]"),
        forward(f"H = {HIDDEN}", "H = X @ W1 + b1\n    H[H < 0] = 0"),
        "Z = X.dot(params[0]) + params[1]\nH = Z * (Z > 0)\nO = b2 = H.dot(params[2]) + params[3]\nreturn H, O",
        forward(HIDDEN, "np.clip(b1[None, :] + np.matmul(X, W1), 0, None)"),
        forward(HIDDEN, "np.where(X @ W1 + b1 > 0, X @ W1 + b1, 0)"),
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
        by_hand("dZ = dH * (H > 0)", "dZ = dH\n    dZ[H <= 0] = 0"),
        by_hand("return [dW1, db1, dW2, db2]", "return dW1, db1, dW2, db2"),
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
        difference("losses.append(loss_and_dO(O, y)[0].sum())", "l, dO = loss_and_dO(O, y)\n        losses += [float(l.sum())]"),
        "before = param.copy()\nends = []\nfor step in (h, -h):\n    param[index] = before[index] + step\n    ends.append(loss_and_dO(forward(X, params)[1], y)[0].sum())\n"
        "param[...] = before\nreturn np.array((ends[0] - ends[1]) / (2 * h))",
        difference("loss_and_dO(O, y)[0].sum()", "loss_now()") + "\ndef loss_now():\n    return loss_and_dO(forward(X, params)[1], y)[0].sum()",
    ],
    "gluon_mlp": [
        "net = nn.Sequential()\nnet.add(nn.Dense(256, activation='relu'))\nnet.add(nn.Dense(10))\nnet.initialize(init.Normal(0.01))\nreturn net",
        "net = nn.Sequential()\nnet.add(nn.Flatten(), nn.Dense(256), nn.Activation('relu'), nn.Dense(10))\nnet.initialize(init.Normal())\nreturn net",
        gluon("nn.Sequential()", "nn.HybridSequential()"),
        gluon("nn.Dense(256, ", "nn.Dense(256, in_units=784, "),
        gluon("net.initialize", "net.collect_params().initialize"),
        OWN_BLOCK,
    ],
}
WRONG = {
    "Node": [
        ("the value of a node should be made of numbers below 1e308", node("self.value + other.value", "10**400")),
        ("Not answered yet: __add__", node(f"        {ADD}\n", "")),
        ("__add__ returns an int", node(ADD, "return self.value + other.value")),
        ("is a list. Each edge is a pair, .input, slope.", node(BOTH_EDGES, "[(self, 1), (other, 1)]")),
        ("is a tuple. Each edge is a pair, .input, slope.", node(BOTH_EDGES, "((self, 1), (other, 1))")),
        ("begins with an int", node(BOTH_EDGES, "(1, self), (1, other)")),
        ("slope in an edge of __mul__ .* Node", node(FACTORS, "(self, other), (other, self)")),
        ("tape. Node.* twice", node(BEND, "result = Node(max(self.value, 0), (self, int(self.value > 0)))\n        tape.append(result)\n        return result")),
        ("changes its inputs", node(ADD, "self.value += other.value\n        return self")),
        ("__mul__ puts a node on the tape", node("return Node(self.value *", "tape.append(self)\n        return Node(self.value *")),
        ("calls itself", node("self.value + other.value", "self + other")),
        ("__init__", node("tape.append(self)", "pass")),
        ("no longer appends the node to the tape", node("tape.append(self)", "tape.insert(0, self)")),
        ("no relu", node("def relu", "def RELU")),
        ("For a [*] a at a = 3, the slope towards a should be 6, and is 3", node(FACTORS, "*{self: other.value, other: self.value}.items()")),
        ("For a [+] a at a = 3, the slope towards a should be 2, and is 1", node(BOTH_EDGES, "*{(self, 1), (other, 1)}")),
        ("For a [*] a at a = 3, the slope towards a should be 6, and is 3",
         node("return Node(self.value * other.value,", "if self is other:\n            return Node(self.value ** 2, (self, self.value))\n        return Node(self.value * other.value,")),
    ],
    "backward": [
        ("each d should be made of numbers below 1e308", passing("loss.d = 1", "loss.d = 10**400")),
        ("no gradient changed", passing("loss.d = 1\n", "pass\n")),
        ("no gradient changed", "..."),
        ("changes the values", passing("source.d +=", "source.value +=")),
        ("lines of Python", passing("        for source", "        while node.edges: pass\n        for source")),
        ("raised ValueError", passing("source, slope in node.edges", "source, slope, d in node.edges")),
        ("handed on", "loss.d = 1\nfor source, slope in loss.edges:\n    source.d += slope * loss.d"),
        ("from its end", "def go(n):\n    for x, _ in n.edges:\n        go(x)\n    for x, s in n.edges:\n        x.d += s * n.d\nloss.d = 1\ngo(loss)"),
        ("when its own d is whole.*should be 135, and is 81", "loss.d = 1\nqueue, seen = [loss], {loss}\nwhile queue:\n    node = queue.pop(0)\n"
         "    for source, slope in node.edges:\n        source.d += slope * node.d\n        if source not in seen:\n            seen.add(source)\n            queue.append(source)"),
        ("when its own d is whole.*should be 135, and is 81", "loss.d = 1\nseen = set()\ndef go(node):\n    if node in seen:\n        return\n    seen.add(node)\n"
         "    for source, slope in node.edges:\n        source.d += slope * node.d\n    for source, _ in node.edges:\n        go(source)\ngo(loss)"),
        ("when its own d is whole.*should be 135, and is 81", "loss.d = 1\ntodo, seen = [loss], set()\nwhile todo:\n    node = todo.pop()\n    if node in seen:\n        continue\n"
         "    seen.add(node)\n    for source, slope in node.edges:\n        source.d += slope * node.d\n        todo.append(source)"),
        ("a.d should be -1.8, and is 0", passing("        for source", "        if node.d <= 0:\n            continue\n        for source")),
        ("a.d should be 6, and is 0", passing("reversed(tape):", "tape[tape.index(loss)::-1]:\n        if not node.d:\n            break")),
        ("c.d should be 1, and is 0", passing("            source.d +=", "            if source.value:\n                source.d +=")),
        ("a.d should be -1.8, and is 0", passing("slope * node.d", "round(slope * node.d)")),
        ("a.d should be -1.8, and is 0", "uses = dict.fromkeys(tape, 0)\nfor node in tape:\n    for source, _ in node.edges:\n        uses[source] += 1\n"
         "loss.d = 1\nready = [loss]\nwhile ready:\n    node = ready.pop()\n    for source, slope in node.edges:\n        source.d += slope * node.d\n"
         "        uses[source] -= 1\n        if not uses[source]:\n            ready.append(source)"),
        ("L.d should be 1, and is 0", passing("            source.d += slope * node.d", "            source.d += slope * node.d\n        if node.edges:\n            node.d = 0")),
        ("second pass finds nothing", passing("+= slope * node.d", "+= slope * node.d\n    tape.clear()")),
    ],
    "dot_dA": [
        ("is an NDArray", "return nd.dot(nd.array(dC), nd.array(B.T))"),
        ("changes dC", "dC *= 2\nreturn product(dC, B.T) / 2"),
        ("Not answered yet.*does it end with `return`", "product(dC, B.T)"),
        ("float16", "return (dC @ B.T).astype('float16')"),
        ("the result holds float32 where the arguments hold float64", "return (dC @ B.T).astype('float32')"),
    ],
    "dot_dB": [
        ("should be an array of NumPy", "return (A.T @ dC).tolist()"),
        ("Not answered yet", "..."),
        ("should be an array of NumPy, and is a matrix", "return A.view(np.matrix).T * dC"),
        ("the result holds float32 where the arguments hold float64", "return (A.T @ dC).astype('float32')"),
    ],
    "summed_to": [
        (r"wrong shape\.\nFor", "return dC[:, :1]"),
        ("the result holds float32 where the arguments hold float64", summed("dC.sum(axis=repeated, keepdims=True)", "dC.sum(axis=repeated, keepdims=True).astype('float32')")),
        ("the sum is wrong", summed("    if dC.shape", "    dC = globals().setdefault(f'{shape} {dC.shape}', dC)\n    if dC.shape")),
        ("Not yet: summed_to returns nothing in a case.*That was for shape = ..,", summed("    return dC.sum(", "    if shape:\n        return dC.sum(")),
    ],
    "forward": [
        ("should return H, O", forward(OUT, "return product(H, W2) + b2")),
        ("Not yet: forward returns nothing in a case.*X of shape .96, 28.", forward("    W1, b1", "    if len(X) == 96:\n        return\n    W1, b1")),
        ("a number is wrong", forward(f"H = {HIDDEN}", f"H = globals().setdefault(str(X.shape), {HIDDEN})")),
        ("a number is wrong", forward("= params", "= globals().setdefault(str(params[0].shape), params)")),
        ("H has the wrong shape", forward("    return H,", "    if H.shape[1] == 1:\n        return H[:, 0], product(H, W2) + b2\n    return H,")),
        ("H holds float32 where the arguments hold float64", forward(f"H = {HIDDEN}", f"H = ({HIDDEN}).astype('float32')")),
        ("holds float64", forward("return H,", "H = H.astype(float)\n    return H,")),
        ("changes params", forward("H = ", "W1 *= 2\n    H = ")),
        ("NDArray", forward("return H,", "return nd.array(H),")),
        ("H has the wrong shape", forward(HIDDEN, "np.max(product(X, W1) + b1, 0)")),
        ("H has the wrong shape", forward(OUT, "return H.T, (product(H, W2) + b2).T")),
    ],
    "loss_and_dO": [
        ("l is one number, where each row has its own", loss("return l, dO", "return l.mean(), 2 * dO")),
        ("changes O", loss("O = O - O", "O -= O")),
        ("should return l, dO", loss("return l, dO", "return l")),
        ("dO holds float32 where the arguments hold float64", loss("return l, dO", "return l, dO.astype('float32')")),
        ("raised .*That was for O of shape .5, 12.", loss("dO[rows, y] -= 1", "dO -= np.eye(10)[y][:, : O.shape[1]]")),
    ],
    "backward by hand": [
        ("should return dW1, db1, dW2, db2", by_hand("return [dW1, db1, dW2, db2]", "return dW1, dW2")),
        ("changes dO", by_hand("dH = ", "dO /= len(dO)\n    dH = ")),
        ("every gradient passes", by_hand(" * (H > 0)", "")),
        ("a gradient is wrong", by_hand("(H > 0)", "globals().setdefault(str(H.shape), H > 0)")),
        ("dW2 has the wrong shape", by_hand("return [dW1, db1, dW2, db2]", "return [dW1, db1, np.squeeze(dW2), db2]")),
        ("dW1 holds float32 where the arguments hold float64", by_hand("dW1 = product(X.T, dZ)", "dW1 = product(X.T, dZ).astype('float32')")),
    ],
    "central_difference": [
        ("the slope should be made of numbers below 1e308", difference("return (losses[0] - losses[1]) / (2 * h)", "return 10**400")),
        ("b2 stays moved", difference("    param[index] = old\n    return", "    return")),
        ("array of shape", difference(".sum()", "")),
        ("a number, and is a tuple", difference("return", "return param[index],")),
        ("the default of h should be 1e-5", difference("1e-5", "0.5")),
        ("the default of h should be 1e-5", difference("1e-5", "1e-12")),
        ("the slope is wrong", difference("old, losses", "h = max(h, 1e-2)\n    old, losses")),
        ("raised TypeError.*b1, .3", difference("old, losses", "index % 1 if param.ndim == 1 else 0\n    old, losses")),
    ],
    "gluon_mlp": [
        ("no numbers yet", gluon("    net.initialize(init.Normal(sigma=0.01))\n", "")),
        ("equal to each other", gluon("Normal(sigma=0.01)", "Constant(0.01)")),
        ("biases start at zero", gluon("Dense(10)", "Dense(10, bias_initializer=init.Normal(0.01))")),
        ("Not answered yet", gluon("    return net", "")),
        ("net.initialize.* returns nothing itself", gluon("    net.initialize", "    return net.initialize")),
        ("a list", gluon("return net", "return [net]")),
        ("Dropout", gluon("nn.Dense(10)", "nn.Dropout(0.5), nn.Dense(10)")),
        ("Not answered yet", gluon("    net = ", "    if 'built' in globals():\n        return\n    globals()['built'] = 1\n    net = ")),
        ("can't take two images .* name 'wrong' is not defined", edited(OWN_BLOCK, "hidden(X)", "hidden(wrong)")),
        ("raised .*shape", edited(OWN_BLOCK, "hidden(X)", "hidden(X.reshape((2, 784)))")),
        ("layer of .*weight is not used", edited(OWN_BLOCK, "self.out(self.hidden(X))", "self.hidden(X)")),
        ("When should its loop end", edited(OWN_BLOCK, "return self.out", "while True: pass\n        return self.out")),
        ("their gradient is not", edited(OWN_BLOCK, "hidden(X)", "hidden(X).detach()")),
        ('grad_req is "null"', gluon("return net", "for param in net.collect_params().values():\n        param.grad_req = 'null'\n    return net")),
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


@pytest.mark.parametrize("slot", RIGHT)
def test_the_function_of_the_book_and_other_ways_to_write_it_are_right(slot, capsys):
    for function in [of_the_book(slot), *(answer(slot, text) for text in RIGHT[slot])]:
        assert judged(slot, function, capsys).startswith("Right: ")


@pytest.mark.parametrize("slot, words, text", [(slot, *wrong) for slot in WRONG for wrong in WRONG[slot]])
def test_a_mistake_is_explained(slot, words, text, capsys):
    verdict = judged(slot, answer(slot, text), capsys)
    assert verdict.startswith("Not ") and re.search(words, verdict, re.S), verdict


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


def test_the_readers_random_numbers_go_on_as_if_gluon_mlp_was_not_judged(capsys):
    def numbers(judge):
        utils.seed_everything(5)
        if judge:
            judged("gluon_mlp", of_the_book("gluon_mlp"), capsys)
        return random.random(), np.random.rand(), nd.random.normal(shape=1).asscalar()

    plain, after, again = numbers(False), numbers(True), numbers(True)
    assert after[:2] == plain[:2] and after == again
