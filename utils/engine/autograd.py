"""Gradients by walking back through what was computed: a note for each operation, and a rule for each kind of operation."""

import contextlib
import itertools
import types

import numpy as np

from .base import missing, require
from .rules import RULES

state = types.SimpleNamespace(recording=False, training=False)
numbers = itertools.count()


class Note:
    """What is noted of C = f(A, B): the notes of A and B, the rules of f, and the numbers that went in and came out.

    An array whose gradient is wanted has a note without inputs. The walk back ends there, at its `grad`.
    """

    def __init__(self, shape, inputs=(), rules=(), values=(), C=None, options=None):
        self.number, self.shape = next(numbers), shape
        self.inputs, self.rules, self.values, self.C, self.options = inputs, rules, values, C, options
        self.dC = self.grad = self.grad_req = None
        self.forgotten = self.fresh = False

    def forget(self):
        """Let go of everything, so that its memory is free."""
        self.inputs, self.rules, self.values, self.C, self.forgotten = (), (), (), None, True


class Array:
    """Numbers, and the note that says how they were made (None: no gradient is wanted through them)."""

    def __init__(self, data, note=None):
        self.data, self.note = data, note

    def attach_grad(self, grad_req="write"):
        """Set memory aside for the gradient. A backward replaces it ("write"), adds to it ("add") or leaves it ("null")."""
        self.note = Note(self.data.shape)
        self.note.grad = type(self)(np.zeros_like(self.data))
        self.note.grad_req = {"write": "write", "add": "add", "null": "null"}[grad_req]

    @property
    def grad(self):
        """The gradient, an array of the same shape; None without `attach_grad`."""
        return self.note and self.note.grad

    def backward(self, out_grad=None, retain_graph=False, train_mode=True):
        """Walk back from here, and give each array with `attach_grad` the gradient of the sum of these numbers.

        `out_grad`, an array of the same shape, weighs the terms of the sum. Raises MXNetError when nothing was recorded.
        """
        backward([self], [out_grad], retain_graph)


def apply(name, *inputs, **options):
    """The operation `name` on arrays and numbers. It is noted down while recording, if an input has a note."""
    forward, *rules = RULES[name]
    values = [x.data if isinstance(x, Array) else x for x in inputs]
    notes = [x.note if isinstance(x, Array) else None for x in inputs]
    C, note = forward(*values, **options), None
    C = C if C.ndim else C.reshape(1)
    if state.recording and any(notes):
        note = Note(C.shape, notes, rules, values, C, options)
    return next(type(x) for x in inputs if isinstance(x, Array))(C, note)


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
    return dC.sum(axis=tuple(axis for axis, length in enumerate(shape) if length == 1), keepdims=True)


def pass_on(note):
    """Give each input of `note` its gradient, by the rule for it. What comes along several paths is added."""
    for source, rule in zip(note.inputs, note.rules):
        if source is not None:
            dA = summed_to(source.shape, rule(note.dC, note.C, *note.values, **note.options))
            source.dC = dA if source.dC is None else source.dC + dA


def store(note):
    """Put the gradient that has arrived where the owner of the array looks for it."""
    dC = 0 if note.dC is None else note.dC
    if note.grad_req == "add":
        note.grad.data += dC
    elif note.grad_req == "write":
        note.grad.data[...] = dC
    note.fresh = True


def settle(note):
    """All that belongs to the gradient of `note` has arrived: pass it on, or store it."""
    if note.grad is not None:
        store(note)
    elif note.dC is not None:
        pass_on(note)
    note.dC = None


NOT_RECORDED = (
    "!AGInfo: :IsNone(*i): Cannot differentiate node because it is not in a computational graph. You need to set is_recording "
    "to true or use autograd.record() to save computational graphs for backward. If you want to differentiate the same graph "
    "twice, you need to pass retain_graph=True to backward."
)


def backward(heads, head_grads=None, retain_graph=False, train_mode=True):
    """Walk back from the arrays `heads`, weighed by `head_grads` (None: 1), and put the gradients into the `grad` of all that led
    there. The notes are thrown away, unless `retain_graph`. Raises MXNetError when nothing was recorded."""
    heads = [heads] if isinstance(heads, Array) else heads
    head_grads = [head_grads] if isinstance(head_grads, Array) else head_grads or [None] * len(heads)
    require(all(head.note is not None and not head.note.forgotten for head in heads), NOT_RECORDED)
    for head, weights in zip(heads, head_grads):
        require(weights is None or weights.data.shape == head.data.shape, "out_grad must have the shape of the array.")
        head.note.dC = np.ones_like(head.data) if weights is None else weights.data
    notes = newest_first(head.note for head in heads)
    require(
        any(note.grad is not None and note.grad_req != "null" for note in notes),
        "xs.size() > 0 (0 vs. 0) : There are no inputs in computation graph that require gradients.",
    )
    with np.errstate(all="ignore"):
        for note in notes:
            settle(note)
            if note.grad is None and not retain_graph:
                note.forget()


def is_recording():
    """Whether operations are noted down."""
    return state.recording


def is_training():
    """Whether layers such as Dropout behave as in training."""
    return state.training


@contextlib.contextmanager
def switched(**switches):
    """In a `with` block: turn recording or training on or off, and back again at its end, even after an error."""
    before = dict(vars(state))
    vars(state).update(switches)
    try:
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


def predict_mode():
    """`with autograd.predict_mode():` layers such as Dropout let everything through."""
    return switched(training=False)


def grad(heads, variables, head_grads=None, retain_graph=False, create_graph=False, train_mode=True):
    """The gradients of `heads` with respect to `variables` (a list for a list), which leaves their own `grad` as it is."""
    require(not create_graph, "the own engine has no gradients of gradients: create_graph must be False.")
    several = not isinstance(variables, Array)
    variables = list(variables) if several else [variables]
    notes = [variable.note for variable in variables]
    before = [(note.grad, note.grad_req) for note in notes]
    for note, variable in zip(notes, variables):
        note.grad, note.grad_req = type(variable)(np.zeros_like(variable.data)), "write"
    backward(heads, head_grads, retain_graph)
    found = [note.grad for note in notes]
    for note, (old, how) in zip(notes, before):
        note.grad, note.grad_req = old, how
    return found if several else found[0]


__getattr__ = missing("autograd")
