"""Training: the seed, the update, the accuracy, the training loop."""

import math
import random

import mxnet as mx
import numpy as np
from mxnet import autograd

from . import arguments


def seed_everything(seed):
    """Seed the generators of Python, of NumPy, which shuffles the images, and of MXNet, which draws the weights.

    Raises ValueError unless seed is an integer from 0 to 2**31 - 1.
    """
    arguments.integer("seed", seed, least=0, most=2**31 - 1)
    seed = int(seed)  # also of NumPy's integer types
    random.seed(seed)
    np.random.seed(seed)
    mx.random.seed(seed)


def sgd(params, lr, batch_size):
    """One step of minibatch stochastic gradient descent, in place: param <- param - lr * gradient / batch_size.

    `backward` leaves the gradients of the *sum* of a minibatch's losses; divided by batch_size they are those of the mean.
    Raises TypeError unless params is a list of NDArrays, ValueError if one of them has no gradient, lr is negative or not
    finite, or batch_size is not a positive integer.
    """
    arguments.gradients("params", params)
    arguments.non_negative_number("lr", lr)
    arguments.positive_integer("batch_size", batch_size)
    for param in params:
        param -= lr / batch_size * param.grad


def accuracy(y_hat, y):
    """The share, from 0 to 1, of rows of y_hat: (n, q) whose largest entry is in the column that y: (n,) names.

    y_hat may hold scores or probabilities: softmax does not change which one is largest. Raises TypeError or ValueError
    unless y_hat is a float32 NDArray (n, q) and y holds n class numbers from 0 to q - 1, FloatingPointError for NaN.
    """
    arguments.float32_scores("y_hat", y_hat)
    arguments.labels("y", y, y_hat)
    arguments.no_nan("y_hat", y_hat)
    return (y_hat.argmax(axis=1) == y.astype("float32")).mean().asscalar()


def evaluate_accuracy(data_iter, net):
    """The share, from 0 to 1, of the examples of `data_iter` that `net` classifies correctly.

    `data_iter` yields minibatches X, y; net(X) returns scores (n, q). Raises ValueError if data_iter yields no minibatch,
    TypeError or ValueError if it yields anything but examples and their labels, and FloatingPointError if a score is NaN.
    """
    arguments.collection("data_iter", data_iter)
    arguments.net(net)
    correct, n = 0, 0
    for X, y in data_iter:
        arguments.minibatch("data_iter", X, y)
        O = net(X)
        arguments.net_output(O, X)
        arguments.labels("y of data_iter", y, O)
        arguments.no_nan("net(X)", O)
        correct += (O.argmax(axis=1) == y.astype("float32")).sum()
        n += len(y)
    arguments.some("data_iter", n)
    return correct.asscalar() / n


def train_epoch(net, train_iter, loss, step):
    """Train for one epoch, one step for each minibatch of `train_iter`; returns its mean loss and its training accuracy.

    net(X) returns scores (n, q), loss(scores, y) a value for each example: (n,), and step() changes the parameters that `net`
    uses. Loss and accuracy of an example are those just before the step that uses it. Raises TypeError or ValueError if
    train_iter does not yield minibatches of examples and labels from 0 to q - 1, or loss does not return a value per example.
    """
    arguments.net(net)
    arguments.collection("train_iter", train_iter)
    arguments.loss(loss)
    arguments.step(step)
    loss_sum, correct, n = 0, 0, 0
    for X, y in train_iter:
        arguments.minibatch("train_iter", X, y)
        with autograd.record():
            O = net(X)
            arguments.net_output(O, X)
            l = loss(O, y)
            arguments.losses(l, loss, O, y)
        l.backward()
        step()
        loss_sum += l.sum()
        correct += (O.argmax(axis=1) == y.astype("float32")).sum()
        n += len(y)
    arguments.some("train_iter", n)
    return loss_sum.asscalar() / n, correct.asscalar() / n


def train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, params=None, lr=None, trainer=None):
    """Train `net` for `num_epochs` epochs, print a line after each, and return the history.

    net(X) returns scores (n, q), loss(scores, y) a value for each example: (n,); the test accuracy, on `test_iter`, is measured
    after each epoch. The update is `sgd(params, lr, batch_size)`, or `trainer.step(batch_size)` if a Gluon Trainer is given.
    The history is a dict of lists with a number for each epoch: "loss" (mean over the examples, in nats for a cross-entropy)
    and "train_acc", both from `train_epoch`, and "test_acc". Raises FloatingPointError at the end of an epoch if its loss is
    not finite or net returns NaN, and ValueError if neither a trainer nor params and lr are given, or batch_size is not that
    of train_iter. Warns if all gradients of params are zero.
    """
    arguments.net(net)
    arguments.collection("train_iter", train_iter)
    arguments.collection("test_iter", test_iter)
    arguments.loss(loss)
    arguments.positive_integer("num_epochs", num_epochs)
    arguments.iterated_again("train_iter", train_iter, num_epochs)
    arguments.iterated_again("test_iter", test_iter, num_epochs)
    arguments.positive_integer("batch_size", batch_size)
    arguments.batch_size_of(train_iter, batch_size)
    arguments.update(params, lr, trainer)

    def step():
        if trainer is None:
            sgd(params, lr, batch_size)
        else:
            trainer.step(batch_size)

    history = {"loss": [], "train_acc": [], "test_acc": []}
    for epoch in range(1, num_epochs + 1):
        mean_loss, train_acc = train_epoch(net, train_iter, loss, step)
        if not math.isfinite(mean_loss):
            arguments.finite("train_iter", train_iter)
            raise FloatingPointError(f"epoch {epoch}: the loss is {mean_loss}, training diverged. Try a smaller learning rate.")
        test_acc = evaluate_accuracy(test_iter, net)
        print("epoch %d, loss %.4f, train acc %.3f, test acc %.3f" % (epoch, mean_loss, train_acc, test_acc))
        for name, value in zip(history, (mean_loss, train_acc, test_acc)):
            history[name].append(value)
    arguments.warn_unless_trained(None if trainer else params)
    return history
