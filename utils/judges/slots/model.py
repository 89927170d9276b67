"""The slots of the chapters on the model, on prediction and on the linear baseline: functions of X and params."""

from mxnet import nd

from ...network import mlp as book
from ..judging import call, floats, gradient, judging, some, two_layers

dot, relu = nd.dot, nd.relu


def flat(X, params):
    return X.reshape((-1, params[0].shape[0]))


def of_rows(table):
    """{sentence: function of X and params} from functions of X as rows and of each parameter."""
    return {why: (lambda X, params, f=f: f(flat(X, params), *params)) for why, f in table.items()}


def shape_mistakes(net, W):
    """Mistakes with the shape of X or of the scores. net(X, ...) takes X as rows, and each parameter; W is the name of the first."""

    def reshaped(reshape):
        return lambda X, params: net(reshape(X, params[0].shape[0]), *params)

    written_in = f"784 seems to be written in. The number of rows of {W} is {W}.shape[0], whatever the images are."
    return {
        "X is not flattened: images of shape (n, 1, h, w) need reshape before the product.": reshaped(lambda X, d: X),
        written_in: reshaped(lambda X, d: X.reshape((-1, 784))),
        f"images are cut into rows of 784 numbers where that is possible. A row has {W}.shape[0].":
            reshaped(lambda X, d: X.reshape((-1, 784 if X.size % 784 == 0 else d))),
        "256 images seem to be written in. Let reshape find the number of rows: -1.":
            reshaped(lambda X, d: X.reshape((256, -1))),
        f"the pixels of several images are mixed: each image should be a row, reshape((-1, {W}.shape[0])).":
            reshaped(lambda X, d: X.reshape((d, -1)).T),
        **of_rows({
            "softmax is applied to the scores. The loss does that: give the scores themselves.":
                lambda X, *params: nd.softmax(net(X, *params)),
            "rows and columns of the scores are swapped: a row for each image is asked for.": lambda X, *params: net(X, *params).T,
            "it gives the class with the highest score. All scores are asked for.":
                lambda X, *params: net(X, *params).argmax(axis=1),
        }),
    }  # fmt: skip


# --- The network ------------------------------------------------------------------------------------------------------------

X1, W1, b1, W2, b2 = (
    floats(numbers) for numbers in ([[1, 2]], [[1, -1, 2], [1, 1, -2]], [0.5, -2, 1], [[1, 0], [2, 3], [-1, 1]], [1, -1])
)
SMALL = [W1, b1, W2, b2]
CASES = [
    call(X=X1, params=SMALL),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=SMALL),
    call(X=some(3, 1, 4, 4), params=two_layers(16, 5, 7)),
    call(X=some(49, 1, 4, 4), params=two_layers(16, 5, 7)),  # as many numbers as one image of the course has
    call(X=some(1, 784), params=two_layers(784, 7, 10)),
    call(X=some(96, 1, 28, 28), params=two_layers(784, 7, 10)),
    call(X=some(256, 1, 4, 4), params=two_layers(16, 256, 10)),
    gradient("params", X=X1, params=SMALL),
    gradient("X", X=some(3, 1, 2, 2), params=two_layers(4, 5, 2)),
]


def network(X, W1, b1, W2, b2):
    return dot(relu(dot(X, W1) + b1), W2) + b2


MISTAKES = of_rows({
    "relu is missing: without it two layers are no more than one.": lambda X, W1, b1, W2, b2: dot(dot(X, W1) + b1, W2) + b2,
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        lambda X, W1, b1, W2, b2: relu(dot(relu(dot(X, W1) + b1), W2) + b2),
    "relu is on the scores in place of the hidden layer.": lambda X, W1, b1, W2, b2: relu(dot(dot(X, W1) + b1, W2) + b2),
    "relu is on X in place of the hidden layer.": lambda X, W1, b1, W2, b2: dot(dot(relu(X), W1) + b1, W2) + b2,
    "b1 is added after relu. It belongs inside: relu(X W1 + b1).": lambda X, W1, b1, W2, b2: dot(relu(dot(X, W1)) + b1, W2) + b2,
    "b1 is not added.": lambda X, W1, b1, W2, b2: dot(relu(dot(X, W1)), W2) + b2,
    "b2 is not added.": lambda X, W1, b1, W2, b2: dot(relu(dot(X, W1) + b1), W2),
    "neither bias is added.": lambda X, W1, b1, W2, b2: dot(relu(dot(X, W1)), W2),
    "it gives the hidden units, not the scores: the second layer is missing.": lambda X, W1, b1, W2, b2: relu(dot(X, W1) + b1),
    "the hidden layer has a sigmoid in place of relu.": lambda X, W1, b1, W2, b2: dot(nd.sigmoid(dot(X, W1) + b1), W2) + b2,
    "the hidden layer has tanh in place of relu.": lambda X, W1, b1, W2, b2: dot(nd.tanh(dot(X, W1) + b1), W2) + b2,
    "the hidden layer has an absolute value in place of relu.": lambda X, W1, b1, W2, b2: dot(nd.abs(dot(X, W1) + b1), W2) + b2,
}) | shape_mistakes(network, "W1")  # fmt: skip
judge_mlp = judging(
    book,
    CASES,
    MISTAKES,
    otherwise="the scores are wrong. Is everything taken from X and params, in the order of the two formulas?",
    right="the scores are right for flat images and square ones, other sizes too, and autograd finds the gradients.",
)

# --- Prediction -------------------------------------------------------------------------------------------------------------

CHOICE = [floats([[1, 0], [0, 1]]), floats([0, 0]), floats([[0, 1, 3], [2, 1, 0]]), floats([0, 0, 0])]
PREDICT_CASES = [
    call(X=floats([[1, 0], [0, 1]]), params=CHOICE),
    call(X=floats([[1, 0], [0, 1], [2, 1]]), params=CHOICE),
    call(X=floats([[1, 2]]), params=SMALL),
    call(X=some(1, 784), params=two_layers(784, 7, 10)),
    call(X=some(96, 1, 28, 28), params=two_layers(784, 7, 10)),
    call(X=some(256, 1, 4, 4), params=two_layers(16, 5, 10)),
]


def of_scores(table):
    """{sentence: function of X and params} from functions of the scores."""
    return {why: (lambda X, params, f=f: f(book(X, params))) for why, f in table.items()}


PREDICT_MISTAKES = of_scores({
    "it looks for the highest score of each column, over all images. Each image is a row: axis=1.": lambda O: O.argmax(axis=0),
    "it gives the place of the lowest score: argmax, not argmin.": lambda O: O.argmin(axis=1),
    "it gives the highest score itself. The class is the column in which it stands: argmax.": lambda O: O.max(axis=1),
    "it gives all scores. The class with the highest one is asked for.": lambda O: O,
    "it gives probabilities. The class with the highest one is asked for.": lambda O: nd.softmax(O),
    "it gives the highest probability itself. The class is the column in which it stands: argmax.":
        lambda O: nd.softmax(O).max(axis=1),
    "one answer comes out for all images together. Each row has its own: axis=1.": lambda O: O.reshape((-1,)).argmax(axis=0),
    "the classes come out in a column, shape (n, 1). The shape (n,) is asked for.": lambda O: O.argmax(axis=1, keepdims=True),
    "it gives each image a row with a 1 in it. The number of the class is asked for.":
        lambda O: nd.one_hot(O.argmax(axis=1), O.shape[1]),
    "each class is one too high: the first class is 0.": lambda O: O.argmax(axis=1) + 1,
    "it gives the first image's class only.": lambda O: O[:1].argmax(axis=1),
}) | of_rows({
    "it looks for the largest hidden unit, not for the highest score.":
        lambda X, W1, b1, W2, b2: relu(dot(X, W1) + b1).argmax(axis=1),
    "it looks for the largest pixel, not for the highest score.": lambda X, *params: X.argmax(axis=1),
    "relu is missing in its network: call mlp.": lambda X, W1, b1, W2, b2: (dot(dot(X, W1) + b1, W2) + b2).argmax(axis=1),
})  # fmt: skip
judge_predict = judging(
    lambda X, params: book(X, params).argmax(axis=1),
    PREDICT_CASES,
    PREDICT_MISTAKES,
    otherwise="some class is wrong: it should be the column of the highest score that mlp gives for the image.",
    right="each image gets the class with its highest score.",
)

# --- The linear baseline ----------------------------------------------------------------------------------------------------

LINE = [floats([[1, 0, -2], [2, 1, 0]]), floats([1, -3, 0.5])]


def one_layer(d, q):
    return two_layers(d, q, 1)[:2]


LINEAR_CASES = [
    call(X=X1, params=LINE),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=LINE),
    call(X=some(3, 1, 4, 4), params=one_layer(16, 7)),
    call(X=some(49, 1, 4, 4), params=one_layer(16, 7)),
    call(X=some(1, 784), params=one_layer(784, 10)),
    call(X=some(96, 1, 28, 28), params=one_layer(784, 10)),
    call(X=some(256, 1, 4, 4), params=one_layer(16, 10)),
    gradient("params", X=X1, params=LINE),
    gradient("X", X=some(3, 1, 2, 2), params=one_layer(4, 2)),
]


def line(X, W, b):
    return dot(X, W) + b


LINEAR_MISTAKES = of_rows({
    "b is not added.": lambda X, W, b: dot(X, W),
    "b is subtracted.": lambda X, W, b: dot(X, W) - b,
    "b is multiplied with X W. Add it.": lambda X, W, b: dot(X, W) * b,
    "relu is on the scores: a linear model has none, and scores may be negative.": lambda X, W, b: relu(dot(X, W) + b),
    "a sigmoid is on the scores: a linear model has none.": lambda X, W, b: nd.sigmoid(dot(X, W) + b),
    "relu is on X, so that its negative numbers are lost.": lambda X, W, b: dot(relu(X), W) + b,
}) | shape_mistakes(line, "W")  # fmt: skip
judge_linear_net = judging(
    lambda X, params: line(flat(X, params), *params),
    LINEAR_CASES,
    LINEAR_MISTAKES,
    otherwise="the scores are wrong. Is everything taken from X and params, as in O = X W + b?",
    right="the scores are right for flat images and square ones, other sizes too, and autograd finds the gradients.",
)
