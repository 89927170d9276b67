"""`gluon.loss`: a number for each example that says how wrong the network is."""

from .. import nd
from .block import Block


class Loss(Block):
    """A loss: called on what the network gives and on the labels, it gives a number for each example."""

    def __init__(self, weight=None, batch_axis=0, **options):
        super().__init__(**options)
        self.weight, self.batch_axis = weight, batch_axis

    def __repr__(self):
        return f"{type(self).__name__}(batch_axis={self.batch_axis}, w={self.weight})"

    def weighted_mean(self, l, sample_weight):
        """Times the weights, and the mean over all axes but that of the examples."""
        l = l if sample_weight is None else l * sample_weight
        l = l if self.weight is None else l * self.weight
        return nd.mean(l, axis=tuple(axis for axis in range(l.ndim) if axis != self.batch_axis)) if l.ndim > 1 else l


class L2Loss(Loss):
    """Half the square of the difference."""

    def __init__(self, weight=1.0, batch_axis=0, **options):
        super().__init__(weight, batch_axis, **options)

    def forward(self, pred, label, sample_weight=None):
        """The loss of each example."""
        return self.weighted_mean(nd.square(nd.reshape(label, pred.shape) - pred) / 2, sample_weight)


class SoftmaxCrossEntropyLoss(Loss):
    """The cross-entropy of softmax(pred) and the labels: class numbers, or probabilities with `sparse_label=False`."""

    def __init__(self, axis=-1, sparse_label=True, from_logits=False, weight=None, batch_axis=0, **options):
        super().__init__(weight, batch_axis, **options)
        self.axis, self.sparse_label, self.from_logits = axis, sparse_label, from_logits

    def forward(self, pred, label, sample_weight=None):
        """The loss of each example, in nats."""
        log_p = pred if self.from_logits else nd.log_softmax(pred, self.axis)
        if self.sparse_label:
            l = -nd.pick(log_p, label, self.axis, keepdims=True)
        else:
            l = -nd.sum(log_p * nd.reshape(label, pred.shape), self.axis, keepdims=True)
        return self.weighted_mean(l, sample_weight)
