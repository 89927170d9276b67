"""The slots of the chapter on an autograd for arrays: two rules, and the sum over what was broadcast."""

import numpy as np

from ...engine import autograd as book
from ...engine.rules import dot_dA, dot_dB
from ..judging import floats, judging, numpy_call, some


def rule_case(A, B, dC):
    return numpy_call("", dC=dC, C=A @ B, A=A, B=B)


SQUARES = floats([[1, 2], [3, 4]]), floats([[5, 6], [7, 9]]), floats([[1, 0], [2, 3]])
RULE_CASES = [
    rule_case(*SQUARES),
    rule_case(floats([[1, 2]]), floats([[3, 4, 5], [6, 7, 8]]), floats([[1, 0, -1]])),
    rule_case(some(1, 5), some(5, 3, seed=1), some(1, 3, seed=2)),
    rule_case(some(96, 5), some(5, 3, seed=1), some(96, 3, seed=2)),
    rule_case(some(256, 7).astype(float), some(7, 2, seed=1).astype(float), some(256, 2, seed=2).astype(float)),
]
DA_MISTAKES = {
    "B is not transposed: dC B.T has the shape of A.": lambda dC, C, A, B: dC @ B,
    "this is the transpose of the gradient. dC comes first: dC B.T.": lambda dC, C, A, B: B @ dC.T,
    "the factors stand the other way round. dC comes first: dC B.T.": lambda dC, C, A, B: B.T @ dC,
    "the factors stand the other way round, and B is not transposed: dC B.T.": lambda dC, C, A, B: B @ dC,
    "dC is transposed too. Only B is.": lambda dC, C, A, B: dC.T @ B.T,
    "dC is transposed in place of B.": lambda dC, C, A, B: dC.T @ B,
    "this is the gradient of B. That of A is dC B.T.": lambda dC, C, A, B: A.T @ dC,
    "A is used in place of B: A grows C at the rate of B.": lambda dC, C, A, B: dC @ A.T,
    "C is used in place of dC.": lambda dC, C, A, B: C @ B.T,
    "entries are multiplied one by one. It takes a matrix product.": lambda dC, C, A, B: dC * B,
    "entries are multiplied one by one. It takes a matrix product, with the transpose of B.": lambda dC, C, A, B: dC * B.T,
    "this is the slope alone. Multiply dC with it.": lambda dC, C, A, B: B.T,
    "this is B. The gradient is dC times its transpose.": lambda dC, C, A, B: B,
    "it is divided by the number of rows. The gradient is a sum, not a mean.": lambda dC, C, A, B: dC @ B.T / len(dC),
    "dC is passed on as it is. Multiply it with the transpose of B.": lambda dC, C, A, B: dC,
}  # fmt: skip
DB_MISTAKES = {
    "A is not transposed: A.T dC has the shape of B.": lambda dC, C, A, B: A @ dC,
    "this is the transpose of the gradient. A.T comes first: A.T dC.": lambda dC, C, A, B: dC.T @ A,
    "the factors stand the other way round. A.T comes first: A.T dC.": lambda dC, C, A, B: dC @ A.T,
    "the factors stand the other way round, and A is not transposed: A.T dC.": lambda dC, C, A, B: dC @ A,
    "dC is transposed too. Only A is.": lambda dC, C, A, B: A.T @ dC.T,
    "dC is transposed in place of A.": lambda dC, C, A, B: A @ dC.T,
    "this is the gradient of A. That of B is A.T dC.": lambda dC, C, A, B: dC @ B.T,
    "B is used in place of A: B grows C at the rate of A.": lambda dC, C, A, B: B.T @ dC,
    "C is used in place of dC.": lambda dC, C, A, B: A.T @ C,
    "entries are multiplied one by one. It takes a matrix product.": lambda dC, C, A, B: dC * A,
    "entries are multiplied one by one. It takes a matrix product, with the transpose of A.": lambda dC, C, A, B: A.T * dC,
    "this is the slope alone. Multiply it with dC.": lambda dC, C, A, B: A.T,
    "this is A. The gradient is its transpose times dC.": lambda dC, C, A, B: A,
    "it is divided by the number of rows. The gradient adds up what all rows say.": lambda dC, C, A, B: A.T @ dC / len(dC),
    "dC is passed on as it is. Multiply the transpose of A with it.": lambda dC, C, A, B: dC,
}  # fmt: skip


judge_dot_dA = judging(
    dot_dA,
    RULE_CASES,
    DA_MISTAKES,
    otherwise="the gradient of A is wrong: dC times the transpose of B, as matrices.",
    right="the gradient has the shape of A, and each row of dC is spread by the columns of B.",
)


judge_dot_dB = judging(
    dot_dB,
    RULE_CASES,
    DB_MISTAKES,
    otherwise="the gradient of B is wrong: the transpose of A times dC, as matrices.",
    right="the gradient has the shape of B, and all rows of A and dC are added up in it.",
)


# --- What was broadcast ---------------------------------------------------------------------------------------------------

SUM_CASES = [
    numpy_call("", shape=shape, dC=dC)
    for shape, dC in (
        ((2,), floats([[1, 2], [3, 5]])),
        ((2,), floats([[1, 2], [3, 4], [5, 6]])),
        ((2, 1), floats([[1, 2], [3, 5]])),
        ((3, 1), floats([[1, 2], [3, 4], [5, 6]])),
        ((1, 2), floats([[1, 2], [3, 4], [5, 6]])),
        ((2, 2), floats([[1, 2], [3, 5]])),
        ((2,), floats([3, 4])),
        ((), floats([[1, 2], [3, 5]])),
        ((1,), floats([[1, 2], [3, 5]])),
        ((1, 1), floats([[1, 2], [3, 5]])),
        ((3, 2), some(4, 3, 2)),
        ((3, 1), some(4, 3, 2)),
        ((2, 1, 3), some(5, 2, 4, 3)),
        ((7,), some(1, 7)),
        ((7,), some(96, 7)),
        ((7,), some(256, 7)),
    )
]


def summing(missing=lambda dC, n: dC.sum(axis=tuple(range(n))), repeated=lambda dC, axes: dC.sum(axis=axes, keepdims=True)):
    """A summed_to with another treatment of the axes that `shape` lacks, or of those where it has the length 1."""

    def summed_to(shape, dC):
        if dC.shape == shape:
            return dC
        dC = missing(dC, dC.ndim - len(shape))
        return repeated(dC, tuple(axis for axis, length in enumerate(shape) if length == 1))

    return summed_to


def columns(shape, dC):
    return dC if dC.shape == shape else dC.sum(axis=1)


SUM_MISTAKES = {
    "dC comes back as it is: sum over the axes along which the array was broadcast.": lambda shape, dC: dC,
    "the axes that shape lacks are not summed.": summing(missing=lambda dC, n: dC),
    "axes where shape has the length 1 are not summed.": summing(repeated=lambda dC, axes: dC),
    "axes where the length is 1 disappear: keepdims=True keeps them.": summing(repeated=lambda dC, axes: dC.sum(axis=axes)),
    "it takes the mean. Each row is a path of its own, and paths are added: sum.":
        summing(lambda dC, n: dC.mean(axis=tuple(range(n))), lambda dC, axes: dC.mean(axis=axes, keepdims=True)),
    "it takes the mean over the axes that shape lacks. Paths are added: sum.":
        summing(missing=lambda dC, n: dC.mean(axis=tuple(range(n)))),
    "it takes the mean where the length is 1. Paths are added: sum.":
        summing(repeated=lambda dC, axes: dC.mean(axis=axes, keepdims=True)),
    "it sums over the last axes. Shapes are lined up at their ends, so those that shape lacks come first.":
        summing(missing=lambda dC, n: dC.sum(axis=tuple(range(dC.ndim - n, dC.ndim)))),
    "each row is added up. The axis that shape lacks is the first: axis=0.": columns,
    "it sums over axis 0 whatever the shape is.": lambda shape, dC: dC.sum(axis=0),
    "it sums over axis 0 whatever is missing, or has the length 1.": lambda shape, dC: dC if dC.shape == shape else dC.sum(axis=0),
    "only the first of the axes that shape lacks is summed.":
        summing(missing=lambda dC, n: dC.sum(axis=0) if n else dC),
    "it adds up everything, to one number. Only the axes that were broadcast are summed.": lambda shape, dC: dC.sum(),
    "it adds up everything unless the shapes agree. Only the axes that were broadcast are summed.":
        lambda shape, dC: dC if dC.shape == shape else dC.sum(),
    "it keeps the first row and drops the others, whose paths count too: sum.":
        summing(missing=lambda dC, n: dC[(0,) * n]),
    "it takes the maximum. Paths are added: sum.":
        summing(lambda dC, n: dC.max(axis=tuple(range(n))), lambda dC, axes: dC.max(axis=axes, keepdims=True)),
    "axes that shape lacks stay, with the length 1: keepdims belongs to the second sum only.":
        summing(missing=lambda dC, n: dC.sum(axis=tuple(range(n)), keepdims=True)),
    "numbers are moved to the shape, not added up.": lambda shape, dC: np.resize(dC, shape),
    "reshape only renames the places. The numbers must be added up.": lambda shape, dC: dC.reshape(shape),
    "it gives an array of zeros.": lambda shape, dC: np.zeros(shape),
    "it adds up everything, and gives that number in all places.": lambda shape, dC: np.full(shape, dC.sum()),
}  # fmt: skip


judge_summed_to = judging(
    book.summed_to,
    SUM_CASES,
    SUM_MISTAKES,
    otherwise="the sum is wrong: over the axes that shape lacks, and over those where its length is 1.",
    right="each gradient comes out in the shape of its array, with all paths added up.",
)
