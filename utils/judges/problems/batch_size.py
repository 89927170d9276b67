"""Which batch size: a function that trains for a number of steps instead of epochs."""

import numpy as np
from mxnet import autograd, nd

from ...network import init_params, mlp, softmax_cross_entropy
from ...training import seed_everything, sgd
from ..given import answered, array_of
from ..judging import compare, near
from ..verdicts import not_yet
from .easy_images import EasyImages, times

LR, NUM_STEPS, SIZES = 0.35, 7, [50, 50, 10]
OWN = 0.1, 0.2, 0.3, 0.5, 1  # learning rates that a function may have written in


def judge(train_steps):
    params, train_iter = _new_params(), EasyImages(sum(SIZES), shuffle=False)
    losses = _losses(train_steps, NUM_STEPS, list(params), train_iter, LR)
    lengths = {
        3: "there are 3 losses and 7 steps were asked for. train_iter has 3 minibatches: begin a new epoch when one ends.",
        9: "there are 9 losses and 7 steps were asked for. Stop in the middle of an epoch too.",
        21: "there are 21 losses and 7 steps were asked for: those are 7 epochs of 3 minibatches. Count minibatches.",
    }
    if len(losses) != NUM_STEPS:
        raise not_yet(lengths.get(len(losses), f"there are {len(losses)} losses and {NUM_STEPS} steps were asked for."))
    right, _ = _expected()
    if near(losses[0], right[0] * SIZES[0]):
        raise not_yet("the losses are sums over a minibatch. Take the mean, or a large batch looks worse than a small one.")
    ends = [end for wanted, end in map(_expected, (len, lambda y: SIZES[0])) if near(losses, wanted, rtol=0.01)]
    if not ends:
        _say_which_mistake(losses, right)
    if near(_numbers(params), _numbers(_new_params())):
        raise not_yet("the losses are right, but params are as they were. Train the arrays that are given, not copies of them.")
    if not any(near(_numbers(params), end, rtol=0.01) for end in ends):
        raise not_yet(
            f"the losses are right, but params differ from those after {NUM_STEPS} steps. Stop in the middle of an epoch too."
        )
    if train_iter.begun < 3:
        raise not_yet(
            f"train_steps iterates over train_iter {times(train_iter.begun)}, where {NUM_STEPS} steps begin 3 epochs. A list of its "
            "minibatches always has the same order; each epoch has a new one."
        )
    fewer = _losses(train_steps, 2, _new_params(), EasyImages(sum(SIZES)), LR)
    if len(fewer) != 2:
        raise not_yet(f"where num_steps is 2 there are {len(fewer)} losses. Use the argument num_steps.")
    return "7 steps take two epochs of 3 minibatches and 1 minibatch more. Now compare batch sizes at equal numbers of steps."


def _new_params():
    seed_everything(0)
    return init_params(num_hiddens=16, scale=0.1)


def _numbers(params):
    return np.concatenate([param.asnumpy().ravel() for param in params])


def _expected(divisor=len, lr=LR, after=False, minibatches=range(3)):
    """The losses of NUM_STEPS steps, and the numbers of params after them."""
    params, losses, batches = _new_params(), [], list(EasyImages(sum(SIZES), shuffle=False))
    for X, y in [batches[i] for i in [*minibatches] * NUM_STEPS][:NUM_STEPS]:
        with autograd.record():
            l = softmax_cross_entropy(mlp(X, params), y)
        l.backward()
        sgd(params, lr, divisor(y))
        if after:
            l = softmax_cross_entropy(mlp(X, params), y)
        losses.append(l.mean().asscalar())
    return np.array(losses), _numbers(params)


def _losses(train_steps, *args):
    """The losses that train_steps returns, as an array with a number for each step."""
    losses = answered(train_steps, train_steps(*args))
    if not isinstance(losses, (list, tuple, np.ndarray, nd.NDArray)):
        raise not_yet(f"train_steps should return a list with a loss for each step, not {type(losses).__name__}.")
    if isinstance(losses, (list, tuple)):
        losses = [array_of("each loss", loss) for loss in losses]
        if any(loss.size != 1 for loss in losses):
            raise not_yet("train_steps returns the loss of every image; take the mean of each minibatch, one number a step.")
        losses = [loss.item() for loss in losses]
    return array_of("the losses", losses).reshape(-1)


def _say_which_mistake(losses, right):
    sizes = np.resize(SIZES, NUM_STEPS)
    mistakes = {
        "the loss stays as it was, so no step is taken. Does backward run, and does the update change params in place?": {"lr": 0},
        "these are the losses after each step. Report the loss before the step, on a minibatch that it has not learned from.": {"after": True},
        "the steps are too long by a factor of the batch size. backward gives the gradient of the summed losses: divide.":
            {"divisor": lambda y: 1},
        "the steps are too short by a factor of the batch size. Is it divided by twice?": {"divisor": lambda y: len(y) ** 2},
        "the step is divided by 256, which is not the size of these minibatches. Take it from y.": {"divisor": lambda y: 256},
        "every step sees the same minibatch: next(iter(train_iter)) starts from the beginning each time. Iterate with for.":
            {"minibatches": [0]},
    }  # fmt: skip
    compare(losses, right, {
        **{why: _expected(**mistake)[0] for why, mistake in mistakes.items()},
        **{f"the steps are those of lr {own}, where lr is {LR}. Use the argument lr.": _expected(lr=own)[0] for own in OWN},
        "the last minibatch has 10 images, not 50: divide its loss by the number it has.": right * sizes / SIZES[0],
    }, "the losses do not follow those of plain sgd. Is every step taken with the gradient of its own minibatch, by lr?")  # fmt: skip
