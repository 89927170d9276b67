"""Better first weights: scaled by each layer's number of inputs."""

import math

from ...training import seed_everything
from ..given import params_of
from ..judging import compare
from ..verdicts import not_yet


def judge(init_he):
    seed_everything(0)
    W1, b1, W2, b2 = params_of(init_he, (600, 250, 150), (600, 250, 150))
    for name, param in (("W1", W1), ("W2", W2)):
        _judge_weights(name, param.asnumpy())
    for name, param in (("b1", b1), ("b2", b2)):
        if param.abs().sum().asscalar() != 0:
            raise not_yet(f"{name} should start at zero: the random weights already make the units differ.")
    return "each layer's weights are scaled by its own number of inputs. Now compare the first epochs with scale 0.01."


def _judge_weights(name, values):
    n_in, n_out = values.shape
    compare(values.std(), math.sqrt(2 / n_in), {
        f"{name} has standard deviation 2 / {n_in}. That is the variance: the standard deviation is its square root.":
            2 / n_in,
        f"{name} still has a standard deviation of 0.01, whatever its number of inputs.": 0.01,
        f"{name} has variance 1 / {n_in}. relu throws half of it away, so He's rule doubles it.": math.sqrt(1 / n_in),
        f"{name} is scaled by its number of outputs, {n_out}. A unit adds up its inputs, here {n_in}.":
            math.sqrt(2 / n_out),
        f"{name} is scaled by inputs and outputs together, as Glorot's rule does. Right for tanh; He's rule for relu takes "
        "inputs only.":
            math.sqrt(2 / (n_in + n_out)),
        f"{name} has the scale for 784 inputs. Take the number of inputs from the arguments.": math.sqrt(2 / 784),
        f"{name} has the scale for 600 inputs, which is right for W1. Each layer is scaled by its own inputs, here {n_in}.":
            math.sqrt(2 / 600),
    }, f"{name} has standard deviation {values.std():.4f}; for {n_in} inputs it should be sqrt(2 / {n_in}) = "
       f"{math.sqrt(2 / n_in):.4f}.", rtol=0.02)  # fmt: skip
    if abs(values.mean()) > 0.05 * values.std():
        raise not_yet(f"the numbers in {name} have mean {values.mean():.3f}; they should lie evenly around 0.")
