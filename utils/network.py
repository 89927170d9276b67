"""The pieces of the network that the chapters build: parameters, activation, model, losses."""

from mxnet import nd

from . import arguments


def init_params(num_inputs=784, num_hiddens=256, num_outputs=10, scale=0.01):
    """New parameters [W1, b1, W2, b2] with attached gradients.

    W1: (num_inputs, num_hiddens) and W2: (num_hiddens, num_outputs) are drawn from N(0, scale**2), b1: (num_hiddens,) and
    b2: (num_outputs,) are zero; all float32. Raises ValueError for a size that is not a positive integer and for a
    scale that is not above 0.
    """
    arguments.positive_integer("num_inputs", num_inputs)
    arguments.positive_integer("num_hiddens", num_hiddens)
    arguments.positive_integer("num_outputs", num_outputs)
    arguments.positive_number("scale", scale)
    W1 = nd.random.normal(scale=scale, shape=(num_inputs, num_hiddens))
    b1 = nd.zeros(num_hiddens)
    W2 = nd.random.normal(scale=scale, shape=(num_hiddens, num_outputs))
    b2 = nd.zeros(num_outputs)
    params = [W1, b1, W2, b2]
    for param in params:
        param.attach_grad()
    return params


def init_layers(shapes, scale=None):
    """New parameters [W1, b1, W2, b2, ...] with attached gradients, for layers of these shapes: pairs of inputs and outputs.

    Each W: (inputs, outputs) is drawn from N(0, scale**2), and without a scale from N(0, 2 / inputs), which is He's rule; each
    b: (outputs,) is zero. Raises TypeError unless shapes is a list of pairs, ValueError for a size that is not a positive integer
    and for a scale that is not above 0.
    """
    if not isinstance(shapes, (list, tuple)) or not all(isinstance(pair, (list, tuple)) and len(pair) == 2 for pair in shapes):
        raise TypeError(f"shapes must be a list of pairs, such as [(784, 256), (256, 10)], not {arguments.shown(shapes)}.")
    if scale is not None:
        arguments.positive_number("scale", scale)
    params = []
    for place, (num_inputs, num_outputs) in enumerate(shapes):
        arguments.positive_integer(f"shapes[{place}][0]", num_inputs)
        arguments.positive_integer(f"shapes[{place}][1]", num_outputs)
        W = nd.random.normal(scale=scale or (2 / num_inputs) ** 0.5, shape=(num_inputs, num_outputs))
        params += [W, nd.zeros(num_outputs)]
    for param in params:
        param.attach_grad()
    return params


def relu(X):
    """max(X, 0), element by element, in the shape of X. Raises TypeError unless X is a float NDArray."""
    arguments.float_ndarray("X", X)
    return nd.maximum(X, 0)


def mlp(X, params):
    """The scores O: (n, q) of a perceptron with one hidden layer, before softmax.

    O = relu(X W1 + b1) W2 + b2, with X: (n, d), or (n, 1, h, w), which is flattened to (n, d). params is [W1, b1, W2, b2]
    as `init_params` gives it. Raises TypeError unless X is a float NDArray and params a list of NDArrays of the same type,
    ValueError unless X holds d numbers an example and the shapes of params fit together.
    """
    arguments.float_ndarray("X", X)
    arguments.params("params", params)
    arguments.two_layers(X, params)
    W1, b1, W2, b2 = params
    X = X.reshape((-1, W1.shape[0]))
    H = relu(nd.dot(X, W1) + b1)
    return nd.dot(H, W2) + b2


def softmax(O):
    """Each row of the scores O: (n, q) as probabilities y_hat: (n, q), which are not negative and sum to 1.

    The row's maximum is subtracted first, which does not change the quotients and keeps exp from overflowing
    (Goodfellow, Bengio and Courville, Deep Learning, 2016, section 4.1). Raises TypeError or ValueError unless O is a
    float NDArray of shape (n, q).
    """
    arguments.scores("O", O)
    E = nd.exp(O - O.max(axis=1, keepdims=True))
    return E / E.sum(axis=1, keepdims=True)


def cross_entropy(y_hat, y):
    """Minus the logarithm of the probability that each row of y_hat: (n, q) gives to its label in y: (n,), shape (n,).

    In nats. Infinite where that probability is 0: `softmax_cross_entropy` starts from the scores and is finite.
    Raises TypeError or ValueError unless y_hat is a float NDArray (n, q) of probabilities and y holds n class numbers
    from 0 to q - 1.
    """
    arguments.probabilities("y_hat", y_hat)
    arguments.labels("y", y, y_hat)
    return -nd.log(nd.pick(y_hat, y))


def softmax_cross_entropy(O, y):
    """The cross-entropy of softmax(O) and the labels y: (n,), from the scores O: (n, q) in one go, shape (n,).

    In nats: log(sum(exp(o))) - o[y] for each row o of O, with the row's maximum taken out of the sum so that nothing
    overflows (Blanchard, Higham and Higham, 2021, doi:10.1093/imanum/draa038). Raises TypeError or ValueError unless O is a
    float NDArray (n, q) and y holds n class numbers from 0 to q - 1.
    """
    arguments.scores("O", O)
    arguments.labels("y", y, O)
    Z = O - O.max(axis=1, keepdims=True)
    return nd.log(nd.exp(Z).sum(axis=1)) - nd.pick(Z, y)
