"""Refutations: what refutes each function that looks right, what does not, and what is no input for it."""

import math
import re

import numpy as np
import pytest
from mxnet import nd

from press.notebooks.chapters import CHAPTERS, code_cells, read_pair
from tests.support.slots import of_the_book
from utils.judges.cases import floats
from utils.judges.refutations import REFUTATIONS, looks_right, nothing_refutes
from utils.judges.refute import refute
from utils.judges.slots import SLOTS
from utils.judges.ways import ways

pytestmark = [pytest.mark.own_engine, pytest.mark.any_chapter]


def two_ways(a):
    b = a * a
    return b * (b + a)


ONE_UNIT = np.array([[1.0]]), np.array([0]), [np.array(array) for array in ([[1.0]], [-0.995], [[2.0, -1.0]], [0.0, 0.0])]
# The smallest inputs that refute, and what the sentence on the mistake says.
REFUTING = {
    "relu": ([nd.array([7])], "above 6"),
    "mlp": ([nd.array([[1, 2]])], "relu is missing"),
    "softmax": ([nd.array([[89]])], "overflow"),
    "softmax_cross_entropy": ([nd.array([[0, 24]]), nd.array([0])], "bounds the loss"),
    "evaluate_accuracy": ([[(nd.array([[0, 1]]), nd.array([1])), (nd.array([[0, 1]] * 2), nd.array([0, 0]))]], "divide once"),
    "backward": ([two_ways], "breadth first"),
    "summed_to": ([(2, 1), np.ones((2, 2))], "axis 0"),
    "backward by hand": ([np.array([[array]]) for array in (1.0, 0.0, 1.0, 1.0)], "every gradient passes"),
    "central_difference": (ONE_UNIT, "nearly 0"),
}
CELLS = {
    re.search(r'refute\("([^"]+)"', cell.source)[1]: cell
    for path in CHAPTERS
    if "refute(" in path.read_text(encoding="utf-8")
    for cell in code_cells(read_pair(path))
    if "refute(" in cell.source
}


def said(capsys, name, *args):
    refute(name, *args)
    return capsys.readouterr().out


@pytest.mark.parametrize("name", REFUTING)
def test_the_smallest_input_refutes_and_is_told_why(name, capsys):
    args, words = REFUTING[name]
    text = said(capsys, name, *args)
    assert text.startswith(f"def {looks_right(name)[1].__name__}(") and "Right: refuted: " in text and words in text
    assert text.count("the book's") == text.count("this one's") >= 1


@pytest.mark.parametrize("name", REFUTATIONS)
def test_the_obvious_input_does_not_refute_and_is_no_try(name, capsys):
    text = said(capsys, name, *REFUTATIONS[name][3])
    assert "Not answered yet: no refutation, because both give the same." in text


@pytest.mark.parametrize("name", CELLS)
def test_a_chapter_begins_with_the_obvious_input(name):
    (output,) = CELLS[name].outputs
    assert "\nNot answered yet: no refutation" in output.text


def test_each_function_that_looks_right_is_one_row_of_the_tables_and_most_can_be_refuted():
    for slot, words, *_ in REFUTATIONS.values():
        assert [words in why for why in (*SLOTS[slot].mistakes, *ways(slot))].count(True) == 1
    assert [name for name in REFUTATIONS if nothing_refutes(name)] == [name for name in REFUTATIONS if name not in REFUTING]


@pytest.mark.parametrize("name", REFUTATIONS)
def test_none_found_is_right_where_nothing_refutes(name, capsys):
    wrong = f"Not yet: it is wrong for some. Think of {REFUTATIONS[name][4]}."
    verdict = "Right: there is none, because it is right" if nothing_refutes(name) else wrong
    for answer in ("none found", " None Found.\n"):
        assert verdict in said(capsys, name, answer)


def test_each_function_that_can_be_refuted_has_a_hint():
    assert {name for name, row in REFUTATIONS.items() if row[4]} == set(REFUTING)


def test_minibatches_may_come_from_a_generator(capsys):
    data = ((nd.array([[0, 1]]), nd.array([1])) for _ in range(2))
    assert "For minibatches of 1 and 1 example:" in said(capsys, "another evaluate_accuracy", data)


def test_arguments_that_are_swapped_are_named(capsys):
    assert "shape comes first, then dC" in said(capsys, "summed_to", np.array([[1, 2], [3, 4]]), (2, 1))


@pytest.mark.parametrize("answer", ["abc", "", "none", "none found yet"])
def test_any_other_text_is_neither_an_input_nor_none_found(answer, capsys):
    calls = 'refute("another evaluate_accuracy", data) or refute("another evaluate_accuracy", "none found").'
    assert f'Not yet: it takes data, or "none found": {calls}' in said(capsys, "another evaluate_accuracy", answer)


NEARLY = {
    "relu": [nd.array([6.0005])],
    "mlp": [nd.array([[1, 1.000002]])],
    "softmax": [nd.array([[-95, -95.5]])],
    "softmax_cross_entropy": [nd.array([[0, 13.8]]), nd.array([0])],
    "evaluate_accuracy": [
        [(nd.array([[0, 1]] * n), nd.array([1] * (n - k) + [0] * k)) for n, k in ((10_001, 0), (9_000, 9_000))]
    ],
    "backward by hand": [np.array([[array]]) for array in (1.0, 0.0, 1e-5, 1.0)],
}


@pytest.mark.parametrize("name", NEARLY)
def test_what_differs_by_more_than_rounding_is_refuted_and_shown_to_differ(name, capsys):
    text = said(capsys, name, *NEARLY[name])
    books, this = re.search("the book's(?:, .*?)?   (.*)\n  this one's(?:, .*?)?   (.*)", text).groups()
    assert "Right: refuted" in text and books != this


def test_what_differs_by_rounding_is_no_refutation(capsys):
    text = said(capsys, "softmax_cross_entropy", nd.array([[10, 0]]), nd.array([0]))
    assert "Not yet: no refutation" in text and text.count("4.54") == 2


TINY = {
    "backward by hand": [np.array(array) for array in ([[1.0]], [[0.0]], [[2e-7]], [[3.0]])],
    "mlp": [nd.array([[1e-8, 2e-8]])],
}


@pytest.mark.parametrize("name", TINY)
def test_what_counts_as_rounding_is_shown_as_it_was_computed(name, capsys):
    text = said(capsys, name, *TINY[name])
    books, this = re.search("the book's(?:, .*?)?   (.*)\n  this one's(?:, .*?)?   (.*)", text).groups()
    assert "Not yet: no refutation, because a difference of less than 1e-6" in text and books != this


@pytest.mark.parametrize("number, shown", [(7, "7"), (6.0005, "6.0005"), (6.0001, "6.0001"), (6.000987654, "6.00098753")])
def test_an_input_is_shown_with_the_digits_that_it_has(number, shown, capsys):
    assert f"For X = [[{shown}]]:" in said(capsys, "relu", nd.array([[number]]))


def test_a_reason_is_true_of_the_input(capsys):
    args = np.array([[1.0]]), np.array([0]), [np.array(array) for array in ([[1.0]], [-0.98], [[50.0, -50.0]], [0.0, 0.0])]
    text = said(capsys, "central_difference", *args)
    assert "Right: refuted: " in text and "Over so long a step this loss bends, although no unit does." in text


FORMULAS = "def both(a): return Node(2) * a + a\ndef inner(a): return a * (Node(2) * a)\ndef outer(a): return a * two + a"


def test_a_formula_makes_its_constants_inside_whatever_class_the_chapter_has(capsys):
    chapter = of_the_book("Node").__init__.__globals__  # its own Node, and its tape
    exec(FORMULAS, chapter)
    own = chapter["Node"]
    assert "both give the same" in said(capsys, "backward", chapter["both"])
    assert "  the book's, a.d   12\n" in said(capsys, "backward", chapter["inner"])
    assert chapter["Node"] is own and chapter["tape"] == []
    chapter["two"] = own(2)
    assert "A constant is made inside: Node(2)." in said(capsys, "backward", chapter["outer"])


def test_a_formula_that_changes_from_call_to_call_is_computed_once(capsys):
    calls = []

    def other_each_time(a):
        calls.append(a)
        return a * a if len(calls) % 2 else a + a

    assert "both give the same" in said(capsys, "backward", other_each_time)


def changed(name, place, value):
    args = list(REFUTATIONS[name][3])
    args[place] = value
    return name, args


SCORES = floats([[0, 1], [1, 0]]), floats([[2, 1], [0, 1]])
OTHER = {
    "labels": ("evaluate_accuracy", [[(SCORES[0], np.array([0, 1])), (SCORES[1], np.array([0, 0]))]]),
    "scores": ("evaluate_accuracy", [[(2 * SCORES[0], np.array([1, 0])), (SCORES[1], np.array([0, 0]))]]),
    "another formula that gives 12": ("backward", [lambda a: (a * a).relu() + a.relu()]),
    "label of a network": changed("central_difference", 1, np.array([1])),
    "W2": changed("central_difference", 2, [np.array(array) for array in ([[1.0]], [0.5], [[2.0, -1.0]], [0.0, 0.0])]),
}


@pytest.mark.parametrize("what", OTHER)
def test_an_input_that_differs_from_the_obvious_one_in_anything_is_a_try(what, capsys):
    name, args = OTHER[what]
    assert "Not yet: no refutation, because both give the same." in said(capsys, name, *args)


def test_whole_numbers_are_floats_for_central_difference(capsys):
    whole = np.array([[1]]), np.array([1]), [np.array(array) for array in ([[1]], [1], [[20, -10]], [0, 0])]
    assert "  the book's   30\n" in said(capsys, "central_difference", *whole)
    assert whole[2][1].tolist() == [1]


def test_of_many_minibatches_the_first_sizes_are_shown(capsys):
    data = [(nd.array([[0, 1]] * 3), nd.array([1, 1, 0]))] * 5
    assert "For minibatches of 3 and 3 and 3 and ... examples:\n" in said(capsys, "evaluate_accuracy", data)
    assert "For minibatches of 3 and 3 and 3 and 3 examples:\n" in said(capsys, "evaluate_accuracy", data[:4])
    assert "For one minibatch of 3 examples:\n" in said(capsys, "evaluate_accuracy", data[:1])
    assert "For one minibatch of 1 example:\n" in said(capsys, "evaluate_accuracy", [(nd.array([[0, 1]]), nd.array([1]))])


def test_scores_whose_exponentials_vanish_are_told_so(capsys):
    assert "Right: refuted: the exponentials overflow or become too small" in said(capsys, "softmax", nd.array([[-104, -104]]))


def test_what_is_right_in_another_way_is_not_refuted_by_what_refutes_its_neighbour(capsys):
    assert "Not yet: no refutation" in said(capsys, "another evaluate_accuracy", *REFUTING["evaluate_accuracy"][0])


ITSELF = []
ITSELF.append(ITSELF)
LARGE = [np.array(array) for array in ([[1.0]], [0.5], [[1.0, 0.0]], [0.0, 1e12])]
AT_BEND = [np.array(array) for array in ([[1.0]], [-1.0], [[2.0, -1.0]], [0.0, 0.0])]
ROW = [np.array(array) for array in ([[1.0]], [[-0.995]], [[2.0, -1.0]], [0.0, 0.0])]
UNFIT = [
    ("relu", [nd.array([])], "an array without a number in it"),
    ("relu", [nd.array(3)], "a single number, where an array is asked for"),
    ("softmax", [np.zeros((0, 3))], "an array without a number in it"),
    ("relu", [ITSELF], "Begin with the book's"),
    ("softmax", [np.zeros(3)], "a row for each example.* Begin with the book's"),
    ("backward by hand", [np.ones(2), np.ones(2), np.ones(2), np.ones((2, 2))], "X should be an array with 2 axes"),
    ("backward by hand", [[[1]], [[1]], [[1]], [[1]]], "X should be an array with 2 axes, and here is a list"),
    ("central_difference", [ONE_UNIT[0], np.array([[0]]), ONE_UNIT[2]], "y should be an array with 1 axis, and here is 2"),
    ("central_difference", [*ONE_UNIT[:2], ROW], "b1 should be an array with 1 axis"),
    ("central_difference", [*ONE_UNIT[:2], LARGE], "rounding spoils the book's slope too"),
    ("central_difference", [*ONE_UNIT[:2], AT_BEND], "At its bend a unit has no slope"),
    ("softmax", [nd.array([1000, 0])], "a row for each example"),
    ("softmax", [nd.array([[float("inf"), 0]])], "nan or inf"),
    ("softmax", ["1000"], 'it takes O, or "none found": refute."softmax", O. or refute."softmax", "none found"'),
    ("softmax", [...], "Begin with the book's"),
    ("softmax", [], 'it takes O, or "none found": refute."softmax", O.'),
    ("softmax_cross_entropy", [floats([[1, 2]]), "none found"], "it takes O, y, or"),
    ("relu", [[7]], "must be an NDArray"),
    ("relu", [nd.array([7], dtype="int32")], "floating-point"),
    ("mlp", [nd.ones((96, 5))], "2 numbers"),
    ("softmax_cross_entropy", [nd.array([[0, 200]]), nd.array([2])], "class numbers from 0 to 1"),
    ("evaluate_accuracy", [[]], "no minibatch"),
    ("evaluate_accuracy", [[(nd.array([[0, 1]]), nd.array([0, 1]))]], "one label"),
    ("backward", [lambda a: 3], "a function of one Node"),
    ("backward", [lambda a: a * 3], "A constant is made inside: Node.2."),
    ("backward", [lambda a: a - a], "A difference such as a - b is a . Node.-1. . b"),
    ("backward", [lambda a, b: a * b], "a function of one Node"),
    ("backward", [lambda a: type(a)(math.nan) * a], "holds nan, where each should hold a number"),
    ("backward", [lambda a: type(a)(1e308) * type(a)(1e308) * a], "holds inf, where"),
    ("summed_to", [(3,), np.ones((2, 2))], "An array of shape .3,. is never broadcast to .2, 2."),
    ("summed_to", [2, np.ones((2, 2))], "shape should be a tuple, such as .2,."),
    ("summed_to", [(2, 1), [[1, 2], [3, 4]]], "dC should be an array of NumPy, and is a list"),
    ("backward", [135], "a function of one Node"),
    ("summed_to", [(3,), np.ones((3, 2))], "is never broadcast to"),
    ("backward by hand", [floats([[1, 2]]), floats([[3, 0]]), floats([[1]]), floats([[1, 2]])], "not aligned"),
    ("backward by hand", [floats([[1, 2]]), floats([[-3]]), floats([[1]]), floats([[1]])], "no number in it can be below 0"),
    ("central_difference", [ONE_UNIT[0], np.array([2]), ONE_UNIT[2]], "With 2 scores, labels are from 0 to 1."),
    ("central_difference", [ONE_UNIT[0], np.array([-1]), ONE_UNIT[2]], "With 2 scores, labels are from 0 to 1."),
]  # fmt: skip


@pytest.mark.parametrize("name, args, words", UNFIT)
def test_what_a_function_is_not_made_for_refutes_nothing_and_gets_a_sentence(name, args, words, capsys):
    text = said(capsys, name, *args)
    assert "Not yet: " in text and re.search(words, text), text


def test_the_readers_input_stays_as_it_is(capsys):
    O = nd.array([[1000, 0]])
    said(capsys, "softmax", O)
    assert O.asnumpy().tolist() == [[1000, 0]] and O.grad is None
