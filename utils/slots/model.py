"""The slots of the chapters on the model, on prediction and on the linear baseline: functions of X and params."""

from mxnet import nd

from ..network import mlp as book
from .judging import call, floats, gradient, judge, some, takes

X1, W1, b1, W2, b2 = (
    floats(numbers) for numbers in ([[1, 2]], [[1, -1, 2], [1, 1, -2]], [0.5, -2, 1], [[1, 0], [2, 3], [-1, 1]], [1, -1])
)
SMALL = [W1, b1, W2, b2]


def two_layers(d, h, q, seed=1):
    return [some(d, h, seed=seed) / d**0.5, some(h, seed=seed + 1), some(h, q, seed=seed + 2), some(q, seed=seed + 3)]


CASES = [
    call(X=X1, params=SMALL),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=SMALL),
    call(X=some(3, 1, 4, 4), params=two_layers(16, 5, 7)),
    call(X=some(1, 784), params=two_layers(784, 7, 10)),
    call(X=some(96, 1, 28, 28), params=two_layers(784, 7, 10)),
    call(X=some(256, 1, 4, 4), params=two_layers(16, 256, 10)),
    gradient("params", X=X1, params=SMALL),
    gradient("X", X=some(3, 1, 2, 2), params=two_layers(4, 5, 2)),
]


def flat(X, params):
    return X.reshape((-1, params[0].shape[0]))


def hidden(X, params):
    return nd.dot(flat(X, params), params[0]) + params[1]


def out(H, params):
    return nd.dot(H, params[2]) + params[3]


MISTAKES = {
    "relu is missing: without it two layers are no more than one.": lambda X, params: out(hidden(X, params), params),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        lambda X, params: nd.relu(out(nd.relu(hidden(X, params)), params)),
    "relu is on the scores in place of the hidden layer.": lambda X, params: nd.relu(out(hidden(X, params), params)),
    "b1 is added after relu. It belongs inside: relu(X W1 + b1).":
        lambda X, params: out(nd.relu(nd.dot(flat(X, params), params[0])) + params[1], params),
    "b1 is not added.": lambda X, params: out(nd.relu(nd.dot(flat(X, params), params[0])), params),
    "b2 is not added.": lambda X, params: nd.dot(nd.relu(hidden(X, params)), params[2]),
    "neither bias is added.": lambda X, params: nd.dot(nd.relu(nd.dot(flat(X, params), params[0])), params[2]),
    "softmax is applied to the scores. The loss does that: mlp gives the scores themselves.":
        lambda X, params: nd.softmax(out(nd.relu(hidden(X, params)), params)),
    "it gives the hidden units, not the scores: the second layer is missing.": lambda X, params: nd.relu(hidden(X, params)),
    "it gives the class with the highest score. All scores are asked for.":
        lambda X, params: out(nd.relu(hidden(X, params)), params).argmax(axis=1),
    "the hidden layer has a sigmoid in place of relu.": lambda X, params: out(nd.sigmoid(hidden(X, params)), params),
    "the hidden layer has tanh in place of relu.": lambda X, params: out(nd.tanh(hidden(X, params)), params),
    "the hidden layer has an absolute value in place of relu.": lambda X, params: out(nd.abs(hidden(X, params)), params),
    "relu is on X in place of the hidden layer.":
        lambda X, params: out(hidden(nd.relu(X), params), params),
    "X is not flattened: images of shape (n, 1, h, w) need reshape before the product.":
        lambda X, params: out(nd.relu(nd.dot(X, params[0]) + params[1]), params),
    "784 seems to be written in. The number of rows of W1 is W1.shape[0], whatever the images are.":
        lambda X, params: out(nd.relu(nd.dot(X.reshape((-1, 784)), params[0]) + params[1]), params),
    "256 images seem to be written in. Let reshape find the number of rows: -1.":
        lambda X, params: out(nd.relu(nd.dot(X.reshape((256, -1)), params[0]) + params[1]), params),
    "the pixels of several images are mixed: each image should be a row, reshape((-1, W1.shape[0])).":
        lambda X, params: out(nd.relu(nd.dot(X.reshape((params[0].shape[0], -1)).T, params[0]) + params[1]), params),
    "rows and columns of the scores are swapped: a row for each image is asked for.":
        lambda X, params: out(nd.relu(hidden(X, params)), params).T,
}  # fmt: skip


def judge_mlp(mlp):
    judge(
        mlp,
        book,
        CASES,
        MISTAKES,
        "the scores are wrong. Is everything taken from X and params, in the order of the two formulas?",
    )
    takes(mlp, "X", "params", example="mlp(X=images, params=params)")
    return "the scores are right for flat images and square ones, other sizes too, and autograd finds the gradients."


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
PREDICT_MISTAKES = {
    "it looks for the highest score of each column, over all images. Each image is a row: axis=1.":
        lambda X, params: book(X, params).argmax(axis=0),
    "it gives the place of the lowest score: argmax, not argmin.": lambda X, params: book(X, params).argmin(axis=1),
    "it gives the highest score itself. The class is the column in which it stands: argmax.":
        lambda X, params: book(X, params).max(axis=1),
    "it gives all scores. The class with the highest one is asked for.": lambda X, params: book(X, params),
    "it gives probabilities. The class with the highest one is asked for.": lambda X, params: nd.softmax(book(X, params)),
    "it gives the highest probability itself. The class is the column in which it stands: argmax.":
        lambda X, params: nd.softmax(book(X, params)).max(axis=1),
    "one answer comes out for all images together. Each row has its own: axis=1.":
        lambda X, params: book(X, params).reshape((-1,)).argmax(axis=0),
    "the classes come out in a column, shape (n, 1). The shape (n,) is asked for.":
        lambda X, params: book(X, params).argmax(axis=1, keepdims=True),
    "it gives each image a row with a 1 in it. The number of the class is asked for.":
        lambda X, params: nd.one_hot(book(X, params).argmax(axis=1), params[2].shape[1]),
    "each class is one too high: the first class is 0.": lambda X, params: book(X, params).argmax(axis=1) + 1,
    "it gives the first image's class only.": lambda X, params: book(X, params)[:1].argmax(axis=1),
    "it looks for the largest hidden unit, not for the highest score.": lambda X, params: nd.relu(hidden(X, params)).argmax(axis=1),
    "it looks for the largest pixel, not for the highest score.": lambda X, params: flat(X, params).argmax(axis=1),
    "relu is missing in its network: call mlp.": lambda X, params: out(hidden(X, params), params).argmax(axis=1),
}  # fmt: skip


def judge_predict(predict):
    judge(predict, lambda X, params: book(X, params).argmax(axis=1).astype("float32"), PREDICT_CASES, PREDICT_MISTAKES,
          "some class is wrong: it should be the column of the highest score that mlp gives for the image.")  # fmt: skip
    takes(predict, "X", "params", example="predict(X=images, params=params)")
    return "each image gets the class with its highest score."


# --- The linear baseline ----------------------------------------------------------------------------------------------------

LINE = [floats([[1, 0, -2], [2, 1, 0]]), floats([1, -3, 0.5])]


def one_layer(d, q, seed=1):
    return [some(d, q, seed=seed) / d**0.5, some(q, seed=seed + 1)]


LINEAR_CASES = [
    call(X=X1, params=LINE),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=LINE),
    call(X=some(3, 1, 4, 4), params=one_layer(16, 7)),
    call(X=some(1, 784), params=one_layer(784, 10)),
    call(X=some(96, 1, 28, 28), params=one_layer(784, 10)),
    call(X=some(256, 1, 4, 4), params=one_layer(16, 10)),
    gradient("params", X=X1, params=LINE),
    gradient("X", X=some(3, 1, 2, 2), params=one_layer(4, 2)),
]


def line(X, params):
    return nd.dot(flat(X, params), params[0]) + params[1]


LINEAR_MISTAKES = {
    "b is not added.": lambda X, params: nd.dot(flat(X, params), params[0]),
    "b is subtracted.": lambda X, params: nd.dot(flat(X, params), params[0]) - params[1],
    "b is multiplied with X W. Add it.": lambda X, params: nd.dot(flat(X, params), params[0]) * params[1],
    "relu is on the scores: a linear model has none, and scores may be negative.": lambda X, params: nd.relu(line(X, params)),
    "softmax is applied to the scores. The loss does that: linear_net gives the scores themselves.":
        lambda X, params: nd.softmax(line(X, params)),
    "a sigmoid is on the scores: a linear model has none.": lambda X, params: nd.sigmoid(line(X, params)),
    "X is not flattened: images of shape (n, 1, h, w) need reshape before the product.":
        lambda X, params: nd.dot(X, params[0]) + params[1],
    "784 seems to be written in. The number of rows of W is W.shape[0], whatever the images are.":
        lambda X, params: nd.dot(X.reshape((-1, 784)), params[0]) + params[1],
    "256 images seem to be written in. Let reshape find the number of rows: -1.":
        lambda X, params: nd.dot(X.reshape((256, -1)), params[0]) + params[1],
    "the pixels of several images are mixed: each image should be a row, reshape((-1, W.shape[0])).":
        lambda X, params: nd.dot(X.reshape((params[0].shape[0], -1)).T, params[0]) + params[1],
    "rows and columns of the scores are swapped: a row for each image is asked for.": lambda X, params: line(X, params).T,
    "it gives the class with the highest score. All scores are asked for.": lambda X, params: line(X, params).argmax(axis=1),
    "relu is on X, so that its negative numbers are lost.": lambda X, params: line(nd.relu(X), params),
}  # fmt: skip


def judge_linear_net(linear_net):
    judge(
        linear_net,
        line,
        LINEAR_CASES,
        LINEAR_MISTAKES,
        "the scores are wrong. Is everything taken from X and params, as in O = X W + b?",
    )
    takes(linear_net, "X", "params", example="linear_net(X=images, params=params)")
    return "the scores are right for flat images and square ones, other sizes too, and autograd finds the gradients."
