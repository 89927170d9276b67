"""The trainer: one call updates all parameters by their gradients."""

import math

from .. import nd
from ..base import lacks, no_attribute, refuse
from .parameter import Parameter


def sgd(w, g, memory, learning_rate, momentum):
    """One step of stochastic gradient descent with momentum: each step includes `momentum` times the previous one."""
    step = learning_rate * g
    if momentum:
        step = memory["step"] = step + momentum * memory.get("step", 0)
    w -= step


def adam(w, g, memory, learning_rate, beta1, beta2, epsilon):
    """One step of Adam (Kingma and Ba, 2015): each step is divided by the root mean square of past gradients."""
    t = memory["t"] = memory.get("t", 0) + 1
    mean = memory["mean"] = beta1 * memory.get("mean", 0) + (1 - beta1) * g
    square = memory["square"] = beta2 * memory.get("square", 0) + (1 - beta2) * g * g
    w -= learning_rate * math.sqrt(1 - beta2**t) / (1 - beta1**t) * mean / (nd.sqrt(square) + epsilon)


OPTIMIZERS = {  # the function, and its options with their defaults; wd is the weight decay, which `step` applies
    "sgd": (sgd, {"learning_rate": 0.01, "momentum": 0.0, "wd": 0.0}),
    "adam": (adam, {"learning_rate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8, "wd": 0.0}),
}


# Options that MXNet has for these optimizers and the engine lacks.
LACKING = {"begin_num_update", "clip_gradient", "lazy_update", "lr_scheduler", "multi_precision", "param_dict", "rescale_grad"}


class Trainer:
    """Updates `params`, the result of `collect_params` or a list of parameters, by an optimizer of the table above."""

    __getattr__ = no_attribute
    learning_rate = property(lambda self: self.options["learning_rate"], doc="The learning rate of the next steps.")

    def __init__(self, params, optimizer, optimizer_params=None, **lacking):
        refuse(**lacking)
        if not isinstance(params, (dict, list, tuple)):
            raise ValueError(f"First argument must be a list or dict of Parameters, got {type(params)}.")
        self.params = [params[name] for name in sorted(params)] if isinstance(params, dict) else list(params)
        for parameter in self.params:
            if not isinstance(parameter, Parameter):
                raise ValueError(f"First argument must be a list or dict of Parameters, got list of {type(parameter)}.")
            if parameter.first is None:
                raise RuntimeError(f"Parameter '{parameter.name}' has not been initialized")
        if len(set(map(id, self.params))) < len(self.params):
            raise ValueError("A parameter is in the list twice: each step would move it twice.")
        if str(optimizer).lower() not in OPTIMIZERS:
            raise ValueError(f"Cannot find optimizer {optimizer}. The own engine has {' and '.join(OPTIMIZERS)}.")
        self.move, defaults = OPTIMIZERS[optimizer.lower()]
        self.options = {**defaults, **(optimizer_params or {})}
        for name in self.options.keys() - defaults.keys():
            unknown = f"Optimizer.__init__() got an unexpected keyword argument '{name}'"
            raise TypeError(lacks(f"option {name} of {optimizer}") if name in LACKING else unknown)
        self.memories = [{} for _ in self.params]

    def set_learning_rate(self, lr):
        """Set the learning rate of the next steps."""
        self.options["learning_rate"] = lr

    def step(self, batch_size, ignore_stale_grad=False):
        """Update each parameter by one step, with its gradient divided by `batch_size`.

        Raises UserWarning, before any parameter changes, if `backward` has not computed the gradient of one since its last step;
        with `ignore_stale_grad` such a parameter is skipped."""
        moving = []
        for parameter, memory in zip(self.params, self.memories):
            if parameter.grad_req != "null" and parameter.data().node.fresh:
                moving.append((parameter, memory))
            elif parameter.grad_req != "null" and not ignore_stale_grad:
                since = "on context cpu(0) has not been updated by backward since last `step`."
                raise UserWarning(f"Gradient of Parameter `{parameter.name}` {since}")
        for parameter, memory in moving:
            self.move_one(parameter, memory, 1 / batch_size)

    def move_one(self, parameter, memory, scale):
        w, options = parameter.data(), {**self.options}
        g, wd = w.grad * scale, options.pop("wd")
        self.move(w, g + wd * w if wd else g, memory, **options)
        w.node.fresh = False
