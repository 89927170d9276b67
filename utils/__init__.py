"""The helpers that the chapters of *A Multilayer Perceptron from Scratch* import."""

from . import compat  # isort: split

compat.import_mxnet()  # before anything else imports it: it may need help, or be missing

from .data import LABELS, fashion_mnist_arrays, get_fashion_mnist_labels, load_data_fashion_mnist
from .network import cross_entropy, init_params, mlp, relu, softmax, softmax_cross_entropy
from .plotting import COLORS, plot_history, plot_lines, plt, set_figsize, show_fashion_mnist, use_svg_display
from .problems import check_problem, load_validation_split
from .questions import check
from .training import accuracy, evaluate_accuracy, seed_everything, sgd, train_ch3, train_epoch

__all__ = [
    "COLORS",
    "LABELS",
    "accuracy",
    "check",
    "check_problem",
    "cross_entropy",
    "evaluate_accuracy",
    "fashion_mnist_arrays",
    "get_fashion_mnist_labels",
    "init_params",
    "load_data_fashion_mnist",
    "load_validation_split",
    "mlp",
    "plot_history",
    "plot_lines",
    "plt",
    "relu",
    "seed_everything",
    "set_figsize",
    "sgd",
    "show_fashion_mnist",
    "softmax",
    "softmax_cross_entropy",
    "train_ch3",
    "train_epoch",
    "use_svg_display",
]
__version__ = "1.0.0"
