"""Watches what listings train, however the loop is written: after each epoch the page gets the network, to keep and to draw on.

An epoch is a whole pass over Minibatches in which `backward` ran. Its network is what the last `backward` gave gradients to, if
that is a W1, b1, W2 and b2 that the listings have in variables. How it was trained is measured, because a name says little: the
learning rate is the length of a step divided by that of the mean gradient.
"""

import base64
import contextlib
import functools
import itertools
import json
import signal
import time
import types
import weakref

import numpy as np
from worker import send

import __main__

LARGEST = 1e12  # weight: with larger ones the sums of a network may leave float32, in which the page reads it
MOST = 200  # points of a curve
PAUSE = 0.5  # seconds between two messages about an epoch, and between two networks
PLAIN = 0.01  # the share of a step that may lie beside the gradient: what is rounded; momentum and Adam have more
# Of `backward`: how often it ran, what it reached last, and whether from a loss for each example.
last = types.SimpleNamespace(count=0, leaves=[], of_losses=False)
trainings = weakref.WeakKeyDictionary()  # what is known of each, by its last leaf
runs = False  # whether a listing runs, and not a judge
reached = None  # of the training with the last epoch of the listing, what is known
is_sent, sent_at = True, 0  # whether the page has the network of that epoch; when the last was sent


def watch():
    from utils.data import Minibatches
    from utils.engine.autograd import Leaf, topological_order
    from utils.engine.ndarray import NDArray

    plain_pass, plain_backward = Minibatches.__iter__, NDArray.backward

    def backward(self, *arguments, **options):
        leaves = [node for node in topological_order([self.node]) if isinstance(node, Leaf)]
        plain_backward(self, *arguments, **options)
        last.count, last.leaves, last.of_losses = last.count + 1, leaves, self.size > 1

    def iterate(self):
        said, count, before, rate = time.monotonic(), last.count, None, None
        for i, minibatch in enumerate(plain_pass(self), start=1):
            if i == 2 and last.count > count:
                before = weights()
            yield minibatch
            if i == 2:
                rate = learning_rate(before, self.batch_size)
            if time.monotonic() - said > PAUSE:
                said = time.monotonic()
                send("progress", f"{i} of {len(self)} minibatches")
        has_moved = before is None or not np.array_equal(before, weights())  # not if gradients were computed for another purpose
        if runs and last.count > count and has_moved:
            listen = signal.signal(signal.SIGINT, signal.SIG_IGN)  # the epoch counts, so Stop waits
            try:
                end_epoch(rate, self.batch_size)
            finally:
                signal.signal(signal.SIGINT, listen)

    NDArray.backward, Minibatches.__iter__ = backward, iterate


def begin():
    """A listing begins, which has reached no epoch yet."""
    global runs, reached, is_sent, sent_at
    runs, reached, is_sent, sent_at = True, None, True, 0


def end():
    """The listing has ended: a function may have returned what it has trained. Returns what is known of that, or None."""
    global runs
    runs = False
    offer()
    return reached


def end_epoch(rate, batch_size):
    global reached, is_sent
    of_now = {"lr": rate, "batch_size": batch_size}
    known = {"training": last.leaves[-1].number, "epochs": 0, "curve": [], **of_now}
    reached = trainings.setdefault(last.leaves[-1], known)
    reached["epochs"] += 1
    reached |= {name: None for name, value in of_now.items() if reached[name] != value}  # no number holds for all epochs
    is_sent = False
    if time.monotonic() - sent_at > PAUSE:  # short epochs would be slowed down by their tests
        offer()


def offer():
    """Send the network of the last epoch, unless the page has it or no variable does."""
    global is_sent, sent_at
    params = None if is_sent else held()
    if params is None:
        return
    is_sent = True
    with contextlib.suppress(Exception):  # it diverged, say, and whatever it is must not end its training
        send("network", json.dumps(described(params)))
    sent_at = time.monotonic()


def held():
    """W1, b1, W2 and b2 that the last `backward` reached, as a listing has them in variables or in a list, or None."""
    from utils.engine.ndarray import NDArray

    values = [part for value in [*vars(__main__).values()] for part in (value if isinstance(value, (list, tuple)) else [value])]
    found = {id(array.node): array for array in values if isinstance(array, NDArray) and array.node in last.leaves}
    return next(filter(fits, itertools.permutations(found.values())), None) if len(found) == len(last.leaves) == 4 else None


def fits(params):
    """Whether the demonstration can run it: 784 pixels, one hidden layer, ten classes."""
    W1, b1, W2, b2 = (param.shape for param in params)
    return len(b1) == 1 and (W1, W2, b2) == ((784, *b1), (*b1, 10), (10,))


def weights(of=lambda param: param):
    """The numbers of W2 and b2, or of their gradients, if a variable has them, else None."""
    params = held()
    return params and np.concatenate([of(param).asnumpy().ravel() for param in params[2:]])


def learning_rate(before, batch_size):
    """That of the step that led here from the weights `before`, to three digits; None if it did not follow the gradient."""
    after = weights()
    if before is None or after is None or before.shape != after.shape or not last.of_losses:
        return None
    step, gradient = before - after, weights(lambda param: param.grad) / batch_size
    rate = (step * gradient).sum() / ((gradient**2).sum() or np.inf)
    is_plain = rate > 0 and np.linalg.norm(step - rate * gradient) < PLAIN * np.linalg.norm(step)
    return float(f"{rate:.3g}") if is_plain else None


def described(params):
    """The network as the page keeps it, with what is known of its training. FloatingPointError: a weight is too large."""
    from mxnet import autograd

    from utils.network import mlp
    from utils.training import evaluate_accuracy

    with autograd.pause():
        accuracy = evaluate_accuracy(test_images(), lambda X: mlp(X, params))
    arrays = [param.asnumpy() for param in params]
    if not all((np.abs(array) <= LARGEST).all() for array in arrays):
        raise FloatingPointError
    curve = reached["curve"]
    curve.append([reached["epochs"], float(accuracy)])
    if len(curve) > MOST:
        del curve[1::2]
    known = {name: value for name, value in reached.items() if value is not None}
    return {**known, "accuracy": float(accuracy), **dict(zip(("W1", "b1", "W2", "b2"), map(rounded, arrays)))}


@functools.cache
def test_images():
    from utils import data, files

    images, labels = (files.local_copy(data.data_folder(), f"t10k-{name}-ubyte") for name in ("images-idx3", "labels-idx1"))
    return data.Minibatches(
        np.frombuffer(images, np.uint8, offset=16).reshape(-1, 28, 28), np.frombuffer(labels, np.uint8, offset=8), 256
    )


def rounded(array):
    """An array as web/demo/network.js reads it: whole numbers from -127 to 127, column by column, times a scale."""
    scale = float(np.abs(array).max() / 127) or 1.0
    return {"scale": scale, "bytes": base64.b64encode(np.round(array.T.ravel() / scale).astype(np.int8)).decode()}
