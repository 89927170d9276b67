"""One more layer: its parameters, and its scores."""

import math

from mxnet import autograd, nd

from ...network import relu, softmax, softmax_cross_entropy
from ...training import seed_everything
from ..given import answered, params_of, walk_back
from ..judging import compare, near
from ..verdicts import not_yet


def judge(init_deep, deep_net):
    seed_everything(0)
    params = params_of(init_deep, (20, 30), (784, 20, 30, 10))
    _judge_scores(deep_net, [param.shape for param in params])
    with autograd.record():
        l = softmax_cross_entropy(_scores(deep_net, nd.random.uniform(shape=(10, 1, 28, 28)), params), nd.arange(10))
    walk_back(l, "deep_net")
    mean_loss = l.mean().asscalar()
    if not mean_loss < 2 * math.log(10):
        raise not_yet(
            f"with the parameters of init_deep the loss before any training is {mean_loss:.3g}, where guessing has ln 10 = 2.30. "
            "Draw smaller weights."
        )
    for name, param in zip(("W1", "b1", "W2", "b2", "W3", "b3"), params):
        size = param.grad.abs().max().asscalar()
        if size == 0:
            raise not_yet(f"the gradient of {name} is 0. Does deep_net use it, and does it nowhere detach what comes from it?")
        if not size > 1e-8:
            raise not_yet(f"the gradient of {name} is almost zero. Are the weights large enough?")
    return "two hidden layers, each with its bend, and a gradient for all six arrays. Now train it, and watch the first epochs."


def _scores(deep_net, X, params):
    O = answered(deep_net, deep_net(X, list(params)))
    if not isinstance(O, nd.NDArray):
        raise not_yet(f"deep_net should return an NDArray of scores, not {type(O).__name__}; autograd can't follow it elsewhere.")
    if O.shape != (len(X), 10):
        raise not_yet(f"for {len(X)} images, deep_net should return scores of shape ({len(X)}, 10), and returns {O.shape}.")
    return O


def _judge_scores(deep_net, shapes):
    X = nd.random.uniform(shape=(6, 1, 28, 28))
    given = [nd.random.normal(scale=2 / math.sqrt(shape[0]), shape=shape) for shape in shapes]
    O = _scores(deep_net, X, given)

    def scores(bend1=relu, bend2=relu, bend3=lambda O: O):
        W1, b1, W2, b2, W3, b3 = given
        H1 = bend1(nd.dot(X.reshape((6, 784)), W1) + b1)
        return bend3(nd.dot(bend2(nd.dot(H1, W2) + b2), W3) + b3).asnumpy()

    def line(H):
        return H

    if any(near(O.asnumpy(), scores(bend, bend)) for bend in (nd.tanh, nd.sigmoid)):
        return
    compare(O.asnumpy(), scores(), {
        "neither hidden layer has its relu, so the three layers are one linear layer.": scores(line, line),
        "the second hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend2=line),
        "the first hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend1=line),
        "there is a relu on the scores as well. The output layer has none: scores may be negative.": scores(bend3=relu),
        "softmax is for the loss: deep_net should return the scores, as mlp does.": scores(bend3=softmax),
        "log_softmax is for the loss: deep_net should return the scores, as mlp does.": scores(bend3=nd.log_softmax),
    }, "the shapes are right but the scores are not. Is each layer's input the output of the layer before, is its b added, and "
       "are the params those that deep_net is given?")  # fmt: skip
