"""`init`: initializers. Each returns a function that makes the initial array of a parameter from its shape."""

import functools
import math

from . import random
from .nd import full


def Constant(value):
    """The same number everywhere."""
    return functools.partial(full, val=value)


def Zero():
    """0 everywhere."""
    return Constant(0)


def One():
    """1 everywhere."""
    return Constant(1)


def Uniform(scale=0.07):
    """Numbers drawn uniformly from -scale to scale."""
    return functools.partial(random.uniform, -scale, scale)


def Normal(sigma=0.01):
    """Numbers drawn from N(0, sigma**2)."""
    return functools.partial(random.normal, 0, sigma)


def Xavier(rnd_type="uniform", factor_type="avg", magnitude=3):
    """Random numbers scaled by the layer's inputs and outputs, so that signals keep their size (Glorot and Bengio, 2010).

    Raises ValueError unless rnd_type is "uniform" or "gaussian" and factor_type "avg", "in" or "out"."""
    if rnd_type not in ("uniform", "gaussian"):
        raise ValueError(f"Unknown random type {rnd_type!r}: choose uniform or gaussian")
    if factor_type not in ("avg", "in", "out"):
        raise ValueError(f"Incorrect factor type {factor_type!r}: choose avg, in or out")

    return functools.partial(xavier, rnd_type, factor_type, magnitude)


def xavier(rnd_type, factor_type, magnitude, shape):
    """The initial array of Xavier's rule."""
    if len(shape) < 2:
        raise ValueError("Xavier initializer cannot be applied to a vector. It requires at least 2D.")
    outputs, inputs = shape[0], math.prod(shape[1:])
    scale = math.sqrt(magnitude / {"avg": (inputs + outputs) / 2, "in": inputs, "out": outputs}[factor_type])
    return Uniform(scale)(shape) if rnd_type == "uniform" else Normal(scale)(shape)


NAMES = {"zeros": Zero, "ones": One, "uniform": Uniform, "normal": Normal, "xavier": Xavier}


def create(init):
    """The function that makes the initial array, from an initializer or its name."""
    right = init.lower() in NAMES if isinstance(init, str) else callable(init) and init not in NAMES.values()
    if not right:
        raise AssertionError(f"init must be an initializer such as init.Normal(0.01), or one of {', '.join(NAMES)}, not {init!r}")
    return NAMES[init.lower()]() if isinstance(init, str) else init
