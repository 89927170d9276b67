"""Training: one seed, the update, the accuracy, the loop."""

import functools
import math
import random
import warnings

import mxnet as mx
import numpy as np
from mxnet import autograd

from . import arguments
from .arguments import checked


@checked(lambda seed: [arguments.integer("seed", seed, least=0, most=2**31 - 1)])
def seed_everything(seed):
    """Make what follows repeatable: seed Python, NumPy (which shuffles the images) and MXNet (which draws the weights).

    Raises ValueError unless seed is an integer from 0 to 2**31 - 1.
    """
    random.seed(seed)
    np.random.seed(seed)
    mx.random.seed(seed)


def _check_sgd(params, lr, batch_size):
    arguments.gradients("params", params)
    arguments.non_negative_number("lr", lr)
    arguments.positive_integer("batch_size", batch_size)


@checked(_check_sgd)
def sgd(params, lr, batch_size):
    """One step of minibatch stochastic gradient descent, in place: param <- param - lr * gradient / batch_size.

    The gradients are those of the *sum* of a minibatch's losses, as `backward` leaves them; dividing by batch_size makes
    the step follow their mean. Raises TypeError unless params is a list of NDArrays, ValueError if one of them has no
    gradient, lr is negative or not finite, or batch_size is not a positive integer.
    """
    for param in params:
        param -= lr / batch_size * param.grad


def _check_accuracy(y_hat, y):
    arguments.float32_scores("y_hat", y_hat)
    arguments.labels("y", y, y_hat)
    if np.isnan(y_hat.asnumpy()).any():
        raise ValueError(
            "y_hat holds NaN, which is neither right nor wrong. After training that diverged, try a smaller learning rate."
        )


@checked(_check_accuracy)
def accuracy(y_hat, y):
    """The share, from 0 to 1, of rows of y_hat: (n, q) whose largest entry is in the column that y: (n,) names.

    y_hat may hold scores or probabilities: softmax does not change which is the largest. Raises TypeError or ValueError
    unless y_hat is a float32 NDArray (n, q) without NaN and y holds n class numbers from 0 to q - 1.
    """
    return (y_hat.argmax(axis=1) == y.astype("float32")).mean().asscalar()


def _checked_walk(function):
    """A decorator for evaluate_accuracy: check what data_iter and net give on the way, and give NaN when a score is NaN.

    Without it, argmax takes NaN for the largest score, and a net of NaN would be right in one case of ten.
    """

    @functools.wraps(function)
    def wrapper(data_iter, net):
        arguments.collection("data_iter", data_iter)
        arguments.function("net", net, "lambda X: mlp(X, params)", 1)
        num_nan = 0

        def watched_net(X):
            nonlocal num_nan
            O = net(X)
            arguments.net_output(O, X)
            num_nan += (O != O).sum()  # NaN is the number that differs from itself
            return O

        share = function(arguments.minibatches("data_iter", data_iter), watched_net)
        return math.nan if num_nan.asscalar() > 0 else share

    return wrapper


@_checked_walk
def evaluate_accuracy(data_iter, net):
    """The share, from 0 to 1, of the examples of `data_iter` that `net` classifies correctly.

    `data_iter` gives minibatches X, y; net(X) gives scores (n, q). NaN when any of the scores is NaN. Raises ValueError when
    data_iter gives no minibatch, TypeError or ValueError when it gives something else than examples and their labels.
    """
    correct, n = 0, 0
    for X, y in data_iter:
        correct += (net(X).argmax(axis=1) == y.astype("float32")).sum()
        n += len(y)
    return correct.asscalar() / n


def _check_epoch(net, train_iter, loss, step):
    arguments.collection("train_iter", train_iter)
    arguments.function("net", net, "lambda X: mlp(X, params)", 1)
    arguments.function("loss", loss, "softmax_cross_entropy", 2)
    arguments.function("step", step, "lambda: sgd(params, lr, batch_size)", 0)

    def checked_net(X):
        O = net(X)
        arguments.net_output(O, X)
        return O

    def checked_loss(O, y):
        arguments.labels("y of train_iter", y, O)
        l = loss(O, y)
        arguments.ndarray("loss(net(X), y)", l)
        if l.shape != y.shape:
            raise ValueError(f"loss must give a value for each example, shape {y.shape}, not {l.shape}.")
        return l

    return checked_net, arguments.minibatches("train_iter", train_iter), checked_loss, step


@checked(_check_epoch)
def train_epoch(net, train_iter, loss, step):
    """One walk through `train_iter`, a step after each minibatch; returns the mean loss and the accuracy on the way.

    net(X) gives scores (n, q), loss(scores, y) a value for each example: (n,), and step() changes the parameters that `net`
    uses. Each example counts as the network saw it, just before the step that used it. Raises TypeError or ValueError when
    train_iter gives no minibatches of examples and labels from 0 to q - 1, or loss does not give a value for each example.
    """
    loss_sum, correct, n = 0, 0, 0
    for X, y in train_iter:
        with autograd.record():
            O = net(X)
            l = loss(O, y)
        l.backward()
        step()
        loss_sum += l.sum()
        correct += (O.argmax(axis=1) == y.astype("float32")).sum()
        n += len(y)
    return loss_sum.asscalar() / n, correct.asscalar() / n


def _check_train(net, train_iter, test_iter, loss, num_epochs, batch_size, params, lr, trainer):
    arguments.function("net", net, "lambda X: mlp(X, params)", 1)
    arguments.collection("train_iter", train_iter)
    arguments.collection("test_iter", test_iter)
    arguments.function("loss", loss, "softmax_cross_entropy", 2)
    arguments.positive_integer("num_epochs", num_epochs)
    arguments.positive_integer("batch_size", batch_size)
    if getattr(train_iter, "batch_size", batch_size) != batch_size:
        raise ValueError(
            f"batch_size is {batch_size}, but train_iter gives minibatches of {train_iter.batch_size}: "
            "pass that number, or the steps will be too long or too short."
        )
    if trainer is not None and not hasattr(trainer, "step"):
        raise TypeError(f"trainer must be a Gluon Trainer, not {type(trainer).__name__}.")
    if trainer is None:
        if params is None or lr is None:
            raise ValueError("Pass params and lr, to train by sgd, or a Gluon trainer.")
        _check_sgd(params, lr, batch_size)


def _warns_of_unused_params(function):
    """A decorator for train_ch3: warn when no gradient has reached params, so that they are as they were."""

    @functools.wraps(function)
    def wrapper(*args):
        history = function(*args)
        *_, params, _, trainer = args
        if trainer is None and all((param.grad == 0).min().asscalar() for param in params):
            warnings.warn(
                "No gradient has reached params, and they are as they were. net must use these very arrays, "
                "as in lambda X: mlp(X, params), not others or copies of them.",
                stacklevel=3,
            )
        return history

    return wrapper


@checked(_check_train)
@_warns_of_unused_params
def train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, params=None, lr=None, trainer=None):
    """Train `net` for `num_epochs` walks through `train_iter`, print a line after each, and return the history.

    net(X) gives scores (n, q), loss(scores, y) a value for each example: (n,); `test_iter` is measured after each walk. The
    update is `sgd(params, lr, batch_size)`, or `trainer.step(batch_size)` when a Gluon Trainer is given. The history is a dict
    of lists with a number for each epoch: "loss" (mean over the examples, in nats for a cross-entropy) and "train_acc", both
    as `train_epoch` gives them, and "test_acc". Raises FloatingPointError at the end of an epoch whose loss is not finite or
    after which net gives NaN, and ValueError when neither a trainer nor params and lr are given, or batch_size is not that of
    train_iter. Warns when no gradient has reached params.
    """

    def step():
        if trainer is None:
            sgd(params, lr, batch_size)
        else:
            trainer.step(batch_size)

    history = {"loss": [], "train_acc": [], "test_acc": []}
    for epoch in range(1, num_epochs + 1):
        mean_loss, train_acc = train_epoch(net, train_iter, loss, step)
        test_acc = evaluate_accuracy(test_iter, net)
        if not math.isfinite(mean_loss + test_acc):
            raise FloatingPointError(f"epoch {epoch}: the loss is {mean_loss}, training diverged. Try a smaller learning rate.")
        print("epoch %d, loss %.4f, train acc %.3f, test acc %.3f" % (epoch, mean_loss, train_acc, test_acc))
        for name, value in zip(history, (mean_loss, train_acc, test_acc)):
            history[name].append(value)
    return history
