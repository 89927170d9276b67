"""The update with momentum."""

import numpy as np
from mxnet import nd

from ..judging import compare, near
from ..verdicts import not_answered, not_yet

RATES, BATCH_SIZE, MOMENTUM = (0.07, 0.06, 0.05, 0.04), 3, 0.65  # unusual values, which a function is unlikely to hard-code


def judge(sgd_momentum):
    rng = np.random.RandomState(0)
    start = [rng.normal(size=(3, 2)), rng.normal(size=2)]
    gradients = [[rng.normal(size=(3, 2)), rng.normal(size=2)] for _ in RATES]

    def follow(update, divisor=BATCH_SIZE, momentum=MOMENTUM):
        params, velocities = [w.copy() for w in start], [np.zeros_like(w) for w in start]
        for step, lr in zip(gradients, RATES):
            for i, g in enumerate(step):
                params[i], velocities[i] = update(params[i], velocities[i], g / divisor, lr, momentum)
        return np.concatenate([w.ravel() for w in params])

    def classic(w, v, g, lr, momentum):
        return w - lr * (momentum * v + g), momentum * v + g

    value, first = _four_steps(sgd_momentum, start, gradients)
    still = any(np.abs(v).sum() == 0 for v in first)
    if near(value, follow(lambda w, v, g, lr, momentum: (w, v))):
        if not still:
            raise not_yet(
                "the velocities change but the parameters do not. `param = ...` only renames; `param -= ...` or "
                "`param[:] = ...` changes the array."
            )
        raise not_answered(
            "no parameter changed. (If you did write it: `param = param - ...` makes a new array "
            "and leaves the old one as it is; `param -= ...` or `param[:] = ...` changes it.)"
        )
    compare(value, follow(classic), {
        "the first step is right, but no velocity is kept: this is plain sgd. `velocity = ...` only renames; `velocity[:] = "
        "...` changes the array.":
            follow(lambda w, v, g, lr, momentum: (w - lr * g, v)),
        "the gradient of a minibatch is a sum: divide it by batch_size.": follow(classic, divisor=1),
        "the gradient is divided by 256: use the argument batch_size.": follow(classic, divisor=256),
        "a momentum of 0.9 seems to be written into the function: use the argument momentum.": follow(classic, momentum=0.9),
        "the parameters go uphill: subtract the velocity.": follow(lambda w, v, g, lr, momentum: classic(w, v, g, -lr, momentum)),
        "the new gradient is multiplied by 1 - momentum. That form exists, but its steps are shorter by that factor; add the "
        "gradient whole here.":
            follow(lambda w, v, g, lr, momentum: (w - lr * (momentum * v + (1 - momentum) * g), momentum * v + (1 - momentum) * g)),
        "the step uses the velocity of the step before: renew the velocity first, then move.":
            follow(lambda w, v, g, lr, momentum: (w - lr * v, momentum * v + g)),
        "lr is applied twice, in the velocity and in the step. Once is enough.": follow(lambda w, v, g, lr, momentum: (w - lr * (momentum * v + lr * g), momentum * v + lr * g)),
        "lr is applied nowhere.": follow(lambda w, v, g, lr, momentum: classic(w, v, g, 1, momentum)),
        "lr is in the velocity, so past gradients keep the lr of their time when lr shrinks. Keep it out: the step is lr * velocity.":
            follow(lambda w, v, g, lr, momentum: (w - (momentum * v + lr * g), momentum * v + lr * g)),
        "the velocity is not slowed down: multiply the old one by momentum.": follow(classic, momentum=1),
        "momentum multiplies the gradient as well. It belongs to the old velocity only.":
            follow(lambda w, v, g, lr, momentum: (w - lr * momentum * (v + g), momentum * (v + g))),
        "batch_size divides the old velocity as well. It belongs to the new gradient only.":
            follow(lambda w, v, g, lr, momentum: (w - lr * (momentum * v / BATCH_SIZE + g), momentum * v / BATCH_SIZE + g)),
        "that is Nesterov's momentum, which looks a step ahead. It is a good method; the problem asks for the plain one.":
            follow(lambda w, v, g, lr, momentum: (w - lr * (g + momentum * (momentum * v + g)), momentum * v + g)),
    }, "after four steps the parameters are not where they should be. Compare with the two formulas, one step on paper.")  # fmt: skip
    if still:
        raise not_yet("the parameters are right, but velocities holds zeros still. Keep the velocities there, not elsewhere.")
    return "four steps land where the two formulas say, also when lr shrinks, and the velocities are kept from step to step."


def _four_steps(sgd_momentum, start, gradients):
    """The numbers of the parameters after all steps, and the velocities after the first."""
    arrays, velocities, first = [nd.array(w) for w in start], [nd.zeros(w.shape) for w in start], None
    params = list(arrays)
    for param in arrays:
        param.attach_grad()
    for step, lr in zip(gradients, RATES):
        for param, g in zip(arrays, step):
            param.grad[:] = nd.array(g)
        sgd_momentum(params, velocities, lr, BATCH_SIZE, MOMENTUM)
        if any(param is not array for param, array in zip(params, arrays)):
            raise not_yet(
                "params holds another array after the step: `params[i] = ...` puts a new one there, and others still hold the old one. "
                "`params[i] -= ...` or `params[i][:] = ...` changes the array itself."
            )
        first = first or [v.asnumpy() for v in velocities]
    unmoved = [i for i, (param, w) in enumerate(zip(arrays, start)) if near(param.asnumpy(), w)]
    if len(unmoved) == 1:
        raise not_yet(
            f"params[{unmoved[0]}] stays as it was, while the other moves. Is the update inside the loop, and no `return`?"
        )
    return np.concatenate([w.asnumpy().ravel() for w in arrays]), first
