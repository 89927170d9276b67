"""Prepare a notebook in JupyterLite before its first cell: select the engine, and fetch Fashion-MNIST from the site."""

import os
from pathlib import Path

from js import XMLHttpRequest, location

FOLDER = Path("/fashion-mnist")
SITE = location.href.rpartition("/lite/")[0]


def prepare():
    FOLDER.mkdir(exist_ok=True)
    os.environ.update(MLP_ENGINE="own", FASHION_MNIST_DIR=str(FOLDER))
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        (FOLDER / f"{name}-ubyte.gz").write_bytes(fetch(f"{SITE}/run/fashion-mnist/{name}-ubyte.gz"))


def fetch(address):
    """The bytes of a file. Without JSPI, IPython could not await them here, so the worker itself waits."""
    request = XMLHttpRequest.new()
    request.open("GET", address, False)
    request.responseType = "arraybuffer"
    request.send()
    return request.response.to_bytes()
