"""Curves that grow while a training loop prints its lines, in a notebook and in a page of the book."""

import builtins
import contextlib
import math
import re
import sys
import time
from types import SimpleNamespace

from . import arguments
from .plotting import draw_history, plt
from .training import watchers

SECONDS_BETWEEN = 0.5  # drawing takes longer than an epoch of a small network
LINE = re.compile(r"epoch +(\d+), loss (\S+), train acc (\S+), test acc (\S+)")


@contextlib.contextmanager
def growing_curves(num_epochs):
    """`with growing_curves(10):` plots loss and accuracy of each epoch that is trained in this block, as soon as it ends.

    An epoch is a call of `train_epoch`, or a line such as those that `train_ch3` prints, which also has the test accuracy. The
    number to expect, num_epochs, serves to estimate the remaining time. The final figure is that of `plot_history`. Raises
    ValueError unless num_epochs is a positive integer.
    """
    arguments.positive_integer("num_epochs", num_epochs)
    figure, history, start = plt.figure(figsize=(5.6, 2.7)), {"loss": [], "train_acc": [], "test_acc": []}, time.perf_counter()
    place = builtins.display(figure, display_id=True) if hasattr(builtins, "display") else None  # a script has none
    screen, drawn = sys.stdout, -math.inf

    def draw(title=None):
        figure.clear()
        draw_history(figure, history)
        if title:
            figure.suptitle(title, fontsize=10)
        if place:
            place.update(figure)

    def draw_soon():
        nonlocal drawn
        if time.perf_counter() - drawn > SECONDS_BETWEEN:
            done, seconds = len(history["loss"]), time.perf_counter() - start
            left = seconds / done * max(num_epochs - done, 0)
            draw(f"epoch {done} of {num_epochs}: {seconds:.0f} s, about {left:.0f} s to go")
            drawn = time.perf_counter()

    def watch(loss, train_acc, test_acc=math.nan):
        for values, value in zip(history.values(), (loss, train_acc, test_acc)):
            values.append(value)
        draw_soon()

    def write(text):
        screen.write(text)
        for line in LINE.finditer(text):
            epoch, *numbers = map(float, line.groups())
            if epoch == len(history["loss"]):  # train_epoch has reported it
                history["test_acc"][-1] = numbers[-1]
                draw_soon()
            else:
                watch(*numbers)

    watchers.append(watch)
    try:
        with contextlib.redirect_stdout(SimpleNamespace(write=write, flush=screen.flush)):
            yield
    finally:
        watchers.remove(watch)
        draw()  # without the remaining time, also if the training was interrupted
        if not place:
            plt.show()
        plt.close(figure)
