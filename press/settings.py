"""What a book tells the press: below `press` in `sphinx`, `config` of its _config.yml. A plain book needs none of it."""

from sphinx.errors import ConfigError

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
    "environment": {},  # variables for the Python of the pages
    # For each group of files that only some listings need, the function that writes it, "module.function": it takes the folder
    # that will be /run in the page's Python, and returns the paths. The package's module `page` says which listings need a group.
    "data": {},
    "licences": [],  # of what the book has of others: [name, licence, home page]
    "web": "",  # the folder with the book's own scripts and styles; its folders are added to those of the press
}


def has_own_theme(config):
    """Whether the book has the theme of the press. Another theme's pages stay as they are, and their listings run."""
    return config.html_theme == "press"


def use_settings(app, config):
    """Fill in what the book leaves out. Raises ConfigError for a setting that there isn't."""
    if unknown := config.press.keys() - DEFAULTS.keys():
        raise ConfigError(f"press: there is no setting {sorted(unknown)[0]!r}. There are {', '.join(DEFAULTS)}.")
    config.press = {**DEFAULTS, **config.press}
