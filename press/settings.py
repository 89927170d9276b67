"""What a book tells the press: below `press` in `sphinx`, `config` of its _config.yml. A plain book needs none of it."""

import functools
from pathlib import Path

import yaml

DEFAULTS = {
    "edition": "",  # the version of the book: a file of My course says for which it is
    # A regular expression, in Python and in scripts, for the names of pages that are chapters; its group, if any, is the number
    "chapters": "",
    "glossary": "",  # the page with the terms that others link where they first use them
    "everyday": "",  # the words among these terms that are used in their everyday sense too, which are no links
    "misconceptions": "",  # the page that lists what learners believe, which the classes of wrong answers name
    # What asks for an answer, by the function that a listing calls with a name: {"check": "check"}. Its kind is check or problem;
    # what follows that stands before the name where the answer is kept.
    "asks": {},
    "package": "",  # the book's own Python package, which every page has; its pyproject.toml, for flit, lies beside _config.yml
    # The module of the package that stands in for a library where that isn't installed, {"library": "package.module"}. The stored
    # outputs are the library's, and do not depend on the module.
    "stand_in": {},
    "judge": "",  # the function that judges in the notebooks to write in, "module.function"
    # The module in which a reader keeps the functions that were judged right: a file of this name begins with all names of the
    # package's module of that name, and ends with its `use(globals())`
    "functions": "functions",
    "solutions": [],  # what a class doesn't get, as patterns of git for paths
    "environment": {},  # variables for the Python of the pages
    # For each group of files that only some listings need, [how a reader knows it, as in "Loading Galileo's table.", the function
    # that writes it, "module.function"]. This takes the folder that will be /run in the page's Python, and returns the paths. The
    # package's module `page` says which listings need a group.
    "data": {},
    # Packages of Pyodide's lock file that listings import, besides NumPy and Matplotlib
    "packages": [],
    "licences": [],  # of what the book has of others: [name, licence, home page]
    # For a script of the press the one of the book's that is loaded before it: {"sketch.js": "curves.js"}, as page/plugs.js says
    "plugs": {},
    "web": "",  # the folder with the book's own scripts and styles; its folders are added to those of the press
}
FOR_SCRIPTS = "edition", "chapters", "package", "functions"  # what a page's scripts are told of it


@functools.cache
def of_book(folder):
    """The settings of the book in a folder, for what runs without Sphinx."""
    file = Path(folder, "_config.yml")
    book = yaml.safe_load(file.read_text(encoding="utf-8")) if file.exists() else {}
    return DEFAULTS | book.get("sphinx", {}).get("config", {}).get("press", {})


def has_own_theme(config):
    """Whether the book has the theme of the press. Another theme's pages stay as they are, and their listings run."""
    return config.html_theme == "press"


def use_settings(app, config):
    """Fill in what the book leaves out. Raises ConfigError for a setting that there isn't."""
    from sphinx.errors import ConfigError  # here, because notebooks are written where there is no Sphinx

    if unknown := config.press.keys() - DEFAULTS.keys():
        raise ConfigError(f"press: there is no setting {sorted(unknown)[0]!r}. There are {', '.join(DEFAULTS)}.")
    config.press = {**DEFAULTS, **config.press}


def told(config):
    """What the scripts of a page are told of the book: BOOK in press/page/dom.js."""
    settings = {name: config.press[name] for name in FOR_SCRIPTS}
    labels = {group: label for group, (label, _function) in config.press["data"].items()}
    labels |= {name: name for name in config.press["packages"]}
    return {"title": config.html_title, **settings, "labels": labels}
