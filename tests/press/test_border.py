"""The press knows nothing of this course: no chapter, no function, no data, no library of it."""

import re

from press.notebooks.chapters import ROOT
from press.settings import DEFAULTS

PRESS = ROOT / "press"
OF_THE_COURSE = re.compile(
    r"\b\d\d_[a-z]+|\butils\b|mynet|fashion|mnist|mxnet|torch\b|gluon|autograd|perceptron|mlp|\bnd\.|\bepochs?\b|minibatch"
    r"|relu|softmax|sgd|check_problem|init_params|load_data|seed_everything|set_figsize|train_ch3|train_epoch|read_results"
    r"|\bdemo\b|#draw|weights-|\bweb/|data-hand=[\"']?\w",
    re.IGNORECASE,
)
OTHERS_WROTE = re.compile(r"\.woff2$|\.json$|/(codemirror|minisearch)\.js$")


def test_the_press_does_not_name_the_course():
    found = []
    for path in PRESS.rglob("*"):
        name = path.relative_to(PRESS).as_posix()
        if path.is_file() and "__pycache__" not in name and not OTHERS_WROTE.search(name):
            found += [f"{name}: {line}" for line in path.read_text(encoding="utf-8").splitlines() if OF_THE_COURSE.search(line)]
    assert found == [], "what the press must know of the course belongs into _config.yml, web/ or utils/page.py"


def test_the_page_on_the_press_explains_each_setting_that_there_is():
    explained = re.findall(r"^\| `(\w+)` \|", (PRESS / "README.md").read_text(encoding="utf-8"), re.M)
    assert explained == [*DEFAULTS]


def test_what_every_page_loads_needs_nothing_of_what_runs_listings():
    """A book whose listings can only be read is built without `run`."""
    scripts = [*(PRESS / "page").glob("*.js"), *(PRESS / "hand").glob("*.js")]
    needed = {path.name: re.findall(r'^import .*"\.\./run/.*', path.read_text(encoding="utf-8"), re.M) for path in scripts}
    assert {name: lines for name, lines in needed.items() if lines} == {}
