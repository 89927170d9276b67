"""Find three bugs in a training loop."""

import numpy as np
from mxnet import autograd

from ...network import init_params, mlp, softmax, softmax_cross_entropy
from ...training import seed_everything, sgd
from ..given import answered, array_of
from ..judging import near
from ..verdicts import not_answered, not_yet
from .easy_images import EasyImages

LR, NUM_EPOCHS, BATCH_SIZE = 0.5, 2, 50


def judge(fit):
    _judge_bugs(fit)
    before, after = _judge_loop(fit)
    return f"all three bugs are gone; on easy images the loss of an epoch falls from {before:.2f} to {after:.2f}."


def _new_params():
    seed_everything(0)
    return init_params(num_hiddens=16, scale=0.15)


def _numbers(params):
    return np.concatenate([param.asnumpy().ravel() for param in params])


def _mean_loss(params, scores=lambda O: O):
    losses = [softmax_cross_entropy(scores(mlp(X, params)), y).mean().asscalar() for X, y in EasyImages(200, shuffle=False)]
    return np.mean(losses)


def _losses(fit, params, train_iter, lr, num_epochs):
    losses = array_of("the losses", answered(fit, fit(params, train_iter, lr, num_epochs)))
    if losses.ndim == 0 and num_epochs > 1:
        raise not_yet(f"for num_epochs={num_epochs} fit returned one number: its losses should be a list, one for each epoch.")
    losses = losses.reshape(-1)
    if len(losses) != num_epochs:
        raise not_yet(
            f"for num_epochs={num_epochs} fit returned a list of length {len(losses)}: its losses should be one for each epoch."
        )
    return losses


def _judge_bugs(fit):
    """End the check if any of the three bugs is left."""
    train_iter, params = EasyImages(200, BATCH_SIZE, shuffle=False), _new_params()
    (loss,) = _losses(fit, params, train_iter, 0, 1)
    once, twice = _mean_loss(_new_params()), _mean_loss(_new_params(), softmax)
    wrong_mean = any(near(loss / BATCH_SIZE, value, rtol=0.01) for value in (once, twice))
    wrong_softmax = near(loss / BATCH_SIZE if wrong_mean else loss, twice, rtol=0.01)
    trained = _new_params()
    _losses(fit, trained, train_iter, LR, NUM_EPOCHS)
    symptoms = {
        "training leaves the numbers in params as they were.": near(_numbers(trained), _numbers(_new_params())),
        f"the reported mean loss of images is {BATCH_SIZE} times too large, and a minibatch holds {BATCH_SIZE} images.": wrong_mean,
        "the loss stays above 1.4 even for a network that is right and certain. Something is done to the scores once too often.":
            wrong_softmax,
    }  # fmt: skip
    left = [symptom for symptom, present in symptoms.items() if present]
    if len(left) == 3:
        raise not_answered("all three bugs are still there.")
    if left:
        raise not_yet(f"{'one bug is' if len(left) == 1 else 'two bugs are'} left. A symptom: {left[0]}")
    if near(BATCH_SIZE * loss, once, rtol=0.01):
        raise not_yet(
            f"the reported mean loss of images is {BATCH_SIZE} times too small, and a minibatch holds {BATCH_SIZE} images. Is it divided by "
            "their number twice, by mean() and by n?"
        )
    if not near(loss, once, rtol=0.01):
        raise not_yet(f"with lr 0 nothing is learned, and the mean loss of these images is {once:.2f}; fit says {loss:.2f}.")


def _judge_loop(fit):
    """Compare the loop with plain sgd on 110 images, whose last minibatch is a short one. Returns its losses."""
    params = _new_params()
    losses = _losses(fit, params, EasyImages(110, BATCH_SIZE, shuffle=False), LR, NUM_EPOCHS)
    right, ends = zip(*map(_plain_sgd, (len, lambda y: BATCH_SIZE)))
    if near(losses, _plain_sgd(len, by_image=False)[0], rtol=1e-3):
        raise not_yet(
            "the reported loss is the mean of the minibatches' means, so the 10 images of the last minibatch count as much as the "
            "50 of another. Add up the losses of all images, and divide by the number of images."
        )
    for divisor, what in ((lambda y: len(y) ** 2, "short"), (lambda y: 1, "long")):
        if near(losses, _plain_sgd(divisor)[0], rtol=0.01):
            raise not_yet(
                f"the three bugs are gone, but the steps are too {what} by a factor of the batch size. Divide the gradient of the summed "
                "losses by len(y), once; mean() before backward divides too."
            )
    if not any(near(losses, wanted, rtol=0.01) for wanted in right):
        raise not_yet(
            "the three bugs are gone, but the losses of two epochs are "
            f"{losses[0]:.2f} and {losses[1]:.2f}, where plain sgd gets {right[0][0]:.2f} and {right[0][1]:.2f}. Does every parameter "
            "move, by lr times its gradient over len(y), and does each epoch's mean count its own images alone?"
        )
    if not any(near(_numbers(params), end, rtol=0.01, atol=1e-3) for end in ends):
        raise not_yet("the losses are right, but params do not end where plain sgd leaves them. Does something else change them?")
    return losses


def _plain_sgd(divisor, by_image=True):
    """The losses of two epochs on the 110 images, means over the images or over the minibatches, and params after them."""
    params, losses = _new_params(), []
    for _ in range(NUM_EPOCHS):
        sums, sizes = [], []
        for X, y in EasyImages(110, BATCH_SIZE, shuffle=False):
            with autograd.record():
                l = softmax_cross_entropy(mlp(X, params), y)
            l.backward()
            sgd(params, LR, divisor(y))
            sums.append(l.sum().asscalar())
            sizes.append(len(y))
        losses.append(sum(sums) / sum(sizes) if by_image else np.mean(np.divide(sums, sizes)))
    return np.array(losses), _numbers(params)
