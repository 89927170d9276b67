"""The helpers that the chapters of *A Multilayer Perceptron from Scratch* import."""

import importlib

from .backend import engine_name  # first: it decides which engine `import mxnet` gives the others
from .data import LABELS, fashion_mnist_arrays, get_fashion_mnist_labels, load_data_fashion_mnist, load_validation_split
from .judges.check import check_problem
from .judges.questions import check
from .judges.refute import refute
from .judges.trace import trace
from .network import cross_entropy, init_layers, init_params, mlp, relu, softmax, softmax_cross_entropy
from .results import read_results
from .training import accuracy, evaluate_accuracy, seed_everything, sgd, train_ch3, train_epoch

# Each name and its module, imported on first use, because these modules import Matplotlib.
LAZY = {
    "COLORS": "plotting",
    "diagnose": "diagnosis",
    "faulty_network": "diagnosis",
    "photo_steps": "photo",
    "plot_diagnosis": "diagnosis",
    "plot_history": "plotting",
    "plot_lines": "plotting",
    "plot_runs": "plotting",
    "plt": "plotting",
    "show_backward": "picture",
    "show_forward": "picture",
    "set_figsize": "plotting",
    "show_fashion_mnist": "plotting",
    "show_weights": "plotting",
    "show_animation": "animation",
    "use_svg_display": "plotting",
}

__all__ = [
    "COLORS",
    "LABELS",
    "accuracy",
    "check",
    "check_problem",
    "cross_entropy",
    "diagnose",
    "engine_name",
    "evaluate_accuracy",
    "fashion_mnist_arrays",
    "get_fashion_mnist_labels",
    "init_layers",
    "init_params",
    "load_data_fashion_mnist",
    "load_validation_split",
    "mlp",
    "photo_steps",
    "plot_diagnosis",
    "plot_history",
    "plot_lines",
    "plot_runs",
    "plt",
    "read_results",
    "refute",
    "relu",
    "seed_everything",
    "set_figsize",
    "sgd",
    "show_backward",
    "show_forward",
    "show_fashion_mnist",
    "show_weights",
    "show_animation",
    "faulty_network",
    "softmax",
    "softmax_cross_entropy",
    "trace",
    "train_ch3",
    "train_epoch",
    "use_svg_display",
]
__version__ = "1.0.0"


def __getattr__(name):
    if name not in LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{LAZY[name]}", __name__), name)


def __dir__():
    return sorted({*globals(), *LAZY})
