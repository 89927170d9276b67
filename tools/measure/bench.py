"""Time an epoch: this course's loop on MXNet and on its own engine, the loop in NumPy by hand, the original way, PyTorch's
eager loop if .venv-torch exists, and the bare matrix products.

An epoch trains on the 60,000 training images, then measures the accuracy on the 10,000 test images. Each loop runs in its own
process, with its own engine. The loops take turns, so that other load on the machine affects all of them.
"""

import argparse
import contextlib
import os
import platform
import re
import statistics
import subprocess
import sys
import time
from pathlib import Path

import utils

import numpy as np
from mxnet import autograd, gluon, nd
from tqdm import tqdm

from tools.notebooks.definitions import taken_from

BATCH_SIZE, LR = 256, 0.5
TORCH = Path(".venv-torch/bin/python")


def model_and_params():
    utils.seed_everything(42)
    params = utils.init_params()
    return lambda X: utils.mlp(X, params), params


def course():
    """This course's loop."""
    train_iter, test_iter = utils.load_data_fashion_mnist(BATCH_SIZE)
    model, params = model_and_params()

    def epoch():
        utils.train_epoch(model, train_iter, utils.softmax_cross_entropy, lambda: utils.sgd(params, LR, BATCH_SIZE))
        utils.evaluate_accuracy(test_iter, model)
        nd.waitall()

    return epoch


def original():
    """The loop of the original text: Gluon's loaders and loss; loss and accuracy are read back after every minibatch."""

    def loader(arrays, shuffle):
        dataset = gluon.data.ArrayDataset(nd.array(arrays[0], dtype="uint8").expand_dims(3), arrays[1].astype("int32"))
        return gluon.data.DataLoader(dataset.transform_first(to_tensor), BATCH_SIZE, shuffle=shuffle, num_workers=4)

    to_tensor = gluon.data.vision.transforms.ToTensor()
    train, test = utils.fashion_mnist_arrays()
    train_iter, test_iter = loader(train, shuffle=True), loader(test, shuffle=False)
    loss = gluon.loss.SoftmaxCrossEntropyLoss()
    model, params = model_and_params()

    def epoch():
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

    return epoch


def by_hand():
    """The NumPy loop of the chapter on backpropagation."""
    data = "train_images", "X_train", "X_test"
    steps = "forward", "loss_and_dO", "backward", "initial_params"
    loop = "float32_params", "numpy_epoch", "test_accuracy"
    float32_params, numpy_epoch, test_accuracy = taken_from("11_backpropagation", *data, *steps, *loop)[-3:]
    params = float32_params()

    def epoch():
        numpy_epoch(params, LR, BATCH_SIZE)
        test_accuracy(params)

    return epoch


def pytorch():
    """PyTorch's eager loop on the CPU: the same network, updates and measurements."""
    import torch

    torch.manual_seed(42)
    (X, y), (X_test, y_test) = ([torch.tensor(part) for part in arrays] for arrays in utils.fashion_mnist_arrays())
    y, y_test = y.long(), y_test.long()
    net = torch.nn.Sequential(torch.nn.Flatten(), torch.nn.Linear(784, 256), torch.nn.ReLU(), torch.nn.Linear(256, 10))
    loss, optimiser = torch.nn.CrossEntropyLoss(), torch.optim.SGD(net.parameters(), LR)

    def epoch():
        total = correct = 0
        for rows in torch.randperm(60000).split(BATCH_SIZE):
            optimiser.zero_grad()
            O = net(X[rows].float() / 255)
            l = loss(O, y[rows])
            l.backward()
            optimiser.step()
            total += l.item() * len(rows)
            correct += (O.argmax(1) == y[rows]).sum().item()
        with torch.no_grad():
            for rows in torch.arange(10000).split(BATCH_SIZE):
                correct += (net(X_test[rows].float() / 255).argmax(1) == y_test[rows]).sum().item()

    return epoch


def products():
    """Only the matrix products of each minibatch, in NumPy: five for training and two for measuring the accuracy."""
    rng = np.random.RandomState(0)
    shapes = (60000, 784), (10000, 784), (784, 256), (256, 10), (256, 256), (256, 10)
    X, X_test, W1, W2, H, O = (rng.uniform(size=shape).astype("float32") for shape in shapes)

    def epoch():
        for start in range(0, 60000, BATCH_SIZE):
            x = X[start : start + BATCH_SIZE]
            h, o = H[: len(x)], O[: len(x)]
            x @ W1, h @ W2, h.T @ o, o @ W2.T, x.T @ h
        for start in range(0, 10000, BATCH_SIZE):
            x = X_test[start : start + BATCH_SIZE]
            x @ W1, H[: len(x)] @ W2

    return epoch


LOOPS = {  # each with its engine and the Python that runs it
    "this course, on MXNet": (course, "mxnet", sys.executable),
    "the original way, on MXNet: DataLoader, four workers": (original, "mxnet", sys.executable),
    "this course, on its own engine": (course, "own", sys.executable),
    "NumPy by hand: the chapter's own cells": (by_hand, "own", sys.executable),
    "PyTorch, eager, on the processor": (pytorch, "own", TORCH),
    "the floor: matrix products in NumPy": (products, "own", sys.executable),
}


def at_hand():
    """The loops whose Python exists: PyTorch's is in an environment of its own."""
    return [name for name, (_, _, python) in LOOPS.items() if Path(python).exists()]


def answer(name):
    """In a loop's process: for each line of standard input run an epoch, and print its seconds."""
    epoch = LOOPS[name][0]()
    for _ in sys.stdin:
        start = time.perf_counter()
        epoch()
        print(time.perf_counter() - start, flush=True)


@contextlib.contextmanager
def process(name):
    """The process of a loop."""
    _, engine, python = LOOPS[name]
    environment = {**os.environ, "MLP_ENGINE": engine}
    command = [python, "-m", "tools.measure.bench", "--loop", name]
    with subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        yield running
        running.stdin.close()


def ask(running):
    """Seconds of one epoch in a process."""
    time.sleep(1)  # BLAS threads of the previous process busy-wait for a while, and would compete for the cores
    print(file=running.stdin, flush=True)
    return float(running.stdout.readline())


def processor():
    """The processor's name."""
    cpuinfo = Path("/proc/cpuinfo")
    line = re.search(r"model name\s*: (.*)", cpuinfo.read_text(encoding="utf-8")) if cpuinfo.exists() else None
    return line[1] if line else platform.processor()


def measure(rounds):
    """Time all loops, after one warm-up epoch, and print a table."""
    with contextlib.ExitStack() as stack:
        running = {name: stack.enter_context(process(name)) for name in at_hand()}
        turns = tqdm(range(rounds + 1), desc="rounds", disable=None, leave=False)
        seconds = [{name: ask(running[name]) for name in running} for _ in turns]
    print(f"{processor()}, {os.cpu_count()} cores; NumPy {np.__version__}; seconds an epoch, medians of {rounds}")
    for name in running:
        print(f"{name:54} {statistics.median(turn[name] for turn in seconds[1:]):6.2f}")


def main():
    parser = argparse.ArgumentParser(description="Time an epoch of each loop.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--loop", choices=LOOPS, help="time this one, at each line of standard input")
    arguments = parser.parse_args()
    if arguments.loop:
        answer(arguments.loop)
    elif utils.engine_name == "own":
        sys.exit("NOT RUN: MXNet, which is measured too, is not installed here")
    else:
        measure(arguments.rounds)


if __name__ == "__main__":
    main()
