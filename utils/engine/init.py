"""`init`: how the parameters of a layer start. A bias starts at 0 whatever is chosen."""

import math

from . import random


class Initializer:
    """Fills arrays with first values. A subclass says how in `fill(array)`."""

    def __call__(self, name, array):
        if str(name).endswith("bias"):
            array[:] = 0
        else:
            self.fill(array)


class Constant(Initializer):
    """The same number everywhere."""

    def __init__(self, value=0.0):
        self.value = value

    def fill(self, array):
        array[:] = self.value


class Zero(Constant):
    """0 everywhere."""

    def __init__(self):
        super().__init__(0)


class One(Constant):
    """1 everywhere."""

    def __init__(self):
        super().__init__(1)


class Uniform(Initializer):
    """Random numbers that lie evenly from -scale to scale."""

    def __init__(self, scale=0.07):
        self.scale = scale

    def fill(self, array):
        random.uniform(-self.scale, self.scale, out=array)


class Normal(Initializer):
    """Random numbers from N(0, sigma**2)."""

    def __init__(self, sigma=0.01):
        self.sigma = sigma

    def fill(self, array):
        random.normal(0, self.sigma, out=array)


class Xavier(Initializer):
    """Random numbers on a scale that goes by the layer's inputs and outputs (Glorot and Bengio, 2010): sizes stay steady."""

    def __init__(self, rnd_type="uniform", factor_type="avg", magnitude=3):
        self.rnd_type, self.factor_type, self.magnitude = rnd_type, factor_type, float(magnitude)

    def fill(self, array):
        outputs, inputs = array.shape[0], array.size // array.shape[0]
        factor = {"avg": (inputs + outputs) / 2, "in": inputs, "out": outputs}[self.factor_type]
        scale = math.sqrt(self.magnitude / factor)
        if self.rnd_type == "uniform":
            random.uniform(-scale, scale, out=array)
        else:
            random.normal(0, scale, out=array)


NAMES = {"zeros": Zero, "ones": One, "uniform": Uniform, "normal": Normal, "xavier": Xavier}


def create(init):
    """An initializer, from one or from its name."""
    return NAMES[init.lower()]() if isinstance(init, str) else init
