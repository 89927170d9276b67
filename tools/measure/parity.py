"""How far the own engine is from MXNet: for each operation the cases tried, the largest deviations of values and of gradients.

A deviation is in units of 2**-23 of the largest number of its array: about the distance from there to the next float32.
"""

import sys

import utils
from tests.test_engine import CALLS, deviations
from tools.notebooks.chapters import ONLY_MXNET


def main():
    if utils.engine_name == "own":
        sys.exit(f"NOT RUN: {ONLY_MXNET}")
    print(f"{'operation':24} {'cases':>5} {'values':>7} {'gradients':>9}")
    for name in CALLS:
        cases, values, gradients = deviations(name)
        print(f"{name:24} {cases:5} {values:7.1f} {gradients:9.1f}")


if __name__ == "__main__":
    main()
