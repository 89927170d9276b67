"""The problems of the chapter *Solve problems*: images to decide on, and a check of each answer that says what is wrong with it."""
import numpy as np

from . import checks
from .data import Minibatches, fashion_mnist_arrays


def load_validation_split(batch_size, num_validation=10000, seed=0):
    """The 60,000 training images in two parts: (train_iter, valid_iter), as `load_data_fashion_mnist` gives minibatches.

    Chance, but the same chance on each call with this `seed`, picks the `num_validation` images that are kept aside. The test
    images are not touched. Raises ValueError for a `batch_size` or `num_validation` that is not a positive integer.
    """
    (images, labels), _ = fashion_mnist_arrays()
    order = np.random.RandomState(seed).permutation(len(labels))
    valid, train = order[:num_validation], order[num_validation:]
    return Minibatches(images[train], labels[train], batch_size, shuffle=True), Minibatches(images[valid], labels[valid], batch_size)
