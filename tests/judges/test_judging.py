"""What all judges share: when they stop a function, and what they say of one that raises."""

import re

import pytest

from tests.support.slots import written
from utils.judges import calling
from utils.judges.all_judges import verdict_on

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# --- Loops: slow ones are right, endless ones are stopped ---------------------------------------------------------------------

SLOW = {
    "backward by hand": """
dW1, db1, dW2, db2 = np.zeros((X.shape[1], H.shape[1])), np.zeros(H.shape[1]), np.zeros(W2.shape), np.zeros(W2.shape[1])
for i in range(len(X)):
    for j in range(H.shape[1]):
        dz = 0
        for k in range(W2.shape[1]):
            dW2[j, k] += H[i, j] * dO[i, k]
            dz += dO[i, k] * W2[j, k]
        if H[i, j] <= 0:
            continue
        db1[j] += dz
        for k in range(X.shape[1]):
            dW1[k, j] += X[i, k] * dz
    for k in range(W2.shape[1]):
        db2[k] += dO[i, k]
return [dW1, db1, dW2, db2]""",
    "init_params": """
import random
def drawn(n, m):
    rows = []
    for _ in range(n):
        row = []
        for _ in range(m):
            row.append(random.gauss(0, scale))
        rows.append(row)
    return nd.array(rows)
params = [drawn(num_inputs, num_hiddens), nd.zeros(num_hiddens), drawn(num_hiddens, num_outputs), nd.zeros(num_outputs)]
for param in params:
    param.attach_grad()
return params""",
}


@pytest.mark.parametrize("slot", SLOW)
def test_loops_over_every_number_are_slow_and_right(slot):
    assert verdict_on(slot, written(slot, SLOW[slot])).kind == "right"


TRAINS = "train_epoch(net, train_iter, loss, lambda: sgd(params, lr, batch_size))"
STEPS = "with autograd.record():\n            l = loss(net(X), y)\n        l.backward()\n        step()"
ENDLESS = {
    "relu": ("2,000,000 lines of Python", "while True:\n    pass"),
    "evaluate_accuracy": ("over the data 100 times", "while True:\n    for X, y in data_iter: pass"),
    "train_epoch": ("over the data 100 times", f"while True:\n    for X, y in train_iter:\n        {STEPS}"),
    "train_ch3": ("over the data 100 times", f"epoch = 1\nwhile epoch <= num_epochs:\n    {TRAINS}"),
}


@pytest.mark.parametrize("slot", ENDLESS)
def test_a_loop_without_an_end_is_stopped(slot):
    so_far, body = ENDLESS[slot]
    verdict = verdict_on(slot, written(slot, body))
    assert verdict.kind == "not yet" and f"{so_far} and is not done. When should its loop end?" in verdict.why


def test_a_loop_of_few_and_long_lines_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    verdict = verdict_on("relu", written("relu", "while True:\n    nd.dot(nd.ones((99, 99)), nd.ones((99, 99))).asnumpy()"))
    assert verdict.why.startswith("relu has run for 0.1 seconds and is not done")


# --- Errors -------------------------------------------------------------------------------------------------------------------

RAISES = [
    ("softmax", "return O.max(dim=1)", "line 2: there is no argument dim here, only axis, keepdims.* Here dim is called axis[.]"),
    ("softmax", "return O.max(axis=1, keepdim=True)", "no argument keepdim here, only .* Here keepdim is called keepdims[.]"),
    ("softmax", "return nd.softmax(O, dim=1)", "no argument dim here, only .*axis.* Here dim is called axis[.]"),
    ("softmax", "return nd.softmax(O, 1)", "An axis is named: .*softmax[(].*, axis=1[)][.]$"),
    ("relu", "return nd.clip(X, min=0)", "no argument min here, only a_min, a_max. Here min is called a_min[.]"),
    ("relu", "return nd.relu(X.item())", "no attribute 'item'.* Here item is called asscalar[.]"),
    ("relu", "return nd.maximm(X, 0)", "no .*maximm.* Did you mean maximum[?]"),
    ("relu", "return X.reshap((-1,))", "no attribute 'reshap'.* Did you mean reshape[?]"),
    ("relu", "zero = 0\nreturn nd.maximum(X, zer)", "name 'zer' is not defined. Did you mean zero[?]"),
    ("relu", "return nd.maximum(X, nought)", "name 'nought' is not defined.$"),
    ("init_params", "return nd.random.normal(0, scale, size=(2, 3))", "'?size'?.* Here size is called shape[.]"),
    ("init_params", "return nd.random.normal(scale, (2, 3))", "takes the mean, the standard deviation and the shape"),
    ("init_params", "W = np.zeros((2, 3))\nW.attach_grad()", "an array of NumPy. nd has its own"),
    ("loss_and_dO", "dO = O.copy()\ndO[y] -= 1", "out of bounds for axis 0 with size 1[.]$"),
    ("cross_entropy", "return y_hat[7]", "out of bounds for axis 0 with size 2. An index counts from 0[.] And an NDArray"),
]  # fmt: skip


@pytest.mark.parametrize("slot, body, words", RAISES)
def test_what_is_said_of_an_error_is_true_and_helps(slot, body, words):
    assert re.search(words, verdict_on(slot, written(slot, body)).why)
