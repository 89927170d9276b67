"""The trainer: one call moves all parameters against their gradients."""

import inspect
import math

from .. import nd
from .parameter import Parameter

STALE = (
    "Gradient of Parameter `{}` on context cpu(0) has not been updated by backward since last `step`. This could mean a bug in "
    "your model that made it only use a subset of the Parameters (Blocks) for this iteration. If you are intentionally only "
    "using a subset, call step with ignore_stale_grad=True to suppress this warning and skip updating of Parameters with "
    "stale gradient"
)


class Optimizer:
    """What all have: a learning rate, weight decay (wd), and a limit for each number of a gradient."""

    def __init__(self, learning_rate=0.01, wd=0.0, clip_gradient=None):
        self.learning_rate, self.wd, self.clip_gradient = learning_rate, wd, clip_gradient
        self.memory, self.steps = {}, {}

    def direction(self, parameter, rescale):
        """The gradient, divided by the batch size, limited, and with the pull of weight decay towards 0."""
        g = parameter.grad() * rescale
        g = g if self.clip_gradient is None else nd.clip(g, -self.clip_gradient, self.clip_gradient)
        return g + self.wd * parameter.wd_mult * parameter.data() if self.wd else g

    def remembered(self, parameter, number):
        """`number` arrays that are kept for a parameter from step to step, zero at first."""
        return self.memory.setdefault(id(parameter), [nd.zeros_like(parameter.data()) for _ in range(number)])


class SGD(Optimizer):
    """Minibatch stochastic gradient descent, with or without momentum."""

    def __init__(self, momentum=0.0, **options):
        super().__init__(**options)
        self.momentum = momentum

    def update(self, parameter, rescale):
        """One step of one parameter."""
        move = self.learning_rate * parameter.lr_mult * self.direction(parameter, rescale)
        if self.momentum:
            (velocity,) = self.remembered(parameter, 1)
            velocity *= self.momentum
            velocity += move
            move = velocity
        array = parameter.data()
        array -= move


class Adam(Optimizer):
    """Adam (Kingma and Ba, 2015): each number's step is scaled by the size that its gradients have had."""

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8, **options):
        super().__init__(learning_rate, **options)
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon

    def update(self, parameter, rescale):
        """One step of one parameter."""
        t = self.steps[id(parameter)] = self.steps.get(id(parameter), 0) + 1
        mean, square = self.remembered(parameter, 2)
        g = self.direction(parameter, rescale)
        mean[:] = self.beta1 * mean + (1 - self.beta1) * g
        square[:] = self.beta2 * square + (1 - self.beta2) * g * g
        lr = self.learning_rate * parameter.lr_mult * math.sqrt(1 - self.beta2**t) / (1 - self.beta1**t)
        array = parameter.data()
        array -= lr * mean / (nd.sqrt(square) + self.epsilon)


OPTIMIZERS = {"sgd": SGD, "adam": Adam}


class Trainer:
    """Moves `params` (what `collect_params` gives, or a list of parameters) by the optimizer "sgd" or "adam".

    `optimizer_params`: learning_rate, wd, clip_gradient; momentum for sgd; beta1, beta2, epsilon for adam.
    """

    def __init__(self, params, optimizer, optimizer_params=None, **options):
        self.params = [params[name] for name in sorted(params)] if isinstance(params, dict) else list(params)
        for parameter in self.params:
            if not isinstance(parameter, Parameter):
                raise ValueError(f"First argument must be a list or dict of Parameters, got list of {type(parameter)}.")
            if parameter.array is None and parameter.waiting is None:
                raise RuntimeError(f"Parameter '{parameter.name}' has not been initialized")
        if not isinstance(optimizer, Optimizer) and str(optimizer).lower() not in OPTIMIZERS:
            raise ValueError(f"Cannot find optimizer {optimizer}. The own engine has {' and '.join(OPTIMIZERS)}.")
        self.optimizer = (
            optimizer if isinstance(optimizer, Optimizer) else made(OPTIMIZERS[optimizer.lower()], optimizer_params or {})
        )

    @property
    def learning_rate(self):
        """The learning rate of the steps to come."""
        return self.optimizer.learning_rate

    def set_learning_rate(self, lr):
        """Choose the learning rate of the steps to come."""
        self.optimizer.learning_rate = lr

    def step(self, batch_size, ignore_stale_grad=False):
        """Move each parameter by one step, its gradient divided by `batch_size`. Raises UserWarning if one has none."""
        for parameter in self.params:
            if parameter.grad_req == "null":
                continue
            note = parameter.data().note
            if not note.fresh and not ignore_stale_grad:
                raise UserWarning(STALE.format(parameter.name))
            if note.fresh:
                self.optimizer.update(parameter, 1 / batch_size)
                note.fresh = False

    update = step


def made(kind, options):
    """The optimizer with these options. Raises TypeError for one that it hasn't got."""
    known = {*inspect.signature(kind).parameters, *inspect.signature(Optimizer).parameters}
    for name in options:
        if name not in known:
            raise TypeError(f"Optimizer.__init__() got an unexpected keyword argument '{name}'")
    return kind(**options)
