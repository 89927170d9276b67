"""Another activation: leaky_relu, and a network that takes any."""

import math

import numpy as np
from mxnet import autograd, nd

from ... import arguments
from ...network import relu
from ...training import seed_everything
from ..given import answered, array_of, walk_back
from ..judging import compare, near
from ..verdicts import not_yet


def judge(leaky_relu, net_with):
    for slope in (0.25, 0.01):
        _judge_leaky_relu(leaky_relu, slope)
    for bend in (nd.tanh, nd.abs):
        _judge_net(net_with, bend)
    return "leaky_relu has the right values and gradients, and net_with takes any activation. Now compare some."


def _judge_leaky_relu(leaky_relu, slope):
    x = np.array([[-4, -1, -0.5], [0.5, 1, 5]])
    X = nd.array(x)
    X.attach_grad()
    with autograd.record():
        Y = answered(leaky_relu, leaky_relu(X, slope))
    values = array_of("the result of leaky_relu", Y)
    if values.shape != x.shape:
        raise not_yet(f"leaky_relu works element by element: for shape (2, 3) it should give (2, 3), not {values.shape}.")
    relu_x = np.maximum(x, 0)
    compare(values, np.where(x > 0, x, slope * x), {
        "that is relu: it gives 0 for -4. The leaky one lets slope * -4 through.": relu_x,
        f"the negative side comes out positive: for -4 and slope {slope} the value is {-4 * slope}.":
            relu_x + slope * np.maximum(-x, 0),
        "slope is on the wrong side: positive numbers stay as they are, negative ones are multiplied.":
            np.where(x > 0, slope * x, x),
        "slope multiplies both sides, so nothing bends: positive numbers stay as they are.": slope * x,
        "that is the gradient, 1 or slope. The values are asked for.": np.where(x > 0, 1, slope),
        "a slope of 0.01 seems to be written into leaky_relu: use the argument slope.": np.where(x > 0, x, 0.01 * x),
        "slope is used as a value: what is negative becomes slope. It is a slope: multiply by it.": np.where(x > 0, x, slope),
    }, f"leaky_relu is wrong for some number: of {x.ravel().tolist()} with slope {slope} it makes "
       f"{np.round(values.ravel(), 3).tolist()}.")  # fmt: skip
    if not isinstance(Y, nd.NDArray):
        raise not_yet("the values are right, but leaky_relu leaves MXNet, where autograd can't follow. Use nd functions only.")
    walk_back(Y, "leaky_relu")
    compare(X.grad.asnumpy(), np.where(x > 0, 1, slope), {},
            "the values are right but their gradients are not. Is everything computed by nd functions of X?")  # fmt: skip


def _judge_net(net_with, bend):
    seed_everything(0)
    X = nd.random.uniform(shape=(6, 1, 28, 28))
    params = [nd.random.normal(scale=2 / math.sqrt(shape[0]), shape=shape) for shape in ((784, 20), (20,), (20, 10), (10,))]
    W1, b1, W2, b2 = params
    for param in params:
        param.attach_grad()

    def scores(bend):
        return nd.dot(bend(nd.dot(X.reshape((6, 784)), W1) + b1), W2) + b2

    with autograd.record():
        right = scores(bend)
    right.backward()
    gradients = [param.grad.asnumpy() for param in params]
    for param in params:
        param.attach_grad()
    with autograd.record():
        O = answered(net_with, net_with(X, list(params), bend))
    if arguments.shape(O) != (6, 10):
        raise not_yet(f"for 6 images, net_with should return scores of shape (6, 10), not {arguments.shape(O)}.")
    compare(array_of("the scores", O), right.asnumpy(), {
        "net_with uses relu whatever the activation is: call the function that it is given.": scores(relu).asnumpy(),
        "net_with uses no activation: call the function that it is given on the hidden layer.": scores(lambda H: H).asnumpy(),
        "the activation is on the scores too. Only the hidden layer has one.": bend(right).asnumpy(),
        "the activation is on the scores instead of the hidden layer.": bend(scores(lambda H: H)).asnumpy(),
    }, f"the scores of net_with are wrong for the activation {bend.__name__}. Compare with mlp in the chapter on the model.")  # fmt: skip
    if not isinstance(O, nd.NDArray):
        raise not_yet("the scores are right, but net_with leaves MXNet, where autograd can't follow. Use nd functions only.")
    walk_back(O, "net_with")
    for name, param, gradient in zip(("W1", "b1", "W2", "b2"), params, gradients):
        if not near(param.grad.asnumpy(), gradient, atol=1e-4):
            raise not_yet(f"the scores are right but the gradient of {name} is not: somewhere autograd can't follow net_with.")
