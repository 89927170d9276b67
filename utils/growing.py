"""Curves that grow while a training loop runs, in a notebook and in a page of the book."""

import builtins
import contextlib
import math
import re
import sys
import time

from matplotlib.figure import Figure

from . import arguments
from .plotting import draw_history, plot_history

SECONDS_BETWEEN = 0.5  # drawing takes longer than an epoch of a small network
LINE = re.compile(r"epoch +\d+, loss (\d+\.\d+), train acc ([01]\.\d+), test acc ([01]\.\d+)")


class Screen:
    """Standard output that also shows each text to the function `seen`."""

    def __init__(self, screen, seen):
        self.screen, self.seen = screen, seen

    def write(self, text):
        self.screen.write(text)
        self.seen(text)

    def __getattr__(self, name):
        return getattr(self.screen, name)


def progress(done, num_epochs, seconds):
    """How far a training is that took `seconds` for `done` epochs: "epoch 2 of 10: 3 s of about 15 s", which is for all ten."""
    expected = max(num_epochs, done)
    return f"epoch {done} of {expected}: {seconds:.0f} s of about {seconds / done * expected:.0f} s"


@contextlib.contextmanager
def growing_curves(num_epochs):
    """`with growing_curves(10):` plots loss and accuracy of each epoch that is trained in this block, as soon as it ends.

    An epoch is a line such as those that `train_ch3` prints, so that a loop of your own is seen too if it prints them. The
    number to expect, num_epochs, serves to estimate how long they take. The final figure is that of `plot_history`. Raises
    ValueError unless num_epochs is a positive integer.
    """
    arguments.positive_integer("num_epochs", num_epochs)
    history, start, drawn = {"loss": [], "train_acc": [], "test_acc": []}, time.perf_counter(), -math.inf
    figure = Figure(figsize=(5.6, 2.7))  # not one of pyplot's, which would have to be closed, whatever happens
    place = builtins.display(figure, display_id=True) if hasattr(builtins, "display") else None  # a script has none

    def draw(title=None):
        figure.clear()
        draw_history(figure, history)
        if title:
            figure.suptitle(title, fontsize=10)
        place.update(figure)

    def draw_soon():
        nonlocal drawn
        if place and time.perf_counter() - drawn > SECONDS_BETWEEN:
            draw(progress(len(history["loss"]), num_epochs, time.perf_counter() - start))
            drawn = time.perf_counter()

    def read(text):
        for line in LINE.finditer(text):
            for values, number in zip(history.values(), line.groups()):
                values.append(float(number))
            draw_soon()

    try:
        with contextlib.redirect_stdout(Screen(sys.stdout, read)):
            yield
    finally:
        if place:
            draw()  # without the title, also if the training was interrupted
        else:
            plot_history(history)
