"""The slots of the chapter on the loss."""

import math

from mxnet import nd

from ...network import cross_entropy, softmax, softmax_cross_entropy
from ..judging import call, classes, floats, gradient, judging, some, some_classes

SQUARE = floats([[1, 2], [3, 5]])

SOFTMAX_CASES = [
    call(O=SQUARE),
    call(O=floats([[0, 0, 0], [1, 2, 3]])),
    call(O=floats([[-1, 0, 5]])),
    call(O=floats([[1000, 0, -1000]])),
    call(O=floats([[1000, 1001], [-1000, -1001]])),
    call(O=some(1, 10)),
    call(O=some(96, 10)),
    call(O=some(256, 10)),
    gradient("O", O=floats([[1, 2, 3], [2, 0, 0]])),
]


def naive(O, **sizes):
    return nd.exp(O) / nd.exp(O).sum(**sizes)


def shifted(O, m, **sizes):
    return naive(O - m, **sizes)


ROWS, COLUMNS = dict(axis=1, keepdims=True), dict(axis=0, keepdims=True)
SOFTMAX_MISTAKES = {
    "the exponentials overflow: subtract the row's largest score from each first.": lambda O: naive(O, **ROWS),
    "each column adds up to 1, where each row should: axis=1.": lambda O: shifted(O, O.max(**COLUMNS), **COLUMNS),
    "each column adds up to 1, where each row should: axis=1. Nor does anything keep the exponentials from overflowing.":
        lambda O: naive(O, **COLUMNS),
    "the sum runs over the columns, not over each row: axis=1.": lambda O: shifted(O, O.max(**ROWS), **COLUMNS),
    "the maximum is taken over the columns, not over each row: axis=1.": lambda O: shifted(O, O.max(**COLUMNS), **ROWS),
    "the maximum of all scores is subtracted, so that a row far below it becomes 0 / 0. Each row has its own: axis=1.":
        lambda O: shifted(O, O.max(), **ROWS),
    "all rows together add up to 1, where each should: sum over axis=1.": lambda O: shifted(O, O.max(**ROWS)),
    "all rows together add up to 1, where each should: take maximum and sum over axis=1.": lambda O: shifted(O, O.max()),
    "all rows together add up to 1, and nothing keeps the exponentials from overflowing: sum and maximum over axis=1.":
        lambda O: naive(O),
    "the sums have shape (n,), and so lie along a row: keepdims=True makes them a column.":
        lambda O: shifted(O, O.max(**ROWS), axis=1),
    "the sums have shape (n,), and so lie along a row: keepdims=True makes them a column. Large scores overflow too.":
        lambda O: naive(O, axis=1),
    "the maxima have shape (n,), and so lie along a row: keepdims=True makes them a column.":
        lambda O: shifted(O, O.max(axis=1), **ROWS),
    "maxima and sums have shape (n,), and so lie along a row: keepdims=True makes them a column.":
        lambda O: shifted(O, O.max(axis=1), axis=1),
    "the mean is subtracted, not the maximum, so that large scores still overflow.": lambda O: shifted(O, O.mean(**ROWS), **ROWS),
    "the smallest score is subtracted, not the largest, so that large scores still overflow.":
        lambda O: shifted(O, O.min(**ROWS), **ROWS),
    "it gives the logarithms of the probabilities.": lambda O: nd.log_softmax(O),
    "each row adds up to the number of classes: divide by the sum, not by the mean.": lambda O: nd.softmax(O) * O.shape[1],
    "each row adds up to the number of classes: divide by the sum, not by the mean. Large scores overflow too: subtract the maximum.":
        lambda O: naive(O, **ROWS) * O.shape[1],
    "rows don't add up to 1: divide each by its sum.": lambda O: nd.exp(O - O.max(**ROWS)),
    "rows don't add up to 1, and large scores overflow: subtract the maximum, and divide by the sum.": lambda O: nd.exp(O),
    "the scores themselves are divided by their sum. Take the exponential first.": lambda O: O / O.sum(**ROWS),
    "the order is turned round: the highest score gets the lowest probability.": lambda O: nd.softmax(-O),
    "scores are divided by the maximum. Subtract it: that leaves the quotients as they are.":
        lambda O: naive(O / O.max(**ROWS), **ROWS),
    "the maximum is subtracted in the numerator only. Both need it, or the quotient changes.":
        lambda O: nd.exp(O - O.max(**ROWS)) / nd.exp(O).sum(**ROWS),
    "the maximum is subtracted in the denominator only. Both need it, or the quotient changes.":
        lambda O: nd.exp(O) / nd.exp(O - O.max(**ROWS)).sum(**ROWS),
    "the maximum is subtracted after the exponential. That is too late: subtract it from the scores.":
        lambda O: (nd.exp(O) - nd.exp(O).max(**ROWS)) / (nd.exp(O) - nd.exp(O).max(**ROWS)).sum(**ROWS),
    "this is the sigmoid of each score, so that rows don't add up to 1.": lambda O: nd.sigmoid(O),
}  # fmt: skip


judge_softmax = judging(
    softmax,
    SOFTMAX_CASES,
    SOFTMAX_MISTAKES,
    otherwise="some probability is wrong: each row holds exp(o) / sum of exp(o) over that row.",
    right="each row adds up to 1, scores of 1000 and -1000 don't overflow, and autograd finds the gradients.",
)


# --- Cross-entropy ----------------------------------------------------------------------------------------------------------

P = floats([[0.5, 0.5], [0.2, 0.8]])


def probabilities(n):
    return softmax(nd.array(some(n, 10))).asnumpy()


CROSS_ENTROPY_CASES = [
    call(y_hat=P, y=classes(0, 1)),
    call(y_hat=floats([[0.1, 0.3, 0.6], [0.7, 0.2, 0.1]]), y=floats([2, 1])),
    call(y_hat=floats([[0.001, 0.999]]), y=classes(0)),
    call(y_hat=floats([[1e-30, 1]]), y=classes(0)),
    call(y_hat=probabilities(1), y=some_classes(1)),
    call(y_hat=probabilities(96), y=some_classes(96)),
    call(y_hat=probabilities(256), y=some_classes(256)),
    gradient("y_hat", y_hat=floats([[0.1, 0.3, 0.6], [0.7, 0.2, 0.1]]), y=classes(2, 1)),
]
ONE_NUMBER = "a loss for each example is asked for, shape (n,)."


def with_eps(probability, instead):
    """{sentence: a loss} in which a small number is added to the label's probability, an array made of both arguments."""
    return {
        f"about {eps:g} is added to the probabilities, or they are cut off there. That bounds the loss, and its gradient becomes 0. "
        f"{instead}": lambda A, y, eps=eps: -nd.log(probability(A, y) + eps)
        for eps in (1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-20, 1e-30)
    }


def of_p(table):
    """{sentence: function of y_hat and y} from functions of the label's probability in each row."""
    return {why: (lambda P, y, f=f: f(nd.pick(P, y))) for why, f in table.items()}


CROSS_ENTROPY_MISTAKES = of_p({
    "the sign is wrong: the logarithm of a probability is negative, and a loss is positive.": lambda p: nd.log(p),
    f"it gives the mean over the minibatch: {ONE_NUMBER}": lambda p: -nd.log(p).mean(),
    f"it gives the sum over the minibatch: {ONE_NUMBER}": lambda p: -nd.log(p).sum(),
    "the losses are divided by the number of examples. That comes later: here each keeps its own.": lambda p: -nd.log(p) / len(p),
    "the logarithm is missing: this is minus the probability.": lambda p: -p,
    "it gives the probability of the label itself. Its surprise is asked for: minus the logarithm.": lambda p: p,
    "this is 1 - p, which is nearly flat where the network is wrong. Take minus the logarithm.": lambda p: 1 - p,
    "this is the square, (1 - p) ** 2. Take minus the logarithm of p.": lambda p: (1 - p) ** 2,
    "the logarithm has the base 10. The natural one is asked for: nd.log.": lambda p: -nd.log(p) / math.log(10),
    "the logarithm has the base 2. The natural one is asked for: nd.log.": lambda p: -nd.log(p) / math.log(2),
    "the label's surprise is multiplied by its probability. Leave that out.": lambda p: -p * nd.log(p),
    "it takes the logarithm of 1 - p. That of p is asked for.": lambda p: -nd.log(1 - p),
    "the losses come out in a column, shape (n, 1). The shape (n,) is asked for.": lambda p: -nd.log(p).reshape((-1, 1)),
}) | {
    "it takes the largest probability of each row. Take that of the label: nd.pick(y_hat, y).": lambda P, y: -nd.log(P.max(axis=1)),
    "it gives a loss for every class. Take that of the label only: nd.pick(y_hat, y).": lambda P, y: -nd.log(P),
    "y_hat[y] is whole rows. One number from each row is asked for: nd.pick(y_hat, y).": lambda P, y: -nd.log(P[y]),
    "y_hat[:, y] is whole columns. One number from each row is asked for: nd.pick(y_hat, y).": lambda P, y: -nd.log(P[:, y]),
    "it adds up the logarithms of all classes. Take that of the label only: nd.pick(y_hat, y).":
        lambda P, y: -nd.log(P).sum(axis=1),
    "softmax is applied to y_hat, which holds probabilities already.": lambda P, y: softmax_cross_entropy(P, y),
    "each surprise is weighted by its probability, which gives the entropy. Take the label's surprise, unweighted.":
        lambda P, y: -(P * nd.log(P)).sum(axis=1),
    "zeros come out for all classes but the label. Take the label's only: nd.pick, or a sum over each row.":
        lambda P, y: -nd.log(P) * nd.one_hot(y, P.shape[1]),
} | with_eps(nd.pick, "Leave it out.")  # fmt: skip
judge_cross_entropy = judging(
    cross_entropy,
    CROSS_ENTROPY_CASES,
    CROSS_ENTROPY_MISTAKES,
    otherwise="some loss is wrong: it is minus the natural logarithm of the probability in the label's column.",
    right="each example has its surprise, and autograd finds the gradients.",
)


# --- Both in one ------------------------------------------------------------------------------------------------------------

FUSED_CASES = [
    call(O=SQUARE, y=classes(0, 1)),
    call(O=floats([[0, 0, 0], [1, 2, 3]]), y=floats([2, 0])),
    call(O=floats([[-1, 4]]), y=classes(0)),
    call(O=floats([[0, 200]]), y=classes(0)),
    call(O=floats([[1000, 0]]), y=classes(1)),
    call(O=floats([[-1000, -1000]]), y=classes(0)),
    call(O=floats([[1000, 1001], [-1000, -1001]]), y=classes(0, 1)),
    call(O=some(1, 10), y=some_classes(1)),
    call(O=some(96, 10), y=some_classes(96)),
    call(O=some(256, 10), y=some_classes(256)),
    gradient("O", O=floats([[1, 2, 3], [2, 0, 0]]), y=classes(2, 1)),
    gradient("O", O=floats([[1000, 0], [0, 200]]), y=classes(1, 1)),
]


def fused(O, y, m):
    return nd.log(nd.exp(O - m).sum(axis=1)) - nd.pick(O - m, y)


def of_Z(table):  # noqa: N802
    """{sentence: function of O and y} from functions of y and of Z, the scores of which each row's largest is subtracted."""
    return {why: (lambda O, y, f=f: f(O - O.max(**ROWS), y)) for why, f in table.items()}


FUSED_MISTAKES = {
    "an exponential overflows, or a probability becomes 0 and its logarithm infinite. Let the logarithm and the exponential cancel on "
    "paper, and subtract the row's largest score.": lambda O, y: cross_entropy(softmax(O), y),
    "the exponentials overflow: subtract the row's largest score from each first.": lambda O, y: fused(O, y, 0),
    "softmax without the maximum overflows, and a probability may become 0. Use the formula above, which has neither.":
        lambda O, y: -nd.log(nd.pick(naive(O, **ROWS), y)),
    "the maximum of all scores is subtracted, so that a row far below it gives log 0. Each row has its own: axis=1.":
        lambda O, y: fused(O, y, O.max()),
    "the maximum is taken over the columns, not over each row: axis=1.": lambda O, y: fused(O, y, O.max(**COLUMNS)),
    "the maxima have shape (n,), and so lie along a row: keepdims=True makes them a column.":
        lambda O, y: fused(O, y, O.max(axis=1)),
    "the maximum is subtracted in the log-sum-exp, but not from the label's score.":
        lambda O, y: nd.log(nd.exp(O - O.max(**ROWS)).sum(axis=1)) - nd.pick(O, y),
    "the maximum is subtracted from the label's score, but not in the log-sum-exp.":
        lambda O, y: nd.log(nd.exp(O).sum(axis=1)) - nd.pick(O - O.max(**ROWS), y),
    "it takes O for probabilities. They are scores: softmax belongs into this function.": lambda O, y: -nd.log(nd.pick(O, y)),
    "softmax is applied twice.": lambda O, y: fused(softmax(O), y, 0),
} | of_Z({
    "the sum runs over the columns, not over each row: axis=1.": lambda Z, y: nd.log(nd.exp(Z).sum(axis=0)) - nd.pick(Z, y),
    "the sum runs over all rows together. Each example has its own: axis=1.": lambda Z, y: nd.log(nd.exp(Z).sum()) - nd.pick(Z, y),
    f"it gives the mean over the minibatch: {ONE_NUMBER}": lambda Z, y: fused(Z, y, 0).mean(),
    f"it gives the sum over the minibatch: {ONE_NUMBER}": lambda Z, y: fused(Z, y, 0).sum(),
    "the losses are divided by the number of examples. That comes later: here each keeps its own.":
        lambda Z, y: fused(Z, y, 0) / len(y),
    "the sign is wrong: a loss is positive.": lambda Z, y: -fused(Z, y, 0),
    "the label's score is not subtracted: this is the log-sum-exp alone.": lambda Z, y: nd.log(nd.exp(Z).sum(axis=1)),
    "the logarithm of the sum is missing.": lambda Z, y: nd.exp(Z).sum(axis=1) - nd.pick(Z, y),
    "the label's score is added where it should be subtracted.": lambda Z, y: nd.log(nd.exp(Z).sum(axis=1)) + nd.pick(Z, y),
    "it subtracts the score of every class. Take the label's only: nd.pick(Z, y).": lambda Z, y: nd.log(nd.exp(Z).sum(**ROWS)) - Z,
    "the losses come out as n rows of n: one part has shape (n, 1) and the other (n,). Leave keepdims out of the sum.":
        lambda Z, y: nd.log(nd.exp(Z).sum(**ROWS)) - nd.pick(Z, y),
}) | with_eps(lambda O, y: nd.pick(softmax(O), y), "Let the logarithm and the exponential cancel on paper instead.")  # fmt: skip
judge_softmax_cross_entropy = judging(
    softmax_cross_entropy,
    FUSED_CASES,
    FUSED_MISTAKES,
    otherwise="some loss is wrong: it is the log-sum-exp of the row minus the label's score, both without the maximum.",
    right="the losses are finite for scores of 1000 and -1000, and their gradient is the mistake.",
)
