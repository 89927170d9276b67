"""Arrays, gradients and layers in NumPy: the part of MXNet 1.9.1 that this course uses, under the same names.

product.py   the np.dot of a browser        ndarray.py   the array: operators, types, printing
rules.py     operations and their gradients nd.py        the functions of MXNet's `nd`
autograd.py  the graph, the backward pass   random.py    MXNet's random numbers
gluon/       layers, losses, the trainer    init.py      initializers"""

# ruff: noqa: F401  the names imported here are those of `mxnet`
import sys

from . import autograd, base, gluon, init, nd, ndarray, random
from .base import Context, MXNetError, cpu, gpu, missing

__version__ = "1.9.1"
for name, module in list(sys.modules.items()):
    if f"{name}.".startswith(f"{__name__}."):
        module.__getattr__ = missing(name)
del name, module  # MXNet has modules of these names
