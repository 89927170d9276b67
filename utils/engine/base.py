"""Errors: MXNet's, and those for names of MXNet that the engine lacks. Devices."""

import collections
import functools
import sys

IN_A_BROWSER = sys.platform == "emscripten"  # where MXNet can't be had
ADVICE = "use a name from the chapters" + ("." if IN_A_BROWSER else ", or MXNet itself, where it has this: MLP_ENGINE=mxnet.")


class MXNetError(RuntimeError):
    """Raised for an impossible operation, with MXNet's message."""


def failed(check):
    """The error for a check that failed, as MXNet words it."""
    return MXNetError(f"MXNetError: Check failed: {check}")


def require(condition, check):
    """Raise MXNetError with the message `check` unless `condition` holds."""
    if not condition:
        raise failed(check)


def lacks(name):
    """The message for a module, or a name in a module, that the engine lacks and MXNet may have."""
    return f"The course's own engine has no {name.replace(__package__, 'mxnet')}: {ADVICE}"


def refuse(**options):
    """Raise TypeError for an option of a call that the engine lacks and MXNet may have, unless it is None."""
    for name, value in options.items():
        if value is not None:
            raise TypeError(lacks(f"option {name} here"))


def missing(module):
    """A `__getattr__` for the module named `module`, which Python calls for every name that the module lacks."""

    def __getattr__(name):
        raise AttributeError(f"module {module} has no attribute {name}" if name.startswith("_") else lacks(f"{module}.{name}"))

    return __getattr__


def no_attribute(thing, name):
    """A `__getattr__` for classes: the same for an attribute that an array, a layer ... lacks."""
    words = f"'{type(thing).__name__}' object has no attribute '{name}'"
    raise AttributeError(words if name.startswith("_") else f"{words} in the course's own engine: {ADVICE}")


def find_spec(name, path=None, target=None):
    """Makes this module the last import finder: it raises for a module of MXNet that the engine lacks."""
    if name.startswith(("mxnet.", f"{__package__}.")):
        raise ModuleNotFoundError(lacks(name))


class Context(collections.namedtuple("Context", "device_type device_id", defaults=[0])):
    """A device: the processor, `cpu()`, where all arrays are, or a graphics processor, `gpu()`, which the engine can't use."""

    def __repr__(self):
        return f"{self.device_type}({self.device_id})"


cpu, gpu = functools.partial(Context, "cpu"), functools.partial(Context, "gpu")


def require_cpu(ctx):
    """Raise MXNetError unless `ctx`, a device or a list of devices, is the CPU or None."""
    for device in ctx if isinstance(ctx, list) else [ctx]:
        require(getattr(device, "device_type", device) in (None, "cpu"), f"this engine computes on mx.cpu(), not on {device}")
