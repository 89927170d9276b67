"""Train the course's network and write the files of the demonstration in the book: `python -m tools.demonstration`.

Writes into web/demo: weights-0.js, -1, -3 and -10 (the network after 0, 1, 3 and 10 epochs) and images.js (forty test images).
Writes demonstration.json: the loss of accuracy by rounding the weights, the versions, the fingerprint of the code. Writes
tests/demo_mxnet.npz: the probabilities for 500 test images with the weights as trained. Takes about 15 s, and does nothing
if the code here and that of the training have not changed.
"""

import base64
import json
import platform
import zlib
from pathlib import Path

from utils import (  # first: it decides which engine `import mxnet` imports
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

from press.notebooks.chapters import ROOT
from press.notebooks.fingerprint import WithoutChecks, fingerprint, pruned

FOLDER = ROOT / "web" / "demo"
ABOUT = Path(__file__).with_suffix(".json")
REFERENCE = ROOT / "tests" / "demo_mxnet.npz"

EPOCHS = (0, 1, 3, 10)
SEED, LR, BATCH_SIZE = 42, 0.5, 256
IMAGES_PER_CLASS = 4
REFERENCE_IMAGES = 500
LARGEST = 127  # a parameter is stored as a whole number from -127 to 127, times the scale of its array


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
    """The indices of the test images that the page shows: the first few of each class, not selected by hand."""
    return np.concatenate([np.flatnonzero(y == label)[:IMAGES_PER_CLASS] for label in range(10)])


def probabilities(X, params):
    """MXNet's probabilities (n, 10) for X: (n, 784) as a NumPy array."""
    return softmax(mlp(nd.array(X), [nd.array(param) for param in params])).asnumpy()


def compensated(W, scale, X):
    """W: (d, h) rounded to whole numbers (times `scale`) so that X W changes little, for images X: (n, d).

    Pixels are correlated, so the weights of one pixel can compensate for the rounding errors of another's. The rows are rounded
    one after the other, and the rounding error of each is distributed over the remaining rows by least squares
    (Frantar, Ashkboos, Hoefler and Alistarh, 2022, arXiv:2210.17323).
    """
    order = np.argsort(-(X**2).mean(axis=0))  # the brightest pixels first, so that the darkest get the remaining errors
    together = X.T @ X / len(X) + 0.01 * np.eye(X.shape[1])
    shares = np.linalg.cholesky(np.linalg.inv(together[np.ix_(order, order)])).T
    rest, whole = W[order].astype("float64"), np.empty(W.shape, dtype=int)
    for i, pixel in enumerate(order):
        whole[pixel] = np.clip(np.rint(rest[i] / scale), -LARGEST, LARGEST)
        error = (rest[i] - whole[pixel] * scale) / shares[i, i]
        rest[i + 1 :] -= np.outer(shares[i, i + 1 :], error)
    return whole


def quantise(params, X):
    """The parameters as the page stores them: {"W1": {"scale": s, "packed": whole numbers}, ...}, weights unit by unit.

    The scale of W1 is the standard deviation of its entries, so that most of them are -1, 0 or 1, which compresses well. The
    errors of this coarse rounding are compensated on images X: (n, 784). The few other parameters use the whole range.
    """
    W1, *rest = params
    whole = {"W1": compensated(W1, scale_of(W1.std()), X)}
    scales = {"W1": scale_of(W1.std())}
    for name, param in zip(("b1", "W2", "b2"), rest):
        scales[name] = scale_of(np.abs(param).max() / LARGEST)
        whole[name] = np.rint(param / scales[name]).astype(int)
    return {name: {"scale": scales[name], "packed": packed(whole[name].T.astype("int8"))} for name in whole}


def packed(array):
    """The bytes of an array as a text. Weights repeat only by chance, so they are shortest if none is looked for."""
    ways = [zlib.compressobj(9, zlib.DEFLATED, 15, 9, strategy) for strategy in (zlib.Z_DEFAULT_STRATEGY, zlib.Z_HUFFMAN_ONLY)]
    return base64.b64encode(min((way.compress(array.tobytes()) + way.flush() for way in ways), key=len)).decode()


def unpacked(text, kind):
    return np.frombuffer(zlib.decompress(base64.b64decode(text)), kind)


def scale_of(size):
    """`size` to four digits; 1 for an array of zeros, as biases are before training."""
    return float("%.4g" % size) or 1.0


def dequantise(stored):
    """The parameters that the page computes with: the inverse of `quantise`, like `unpack` in network.js."""
    W1, b1, W2, b2 = (unpacked(stored[name]["packed"], "int8") * stored[name]["scale"] for name in ("W1", "b1", "W2", "b2"))
    W1, W2 = W1.reshape(len(b1), -1).T, W2.reshape(len(b2), -1).T
    return [array.astype("float32") for array in (W1, b1, W2, b2)]


def write_js(path, comment, content):
    """Write a module of `content`, as JSON. Unlike JSON alone, a script is kept for offline use."""
    text = json.dumps(content, separators=(",", ":")).replace(',"', ',\n"')
    path.write_text(f"// {comment}\nexport default {text};\n", "utf-8")


def read_js(path):
    """The content that `write_js` wrote."""
    text = path.read_text("utf-8")
    return json.loads(text[text.index("{") :].rstrip().rstrip(";"))


def own_fingerprint():
    """A hash of everything that determines the files: the code here, that of the helpers it uses, and the pins."""
    return fingerprint(pruned(Path(__file__).read_text("utf-8"), WithoutChecks))


def is_current():
    return ABOUT.exists() and json.loads(ABOUT.read_text("utf-8"))["fingerprint"] == own_fingerprint()


def main():
    if is_current():
        print("The demonstration is in step.")
        return
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
        "versions": {engine_name: mx.__version__, "numpy": np.__version__, "python": platform.python_version()},
    }
    for epoch, params in snapshots.items():
        exact = probabilities(X, params)
        stored = quantise(params, seen)
        page = probabilities(X, dequantise(stored))
        difference = np.abs(exact - page).max(axis=1)
        about["epochs"][epoch] = {
            "accuracy as trained": share(exact.argmax(axis=1) == y),
            "accuracy here": share(page.argmax(axis=1) == y),
            "images classified differently": int((exact.argmax(axis=1) != page.argmax(axis=1)).sum()),
            "largest difference of a probability": round(float(difference.max()), 4),
            "mean over the images of their largest difference": round(float(difference.mean()), 4),
        }
        stored["accuracy"] = about["epochs"][epoch]["accuracy here"]
        write_js(
            FOLDER / f"weights-{epoch}.js",
            f"Written by tools/demonstration.py: the network after epoch {epoch}. network.js says how to read it.",
            stored,
        )
        print(epoch, about["epochs"][epoch])
    write_js(
        FOLDER / "images.js",
        "Written by tools/demonstration.py: the first four test images of each class of Fashion-MNIST "
        "(Zalando SE, MIT licence), a byte for each pixel. network.js says how to read them.",
        {"names": LABELS, "labels": y[shown].tolist(), "test_set_numbers": shown.tolist(), "pixels": packed(test_images[shown])},
    )
    ABOUT.write_text(json.dumps(about, indent=2) + "\n", "utf-8")
    reference = np.stack([probabilities(X[:REFERENCE_IMAGES], params) for params in snapshots.values()])
    np.savez_compressed(REFERENCE, probabilities=reference.astype("float16"))


def share(right):
    return round(float(right.mean()), 4)


if __name__ == "__main__":
    main()
