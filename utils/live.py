"""Curves that grow while a training loop prints its lines, in a notebook and in a page of the book."""

import builtins
import contextlib
import re
import sys
import time
from types import SimpleNamespace

from . import arguments
from .plotting import draw_history, plt

LINE = re.compile(r"epoch +(\d+), loss (\S+), train acc (\S+), test acc (\S+)")


@contextlib.contextmanager
def growing_curves(num_epochs):
    """`with growing_curves(10):` plots each line that `train_ch3` prints in this block, as soon as it is printed.

    The number of lines to expect, num_epochs, serves to estimate the remaining time. Any other loop that prints such lines is
    plotted too. The final figure is that of `plot_history`. Raises ValueError unless num_epochs is a positive integer.
    """
    arguments.positive_integer("num_epochs", num_epochs)
    figure, history, start = plt.figure(figsize=(5.6, 2.7)), {"loss": [], "train_acc": [], "test_acc": []}, time.perf_counter()
    place = builtins.display(figure, display_id=True) if hasattr(builtins, "display") else None  # a script has none
    screen = sys.stdout

    def draw(title=None):
        figure.clear()
        draw_history(figure, history)
        if title:
            figure.suptitle(title, fontsize=10)
        if place:
            place.update(figure)

    def write(text):
        screen.write(text)
        for line in LINE.finditer(text):
            for values, number in zip(history.values(), line.groups()[1:]):
                values.append(float(number))
            done, seconds = len(history["loss"]), time.perf_counter() - start
            left = seconds / done * max(num_epochs - done, 0)
            draw(f"epoch {done} of {num_epochs}: {seconds:.0f} s, about {left:.0f} s to go")

    try:
        with contextlib.redirect_stdout(SimpleNamespace(write=write, flush=screen.flush)):
            yield
    finally:
        draw()  # without the remaining time, also if the training was interrupted
        if not place:
            plt.show()
        plt.close(figure)
