"""`gluon.data.vision.transforms`: changes of one picture, which can be called one after the other."""

from .... import image, nd
from ...block import Block
from ...nn import Sequential


class Compose(Sequential):
    """Several changes, one after the other."""

    def __init__(self, transforms):
        super().__init__()
        self.add(*transforms)


class ToTensor(Block):
    """A picture (h, w, c) of whole numbers from 0 to 255 as (c, h, w), float32 from 0 to 1."""

    def forward(self, X):
        """The picture with the channel first."""
        axes = (2, 0, 1) if X.ndim == 3 else (0, 3, 1, 2)
        return nd.transpose(X, axes).astype("float32") / 255


class Resize(Block):
    """A picture (h, w, c) in another size, a number or (width, height)."""

    def __init__(self, size, keep_ratio=False, interpolation=1):
        super().__init__()
        self.size = size

    def forward(self, X):
        """The picture in its new size."""
        return image.resize(X, self.size)
