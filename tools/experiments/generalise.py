"""Measure which methods help a wide network with few images to generalise: `make generalise`.

It takes about 7 minutes on one core, too long for a chapter: 14 to 16 read its result, utils/results/generalise.json. Each
setting is trained with SEEDS. A seed draws the images, the first weights and the order of the minibatches, so that two settings
can be compared seed by seed. In each group the setting with the highest mean validation accuracy is chosen, and the result gives
the test accuracy of the chosen settings only. What is trained, and how, is defined in the chapters 16, 18 and 26, but for Adam.
"""

import math

from press.notebooks.definitions import taken_from
from tools.experiments.results import write_result
from utils import (
    evaluate_accuracy,
    fashion_mnist_arrays,
    init_layers,
    load_validation_split,
    seed_everything,
    softmax_cross_entropy,
    train_epoch,
)

from mxnet import nd  # isort: skip

minibatches, shift, sgd_decay, dropout, dropout_mlp = taken_from(
    "16_generalise", "minibatches", "shift", "sgd_decay", "dropout", "dropout_mlp"
)
neighbourhoods, conv_net, mixed_pixels = taken_from("18_convolution", "neighbourhoods", "conv_net", "mixed_pixels")
[sgd_momentum] = taken_from("26_solutions_train", "sgd_momentum")

SEEDS = range(3)
GROUPS = {
    "no remedy": [{"lr": lr} for lr in (0.03, 0.1)],
    "500 images": [{"n": 500}],
    "2,000 images": [{"n": 2000}],
    "4,000 images": [{"n": 4000}],
    "32 units": [{"num_hiddens": 32}],
    "1,024 units": [{"num_hiddens": 1024}],
    "shifts": [{"most": 1, "num_epochs": 180}],
    "weight decay": [{"wd": wd} for wd in (0.003, 0.01)],
    "dropout": [{"rate": rate} for rate in (0.5, 0.8)],
    "early stopping": [{"early": True}],
    "schedule": [{"schedule": True}],
    "schedule, 180 epochs": [{"schedule": True, "num_epochs": 180}],
    "lr 0.3, schedule": [{"lr": 0.3, "schedule": True}],
    "momentum, schedule": [{"momentum": 0.9, "lr": 0.01, "schedule": True}],
    "Adam, schedule": [{"use_adam": True, "lr": 0.001, "schedule": True}],
    "shifts, dropout, schedule": [{"most": 1, "rate": 0.5, "schedule": True, "num_epochs": 180}],
    "network, pixels mixed": [{"mixed": True}],
    "convolution": [{"conv": True}],
    "convolution, pixels mixed": [{"conv": True, "mixed": True}],
}


def adam(params, state, lr, batch_size, t):
    for param, (m, v) in zip(params, state):
        g = param.grad / batch_size
        m[:] = 0.9 * m + 0.1 * g
        v[:] = 0.999 * v + 0.001 * g**2
        m_hat, v_hat = m / (1 - 0.9**t), v / (1 - 0.999**t)
        param -= lr * m_hat / (v_hat**0.5 + 1e-8)


def run(
    seed,
    n=1000,
    num_hiddens=256,
    num_epochs=60,
    lr=0.1,
    schedule=False,
    momentum=0,
    use_adam=False,
    wd=0,
    rate=0,
    most=0,
    early=False,
    conv=False,
    mixed=False,
):
    """Train once; returns the accuracies and losses at the end, and the first epoch with a training loss below 0.1."""
    seed_everything(seed)
    train_iter, valid_iter = load_validation_split(n)
    X, y = next(iter(train_iter))
    X_valid, y_valid = valid_iter.images.astype("float32") / 255, valid_iter.labels
    _, (images, labels) = fashion_mnist_arrays()
    X_test, y_test = nd.array(images).expand_dims(1) / 255, nd.array(labels)
    if mixed:
        X, X_valid, X_test = map(mixed_pixels, (X, X_valid, X_test))
    params = init_layers([(9, 8), (13 * 13 * 8, 10)] if conv else [(784, num_hiddens), (num_hiddens, 10)])
    state = [(nd.zeros(param.shape), nd.zeros(param.shape)) for param in params]
    t = 0

    def net(X):
        return conv_net(X, params) if conv else dropout_mlp(X, params, rate)

    def step():
        nonlocal t
        t += 1
        now = lr * (1 - (t - 1) / (num_epochs * math.ceil(n / 50))) if schedule else lr
        if use_adam:
            adam(params, state, now, 50, t)
        elif momentum:
            sgd_momentum(params, [m for m, _ in state], now, 50, momentum)
        else:
            sgd_decay(params, now, 50, wd)

    def in_parts(X, y):
        return [(X[i : i + 1000], y[i : i + 1000]) for i in range(0, len(X), 1000)]

    def measured(X, y):
        loss = sum(softmax_cross_entropy(net(X), y).sum().asscalar() for X, y in in_parts(X, y)) / len(X)
        return round(loss, 4), round(evaluate_accuracy(in_parts(X, y), net), 4)

    fitted, best = None, (math.inf, 0, None)
    for epoch in range(1, num_epochs + 1):
        change = (lambda X: shift(X, most)) if most else (lambda X: X)
        loss, _ = train_epoch(net, minibatches(X, y, 50, change), softmax_cross_entropy, step)
        if fitted is None and loss < 0.1:
            fitted = epoch
        if early:
            valid_loss, _ = measured(X_valid, y_valid)
            if valid_loss < best[0]:
                best = valid_loss, epoch, [param.copy() for param in params]
    if early:
        for param, kept in zip(params, best[2]):
            param[:] = kept
    result = {"fitted": fitted, **({"best_epoch": best[1]} if early else {})}
    for name, pair in {"train": (X, y), "valid": (X_valid, y_valid), "test": (X_test, y_test)}.items():
        result[f"{name}_loss"], result[f"{name}_acc"] = measured(*pair)
    return result


def chosen(group, runs):
    """The setting of a group with the highest mean validation accuracy, and its results as lists with a number for each seed."""
    best = max(GROUPS[group], key=lambda setting: sum(run["valid_acc"] for run in runs[group, str(setting)]))
    of_best = runs[group, str(best)]
    return {"group": group, "setting": best, **{name: [run[name] for run in of_best] for name in of_best[0]}}


def main():
    runs = {}
    for group, settings in GROUPS.items():
        for setting in settings:
            runs[group, str(setting)] = [run(seed, **setting) for seed in SEEDS]
            print(group, setting, [run["valid_acc"] for run in runs[group, str(setting)]], flush=True)
    write_result("generalise", result_of(runs))


def result_of(runs):
    tried = [
        {"group": group, "setting": setting, "valid_acc": [run["valid_acc"] for run in runs[group, str(setting)]]}
        for group, settings in GROUPS.items()
        for setting in settings
    ]
    return {"seeds": list(SEEDS), "chosen": [chosen(group, runs) for group in GROUPS], "tried": tried}


if __name__ == "__main__":
    main()
