"""Which batch size: a function that trains for so many steps, not epochs."""

import numpy as np
from mxnet import autograd, nd

from ..network import init_params, mlp, softmax_cross_entropy
from ..training import seed_everything, sgd
from .verdicts import EasyImages, answered, array_of, compare, near, not_yet


def judge(train_steps):
    num_steps, lr = 7, 0.5
    train_iter = EasyImages(110, shuffle=False)  # minibatches of 50, 50 and 10 images

    def new_params():
        seed_everything(0)
        return init_params(num_hiddens=16, scale=0.1)

    def expected(lr=lr, divisor=len, after=False, minibatches=range(3)):
        params, losses = new_params(), []
        batches = list(train_iter)
        for X, y in [batches[i] for i in [*minibatches] * num_steps][:num_steps]:
            with autograd.record():
                l = softmax_cross_entropy(mlp(X, params), y)
            l.backward()
            sgd(params, lr, divisor(y))
            if after:
                l = softmax_cross_entropy(mlp(X, params), y)
            losses.append(l.mean().asscalar())
        return np.array(losses)

    right = expected()
    params = new_params()
    losses = answered(train_steps, train_steps(num_steps, params, train_iter, lr))
    if not isinstance(losses, (list, tuple, np.ndarray, nd.NDArray)):
        raise not_yet(f"train_steps should return a list with a loss for each step, not {type(losses).__name__}.")
    if isinstance(losses, (list, tuple)):
        losses = [array_of("each loss", loss) for loss in losses]
        if any(loss.size != 1 for loss in losses):
            raise not_yet("train_steps returns the loss of every image; take the mean of each minibatch, one number a step.")
        losses = [np.reshape(loss, ()) for loss in losses]
    losses = array_of("the losses", losses).reshape(-1)
    lengths = {
        3: "there are 3 losses and 7 steps were asked for. train_iter has 3 minibatches: begin a new walk when one ends.",
        9: "there are 9 losses and 7 steps were asked for. Stop in the middle of a walk too.",
        21: "there are 21 losses and 7 steps were asked for: those are 7 walks through 3 minibatches. Count minibatches.",
    }
    if len(losses) != num_steps:
        raise not_yet(lengths.get(len(losses), f"there are {len(losses)} losses and {num_steps} steps were asked for."))
    sizes = np.array([50, 50, 10] * 3)[:num_steps]
    if near(losses[0], right[0] * 50):
        raise not_yet("the losses are sums over a minibatch. Take the mean, or a large batch looks worse than a small one.")
    if any(near(losses, expected(divisor=divisor), rtol=0.01) for divisor in (len, lambda y: 50)):
        return "7 steps take two walks of 3 minibatches and 1 minibatch more. Now compare batch sizes at equal numbers of steps."
    compare(losses, right, {
        "the loss stays as it was, so no step is taken. Does backward run, and does the update change params in place?":
            expected(lr=0),
        "these are the losses after each step. Report what the network said before it learned from the minibatch.":
            expected(after=True),
        "the steps are too long by a factor of the batch size. backward gives the gradient of the summed losses: divide.":
            expected(divisor=lambda y: 1),
        "the steps are too short by a factor of the batch size. Is it divided by twice?": expected(divisor=lambda y: len(y) ** 2),
        "the step is divided by 256, which is not the size of these minibatches. Take it from y.":
            expected(divisor=lambda y: 256),
        "every step sees the same minibatch: next(iter(train_iter)) begins a new walk each time. Walk through with for.":
            expected(minibatches=[0]),
        "the last minibatch has 10 images, not 50: divide its loss by the number it has.": right * sizes / 50,
    }, "the losses do not follow those of plain sgd. Is every step taken with the gradient of its own minibatch?")  # fmt: skip
