"""The packages that a book's setting `packages` names, of those in Pyodide's lock file, with what they depend on."""

import functools
import json

from sphinx.errors import ConfigError

from .downloads import GROUPS, PINS, canonical, fetch_assets, fetch_files

# Names in a listing with which a package may draw: a table of pandas has a method `plot`.
DRAW = ["hist", "plot"]


def use_packages(app, config):
    """Find the packages that a book asks for. Raises ConfigError for a name that Pyodide does not have."""
    app.packages = chosen(config.press["packages"])


def chosen(names):
    """{name: its entry in Pyodide's lock file, with `files`, {file: SHA-256}, of it and of what it depends on}."""
    if not names:
        return {}
    packages = locked()
    if unknown := [name for name in names if canonical(name) not in packages]:
        raise ConfigError(
            f"press: packages: Pyodide {PINS['pyodide']} has no package {unknown[0]!r}; its pyodide-lock.json lists all."
        )
    return {name: {**packages[canonical(name)], "files": files_of(name, packages)} for name in names}


@functools.cache
def locked():
    """The packages in Pyodide's lock file, by the one spelling of their names."""
    [lock] = [path for path in fetch_assets()["core"] if path.name == "pyodide-lock.json"]
    return {canonical(name): package for name, package in json.loads(lock.read_text(encoding="utf-8"))["packages"].items()}


def files_of(name, packages):
    """What a page loads for a package: all that is not in the group core, and of Matplotlib, which has a group too, nothing."""
    needed = with_dependencies([name], packages, {"numpy"})
    groups = GROUPS if "matplotlib" in needed else ["core"]
    there = {file for group in groups for file in PINS[group]}
    files = {packages[one]["file_name"]: packages[one]["sha256"] for one in needed}
    return {file: sha256 for file, sha256 in files.items() if file not in there}


def with_dependencies(names, packages, seen):
    """The packages `names` and all their dependencies, except those in `seen`, to which they are added."""
    all_names = []
    for name in map(canonical, names):
        if name not in seen:
            seen.add(name)
            all_names += [name, *with_dependencies(packages[name]["depends"], packages, seen)]
    return all_names


def imports(packages):
    """The modules that the packages have."""
    return {module for package in packages.values() for module in modules(package)}


def asking(packages):
    """For each group of files the names in a listing that ask for it, as press/run/book.py has them."""
    drawing = [package for name, package in packages.items() if "matplotlib" in with_dependencies([name], locked(), set())]
    own = {name: modules(package) for name, package in packages.items()}
    return {**own, "matplotlib": [*DRAW, *(module for package in drawing for module in modules(package))]}


def modules(package):
    """The modules of a package; the lock file writes the name of some as that of the package."""
    return [name.partition(".")[0].replace("-", "_") for name in package["imports"]]


def fetch_packages(packages):
    """The files of the packages, as {name: [path, ...]}."""
    wanted = {file: {"sha256": sha256} for package in packages.values() for file, sha256 in package["files"].items()}
    found = fetch_files(wanted) if wanted else {}
    return {name: [found[file] for file in package["files"]] for name, package in packages.items()}
