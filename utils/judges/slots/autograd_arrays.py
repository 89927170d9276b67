"""The slots of the chapter on an autograd for arrays: two rules, and the sum over what was broadcast."""

import numpy as np

from ...engine.autograd import summed_to
from ...engine.rules import dot_dA, dot_dB
from ..cases import floats, numpy_call, some, whole
from ..judging import judging
from ..mistakes import mistakes


def rule_case(A, B, dC):
    return numpy_call("", dC=dC, C=A @ B, A=A, B=B)


SQUARES = floats([[1, 2], [3, 4]]), floats([[5, 6], [7, 9]]), floats([[1, 0], [2, 3]])
RULE_CASES = [
    rule_case(*SQUARES),
    rule_case(floats([[1, 2]]), floats([[3, 4, 5], [6, 7, 8]]), floats([[1, 0, -1]])),
    rule_case(some(1, 5), some(5, 3, seed=1), some(1, 3, seed=2)),
    rule_case(floats([[1, 2], [3, 4], [5, 6]]), floats([[1], [2]]), floats([[1], [0], [2]])),
    rule_case(floats([[1], [2], [3]]), floats([[1, 2]]), floats([[1, 0], [2, 3], [-1, 1]])),
    whole(rule_case(np.array([[1, 2]]), np.array([[3, 4], [5, 7]]), np.array([[0.5, 0.25]])), "A", "B"),
    rule_case(some(256, 7).astype(float), some(7, 2, seed=1).astype(float), some(256, 2, seed=2).astype(float)),
]
DA_MISTAKES = mistakes(dot_dA, {
    "B is not transposed: dC B.T has the shape of A.": ("B.T", "B"),
    "this is the transpose of the gradient. dC comes first: dC B.T.": ("dC, B.T", "B, dC.T"),
    "the factors stand the other way round. dC comes first: dC B.T.": ("dC, B.T", "B.T, dC"),
    "dC is transposed in place of B.": ("dC, B.T", "dC.T, B"),
    "this is the gradient of B. That of A is dC B.T.": ("dC, B.T", "A.T, dC"),
    "C is used in place of dC.": ("np.dot(dC", "np.dot(C"),
    "entries are multiplied one by one. It takes a matrix product.": ("np.dot(dC, B.T)", "dC * B"),
    "entries are multiplied one by one. It takes a matrix product, with the transpose of B.": ("np.dot(dC, B.T)", "dC * B.T"),
    "this is the slope alone. Multiply dC with it.": ("np.dot(dC, B.T)", "B.T"),
    "it is divided by the number of rows. The gradient is a sum, not a mean.": ("B.T)", "B.T) / len(dC)"),
    "dC is passed on as it is. Multiply it with the transpose of B.": ("np.dot(dC, B.T)", "dC"),
    "fractions are cut off where A holds whole numbers: np.zeros_like(A) takes its type, and np.zeros(A.shape) makes floats.":
        ("np.dot(dC, B.T)", "np.dot(dC, B.T).astype(A.dtype)"),
    "axes of length 1 disappear, as squeeze lets them. The gradient has the shape of A.": ("np.dot(dC, B.T)", "np.squeeze(np.dot(dC, B.T))"),
})  # fmt: skip
DB_MISTAKES = mistakes(dot_dB, {
    "A is not transposed: A.T dC has the shape of B.": ("A.T", "A"),
    "this is the transpose of the gradient. A.T comes first: A.T dC.": ("A.T, dC", "dC.T, A"),
    "the factors stand the other way round. A.T comes first: A.T dC.": ("A.T, dC", "dC, A.T"),
    "dC is transposed in place of A.": ("A.T, dC", "A, dC.T"),
    "this is the gradient of A. That of B is A.T dC.": ("A.T, dC", "dC, B.T"),
    "C is used in place of dC.": (", dC)", ", C)"),
    "entries are multiplied one by one. It takes a matrix product.": ("np.dot(A.T, dC)", "A * dC"),
    "entries are multiplied one by one. It takes a matrix product, with the transpose of A.": ("np.dot(A.T, dC)", "A.T * dC"),
    "this is the slope alone. Multiply it with dC.": ("np.dot(A.T, dC)", "A.T"),
    "it is divided by the number of rows. The gradient adds up what all rows say.": ("dC)", "dC) / len(dC)"),
    "dC is passed on as it is. Multiply the transpose of A with it.": ("np.dot(A.T, dC)", "dC"),
    "fractions are cut off where B holds whole numbers: np.zeros_like(B) takes its type, and np.zeros(B.shape) makes floats.":
        ("np.dot(A.T, dC)", "np.dot(A.T, dC).astype(B.dtype)"),
    "axes of length 1 disappear, as squeeze lets them. The gradient has the shape of B.": ("np.dot(A.T, dC)", "np.squeeze(np.dot(A.T, dC))"),
})  # fmt: skip


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
        ((2,), floats([[2, 0], [-1, 4]])),
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
        ((2,), some(2, 3, 4, 2)),
        ((3, 1), some(4, 3, 2)),
        ((2, 1, 3), some(5, 2, 4, 3)),
        ((7,), some(256, 7).astype(float)),
    )
]


LACKING = "dC = dC.sum(axis=tuple(range(dC.ndim - len(shape))))"
SUM_MISTAKES = mistakes(summed_to, {
    "it sums over as many axes as shape has. Those that it lacks are the first dC.ndim - len(shape).":
        ("range(dC.ndim - len(shape))", "range(len(shape))"),
    "axes where the length is 1 disappear: keepdims=True keeps them.": (", keepdims=True", ""),
    "it takes the mean where the length is 1. Paths are added: sum.": ("return dC.sum", "return dC.mean"),
    "dC comes back as it is: sum over the axes along which the array was broadcast.": ("return dC",),
    "the axes that shape lacks are not summed.": (f"    {LACKING}\n", ""),
    "axes where shape has the length 1 are not summed.": ("return dC.sum(axis=repeated, keepdims=True)", "return dC"),
    "it takes the mean. Each row is a path of its own, and paths are added: sum.": (".sum(", ".mean("),
    "it takes the mean over the axes that shape lacks. Paths are added: sum.": ("dC = dC.sum", "dC = dC.mean"),
    "it sums over the last axes. Shapes are lined up at their ends, so those that shape lacks come first.":
        ("range(dC.ndim - len(shape))", "range(len(shape), dC.ndim)"),
    "each row is added up. The axis that shape lacks is the first: axis=0.":
        ("return dC if dC.shape == shape else dC.sum(axis=1)",),
    "it sums over axis 0 whatever is missing, or has the length 1.":
        ("return dC if dC.shape == shape else dC.sum(axis=0)",),
    "only the first of the axes that shape lacks is summed.":
        (LACKING, "if dC.ndim > len(shape):\n        dC = dC.sum(axis=0)"),
    "only the first two of the axes that shape lacks are summed.":
        (LACKING, "for _ in range(min(2, dC.ndim - len(shape))):\n        dC = dC.sum(axis=0)"),
    "it adds up everything, to one number. Only the axes that were broadcast are summed.": ("return dC.sum()",),
    "it adds up everything unless the shapes agree. Only the axes that were broadcast are summed.":
        ("return dC if dC.shape == shape else dC.sum()",),
    "it keeps the first row and drops the others, whose paths count too: sum.":
        (LACKING, "while dC.ndim > len(shape):\n        dC = dC[0]"),
    "axes that shape lacks stay, with the length 1: keepdims belongs to the second sum only.":
        ("len(shape))))", "len(shape))), keepdims=True)"),
    "numbers are moved to the shape, not added up.": ("return np.resize(dC, shape)",),
})  # fmt: skip


judge_summed_to = judging(
    summed_to,
    SUM_CASES,
    SUM_MISTAKES,
    otherwise="the sum is wrong: over the axes that shape lacks, and over those where its length is 1.",
    right="each gradient comes out in the shape of its array, with all paths added up.",
)
