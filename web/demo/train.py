"""Train the course's network and write what the demonstration in the book needs: `python -m web.demo.train`.

Writes into web/demo: weights-0.js, -1, -3 and -10 (the network after so many epochs), images.js (forty test images) and
about.json (what was lost by rounding the weights, the versions, the fingerprint of the code that trained). Writes
tests/demo_mxnet.npz: what MXNet gives for 500 test images with the weights as trained. Takes about 15 s, and no time while
what all this follows from, the code here and that of the training, is still the same.
"""

import ast
import base64
import hashlib
import json
import platform
from pathlib import Path

from utils import (
    LABELS,
    engine_name,
    fashion_mnist_arrays,
    init_params,
    load_data_fashion_mnist,
    mlp,
    seed_everything,
    softmax,
    softmax_cross_entropy,
    train_ch3,
)

import mxnet as mx
import numpy as np
from mxnet import nd

from tools.notebooks.chapters import ONLY_MXNET, ROOT
from tools.notebooks.fingerprint import fingerprint, parse, without_docstrings

FOLDER = ROOT / "assets" / "demo"
REFERENCE = ROOT / "tests" / "demo_mxnet.npz"

EPOCHS = (0, 1, 3, 10)
SEED, LR, BATCH_SIZE = 42, 0.5, 256
IMAGES_PER_CLASS = 4
REFERENCE_IMAGES = 500
LEVELS = 25  # a weight of the first layer is a whole number from -25 to 25, times a step
ZERO = ord("B")  # the letter for 0: from ")" for -25 to "[" for 25, none of which JSON or JavaScript escapes
FINE_LEVELS = 255  # the same for the few other parameters
# Steps to try, as divisors of the standard deviation of the weights: the coarsest that changes no shown prediction is taken.
DIVISORS = (1.2, 1.3, 1.4, 1.5, 1.6, 1.8, 2.0)


def train():
    """The parameters [W1, b1, W2, b2] as NumPy arrays, by epoch."""
    seed_everything(SEED)
    train_iter, test_iter = load_data_fashion_mnist(BATCH_SIZE)
    params = init_params()
    snapshots, done = {}, 0
    for epoch in EPOCHS:
        if epoch > done:
            train_ch3(
                lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, epoch - done, BATCH_SIZE, params, LR
            )
            done = epoch
        snapshots[epoch] = [param.asnumpy() for param in params]
    return snapshots


def test_set():
    """X: (10000, 784), float32 in [0, 1], and y: (10000,)."""
    _, (images, labels) = fashion_mnist_arrays()
    return images.reshape(-1, 784).astype("float32") / 255, labels


def shown_images(y):
    """Which test images the page shows: the first few of each class, nothing picked by hand."""
    return np.concatenate([np.flatnonzero(y == label)[:IMAGES_PER_CLASS] for label in range(10)])


def probabilities(X, params):
    """MXNet's probabilities (n, 10) for X: (n, 784) as a NumPy array."""
    return softmax(mlp(nd.array(X), [nd.array(param) for param in params])).asnumpy()


def compensated(W, step, X):
    """W: (d, h) as whole numbers (times `step`) that change X W as little as rounding can, for images X: (n, d).

    Pixels light up together, so one pixel's weight can make up for what another's lost. Row after row is rounded, and its
    rounding error is handed to the rows still to come, in the shares that least squares asks for
    (Frantar, Ashkboos, Hoefler and Alistarh, 2022, arXiv:2210.17323).
    """
    order = np.argsort(-(X**2).mean(axis=0))  # the brightest pixels first, the darkest carry what is left
    together = X.T @ X / len(X) + 0.01 * np.eye(X.shape[1])
    shares = np.linalg.cholesky(np.linalg.inv(together[np.ix_(order, order)])).T
    rest, whole = W[order].astype("float64"), np.empty(W.shape, dtype=int)
    for i, pixel in enumerate(order):
        whole[pixel] = np.clip(np.rint(rest[i] / step), -LEVELS, LEVELS)
        error = (rest[i] - whole[pixel] * step) / shares[i, i]
        rest[i + 1 :] -= np.outer(shares[i, i + 1 :], error)
    return whole


def rounded(param):
    """A small parameter as {"step": s, "values": whole numbers}."""
    step = float("%.4g" % (np.abs(param).max() / FINE_LEVELS)) or 1.0
    return {"step": step, "values": np.rint(param / step).astype(int).ravel().tolist()}


def quantise(params, X, divisor):
    """The parameters as the page stores them: for W1 a line of text for each hidden unit, with a letter for each pixel.

    Each letter is a byte before compression; gzip then packs frequent letters, those near 0, into two or three bits. A line
    holds the weights of one unit because they resemble each other more than those of one pixel do.
    """
    W1, b1, W2, b2 = params
    step = float("%.4g" % (W1.std() / divisor))
    lines = ["".join(chr(ZERO + value) for value in unit) for unit in compensated(W1, step, X).T]
    return {"W1": {"step": step, "letters": lines}, "b1": rounded(b1), "W2": rounded(W2), "b2": rounded(b2)}


def dequantise(stored):
    """What the page computes with: the inverse of `quantise`, as the function of that name in network.js."""
    letters = np.array([[ord(letter) - ZERO for letter in line] for line in stored["W1"]["letters"]])
    W1 = letters.T * stored["W1"]["step"]
    b1, W2, b2 = (np.array(stored[name]["values"]) * stored[name]["step"] for name in ("b1", "W2", "b2"))
    return [array.astype("float32") for array in (W1, b1, W2.reshape(len(b1), len(b2)), b2)]


def write_js(path, comment, target, content):
    """A script that assigns `content`, as JSON, to `target`; a script and not JSON alone, so that it also loads from a folder."""
    text = json.dumps(content, separators=(",", ":")).replace('","', '",\n"')
    path.write_text(f"// {comment}\n{target} = {text};\n")


def read_js(path):
    """The content that `write_js` wrote."""
    text = path.read_text()
    return json.loads(text[text.index("= ") + 2 :].rstrip().rstrip(";"))


def own_fingerprint():
    """What the files follow from, as a hash: this code and that of the helpers it uses, and the pins."""
    return fingerprint(ast.unparse(without_docstrings(parse(Path(__file__).read_text()))))


def is_current():
    about = FOLDER / "about.json"
    return about.exists() and json.loads(about.read_text())["fingerprint"] == own_fingerprint()


def main():
    if is_current():
        print("The demonstration is in step.")
        return
    if engine_name == "own":
        print(f"The demonstration: NOT RUN: {ONLY_MXNET}")
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    snapshots = train()
    (train_images, _), (test_images, _) = fashion_mnist_arrays()
    seen = train_images[:10000].reshape(-1, 784).astype("float32") / 255
    X, y = test_set()
    shown = shown_images(y)
    about = {
        "what": "The demonstration's weights against the weights as trained, on all 10,000 test images.",
        "epochs": {},
        "seed": SEED,
        "lr": LR,
        "batch_size": BATCH_SIZE,
        "fingerprint": own_fingerprint(),
        "versions": {"mxnet": mx.__version__, "numpy": np.__version__, "python": platform.python_version()},
    }
    for epoch, params in snapshots.items():
        exact = probabilities(X, params)
        for divisor in DIVISORS:
            stored = quantise(params, seen, divisor)
            page = probabilities(X, dequantise(stored))
            if (exact[shown].argmax(axis=1) == page[shown].argmax(axis=1)).all():
                break
        else:
            raise SystemExit(f"epoch {epoch}: rounding changes a shown prediction; try a larger divisor in DIVISORS.")
        difference = np.abs(exact - page).max(axis=1)
        about["epochs"][epoch] = {
            "accuracy as trained": share(exact.argmax(axis=1) == y),
            "accuracy here": share(page.argmax(axis=1) == y),
            "images classified differently": int((exact.argmax(axis=1) != page.argmax(axis=1)).sum()),
            "largest difference of a probability": round(float(difference.max()), 4),
            "mean over the images of their largest difference": round(float(difference.mean()), 4),
            "step of W1": stored["W1"]["step"],
        }
        stored["accuracy"] = about["epochs"][epoch]["accuracy here"]
        write_js(
            FOLDER / f"weights-{epoch}.js",
            f"Written by web/demo/train.py: the network after epoch {epoch}. network.js says how to read it.",
            f"mlpDemo.weights[{epoch}]",
            stored,
        )
        print(epoch, about["epochs"][epoch])
    write_js(
        FOLDER / "images.js",
        "Written by web/demo/train.py: the first four test images of each class of Fashion-MNIST "
        "(Zalando SE, MIT licence), a byte for each pixel.",
        "mlpDemo.images",
        {
            "names": LABELS,
            "labels": y[shown].tolist(),
            "test_set_numbers": shown.tolist(),
            "pixels": base64.b64encode(test_images[shown].tobytes()).decode(),
        },
    )
    about["sha256"] = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted([*FOLDER.glob("weights-*.js"), FOLDER / "images.js"])
    }
    (FOLDER / "about.json").write_text(json.dumps(about, indent=2) + "\n")
    reference = np.stack([probabilities(X[:REFERENCE_IMAGES], params) for params in snapshots.values()])
    np.savez_compressed(REFERENCE, probabilities=reference.astype("float16"))


def share(right):
    return round(float(right.mean()), 4)


if __name__ == "__main__":
    main()
