"""What the Python of a page prints for a listing, without a page: outputs, errors, and what learners type."""

import json

import pytest

from tests.support.page_python import ask_kernel
from tools.notebooks.chapters import ROOT, code_cells, read_source
from utils.mynet import written

# A listing, and what stands below it. They run one after the other.
SHOWN = {
    'import sys\nprint("one")\nprint("two", file=sys.stderr)\n{"a": [1.5, 2], "b": "text"}': """one
two
{'a': [1.5, 2], 'b': 'text'}""",
    "'é; ' * 2;  # twice": "",
    "None": "",
    "import numpy as np\nnp.arange(3.0)": "array([0., 1., 2.])",
    'import warnings\n\nwarnings.warn("careful")': "listing 4, line 3: UserWarning: careful",
    'import warnings\n\nwarnings.warn("careful");': "listing 5, line 3: UserWarning: careful",
    "def f(x):\n    return 1 / x\n\n\nprint('before')\nf(0)": """before
listing 6, line 6
    f(0)
listing 6, line 2, in f
    return 1 / x
ZeroDivisionError: division by zero""",
    "raise SystemExit": "listing 7, line 1\n    raise SystemExit\nSystemExit",
    "import asyncio\nawait asyncio.sleep(0, 'waited')": "'waited'",
    "from mxnet import nd\nprint(nd.ones(2).asnumpy())": "[1. 1.]",
    "from mxnet import autograd\nautograd.record().__enter__()\nprint(autograd.is_recording())": "True",
    "print(autograd.is_recording(), autograd.is_training())": "False False",  # recording ends with the listing
}
# A listing, and words below it.
SAID = {
    "x = (1 +": "listing 12, line 1\n    x = (1 +\n        ^\nSyntaxError: '(' was never closed",
    "import nowhere.part": "nowhere isn't in this page, which has",
    "!pip install pandas": "no command line",
    "%timeit 1 + 1": "per loop, the best of",
    "len?": "Return the number of items",
    "input()": "A page can't ask",
    "import io, sys\nsys.stdout.close()\nsys.stdout = io.StringIO()\nprint('unheard')": "",
    "print('heard again')": "heard again",
    "with io.StringIO() as sys.stdout:\n    1 / 0": "ZeroDivisionError",
    "sys.stdout = None\nexit()": "SystemExit",
    "help(len)": "Return the number of items",
    "from mxnet import nd\nnd.ones((1, 2)) + nd.ones(3)": "The shapes of these arrays don't fit together.\nMXNetError: ",
}
LIBRARY = "import json\njson.loads('{')"
DEEP = "def f():\n    f()\nf()"
NUMPYS = "import numpy as np\nparams = [np.zeros(shape) for shape in ((784, 4), (4,), (4, 10), (10,))]\n"
TRAINED = "from mxnet import nd\nparams = [nd.array(param) for param in params]\n"
STRANGE = "class Shaped:\n    def __init__(self, shape): self.shape = shape\nparams = [Shaped(param.shape) for param in params]\n"
NETWORKS = [  # each with other numbers, because equal ones in the same place of the memory are no change
    f"{NUMPYS}params[0] += {i}\n{params}history = {{'test_acc': [{accuracy}]}}"
    for i, params in enumerate((STRANGE, "params = [1]\n", "params = None\n", TRAINED))
    for i, accuracy in enumerate(("float('nan')", "'high'", "np.float32(0.5)"), start=3 * i)
]
REFUSED = """
import fractions, kernel, time
import numpy as np

def refusal(sleep, seconds):
    try:
        sleep(seconds)
    except Exception as error:
        return repr(error)

values = -1, np.int64(-1), float("nan"), float("inf"), np.float32(1), fractions.Fraction(1, 2), "1", None
told = [(refusal(kernel.plain_sleep, value), refusal(time.sleep, value)) for value in values]
print(sum(right is not None for right, _ in told), "refused, others:", [both for both in told if len(set(both)) > 1])
"""


# A listing that has trained a network, and the learning rate that it is kept with.
RATES = {
    "other_params, lost = list(params), {'test_acc': [0.1]}\ndict(lr=5)": 5,
    "lr = 0.5\nparams, history = list(params), {'test_acc': [0.1]}\nother = {}\nlr": 0.5,
    "params, history = list(params), {'test_acc': [0.1, 0.2]}\ndict(lr='high')": None,
}
# Listings that have trained none, or whose history isn't known.
UNTRAINED = [
    NUMPYS,
    "params[0] += 1",
    "params, history = list(params), {'test_acc': []}",
    "params, history = list(params), 1\nfirst, second = {'test_acc': [0.1]}, {'test_acc': [0.2]}",
]
# Of a relu, after a listing that gives num_inputs a value, what it returns, and words of what the page says.
JUDGED = {
    "nd.maximum(X, num_inputs)": "'num_inputs' is not defined. It is judged without",
    "nd.maximum(X, num_input)": "'num_input' is not defined. Did you mean num_inputs? It is judged without",
    "nd.maxmum(X, 0)": "Did you mean maximum?",
}
OPEN_BLOCK = "from mxnet import autograd\nautograd.record().__enter__()"
OTHER = "from mxnet import autograd\nprint(autograd.is_recording())\ndef other(X):\n    return X"
SGD = "def sgd(params, lr, batch_size):\n    for param in params:\n        param[:] = param - lr * param.grad / batch_size"
MINE = """from mxnet import autograd, nd
from utils import init_params, mlp, sgd, softmax_cross_entropy
print(sgd.__module__)
batch_size, X, y = 2, nd.ones((2, 784)), nd.array([1, 2])"""


@pytest.fixture(scope="module")
def answers():
    """What the kernel gives to all that is asked here, of one Python, because its start takes longer than the listings."""
    cells = code_cells(read_source(ROOT / "chapters" / "06_training.md"))
    end_of_chapter = next(cell.source for cell in cells if "from utils.training import sgd" in cell.source)

    def listings(*codes):
        return [["run", i, code, [], None] for i, code in enumerate(codes)]

    asked = {
        "listings": listings(*SHOWN, *SAID, LIBRARY, DEEP, *NETWORKS, REFUSED),
        "untrained": listings(*UNTRAINED),
        "trained": listings(*RATES),
        "num_inputs": listings("num_inputs = 3"),
        "relu": [["judge", "relu", "relu", f"def relu(X):\n    return {code}", False] for code in JUDGED],
        "other": [*listings(OPEN_BLOCK), ["judge", "relu", "relu", OTHER, False]],
        "mine": [["use_mine", written({"sgd": SGD})], *listings(MINE, end_of_chapter)],
    }
    given = iter(ask_kernel(*(call for calls in asked.values() for call in calls)))
    return {about: [(call, *next(given)) for call in calls] for about, calls in asked.items()}


@pytest.fixture(scope="module")
def ran(answers):
    """Of each listing how it ran, and what stands below it."""
    return {code: (json.loads(given), text.rstrip("\n")) for (_, _, code, *_), given, text in answers["listings"]}


@pytest.mark.parametrize("code", SHOWN)
def test_what_stands_below_a_listing(ran, code):
    assert ran[code][1] == SHOWN[code]


@pytest.mark.parametrize("code", SAID)
def test_what_is_explained_below_a_listing(ran, code):
    assert SAID[code] in ran[code][1]


def test_an_error_shows_the_readers_lines_and_no_others(ran):
    library, deep = ran[LIBRARY][1], ran[DEEP][1]
    assert library.count("line 2") == 1 and "decoder.py" not in library
    assert len(deep.splitlines()) < 20


def test_params_and_history_of_any_kind_do_no_harm(ran):
    """The page looks at them: the demonstration could run the network that they are."""
    runs = [ran[code][0] for code in NETWORKS]
    assert {run["how"] for run in runs} == {"ran"}
    assert [run["network"] and run["network"]["accuracy"] for run in runs] == [None] * 11 + [0.5]


def test_a_network_is_kept_with_the_learning_rate_that_its_listing_names(answers):
    untrained, trained = ([json.loads(given)["network"] for _, given, _ in answers[how]] for how in ("untrained", "trained"))
    assert untrained == [None] * len(UNTRAINED), "none that is untrained, or whose history isn't known"
    assert [network.get("lr") for network in trained] == [*RATES.values()] and trained[-1]["epochs"] == 2


def test_sleep_refuses_what_python_refuses(ran):
    assert ran[REFUSED][1] == "8 refused, others: []"


def test_a_name_that_a_function_lacks_is_one_of_another_listing_or_misspelt(answers):
    for said, (_, given, _) in zip(JUDGED.values(), answers["relu"], strict=True):
        assert said in json.loads(given)["verdict"]["why"]


def test_a_judge_does_not_begin_in_a_block_that_a_listing_left_open_and_asks_for_the_name(answers):
    judged = json.loads(answers["other"][-1][1])
    assert judged["printed"] == "False" and judged["verdict"]["why"].startswith("there is no relu here")


def test_the_end_of_chapter_6_shows_the_books_sgd_to_who_has_written_one(answers):
    (_, problem, _), (_, _, whose), (_, _, said) = answers["mine"]
    assert problem == "" and whose == "mynet\n" and "has no gradient" in said
