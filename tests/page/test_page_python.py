"""What the Python of a page knows of this course, without a page: its arrays, the networks that it trains, its judges."""

import json

import pytest

from press.notebooks.chapters import ROOT
from press.notebooks.fingerprint import modules_for
from tests.support.page_python import open_kernel

pytestmark = pytest.mark.any_prose

# A listing, and words below it. They run one after the other.
SAID = {
    "from mxnet import nd\nprint(nd.ones(2).asnumpy())": "[1. 1.]",
    "from mxnet import autograd\nautograd.record().__enter__()\nprint(autograd.is_recording())": "True",
    "print(autograd.is_recording(), autograd.is_training())": "False False",  # recording ends with the listing
    "nd.ones((1, 2)) + nd.ones(3)": "The shapes of these arrays don't fit together.\nMXNetError: ",
}
# What trains, and what is known after each epoch: epochs, learning rate and size of a minibatch, None where no number is true.
SETS = """import functools
from mxnet import autograd, nd
from utils import *
from utils.data import Minibatches
(images, labels), _ = fashion_mnist_arrays()
few, hundreds = (Minibatches(images[:512], labels[:512], size, shuffle=True) for size in (256, 100))
loss, test_iter, lr = softmax_cross_entropy, few, 0.5
def start(num_hiddens=8):
    seed_everything(0)
    return init_params(num_hiddens=num_hiddens)
def epoch(params, lr, data=few, update=sgd):
    train_epoch(lambda X: mlp(X, params), data, loss, lambda: update(params, lr, data.batch_size))
params = start()"""
EPOCHS = {
    "train_ch3(lambda X: mlp(X, params), few, test_iter, loss, 2, 256, params, 0.1)": [(1, 0.1, 256), (2, 0.1, 256)],  # not lr
    "epoch(params, 0.1)": [(3, 0.1, 256)],  # it goes on
    "params = tuple(start())\nfor rate in (0.1, 0.02): epoch(params, rate)": [(1, 0.1, 256), (2, None, 256)],
    "W1, b1, W2, b2 = start(10)\ndel params\nfor data in (few, hundreds): epoch([W1, b1, W2, b2], 0.25, data)": [
        (1, 0.25, 256), (2, 0.25, None)],
    "def train():\n    params = start()\n    for _ in range(2): epoch(params, 0.1)\n    return params\nfound = train()": [
        (2, None, 256)],
    "params = start()\nfor X, y in hundreds:\n    with autograd.record():\n        l = loss(mlp(X, params), y).mean()\n"
    "    l.backward()\n    for param in params: param -= 0.1 * param.grad": [(1, None, 100)],  # a mean of how many?
    "params = start()\ndef signs(params, lr, batch_size):\n    for param in params: param -= lr * nd.sign(param.grad)\n"
    "epoch(params, 0.001, update=signs)": [(1, None, 256)],  # along another direction
}  # fmt: skip
UNTRAINED = [
    "for X, y in few: pass",
    "for X, y in few: break",
    "params = start()\nepoch(params, 0.0, update=lambda *_: None)",  # gradients, and no step
    "params = start()\nepoch(params, float('inf'))",
    "deep = [nd.ones(shape) * 0.01 for shape in ((784, 5), (5, 6), (6, 10))]\nfor W in deep: W.attach_grad()\n"
    "train_epoch(lambda X: functools.reduce(nd.dot, deep, X.reshape((-1, 784))), few, loss, lambda: sgd(deep, 0.1, 256))",
    "params, history = 1, {'test_acc': [0.5]}",
]
# Of a relu, below a listing that gives num_inputs a value, what it returns, and words of what the page says.
JUDGED = {
    "nd.maximum(X, num_inputs)": "'num_inputs' is not defined. It is judged without",
    "nd.maximum(X, num_input)": "'num_input' is not defined. Did you mean num_inputs? It is judged without",
    "nd.maxmum(X, 0)": "Did you mean maximum?",
}
# Code in the place of a relu, and the number of the line in which it fails, 0 where it does not.
FAILING = {
    "def relu(X)\n    return X": 1,
    "import math\n\nmath.nothing": 3,
    "def relu(X):\n\n    return x": 3,
    "def relu(X):\n    return X[:1] if len(X) > 1 else log(X)": 2,  # in some cases
    "def relu(X):\n    return X": 0,
    "def relu(X):\n    return nd.maximum(X, 0)": 0,
}
IMPORTS = "from mxnet import nd"
STEPPED = {  # what is said of them, and which of their lines are followed
    "def relu(X):\n    print(X)\n    return nd.abs(X)": (
        "For X = [[-2, 0, 3]] your relu goes wrong first, and this is",
        [1, 2, 3],
    ),
    "def relu(X):\n    return X * (X > 0)": (
        "For X = [[-2, 0, 3]], the judge's first case, this is what your relu does.",
        [1, 2],
    ),
    "def relu(X):\n    Y = nd.clip(X, 0, 9)\n    return Y": (
        "For X = [[-1000, 1000], [-0.01, 0.01], [7, 8]] your relu",
        [1, 2, 3],
    ),
    "def relu(X):\n    while True:\n        pass": ("For X = [[-2, 0, 3]] your relu goes wrong first", [1, *[2, 3] * 500][:1000]),
    "def rel(X):\n    return X": ("There is no function relu here. Keep its name.", []),
    "def relu(X)\n    return X": ("Your relu can't be run. SyntaxError: expected ':'", []),
}
OPEN_BLOCK = "from mxnet import autograd\nautograd.record().__enter__()"
OTHER = "from mxnet import autograd\nprint(autograd.is_recording())\ndef other(X):\n    return X"
SGD = "def sgd(params, lr, batch_size):\n    for param in params:\n        param[:] = param - lr * param.grad / batch_size"
MINE = "from utils import sgd\nprint(sgd.__module__)"
DRAWING = [f"from utils.{path.stem} import one" for path in sorted(ROOT.glob("utils/[a-z]*.py"))]
DRAWING = [code for code in DRAWING if "utils.plotting" in modules_for(code)]  # which imports Matplotlib


@pytest.fixture(scope="module")
def answers():
    """What the kernel gives to all that is asked here, of one Python, because its start takes longer than the listings."""

    def listings(*codes):
        return [["run", i, code, [], None] for i, code in enumerate(codes)]

    def own(name, *given):
        return ["call", name, json.dumps(given)]

    asked = {
        "listings": listings(*SAID),
        "training": [["book.taken", "data"], *listings(SETS, *EPOCHS, *UNTRAINED)],
        "relu": [own("judge", "relu", "relu", f"def relu(X):\n    return {code}", ["num_inputs"]) for code in JUDGED],
        "failing": [own("judge", "relu", "relu", code, []) for code in FAILING],
        "stepped": [*listings(IMPORTS), *(own("step_through", "relu", "relu", code) for code in STEPPED)],
        "other": [*listings(OPEN_BLOCK), own("judge", "relu", "relu", OTHER, [])],
        "drawing": [["facts", code] for code in DRAWING],
        "mine": [own("use_mine", {"sgd": SGD}), *listings(MINE)],
    }
    with open_kernel() as ask:
        return {about: [(call, *ask(*call)) for call in calls] for about, calls in asked.items()}


def test_listings_with_arrays_and_a_recording(answers):
    for (_, _, code, *_), _, text in answers["listings"]:
        assert SAID[code] in text


def test_a_listing_that_imports_what_draws_gets_matplotlib_first(answers):
    without = [code for (_, code), facts, _ in answers["drawing"] if "matplotlib" not in json.loads(facts)["groups"]]
    assert len(DRAWING) > 3 and without == []


@pytest.fixture(scope="module")
def trained(answers):
    """Of each listing that trains how it ran, and the networks that the page gets."""
    return {
        code: (json.loads(given), [json.loads(line) for line in text.splitlines() if line.startswith('{"training"')])
        for (_, _, code, *_), given, text in answers["training"][2:]
    }


@pytest.mark.parametrize("code", EPOCHS)
def test_the_page_gets_the_network_of_each_epoch_however_it_is_trained(trained, code):
    run, networks = trained[code]
    assert [(one["epochs"], one.get("lr"), one.get("batch_size")) for one in networks] == EPOCHS[code]
    count = networks[-1]["epochs"]
    assert run["reached"] == (f"{count} epochs" if count > 1 else "1 epoch") and len({one["training"] for one in networks}) == 1
    assert all(0 <= one["accuracy"] <= 1 and one["curve"][-1] == [one["epochs"], one["accuracy"]] for one in networks)


@pytest.mark.parametrize("code", UNTRAINED)
def test_what_is_not_trained_or_no_network_of_the_demonstration_is_not_given_to_the_page(trained, code):
    run, networks = trained[code]
    assert run["how"] == ("failed" if "inf" in code else "ran") and networks == []


def test_a_draft_is_followed_on_the_first_case_that_goes_wrong_and_nothing_of_it_stays(answers):
    for (says, lines), (_, given, sent) in zip(STEPPED.values(), answers["stepped"][1:], strict=True):
        assert json.loads(given).startswith(says)
        noted = json.loads(sent) if lines else {"steps": []}
        assert [step["line"] for step in noted["steps"]] == lines and "\n" not in sent.strip(), "what it prints is not shown"


def test_a_name_that_a_function_lacks_is_one_of_another_listing_or_misspelt(answers):
    for said, (_, given, _) in zip(JUDGED.values(), answers["relu"], strict=True):
        assert said in json.loads(given)["verdict"]["why"]


def test_a_judge_gives_the_line_of_an_error(answers):
    assert [json.loads(given)["line"] for _, given, _ in answers["failing"]] == [*FAILING.values()]


def test_a_judge_does_not_begin_in_a_block_that_a_listing_left_open_and_asks_for_the_name(answers):
    judged = json.loads(answers["other"][-1][1])
    assert judged["printed"] == "False" and judged["verdict"]["why"].startswith("there is no relu here")


def test_utils_gives_the_sgd_of_who_has_written_one(answers):
    (_, problem, _), (_, _, whose) = answers["mine"]
    assert problem == '""' and whose == "mynet\n"


# Arguments for a function of the book's, and words of what it answers.
ASKED = {
    ("relu", "relu", "nd.array([[-1, 2]])"): '"text": "[[0.0, 2.0]]"',
    ("relu", "relu", "relu(nd.array([[-1, 2]]))"): '"text": "[[0.0, 2.0]]"',
    ("relu", "relu", "X=nd.array([[-1, 2]])  # by name"): '"text": "[[0.0, 2.0]]"',
    ("relu", "relu", "[1, 2]"): "The book's relu raised TypeError: X must be an NDArray",
    ("relu", "relu", "nd.array([[1,"): "This is no input for relu. closing parenthesis",
    ("relu", "relu", "unknown"): "This is no input for relu. NameError: name 'unknown'",
    ("relu", "relu", "exit()"): "This is no input for relu. SystemExit",
    ("sgd", "sgd", "[w], 0.5, 2"): '"text": "[0.5, -1.0]"',
    ("train_epoch", "train_epoch", "lambda X: X + b, endless(), softmax_cross_entropy, lambda: None"): "is not done",
    ("backward by hand", "backward", "np.ones((1, 2)), np.ones((1, 3)), np.ones((1, 2)), np.ones((3, 2))"): '"shape": "(2, 3)"',
}
PAGE = """import numpy as np
from mxnet import autograd, nd
w = nd.array([1, -2])
w.attach_grad()
with autograd.record():
    squares = w * w
squares.backward()
b = nd.zeros(2)
b.attach_grad()
def endless():
    while True: yield nd.array([[1, 2]]), nd.array([1])"""


def test_the_books_functions_answer_for_an_input_of_ones_own_and_change_nothing():
    with open_kernel() as ask:
        ask("run", 1, PAGE, [], None)
        said = {given: ask("call", "ask", json.dumps(given))[0] for given in ASKED}
        left = ask("run", 2, "print(w.asnumpy(), autograd.is_recording())", [], None)[1]
    assert {given: words for given, words in ASKED.items() if words not in said[given]} == {}, said
    assert left == "[ 1. -2.] False\n"
