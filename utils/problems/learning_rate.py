"""Which learning rate: a function that trains for an epoch and tells the mean loss, infinite where training diverges."""

import math

from ..training import seed_everything
from .verdicts import EasyImages, Verdict, not_yet, number_of


def judge(loss_with):
    def loss(lr):
        seed_everything(0)
        before = train_iter.walks
        mean_loss = number_of(loss_with, (lr, train_iter), "the mean loss of the epoch")
        if train_iter.walks == before:
            raise not_yet("loss_with never walks through the train_iter that it is given, so it can't have trained on it.")
        if train_iter.walks > before + 1:
            raise not_yet(
                f"loss_with walks through train_iter {train_iter.walks - before} times; the problem asks for one epoch."
            )
        return mean_loss

    train_iter = EasyImages(1000)
    learned, unmoved, ln10 = loss(0.3), loss(0), math.log(10)
    if learned > 1.5 * ln10:
        raise not_yet(
            f"with lr 0.3 the loss is {learned:.3g}, where an untrained network has ln 10 = 2.30. Is it the mean "
            "over the images, and is the step divided by the batch size?"
        )
    if unmoved < 0.9 * ln10:
        raise not_yet(
            f"with lr 0 nothing can be learned, so the loss should stay at ln 10 = 2.30, and it is {unmoved:.2f}. "
            "Does lr reach sgd, and is the network a new one on each call?"
        )
    if 0.9 * ln10 < learned < 0.99 * ln10:
        raise not_yet(
            f"with lr 0.3 the loss comes down to {learned:.2f} only. The steps are short: is the gradient divided by "
            "the size of these minibatches, train_iter.batch_size, and only once?"
        )
    if learned > 0.9 * ln10:
        raise not_yet(f"with lr 0.3 the loss stays at {learned:.2f}, as if nothing was learned. Does lr reach sgd?")
    try:
        diverged = loss(1e6)
    except Verdict as reached:
        if "FloatingPointError" not in str(reached):
            raise
        raise not_yet(
            "with lr 1000000 training diverges, and loss_with passes on the FloatingPointError. Catch it with try and "
            'except, and return float("inf").'
        ) from None
    if math.isnan(diverged):
        raise not_yet(
            "with lr 1000000 training diverges and loss_with gives nan. nan is neither smaller nor larger than a "
            'number, so min() would be misled: return float("inf") instead.'
        )
    if diverged < 100:
        raise not_yet(
            f"with lr 1000000 training diverges, and loss_with gives {diverged:.3g}. A reader of your table would "
            "take that for a good result: return infinity."
        )
    return f"lr 0 leaves the loss at {unmoved:.2f}, lr 0.3 brings it to {learned:.2f}, and a divergence can be told from both."
