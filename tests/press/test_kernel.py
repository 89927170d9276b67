"""What the Python of a page prints for a listing, without a page: outputs, errors, and what learners type."""

import json
import os

import pytest

from press.notebooks.chapters import ROOT
from tests.support.page_python import open_kernel
from tests.support.sample import PYTHON

# A listing, and what stands below it. They run one after the other.
SHOWN = {
    'import sys\nprint("one")\nprint("two", file=sys.stderr)\n{"a": [1.5, 2], "b": "text"}': """one
two
{'a': [1.5, 2], 'b': 'text'}""",
    "'é; ' * 2;  # twice": "",
    "None": "",
    "type(5)": "int",
    "import fractions\ntype(fractions.Fraction(1, 2))": "fractions.Fraction",
    "import numpy as np\nnp.arange(3.0)": "array([0., 1., 2.])",
    'import warnings\n\nwarnings.warn("careful")': "listing 6, line 3: UserWarning: careful",
    'import warnings\n\nwarnings.warn("careful");': "listing 7, line 3: UserWarning: careful",
    "def f(x):\n    return 1 / x\n\n\nprint('before')\nf(0)": """before
listing 8, line 6
    f(0)
listing 8, line 2, in f
    return 1 / x
ZeroDivisionError: division by zero""",
    "raise SystemExit": "listing 9, line 1\n    raise SystemExit\nSystemExit",
    "import asyncio\nawait asyncio.sleep(0, 'waited')": "'waited'",
    "x = 3 \u2212 1": """listing 11, line 1
    x = 3 \u2212 1
          ^
SyntaxError: invalid character '\u2212' (U+2212). In its place type the key -""",
    "x = \u201cone\u201d": """listing 12, line 1
    x = \u201cone\u201d
        ^
SyntaxError: invalid character '\u201c' (U+201C). In its place type the key \"""",
    """class Bad:
    def _repr_html_(self): return self.lost
    def __repr__(self): return "text"
display(Bad())
Bad.__repr__ = lambda self: 1 / 0
display([Bad()])
print("on")""": """listing 13, line 2, in _repr_html_
    def _repr_html_(self): return self.lost
AttributeError: 'Bad' object has no attribute 'lost'
text
listing 13, line 5, in <lambda>
    Bad.__repr__ = lambda self: 1 / 0
ZeroDivisionError: division by zero
on""",
    "*np.ogrid[0:2, 0:12], [str, 'word ' * 20]": f"""(array([[0],
        [1]]),
 array([[ 0,  1,  2,  3,  4,  5,  6,  7,  8,  9, 10, 11]]),
 [str,
  '{"word " * 20}'])""",
}
# A listing, and words below it.
SAID = {
    "x = (1 +": f"listing {len(SHOWN)}, line 1\n    x = (1 +\n        ^\nSyntaxError: '(' was never closed",
    "import nowhere.part": "nowhere isn't in this page, which has",
    "!pip install pandas": "no command line",
    "files = !ls": "no command line",
    "%%bash\necho 'one two'": "a page has only %timeit and %matplotlib",
    "text, more = %sx ls": "a page has only %timeit and %matplotlib",
    "%timeit 1 + 1": "per loop, the best of 3 rounds of",
    "%timeit -n 10 1 + 1": "per loop, the best of 3 rounds of 10",
    "[object()]": "[<object at 0x",
    "len?": "Return the number of items",
    "input()": "A page can't ask",
    "import io, sys\nsys.stdout.close()\nsys.stdout = io.StringIO()\nprint('unheard')": "",
    "print('heard again')": "heard again",
    "with io.StringIO() as sys.stdout:\n    1 / 0": "ZeroDivisionError",
    "sys.stdout = None\nexit()": "SystemExit",
    "help(len)": "Return the number of items",
    "from swing import period\nperiod(1e300) ** 9": "No pendulum is so long.\nOverflowError: ",  # as the book explains it
    "from swing import check\ncheck('swings', 31)": "Not yet:\x1b[0m 31 is too large.",
}
# Code in the place of a slot's function, what the book's judge says of it, and the number of the line in which it fails.
JUDGED = {
    "import math\ndef height(length, angle): return length * (1 - math.cos(angle))": ["right", 0],
    "def height(length, angle): return length": ["not yet", 0],
    "def height(length, angle)\n    return length": ["not yet", 1],
    "def height(length, angle):\n\n    return l": ["not yet", 3],
    "import math\n\nmath.nothing": ["not yet", 3],
}
LIBRARY = "import json\njson.loads('{')"
DEEP = "def f():\n    f()\nf()"
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


@pytest.fixture(scope="module")
def answers():
    """What the kernel gives to all that is asked here, of one Python, because its start takes longer than the listings."""
    asked = [["run", i, code, [], None] for i, code in enumerate([*SHOWN, *SAID, LIBRARY, DEEP, REFUSED])]
    asked += [["call", "judge", json.dumps(["height", "height", code, False])] for code in JUDGED]
    with open_kernel(**PYTHON) as ask:
        return {call[2]: ask(*call) for call in asked}


@pytest.fixture(scope="module")
def ran(answers):
    """What stands below each listing."""
    return {code: text.rstrip("\n") for code, (_, text) in answers.items()}


@pytest.mark.parametrize("code", SHOWN)
def test_what_stands_below_a_listing(ran, code):
    assert ran[code] == SHOWN[code]


@pytest.mark.parametrize("code", SAID)
def test_what_is_explained_below_a_listing(ran, code):
    assert SAID[code] in ran[code]


def test_an_error_shows_the_readers_lines_and_no_others(ran):
    library, deep = ran[LIBRARY], ran[DEEP]
    assert library.count("line 2") == 1 and "decoder.py" not in library
    assert len(deep.splitlines()) < 20


def test_sleep_refuses_what_python_refuses(ran):
    assert ran[REFUSED] == "8 refused, others: []"


@pytest.mark.parametrize("code", JUDGED)
def test_a_judge_of_the_book_says_what_a_function_is_and_in_which_line_it_fails(answers, code):
    said = json.loads(answers[json.dumps(["height", "height", code, False])][0])
    assert [said["verdict"]["kind"], said["line"]] == JUDGED[code]
    assert ("your height, line" in said["traceback"]) == bool(said["line"])


def test_a_book_without_a_package_of_its_own_runs_as_well():
    plain = [
        ("import random, sys\nrandom.seed(1)\nx = [random.random()]", ""),
        ("x.append(len(x))\nprint(x[1], [name for name in sys.modules if name.startswith('swing')])", "1 []\n"),
        ("import nowhere.part", "Python's own library, NumPy and Matplotlib."),
        ("1 / 0;", "ZeroDivisionError"),
    ]
    with open_kernel(BOOK_PACKAGE="", BOOK_ASKS="", PYTHONPATH=f"{ROOT}{os.pathsep}{ROOT / 'press' / 'run'}") as ask:
        facts = json.loads(ask("facts", "import matplotlib\nfrom swing import *\nseed(1)\ncheck('a', 1)")[0])
        drawn = json.loads(ask("facts", "from pylab import plot")[0])
        ran = [ask("run", i, code, [], None) for i, (code, _) in enumerate(plain, start=1)]
    assert facts["groups"] == drawn["groups"] == ["matplotlib"] and not facts["seeds"] and not facts["asks"]
    assert json.loads(ran[0][0])["changed"] == ["random", "random numbers", "sys", "x"]
    assert all(said in printed for (_, said), (_, printed) in zip(plain, ran, strict=True))


def test_an_error_in_a_file_of_the_page_shows_the_lines_of_the_file():
    with open_kernel(**PYTHON) as ask:
        _, said = ask("run", "pendulum.py", "def f():\n    return 1 / 0\n\nf()", [], None)
    assert (
        said == "pendulum.py, line 4\n    f()\npendulum.py, line 2, in f\n    return 1 / 0\nZeroDivisionError: division by zero\n"
    )
