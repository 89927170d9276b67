"""Add to a book's pages what their listings need to run in the browser: Python, its packages, and what the book has of its own.

run/manifest.json lists the files that a page loads: path, bytes, SHA-256, and the group, which is loaded together; and the pages,
for a reader who keeps the whole book.
"""

import hashlib
import importlib
import json
import os
import shutil
from pathlib import Path

from flit_core.wheel import make_wheel_in

from press.book.files import RUNS

from .downloads import canonical, fetch_assets
from .licences import write_licences
from .matplotlib_wheel import repack
from .packages import asking, fetch_packages


def add_python(app, error):
    """Add the files in the folder run to the pages as they are written, whose scripts are there already."""
    if error or not RUNS or app.builder.name != "html":
        return
    book, run = app.config.press, Path(app.outdir, "run")
    assets = fetch_assets() | fetch_packages(app.packages)
    (run / "environment.json").write_text(json.dumps(environment(book, app.packages)), encoding="utf-8")
    own = sorted(run.iterdir())
    in_worker = [path for path in own if path.suffix == ".py" or path.name in ("worker.js", "environment.json")]
    wheels = [write_wheel(Path(app.srcdir, "pyproject.toml"), run / "wheels")] if book["package"] else []
    groups = {
        "page": [path for path in own if path not in in_worker],
        "core": [*in_worker, *wheels, *copy_beside(app, run / "beside")],
    }
    for group, paths in copy_pyodide(assets, run / "pyodide").items():
        groups.setdefault(group, []).extend(paths)
    for group, (_label, function) in book["data"].items():
        module, _, name = function.rpartition(".")
        groups[group] = getattr(importlib.import_module(module), name)(run)
    lock = json.loads((run / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    write_licences(book["licences"], sorted((run / "pyodide").glob("*.whl")), lock, run / "licences.txt")
    write_manifest(run, groups, pages_of(app))
    report(run)


def environment(book, packages):
    """The variables of the Python of the pages: what press/run/book.py asks for, and the book's own."""
    told = {"BOOK_PACKAGE": book["package"], "BOOK_ASKS": " ".join(book["asks"])}
    told["BOOK_GROUPS"] = json.dumps(asking(packages)) if packages else ""
    return {**{name: value for name, value in told.items() if value}, **book["environment"]}


def copy_beside(app, folder):
    """Copy the files that listings import or name, each to where it lies in the book. Returns the new paths."""
    paths = sorted({path for about in app.env.metadata.values() for path in about.get("beside", [])})
    for path in paths:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(Path(app.srcdir, path), folder / path)
    return [folder / path for path in paths]


def write_wheel(pyproject, folder):
    """The wheel of the package that the file `pyproject` describes: the same bytes for the same files."""
    folder.mkdir()
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"  # 1 January 1980, the earliest date in a zip file
    wheel = make_wheel_in(pyproject, folder).file
    wheel.chmod(0o644)
    return wheel


def copy_pyodide(assets, folder):
    """Copy Pyodide and its packages into `folder`, and reduce its lock file to them. Returns the new paths, by group."""
    folder.mkdir()
    copied = {group: [Path(shutil.copy(path, folder)) for path in paths] for group, paths in assets.items()}
    repack(next(folder.glob("matplotlib-3*.whl")))
    lock = folder / "pyodide-lock.json"
    lock.write_text(json.dumps(packages_at_hand(json.loads(lock.read_text(encoding="utf-8")), folder)), encoding="utf-8")
    return copied


def packages_at_hand(lock, folder):
    """Pyodide's lock file, reduced to the packages and dependencies that are in `folder`, with their checksums there."""
    here = {key: package for key, package in lock["packages"].items() if (folder / package["file_name"]).exists()}
    for package in here.values():
        package["depends"] = [name for name in package["depends"] if canonical(name) in map(canonical, here)]
        package["sha256"] = sha256(folder / package["file_name"])
    return {**lock, "packages": here}


def pages_of(app):
    """What the pages of a book show: themselves, their pictures, and the index of the search."""
    site = Path(app.outdir)
    pages = {*site.glob("*.html"), *(Path(app.builder.get_outfilename(name)) for name in app.env.found_docs)}
    return [
        *sorted(pages),
        *(path for files in ("_images/*", "_static/*.svg", "search-index.js") for path in sorted(site.glob(files))),
    ]


def write_manifest(run, groups, pages):
    files = [
        {"path": path.relative_to(run).as_posix(), "bytes": path.stat().st_size, "sha256": sha256(path), "group": group}
        for group, paths in groups.items()
        for path in paths
    ]
    site = run.parent
    kept = {"paths": [path.relative_to(site).as_posix() for path in pages], "bytes": sum(path.stat().st_size for path in pages)}
    (run / "manifest.json").write_text(json.dumps({"files": files, "pages": kept}, indent=1) + "\n", encoding="utf-8")


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def report(run):
    """Print the megabytes of each group of files."""
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))["files"]
    for group in dict.fromkeys(file["group"] for file in manifest):
        print(f"{group:12} {sum(file['bytes'] for file in manifest if file['group'] == group) / 1e6:7.1f} MB")
