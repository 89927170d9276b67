"""The slot of the chapter on the activation."""

import numpy as np

from ...network import relu as book
from ..cases import call, floats, gradient, some
from ..judging import judging
from ..mistakes import mistakes

CASES = [
    call(X=floats([[-2, 0, 3]])),
    call(X=floats([[-2, 0, 3], [0.5, -0.5, 0]])),
    call(X=floats([[-1000, 1000], [-0.01, 0.01], [7, 8]])),
    call(X=floats([[-1e30, 1e30]])),
    call(X=floats([-3, 1, 2])),
    call(X=floats([[-2, -1]])),
    call(X=some(256, 3)),
    call(X=some(2, 1, 3, 3)),
    gradient("X", X=floats([[-2, -0.5, 3], [0.5, 1, -9]])),
    gradient("X", X=floats([[-2, -1]])),
]

MISTAKES = mistakes(book, {
    "it keeps what is negative and drops what is positive. The larger of x and 0 is asked for.": ("return nd.minimum(X, 0)",),
    "what is negative comes out positive: it should become 0.": ("return nd.abs(X)",),
    "it gives 1 where X is positive, which is the slope of relu. The number itself should be kept.": ("return X > 0",),
    "a little of what is negative gets through, a hundredth of it. That is the leaky relu.": ("return nd.maximum(X, 0.01 * X)",),
    "a little of what is negative gets through, a tenth of it. That is a leaky relu.": ("return nd.maximum(X, 0.1 * X)",),
    "what is negative should become 0, and becomes 1.": ("return nd.where(X > 0, X, nd.ones_like(X))",),
    "numbers above 1 are cut off. Only those below 0 should change.": ("return nd.clip(X, 0, 1)",),
    "numbers above 6 are cut off. Only those below 0 should change.": ("return nd.clip(X, 0, 6)",),
    "numbers above 100 are cut off. Only those below 0 should change.": ("return nd.clip(X, 0, 100)",),
    "numbers above 1000 are cut off. Only those below 0 should change.": ("return nd.clip(X, 0, 1000)",),
    "X comes out as it went in: nothing is set to 0.": ("return X",),
    "it gives the largest number of all, one number in place of an array. Compare each number with 0.": ("return X.max()",),
    "it gives the largest number of each row. Compare each number with 0.": ("return X.max(axis=1)",),
    "it gives the largest number of each column: nd.max(X, 0) takes 0 for the axis. nd.maximum(X, 0) compares each number with 0.":
        ("return nd.max(X, 0)",),
    "X[X < 0] does not choose the negative numbers: the condition is taken for numbers of rows, 0 and 1. Use nd.maximum.":
        ("Y = X.copy()\nY[Y < 0] = 0\nreturn Y",),
    "this is the sigmoid, which bends everywhere. relu keeps positive numbers as they are.": ("return nd.sigmoid(X)",),
    "this is tanh, which bends everywhere. relu keeps positive numbers as they are.": ("return nd.tanh(X)",),
    "this is a smooth relu, log(1 + exp(x)). The one asked for is exactly 0 below 0.": ("return nd.log(1 + nd.exp(X))",),
})  # fmt: skip

INFINITE = (
    "what comes out is not finite: the square of 1e30 and the exponential of 89 are too large for float32, and 0 / 0 is nan."
)

judge_relu = judging(
    book,
    CASES,
    MISTAKES,
    otherwise="some number comes out wrong: what is above 0 should stay, and the rest become 0.",
    right="what is positive stays, the rest is 0, and autograd finds the slopes 1 and 0.",
    seen=lambda right, result: None if np.isfinite(result[""]).all() else INFINITE,
)
