"""The published images, and minibatches of them: their content, order and size."""

import inspect
import re

import mxnet as mx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from utils import LABELS, data, fashion_mnist_arrays, get_fashion_mnist_labels, load_data_fashion_mnist, seed_everything
from utils.data import Minibatches

pytestmark = pytest.mark.own_engine

IMAGES, CLASSES = (array[:50] for array in fashion_mnist_arrays()[1])


def test_the_published_data():
    (train_images, train_labels), (test_images, test_labels) = fashion_mnist_arrays()
    assert train_images.shape == (60000, 28, 28) and test_images.shape == (10000, 28, 28)
    assert {array.dtype for array in (train_images, train_labels, test_images, test_labels)} == {np.dtype("uint8")}
    assert (np.bincount(train_labels) == [6000] * 10).all() and (np.bincount(test_labels) == [1000] * 10).all()
    assert get_fashion_mnist_labels(train_labels[:3]) == ["ankle boot", "t-shirt", "t-shirt"]
    train_iter, test_iter = load_data_fashion_mnist(256)
    assert (len(train_iter), len(test_iter)) == (235, 40) and train_iter.shuffle and not test_iter.shuffle
    X, y = next(iter(train_iter))
    assert X.shape == (256, 1, 28, 28) and y.shape == (256,) and X.min() == 0 and X.max() == 1


@pytest.mark.parametrize("of", [Minibatches, load_data_fashion_mnist, fashion_mnist_arrays])
def test_a_docstring_promises_the_shapes_and_types_that_there_are(of):
    """`X: (n, 1, 28, 28), float32` of a minibatch, `images: (60000, 28, 28) and (10000, 28, 28), uint8` of arrays."""
    X, y = next(iter(Minibatches(IMAGES, CLASSES, 25)))
    (images, labels), _ = fashion_mnist_arrays()
    there = {"X": X, "y": y, "images": images, "labels": labels}
    promised = re.findall(r"\b(\w+): \(([^)]*)\)(?: and \([^)]*\))?, (u?int\d+|float\d+)", inspect.getdoc(of))
    assert len(promised) == 2
    for name, shape, kind in promised:
        array = there[name.lower() if len(name) > 1 else name]
        assert kind == np.dtype(array.dtype).name
        assert [*array.shape] == [25 if size == "n" else int(size) for size in re.findall(r"\w+", shape)]


def as_numpy(minibatches):
    return [(X.asnumpy(), y.asnumpy()) for X, y in minibatches]


def assert_same(minibatches, others):
    assert len(minibatches) == len(others)
    for (X, y), (other_X, other_y) in zip(minibatches, others):
        assert X.dtype == other_X.dtype and y.dtype == other_y.dtype
        np.testing.assert_array_equal(X, other_X)
        np.testing.assert_array_equal(y, other_y)


def gluon_loader(batch_size, *steps):
    data = mx.gluon.data
    dataset = data.ArrayDataset(mx.nd.array(IMAGES[..., None], dtype="uint8"), CLASSES.astype("int32"))
    for step in (*steps, data.vision.transforms.ToTensor()):
        dataset = dataset.transform_first(step)
    return data.DataLoader(dataset, batch_size)


@pytest.mark.mxnet
@pytest.mark.parametrize("batch_size", [7, np.int8(7), 10**30])
def test_minibatches_are_equal_to_those_of_a_gluon_loader(batch_size):
    minibatches, loader = Minibatches(IMAGES, CLASSES, batch_size), gluon_loader(int(min(batch_size, 256)))
    assert len(minibatches) == len(loader) == -(-len(IMAGES) // int(batch_size))
    for _ in range(2):
        assert_same(as_numpy(minibatches), as_numpy(loader))


def orders(minibatches, num_epochs):
    return [np.concatenate([X.asnumpy()[:, 0, 12:15] for X, _ in minibatches]).tobytes() for _ in range(num_epochs)]


def test_each_epoch_has_a_new_order_which_a_seed_repeats():
    in_order, shuffled = (Minibatches(IMAGES, CLASSES, 8, shuffle) for shuffle in (False, True))
    assert len(set(orders(in_order, 3))) == 1
    unseeded = orders(shuffled, 5)
    assert len(set(unseeded)) == 5
    seed_everything(1)
    seeded = orders(shuffled, 3)
    seed_everything(1)
    assert orders(shuffled, 3) == seeded and len(set(seeded)) == 3
    seed_everything(2)
    assert orders(shuffled, 1) != seeded[:1]


@settings(derandomize=True, deadline=None, max_examples=30, database=None)
@given(n=st.integers(1, 40), batch_size=st.integers(1, 50), shuffle=st.booleans())
def test_an_epoch_yields_each_example_once_with_its_label(n, batch_size, shuffle):
    images = np.full((n, 28, 28), 100, np.uint8) + np.arange(n, dtype=np.uint8)[:, None, None]
    batches = as_numpy(Minibatches(images, np.arange(n), batch_size, shuffle))
    assert [len(y) for _, y in batches] == [batch_size] * (n // batch_size) + [n % batch_size] * (n % batch_size > 0)
    labels = np.concatenate([y for _, y in batches])
    assert sorted(labels) == list(range(n)) and (shuffle or (labels == np.arange(n)).all())
    for X, y in batches:  # the pixels of each image are 100 more than its label
        np.testing.assert_allclose(255 * X, np.broadcast_to(100 + y[:, None, None, None], X.shape), rtol=1e-6)


def test_black_images_are_images():
    [(X, _)] = Minibatches(np.zeros((2, 28, 28)), [0, 1], 2)
    assert not X.asnumpy().any()


def test_two_iterators_are_independent():
    minibatches = Minibatches(IMAGES, CLASSES, 3)
    for (X, _), (again, _) in zip(minibatches, minibatches):
        assert (X == again).asnumpy().all()
    next(iter(minibatches))  # an iterator that is abandoned
    assert sum(len(y) for _, y in minibatches) == len(IMAGES)


@pytest.mark.parametrize(
    "images, labels, message",
    [
        (IMAGES[:20], CLASSES, r"label for each image: 20 images, labels of shape \(50,\)"),
        (IMAGES, CLASSES[:, None], r"label for each image: 50 images, labels of shape \(50, 1\)"),
        (IMAGES, np.eye(10)[CLASSES], r"labels of shape \(50, 10\)"),
        (IMAGES / 255, CLASSES, r"from 0 to 255, not from 0 to 1: use \(255 \* images\)\.round\(\)"),
        (IMAGES > 127, CLASSES, "from 0 to 255, not from 0 to 1"),
        (1 * (IMAGES > 127), CLASSES, "from 0 to 255, not from 0 to 1"),
        (IMAGES / IMAGES.std(), CLASSES, r"images must be whole numbers from 0 to 255; they hold 0\.\d+\. Scale them back"),
        (mx.nd.array(IMAGES) / 128, CLASSES, r"images must be whole numbers .* they hold 0\.\d+\. .*or standardise X"),
        (2.0 * IMAGES, CLASSES, r"images must be whole numbers from 0 to 255; they hold [2-5]\d\d"),
        (2 * IMAGES.astype(int), CLASSES, r"images must be whole numbers from 0 to 255; they hold [2-5]\d\d"),
        (mx.nd.array(IMAGES) - 1, CLASSES, r"images must be whole numbers from 0 to 255; they hold -1\.0\."),
        (np.where(IMAGES > 254, np.nan, IMAGES), CLASSES, "images must be whole numbers from 0 to 255; they hold nan"),
        (np.where(IMAGES > 254, np.inf, IMAGES), CLASSES, "images must be whole numbers from 0 to 255; they hold inf"),
        (IMAGES.astype(str), CLASSES, "images must be an array of numbers"),
        (IMAGES.astype(object), CLASSES, "images must be an array of numbers"),
        (IMAGES.astype(complex), CLASSES, "images must be an array of numbers"),
        ([IMAGES[0], IMAGES[1, :3]], CLASSES[:2], "images must be an array of numbers, with rows of one length"),
        (iter(IMAGES), CLASSES, "images must be an array of numbers"),
        (None, CLASSES, "images must be an array of numbers, with rows of one length, not None"),
        (IMAGES[:0], CLASSES[:0], r"images must hold at least one, shape \(n, h, w\), not \(0, 28, 28\)"),
        (IMAGES[:, :0] * 1.0, CLASSES, r"images must hold at least one, shape \(n, h, w\), not \(50, 0, 28\)"),
        (IMAGES, None, "labels must be an array of numbers, with rows of one length, not None"),
        (IMAGES, CLASSES.astype(object), "labels must be an array of numbers"),
        (IMAGES, CLASSES.astype(str), "labels must be an array of numbers"),
        (IMAGES, CLASSES + 0.5, r"labels must be whole numbers from 0 to 2147483647; they hold 9\.5"),
        (IMAGES, CLASSES.astype(int) - 9, r"labels must be whole numbers from 0 .*; they hold -\d\. Number the classes from 0"),
        (IMAGES, CLASSES.astype(np.int64) + 2**31, "labels must be whole numbers .*; they hold 21474836"),
        (IMAGES, np.where(CLASSES > 8, np.nan, CLASSES), "labels must be whole numbers .*; they hold nan"),
        (IMAGES, np.where(CLASSES > 8, np.inf, CLASSES), "labels must be whole numbers .*; they hold inf"),
        (IMAGES[:, None], CLASSES, r"\(n, h, w\), not \(50, 1, 28, 28\)\. For those of Minibatches, use images\[:, 0\]"),
        (IMAGES.reshape((50, -1)), CLASSES, r"not \(50, 784\)\. For rows of 784 numbers, use images\.reshape\(\(-1, 28, 28\)\)"),
        (CLASSES, IMAGES, r"not \(50,\)\. These look like labels: pass the images first"),
        (IMAGES, CLASSES, "batch_size must be a positive integer"),
    ],
)
@pytest.mark.filterwarnings("error")
def test_arguments_that_would_give_wrong_minibatches_are_refused(images, labels, message):
    with pytest.raises(ValueError, match=message):
        Minibatches(images, labels, 0)


def test_images_that_were_scaled_down_and_back_are_those_that_they_were():
    X = next(iter(Minibatches(IMAGES, CLASSES, 50)))[0][:, 0]
    for images in ((255 * X).round(), (255 * X.asnumpy()).round().tolist(), IMAGES.astype("float16")):
        assert (Minibatches(images, CLASSES, 50).images[:, 0].asnumpy() == IMAGES).all()


@pytest.mark.parametrize("resize", [0, -1, 2.5, "28", True])
def test_minibatches_refuse_a_size_that_is_no_positive_integer(resize):
    with pytest.raises(ValueError, match="resize must be a positive integer"):
        Minibatches(IMAGES, CLASSES, 5, resize=resize)


@pytest.mark.parametrize("shuffle", ["no", None, 1, 0.5])
def test_minibatches_are_shuffled_or_not(shuffle):
    with pytest.raises(ValueError, match="shuffle must be True or False, not "):
        Minibatches(IMAGES, CLASSES, 5, shuffle)


@pytest.mark.mxnet
@pytest.mark.parametrize("size", [1, 7, 14, 20, 29, 56])
def test_resize_agrees_with_gluon(size, monkeypatch):
    few = [(IMAGES, CLASSES)] * 2  # not 70,000 for each size
    monkeypatch.setattr(data, "fashion_mnist_arrays", lambda root=None: few)
    train_iter, test_iter = load_data_fashion_mnist(len(IMAGES), resize=size)
    resize = mx.gluon.data.vision.transforms.Resize(size)
    (X, y), (their_X, their_y) = (as_numpy([next(iter(all))])[0] for all in (test_iter, gluon_loader(len(IMAGES), resize)))
    differ = abs(255 * (X - their_X))  # a value halfway between two integers may be rounded to either
    assert X.shape == their_X.shape and (y == their_y).all() and differ.max() < 1.01 and (differ > 0.5).mean() < 0.01
    assert next(iter(train_iter))[0].shape == (len(IMAGES), 1, size, size)


def test_names_of_labels():
    for numbers in ((0, 9, 3), np.array([0, 9, 3], dtype="uint8"), mx.nd.array([0, 9, 3]), [np.int64(0), np.float32(9), 3]):
        assert get_fashion_mnist_labels(numbers) == ["t-shirt", "ankle boot", "dress"]
    assert get_fashion_mnist_labels(range(10)) == LABELS and len(set(LABELS)) == 10
    assert get_fashion_mnist_labels([]) == []
