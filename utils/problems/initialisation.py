"""Better first weights: each layer's by its number of inputs."""

import math

from mxnet import nd

from ..training import seed_everything
from .verdicts import answered, compare, not_yet


def judge(init_he):
    seed_everything(0)
    params = answered(init_he, init_he(600, 250, 150))
    if not isinstance(params, (list, tuple)) or len(params) != 4 or not all(isinstance(param, nd.NDArray) for param in params):
        raise not_yet("init_he should return a list of four NDArrays, [W1, b1, W2, b2].")
    for name, param, shape in zip(("W1", "b1", "W2", "b2"), params, ((600, 250), (250,), (250, 150), (150,))):
        if param.shape != shape:
            raise not_yet(f"for init_he(600, 250, 150), {name} should have shape {shape}, and has {param.shape}.")
        if len(shape) == 1:
            if param.abs().sum().asscalar() != 0:
                raise not_yet(f"{name} should start at zero: the random weights already make the units differ.")
            continue
        values, (n_in, n_out) = param.asnumpy(), shape
        compare(values.std(), math.sqrt(2 / n_in), {
            f"all numbers in {name} are equal, so its units would stay equal to each other for ever.": 0,
            f"{name} has standard deviation 2 / {n_in}. That is the variance: the standard deviation is its square root.":
                2 / n_in,
            f"{name} still has a standard deviation of 0.01, whatever its number of inputs.": 0.01,
            f"{name} has variance 1 / {n_in}. relu throws half of it away, so He's rule doubles it.": math.sqrt(1 / n_in),
            f"{name} goes by its number of outputs, {n_out}. What adds up in a unit are its inputs, here {n_in}.":
                math.sqrt(2 / n_out),
            f"{name} goes by inputs and outputs together, as Glorot's rule does. Right for tanh; He's rule for relu takes "
            "inputs only.":
                math.sqrt(2 / (n_in + n_out)),
            f"{name} has the scale for 784 inputs. Take the number of inputs from the arguments.": math.sqrt(2 / 784),
            f"{name} has the scale for 600 inputs, which is right for W1. Each layer goes by its own inputs, here {n_in}.":
                math.sqrt(2 / 600),
        }, f"{name} has standard deviation {values.std():.4f}; for {n_in} inputs it should be sqrt(2 / {n_in}) = "
           f"{math.sqrt(2 / n_in):.4f}.", rtol=0.02)  # fmt: skip
        if abs(values.mean()) > 0.05 * values.std():
            raise not_yet(f"the numbers in {name} have mean {values.mean():.3f}; they should lie evenly around 0.")
    for name, param in zip(("W1", "b1", "W2", "b2"), params):
        if param.grad is None:
            raise not_yet(f"{name} has no memory for its gradient. Call attach_grad last: W * 2 is a new array and has none.")
    return "each layer's weights are scaled by its own number of inputs. Now compare the first epochs with scale 0.01."
