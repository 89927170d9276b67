"""`gluon.data.vision.transforms`: transforms of one image."""

from ...block import Block


class ToTensor(Block):
    """An image (h, w, c) of whole numbers from 0 to 255 as (c, h, w), float32 from 0 to 1."""

    def forward(self, X):
        return X.transpose((2, 0, 1)).astype("float32") / 255
