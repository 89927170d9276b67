"""Where arrays live: MXNet can keep them on a graphics processor, the engine keeps them in the computer's memory."""

from .base import require


class Context:
    """A device, by the name and the number that MXNet gives it."""

    def __init__(self, device_type, device_id=0):
        self.device_type, self.device_id = device_type, device_id

    def __repr__(self):
        return f"{self.device_type}({self.device_id})"

    def __eq__(self, other):
        return repr(self) == repr(other)

    def __hash__(self):
        return hash(repr(self))


def cpu(device_id=0):
    """The computer's own processor."""
    return Context("cpu", device_id)


def gpu(device_id=0):
    """A graphics processor, which the engine can't use: an array can't be put there."""
    return Context("gpu", device_id)


def current_context():
    """Where new arrays live."""
    return cpu()


def require_cpu(ctx):
    """Raise MXNetError if `ctx` is a graphics processor."""
    for device in ctx if isinstance(ctx, (list, tuple)) else [ctx]:
        require(device is None or device.device_type != "gpu", "Compile with USE_CUDA=1 to enable GPU usage")
