"""The table of refutations: functions that look right, and what makes a case of an input that a reader gives."""

import numpy as np

from .calling import guarded, lent
from .cases import call, classes, copied, floats, gradient, numpy_call
from .given import a_type, number_given, shown
from .slots import SLOTS
from .slots.autograd import Node, is_number, passing, tape
from .slots.backpropagation import GRADIENTS, backward, central_difference, forward, loss_and_dO
from .slots.training import Minibatches, collection_case, identity
from .verdicts import Verdict, not_yet
from .ways import ways

# --- What makes a case of the reader's input ------------------------------------------------------------------------------


def loss_and_gradient(O, y):
    text, run = gradient("O", O=O, y=y)

    def named(function):
        return dict(zip(("l", "the gradient of l"), run(function).values()))

    return text, named


def of_minibatches(data):
    """The net gives X itself, so that `data` holds scores and labels. The text shows the first sizes only."""
    data = [*data]  # also of what gives them only once
    sizes = [len(y) for X, y in data]
    what, noun = "one minibatch" if len(sizes) == 1 else "minibatches", "example" if {*sizes} == {1} else "examples"
    if len(sizes) > 4:
        sizes[3:] = ["..."]
    return collection_case(f"For {what} of {' and '.join(map(str, sizes))} {noun}", Minibatches(*data), identity)


FORMULA = (
    "It should be a function of one Node, a, that returns one, made with +, * and relu(). A constant is made inside: Node(2). "
    "A difference such as a - b is a + Node(-1) * b."
)


def of_formula(formula):
    """The formula is computed once: whatever it would give another time, all go over the same tape."""
    tape.clear()
    a = Node(3)
    L = formula
    if callable(formula):
        with lent(formula, Node=Node, tape=tape):
            try:
                L = guarded(formula)(a)
            except Verdict as no:
                if no.raised in ("AttributeError", "TypeError"):  # a * 3, a - a, a function of two
                    raise not_yet(f"{no.why} {FORMULA}") from None
                raise
    if not isinstance(L, Node) or not all(isinstance(node, Node) for made in tape for node, _ in made.edges):
        raise not_yet(FORMULA)
    made = [*tape]
    for node in made:
        if not is_number(node.value) or not np.isfinite(node.value):
            what = node.value if isinstance(node.value, float) else a_type(node.value)
            raise not_yet(f"One of its nodes holds {what}, where each should hold a number.")
    if not {node for node, _ in edges_below(L)} <= {*made}:
        raise not_yet("It uses nodes that were made outside. Make them in the function: Node(2).")

    def build():
        tape.extend(made)
        return dict(a=a, L=L)

    return passing(f"L, which is {shown(L.value)} at a = 3", build)


def edges_below(node):
    """The edges of the graph below a node."""
    found, waiting = set(), [node]
    while waiting:
        new = {*waiting.pop().edges} - found
        found |= new
        waiting += [source for source, _ in new]
    return found


def of_shapes(shape, dC):
    if isinstance(shape, int):
        raise not_yet(f"shape should be a tuple, such as ({shape},).")
    if isinstance(shape, np.ndarray) and isinstance(dC, (tuple, list, int)):
        raise not_yet("shape comes first, then dC. Here the two seem to be swapped.")
    if not isinstance(dC, np.ndarray):
        raise not_yet(f"dC should be an array of NumPy, and is {a_type(dC)}: np.array([[1, 2], [3, 4]]).")
    shape = tuple(shape)
    if len(shape) > dC.ndim or any(n not in (1, m) for n, m in zip(shape[::-1], dC.shape[::-1])):
        raise not_yet(f"An array of shape {shape} is never broadcast to {dC.shape}.")
    return numpy_call("", shape=shape, dC=dC)


def of_backward(X, H, dO, W2):
    have_axes(X=(X, 2), H=(H, 2), dO=(dO, 2), W2=(W2, 2))
    if (H < 0).any():
        raise not_yet("H comes from relu, so no number in it can be below 0.")
    return numpy_call(*GRADIENTS, X=X, H=H, dO=dO, W2=W2)


def have_axes(**arrays):
    """End unless each is an array of NumPy with so many axes."""
    for name, (array, axes) in arrays.items():
        if not isinstance(array, np.ndarray) or array.ndim != axes:
            given = f"{array.ndim}" if isinstance(array, np.ndarray) else a_type(array)
            raise not_yet(f"{name} should be an array with {axes} {'axis' if axes == 1 else 'axes'}, and here is {given}.")


def of_network(X, y, params):
    """The slope in the first entry of b1, computed in float64: in integers no step is possible, in float32 it is lost.

    A long step is wrong where a unit bends, and where the loss itself does: the third value says which it is.
    """
    if not isinstance(params, list) or len(params) != 4:
        raise not_yet("params should be a list of four arrays, [W1, b1, W2, b2].")
    have_axes(X=(X, 2), y=(y, 1), W1=(params[0], 2), b1=(params[1], 1), W2=(params[2], 2), b2=(params[3], 1))
    X, params = np.array(X, dtype=float), [np.array(param, dtype=float) for param in params]
    q = params[2].shape[1]
    if not np.isin(y, np.arange(q)).all():
        raise not_yet(f"With {q} scores, labels are from 0 to {q - 1}.")
    y = np.array(y, dtype=int)

    def run(central_difference):
        moved = copied(params)
        with lent(central_difference, X=X, y=y, params=moved, forward=forward, loss_and_dO=loss_and_dO):
            slope = number_given(central_difference, central_difference(moved[1], 0), "the slope")
        return {"": np.round(slope, DECIMALS)}  # the loss itself bends a little over the long step

    z = (np.dot(X, params[0]) + params[1])[:, 0]
    if (np.abs(z) <= STEP).any():
        raise not_yet(
            "At its bend a unit has no slope: the book's gives what lies between the two. Move b1 a little away from it."
        )
    H, O = forward(X, params)
    exact = backward(X, H, loss_and_dO(O, y)[1], params[2])[1][0]
    if abs(run(central_difference)[""] - exact) > 10**-DECIMALS:
        raise not_yet("Its numbers are so large that rounding spoils the book's slope too. Take smaller ones.")
    why = None if (np.abs(z) < LONG_STEP).any() else CURVED
    return (
        f"For a network whose first hidden unit has {shown(z)} before relu, and the slope in b1[0] to {DECIMALS} decimals",
        run,
        why,
    )


STEP, LONG_STEP, DECIMALS = 1e-5, 0.01, 3
CURVED = "a step of less than 0.01 is made one of 0.01. Over so long a step this loss bends, although no unit does."
TWO_UNITS = [floats(array) for array in ([[1, 1], [1, -1]], [0, 0], [[1, 0], [2, 3]], [0, 0])]

# name: (the slot, words of the sentence on its mistake, what makes a case of the reader's input and may add another sentence, the obvious input, with which the book's
# cell begins and for which the function is right, and what to think of where "none found" is wrong)
REFUTATIONS = {
    "relu": ("relu", "numbers above 6 are cut off", lambda X: call(X=X), [floats([[-2, 0, 3]])], "larger numbers"),
    "mlp": (
        "mlp",
        "relu is missing",
        lambda X: (f"For images of 2 pixels, X = {shown(X)}", call(X=X, params=TWO_UNITS)[1]),
        [floats([[2, 1]])],
        "hidden units of either sign",
    ),
    "softmax": (
        "softmax",
        "the exponentials overflow or become too small",
        lambda O: call(O=O),
        [floats([[1, 2, 3]])],
        "the size of the scores",
    ),
    "softmax_cross_entropy": (
        "softmax_cross_entropy",
        "about 1e-10 is added",
        loss_and_gradient,
        [floats([[1, 2, 3]]), floats([0])],
        "very improbable labels",
    ),
    "evaluate_accuracy": (
        "evaluate_accuracy",
        "it averages the accuracies of the minibatches",
        of_minibatches,
        [[(floats([[0, 1], [1, 0]]), classes(1, 0)), (floats([[2, 1], [0, 1]]), classes(0, 0))]],
        "the sizes of minibatches",
    ),
    "another evaluate_accuracy": (
        "evaluate_accuracy",
        "each minibatch counts as often as it has images",
        of_minibatches,
        [[(floats([[0, 1], [1, 0]]), classes(1, 0)), (floats([[2, 1], [0, 1]]), classes(0, 0))]],
        "",  # it is right
    ),
    "backward": ("backward", "breadth first", of_formula, [lambda a: a * a + a], "a node used twice"),
    "summed_to": (
        "summed_to",
        "it sums over axis 0 whatever is missing, or",
        of_shapes,
        [(2,), floats([[1, 2], [3, 4]])],
        "axes of length 1",
    ),
    "backward by hand": (
        "backward by hand",
        "every gradient passes",
        of_backward,
        [floats(array) for array in ([[1, 2]], [[3, 1]], [[0.5, -0.5]], [[2, 4], [3, 5]])],
        "a unit at its bend",
    ),
    "central_difference": (
        "central_difference",
        "a step of less than 0.01 is made one of 0.01",
        of_network,
        [np.array([[1.0]]), classes(0), [np.array(array) for array in ([[1.0]], [0.5], [[0.5, -0.5]], [0.0, 0.0])]],
        "a unit near its bend",
    ),
}


def looks_right(name):
    """The function of a refutation, after the sentence on it. One of the other ways (ways.py) is right, and nothing refutes it."""
    slot, words, *_ = REFUTATIONS[name]
    return next((why, function) for why, function in {**SLOTS[slot].mistakes, **ways(slot)}.items() if words in why)


def nothing_refutes(name):
    return looks_right(name)[0] in ways(REFUTATIONS[name][0])
