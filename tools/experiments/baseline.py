"""Train the linear model and the network with ten seeds each, for five epochs: `make baseline` (12 minutes).

Writes utils/results/baseline.json, which 7 and 15 read: of each run its accuracies, the latter by class too. Beside that, the
accuracies of both after forty epochs with ever shorter steps, those of the nearest mean image and the nearest training image, and
with how many seeds two hidden units fold the chapter's points.
2 reads the test accuracies of networks of three widths after ten epochs.
"""

import numpy as np

from press.notebooks.definitions import taken_from
from tools.experiments.results import write_result
from utils import (
    fashion_mnist_arrays,
    init_params,
    load_data_fashion_mnist,
    mlp,
    seed_everything,
    sgd,
    softmax_cross_entropy,
    train_epoch,
)

from mxnet import nd  # isort: skip

linear_net, linear_params, _, _, _, middle, hidden_space = taken_from(
    "15_linear_baseline", "linear_net", "linear_params", "relu", "band", "points", "middle", "hidden_space"
)

SEEDS, NUM_EPOCHS, MANY_EPOCHS, BATCH_SIZE, FOLDS = range(10), 5, 40, 256, range(100)
WIDTHS, WIDTH_SEEDS, WIDTH_EPOCHS = (64, 256, 1024), range(5), 10

MODELS = {"linear": (linear_net, linear_params, 0.1), "network": (mlp, init_params, 0.5)}


def run(name, seed, train_iter, X, y):
    """The training accuracy of a run's last epoch, and which of the test images X, y it is right on, (10000,)."""
    net, new_params, lr = MODELS[name]
    seed_everything(seed)
    params = new_params()
    for _ in range(NUM_EPOCHS):
        _, train_acc = train_epoch(
            lambda X: net(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, lr, BATCH_SIZE)
        )
    return train_acc, net(X, params).argmax(axis=1).asnumpy() == y


def run_longer(name, train_iter, X, y):
    """Training and test accuracy after many epochs, whose learning rate falls from 0.5 towards 0."""
    net, new_params, _ = MODELS[name]
    seed_everything(0)
    params = new_params()
    for epoch in range(MANY_EPOCHS):
        lr = 0.5 * (1 - epoch / MANY_EPOCHS)
        _, train_acc = train_epoch(
            lambda X: net(X, params), train_iter, softmax_cross_entropy, lambda lr=lr: sgd(params, lr, BATCH_SIZE)
        )
    return rounded([train_acc, (net(X, params).argmax(axis=1).asnumpy() == y).mean()])


def run_width(num_hiddens, seed, train_iter, X, y):
    """The test accuracy of a network with this many hidden units after ten epochs."""
    seed_everything(seed)
    params = init_params(num_hiddens=num_hiddens)
    for _ in range(WIDTH_EPOCHS):
        train_epoch(lambda X: mlp(X, params), train_iter, softmax_cross_entropy, lambda: sgd(params, 0.5, BATCH_SIZE))
    return (mlp(X, params).argmax(axis=1).asnumpy() == y).mean()


def folds(seed):
    """Whether two hidden units that begin with this seed come to separate the chapter's points."""
    *_, (_, (H, w, b)) = hidden_space(seed=seed)
    return ((H @ w + b > 0) == (middle.asnumpy() == 1)).all()


def nearest(known, labels, X, y):
    """How often the label of the nearest of the known images is right; squared distances, but for what is the same for all."""
    squares = (known**2).sum(axis=1)
    parts = [squares - 2 * X[first : first + 500] @ known.T for first in range(0, len(X), 500)]
    return (labels[np.concatenate([part.argmin(axis=1) for part in parts])] == y).mean()


def untrained():
    """The test accuracies of the class whose mean image is nearest, and of the label of the nearest training image."""
    (known, labels), (X, y) = ((images.reshape(-1, 784) / np.float32(255), labels) for images, labels in fashion_mnist_arrays())
    means = np.stack([known[labels == label].mean(axis=0) for label in range(10)])
    shares = nearest(means, np.arange(10), X, y), nearest(known, labels, X, y)
    return dict(zip(("nearest mean", "nearest image"), rounded(shares), strict=True))


def rounded(shares):
    return [round(float(share), 4) for share in shares]


def main():
    train_iter, _ = load_data_fashion_mnist(BATCH_SIZE)
    _, (images, y) = fashion_mnist_arrays()
    X = nd.array(images, dtype="float32").reshape((-1, 784)) / 255
    result = {name: [] for name in MODELS}
    for name in MODELS:
        for seed in SEEDS:
            train_acc, right = run(name, seed, train_iter, X, y)
            accuracies = rounded([train_acc, right.mean()])
            recall = rounded(right[y == label].mean() for label in range(10))
            result[name].append({"train_acc": accuracies[0], "test_acc": accuracies[1], "recall": recall})
            print(seed, name, *accuracies, flush=True)
    result["longer"] = {name: run_longer(name, train_iter, X, y) for name in MODELS}
    result["untrained"] = untrained()
    result["widths"] = {width: rounded(run_width(width, seed, train_iter, X, y) for seed in WIDTH_SEEDS) for width in WIDTHS}
    result["folds"] = [int(sum(folds(seed) for seed in FOLDS)), len(FOLDS)]
    write_result("baseline", result)


if __name__ == "__main__":
    main()
