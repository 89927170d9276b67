"""`gluon`: layers that own their parameters, losses, and a trainer."""

# ruff: noqa: F401
from . import block, loss, nn, parameter, trainer
from .block import Block
from .parameter import DeferredInitializationError, Parameter, ParameterDict
from .trainer import Trainer
