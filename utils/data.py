"""Fashion-MNIST: read it from this machine, verify it, decode it once, and iterate over it in minibatches."""

import functools
import os
from pathlib import Path

import numpy as np
from mxnet import nd

from . import arguments, files

LABELS = ["t-shirt", "trouser", "pullover", "dress", "coat", "sandal", "shirt", "sneaker", "bag", "ankle boot"]


class Minibatches:
    """An iterable over minibatches of images and labels, once per epoch, like Gluon's DataLoader.

    Each iteration yields X: (n, 1, 28, 28), float32 in [0, 1], and y: (n,), int32. n is `batch_size`, and less in the
    last minibatch when `batch_size` does not divide the number of images. With `shuffle` every epoch has a new order,
    drawn from NumPy's global generator. `resize` makes X: (n, 1, resize, resize) by bilinear interpolation.
    Raises ValueError unless images: (n, 28, 28) are whole numbers from 0 to 255, with a whole number from 0 on as the label of
    each, batch_size and resize are positive integers, and shuffle is True or False.
    """

    def __init__(self, images, labels, batch_size, shuffle=False, resize=None):
        arguments.examples(images, labels)
        arguments.positive_integer("batch_size", batch_size)
        arguments.truth("shuffle", shuffle)
        if resize is not None:
            arguments.positive_integer("resize", resize)
        # One byte a pixel, as in the file: a quarter of the memory, and one small cast a minibatch.
        self.images = nd.array(images, dtype="uint8").expand_dims(1)
        self.labels = nd.array(labels, dtype="int32")
        self.batch_size, self.shuffle, self.resize = int(batch_size), shuffle, resize

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self):
        n = len(self.labels)
        order = np.random.permutation(n) if self.shuffle else np.arange(n)
        for start in range(0, n, self.batch_size):
            rows = nd.array(order[start : start + self.batch_size], dtype="int32")
            X = self.images.take(rows)
            if self.resize is not None:
                X = _resized(X, self.resize)
            yield X.astype("float32") / 255, self.labels.take(rows)


def _resized(X, size):
    """X: (n, 1, h, w), bytes, as (n, 1, size, size): each new pixel is a weighted mean of the four nearest old ones (bilinear
    interpolation), rounded at the same points as in MXNet's nd.image.resize."""
    A = X.asnumpy().astype(np.int32)
    up, down, v = _neighbours(A.shape[2], size)
    left, right, u = _neighbours(A.shape[3], size)
    A = A[..., left] * (2048 - u) + A[..., right] * u >> 4
    A = (A[:, :, up] * (2048 - v[:, np.newaxis]) >> 16) + (A[:, :, down] * v[:, np.newaxis] >> 16)
    return nd.array(A + 2 >> 2, dtype="uint8")


def _neighbours(old, new):
    """For each of `new` pixels the two nearest of `old` pixels, by their centres, and the weight of the second in 1/2048."""
    place = np.clip((np.arange(new) + 0.5) * (old / new) - 0.5, 0, old - 1).astype(np.float32)
    first = np.floor(place).astype(int)
    return first, np.minimum(first + 1, old - 1), np.rint(2048 * (place - first)).astype(np.int32)


def load_data_fashion_mnist(batch_size, resize=None, root=None):
    """Fashion-MNIST as two collections of minibatches: (train_iter, test_iter), 60,000 and 10,000 images.

    Both yield X: (n, 1, 28, 28), float32 in [0, 1], and y: (n,), int32 from 0 to 9. train_iter is reshuffled in each epoch,
    test_iter keeps the order of the file. `resize` makes the images resize x resize pixels.
    `root` is the folder of the files; see `fashion_mnist_arrays` for the default and for the errors raised when the data
    is not available. Raises ValueError for a `batch_size` or `resize` that is not a positive integer.
    """
    arguments.positive_integer("batch_size", batch_size)
    if resize is not None:
        arguments.positive_integer("resize", resize)
    train, test = fashion_mnist_arrays(root)
    return Minibatches(*train, batch_size, shuffle=True, resize=resize), Minibatches(*test, batch_size, resize=resize)


def fashion_mnist_arrays(root=None):
    """Fashion-MNIST as NumPy arrays: (train_images, train_labels), (test_images, test_labels).

    Images: (60000, 28, 28) and (10000, 28, 28), uint8 from 0 to 255; labels: (60000,) and (10000,), uint8 from 0 to 9.
    The four files (55 MB) are looked for in `root`, or the folder named by the variable FASHION_MNIST_DIR, or the
    platform's cache folder; then in the folders of MXNet and of the Debian package dataset-fashion-mnist; otherwise they
    are downloaded, verified, and kept. Raises RuntimeError, with a list of the sources tried, when none has them, and
    OSError when the folder can't be written.
    """
    content = verified_files(data_folder(root))

    def array(name, header, shape):
        return np.frombuffer(content[name], dtype=np.uint8, offset=header).reshape(shape)

    return (
        (array("train-images-idx3-ubyte", 16, (-1, 28, 28)), array("train-labels-idx1-ubyte", 8, -1)),
        (array("t10k-images-idx3-ubyte", 16, (-1, 28, 28)), array("t10k-labels-idx1-ubyte", 8, -1)),
    )


def load_validation_split(batch_size, num_validation=10000, seed=0):
    """The 60,000 training images in two parts, (train_iter, valid_iter), in minibatches as from `load_data_fashion_mnist`.

    The `num_validation` images of the second part are drawn at random, always the same ones for the same `seed`. The test
    images are not used. Raises ValueError for a `batch_size` or `num_validation` that is not a positive integer.
    """
    arguments.positive_integer("batch_size", batch_size)
    arguments.integer("num_validation", num_validation, least=1, most=59999)
    arguments.integer("seed", seed, least=0, most=2**31 - 1)
    (images, labels), _ = fashion_mnist_arrays()
    order = np.random.RandomState(seed).permutation(len(labels))
    valid, train = order[:num_validation], order[num_validation:]
    train_iter = Minibatches(images[train], labels[train], batch_size, shuffle=True)
    return train_iter, Minibatches(images[valid], labels[valid], batch_size)


def get_fashion_mnist_labels(labels):
    """The names of class numbers, for example [0, 9] -> ["t-shirt", "ankle boot"].

    `labels` is a list, NumPy array or NDArray of whole numbers from 0 to 9. Raises ValueError for anything else.
    """
    values = labels.asnumpy() if isinstance(labels, nd.NDArray) else np.asarray(labels, dtype=object)
    if values.ndim != 1:
        raise ValueError(f"labels must be a list of class numbers, for example [0, 9], not {arguments.shown(labels)}.")
    for value in values.tolist():
        if value not in range(len(LABELS)):
            raise ValueError(f"labels must hold whole numbers from 0 to 9; it holds {value!r}.")
    return [LABELS[int(value)] for value in values]


def data_folder(root=None):
    """The folder of the four files: `root`, or the folder named by FASHION_MNIST_DIR, or the platform's cache folder."""
    if not isinstance(root, (str, os.PathLike, type(None))):
        raise TypeError(f"root must be the path of a folder, for example '~/data', not {root!r}.")
    folder = os.path.expanduser(root or os.environ.get(files.FOLDER_VARIABLE) or _cache_folder())
    if os.fspath(folder).startswith("~"):
        unknown = f"{folder} begins with a user whom this machine doesn't know"
        raise ValueError(f"{unknown}: pass the path of a folder as root, or set {files.FOLDER_VARIABLE}.")
    return Path(folder)


def _cache_folder():
    from platformdirs import user_cache_path  # needed only if no folder is given

    return user_cache_path("mlp-from-scratch")


def verified_files(folder):
    """The uncompressed content of all four files, by name: from `folder`, or, if missing there, from another source."""
    found, failures = {}, {}
    files.collect(files.FILES, found, failures, folder, functools.partial(files.local_copy, folder))
    if len(found) < len(files.FILES):
        from . import fetch  # here, because it imports the packages that only a download needs

        fetch.complete(found, failures, folder)
    return found
