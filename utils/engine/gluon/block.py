"""The block: something that can be called on arrays, that owns parameters, and that may be made of other blocks."""

import collections
import contextlib

from .. import init
from .parameter import Parameter, ParameterDict

counts, scopes = collections.Counter(), []


def new_prefix(hint):
    """A name that no block has yet: `dense0_`, or `sequential0_dense0_` inside that block's name_scope."""
    counter, outer = (scopes[-1].counts, scopes[-1].prefix) if scopes else (counts, "")
    counter[hint] += 1
    return f"{outer}{hint}{counter[hint] - 1}_"


class Block:
    """A layer, or several. A subclass makes its layers in `__init__` as attributes, and says in `forward` how they are called."""

    def __init__(self, prefix=None, params=None):
        self.children, self.own, self.counts = {}, {}, collections.Counter()
        self.prefix = new_prefix(type(self).__name__.lower()) if prefix is None else prefix
        self.params = ParameterDict(self.prefix)

    def __setattr__(self, name, value):
        if isinstance(value, Block):
            self.register_child(value, name)
        elif isinstance(value, Parameter):
            self.own[name] = value
            self.params[value.name] = value
        super().__setattr__(name, value)

    def __call__(self, *inputs):
        return self.forward(*inputs)

    def __repr__(self):
        lines = "\n".join(f"  ({name}): " + repr(child).replace("\n", "\n  ") for name, child in self.children.items())
        return f"{type(self).__name__}(\n{lines}\n)"

    @property
    def name(self):
        """The name by which its parameters begin."""
        return self.prefix.rstrip("_")

    @contextlib.contextmanager
    def name_scope(self):
        """`with block.name_scope():` what is made in here gets names that begin with the block's own."""
        scopes.append(self)
        try:
            yield self
        finally:
            scopes.pop()

    def register_child(self, block, name=None):
        """Make `block` a part of this one."""
        self.children[name or str(len(self.children))] = block

    def collect_params(self, select=None):
        """The parameters of this block and of all blocks in it; of those whose names match `select`, if it is given."""
        found = [*self.params.values()]
        for child in self.children.values():
            found += child.collect_params().values()
        return ParameterDict(self.prefix, found).matching(select)

    def initialize(self, init=init.Uniform(), ctx=None, verbose=False, force_reinit=False):  # noqa: B008
        """Make all parameters and draw their first values."""
        self.collect_params().initialize(init, ctx, verbose, force_reinit)

    def hybridize(self, active=True, **options):
        """Nothing: in MXNet this makes a graph of the block, which computes the same numbers with fewer calls."""

    def forward(self, *inputs):
        """What the block makes of its inputs."""
        raise NotImplementedError
