"""`gluon.data.vision`: what is done to pictures."""
from ....base import missing
from . import transforms

__getattr__ = missing("gluon.data.vision")
