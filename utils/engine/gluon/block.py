"""The block: a callable on arrays that owns parameters and may contain other blocks."""

import collections
import contextlib
import itertools
import re
import zipfile

import numpy as np

from .. import nd
from ..base import no_attribute, require_cpu
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

    def named_parameters(self, prefix=""):
        """The parameters of this block and of all blocks in it, by their path through the attributes, such as "0.weight"."""
        found = {prefix + name: value for name, value in vars(self).items() if isinstance(value, Parameter)}
        for name, child in self._children.items():
            found |= child.named_parameters(f"{prefix}{name}.")
        return found

    def save_parameters(self, filename):
        """Write all parameters to a file in NumPy's format (npz), which `load_parameters` reads, and MXNet does not."""
        arrays = {name: parameter.data().asnumpy() for name, parameter in self.named_parameters().items()}
        with open(filename, "wb") as file:
            np.savez(file, **arrays)

    def load_parameters(self, filename, ctx=None, allow_missing=False, ignore_extra=False):
        """Read all parameters from a file that `save_parameters` wrote, whether or not `initialize` was called.

        Raises, before any parameter is changed, AssertionError for one that is missing in the file or has another shape there,
        and ValueError for one that the block lacks, or a file in another format."""
        require_cpu(ctx)
        with open(filename, "rb") as file:
            if file.read(2) != b"PK":
                raise ValueError(
                    f"{filename} was not written by the own engine's save_parameters. MLP_ENGINE=mxnet reads MXNet's."
                )
            file.seek(0)
            try:
                loaded = dict(np.load(file))
            except (zipfile.BadZipFile, EOFError) as error:
                raise ValueError(f"{filename} is damaged or was cut off ({error}). Save the parameters again.") from None
        own = self.named_parameters()
        both = [name for name in own if name in loaded]
        for name in own:
            if name not in loaded and not allow_missing:
                raise AssertionError(f"Parameter '{name}' is missing in file '{filename}'")
        for name in loaded:
            if name not in own and not ignore_extra:
                raise ValueError(f"Parameter '{name}' loaded from file '{filename}' is not present in this block")
        for name in both:
            own[name].require_shape(loaded[name].shape)
        for name in both:
            if own[name].first is None:
                own[name].initialize("zeros")
            own[name].set_data(nd.array(loaded[name], dtype=own[name].dtype))

    def forward(self, *inputs):
        """The output of the block for these inputs. Subclasses define it."""
        raise NotImplementedError
