"""A judge leaks nothing: whatever one function leaves behind, and in whatever order they are judged."""

import inspect
import random
import signal
import sys
import warnings

import numpy as np
import pytest
from mxnet import autograd, nd

from tests.support.slots import of_the_book, written
from utils.judges import judging
from utils.judges.all_judges import verdict_on
from utils.judges.slots import SLOTS

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

# What a function does before it goes on as the book's does.
LEAVING = {
    "errors of NumPy": 'np.seterr(all="raise")',
    "what NumPy calls": "np.seterr(all='call')\nnp.seterrcall(print)",
    "training mode": "autograd.train_mode().__enter__()",
    "recording": "autograd.record().__enter__()",
    "no block": "autograd.pause().__enter__()",
    "warnings": "import warnings\nwarnings.simplefilter('error')",
    "little depth": "import sys\nsys.setrecursionlimit(max(60, len(__import__('inspect').stack()) + 25))",
    "a trace": "import sys\nsys.settrace(lambda *args: None)\nsys.setprofile(lambda *args: None)",
    "deafness": "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)",
    "silence": "import sys, io\nsys.stdout = sys.stderr = io.StringIO()",
    "random numbers": "import random\nrandom.seed(3)\nnp.random.seed(3)\nmx.random.seed(3)",
}  # fmt: skip
BODIES = {
    "loss_and_dO": """
r = np.arange(len(y))
Z = O - O.max(axis=1, keepdims=True)
E = np.exp(Z)
dO = E / E.sum(axis=1, keepdims=True)
dO[r, y] -= 1
return np.log(E.sum(axis=1)) - Z[r, y], dO""",
    "evaluate_accuracy": """
right = n = 0
for X, y in data_iter:
    right += (net(X).argmax(axis=1) == y.astype("float32")).sum().asscalar()
    n += len(y)
return right / n""",
}


def state():
    numpy, blocks = (np.geterr(), np.geterrcall()), (autograd.is_training(), autograd.is_recording())
    python = warnings.filters[:], sys.getrecursionlimit(), sys.gettrace(), sys.getprofile(), signal.getsignal(signal.SIGINT)
    return numpy, blocks, python, sys.stdout, sys.stderr


@pytest.mark.parametrize("slot", BODIES)
@pytest.mark.parametrize("what", LEAVING)
def test_what_a_function_leaves_behind_is_put_back(slot, what):
    judging.known.cache_clear()  # else what the book gives could be known from before
    before = state()
    verdict_on(slot, written(slot, LEAVING[what] + BODIES[slot]))
    assert state() == before
    assert verdict_on(slot, written(slot, BODIES[slot])).kind == "right"


def spoiling(function):
    """`function`, which afterwards changes every array that it was given, or that was lent to it, for good."""
    names = inspect.unwrap(function).__globals__

    def spoils(*args, **kwargs):
        result = function(*args, **kwargs)
        spoil([*args, *kwargs.values(), *(names.get(name) for name in ("X", "y", "params", "tape", "forward"))])
        return result

    spoils.__wrapped__ = function
    return spoils


def spoil(value):
    if isinstance(value, (list, tuple)):
        for part in value:
            spoil(part)
    elif isinstance(value, (np.ndarray, nd.NDArray)) and value.size:
        value[:] = 5


def test_verdicts_do_not_depend_on_what_was_judged_before():
    """Functions that spoil what they are lent, then right ones and ones with a mistake, each time in another order."""
    judging.known.cache_clear()
    order = random.sample([*SLOTS], len(SLOTS))
    for slot in order:
        function = of_the_book(slot)
        if not isinstance(function, type):
            verdict_on(slot, spoiling(function))
    answers = [(slot, of_the_book(slot), None) for slot in SLOTS]
    for slot in SLOTS:
        if mistakes := getattr(SLOTS[slot], "mistakes", None):
            why = random.choice([*mistakes])
            answers.append((slot, mistakes[why], why))
    random.shuffle(answers)
    for slot, function, why in answers:
        verdict = verdict_on(slot, function)
        expected = ("not yet", why) if why else ("right", verdict.why)
        assert (verdict.kind, verdict.why) == expected, (slot, str(verdict), order, answers)
