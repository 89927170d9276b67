"""The slots of the chapter on an autograd for numbers: the class Node, and the backward pass over its tape."""

import inspect
import types

import numpy as np

from ..judging import a_type, judge, judging, with_names
from ..verdicts import Verdict, answered, array_of, guarded, not_yet


class Node:
    """The book's, whose tape `on_tape` gives."""

    def __init__(self, value, *edges):
        self.value, self.d = value, 0
        self.edges = edges
        tape.append(self)

    def __add__(self, other):
        return type(self)(self.value + other.value, (self, 1), (other, 1))

    def __mul__(self, other):
        return type(self)(self.value * other.value, (self, other.value), (other, self.value))

    def relu(self):
        return type(self)(max(self.value, 0), (self, int(self.value > 0)))


tape = []  # stays empty: all that runs here runs on a tape of its own


def backward(loss):
    loss.d = 1
    for node in reversed(tape):
        for source, slope in node.edges:
            source.d += slope * node.d


def on_tape(cls):
    """A copy of the class `cls` whose functions write to a new tape, and that tape: the learner's own stays as it is."""
    names, tape = {}, []
    copy = type(cls.__name__, cls.__bases__, {name: value for name, value in vars(cls).items() if name not in HIDDEN})
    for name, f in vars(cls).items():
        if isinstance(f, types.FunctionType):
            names |= {**f.__globals__, "tape": tape, cls.__name__: copy}
            method = types.FunctionType(f.__code__, names, f.__name__, f.__defaults__, f.__closure__)
            setattr(copy, name, method)
    return copy, tape


HIDDEN = "__dict__", "__weakref__"


# --- The operations -------------------------------------------------------------------------------------------------------


def operation(text, name, *values):
    """A case: the value of an operation on nodes with these values, and how fast it grows with each of them."""
    letters = "ab"[: len(values)]

    def run(node):
        cls, tape = on_tape(inspect.unwrap(node))
        inputs = [guarded(cls)(value) for value in values]
        C = result_of(guarded(getattr(cls, name)), *inputs)
        if [x.value for x in inputs] != list(values):
            raise not_yet(f"{name} changes its inputs. They must stay as they are: return a new Node.")
        if not isinstance(C, cls):
            raise not_yet(f"{name} returns {a_type(C)}, where a Node is asked for: Node(value, edge, ...).")
        if sum(x is C for x in tape) > 1:
            raise not_yet(f"{name} puts its node on the tape. Node(...) has done so already, and now it is there twice.")
        if not is_number(C.value):
            raise not_yet(f"the value of a new node should be a number, and {name} gives it {a_type(C.value)}: self.value.")
        for x in tape:
            edges_of(name, cls, x)
        with_names(backward, tape=tape)(C)
        return {f"the value of {text}": array_of("the value of a node", C.value)} | {
            f"the slope towards {letter}": array_of("the slope in an edge", x.d) for letter, x in zip(letters, inputs)
        }

    return f"For {' and '.join(f'{letter} = {value}' for letter, value in zip(letters, values))},", run


def result_of(method, *inputs):
    try:
        return answered(method, method(*inputs))
    except Verdict as reached:
        if "RecursionError" not in str(reached):
            raise
        raise not_yet(
            f"{method.__name__} calls itself again and again: on nodes, + and * call __add__ and __mul__. Compute with self.value."
        ) from None


def is_number(value):
    return isinstance(value, (int, float, np.number, np.bool_))


def edges_of(name, cls, node):
    """End unless the edges of `node` are pairs (input, slope)."""
    for edge in node.edges:
        if not isinstance(edge, tuple) or len(edge) != 2:
            raise not_yet(
                f"{name} gives its node an edge that is {a_type(edge)}. Each edge is a pair, (input, slope), "
                "and an argument of its own: Node(value, (self, 1), (other, 1))."
            )
        if not isinstance(edge[0], cls):
            raise not_yet(f"an edge of {name} begins with {a_type(edge[0])}. The input comes first, then the slope: (self, 1).")
        if not is_number(edge[1]):
            raise not_yet(
                f"the slope in an edge of {name} should be a number, and is {a_type(edge[1])}. "
                "The number in a node is its .value."
            )


def with_method(name, method):
    """The book's Node with another method of this name."""
    return type("Node", (), {k: v for k, v in vars(Node).items() if k not in HIDDEN} | {name: method})


def operating(name, of):
    """A Node whose operation `name` has the value and the slopes of(a, b, ...), functions of numbers; the slope None has no edge."""

    def method(*inputs):
        value, *slopes = of(*(x.value for x in inputs))
        edges = [(x, slope) for x, slope in zip(inputs, slopes) if slope is not None]
        return type(inputs[0])(value, *edges)

    return with_method(name, method)


def mistakes_in(name, table):
    return {why: operating(name, of) for why, of in table.items()}


PAIRS = (3, 5), (-2, 7), (0.5, -4), (1, 0)
NO_EDGES = "the edges are missing, so no gradient can pass: Node(value, (self, slope), (other, slope))."
ADD_CASES = [operation("a + b", "__add__", *pair) for pair in PAIRS]
ADD_MISTAKES = mistakes_in("__add__", {
    NO_EDGES: lambda a, b: (a + b, None, None),
    "the edge to other is missing.": lambda a, b: (a + b, 1, None),
    "the edge to self is missing.": lambda a, b: (a + b, None, 1),
    "the slopes are those of a product. A sum grows as fast as each of its terms.": lambda a, b: (a + b, b, a),
    "the slopes are the values themselves. A sum grows as fast as each of its terms.": lambda a, b: (a + b, a, b),
    "the slope towards b is -1, as in a difference.": lambda a, b: (a + b, 1, -1),
    "the value is that of self alone.": lambda a, b: (a, 1, 1),
    "values are multiplied. For a + b Python calls __add__.": lambda a, b: (a * b, 1, 1),
    "this is the product. For a + b Python calls __add__.": lambda a, b: (a * b, b, a),
    "each slope is half of what it should be: this is the slope of a mean.": lambda a, b: (a + b, 0.5, 0.5),
    "the slopes are the sum itself. A sum grows as fast as each of its terms.": lambda a, b: (a + b, a + b, a + b),
})  # fmt: skip
MUL_CASES = [operation("a * b", "__mul__", *pair) for pair in PAIRS]
MUL_MISTAKES = mistakes_in("__mul__", {
    NO_EDGES: lambda a, b: (a * b, None, None),
    "the edge to other is missing.": lambda a, b: (a * b, b, None),
    "the edge to self is missing.": lambda a, b: (a * b, None, a),
    "each slope is the factor itself. A product grows with one factor at the rate of the other: swap them.":
        lambda a, b: (a * b, a, b),
    "the slopes are those of a sum. A product grows with one factor at the rate of the other.": lambda a, b: (a * b, 1, 1),
    "both slopes are the value of other. Towards other it is that of self.": lambda a, b: (a * b, b, b),
    "both slopes are the value of self. Towards self it is that of other.": lambda a, b: (a * b, a, a),
    "both slopes are the product. A product grows with one factor at the rate of the other.": lambda a, b: (a * b, a * b, a * b),
    "values are added. For a * b Python calls __mul__.": lambda a, b: (a + b, b, a),
    "this is the sum. For a * b Python calls __mul__.": lambda a, b: (a + b, 1, 1),
})  # fmt: skip
RELU_CASES = [operation("a.relu()", "relu", number) for number in (3, -2, 0.5, -0.1)]
RELU_MISTAKES = mistakes_in("relu", {
    "no gradient can pass. The node needs the edge (self, slope), with the slope 1 where a is positive.":
        lambda a: (max(a, 0), None),
    "the slope is 1 everywhere. Where a is negative, relu stays at 0: slope 0.": lambda a: (max(a, 0), 1),
    "the slope is the value. Where a is positive, relu grows as fast as a: slope 1.": lambda a: (max(a, 0), max(a, 0)),
    "the slope is a itself. It is 1 where a is positive, and 0 elsewhere.": lambda a: (max(a, 0), a),
    "the slope is the sign, -1 where a is negative. There relu stays at 0: slope 0.": lambda a: (max(a, 0), np.sign(a)),
    "the slope is 1 where a is negative. It should be where a is positive.": lambda a: (max(a, 0), a < 0),
    "the slope is 1 only above 1. Compare a with 0.": lambda a: (max(a, 0), a > 1),
    "what is negative comes through. The larger of the value and 0 is asked for.": lambda a: (a, 1),
    "what is negative comes through: the value is max(self.value, 0).": lambda a: (a, a > 0),
    "it keeps what is negative and drops what is positive: max, not min.": lambda a: (min(a, 0), a > 0),
    "it keeps what is negative and drops what is positive. The larger of the value and 0 is asked for.":
        lambda a: (min(a, 0), a < 0),
    "the value is the slope: it should be max(self.value, 0).": lambda a: (a > 0, a > 0),
    "what is negative comes out positive. The larger of the value and 0 is asked for.": lambda a: (abs(a), a > 0),
    "this is the absolute value.": lambda a: (abs(a), np.sign(a)),
})  # fmt: skip
OPERATIONS = [
    (ADD_CASES, ADD_MISTAKES, "__add__ is wrong: the sum of the values, and the slope 1 towards each."),
    (MUL_CASES, MUL_MISTAKES, "__mul__ is wrong: the product of the values; the slope towards each is the other's value."),
    (RELU_CASES, RELU_MISTAKES, "relu is wrong: max(value, 0), with the slope 1 where the value is positive and 0 elsewhere."),
]


def judge_Node(node):  # noqa: N802
    learners = inspect.unwrap(node)
    if not isinstance(learners, type):
        raise not_yet("check_problem needs the class: Node, its name alone.")
    for name in ("__init__", "__add__", "__mul__", "relu"):
        if name not in vars(learners):
            raise not_yet(f"the class has no {name}.")
    cls, tape = on_tape(learners)
    a = guarded(cls)(3)
    b = guarded(cls)(5, (a, 2))
    if [getattr(b, "value", None), getattr(b, "d", None), *getattr(b, "edges", ())] != [5, 0, (a, 2)] or tape != [a, b]:
        raise not_yet(
            "__init__ no longer keeps value, d = 0 and edges, or no longer puts the node on the tape. Leave it as it was."
        )
    for cases, mistakes, otherwise in OPERATIONS:
        judge(node, Node, cases, mistakes, otherwise)
    return "values and slopes of sums, products and relu are right, and each node is on the tape once."


# --- The backward pass ----------------------------------------------------------------------------------------------------


def passing(text, build):
    """A case: the gradients of the nodes in a graph. build(Node) gives them by name, the loss as L."""

    def run(function):
        cls, tape = on_tape(Node)
        nodes = build(cls)
        before, values = [*tape], [node.value for node in tape]
        with_names(function, tape=tape, Node=cls)(nodes["L"])
        if [node.value for node in before] != values:
            raise not_yet(f"{function.__name__} changes the values of nodes. The gradients belong into d.")
        if tape == before[::-1] != before:
            raise not_yet(
                "the tape is turned round, so that a second pass would begin at the wrong end. reversed(tape) leaves it as it is."
            )
        for node in before:
            if not is_number(node.d):
                raise not_yet(f"each d should become a number, and one is {a_type(node.d)}.")
        return {f"{name}.d": array_of("each d", node.d) for name, node in nodes.items()}

    return f"For {text},", run


def product_of(cls):
    a, b = cls(3), cls(5)
    return dict(a=a, b=b, L=a * b)


def two_paths(cls):
    a = cls(3)
    return dict(a=a, L=a * a + a)


def used_twice(cls):
    a = cls(3)
    b = a + a
    return dict(a=a, b=b, L=b + b)


def neuron(cls):
    w1, x1, w2, x2, b = map(cls, (3, 2, 1, -1, 1))
    e = (w1 * x1 + w2 * x2 + b).relu() + cls(-4)
    return dict(w1=w1, w2=w2, b=b, e=e, L=e * e)


def silent(cls):
    a, b = cls(-3), cls(2)
    return dict(a=a, b=b, L=a.relu() * b + b)


def with_more(cls):
    nodes = product_of(cls)
    nodes["a"] + nodes["b"]
    return nodes


def long(cls):
    a = total = cls(0.5)
    for _ in range(60):
        total = total + a
    return dict(a=a, L=total)


BACKWARD_CASES = [
    passing("L = a * b at a = 3 and b = 5", product_of),
    passing("L = a * a + a at a = 3", two_paths),
    passing("b = a + a and L = b + b at a = 3", used_twice),
    passing("the neuron of this chapter", neuron),
    passing("L = a.relu() * b + b at a = -3 and b = 2", silent),
    passing("L = a * b at a = 3 and b = 5, and a + b computed after it", with_more),
    passing("L, the sum of 61 times a", long),
]


def walking(received, order=reversed, start=lambda loss: 1, edges=lambda node: node.edges):
    """A backward pass in which the input of an edge, whose gradient is `d`, gets the gradient received(d, slope, node)."""

    def backward(loss):
        loss.d = start(loss)
        for node in order(tape):
            for source, slope in edges(node):
                source.d = received(source.d, slope, node)

    return backward


def added(d, slope, node):
    return d + slope * node.d


def overwritten(d, slope, node):
    return slope * node.d


def recursive(loss):
    def go(node):
        for source, slope in node.edges:
            source.d += slope * node.d
            go(source)

    loss.d = 1
    go(loss)


def from_last(loss):
    tape[-1].d = 1
    for node in reversed(tape):
        for source, slope in node.edges:
            source.d += slope * node.d


BACKWARD_MISTAKES = {
    "= wipes out what came along another path. Add it: +=.": walking(overwritten),
    "what the inputs of the loss receive is not handed on. Read the whole tape, and from its end: reversed(tape).": walking(added, order=list),
    "the tape is read from its beginning, and = wipes out what came along another path. It needs reversed(tape) and +=.":
        walking(overwritten, order=list),
    "a node hands on its gradient before all of it has arrived. The tape, read from its end, has the right order.": recursive,
    "the slopes are not used: what an edge hands on is slope * node.d.": walking(lambda d, slope, node: d + node.d),
    "the slopes are added up, but the gradient of the node is not handed on: slope * node.d.": walking(lambda d, slope, node: d + slope),
    "it begins with the value of the loss. The loss grows as fast as itself: loss.d = 1.": walking(added, start=lambda loss: loss.value),
    "it begins at the last node of the tape. Begin at the argument loss, after which other nodes may have come.": from_last,
    "only the loss gets a gradient. Each node should hand its own back to its inputs: source.d += slope * node.d.": walking(lambda d, slope, node: d),
    "the value of the node is handed on. Its gradient should be: slope * node.d.": walking(lambda d, slope, node: d + slope * node.value),
    "slope and gradient are added. Along a path they are multiplied: slope * node.d.": walking(lambda d, slope, node: d + slope + node.d),
    "each node's gradient is set to 1. Only that of the loss is.": walking(lambda d, slope, node: 1),
    "only the first edge of each node is followed.": walking(added, edges=lambda node: node.edges[:1]),
    "what comes along several paths is multiplied. Add it: +=.": walking(lambda d, slope, node: (d or 1) * slope * node.d),
}  # fmt: skip


follows_all_paths = judging(
    backward,
    BACKWARD_CASES,
    BACKWARD_MISTAKES,
    otherwise="a gradient is wrong. From the end of the tape, each node adds slope * node.d to the d of each input.",
    right="all paths are added up, in the right order, and the loss may stand anywhere on the tape.",
)


def judge_backward(function):
    text, run = BACKWARD_CASES[0]
    if not any(array.item() for array in run(function).values()):
        raise Verdict(
            f"Not answered yet: no gradient changed. If you did write it, does it begin with loss.d = 1?\n"
            f"{text} a.d should be 5, and is 0."
        )
    return follows_all_paths(function)
