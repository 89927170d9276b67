"""A backend of Matplotlib: `plt.show()` sends each open figure to the page, as SVG."""

import io
import sys

from dark import for_a_page
from matplotlib._pylab_helpers import Gcf
from matplotlib.backend_bases import FigureManagerBase as FigureManager
from matplotlib.backends.backend_svg import FigureCanvasSVG as FigureCanvas
from worker import send  # the JavaScript around this Python

__all__ = ["FigureCanvas", "FigureManager", "show"]


def show(*args, **kwargs):
    for manager in Gcf.get_all_fig_managers():
        send_figure(manager.canvas.figure)
    Gcf.destroy_all()


def show_figure(figure):
    """Send a figure to the page, and close it if it is open."""
    send_figure(figure)
    Gcf.destroy_fig(figure)


def send_figure(figure, kind="figure"):
    """Send a figure to the page: a new one, or one that is "redrawn" and replaces the last one."""
    sys.stdout.flush()  # what was printed before comes first
    sys.stderr.flush()
    if not figure.axes:
        return send("result", repr(figure))  # as in a notebook: there is nothing to see
    file = io.StringIO()
    figure.savefig(file, format="svg", bbox_inches="tight", metadata={"Date": None, "Creator": None})
    send(kind, for_a_page(file.getvalue()))
