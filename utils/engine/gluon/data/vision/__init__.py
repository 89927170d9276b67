"""`gluon.data.vision`: what is done to pictures."""

from ....base import missing
from . import transforms  # noqa: F401

__getattr__ = missing("gluon.data.vision")
