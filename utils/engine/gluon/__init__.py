"""`gluon`: layers that own their parameters, losses, a trainer, and data in minibatches."""

# ruff: noqa: F401
from . import block, data, loss, nn, parameter, trainer
from .block import Block
from .parameter import DeferredInitializationError, Parameter, ParameterDict
from .trainer import Trainer
