"""The questions of the chapters' *check yourself* cells, and the verdict on an answer."""
import numpy as np
from mxnet import nd

# name: (the right answer, what to say when it is right, {a usual wrong answer: what to say to it}, a hint for any other)
QUESTIONS = {
    "minibatches": (
        [600, 100], "600 x 100 is 60,000, and nothing is left over for a shorter one.",
        {(600, 0): "600 is right. The last of them is as full as the others.",
         (100, 600): "the two numbers are in the other order: minibatches first, then images in the last one.",
         (601, 0): "nothing is left over, so no further minibatch is needed.",
         (235, 96): "that is for batch_size 256."},
        "divide 60,000 by 100; what is left over goes into the last minibatch.",
    ),
    "parameters": (
        784 * 64 + 64 + 64 * 10 + 10, "two matrices of weights and two rows of biases.",
        {784 * 64 + 64 * 10: "those are the weights. Each of the 64 units and 10 classes has a bias as well.",
         784 * 64 + 64: "that is the first layer. There is a second one.",
         784 * 64: "that is W1 alone.",
         203530: "that is the network with 256 hidden units."},
        "count the numbers in W1, b1, W2 and b2 and add them up.",
    ),
    "relu": (
        [0, 0, 3], "relu keeps what is positive and turns the rest into 0.",
        {(-2, 0, 3): "that is the input itself. What does relu do with -2?",
         (2, 0, 3): "that is the absolute value. relu does not flip a sign, it cuts off.",
         (0, 0, 1): "that is the gradient. The question asks for the value."},
        "take the larger of each number and 0.",
    ),
    "loss": (
        1.386294, "-ln 0.25 = ln 4.",
        {-1.386294: "the size is right. A probability below 1 has a negative logarithm; the loss has the other sign.",
         2: "that is the surprise in bits, with the logarithm to base 2. Nats take the natural one.",
         0.60206: "that is the logarithm to base 10. Nats take the natural one.",
         0.75: "that is what is missing to 1. The loss is a logarithm.",
         2.302585: "that is the loss for a probability of 0.1."},
        "the loss is minus the natural logarithm of the probability.",
    ),
    "shape of H": (
        [96, 256], "a row for each image, a column for each hidden unit.",
        {(256, 96): "the two are in the other order: rows are examples.",
         (256, 256): "that is the shape for a full minibatch.",
         (96, 784): "that is the shape of the flattened X.",
         (96, 10): "that is the shape of O."},
        "H has a row for each image of the minibatch and a column for each hidden unit.",
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
