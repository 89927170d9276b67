"""What a kernel for nbval has imported before it is copied: packages, and not `utils`, which each notebook imports itself."""

import os
import sys

os.environ["MPLBACKEND"] = "module://matplotlib_inline.backend_inline"  # a kernel sets it too late for what is imported here

import ipykernel.kernelapp  # noqa: F401
import matplotlib.pyplot  # noqa: F401

import utils  # noqa: F401  imports MXNet

for name in [name for name in sys.modules if name.split(".")[0] == "utils"]:
    del sys.modules[name]
