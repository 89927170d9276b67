"""The press: what makes a book's listings run, be edited, judged and kept in a reader's page. It knows of no book.

A Jupyter Book loads it by `extra_extensions: [press]` below `sphinx` in its _config.yml. settings.py lists what it may say there.
"""


def setup(app):
    from .book import extension  # here, so that whoever imports press.notebooks needs no Sphinx

    return extension.setup(app)
