"""Find three bugs in a training loop."""

import numpy as np

from ..network import init_params, mlp, softmax, softmax_cross_entropy
from ..training import seed_everything
from .verdicts import EasyImages, Verdict, answered, array_of, near, not_yet


def judge(fit):
    lr, num_epochs, batch_size = 0.5, 2, 50
    train_iter = EasyImages(200, batch_size, shuffle=False)

    def new_params():
        seed_everything(0)
        return init_params(num_hiddens=16, scale=0.15)

    def mean_loss(params, twice=False):
        losses = []
        for X, y in train_iter:
            O = mlp(X, params)
            losses.append(softmax_cross_entropy(softmax(O) if twice else O, y).mean().asscalar())
        return np.mean(losses)

    params = new_params()
    losses = array_of("the losses", answered(fit, fit(params, train_iter, 0, 1))).reshape(-1)
    if len(losses) != 1:
        raise not_yet(f"fit returned {len(losses)} losses for one epoch; leave one a loss for each epoch.")
    once, twice = mean_loss(params), mean_loss(params, twice=True)
    wrong_softmax = near(losses[0], twice, rtol=0.01) or near(losses[0], twice * batch_size, rtol=0.01)
    wrong_mean = losses[0] > 20

    trained = new_params()
    later = array_of("the losses", fit(trained, train_iter, lr, num_epochs)).reshape(-1)
    wrong_update = all(near(a.asnumpy(), b.asnumpy()) for a, b in zip(trained, params))
    symptoms = {
        "training leaves the parameters as they were: the loss of the second epoch equals that of the first.": wrong_update,
        f"the reported mean loss of images is {batch_size} times too large, and a minibatch holds {batch_size} images.":
            wrong_mean,
        "the loss stays above 1.4 even for a network that is right and certain. Something is done to the scores once too often.":
            wrong_softmax,
    }  # fmt: skip
    left = [symptom for symptom, present in symptoms.items() if present]
    if len(left) == 3:
        raise Verdict("Not answered yet: all three bugs are still there.")
    if left:
        raise not_yet(f"{'one bug is' if len(left) == 1 else 'two bugs are'} left. A symptom: {left[0]}")
    if not near(losses[0], once, rtol=0.01):
        raise not_yet(f"before any training the mean loss of these images is {once:.2f}, and fit says {losses[0]:.2f}.")
    if len(later) != num_epochs or not later[-1] < 0.6 * once:
        raise not_yet(
            "the three bugs are gone, but the loss does not fall as it should over two epochs. Has something else changed?"
        )
    return f"all three bugs are gone; on easy images the loss falls from {once:.2f} to {later[-1]:.2f}."
