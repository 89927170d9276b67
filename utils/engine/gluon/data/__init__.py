"""`gluon.data`: examples one by one, and in minibatches."""

import itertools

import numpy as np

from ... import nd
from ...ndarray import NDArray
from . import vision  # noqa: F401


class Dataset:
    """Examples by their number."""

    def transform(self, fn, lazy=True):
        """The same examples, as `fn` changes them when they are asked for."""
        return Transformed(self, lambda example: fn(*example) if isinstance(example, tuple) else fn(example))

    def transform_first(self, fn, lazy=True):
        """The same examples, with the first part of each (the image) as `fn` changes it."""
        return self.transform(lambda first, *others: (fn(first), *others) if others else fn(first))


class Transformed(Dataset):
    """The examples of another data set, changed."""

    def __init__(self, dataset, fn):
        self.dataset, self.fn = dataset, fn

    def __len__(self):
        return len(self.dataset)

    def __getitem__(self, index):
        return self.fn(self.dataset[index])


class ArrayDataset(Dataset):
    """Arrays of the same length, read side by side: example i is (first[i], second[i], ...)."""

    def __init__(self, *arrays):
        for i, one in enumerate(arrays):
            if len(one) != len(arrays[0]):
                raise AssertionError(
                    f"All arrays must have the same length; array[0] has length {len(arrays[0])} while array[{i + 1}] "
                    f"has {len(one)}."
                )
        self.arrays = [one.asnumpy() if isinstance(one, NDArray) and one.ndim == 1 else one for one in arrays]

    def __len__(self):
        return len(self.arrays[0])

    def __getitem__(self, index):
        example = tuple(one[index] for one in self.arrays)
        return example if len(example) > 1 else example[0]


def batchify(examples):
    """A minibatch of examples: one array, or a list of arrays if the examples have several parts."""
    if isinstance(examples[0], tuple):
        return [batchify(part) for part in zip(*examples)]
    if isinstance(examples[0], NDArray):
        return NDArray(np.stack([one.data for one in examples]))
    numbers = np.asarray(examples)
    return nd.array(numbers, dtype=numbers.dtype)


class DataLoader:
    """Minibatches of a data set, in order or, with `shuffle`, in an order of NumPy's global generator. It works in one process.

    `last_batch` says what becomes of a last one that is not full: "keep" or "discard".
    """

    def __init__(
        self,
        dataset,
        batch_size=None,
        shuffle=False,
        sampler=None,
        last_batch="keep",
        batch_sampler=None,
        batchify_fn=batchify,
        num_workers=0,
        **options,
    ):
        if batch_size is None:
            raise ValueError("batch_size must be specified unless batch_sampler is specified")
        self.dataset, self.batch_size, self.shuffle, self.last_batch = dataset, batch_size, shuffle, last_batch
        self.batchify = batchify_fn

    def __len__(self):
        n = len(self.dataset)
        return n // self.batch_size if self.last_batch == "discard" else -(-n // self.batch_size)

    def __iter__(self):
        order = np.arange(len(self.dataset))
        if self.shuffle:
            np.random.shuffle(order)
        starts = range(0, len(order), self.batch_size)
        for start in itertools.islice(starts, len(self)):
            yield self.batchify([self.dataset[i] for i in order[start : start + self.batch_size].tolist()])
