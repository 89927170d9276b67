"""One more layer: its parameters, and its scores."""

import math

from mxnet import autograd, nd

from ...network import relu, softmax_cross_entropy
from ...training import seed_everything
from ..cases import call, can_learn, gradient, some
from ..given import params_of, walk_back
from ..judging import compare
from ..mistakes import mistakes
from ..verdicts import not_yet


def init_deep(num_hiddens1, num_hiddens2):
    sizes = [784, num_hiddens1, num_hiddens2, 10]
    params = []
    for n, m in zip(sizes, sizes[1:]):
        params += [nd.random.normal(scale=0.01, shape=(n, m)), nd.zeros(m)]
    for param in params:
        param.attach_grad()
    return params


def deep_net(X, params):
    W1, b1, W2, b2, W3, b3 = params
    H1 = relu(nd.dot(X.reshape((-1, 784)), W1) + b1)
    H2 = relu(nd.dot(H1, W2) + b2)
    return nd.dot(H2, W3) + b3


NAMES = "W1", "b1", "W2", "b2", "W3", "b3"
SHAPES = (784, 20), (20,), (20, 30), (30,), (30, 10), (10,)
IMAGES, PARAMS = some(6, 1, 28, 28), [some(*shape, seed=i) / shape[0] ** 0.5 for i, shape in enumerate(SHAPES)]
CASES = [call(X=IMAGES, params=PARAMS), gradient("params", X=IMAGES, params=PARAMS)]
H1, H2, SCORES = "relu(nd.dot(X", "relu(nd.dot(H1", "nd.dot(H2, W3) + b3"
MISTAKES = mistakes(deep_net, {
    "neither hidden layer has its relu, so the three layers are one linear layer.": ("relu(nd", "(nd"),
    "the second hidden layer has no relu. Without it, its product and the next are one linear layer.": (H2, "(nd.dot(H1"),
    "the first hidden layer has no relu. Without it, its product and the next are one linear layer.": (H1, "(nd.dot(X"),
    "there is a relu on the scores as well. The output layer has none: scores may be negative.": (SCORES, f"relu({SCORES})"),
    "softmax is for the loss: deep_net should return the scores, as mlp does.": (SCORES, f"nd.softmax({SCORES})"),
    "log_softmax is for the loss: deep_net should return the scores, as mlp does.": (SCORES, f"nd.log_softmax({SCORES})"),
    "it gives the second hidden layer, not the scores.": (SCORES, "H2"),
    "b3 is not added.": (" + b3", ""),
    "the first hidden layer is detached, so that no gradient passes.": ("nd.dot(H1", "nd.dot(H1.detach()"),
})  # fmt: skip
OTHER_BENDS = mistakes(deep_net, {bend: ("relu(", f"nd.{bend}(") for bend in ("tanh", "sigmoid")}).values()


def judge(init_deep_, deep_net_):
    seed_everything(0)
    params = params_of(init_deep_, (20, 30), (784, 20, 30, 10))
    for name, param in zip(NAMES, params):
        can_learn(name, param)
    otherwise = (
        "the scores are wrong. Is each layer's input the output of the layer before, is its b added, and are the params those that "
        "deep_net is given?"
    )
    compare(deep_net_, deep_net, CASES, MISTAKES, otherwise, also=OTHER_BENDS)
    with autograd.record():
        l = softmax_cross_entropy(deep_net_(nd.random.uniform(shape=(10, 1, 28, 28)), params), nd.arange(10))
    walk_back(l, "deep_net")
    mean_loss = l.mean().asscalar()
    if not mean_loss < 2 * math.log(10):
        raise not_yet(
            f"with the parameters of init_deep the loss before any training is {mean_loss:.3g}, where guessing has ln 10 = 2.30. "
            "Draw smaller weights."
        )
    for name, param in zip(NAMES, params):
        if not param.grad.abs().max().asscalar() > 1e-8:
            raise not_yet(
                f"with the parameters of init_deep the gradient of {name} is almost zero. Are the weights large enough?"
            )
    return "two hidden layers, each with its bend, and a gradient for all six arrays. Now train it, and watch the first epochs."


judge.answers, judge.mistakes = [init_deep, deep_net], MISTAKES
