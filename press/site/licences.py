"""List the licences of all third-party files of the site, from the packages' metadata."""

import zipfile
from email.parser import BytesParser

HEAD = """The third-party software on this site, with licences and home pages. Each wheel in run/pyodide has its licence's text.

"""

# Parts without metadata of their own: name, version, licence, home.
OTHERS = [
    ("Pyodide", "{pyodide}", "MPL-2.0", "https://github.com/pyodide/pyodide"),
    ("CPython and its library, in Pyodide", "{python}", "PSF-2.0", "https://docs.python.org/3.12/license.html"),
    ("Emscripten's libraries, in Pyodide", "{emscripten}", "MIT or NCSA", "https://github.com/emscripten-core/emscripten"),
    ("CodeMirror 6, the editor of the listings", "", "MIT, © 2018 Marijn Haverbeke and others", "https://codemirror.net"),
    ("MiniSearch, in the search", "", "MIT, © 2022 Luca Ongaro", "https://github.com/lucaong/minisearch"),
    ("Iosevka, the font of code", "", "OFL-1.1", "https://github.com/be5invis/Iosevka"),
    ("STIX Two Math, the formulas' font", "", "OFL-1.1", "https://github.com/stipub/stixfonts"),
]


def write_licences(own, wheels, lock, path):
    """Write a line for each of `wheels` and for the other parts into the file `path`.

    own: what the book has of others: [(name, licence, home), ...].
    lock: Pyodide's lock file, as a dict, reduced to what the site has.
    """
    info = lock["info"]
    versions = {
        "pyodide": info["version"],
        "python": info["python"],
        "emscripten": info["platform"].removeprefix("emscripten_").replace("_", "."),
    }
    lines = [(name, version.format(**versions), *rest) for name, version, *rest in OTHERS]
    lines += [(name, "", *rest) for name, *rest in own]
    parts = [package for package in lock["packages"].values() if package["package_type"] != "package"]  # libraries, of Python too
    lines += [(part["name"], part["version"], "as Pyodide has it", OTHERS[0][-1]) for part in parts]
    told = [metadata(wheel) for wheel in wheels if wheel.name not in {part["file_name"] for part in parts}]
    lines += [licence(one) for one in told if one["Name"] not in {name for name, *_ in own}]
    lines.sort(key=lambda line: line[0].lower())
    widths = [max(map(len, column)) for column in zip(*lines)]
    path.write_text(HEAD + "".join("  ".join(map(str.ljust, line, widths)).rstrip() + "\n" for line in lines), encoding="utf-8")


def metadata(wheel):
    with zipfile.ZipFile(wheel) as archive:
        name = next(name for name in archive.namelist() if name.endswith(".dist-info/METADATA"))
        return BytesParser().parsebytes(archive.read(name))


def licence(metadata):
    """(name, version, licence, home) from a package's metadata. Raises ValueError if it names no licence."""
    name, version = metadata["Name"], metadata["Version"]
    stated = metadata["License-Expression"] or metadata["License"] or ""
    if not stated or "\n" in stated:  # the full text instead of a name
        groups = [line for line in metadata.get_all("Classifier", []) if line.startswith("License ::")]
        stated = ", ".join(line.rpartition(" :: ")[2] for line in groups)
    if not stated:
        raise ValueError(f"{name} {version} names no licence in its metadata: name it in the setting `licences` of the book.")
    return name, version, stated, home(metadata)


def home(metadata):
    addresses = dict(line.split(", ", 1) for line in metadata.get_all("Project-URL", []))
    by_name = {name.lower(): address for name, address in addresses.items()}
    known = (by_name.get(name) for name in ("homepage", "source", "source code", "repository"))
    return metadata["Home-page"] or next(filter(None, known), "")
