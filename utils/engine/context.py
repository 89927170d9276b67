"""Where arrays live: MXNet can keep them on a graphics processor, the engine keeps them in the computer's memory."""

import collections

from .base import require


class Context(collections.namedtuple("Context", "device_type device_id")):
    """A device, by the name and the number that MXNet gives it."""

    def __repr__(self):
        return f"{self.device_type}({self.device_id})"


def cpu(device_id=0):
    """The computer's own processor."""
    return Context("cpu", device_id)


def gpu(device_id=0):
    """A graphics processor, which the engine can't use: an array can't be put there."""
    return Context("gpu", device_id)


def require_cpu(ctx):
    """Raise MXNetError if the device `ctx`, or one in that list, is a graphics processor."""
    for device in ctx if isinstance(ctx, list) else [ctx]:
        require(device is None or device.device_type != "gpu", "Compile with USE_CUDA=1 to enable GPU usage")
