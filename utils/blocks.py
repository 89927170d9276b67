"""The blocks of `autograd`: none stays open from one cell of a notebook to the next."""

import contextlib
import sys

import mxnet as mx
from mxnet import autograd


def leave_blocks(cell=None):
    """Leave the blocks of `autograd`. One stays open, in every later cell, if an interrupt comes at the moment when it ends."""
    if hasattr(autograd, "leave_blocks"):  # the own engine
        autograd.leave_blocks()
    else:
        autograd.set_recording(False)
        autograd.set_training(False)


@contextlib.contextmanager
def blocks_kept():
    """Whatever is entered or left in between, the same blocks are open afterwards, and npx.set_np() holds as now."""
    if hasattr(autograd, "leave_blocks"):
        blocks = autograd.state.blocks
        before = [*blocks]
        try:
            yield
        finally:
            blocks[:] = before
    else:
        recording, training = autograd.is_recording(), autograd.is_training()
        semantics = mx.util.is_np_shape(), mx.util.is_np_array()
        try:
            yield
        finally:
            autograd.set_recording(recording)
            autograd.set_training(training)
            mx.util.set_np(*semantics)  # whether new arrays are those of mx.np


if "IPython" in sys.modules and (shell := sys.modules["IPython"].get_ipython()):
    shell.events.register("pre_run_cell", leave_blocks)
