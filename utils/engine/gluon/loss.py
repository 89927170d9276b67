"""`gluon.loss`: a number for each example that says how wrong the network is."""

from .. import nd
from .block import Block


class Loss(Block):
    """A loss: called on what the network gives and on the labels, it gives a number for each example."""

    def __init__(self, weight=None):
        super().__init__()
        self.weight = weight

    def __repr__(self):
        return f"{type(self).__name__}(batch_axis=0, w={self.weight})"

    def mean(self, l, sample_weight):
        """The mean of what an example has in `l`, times the weights."""
        l = l if sample_weight is None else l * sample_weight
        l = l if self.weight is None else l * self.weight
        return l.reshape((len(l), -1)).mean(axis=1)


class L2Loss(Loss):
    """Half the square of the difference."""

    def __init__(self, weight=1.0):
        super().__init__(weight)

    def forward(self, pred, label, sample_weight=None):
        return self.mean(nd.square(nd.reshape(label, pred.shape) - pred) / 2, sample_weight)


class SoftmaxCrossEntropyLoss(Loss):
    """The cross-entropy of softmax(pred) and the labels: class numbers, or probabilities with `sparse_label=False`."""

    def __init__(self, sparse_label=True, from_logits=False, weight=None):
        super().__init__(weight)
        self.sparse_label, self.from_logits = sparse_label, from_logits

    def forward(self, pred, label, sample_weight=None):
        """The loss of each example, in nats. `from_logits`: pred holds the logarithms of the probabilities already."""
        log_p = pred if self.from_logits else nd.log_softmax(pred)
        return self.mean(-nd.pick(log_p, label) if self.sparse_label else -(log_p * label).sum(axis=-1), sample_weight)
