"""Mistakes that learners are likely to make in each chapter, and the error or warning that they get.

Before each mistake, the cells of the chapter that contain the given texts are run. Calls with a wrong argument, and nothing else
to them, are in the table of test_helpers.py.
"""

import re
import warnings

import numpy as np
import pytest
from mxnet import nd

import utils
from press.notebooks.chapters import ROOT, code_cells
from tests.support.prose import read_source
from utils import data, fashion_mnist_arrays

pytestmark = [pytest.mark.own_engine, pytest.mark.every_chapter, pytest.mark.any_prose]

# fmt: off
GLUON = "from mxnet.gluon.loss import SoftmaxCrossEntropyLoss\nfrom utils import train_ch3\n"
TRAIN = ("from utils import softmax_cross_entropy, train_ch3\n"
         "train_ch3(lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, 1, batch_size, params, 0.5)")

# chapter, mistake, texts in the cells to run first, code that the learner types, class of the outcome, pattern of its message
MISTAKES = [
    ("fashion_mnist", "a cell out of order", ["from utils"], "next(iter(train_iter))", NameError, "name 'train_iter' is not defined"),
    ("fashion_mnist", "next without iter", ["from utils", "train_iter, test_iter ="], "next(train_iter)", TypeError, "is not an iterator"),
    ("parameters", "attach_grad left out, then backward", ["from utils"],
     "from mxnet import autograd\nfrom utils import init_params\nparams = [param.copy() for param in init_params()]\nwith autograd.record():\n"
     "    l = softmax_cross_entropy(mlp(nd.ones((5, 784)), params), nd.zeros(5))\nl.backward()", Exception, "use autograd.record"),
    ("activation", "a list for an array", ["from utils", "def relu"], "from utils import relu\nrelu([1, -2])", TypeError,
     r"X must be an NDArray, not list. Turn it into one with nd.array\(X\)"),
    ("model", "params left out", ["from utils", "X, y = next"], "from utils import mlp\nmlp(X)", TypeError,
     "missing 1 required positional argument: 'params'"),
    ("model", "X overwritten by what came out", ["from utils", "X, y = next"], "from utils import mlp\nX = mlp(X, params)\nmlp(X, params)",
     ValueError, r"X must hold 784 numbers an example, .* not \(256, 10\)"),
    ("model", "not flattened", ["from utils", "X, y = next"], "nd.dot(X, W1)", Exception, r"Check failed: .* \(28 vs. 784\)"),
    ("loss", "labels as decimal numbers", ["from utils"], "from utils import softmax_cross_entropy\n"
     "softmax_cross_entropy(nd.zeros((3, 10)), nd.array([0.0, 1.0, 2.0]))", None, ""),
    ("loss", "scores for probabilities", ["from utils"], "from utils import cross_entropy\n"
     "cross_entropy(nd.ones((3, 10)), nd.array([0, 1, 2]))", ValueError, "y_hat must hold probabilities .* softmax_cross_entropy"),
    ("training", "record left out", ["from utils", "for X, y in"], "l = softmax_cross_entropy(mlp(X, params), y)\nl.backward()", Exception,
     r"use autograd.record\(\)"),
    ("training", "the cell with backward run twice", ["from utils", "for X, y in"], "l.backward()\nl.backward()", Exception, "autograd.record"),
    ("training", "copies of params", ["from utils"], "params = [param.copy() for param in params]\n" + TRAIN, ValueError, r"call params\[0\].attach_grad"),
    ("training", "net with other params", ["from utils"], "old_params, params = params, init_params()\n" + TRAIN.replace("(X, params)", "(X, old_params)"),
     UserWarning, "All gradients of params are zero"),
    ("training", "batch_size overwritten", ["from utils"], "batch_size = 1\n" + TRAIN, ValueError, "batch_size is 1, but train_iter gives minibatches of 256"),
    ("training", "lr left out", ["from utils"], TRAIN.replace(", params, 0.5)", ", params)"), ValueError, "Pass params and lr"),
    ("training", "an iterator for an iterable", ["from utils"], "train_iter = iter(train_iter)\n" + TRAIN.replace(", 1, batch", ", 2, batch"), ValueError,
     "train_iter must be something that can be iterated again in each epoch, not <generator"),
    ("training", "a learning rate far too large", ["from utils"], TRAIN.replace("0.5)", "1e12)"), FloatingPointError,
     "epoch 1: the loss is nan, training diverged. Try a smaller learning rate"),
    ("training", "softmax before the loss that has it", ["from utils"],
     "from utils import softmax\n" + TRAIN.replace("lambda X: mlp(X, params)", "lambda X: softmax(mlp(X, params))"), None, ""),
    ("gluon", "initialize left out", ["from utils"], GLUON + "model = gluon.nn.Dense(10)\ntrain_ch3(model, train_iter, test_iter, "
     "SoftmaxCrossEntropyLoss(), 1, 256, trainer=gluon.Trainer(model.collect_params(), 'sgd'))", RuntimeError, "has not been initialized"),
    ("gluon", "a loss without its brackets", ["from utils"], GLUON + "model = gluon.nn.Dense(10)\nmodel.initialize()\n"
     "train_ch3(model, train_iter, test_iter, SoftmaxCrossEntropyLoss, 1, 256, trainer=gluon.Trainer(model.collect_params(), 'sgd'))", TypeError,
     "loss must be a function such as softmax_cross_entropy, called with 2 arguments" if utils.engine_name == "own"
     else r"loss\(net\(X\), y\) must be an NDArray, not SoftmaxCrossEntropyLoss"),
    ("gluon", "one score for ten classes", ["from utils"], GLUON + "model = gluon.nn.Dense(1)\nmodel.initialize()\n"
     "train_ch3(model, train_iter, test_iter, SoftmaxCrossEntropyLoss(), 1, 256, trainer=gluon.Trainer(model.collect_params(), 'sgd'))", ValueError,
     "y of train_iter must hold class numbers from 0 to 0, as there are 1 columns of scores"),
    ("problems", "a function called, not named", ["from utils"], "check_problem('counting', len('abc'))", "printed", "needs the function itself"),
    ("problems", "a problem's name misspelt", ["from utils"], "check_problem('countin', len)", KeyError, "choose from .*counting"),
    ("problems", "one function for two", ["from utils"], "check_problem('activation', len)", TypeError, "asks for 2 functions, not 1"),
    ("problems", "a cell run before it was edited", ["from utils"], "check_problem('counting', lambda sizes: ...)", "printed", "Not answered yet"),
]
# fmt: on


@pytest.fixture(scope="module")
def few():
    """So few images that an epoch is fast."""
    return [(images[:1000], labels[:1000]) for images, labels in fashion_mnist_arrays()]


@pytest.mark.parametrize("chapter, mistake, before, typed, outcome, words", MISTAKES, ids=[f"{s[0]}-{s[1]}" for s in MISTAKES])
def test_a_mistake_gets_a_message_that_says_what_to_do(chapter, mistake, before, typed, outcome, words, few, capsys, monkeypatch):
    path = next(ROOT.glob(f"chapters/*_{chapter}.md"))
    monkeypatch.setattr(data, "fashion_mnist_arrays", lambda root=None: few)
    monkeypatch.chdir(path.parent)
    sources = [cell.source for cell in code_cells(read_source(path))]
    space = {name: getattr(utils, name) for name in utils.__all__} | {
        "np": np,
        "nd": nd,
    }  # the names that the chapter's cells import
    for text in before:
        exec(next(source for source in sources if text in source), space)
    capsys.readouterr()
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", UserWarning)
        try:
            exec(typed, space)
            assert outcome in (None, UserWarning, "printed"), "neither an error nor a warning"
            said = [capsys.readouterr().out] if outcome == "printed" else [str(warning.message) for warning in caught]
        except Exception as error:
            if not isinstance(outcome, type) or not isinstance(error, outcome):
                raise
            said = [str(error)]
    assert outcome is None or any(re.search(words, text, re.S) for text in said), said
