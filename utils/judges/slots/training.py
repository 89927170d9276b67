"""The slots of the chapter on training."""

import contextlib
import io

import numpy as np
from mxnet import autograd, nd

from ... import training as book
from ...network import softmax_cross_entropy
from ..calling import limit_passes
from ..cases import (
    NOTHING_MOVED,
    classes,
    copied,
    floats,
    fresh,
    gets_new_gradients,
    keeps_its_arrays,
    numbers,
    shown_args,
    some,
    some_classes,
    unchanged,
)
from ..given import a_type, answered, number_given
from ..judging import judging, same
from ..mistakes import mistakes
from ..verdicts import not_answered, not_yet

# --- One step -----------------------------------------------------------------------------------------------------------------


def step_case(lr, batch_size, params, gradients, moves=False):
    """A case of sgd. `moves`: one that changes nothing is still to be written, or has lost the gradients."""

    def run(sgd):
        arrays = [nd.array(param) for param in params]
        for array in arrays:
            array.attach_grad()
        given = list(arrays)

        def after_a_step():
            for array, param, g in zip(arrays, params, gradients):
                array[:], array.grad[:] = nd.array(param), nd.array(g)
            returned = sgd(given, lr, batch_size)
            keeps_its_arrays(given, arrays)
            return returned, [array.asnumpy() for array in arrays]

        returned, after = after_a_step()
        if moves and all(np.array_equal(array.asnumpy(), param) for array, param in zip(arrays, params)):
            if not any(array.grad.asnumpy().any() for array in arrays):
                raise not_yet(
                    "no parameter changed, and all gradients are 0 now. Leave them: the step needs them, backward writes new ones."
                )
            if returned is not None:
                raise not_yet(
                    f"sgd returns {a_type(returned)}, and no parameter changed. Nobody takes what it returns: change each array itself, "
                    "`param -= ...`."
                )
            raise not_answered(NOTHING_MOVED)
        if not all(map(gets_new_gradients, arrays)):
            raise not_yet("after a step backward writes no new gradients. Leave attach_grad out: the arrays have their memory.")
        if not np.array_equal(np.concatenate([*map(np.ravel, after)]), np.concatenate([*map(np.ravel, after_a_step()[1])])):
            raise not_yet(
                "sgd keeps something from one step to the next: from the same numbers, with the same gradients, a second step leads "
                "elsewhere. That is momentum, or the like. Each step here takes its own gradients alone."
            )
        return {f"params[{i}]": array for i, array in enumerate(after)}

    return f"For {shown_args(dict(params=params, gradients=gradients))}, lr = {lr} and batch_size = {batch_size},", run


SGD_CASES = [
    step_case(  # lr // batch_size is not 0
        3,
        1,
        [floats([[1, 2]]), floats([5]), floats([[4], [-1]]), floats([0])],
        [floats([[1, -2]]), floats([2]), floats([[3], [-1]]), floats([4])],
        moves=True,
    ),
    step_case(0.5, 2, [floats([[1, 2]]), floats([3])], [floats([[4, -8]]), floats([2])]),
    step_case(0.07, 1, [floats([[1, 2], [3, 5]]), floats([7])], [floats([[1, 0], [-2, 3]]), floats([11])]),
    step_case(0.3, 96, [some(3, 2), some(2), some(2, 4), some(4)], [96 * some(3, 2, seed=1), some(2), some(2, 4), 96 * some(4)]),
    step_case(0.3, 256, [some(1, 5), some(5)], [1000 * some(1, 5, seed=1), 1000 * some(5, seed=1)]),
    step_case(3, 2, [floats([[1, 2]]), floats([3])], [floats([[0.02, -0.01]]), floats([0.01])]),
    step_case(0.5, 1, [some(2, 2), some(2)] * 3, [some(2, 2, seed=1), some(2, seed=1)] * 3),  # of three layers
    step_case(0, 256, [some(1, 5), some(5)], [1000 * some(1, 5, seed=1), 1000 * some(5, seed=1)]),
    step_case(
        10**8, 2, [floats([[1, 2]]), floats([3])], [floats([[2e-8, -1e-8]]), floats([4e-8])]
    ),  # of tiny ones nothing is lost
]

STEP = "param -= lr / batch_size * param.grad"
SGD_MISTAKES = mistakes(book.sgd, {
    "the gradient is that of the sum over a minibatch: divide it by batch_size.": (" / batch_size", ""),
    "the step goes uphill: subtract the gradient.": ("-=", "+="),
    "lr and batch_size scale the parameters too. They belong to the gradient only.":
        (STEP, "param[:] = lr / batch_size * (param - param.grad)"),
    "the gradient is multiplied by batch_size. Divide by it.": ("lr / batch", "lr * batch"),
    "the quotient of lr and batch_size is cut off to a whole number, as // and int do it. Divide by /.": ("lr / batch", "lr // batch"),
    "the gradient is divided by 256: use the argument batch_size.": ("lr / batch_size", "lr / 256"),
    "lr is not used.": ("lr / batch", "1 / batch"),
    "lr seems to be 0.5 whatever it is: use the argument lr.": ("lr / batch", "0.5 / batch"),
    "the parameters are replaced by the step. Subtract it from them.": ("param -= ", "param[:] = -"),
    "the gradient is subtracted from the parameters times lr / batch_size. Multiply the gradient by it.":
        (STEP, "param[:] = lr / batch_size * param - param.grad"),
    "the parameters themselves are subtracted, not their gradients: param.grad.": ("* param.grad", "* param"),
    "lr is divided by batch_size anew for each array, so that it gets smaller and smaller.":
        (STEP, "lr = lr / batch_size\n        param -= lr * param.grad"),
    "the gradient is divided by the square root of batch_size: divide by batch_size itself.": ("/ batch_size *", "/ batch_size ** 0.5 *"),
    "the gradient is divided by the number of arrays, len(params): divide by batch_size.": ("/ batch_size", "/ len(params)"),
    "only the first row of each array moves. param -= ... moves all of it.": (STEP, "param[0] -= lr / batch_size * param.grad[0]"),
    "only the sign of the gradient is used.": ("* param.grad", "* nd.sign(param.grad)"),
    "all numbers of an array move by their mean gradient. Each has its own.": ("param.grad", "param.grad.mean()"),
    "the step is divided by the number of entries, not by batch_size.": ("lr / batch_size", "lr / param.size"),
    "the step is taken twice.": (STEP, f"{STEP}\n        {STEP}"),
    "only the first array moves. Does the loop end too early?": (STEP, f"{STEP}\n        break"),
    "only the last array moves. Is the update inside the loop?": (STEP, f"pass\n    {STEP}"),
    "the last array doesn't move: loop over all of params.": ("in params:", "in params[:-1]:"),
    "the first array doesn't move: loop over all of params.": ("in params:", "in params[1:]:"),
    "only the first four arrays move. params may hold more: loop over all of them.": ("in params:", "in params[:4]:"),
    "the first two arrays don't move: loop over all of params.": ("in params:", "in params[2:]:"),
    "the biases don't move.": (STEP, f"if param.ndim > 1:\n            {STEP}"),
    "the weights don't move, only the biases do.": (STEP, f"if param.ndim == 1:\n            {STEP}"),
} | {
    f"mean gradients above {most} are cut off. Take them as they are.":
        (STEP, f"param -= lr * nd.clip(param.grad / batch_size, -{most}, {most})")
    for most in (1, 5)
} | {
    f"each parameter shrinks as well, as with a weight decay of {decay:g}. Subtract the step alone.":
        (STEP, f"param -= lr * (param.grad / batch_size + {decay} * param)")
    for decay in (1e-1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
}, nd=nd)  # fmt: skip

judge_sgd = judging(
    book.sgd,
    SGD_CASES,
    SGD_MISTAKES,
    otherwise="the parameters are not where they should be: param - lr / batch_size * param.grad.",
    right="each parameter moves against its gradient, in its own array.",
)


# --- Counting right answers -----------------------------------------------------------------------------------------------------


def share_case(y_hat, y):
    def run(accuracy):
        given = dict(y_hat=fresh(y_hat), y=fresh(y))
        with unchanged(accuracy, given):
            return {"": number_given(accuracy, accuracy(*given.values()), "the accuracy")}

    return f"For {shown_args(dict(y_hat=y_hat, y=y))}", run


ACCURACY_CASES = [
    share_case(floats([[0.1, 0.9], [0.8, 0.2], [0.3, 0.7]]), floats([1, 1, 1])),
    share_case(floats([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), classes(0, 2)),
    share_case(floats([[0.1, 0.5, 0.4], [0.3, 0.4, 0.3], [0.2, 0, 0.8], [0.45, 0.35, 0.2]]), classes(1, 1, 0, 1)),
    share_case(floats([[0.1, 0.7, 0.2]]), classes(1)),
    share_case(floats([[-1000, 1000], [5, 4], [-2, -1]]), classes(1, 0, 1)),
    share_case(floats([[100, 200], [30, 20]]), classes(1, 0)),  # float32 has no exponential of 89, and a sigmoid of both is 1
    share_case(floats([[0, 0], [0, 0], [0, 0]]), classes(0, 0, 1)),
    share_case(floats(np.tile(np.eye(12), (25, 1))), classes(*[*range(12)] * 25)),  # more right answers than 8 bits count
    share_case(some(256, 10), some_classes(256)),
]


TEN = "ten classes seem to be written in. There may be more: y_hat has a column for each."
TIES = "where all scores are equal, every label counts as right, and a network that knows nothing gets 1. It names one class: argmax."
ACCURACY_MISTAKES = mistakes(book.accuracy, {
    "argmax runs along the columns. Each example is a row: axis=1.": ("axis=1", "axis=0"),
    "one answer comes out for all examples together. Each row has its own: argmax(axis=1).": ("argmax(axis=1)", "reshape(-1).argmax(axis=0)"),
    "labels are compared with the highest score itself. Compare them with its column: argmax.": ("argmax", "max"),
    "it counts the right answers. Their share is asked for: divide by the number of examples.": (".mean()", ".sum()"),
    "it gives percent. A share from 0 to 1 is asked for.": ("return", "return 100 *"),
    "it gives the share of wrong answers.": ("==", "!="),
    "the number of right answers is divided by 256: divide by len(y).": (".mean().asscalar()", ".sum().asscalar() / 256"),
    "1 comes out if all are right, and else 0, as from all(), from // and from the mean of int32 numbers. Compare as float32, and take the mean.":
        ("y_hat.argmax(axis=1)", 'y_hat.argmax(axis=1).astype("int32")', 'y.astype("float32")', 'y.astype("int32")'),
    "only the first example is looked at.": (".mean()", "[0]"),
    TIES: ("return (nd.pick(y_hat, y) == y_hat.max(axis=1)).mean().asscalar()",),
    "it takes the lowest score of each row: argmax, not argmin.": ("argmax", "argmin"),
    "it averages the probability of the label. Count how often argmax is the label.":
        ("return nd.pick(y_hat, y).mean().asscalar()",),
    "an answer counts only if its probability is above 0.5. The highest is enough.":
        ("return (nd.pick(y_hat, y) > 0.5).mean().asscalar()",),
    "the number of right answers is divided by the number of classes, not of examples.":
        (".mean().asscalar()", ".sum().asscalar() / y_hat.shape[1]"),
    "the number of right answers is divided by that of all scores: divide by len(y).":
        (".mean().asscalar()", ".sum().asscalar() / y_hat.size"),
    "labels from the data are int32, and == takes float32 only: y.astype(\"float32\").": ('.astype("float32")', ""),
    TEN: ("y_hat.argmax", "y_hat[:, :10].argmax"),
    "large scores have equal exponentials, infinite ones, and equal sigmoids, 1. argmax should look at the scores: y_hat.argmax(axis=1).":
        ("y_hat.argmax", "nd.sigmoid(y_hat).argmax"),
    "of equal scores it takes the last. argmax takes the first.":
        ("O = y_hat.asnumpy()\nreturn float((O.shape[1] - 1 - O[:, ::-1].argmax(axis=1) == y.asnumpy()).mean())",),
    "it averages over the classes, where a rare one counts as much as a frequent one. Each example counts as much as another.":
        ("hits = y_hat.argmax(axis=1).asnumpy() == y.asnumpy()\n"
         "return float(sum(hits[y.asnumpy() == c].mean() for c in {*y.asnumpy()}) / len({*y.asnumpy()}))",),
    "labels are compared with all scores. Compare them with the place of the highest: argmax.":
        ("y_hat.argmax(axis=1)", "y_hat", 'y.astype("float32")', 'y.astype("float32").reshape((-1, 1))'),
}, nd=nd)  # fmt: skip

judge_accuracy = judging(
    book.accuracy,
    ACCURACY_CASES,
    ACCURACY_MISTAKES,
    otherwise="the share is wrong: of how many rows is the highest score in the label's column?",
    right="the share of right answers, for labels of either type.",
)


TWICE = "it goes over the data twice. Some data comes only once, as from a generator: do all in one loop."


class Minibatches:
    """Minibatches (X, y), as the data gives them. They count how many iterations over them began, and know what they gave."""

    def __init__(self, *minibatches, once=False):
        self.minibatches, self.once, self.begun, self.given = minibatches, once, 0, []

    def anew(self):
        return Minibatches(*self.minibatches, once=self.once)

    def __len__(self):
        return len(self.minibatches)

    def __iter__(self):
        self.begun += 1
        limit_passes(self.begun)
        if self.once and self.begun > 1:
            raise not_yet(TWICE)
        for pair in self.minibatches:
            pair = nd.array(pair[0]), fresh(pair[1])
            self.given += zip(pair, map(copied, map(numbers, pair)))
            yield pair

    def takes(self, net):
        """`net`, which may ask for X in the shape in which the data gives it."""
        shapes = {np.shape(X)[1:] for X, _ in self.minibatches}

        def takes_x(X):
            if X.shape[1:] not in shapes:
                shape = ", ".join(map(str, min(shapes)))
                raise not_yet(
                    f"net gets X of shape {X.shape}, where the minibatches have (n, {shape}). Take them from the argument, and leave X as "
                    "it is: a net that wants rows of pixels makes them itself, others want images."
                )
            return net(X)

        return takes_x

    def are_unchanged(self, function):
        """End if `function` has changed an X or a y: the data gives views of its own arrays."""
        if any(not np.array_equal(array.asnumpy(), before) for array, before in self.given):
            raise not_yet(f"{function.__name__} changes X or y of a minibatch, which the data still needs. Make a new array.")


def split(X, y, *sizes):
    ends = np.cumsum(sizes)
    return Minibatches(*((X[end - n : end], y[end - n : end]) for n, end in zip(sizes, ends)))


TWO = Minibatches(([[0, 1], [2, 0], [100, 200]], classes(1, 0, 1)), ([[5, 4], [0, 1]], classes(1, 1)))
ONE = Minibatches(([[1, 2], [0, 3]], floats([1, 1])))


ONCE = Minibatches(*TWO.minibatches, once=True)
OF_IMAGES = "For images of shape (1, 1, 2)"


def as_images(data):
    """The same minibatches, whose X have the shape (n, 1, 1, d)."""
    return Minibatches(*((np.reshape(X, (len(X), 1, 1, -1)), y) for X, y in data.minibatches))


def flat(X):
    return X.reshape((len(X), -1))


def identity(X):
    return X * 1


def third(X):
    """Scores of a third class, which is never the best, beside two pixels."""
    return nd.dot(X, nd.array([[1, 0, 0], [0, 1, 0]])) + nd.array([0, 0, -1])


def collection_case(text, data_iter, scores):
    def net(X):
        if autograd.is_recording() or autograd.is_training():
            raise not_yet(
                "evaluate_accuracy calls net inside a block of autograd, where dropout would be on. Nothing is trained here: leave it out."
            )
        return scores(X)

    def run(evaluate_accuracy):
        data = data_iter.anew()
        share = number_given(evaluate_accuracy, evaluate_accuracy(data, data.takes(net)), "the accuracy")
        data.are_unchanged(evaluate_accuracy)
        return {"": share}

    return text, run


def trained_meanwhile(evaluate_accuracy):
    """A run of a case: the same data and net twice, and in between the net has learned."""
    data, w = TWO.anew(), nd.array([[0, 1], [1, 0]])

    def net(X):
        return nd.dot(X, w)

    evaluate_accuracy(data, net)
    w[:] = nd.array([[1, 0], [0, 1]])
    return {"": number_given(evaluate_accuracy, evaluate_accuracy(data, net), "the accuracy")}


SIX, FIRST = some(6, 4), nd.array([[1, 0, 0, 0]])
MANY = some(2168, 12)
GUESSED = MANY.argmax(axis=1).astype(np.int32) * (np.arange(2168) % 2048 > 500)  # of the others most are wrong
EVALUATE_CASES = [
    collection_case("For a minibatch with 3 right answers of 3 and one with 1 of 2", TWO, identity),
    collection_case(
        "For a minibatch with 1 right answer of 2 and one with 3 of 3", Minibatches(*TWO.minibatches[::-1]), identity
    ),
    collection_case("For a net that gives each class the score 0", TWO, lambda X: 0 * X),
    collection_case("For X = [[1, 2], [0, 3]], y = [1, 1], as floats, and a net that gives X", ONE, identity),
    collection_case("For minibatches of 256, 96 and 1 examples", split(some(353, 10), some_classes(353), 256, 96, 1), identity),
    collection_case(  # float16 can't count them
        "For a minibatch of 2,048 examples and 120 of 1, and 12 classes", split(MANY, GUESSED, 2048, *[1] * 120), identity
    ),
    collection_case("For a net that gives 2 - X", split(SIX, SIX.argmin(axis=1), 2, 2, 2), lambda X: 2 - X),
    collection_case("For a net that adds 1 to the first score", split(SIX, SIX.argmax(axis=1), 2, 2, 2), lambda X: X + FIRST),
    collection_case("For a net that gives three scores for two pixels", TWO, third),
    collection_case("For minibatches that come only once, as from a generator", ONCE, identity),
    collection_case(OF_IMAGES, as_images(TWO), flat),
    ("For the same data and net as before, after training", trained_meanwhile),
]


HITS = '(O.argmax(axis=1) == y.astype("float32"))'
EVALUATE_MISTAKES = mistakes(book.evaluate_accuracy, {
    "it divides by the number of minibatches, not of examples.": ("len(y)", "1"),
    "right answers are those of the last minibatch only: += in place of =.": ("correct +=", "correct ="),
    "it divides by the size of the last minibatch. Add up len(y).": ("asscalar() / n", "asscalar() / len(y)"),
    TIES: (HITS, "(O.max(axis=1) == nd.pick(O, y))"),
    "it averages the accuracies of the minibatches, and the last one may be smaller. Add up right answers, and divide once.":
        (f"{HITS}.sum()", "accuracy(O, y)", "len(y)", "1", "correct.asscalar()", "correct"),
    "it adds up the accuracies of the minibatches. Add up right answers, and divide once.":
        (f"{HITS}.sum()", "accuracy(O, y)", "correct.asscalar() / n", "correct"),
    "it gives the accuracy of the last minibatch only. Add up in the loop.": ("correct +=", "correct =", "n +=", "n ="),
    "it gives the accuracy of the first minibatch only. Go on to the end of data_iter, and return after the loop.":
        ("n += len(y)", "n += len(y)\n        return correct.asscalar() / n"),
    "it counts the right answers. Divide by the number of examples.": ("asscalar() / n", "asscalar()"),
    "it takes every minibatch to be as large as the first. Add up len(y).": ("len(y)", "len(next(iter(data_iter))[1])"),
    "it takes every minibatch to be as large as the last. Add up len(y).": ("asscalar() / n", "asscalar() / (len(y) * len(data_iter))"),
    "it divides by 10,000, whatever the data is. Add up len(y).": ("asscalar() / n", "asscalar() / 10000"),
    "it takes every minibatch to have 256 examples. Add up len(y).": ("len(y)", "256"),
    "it gives percent. A share from 0 to 1 is asked for.": ("return", "return 100 *"),
    "it gives the share of wrong answers.": ("==", "!="),
    "argmax runs along the columns. Each example is a row: axis=1.": ("axis=1", "axis=0"),
    "only the first ten minibatches are used. Go on to the end of data_iter.": ("in data_iter:", "in list(data_iter)[:10]:"),
    "net is not used: it is X that is compared with y.": ("O = net(X)", "O = X"),
    TEN: ("O.argmax", "O[:, :10].argmax"),
    "it divides by the number of scores, not of examples.": ("len(y)", "O.size"),
    "it divides by the number of pixels, not of examples.": ("len(y)", "X.size"),
    "the last minibatch is left out. Go on to the end of data_iter.": ("in data_iter:", "in list(data_iter)[:-1]:"),
    "large scores have equal exponentials, infinite ones, and equal sigmoids, 1. argmax should look at the scores: O.argmax(axis=1).":
        ("O.argmax", "nd.sigmoid(O).argmax"),
    "labels from the data are int32, and == takes float32 only: y.astype(\"float32\").": ('.astype("float32")', ""),
}, nd=nd)  # fmt: skip

judge_evaluate_accuracy = judging(
    book.evaluate_accuracy,
    EVALUATE_CASES,
    EVALUATE_MISTAKES,
    otherwise="the share is wrong: right answers of all minibatches, divided by the number of all examples.",
    right="right answers are added up over all minibatches and divided once.",
)


EXACT = 1e-5  # of a mean: what is rounded to four digits differs by more


# --- An epoch -------------------------------------------------------------------------------------------------------------------


class World:
    """A small linear network with all that an epoch needs, and a count of its steps."""

    def __init__(self, lr):
        self.w, self.lr, self.steps, self.recorded = nd.array([[0.5, -0.5], [0.25, 1]]), lr, 0, 0
        self.w.attach_grad()
        self.w.grad[:] = 1  # what an earlier step has left

    def net(self, X):
        if autograd.is_recording() and not autograd.is_training():
            raise not_yet("train_mode=False is for a test: dropout would be off. Record with autograd.record().")
        self.recorded += autograd.is_recording()
        return nd.dot(flat(X), self.w)

    def step(self, batch_size):
        self.steps += 1
        self.w -= self.lr / batch_size * self.w.grad


def part_given(function, part, what):
    """The number that is a part of what `function` returns."""
    if part is None:
        raise not_yet(f"{what} is None, where a number is asked for.")
    return number_given(function, part, what)


def per_example(O, y):
    """A loss of its own: twice the cross-entropy."""
    return 2 * softmax_cross_entropy(O, y)


def epoch_case(text, data, loss, lr, epochs=1):
    """A case: what the last of so many epochs gives, with the same net, data and step."""

    def run(train_epoch):
        world, minibatches = World(lr), data.anew()
        net = minibatches.takes(world.net)

        def step():
            world.step(1)

        def checked_loss(O, y):
            if O.ndim < y.ndim:
                raise not_yet("loss takes the scores first, then the labels: loss(O, y).")
            return loss(O, y)

        for _ in range(epochs):
            value = answered(train_epoch, train_epoch(net, minibatches, checked_loss, step))
        minibatches.are_unchanged(train_epoch)
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise not_yet("train_epoch should return two numbers: mean loss, accuracy.")
        mean_loss, accuracy = (
            part_given(train_epoch, part, what) for part, what in zip(value, ("the mean loss", "the accuracy"))
        )
        return {
            "the number of steps": np.array(float(world.steps)),
            "the mean loss": mean_loss,
            "the accuracy": accuracy,
            "w after the epoch": world.w.asnumpy(),
        }

    return text, run


THREE_ONE = Minibatches(([[0, 1], [2, 0], [1, 3]], classes(1, 1, 0)), ([[-1, 2]], classes(0)))
LARGE_SCORES = Minibatches(([[80, 240]], classes(1)))
EPOCH_CASES = [
    epoch_case("For one minibatch of 3 examples", Minibatches(THREE_ONE.minibatches[0]), softmax_cross_entropy, 0.5),
    epoch_case("For a minibatch of 3 examples and one of 1", THREE_ONE, softmax_cross_entropy, 0.5),
    epoch_case("For another loss", THREE_ONE, per_example, 0.1),
    epoch_case(
        "For minibatches that come only once, as from a generator",
        Minibatches(*THREE_ONE.minibatches, once=True),
        per_example,
        0.1,
    ),
    epoch_case("For a minibatch of 1 example with the scores 100 and 200", LARGE_SCORES, softmax_cross_entropy, 0.5),
    epoch_case("For a second epoch with the same net and data", THREE_ONE, softmax_cross_entropy, 0.1, epochs=2),
    epoch_case(
        "For 120 minibatches of 2 examples and one of 1",
        split(some(241, 2), some_classes(241, 2), *[2] * 120, 1),
        softmax_cross_entropy,
        0.1,
    ),
    epoch_case(OF_IMAGES, as_images(THREE_ONE), softmax_cross_entropy, 0.1),
    epoch_case(
        "For minibatches of 256, 96 and 1 examples",
        split(some(353, 2), some_classes(353, 2), 256, 96, 1),
        softmax_cross_entropy,
        0.01,
    ),
]


RETURN = "return loss_sum.asscalar() / n, correct.asscalar() / n"
EPOCH_MISTAKES = mistakes(book.train_epoch, {
    "they are divided by the number of minibatches, not of examples.": ("len(y)", "1"),
    "the loss sum is that of the last minibatch only: += in place of =.": ("loss_sum +=", "loss_sum ="),
    "accuracy is measured after the step. It should be that of the scores from which the loss came.":
        ("correct += (O.", "correct += (net(X)."),
    "accuracy is measured after the epoch. It should be that of the scores from which each loss came.":
        ("correct.asscalar() / n", "evaluate_accuracy(train_iter, net)"),
    "step is never called.": ("        step()\n", ""),
    "step is called once, after the loop. Each minibatch has its step.": ("        step()\n", "", RETURN, f"step()\n    {RETURN}"),
    "step is called before backward, with the gradients of the minibatch before.":
        ("        l.backward()\n        step()", "        step()\n        l.backward()"),
    "only the first minibatch is used: the return stands inside the loop.": ("n += len(y)", f"n += len(y)\n        {RETURN}"),
    "backward is not called, so step takes gradients of before.": ("        l.backward()\n", ""),
    "backward starts from the mean, and step divides by the batch size once more. Start from l: l.backward().":
        ("l = loss(O, y)", "l = loss(O, y)\n            mean = l.mean()", "l.backward", "mean.backward"),
    "the loss is that of the last minibatch only: += in place of =.":
        ("loss_sum += l.sum()", "loss_sum = l.mean()", "loss_sum.asscalar() / n", "loss_sum.asscalar()"),
    "loss and accuracy are those of the last minibatch only. Add up in the loop.":
        ("loss_sum +=", "loss_sum =", "correct +=", "correct =", "n +=", "n ="),
    "loss and accuracy are averaged over the minibatches, and the last one may be smaller. Add up, and divide once.":
        ("l.sum()", "l.mean()", f"{HITS}.sum()", f"{HITS}.mean()", "len(y)", "1"),
    "the mean losses of the minibatches are averaged, and the last one may be smaller. Add up l.sum(), and divide once.":
        ("l.sum()", "l.mean()", "loss_sum.asscalar() / n", "loss_sum.asscalar() / len(train_iter)"),
    "the mean losses of the minibatches are added up and divided by the number of examples. Add up l.sum().": ("l.sum()", "l.mean()"),
    "the loss is divided by the number of minibatches, not of examples.": ("loss_sum.asscalar() / n", "loss_sum.asscalar() / len(train_iter)"),
    "the accuracy is divided by the number of minibatches, not of examples.": ("correct.asscalar() / n", "correct.asscalar() / len(train_iter)"),
    "the loss is measured after the step. It should be the one from which the gradients came: l.sum().":
        ("loss_sum += l.sum()", "loss_sum += loss(net(X), y).sum()"),
    "loss and accuracy are divided by the size of the last minibatch. Add up: n += len(y).": ("n += len(y)", "n = len(y)"),
    "the accuracy is the share of wrong answers.": ("==", "!="),
    "X is divided by 255 before net gets it. Leave it as it is: its pixels are from 0 to 1 already.": ("net(X)", "net(X / 255)"),
    "the loss is a sum. Divide it by the number of examples.": ("loss_sum.asscalar() / n", "loss_sum.asscalar()"),
    "the accuracy is a count. Divide it by the number of examples.": ("correct.asscalar() / n", "correct.asscalar()"),
    "loss and accuracy are sums. Divide both by the number of examples.":
        ("loss_sum.asscalar() / n, correct.asscalar() / n", "loss_sum.asscalar(), correct.asscalar()"),
    "softmax is applied before loss, which takes the scores: loss(O, y).": ("loss(O, y)", "loss(nd.softmax(O), y)"),
    "step is called twice for each minibatch.": ("        step()\n", "        step()\n        step()\n"),
    "every minibatch is taken to have 256 examples. Add up len(y).": ("len(y)", "256"),
    "right answers are those of the last minibatch only: += in place of =.": ("correct +=", "correct ="),
    "the accuracy is that of the last minibatch only. Add up right answers in the loop, and divide once.":
        (f"correct += {HITS}.sum()", f"correct = {HITS}.mean()", "correct.asscalar() / n", "correct.asscalar()"),
    "the accuracies of the minibatches are averaged, and the last one may be smaller. Add up right answers, and divide once.":
        (f"{HITS}.sum()", f"{HITS}.mean()", "correct.asscalar() / n", "correct.asscalar() / len(train_iter)"),
    "the last minibatch is left out. Go on to the end of train_iter.": ("in train_iter:", "in list(train_iter)[:-1]:"),
    "the order is turned round: the loss comes first.": (RETURN, "return correct.asscalar() / n, loss_sum.asscalar() / n"),
    "the accuracy is in percent. A share from 0 to 1 is asked for.": ("correct.asscalar() / n", "100 * correct.asscalar() / n"),
    "only the first ten minibatches are used. Go on to the end of train_iter.": ("in train_iter:", "in list(train_iter)[:10]:"),
    "the argument loss is not used: softmax_cross_entropy is called whatever it is.": ("l = loss(O, y)", "l = softmax_cross_entropy(O, y)"),
    "large scores have equal exponentials, infinite ones, and equal sigmoids, 1. argmax should look at the scores: O.argmax(axis=1).":
        ("(O.argmax", "(nd.sigmoid(O).argmax"),
} | {
    f"loss and accuracy are rounded to {digits} digits. Return them as they are.":
        (RETURN, f"return round(float(loss_sum.asscalar()) / n, {digits}), round(float(correct.asscalar()) / n, {digits})")
    for digits in (2, 3, 4)
}, nd=nd, softmax_cross_entropy=softmax_cross_entropy)  # fmt: skip

judge_train_epoch = judging(
    book.train_epoch,
    EPOCH_CASES,
    EPOCH_MISTAKES,
    otherwise="something in the epoch is wrong. For each minibatch: record, backward, step, and the sums.",
    right="a step for each minibatch, with its own gradients; mean loss and accuracy are those before the steps.",
    rtol=EXACT,
)


# --- All epochs -------------------------------------------------------------------------------------------------------------------

KEYS = "loss", "train_acc", "test_acc"
BEGUN, PRINTED = "the number of times that train_iter begins anew", "the number of printed lines"
HISTORY = [f'history["{key}"]' for key in KEYS]
KEPT = dict(
    zip(HISTORY, ("train_epoch returns first", "train_epoch returns second", "evaluate_accuracy returns after each epoch"))
)
TRAIN = split(some(11, 2), some_classes(11, 2), 6, 5)  # an epoch changes how many are right
TEST = split(some(40, 2, seed=1), some_classes(40, 2), 40)


def two_sides(n, slope, seed, *sizes):
    X = 3 * some(n, 2, seed=seed)
    return split(X, (X[:, 0] + slope * X[:, 1] > 0).astype(np.int32), *sizes)


EASY_TRAIN = two_sides(11, 0.3, 84, 6, 5)  # the loss rises once, and is below 0.1 in the end
EASY_TEST = two_sides(40, -0.1, 97, 40)  # the accuracy is highest after the first epoch


class Trainer:
    """Steps a World as Gluon's Trainer does."""

    def __init__(self, world):
        self.world = world

    def step(self, batch_size=None):
        if batch_size is None:
            raise not_yet("trainer.step needs the batch size, by which it divides: trainer.step(batch_size).")
        self.world.step(batch_size)


def training_case(num_epochs, batch_size, lr=None, loss=softmax_cross_entropy, train_iter=TRAIN, test_iter=TEST):
    def run(train_ch3):
        world = World(lr or 0.2)
        update = dict(params=[world.w], lr=lr) if lr else dict(trainer=Trainer(world))
        data, net = train_iter.anew(), train_iter.takes(world.net)
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            history = train_ch3(net, data, test_iter.anew(), loss, num_epochs, batch_size, **update)
        answered(train_ch3, history)
        if not isinstance(history, dict) or not set(KEYS) <= set(history):
            raise not_yet('train_ch3 should return the history, a dict with the lists "loss", "train_acc" and "test_acc".')
        result = {}
        for key in KEYS:
            if not hasattr(history[key], "__len__"):
                raise not_yet(f'history["{key}"] should be a list with a number for each epoch.')
            result[f'history["{key}"]'] = np.array(
                [part_given(train_ch3, value, f'history["{key}"][{i}]') for i, value in enumerate(history[key])]
            )
        result["w at the end"] = world.w.asnumpy()
        result["the number of minibatches that are recorded"] = np.array(float(world.recorded))
        result[BEGUN] = np.array(float(min(data.begun, num_epochs)))
        lines = sum(map(bool, printed.getvalue().splitlines()))
        result[PRINTED] = np.array(float(min(lines, num_epochs)))  # a headline does no harm
        return result

    update = f"lr = {lr}" if lr else "a trainer"
    other = "another loss, " if loss is not softmax_cross_entropy else "other data, " if train_iter is not TRAIN else ""
    return f"For {other}{num_epochs} epoch{'s' * (num_epochs > 1)}, batch_size = {batch_size} and {update},", run


CH3_CASES = [
    training_case(1, 3, 0.5),
    training_case(2, 3, 0.5),
    training_case(3, 7, 0.1),
    training_case(1, 3),
    training_case(2, 7),
    training_case(1, 3, 0.1, loss=per_example),
    training_case(10, 3, 1.0, train_iter=EASY_TRAIN, test_iter=EASY_TEST),
]


def seen_in_training(right, result):
    """What the arrays of a case show: that training ends early, or is right, and only the history or what is printed is not."""
    wrong = [name for name in right if not same({"": right[name]}, {"": result[name]}, rtol=EXACT)]
    trained, kept, asked = int(result[BEGUN]), {len(result[name]) for name in HISTORY}, len(right[HISTORY[0]])
    if kept == {trained} and trained < asked:
        return f"training ends after {trained} of {asked} epochs. Train for num_epochs epochs whatever comes."
    if wrong == [PRINTED]:
        return f"the training is right, but {int(result[PRINTED])} of {asked} lines are printed: one after each epoch."
    if not {*wrong} <= {*HISTORY, PRINTED}:
        return None
    if len(result[wrong[0]]) != asked:
        return f"the training is right, but {wrong[0]} has {len(result[wrong[0]])} of {asked} numbers: append one in each epoch."
    return f"the training is right, but {wrong[0]} holds other numbers. It keeps what {KEPT[wrong[0]]}, as it is."


TRAIN_ONCE = "        mean_loss, train_acc = train_epoch(net, train_iter, loss, step)\n"
TEST_ONCE = "        test_acc = evaluate_accuracy(test_iter, net)\n"
PRINT = 'print("epoch %d, loss %.4f, train acc %.3f, test acc %.3f" % (epoch, mean_loss, train_acc, test_acc))'
UPDATE = (
    "        if trainer is None:\n            sgd(params, lr, batch_size)\n        else:\n            trainer.step(batch_size)\n"
)
CH3_MISTAKES = mistakes(book.train_ch3, {
    "the last epoch is left out: range(1, num_epochs) ends before num_epochs.": ("range(1, num_epochs + 1)", "range(1, num_epochs)"),
    "the test accuracy is measured on train_iter. Use test_iter.": ("evaluate_accuracy(test_iter", "evaluate_accuracy(train_iter"),
    "the history keeps the last epoch only: append in the loop.": ("history[name].append(value)", "history[name] = [value]"),
    "the test accuracy is measured before each epoch. Measure it after.": (TEST_ONCE, "", TRAIN_ONCE, TEST_ONCE + TRAIN_ONCE),
    "nothing is printed: a line for each epoch is asked for.": (PRINT, "pass"),
    "a list of the minibatches always has the same order; each epoch has a new one. Iterate over train_iter itself.":
        ("    for epoch in", "    train_iter = list(train_iter)\n    for epoch in"),
    "train_epoch records the test images too, as if they were to be learned. evaluate_accuracy only looks.":
        (TEST_ONCE, "        _, test_acc = train_epoch(net, test_iter, loss, lambda: None)\n"),
    "the training accuracy is measured after the epoch. train_epoch returns that of the scores before each step.":
        (TRAIN_ONCE, f"{TRAIN_ONCE}        train_acc = evaluate_accuracy(train_iter, net)\n"),
    "one line is printed, where each epoch has its own: the print belongs into the loop, without `end`.": (PRINT, "pass", "return history", f"{PRINT}\n    return history"),
    "there is an epoch too many.": ("range(1, num_epochs + 1)", "range(num_epochs + 1)"),
    "only one epoch is trained: is the return inside the loop?": ("append(value)", "append(value)\n        return history"),
    "batch_size is not used: the step is divided by 256.":
        ("sgd(params, lr, batch_size)", "sgd(params, lr, 256)", "trainer.step(batch_size)", "trainer.step(256)"),
    "the step is not divided by batch_size.":
        ("sgd(params, lr, batch_size)", "sgd(params, lr, 1)", "trainer.step(batch_size)", "trainer.step(1)"),
    "with params and lr, the step is divided by 256, not by batch_size.": ("sgd(params, lr, batch_size)", "sgd(params, lr, 256)"),
    "with params and lr, the step is divided twice by batch_size. sgd does it.": ("sgd(params, lr,", "sgd(params, lr / batch_size,"),
    "with params and lr, the step is not divided by batch_size.": ("sgd(params, lr, batch_size)", "sgd(params, lr, 1)"),
    "num_epochs is not used: ten epochs are trained.": ("num_epochs + 1", "11"),
    "num_epochs is not used: three epochs are trained.": ("num_epochs + 1", "4"),
    "lr is not used: the steps are those of 0.5.": ("sgd(params, lr,", "sgd(params, 0.5,"),
    "trainer is not used. Where one is given, params and lr are None, and trainer.step(batch_size) is the step.":
        (UPDATE, "        sgd(params, lr, batch_size)\n"),
    "trainer.step should get batch_size, not 1.": ("trainer.step(batch_size)", "trainer.step(1)"),
    '"loss" and "train_acc" are swapped in the history.': ("zip(history, (mean_loss, train_acc,", "zip(history, (train_acc, mean_loss,"),
    '"train_acc" and "test_acc" are swapped in the history.': ("train_acc, test_acc)):", "test_acc, train_acc)):"),
    "all three lists of the history are one and the same, as dict.fromkeys makes them. Write [] three times.":
        ('{"loss": [], "train_acc": [], "test_acc": []}', 'dict.fromkeys(["loss", "train_acc", "test_acc"], [])'),
    "training stops when the test accuracy falls. Train for num_epochs epochs whatever comes.":
        ("append(value)", "append(value)\n        if epoch > 1 and test_acc < history['test_acc'][-2]:\n            break"),
    "the argument loss is not used: softmax_cross_entropy is called whatever it is.": ("train_iter, loss,", "train_iter, softmax_cross_entropy,"),
}, softmax_cross_entropy=softmax_cross_entropy)  # fmt: skip

judge_train_ch3 = judging(
    book.train_ch3,
    CH3_CASES,
    CH3_MISTAKES,
    otherwise="the training goes another way. In each epoch: train_epoch, then evaluate_accuracy, a line, the history.",
    right="every epoch trains, is tested, printed and kept, with sgd or with a trainer.",
    seen=seen_in_training,
    rtol=EXACT,
)
