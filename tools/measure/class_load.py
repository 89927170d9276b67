"""Measure the load of a class on a server: kernels that train at once on two cores, on each engine, with one thread and with two.

`python -m tools.measure.class_load [KERNELS]`. Linux only: memory is read from /proc.
"""

import argparse
import os
import re
import statistics
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from jupyter_client.manager import start_new_kernel

from tools.notebooks.chapters import ROOT
from tools.notebooks.kernel import QUIET

CORES = 2
SETUP = """
import utils
utils.set_figsize()
train_iter, test_iter = utils.load_data_fashion_mnist(256)
utils.seed_everything(42)
params = utils.init_params()
net = lambda X: utils.mlp(X, params)
"""
EPOCH = """
utils.train_epoch(net, train_iter, utils.softmax_cross_entropy, lambda: utils.sgd(params, 0.5, 256))
"""


def kernel(engine, threads):
    """A kernel that has run the setup of a chapter, up to the training."""
    environment = {**os.environ, "MLP_ENGINE": engine, "OMP_NUM_THREADS": str(threads), "PYTHONPATH": str(ROOT)}
    manager, client = start_new_kernel(startup_timeout=300, kernel_name="python3", env=environment, extra_arguments=QUIET)
    run(client, SETUP)
    return manager, client


def run(client, code):
    """The seconds that a kernel takes to run `code`. Raises RuntimeError if the code raises an error."""
    start = time.perf_counter()
    reply = client.execute_interactive(code, timeout=1800, output_hook=lambda message: None)["content"]
    if reply["status"] != "ok":
        raise RuntimeError(f"{reply['ename']}: {reply['evalue']}")
    return time.perf_counter() - start


def peak_megabytes(manager):
    status = Path(f"/proc/{manager.provisioner.pid}/status").read_text(encoding="utf-8")
    return int(re.search(r"VmHWM:\s+(\d+)", status)[1]) / 1000


def measure(engine, threads, num_kernels):
    """Seconds an epoch in one kernel alone, then in each of `num_kernels` at once, and the peak megabytes of each."""
    kernels = [kernel(engine, threads) for _ in range(num_kernels)]
    try:
        clients = [client for _, client in kernels]
        alone = run(clients[0], EPOCH)
        with ThreadPoolExecutor(num_kernels) as pool:
            at_once = list(pool.map(lambda client: run(client, EPOCH), clients))
        return alone, at_once, [peak_megabytes(manager) for manager, _ in kernels]
    finally:
        for manager, client in kernels:
            client.stop_channels()
            manager.shutdown_kernel(now=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("kernels", nargs="?", type=int, default=20)
    num_kernels = parser.parse_args().kernels
    if not hasattr(os, "sched_setaffinity"):
        sys.exit("This needs Linux.")
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])
    print(f"{num_kernels} kernels on {CORES} cores: seconds of an epoch, megabytes of a kernel at its peak")
    print("engine  threads  alone  at once: median  slowest  megabytes: median  most")
    for engine in ("mxnet", "own"):
        for threads in (1, CORES):
            alone, at_once, megabytes = measure(engine, threads, num_kernels)
            numbers = (statistics.median(at_once), max(at_once), statistics.median(megabytes), max(megabytes))
            print("%-6s  %7d  %5.1f  %15.1f  %7.1f  %17.0f  %4.0f" % (engine, threads, alone, *numbers), flush=True)


if __name__ == "__main__":
    main()
