"""Fetch the data, if they are not there: `python -m tools.setup.data`. A fault is one sentence, and Ctrl+C no traceback."""

import signal
import sys

signal.signal(signal.SIGINT, signal.SIG_DFL)

import utils  # noqa: E402

if __name__ == "__main__":
    try:
        utils.fashion_mnist_arrays()
    except (OSError, RuntimeError) as error:
        sys.exit(str(error))
    print("Fashion-MNIST is available.")
