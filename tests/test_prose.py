"""What the chapters say, held against what they compute: numbers, products, shapes, formulas, links."""

import math
import re

import numpy as np
import pytest
from mxnet import autograd, nd

from tests.support import formulas
from tests.support.prose import CHAPTERS, each_chapter, facts, follows, read_pair, sections, value, written
from tools.notebooks.chapters import ROOT
from utils import cross_entropy, init_params, mlp, relu, seed_everything, sgd, softmax, softmax_cross_entropy

# --- Numbers ----------------------------------------------------------------------------------------------------------

SIZES = [28, 255, 256, 784, 60_000, 10_000, 70_000, 6_000, 1_000, 100, math.ceil(60_000 / 256), 10 * math.ceil(60_000 / 256)]
PRODUCTS = [784 * 256, 784 * 256 + 256, 256 * 10, 256 * 10 + 10, 784 * 256 + 256 * 10, 784 * 256 + 256 + 256 * 10 + 10, 784 * 10]
COURSE = {*map(str, [*SIZES, *PRODUCTS, 784 * 10 + 10]), "1.9"}
# Numbers that no cell of their section computes: a question's own, a rounded constant, what is read off a figure, a source's.
GIVEN = {
    "00_introduction": "3.11 3.14 200",
    "01_fashion_mnist": "0.1 65000",
    "03_activation": "100000",
    "04_model": "0.46 0.53",
    "05_loss": "0.25 0.7 2.7 3.4 100000",
    "07_prediction": "0.05 0.1 0.2 0.25 0.3 0.87 1300",
    "08_linear_baseline": "0.006 0.10 0.73 0.87",
    "11_backpropagation": "0.30",
    "12_gluon": "0.4 0.5 128",
    "14_generalise": "2000 180 0.93",
    "13_pytorch": "0.9",
    "17_problems": "0.892",
    "18_solutions_change": "50000",
    "18_solutions_look": "50000",
    "18_solutions_train": "200 0.836 0.866 0.872 0.877 0.897 0.904 50000 0.900",
    "19_reproducibility": "0.000000002 0.007 0.8075 0.8233 0.861 0.878",
    "20_earlier_files": "0.001 0.005 0.014 0.4 1038",
}


# Sections whose outputs have dozens of numbers: one that is made up is more easily among them.
TABLES = {
    ("06_training", "Ten epochs"), ("14_generalise", "A thousand images"), ("17_problems", "12. The best result you can get"),
    ("18_solutions_train", "12. The best result you can get"), ("20_earlier_files", "Twenty seeds"),
}  # fmt: skip


def known_numbers(path):
    """For each section of a chapter (heading, prose, what a number in it may be).

    That is what its own cells compute or name, the sizes of the course, and what another section says by its own cells.
    """
    problems = path.stem == "17_problems"
    parts = sections(read_pair(path), "###?" if problems else "##")
    given = COURSE | set(GIVEN.get(path.stem, "").split())
    own = [given | facts(cells) for _, _, cells in parts]
    if problems:  # each sets what its solution does
        solved = {
            heading: facts(cells) for page in path.parent.glob("16_*.md") for heading, _, cells in sections(read_pair(page))
        }
        own = [known | solved.get(heading, set()) for (heading, _, _), known in zip(parts, own)]
    said = [{n for n, cent in written(prose) if follows(n, cent, known)} for (_, prose, _), known in zip(parts, own)]
    return [(heading, prose, known.union(*said)) for (heading, prose, _), known in zip(parts, own)]


@each_chapter
def test_every_number_in_prose_comes_from_its_section(path):
    for heading, prose, known in known_numbers(path):
        for number, percent in written(prose):
            assert follows(number, percent, known), (
                f"{path.stem}, {heading!r}: where is {number} from? Let a cell of this section print or assert it"
            )


@pytest.mark.parametrize("name", GIVEN)
def test_no_number_is_given_that_no_sentence_needs(name):
    said = {value(n) for _, prose, _ in sections(read_pair(ROOT / f"chapters/{name}.md")) for n, _ in written(prose)}
    assert [n for n in GIVEN[name].split() if value(n) not in said] == [], f"take it out of GIVEN: {name}"


def test_a_number_made_up_is_seldom_taken_for_one_that_was_computed():
    """What the check above lets through: the numbers of two decimals between 0 and 1, in every section."""
    made_up = [f"{share / 100:.2f}" for share in range(100)]
    passing = {
        (path.stem, heading): sum(follows(n, False, known) for n in made_up)
        for path in CHAPTERS
        for heading, _, known in known_numbers(path)
    }
    assert np.mean([*passing.values()]) < 7, "of a hundred, on average"
    assert {where: number for where, number in passing.items() if number >= (35 if where in TABLES else 20)} == {}


OPERAND = r"\d(?:[\d,.]*\d)?"
ARITHMETIC = re.compile(rf"(?<![\w.^=*/+-] )(?<![\w.^])((?:{OPERAND}\s*[*+-]\s*)+{OPERAND})\s*(?:=|≈|is)\s*({OPERAND})")


@pytest.mark.parametrize("path", [*CHAPTERS, *sorted(ROOT.glob("reference/*.md"))], ids=lambda path: path.stem)
def test_a_product_or_sum_in_prose_is_right(path):
    text = re.sub(r"^```\{code-cell\}.*?^```", "", path.read_text(), flags=re.S | re.M)
    text = re.sub(r"\\cdot|\\times|×|(?<=\d )x(?= \d)", "*", text.replace("$", "").replace("{,}", ","))
    text = text.replace("\\approx", "≈")
    for calculation, result in ARITHMETIC.findall(text):
        numbers = re.sub(r"[*+-]", " ", calculation.replace(",", "")).split()
        signs = re.findall(r"[*+-]", calculation)
        total, term, sign = 0, float(numbers[0]), 1
        for operator, number in zip(signs, numbers[1:]):
            if operator == "*":
                term *= float(number)
            else:
                total, term, sign = total + sign * term, float(number), -1 if operator == "-" else 1
        decimals = len(result.partition(".")[2])
        assert abs(total + sign * term - value(result)) <= 0.5000001 * 10**-decimals, f"{calculation} is not {result}"


# --- Shapes -----------------------------------------------------------------------------------------------------------

LETTERS = {"d": 784, "h": 256, "q": 10}
SHAPES = {
    "X": ("n", 784), "W1": (784, 256), "b1": (256,), "H": ("n", 256), "W2": (256, 10), "b2": (10,), "O": ("n", 10),
    "y_hat": ("n", 10), "y": ("n",), "l": ("n",),
}  # fmt: skip


def shape_of(text):
    sizes = [size.strip() for size in text.strip("() ").rstrip(",").split(",")]
    return tuple(int(size) if size.isdigit() else LETTERS.get(size, size) for size in sizes)


@pytest.mark.parametrize("path", [path for path in CHAPTERS if "00" <= path.stem[:2] <= "11"], ids=lambda path: path.stem)
def test_the_shapes_that_prose_gives_are_those_of_the_network(path):
    prose = "".join(prose for _, prose, _ in sections(read_pair(path)))
    for name, shape in re.findall(r"`(\w+): (\([^)`]*\))`", prose):
        wanted = SHAPES.get(name)
        if wanted and len(wanted) == len(shape_of(shape)) and re.search(r"\d", shape):
            fits = all(a == b or "n" in (a, b) or not isinstance(a, int) for a, b in zip(shape_of(shape), wanted))
            assert fits, f"{name} has shape {wanted}, not {shape}"
    for left, right in re.findall(r"(\(\w+, \w+\)) *&?= *(\(\w+, \w+\)\(\w+, \w+\))", prose):
        (rows, columns), (a, b, c, d) = shape_of(left), shape_of(right.replace(")(", ","))
        assert b == c and (a, d) == (rows, columns), f"{left} = {right}"


@each_chapter
def test_a_table_of_shapes_agrees_with_the_network(path):
    for names, shapes in re.findall(r"^\|[^|]*\| (`\w+`(?:, `\w+`)*) \| (`\([^|]*\)`) \|", path.read_text(), re.M):
        for name, shape in zip(re.findall(r"`(\w+)`", names), re.findall(r"`(\([^`]*\))`", shapes)):
            assert name not in SHAPES or shape_of(shape) == SHAPES[name], f"{name} has shape {SHAPES[name]}, not {shape}"


@pytest.mark.parametrize("module", sorted(ROOT.glob("utils/[a-z]*.py")), ids=lambda path: path.stem)
def test_the_shapes_that_a_docstring_gives_are_those_of_the_network(module):
    shapes = {"y": "(n,)", "l": "(n,)", "O": "(n, q)", "y_hat": "(n, q)", "W1": "(num_inputs, num_hiddens)"}
    shapes |= {"b1": "(num_hiddens,)", "W2": "(num_hiddens, num_outputs)", "b2": "(num_outputs,)"}
    for name, shape in re.findall(r"\b(\w+): (\([a-z0-9_, ]*,[a-z0-9_, ]*\))", module.read_text()):
        assert shape == shapes.get(name, shape), f"{name} has shape {shapes[name]}, not {shape}"


# --- Formulas, evaluated with what the helpers and autograd give ---------------------------------------------------------


def slope(function, A):
    A = A.copy()
    A.attach_grad()
    with autograd.record():
        result = function(A)
    result.backward()
    return A.grad


def in_numpy(function):
    return lambda array: function(nd.array(array)).asnumpy()


@pytest.fixture(scope="module")
def network():
    """A small network in numbers: its arrays, losses and gradients, by their names in the formulas; how far each index runs."""
    seed_everything(0)
    n, d, h, q = 3, 5, 4, 6
    X, y, lr = nd.random.normal(shape=(n, d)), nd.array([2, 0, 5]), 0.5
    W1, b1, W2, b2 = init_params(d, h, q, scale=1)
    b1, b2 = nd.random.normal(shape=h), nd.random.normal(shape=q)
    Z = nd.dot(X, W1) + b1
    O = mlp(X, [W1, b1, W2, b2])

    def loss(O):
        return softmax_cross_entropy(O, y)

    def loss_by_W(W):
        return loss(mlp(X, [W, b1, W2, b2]))

    param = W1.copy()
    param.attach_grad()
    with autograd.record():
        l = loss(mlp(X, [param, b1, W2, b2]))
    l.backward()
    sgd([param], lr, n)
    arrays = {
        "X": X, "W1": W1, "b1": b1, "W2": W2, "b2": b2, "Z": Z, "H": relu(Z), "O": O, "y": y, "l": loss(O), "W": W1,
        "newW": param,
        "dO": slope(loss, O), "dH": slope(lambda H: loss(nd.dot(H, W2) + b2), relu(Z)), "x": nd.arange(-2, 2, 0.4),
        "dZ": slope(lambda Z: loss(nd.dot(relu(Z), W2) + b2), Z), "dW1": slope(loss_by_W, W1),
        "dW2": slope(lambda W: loss(mlp(X, [W1, b1, W, b2])), W2),
        "dl/dW": nd.stack(*[slope(lambda W, i=i: loss_by_W(W)[i], W1) for i in range(n)]),
    }  # fmt: skip
    names = {name: array.asnumpy().astype(float) for name, array in arrays.items()}
    names |= {"L": loss(O).sum().asscalar(), "eta": lr, "batchsize": n, "relu": in_numpy(relu), "softmax": in_numpy(softmax)}
    names |= {"sigmoid": in_numpy(nd.sigmoid), "one_hot": in_numpy(lambda y: nd.one_hot(y, q))}
    return names, {"i": n, "j": h, "k": q}


@pytest.fixture(scope="module")
def one_example():
    """The scores o of one example, its probabilities and its loss."""
    o, y = nd.array([[1, -2, 0.5, 3, 0]]), nd.array([2])
    names = {
        "o": o[0], "y_hat": softmax(o)[0], "m": o.max(), "l": softmax_cross_entropy(o, y), "p": softmax(o)[0, 2],
        "surprise": cross_entropy(softmax(o), y), "dl/do": slope(lambda o: softmax_cross_entropy(o, y), o)[0],
    }  # fmt: skip
    arrays = {name: array.asnumpy() for name, array in names.items()}
    return {**{name: array.item() if array.size == 1 else array for name, array in arrays.items()}, "y": 2}, {"j": 5, "k": 5}


# What is no statement about the network in numbers: a definition for any function, a problem's rule, a chapter's own model.
GENERAL = [r"\dots", r"L(w + h)", r"\partial B_{tu}", r"\begin{cases}", r"\operatorname{variance}", "e = h - 4"]
LINEAR = r"\mathbf{O} = \mathbf{X}\mathbf{W} + \mathbf{b}"


def one_update():
    """A step with momentum and one with weight decay, by MXNet's own updates, which count velocities in steps.

    The velocity is one that the gradient keeps as it is: what a formula says of it holds before the step and after.
    """
    w, v, W = (nd.random.normal(shape=4) for _ in range(3))
    lr, momentum, wd = 0.5, 0.9, 0.1
    g, step = (1 - momentum) * v, -lr * v
    arrays = {
        "w": w, "g": g, "v": v, "W": W,
        "newW": nd.sgd_update(W, g, lr=lr, wd=wd),
        "neww": nd.sgd_mom_update(w.copy(), g, step, lr=lr, momentum=momentum), "newv": -step / lr,
    }  # fmt: skip
    names = {name: array.asnumpy() for name, array in arrays.items()}
    return {**names, "eta": lr, "mu": momentum, "lambda": wd}, {}


def names_of(path, tex, network, one_example):
    """What the names in a formula stand for: (names, how far each index runs)."""
    if r"\leftarrow" in tex and path.stem != "06_training":
        return one_update()
    names, sizes = one_example if re.search(r"o_|\\hat\{y\}|surprise", tex) else network
    if path.stem == "12_gluon":  # of a network that is sure and right, with softmax twice
        names = {"l": softmax_cross_entropy(nd.array([[1] + [0] * 9]), nd.array([0])).asnumpy()}
    if "relu" not in tex and r"\mathbf{W}_1" in tex:  # without the bend between them
        linear = names["X"] @ names["W1"] + names["b1"]
        names = {**names, "H": linear, "O": linear @ names["W2"] + names["b2"]}
    return names, sizes


@each_chapter
def test_a_formula_that_is_shown_holds_for_the_helpers(path, network, one_example):
    for tex in re.findall(r"\$\$(.*?)\$\$", path.read_text(), re.S):
        if any(part in tex for part in GENERAL) or LINEAR in tex:
            continue
        found = list(formulas.equations(tex))
        assert found, f"no equation in {tex}"
        for sides in found:
            first, *others = formulas.values(sides, *names_of(path, tex, network, one_example))
            for side, other in zip(sides[1:], others):
                assert np.allclose(first, other, rtol=1e-4, atol=1e-5), f"{sides[0]} is not {side}"


@each_chapter
def test_a_formula_within_a_sentence_holds_too_where_its_names_are_the_networks(path, network, one_example):
    text = re.sub(r"^```\{code-cell\}.*?^```|\$\$.*?\$\$|`[^`\n]*`", "", path.read_text(), flags=re.S | re.M)
    for tex in re.findall(r"\$([^$\n]*(?:=|\\approx)[^$\n]*)\$", text):
        for sides in formulas.equations(tex.replace(r"\approx", "=")):
            if re.fullmatch(r"[a-km-z]|\\[a-z]+", sides[0]):
                continue  # gives a letter its value, or its meaning
            try:
                first, *others = formulas.values(sides, *names_of(path, tex, network, one_example))
            except (KeyError, IndexError):
                continue  # of other things than the network
            decimals = len(sides[-1].partition(".")[2]) if re.fullmatch(r"[\d.]+", sides[-1]) else 4
            for side, other in zip(sides[1:], others):
                assert np.allclose(first, other, rtol=0, atol=0.51 * 10**-decimals), f"{sides[0]} is not {side}"


# --- Colours ----------------------------------------------------------------------------------------------------------

# What Matplotlib's maps show of numbers below 0 and above.
MAPS = {"PuOr": {"orange": "-", "purple": "+"}, "RdBu": {"red": "-", "blue": "+"}}
SAID = {"against": "-", "for negative": "-", "counts for": "+", "(for)": "+", "for positive": "+"}


@each_chapter
def test_colours_mean_in_words_what_they_mean_in_the_picture(path):
    text = path.read_text()
    for name, backwards in re.findall(r'"(PuOr|RdBu)(_r)?"', text):
        signs = "|".join(map(re.escape, SAID))
        pairs = re.findall(rf"\b({'|'.join(MAPS[name])})\b[^.;,]{{0,16}}?({signs})", text)
        assert len(pairs) >= 2 and not backwards
        assert [pair for pair in pairs if MAPS[name][pair[0]] != SAID[pair[1]]] == []


# --- Links ------------------------------------------------------------------------------------------------------------

VAGUE = {"why", "can you repeat this", "each of them listed"}
SMALL = set("the and for with from this that its own not chapter first next later".split())


def stems(text):
    """The words of a text that say something, without their endings."""
    return {word[:5] for word in re.findall(r"[a-z]{3,}", text.lower().replace("_", " ")) if word not in SMALL}


def test_a_term_of_the_glossary_stands_in_the_chapter_that_it_leads_to():
    entries = re.findall(r"^(\S.*)\n  .*chapters/(\d\d_\w+)\.ipynb", (ROOT / "reference/glossary.md").read_text(), re.M)
    texts = {path.stem: path.read_text().lower() for path in CHAPTERS}
    lost = [(term, name) for term, name in entries if not any(re.search(rf"\b{stem}", texts[name]) for stem in stems(term))]
    assert len(entries) > 40 and lost == []


@pytest.mark.parametrize("path", [*CHAPTERS, ROOT / "reference/glossary.md", ROOT / "reference/teaching.md"], ids=lambda path: path.stem)
def test_the_text_of_a_link_belongs_to_its_target(path):
    order = [chapter.stem for chapter in CHAPTERS]
    link = r"(?<!!)\[([^\]]+)\]\((?:\.\./chapters/)?(\d\d_\w+)\.ipynb(#[\w-]+)?\)"
    for text, target, anchor in re.findall(link, path.read_text()):
        assert target in order, f"{path.stem}: there is no {target}"
        where = f"{path.stem}: [{text}] leads to {target}"
        here = order.index(path.stem) if path.stem in order else None
        number = re.match(r"(?:the )?(?:chapter )?(\d+)\b", text, re.I)
        if number:
            assert int(number[1]) == int(target[:2]), where
        elif re.search(r"\bnext chapter", text):
            assert order.index(target) == here + 1, where
        elif re.search(r"\bfirst chapter", text):
            assert target == order[1], where
        elif re.search(r"\blater chapter|of its own", text):
            assert order.index(target) > here, where
        elif text not in VAGUE:
            title = re.search(r"^# (.*)", (ROOT / f"chapters/{target}.md").read_text(), re.M)[1]
            assert stems(text) & stems(f"{target} {title} {anchor}"), where
