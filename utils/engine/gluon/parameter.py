"""The parameter of a layer: an array with a name, a gradient, and a shape that may be inferred from the first minibatch."""

import math
import warnings

import numpy as np

from ..base import MXNetError, no_attribute, require_cpu
from ..init import Uniform, create
from ..nd import array

DEFERRED = """because initialization was deferred. Actual initialization happens during the first forward pass. Please pass one \
batch of data through the network before accessing Parameters."""


class DeferredInitializationError(MXNetError):
    """The array was accessed before the first minibatch determined its shape."""


class Parameter:
    """An array of a layer. A 0 in `shape` stands for a length to be inferred; `init` is its initializer."""

    __getattr__ = no_attribute

    def __init__(self, name, grad_req="write", shape=None, dtype=np.float32, init=None):
        self.name, self.dtype, self.init, self.grad_req = name, dtype, init, grad_req
        self.shape = (shape,) if isinstance(shape, int) else shape
        self.array = self.first = None  # first: the initializer, which `initialize` sets

    def __repr__(self):
        return f"Parameter {self.name} (shape={self.shape}, dtype={self.dtype})"

    def initialize(self, init=None, ctx=None, default_init=None, force_reinit=False):
        """Make the array: now, or, if its shape is not known yet, on the first minibatch."""
        require_cpu(ctx)
        if self.array is not None and not force_reinit:
            return warnings.warn(f"Parameter '{self.name}' is already initialized: force_reinit=True redoes it", stacklevel=4)
        first = create(init or self.init or default_init or Uniform())
        numbers = first(self.shape) if self.shape and math.prod(self.shape) > 0 else None
        self.array, self.first = None, first
        if numbers is not None:
            self.finish(numbers)

    def finish(self, numbers):
        """Make the parameter's array from `numbers`, an NDArray of its full shape."""
        numbers = numbers.astype(self.dtype)
        numbers.attach_grad(self.grad_req)
        self.shape, self.array = numbers.shape, numbers

    def data(self, ctx=None):
        """The array. Raises RuntimeError before `initialize`, and DeferredInitializationError before the shape is known."""
        if self.first is None:
            raise RuntimeError(f"Parameter '{self.name}' has not been initialized. Note that you should initialize parameters")
        if self.array is None:
            raise DeferredInitializationError(f"Parameter '{self.name}' has not been initialized yet {DEFERRED}")
        if self.array.node is None or self.array.node.grad_req != self.grad_req:  # the layer was copied, or grad_req set
            self.array.attach_grad(self.grad_req)
        return self.array

    def grad(self):
        """The gradient from the last backward. Raises RuntimeError if grad_req is "null"."""
        if self.grad_req == "null":
            raise RuntimeError(f"Cannot get gradient array for Parameter '{self.name}' because grad_req='null'")
        return self.data().grad

    def require_shape(self, shape):
        """Raise AssertionError unless the parameter's array can have this shape."""
        if len(self.shape) != len(shape) or not all(length in (0, new) for length, new in zip(self.shape, shape)):
            raise AssertionError(f"Expected shape {shape} is incompatible with given shape {self.shape}.")

    def set_data(self, data):
        """Write `data` into the array. Raises AssertionError for another shape, RuntimeError before `initialize`."""
        self.require_shape(data.shape)
        if self.array is None and self.first is not None:
            self.finish(array(data))
        self.data()[:] = data


class ParameterDict(dict):
    """Parameters by name, as `collect_params` returns them."""

    __getattr__ = no_attribute

    def __init__(self, prefix, parameters=()):
        super().__init__(parameters)
        self.prefix = prefix

    def __repr__(self):
        lines = "".join(f"  {parameter}\n" for parameter in self.values())
        return f"{self.prefix} (\n{lines})"

    def get(self, name, **options):
        """The parameter called prefix + name. It is created if it does not exist."""
        return self.setdefault(self.prefix + name, Parameter(self.prefix + name, **options))

    def initialize(self, init=None, ctx=None, force_reinit=False):
        """Initialize all parameters; `init` is for those that have no initializer of their own."""
        for parameter in self.values():
            parameter.initialize(None, ctx, init, force_reinit)

    def zero_grad(self):
        """Set all gradients to 0, except for parameters that have none."""
        for parameter in self.values():
            if parameter.array is not None and parameter.grad_req != "null":
                parameter.grad()[:] = 0
