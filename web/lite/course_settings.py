"""Prepare a notebook in JupyterLite before its first cell: select the engine, and fetch Fashion-MNIST from the site."""

import os
from pathlib import Path

from js import location
from pyodide.http import pyfetch

FOLDER = Path("/fashion-mnist")
SITE = location.href.rpartition("/lite/")[0]


async def prepare():
    FOLDER.mkdir(exist_ok=True)
    os.environ.update(MLP_ENGINE="own", FASHION_MNIST_DIR=str(FOLDER))
    for name in ("train-images-idx3", "train-labels-idx1", "t10k-images-idx3", "t10k-labels-idx1"):
        response = await pyfetch(f"{SITE}/run/fashion-mnist/{name}-ubyte.gz")
        (FOLDER / f"{name}-ubyte.gz").write_bytes(await response.bytes())
