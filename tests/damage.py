"""Seeded damage: `make damage` hurts a copy of the course in one place at a time, and sees that the check which should notice does.

Each entry names a layer, what is done to it, the file, the text that is taken out and the one that is put in (or a function of the
notebook), the narrowest check, and what that check must say so that its reader finds the spot. The checks pass on the undamaged
copy first, so that a failure means something. The copy is that of the last commit. `make damage ONLY=pins` hurts only what has that
word.
"""

import concurrent.futures
import json
import os
import queue
import re
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DAMAGES = []


def damage(layer, what, file, old, new, check, says):
    DAMAGES.append((layer, what, file, lambda text: text.replace(old, new, 1), check, says))


def in_notebook(layer, what, name, change, check, says):
    """`change` alters the notebook that chapters/`name`.ipynb holds."""

    def changed(text):
        notebook = json.loads(text)
        change(notebook)
        return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"

    DAMAGES.append((layer, what, f"chapters/{name}.ipynb", changed, check, says))


def code(notebook):
    return [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]


def figure(notebook):
    return next(cell for cell in code(notebook) if "mystnb" in cell["metadata"])


def printed(notebook, text):
    """The output that prints `text`."""
    return next(output for cell in code(notebook) for output in cell["outputs"] if text in "".join(output.get("text", [])))


def replace_in_output(notebook, old, new):
    output = printed(notebook, old)
    output["text"] = "".join(output["text"]).replace(old, new)


def move_a_point(notebook):
    """Move one point of the first curve in the first figure."""
    data = figure(notebook)["outputs"][0]["data"]
    svg = "".join(data["image/svg+xml"])
    number = re.search(r"L \d+\.\d+ (\d+\.\d+)", svg)[1]
    data["image/svg+xml"] = svg.replace(number, str(float(number) + 20))


def swap_cells(notebook):
    first, second = [i for i, cell in enumerate(notebook["cells"]) if cell["cell_type"] == "code"][2:4]
    cells = notebook["cells"]
    cells[first], cells[second] = cells[second], cells[first]


CHAPTER, BOOK, PROJECT, HELPERS = (f"tests/test_{name}.py -k " for name in ("chapters", "book", "project", "helpers"))
NUMERICS, DATA, DEMO, RUNNING, PROBLEMS = (
    f"tests/test_{name}.py -k " for name in ("numerics", "data", "demo", "running", "problems")
)
NBVAL = "--nbval --nbval-current-env --nbval-cell-timeout=300 chapters/"

# --- A chapter's text ---------------------------------------------------------------------------------------------------
damage(
    "prose",
    "a sentence, and no make notebooks",
    "chapters/05_loss.md",
    "# Measure how wrong",
    "# Tell how wrong",
    CHAPTER + "'cells_of_its_markdown and 05'",
    "05_loss: run make notebooks",
)
damage(
    "prose",
    "a number that no cell gives",
    "chapters/08_linear_baseline.md",
    "203,530",
    "203,350",
    CHAPTER + "'prose and 08'",
    "where does 08_linear_baseline get 203,350 from",
)
damage(
    "prose",
    "a chapter's minutes in the map of the course",
    "chapters/00_introduction.md",
    "safe from overflow | 15 |",
    "safe from overflow | 25 |",
    CHAPTER + "map_of_the_course",
    "05_loss",
)
damage(
    "prose",
    "the learning goals",
    "chapters/04_model.md",
    "```{admonition} Learning goals",
    "```{admonition} Hello",
    CHAPTER + "'goals and 04'",
    "04_model has no .*Learning goals",
)
damage(
    "prose",
    "the folded answers",
    "chapters/03_activation.md",
    ":class: dropdown",
    ":class: note",
    CHAPTER + "'goals and 03'",
    "03_activation: an answer is not folded away",
)
damage(
    "prose",
    "a directive that JupyterLab does not know",
    "chapters/06_training.md",
    "```{admonition} Predict first",
    "```{margin} Predict first",
    CHAPTER + "'only_markup and 06'",
    "margin",
)
damage(
    "prose",
    "a reference that JupyterLab does not know",
    "chapters/06_training.md",
    "## Summary",
    "See {ref}`loss`.\n\n## Summary",
    CHAPTER + "'only_markup and 06'",
    "ref",
)
damage(
    "prose",
    "a spelling",
    "chapters/02_parameters.md",
    "## Summary",
    "## Summary\n\nThey recieve it.",
    PROJECT + "spelling",
    "recieve",
)
in_notebook(
    "prose",
    "a link to a page that is not there",
    "04_model",
    lambda nb: nb["cells"][-1]["source"].append("\n[more](05_losses.ipynb)"),
    BOOK + "test_builds",
    "04_model.*05_losses",
)
in_notebook(
    "prose",
    "a link to a heading that is not there",
    "00_introduction",
    lambda nb: nb["cells"][-1]["source"].append("\n[it](07_prediction.ipynb#try-that)"),
    BOOK + "'test_builds or no_link'",
    "try-that",
)
in_notebook(
    "prose",
    "a formula that is none",
    "04_model",
    lambda nb: nb["cells"][-1]["source"].append("\n$\\frac{1$"),
    BOOK + "test_builds",
    r"04_model.*formula not understood",
)
in_notebook(
    "prose",
    "a level of headings left out",
    "03_activation",
    lambda nb: nb["cells"][-1]["source"].insert(0, "#### Deep\n\n"),
    BOOK + "test_builds",
    "03_activation.*head",
)

# --- A chapter's code and outputs ---------------------------------------------------------------------------------------
damage(
    "code",
    "a cell, and no make notebooks",
    "chapters/04_model.md",
    "lr=0.2",
    "lr=0.3",
    CHAPTER + "'cells_of_its_markdown and 04'",
    "04_model: run make notebooks",
)
in_notebook(
    "code",
    "a cell of the pair, with its old output",
    "04_model",
    lambda nb: code(nb)[0]["source"].append("\nbatch_size = 128"),
    CHAPTER + "'cells_of_its_markdown and 04'",
    "04_model",
)
damage(
    "code",
    "both files of a pair, and not run",
    "chapters/04_model.md",
    "lr=0.2",
    "lr=0.3",
    CHAPTER + "'outputs_follow and 04'",
    "04_model: its code, a helper or a version changed",
)
damage(
    "code",
    "a function that is no longer the helper's",
    "chapters/04_model.md",
    "H = relu(nd.dot(X, W1) + b1)\n    return",
    "H = relu(nd.dot(X, W1))\n    return",
    CHAPTER + "'shown_is and 04'",
    "mlp in 04_model is not the one in utils",
)
damage(
    "code",
    "a line wider than the page",
    "chapters/05_loss.md",
    "import math",
    "import math  # " + "x" * 90,
    CHAPTER + "'fits_the_width and 05'",
    "xxxx",
)
in_notebook(
    "code",
    "an assertion that does not hold",
    "01_fashion_mnist",
    lambda nb: code(nb)[1]["source"].append("\nassert 1 + 1 == 3"),
    NBVAL + "01_fashion_mnist.ipynb",
    "AssertionError",
)
in_notebook("code", "the order of two cells", "04_model", swap_cells, CHAPTER + "'cells_of_its_markdown and 04'", "04_model")
in_notebook(
    "code",
    "a cell run out of order",
    "04_model",
    lambda nb: code(nb)[3].update(execution_count=9),
    CHAPTER + "'one_go and 04'",
    "9",
)
in_notebook(
    "code",
    "a number in an output",
    "01_fashion_mnist",
    lambda nb: replace_in_output(nb, "60000", "60001"),
    NBVAL + "01_fashion_mnist.ipynb",
    "60001",
)
in_notebook(
    "code",
    "a number in an output, just out of its tolerance",
    "04_model",
    lambda nb: replace_in_output(nb, "share right: 0.", "share right: 0.5"),
    NBVAL + "04_model.ipynb",
    "right: 0.5",
)
in_notebook(
    "code",
    "an output left out",
    "01_fashion_mnist",
    lambda nb: next(cell for cell in code(nb) if cell["outputs"])["outputs"].clear(),
    NBVAL + "01_fashion_mnist.ipynb",
    "disagree|[Uu]nexpected|missing",
)
in_notebook("code", "a figure's curve", "03_activation", move_a_point, NBVAL + "03_activation.ipynb", "svg")
in_notebook(
    "code",
    "a warning in an output",
    "04_model",
    lambda nb: code(nb)[2]["outputs"].append({"output_type": "stream", "name": "stderr", "text": ["a warning"]}),
    CHAPTER + "'one_go and 04'",
    "a warning",
)
in_notebook(
    "code",
    "an error in an output",
    "04_model",
    lambda nb: code(nb)[2]["outputs"].append({"output_type": "error", "ename": "E", "evalue": "", "traceback": []}),
    CHAPTER + "'one_go and 04'",
    "error",
)

# --- Tags, metadata, figures --------------------------------------------------------------------------------------------
in_notebook(
    "metadata",
    "a tag that leaves a cell out",
    "04_model",
    lambda nb: code(nb)[3]["metadata"].update(tags=["nbval-skip"]),
    CHAPTER + "'asserted and 04'",
    "nbval-skip",
)
in_notebook(
    "metadata",
    "an output no longer compared, and nothing asserted",
    "01_fashion_mnist",
    lambda nb: code(nb)[2]["metadata"].update(tags=["nbval-ignore-output"]),
    CHAPTER + "'asserted and 01'",
    "nothing near asserts what this gives",
)
in_notebook(
    "metadata",
    "a tolerance that lets anything pass",
    "04_model",
    lambda nb: code(nb)[9]["metadata"].update(tags=["within-5"]),
    CHAPTER + "'asserted and 04'",
    "5.0 lets anything pass",
)
in_notebook(
    "metadata",
    "the kernel",
    "04_model",
    lambda nb: nb["metadata"]["kernelspec"].update(name="python2"),
    CHAPTER + "'cells_of_its_markdown and 04'",
    "04_model",
)
in_notebook(
    "metadata",
    "the fingerprint",
    "04_model",
    lambda nb: nb["metadata"].update(fingerprint="0" * 16),
    CHAPTER + "'outputs_follow and 04'",
    "04_model: its code",
)
in_notebook(
    "figures",
    "an alternative text",
    "03_activation",
    lambda nb: figure(nb)["metadata"]["mystnb"].pop("image"),
    CHAPTER + "'alternative and 03'",
    "no alternative text",
)
in_notebook(
    "figures",
    "a caption",
    "03_activation",
    lambda nb: figure(nb)["metadata"]["mystnb"].pop("figure"),
    CHAPTER + "'alternative and 03'",
    "no caption",
)
damage(
    "figures",
    "the alternative text of a drawing",
    "chapters/04_model.ipynb",
    ":alt: The forward",
    ":name: The forward",
    BOOK + "test_builds",
    "04_model.*no alternative text",
)
damage(
    "figures",
    "a colour too pale to see",
    "chapters/images/model.svg",
    'stroke="#0072b2"',
    'stroke="#c8e0f0"',
    BOOK + "figures_have_contrast",
    "model.svg",
)
damage("figures", "the picture in the README", "assets/result.svg", "M ", "M 1", CHAPTER + "readme_shows", "result.svg|picture")

# --- Helpers ------------------------------------------------------------------------------------------------------------
damage(
    "helpers",
    "a helper, and no make notebooks",
    "utils/network.py",
    "nd.maximum(X, 0)",
    "nd.maximum(X, 0.1 * X)",
    CHAPTER + "'outputs_follow and 04'",
    "04_model: its code, a helper",
)
damage("helpers", "relu", "utils/network.py", "nd.maximum(X, 0)", "nd.maximum(X, 0.1 * X)", HELPERS + "test_relu", "test_relu")
damage(
    "helpers",
    "softmax without its maximum",
    "utils/network.py",
    "nd.exp(O - O.max(axis=1, keepdims=True))",
    "nd.exp(O)",
    NUMERICS + "test_softmax",
    "test_softmax",
)
damage(
    "helpers",
    "the sign of the loss",
    "utils/network.py",
    "return -nd.log(",
    "return nd.log(",
    NUMERICS + "test_cross_entropy",
    "cross_entropy",
)
damage(
    "helpers",
    "the scale of the first weights",
    "utils/network.py",
    "scale=0.01",
    "scale=0.02",
    HELPERS + "test_init_params",
    "init_params",
)
damage(
    "helpers",
    "memory for the gradients",
    "utils/network.py",
    "    for param in params:\n        param.attach_grad()\n",
    "",
    HELPERS + "test_init_params",
    "init_params",
)
damage(
    "helpers",
    "the mean in the update",
    "utils/training.py",
    "lr / batch_size * param.grad",
    "lr * param.grad",
    NUMERICS + "step_of_sgd",
    "step_of_sgd",
)
damage(
    "helpers", "the sign of the update", "utils/training.py", "param -= lr", "param += lr", HELPERS + "'sgd_steps'", "sgd_steps"
)
damage(
    "helpers",
    "the axis of the accuracy",
    "utils/training.py",
    "return (y_hat.argmax(axis=1)",
    "return (y_hat.argmax(axis=0)",
    NUMERICS + "accuracy",
    "accuracy",
)
damage(
    "helpers",
    "a seed that forgets MXNet",
    "utils/training.py",
    "    mx.random.seed(seed)\n",
    "",
    HELPERS + "seeds_all",
    "seeds_all_three",
)
damage(
    "helpers",
    "training that diverges in silence",
    "utils/training.py",
    "if not math.isfinite(mean_loss + test_acc):",
    "if False:",
    HELPERS + "diverges",
    "diverges",
)
damage("helpers", "the line of an epoch", "utils/training.py", "loss %.4f", "loss %.3f", HELPERS + "prints_its_lines", "epoch")
damage(
    "helpers",
    "a name of the original package",
    "utils/training.py",
    'trainer=None):\n    """Train',
    'updater=None):\n    """Train',
    HELPERS + "names_and_signatures",
    "train_ch3",
)
damage(
    "helpers",
    "an error that no longer names the argument",
    "utils/arguments.py",
    "{name} must hold class numbers",
    "These must be class numbers",
    HELPERS + "'clear_exception and softmax_cross_entropy'",
    "class numbers",
)
damage(
    "helpers",
    "a check left out",
    "utils/network.py",
    '    checks.labels("y", y, y_hat)\n',
    "",
    HELPERS + "'clear_exception and cross_entropy'",
    "cross_entropy",
)
damage(
    "helpers",
    "the axis labels of a figure",
    "utils/plotting.py",
    'ylabel="mean loss (nats)"',
    'ylabel=""',
    HELPERS + "plot_history",
    "plot_history",
)
damage("helpers", "a public name", "utils/__init__.py", "mlp, relu,", "mlp,", HELPERS + "test_relu", "relu")
damage(
    "helpers",
    "a helper that its page leaves out",
    "pages/api.md",
    ".. autofunction:: utils.network.relu\n",
    "",
    HELPERS + "'docstring and relu'",
    "relu",
)
damage(
    "helpers",
    "a docstring",
    "utils/network.py",
    '"""max(X, 0), element by element, in the shape of X. Raises TypeError unless X is a float NDArray."""',
    '"""Bend it."""',
    HELPERS + "'docstring and relu'",
    "relu",
)
damage(
    "helpers",
    "the tolerance of the comparison",
    "tests/support/compare.py",
    "<= tolerance *",
    "<= 3 * tolerance *",
    CHAPTER + "within_their_tolerance",
    "tolerance",
)
damage(
    "helpers",
    "a fingerprint that forgets the helpers",
    "tools/book/fingerprint.py",
    "in sorted(utils_modules(parse(code)))",
    "in []",
    CHAPTER + "refreshing",
    "refreshing",
)

# --- Data ---------------------------------------------------------------------------------------------------------------
damage("data", "a checksum", "utils/data.py", "c59f468a", "c59f468b", DATA + "'published_data or apt'", "SHA-256|checks")
damage("data", "a host without TLS", "utils/fetch.py", "https://fashion", "http://fashion", DATA + "https_only", "http://fashion")
damage(
    "data",
    "what a bad file leads to",
    "utils/data.py",
    "    if hashlib.sha256(raw).hexdigest() != sha256:",
    "    if False:",
    DATA + "'bad_host'",
    "bad_host",
)
damage(
    "data",
    "a bound on what is unpacked",
    "utils/data.py",
    "decompress(raw, num_bytes + 1)",
    "decompress(raw)",
    DATA + "bomb",
    "bomb",
)
damage(
    "data",
    "a half-written file",
    "utils/fetch.py",
    "        part.write_bytes(content)\n        part.replace(path)",
    "        path.write_bytes(content)",
    DATA + "'full_disk or limit_on_the_size'",
    "disk|limit",
)
damage(
    "data",
    "the lock",
    "utils/fetch.py",
    "FileLock(",
    "(lambda *a, **k: contextlib.nullcontext())(",
    DATA + "'eight_processes'",
    "eight",
)
damage("data", "the range of the pixels", "utils/data.py", "/ 255, self", "/ 256, self", DATA + "gluon_loader", "gluon_loader")
damage(
    "data",
    "the last, short minibatch",
    "utils/data.py",
    "range(0, n, self.batch_size)",
    "range(0, n - self.batch_size + 1, self.batch_size)",
    DATA + "gluon_loader",
    "gluon_loader",
)
damage(
    "data",
    "the order of the training images",
    "utils/data.py",
    "if self.shuffle else",
    "if False else",
    DATA + "shuffles_anew",
    "shuffles",
)
damage(
    "data",
    "the names of two classes",
    "utils/data.py",
    '"t-shirt", "trouser"',
    '"trouser", "t-shirt"',
    DATA + "published_data",
    "t-shirt",
)

# --- The book -----------------------------------------------------------------------------------------------------------
damage(
    "book",
    "a chapter left out of the contents",
    "_toc.yml",
    "      - file: chapters/11_gluon\n",
    "",
    CHAPTER + "table_of_contents",
    "11_gluon",
)
damage(
    "book",
    "two chapters in the wrong order",
    "_toc.yml",
    "      - file: chapters/03_activation\n      - file: chapters/04_model\n",
    "      - file: chapters/04_model\n      - file: chapters/03_activation\n",
    CHAPTER + "table_of_contents",
    "04_model",
)
damage(
    "book",
    "notebooks run while it is built",
    "_config.yml",
    'execute_notebooks: "off"',
    'execute_notebooks: "force"',
    BOOK + "test_builds",
    "must build without|CellExecution|execut",
)
damage("book", "both files of a pair in it", "_config.yml", '"chapters/*.md", ', "", BOOK + "test_builds", "multiple files found")
damage(
    "book",
    "another renderer of formulas",
    "_config.yml",
    "html_math_renderer: mathml",
    "html_math_renderer: html",
    BOOK + "'formulas_are_drawn and 05'",
    "05_loss|unknown math renderer",
)
damage(
    "book",
    "a script from another host",
    "site/theme/layout.html",
    "<script src=\"{{ asset('book.js') }}\"></script>",
    '<script src="https://example.org/a.js"></script><script src="{{ asset(\'book.js\') }}"></script>',
    BOOK + "'asks_no_other_host and 03_activation'",
    "example.org",
)
damage(
    "book",
    "the policy that forbids other hosts",
    "site/theme/layout.html",
    "object-src 'none'; ",
    "",
    BOOK + "forbid_other_hosts",
    "Content-Security-Policy",
)
damage(
    "book",
    "a style that no page uses",
    "site/theme/static/book.css",
    ".skip {",
    ".leftover { color: red }\n.skip {",
    BOOK + "styles_name_only",
    "leftover",
)
damage(
    "book",
    "text too pale to read",
    "site/theme/static/book.css",
    "--soft: light-dark(#55606c",
    "--soft: light-dark(#b5bcc4",
    BOOK + "'axe and 04_model'",
    "color-contrast",
)
damage(
    "book",
    "no sign of the focus",
    "site/theme/static/book.css",
    ":focus-visible { outline: 3px solid var(--focus)",
    ":focus-visible { outline: 0 solid var(--focus)",
    BOOK + "'works_by_keyboard and 1280'",
    "outline|focus|keyboard",
)
damage(
    "book",
    "wider than a phone",
    "site/theme/static/book.css",
    "body {",
    "article { min-width: 600px }\nbody {",
    BOOK + "'fits_a_phone and 04_model'",
    "04_model",
)
damage(
    "book",
    "figures without their size",
    "site/book.py",
    'size = {"width": round(width), "height": round(height)}',
    "size = {}",
    BOOK + "'text_and_size and 04_model'",
    "fixed|width",
)
damage(
    "book",
    "the description of a page",
    "site/theme/layout.html",
    '<meta name="description"',
    '<meta name="about"',
    BOOK + "'test_head and 05_loss'",
    "description",
)
damage("book", "the icon", "site/theme/layout.html", "favicon.svg", "favicon.png", BOOK + "'no_link_is_broken'", "favicon.png")
damage(
    "book",
    "the search",
    "site/theme/search.html",
    '"searchindex.js"',
    '"search.js"',
    BOOK + "'search_finds and overflow'",
    "search|Timeout",
)
damage(
    "book",
    "the way to a fork",
    "site/book.py",
    'if os.environ.get("GITHUB_REPOSITORY"):',
    "if False:",
    BOOK + "forks_book",
    "someone/course|fork",
)
damage(
    "book",
    "the map of the site",
    "site/book.py",
    '*(f"{base}{name}.html" for name in sorted(env.found_docs - {root}))',
    "",
    BOOK + "sitemap",
    "sitemap|loc",
)

# --- The network in the browser -----------------------------------------------------------------------------------------
damage(
    "demonstration",
    "one weight",
    "assets/demo/weights-10.js",
    '"letters":["BB',
    '"letters":["zB',
    DEMO + "no_file_was_changed",
    "weights-10.js is not what",
)
damage(
    "demonstration",
    "its relu",
    "assets/demo/network.js",
    "Math.max(value, 0)",
    "Math.abs(value)",
    DEMO + "computes_what",
    "computes_what_mxnet",
)
damage(
    "demonstration",
    "the accuracy that it states",
    "assets/demo/weights-3.js",
    '"accuracy":0.8',
    '"accuracy":0.9',
    DEMO + "stated_losses",
    "accuracy|stated",
)
damage(
    "demonstration",
    "a picture's label",
    "assets/demo/images.js",
    '"labels":[',
    '"labels":[1,',
    DEMO + "images_are_those",
    "labels|images",
)
damage(
    "demonstration",
    "the run that it came from",
    "tools/book/demo.py",
    "42, 0.5, 256",
    "42, 0.4, 256",
    DEMO + "fingerprint",
    "stale: run",
)
damage(
    "demonstration",
    "loaded before it is in view",
    "assets/demo/start.js",
    "entry.isIntersecting",
    "true",
    DEMO + "comes_into_view",
    "comes_into_view",
)

# --- Questions, problems, solutions -------------------------------------------------------------------------------------
damage(
    "answers",
    "a question's right answer",
    "utils/questions.py",
    '784 * 64 + 64 + 64 * 10 + 10, "two',
    '784 * 64 + 64 + 64 * 10, "two',
    PROBLEMS + "answer_that_is_computed",
    "parameters",
)
damage(
    "answers",
    "a question that any number answers",
    "utils/questions.py",
    "    return given.shape == right.shape and",
    "    return True or",
    PROBLEMS + "'any_other_answer or usual_wrong'",
    "Not yet|general_hint|own_hint",
)
damage(
    "answers",
    "a problem that accepts a wrong answer",
    "utils/problems/verdicts.py",
    "    return np.shape(value) == np.shape(right) and",
    "    return True or",
    PROBLEMS + "'a_wrong_answer and counting'",
    "counting",
)
in_notebook(
    "answers",
    "a solution that does not pass",
    "16_solutions",
    lambda nb: replace_in_output(nb, "Right: ", "Not yet: "),
    PROBLEMS + "solutions_pass",
    "Not yet",
)
in_notebook(
    "answers",
    "a solution on the page of problems",
    "15_problems",
    lambda nb: replace_in_output(nb, "Not answered yet: ", "Right: "),
    PROBLEMS + "solves_none",
    "solves_none",
)

# --- Pins, Binder, workflows, the project -------------------------------------------------------------------------------
damage(
    "pins",
    "a version in one file alone",
    "requirements.txt",
    "jupytext==",
    "jupytext==0.",
    PROJECT + "pins_agree",
    "jupytext|pins_agree",
)
damage(
    "pins",
    "a hash",
    "requirements.txt",
    "    --hash=sha256:",
    "    --hush=sha256:",
    PROJECT + "'hashes and requirements'",
    "requirements.txt: anyio",
)
damage(
    "pins",
    "an address",
    "requirements-dev.txt",
    "anyio==",
    "--extra-index-url https://example.org/simple\nanyio==",
    PROJECT + "'no_address'",
    "example.org|requirements-dev",
)
damage(
    "pins",
    "a package in the list and not pinned",
    "pyproject.toml",
    '"requests",',
    '"requests>=99",',
    PROJECT + "pins_are_those",
    "run make pins",
)
damage(
    "pins",
    "NumPy moved away from what MXNet needs",
    "requirements.txt",
    "numpy==1.23.5",
    "numpy==1.26.4",
    PROJECT + "pins_agree",
    "numpy",
)
damage(
    "Binder",
    "pins of its own",
    "binder/requirements.txt",
    "-r ../requirements.txt",
    "numpy==1.23.5",
    RUNNING + "repo2docker",
    "requirements",
)
damage("Binder", "another Python", "binder/runtime.txt", "3.11", "3.10", RUNNING + "repo2docker", "another Python")
damage(
    "Binder",
    "threads for cores that a learner has not",
    "binder/start",
    "CPU_LIMIT",
    "CPU_LIMITS",
    RUNNING + "a_container_uses",
    "threads|cores",
)
damage(
    "Binder",
    "a launch link to a chapter that is not there",
    "chapters/00_introduction.md",
    "chapters/00_introduction.ipynb)",
    "chapters/00_intro.ipynb)",
    RUNNING + "launch_links",
    "00_intro",
)
damage(
    "workflows",
    "an action by its name",
    ".github/workflows/test.yml",
    "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1",
    "actions/checkout@v7",
    PROJECT + "'pinned_by_its_hash or linter'",
    "actions/checkout@v7",
)
damage(
    "workflows",
    "a right too many",
    ".github/workflows/test.yml",
    "contents: read",
    "contents: write",
    PROJECT + "as_little",
    "contents",
)
damage(
    "workflows",
    "a command that make does not know",
    ".github/workflows/test.yml",
    "run: make book",
    "run: make books",
    PROJECT + "make_knows",
    "books",
)
damage(
    "workflows",
    "publishing what was not tested",
    ".github/workflows/test.yml",
    "    needs: test\n",
    "",
    PROJECT + "'only_what_was_tested'",
    "needs",
)
damage(
    "workflows",
    "no limit of time",
    ".github/workflows/weekly.yml",
    "    timeout-minutes: 90\n",
    "",
    PROJECT + "'form and timeout'",
    "timeout-minutes",
)
damage("project", "a licence's words", "LICENSE-TEXT", "Attribution", "Attribution!", PROJECT + "licences", "licence")
damage(
    "project",
    "a version in one place alone",
    "CITATION.cff",
    "version: 1.0.0",
    "version: 1.1.0",
    PROJECT + "citation_agrees",
    "1.1.0",
)
damage(
    "project",
    "a command in CONTRIBUTING that is not there",
    "CONTRIBUTING.md",
    "`make notebooks`",
    "`make all-notebooks`",
    PROJECT + "contributing",
    "all-notebooks",
)
damage(
    "project",
    "a file that the README names",
    "README.md",
    "(assets/result.svg)",
    "(assets/results.svg)",
    PROJECT + "path_that_is_linked",
    "assets/results.svg",
)
damage(
    "project",
    "the registry's address in a file",
    "README.md",
    "## All commands",
    "See pypi" + ".org.\n\n## All commands",
    PROJECT + "host_of_a_package",
    "README.md",
)
damage(
    "project",
    "what a learner types, evaluated",
    "utils/questions.py",
    "        given = np.asarray(",
    "        eval('1')\n        given = np.asarray(",
    PROJECT + "test_style",
    "exercises.py",
)
damage(
    "project",
    "a command that the README leaves out",
    "README.md",
    "| `make bench` |",
    "| `make help` |",
    PROJECT + "lists_every_command",
    "bench",
)
damage(
    "project",
    "style",
    "utils/network.py",
    "import numpy as np\n",
    "import numpy as np, os\n",
    PROJECT + "test_style",
    "network.py",
)


def make_copy(folder):
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    return folder


def run(check, copy):
    """Run a check in a copy, with the copy's own utils: (whether it passed, what it said, seconds)."""
    start = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-o", "addopts=", "-q", "-x", "-p", "no:cacheprovider", *shlex.split(check)],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout + done.stderr, time.perf_counter() - start


def together(checks):
    """Checks of the same file in one, so that it prepares once what they share."""
    by_file = {}
    for check in sorted(checks):
        file, _, which = check.partition(" -k ")
        by_file.setdefault(file, []).append(which.strip("'"))
    return [file if which == [""] else f"{file} -k '({') or ('.join(which)})'" for file, which in by_file.items()]


def try_damage(copies, layer, what, file, change, check, says):
    """One damage in a copy that is free: None when the check notices it and says where, else what happened instead."""
    copy = copies.get()
    try:
        path = copy / file
        before = path.read_text()
        after = change(before)
        if after == before:
            return "this damage changes nothing: its text is no longer in the file", 0
        path.write_text(after)
        code, said, seconds = run(check, copy)
        path.write_text(before)
        if code == 0:
            return "nothing noticed it", seconds
        if code not in (1, 2) or not re.search(says, said):
            return f"the check fails (exit {code}) without saying {says!r}:\n{said[-1500:]}", seconds
        return None, seconds
    finally:
        copies.put(copy)


def main(only):
    chosen = [entry for entry in DAMAGES if only in " ".join((*entry[:3], entry[4]))]
    workers = min(os.cpu_count(), 4)
    missed, caught, total = 0, Counter(), Counter()
    with tempfile.TemporaryDirectory() as folder, concurrent.futures.ThreadPoolExecutor(workers) as pool:
        copies = queue.Queue()
        for number in range(workers):
            copies.put(make_copy(Path(folder, f"copy{number}")))

        def undamaged(check):
            copy = copies.get()
            code, said, _ = run(check, copy)
            copies.put(copy)
            return said[-1500:] if code else None

        checks = together({entry[4] for entry in chosen})
        for check, problem in zip(checks, pool.map(undamaged, checks)):
            if problem:
                sys.exit(f"{check} fails without any damage:\n{problem}")
        print(f"All of these checks pass on an undamaged copy. Now for {len(chosen)} kinds of damage:", flush=True)
        for entry, (problem, seconds) in zip(chosen, pool.map(lambda entry: try_damage(copies, *entry), chosen)):
            layer, what = entry[:2]
            total[layer] += 1
            caught[layer] += not problem
            missed += bool(problem)
            print(
                f"{'MISSED' if problem else 'caught'} {seconds:5.1f} s  {layer}: {what}"
                + (f"\n    {problem}" if problem else ""),
                flush=True,
            )
    print("\nlayer            caught")
    for layer, count in total.items():
        print(f"{layer:15s} {caught[layer]:3d} of {count}")
    print(f"{'all':15s} {sum(caught.values()):3d} of {sum(total.values())}")
    return missed > 0


if __name__ == "__main__":
    sys.exit(main(" ".join(sys.argv[1:])))
