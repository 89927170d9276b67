"""Train the linear model and the network with ten seeds each, for five epochs: `make baseline` (2 minutes).

Writes utils/results/baseline.json, which 8 reads: of each run its accuracies, the latter by class, and of each seed what share
of the linear model's mistakes the network puts right, and of its right answers gets wrong.
"""

from tools.experiments.results import write_result
from tools.notebooks.definitions import taken_from
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

linear_net, linear_params = taken_from("08_linear_baseline", "linear_net", "linear_params")

SEEDS, NUM_EPOCHS, BATCH_SIZE = range(10), 5, 256

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


def rounded(shares):
    return [round(float(share), 4) for share in shares]


def main():
    train_iter, _ = load_data_fashion_mnist(BATCH_SIZE)
    _, (images, y) = fashion_mnist_arrays()
    X = nd.array(images, dtype="float32").reshape((-1, 784)) / 255
    result = {"linear": [], "network": [], "put_right": [], "made_wrong": []}
    for seed in SEEDS:
        right = {}
        for name in MODELS:
            train_acc, right[name] = run(name, seed, train_iter, X, y)
            accuracies = rounded([train_acc, right[name].mean()])
            recall = rounded(right[name][y == label].mean() for label in range(10))
            result[name].append({"train_acc": accuracies[0], "test_acc": accuracies[1], "recall": recall})
            print(seed, name, *accuracies, flush=True)
        result["put_right"] += rounded([right["network"][~right["linear"]].mean()])
        result["made_wrong"] += rounded([1 - right["network"][right["linear"]].mean()])
    write_result("baseline", result)


if __name__ == "__main__":
    main()
