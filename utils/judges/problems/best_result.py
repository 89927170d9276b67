"""The best network, by its validation accuracy."""

from mxnet import nd

from ... import arguments
from ...data import load_validation_split
from ...training import evaluate_accuracy
from ..given import answered
from ..verdicts import not_yet


def judge(scores):
    X = nd.zeros((3, 1, 28, 28))
    O = answered(scores, scores(X))
    if arguments.shape(O) != (3, 10):
        raise not_yet(f"for 3 images, scores should return shape (3, 10), not {arguments.shape(O)}.")
    _, valid_iter = load_validation_split(1000)
    try:
        share = evaluate_accuracy(valid_iter, scores)
    except (TypeError, ValueError, FloatingPointError) as error:
        raise not_yet(f"evaluate_accuracy can't use what scores returns. {error}") from None
    result = f"{share:.3f} of the validation images are right"
    if share < 0.2:
        raise not_yet(f"{result}, which is guessing. Do scores use the parameters that you trained?")
    if share < 0.8:
        raise not_yet(f"{result}. A linear model gets about 0.85: look at your losses, something slows training down.")
    if share < 0.87:
        raise not_yet(f"{result}. The course's network gets about 0.88. What improved it in the other problems?")
    if share < 0.892:
        raise not_yet(
            f"{result}. With five seeds the course's network got 0.873 to 0.890, so this may be luck. What improved it in the "
            "other problems?"
        )
    if share > 0.93:
        raise not_yet(
            f"{result}, more than such a network can do with images it has not seen. Was it trained on them? Take "
            "train_iter from load_validation_split."
        )
    return f"{result}, more than the course's network got with any of five seeds. When you are done choosing, measure on the test images, once."
