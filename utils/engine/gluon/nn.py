"""`gluon.nn`: the layers."""

from .. import nd
from ..base import require
from .block import Block

ACTIVATIONS = {"relu": nd.relu, "sigmoid": nd.sigmoid, "tanh": nd.tanh}


class Sequential(Block):
    """Blocks that are called one after the other."""

    def add(self, *blocks):
        """Put more blocks behind those that are there."""
        for block in blocks:
            self.register_child(block)

    def forward(self, X):
        for block in self._children.values():
            X = block(X)
        return X

    def __len__(self):
        return len(self._children)

    def __getitem__(self, index):
        found = list(self._children.values())[index]
        if isinstance(found, Block):
            return found
        part = type(self)()
        part.add(*found)
        return part


class HybridSequential(Sequential):
    """A Sequential: the difference is in MXNet's `hybridize` only."""


class Dense(Block):
    """A layer of `units`: X W^T + b, then the activation. W: (units, in_units); without `in_units` the first X tells it."""

    def __init__(
        self, units, activation=None, use_bias=True, weight_initializer=None, bias_initializer="zeros", in_units=0, prefix=None
    ):
        super().__init__(prefix)
        self.units, self.activation = units, activation and Activation(activation)
        self.weight = self.params.get("weight", shape=(units, in_units), dtype="float32", init=weight_initializer)
        self.bias = self.params.get("bias", shape=(units,), dtype="float32", init=bias_initializer) if use_bias else None

    def forward(self, X):
        if self.weight.array is None and self.weight.first is not None:
            self.weight.finish(self.weight.first((self.units, X.size // len(X))))
        O = nd.FullyConnected(X, self.weight.data(), self.bias and self.bias.data(), self.units, no_bias=self.bias is None)
        return self.activation(O) if self.activation else O

    def __repr__(self):
        return f"Dense({self.weight.shape[1] or None} -> {self.units}, {self.activation or 'linear'})"


class Activation(Block):
    """The activation of that name: relu, sigmoid or tanh."""

    _shown = "Activation({activation})"

    def __init__(self, activation):
        super().__init__()
        require(activation in ACTIVATIONS, f"Invalid Input: '{activation}', valid values are: {set(ACTIVATIONS)}")
        self.activation = activation

    def forward(self, X):
        return ACTIVATIONS[self.activation](X)


class Dropout(Block):
    """In training each number is set to 0 with probability `rate`, the others are divided by 1 - rate. Else nothing."""

    _shown = "Dropout(p = {rate}, axes=())"

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, X):
        return nd.Dropout(X, self.rate)


class Flatten(Block):
    """A row for each example."""

    _shown = "Flatten"

    def forward(self, X):
        return nd.flatten(X)
