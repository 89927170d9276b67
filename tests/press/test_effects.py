"""Which names a listing defines and refers to, and which values count as changed, without a browser."""

import ast
import collections
import io
import random
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from press.notebooks.chapters import ROOT

sys.path.insert(0, str(ROOT / "press" / "run"))
import effects  # noqa: E402

pytestmark = pytest.mark.own_engine  # with the newest Python too, because the page's is newer than this environment's

# code: its definitions; its references; those of its functions, deferred until they are called
NAMES = {
    "y = x": ("y", "x", ""),
    "x = x + 1": ("x", "x", ""),
    "x = 1; y = x": ("x y", "", ""),
    "x += 1": ("x", "x", ""),
    "x[i] += 1; a.b = c": ("", "x i a c", ""),
    "first, *rest = pair": ("first rest", "pair", ""),
    "x: int": ("", "int", ""),
    "x: int = y": ("x", "int y", ""),
    "del x": ("x", "x", ""),
    "print(f'{x:{width}} {(z := y)}')": ("z", "print x width y", ""),
    "if (n := f(x)) > 1: y = n": ("n y", "f x", ""),
    "import a.b, c as d\nfrom e import f as g, h": ("a d g h", "", ""),
    "from swing import *": ("*", "", ""),
    "global x\nx = 1": ("x", "", ""),
    "return_ = await f(x)": ("return_", "f x", ""),
    # comprehensions
    "ys = [w * x for x in xs if x > low]": ("ys", "w xs low", ""),
    "ys = [total := total + x for x in xs]": ("ys total", "total xs", ""),
    "[last := x for x in xs]\nprint(last)": ("last", "xs print last", ""),
    "g = {k: v for row in rows for k, v in row if k in known}": ("g", "rows known", ""),
    "a and (x := b)\nprint(x)": ("x", "a b print x", ""),
    "(x := 1) if a else (x := y)\nprint(x)": ("x", "a y print", ""),
    # functions
    "def f(a, b=start, *c, d: kind = last) -> kind:\n e = a\n return e + w": ("f", "start kind last", "w"),
    "def f(): return w\ny = f()": ("f y", "w", "w"),
    "def f(): return w\nw = 1\ny = f()": ("f w y", "", "w"),
    "def g(): return w\ndef f(): return g()\ny = f()": ("f g y", "w", "g w"),
    "def f(n): return f(n - 1) if n else w\nf(3)": ("f", "w", "f w"),
    "def f():\n def g():\n  nonlocal a\n  a = b\n a = 1\n return g": ("f", "", "b"),
    "def f():\n global count\n count = count + 1": ("f", "", "count"),
    "@timed(unit)\ndef f(): return w": ("f", "timed unit w", "w"),
    "async def f():\n async with a as b: return b": ("f", "", "a"),
    "f = lambda a, b=start: a * w": ("f", "start w", "w"),
    "rules = {'twice': lambda a: a * w}": ("rules", "w", "w"),
    "best = max(xs, key=lambda x: w[x])": ("best", "max xs w", ""),
    "class A(B, metaclass=M):\n c = d\n e = c\n def f(self): return w": ("A", "B M d", "w"),
    "class A:\n lr = lr": ("A", "lr", ""),
    "class A:\n def f(self): return w\nA().f()": ("A", "w", "w"),
    # blocks
    "if a: x = 1\nelse: x = 2\ny = x": ("x y", "a", ""),
    "if a: x = 1\ny = x": ("x y", "a x", ""),
    "for x in x: y = x": ("x y", "x", ""),
    "for i in range(n): s = i\nprint(i, s)": ("i s", "range n print i s", ""),
    "for i in xs: pass\nelse: y = 1\nprint(y)": ("i y", "xs print y", ""),
    "while x: x = f(x)": ("x", "x f", ""),
    "with f(x) as (a, b), g(a): c = b": ("a b c", "f x g", ""),
    "async with f() as a: pass\nasync for b in a: pass": ("a b", "f", ""),
    "try: y = f(x)\nexcept MyError: y = z": ("y", "f x MyError z", ""),
    "try: x = 1\nexcept (A, B.C) as error: print(error)\nprint(x)": ("x error", "A B print x", ""),
    "try: x = 1\nexcept A: x = 2\nelse: y = x\nfinally: print(x)": ("x y", "A print x", ""),
    "try: x = 1\nfinally: print(z)\nprint(x)": ("x", "print z", ""),
    "try: f()\nexcept* MyError as group: print(group)": ("group", "f MyError print", ""),
    "match x:\n case Point(a=0, b=[c, *d]) if w: y = c": ("c d y", "x Point w", ""),
    "match x:\n case {k.one: v, **rest} | [v, rest]: y = v\n case _: y = z": ("v rest y", "x k z", ""),
}


@pytest.mark.parametrize("code", NAMES)
def test_the_names_that_code_defines_and_refers_to(code):
    facts = effects.facts(ast.parse(code))
    found = [set(facts[kind]) for kind in ("definitions", "references", "deferred")]
    assert found == [set(names.split()) for names in NAMES[code]]


def test_certain_is_what_every_way_through_the_code_binds_before_it_reads_it():
    code = "a = 1\nb = b\nif a: c = d = 1\nelse: d = 2\nfor e in f: pass\nwith f: g = 1\ntry: h = i = 1\nexcept f: h = 2"
    assert effects.facts(ast.parse(code))["certain"] == ["a", "d", "g", "h"]


def change(namespace, code):
    """The names that are found to have changed when code has run."""

    def marks():
        return {name: effects.mark(value) for name, value in namespace.items() if name != "__builtins__"}

    before = marks()
    exec(code, namespace)
    return effects.changed(before, marks())


@pytest.mark.parametrize(
    "value, code",
    [
        ("1", "x = True"),
        ("1", "x = 1.0"),
        ("1.0", "x = '1.0'"),
        ("'1'", "x = b'1'"),
        ("0.0", "x = -0.0"),
        ("[1, [2]]", "x[1][0] = 2.0"),
        ("[1.0]", "x[0] = '1.0'"),
        ("{1: 2}", "x[1] = True"),
        ("{True: 2}", "del x[True]; x[1] = 2"),
        ("np.array([1, 2])", "x[0] = 3"),
        ("np.array([1, 2], 'int64')", "x.dtype = 'uint64'"),
        ("np.array([1, 2])", "x.shape = 2, 1"),
        ("lambda: 0", "x.calls = 1"),
        ("iter([1, 2])", "next(x)"),
        ("(i for i in [1, 2])", "next(x)"),
        ("collections.deque([1, 2])", "x.append(3)"),
        ("collections.deque([[1]])", "x[0].append(2)"),
        ("random.Random(1)", "x.random()"),
        ("np.random.RandomState(1)", "x.normal()"),
        ("np.random.default_rng(1)", "x.normal()"),
        ("np.random.PCG64(1)", "x.random_raw()"),
    ],
)
def test_a_changed_value_is_seen(value, code):
    namespace = {"np": np, "collections": collections, "random": random}
    exec(f"x = {value}; other = [x]", namespace)
    assert change(namespace, "y = x") == ["y"]
    assert "x" in change(namespace, code)


def test_a_long_chain_and_an_object_that_answers_with_errors_have_a_mark():
    code = """class Odd:
    __slots__ = ["part"]
    def __getattr__(self, name): raise KeyError(name)

chain = last = [0]
for i in range(5000): chain = (i, chain)
odd = Odd()"""
    namespace = {}
    exec(code, namespace)
    assert change(namespace, "last[0] = 1") == ["chain", "last"]


def test_of_a_figure_its_parts_and_their_values_count():
    figure = Figure()
    ax = figure.subplots()
    (line,) = ax.plot([1, 2])
    figure.savefig(io.StringIO(), format="svg")  # which completes it
    namespace = {"figure": figure, "ax": ax, "line": line}
    for _ in range(3):  # to look at it is no change
        assert change(namespace, "ax = ax") == []
    assert change(namespace, "ax.plot([3, 4])") == ["ax", "figure"]
    assert change(namespace, "line.set_color('red')") == ["ax", "figure", "line"]
    assert change(namespace, "figure.suptitle('title')") == ["figure"]
    assert change(namespace, "ax.invert_yaxis()") == ["ax", "figure"]
    assert change(namespace, "line.set_marker('o')") == ["ax", "figure", "line"]


GENERATORS = "random.Random(1)", "random.SystemRandom()", "np.random.RandomState(1)", "np.random.default_rng(1)"


@pytest.mark.parametrize(
    "value", ["1", "float('nan')", "complex('nan')", "[1, float('nan')]", "np.full(2, np.nan)", "open", *GENERATORS]
)
def test_an_unchanged_value_is_no_change(value):
    namespace = {"np": np, "random": random}
    exec(f"x = {value}", namespace)
    assert change(namespace, "x = x") == []
