"""The update with momentum."""

import numpy as np
from mxnet import nd

from ..cases import NOTHING_MOVED, keeps_its_arrays, some
from ..judging import compare, same
from ..mistakes import mistakes
from ..verdicts import not_answered, not_yet

RATES, SIZES, MOMENTUM = (0.07, 0.06, 0.05, 0.04), (3, 3, 2, 3), 0.65  # unusual values, which a function is unlikely to hard-code
START = [some(3, 2), some(2, seed=1), some(3, 2, seed=2)]  # two of the same shape


def sgd_momentum(params, velocities, lr, batch_size, momentum):
    for param, velocity in zip(params, velocities):
        velocity[:] = momentum * velocity + param.grad / batch_size
        param -= lr * velocity


def four_steps(sgd_momentum):
    """What four steps lead to, which those before may not change."""
    first, second = _four_steps(sgd_momentum), _four_steps(sgd_momentum)
    if not same(first, second):
        raise not_yet(
            "with new params and velocities, four steps lead elsewhere the second time: something is kept outside of velocities, or drawn "
            "anew. Each velocity belongs in the array that velocities has for it: `velocity[:] = ...`."
        )
    return first


def _four_steps(sgd_momentum):
    """The parameters and the velocities after four steps."""
    arrays, velocities = [nd.array(w) for w in START], [nd.zeros(w.shape) for w in START]
    params = list(arrays)
    for array in arrays:
        array.attach_grad()
    for step, (lr, batch_size) in enumerate(zip(RATES, SIZES)):
        for i, array in enumerate(arrays):
            array.grad[:] = nd.array(30 * some(*array.shape, seed=10 * step + i))  # large, so that nothing may cut them off
        sgd_momentum(params, velocities, lr, batch_size, MOMENTUM)
        keeps_its_arrays(params, arrays)
    after = {f"params[{i}]": array.asnumpy() for i, array in enumerate(arrays)}
    kept = {f"velocities[{i}]": velocity.asnumpy() for i, velocity in enumerate(velocities)}
    if all(np.array_equal(w, first) for w, first in zip(after.values(), START)) and not all(v.any() for v in kept.values()):
        raise not_answered(NOTHING_MOVED)
    return after | kept


RENEWED, STEP = "velocity[:] = momentum * velocity + param.grad / batch_size", "param -= lr * velocity"
MISTAKES = mistakes(sgd_momentum, {
    "the velocities change but the parameters do not. `param = ...` only renames; `param -= ...` or `param[:] = ...` changes the array.":
        ("param -=", "param = param -"),
    "no velocity is kept: this is plain sgd. `velocity = ...` only renames; `velocity[:] = ...` changes the array.":
        ("velocity[:]", "velocity"),
    "the gradient of a minibatch is a sum: divide it by batch_size.": (" / batch_size", ""),
    "the velocity holds sums, not mean gradients: divide param.grad by batch_size before it is added.":
        (" / batch_size", "", "lr * velocity", "lr / batch_size * velocity"),
    "the velocity has the opposite sign. As in the two formulas, add the gradient to it, and subtract lr * velocity.":
        ("+ param.grad", "- param.grad", "-=", "+="),
    "the gradient is divided by 256: use the argument batch_size.": ("/ batch_size", "/ 256"),
    "a momentum of 0.9 seems to be written into the function: use the argument momentum.": ("momentum * velocity", "0.9 * velocity"),
    "the parameters go uphill: subtract the velocity.": ("-=", "+="),
    "the new gradient is multiplied by 1 - momentum. That form exists, but its steps are shorter by that factor; add the gradient whole "
    "here.": ("+ param.grad", "+ (1 - momentum) * param.grad"),
    "the step uses the velocity of the step before: renew the velocity first, then move.":
        (f"{RENEWED}\n        {STEP}", f"{STEP}\n        {RENEWED}"),
    "lr is applied twice, in the velocity and in the step. Once is enough.": ("+ param.grad", "+ lr * param.grad"),
    "lr is applied nowhere.": ("lr * velocity", "velocity"),
    "lr is in the velocity, so past gradients keep the lr of their time when lr shrinks. Keep it out: the step is lr * velocity.":
        ("lr * velocity", "velocity", "+ param.grad", "+ lr * param.grad"),
    "lr is in the velocity, which also has the opposite sign. That form exists, but past gradients keep the lr of their time when lr "
    "shrinks: the step is lr * velocity.": ("lr * velocity", "velocity", "+ param.grad", "- lr * param.grad", "-=", "+="),
    "the velocity is not slowed down: multiply the old one by momentum.": ("momentum * velocity", "velocity"),
    "momentum multiplies the gradient as well. It belongs to the old velocity only.":
        ("velocity + param.grad / batch_size", "(velocity + param.grad / batch_size)"),
    "batch_size divides the old velocity as well. It belongs to the new gradient only.":
        ("momentum * velocity + param.grad", "(momentum * velocity + param.grad)"),
    "that is Nesterov's momentum, which looks a step ahead. It is a good method; the problem asks for the plain one.":
        (STEP, "param -= lr * (param.grad / batch_size + momentum * velocity)"),
    "only the last array moves. Is the update inside the loop?": (f"        {STEP}", f"    {STEP}"),
    "only the first array moves. Does the loop end too early?": (STEP, f"{STEP}\n        break"),
})  # fmt: skip
CASES = [
    (
        f"For four steps with lr = {', '.join(map(str, RATES))}, batch_size = {', '.join(map(str, SIZES))}, momentum = {MOMENTUM}",
        four_steps,
    )
]


def judge(sgd_momentum_):
    otherwise = (
        "something in the step is wrong. Compare with the two formulas, one step on paper, and keep the velocities in velocities."
    )
    compare(sgd_momentum_, sgd_momentum, CASES, MISTAKES, otherwise)
    return "four steps land where the two formulas say, also when lr shrinks, and the velocities are kept from step to step."


judge.mistakes = MISTAKES
