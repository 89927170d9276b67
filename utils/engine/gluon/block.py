"""The block: something that can be called on arrays, that owns parameters, and that may be made of other blocks."""

import collections
import contextlib
import itertools
import re

import numpy as np

from .. import nd
from ..base import no_attribute, require_cpu
from .parameter import Parameter, ParameterDict

counts = collections.defaultdict(itertools.count)  # the blocks of each kind are numbered, which gives each its name


class Block:
    """A layer, or several. A subclass makes its layers in `__init__` as attributes, and says in `forward` how they are called."""

    __getattr__ = no_attribute
    _shown = ""  # how a block without others in it is printed, with its attributes in braces

    def __init__(self, prefix=None):
        kind = type(self).__name__.lower()
        prefix = f"{kind}{next(counts[kind])}_" if prefix is None else prefix
        self._children, self.params, self.name = {}, ParameterDict(prefix), prefix.rstrip("_")

    def __setattr__(self, name, value):
        if isinstance(value, Block):
            self.register_child(value, name)
        elif isinstance(value, Parameter):
            self.params[value.name] = value
        super().__setattr__(name, value)

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def __repr__(self):
        if self._shown:
            return self._shown.format(**vars(self))
        lines = "\n".join(f"  ({name}): " + repr(child).replace("\n", "\n  ") for name, child in self._children.items())
        return f"{type(self).__name__}(\n{lines}\n)"

    def register_child(self, block, name=None):
        """Make `block` a part of this one."""
        self._children[name or str(len(self._children))] = block

    def name_scope(self):
        """Nothing: in MXNet `with block.name_scope():` gives what is made in it longer names."""
        return contextlib.nullcontext(self)

    def hybridize(self, active=True, **options):
        """Nothing: in MXNet this makes a graph of the block, which computes the same numbers with fewer calls."""

    def collect_params(self, select=""):
        """The parameters of this block and of all blocks in it, by name; those that the regular expression `select` fits."""
        found = ParameterDict(self.params.prefix, self.params)
        for child in self._children.values():
            found.update(child.collect_params())
        return ParameterDict(found.prefix, {name: found[name] for name in found if re.match(select, name)})

    def initialize(self, init=None, ctx=None, force_reinit=False):
        """Make all parameters and draw their first values."""
        self.collect_params().initialize(init, ctx, force_reinit=force_reinit)

    def named_parameters(self, prefix=""):
        """The parameters of this block and of all blocks in it, by the attributes that lead to them, such as "0.weight"."""
        found = {prefix + name: value for name, value in vars(self).items() if isinstance(value, Parameter)}
        for name, child in self._children.items():
            found |= child.named_parameters(f"{prefix}{name}.")
        return found

    def save_parameters(self, filename):
        """Write all parameters to a file for `load_parameters`. Its format is NumPy's (npz), which MXNet can't read."""
        arrays = {name: parameter.data().asnumpy() for name, parameter in self.named_parameters().items()}
        with open(filename, "wb") as file:
            np.savez(file, **arrays)

    def load_parameters(self, filename, ctx=None, allow_missing=False, ignore_extra=False):
        """Take all parameters from a file that `save_parameters` has written, whether or not `initialize` was called.

        Raises AssertionError, before any is changed, for a parameter that is missing in the file or has another shape there,
        ValueError for one that the block lacks, or for a file of MXNet's."""
        require_cpu(ctx)
        with open(filename, "rb") as file:
            if file.read(2) != b"PK":
                raise ValueError(
                    f"{filename} was not written by the own engine's save_parameters. MLP_ENGINE=mxnet reads MXNet's."
                )
            file.seek(0)
            loaded = dict(np.load(file))
        own = self.named_parameters()
        for name in own.keys() - loaded.keys():
            if not allow_missing:
                raise AssertionError(f"Parameter '{name}' is missing in file '{filename}'")
        for name in loaded.keys() - own.keys():
            if not ignore_extra:
                raise ValueError(f"Parameter '{name}' loaded from file '{filename}' is not present in this block")
        both = own.keys() & loaded.keys()
        for name in both:
            own[name].require_shape(loaded[name].shape)
        for name in both:
            if own[name].first is None:
                own[name].initialize("zeros")
            own[name].set_data(nd.array(loaded[name], dtype=own[name].dtype))

    def forward(self, *inputs):
        """What the block makes of its inputs."""
        raise NotImplementedError
