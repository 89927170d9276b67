"""How many hidden units: a function that trains a network of any width."""

from ...training import seed_everything
from ..given import number_of
from ..verdicts import not_yet
from .easy_images import EasyImages, times

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


def judge(accuracy_with):
    def accuracy(num_hiddens):
        seed_everything(0)
        train_iter = EasyImages(200, batch_size=20)
        valid_iter = ValidationImages(train_iter)
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
    return (
        f"on images of which {LEARNABLE} can be right, 1 hidden unit gets {narrow:.2f}, 32 get {wide:.2f}. Now use Fashion-MNIST."
    )
