"""Another activation: leaky_relu, and a network that takes any."""

from mxnet import nd

from ..cases import call, floats, gradient, some, two_layers
from ..judging import compare
from ..mistakes import mistakes


def leaky_relu(X, slope):
    return nd.maximum(X, slope * X)


def net_with(X, params, activation):
    W1, b1, W2, b2 = params
    H = activation(nd.dot(X.reshape((-1, 784)), W1) + b1)
    return nd.dot(H, W2) + b2


X, IMAGES, PARAMS = floats([[-4, -1, -0.5], [0.5, 1, 5]]), some(2, 1, 28, 28), two_layers(784, 8, 3)
LEAKY_CASES = [case(X=X, slope=slope) for slope in (0.25, 0.01) for case in (call, lambda **args: gradient("X", **args))]
NET_CASES = [
    case(X=IMAGES, params=PARAMS, activation=activation)
    for activation in (nd.tanh, nd.abs)
    for case in (call, lambda **args: gradient("params", **args))
]

LEAKY = "nd.maximum(X, slope * X)"
LEAKY_MISTAKES = mistakes(leaky_relu, {
    "that is relu: it gives 0 for -4. The leaky one lets slope * -4 through.": ("slope * X", "0"),
    "the negative side comes out positive. The leaky relu makes numbers smaller and keeps their signs.":
        (LEAKY, "nd.maximum(X, -slope * X)"),
    "slope is on the wrong side: positive numbers stay as they are, negative ones are multiplied.": ("maximum", "minimum"),
    "the slope is added to relu on both sides: positive numbers stay as they are.": (LEAKY, "nd.relu(X) + slope * X"),
    "what is negative becomes 0, and what is positive is multiplied by slope. It is the other way round: maximum of X and slope * X.":
        (LEAKY, "nd.maximum(slope * X, 0)"),
    "slope multiplies both sides, so nothing bends: positive numbers stay as they are.": (LEAKY, "slope * X"),
    "that is the gradient, 1 or slope. The values are asked for.": (LEAKY, "(X > 0) + slope * (X <= 0)"),
    "a slope of 0.01 seems to be written into leaky_relu: use the argument slope.": ("slope * X", "0.01 * X"),
    "slope is used as a value: what is negative becomes slope. It is a slope: multiply by it.":
        (LEAKY, "nd.where(X > 0, X, slope * nd.ones_like(X))"),
})  # fmt: skip
HIDDEN = "activation(nd.dot(X.reshape((-1, 784)), W1) + b1)"
BEND, RETURN = "activation(nd.dot", "return nd.dot(H, W2) + b2"
NET_MISTAKES = mistakes(net_with, {
    "net_with uses relu whatever the activation is: call the function that it is given.": (BEND, "nd.relu(nd.dot"),
    "net_with uses a leaky relu with the slope 0.01 whatever the activation is: call the function that it is given.":
        (BEND, "(lambda Z: nd.maximum(Z, 0.01 * Z))(nd.dot"),
    "the activation is on the pixels. It belongs on the hidden layer, after W1 and b1.":
        (HIDDEN, "nd.dot(activation(X.reshape((-1, 784))), W1) + b1"),
    "net_with uses no activation: call the function that it is given on the hidden layer.": (BEND, "(nd.dot"),
    "net_with applies softmax to the scores. The loss does that: give the scores themselves.": ("return nd.dot(H, W2) + b2", "return nd.softmax(nd.dot(H, W2) + b2)"),
    "the activation is on the scores too. Only the hidden layer has one.": (RETURN, "return activation(nd.dot(H, W2) + b2)"),
    "the activation is on the scores instead of the hidden layer.":
        (BEND, "(nd.dot", RETURN, "return activation(nd.dot(H, W2) + b2)"),
})  # fmt: skip


def judge(leaky_relu_, net_with_):
    compare(leaky_relu_, leaky_relu, LEAKY_CASES, LEAKY_MISTAKES, "some number comes out wrong.")
    compare(net_with_, net_with, NET_CASES, NET_MISTAKES, "the scores are wrong. Compare with mlp in the chapter on the model.")
    return "leaky_relu has the right values and gradients, and net_with takes any activation. Now compare some."


judge.answers, judge.mistakes = [leaky_relu, net_with], LEAKY_MISTAKES | NET_MISTAKES
