"""`gluon.nn`: the layers."""

from .. import nd
from ..base import refuse, require
from ..ndarray import operation
from .block import Block

ACTIVATIONS = {"relu": operation("relu_layer"), "sigmoid": nd.sigmoid, "tanh": nd.tanh}


class Sequential(Block):
    """Blocks that are called in turn, each on the output of the one before."""

    def add(self, *blocks):
        """Append blocks."""
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
    """A Sequential. In MXNet only this one can be hybridized."""


class Dense(Block):
    """A layer of `units`: X W^T + b, then the activation. W: (units, in_units), where 0 is inferred from the first X."""

    def __init__(
        self,
        units,
        activation=None,
        use_bias=True,
        flatten=True,
        weight_initializer=None,
        bias_initializer="zeros",
        in_units=0,
        prefix=None,
        **lacking,
    ):
        super().__init__(prefix)
        refuse(**lacking)
        self.units, self.flatten, self.activation = units, flatten, activation and Activation(activation)
        self.weight = self.params.get("weight", shape=(units, in_units), dtype="float32", init=weight_initializer)
        self.bias = self.params.get("bias", shape=(units,), dtype="float32", init=bias_initializer) if use_bias else None

    def forward(self, X):
        if self.weight.array is None and self.weight.first is not None:
            self.weight.finish(self.weight.first((self.units, X.size // len(X) if self.flatten else X.shape[-1])))
        W, b = self.weight.data(), self.bias and self.bias.data()
        O = nd.FullyConnected(X, W, b, self.units, no_bias=b is None, flatten=self.flatten)
        return self.activation(O) if self.activation else O

    def __repr__(self):
        return f"Dense({self.weight.shape[1] or None} -> {self.units}, {self.activation or 'linear'})"


class Activation(Block):
    """The activation relu, sigmoid or tanh, by its name."""

    _shown = "Activation({activation})"

    def __init__(self, activation):
        super().__init__()
        require(activation in ACTIVATIONS, f"Invalid Input: '{activation}', valid values are: {set(ACTIVATIONS)}")
        self.activation = activation

    def forward(self, X):
        return ACTIVATIONS[self.activation](X)


class Dropout(Block):
    """In training, set each number to 0 with probability `rate` and divide the others by 1 - rate. Otherwise, change nothing."""

    _shown = "Dropout(p = {rate}, axes=())"

    def __init__(self, rate, prefix=None, **lacking):
        super().__init__(prefix)
        refuse(**lacking)
        self.rate = rate

    def forward(self, X):
        return nd.Dropout(X, self.rate)


class Flatten(Block):
    """A row for each example."""

    _shown = "Flatten"

    def forward(self, X):
        return nd.flatten(X)
