"""The slots of the chapter on backpropagation: the network, its loss and its gradients in NumPy, and their check."""

import numpy as np

from ..calling import lent, signature_of
from ..cases import classes, copied, floats, numpy_call, some, some_classes, two_layers, whole
from ..given import answered, number_given
from ..judging import judging
from ..mistakes import mistakes
from ..verdicts import not_yet

# --- The book's functions -------------------------------------------------------------------------------------------------


# fmt: off
def forward(X, params):
    """Hidden units H: (n, 256) and scores O: (n, 10), for X: (n, 784).

    params is [W1, b1, W2, b2]; all are NumPy arrays, of any sizes that fit.
    H and O keep their type: float32 stays float32.
    """
    W1, b1, W2, b2 = params
    H = np.maximum(np.dot(X, W1) + b1, 0)
    return H, np.dot(H, W2) + b2


def loss_and_dO(O, y):
    """The loss of each row, l: (n,), and the gradient of their sum, dO: (n, q).

    O: (n, q) holds scores, y: (n,) classes. Scores of 1000 don't overflow, and
    O stays as it is. For O = [[0, 0]] and y = [1]: [0.69] and [[0.5, -0.5]].
    """
    rows = np.arange(len(y))
    O = O - O.max(axis=1, keepdims=True)
    E = np.exp(O)
    total = E.sum(axis=1, keepdims=True)
    l = np.log(total[:, 0]) - O[rows, y]
    dO = E / total
    dO[rows, y] -= 1
    return l, dO


def backward(X, H, dO, W2):
    """The gradients [dW1, db1, dW2, db2], each in the shape of its parameter."""
    dW2 = np.dot(H.T, dO)      # step 2
    db2 = dO.sum(axis=0)
    dH = np.dot(dO, W2.T)      # step 3
    dZ = dH * (H > 0)          # step 4
    dW1 = np.dot(X.T, dZ)      # step 5
    db1 = dZ.sum(axis=0)
    return [dW1, db1, dW2, db2]
# fmt: on


X, y, params = some(2, 3), some_classes(2, 3), two_layers(3, 4, 3)  # of central_difference, until a case lends others


def central_difference(param, index, h=1e-5):
    """The slope of the summed loss of X, y, params in one entry: param[index].

    param is one of params, and is moved in place; afterwards it is as before.
    """
    old, losses = param[index], []
    for moved in (old + h, old - h):
        param[index] = moved
        H, O = forward(X, params)
        losses.append(loss_and_dO(O, y)[0].sum())
    param[index] = old
    return (losses[0] - losses[1]) / (2 * h)


# --- Forward --------------------------------------------------------------------------------------------------------------


SMALL = [floats([[1, -1, 2], [1, 1, -2]]), floats([0.5, -2, 1]), floats([[1, 0], [2, 3], [-1, 1]]), floats([1, -2])]
FORWARD_CASES = [
    numpy_call("H", "O", X=floats([[1, 2]]), params=SMALL),
    numpy_call("H", "O", X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=SMALL),
    numpy_call("H", "O", X=floats([[2.25, -1]]), params=[-2 * param for param in SMALL]),  # the first unit is off, another 10.5
    numpy_call("H", "O", X=floats([[1], [-2], [3]]), params=[floats(param) for param in ([[2]], [1], [[-3]], [1])]),
    numpy_call(
        "H", "O", X=floats([[-1]]), params=[floats(param) for param in ([[1]], [0], [[1e12]], [0])]
    ),  # off is 0, not nearly
    numpy_call("H", "O", X=some(1, 784), params=two_layers(784, 7, 10)),
    numpy_call("H", "O", X=some(96, 28), params=two_layers(28, 16, 10)),
    numpy_call("H", "O", X=some(256, 5).astype(float), params=[param.astype(float) for param in two_layers(5, 4, 3)]),
]


HIDDEN, SCORES = "np.maximum(np.dot(X, W1) + b1, 0)", "np.dot(H, W2) + b2"
FORWARD_MISTAKES = mistakes(forward, {
    "relu is missing: H is max(X W1 + b1, 0).": (HIDDEN, "np.dot(X, W1) + b1"),
    "b1 is added after relu. It belongs inside: relu(X W1 + b1).": (" + b1, 0)", ", 0) + b1"),
    "H and O are swapped: H comes first.": (f"H, {SCORES}", f"{SCORES}, H"),
    "what comes back as H is Z, before relu.": (HIDDEN, "np.dot(X, W1) + b1", SCORES, "np.dot(np.maximum(H, 0), W2) + b2"),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.": (SCORES, f"np.maximum({SCORES}, 0)"),
    "relu is on the scores in place of the hidden layer.":
        (HIDDEN, "np.dot(X, W1) + b1", SCORES, f"np.maximum({SCORES}, 0)"),
    "b1 is not added.": (" + b1", ""),
    "b2 is not added.": (" + b2", ""),
    "neither bias is added.": (" + b1", "", " + b2", ""),
    "softmax is applied to the scores. The loss does that.":
        (f"return H, {SCORES}", f"E = np.exp({SCORES})\n    return H, E / E.sum(axis=1, keepdims=True)"),
    "the scores are made from Z, not from H.": ("H = np", "Z = np.dot(X, W1) + b1\n    H = np", "np.dot(H", "np.dot(Z"),
    "the hidden layer has a sigmoid in place of relu.": (HIDDEN, "1 / (1 + np.exp(-np.dot(X, W1) - b1))"),
    "the hidden layer has tanh in place of relu.": (HIDDEN, "np.tanh(np.dot(X, W1) + b1)"),
    "np.max(Z, 0) is the largest number of each column. np.maximum(Z, 0) compares each number with 0.": ("np.maximum(", "np.max("),
    "what is negative comes out positive: this is the absolute value, not relu.": (HIDDEN, "np.abs(np.dot(X, W1) + b1)"),
    "a hundredth of what is negative comes through, as in a leaky relu. Here it becomes 0.":
        ("H = np.maximum(np.dot(X, W1) + b1, 0)", "Z = np.dot(X, W1) + b1\n    H = np.maximum(Z, 0.01 * Z)"),
})  # fmt: skip


gives_numbers = judging(
    forward,
    FORWARD_CASES,
    FORWARD_MISTAKES,
    otherwise="a number is wrong. Is everything taken from X and params, as in the formulas?",
    right="hidden units and scores are right for one row and for many, and stay float32.",
)


def judge_forward(forward_):
    right = gives_numbers(forward_)
    _, run = FORWARD_CASES[0]
    for name, array in run(forward_).items():
        if array.dtype != np.float32:
            raise not_yet(
                f"{name} should hold float32 where X and params do, as in the training below, and holds {array.dtype.name}. "
                "np.empty, np.ones, np.zeros and dtype=float make float64: X.dtype is the type to keep."
            )
    return right


# --- The loss and its gradient --------------------------------------------------------------------------------------------

LOSS_CASES = [
    numpy_call("l", "dO", O=floats([[0, 0]]), y=classes(1)),
    numpy_call("l", "dO", O=floats([[1, 2], [3, 5]]), y=classes(0, 1)),
    numpy_call("l", "dO", O=floats([[1, 2, 0], [0, 0, 3], [2, 2, 2], [5, 1, 0]]), y=classes(2, 2, 0, 1)),
    numpy_call("l", "dO", O=floats([[1000, 0, -1000], [-1000, -1001, -1002]]), y=classes(1, 0)),
    numpy_call("l", "dO", O=floats([[1000, 0], [0, -1000], [0, 1000]]), y=classes(0, 1, 1)),
    numpy_call("l", "dO", O=some(1, 10), y=some_classes(1)),
    numpy_call("l", "dO", O=some(6, 12), y=some_classes(6, 12)),
    whole(numpy_call("l", "dO", O=np.array([[0, 0]]), y=np.array([1])), "O"),
    numpy_call("l", "dO", O=some(256, 10).astype(float), y=some_classes(256)),
]


LOSS = "np.log(total[:, 0]) - O[rows, y]"
Z = "O = O - O", "Z = O - O", "np.exp(O)", "np.exp(Z)"  # O stays as it is
LOSS_MISTAKES = mistakes(loss_and_dO, {
    "the label's score is not subtracted in l: it is log(total) alone.": (" - O[rows, y]", ""),
    "all rows of softmax together add up to 1. Each should: axis=1.": ("E / total", "E / E.sum()"),
    "1 is subtracted in the columns of all labels, in every row. Each row has its own: dO[rows, y].": ("dO[rows, y]", "dO[:, y]"),
    "the exponentials overflow or become too small: subtract the row's largest score from each first.": (" - O.max(axis=1, keepdims=True)", ""),
    "the exponentials overflow or become too small: subtract the row's largest score from each first, and take no logarithm of a quotient.":
        (" - O.max(axis=1, keepdims=True)", "", LOSS, "-np.log((E / total)[rows, y])"),
    "a probability of 0 has no logarithm. Use l = log(total) - score of the label, after the maximum is gone.":
        (LOSS, "-np.log((E / total)[rows, y])"),
    "the first score of each row is subtracted, not the largest, so that large scores still overflow.":
        ("O.max(axis=1, keepdims=True)", "O[:, :1]"),
    "the maximum of all scores is subtracted, so that a row far below it becomes 0 / 0. Each row has its own: axis=1, keepdims=True.":
        ("O.max(axis=1, keepdims=True)", "O.max()"),
    "the mean is subtracted, not the largest score, so that large scores still overflow.": ("O.max", "O.mean"),
    "maximum and sum run over the columns. Each row has its own: axis=1.": ("axis=1", "axis=0", "total[:, 0]", "total[0, y]"),
    "maximum and sum run over the columns. Each row has its own: axis=1. And a probability of 0 has no logarithm.":
        ("axis=1", "axis=0", LOSS, "-np.log((E / total)[rows, y])"),
    "maxima and sums have shape (n,), and so lie along a row: keepdims=True makes them a column.":
        (", keepdims=True", "", LOSS, "-np.log((E / total)[rows, y])"),
    "the loss overflows: after the maximum is gone, l = log(total) - score of the label.":
        (*Z, "np.log(total[:, 0])", "np.log(np.exp(O).sum(axis=1))"),
    "1 is not subtracted at the label: dO = softmax(O) - one_hot(y).": ("    dO[rows, y] -= 1\n", ""),
    "dO[y] is whole rows. One number of each row is asked for: dO[rows, y].": ("dO[rows, y]", "dO[y]"),
    "1 is subtracted in the first ten columns only. There may be more classes: O has a column for each.":
        ("dO[rows, y]", "dO[rows[y < 10], y[y < 10]]"),
    "1 is added at the label. Subtract it.": ("-= 1", "+= 1"),
    "dO has the wrong sign: softmax(O) - one_hot(y).": ("return l, dO", "return l, -dO"),
    "dO is divided by the number of rows. It belongs to the sum of the losses: the update divides.":
        ("return l, dO", "return l, dO / len(y)"),
    "the rows of softmax don't add up to 1: the sum runs over columns, axis=0.": ("E / total", "E / E.sum(axis=0)"),
    "the exponentials are not divided by their sum in dO.": ("E / total", "E"),
    "dO is softmax(O) - y: the class number in place of its one-hot row.": ("dO[rows, y] -= 1", "dO -= y[:, None]"),
    "l is the mean. Each row has its own loss, shape (n,).": ("return l", "return l.mean()"),
    "l is the sum. Each row has its own loss, shape (n,).": ("return l", "return l.sum()"),
    "l is the mean, and dO is divided by the number of rows. Each row has its own loss, shape (n,), and dO belongs to their sum.":
        ("return l, dO", "return l.mean(), dO / len(y)"),
    "l is a column, shape (n, 1). The shape (n,) is asked for.": ("total[:, 0]", "total", "- O[rows, y]", "- O[rows, y][:, None]"),
    "l comes out as n rows of n: total has shape (n, 1) and the labels' scores (n,). total[:, 0] has (n,), too.":
        ("total[:, 0]", "total"),
    "l has a column for each label, shape (n, n): pick one score in each row, O[rows, y].":
        ("total[:, 0]", "total", "- O[rows, y]", "- O[:, y]"),
    "O[y] is whole rows. One score of each row is asked for: O[rows, y].": ("- O[rows, y]", "- O[y]"),
    "l has the wrong sign.": ("return l", "return -l"),
    "the label's score is not subtracted in l.":
        (*Z, "np.log(total[:, 0]) - O[rows, y]", "O.max(axis=1) + np.log(total[:, 0])"),
    "l lacks the maximum: it is subtracted from the exponentials, but not from the label's score.": Z,
    "l is the label's probability. The loss is minus its logarithm.": (LOSS, "(E / total)[rows, y]"),
    "l is in bits: np.log, not np.log2.": ("np.log", "np.log2"),
    "l and dO are swapped: l comes first.": ("return l, dO", "return dO, l"),
    "dO is the array of probabilities itself, and 1 is subtracted in it before l is taken. Take l first, or a copy: dO = p.copy().":
        (f"l = {LOSS}\n    dO = E / total\n    dO[rows, y] -= 1", "dO = p = E / total\n    dO[rows, y] -= 1\n    l = -np.log(p[rows, y])"),
    "fractions are cut off where O holds whole numbers: np.zeros_like(O) takes its type, and np.zeros(O.shape) makes floats.":
        ("dO = E / total", "dO = np.zeros_like(O)\n    dO[:] = E / total"),
    "fractions are cut off where O holds whole numbers: l and dO take its type. np.zeros(O.shape) makes floats.":
        (LOSS, f"({LOSS}).astype(O.dtype)", "dO = E / total", "dO = np.zeros_like(O)\n    dO[:] = E / total"),
})  # fmt: skip


judge_loss_and_dO = judging(
    loss_and_dO,
    LOSS_CASES,
    LOSS_MISTAKES,
    otherwise="a number is wrong. With z = O minus each row's maximum: l = log(sum of exp(z)) - z of the label.",
    right="losses and gradients are right, and scores of 1000 and -1000 don't overflow.",
)


# --- Backward -------------------------------------------------------------------------------------------------------------

GRADIENTS = "dW1", "db1", "dW2", "db2"


def backward_case(n, d, h, q, dtype=np.float32):
    X, y = some(n, d).astype(dtype), some_classes(n, q)
    params = [param.astype(dtype) for param in two_layers(d, h, q)]
    H, O = forward(X, params)
    return numpy_call(*GRADIENTS, X=X, H=H, dO=loss_and_dO(O, y)[1], W2=params[2])


TWO = dict(X=floats([[1, 2], [3, 1]]), H=floats([[1, 0], [2, 3]]), dO=floats([[-2, 1], [1, 3]]), W2=floats([[2, 4], [3, 7]]))
BACKWARD_CASES = [
    numpy_call(*GRADIENTS, X=floats([[1, 2]]), H=floats([[1, 0]]), dO=floats([[-0.5, 0.5]]), W2=floats([[2, 4], [3, 5]])),
    numpy_call(*GRADIENTS, **TWO),
    numpy_call(*GRADIENTS, **TWO | dict(H=floats([[0, 3], [1, 0]]))),
    numpy_call(*GRADIENTS, X=floats([[1], [-2], [3]]), H=floats([[3], [0], [7]]), dO=floats([[2], [1], [-1]]), W2=floats([[-3]])),
    whole(
        numpy_call(
            *GRADIENTS, X=np.array([[1, 2]]), H=np.array([[1, 0]]), dO=np.array([[-0.5, 0.6]]), W2=np.array([[2, 4], [3, 5]])
        ),
        "X",
        "H",
        "W2",
    ),
    backward_case(6, 5, 4, 3),
    backward_case(1, 784, 7, 10),
    backward_case(256, 5, 16, 10, float),
]


MASKED, ALL = "dH * (H > 0)", "[dW1, db1, dW2, db2]"
BACKWARD_MISTAKES = mistakes(backward, {
    "every gradient passes. Where a unit is off, H = 0, its gradient stops: dH * (H > 0).": ("H > 0", "H >= 0"),
    "dW2 is transposed: H.T dO has the shape of W2.": ("H.T, dO", "dO.T, H"),
    "db1 is summed over the columns. The examples are rows: axis=0.": ("dZ.sum(axis=0)", "dZ.sum(axis=1)"),
    "the mask is turned round: gradients pass where H is positive.": ("H > 0", "H <= 0"),
    "dH is multiplied by H. The slope of relu is 1 where H is positive: (H > 0).": ("(H > 0)", "H"),
    "dZ is relu(dH). The mask comes from H, not from dH: a gradient may be negative.": (MASKED, "np.maximum(dH, 0)"),
    "dZ is the mask alone: dH is not passed on.": (MASKED, "1.0 * (H > 0)"),
    "W2 is not transposed in dH: dO W2.T.": ("W2.T", "W2"),
    "dW2 lacks a transpose: H.T dO.": ("H.T", "H"),
    "dW2 has its factors the wrong way round: H.T dO.": ("H.T, dO", "dO, H.T"),
    "dW1 is transposed: X.T dZ has the shape of W1.": ("X.T, dZ", "dZ.T, X"),
    "dW1 lacks a transpose: X.T dZ.": ("X.T", "X"),
    "both matrices are transposed: X.T dZ and H.T dO.": ("X.T, dZ", "dZ.T, X", "H.T, dO", "dO.T, H"),
    "X and H are swapped: dW1 comes from X, dW2 from H.": ("X.T", "A.T", "H.T", "X.T", "A.T", "H.T"),
    "dW1 is made from dH, before the mask.": ("X.T, dZ", "X.T, dH"),
    "db1 is made from dH, before the mask.": ("dZ.sum", "dH.sum"),
    "db1 is not summed over the examples: sum(axis=0).": ("dZ.sum(axis=0)", "dZ"),
    "the gradients of the biases are not summed over the examples: sum(axis=0).": ("dZ.sum(axis=0)", "dZ", "dO.sum(axis=0)", "dO"),
    "db2 is not summed over the examples: sum(axis=0).": ("dO.sum(axis=0)", "dO"),
    "the biases are summed over the columns. The examples are rows: axis=0.": ("axis=0", "axis=1"),
    "db2 is summed over the columns. The examples are rows: axis=0.": ("dO.sum(axis=0)", "dO.sum(axis=1)"),
    "each bias becomes one number: sum over axis=0 only.": ("axis=0", ""),
    "the biases are means. The loss is a sum, and the update divides: sum(axis=0).": (".sum(", ".mean("),
    "the biases have the shape (1, h). Theirs is (h,): leave keepdims out.": ("axis=0", "axis=0, keepdims=True"),
    "everything is divided by the number of examples. The loss is a sum, and the update divides.":
        (ALL, f"[gradient / len(X) for gradient in {ALL}]"),
    "the order is that in which they are found. As params has W1, b1, W2, b2, dW1, db1, dW2, db2 are asked for.": (ALL, "[dW2, db2, dW1, db1]"),
    "fractions are cut off where H holds whole numbers: np.zeros_like(H) takes its type, and np.zeros(H.shape) makes floats.":
        ("dZ = dH * (H > 0)", "dZ = np.zeros_like(H)\n    dZ[:] = dH * (H > 0)"),
    "weights and biases are swapped. The order is dW1, db1, dW2, db2.": (ALL, "[db1, dW1, db2, dW2]"),
})  # fmt: skip


judge_backward_by_hand = judging(
    backward,
    BACKWARD_CASES,
    BACKWARD_MISTAKES,
    otherwise="a gradient is wrong. Compare each line with its formula in steps 2 to 5.",
    right="all four gradients have the shape of their parameter, and units that are off stop theirs.",
)


# --- Central differences --------------------------------------------------------------------------------------------------


def difference_case(place, index, *h, n=2):
    """A case: the slope of the loss of a small network in params[place][index]. All it uses are globals of its own."""
    names = dict(X=some(n, 3).astype(float), y=some_classes(n, 3), forward=forward, loss_and_dO=loss_and_dO)
    first = [param.astype(float) for param in two_layers(3, 4, 3)]
    W1, b1, *_ = first
    b1[0] = 1e-4 - (names["X"] @ W1)[0, 0]  # a step of more than 1e-4 crosses the bend of this unit

    def run(function):
        params = copied(first)
        with lent(function, params=params, **names):
            slope = answered(function, function(params[place], index, *h))
        if isinstance(slope, np.ndarray) and slope.size > 1:
            raise not_yet(
                f"{function.__name__} gives an array of shape {slope.shape}. "
                "The slope is one number, of the sum of the losses in one entry."
            )
        for i, (param, old) in enumerate(zip(params, first)):
            if not np.allclose(param, old, rtol=1e-9, atol=1e-9):
                raise not_yet(f"{'W1 b1 W2 b2'.split()[i]} stays moved. Afterwards it should be as it was before.")
        return {"": number_given(function, slope.item() if isinstance(slope, np.ndarray) else slope, "the slope")}

    moved = ", ".join(["W1 b1 W2 b2".split()[place], str(index), *map(str, h)])
    return f"For central_difference({moved}) with a network 3-4-3 and {n} example{'s' * (n > 1)},", run


DIFFERENCE_CASES = [
    difference_case(3, 0, n=1),
    difference_case(3, 1),
    difference_case(0, (1, 2)),
    difference_case(2, (3, 0)),
    difference_case(1, 0),
    difference_case(1, (3,)),
    difference_case(3, 2, 0.5),
    difference_case(3, 1, 4),
]


PLACES, QUOTIENT = "old + h, old - h", "(losses[0] - losses[1]) / (2 * h)"
DIFFERENCE_MISTAKES = mistakes(central_difference, {
    "one of the two losses is that of w itself, as after += h and -= h. The second place is w - h.": (PLACES, "old + h, old"),
    "it is divided by h. From w - h to w + h it is 2 h.": ("(2 * h)", "h"),
    "the sign is wrong: L(w + h) - L(w - h).": ("losses[0] - losses[1]", "losses[1] - losses[0]"),
    "it is moved to one side only. Take both sides, w + h and w - h.": (PLACES, "old + h, old", "(2 * h)", "h"),
    "it is moved down only. Take both sides, w + h and w - h.": (PLACES, "old, old - h", "(2 * h)", "h"),
    "it is moved by -h and not by h: one of the two losses is that of w itself.": (PLACES, "old, old - h"),
    "/ 2 * h multiplies by h. Set brackets: / (2 * h).": ("(2 * h)", "2 * h"),
    "the difference is not divided by 2 h.": (" / (2 * h)", ""),
    "the difference is divided by 2, not by 2 h.": ("(2 * h)", "2"),
    "it is moved by 1e-5, and the difference divided by 2 h. Move it by the argument h.": (PLACES, "old + 1e-5, old - 1e-5"),
    "the slope is the same for any h. Move the entry by the argument h.": ("old, losses", "h = 1e-5\n    old, losses"),
    "the slope loses its sign.": ("(losses[0] - losses[1])", "abs(losses[0] - losses[1])"),
    "it is the slope of the mean loss. Our gradients belong to the sum.": (".sum()", ".mean()"),
    "only the loss of the first example counts. Add up all.": (".sum()", "[0]"),
    "only the loss of the last example counts. Add up all.": (".sum()", "[-1]"),
    "the loss does not change. Is a copy moved, the same loss taken twice, or dO added up in place of the losses?":
        ("old, losses", "param = param.copy()\n    old, losses"),
    "the whole array is moved. One entry is: param[index].": ("= param[index]", "= param.copy()", "param[index]", "param[:]"),
    "w is multiplied by 1 + h and 1 - h. Move it by h: w + h.": (PLACES, "old * (1 + h), old * (1 - h)"),
    "the entry becomes h and -h. It should move by h: w + h.": (PLACES, "h, -h"),
    "a step of less than 0.01 is made one of 0.01. So long a step crosses the bend of a unit that is nearly 0, and is the slope of "
    "neither side.": ("old, losses", "h = max(h, 0.01)\n    old, losses"),
    "it gives a loss. The slope is a difference of two, divided by 2 h.": ("return loss_and_dO(forward(X, params)[1], y)[0].sum()",),
})  # fmt: skip


gives_slopes = judging(
    central_difference,
    DIFFERENCE_CASES,
    DIFFERENCE_MISTAKES,
    otherwise="the slope is wrong: (L(w + h) - L(w - h)) / (2 h), where L is the sum of the losses.",
    right="the slopes are right for any entry and any h, and the parameter is afterwards as it was.",
    rtol=1e-6,  # the page compares to seven digits
)


def judge_central_difference(function):
    h = signature_of(function).parameters.get("h")
    if h is not None and h.default != 1e-5:
        raise not_yet("the default of h should be 1e-5.")
    return gives_slopes(function)


judge_forward.mistakes, judge_forward.cases = FORWARD_MISTAKES, FORWARD_CASES
judge_central_difference.mistakes, judge_central_difference.cases = DIFFERENCE_MISTAKES, DIFFERENCE_CASES
