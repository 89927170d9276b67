"""Train the network of the course over 20 seeds, and on 20 random re-splits of its data: `python tools/seeds.py` (6 minutes).

Writes chapters/seeds.json, which the chapter on reproducibility shows. Nothing else in the course needs it.
"""
import contextlib
import io
import json
import platform
from importlib.metadata import version
from pathlib import Path

import numpy as np

from utils import fashion_mnist_arrays, init_params, net, seed_everything, softmax_cross_entropy, train_ch3
from utils.data import Minibatches

FILE = Path(__file__).resolve().parent.parent / "chapters" / "seeds.json"
SEEDS = range(20)
NUM_EPOCHS, BATCH_SIZE, LR = 10, 256, 0.5


def history(seed, train, test):
    """The loss and accuracies of each epoch, trained on `train` and tested on `test`, each (images, labels)."""
    train_iter, test_iter = Minibatches(*train, BATCH_SIZE, shuffle=True), Minibatches(*test, BATCH_SIZE)
    seed_everything(seed)
    params = init_params()
    with contextlib.redirect_stdout(io.StringIO()):
        lists = train_ch3(lambda X: net(X, params), train_iter, test_iter, softmax_cross_entropy, NUM_EPOCHS, BATCH_SIZE, params, LR)
    print(f"seed {seed}: test acc {lists['test_acc'][-1]:.3f}", flush=True)
    return {"seed": seed, **{name: [round(float(value), 4) for value in values] for name, values in lists.items()}}


def resplit(seed, train, test):
    """All images of `train` and `test` in one pool, shuffled and split again into as many as there were."""
    images, labels = (np.concatenate(pair) for pair in zip(train, test))
    order = np.random.default_rng(seed).permutation(len(labels))
    chosen, rest = order[:len(train[1])], order[len(train[1]):]
    return (images[chosen], labels[chosen]), (images[rest], labels[rest])


def as_json(results):
    """JSON with one run a line."""
    runs = {name: "[\n" + ",\n".join(json.dumps(run) for run in results[name]) + "\n]" for name in ("published_split", "random_split")}
    return ('{\n"made_with": %s,\n"published_split": %s,\n"random_split": %s\n}\n'
            % (json.dumps(results["made_with"]), runs["published_split"], runs["random_split"]))


def main():
    train, test = fashion_mnist_arrays()
    made_with = {"python": platform.python_version(), **{name: version(name) for name in ("mxnet", "numpy")}}
    FILE.write_text(as_json({
        "made_with": made_with,
        "published_split": [history(seed, train, test) for seed in SEEDS],
        "random_split": [history(seed, *resplit(seed, train, test)) for seed in SEEDS],
    }))


if __name__ == "__main__":
    main()
