"""What goes wrong, MXNet's error, what is said of a name that the engine lacks; and where arrays live."""

import collections
import functools

PART = "the part of MXNet that the course uses. Use a name from the chapters, or set MLP_ENGINE=mxnet where MXNet is installed."


class MXNetError(RuntimeError):
    """An operation that can't be done, in MXNet's words."""


def failed(check):
    """The error for a check that failed, as MXNet words it."""
    return MXNetError(f"MXNetError: Check failed: {check}")


def require(condition, check):
    """Raise MXNetError with the words `check` unless `condition` holds."""
    if not condition:
        raise failed(check)


def lacks(name):
    """The sentence for a module, or a name in one, that MXNet may have and the engine hasn't."""
    return f"The course's own engine has no {name.replace(__package__, 'mxnet')}: it holds {PART}"


def missing(module):
    """A `__getattr__` for the module of that name: Python calls it for what the module hasn't got."""

    def __getattr__(name):
        raise AttributeError(f"module {module} has no attribute {name}" if name.startswith("_") else lacks(f"{module}.{name}"))

    return __getattr__


def no_attribute(thing, name):
    """The `__getattr__` of a class: the same for what an array, a layer ... hasn't got."""
    words = f"'{type(thing).__name__}' object has no attribute '{name}'"
    raise AttributeError(words if name.startswith("_") else f"{words}. The course's own engine holds {PART}")


def find_spec(name, path=None, target=None):
    """With this function in it `base` can be the last that Python asks for a module. It says what of MXNet is not here."""
    if name.startswith(("mxnet.", f"{__package__}.")):
        raise ModuleNotFoundError(lacks(name))


class Context(collections.namedtuple("Context", "device_type device_id", defaults=[0])):
    """A device: the processor, `cpu()`, in whose memory all arrays are, or a graphics processor, `gpu()`, which can't be used."""

    def __repr__(self):
        return f"{self.device_type}({self.device_id})"


cpu, gpu = functools.partial(Context, "cpu"), functools.partial(Context, "gpu")


def require_cpu(ctx):
    """Raise MXNetError if the device `ctx`, or one in that list, is a graphics processor, or none at all."""
    for device in ctx if isinstance(ctx, list) else [ctx]:
        require(getattr(device, "device_type", device) in (None, "cpu"), f"this engine computes on mx.cpu(), not on {device}")
