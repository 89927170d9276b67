"""`gluon.data.vision`: what is done to pictures."""

from . import transforms  # noqa: F401
