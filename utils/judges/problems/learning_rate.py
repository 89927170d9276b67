"""Which learning rate: a function that trains for an epoch and returns the mean loss, infinite if training diverges."""

import math

import numpy as np

from ...network import init_params, mlp, softmax_cross_entropy
from ...training import seed_everything, sgd, train_epoch
from ..given import number_of
from ..judging import near
from ..verdicts import Verdict, not_yet
from .easy_images import BlackImages, EasyImages

LN10 = math.log(10)


def judge(loss_with):
    def loss(lr, train_iter):
        seed_everything(0)
        mean_loss = number_of(loss_with, (lr, train_iter), "the mean loss of the epoch")
        if train_iter.begun == 0:
            raise not_yet(
                f"with lr {lr:g} loss_with never iterates over the train_iter that it is given, so it can't have trained."
            )
        return mean_loss

    learned, unmoved = loss(0.3, EasyImages(1000)), loss(0, EasyImages(500))
    _judge_mean(learned, unmoved)
    _judge_one_step(loss(1000, EasyImages(50)), loss(0, EasyImages(50)))
    if learned < 0.9 * LN10 / 20:
        raise not_yet(
            f"with lr 0.3 loss_with gives {learned:.2f}, less than the first of the 20 minibatches alone adds to the mean. "
            "Take the mean over the whole epoch, not the loss at its end."
        )
    _judge_rate(loss)
    _judge_short_minibatch(loss)
    _judge_divergence(loss)
    return f"lr 0 leaves the loss at {unmoved:.2f}, lr 0.3 brings it to {learned:.2f}, and a divergence can be distinguished from both."


def _judge_mean(learned, unmoved):
    """Check the mean losses of an epoch of 1,000 images with learning rate 0.3, and of one of 500 with 0."""
    # A share of 1,000 or 500 images, in single precision from NumPy 2 on
    if all(loss <= 1 and abs(1000 * loss - np.rint(1000 * loss)) < 1e-4 for loss in (learned, unmoved)):
        raise not_yet(
            f"with lr 0.3 loss_with gives {learned:.3f} and with lr 0 {unmoved:.3f}, shares of the images, as an accuracy is. "
            "train_epoch returns the mean loss first, then the accuracy."
        )
    if unmoved == math.inf:
        raise not_yet("with lr 0 the loss stays at ln 10 = 2.30, which is no divergence, and loss_with gives infinity.")
    if unmoved > 1.5 * LN10:
        raise not_yet(
            f"with lr 0 the loss is {unmoved:.3g}, where an untrained network has ln 10 = 2.30. Is it the mean over the images, "
            "and are the first weights as small as those of init_params?"
        )
    if learned > 1.5 * LN10:
        raise not_yet(
            f"with lr 0.3 the loss is {learned:.3g}, where an untrained network has ln 10 = 2.30. Is the step divided by the "
            "batch size?"
        )
    if unmoved < 0.9 * LN10:
        raise not_yet(
            f"with lr 0 nothing can be learned, so the loss should stay at ln 10 = 2.30, and it is {unmoved:.2f}. "
            "Does lr reach sgd, and is the network a new one on each call?"
        )
    if 0.9 * LN10 < learned < 0.99 * LN10:
        raise not_yet(
            f"with lr 0.3 the loss comes down to {learned:.2f} only. The steps are short: is the gradient divided by "
            "the size of these minibatches, train_iter.batch_size, and only once?"
        )
    if learned > 0.9 * LN10:
        raise not_yet(f"with lr 0.3 the loss stays at {learned:.2f}, as if nothing was learned. Does lr reach sgd?")


def _judge_one_step(first, unmoved):
    """Check the mean loss of an epoch with one minibatch: the loss before the only step, whatever the learning rate."""
    if not unmoved / 1.5 < first < 1.5 * unmoved:  # it may start from other weights each time; a step with lr 1000 changes more
        raise not_yet(
            f"in one epoch of a single minibatch its loss before the only step counts, {unmoved:.2f}, and with lr 1000 loss_with gives "
            f"{first:.2f}. Train for one epoch, and take each loss as it was before its step."
        )


def _judge_rate(loss):
    """Check the mean loss of an epoch of black images, on which chance has little influence."""
    params, train_iter = init_params(), BlackImages([3] * 250 + [5] * 250)
    right, _ = train_epoch(
        lambda X: mlp(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, 0.3, train_iter.batch_size)
    )
    if not near(given := loss(0.3, train_iter), right, rtol=0.04):
        raise not_yet(
            f"with lr 0.3 and 10 minibatches of black images, 5 of them of class 3, then 5 of class 5, the mean loss should be about "
            f"{right:.2f}, and is {given:.2f}. Are the first weights those of init_params(), and does lr reach sgd as it is, once for each "
            "minibatch?"
        )


def _judge_short_minibatch(loss):
    """Check the mean loss of an epoch whose last minibatch is a single image, of another class than all before."""
    params, train_iter, losses = init_params(), BlackImages([3] * 250 + [5]), []

    def kept_loss(O, y):
        losses.append(softmax_cross_entropy(O, y))
        return losses[-1]

    right, _ = train_epoch(lambda X: mlp(X, params), train_iter, kept_loss, lambda: sgd(params, 1, train_iter.batch_size))
    by_minibatch = np.mean([l.mean().asscalar() for l in losses])
    if near(given := loss(1, train_iter), by_minibatch, rtol=0.04):
        raise not_yet(
            f"with lr 1, 5 minibatches of 50 images and one of a single image, the mean loss of the images is {right:.2f}, and loss_with "
            f"gives {given:.2f}, the mean of the minibatches' means. There the single image counts as much as 50: add up the losses of "
            "all images, and divide by their number."
        )


def _judge_divergence(loss):
    if loss(100, EasyImages(100)) == math.inf:
        raise not_yet(
            "with lr 100 and two minibatches the loss is large, and still a number. Return it as it is: infinity stands for a "
            "loss that is infinite or not a number."
        )
    try:
        diverged = loss(1e38, EasyImages(250))
    except Verdict as reached:
        if reached.kind == "not answered":
            raise not_yet('with lr 1e38 training diverges, and loss_with returns nothing. Return float("inf").') from None
        if reached.raised != "FloatingPointError":
            raise
        raise not_yet(
            "with lr 1e38 training diverges, and loss_with passes on the FloatingPointError. Catch it with try and "
            'except, and return float("inf").'
        ) from None
    if math.isnan(diverged):
        raise not_yet(
            "with lr 1e38 training diverges and loss_with gives nan. nan is neither smaller nor larger than a "
            'number, so min() would be misled: return float("inf") instead.'
        )
    if diverged != math.inf:
        raise not_yet(
            f"with lr 1e38 training diverges, and loss_with gives {diverged:.3g}. A reader of your table would "
            'take that for a result: return float("inf").'
        )
