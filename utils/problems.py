"""The problems of the chapter *Solve problems*: images to decide on, and for each problem a check that says what is wrong.

A check calls the learner's functions with small inputs of its own and compares what they give with the right result and with
the results of the usual mistakes. It never looks at how a function is written.
"""

import contextlib
import io
import math

import numpy as np
from mxnet import autograd, nd

from . import arguments
from .data import Minibatches, fashion_mnist_arrays
from .network import init_params, relu, softmax, softmax_cross_entropy
from .training import evaluate_accuracy, seed_everything, sgd


def load_validation_split(batch_size, num_validation=10000, seed=0):
    """The 60,000 training images in two parts, (train_iter, valid_iter), as `load_data_fashion_mnist` gives minibatches.

    Chance, but for one `seed` always the same chance, picks the `num_validation` images that are kept aside. The test images
    are not touched. Raises ValueError for a `batch_size` or `num_validation` that is not a positive integer.
    """
    arguments.positive_integer("batch_size", batch_size)
    arguments.integer("num_validation", num_validation, least=1, most=59999)
    arguments.integer("seed", seed, least=0, most=2**31 - 1)
    (images, labels), _ = fashion_mnist_arrays()
    order = np.random.RandomState(seed).permutation(len(labels))
    valid, train = order[:num_validation], order[num_validation:]
    train_iter = Minibatches(images[train], labels[train], batch_size, shuffle=True)
    return train_iter, Minibatches(images[valid], labels[valid], batch_size)


def check_problem(name, *answers):
    """Print a verdict on `answers`, the functions that solve the problem called `name`.

    Right, or not yet and why, or not answered yet. What the functions print is hidden, and what they raise becomes part of the
    verdict. Random numbers are seeded on the way. Raises KeyError for a name that is no problem's, and TypeError for another
    number of functions than it asks for.
    """
    if name not in PROBLEMS:
        raise KeyError(f"{name!r} is no problem: choose from {', '.join(PROBLEMS)}.")
    problem, num_answers = PROBLEMS[name]
    if len(answers) != num_answers:
        raise TypeError(f"The problem {name!r} asks for {num_answers} function{'s' * (num_answers > 1)}, not {len(answers)}.")
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            verdict = f"Right: {problem(*map(_guarded, answers))}"
    except _Verdict as reached:
        verdict = str(reached)
    print(verdict)


class _Verdict(Exception):
    """Ends a check with the sentence to print."""


def _not_yet(why):
    return _Verdict(f"Not yet: {why}")


def _guarded(function):
    """The learner's function, made so that whatever it raises ends the check with one line."""
    if function is ...:
        raise _Verdict("Not answered yet: give check_problem the name of your function.")
    if not callable(function):
        raise _not_yet(
            f"check_problem needs the function itself, its name without brackets, not its result ({type(function).__name__})."
        )
    name = getattr(function, "__name__", "your function")

    def guarded(*args):
        try:
            value = function(*args)
            nd.waitall()  # MXNet computes in the background: its errors come up here at the latest
            return value
        except _Verdict:
            raise
        except Exception as error:
            raise _not_yet(f"{name} raised {type(error).__name__}{_where(function, error)}: {_last_line(error)}") from None

    guarded.__name__ = name
    return guarded


def _where(function, error):
    """The line of the learner's own cell in which the error came up."""
    filename = getattr(getattr(function, "__code__", None), "co_filename", None)
    lines, traceback = [], error.__traceback__
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            lines.append(traceback.tb_lineno)
        traceback = traceback.tb_next
    return f" in line {lines[-1]}" if lines else ""


def _last_line(error):
    lines = str(error).strip().splitlines() or ["(no message)"]
    message = lines[-1].split("Check failed: ")[-1]
    return message if len(message) <= 160 else message[:157] + "..."


def _answered(function, value):
    """`value`, unless it says that the function is still to be written."""
    if value is None or value is ... or (isinstance(value, tuple) and any(part is ... for part in value)):
        raise _Verdict(f"Not answered yet: {function.__name__} returns nothing so far.")
    return value


def _array(what, value):
    """A NumPy array of floats from an array, an NDArray, or a list of numbers or of such arrays."""
    try:
        if isinstance(value, (list, tuple)):
            value = [_array(what, part) if isinstance(part, (list, tuple, nd.NDArray)) else part for part in value]
        return np.asarray(value.asnumpy() if isinstance(value, nd.NDArray) else value, dtype=float)
    except (TypeError, ValueError):
        raise _not_yet(f"{what} should be made of numbers, not of {type(value).__name__}.") from None


def _number(function, args, what):
    """What the function gives for `args`, as one number."""
    value = _answered(function, function(*args))
    if isinstance(value, (bool, np.bool_)):
        raise _not_yet(f"{function.__name__} gives {value}; return the number itself, {what}.")
    if isinstance(value, (list, tuple, dict)):
        raise _not_yet(f"{function.__name__} gives a {type(value).__name__} of {len(value)}; return one number, {what}.")
    array = _array(f"what {function.__name__} gives", value)
    if array.size != 1:
        raise _not_yet(f"{function.__name__} gives an array of shape {array.shape}; return one number, {what}.")
    return array.item()


def _near(value, right, rtol=1e-3, atol=1e-5):
    return np.shape(value) == np.shape(right) and np.allclose(value, right, rtol=rtol, atol=atol)


def _compare(value, right, mistakes, otherwise, rtol=1e-3):
    """End the check unless `value` is `right`; mistakes: {what to say: the value that this mistake gives}."""
    if not _near(value, right, rtol):
        raise _not_yet(next((why for why, wrong in mistakes.items() if _near(value, wrong, rtol)), otherwise))


class _Toy(Minibatches):
    """Minibatches of easy images of ten classes, with a count of the walks through them."""

    def __init__(self, num_images, batch_size=50, classes=10, shuffle=True):
        rng = np.random.RandomState(0)
        patterns = 255 * (rng.uniform(size=(10, 28, 28)) < 0.15)
        labels = np.arange(num_images) % classes
        images = np.clip(patterns[labels] + rng.normal(scale=40, size=(num_images, 28, 28)), 0, 255)
        super().__init__(images, labels, batch_size, shuffle)
        self.walks = 0

    def __iter__(self):
        self.walks += 1
        if self.walks > 100:
            raise _not_yet("your function was still training after 100 walks through a small data set. When should its loop end?")
        return super().__iter__()


def _hidden_units(accuracy_with):
    def accuracy(num_hiddens):
        seed_everything(0)
        share = _number(accuracy_with, (num_hiddens, train_iter, valid_iter), "the accuracy after the last epoch")
        if not 0 <= share <= 1:
            raise _not_yet(f"an accuracy is a share from 0 to 1, and accuracy_with gives {share:.4g}.")
        return share

    train_iter, valid_iter = _Toy(1000), _Toy(200, classes=5)
    wide, again, narrow = accuracy(32), accuracy(32), accuracy(1)
    if train_iter.walks == 0:
        raise _not_yet("accuracy_with never walks through the train_iter that it is given, so it can't have trained on it.")
    if valid_iter.walks == 0:
        raise _not_yet(
            "accuracy_with never walks through valid_iter: measure the accuracy there, on images that training has not seen."
        )
    if wide < 0.6:
        raise _not_yet(
            "with 32 hidden units and easy images the accuracy should come near 1, and accuracy_with gives "
            f"{wide:.2f}. Is the network trained on train_iter and measured on valid_iter, not the other way round?"
        )
    if narrow > 0.6:
        raise _not_yet(
            "1 hidden unit does as well as 32, which can't be. Does num_hiddens reach init_params, and is the network "
            "a new one on each call?"
        )
    if abs(again - wide) > 0.3:
        raise _not_yet("two calls with the same arguments differ a lot. Make new parameters inside accuracy_with.")
    return f"with easy images, 1 hidden unit gets {narrow:.2f} and 32 get {wide:.2f}. Now use it on Fashion-MNIST."


def _deep_net(init_deep, deep_net):
    params = _answered(init_deep, init_deep(20, 30))
    if not isinstance(params, (list, tuple)) or not all(isinstance(param, nd.NDArray) for param in params):
        raise _not_yet("init_deep should return a list of NDArrays, [W1, b1, W2, b2, W3, b3].")
    if len(params) != 6:
        raise _not_yet(f"init_deep returns {len(params)} arrays. Two hidden layers and an output layer have a W and a b each: 6.")
    shapes = {"W1": (784, 20), "b1": (20,), "W2": (20, 30), "b2": (30,), "W3": (30, 10), "b3": (10,)}
    for (name, shape), param in zip(shapes.items(), params):
        if param.shape != shape:
            raise _not_yet(f"for init_deep(20, 30), {name} should have shape {shape}, and has {param.shape}.")
    for (name, shape), param in zip(shapes.items(), params):
        if len(shape) == 2 and np.ptp(param.asnumpy()) == 0:
            raise _not_yet(
                f"all numbers in {name} are equal, so its units would stay equal to each other for ever. Draw them at random."
            )
        if param.grad is None:
            raise _not_yet(
                f"{name} has no memory for its gradient. Which call makes it, and is it the last thing done to {name}?"
            )

    seed_everything(0)
    X = nd.random.uniform(shape=(6, 1, 28, 28))
    given = [nd.random.normal(scale=2 / math.sqrt(shape[0]), shape=shape) for shape in shapes.values()]
    O = _answered(deep_net, deep_net(X, given))
    if not isinstance(O, nd.NDArray):
        raise _not_yet(
            f"deep_net should return an NDArray of scores, not {type(O).__name__}; autograd can't follow it elsewhere."
        )
    if O.shape != (6, 10):
        raise _not_yet(f"for 6 images, deep_net should return scores of shape (6, 10), and returns {O.shape}.")

    def scores(bend1=relu, bend2=relu, bend3=lambda O: O):
        W1, b1, W2, b2, W3, b3 = given
        H1 = bend1(nd.dot(X.reshape((6, 784)), W1) + b1)
        return bend3(nd.dot(bend2(nd.dot(H1, W2) + b2), W3) + b3).asnumpy()

    def line(H):
        return H

    _compare(
        O.asnumpy(),
        scores(),
        {
            "neither hidden layer has its relu, so the three layers are one linear layer.": scores(line, line),
            "the second hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend2=line),
            "the first hidden layer has no relu. Without it, its product and the next are one linear layer.": scores(bend1=line),
            "there is a relu on the scores as well. The output layer has none: scores may be negative.": scores(bend3=relu),
            "softmax is for the loss: deep_net should return the scores, as mlp does.": scores(bend3=softmax),
        },
        "the shapes are right but the scores are not. Is each layer's input the output of the layer before, is its b added?",
    )
    with autograd.record():
        l = softmax_cross_entropy(deep_net(X, params), nd.arange(6))
    l.backward()
    for name, param in zip(shapes, params):
        if not param.grad.abs().sum().asscalar() > 0:
            raise _not_yet(f"no gradient arrives at {name}. Are the parameters big enough to let anything through?")
    return "two hidden layers with a relu each, and a gradient for all six arrays. Now train it, and watch the first epochs."


def _learning_rate(loss_with):
    def loss(lr):
        seed_everything(0)
        before = train_iter.walks
        mean_loss = _number(loss_with, (lr, train_iter), "the mean loss of the epoch")
        if train_iter.walks == before:
            raise _not_yet("loss_with never walks through the train_iter that it is given, so it can't have trained on it.")
        if train_iter.walks > before + 1:
            raise _not_yet(
                f"loss_with walks through train_iter {train_iter.walks - before} times; the problem asks for one epoch."
            )
        return mean_loss

    train_iter = _Toy(1000)
    learned, unmoved, ln10 = loss(0.3), loss(0), math.log(10)
    if learned > 1.5 * ln10:
        raise _not_yet(
            f"with lr 0.3 the loss is {learned:.3g}, where an untrained network has ln 10 = 2.30. Is it the mean "
            "over the images, and is the step divided by the batch size?"
        )
    if unmoved < 0.9 * ln10:
        raise _not_yet(
            f"with lr 0 nothing can be learned, so the loss should stay at ln 10 = 2.30, and it is {unmoved:.2f}. "
            "Does lr reach sgd, and is the network a new one on each call?"
        )
    if 0.9 * ln10 < learned < 0.99 * ln10:
        raise _not_yet(
            f"with lr 0.3 the loss comes down to {learned:.2f} only. The steps are short: is the gradient divided by "
            "the size of these minibatches, train_iter.batch_size, and only once?"
        )
    if learned > 0.9 * ln10:
        raise _not_yet(f"with lr 0.3 the loss stays at {learned:.2f}, as if nothing was learned. Does lr reach sgd?")
    try:
        diverged = loss(1e6)
    except _Verdict as reached:
        if "FloatingPointError" not in str(reached):
            raise
        raise _not_yet(
            "with lr 1000000 training diverges, and loss_with passes on the FloatingPointError. Catch it with try and "
            'except, and return float("inf").'
        ) from None
    if math.isnan(diverged):
        raise _not_yet(
            "with lr 1000000 training diverges and loss_with gives nan. nan is neither smaller nor larger than a "
            'number, so min() would be misled: return float("inf") instead.'
        )
    if diverged < 100:
        raise _not_yet(
            f"with lr 1000000 training diverges, and loss_with gives {diverged:.3g}. A reader of your table would "
            "take that for a good result: return infinity."
        )
    return f"lr 0 leaves the loss at {unmoved:.2f}, lr 0.3 brings it to {learned:.2f}, and a divergence can be told from both."


def _count_steps(train_steps):
    num_steps, lr = 7, 0.5
    train_iter = _Toy(110, shuffle=False)  # minibatches of 50, 50 and 10 images

    def new_params():
        seed_everything(0)
        return init_params(num_hiddens=16, scale=0.1)

    def expected(lr=lr, divisor=len, after=False, minibatches=range(3)):
        params, losses = new_params(), []
        W1, b1, W2, b2 = params
        batches = list(train_iter)
        for X, y in [batches[i] for i in [*minibatches] * num_steps][:num_steps]:
            with autograd.record():
                l = softmax_cross_entropy(nd.dot(relu(nd.dot(X.reshape((-1, 784)), W1) + b1), W2) + b2, y)
            l.backward()
            sgd(params, lr, divisor(y))
            if after:
                l = softmax_cross_entropy(nd.dot(relu(nd.dot(X.reshape((-1, 784)), W1) + b1), W2) + b2, y)
            losses.append(l.mean().asscalar())
        return np.array(losses)

    right = expected()
    params = new_params()
    losses = _answered(train_steps, train_steps(num_steps, params, train_iter, lr))
    if not isinstance(losses, (list, tuple, np.ndarray, nd.NDArray)):
        raise _not_yet(f"train_steps should return a list with a loss for each step, not {type(losses).__name__}.")
    if isinstance(losses, (list, tuple)):
        losses = [_array("each loss", loss) for loss in losses]
        if any(loss.size != 1 for loss in losses):
            raise _not_yet("train_steps returns the loss of every image; take the mean of each minibatch, one number a step.")
        losses = [np.reshape(loss, ()) for loss in losses]
    losses = _array("the losses", losses).reshape(-1)
    lengths = {
        3: "there are 3 losses and 7 steps were asked for. train_iter has 3 minibatches: begin a new walk when one ends.",
        9: "there are 9 losses and 7 steps were asked for. Stop in the middle of a walk too.",
        21: "there are 21 losses and 7 steps were asked for: those are 7 walks through 3 minibatches. Count minibatches.",
    }
    if len(losses) != num_steps:
        raise _not_yet(lengths.get(len(losses), f"there are {len(losses)} losses and {num_steps} steps were asked for."))
    sizes = np.array([50, 50, 10] * 3)[:num_steps]
    if _near(losses[0], right[0] * 50):
        raise _not_yet("the losses are sums over a minibatch. Take the mean, or a large batch looks worse than a small one.")
    if any(_near(losses, expected(divisor=divisor), rtol=0.01) for divisor in (len, lambda y: 50)):
        return "7 steps take two walks of 3 minibatches and 1 minibatch more. Now compare batch sizes at equal numbers of steps."
    _compare(
        losses,
        right,
        {
            "the loss stays as it was, so no step is taken. Does backward run, and does the update change params in place?": expected(
                lr=0
            ),
            "these are the losses after each step. Report what the network said before it learned from the minibatch.": expected(
                after=True
            ),
            "the steps are too long by a factor of the batch size. backward gives the gradient of the summed losses: divide.": expected(
                divisor=lambda y: 1
            ),
            "the steps are too short by a factor of the batch size. Is it divided by twice?": expected(
                divisor=lambda y: len(y) ** 2
            ),
            "the step is divided by 256, which is not the size of these minibatches. Take it from y.": expected(
                divisor=lambda y: 256
            ),
            "every step sees the same minibatch: next(iter(train_iter)) begins a new walk each time. Walk through with for.": expected(
                minibatches=[0]
            ),
            "the last minibatch has 10 images, not 50: divide its loss by the number it has.": right * sizes / 50,
        },
        "the losses do not follow those of plain sgd. Is every step taken with the gradient of its own minibatch?",
    )


def _activation(leaky_relu, net_with):
    x = np.array([[-4, -1, -0.5], [0.5, 1, 4]])
    for slope in (0.25, 0.01):
        X = nd.array(x)
        X.attach_grad()
        with autograd.record():
            Y = _answered(leaky_relu, leaky_relu(X, slope))
        values = _array("what leaky_relu gives", Y)
        if values.shape != x.shape:
            raise _not_yet(f"leaky_relu works element by element: for shape (2, 3) it should give (2, 3), not {values.shape}.")
        relu_x = np.maximum(x, 0)
        _compare(
            values,
            np.where(x > 0, x, slope * x),
            {
                "that is relu: it gives 0 for -4. The leaky one lets slope * -4 through.": relu_x,
                "the negative side comes out positive: for -4 and slope 0.25 the value is -1.": relu_x
                + slope * np.maximum(-x, 0),
                "slope is on the wrong side: positive numbers stay as they are, negative ones are multiplied.": np.where(
                    x > 0, slope * x, x
                ),
                "slope multiplies both sides, so nothing bends: positive numbers stay as they are.": slope * x,
                "that is the gradient, 1 or slope. The values are asked for.": np.where(x > 0, 1, slope),
                "a slope of 0.01 seems to be written into leaky_relu: use the argument slope.": np.where(x > 0, x, 0.01 * x),
                "slope is used as a value: what is negative becomes slope. It is a slope: multiply by it.": np.where(
                    x > 0, x, slope
                ),
            },
            f"leaky_relu is wrong for some number: of {x.ravel().tolist()} with slope {slope} it makes "
            f"{np.round(values.ravel(), 3).tolist()}.",
        )
        if not isinstance(Y, nd.NDArray):
            raise _not_yet(
                "the values are right, but leaky_relu leaves MXNet, where autograd can't follow. Use nd functions only."
            )
        _guarded(Y.backward)()
        _compare(
            X.grad.asnumpy(),
            np.where(x > 0, 1, slope),
            {},
            "the values are right but their gradients are not. Is everything computed by nd functions of X?",
        )

    seed_everything(0)
    X = nd.random.uniform(shape=(6, 1, 28, 28))
    params = [nd.random.normal(scale=2 / math.sqrt(shape[0]), shape=shape) for shape in ((784, 20), (20,), (20, 10), (10,))]
    W1, b1, W2, b2 = params

    def scores(bend):
        return (nd.dot(bend(nd.dot(X.reshape((6, 784)), W1) + b1), W2) + b2).asnumpy()

    for bend in (nd.tanh, nd.abs):
        O = _answered(net_with, net_with(X, params, bend))
        if arguments.shape(O) != (6, 10):
            raise _not_yet(f"for 6 images, net_with should return scores of shape (6, 10), not {arguments.shape(O)}.")
        _compare(
            _array("the scores", O),
            scores(bend),
            {
                "net_with uses relu whatever the activation is: call the function that it is given.": scores(relu),
                "net_with uses no activation: call the function that it is given on the hidden layer.": scores(lambda H: H),
                "the activation is on the scores too. Only the hidden layer has one.": bend(nd.array(scores(bend))).asnumpy(),
                "the activation is on the scores instead of the hidden layer.": bend(nd.array(scores(lambda H: H))).asnumpy(),
            },
            f"the scores of net_with are wrong for the activation {bend.__name__}. Compare with mlp in the chapter on the model.",
        )
    return "leaky_relu has the right values and gradients, and net_with takes any activation. Now compare some."


def _initialisation(init_he):
    seed_everything(0)
    params = _answered(init_he, init_he(600, 250, 150))
    if not isinstance(params, (list, tuple)) or len(params) != 4 or not all(isinstance(param, nd.NDArray) for param in params):
        raise _not_yet("init_he should return a list of four NDArrays, [W1, b1, W2, b2].")
    for name, param, shape in zip(("W1", "b1", "W2", "b2"), params, ((600, 250), (250,), (250, 150), (150,))):
        if param.shape != shape:
            raise _not_yet(f"for init_he(600, 250, 150), {name} should have shape {shape}, and has {param.shape}.")
        if len(shape) == 1:
            if param.abs().sum().asscalar() != 0:
                raise _not_yet(f"{name} should start at zero: the random weights already make the units differ.")
            continue
        values, (n_in, n_out) = param.asnumpy(), shape
        _compare(
            values.std(),
            math.sqrt(2 / n_in),
            {
                f"all numbers in {name} are equal, so its units would stay equal to each other for ever.": 0,
                f"{name} has standard deviation 2 / {n_in}. That is the variance: the standard deviation is its square root.": 2
                / n_in,
                f"{name} still has a standard deviation of 0.01, whatever its number of inputs.": 0.01,
                f"{name} has variance 1 / {n_in}. relu throws half of it away, so He's rule doubles it.": math.sqrt(1 / n_in),
                f"{name} goes by its number of outputs, {n_out}. What adds up in a unit are its inputs, here {n_in}.": math.sqrt(
                    2 / n_out
                ),
                f"{name} goes by inputs and outputs together, as Glorot's rule does. Right for tanh; He's rule for relu takes "
                "inputs only.": math.sqrt(2 / (n_in + n_out)),
                f"{name} has the scale for 784 inputs. Take the number of inputs from the arguments.": math.sqrt(2 / 784),
                f"{name} has the scale for 600 inputs, which is right for W1. Each layer goes by its own inputs, here {n_in}.": math.sqrt(
                    2 / 600
                ),
            },
            f"{name} has standard deviation {values.std():.4f}; for {n_in} inputs it should be sqrt(2 / {n_in}) = "
            f"{math.sqrt(2 / n_in):.4f}.",
            rtol=0.02,
        )
        if abs(values.mean()) > 0.05 * values.std():
            raise _not_yet(f"the numbers in {name} have mean {values.mean():.3f}; they should lie evenly around 0.")
    for name, param in zip(("W1", "b1", "W2", "b2"), params):
        if param.grad is None:
            raise _not_yet(f"{name} has no memory for its gradient. Call attach_grad last: W * 2 is a new array and has none.")
    return "each layer's weights are scaled by its own number of inputs. Now compare the first epochs with scale 0.01."


def _count(count):
    def right(sizes):
        products = sum(a * b for a, b in zip(sizes, sizes[1:]))
        return products + sum(sizes[1:]), products

    for sizes in ([784, 256, 10], [784, 10], [20, 30, 40, 50], [3, 2]):
        value = _answered(count, count(sizes))
        if not isinstance(value, (list, tuple, np.ndarray)) or len(value) != 2:
            raise _not_yet("count should return two numbers: return num_params, num_multiplications.")
        params, products = right(sizes)
        every = sum(sizes[1:])
        _compare(
            _array("the counts", value),
            np.array([params, products], dtype=float),
            {
                f"for {sizes} the two numbers are the wrong way round: parameters first.": (products, params),
                f"for {sizes} the biases are missing: each unit after the input has one, {every} in all.": (products, products),
                f"for {sizes} the multiplications include the {every} biases. A bias is added, not multiplied.": (params, params),
                f"for {sizes} there is a bias for each input too. Inputs are given, they are no units.": (
                    params + sizes[0],
                    products,
                ),
                f"for {sizes} there is no bias at the output layer. It has one a class.": (params - sizes[-1], products),
                f"for {sizes} you give the answer for 784-256-10. Use the argument sizes.": right([784, 256, 10]),
                f"for {sizes} only the first layer is counted. Add one term for each pair of neighbours in sizes.": right(
                    sizes[:2]
                ),
                f"for {sizes} only the first three sizes are counted. sizes may hold any number of layers.": right(sizes[:3]),
                f"for {sizes} the counts multiply sizes that are not neighbours. A layer connects two neighbours.": (
                    np.prod(sizes) + every,
                    np.prod(sizes),
                ),
            },
            f"for {sizes} count gives {value[0]} parameters and {value[1]} multiplications, and one of them is off. Draw the "
            "network and count one layer at a time.",
            rtol=0,
        )
    return "the course's network has 203,530 parameters and 203,264 multiplications for an image. Each weight is used once."


def _bugs(fit):
    lr, num_epochs, batch_size = 0.5, 2, 50
    train_iter = _Toy(200, batch_size, shuffle=False)

    def new_params():
        seed_everything(0)
        return init_params(num_hiddens=16, scale=0.15)

    def mean_loss(params, twice=False):
        W1, b1, W2, b2 = params
        losses = []
        for X, y in train_iter:
            O = nd.dot(relu(nd.dot(X.reshape((-1, 784)), W1) + b1), W2) + b2
            losses.append(softmax_cross_entropy(softmax(O) if twice else O, y).mean().asscalar())
        return np.mean(losses)

    params = new_params()
    losses = _array("the losses", _answered(fit, fit(params, train_iter, 0, 1))).reshape(-1)
    if len(losses) != 1:
        raise _not_yet(f"fit returned {len(losses)} losses for one epoch; leave one a loss for each epoch.")
    once, twice = mean_loss(params), mean_loss(params, twice=True)
    wrong_softmax = _near(losses[0], twice, rtol=0.01) or _near(losses[0], twice * batch_size, rtol=0.01)
    wrong_mean = losses[0] > 20

    trained = new_params()
    later = _array("the losses", fit(trained, train_iter, lr, num_epochs)).reshape(-1)
    wrong_update = all(_near(a.asnumpy(), b.asnumpy()) for a, b in zip(trained, params))
    symptoms = {
        "training leaves the parameters as they were: the loss of the second epoch equals that of the first.": wrong_update,
        f"the reported mean loss of images is {batch_size} times too large, and a minibatch holds {batch_size} images.": wrong_mean,
        "the loss stays above 1.4 even for a network that is right and certain. Something is done to the scores once too often.": wrong_softmax,
    }
    left = [symptom for symptom, present in symptoms.items() if present]
    if len(left) == 3:
        raise _Verdict("Not answered yet: all three bugs are still there.")
    if left:
        raise _not_yet(f"{'one bug is' if len(left) == 1 else 'two bugs are'} left. A symptom: {left[0]}")
    if not _near(losses[0], once, rtol=0.01):
        raise _not_yet(f"before any training the mean loss of these images is {once:.2f}, and fit says {losses[0]:.2f}.")
    if len(later) != num_epochs or not later[-1] < 0.6 * once:
        raise _not_yet(
            "the three bugs are gone, but the loss does not fall as it should over two epochs. Has something else changed?"
        )
    return f"all three bugs are gone; on easy images the loss falls from {once:.2f} to {later[-1]:.2f}."


def _gradient_check(gradient_error):
    rng = np.random.RandomState(0)
    x = rng.uniform(0.5, 1.5, size=(3, 4))

    def error(f, gradient, scale=1.0):
        point = x.copy()
        value = _number(gradient_error, (lambda z: scale * f(z), point, scale * gradient), "the largest relative difference")
        if not np.allclose(point, x, rtol=1e-12):
            raise _not_yet("gradient_error leaves x changed. Put each number back before you move the next one.")
        if math.isnan(value):
            raise _not_yet(
                "gradient_error gives nan, which comes from 0 / 0: f does not depend on one of the numbers, so both "
                "gradients are 0 there. Add something tiny to the denominator."
            )
        return value

    def wave(z):
        return float(np.sin(20 * z).sum())

    slope = 20 * np.cos(20 * x)
    product, product_slope = (lambda z: float((z[:, 0] * z[:, 1] ** 2).sum())), np.zeros((3, 4))
    product_slope[:, 0], product_slope[:, 1] = x[:, 1] ** 2, 2 * x[:, 0] * x[:, 1]

    plain = error(lambda z: float((z**2).sum()), 2 * x)
    if abs(plain) > 0.1:
        raise _not_yet(
            "for f = sum(x ** 2) and its right gradient 2 * x the error should be tiny, and gradient_error gives "
            f"{plain:.2g}. Move one number at a time, by h up and by h down; the outputs are then 2 * h apart in x."
        )
    if abs(error(wave, slope)) > 1e-5:
        raise _not_yet(
            f"a right gradient of a curved f gets an error of {error(wave, slope):.1g}. Step up *and* down by h "
            "(central differences), with h about 1e-5: then the curvature cancels."
        )
    for factor, name in ((2, "twice too large"), (-1, "of the wrong sign"), (0, "all zeros")):
        if error(wave, factor * slope) < 0.1:
            raise _not_yet(
                f"a gradient that is {name} passes with an error of {error(wave, factor * slope):.1g}. Is the "
                "difference's absolute value taken?"
            )
    one_wrong = slope.copy()
    one_wrong[2, 1] *= 1.5
    if error(wave, one_wrong) < 0.01:
        raise _not_yet(
            "a gradient with 1 wrong number in 12 passes. Compare every number, and return the largest of the "
            "absolute differences."
        )
    if error(wave, 1.01 * slope, scale=1e-6) < 1e-3:
        raise _not_yet(
            "where gradients are about 0.00001, one that is 1 % off passes. Divide the difference by the size of the "
            "gradients, to have a relative one."
        )
    if error(wave, slope, scale=1e6) > 1e-5:
        raise _not_yet(
            "where gradients are about 10,000,000, a right one gets a large error. Divide the difference by the size "
            "of the gradients, to have a relative one."
        )
    if error(product, product_slope) > 1e-5:
        raise _not_yet("a right gradient that is 0 for some numbers gets a large error. Where both are 0 the difference is 0.")
    return "right gradients pass, whatever their size, and one wrong number in twelve is found."


def _momentum(sgd_momentum):
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
    if _near(value, follow(lambda w, v, g: (w, v))):
        if any(np.abs(v).sum() > 0 for v in first):
            raise _not_yet(
                "the velocities change but the parameters do not. `param = ...` only renames; `param -= ...` or "
                "`param[:] = ...` changes the array."
            )
        raise _Verdict(
            "Not answered yet: no parameter changed. (If you did write it: `param = param - ...` makes a new array "
            "and leaves the old one as it is; `param -= ...` or `param[:] = ...` changes it.)"
        )
    _compare(
        value,
        follow(classic),
        {
            "the first step is right, but no velocity is kept: this is plain sgd. `velocity = ...` only renames; `velocity[:] = "
            "...` changes the array.": follow(lambda w, v, g: (w - lr * g, v)),
            "the gradient of a minibatch is a sum: divide it by batch_size.": follow(classic, divisor=1),
            "the parameters go uphill: subtract the velocity.": follow(
                lambda w, v, g: (w + lr * (momentum * v + g), momentum * v + g)
            ),
            "the new gradient is multiplied by 1 - momentum. That form exists, but its steps are shorter by that factor; add the "
            "gradient whole here.": follow(
                lambda w, v, g: (w - lr * (momentum * v + (1 - momentum) * g), momentum * v + (1 - momentum) * g)
            ),
            "the step uses the velocity of the step before: renew the velocity first, then move.": follow(
                lambda w, v, g: (w - lr * v, momentum * v + g)
            ),
            "lr is applied twice, in the velocity and in the step. Once is enough.": follow(
                lambda w, v, g: (w - lr * (momentum * v + lr * g), momentum * v + lr * g)
            ),
            "lr is applied nowhere.": follow(lambda w, v, g: (w - (momentum * v + g), momentum * v + g)),
            "the velocity is not slowed down: multiply the old one by momentum.": follow(
                lambda w, v, g: (w - lr * (v + g), v + g)
            ),
            "momentum multiplies the gradient as well. It belongs to the old velocity only.": follow(
                lambda w, v, g: (w - lr * momentum * (v + g), momentum * (v + g))
            ),
            "that is Nesterov's momentum, which looks a step ahead. It is a good method; the problem asks for the plain one.": follow(
                lambda w, v, g: (w - lr * (g + momentum * (momentum * v + g)), momentum * v + g)
            ),
        },
        "after four steps the parameters are not where they should be. Compare with the two formulas, one step on paper.",
    )
    return "four steps land where the two formulas say, and the velocities are kept from step to step."


def _early_stopping(train_with_patience):
    def run(accuracies, patience, max_epochs):
        params = [nd.zeros((2, 2)), nd.zeros(2)]
        for param in params:
            param.attach_grad()
        calls = []

        def run_epoch():
            if len(calls) > len(accuracies) + 10:
                raise _not_yet(
                    f"train_with_patience was still running after {len(calls)} epochs; max_epochs was {max_epochs} "
                    f"and patience {patience}."
                )
            calls.append(None)
            for param in params:
                param[:] = len(calls)
            return accuracies[len(calls) - 1] if len(calls) <= len(accuracies) else 0.5

        best = _number(train_with_patience, (run_epoch, params, patience, max_epochs), "the number of the best epoch")
        return best, len(calls), [param.asnumpy() for param in params]

    story = [0.70, 0.80, 0.79, 0.78, 0.82, 0.81, 0.82, 0.80, 0.81, 0.79, 0.90]
    best, calls, values = run(story, 3, 20)
    told = "for the accuracies 0.70 0.80 0.79 0.78 0.82 0.81 0.82 0.80 0.81 0.79 0.90 and patience 3 "
    if 0 < best < 1:
        raise _not_yet(f"train_with_patience gives {best:.2f}. Return the number of the best epoch, not its accuracy.")
    reasons = {
        3: "at the first that is worse than the one before. Patience 3 waits for three without a new best.",
        4: "one early: epochs 3 and 4 are only two without a new best.",
        6: "too early: a new best, here in epoch 5, starts the count afresh.",
        9: "one late: epochs 6, 7 and 8 are the three without a new best.",
        10: "too late: epoch 7 equals the best and is not better, so it does not start the count afresh.",
    }
    if calls != 8:
        raise _not_yet(
            told + f"training ran for {calls} epochs, "
            f"{reasons.get(calls, 'not 8: epochs 6, 7 and 8 are the three without a new best.')}"
        )
    if best != 5:
        why = {4: "Count epochs from 1.", 7: "Epoch 7 only equals it; keep the first.", 8: "Epoch 8 is the last, not the best."}
        raise _not_yet(told + f"the best epoch is number 5, and train_with_patience gives {best:g}. {why.get(best, '')}".rstrip())
    if any((value == 8).all() for value in values):
        raise _not_yet(
            "the epochs are right, but params end as the last epoch left them. Two usual reasons: `best = params` "
            "keeps names, not numbers (copy each one); and `params = best` at the end renames, where `param[:] = "
            "...` writes back."
        )
    if not all((value == 5).all() for value in values):
        raise _not_yet("the epochs are right, but params do not all end with the numbers of the best epoch, 5.")
    best, calls, _ = run([0.5, 0.6, 0.7, 0.8, 0.9], 2, 5)
    if (best, calls) != (5, 5):
        raise _not_yet(
            "when every epoch is better and max_epochs is 5, training should run for 5 and the best is the 5th; you "
            f"have {calls} and {best:g}."
        )
    best, calls, values = run([0.9, 0.8, 0.7], 1, 20)
    if (best, calls) != (1, 2) or not all((value == 1).all() for value in values):
        raise _not_yet(
            "for the accuracies 0.9, 0.8 and patience 1, training should stop after 2 epochs with the numbers of "
            f"the 1st; you have {calls} and {best:g}."
        )
    return "training stops in time, and the parameters of the best epoch are back in place."


def _best_result(scores):
    X = nd.zeros((3, 1, 28, 28))
    O = _answered(scores, scores(X))
    if arguments.shape(O) != (3, 10):
        raise _not_yet(f"for 3 images, scores should return shape (3, 10), not {arguments.shape(O)}.")
    _, valid_iter = load_validation_split(1000)
    share = evaluate_accuracy(valid_iter, scores)
    told = f"{share:.3f} of the validation images are right"
    if share < 0.2:
        raise _not_yet(f"{told}, which is guessing. Do scores use the parameters that you trained?")
    if share < 0.8:
        raise _not_yet(f"{told}. A linear model gets about 0.85: look at your losses, something slows training down.")
    if share < 0.87:
        raise _not_yet(f"{told}. The course's network gets about 0.88. What did the other problems bring?")
    if share < 0.892:
        raise _not_yet(
            f"{told}. With five seeds the course's network got 0.873 to 0.890, so this may be luck. What did the "
            "other problems bring?"
        )
    if share > 0.93:
        raise _not_yet(
            f"{told}, more than such a network can do with images it has not seen. Was it trained on them? Take "
            "train_iter from load_validation_split."
        )
    return f"{told}, more than the course's network gets by luck. When you are done choosing, measure on the test images, once."


# name: (its check, the number of functions it asks for)
PROBLEMS = {
    "hidden units": (_hidden_units, 1),
    "one more layer": (_deep_net, 2),
    "learning rate": (_learning_rate, 1),
    "batch size": (_count_steps, 1),
    "activation": (_activation, 2),
    "initialisation": (_initialisation, 1),
    "counting": (_count, 1),
    "three bugs": (_bugs, 1),
    "gradient check": (_gradient_check, 1),
    "momentum": (_momentum, 1),
    "early stopping": (_early_stopping, 1),
    "best result": (_best_result, 1),
}
