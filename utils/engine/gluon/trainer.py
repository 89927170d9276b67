"""The trainer: one call moves all parameters against their gradients."""

import inspect
import math

from .. import nd
from ..base import no_attribute
from .parameter import Parameter

STALE = (
    "Gradient of Parameter `{}` on context cpu(0) has not been updated by backward since last `step`. This could mean a bug in "
    "your model that made it only use a subset of the Parameters (Blocks) for this iteration. If you are intentionally only "
    "using a subset, call step with ignore_stale_grad=True to suppress this warning and skip updating of Parameters with "
    "stale gradient"
)


def sgd(w, g, memory, learning_rate=0.01, momentum=0.0):
    """Minibatch stochastic gradient descent: move `w` against its gradient `g`, and with momentum on as before."""
    step = learning_rate * g
    if momentum:
        step = memory["step"] = step + momentum * memory.get("step", 0)
    w -= step


def adam(w, g, memory, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    """Adam (Kingma and Ba, 2015): each number's step is scaled by the size that its gradients have had."""
    t = memory["t"] = memory.get("t", 0) + 1
    mean = memory["mean"] = beta1 * memory.get("mean", 0) + (1 - beta1) * g
    square = memory["square"] = beta2 * memory.get("square", 0) + (1 - beta2) * g * g
    w -= learning_rate * math.sqrt(1 - beta2**t) / (1 - beta1**t) * mean / (nd.sqrt(square) + epsilon)


OPTIMIZERS = {"sgd": sgd, "adam": adam}


class Trainer:
    """Moves `params` (what `collect_params` gives, or a list of parameters) by the optimizer "sgd" or "adam".

    `optimizer_params`: learning_rate; wd, the weight decay; momentum for sgd; beta1, beta2, epsilon for adam.
    """

    __getattr__ = no_attribute

    def __init__(self, params, optimizer, optimizer_params=None):
        self.params = [params[name] for name in sorted(params)] if isinstance(params, dict) else list(params)
        for parameter in self.params:
            if not isinstance(parameter, Parameter):
                raise ValueError(f"First argument must be a list or dict of Parameters, got list of {type(parameter)}.")
            if parameter.first is None:
                raise RuntimeError(f"Parameter '{parameter.name}' has not been initialized")
        if str(optimizer).lower() not in OPTIMIZERS:
            raise ValueError(f"Cannot find optimizer {optimizer}. The own engine has {' and '.join(OPTIMIZERS)}.")
        self.move = OPTIMIZERS[optimizer.lower()]
        known = {name: option.default for name, option in inspect.signature(self.move).parameters.items()} | {"wd": 0.0}
        for name in optimizer_params or {}:
            if name not in known:
                raise TypeError(f"Optimizer.__init__() got an unexpected keyword argument '{name}'")
        self.options = {"wd": 0.0, "learning_rate": known["learning_rate"]} | (optimizer_params or {})
        self.memories = [{} for _ in self.params]

    @property
    def learning_rate(self):
        """The learning rate of the steps to come."""
        return self.options["learning_rate"]

    def set_learning_rate(self, lr):
        """Choose the learning rate of the steps to come."""
        self.options["learning_rate"] = lr

    def step(self, batch_size, ignore_stale_grad=False):
        """Move each parameter by one step, its gradient divided by `batch_size`. Raises UserWarning if one has none."""
        for parameter, memory in zip(self.params, self.memories):
            if parameter.grad_req == "null":
                continue
            w, options = parameter.data(), dict(self.options)
            if not w.note.fresh and not ignore_stale_grad:
                raise UserWarning(STALE.format(parameter.name))
            if w.note.fresh:
                w.note.fresh = False
                g, wd = w.grad * (1 / batch_size), options.pop("wd")
                self.move(w, g + wd * w if wd else g, memory, **options)
