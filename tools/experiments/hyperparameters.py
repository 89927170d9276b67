"""Search for good hyperparameters once, and record every trial: `make hyperparameters`.

It takes about 25 minutes on one core, too long for a chapter: 26_solutions_train reads utils/results/hyperparameters.json.
1. Draw 40 combinations at random from SPACE. Train each for 3 epochs on 50,000 images, validate it on 10,000 others.
2. Train the best 12 up to epoch 9, and the best 4 of these up to epoch 27. The highest validation accuracy decides the
   combination and the number of epochs.
3. Choose a learning rate for the linear model, by its validation accuracy after ten epochs, mean of five seeds.
4. Train the winner, the linear model and the course's network on all 60,000 images with five seeds each. Only now is the test
   set used, once for each of these 15 networks.
"""

import functools
import math
import random
import time

from utils import (
    evaluate_accuracy,
    init_layers,
    load_data_fashion_mnist,
    load_validation_split,
    seed_everything,
    softmax_cross_entropy,
    train_epoch,
)

from mxnet import nd

from tools.experiments.generalise import sgd_momentum
from tools.experiments.results import write_result
from press.notebooks.definitions import taken_from

[layers_net] = taken_from("24_solutions_change", "layers_net")

SPACE = {
    "hidden": [[128], [256], [512], [128, 128], [256, 128], [512, 256]],
    "scale": [0.01, None],  # of the first weights; None: sqrt(2 / number of inputs), layer by layer
    "batch_size": [64, 128, 256],
    "momentum": [0, 0.9],
    "reach": [0.03, 1.0],  # lr / (1 - momentum), drawn evenly on a logarithmic scale between these two
    "decay": [1, 0.95, 0.9],  # lr is multiplied by this after each epoch
}
TRIALS, RUNGS, KEEP, SEEDS = 40, [3, 9, 27], [12, 4], range(5)
COURSE = {"hidden": [256], "scale": 0.01, "batch_size": 256, "momentum": 0, "lr": 0.5, "decay": 1}
LINEAR = {**COURSE, "hidden": []}
LINEAR_LRS = [0.02, 0.05, 0.1, 0.2, 0.5]

load = functools.lru_cache(load_validation_split)


class Trial:
    """One network, its hyperparameters and its history; it can be trained further at any time."""

    def __init__(self, choice, seed):
        seed_everything(seed)
        self.choice, self.loss, self.valid_acc, self.diverged = choice, [], [], False
        sizes = [784, *choice["hidden"], 10]
        self.params = init_layers(list(zip(sizes, sizes[1:])), choice["scale"])
        self.velocities = [nd.zeros(param.shape) for param in self.params]

    def net(self, X):
        return layers_net(X, self.params)

    def train(self, num_epochs, train_iter, valid_iter=None):
        """Train up to epoch `num_epochs`, or until the loss is not finite."""
        choice = self.choice
        while len(self.loss) < num_epochs:
            lr = choice["lr"] * choice["decay"] ** len(self.loss)
            mean_loss, _ = train_epoch(
                self.net,
                train_iter,
                softmax_cross_entropy,
                lambda lr=lr: sgd_momentum(self.params, self.velocities, lr, choice["batch_size"], choice["momentum"]),
            )
            if not math.isfinite(mean_loss):
                self.diverged = True
                break
            self.loss.append(round(mean_loss, 4))
            if valid_iter is not None:
                self.valid_acc.append(round(evaluate_accuracy(valid_iter, self.net), 4))
        return self

    def score(self):
        """The best validation accuracy so far, 0 for a network that diverged."""
        return 0 if self.diverged else max(self.valid_acc)

    def record(self):
        return {**self.choice, "loss": self.loss, "valid_acc": self.valid_acc}


def draw(generator):
    choice = {name: generator.choice(SPACE[name]) for name in ("hidden", "scale", "batch_size", "momentum", "decay")}
    low, high = SPACE["reach"]
    choice["lr"] = float("%.2g" % (low * (high / low) ** generator.random() * (1 - choice["momentum"])))
    return choice


def search():
    """All trials, sorted by the number of epochs trained, then by score, both descending."""
    generator = random.Random(0)
    trials = []
    for seed in range(TRIALS):
        choice = draw(generator)
        trials.append(Trial(choice, seed).train(RUNGS[0], *load(choice["batch_size"])))
        print(choice, trials[-1].score(), flush=True)
    trials.sort(key=Trial.score, reverse=True)
    for num_epochs, keep in zip(RUNGS[1:], KEEP):
        for trial in trials[:keep]:
            trial.train(num_epochs, *load(trial.choice["batch_size"]))
            print(num_epochs, trial.choice, trial.score(), flush=True)
        trials[:keep] = sorted(trials[:keep], key=Trial.score, reverse=True)
    return trials


def validation_accuracies(choice):
    """The validation accuracy after ten epochs on 50,000 images, for each seed."""
    shares = [Trial(choice, seed).train(10, *load(choice["batch_size"])).valid_acc[-1] for seed in SEEDS]
    print("validation", choice, shares, flush=True)
    return shares


def test_accuracies(choice, num_epochs):
    """The test accuracy after training on all 60,000 images, for each seed."""
    train_iter, test_iter = load_data_fashion_mnist(choice["batch_size"])
    shares = [round(evaluate_accuracy(test_iter, Trial(choice, seed).train(num_epochs, train_iter).net), 4) for seed in SEEDS]
    print("test", choice, num_epochs, shares, flush=True)
    return shares


def main():
    trials = search()
    best = trials[0]
    best_epochs = 1 + best.valid_acc.index(best.score())
    linear = {lr: validation_accuracies({**LINEAR, "lr": lr}) for lr in LINEAR_LRS}
    linear_lr = max(linear, key=lambda lr: sum(linear[lr]))
    result = {
        "space": SPACE,
        "trials": [trial.record() for trial in trials],
        "best": {**best.choice, "num_epochs": best_epochs},
        "linear": {"lr": linear_lr, "valid_acc": linear[linear_lr]},
        "course": {"lr": COURSE["lr"], "valid_acc": validation_accuracies(COURSE)},
        "test_acc": {
            "linear": test_accuracies({**LINEAR, "lr": linear_lr}, 10),
            "course": test_accuracies(COURSE, 10),
            "best": test_accuracies(best.choice, best_epochs),
        },
        "cpu_seconds": round(time.process_time()),
    }
    write_result("hyperparameters", result)
    print("CPU seconds:", result["cpu_seconds"])


if __name__ == "__main__":
    main()
