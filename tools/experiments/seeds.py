"""Train the course's network with many seeds, and record the history of each run: `make seeds` (4 minutes).

Writes utils/results/seeds.json, which 21 reads: 20 seeds, and seed 0 with OpenBLAS's kernels for four generations
of x86 processors.
"""

import contextlib
import io
import json
import os
import platform
import subprocess
import sys
from importlib.metadata import version

from tools.experiments.results import write_result
from utils import fashion_mnist_arrays, init_params, mlp, seed_everything, softmax_cross_entropy, train_ch3
from utils.data import Minibatches

SEEDS = range(20)
KERNELS = ["Haswell", "Sandybridge", "Nehalem", "Core2"]
NUM_EPOCHS, BATCH_SIZE, LR = 10, 256, 0.5


def history(seed, train, test):
    """The loss and accuracies of each epoch, trained on `train` and tested on `test`, each (images, labels)."""
    train_iter, test_iter = Minibatches(*train, BATCH_SIZE, shuffle=True), Minibatches(*test, BATCH_SIZE)
    seed_everything(seed)
    params = init_params()
    with contextlib.redirect_stdout(io.StringIO()):
        lists = train_ch3(
            lambda X: mlp(X, params), train_iter, test_iter, softmax_cross_entropy, NUM_EPOCHS, BATCH_SIZE, params, LR
        )
    print(f"seed {seed}: test acc {lists['test_acc'][-1]:.3f}", file=sys.stderr, flush=True)
    return {"seed": seed, **{name: [round(float(value), 4) for value in values] for name, values in lists.items()}}


def on_kernel(kernel):
    """The history for seed 0 in a process of its own, whose OpenBLAS uses the kernels for one kind of processor."""
    answer = subprocess.run(
        [sys.executable, "-m", "tools.experiments.seeds", "seed 0"],
        env={**os.environ, "OPENBLAS_CORETYPE": kernel},
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return {"kernel": kernel, **json.loads(answer.stdout)}


def main():
    train, test = fashion_mnist_arrays()
    if sys.argv[1:] == ["seed 0"]:
        print(json.dumps(history(0, train, test)))
        return
    write_result(
        "seeds",
        {
            "made_with": {"python": platform.python_version(), **{name: version(name) for name in ("mxnet", "numpy")}},
            "published_split": [history(seed, train, test) for seed in SEEDS],
            "kernels": [on_kernel(kernel) for kernel in KERNELS],
        },
    )


if __name__ == "__main__":
    main()
