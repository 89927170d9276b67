"""The update with momentum."""

import numpy as np
from mxnet import nd

from .verdicts import Verdict, compare, near, not_yet


def judge(sgd_momentum):
    lr, batch_size, momentum, num_steps = 0.1, 5, 0.8, 4
    rng = np.random.RandomState(0)
    start = [rng.normal(size=(3, 2)), rng.normal(size=2)]
    gradients = [[rng.normal(size=(3, 2)), rng.normal(size=2)] for _ in range(num_steps)]

    def follow(update, divisor=batch_size):
        params, velocities = [w.copy() for w in start], [np.zeros_like(w) for w in start]
        for step in gradients:
            for i, g in enumerate(step):
                params[i], velocities[i] = update(params[i], velocities[i], g / divisor)
        return np.concatenate([w.ravel() for w in params])

    def classic(w, v, g):
        return w - lr * (momentum * v + g), momentum * v + g

    params, velocities = [nd.array(w) for w in start], [nd.zeros(w.shape) for w in start]
    for param in params:
        param.attach_grad()
    arrays, first = list(params), None
    for step in gradients:
        for param, g in zip(arrays, step):
            param.grad[:] = nd.array(g)
        sgd_momentum(params, velocities, lr, batch_size, momentum)
        first = first if first is not None else [v.asnumpy() for v in velocities]
    value = np.concatenate([w.asnumpy().ravel() for w in arrays])
    if near(value, follow(lambda w, v, g: (w, v))):
        if any(np.abs(v).sum() > 0 for v in first):
            raise not_yet(
                "the velocities change but the parameters do not. `param = ...` only renames; `param -= ...` or "
                "`param[:] = ...` changes the array."
            )
        raise Verdict(
            "Not answered yet: no parameter changed. (If you did write it: `param = param - ...` makes a new array "
            "and leaves the old one as it is; `param -= ...` or `param[:] = ...` changes it.)"
        )
    compare(value, follow(classic), {
        "the first step is right, but no velocity is kept: this is plain sgd. `velocity = ...` only renames; `velocity[:] = "
        "...` changes the array.":
            follow(lambda w, v, g: (w - lr * g, v)),
        "the gradient of a minibatch is a sum: divide it by batch_size.": follow(classic, divisor=1),
        "the parameters go uphill: subtract the velocity.":
            follow(lambda w, v, g: (w + lr * (momentum * v + g), momentum * v + g)),
        "the new gradient is multiplied by 1 - momentum. That form exists, but its steps are shorter by that factor; add the "
        "gradient whole here.":
            follow(lambda w, v, g: (w - lr * (momentum * v + (1 - momentum) * g), momentum * v + (1 - momentum) * g)),
        "the step uses the velocity of the step before: renew the velocity first, then move.":
            follow(lambda w, v, g: (w - lr * v, momentum * v + g)),
        "lr is applied twice, in the velocity and in the step. Once is enough.":
            follow(lambda w, v, g: (w - lr * (momentum * v + lr * g), momentum * v + lr * g)),
        "lr is applied nowhere.": follow(lambda w, v, g: (w - (momentum * v + g), momentum * v + g)),
        "the velocity is not slowed down: multiply the old one by momentum.": follow(lambda w, v, g: (w - lr * (v + g), v + g)),
        "momentum multiplies the gradient as well. It belongs to the old velocity only.":
            follow(lambda w, v, g: (w - lr * momentum * (v + g), momentum * (v + g))),
        "that is Nesterov's momentum, which looks a step ahead. It is a good method; the problem asks for the plain one.":
            follow(lambda w, v, g: (w - lr * (g + momentum * (momentum * v + g)), momentum * v + g)),
    }, "after four steps the parameters are not where they should be. Compare with the two formulas, one step on paper.")  # fmt: skip
    return "four steps land where the two formulas say, and the velocities are kept from step to step."
