"""The slot of the chapter on the parameters."""

import math

import numpy as np
from mxnet import autograd

from ..calling import takes
from ..cases import near_enough, random_numbers_kept
from ..given import params_of, shown
from ..verdicts import not_yet

NAMES = "W1", "b1", "W2", "b2"
SIZES, SCALE = (200, 150, 100), 0.25


@random_numbers_kept()
def judge_init_params(init_params):
    _small(params_of(init_params, (3, 4, 2, 0.5), (3, 4, 2)))
    _large(params_of(init_params, (*SIZES, SCALE), SIZES))
    for names in (("num_inputs", "num_hiddens", "num_outputs", "scale"), ("num_hiddens",), ("scale",), ()):
        takes(init_params, *names)
    _spread(0.01, params_of(init_params, (), (784, 256, 10))[::2], "init_params()")
    return "the shapes are right, the weights random with the spread asked for, the biases 0, and all have room for a gradient."


def _small(params):
    for name, param in zip(NAMES, params):
        if param.dtype != np.float32:
            raise not_yet(f"{name} holds {np.dtype(param.dtype).name}, where the network computes with float32. Leave dtype out.")
        if name.startswith("b") and param.asnumpy().any():
            raise not_yet(
                "biases start at zero.",
                f"For init_params(3, 4, 2, 0.5), {name} should be {shown(np.zeros(param.shape))}, "
                f"and is {shown(param.asnumpy())}.",
            )
        for _ in range(2):
            with autograd.record():
                l = param * 1
            l.backward()
        if not (param.grad.asnumpy() == 1).all():
            raise not_yet(f"the gradient of {name} adds up from step to step. Call attach_grad without grad_req.")


def _large(params):
    call = f"init_params({', '.join(map(str, SIZES))}, {SCALE})"
    for name, W in zip(NAMES[::2], params[::2]):
        w = W.asnumpy()
        if (w >= 0).all():
            raise not_yet(
                "no weight is negative: draw from the normal distribution, which has the mean 0.", f"That was for {call}."
            )
        if abs(w.mean()) > 0.1 * w.std():
            raise not_yet(f"the mean of {name} should be near 0.", f"For {call} it is {w.mean():.3f}.")
    _spread(SCALE, params[::2], call)
    for name, W in zip(NAMES[::2], params[::2]):
        w = W.asnumpy()
        if not 0.65 < (np.abs(w) < w.std()).mean() < 0.72:
            raise not_yet(
                f"the numbers in {name} are not normal: draw them with nd.random.normal.",
                f"For {call}, of a normal distribution "
                f"0.68 lie within one standard deviation, of this one {(np.abs(w) < w.std()).mean():.2f}.",
            )


def _spread(scale, weights, call):
    for name, W, num_inputs in zip(NAMES[::2], weights, SIZES):
        sd = W.asnumpy().std()
        wrong = {
            "scale is taken for the variance. It is the standard deviation: N(0, scale**2).": math.sqrt(scale),
            "scale is squared: nd.random.normal takes the standard deviation itself.": scale**2,
            "the numbers are from -scale to scale, all equally likely. Draw them with nd.random.normal.": scale / math.sqrt(3),
            "scale is not used: these numbers have the spread 1.": 1,
            "scale is not used: these numbers have the spread 0.01.": 0.01,
            "scale is not used: this is He's rule.": math.sqrt(2 / num_inputs),
            "scale is not used: the spread comes from the number of inputs.": math.sqrt(1 / num_inputs),
        }
        if not near_enough(sd, scale):
            why = next(
                (why for why, other in wrong.items() if near_enough(sd, other)), f"the weights {name} have the wrong spread."
            )
            raise not_yet(why, f"For {call} the standard deviation of {name} should be about {scale}, and is {sd:.3g}.")
