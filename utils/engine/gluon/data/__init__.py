"""`gluon.data`: data sets and minibatches."""

import numpy as np

from ... import nd
from ...base import refuse
from . import vision  # noqa: F401


class ArrayDataset:
    """A data set of arrays of the same length: example i is (fn(first[i]), second[i], ...)."""

    def __init__(self, *arrays, fn=lambda first: first):
        if len({len(one) for one in arrays}) > 1:
            raise AssertionError("All arrays must have the same length")
        self.fn, self.arrays = fn, [one.asnumpy() if isinstance(one, nd.NDArray) and one.ndim == 1 else one for one in arrays]

    def __len__(self):
        return len(self.arrays[0])

    def __getitem__(self, index):
        first, *others = (one[index] for one in self.arrays)
        return (self.fn(first), *others) if others else self.fn(first)

    def transform_first(self, fn):
        """The same examples, with `fn` applied to the first part of each, the image, on each access."""
        return ArrayDataset(*self.arrays, fn=lambda first: fn(self.fn(first)))


def batchify(examples):
    """A minibatch of examples: one array, or a list of arrays if the examples have several parts."""
    if isinstance(examples[0], tuple):
        return [batchify(part) for part in zip(*examples)]
    numbers = np.stack([one._data if isinstance(one, nd.NDArray) else one for one in examples])
    return nd.array(numbers, dtype=numbers.dtype)


class DataLoader:
    """Minibatches of a data set, in order, or with `shuffle` in a new order each epoch, drawn from NumPy's global generator.

    `last_batch` is "keep" or "discard": what happens to a last minibatch that is not full. `num_workers` is ignored."""

    def __init__(self, dataset, batch_size, shuffle=False, last_batch="keep", num_workers=0, **lacking):
        refuse(**lacking)
        if last_batch not in ("keep", "discard"):
            raise ValueError(f"last_batch must be either 'keep' or 'discard' on the course's own engine, but got {last_batch}")
        self.dataset, self.batch_size, self.shuffle, self.last_batch = dataset, batch_size, shuffle, last_batch

    def __len__(self):
        n = len(self.dataset)
        return n // self.batch_size if self.last_batch == "discard" else -(-n // self.batch_size)

    def __iter__(self):
        order = np.random.permutation(len(self.dataset)) if self.shuffle else np.arange(len(self.dataset))
        for start in range(0, len(self) * self.batch_size, self.batch_size):
            yield batchify([self.dataset[i] for i in order[start : start + self.batch_size].tolist()])
