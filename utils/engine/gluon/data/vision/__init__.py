"""`gluon.data.vision`: the transforms of images."""

from . import transforms  # noqa: F401
