"""Pin another version of Pyodide, by default the current one again: `make pyodide VERSION=0.27.7`.

Writes names, sizes and checksums into pyodide.toml beside this file. Every package is verified by its checksum in
pyodide-lock.json, the lock file in Pyodide's core. Then `make test-browser`. Other last digits are stored by
`python -m tools.browser_numbers`.
"""

import hashlib
import json
import re
import sys

from press.site.downloads import GROUPS, MOST_BYTES, PINNED, PINS, canonical, open_source
from press.site.packages import with_dependencies

CORE = ["pyodide.js", "pyodide.asm.js", "pyodide.asm.wasm", "python_stdlib.zip", "pyodide-lock.json"]
# The packages that a page needs, by the group in which it loads them; their dependencies come from Pyodide's lock file.
WANTED = {"core": ["numpy"], "matplotlib": ["matplotlib"]}
NEVER_IMPORTED = ["fonttools", "matplotlib-pyodide", "pytz"]  # dependencies of Matplotlib that figures in a page don't use


def renew(version):
    """The text of pyodide.toml for `version`. Raises RuntimeError if a file is unavailable or has the wrong checksum."""
    sources = [open_source(source.format(pyodide=version), {}, MOST_BYTES) for source in PINS["sources"]]
    files = {"core": {name: read(sources, name) for name in CORE}}
    packages = {canonical(name): package for name, package in json.loads(files["core"][CORE[-1]])["packages"].items()}
    seen = set(NEVER_IMPORTED)
    for group, names in WANTED.items():
        for package in [packages[name] for name in with_dependencies(names, packages, seen)]:
            content = files.setdefault(group, {})[package["file_name"]] = read(sources, package["file_name"])
            if sha256(content) != package["sha256"]:
                raise RuntimeError(f"{package['file_name']} is not the file that Pyodide's own list names.")
    head = PINNED.read_text(encoding="utf-8").partition("[core]")[0]
    tables = [f"[{group}]\n" + "".join(map(line, files[group].items())) for group in GROUPS]
    return re.sub('(?<=^pyodide = ").*(?="$)', version, head, flags=re.M) + "\n".join(tables)


def read(sources, name):
    """The content of a file from the first source that has it."""
    for source in sources:
        try:
            return source(name)
        except OSError as error:
            reason = error
    raise RuntimeError(f"No source has {name}: {reason}")


def line(file):
    name, content = file
    return f'"{name}" = {{ bytes = {len(content)}, sha256 = "{sha256(content)}" }}\n'


def sha256(content):
    return hashlib.sha256(content).hexdigest()


if __name__ == "__main__":
    PINNED.write_text(renew(sys.argv[1] if sys.argv[1:] else PINS["pyodide"]), encoding="utf-8")
