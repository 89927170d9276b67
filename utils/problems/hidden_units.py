"""How many hidden units: a function that trains a network of any width."""

from ..training import seed_everything
from .verdicts import EasyImages, not_yet, number_of


def judge(accuracy_with):
    def accuracy(num_hiddens):
        seed_everything(0)
        share = number_of(accuracy_with, (num_hiddens, train_iter, valid_iter), "the accuracy after the last epoch")
        if not 0 <= share <= 1:
            raise not_yet(f"an accuracy is a share from 0 to 1, and accuracy_with gives {share:.4g}.")
        return share

    train_iter, valid_iter = EasyImages(1000), EasyImages(200, classes=5)
    wide, again, narrow = accuracy(32), accuracy(32), accuracy(1)
    if train_iter.walks == 0:
        raise not_yet("accuracy_with never walks through the train_iter that it is given, so it can't have trained on it.")
    if valid_iter.walks == 0:
        raise not_yet(
            "accuracy_with never walks through valid_iter: measure the accuracy there, on images that training has not seen."
        )
    if wide < 0.6:
        raise not_yet(
            "with 32 hidden units and easy images the accuracy should come near 1, and accuracy_with gives "
            f"{wide:.2f}. Is the network trained on train_iter and measured on valid_iter, not the other way round?"
        )
    if narrow > 0.6:
        raise not_yet(
            "1 hidden unit does as well as 32, which can't be. Does num_hiddens reach init_params, and is the network "
            "a new one on each call?"
        )
    if abs(again - wide) > 0.3:
        raise not_yet("two calls with the same arguments differ a lot. Make new parameters inside accuracy_with.")
    return f"with easy images, 1 hidden unit gets {narrow:.2f} and 32 get {wide:.2f}. Now use it on Fashion-MNIST."
