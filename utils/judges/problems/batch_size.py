"""Which batch size: a function that trains for a number of steps instead of epochs."""

import numpy as np
from mxnet import autograd, nd

from ...network import init_params, mlp, softmax_cross_entropy
from ...training import seed_everything, sgd
from ..given import answered, array_of
from ..judging import compare, same
from ..mistakes import mistakes
from ..verdicts import not_yet
from .easy_images import EasyImages

LR, SIZES = 0.35, [50, 50, 10]
OWN = 0.1, 0.2, 0.3, 0.5, 1  # learning rates that a function may have written in


def train_steps(num_steps, params, train_iter, lr):
    losses = []
    while True:
        for X, y in train_iter:
            if len(losses) == num_steps:
                return losses
            with autograd.record():
                l = softmax_cross_entropy(mlp(X, params), y)
            l.backward()
            sgd(params, lr, len(y))
            losses.append(l.mean().asscalar())


def steps(num_steps):
    """A case: so many steps with three minibatches."""

    def run(train_steps):
        seed_everything(0)
        params, train_iter = init_params(num_hiddens=16, scale=0.1), EasyImages(sum(SIZES), shuffle=False)
        losses = losses_of(train_steps, num_steps, list(params), train_iter, LR)
        return {
            "the number of losses": np.array(float(len(losses))),
            "the number of epochs that begin": np.array(min(train_iter.begun, -(-num_steps // len(SIZES)))),
            "the list of losses": losses,
            **{f"params[{i}]": param.asnumpy() for i, param in enumerate(params)},
        }

    return f"For {num_steps} steps with lr = {LR} and minibatches of {SIZES} images,", run


def losses_of(train_steps, *args):
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


CASES = [steps(7), steps(2)]
LOOPS = "while True:\n        for X, y in train_iter:\n            "
COUNT, REPORT = "if len(losses) == num_steps:\n                return losses\n            ", "losses.append(l.mean().asscalar())"
MISTAKES = mistakes(train_steps, {
    "it stops when the minibatches of train_iter end. Begin a new epoch then.": ("while True", "for _ in range(1)", REPORT, f"{REPORT}\n    return losses"),
    "it goes on to the end of the epoch. Stop in the middle of one too.":
        (f"{LOOPS}{COUNT}", "while len(losses) < num_steps:\n        for X, y in train_iter:\n            ", REPORT, f"{REPORT}\n    return losses"),
    "it goes on to the end of the epoch, and cuts the list afterwards: more steps are taken than num_steps. Stop in the middle of one too.": (
        f"{LOOPS}{COUNT}", "while len(losses) < num_steps:\n        for X, y in train_iter:\n            ",
        REPORT, f"{REPORT}\n    return losses[:num_steps]"),
    "those are num_steps epochs. Count minibatches.":
        (f"{LOOPS}{COUNT}", "for _ in range(num_steps):\n        for X, y in train_iter:\n            ", REPORT, f"{REPORT}\n    return losses"),
    "the argument num_steps is not used.": ("== num_steps", "== 7"),
    "there is one step too many: stop as soon as there are num_steps losses.": ("== num_steps", "== num_steps + 1"),
    "the losses are sums over a minibatch. Take the mean, or a large batch looks worse than a small one.": ("l.mean()", "l.sum()"),
    "the last minibatch has 10 images, not 50: divide its loss by the number it has.": ("l.mean()", "(l.sum() / 50)"),
    "the last minibatch has 10 images, not 50: its loss is the mean of those 10.":
        ("l.mean()", "(l.sum() / 50)", "len(y))\n", "50)\n"),
    "these are the losses after each step. Report the loss before the step, on a minibatch that it has not learned from.":
        ("l.mean()", "softmax_cross_entropy(mlp(X, params), y).mean()"),
    "the losses stay as they were, so no step is taken. Does backward run, and does the update change params in place?": ("sgd(params, lr,", "sgd(params, 0,"),
    "the losses are right, but params are as they were. Train the arrays that are given, not copies of them.":
        ("losses = []", "losses, params = [], [param.copy() for param in params]\n    for param in params: param.attach_grad()"),
    "the losses are right, but a step is taken after the last of them. Stop in the middle of an epoch too.":
        (COUNT, "", REPORT, f"if len(losses) == num_steps: return losses\n            {REPORT}"),
    "the steps are too long by a factor of the batch size. backward gives the gradient of the summed losses: divide.": ("len(y))\n", "1)\n"),
    "the steps are too short by a factor of the batch size. Is it divided by twice?": ("len(y))\n", "len(y) ** 2)\n"),
    "the step is divided by 256, which is not the size of these minibatches. Take it from y.": ("len(y))\n", "256)\n"),
    "each step begins a new epoch and takes its first minibatch only, as with next(iter(train_iter)), or with a break after the step. Go on "
    "to the next minibatch.":
        ("in train_iter", "in [next(iter(train_iter))]"),
    "a list of the minibatches always has the same order; each epoch has a new one. Iterate over train_iter itself.":
        ("losses = []", "losses, train_iter = [], list(train_iter)"),
} | {
    f"the steps are those of lr {own}, whatever it is. Use the argument lr.": ("params, lr", f"params, {own}") for own in OWN
})  # fmt: skip
# As train_ch3 does, to which a shorter last minibatch is a shorter step.
BY_BATCH_SIZE = mistakes(train_steps, {"right as well": ("len(y))\n", "train_iter.batch_size)\n")}).values()


def seen(right, result):
    """What the arrays of a case show: that only the losses are wrong."""
    if all(same({"": right[name]}, {"": result[name]}, rtol=0.01) for name in right if "loss" not in name):
        return "params end where they should, so the steps are right, but the losses are not. Each is the mean over its own minibatch."
    return None


def judge(train_steps_):
    otherwise = "it goes another way than plain sgd. Is every step taken with the gradient of its own minibatch, by lr?"
    compare(train_steps_, train_steps, CASES, MISTAKES, otherwise, also=BY_BATCH_SIZE, seen=seen, rtol=0.01)
    return "7 steps take two epochs of 3 minibatches and 1 minibatch more. Now compare batch sizes at equal numbers of steps."


judge.mistakes = MISTAKES
