"""The slots of the chapter on backpropagation: the network, its loss and its gradients in NumPy, and their check."""

import inspect

import numpy as np

from ..judging import classes, copied, floats, judging, number_given, numpy_call, some, some_classes, two_layers, with_names
from ..verdicts import answered, not_yet

# --- The book's functions -------------------------------------------------------------------------------------------------


def hidden(X, params):
    return X @ params[0] + params[1]


def out(H, params):
    return H @ params[2] + params[3]


def relu(Z):
    return np.maximum(Z, 0)


def forward(X, params):
    H = relu(hidden(X, params))
    return H, out(H, params)


def softmax(O, axis=1):
    E = np.exp(O - O.max(axis=1, keepdims=True))
    return E / E.sum(axis=axis, keepdims=True)


def one_hot(O, y):
    return (np.arange(O.shape[1]) == y[:, None]).astype(O.dtype)


def log_sum(O):
    m = O.max(axis=1)
    return m + np.log(np.exp(O - m[:, None]).sum(axis=1))


def losses(O, y):
    return log_sum(O) - label(O, y)


def label(O, y):
    return O[np.arange(len(y)), y]


def loss_and_dO(O, y):
    return losses(O, y), softmax(O) - one_hot(O, y)


def backward(X, H, dO, W2):
    dZ = dO @ W2.T * (H > 0)
    return [X.T @ dZ, dZ.sum(axis=0), H.T @ dO, dO.sum(axis=0)]


# --- Forward --------------------------------------------------------------------------------------------------------------


SMALL = [floats([[1, -1, 2], [1, 1, -2]]), floats([0.5, -2, 1]), floats([[1, 0], [2, 3], [-1, 1]]), floats([1, -2])]
FORWARD_CASES = [
    numpy_call("H", "O", X=floats([[1, 2]]), params=SMALL),
    numpy_call("H", "O", X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=SMALL),
    numpy_call("H", "O", X=some(1, 784), params=two_layers(784, 7, 10)),
    numpy_call("H", "O", X=some(96, 784), params=two_layers(784, 256, 10)),
    numpy_call("H", "O", X=some(256, 5).astype(float), params=[param.astype(float) for param in two_layers(5, 4, 3)]),
]


def second_layer(H, params):
    return H, out(H, params)


FORWARD_MISTAKES = {
    "H and O are swapped: H comes first.": lambda X, params: forward(X, params)[::-1],
    "relu is missing: H is max(X W1 + b1, 0).": lambda X, params: second_layer(hidden(X, params), params),
    "what comes back as H is Z, before relu.": lambda X, params: (hidden(X, params), forward(X, params)[1]),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        lambda X, params: (forward(X, params)[0], relu(forward(X, params)[1])),
    "relu is on the scores in place of the hidden layer.":
        lambda X, params: (hidden(X, params), relu(out(hidden(X, params), params))),
    "b1 is added after relu. It belongs inside: relu(X W1 + b1).":
        lambda X, params: second_layer(relu(X @ params[0]) + params[1], params),
    "b1 is not added.": lambda X, params: second_layer(relu(X @ params[0]), params),
    "b2 is not added.": lambda X, params: (forward(X, params)[0], forward(X, params)[0] @ params[2]),
    "neither bias is added.": lambda X, params: (relu(X @ params[0]), relu(X @ params[0]) @ params[2]),
    "softmax is applied to the scores. The loss does that.":
        lambda X, params: (forward(X, params)[0], softmax(forward(X, params)[1])),
    "the scores are made from Z, not from H.":
        lambda X, params: (forward(X, params)[0], out(hidden(X, params), params)),
    "the hidden layer has a sigmoid in place of relu.":
        lambda X, params: second_layer(1 / (1 + np.exp(-hidden(X, params))), params),
    "the hidden layer has tanh in place of relu.": lambda X, params: second_layer(np.tanh(hidden(X, params)), params),
    "relu keeps what is negative: maximum, not minimum.":
        lambda X, params: second_layer(np.minimum(hidden(X, params), 0), params),
    "what comes back as H is the mask. The hidden units themselves are asked for.":
        lambda X, params: (1.0 * (hidden(X, params) > 0), forward(X, params)[1]),
    "what comes back as H is X.": lambda X, params: (X, forward(X, params)[1]),
}  # fmt: skip


gives_numbers = judging(
    forward,
    FORWARD_CASES,
    FORWARD_MISTAKES,
    otherwise="a number is wrong. Is everything taken from X and params, as in the formulas?",
    right="hidden units and scores are right for one row and for many, and stay float32.",
)


def judge_forward(forward_):
    right = gives_numbers(forward_)
    _, run = numpy_call("H", "O", X=some(2, 5), params=two_layers(5, 4, 3))
    for name, array in run(forward_).items():
        if array.dtype != np.float32:
            raise not_yet(
                f"{name} should hold float32 where X and params do, as in the training below, and holds {array.dtype.name}."
            )
    return right


# --- The loss and its gradient --------------------------------------------------------------------------------------------

LOSS_CASES = [
    numpy_call("l", "dO", O=floats([[0, 0]]), y=classes(1)),
    numpy_call("l", "dO", O=floats([[1, 2], [3, 5]]), y=classes(0, 1)),
    numpy_call("l", "dO", O=floats([[1, 2, 0], [0, 0, 3], [2, 2, 2], [5, 1, 0]]), y=classes(2, 2, 0, 1)),
    numpy_call("l", "dO", O=floats([[1000, 0, -1000], [-1000, -1001, -1002]]), y=classes(1, 0)),
    numpy_call("l", "dO", O=floats([[1000, 0], [0, -1000]]), y=classes(0, 1)),
    numpy_call("l", "dO", O=some(1, 10), y=some_classes(1)),
    numpy_call("l", "dO", O=some(96, 10), y=some_classes(96)),
    numpy_call("l", "dO", O=some(256, 10).astype(float), y=some_classes(256)),
]


def both(l=losses, dO=lambda O, y: softmax(O) - one_hot(O, y)):
    return lambda O, y: (l(O, y), dO(O, y))


def plain(O):
    return np.exp(O) / np.exp(O).sum(axis=1, keepdims=True)


def all_rows(O, y):
    dO = softmax(O)
    dO[:, y] -= 1
    return dO


def of_probability(O, y):
    return -np.log(label(softmax(O), y))


LOSS_MISTAKES = {
    "the exponentials overflow: subtract the row's largest score from each first.":
        both(lambda O, y: np.log(np.exp(O).sum(axis=1)) - label(O, y), lambda O, y: plain(O) - one_hot(O, y)),
    "the exponentials overflow: subtract the row's largest score from each first, and take no logarithm of a quotient.":
        both(lambda O, y: -np.log(label(plain(O), y)), lambda O, y: plain(O) - one_hot(O, y)),
    "a probability of 0 has no logarithm. Use l = log(total) - score of the label, after the maximum is gone.":
        both(of_probability),
    "the loss overflows: after the maximum is gone, l = log(total) - score of the label.":
        both(lambda O, y: np.log(np.exp(O).sum(axis=1)) - label(O, y)),
    "1 is not subtracted at the label: dO = softmax(O) - one_hot(y).": both(dO=lambda O, y: softmax(O)),
    "1 is subtracted in the columns of all labels, in every row. Each row has its own: dO[rows, y].": both(dO=all_rows),
    "1 is subtracted everywhere, not only at the label.": both(dO=lambda O, y: softmax(O) - 1),
    "1 is added at the label. Subtract it.": both(dO=lambda O, y: softmax(O) + one_hot(O, y)),
    "dO has the wrong sign: softmax(O) - one_hot(y).": both(dO=lambda O, y: one_hot(O, y) - softmax(O)),
    "dO is divided by the number of rows. It belongs to the sum of the losses: the update divides.":
        both(dO=lambda O, y: (softmax(O) - one_hot(O, y)) / len(y)),
    "the rows of softmax don't add up to 1: the sum runs over columns, axis=0.":
        both(dO=lambda O, y: softmax(O, axis=0) - one_hot(O, y)),
    "all rows of softmax together add up to 1. Each should: axis=1.": both(dO=lambda O, y: softmax(O, axis=None) - one_hot(O, y)),
    "the exponentials are not divided by their sum in dO.":
        both(dO=lambda O, y: np.exp(O - O.max(axis=1, keepdims=True)) - one_hot(O, y)),
    "dO is the scores minus one_hot(y). Take softmax of the scores first.": both(dO=lambda O, y: O - one_hot(O, y)),
    "dO is softmax(O) - y: the class number in place of its one-hot row.": both(dO=lambda O, y: softmax(O) - y[:, None]),
    "l is the mean. Each row has its own loss, shape (n,).": both(lambda O, y: losses(O, y).mean()),
    "l is the sum. Each row has its own loss, shape (n,).": both(lambda O, y: losses(O, y).sum()),
    "l is the mean, and dO is divided by the number of rows. Each row has its own loss, shape (n,), and dO belongs to their sum.":
        both(lambda O, y: losses(O, y).mean(), lambda O, y: (softmax(O) - one_hot(O, y)) / len(y)),
    "l is a column, shape (n, 1). The shape (n,) is asked for.": both(lambda O, y: losses(O, y)[:, None]),
    "l has a column for each label, shape (n, n): pick one score in each row, O[rows, y].":
        both(lambda O, y: log_sum(O)[:, None] - O[:, y]),
    "l has the wrong sign.": both(lambda O, y: -losses(O, y)),
    "the label's score is not subtracted in l.": both(lambda O, y: log_sum(O)),
    "the label's score is not subtracted in l: it is log(total) alone.":
        both(lambda O, y: log_sum(O) - O.max(axis=1)),
    "the label's score is added in l. Subtract it.": both(lambda O, y: log_sum(O) + label(O, y)),
    "l lacks the maximum: it is subtracted from the exponentials, but not from the label's score.":
        both(lambda O, y: log_sum(O) - O.max(axis=1) - label(O, y)),
    "l lacks the logarithm.":
        both(lambda O, y: np.exp(O - O.max(axis=1, keepdims=True)).sum(axis=1) - label(O - O.max(axis=1, keepdims=True), y)),
    "l is the score of the label.": both(label),
    "l is the label's probability. The loss is minus its logarithm.": both(lambda O, y: label(softmax(O), y)),
    "l is in bits: np.log, not np.log2.": both(lambda O, y: losses(O, y) / np.log(2)),
    "l and dO are swapped: l comes first.": lambda O, y: loss_and_dO(O, y)[::-1],
}  # fmt: skip


judge_loss_and_dO = judging(
    loss_and_dO,
    LOSS_CASES,
    LOSS_MISTAKES,
    otherwise="a number is wrong. With z = O minus each row's maximum: l = log(sum of exp(z)) - z of the label.",
    right="losses and gradients are right, and scores of 1000 and -1000 don't overflow.",
)


# --- Backward -------------------------------------------------------------------------------------------------------------

GRADIENTS = "dW1", "db1", "dW2", "db2"


def backward_case(n, d, h, q):
    X, params, y = some(n, d), two_layers(d, h, q), some_classes(n, q)
    H, O = forward(X, params)
    return numpy_call(*GRADIENTS, X=X, H=H, dO=loss_and_dO(O, y)[1], W2=params[2])


TWO = dict(X=floats([[1, 2], [3, 1]]), H=floats([[1, 0], [2, 3]]), dO=floats([[-2, 1], [1, 3]]), W2=floats([[2, 4], [3, 7]]))
BACKWARD_CASES = [
    numpy_call(*GRADIENTS, X=floats([[1, 2]]), H=floats([[1, 0]]), dO=floats([[-0.5, 0.5]]), W2=floats([[2, 4], [3, 5]])),
    numpy_call(*GRADIENTS, **TWO),
    backward_case(6, 5, 4, 3),
    backward_case(1, 784, 7, 10),
    backward_case(96, 11, 7, 10),
    backward_case(256, 5, 256, 10),
]


def changed(where, value):
    """The book's gradients with that called `where` replaced by value(X, H, dO, W2, dZ)."""

    def backward_(X, H, dO, W2):
        gradients = dict(zip(GRADIENTS, backward(X, H, dO, W2)))
        gradients |= dict(zip(where.split(), value(X, H, dO, W2, dO @ W2.T * (H > 0))))
        return list(gradients.values())

    return backward_


def from_dZ(dZ):
    """The book's gradients with another dZ(X, H, dO, W2)."""

    def backward_(X, H, dO, W2):
        D = dZ(X, H, dO, W2)
        return [X.T @ D, D.sum(axis=0), H.T @ dO, dO.sum(axis=0)]

    return backward_


def turned(*order):
    return lambda *args: [backward(*args)[i] for i in order]


BACKWARD_MISTAKES = {
    "the mask lets everything through: where a unit is off, H = 0, its gradient stops. H > 0, not H >= 0.":
        from_dZ(lambda X, H, dO, W2: dO @ W2.T),
    "the mask is turned round: gradients pass where H is positive.": from_dZ(lambda X, H, dO, W2: dO @ W2.T * (H <= 0)),
    "dH is multiplied by H. The slope of relu is 1 where H is positive: (H > 0).": from_dZ(lambda X, H, dO, W2: dO @ W2.T * H),
    "dZ is relu(dH). The mask comes from H, not from dH: a gradient may be negative.":
        from_dZ(lambda X, H, dO, W2: relu(dO @ W2.T)),
    "dZ is the mask alone: dH is not passed on.": from_dZ(lambda X, H, dO, W2: 1.0 * (H > 0)),
    "W2 is not transposed in dH: dO W2.T.": from_dZ(lambda X, H, dO, W2: dO @ W2 * (H > 0)),
    "W2 is not transposed in dH, and the mask is missing.": from_dZ(lambda X, H, dO, W2: dO @ W2),
    "dW2 is transposed: H.T dO has the shape of W2.": changed("dW2", lambda X, H, dO, W2, dZ: [dO.T @ H]),
    "dW2 lacks a transpose: H.T dO.": changed("dW2", lambda X, H, dO, W2, dZ: [H @ dO]),
    "dW2 has its factors the wrong way round: H.T dO.": changed("dW2", lambda X, H, dO, W2, dZ: [dO @ H.T]),
    "dW1 is transposed: X.T dZ has the shape of W1.": changed("dW1", lambda X, H, dO, W2, dZ: [dZ.T @ X]),
    "dW1 lacks a transpose: X.T dZ.": changed("dW1", lambda X, H, dO, W2, dZ: [X @ dZ]),
    "both matrices are transposed: X.T dZ and H.T dO.": changed("dW1 dW2", lambda X, H, dO, W2, dZ: [dZ.T @ X, dO.T @ H]),
    "dW1 is made from dH, before the mask.": changed("dW1", lambda X, H, dO, W2, dZ: [X.T @ (dO @ W2.T)]),
    "db1 is made from dH, before the mask.": changed("db1", lambda X, H, dO, W2, dZ: [(dO @ W2.T).sum(axis=0)]),
    "db1 is not summed over the examples: sum(axis=0).": changed("db1", lambda X, H, dO, W2, dZ: [dZ]),
    "db2 is not summed over the examples: sum(axis=0).": changed("db2", lambda X, H, dO, W2, dZ: [dO]),
    "neither bias is summed over the examples: sum(axis=0).": changed("db1 db2", lambda X, H, dO, W2, dZ: [dZ, dO]),
    "the biases are summed over the columns. The examples are rows: axis=0.":
        changed("db1 db2", lambda X, H, dO, W2, dZ: [dZ.sum(axis=1), dO.sum(axis=1)]),
    "db1 is summed over the columns. The examples are rows: axis=0.": changed("db1", lambda X, H, dO, W2, dZ: [dZ.sum(axis=1)]),
    "db2 is summed over the columns. The examples are rows: axis=0.": changed("db2", lambda X, H, dO, W2, dZ: [dO.sum(axis=1)]),
    "each bias becomes one number: sum over axis=0 only.":
        changed("db1 db2", lambda X, H, dO, W2, dZ: [dZ.sum(), dO.sum()]),
    "the biases are means. The loss is a sum, and the update divides: sum(axis=0).":
        changed("db1 db2", lambda X, H, dO, W2, dZ: [dZ.mean(axis=0), dO.mean(axis=0)]),
    "the biases have the shape (1, h). Theirs is (h,): leave keepdims out.":
        changed("db1 db2", lambda X, H, dO, W2, dZ: [dZ.sum(axis=0, keepdims=True), dO.sum(axis=0, keepdims=True)]),
    "everything is divided by the number of examples. The loss is a sum, and the update divides.":
        lambda *args: [gradient / len(args[0]) for gradient in backward(*args)],
    "dW2 is made from X in place of H.": changed("dW2", lambda X, H, dO, W2, dZ: [X.T @ dO]),
    "dW1 is made from H in place of X.": changed("dW1", lambda X, H, dO, W2, dZ: [H.T @ dZ]),
    "the signs are wrong: the update subtracts.": lambda *args: [-gradient for gradient in backward(*args)],
    "the order is that in which they are found. params has dW1, db1, dW2, db2.": turned(2, 3, 0, 1),
    "the weights come first, then the biases. The order is dW1, db1, dW2, db2.": turned(0, 2, 1, 3),
    "weights and biases are swapped. The order is dW1, db1, dW2, db2.": turned(1, 0, 3, 2),
}  # fmt: skip


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

    def run(function):
        params = copied(first)
        difference = with_names(function, params=params, **names)
        slope = answered(function, difference(params[place], index, *h))
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
    difference_case(1, 2),
    difference_case(3, 2, 0.5),
    difference_case(2, (1, 1), 1.5),
    difference_case(3, 1, 0.5, n=96),
]


X, y, params = some(2, 3), some_classes(2, 3), two_layers(3, 4, 3)  # globals of the mistakes, until with_names gives others


def central_difference(param, index, h=1e-5):
    old, losses = param[index], []
    for moved in (old + h, old - h):
        param[index] = moved
        losses.append(loss_and_dO(forward(X, params)[1], y)[0].sum())
    param[index] = old
    return (losses[0] - losses[1]) / (2 * h)


def differing(quotient=lambda L, w, h: (L(w + h) - L(w - h)) / (2 * h), total=np.sum):
    """A central_difference with another quotient(L, w, h) or another total of the losses."""

    def central_difference(param, index, h=1e-5):
        def L(moved):
            param[index] = moved
            return total(loss_and_dO(forward(X, params)[1], y)[0])

        old = param[index]
        slope = quotient(L, old, h)
        param[index] = old
        return slope

    return central_difference


def moving_all(param, index, h=1e-5):
    old, losses = param.copy(), []
    for moved in (old + h, old - h):
        param[:] = moved
        losses.append(loss_and_dO(forward(X, params)[1], y)[0].sum())
    param[:] = old
    return (losses[0] - losses[1]) / (2 * h)


DIFFERENCE_MISTAKES = {
    "it is moved to one side only. Take both sides, w + h and w - h.": differing(lambda L, w, h: (L(w + h) - L(w)) / h),
    "it is moved down only. Take both sides, w + h and w - h.": differing(lambda L, w, h: (L(w) - L(w - h)) / h),
    "one of the two losses is that of w itself, as after += h and -= h. The second place is w - h.":
        differing(lambda L, w, h: (L(w + h) - L(w)) / (2 * h)),
    "it is moved by -h and not by h: one of the two losses is that of w itself.":
        differing(lambda L, w, h: (L(w) - L(w - h)) / (2 * h)),
    "it is divided by h. From w - h to w + h it is 2 h.": differing(lambda L, w, h: (L(w + h) - L(w - h)) / h),
    "/ 2 * h multiplies by h. Set brackets: / (2 * h).": differing(lambda L, w, h: (L(w + h) - L(w - h)) / 2 * h),
    "the difference is not divided by 2 h.": differing(lambda L, w, h: L(w + h) - L(w - h)),
    "the difference is divided by 2, not by 2 h.": differing(lambda L, w, h: (L(w + h) - L(w - h)) / 2),
    "the sign is wrong: L(w + h) - L(w - h).": differing(lambda L, w, h: (L(w - h) - L(w + h)) / (2 * h)),
    "the losses are added. Take their difference.": differing(lambda L, w, h: (L(w + h) + L(w - h)) / (2 * h)),
    "the argument h is not used.": differing(lambda L, w, h: (L(w + 1e-5) - L(w - 1e-5)) / 2e-5),
    "the slope loses its sign.": differing(lambda L, w, h: abs(L(w + h) - L(w - h)) / (2 * h)),
    "it is the slope of the mean loss. Our gradients belong to the sum.": differing(total=np.mean),
    "only the loss of the first example counts. Add up all.": differing(total=lambda l: l[0]),
    "only the loss of the last example counts. Add up all.": differing(total=lambda l: l[-1]),
    "the loss does not change. Is a copy moved, the same loss taken twice, or dO added up in place of the losses?": differing(lambda L, w, h: 0.0),
    "the whole array is moved. One entry is: param[index].": moving_all,
    "it is moved by 2 h to each side, and divided by 2 h. Move it by h.": differing(lambda L, w, h: (L(w + 2 * h) - L(w - 2 * h)) / (2 * h)),
    "w is multiplied by 1 + h and 1 - h. Move it by h: w + h.":
        differing(lambda L, w, h: (L(w * (1 + h)) - L(w * (1 - h))) / (2 * h)),
    "the entry becomes h and -h. It should move by h: w + h.": differing(lambda L, w, h: (L(h) - L(-h)) / (2 * h)),
    "it gives a loss. The slope is a difference of two, divided by 2 h.": differing(lambda L, w, h: L(w)),
}  # fmt: skip


gives_slopes = judging(
    central_difference,
    DIFFERENCE_CASES,
    DIFFERENCE_MISTAKES,
    otherwise="the slope is wrong: (L(w + h) - L(w - h)) / (2 h), where L is the sum of the losses.",
    right="the slopes are right for any entry and any h, and the parameter is afterwards as it was.",
)


def judge_central_difference(function):
    right = gives_slopes(function)
    if inspect.signature(function).parameters["h"].default != 1e-5:
        raise not_yet("the default of h should be 1e-5.")
    return right
