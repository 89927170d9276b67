"""How many hidden units: a function that trains a network of any width."""

import numpy as np

from ...training import seed_everything
from ..given import number_of
from ..verdicts import not_yet
from .easy_images import BlackImages, Counted, EasyImages, times

LEARNABLE = 0.75  # of the validation images, after the last epoch


class ValidationImages(EasyImages):
    """Easy images, a quarter of which have wrong labels except after the first and the second epoch.

    So the accuracy after the last epoch differs from the first, from the best and from that on the training images.
    """

    def __init__(self, train_iter):
        super().__init__(200, shuffle=False)
        self.train_iter, self.right = train_iter, self.labels
        self.wrong = self.right.copy()
        self.wrong[round(LEARNABLE * 200) :] = (self.right[round(LEARNABLE * 200) :] + 1) % 10

    def __iter__(self):
        self.labels = self.right if self.train_iter.ended in (1, 2) else self.wrong
        return super().__iter__()


def two_places(num_images, batch_size):
    """Minibatches of images in which two places are lit or not. Class 1 is just one of them, which no linear network learns."""
    left, right = np.arange(num_images) % 4 // 2, np.arange(num_images) % 2
    pixels = np.repeat(255 * np.stack([left, right], axis=1), 392, axis=1).astype("uint8")
    pixels[:, 30:392] = pixels[:, 422:] = 0
    return Counted(pixels.reshape(-1, 28, 28), left ^ right, batch_size)


def judge(accuracy_with):
    def accuracy(num_hiddens, train_iter=None, valid_iter=None):
        seed_everything(0)
        train_iter = train_iter or EasyImages(200, batch_size=20)
        valid_iter = valid_iter or ValidationImages(train_iter)
        share = number_of(accuracy_with, (num_hiddens, train_iter, valid_iter), "the accuracy after the last epoch")
        if not 0 <= share <= 1:
            raise not_yet(f"an accuracy is a share from 0 to 1, and accuracy_with gives {share:.4g}.")
        if train_iter.ended == 0:
            raise not_yet("accuracy_with never iterates over the train_iter that it is given, so it can't have trained on it.")
        if valid_iter.begun == 0:
            raise not_yet(
                "accuracy_with never iterates over valid_iter: measure the accuracy there, on images that training has not seen."
            )
        if train_iter.ended != 3:
            raise not_yet(
                f"accuracy_with iterates over train_iter {times(train_iter.ended)}. Train for three epochs, once each, and the "
                "accuracy is measured on valid_iter alone."
            )
        return share

    wide = accuracy(32)
    if wide > LEARNABLE + 0.05:
        raise not_yet(
            f"after the last epoch at most {LEARNABLE} of this check's validation images can be right, and accuracy_with gives "
            f"{wide:.2f}. Is that the accuracy on valid_iter, not on train_iter, and after the last epoch, not an earlier one?"
        )
    if wide < LEARNABLE - 0.05:
        raise not_yet(
            f"with 32 hidden units and easy images the accuracy should come near {LEARNABLE}, and accuracy_with gives {wide:.2f}. "
            "Is the network trained on train_iter, with learning rate 0.2 and steps divided by train_iter.batch_size, and is "
            "the share that of right answers?"
        )
    narrow = accuracy(1)
    if narrow > 0.6:
        raise not_yet(
            "1 hidden unit does as well as 32, which can't be. Does num_hiddens reach init_params, and is the network "
            "a new one on each call?"
        )
    if accuracy(32, two_places(800, 20), two_places(4, 4)) < 1:
        raise not_yet(
            "where an image belongs to class 1 if just one of two places is lit, three epochs teach mlp to get all images right, and "
            "accuracy_with gives less. Has the network its relu, and is it the same one in all epochs?"
        )
    _judge_steps(accuracy)
    return (
        f"on images of which {LEARNABLE} can be right, 1 hidden unit gets {narrow:.2f}, 32 get {wide:.2f}. Now use Fashion-MNIST."
    )


def _judge_steps(accuracy):
    """Check how far three epochs of black images lead: does the class of the last minibatches, 1, win in the end?"""

    def class_1_wins(*epochs):
        return accuracy(1, BlackImages(*map(mostly, epochs)), BlackImages([1] * 50)) == 1

    class_1_wins([0] * 30)
    if not class_1_wins([1] * 2):
        raise not_yet(
            "a call goes on with the network that an earlier one has trained. Make a new one in each call, with init_params."
        )
    for zeros, ones, way in ((16, 12, "further"), (14, 8, "less far")):  # it wins at rates above 0.14, and above 0.3
        if class_1_wins([0] * zeros + [1] * ones) != (way == "further"):
            raise not_yet(
                f"three epochs of sgd with learning rate 0.2 should lead {way}. Is the rate 0.2, the loss softmax_cross_entropy, and "
                "does one network learn in all three epochs, from train_iter alone?"
            )
    if class_1_wins([0] * 12, [0] * 12, [1] * 12):
        raise not_yet(
            "what was learned in the first two epochs is lost after the third. Does one network learn in all three, made before the first?"
        )


def mostly(classes):
    """Labels for minibatches of 50: all ten classes four times, and ten times more the one of `classes` that belongs to the minibatch."""
    return [label for often in classes for label in [*range(10)] * 4 + [often] * 10]
