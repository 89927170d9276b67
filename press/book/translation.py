"""A translated book: `make site LANGUAGE=de` builds it from locale/de, whose catalogues `make messages LANGUAGE=de` writes.

COURSE_LANGUAGE names the language, and COURSE_LOCALE another folder than locale. Code, outputs and what Python says stay English,
and each part of a page says in which language it is. sentences.py translates what the page itself says.
"""

import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from docutils import nodes

from press.book.sentences import LANGUAGE, LOCALE, spoken_by_the_page

TEMPLATES = Path("_build/messages/_build/gettext")


def use_language(app, config):
    """Read the translations of another language than English."""
    if LANGUAGE != "en":
        config.language = LANGUAGE
        config.locale_dirs = [str(LOCALE)]
        app._init_i18n()  # which Sphinx has called for English before it loads an extension


def keep_anchors(app, doctree):
    """Let a link name a heading as in English: each message that MyST translates overwrites the page's list of headings."""
    if hasattr(doctree, "myst_slugs"):
        app.env.metadata[app.env.docname]["myst_slugs"] = doctree.myst_slugs


def mark_languages(app, doctree):
    """Give what is not in the language of the page the attribute `lang`: code, outputs, and what nobody has translated."""
    if app.config.language == "en":
        return
    for cell in [part for part in doctree.findall(nodes.container) if "cell" in part["classes"]]:
        cell["classes"].append("language-en")  # docutils writes it as an attribute
        for figure in cell.findall(nodes.figure):
            figure["classes"].append(f"language-{app.config.language}")
    for part in doctree.findall(nodes.TextElement):
        if part.get("translated") is False:
            part["classes"].append("language-en")


def update(folder, templates=TEMPLATES):
    """Bring the catalogues in `folder` up to date: a message that is new or has changed is without a translation."""
    folder.mkdir(parents=True, exist_ok=True)
    for template in sorted(templates.glob("*.pot")):
        path = folder / f"{template.stem}.po"
        catalogue = read(path) if path.exists() else Catalog(fuzzy=False)
        catalogue.update(read(template), no_fuzzy_matching=True)
        write(path, catalogue)
        missing = sum(1 for message in catalogue if message.id and not message.string)
        print(f"{path}: {len(catalogue)} messages, {missing} not translated")


def read(path):
    with path.open("rb") as file:
        return read_po(file)


def write(path, catalogue):
    with path.open("wb") as file:
        write_po(file, catalogue, width=0)


if __name__ == "__main__":
    write(TEMPLATES / "page.pot", spoken_by_the_page())
    for language in sys.argv[1:]:
        update(Path("locale", language, "LC_MESSAGES"))
