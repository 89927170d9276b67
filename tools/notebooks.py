"""Run the notebooks that are stale, refresh the others and the README's picture: `python -m tools.notebooks [CHAPTER ...]`."""

import sys

from press.notebooks import refresh
from press.notebooks.chapters import CHAPTERS, ROOT, picture, read_pair

ELSEWHERE = """\
PyTorch is set up by make test-torch. MXNet has packages for Linux and macOS on x86-64: if your computer is another, push your
branch, and CI compares the outputs, or open it in GitHub's Codespaces, and run make notebooks there."""


def main(names):
    not_run = refresh.main(names)
    # The README shows the result of the course: the figure of the introduction.
    (ROOT / "assets/result.svg").write_text(picture(read_pair(CHAPTERS[0])), encoding="utf-8")
    sys.exit(not_run and f"{not_run}\n{ELSEWHERE}")


if __name__ == "__main__":
    main(sys.argv[1:])
