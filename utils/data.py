"""Fashion-MNIST: find it, fetch it, verify it, decode it once, and walk through it in minibatches."""
import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
import warnings
import zlib
from pathlib import Path

import numpy as np
import requests
from filelock import FileLock
from mxnet import nd
from platformdirs import user_cache_path
from tqdm import tqdm

from .checks import positive_integer

LABELS = ["t-shirt", "trouser", "pullover", "dress", "coat",
          "sandal", "shirt", "sneaker", "bag", "ankle boot"]

# Bytes and SHA-256 of the uncompressed files: the gzip files differ from host to host, their content does not.
FILES = {
    "train-images-idx3-ubyte": (47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    "train-labels-idx1-ubyte": (60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    "t10k-images-idx3-ubyte": (7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    "t10k-labels-idx1-ubyte": (10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
}

# The data set's own repository and bucket first, then well-known mirrors.
HOSTS = [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/fashion-mnist",
]
DEBIAN_PACKAGE = "dataset-fashion-mnist"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
SECONDS_PER_FILE = 300
FOLDER_VARIABLE = "FASHION_MNIST_DIR"


class Minibatches:
    """Minibatches of images and labels that can be walked through again and again, like Gluon's DataLoader.

    Each step gives X: (n, 1, 28, 28), float32 in [0, 1], and y: (n,), int32. n is `batch_size`, and less in the
    last minibatch when `batch_size` does not divide the number of images. With `shuffle` every walk has a new order,
    drawn from NumPy's global generator. `resize` gives X: (n, 1, resize, resize) by bilinear interpolation.
    """

    def __init__(self, images, labels, batch_size, shuffle=False, resize=None):
        # One byte a pixel, as in the file: a quarter of the memory, and one small cast a minibatch.
        self.images = nd.array(images, dtype="uint8").expand_dims(1)
        self.labels = nd.array(labels, dtype="int32")
        self.batch_size, self.shuffle, self.resize = batch_size, shuffle, resize

    def __len__(self):
        return -(-len(self.labels) // self.batch_size)

    def __iter__(self):
        n = len(self.labels)
        order = np.random.permutation(n) if self.shuffle else np.arange(n)
        for start in range(0, n, self.batch_size):
            rows = nd.array(order[start:start + self.batch_size], dtype="int32")
            X = self.images.take(rows)
            if self.resize is not None:
                X = _resized(X, self.resize)
            yield X.astype("float32") / 255, self.labels.take(rows)


def _resized(X, size):
    """X: (n, 1, h, w) as (n, 1, size, size); MXNet's resize wants the channel last."""
    return nd.image.resize(X.transpose((0, 2, 3, 1)), size=(size, size)).transpose((0, 3, 1, 2))


def load_data_fashion_mnist(batch_size, resize=None, root=None):
    """Fashion-MNIST as two collections of minibatches: (train_iter, test_iter), 60,000 and 10,000 images.

    Each step of either gives X: (n, 1, 28, 28), float32 in [0, 1], and y: (n,), int32 from 0 to 9. train_iter is shuffled
    anew on each walk, test_iter keeps the order of the file. `resize` makes the images resize x resize pixels.
    `root` is the folder of the files; see `fashion_mnist_arrays` for the default and for what is raised when the data
    can't be had. Raises ValueError for a `batch_size` or `resize` that is not a positive integer.
    """
    positive_integer("batch_size", batch_size)
    if resize is not None:
        positive_integer("resize", resize)
    train, test = fashion_mnist_arrays(root)
    return Minibatches(*train, batch_size, shuffle=True, resize=resize), Minibatches(*test, batch_size, resize=resize)


def fashion_mnist_arrays(root=None):
    """Fashion-MNIST as NumPy arrays: (train_images, train_labels), (test_images, test_labels).

    Images: (60000, 28, 28) and (10000, 28, 28), uint8 from 0 to 255; labels: (60000,) and (10000,), uint8 from 0 to 9.
    The four files (55 MB) are looked for in `root`, else in the folder that the variable FASHION_MNIST_DIR names, else in
    the platform's cache folder; then in the copies that MXNet or the Debian package dataset-fashion-mnist may have left on
    this machine; then they are downloaded, verified, and kept. Raises RuntimeError when no source has them, with what
    was tried, and OSError when the folder can't be written.
    """
    content = _verified_files(_data_folder(root))

    def array(name, header, shape):
        return np.frombuffer(content[name], dtype=np.uint8, offset=header).reshape(shape)

    return ((array("train-images-idx3-ubyte", 16, (-1, 28, 28)), array("train-labels-idx1-ubyte", 8, -1)),
            (array("t10k-images-idx3-ubyte", 16, (-1, 28, 28)), array("t10k-labels-idx1-ubyte", 8, -1)))


def get_fashion_mnist_labels(labels):
    """The names of class numbers, for example [0, 9] -> ["t-shirt", "ankle boot"].

    `labels` is a list, NumPy array or NDArray of whole numbers from 0 to 9, anything else raises ValueError.
    """
    names = []
    for label in labels.asnumpy() if isinstance(labels, nd.NDArray) else labels:
        if label not in range(len(LABELS)):
            raise ValueError(f"labels must hold whole numbers from 0 to 9; it holds {label!r}.")
        names.append(LABELS[int(label)])
    return names


def _data_folder(root):
    chosen = root or os.environ.get(FOLDER_VARIABLE) or user_cache_path("mlp-from-scratch")
    return Path(chosen).expanduser()


def _verified_files(folder):
    """The uncompressed content of all four files, by name."""
    content, failures = {}, []
    mxnet_home = Path(os.environ.get("MXNET_HOME", "~/.mxnet")).expanduser()
    for place in (folder, mxnet_home / "datasets" / "fashion-mnist", DEBIAN_FOLDER):
        _collect(content, failures, str(place), lambda name, place=place: _local_copy(place, name))
    if len(content) < len(FILES):
        with _writable(folder):
            # Another process may have fetched the files while this one waited for the lock.
            _collect(content, [], str(folder), lambda name: _local_copy(folder, name))
            for label, open_source in [*((host, _https(host)) for host in HOSTS), ("apt-get", _debian_package)]:
                if len(content) < len(FILES):
                    _collect_and_keep(content, failures, label, open_source, folder)
    if len(content) < len(FILES):
        raise RuntimeError(_no_source(folder, failures))
    return content


def _collect(content, failures, label, read):
    """Add each file to `content` that is missing there and that `read(name)` gives intact; note why it doesn't."""
    for name in FILES.keys() - content.keys():
        try:
            content[name] = _decoded(read(name), name)
        except ValueError as error:
            failures.append(f"{label}: {name} is not the published file ({error})")
        except OSError as error:
            failures.append(f"{label}: {_root_cause(error)}")
            return  # what can't be reached for one file can't be for the next


def _collect_and_keep(content, failures, label, open_source, folder):
    before = set(content)
    try:
        with open_source() as read:
            _collect(content, failures, label, read)
    except OSError as error:
        failures.append(f"{label}: {_root_cause(error)}")
    for name in content.keys() - before:
        _save(folder / name, content[name])


def _root_cause(error):
    """The first error of a chain: for a network, what went wrong rather than what then gave up."""
    while error.__context__ is not None:
        error = error.__context__
    return error


def _decoded(raw, name):
    """The uncompressed file in `raw`. Raises ValueError unless it is, byte for byte, the published one."""
    num_bytes, sha256 = FILES[name]
    if raw[:2] == b"\x1f\x8b":
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, num_bytes + 1)
        except zlib.error as error:
            raise ValueError(f"damaged gzip: {error}") from error
    if len(raw) != num_bytes:
        raise ValueError(f"{len(raw):,} bytes instead of {num_bytes:,}, beginning with {raw[:15]!r}")
    if hashlib.sha256(raw).hexdigest() != sha256:
        raise ValueError("its SHA-256 differs")
    return raw


def _local_copy(place, name):
    """The bytes of place/name or place/name.gz."""
    for path in (place / name, place / f"{name}.gz"):
        if path.is_file():
            raw = path.read_bytes()
            try:
                return _decoded(raw, name)
            except ValueError as error:
                warnings.warn(f"{path} is damaged or another version ({error}); looking for a good copy.", stacklevel=2)
                raise
    raise FileNotFoundError("not there")


def _save(path, content):
    """Write all of `content` or nothing: a process that is killed leaves no half-written file behind under `path`."""
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


@contextlib.contextmanager
def _writable(folder):
    """Hold the lock of `folder`, so that of several processes one downloads; OSError says what to do when it can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            yield
    except OSError as error:
        raise OSError(f"The data folder {folder} can't be written ({error.strerror or error}). Free 60 MB there, or choose "
                      f"another folder: pass root='...' or set the environment variable {FOLDER_VARIABLE}.") from error


def _https(host):
    """A source: opens to a function that downloads a file from `host`."""
    return lambda: contextlib.nullcontext(lambda name: _download(f"{host}/{name}.gz", FILES[name][0]))


def _download(url, most_bytes):
    """The body of `url`. Raises OSError when it can't be had, is longer than `most_bytes` or takes too long."""
    raw, deadline = bytearray(), time.monotonic() + SECONDS_PER_FILE
    with requests.get(url, stream=True, timeout=(5, 20)) as response:
        response.raise_for_status()
        size = int(response.headers.get("Content-Length", 0)) or None
        with tqdm(total=size, unit="B", unit_scale=True, desc=url.rsplit("/", 1)[1], disable=_quiet()) as bar:
            for chunk in response.iter_content(1 << 16):
                raw += chunk
                bar.update(len(chunk))
                if len(raw) > most_bytes:
                    raise OSError(f"{url} is longer than the {most_bytes:,} bytes it may have")
                if time.monotonic() > deadline:
                    raise OSError(f"{url} did not arrive within {SECONDS_PER_FILE} s")
    return bytes(raw)


def _quiet():
    """Progress bars are for a person: at a terminal or in a notebook, and never in continuous integration."""
    return bool(os.environ.get("CI")) or not (sys.stderr.isatty() or "ipykernel" in sys.modules)


@contextlib.contextmanager
def _debian_package():
    """A source: opens to a function that reads a file of the Debian package, downloaded and unpacked without root."""
    if shutil.which("apt-get") is None:
        raise OSError("not on this machine")
    with tempfile.TemporaryDirectory() as unpacked:
        # Package lists of our own: the machine's may be missing or old, and only root could renew them.
        lists = [f"-oDir::State::Lists={unpacked}/lists", f"-oDir::Cache={unpacked}/cache", "-oAPT::Sandbox::User="]
        Path(unpacked, "lists", "partial").mkdir(parents=True)
        try:
            for command in (["apt-get", *lists, "-q", "update"], ["apt-get", *lists, "-q", "download", DEBIAN_PACKAGE],
                            ["sh", "-c", f"dpkg-deb -x {DEBIAN_PACKAGE}_*.deb ."]):
                subprocess.run(command, cwd=unpacked, check=True, capture_output=True, timeout=SECONDS_PER_FILE)
        except subprocess.TimeoutExpired as error:
            raise OSError(f"{error.cmd[0]} took longer than {SECONDS_PER_FILE} s") from None
        except subprocess.CalledProcessError as error:
            raise OSError(error.stderr.decode(errors="replace").strip() or f"{error.cmd[0]} failed") from None
        place = Path(unpacked, *DEBIAN_FOLDER.parts[1:])
        yield lambda name: _local_copy(place, name)


def _no_source(folder, failures):
    tried = "\n".join(f"  - {failure}" for failure in failures)
    return (f"Fashion-MNIST could not be found or downloaded. Tried:\n{tried}\n"
            f"To help yourself, do one of these and run again:\n"
            f"  1. connect this machine to the internet (set HTTPS_PROXY if it needs a proxy);\n"
            f"  2. put {', '.join(FILES)} (with or without .gz) into {folder}, or name the folder that has them: "
            f"root='...' or the environment variable {FOLDER_VARIABLE};\n"
            f"  3. on Debian or Ubuntu: sudo apt-get install {DEBIAN_PACKAGE}.")
