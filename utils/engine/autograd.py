"""Gradients by walking back through what was computed: a note for each operation, and a rule for each kind of operation."""

import contextlib
import itertools
import types

import numpy as np

from .base import require
from .rules import RULES

state = types.SimpleNamespace(recording=False, training=False)
numbers = itertools.count()
NOT_RECORDED = """Cannot differentiate node because it is not in a computational graph. You need to set is_recording to true or \
use autograd.record() to save computational graphs for backward. If you want to differentiate the same graph twice, you need to \
pass retain_graph=True to backward."""


class Note:
    """What is noted of C = f(A, B): the notes of A and B, the rules of f, and the numbers that went in and came out."""

    def __init__(self, shape, inputs=(), rules=(), values=(), C=None, options=None):
        self.number, self.shape = next(numbers), shape
        self.inputs, self.rules, self.values, self.C = inputs, rules, values, C
        self.options, self.dC = options, None


class Array:
    """Numbers, and the note that says how they were made (None: no gradient is wanted through them)."""

    def __init__(self, data, note=None):
        self.data, self.note = data, note


def apply(name, *inputs, **options):
    """The operation `name` on arrays and numbers. It is noted down while recording, if an input has a note."""
    forward, *rules = RULES[name]
    values = [x.data if isinstance(x, Array) else x for x in inputs]
    notes = [x.note if isinstance(x, Array) else None for x in inputs]
    C, note = forward(*values, **options), None
    if state.recording and any(notes):
        note = Note(C.shape, notes, rules, values, C, options)
    return Array(C, note)


def newest_first(notes):
    """These notes and all that led to them, each once, the one made last first."""
    found, waiting = {}, list(notes)
    while waiting:
        note = waiting.pop()
        if note is not None and note.number not in found:
            found[note.number] = note
            waiting.extend(note.inputs)
    return [found[number] for number in sorted(found, reverse=True)]


def summed_to(shape, dC):
    """`dC`, summed over the axes along which an array of `shape` was repeated to fit the other input."""
    if dC.shape == shape:
        return dC
    dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))
    repeated = tuple(axis for axis, length in enumerate(shape) if length == 1)
    return dC.sum(axis=repeated, keepdims=True)


def pass_on(note):
    """Give each input of `note` its gradient, by the rule for it. What comes along several paths is added."""
    for source, rule in zip(note.inputs, note.rules):
        if source is not None:
            dA = rule(note.dC, note.C, *note.values, **note.options)
            dA = summed_to(source.shape, dA)
            source.dC = dA if source.dC is None else source.dC + dA


def walk_back(notes):
    """Pass the gradients on, from note to note, the newest first. What no gradient has reached passes none on."""
    for note in newest_first(notes):
        if note.dC is not None:
            pass_on(note)


class Leaf(Note):
    """The note of an array whose gradient its owner wants: the walk back ends here, and leaves the gradient in `grad`."""

    def __init__(self, grad, grad_req):
        super().__init__(grad.shape)
        self.grad, self.grad_req, self.fresh = grad, grad_req, False

    def store(self, shared):
        """Put what has arrived in the place of the old gradient ("write"), a copy if it is `shared`, or on top of it ("add")."""
        dC = np.zeros_like(self.grad.data) if self.dC is None else self.dC
        if self.grad_req == "write":
            self.grad.data = dC.astype(self.grad.data.dtype, order="C", copy=shared or dC.base is not None)
        elif self.grad_req == "add":
            self.grad.data += dC
        self.fresh = True


def is_recorded(note):
    """Whether `note` leads somewhere. After a backward it does no longer."""
    return isinstance(note, Leaf) or (note is not None and len(note.inputs) > 0)


def backward(heads, head_grads=None, retain_graph=False):
    """Walk back from the arrays `heads`, weighed by `head_grads` (None: 1), and leave the gradients where they are wanted.

    The notes are emptied, unless `retain_graph`. Raises MXNetError when nothing was recorded."""
    heads = [heads] if isinstance(heads, Array) else heads
    head_grads = [head_grads] if isinstance(head_grads, Array) else head_grads or [None] * len(heads)
    for head, weights in zip(heads, head_grads):
        require(is_recorded(head.note), NOT_RECORDED)
        require(weights is None or weights.data.shape == head.data.shape, "out_grad must have the shape of the array.")
        head.note.dC = np.ones_like(head.data) if weights is None else weights.data.copy()
    notes = newest_first(head.note for head in heads)
    leaves = [note for note in notes if isinstance(note, Leaf)]
    require(any(leaf.grad_req != "null" for leaf in leaves), "There are no inputs in computation graph that require gradients.")
    with np.errstate(all="ignore"):
        walk_back(notes)
    held = [id(note.dC) for note in notes]
    for leaf in leaves:
        leaf.store(shared=held.count(id(leaf.dC)) > 1)
    for note in notes:
        note.dC = None
        if not retain_graph:
            note.inputs, note.rules, note.values, note.C = (), (), (), None


@contextlib.contextmanager
def switched(**switches):
    """In a `with` block: turn recording or training on or off, and back again at its end, even after an error."""
    before = dict(vars(state))
    vars(state).update(switches)
    try:
        with np.errstate(all="ignore"):
            yield
    finally:
        vars(state).update(before)


def record(train_mode=True):
    """`with autograd.record():` notes down what is computed, so that `backward` can walk back through it."""
    return switched(recording=True, training=train_mode)


def pause(train_mode=False):
    """`with autograd.pause():` inside `record`: what is computed here is not noted down."""
    return switched(recording=False, training=train_mode)


def train_mode():
    """`with autograd.train_mode():` layers such as Dropout behave as in training."""
    return switched(training=True)


def is_recording():
    """Whether operations are noted down."""
    return state.recording


def is_training():
    """Whether layers such as Dropout behave as in training."""
    return state.training
