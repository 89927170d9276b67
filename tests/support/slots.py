"""The slots of the chapters, and answers to them."""

import ast
import inspect
import math
import textwrap

import mxnet as mx
import numpy as np
from mxnet import autograd, init, nd
from mxnet.gluon import nn

import utils
from press.notebooks.chapters import CHAPTERS, code_cells
from press.notebooks.slots import has_slots
from tests.support.prose import read_source
from utils import check_problem

CELLS = {
    cell.metadata["slot"]["name"]: cell
    for path in filter(has_slots, CHAPTERS)
    for cell in code_cells(read_source(path))
    if "slot" in cell.metadata
}
LIBRARIES = dict(np=np, nd=nd, mx=mx, math=math, autograd=autograd, init=init, nn=nn)


def of_the_book(slot):
    """The function, or class, in the chapter's slot."""
    return made(CELLS[slot].source)


def made(source):
    """The function, or class, that `source` defines. It has names of its own, as in a notebook."""
    names = {**vars(utils), **LIBRARIES, "tape": []}
    exec(compile(source, "<cell>", "exec"), names)
    return names[ast.parse(source).body[0].name]


def written(slot, body):
    """The slot's function with another body."""
    function = of_the_book(slot)
    head = f"def {function.__name__}{inspect.signature(function)}:\n"
    return made(head + textwrap.indent(body.strip(), "    ") + "\n")


def edited(source, *edits):
    for old, new in zip(edits[::2], edits[1::2]):
        assert old in source
        source = source.replace(old, new)
    return source


def slopes(L, X, h=1e-5):
    """The gradient of the number L(X) with respect to the array X, by central differences."""
    gradient = np.zeros(X.shape)
    for index in np.ndindex(X.shape):
        there, back = X.astype(float), X.astype(float)
        there[index] += h
        back[index] -= h
        gradient[index] = (L(there) - L(back)) / (2 * h)
    return gradient


def judged(slot, function, capsys):
    check_problem(slot, function)
    return capsys.readouterr().out.strip()
