"""`gluon`: layers that own their parameters, losses, a trainer, and data in minibatches."""

from ..base import missing
from . import block, data, loss, nn, parameter, trainer
from .block import Block
from .parameter import DeferredInitializationError, Parameter, ParameterDict
from .trainer import Trainer

__all__ = [
    "Block",
    "DeferredInitializationError",
    "Parameter",
    "ParameterDict",
    "Trainer",
    "block",
    "data",
    "loss",
    "nn",
    "parameter",
    "trainer",
]
__getattr__ = missing("gluon")
