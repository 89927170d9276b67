"""`gluon.loss`: losses, each a number for each example."""

from .. import nd
from ..base import refuse
from .block import Block


def mean(l):
    """The mean over all axes of `l` but the first: (n,)."""
    return l.reshape((len(l), -1)).mean(axis=1)


class SoftmaxCrossEntropyLoss(Block):
    """The cross-entropy, in nats, of softmax(pred) and the labels: class numbers, or probabilities with `sparse_label=False`.

    With `from_logits`, pred already holds the logarithms of the probabilities."""

    _shown = "SoftmaxCrossEntropyLoss(batch_axis=0, w=None)"

    def __init__(self, axis=-1, sparse_label=True, from_logits=False, **lacking):
        super().__init__()
        refuse(axis=axis if isinstance(axis, int) and axis != -1 else None, **lacking)
        self.sparse_label, self.from_logits = sparse_label, from_logits

    def forward(self, pred, label, sample_weight=None):
        refuse(sample_weight=sample_weight)
        log_p = pred if self.from_logits else nd.log_softmax(pred)
        return mean(-nd.pick(log_p, label) if self.sparse_label else -(log_p * label.reshape(pred.shape)).sum(axis=-1))
