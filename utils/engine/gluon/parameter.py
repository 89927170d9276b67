"""What a layer learns: an array with a name, a gradient, and a shape that may become known only with the first minibatch."""

import math
import re
import warnings

import numpy as np

from .. import init as initializers
from ..base import MXNetError
from ..context import require_cpu
from ..ndarray import NDArray

NOT_INITIALIZED = (
    " has not been initialized. Note that you should initialize parameters and create Trainer with Block.collect_params() "
    "instead of Block.params because the later does not include Parameters of nested child Blocks"
)
DEFERRED = (
    " has not been initialized yet because initialization was deferred. Actual initialization happens during the first forward "
    "pass. Please pass one batch of data through the network before accessing Parameters. You can also avoid deferred "
    "initialization by specifying in_units, num_features, etc., for network layers."
)


class DeferredInitializationError(MXNetError):
    """The array was asked for before the first minibatch has told its shape."""


class Parameter:
    """An array of a layer. `shape` may hold a 0 for a length that the first minibatch tells; `init` says how it starts."""

    def __init__(self, name, grad_req="write", shape=None, dtype=np.float32, lr_mult=1.0, wd_mult=1.0, init=None, **options):
        self.name, self.dtype, self.lr_mult, self.wd_mult, self.init = name, dtype, lr_mult, wd_mult, init
        self.shape = (shape,) if isinstance(shape, int) else shape
        self.array = self.waiting = None
        self.how = grad_req

    def __repr__(self):
        return f"Parameter {self.name} (shape={self.shape}, dtype={self.dtype})"

    @property
    def grad_req(self):
        """What a backward does to the gradient: "write", "add" or "null"."""
        return self.how

    @grad_req.setter
    def grad_req(self, how):
        self.how = how
        self.make_gradient()

    def initialize(self, init=None, ctx=None, default_init=None, force_reinit=False):
        """Make the array and draw its first values, now, or when the first minibatch has told the shape."""
        require_cpu(ctx)
        if self.array is not None and not force_reinit:
            warnings.warn(
                f"Parameter '{self.name}' is already initialized, ignoring. Set force_reinit=True to re-initialize.", stacklevel=4
            )
            return
        self.array = None
        self.waiting = initializers.create(init or self.init or default_init or initializers.Uniform())
        if self.shape and math.prod(self.shape) > 0:
            self.finish()

    def finish(self, shape=None):
        """Make the array, with the shape that is known by now."""
        self.shape = shape or self.shape
        self.array = NDArray(np.zeros(self.shape, self.dtype))
        self.waiting(self.name, self.array)
        self.make_gradient()
        self.waiting = None

    def make_gradient(self):
        if self.array is not None:
            self.array.note = None
            if self.how != "null":
                self.array.attach_grad(self.how)

    def data(self, ctx=None):
        """The array. Raises RuntimeError before `initialize`, and DeferredInitializationError before the shape is known."""
        if self.array is None and self.waiting is not None:
            raise DeferredInitializationError(f"Parameter '{self.name}'{DEFERRED}")
        if self.array is None:
            raise RuntimeError(f"Parameter '{self.name}'{NOT_INITIALIZED}")
        return self.array

    def grad(self, ctx=None):
        """The gradient that the last backward has left."""
        if self.array is not None and self.how == "null":
            raise RuntimeError(f"Cannot get gradient array for Parameter '{self.name}' because grad_req='null'")
        return self.data().grad

    def set_data(self, data):
        """Write other numbers into the array. Raises AssertionError for another shape, or before `initialize`."""
        known = self.shape and all(a in (0, b) for a, b in zip(self.shape, data.shape)) and len(self.shape) == len(data.shape)
        if not known:
            raise AssertionError(f"Expected shape {data.shape} is incompatible with given shape {self.shape}.")
        if self.array is None and self.waiting is None:
            raise AssertionError(f"Parameter '{self.name}' has not been initialized")
        if self.array is None:
            self.finish(data.shape)
        self.array[:] = data

    def zero_grad(self):
        """Set the gradient to 0."""
        self.grad()[:] = 0


class ParameterDict(dict):
    """Parameters by name, as `collect_params` gives them."""

    def __init__(self, prefix="", parameters=()):
        super().__init__((parameter.name, parameter) for parameter in parameters)
        self.prefix = prefix

    def __repr__(self):
        lines = "".join(f"  {parameter}\n" for parameter in self.values())
        return f"{self.prefix}{' ' if self.prefix else ''}(\n{lines})"

    def get(self, name, **options):
        """The parameter of that name behind the prefix, made if it isn't there."""
        return self.setdefault(self.prefix + name, Parameter(self.prefix + name, **options))

    def matching(self, select):
        """Those whose names match the regular expression `select` (None: all)."""
        return ParameterDict(
            self.prefix, (parameter for name, parameter in self.items() if select is None or re.match(select, name))
        )

    def initialize(self, init=None, ctx=None, verbose=False, force_reinit=False):
        """Make all arrays and draw their first values; `init` is for those that have no rule of their own."""
        for parameter in self.values():
            parameter.initialize(None, ctx, initializers.create(init), force_reinit)

    def zero_grad(self):
        """Set all gradients to 0."""
        for parameter in self.values():
            parameter.zero_grad()

    def setattr(self, name, value):
        """Set an attribute of all, for example `grad_req` to "add"."""
        for parameter in self.values():
            setattr(parameter, name, value)
