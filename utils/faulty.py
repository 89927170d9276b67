"""Three networks that don't learn, to diagnose from their pictures. Answer first, then read on."""

from mxnet import nd

from .network import relu
from .training import seed_everything, sgd


def faulty_network(name):
    """One of three networks that don't learn, "A", "B" or "C": its layers, params and step, as `diagnose` takes them.

    Each was made for minibatches of 64 images. Seeds the random numbers. Raises KeyError for another name.
    """
    sizes, scale, lr = {
        "A": ([784, 256, 128, 10], None, 0.0001),
        "B": ([784, 256, 128, 10], None, 0.1),
        "C": ([784, 128, 128, 128, 128, 10], 0.01, 0.1),
    }[name]
    seed_everything(0)
    params = []
    for num_inputs, num_outputs in zip(sizes, sizes[1:]):
        W = nd.random.normal(scale=scale or (2 / num_inputs) ** 0.5, shape=(num_inputs, num_outputs))
        params += [W, nd.zeros(num_outputs)]
    if name == "B":
        params[3][:] = -100
    for param in params:
        param.attach_grad()
    pairs = list(zip(params[::2], params[1::2]))
    layers = [lambda X, W=W, b=b: relu(nd.dot(X.reshape((len(X), -1)), W) + b) for W, b in pairs[:-1]]
    W, b = pairs[-1]
    return [*layers, lambda H: nd.dot(H, W) + b], params, lambda: sgd(params, lr, 64)
