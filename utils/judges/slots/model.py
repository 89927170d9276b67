"""The slots of the chapters on the model, on prediction and on the linear baseline: functions of X and params."""

from mxnet import nd

from ...network import mlp, relu, softmax
from ..cases import call, floats, gradient, some, two_layers
from ..judging import judging
from ..mistakes import mistakes

COLUMN = "{} is made a column. Leave it as it is: it is added to each row."


def shape_mistakes(W, scores):
    """Rows on the shape of X and of the scores; W is the name of the first parameter, `scores` what the book returns."""
    rows = f"X.reshape((-1, {W}.shape[0]))"
    return {
        f"784 seems to be written in. The number of rows of {W} is {W}.shape[0], whatever the images are.": (rows, "X.reshape((-1, 784))"),
        "softmax is applied to the scores. The loss does that: give the scores themselves.":
            (f"return {scores}", f"return nd.softmax({scores})"),
        "X is not flattened: images of shape (n, 1, h, w) need reshape before the product.": (f"X = {rows}\n    ", ""),
        f"images are cut into rows of 784 numbers where that is possible. A row has {W}.shape[0].":
            (rows, f"X.reshape((-1, 784 if X.size % 784 == 0 else {W}.shape[0]))"),
        "256 images seem to be written in. Let reshape find the number of rows: -1.": (rows, "X.reshape((256, -1))"),
        f"the pixels of several images are mixed: each image should be a row, reshape((-1, {W}.shape[0])).":
            (rows, f"X.reshape(({W}.shape[0], -1)).T"),
        "rows and columns of the scores are swapped: a row for each image is asked for.": (f"return {scores}", f"return ({scores}).T"),
        "the logarithms of probabilities come out. Give the scores themselves: softmax belongs to the loss.":
            (f"return {scores}", f"return nd.log_softmax({scores})"),
        "X is divided by 255. Its pixels are from 0 to 1 already.": (rows, f"{rows} / 255"),
        "it gives the class with the highest score. All scores are asked for.":
            (f"return {scores}", f"return ({scores}).argmax(axis=1)"),
    }  # fmt: skip


# --- The network ------------------------------------------------------------------------------------------------------------

X1, W1, b1, W2, b2 = (
    floats(numbers) for numbers in ([[1, 2]], [[1, -1, 2], [1, 1, -2]], [0.5, -2, 1], [[1, 0], [2, 3], [-1, 1]], [1, -1])
)
SMALL = [W1, b1, W2, b2]
CASES = [
    call(X=X1, params=SMALL),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=SMALL),
    call(X=floats([[1000, 3000]]), params=SMALL),
    call(X=some(3, 1, 2, 8), params=two_layers(16, 5, 7)),
    call(X=some(49, 1, 4, 4), params=two_layers(16, 5, 7)),  # as many numbers as one image of the course has
    call(X=some(1, 784), params=two_layers(784, 7, 10)),
    call(X=some(256, 1, 4, 4), params=two_layers(16, 256, 12)),
    gradient("params", X=X1, params=SMALL),
    gradient("X", X=some(3, 1, 2, 2), params=two_layers(4, 5, 2)),
]


HIDDEN = "relu(nd.dot(X, W1) + b1)"
MISTAKES = mistakes(mlp, {
    "relu is missing: without it two layers are no more than one.": (HIDDEN, "nd.dot(X, W1) + b1"),
    "relu is on the scores as well. Only the hidden layer has it: scores may be negative.":
        ("return nd.dot(H, W2) + b2", "return relu(nd.dot(H, W2) + b2)"),
    **shape_mistakes("W1", "nd.dot(H, W2) + b2"),
    "relu is on the scores in place of the hidden layer.":
        (HIDDEN, "nd.dot(X, W1) + b1", "return nd.dot(H, W2) + b2", "return relu(nd.dot(H, W2) + b2)"),
    "relu is on X in place of the hidden layer.": (HIDDEN, "nd.dot(relu(X), W1) + b1"),
    "b1 is added after relu. It belongs inside: relu(X W1 + b1).": (HIDDEN, "relu(nd.dot(X, W1)) + b1"),
    "b1 is added to W1. It belongs to the product: X W1 + b1.": ("nd.dot(X, W1) + b1", "nd.dot(X, W1 + b1)"),
    "relu is on X, too. Only the hidden layer has it.": ("nd.dot(X, W1)", "nd.dot(relu(X), W1)"),
    "b1 is not added.": (" + b1", ""),
    "b2 is not added.": (" + b2", ""),
    "neither bias is added.": (" + b1", "", " + b2", ""),
    "it gives the hidden units, not the scores: the second layer is missing.": ("return nd.dot(H, W2) + b2", "return H"),
    "the hidden layer has a sigmoid in place of relu.": ("relu(", "nd.sigmoid("),
    "numbers above 100 are cut off in the hidden layer. relu keeps them.": ("relu(nd.dot(X, W1) + b1)", "nd.clip(nd.dot(X, W1) + b1, 0, 100)"),
    COLUMN.format("b1"): (" + b1", " + b1.reshape((-1, 1))"),
    COLUMN.format("b2"): (" + b2", " + b2.reshape((-1, 1))"),
    "the hidden layer has tanh in place of relu.": ("relu(", "nd.tanh("),
})  # fmt: skip

judge_mlp = judging(
    mlp,
    CASES,
    MISTAKES,
    otherwise="the scores are wrong. Is everything taken from X and params, in the order of the two formulas?",
    right="the scores are right for flat images and for images of any height and width, and autograd finds the gradients.",
)

# --- Prediction -------------------------------------------------------------------------------------------------------------

CHOICE = [floats([[1, 0], [0, 1]]), floats([0, 0]), floats([[0, 1, 3], [2, 1, 0]]), floats([0, 0, 0])]
PREDICT_CASES = [
    call(X=floats([[1, 0], [0, 1]]), params=CHOICE),
    call(
        X=floats([[1, 0], [0, 1], [2, 1], [100, 0]]), params=CHOICE
    ),  # a sigmoid of the last is 1 twice, an exponential overflows
    call(X=floats([[1, 0], [0, 1]]), params=[*CHOICE[:3], floats([-4, -4, -4])]),  # all scores are negative
    call(X=floats([[0, 0]]), params=CHOICE),  # all scores are equal
    call(X=floats([[1, 2]]), params=SMALL),
    call(X=some(3, 1, 2, 8), params=two_layers(16, 5, 7)),
    call(X=some(1, 784), params=two_layers(784, 7, 10)),
    call(X=some(256, 1, 4, 4), params=two_layers(16, 5, 12)),
    call(X=some(2001, 16), params=two_layers(16, 5, 12)),  # minibatches of equal size don't add up to so many
]


def predict(X, params):
    O = mlp(X, params)
    return O.argmax(axis=1)


PREDICT_MISTAKES = mistakes(predict, {
    "it looks for the highest score of each column, over all images. Each image is a row: axis=1.": ("axis=1", "axis=0"),
    "it gives the highest score itself. The class is the column in which it stands: argmax.": ("argmax", "max"),
    "it gives probabilities. The class with the highest one is asked for.": ("O.argmax(axis=1)", "softmax(O)"),
    "it gives the place of the lowest score: argmax, not argmin.": ("argmax", "argmin"),
    "it gives all scores. The class with the highest one is asked for.": (".argmax(axis=1)", ""),
    "it gives the highest probability itself. The class is the column in which it stands: argmax.": ("O.argmax", "softmax(O).max"),
    "one answer comes out for all images together. Each row has its own: axis=1.": ("O.argmax(axis=1)", "O.reshape(-1).argmax(axis=0)"),
    "the classes come out in a column, shape (n, 1). The shape (n,) is asked for.": ("axis=1", "axis=1, keepdims=True"),
    "it gives each image a row with a 1 in it. The number of the class is asked for.":
        ("O.argmax(axis=1)", "nd.one_hot(O.argmax(axis=1), O.shape[1])"),
    "each class is one too high: the first class is 0.": ("O.argmax(axis=1)", "O.argmax(axis=1) + 1"),
    "relu makes all scores below 0 equal. argmax should look at the scores themselves.": ("O.argmax", "relu(O).argmax"),
    "large scores have equal sigmoids, 1, and infinite exponentials. argmax should look at the scores themselves.":
        ("O.argmax", "nd.sigmoid(O).argmax"),
    "b2 is missing in its network: call mlp.": ("mlp(X, params)", "mlp(X, [*params[:3], 0 * params[3]])"),
    "it gives the first image's class only.": ("O.argmax", "O[:1].argmax"),
    "where several scores are the highest, their columns are added up. One class is asked for: argmax takes the first.":
        ("O.argmax(axis=1)", "nd.dot(O == O.max(axis=1, keepdims=True), nd.arange(O.shape[1]))"),
    "it looks for the largest hidden unit, not for the highest score.":
        ("W1, b1, W2, b2 = params\nX = X.reshape((-1, W1.shape[0]))\nreturn relu(nd.dot(X, W1) + b1).argmax(axis=1)",),
    "it looks for the largest pixel, not for the highest score.": ("return X.reshape((len(X), -1)).argmax(axis=1)",),
    "relu is missing in its network: call mlp.": (
        "W1, b1, W2, b2 = params\n"
        "X = X.reshape((-1, W1.shape[0]))\n"
        "H = nd.dot(X, W1) + b1\n"
        "return (nd.dot(H, W2) + b2).argmax(axis=1)",
    ),
}, nd=nd, relu=relu, softmax=softmax)  # fmt: skip

judge_predict = judging(
    predict,
    PREDICT_CASES,
    PREDICT_MISTAKES,
    otherwise="some class is wrong: it should be the column of the highest score that mlp gives for the image, the first of equal ones.",
    right="each image gets the class with its highest score.",
)

# --- The linear baseline ----------------------------------------------------------------------------------------------------

LINE = [floats([[1, 0, -2], [2, 1, 0]]), floats([1, -3, 0.5])]


def one_layer(d, q):
    return two_layers(d, q, 1)[:2]


LINEAR_CASES = [
    call(X=X1, params=LINE),
    call(X=floats([[1, 2], [-1, 0.5], [0, 3]]), params=LINE),
    call(X=some(3, 1, 2, 8), params=one_layer(16, 7)),
    call(X=some(49, 1, 4, 4), params=one_layer(16, 7)),
    call(X=some(1, 784), params=one_layer(784, 10)),
    call(X=some(256, 1, 4, 4), params=one_layer(16, 10)),
    gradient("params", X=X1, params=LINE),
    gradient("X", X=some(3, 1, 2, 2), params=one_layer(4, 2)),
]


def linear_net(X, params):
    W, b = params
    X = X.reshape((-1, W.shape[0]))
    return nd.dot(X, W) + b


LINEAR_MISTAKES = mistakes(linear_net, {
    "b is not added.": (" + b", ""),
    **shape_mistakes("W", "nd.dot(X, W) + b"),
    "b is subtracted.": ("+ b", "- b"),
    "it divides by b. Add b.": ("+ b", "/ b"),
    "it multiplies by b. Add b.": ("+ b", "* b"),
    COLUMN.format("b"): ("+ b", "+ b.reshape((-1, 1))"),
    "relu is on the scores: a linear model has none, and scores may be negative.": ("nd.dot(X, W) + b", "relu(nd.dot(X, W) + b)"),
}, relu=relu)  # fmt: skip

judge_linear_net = judging(
    linear_net,
    LINEAR_CASES,
    LINEAR_MISTAKES,
    otherwise="the scores are wrong. Is everything taken from X and params, as in O = X W + b?",
    right="the scores are right for flat images and for images of any height and width, and autograd finds the gradients.",
)
