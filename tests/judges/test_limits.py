"""When judges stop a function: an endless loop by its lines, its passes over the data or the clock, a slow one not at all."""

import signal
import sys

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
    assert verdict.kind == "not yet" and "over the data 200 times and is not done. When should its loop end?" in verdict.why


WORK = "nd.dot(nd.ones((99, 99)), nd.ones((99, 99))).asnumpy()"
CAUGHT = "while True:\n    try:\n        {}\n    except: pass"
HANGS = {
    "few and long lines": (f"while True: {WORK}", "has run for 0.2 seconds"),
    "a bare except": (CAUGHT.format(WORK), "has run for 0.2 seconds"),
    "a bare except in another": (CAUGHT.format(CAUGHT.format(WORK).replace("\n", "\n        ")), "has run for 0.2 seconds"),
    "short lines and a bare except": (CAUGHT.format("X = X"), "lines of Python"),
    "a power": ("return X * (10 ** (10 ** 9) % 7)", "has run for 0.2 seconds"),
    "a sum": ("import itertools\nsum(itertools.count())", "items of itertools.count"),
    "a list": ("from itertools import cycle\nlist(cycle(X))", "items of itertools.cycle"),
    "sleep": ("import time\ntime.sleep(1000)", "sleeps for 1000 seconds"),
    "short sleeps": ("import time\nwhile True: time.sleep(0.05)", "has waited for 1 seconds"),
    "an event": ("import threading\nthreading.Event().wait()", "has waited for 1 seconds"),
}

ASKED = {
    "run for": "If it has a loop, when should that end?",
    "sleeps": "What does it wait for?",
    "waited": "What does it wait for?",
    "": "When should its loop end?",
}


@pytest.fixture
def soon(monkeypatch):
    for limit, value in dict(SECONDS=0.2, PATIENCE=1, TICK=0.1, MOST_LINES=20_000).items():
        monkeypatch.setattr(calling, limit, value)


@pytest.mark.usefixtures("soon")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # if it comes in a __del__
@pytest.mark.parametrize("what", HANGS)
def test_what_has_no_end_is_ended(what):
    body, words = HANGS[what]
    verdict = verdict_on("relu", written("relu", body))
    assert verdict.why.startswith("relu ") and f"{words} and is not done. " in verdict.why
    assert verdict.why.endswith(ASKED[next(word for word in ASKED if word in words)])


@pytest.mark.usefixtures("soon")
def test_where_the_system_has_no_timer_a_thread_looks_at_the_clock(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)
    assert "has run for 0.2 seconds" in verdict_on("relu", written("relu", HANGS["a bare except"][0])).why


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone counts what a process takes more")
def test_what_fills_the_memory_is_ended(monkeypatch):
    monkeypatch.setattr(calling, "MEMORY", 2**27)
    grows = "a = [0]\nwhile True: a += a"
    assert "relu has filled the memory and is not done" in verdict_on("relu", written("relu", grows)).why
    large = "a = []\nwhile True: a.append(np.ones(5_000_000))"
    assert "relu has filled the memory: MemoryError in line 3: Unable" in verdict_on("relu", written("relu", large)).why


@pytest.mark.parametrize("error", ["SystemExit", "GeneratorExit", "type('Own', (BaseException,), {})", "Verdict('right', '')"])
def test_no_exception_is_a_way_out(error):
    verdict = verdict_on("relu", written("relu", f"from utils.judges.verdicts import Verdict\nraise {error}"))
    assert verdict.kind == "not yet" and "relu raised" in verdict.why


def test_the_end_of_python_is_none():
    assert "relu raised SystemExit in line 3: 3" in verdict_on("relu", written("relu", "import os\nos._exit(3)")).why


def test_an_interrupt_is_no_verdict():
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what runs in the background without it
    with pytest.raises(KeyboardInterrupt):
        verdict_on("relu", written("relu", "import signal\nsignal.raise_signal(signal.SIGINT)\nreturn nd.relu(X)"))
