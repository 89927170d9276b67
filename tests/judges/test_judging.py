"""What all judges say of a function that raises."""

import re

import pytest

from tests.support.slots import written
from utils.judges.all_judges import verdict_on

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]

RAISES = [
    ("softmax", "return O.max(dim=1)", "line 2: there is no argument dim here, only axis, keepdims.* Here dim is called axis[.]"),
    ("softmax", "return O.max(axis=1, keepdim=True)", "no argument keepdim here, only .* Here keepdim is called keepdims[.]"),
    ("softmax", "return nd.softmax(O, dim=1)", "no argument dim here, only .*axis.* Here dim is called axis[.]"),
    ("softmax", "return nd.softmax(O, 1)", "An axis is named: .*softmax[(].*, axis=1[)][.]$"),
    ("relu", "return nd.clip(X, min=0)", "no argument min here, only a_min, a_max. Here min is called a_min[.]"),
    ("relu", "return nd.relu(X.item())", "no attribute 'item'.* Here item is called asscalar[.]"),
    ("relu", "return nd.maximm(X, 0)", "no .*maximm.* Did you mean maximum[?]"),
    ("relu", "return X.reshap((-1,))", "no attribute 'reshap'.* Did you mean reshape[?]"),
    ("relu", "zero = 0\nreturn nd.maximum(X, zer)", "name 'zer' is not defined. Did you mean zero[?]"),
    ("relu", "return nd.maximum(X, nought)", "name 'nought' is not defined.$"),
    ("init_params", "return nd.random.normal(0, scale, size=(2, 3))", "'?size'?.* Here size is called shape[.]"),
    ("init_params", "return nd.random.normal(scale, (2, 3))", "takes the mean, the standard deviation and the shape"),
    ("init_params", "W = np.zeros((2, 3))\nW.attach_grad()", "an array of NumPy. nd has its own"),
    ("loss_and_dO", "dO = O.copy()\ndO[y] -= 1", "out of bounds for axis 0 with size 1[.]$"),
    ("cross_entropy", "return y_hat[7]", "out of bounds for axis 0 with size 2. An index counts from 0[.] And an NDArray"),
]  # fmt: skip


@pytest.mark.parametrize("slot, body, words", RAISES)
def test_what_is_said_of_an_error_is_true_and_helps(slot, body, words):
    assert re.search(words, verdict_on(slot, written(slot, body)).why)
