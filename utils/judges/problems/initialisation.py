"""Better first weights: scaled by each layer's number of inputs."""

import math

import numpy as np
from mxnet import nd

from ...training import seed_everything
from ..cases import can_learn
from ..given import params_of
from ..judging import compare
from ..mistakes import mistakes
from ..verdicts import not_yet

SIZES = 400, 200, 100


def init_he(num_inputs, num_hiddens, num_outputs):
    sd1, sd2 = math.sqrt(2 / num_inputs), math.sqrt(2 / num_hiddens)
    W1 = nd.random.normal(scale=sd1, shape=(num_inputs, num_hiddens))
    W2 = nd.random.normal(scale=sd2, shape=(num_hiddens, num_outputs))
    params = [W1, nd.zeros(num_hiddens), W2, nd.zeros(num_outputs)]
    for param in params:
        param.attach_grad()
    return params


def spreads(init_he):
    W1, b1, W2, b2 = params_of(init_he, SIZES, SIZES)
    for name, W in (("W1", W1.asnumpy()), ("W2", W2.asnumpy())):
        if abs(W.mean()) > 0.05 * W.std():
            raise not_yet(
                f"the numbers in {name} should lie evenly around 0, and {'none is negative' if W.min() >= 0 else f'their mean is {W.mean():.3f}'}. "
                "The first argument of nd.random.normal is the mean, and scale the standard deviation."
            )
    return {f"the standard deviation of {name}": np.round(W.asnumpy().std(), 3) for name, W in (("W1", W1), ("W2", W2))}


SD1, SD2 = "math.sqrt(2 / num_inputs)", "math.sqrt(2 / num_hiddens)"
MISTAKES = mistakes(init_he, {
    "2 / n is the variance. The standard deviation is its square root.": ("math.sqrt", ""),
    "the weights still have a standard deviation of 0.01, whatever the number of inputs is.": (SD1, "0.01", SD2, "0.01"),
    "the variance is 1 / n. relu throws half of it away, so He's rule doubles it.": ("(2 /", "(1 /"),
    "the weights are scaled by the number of outputs. A unit adds up its inputs.":
        (SD1, "math.sqrt(2 / num_outs)", SD2, "math.sqrt(2 / num_outputs)", "num_outs)", "num_hiddens)"),
    "the weights are scaled by inputs and outputs together, as Glorot's rule does. Right for tanh; He's rule for relu takes inputs only.":
        ("/ num_inputs)", "/ (num_inputs + num_hiddens))", "/ num_hiddens)", "/ (num_hiddens + num_outputs))"),
    "the weights have the scale for 784 and 256 inputs. Take the numbers of inputs from the arguments.":
        ("/ num_inputs", "/ 784", "/ num_hiddens", "/ 256"),
    "W2 has the scale of W1. Each layer is scaled by its own number of inputs.": ("scale=sd2", "scale=sd1"),
})  # fmt: skip


def judge(init_he_):
    seed_everything(0)
    compare(init_he_, init_he, [(f"For init_he{SIZES}", spreads)], MISTAKES, "the weights have the wrong spread.", rtol=0.03)
    params = params_of(init_he_, SIZES, SIZES)
    for name, param in zip(("W1", "b1", "W2", "b2"), params):
        can_learn(name, param)
    if np.any([params[i].abs().sum().asscalar() for i in (1, 3)]):
        raise not_yet("biases should start at zero: the random weights already make the units differ.")
    return "each layer's weights are scaled by its own number of inputs. Now compare the first epochs with scale 0.01."


judge.mistakes = MISTAKES
