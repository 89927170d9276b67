"""What all judges say of a function that raises, and of one that gives what is odd."""

import ast
import functools
import re
from unittest.mock import MagicMock

import mxnet as mx
import numpy as np
import pytest

import utils
from tests.support.slots import of_the_book, written
from utils.judges.all_judges import verdict_on
from utils.judges.errors import NAMES
from utils.judges.judging import both_shown

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
    ("sgd", "for p in params:\n    p.data -= p.grad", "no attribute 'data'((?!Did you mean).)*$"),
    ("sgd", "for p in params:\n    p -= lr * p.gradient", "no attribute 'gradient'.*[.] Here gradient is called grad[.]$"),
    ("sgd", "for p in params:\n    p -= lr * p.grad // batch_size", "for //: .* The quotient of arrays is /[.]$"),
    ("sgd", "for p in params:\n    with autograd.record():\n        p -= p * 1",
     r" \w+ [.]{3} An array that is recorded can't change"),
    ("relu", "raise ValueError(f'a list of {[*range(99)]} numbers')", "line 2: a list of [.]{3}$"),
    ("relu", "return X.no_such_name",
     "no attribute 'no_such_name'( in the course's own engine: .*, where it has this: MLP_ENGINE=mxnet)?[.]$"),
    ("predict", "return net(X)", "name 'net' is not defined. The network is mlp[(]X, params[)][.]$"),
    ("relu", "zero = 0\nreturn nd.maximum(X, zer)", "name 'zer' is not defined. Did you mean zero[?]"),
    ("relu", "return nd.maximum(X, nought)", "name 'nought' is not defined.$"),
    ("init_params", "return nd.random.normal(0, scale, size=(2, 3))", "'?size'?.* Here size is called shape[.]"),
    ("init_params", "return nd.random.normal(scale, (2, 3))", "takes the mean, the standard deviation and the shape"),
    ("init_params", "W = np.zeros((2, 3))\nW.attach_grad()", "an array of NumPy. nd has its own"),
    ("cross_entropy", "return -(nd.one_hot(y, 10) * nd.log(y_hat)).sum(axis=1)",
     "Are ten classes written in[?] y_hat.shape"),
    ("cross_entropy", "return -y * nd.log(y_hat)", "to take the number in the column of each label, nd.pick"),
    ("cross_entropy", "return -nd.log(nd.pick(y, y_hat))", "line 2: Shape inconsistent.* the array comes first"),
    ("summed_to", "return dC.sum(axis=shape - 1)", "'tuple' and 'int'[.] A tuple holds several numbers"),
    ("dot_dA", "return nd.dot(dC, B.T)", r"but got \[\[1. 0.\] \[2. 3.\]\]. Functions of nd"),
    ("train_epoch", "for X, y in train_iter:\n    O = net(X)\n    n = (O.argmax(axis=0) == y.astype('float32')).sum()",
     r"shapes \[2\] \[3\]. A number for each row comes from axis=1"),
    ("gluon_mlp", "return nn.Sequential(nn.Dense(256, activation='relu'), nn.Dense(10))",
     r"Make it empty, nn.Sequential\(\), and then net.add"),
    ("gluon_mlp", "net = nn.Sequential\nnet.add(nn.Dense(256), nn.Dense(10))\nnet.initialize(init.Normal(sigma=0.01))",
     r"line 4: .*brackets behind it: net = nn.Sequential\(\)[.]$"),
    ("gluon_mlp", "net = nn.Sequential\nwith net.name_scope():\n    net.add(nn.Dense(10))", "line 3: .*brackets behind it"),
    ("gluon_mlp", "net = nn.Sequential()\nnet.add(nn.Dense, nn.Dense(10))\nnet.initialize()", "or a layer, only with brackets"),
    ("gluon_mlp", "net = nn.Sequential()\nnet.add([nn.Dense(256), nn.Dense(10)])\nnet.initialize()", "without a list: net.add"),
    ("gluon_mlp", "net = nn.Sequential()\nnet.add(nn.Dense(10))\nnet.initialize(init.Normal)", "has its brackets: init.Normal"),
    ("gluon_mlp", "return init.Normal(0, 0.01)", r"only sigma is given: init.Normal\(sigma=0.01\)[.]$"),
    ("gluon_mlp", "return nn.Dense(256, activation=nd.relu)", "An activation is named by a text"),
    ("gluon_mlp", "return nn.Dense(256), nn.relu", "An activation is named by a text"),
    ("gluon_mlp", "return nn.Activation()", "An activation is named by a text"),
    ("gluon_mlp", "return nn.Linear(784, 256)", "Here Linear is called Dense[.]$"),
    ("gluon_mlp", "return Sequential()", r"Layers are found in nn: nn.Sequential\(\)"),
    ("gluon_mlp", "return nn.Dense(784, 256, activation='relu')", "nn.Dense takes the number of its outputs, and finds"),
    ("forward", "return np.array([max(z, 0) for z in X @ params[0]]), 0", "max and if look at one number. np.maximum"),
    ("forward", "return np.array([[1], 2]), 0", "inhomogeneous shape.* rows of equal length[.]$"),
    ("relu", "return nd.array([[max(x, 0) for x in row] for row in X])",
     "no list with NDArrays in it. Functions of nd take a whole array"),
    ("accuracy", "return np.mean(y_hat)", "such as np.mean can't take an NDArray"),
    ("mlp", "n = X.shape[2] * X.shape[3]", "X may be flat: [(]n, d[)][.]$"),
    ("loss_and_dO", "dO = O.copy()\ndO[y] -= 1", "out of bounds for axis 0 with size 1[.]$"),
    ("loss_and_dO", "return 0, O - np.eye(10)[y]", r"\(1,2\) \(1,10\)[.] Are ten classes written in[?]"),
    ("loss_and_dO", "dO = np.zeros((len(y), 10))\ndO[0] = O[0]", "into shape .10,.[.] Are ten classes written in[?]"),
    ("loss_and_dO", "return 0, O.reshape(-1, 10)", "into shape .10,?.[.] Are ten classes written in[?]"),
    ("loss_and_dO", "return 0, [O[0, j] for j in range(10)]", "index 2 is out .* Is a size written in[?]"),
    ("sgd", "for i in range(4):\n    params[i] -= lr / batch_size * params[i].grad", "It holds fewer[.]"),
    ("predict", "return int(mlp(X, params).argmax(axis=1).asscalar())", "asscalar takes an array with one number"),
    ("cross_entropy", "return y_hat[7]", "out of bounds for axis 0 with size 2. An index counts from 0[.] And an NDArray"),
]  # fmt: skip
LACKS = [("linear_net", "return nd.broadcast_add(X, params[1])", "The signs .* do that: A . b[.]$")]


@pytest.mark.parametrize("slot, body, words", RAISES + LACKS * (utils.engine_name == "own"))
def test_what_is_said_of_an_error_is_true_and_helps(slot, body, words):
    assert re.search(words, verdict_on(slot, written(slot, body)).why)


# Calls in the words of NumPy or of PyTorch.
ELSEWHERE = """
A.sum(dim=1), A.sum(dims=(0, 1)), A.sum(axes=1), A.sum(axis=1, keepdim=True), nd.random.normal(size=(2, 3)),
nd.clip(A, min=0, a_max=1), nd.clip(A, a_min=0, max=1), nd.one_hot(A[0], num_classes=3), nn.Dense(3, bias=False),
nd.random.normal(std=2.0), A.sum().item(), A.numpy(), A.view((3, 2)), A.clamp(0, 1), A.unsqueeze(0), A.requires_grad_(),
nd.matmul(A, A.T), nn.Linear(3), A.gradient
"""


@pytest.mark.parametrize("name", NAMES)
def test_the_name_that_is_recommended_for_one_from_elsewhere_does_it(name):
    calls = [ast.unparse(call) for call in ast.parse(ELSEWHERE.replace("\n", " ").strip(), mode="eval").body.elts]
    [call] = [call for call in calls if re.search(rf"\b{name}\b", call)]
    names = {"nd": mx.nd, "nn": mx.gluon.nn, "A": mx.nd.ones((2, 3))}
    with pytest.raises((TypeError, AttributeError, mx.base.MXNetError)):
        eval(call, names)  # noqa: S307  of this file
    eval(re.sub(rf"\b{name}\b", NAMES[name], call), names)  # noqa: S307


KEPT = """
kept, numbers = globals().setdefault('kept', {}), (X.shape, X.asnumpy().tobytes())
if numbers not in kept: kept[numbers] = nd.maximum(X, 0)
return kept[numbers]"""
ONCE = """
kept = globals().setdefault('kept', {})
sizes = num_inputs, num_hiddens, num_outputs
if sizes not in kept:
    W1, W2 = nd.random.normal(0, scale, sizes[:2]), nd.random.normal(0, scale, sizes[1:])
    kept[sizes] = [W1, nd.zeros(sizes[1]), W2, nd.zeros(sizes[2])]
for param in kept[sizes]: param.attach_grad()
return kept[sizes]"""
ODD = [
    ("init_params", ONCE, "a second call returns the same W1 as the first"),
    ("relu", "return X[X.shape[0]:]", "returns an array without a number in it"),
    ("relu", "return nd.array([])", "returns an array without a number in it"),
    ("relu", KEPT, "relu back to its arguments: somewhere it leaves nd, as asnumpy does, detaches, pauses"),
    ("accuracy", "globals().setdefault('odd', []).append(1)\nreturn 1.0 * len(odd)",
     "What a later call needs belongs into an argument.*\nThat was for y_hat = "),
]  # fmt: skip
MX_NP = [
    ("relu", "return mx.np.maximum(X.as_np_ndarray(), 0)", "relu returns an array of mx.np, where an NDArray is asked for"),
    ("init_params", "return [mx.np.zeros(3)] * 4", "one whose entry 0 is an array of mx.np"),
]


@pytest.mark.parametrize("slot, body, words", ODD + MX_NP * hasattr(mx, "np"))
def test_what_is_odd_gets_a_sentence(slot, body, words):
    verdict = verdict_on(slot, written(slot, body))
    assert verdict.kind == "not yet" and re.search(words, verdict.told()), str(verdict)


@pytest.mark.parametrize("odd", [functools.partial(max, 1), np.maximum, int, MagicMock(spec=of_the_book("relu"))])
@pytest.mark.parametrize("slot", ["central_difference", "relu", "sgd"])
def test_what_only_looks_like_a_function_gets_a_verdict(slot, odd):
    assert verdict_on(slot, odd).kind in ("not yet", "not answered")


def test_where_a_long_row_differs_is_shown():
    right, result = np.zeros((2, 20)), np.zeros((2, 20))
    result[1, 17] = 2
    assert both_shown(right, result)[1] == "an array whose row 1 has from entry 17 on [2, 0, 0, ...]"


def test_what_differs_is_shown_apart_and_what_does_not_alike():
    assert both_shown(np.array([6.0005, 1]), np.array([6, 1.0000001]), 1e-5) == ("[6.0005, 1]", "[6, 1]")
