"""The slots of the chapter on the loss."""

import math

import numpy as np
from mxnet import nd

from ...network import cross_entropy, softmax, softmax_cross_entropy
from ..cases import call, classes, floats, gradient, some, some_classes
from ..judging import judging
from ..mistakes import mistakes

SQUARE = floats([[1, 2], [3, 5]])


def logarithms(O):
    """A case of softmax: the logarithms of what it gives show also the small probabilities."""
    text, run = call(O=O)
    return text, lambda softmax: {"the logarithm of the result": np.log(run(softmax)[""])}


SOFTMAX_CASES = [
    call(O=SQUARE),
    call(O=floats([[0, 0, 0], [1, 2, 3]])),
    call(O=floats([[-1, 0, 5]])),
    call(O=floats([[1000, 0, -1000]])),
    call(O=floats([[1000, 1001], [-1000, -1001]])),
    call(O=floats([[0, 1000], [0, 240]])),  # less the mean, the second overflows as well
    call(O=floats([[-203, -202, -201]])),
    call(O=floats([[0, 0], [-200, -201]])),
    logarithms(floats([[0, -30]])),
    call(O=some(256, 12)),
    gradient("O", O=floats([[1, 2, 3], [2, 0, 0]])),
    gradient("O", O=floats([[1000, 0, 1001], [0, -200, 1]])),
]


TEN = "ten classes seem to be written in. There may be more: O has a column for each."
MAX, SUM = "O.max(axis=1, keepdims=True)", "E.sum(axis=1, keepdims=True)"
SOFTMAX_MISTAKES = mistakes(softmax, {
    "the maximum is taken over the columns, not over each row: axis=1.": ("max(axis=1", "max(axis=0"),
    "the exponentials overflow or become too small: subtract the row's largest score from each first.": (f" - {MAX}", ""),
    "the sums have shape (n,), and so lie along a row: keepdims=True makes them a column.": (SUM, "E.sum(axis=1)"),
    "the sums have shape (n,), and so lie along a row: keepdims=True makes them a column. Large scores overflow too.":
        (f" - {MAX}", "", SUM, "E.sum(axis=1)"),
    "the maxima have shape (n,), and so lie along a row: keepdims=True makes them a column.": (MAX, "O.max(axis=1)"),
    "maxima and sums have shape (n,), and so lie along a row: keepdims=True makes them a column.": (", keepdims=True", ""),
    "each column adds up to 1, where each row should: axis=1.": ("axis=1", "axis=0"),
    "each column adds up to 1, where each row should: axis=1. Nor does anything keep the exponentials from overflowing.":
        (f" - {MAX}", "", "axis=1", "axis=0"),
    "the sum runs over the columns, not over each row: axis=1.": ("sum(axis=1", "sum(axis=0"),
    "the maximum of all scores is subtracted, so that a row far below it becomes 0 / 0. Each row has its own: axis=1.":
        (MAX, "O.max()"),
    "the maximum is subtracted only where scores are large, so that a row far below 0 becomes 0 / 0. Subtract it always.":
        (f"nd.exp(O - {MAX})", f"nd.exp(O - {MAX} if O.max().asscalar() > 80 else O)"),
    "the maximum is subtracted only where the largest score of all is far from 0, so that a row far below the others becomes 0 / 0. "
    "Subtract each row's own always.": (f"nd.exp(O - {MAX})", f"nd.exp(O - {MAX} if abs(O.max().asscalar()) > 80 else O)"),
    "probabilities are cut off at 1e-7. Leave them as they are: the logarithm of a smaller one is needed too.":
        (f"return E / {SUM}", f"return nd.clip(E / {SUM}, 1e-7, 1)"),
    "all rows together add up to 1, where each should: sum over axis=1.": (SUM, "E.sum()"),
    "all rows together add up to 1, where each should: take maximum and sum over axis=1.": (MAX, "O.max()", SUM, "E.sum()"),
    "all rows together add up to 1, and nothing keeps the exponentials from overflowing: sum and maximum over axis=1.":
        (f" - {MAX}", "", SUM, "E.sum()"),
    "the mean is subtracted, not the maximum, so that large scores still overflow.": ("O.max", "O.mean"),
    "the smallest score is subtracted, not the largest, so that large scores still overflow.": ("O.max", "O.min"),
    "the first score of each row is subtracted, not the largest, so that large scores still overflow.": (MAX, "O[:, :1]"),
    "the last score of each row is subtracted, not the largest, so that large scores still overflow.": (MAX, "O[:, -1:]"),
    "it gives the logarithms of the probabilities.": ("return nd.log_softmax(O)",),
    TEN: (SUM, "E[:, :10].sum(axis=1, keepdims=True)"),
    "each row adds up to the number of classes: divide by the sum, not by the mean.": ("E.sum", "E.mean"),
    "each row adds up to the number of classes: divide by the sum, not by the mean. Large scores overflow too: subtract the maximum.":
        (f" - {MAX}", "", "E.sum", "E.mean"),
    "rows don't add up to 1: divide each by its sum.": (f" / {SUM}", ""),
    "rows don't add up to 1, and large scores overflow: subtract the maximum, and divide by the sum.": ("return nd.exp(O)",),
    "the scores themselves are divided by their sum. Take the exponential first.": ("return O / O.sum(axis=1, keepdims=True)",),
    "the exponential has the base 2. nd.exp has the base e.": (f"nd.exp(O - {MAX})", f"2 ** (O - {MAX})"),
    "the exponential is missing in the denominator: each row is divided by its sum of exponentials.":
        (SUM, f"(O - {MAX}).sum(axis=1, keepdims=True)"),
    "scores are divided by the maximum. Subtract it: that leaves the quotients as they are.": ("O - O.max", "O / O.max"),
    "the maximum is subtracted in the numerator only. Both need it, or the quotient changes.": (SUM, "nd.exp(O).sum(axis=1, keepdims=True)"),
    "the maximum is subtracted in the denominator only. Both need it, or the quotient changes.": ("return E", "return nd.exp(O)"),
    "this is the sigmoid of each score, so that rows don't add up to 1.": ("return nd.sigmoid(O)",),
} | {
    f"about {eps:g} is added to the sums, so that rows don't quite add up to 1. Leave it out: once the maximum is subtracted, a sum is at least 1.":
        (SUM, f"({SUM} + {eps:g})")
    for eps in (1e-2, 1e-3, 5e-4, 1e-4)
})  # fmt: skip

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
    call(y_hat=floats([[0, 1]]), y=classes(1)),  # 0 times the logarithm of the other is nan
    call(y_hat=floats([[0, 1]]), y=classes(0)),
    call(y_hat=probabilities(256), y=some_classes(256)),
    gradient("y_hat", y_hat=floats([[0.1, 0.3, 0.6], [0.7, 0.2, 0.1]]), y=classes(2, 1)),
]
ONE_NUMBER = "a loss for each example is asked for, shape (n,)."
FROM_LABELS = "the number of classes is taken from the labels. The last class may be missing among them: {}.shape[1] counts all."


PICKED = "nd.pick(y_hat, y)"
EPS = 1e-5, 1e-6, 1e-7, 1e-8, 1e-9, 1e-10, 1e-12, 1e-15, 1e-20, 1e-30, 1e-37  # what learners add to a probability
BOUNDED = (
    "about {:g} is added to the probabilities, or they are cut off there. That bounds the loss: below it, a smaller probability "
    "hardly costs more. "
)
CROSS_ENTROPY_MISTAKES = mistakes(cross_entropy, {
    "it gives a loss for every class. Take that of the label only: nd.pick(y_hat, y).": ("return -nd.log(y_hat)",),
    "the sign is wrong: the logarithm of a probability is negative, and a loss is positive.": ("-nd.log", "nd.log"),
    f"it gives the mean over the minibatch: {ONE_NUMBER}": ("return -nd.log(nd.pick(y_hat, y)).mean()",),
    f"it gives the sum over the minibatch: {ONE_NUMBER}": ("return -nd.log(nd.pick(y_hat, y)).sum()",),
    "the losses are divided by the number of examples. That comes later: here each keeps its own.":
        ("return -nd.log(nd.pick(y_hat, y)) / len(y)",),
    "the logarithm is missing: this is minus the probability.": ("-nd.log", "-"),
    "it gives the probability of the label itself. Its surprise is asked for: minus the logarithm.": ("-nd.log", ""),
    "this is 1 - p, which is nearly flat where the network is wrong. Take minus the logarithm.": ("-nd.log", "1 - "),
    "this is the square, (1 - p) ** 2. Take minus the logarithm of p.": ("return (1 - nd.pick(y_hat, y)) ** 2",),
    "the logarithm has the base 10. The natural one is asked for: nd.log.": ("return -nd.log(nd.pick(y_hat, y)) / math.log(10)",),
    "the logarithm has the base 2. The natural one is asked for: nd.log.": ("return -nd.log(nd.pick(y_hat, y)) / math.log(2)",),
    "the label's surprise is multiplied by its probability. Leave that out.": ("-nd.log", "-nd.pick(y_hat, y) * nd.log"),
    "it takes the logarithm of 1 - p. That of p is asked for.": (PICKED, f"1 - {PICKED}"),
    "the losses come out in a column, shape (n, 1). The shape (n,) is asked for.": ("return -nd.log(nd.pick(y_hat, y)).reshape((-1, 1))",),
    "the first example's label is taken for all rows. Each has its own: nd.pick(y_hat, y).": (PICKED, "y_hat[:, int(y[0].asscalar())]"),
    "it takes the largest probability of each row. Take that of the label: nd.pick(y_hat, y).": (PICKED, "y_hat.max(axis=1)"),
    "y_hat[y] is whole rows. One number from each row is asked for: nd.pick(y_hat, y).": (PICKED, "y_hat[y]"),
    "y_hat[:, y] is whole columns. One number from each row is asked for: nd.pick(y_hat, y).": (PICKED, "y_hat[:, y]"),
    "it adds up the logarithms of all classes. Take that of the label only: nd.pick(y_hat, y).":
        ("return -nd.log(y_hat).sum(axis=1)",),
    "softmax is applied to y_hat, which holds probabilities already.": (PICKED, "nd.pick(softmax(y_hat), y)"),
    "each surprise is weighted by its probability, which gives the entropy. Take the label's surprise, unweighted.":
        ("return -(y_hat * nd.log(y_hat)).sum(axis=1)",),
    "zeros come out for all classes but the label. Take the label's only: nd.pick, or a sum over each row.":
        ("return -nd.one_hot(y, y_hat.shape[1]) * nd.log(y_hat)",),
    "where another class has the probability 0, its logarithm is infinite, and 0 times that is nan. Pick the label's probability first.":
        ("return -(nd.one_hot(y, y_hat.shape[1]) * nd.log(y_hat)).sum(axis=1)",),
    "the logarithm is cut off at -100, so that no loss is above 100. That of a probability 0 is infinite.":
        ("-nd.log(nd.pick(y_hat, y))", "-nd.maximum(nd.log(nd.pick(y_hat, y)), -100)"),
    FROM_LABELS.format("y_hat"): (PICKED, "(nd.one_hot(y, int(y.max().asscalar()) + 1) * y_hat).sum(axis=1)"),
    "a probability 0 costs nothing, where it should cost most: its loss is infinite.":
        ("l = -nd.log(nd.pick(y_hat, y))\nreturn nd.where(l == math.inf, nd.zeros_like(l), l)",),
} | {f"{BOUNDED.format(eps)}Leave it out.": (PICKED, f"{PICKED} + {eps}") for eps in EPS} | {
    f"probabilities are cut off at {least:g}, which bounds the loss. Leave them as they are.": (PICKED, f"nd.clip({PICKED}, {least}, 1)")
    for least in (1e-2, 1e-3, 1e-4)
}, math=math)  # fmt: skip

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
    call(O=floats([[1, 2, 3], [3, 1, 0]]), y=classes(0, 0)),  # the last class is not among the labels
    call(O=floats([[-1, 4]]), y=classes(0)),
    call(O=floats([[0, 95]]), y=classes(0)),  # just too large: float32 has no exponential of 89
    call(O=floats([[0, 200]]), y=classes(0)),
    call(O=floats([[0, 200, 200]]), y=classes(0)),  # not only the largest score counts
    call(O=floats([[1000, 0]]), y=classes(1)),
    call(O=floats([[-1000, -1000]]), y=classes(0)),
    call(O=floats([[1000, 1001], [-1000, -1001]]), y=classes(0, 1)),
    call(O=floats([[-102, -103.3]]), y=classes(1)),  # the exponentials have hardly a digit
    call(O=some(256, 12), y=some_classes(256, 12)),
    gradient("O", O=floats([[1, 2, 3], [2, 0, 0]]), y=classes(2, 1)),
    gradient("O", O=floats([[1000, 0], [0, 200]]), y=classes(1, 1)),
]


LOG_SUM = "nd.log(nd.exp(Z).sum(axis=1))"
FUSED_MISTAKES = mistakes(softmax_cross_entropy, {
    "the maximum of all scores is subtracted, so that a row far below it gives log 0. Each row has its own: axis=1.":
        (MAX, "O.max()"),
    "it takes O for probabilities. They are scores: softmax belongs into this function.": ("return -nd.log(nd.pick(O, y))",),
    "the maximum is subtracted in the log-sum-exp, but not from the label's score.": ("nd.pick(Z", "nd.pick(O"),
    "the maximum is subtracted from the label's score, but not in the log-sum-exp.": ("nd.exp(Z)", "nd.exp(O)"),
    "an exponential overflows, or a probability becomes 0 and its logarithm infinite. Let the logarithm and the exponential cancel on "
    "paper, and subtract the row's largest score.": ("return -nd.log(nd.pick(softmax(O), y))",),
    "the exponentials overflow or become too small: subtract the row's largest score from each first.": (f" - {MAX}", ""),
    "softmax without the maximum overflows, and a probability may become 0. Use the formula above, which has neither.":
        ("E = nd.exp(O)\nreturn -nd.log(nd.pick(E / E.sum(axis=1, keepdims=True), y))",),
    "the largest score is subtracted only where something is not finite, and small exponentials have few digits. Subtract it always.": (
        "E = nd.exp(O)\nl = -nd.log(nd.pick(E / E.sum(axis=1, keepdims=True), y))\n"
        "return l if np.isfinite(l.asnumpy()).all() else -nd.pick(nd.log_softmax(O), y)",
    ),
    "the maximum is taken over the columns, not over each row: axis=1.": ("max(axis=1", "max(axis=0"),
    "the maxima have shape (n,), and so lie along a row: keepdims=True makes them a column.": (MAX, "O.max(axis=1)"),
    "Z[y] is whole rows. One number from each row is asked for: nd.pick(Z, y).": ("nd.pick(Z, y)", "Z[y]"),
    "Z[:, y] is whole columns. One number from each row is asked for: nd.pick(Z, y).": ("nd.pick(Z, y)", "Z[:, y]"),
    "softmax is applied twice.": (f"O - {MAX}", "softmax(O)"),
    "the sum runs over the columns, not over each row: axis=1.": ("sum(axis=1", "sum(axis=0"),
    "the sum runs over all rows together. Each example has its own: axis=1.": ("sum(axis=1)", "sum()"),
    f"it gives the mean over the minibatch: {ONE_NUMBER}": (f"{LOG_SUM} - nd.pick(Z, y)", f"({LOG_SUM} - nd.pick(Z, y)).mean()"),
    f"it gives the sum over the minibatch: {ONE_NUMBER}": (f"{LOG_SUM} - nd.pick(Z, y)", f"({LOG_SUM} - nd.pick(Z, y)).sum()"),
    "the losses are divided by the number of examples. That comes later: here each keeps its own.":
        (f"{LOG_SUM} - nd.pick(Z, y)", f"({LOG_SUM} - nd.pick(Z, y)) / len(y)"),
    "the sign is wrong: a loss is positive.": (f"{LOG_SUM} - nd.pick(Z, y)", f"nd.pick(Z, y) - {LOG_SUM}"),
    "the label's score is not subtracted: this is the log-sum-exp alone.": (" - nd.pick(Z, y)", ""),
    "the logarithm of the sum is missing.": (LOG_SUM, "nd.exp(Z).sum(axis=1)"),
    "the label's score is added where it should be subtracted.": ("- nd.pick", "+ nd.pick"),
    "it subtracts the score of every class. Take the label's only: nd.pick(Z, y).": ("sum(axis=1)", "sum(axis=1, keepdims=True)", "nd.pick(Z, y)", "Z"),
    "the losses come out as n rows of n: one part has shape (n, 1) and the other (n,). Leave keepdims out of the sum.":
        ("sum(axis=1)", "sum(axis=1, keepdims=True)"),
    FROM_LABELS.format("O"): ("nd.pick(Z, y)", "(Z * nd.one_hot(y, int(y.max().asscalar()) + 1)).sum(axis=1)"),
} | {
    f"{BOUNDED.format(eps)}Let the logarithm and the exponential cancel on paper instead.": (f"return -nd.log(nd.pick(softmax(O), y) + {eps})",)
    for eps in EPS
}, np=np)  # fmt: skip

judge_softmax_cross_entropy = judging(
    softmax_cross_entropy,
    FUSED_CASES,
    FUSED_MISTAKES,
    otherwise="some loss is wrong: it is the log-sum-exp of the row minus the label's score, both without the maximum.",
    right="the losses are finite for scores of 1000 and -1000, and their gradient is the mistake.",
)
