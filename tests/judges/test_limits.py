"""When judges stop a function: an endless loop by its lines, its passes over the data or the clock, a slow one not at all."""

import pytest

from tests.support.slots import written
from utils.judges import calling
from utils.judges.all_judges import verdict_on

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

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
    "evaluate_accuracy": "while True:\n    for X, y in data_iter: pass",
    "train_epoch": f"while True:\n    for X, y in train_iter:\n        {STEPS}",
    "train_ch3": f"epoch = 1\nwhile epoch <= num_epochs:\n    {TRAINS}",
}


@pytest.mark.parametrize("slot", ENDLESS)
def test_a_loop_over_the_data_without_an_end_is_stopped(slot):
    verdict = verdict_on(slot, written(slot, ENDLESS[slot]))
    assert verdict.kind == "not yet" and "over the data 100 times and is not done. When should its loop end?" in verdict.why


def test_a_loop_of_few_and_long_lines_is_stopped_by_the_clock(monkeypatch):
    monkeypatch.setattr(calling, "SECONDS", 0.1)
    verdict = verdict_on("relu", written("relu", "while True:\n    nd.dot(nd.ones((99, 99)), nd.ones((99, 99))).asnumpy()"))
    assert verdict.why.startswith("relu has run for 0.1 seconds and is not done")
