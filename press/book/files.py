"""The files of the book beside its pages: scripts and styles, sources, the search, the questions, the sitemap."""

import functools
import hashlib
import json
import os
import re
import shutil
from pathlib import Path
from xml.sax.saxutils import escape

from press.book.anki import deck
from press.book.asked import questions_file
from press.book.search_index import search_script
from press.book.sentences import translated, translated_style, translations
from press.run import dark
from press.settings import has_own_theme

PRESS = Path(__file__).parents[1]
# The scripts and styles of the pages, by their folder in the site: where they lie here
FOLDERS = {"_static": [PRESS / "theme" / "static"], **{name: [PRESS / name] for name in ("page", "hand", "run")}}
THEME = (PRESS / "theme" / "static" / "theme.css").read_text("utf-8")
# What stands before a script or a style, by its name; the book adds its own
BEFORE = {"any.css": f":root {{ {' '.join(re.findall(r'^  (--(?:tick|row): .*?;)', THEME, re.M))} }}\n"}
RUNS = os.environ.get("PRESS_RUN") != "0"  # `make book` sets it: its listings can only be read


def add_own_scripts(app, config):
    """Add the folders in `web`, the book's own, to those of the press, and let its scripts plug in."""
    if config.press["web"]:
        for folder in sorted(path for path in Path(app.srcdir, config.press["web"]).iterdir() if path.is_dir()):
            FOLDERS.setdefault(folder.name, []).append(folder)
    BEFORE.update({script: f'import "./{own}";\n' for script, own in config.press["plugs"].items()})


@functools.cache
def version():
    """The query string for the addresses of all scripts and styles: if one changes, browsers fetch all of them again."""
    files = b"".join(path.read_bytes() for folder in FOLDERS for path in scripts(folder))
    return hashlib.sha256(files + repr((translations(), BEFORE)).encode()).hexdigest()[:8]


def published(text):
    """A script or a style without its comments, a sixth of its bytes. A script imports others of its own edition."""
    text = re.sub(r"^ *//.*\n", "", text, flags=re.MULTILINE)
    text = re.sub(r"(^| +)/\*.*?\*/", "", text, flags=re.MULTILINE | re.DOTALL)
    return re.sub(r"""(["`])(\.{1,2}/[\w/${}.-]+\.js)\1""", rf"\1\2?v={version()}\1", text)


def in_language(file):
    """A script or a style, with what the book puts before it, and its sentences in the language of the book."""
    text = BEFORE.get(file.name, "") + file.read_text("utf-8")
    return translated(text) if file.suffix == ".js" else translated_style(text)


def scripts(folder):
    return sorted((path for place in FOLDERS[folder] for path in place.glob("*") if path.is_file()), key=lambda path: path.name)


def addresses_of_scripts(app):
    """What a page may ask for, scripts, styles, fonts and lists, as addresses from the site's root."""
    kinds = (".js", ".css", ".woff2")
    folders = [folder for folder in FOLDERS if RUNS or folder != "run"]
    own = [(folder, path) for folder in folders for path in scripts(folder) if path.suffix in kinds]
    edition = {".woff2": ""}  # the style asks for a font by its name alone
    files = [f"{folder}/{path.name}" for folder, path in own if path.name != "offline-worker.js"]
    return [f"{file}{edition.get(Path(file).suffix, f'?v={version()}')}" for file in files + app.files_of_scripts]


def for_a_page(svg):
    """A figure, an SVG given as text, as dark.py makes it, and its lines to a hundredth of a point."""
    return re.sub(r' (?:d|x|y)="[^"]*"', lambda line: re.sub(r"(\.\d\d)\d+", r"\1", line[0]), dark.for_a_page(svg))


def write_files(app, error):
    if error or app.builder.name != "html":
        return
    write_scripts(app)
    if has_own_theme(app.config):
        write_beside_pages(app)


def write_scripts(app):
    out, is_own = Path(app.outdir), has_own_theme(app.config)
    for folder in [folder for folder in FOLDERS if folder != "_static" and (RUNS or folder != "run")]:
        shutil.rmtree(out / folder, ignore_errors=True)  # scripts of an earlier build
        (out / folder).mkdir()
        for path in scripts(folder):
            shutil.copyfile(path, out / folder / path.name)  # a read-only one is written below
    folders = [folder for folder in FOLDERS if folder != "_static" or is_own]
    for file in [file for folder in folders for file in (out / folder).glob("*.*s") if file.suffix in (".js", ".css")]:
        file.write_text(published(in_language(file)), "utf-8")


def write_beside_pages(app):
    """What the scripts of the press's own theme ask for, and search engines."""
    out, env, base = Path(app.outdir), app.env, app.config.html_baseurl
    for figure in (out / "_images").glob("*.svg"):
        figure.write_text(for_a_page(figure.read_text("utf-8")), "utf-8")
    for name in env.found_docs:
        source = Path(app.srcdir, name + ".md")
        if source.exists() and name in env.external_site_map:
            shutil.copyfile(source, out / "_sources" / f"{name}.md")
    (out / "page" / "offline-worker.js").replace(out / "offline-worker.js")  # it controls only its own folder
    (out / "scripts.json").write_text(json.dumps(addresses_of_scripts(app)), "utf-8")  # for press/page/offline.js
    (out / "search-index.js").write_text(search_script(app), "utf-8")
    (out / "questions-for-anki.txt").write_text(deck(app.config.html_title, app.anki_cards), "utf-8")
    (out / "questions.json").write_text(questions_file(app.asked), "utf-8")
    sitemap = out / "sitemap.xml"
    sitemap.unlink(missing_ok=True)
    if not base:  # a sitemap has whole addresses
        return
    pages = [base, *(f"{base}{app.builder.get_target_uri(name)}" for name in sorted(env.found_docs - {app.config.root_doc}))]
    sitemap.write_text(
        '<?xml version="1.0" encoding="utf-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        + "".join(f"<url><loc>{escape(page)}</loc></url>\n" for page in pages)
        + "</urlset>\n",
        "utf-8",
    )
