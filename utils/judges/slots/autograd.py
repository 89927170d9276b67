"""The slots of the chapter on an autograd for numbers: the class Node, and the backward pass over its tape."""

import inspect

import numpy as np

from ..calling import guarded, lent
from ..given import a_type, answered, array_of
from ..judging import compare, judging
from ..mistakes import mistakes
from ..verdicts import Verdict, not_answered, not_yet

# fmt: off
tape = []


class Node:
    def __init__(self, value, *edges):
        self.value, self.d = value, 0
        self.edges = edges                  # pairs: an input, the slope
        tape.append(self)

    def __add__(self, other):
        """A node for self + other, with an edge (input, slope) to each of them."""
        return Node(self.value + other.value, (self, 1), (other, 1))

    def __mul__(self, other):
        """A node for self * other: 3 * 5 is 15, the slopes are 5 and 3."""
        return Node(self.value * other.value,
                    (self, other.value), (other, self.value))

    def relu(self):
        """A node for max(self, 0). Its slope is 1 where self is positive, else 0."""
        return Node(max(self.value, 0), (self, int(self.value > 0)))


def backward(loss):
    """Set d of each node to how fast loss grows with it; d is 0 before.

    For L = a * a + a at a = 3, a.d becomes 7.
    """
    loss.d = 1
    for node in reversed(tape):
        for source, slope in node.edges:
            source.d += slope * node.d
# fmt: on


# --- The operations -------------------------------------------------------------------------------------------------------


def operation(text, name, **values):
    """A case: the value of the operation `text`, the method `name`, on nodes with these values, and its slope towards each."""

    def run(node):
        cls = inspect.unwrap(node)
        tape.clear()
        with lent(cls.__init__, tape=tape):
            nodes = {letter: guarded(cls)(value) for letter, value in values.items()}
            C = result_of(guarded(getattr(cls, name)), *(nodes[letter] for letter in text if letter in nodes))
        if [(node.value, node.d, *node.edges) for node in nodes.values()] != [(value, 0) for value in values.values()]:
            raise not_yet(f"{name} changes its inputs. They must stay as they are: return a new Node.")
        if not isinstance(C, cls):
            raise not_yet(f"{name} returns {a_type(C)}, where a Node is asked for: Node(value, edge, ...).")
        if len({*map(id, tape)}) < len(tape):
            raise not_yet(f"{name} puts a node on the tape. Node(...) has done so already, and now it is there twice.")
        if not is_number(C.value):
            raise not_yet(f"the value of a new node should be a number, and {name} gives it {a_type(C.value)}: self.value.")
        for x in tape:
            edges_of(name, cls, x)
        backward(C)
        return {"the value": array_of("the value of a node", C.value)} | {
            f"the slope towards {letter}": array_of("the slope in an edge", node.d) for letter, node in nodes.items()
        }

    return f"For {text} at {' and '.join(f'{letter} = {value}' for letter, value in values.items())},", run


def result_of(method, *inputs):
    try:
        return answered(method, method(*inputs))
    except Verdict as reached:
        if reached.raised != "RecursionError":
            raise
        raise not_yet(
            f"{method.__name__} calls itself again and again: on nodes, + and * call __add__ and __mul__. Compute with self.value."
        ) from None


def is_number(value):
    return isinstance(value, (int, float, np.number, np.bool_))


def edges_of(name, cls, node):
    """End unless the edges of `node` are pairs (input, slope), or lists of two, which backward reads as well."""
    for edge in node.edges:
        if not isinstance(edge, (tuple, list)) or len(edge) != 2 or isinstance(edge[0], (tuple, list)):
            raise not_yet(
                f"{name} gives its node an edge that is {a_type(edge)}. Each edge is a pair, (input, slope), "
                "and an argument of its own: Node(value, (self, 1), (other, 1))."
            )
        if not isinstance(edge[0], cls):
            raise not_yet(f"an edge of {name} begins with {a_type(edge[0])}. The input comes first, then the slope: (self, 1).")
        if not is_number(edge[1]) and not (isinstance(edge[1], np.ndarray) and edge[1].ndim == 0):  # as np.where gives it
            hint = " The number in a node is its .value." if isinstance(edge[1], cls) else ""
            raise not_yet(f"the slope in an edge of {name} should be a number, and is {a_type(edge[1])}.{hint}")


PAIRS = [dict(a=a, b=b) for a, b in ((3, 5), (-2, 7), (0.5, -4), (1, 0))]
OPERATIONS = [
    (
        [operation("a + b", "__add__", **pair) for pair in PAIRS] + [operation("a + a", "__add__", a=3)],
        "__add__ is wrong: the sum of the values, and the slope 1 towards each.",
    ),
    (
        [operation("a * b", "__mul__", **pair) for pair in PAIRS] + [operation("a * a", "__mul__", a=3)],
        "__mul__ is wrong: the product of the values; the slope towards each is the other's value.",
    ),
    (
        [operation("a.relu()", "relu", a=number) for number in (3, -2, 0.5, -0.1, 0)],
        "relu is wrong: max(value, 0), with the slope 1 where the value is positive and 0 elsewhere.",
    ),
]
SUM, BOTH = "self.value + other.value", "(self, 1), (other, 1)"
PRODUCT, FACTORS = "self.value * other.value", "(self, other.value), (other, self.value)"
BEND, IS_POSITIVE = "max(self.value, 0)", "int(self.value > 0)"
NODE_MISTAKES = mistakes(Node, {
    "a sum has no edges, so no gradient can pass: Node(value, (self, slope), (other, slope)).": (f", {BOTH}", ""),
    "each slope of the product is the factor itself. A product grows with one factor at the rate of the other: swap them.":
        (FACTORS, "(self, self.value), (other, other.value)"),
    "the slope of relu is 1 everywhere. Where a is negative, relu stays at 0: slope 0.": (IS_POSITIVE, "1"),
    # __add__
    "a sum lacks the edge to other.": (BOTH, "(self, 1)"),
    "a sum lacks the edge to self.": (BOTH, "(other, 1)"),
    "the slopes of the sum are those of a product. A sum grows as fast as each of its terms.": (BOTH, FACTORS),
    "the slopes of the sum are the values themselves. A sum grows as fast as each of its terms.":
        (BOTH, "(self, self.value), (other, other.value)"),
    "values are multiplied. For a + b Python calls __add__.": (SUM, PRODUCT),
    # __mul__
    "a product has no edges, so no gradient can pass: Node(value, (self, slope), (other, slope)).":
        (f",\n                    {FACTORS}", ""),
    "a product lacks the edge to other.": (FACTORS, "(self, other.value)"),
    "a product lacks the edge to self.": (FACTORS, "(other, self.value)"),
    "the slopes of the product are those of a sum. A product grows with one factor at the rate of the other.": (FACTORS, BOTH),
    "both slopes of the product are the value of other. Towards other it is that of self.":
        (FACTORS, "(self, other.value), (other, other.value)"),
    "both slopes of the product are the value of self. Towards self it is that of other.":
        (FACTORS, "(self, self.value), (other, self.value)"),
    "values are added. For a * b Python calls __mul__.": (PRODUCT, SUM),
    # relu
    "no gradient can pass relu. Its node needs the edge (self, slope), with the slope 1 where a is positive.":
        (f", (self, {IS_POSITIVE})", ""),
    "the slope of relu is the value. Where a is positive, relu grows as fast as a: slope 1.": (IS_POSITIVE, BEND),
    "the slope of relu is a itself. It is 1 where a is positive, and 0 elsewhere.": (IS_POSITIVE, "self.value"),
    "the slope of relu is 1 where a is negative. It should be where a is positive.": (IS_POSITIVE, "int(self.value < 0)"),
    "the slope of relu is 0 below 1 too. It should be 1 wherever a is positive: compare a with 0.": ("> 0", "> 1"),
    "the slope of relu is 1 at a = 0 too. It should be 1 only where a is positive: > 0, not >= 0.": ("> 0", ">= 0"),
    "what is negative comes through. The larger of the value and 0 is asked for.":
        (f"{BEND}, (self, {IS_POSITIVE})", "self.value, (self, 1)"),
    "what is negative comes through: the value is max(self.value, 0).": (BEND, "self.value"),
    "it keeps what is negative and drops what is positive. The larger of the value and 0 is asked for.":
        ("max", "min", "> 0", "< 0"),
    "what is negative comes out positive. The larger of the value and 0 is asked for.": (BEND, "abs(self.value)"),
})  # fmt: skip


def judge_Node(node):  # noqa: N802
    learners = inspect.unwrap(node)
    if not isinstance(learners, type):
        raise not_yet("check_problem needs the class: Node, its name alone.")
    for name in ("__init__", "__add__", "__mul__", "relu"):
        if name not in vars(learners):
            raise not_yet(f"the class has no {name}.")
    tape.clear()
    with lent(learners.__init__, tape=tape):
        a = guarded(learners)(3)
        b = guarded(learners)(0.5, (a, 2))
    if [getattr(b, "value", None), getattr(b, "d", None), *getattr(b, "edges", ())] != [0.5, 0, (a, 2)] or tape != [a, b]:
        raise not_yet(
            "__init__ no longer keeps value, d = 0 and edges, or no longer appends the node to the tape. Leave it as it was."
        )
    for cases, otherwise in OPERATIONS:
        compare(node, Node, cases, NODE_MISTAKES, otherwise)
    return "values and slopes of sums, products and relu are right, and each node is on the tape once."


def example(text, name, **values):
    """A case of Node to step through (judges/examples.py): besides what judges it, the operation alone."""

    def alone(cls):
        tape.clear()
        with lent(cls.__init__, tape=tape):
            nodes = {letter: cls(value) for letter, value in values.items()}
            getattr(cls, name)(*(nodes[letter] for letter in text if letter in nodes))

    return *operation(text, name, **values), alone


judge_Node.mistakes = NODE_MISTAKES
judge_Node.examples = [
    *(example(text, name, a=3, b=5) for text, name in (("a + b", "__add__"), ("a * b", "__mul__"))),
    *(example(text, name, a=3) for text, name in (("a + a", "__add__"), ("a * a", "__mul__"))),
    *(example("a.relu()", "relu", a=number) for number in (3, -2, 0.5, 0)),
]


# --- The backward pass ----------------------------------------------------------------------------------------------------


def passing(text, build, times=1):
    """A case: the gradients of the nodes that build() gives by name, the loss as L, after one pass, or that many from d = 0."""

    def run(function):
        tape.clear()
        nodes = build()
        before, values, edges = [*tape], [node.value for node in tape], [node.edges for node in tape]
        with lent(function, tape=tape, Node=Node):
            for _ in range(times):
                for node in before:
                    node.d = 0
                returned = function(nodes["L"])
        if [node.value for node in before] != values:
            raise not_yet(f"{function.__name__} changes the values of nodes. The gradients belong into d.")
        if [node.edges for node in before] != edges:
            raise not_yet(f"{function.__name__} changes the edges of nodes, which a second pass needs.")
        if len(tape) > len(before):
            raise not_yet(f"{function.__name__} puts nodes on the tape. Multiply and add numbers there: slope * node.d.")
        if len(tape) < len(before):
            raise not_yet(
                f"{function.__name__} takes nodes from the tape, which a second pass needs. Read it, and leave all nodes on it."
            )
        if not any(node.d for node in before):
            if isinstance(returned, (dict, list, tuple)):
                raise not_yet(
                    f"{function.__name__} returns {a_type(returned)}, and each d is 0. Nobody takes what it returns: write into source.d."
                )
            raise not_answered(
                "each d is 0 at the end. If you did write it: does it begin with loss.d = 1, and is no d set back to 0 after that?",
                f"That was for {text}.",
            )
        for node in before:
            if not is_number(node.d):
                raise not_yet(f"each d should become a number, and one is {a_type(node.d)}.")
        return {f"{name}.d": array_of("each d", node.d) for name, node in nodes.items()}

    return f"For {text},", run


def product_of():
    a, b = Node(3), Node(5)
    return dict(a=a, b=b, L=a * b)


def two_paths():
    a = Node(3)
    return dict(a=a, L=a * a + a)


def used_twice():
    a = Node(3)
    b = a + a
    return dict(a=a, b=b, L=b + b)


def of_a_square(of):
    """A graph in which a path to b, the square of a, is longer than another: L = of(a, b)."""

    def build():
        a = Node(3)
        b = a * a
        return dict(a=a, b=b, L=of(a, b))

    return build


def neuron():
    w1, x1, w2, x2, b = map(Node, (3, 2, 1, -1, 1))
    e = (w1 * x1 + w2 * x2 + b).relu() + Node(-4)
    return dict(w1=w1, w2=w2, b=b, e=e, L=e * e)


def silent():
    a, b = Node(-3), Node(2)
    return dict(a=a, b=b, L=a.relu() * b + b)


def older_than_the_tape():
    """As in training, which clears the tape in each step and keeps the parameters."""
    w, x = Node(3), Node(5)
    tape.clear()
    return dict(w=w, x=x, L=w * x + w)


def with_more():
    nodes = product_of()
    nodes["a"] + nodes["b"]
    return nodes


def negative():
    a, c = Node(3), Node(-0.3)
    b = a * a
    L = b * c
    b * a
    return dict(a=a, b=b, c=c, L=L)


def switched_off():
    """Between the loss and u stand two nodes with the gradient 0: a + b, because relu is off, and one that the loss doesn't use."""
    a, b, c = Node(3), Node(-4), Node(0)
    u = a * a
    a + a
    return dict(a=a, b=b, c=c, L=u + (a + b).relu() * a + c)


def long():
    a = total = Node(0.5)
    for _ in range(60):
        total = total + a
    return dict(a=a, L=total)


def after_a_step(function):
    """A run of a case: the gradients of a second graph with the same a, which the first has left."""
    a = Node(3)
    _, step = passing("L = a * a", lambda: dict(a=a, L=a * a))
    step(function)
    a.d = 0
    return step(function)


BACKWARD_CASES = [
    passing("L = a * b at a = 3 and b = 5", product_of),
    passing("L = a * a + a at a = 3", two_paths),
    passing("b = a + a and L = b + b at a = 3", used_twice),
    passing("b = a * a and L = b * (b + a) at a = 3", of_a_square(lambda a, b: b * (b + a))),
    passing("b = a * a and L = (b + a) * b at a = 3", of_a_square(lambda a, b: (b + a) * b)),
    passing("b = a * a and L = b.relu() * b + b at a = 3", of_a_square(lambda a, b: b.relu() * b + b)),
    passing("the neuron of this chapter", neuron),
    passing("L = a.relu() * b + b at a = -3 and b = 2", silent),
    passing("L = a * b at a = 3 and b = 5, and a + b computed after it", with_more),
    passing("b = a * a and L = b * c at a = 3 and c = -0.3, and b * a computed after it", negative),
    passing("L = a * a + (a + b).relu() * a + c at a = 3, b = -4 and c = 0", switched_off),
    passing("b = a + a and L = b + b at a = 3, in a second pass after each d was set to 0 again", used_twice, times=2),
    passing("L, the sum of 61 times a", long),
    passing("L = w * x + w at w = 3 and x = 5, both made before the tape was cleared", older_than_the_tape),
    ("For L = a * a at a = 3, computed anew as in a second step of training, with the tape cleared and a.d = 0,", after_a_step),
]
WALK, HANDED_ON = "for node in reversed(tape):", "slope * node.d"
BACKWARD_MISTAKES = mistakes(backward, {
    "= wipes out what came along another path. Add it: +=.": ("+=", "="),
    "what the inputs of the loss receive is not handed on. Read the whole tape, and from its end: reversed(tape).":
        ("reversed(tape)", "tape"),
    "only the loss gets a gradient. Each node should hand its own back to its inputs: source.d += slope * node.d.":
        ("source.d += slope * node.d", "node.d += slope * source.d"),
    "the tape is read from its beginning, and = wipes out what came along another path. It needs reversed(tape) and +=.":
        ("reversed(tape)", "tape", "+=", "="),
    "the tape is turned round, so that a second pass begins at the wrong end. reversed(tape) leaves it as it is.":
        (WALK, "tape.reverse()\n    for node in tape:"),
    "a node hands on its gradient before all of it has arrived. The tape, read from its end, has the right order.": ("""\
def go(node):
    for source, slope in node.edges:
        source.d += slope * node.d
        go(source)
loss.d = 1
go(loss)""",),
    "nodes are taken breadth first, and some hand on before a longer path has arrived. A node may do so when its own d is whole: "
    "the tape, read from its end, has that order.": ("""\
loss.d = 1
queue, seen = [loss], {loss}
for node in queue:
    for source, slope in node.edges:
        source.d += slope * node.d
        if source not in seen:
            seen.add(source)
            queue.append(source)""",),
    "the slopes are not used: what an edge hands on is slope * node.d.": (HANDED_ON, "node.d"),
    "the slopes are added up, but the gradient of the node is not handed on: slope * node.d.": (HANDED_ON, "slope"),
    "it begins with the value of the loss. The loss grows as fast as itself: loss.d = 1.": ("loss.d = 1", "loss.d = loss.value"),
    "it begins at the last node of the tape. Begin at the argument loss, after which other nodes may have come.":
        ("loss.d = 1", "tape[-1].d = 1"),
    "the value of the node is handed on. Its gradient should be: slope * node.d.": (HANDED_ON, "slope * node.value"),
    "each node's gradient is set to 1. Only that of the loss is.": (f"+= {HANDED_ON}", "= 1"),
    "only the first edge of each node is followed.": ("node.edges", "node.edges[:1]"),
    "the first node of the tape is left out, which may have edges, too: range(len(tape) - 1, -1, -1) ends with 0.":
        ("reversed(tape)", "tape[:0:-1]"),
    "the last node of the tape is left out, which may be the loss: range(len(tape) - 1, -1, -1) begins with it.":
        ("reversed(tape)", "tape[-2::-1]"),
    "it ends at the first node without edges. Before that one on the tape others may stand that have some: read all of it.":
        ("        for source", "        if not node.edges:\n            break\n        for source"),
    "a node that has handed on its gradient loses it: its d is set back to 0. The gradients of all nodes are asked for.":
        ("slope * node.d", "slope * node.d\n        if node.edges:\n            node.d = 0"),
    "nodes are taken depth first, each once, and some hand on before another path has arrived. A node may do so when its own d is whole: "
    "the tape, read from its end, has that order.": ("""\
loss.d = 1
stack, seen = [loss], set()
while stack:
    node = stack.pop()
    if node in seen:
        continue
    seen.add(node)
    for source, slope in node.edges:
        source.d += slope * node.d
        stack.append(source)""",),
    "the order of the nodes is kept from one call to the next, so that those of an earlier step hand on their gradients again. Make it "
    "anew in each call, inside the function.": ("""\
order = globals().setdefault("order", [])
def build(node):
    if node not in order:
        for source, _ in node.edges:
            build(source)
        order.append(node)
build(loss)
loss.d = 1
for node in reversed(order):
    for source, slope in node.edges:
        source.d += slope * node.d""",),
    "an input that a node has twice, as in a * a, is counted once, as in a dict or a set. Go over node.edges itself.":
        ("node.edges", "{*node.edges}"),
    "it ends after the last node of the tape: the return stands inside the loop.": (HANDED_ON, f"{HANDED_ON}\n        return"),
    "a gradient is added only where there is none yet, so that what comes along another path is lost. Add it always.":
        ("            source.d +=", "            if source.d == 0:\n                source.d +="),
    "inputs that are not on the tape get nothing. In training the parameters are older than the tape, which is cleared in each step: "
    "go over the edges, whatever is at their other end.":
        ("            source.d +=", "            if source in tape:\n                source.d +="),
    "nodes are gone through by recursion, each once, and some hand on before another path has arrived. A node may do so when its own d is "
    "whole: the tape, read from its end, has that order.": ("""\
loss.d = 1
seen = set()
def go(node):
    if node in seen:
        return
    seen.add(node)
    for source, slope in node.edges:
        source.d += slope * node.d
        go(source)
go(loss)""",),
})  # fmt: skip


judge_backward = judging(
    backward,
    BACKWARD_CASES,
    BACKWARD_MISTAKES,
    otherwise="a gradient is wrong. From the end of the tape, each node adds slope * node.d to the d of each input, when its own d is whole.",
    right="all paths are added up, in the right order, and the loss may stand anywhere on the tape.",
)
