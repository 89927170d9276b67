"""The slots of the chapter on training."""

import contextlib
import io

import numpy as np
from mxnet import autograd, nd

from ... import training as book
from ...network import softmax_cross_entropy
from ..judging import classes, floats, judging, number_given, shown_args, some, some_classes, takes
from ..verdicts import Verdict, answered, not_yet

# --- One step -----------------------------------------------------------------------------------------------------------------


def step_case(lr, batch_size, params, gradients):
    def run(sgd):
        arrays = [nd.array(param) for param in params]
        for array, g in zip(arrays, gradients):
            array.attach_grad()
            array.grad[:] = nd.array(g)
        given = list(arrays)
        sgd(given, lr, batch_size)
        if any(array is not old for array, old in zip(given, arrays)):
            raise not_yet(
                "params holds another array after the step: `params[i] = ...` puts a new one there, which has no gradient. "
                "`params[i] -= ...` or `params[i][:] = ...` changes the array itself."
            )
        return {f"params[{i}]": array.asnumpy() for i, array in enumerate(arrays)}

    return f"For {shown_args(dict(params=params, gradients=gradients))}, lr = {lr} and batch_size = {batch_size},", run


SGD_CASES = [
    step_case(0.5, 2, [floats([1, 2])], [floats([4, -8])]),
    step_case(0.07, 1, [floats([[1, 2], [3, 5]]), floats([7])], [floats([[1, 0], [-2, 3]]), floats([11])]),
    step_case(0.3, 96, [some(3, 2), some(2), some(2, 4), some(4)], [96 * some(3, 2, seed=1), some(2), some(2, 4), 96 * some(4)]),
    step_case(0.3, 256, [some(5)], [1000 * some(5, seed=1)]),
    step_case(0, 256, [some(5)], [1000 * some(5, seed=1)]),
]


def stepping(change):
    """An sgd that calls change(param, lr, batch_size), an array by which each parameter then grows."""

    def sgd(params, lr, batch_size):
        for param in params:
            param += change(param, lr, batch_size)

    return sgd


def only(where):
    def sgd(params, lr, batch_size):
        book.sgd(where(params), lr, batch_size)

    return sgd


SGD_MISTAKES = {
    "the gradient is that of the sum over a minibatch: divide it by batch_size.": stepping(lambda w, lr, n: -lr * w.grad),
    "the gradient is multiplied by batch_size. Divide by it.": stepping(lambda w, lr, n: -lr * n * w.grad),
    "the gradient is divided by 256: use the argument batch_size.": stepping(lambda w, lr, n: -lr / 256 * w.grad),
    "the step goes uphill: subtract the gradient.": stepping(lambda w, lr, n: lr / n * w.grad),
    "lr is not used.": stepping(lambda w, lr, n: -w.grad / n),
    "lr seems to be 0.5 whatever it is: use the argument lr.": stepping(lambda w, lr, n: -0.5 / n * w.grad),
    "neither lr nor batch_size is used.": stepping(lambda w, lr, n: -w.grad),
    "the parameters are replaced by the step. Subtract it from them.": stepping(lambda w, lr, n: -w - lr / n * w.grad),
    "the parameters become the step with a plus. Subtract it from them.": stepping(lambda w, lr, n: -w + lr / n * w.grad),
    "the gradient is subtracted from the parameters times lr / batch_size. Multiply the gradient by it.":
        stepping(lambda w, lr, n: -w + lr / n * w - w.grad),
    "lr and batch_size scale the parameters too. They belong to the gradient only.":
        stepping(lambda w, lr, n: -w + lr / n * (w - w.grad)),
    "the parameters themselves are subtracted, not their gradients: param.grad.": stepping(lambda w, lr, n: -lr / n * w),
    "only the sign of the gradient is used.": stepping(lambda w, lr, n: -lr / n * nd.sign(w.grad)),
    "all numbers of an array move by their mean gradient. Each has its own.":
        stepping(lambda w, lr, n: -lr / n * w.grad.mean()),
    "all numbers of an array move by the sum of the gradients. Each has its own.":
        stepping(lambda w, lr, n: -lr / n * w.grad.sum()),
    "the step is divided by the number of entries, not by batch_size.": stepping(lambda w, lr, n: -lr / w.size * w.grad),
    "the step is divided by the length of the parameter, not by batch_size.": stepping(lambda w, lr, n: -lr / len(w) * w.grad),
    "the step is taken twice.": stepping(lambda w, lr, n: -2 * lr / n * w.grad),
    "batch_size divides twice.": stepping(lambda w, lr, n: -lr / n / n * w.grad),
    "lr is applied twice.": stepping(lambda w, lr, n: -lr * lr / n * w.grad),
    "the step is divided by lr. Multiply by it.": stepping(lambda w, lr, n: -w.grad / n / (lr or 1)),
    "only the first array moves. Does the loop end too early?": only(lambda params: params[:1]),
    "only the last array moves. Is the update inside the loop?": only(lambda params: params[-1:]),
    "the biases don't move.": only(lambda params: [w for w in params if w.ndim > 1]),
    "the weights don't move, only the biases do.": only(lambda params: [w for w in params if w.ndim == 1]),
}  # fmt: skip


moves_against_gradients = judging(
    book.sgd,
    SGD_CASES,
    SGD_MISTAKES,
    otherwise="the parameters are not where they should be: param - lr / batch_size * param.grad.",
    right="each parameter moves against its gradient, in its own array.",
)


def judge_sgd(sgd):
    text, run = SGD_CASES[0]
    if (run(sgd)["params[0]"] == floats([1, 2])).all():
        raise Verdict(
            "Not answered yet: no parameter changed. If you did write it: `param = param - ...` makes a new array and leaves the "
            "old one as it is; `param -= ...` or `param[:] = ...` changes it.\n"
            f"{text} params[0] should be [0, 4], and is [1, 2]."
        )
    return moves_against_gradients(sgd)


# --- Counting right answers -----------------------------------------------------------------------------------------------------


def share_case(y_hat, y):
    def run(accuracy):
        P, labels = nd.array(y_hat), nd.array(y, dtype=y.dtype)
        return {"": number_given(accuracy, accuracy(P, labels), "the accuracy")}

    return f"For {shown_args(dict(y_hat=y_hat, y=y))}", run


ACCURACY_CASES = [
    share_case(floats([[0.1, 0.9], [0.8, 0.2]]), floats([1, 1])),
    share_case(floats([[0.1, 0.3, 0.6], [0.3, 0.2, 0.5]]), classes(0, 2)),
    share_case(floats([[0.1, 0.5, 0.4], [0.3, 0.4, 0.3], [0.2, 0, 0.8], [0.45, 0.35, 0.2]]), classes(1, 1, 0, 0)),
    share_case(floats([[-1000, 1000], [5, 4], [1, 2]]), classes(1, 0, 1)),
    share_case(floats([[0, 0], [0, 0]]), classes(0, 1)),
    share_case(some(1, 10), some_classes(1)),
    share_case(some(96, 10), some_classes(96)),
    share_case(some(256, 10), some_classes(256)),
]


def hits(y_hat, y, axis=1):
    return y_hat.argmax(axis=axis) == y.astype("float32")


def of_hits(table):
    """{sentence: function of y_hat and y} from functions of an array that says of each row whether it is right."""
    return {why: (lambda P, y, f=f: float(f(hits(P, y).asnumpy()))) for why, f in table.items()}


TIES = "where all scores are equal, every label counts as right, and a network that knows nothing gets 1. It names one class: argmax."
ACCURACY_MISTAKES = of_hits({
    "it counts the right answers. Their share is asked for: divide by the number of examples.": lambda right: right.sum(),
    "it gives percent. A share from 0 to 1 is asked for.": lambda right: 100 * right.mean(),
    "it gives the share of wrong answers.": lambda right: 1 - right.mean(),
    "the number of right answers is divided by 256: divide by len(y).": lambda right: right.sum() / 256,
    "the share is cut off to a whole number: / in place of //.": lambda right: right.sum() // len(right),
    "only the first example is looked at.": lambda right: right[0],
}) | {
    TIES: lambda P, y: (nd.pick(P, y) == P.max(axis=1)).mean().asscalar(),
    "argmax runs along the columns. Each example is a row: axis=1.": lambda P, y: hits(P, y, 0).mean().asscalar(),
    "it takes the lowest score of each row: argmax, not argmin.":
        lambda P, y: (P.argmin(axis=1) == y.astype("float32")).mean().asscalar(),
    "labels are compared with the highest score itself. Compare them with its column: argmax.":
        lambda P, y: (P.max(axis=1) == y.astype("float32")).mean().asscalar(),
    "it averages the probability of the label. Count how often argmax is the label.":
        lambda P, y: nd.pick(P, y).mean().asscalar(),
    "an answer counts only if its probability is above 0.5. The highest is enough.":
        lambda P, y: (nd.pick(P, y) > 0.5).mean().asscalar(),
    "the number of right answers is divided by the number of classes, not of examples.":
        lambda P, y: hits(P, y).sum().asscalar() / P.shape[1],
    "the number of right answers is divided by that of all scores: divide by len(y).":
        lambda P, y: hits(P, y).sum().asscalar() / P.size,
    "labels from the data are int32, and == takes float32 only: y.astype(\"float32\").":
        lambda P, y: (P.argmax(axis=1) == y).mean().asscalar(),
    "labels are compared with all scores. Compare them with the place of the highest: argmax.":
        lambda P, y: (P == y.astype("float32").reshape((-1, 1))).mean().asscalar(),
}  # fmt: skip
judge_accuracy = judging(
    book.accuracy,
    ACCURACY_CASES,
    ACCURACY_MISTAKES,
    otherwise="the share is wrong: of how many rows is the highest score in the label's column?",
    right="the share of right answers, for labels of either type.",
)


class Minibatches:
    """Minibatches (X, y), as the data gives them."""

    def __init__(self, *minibatches):
        self.minibatches = minibatches

    def __len__(self):
        return len(self.minibatches)

    def __iter__(self):
        for X, y in self.minibatches:
            yield nd.array(X), nd.array(y, dtype="int32")


def split(X, y, *sizes):
    ends = np.cumsum(sizes)
    return Minibatches(*((X[end - n : end], y[end - n : end]) for n, end in zip(sizes, ends)))


TWO = Minibatches(([[0, 1], [2, 0], [0, 3]], [1, 0, 1]), ([[5, 4], [0, 1]], [1, 1]))
ONE = Minibatches(([[1, 2], [0, 3]], [1, 1]))


def identity(X):
    return X * 1


def collection_case(text, data_iter, net):
    def run(evaluate_accuracy):
        return {"": number_given(evaluate_accuracy, evaluate_accuracy(data_iter, net), "the accuracy")}

    return text, run


SIX = some(6, 4)
EVALUATE_CASES = [
    collection_case("For a minibatch with 3 right answers of 3 and one with 1 of 2", TWO, identity),
    collection_case(
        "For a minibatch with 1 right answer of 2 and one with 3 of 3", Minibatches(*TWO.minibatches[::-1]), identity
    ),
    collection_case("For a net that gives each class the score 0", TWO, lambda X: 0 * X),
    collection_case("For X = [[1, 2], [0, 3]], y = [1, 1] and a net that gives X", ONE, identity),
    collection_case("For minibatches of 256, 96 and 1 examples", split(some(353, 10), some_classes(353), 256, 96, 1), identity),
    collection_case("For a net that turns the scores round", split(SIX, SIX.argmin(axis=1), 2, 2, 2), lambda X: -X),
]


def counted(data_iter, net, axis=1):
    """Right answers and sizes of the minibatches."""
    pairs = [(hits(net(X), y, axis).sum().asscalar(), len(y)) for X, y in data_iter]
    return np.array(pairs).T


def of_counts(share):
    return lambda data_iter, net: float(share(*counted(data_iter, net)))


EVALUATE_MISTAKES = {
    TIES: lambda data_iter, net: float(
        np.concatenate([(nd.pick(net(X), y) == net(X).max(axis=1)).asnumpy() for X, y in data_iter]).mean()
    ),
    "it averages the accuracies of the minibatches, and the last one may be smaller. Add up right answers, and divide once.":
        of_counts(lambda right, n: np.mean(right / n)),
    "it adds up the accuracies of the minibatches. Add up right answers, and divide once.": of_counts(lambda right, n: np.sum(right / n)),
    "it gives the accuracy of the last minibatch only. Add up in the loop.": of_counts(lambda right, n: right[-1] / n[-1]),
    "it gives the accuracy of the first minibatch only: the return stands inside the loop.":
        of_counts(lambda right, n: right[0] / n[0]),
    "it counts the right answers. Divide by the number of examples.": of_counts(lambda right, n: right.sum()),
    "it divides by the number of minibatches, not of examples.": of_counts(lambda right, n: right.sum() / len(n)),
    "it divides by the size of the last minibatch. Add up len(y).": of_counts(lambda right, n: right.sum() / n[-1]),
    "it takes every minibatch to be as large as the first. Add up len(y).": of_counts(lambda right, n: right.sum() / (n[0] * len(n))),
    "it takes every minibatch to have 256 examples. Add up len(y).": of_counts(lambda right, n: right.sum() / (256 * len(n))),
    "right answers are those of the last minibatch only: += in place of =.": of_counts(lambda right, n: right[-1] / n.sum()),
    "it gives percent. A share from 0 to 1 is asked for.": of_counts(lambda right, n: 100 * right.sum() / n.sum()),
    "it gives the share of wrong answers.": of_counts(lambda right, n: 1 - right.sum() / n.sum()),
    "argmax runs along the columns. Each example is a row: axis=1.":
        lambda data_iter, net: float(np.divide(*counted(data_iter, net, 0).sum(axis=1))),
    "net is not used: it is X that is compared with y.": lambda data_iter, net: float(np.divide(*counted(data_iter, identity).sum(axis=1))),
    "it divides by the number of scores, not of examples.":
        lambda data_iter, net: counted(data_iter, net)[0].sum() / sum(net(X).size for X, y in data_iter),
    "labels from the data are int32, and == takes float32 only: y.astype(\"float32\").":
        lambda data_iter, net: np.mean([(net(X).argmax(axis=1) == y).mean().asscalar() for X, y in data_iter]),
}  # fmt: skip


judge_evaluate_accuracy = judging(
    book.evaluate_accuracy,
    EVALUATE_CASES,
    EVALUATE_MISTAKES,
    otherwise="the share is wrong: right answers of all minibatches, divided by the number of all examples.",
    right="right answers are added up over all minibatches and divided once.",
)


# --- An epoch -------------------------------------------------------------------------------------------------------------------


class World:
    """A small linear network with all that an epoch needs, and a count of its steps."""

    def __init__(self, lr):
        self.w, self.lr, self.steps = nd.array([[0.5, -0.5], [0.25, 1]]), lr, 0
        self.w.attach_grad()

    def net(self, X):
        return nd.dot(X, self.w)

    def step(self, batch_size=1):
        self.steps += 1
        self.w -= self.lr / batch_size * self.w.grad


def per_example(O, y):
    """A loss of its own: twice the cross-entropy."""
    return 2 * softmax_cross_entropy(O, y)


def epoch_case(text, data, loss, lr):
    def run(train_epoch):
        world = World(lr)

        def step():
            world.step()

        value = answered(train_epoch, train_epoch(world.net, data, loss, step))
        if not isinstance(value, (list, tuple)) or len(value) != 2:
            raise not_yet("train_epoch should return two numbers: mean loss, accuracy.")
        mean_loss, accuracy = (
            number_given(train_epoch, part, what) for part, what in zip(value, ("the mean loss", "the accuracy"))
        )
        steps = np.array(float(world.steps))
        return {
            "the number of steps": steps,
            "the mean loss": mean_loss,
            "the accuracy": accuracy,
            "w after the epoch": world.w.asnumpy(),
        }

    return text, run


THREE_ONE = Minibatches(([[0, 1], [2, 0], [1, 3]], [1, 1, 0]), ([[-1, 2]], [0]))
EPOCH_CASES = [
    epoch_case("For one minibatch of 3 examples", Minibatches(THREE_ONE.minibatches[0]), softmax_cross_entropy, 0.5),
    epoch_case("For a minibatch of 3 examples and one of 1", THREE_ONE, softmax_cross_entropy, 0.5),
    epoch_case("For another loss", THREE_ONE, per_example, 0.1),
    epoch_case(
        "For minibatches of 256, 96 and 1 examples",
        split(some(353, 2), some_classes(353, 2), 256, 96, 1),
        softmax_cross_entropy,
        0.01,
    ),
]


def epoch(sum_up, head=lambda l: l, early=0, steps=1, late=False):
    """An epoch whose counts, for each minibatch (sum of losses, right answers, n), are summed up by `sum_up(losses, right, n)`.

    `early` steps stand before backward, which starts from head(l), and `steps` after it. `late`: accuracy is that of a later net.
    """

    def train_epoch(net, train_iter, loss, step):
        counts = []
        for X, y in train_iter:
            with autograd.record():
                O = net(X)
                l = loss(O, y)
                target = head(l)
            for _ in range(early):
                step()
            target.backward()
            for _ in range(steps):
                step()
            counts.append((l.sum().asscalar(), hits(net(X) if late else O, y).sum().asscalar(), len(y)))
        return tuple(map(float, sum_up(*np.array(counts).T)))

    return train_epoch


def means(losses, right, n):
    return losses.sum() / n.sum(), right.sum() / n.sum()


def step_at_the_end(net, train_iter, loss, step):
    result = epoch(means, steps=0)(net, train_iter, loss, step)
    step()
    return result


def first_only(net, train_iter, loss, step):
    return epoch(means)(net, list(train_iter)[:1], loss, step)


def own_loss(net, train_iter, loss, step):
    return epoch(means)(net, train_iter, softmax_cross_entropy, step)


EPOCH_MISTAKES = {
    "step is never called.": epoch(means, steps=0),
    "step is called once, after the loop. Each minibatch has its step.": step_at_the_end,
    "step is called before backward, with the gradients of the minibatch before.": epoch(means, early=1, steps=0),
    "step is called twice for each minibatch.": epoch(means, steps=2),
    "only the first minibatch is used: the return stands inside the loop.": first_only,
    "backward is not called, so the gradients stay 0.": epoch(means, head=lambda l: 0 * l),
    "backward starts from the mean, and step divides by the batch size once more. Start from l: l.backward().":
        epoch(means, head=lambda l: l.mean()),
    "accuracy is measured after the step. It should be that of the scores from which the loss came.": epoch(means, late=True),
    "the loss is that of the last minibatch only: += in place of =.":
        epoch(lambda losses, right, n: (losses[-1] / n[-1], right.sum() / n.sum())),
    "the loss sum is that of the last minibatch only: += in place of =.":
        epoch(lambda losses, right, n: (losses[-1] / n.sum(), right.sum() / n.sum())),
    "loss and accuracy are those of the last minibatch only. Add up in the loop.":
        epoch(lambda losses, right, n: (losses[-1] / n[-1], right[-1] / n[-1])),
    "loss and accuracy are averaged over the minibatches, and the last one may be smaller. Add up, and divide once.":
        epoch(lambda losses, right, n: (np.mean(losses / n), np.mean(right / n))),
    "the mean losses of the minibatches are averaged, and the last one may be smaller. Add up l.sum(), and divide once.":
        epoch(lambda losses, right, n: (np.mean(losses / n), right.sum() / n.sum())),
    "the mean losses of the minibatches are added up. Add up l.sum(), and divide by the number of examples.":
        epoch(lambda losses, right, n: (np.sum(losses / n), right.sum() / n.sum())),
    "the mean losses of the minibatches are added up and divided by the number of examples. Add up l.sum().":
        epoch(lambda losses, right, n: (np.sum(losses / n) / n.sum(), right.sum() / n.sum())),
    "the loss is a sum. Divide it by the number of examples.": epoch(lambda losses, right, n: (losses.sum(), right.sum() / n.sum())),
    "the accuracy is a count. Divide it by the number of examples.": epoch(lambda losses, right, n: (losses.sum() / n.sum(), right.sum())),
    "both are sums. Divide them by the number of examples.": epoch(lambda losses, right, n: (losses.sum(), right.sum())),
    "they are divided by the number of minibatches, not of examples.":
        epoch(lambda losses, right, n: (losses.sum() / len(n), right.sum() / len(n))),
    "the loss is divided by the number of minibatches, not of examples.":
        epoch(lambda losses, right, n: (losses.sum() / len(n), right.sum() / n.sum())),
    "they are divided by the size of the last minibatch. Add up len(y).":
        epoch(lambda losses, right, n: (losses.sum() / n[-1], right.sum() / n[-1])),
    "the order is turned round: the loss comes first.": epoch(lambda *counts: means(*counts)[::-1]),
    "the accuracy is in percent. A share from 0 to 1 is asked for.":
        epoch(lambda losses, right, n: (losses.sum() / n.sum(), 100 * right.sum() / n.sum())),
    "the argument loss is not used: softmax_cross_entropy is called whatever it is.": own_loss,
}  # fmt: skip


judge_train_epoch = judging(
    book.train_epoch,
    EPOCH_CASES,
    EPOCH_MISTAKES,
    otherwise="something in the epoch is wrong. For each minibatch: record, backward, step, and the sums.",
    right="a step for each minibatch, with its own gradients; mean loss and accuracy are those before the steps.",
)


# --- All epochs -------------------------------------------------------------------------------------------------------------------

KEYS = "loss", "train_acc", "test_acc"
TRAIN, TEST = split(some(5, 2), some_classes(5, 2), 3, 2), split(some(40, 2, seed=1), some_classes(40, 2), 40)


class Trainer:
    """Steps a World as Gluon's Trainer does."""

    def __init__(self, world):
        self.step = world.step


def training_case(num_epochs, batch_size, lr=None, loss=softmax_cross_entropy):
    def run(train_ch3):
        world = World(lr or 0.2)
        update = dict(params=[world.w], lr=lr) if lr else dict(trainer=Trainer(world))
        with contextlib.redirect_stdout(io.StringIO()) as printed:
            history = train_ch3(world.net, TRAIN, TEST, loss, num_epochs, batch_size, **update)
        answered(train_ch3, history)
        if not isinstance(history, dict) or not set(KEYS) <= set(history):
            raise not_yet('train_ch3 should return the history, a dict with the lists "loss", "train_acc" and "test_acc".')
        result = {}
        for key in KEYS:
            if not hasattr(history[key], "__len__"):
                raise not_yet(f'history["{key}"] should be a list with a number for each epoch.')
            result[f'history["{key}"]'] = np.array(
                [number_given(train_ch3, value, f'history["{key}"][0]') for value in history[key]]
            )
        result["w at the end"] = world.w.asnumpy()
        result["the number of printed lines"] = np.array(float(sum(map(bool, printed.getvalue().split("\n")))))
        return result

    update = f"lr = {lr}" if lr else "a trainer"
    other = "" if loss is softmax_cross_entropy else "another loss, "
    return f"For {other}{num_epochs} epoch{'s' * (num_epochs > 1)}, batch_size = {batch_size} and {update},", run


CH3_CASES = [
    training_case(1, 3, 0.5),
    training_case(2, 3, 0.5),
    training_case(3, 7, 0.1),
    training_case(1, 3),
    training_case(2, 7),
    training_case(1, 3, 0.1, loss=per_example),
]


def run_epochs(
    num=lambda n: n,
    size=lambda n: n,
    rate=lambda lr: lr,
    lines=1,
    first=False,
    tested="test",
    keep=slice(None),
    keys=KEYS,
    ours=None,
    trains=1,
    losses=lambda loss: loss,
    ignores_trainer=False,
):
    """A train_ch3 with one thing changed."""

    def train_ch3(net, train_iter, test_iter, loss, num_epochs, batch_size, params=None, lr=None, trainer=None):
        def step():
            if trainer is None or ignores_trainer:
                book.sgd(params, rate(lr), size(batch_size))
            else:
                trainer.step(ours(batch_size) if ours else size(batch_size))

        data = {"test": test_iter, "train": train_iter}[tested]
        rows = []
        for _ in range(num(num_epochs)):
            before = book.evaluate_accuracy(data, net) if first else None
            for _ in range(trains):
                trained = book.train_epoch(net, train_iter, losses(loss), step)
            rows.append((*trained, before if first else book.evaluate_accuracy(data, net)))
            if lines == 1:
                print(*rows[-1])
        if lines == "last" and rows:
            print(*rows[-1])
        return {key: [row[i] for row in rows][keep] for i, key in enumerate(keys)}

    return train_ch3


CH3_MISTAKES = {
    "the test accuracy is measured before each epoch. Measure it after.": run_epochs(first=True),
    "the test accuracy is measured on train_iter. Use test_iter.": run_epochs(tested="train"),
    "nothing is printed: a line for each epoch is asked for.": run_epochs(lines=0),
    "only the last epoch is printed: the print belongs into the loop.": run_epochs(lines="last"),
    "the last epoch is left out: range(1, num_epochs) ends before num_epochs.": run_epochs(num=lambda n: n - 1),
    "there is an epoch too many.": run_epochs(num=lambda n: n + 1),
    "only one epoch is trained: is the return inside the loop?": run_epochs(num=lambda n: 1),
    "ten epochs are trained: use the argument num_epochs.": run_epochs(num=lambda n: 10),
    "the history keeps the last epoch only: append in the loop.": run_epochs(keep=slice(-1, None)),
    "batch_size is not used: the step is divided by 256.": run_epochs(size=lambda n: 256),
    "the step is not divided by batch_size.": run_epochs(size=lambda n: 1),
    "lr is not used: the steps are those of 0.5.": run_epochs(rate=lambda lr: 0.5),
    "trainer is not used. Where one is given, params and lr are None, and trainer.step(batch_size) is the step.":
        run_epochs(ignores_trainer=True),
    "trainer.step should get batch_size, not 1.": run_epochs(ours=lambda n: 1),
    "trainer.step should get batch_size, not 256.": run_epochs(ours=lambda n: 256),
    '"loss" and "train_acc" are swapped in the history.': run_epochs(keys=("train_acc", "loss", "test_acc")),
    '"train_acc" and "test_acc" are swapped in the history.': run_epochs(keys=("loss", "test_acc", "train_acc")),
    "the network is trained twice in each epoch.": run_epochs(trains=2),
    "the argument loss is not used: softmax_cross_entropy is called whatever it is.": run_epochs(losses=lambda loss: softmax_cross_entropy),
}  # fmt: skip


trains = judging(
    book.train_ch3,
    CH3_CASES,
    CH3_MISTAKES,
    otherwise="the training goes another way. In each epoch: train_epoch, then evaluate_accuracy, a line, the history.",
    right="every epoch trains, is tested, printed and kept, with sgd or with a trainer.",
)


def judge_train_ch3(train_ch3):
    right = trains(train_ch3)
    common = "net", "train_iter", "test_iter", "loss", "num_epochs", "batch_size"
    takes(train_ch3, *common, "params", "lr")
    takes(train_ch3, *common, "trainer")
    return right
