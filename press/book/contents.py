"""The pages of the book, in order."""

import functools
from pathlib import Path

import yaml


@functools.cache
def pages() -> list[str]:
    """The names of the book's pages, such as "part/page", in the order of _toc.yml in the folder where this runs."""
    toc = yaml.safe_load(Path("_toc.yml").read_text("utf-8"))
    return [toc["root"], *(chapter["file"] for part in toc["parts"] for chapter in part["chapters"])]


def file_of(name: str) -> str:
    """The file of a page in the built book, such as "part/page.html"; the first page is index.html."""
    return "index.html" if name == pages()[0] else f"{name}.html"
