"""Train chapter 16's network for 120 epochs, and note when to stop: `make stopping` (a minute).

Writes web/demo/stopping.js for the picture web/hand/stop.js: of each epoch the losses and accuracies, and how many of the 3,000
validation images are right then and wrong at the end, or the other way round. Of the images that are right at the lowest
validation loss and wrong at the end, and of those the other way round, it has the first few, with what each epoch says of them.
"""

import base64
import json

import numpy as np

from press.notebooks.chapters import ROOT
from press.notebooks.definitions import taken_from
from utils import (
    LABELS,
    init_layers,
    load_validation_split,
    mlp,
    seed_everything,
    sgd,
    softmax,
    softmax_cross_entropy,
    train_epoch,
)

from mxnet import nd  # isort: skip

minibatches, measure = taken_from("16_generalise", "minibatches", "measure")

FILE = ROOT / "web" / "demo" / "stopping.js"
HEAD = "// Written by tools/experiments/stopping.py, with eight images of Fashion-MNIST (Zalando SE, MIT licence) in 16 greys."
NUM_EPOCHS, NUM_IMAGES = 120, 4


def run(num_epochs=NUM_EPOCHS):
    """The chapter's training: of each epoch the losses and accuracies (n, 4), and the probabilities of the images X, y."""
    train_iter, valid_iter = load_validation_split(batch_size=1000)
    seed_everything(0)
    X_train, y_train = next(iter(train_iter))
    valid = [batch for batch, _ in zip(valid_iter, range(3))]
    X, y = (nd.concat(*part, dim=0) for part in zip(*valid))
    seed_everything(0)
    params = init_layers([(784, 256), (256, 10)])
    rows, probabilities = [], []
    for _ in range(num_epochs):
        train_epoch(
            lambda X: mlp(X, params), minibatches(X_train, y_train, 100), softmax_cross_entropy, lambda: sgd(params, 0.2, 100)
        )
        rows.append([*measure(lambda X: mlp(X, params), [(X_train, y_train)]), *measure(lambda X: mlp(X, params), valid)])
        probabilities.append(softmax(mlp(X, params)).asnumpy())
    return np.array(rows), np.array(probabilities), X.asnumpy().reshape(-1, 784), y.asnumpy().astype(int)


def packed(pixels):
    """784 pixels from 0 to 1 as text: two of 16 greys in a byte."""
    greys = np.round(15 * pixels).astype("uint8")
    return base64.b64encode((16 * greys[::2] + greys[1::2]).tobytes()).decode()


def main():
    rows, probabilities, X, y = run()
    said, sure = probabilities.argmax(axis=2), np.round(100 * probabilities.max(axis=2)).astype(int)
    right, lowest = said == y, rows[:, 2].argmin()
    lost, won = right & ~right[-1], ~right & right[-1]
    shown = [i for flips in (lost, won) for i in np.flatnonzero(flips[lowest])[:NUM_IMAGES]]
    names = ("train_loss", "train_acc", "valid_loss", "valid_acc")
    data = {name: [round(float(value), 3) for value in values] for name, values in zip(names, rows.T)}
    data |= {"lost": lost.sum(axis=1).tolist(), "won": won.sum(axis=1).tolist(), "names": LABELS}
    data["images"] = [
        {"label": int(y[i]), "pixels": packed(X[i]), "said": "".join(map(str, said[:, i])), "sure": sure[:, i].tolist()}
        for i in shown
    ]
    parts = ",\n".join(f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in data.items())
    FILE.write_text(f"{HEAD}\nexport default {{{parts}}};\n", encoding="utf-8")
    print(f"lowest validation loss after epoch {lowest + 1}, {FILE.stat().st_size} bytes")


if __name__ == "__main__":
    main()
