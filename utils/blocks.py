"""The blocks of `autograd`: none stays open from one cell of a notebook to the next."""

import sys

from mxnet import autograd


def leave_blocks(cell=None):
    """Leave the blocks of `autograd`. One stays open, in every later cell, if an interrupt comes at the moment when it ends."""
    if hasattr(autograd, "leave_blocks"):  # the own engine
        autograd.leave_blocks()
    else:
        autograd.set_recording(False)
        autograd.set_training(False)


if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
    shell.events.register("pre_run_cell", leave_blocks)
