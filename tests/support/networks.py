"""Networks of a reader, as the demonstration has them."""

import base64


def network_of(num_hiddens):
    """What is kept of a network whose weights are all 0."""
    sizes = {"W1": 784 * num_hiddens, "b1": num_hiddens, "W2": 10 * num_hiddens, "b2": 10}
    return {name: {"scale": 1, "bytes": base64.b64encode(bytes(size)).decode()} for name, size in sizes.items()}


def yours(page):
    """The names of the reader's networks, as the demonstration offers them."""
    return page.locator(".demo-yours option").all_inner_texts()
