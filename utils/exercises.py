"""The questions of the chapters' *check yourself* cells, and the verdict on an answer."""
import numpy as np
from mxnet import nd

# name: (the right answer, what to say when it is right, {a usual wrong answer: what to say to it}, a hint for any other)
QUESTIONS = {
    "relu": (
        [0, 0, 3], "relu keeps what is positive and turns the rest into 0.",
        {(-2, 0, 3): "that is the input itself. What does relu do with -2?",
         (2, 0, 3): "that is the absolute value. relu does not flip a sign, it cuts off.",
         (0, 0, 1): "that is the gradient. The question asks for the value."},
        "take the larger of each number and 0.",
    ),
}


def check(name, answer):
    """Print a verdict on the answer to the question called `name`: right, or not yet, and a hint.

    `answer` is a number, or a list, tuple or array of numbers; `...` counts as not answered yet. A number is right
    within 0.1 %. Raises KeyError for a name that no chapter asks.
    """
    right, praise, wrong, hint = QUESTIONS[name]
    if answer is ...:
        print("Not answered yet: put your answer in the place of the dots and run the cell again.")
    elif _same(answer, right):
        print(f"Right: {praise}")
    else:
        hints = [text for usual, text in wrong.items() if _same(answer, usual)]
        print(f"Not yet: {(hints or [hint])[0]}")


def _same(answer, right):
    try:
        given = np.asarray(answer.asnumpy() if isinstance(answer, nd.NDArray) else answer, dtype=float)
    except (TypeError, ValueError):
        return False
    right = np.asarray(right, dtype=float)
    return given.shape == right.shape and np.allclose(given, right, rtol=1e-3, atol=1e-9)
