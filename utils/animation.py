"""Animations: a grid of equal panels, which a page of the book shows one at a time (press/theme/static/animation.js)."""

from . import arguments
from .plotting import plt


def show_animation(draw, frames, columns=4):
    """Show an animation: `draw(ax, frame)` draws each frame into a square panel, titled with its name.

    frames: a dict from the name of each frame, such as "epoch 3", to the data that `draw` needs for it. A notebook and a printed
    page show all panels, `columns` in a row; a page of the book shows one at a time, with a slider and a play button. So every
    panel needs the same limits and its own labels. Raises TypeError unless frames is such a dict and draw such a function.
    """
    arguments.function("draw", draw, "lambda ax, frame: ax.plot(frame)", 2)
    arguments.named_frames("frames", frames)
    arguments.positive_integer("columns", columns)
    rows = -(-len(frames) // columns)
    with plt.rc_context({"figure.constrained_layout.use": False, "font.size": 7, "savefig.pad_inches": 0}):
        figure, axes = plt.subplots(rows, columns, figsize=(2.2 * columns, 2.2 * rows), squeeze=False)
        figure.subplots_adjust(0.24 / columns, 0.2 / rows, 1 - 0.06 / columns, 1 - 0.12 / rows, 0.30 / 0.70, 0.32 / 0.68)
        # A notebook crops the margins of a figure; this invisible rectangle keeps them, so that all panels have the same size.
        figure.add_artist(plt.Rectangle((0, 0), 1, 1, fill=False, linewidth=0))
        figure.set_gid(f"animation-{columns}-{rows}")
        for ax in axes.flat[len(frames) :]:
            ax.remove()
        for ax, (name, frame) in zip(axes.flat, frames.items()):
            ax.set(title=name, gid=f"frame: {name}")
            draw(ax, frame)
            ax.locator_params(nbins=4)
        plt.show()
