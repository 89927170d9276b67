"""One more layer: its parameters, and its scores."""

import math

import numpy as np
from mxnet import autograd, nd

from ..network import relu, softmax, softmax_cross_entropy
from ..training import seed_everything
from .verdicts import answered, compare, not_yet


def judge(init_deep, deep_net):
    params = answered(init_deep, init_deep(20, 30))
    if not isinstance(params, (list, tuple)) or not all(isinstance(param, nd.NDArray) for param in params):
        raise not_yet("init_deep should return a list of NDArrays, [W1, b1, W2, b2, W3, b3].")
    if len(params) != 6:
        raise not_yet(f"init_deep returns {len(params)} arrays. Two hidden layers and an output layer have a W and a b each: 6.")
    shapes = {"W1": (784, 20), "b1": (20,), "W2": (20, 30), "b2": (30,), "W3": (30, 10), "b3": (10,)}
    for (name, shape), param in zip(shapes.items(), params):
        if param.shape != shape:
            raise not_yet(f"for init_deep(20, 30), {name} should have shape {shape}, and has {param.shape}.")
    for (name, shape), param in zip(shapes.items(), params):
        if len(shape) == 2 and np.ptp(param.asnumpy()) == 0:
            raise not_yet(
                f"all numbers in {name} are equal, so its units would stay equal to each other for ever. Draw them at random."
            )
        if param.grad is None:
            raise not_yet(f"{name} has no memory for its gradient. Which call makes it, and is it the last thing done to {name}?")

    seed_everything(0)
    X = nd.random.uniform(shape=(6, 1, 28, 28))
    given = [nd.random.normal(scale=2 / math.sqrt(shape[0]), shape=shape) for shape in shapes.values()]
    O = answered(deep_net, deep_net(X, given))
    if not isinstance(O, nd.NDArray):
        raise not_yet(f"deep_net should return an NDArray of scores, not {type(O).__name__}; autograd can't follow it elsewhere.")
    if O.shape != (6, 10):
        raise not_yet(f"for 6 images, deep_net should return scores of shape (6, 10), and returns {O.shape}.")

    def scores(bend1=relu, bend2=relu, bend3=lambda O: O):
        W1, b1, W2, b2, W3, b3 = given
        H1 = bend1(nd.dot(X.reshape((6, 784)), W1) + b1)
        return bend3(nd.dot(bend2(nd.dot(H1, W2) + b2), W3) + b3).asnumpy()

    def line(H):
        return H

    compare(O.asnumpy(), scores(), {
        "neither hidden layer has its relu, so the three layers are one linear layer.": scores(line, line),
        "the second hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend2=line),
        "the first hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend1=line),
        "there is a relu on the scores as well. The output layer has none: scores may be negative.": scores(bend3=relu),
        "softmax is for the loss: deep_net should return the scores, as mlp does.": scores(bend3=softmax),
    }, "the shapes are right but the scores are not. Is each layer's input the output of the layer before, is its b added?")  # fmt: skip
    with autograd.record():
        l = softmax_cross_entropy(deep_net(X, params), nd.arange(6))
    l.backward()
    for name, param in zip(shapes, params):
        if not param.grad.abs().sum().asscalar() > 0:
            raise not_yet(f"no gradient arrives at {name}. Are the parameters big enough to let anything through?")
    return "two hidden layers with a relu each, and a gradient for all six arrays. Now train it, and watch the first epochs."
