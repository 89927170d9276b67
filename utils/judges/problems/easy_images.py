"""Small data sets: one on which a network learns fast, and black images, from which all networks learn much the same."""

import functools

import numpy as np
from mxnet import nd

from ...data import Minibatches
from ..calling import limit_passes


def times(n):
    return "once" if n == 1 else f"{n} times"


@functools.cache
def easy_images(num_images):
    rng = np.random.RandomState(0)
    patterns = 255 * (rng.uniform(size=(10, 28, 28)) < 0.15)
    labels = np.arange(num_images) % 10
    return np.clip(patterns[labels] + rng.normal(scale=40, size=(num_images, 28, 28)), 0, 255).astype("uint8"), labels


class Counted(Minibatches):
    """Minibatches that count how many iterations over them began and how many came to the end."""

    def __init__(self, images, labels, batch_size, shuffle=False):
        super().__init__(images, labels, batch_size, shuffle)
        self.begun = self.ended = 0

    def __iter__(self):
        self.begun += 1
        limit_passes(self.begun)
        yield from super().__iter__()
        self.ended += 1


class EasyImages(Counted):
    """Minibatches of easy images of ten classes."""

    def __init__(self, num_images, batch_size=50, shuffle=True):
        super().__init__(*easy_images(num_images), batch_size, shuffle)


class BlackImages(Counted):
    """Minibatches of 50 black images; `epochs` are the labels of each epoch, the last of all later ones too.

    All hidden units begin at 0, so that b2 learns nearly alone: what it learns follows from the labels and the steps, not from chance.
    """

    def __init__(self, *epochs):
        super().__init__(np.zeros((len(epochs[0]), 28, 28), "uint8"), np.array(epochs[0]), 50)
        self.epochs = [nd.array(labels, dtype="int32") for labels in epochs]

    def __iter__(self):
        self.labels = self.epochs[min(self.ended, len(self.epochs) - 1)]
        return super().__iter__()
