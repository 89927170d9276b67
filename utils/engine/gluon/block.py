"""The block: a callable on arrays that owns parameters and may contain other blocks."""

import collections
import contextlib
import itertools
import re

from ..base import no_attribute
from .parameter import Parameter, ParameterDict

counts = collections.defaultdict(itertools.count)  # a block's name is its class and a number


class Block:
    """A layer, or several. A subclass creates its layers as attributes in `__init__`, and calls them in `forward`."""

    __getattr__ = no_attribute
    _shown = ""  # the repr of a block that contains no others: a format string over its attributes

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
        """Add `block` as a child of this one."""
        self._children[name or str(len(self._children))] = block

    def name_scope(self):
        """Do nothing: in MXNet, layers that are created inside `with block.name_scope():` get longer names."""
        return contextlib.nullcontext(self)

    def hybridize(self, active=True, **options):
        """Do nothing: in MXNet this compiles the block into a graph, which computes the same numbers with fewer calls."""

    def collect_params(self, select=""):
        """The parameters of this block and of all blocks in it, by name; `select` is a regular expression."""
        found = ParameterDict(self.params.prefix, self.params)
        for child in self._children.values():
            found.update(child.collect_params())
        return ParameterDict(found.prefix, {name: found[name] for name in found if re.match(select, name)})

    def initialize(self, init=None, ctx=None, force_reinit=False):
        """Initialize all parameters of this block and of the blocks in it."""
        self.collect_params().initialize(init, ctx, force_reinit=force_reinit)

    def forward(self, *inputs):
        """The output of the block for these inputs. Subclasses define it."""
        raise NotImplementedError
