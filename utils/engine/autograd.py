"""Reverse-mode automatic differentiation: a graph of the operations that were recorded, and the backward pass through it."""

import functools
import itertools
import threading

import numpy as np

from .base import MXNetError, require
from .rules import RULES

NOT_RECORDED = """Cannot differentiate node because it is not in a computational graph. You need to set is_recording to true or \
use autograd.record() to save computational graphs for backward. If you want to differentiate the same graph twice, you need to \
pass retain_graph=True to backward."""
NO_LEAVES = "There are no inputs in computation graph that require gradients."
CHANGED = """An array was changed in place (+=, x[:]=, etc) after an operation had recorded it, and before backward: its old \
numbers, which the gradient needs, are lost. Call backward before you change the array, or change a copy of it."""


class Block:
    """A `with` block: whether it records operations, and whether layers such as Dropout behave as in training."""

    def __init__(self, recording, training):
        self.recording, self.training = recording, training

    def __enter__(self):
        state.blocks.append(self)

    def __exit__(self, *error):
        if self in state.blocks:  # check_problem inside has left all of them
            state.blocks.remove(self)


class State(threading.local):
    """The open `with` blocks, innermost last. Each thread has its own."""

    def __init__(self):
        self.blocks = [Block(recording=False, training=False)]


state = State()


def record(train_mode=True):
    """`with autograd.record():` records the operations on arrays that need a gradient, for `backward`."""
    return Block(recording=True, training=train_mode)


def pause(train_mode=False):
    """`with autograd.pause():` inside `record`: the operations in this block are not recorded."""
    return Block(recording=False, training=train_mode)


def train_mode():
    """`with autograd.train_mode():` layers such as Dropout behave as in training."""
    return Block(recording=is_recording(), training=True)


def predict_mode():
    """`with autograd.predict_mode():` layers such as Dropout behave as in use, also inside `record`."""
    return Block(recording=is_recording(), training=False)


def is_recording():
    """Whether operations are recorded, in this thread."""
    return state.blocks[-1].recording


def is_training():
    """Whether layers such as Dropout behave as in training, in this thread."""
    return state.blocks[-1].training


def leave_blocks():
    """Leave all open blocks. An interrupt at the moment when a block ends would leave it open for ever."""
    del state.blocks[1:]


numbers = itertools.count()


class Node:
    """A node of the graph, for C = f(A, B): the shape of C, the nodes of A and B, a gradient rule for each, and C, A and B."""

    def __init__(self, shape, inputs=(), rules=(), arrays=()):
        self.number, self.shape = next(numbers), shape
        self.inputs, self.rules, self.arrays = inputs, rules, arrays


class Array:
    """An array of numbers, and its node in the graph (None: the array needs no gradient)."""

    def __init__(self, data, node=None):
        self._data, self.node = data, node


def apply(name, *inputs, **options):
    """Apply the operation `name` to arrays and numbers. Record it if recording is on and an input has a node."""
    forward, rules = RULES[name]
    values = [x._data if isinstance(x, Array) else x for x in inputs]
    nodes = [x.node if isinstance(x, Array) else None for x in inputs]
    C = forward(*values, **options)
    if is_recording() and any(nodes):
        rules = [functools.partial(rule, **options) for rule in rules]
        return Array(C, Node(C.shape, nodes, rules, [C, *values]))
    return Array(C)


def topological_order(heads):
    """The nodes `heads` and all their ancestors, each once, every node after the nodes of its inputs."""
    found, waiting = {}, list(heads)
    while waiting:
        node = waiting.pop()
        if node is not None and node.number not in found:
            found[node.number] = node
            waiting.extend(node.inputs)
    return [found[number] for number in sorted(found)]


def summed_to(shape, dC):
    """`dC`, summed over the axes along which an array of `shape` was broadcast."""
    if dC.shape == shape:
        return dC
    dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return dC.sum(axis=repeated, keepdims=True)


def pass_on(node, gradients):
    """Apply the gradient rule for each input of `node`, and add the result to the gradient of that input."""
    for source, rule in zip(node.inputs, node.rules):
        if source is not None:
            dA = summed_to(source.shape, rule(gradients[node], *node.arrays))
            gradients[source] = gradients[source] + dA if source in gradients else dA


def backward_pass(gradients):
    """Extend `gradients`, a dict from node to gradient, from the nodes in it to all their ancestors."""
    for node in reversed(topological_order(gradients)):
        if node in gradients:
            pass_on(node, gradients)


class Leaf(Node):
    """The node of an array with `attach_grad`: the backward pass ends here and writes the gradient into `grad`."""

    def __init__(self, grad, grad_req):
        super().__init__(grad.shape)
        self.grad, self.grad_req, self.fresh = grad, grad_req, False

    def store(self, dC):
        """Replace the old gradient ("write") or add to it ("add"), in place, so that views of it show the new one."""
        if self.grad_req != "null":
            note_change(self.grad._data)
            self.grad._data[...] = dC if self.grad_req == "write" else self.grad._data + dC
        self.fresh = True


def is_recorded(node):
    """Whether the node belongs to a recorded graph: a leaf always does, any other node until `backward` frees it."""
    return isinstance(node, Leaf) or (node is not None and len(node.inputs) > 0)


def head_gradient(head, weights):
    """The gradient from which the backward pass starts at the array `head`: ones, or `weights`."""
    if weights is None:
        return np.ones_like(head._data)
    if not isinstance(weights, Array):
        raise TypeError(f"out_grad must be an NDArray, got {type(weights).__name__}")
    require(weights._data.shape == head._data.shape, "out_grad must have the shape of the array.")
    require(weights._data.dtype == head._data.dtype, "out_grad must have the dtype of the array.")
    return weights._data


def backward_from(head, weights=None, retain_graph=False):
    """Compute the gradient of the sum of all numbers in the array `head`, weighted by `weights` (None: 1), for every leaf.

    Frees the graph, unless `retain_graph`. Raises MXNetError when nothing was recorded, a part of the graph is freed, `weights`
    don't fit, or an array that a gradient needs was changed in place. An error or an interrupt leaves no gradient behind."""
    require(is_recorded(head.node), NOT_RECORDED)
    gradients = {head.node: head_gradient(head, weights).reshape(head.node.shape)}  # () where the array's is (1,)
    nodes = topological_order(gradients)
    require(all(is_recorded(node) for node in nodes), NOT_RECORDED)
    leaves = [node for node in nodes if isinstance(node, Leaf)]
    require(any(leaf.grad_req != "null" for leaf in leaves), NO_LEAVES)
    with np.errstate(all="ignore"):
        mark_changed(nodes)
        backward_pass(gradients)
        for leaf in leaves:
            leaf.store(gradients.get(leaf, 0))
    if not retain_graph:
        for node in nodes:
            node.inputs, node.rules, node.arrays = (), (), ()


# --- Arrays that are changed in place ---------------------------------------------------------------------------------

# When the memory of an array was last changed in place, by the same counter that numbers the nodes. A node keeps its arrays
# alive, so the id of their memory is not reused meanwhile.
changes = {}


def memory(data):
    """The id of the array that owns the memory of `data`: the same for all views of it."""
    while isinstance(data.base, np.ndarray):
        data = data.base
    return id(data)


def note_change(data):
    """Record that the numbers of `data` are about to be changed in place."""
    changes[memory(data)] = next(numbers)


class Changed(np.lib.mixins.NDArrayOperatorsMixin):
    """Replaces an array that was changed after it was recorded: has its shape, and raises when its numbers are used."""

    def __init__(self, data):
        self.shape, self.ndim, self.size, self.dtype = data.shape, data.ndim, data.size, data.dtype

    def refuse(self, *values, **options):
        raise MXNetError(f"MXNetError: {CHANGED}")

    __array__ = __array_ufunc__ = refuse  # conversions; operators and functions of NumPy
    T = property(refuse)


def mark_changed(nodes):
    """In each node, replace by Changed every array that was changed in place since the node was created."""
    for node in nodes:
        node.arrays = [as_recorded(value, node) for value in node.arrays]


def as_recorded(value, node):
    """`value` if it has not changed since `node` was created, else Changed."""
    changed = isinstance(value, np.ndarray) and changes.get(memory(value), -1) > node.number
    return Changed(value) if changed else value
