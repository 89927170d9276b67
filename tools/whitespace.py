"""Take blanks off the ends of lines, and give each file one line break at its end: `python tools/whitespace.py FILE ...`.

Exits 1 if it changed a file, so that a commit is looked at again.
"""

import re
import sys
from pathlib import Path


def tidy(text):
    text = re.sub(r"[ \t\r]+$", "", text, flags=re.M).rstrip("\n")
    return text + "\n" if text else ""


def main(names):
    changed = [name for name in names if tidy(text := Path(name).read_bytes().decode()) != text]
    for name in changed:
        Path(name).write_bytes(tidy(Path(name).read_bytes().decode()).encode())
        print(f"tidied {name}")
    sys.exit(bool(changed))


if __name__ == "__main__":
    main(sys.argv[1:])
