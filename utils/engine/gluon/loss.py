"""`gluon.loss`: losses, each a number for each example."""

from .. import nd
from ..base import refuse
from .block import Block


def mean(l):
    """The mean over all axes of `l` but the first: (n,)."""
    return l.reshape((len(l), -1)).mean(axis=1)


class SoftmaxCrossEntropyLoss(Block):
    """The cross-entropy, in nats, of softmax(pred) and the labels, class numbers."""

    _shown = "SoftmaxCrossEntropyLoss(batch_axis=0, w=None)"

    def __init__(self, **lacking):
        super().__init__()
        refuse(**lacking)

    def forward(self, pred, label, sample_weight=None):
        refuse(sample_weight=sample_weight)
        return mean(-nd.pick(nd.log_softmax(pred), label))
