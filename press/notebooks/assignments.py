"""Write the course without its solutions, for a class: `python -m press.notebooks.assignments FILE`, by `make assignments`.

The zip file FILE has what is committed, except what the setting `solutions` names and the links to the solutions, and beside the
chapters those to write in. No notebook is executed.
"""

import io
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import nbformat

from press.notebooks.chapters import CHAPTERS, ROOT
from press.notebooks.slots import has_slots
from press.notebooks.to_write import beside_chapters
from press.settings import of_book

IN_SENTENCE = r"(?:[^.?!\n]|[.?!](?=\S))*"  # a dot within a number or link doesn't end a sentence
LINK = r"\[[^][]*\]\([^)\s]*\d\d_solutions_[^)\s]*\)"


def write_assignments(archive, commit="HEAD"):
    """Write the zip file `archive` of a commit. Raises SystemExit with a message where the project is no git checkout."""
    if not (ROOT / ".git").exists():
        sys.exit(f"The class's archive holds what git has committed, and {ROOT} is no checkout. Clone the repository for it.")
    command = ["git", "archive", "--format=zip", commit, *(f":(exclude){path}" for path in of_book(ROOT)["solutions"])]
    committed = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    archive.parent.mkdir(exist_ok=True)
    to_write = {f"chapters/{path.stem}.ipynb" for path in CHAPTERS if has_slots(path)}
    with zipfile.ZipFile(io.BytesIO(committed)) as course, zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as assignments:
        for entry in course.infolist():
            content = adapted(entry.filename, course.read(entry))
            assignments.writestr(entry, content)
            if entry.filename in to_write:
                pair = nbformat.reads(content, as_version=4)
                assignments.writestr(entry.filename.replace("chapters/", "write/"), beside_chapters(pair))


def adapted(name, content):
    """The content of a file, without entries of the contents, rows of tables and sentences that lead to a solution."""
    if name == "_toc.yml":
        without_files = re.sub(r".*\d\d_solutions_.*\n", "", content.decode())
        return re.sub(r"^  - caption:.*\n    chapters:\n(?!      - )", "", without_files, flags=re.M)  # a part needs a chapter
    if name == ".gitignore":
        return content.decode().replace("/write/\n", "")
    if name == "README.md":
        return without_tests(content.decode())
    if name.startswith(("chapters/", "reference/")) and name.endswith(".md"):
        return without_solutions(content.decode()) + "\n"
    if name.endswith(".ipynb"):
        notebook = nbformat.reads(content.decode(), as_version=4)
        for cell in notebook.cells:
            cell.source = without_solutions(cell.source) if cell.cell_type == "markdown" else cell.source
        return nbformat.writes(notebook) + "\n"
    return content


def without_tests(markdown):
    """A class gets no tests: nothing says that there are some, or how to run them."""
    without_lines = re.sub(r"^(?:make test\b|\|.*(?:`make test[` ]|`tests/`)).*\n", "", markdown, flags=re.M)
    return re.sub(rf"{IN_SENTENCE}`make test[` ]{IN_SENTENCE}[.?!]", "", without_lines)


def without_solutions(markdown):
    without_rows = re.sub(rf"^\|.*{LINK}.*\n", "", markdown, flags=re.M)
    without_heads = re.sub(r"^\| \*\*[^|]*\*\*(?: \|)+\n(?!\| [^*])", "", without_rows, flags=re.M)  # of parts that are empty now
    return re.sub(rf"{IN_SENTENCE}{LINK}{IN_SENTENCE}[.?!]", "", without_heads).strip("\n")


if __name__ == "__main__":
    write_assignments(Path(sys.argv[1]))
    print(f"Done: {sys.argv[1]}")
