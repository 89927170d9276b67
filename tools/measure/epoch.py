"""Seconds an epoch (median of five, interleaved): this course's loop on MXNet and on its own engine, the loop in NumPy by hand,
the original way, the bare matrix products.

An epoch is what the loop prints a line for: a walk through the 60,000 training images, then the accuracy on 10,000 test images.
"""

import contextlib
import os
import statistics
import subprocess
import sys
import time

import utils

import numpy as np
from mxnet import autograd, gluon, nd
from tqdm import tqdm

from tools.book.chapters import CHAPTERS, code_cells, read_source

BATCH_SIZE, LR, ROUNDS = 256, 0.5, 5
MXNET, OWN = "this course, on MXNet", "this course, on its own engine"


def model_and_params():
    utils.seed_everything(42)
    params = utils.init_params()
    return lambda X: utils.mlp(X, params), params


def course_epoch(train_iter, test_iter, model, params):
    """This course's loop."""
    utils.train_epoch(model, train_iter, utils.softmax_cross_entropy, lambda: utils.sgd(params, LR, BATCH_SIZE))
    utils.evaluate_accuracy(test_iter, model)


def original_epoch(train_iter, test_iter, model, params):
    """The loop of the original text: Gluon's loss, and numbers read back after every minibatch."""
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    for X, y in train_iter:
        with autograd.record():
            O = model(X)
            l = loss(O, y).sum()
        l.backward()
        for param in params:
            param[:] = param - LR * param.grad / BATCH_SIZE
        l.asscalar()
        (O.argmax(axis=1) == y.astype("float32")).sum().asscalar()
    for X, y in test_iter:
        (model(X).argmax(axis=1) == y.astype("float32")).sum().asscalar()


def numpy_names():
    """What the chapter on backpropagation defines for its loop by hand, in NumPy: its own cells are run."""
    names = {"np": np, "fashion_mnist_arrays": utils.fashion_mnist_arrays}
    wanted = (
        "def forward(",
        "def loss_and_dO(",
        "def backward(",
        "def initial_params(",
        "def float32_params(",
        "def numpy_epoch(",
    )
    for cell in code_cells(read_source(CHAPTERS / "10_backpropagation.md")):
        if any(text in cell.source for text in wanted):
            exec(cell.source, names)  # noqa: S102
    return names


def numpy_epoch(names, params):
    """The loop of the chapter on backpropagation, without MXNet."""
    names["numpy_epoch"](params, LR, BATCH_SIZE)
    names["test_accuracy"](params)


@contextlib.contextmanager
def own_engine():
    """This course's loop on its own engine: a process that trains for an epoch whenever it is asked for one."""
    code = (
        "from tools.measure.epoch import *;"
        "works = *utils.load_data_fashion_mnist(BATCH_SIZE), *model_and_params();"
        "[print(seconds(course_epoch, *works), flush=True) for _ in sys.stdin]"
    )
    environment = {**os.environ, "MLP_ENGINE": "own"}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, "-c", code], env=environment, **pipes) as process:
        yield process
        process.stdin.close()


def own_engine_seconds(process):
    process.stdin.write("\n")
    process.stdin.flush()
    return float(process.stdout.readline())


def floor_epoch(X, X_test, W1, W2, H, O):
    """The matrix products of each minibatch, five to train and two to measure, in NumPy, and nothing else."""
    for start in range(0, 60000, BATCH_SIZE):
        x = X[start : start + BATCH_SIZE]
        h, o = H[: len(x)], O[: len(x)]
        x @ W1, h @ W2, h.T @ o, o @ W2.T, x.T @ h
    for start in range(0, 10000, BATCH_SIZE):
        x = X_test[start : start + BATCH_SIZE]
        x @ W1, H[: len(x)] @ W2


def original_loaders():
    def loader(arrays, shuffle):
        dataset = gluon.data.ArrayDataset(nd.array(arrays[0], dtype="uint8").expand_dims(3), arrays[1].astype("int32"))
        return gluon.data.DataLoader(dataset.transform_first(to_tensor), BATCH_SIZE, shuffle=shuffle, num_workers=4)

    to_tensor = gluon.data.vision.transforms.ToTensor()
    train, test = utils.fashion_mnist_arrays()
    return loader(train, shuffle=True), loader(test, shuffle=False)


def floor_arrays():
    rng = np.random.RandomState(0)
    shapes = (60000, 784), (10000, 784), (784, 256), (256, 10), (256, 256), (256, 10)
    return [rng.uniform(size=shape).astype("float32") for shape in shapes]


def seconds(function, *arguments):
    start = time.perf_counter()
    function(*arguments)
    nd.waitall()
    return time.perf_counter() - start


def peak_memory():
    """Peak memory, in MB, of a process that trains for an epoch."""
    code = (
        "import resource, utils; from tools.measure.epoch import *;"
        "course_epoch(*utils.load_data_fashion_mnist(256), *model_and_params());"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    kilobytes = int(subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout)
    return kilobytes / (1024 if sys.platform == "linux" else 1024**2)


def main():
    megabytes = peak_memory()  # first: a child's peak starts from what its parent holds
    decode = statistics.median(seconds(utils.load_data_fashion_mnist, BATCH_SIZE) for _ in range(ROUNDS))
    names = numpy_names()
    works = {
        MXNET: (course_epoch, *utils.load_data_fashion_mnist(BATCH_SIZE), *model_and_params()),
        "the original way: DataLoader, four workers": (original_epoch, *original_loaders(), *model_and_params()),
        "NumPy by hand: the chapter's own cells": (numpy_epoch, names, names["float32_params"]()),
        "the floor: matrix products in NumPy": (floor_epoch, *floor_arrays()),
    }
    times = {name: [] for name in [*works, OWN]}
    with own_engine() as process:
        for _ in tqdm(range(ROUNDS), desc="rounds", disable=None):
            for name, work in works.items():
                times[name].append(seconds(*work))
            times[OWN].append(own_engine_seconds(process))
    medians = {name: statistics.median(taken) for name, taken in times.items()}
    print(f"{os.cpu_count()} cores, OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}")
    print(f"{'seconds an epoch':45} {'median':>7} {'least':>7} {'most':>7} {'ratio':>6}")
    for name, taken in times.items():
        print(f"{name:45} {medians[name]:7.2f} {min(taken):7.2f} {max(taken):7.2f} {medians[name] / medians[MXNET]:6.2f}")
    print(f"{'decoding all images (seconds)':45} {decode:7.2f}")
    print(f"{'peak memory of training (MB)':45} {megabytes:7.0f}")


if __name__ == "__main__":
    main()
