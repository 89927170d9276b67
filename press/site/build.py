"""Add to the book's pages all files needed to run them in the browser: `python -m press.site BOOK SITE`, by `make site`.

run/manifest.json in the site lists the files that a page loads: path, bytes, SHA-256, and the group, which is loaded together;
and the pages, for a reader who keeps the whole course.
"""

import argparse
import gzip
import hashlib
import json
import os
import re
import shutil
from pathlib import Path

from flit_core.wheel import make_wheel_in

from press.notebooks.chapters import ROOT
from utils import data
from utils.judges import ways

from .downloads import canonical, fetch_assets
from .licences import write_licences
from .matplotlib_wheel import repack
from .portable import write_notebooks

MAX_MEGABYTES = 85
# Variables for the Python of the pages. BOOK_PACKAGE, where a book has one, is that whose module `page` press/run/book.py asks.
ENVIRONMENT = {"BOOK_PACKAGE": "utils", "MLP_ENGINE": "own", "FASHION_MNIST_DIR": "/run/fashion-mnist", "TQDM_DISABLE": "1"}


def build_site(book: Path, site: Path) -> None:
    """Build `site` from the pages in the folder `book` and the files that run them. If that fails, `site` is unchanged."""
    part = site.with_name(f".{site.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    shutil.copytree(book, part)
    run = part / "run"
    assets = fetch_assets()
    (run / "environment.json").write_text(json.dumps(ENVIRONMENT), encoding="utf-8")
    (run / "ways.json").write_text(json.dumps(ways.as_data(), ensure_ascii=False), encoding="utf-8")
    own = sorted(run.iterdir())
    in_worker = [path for path in own if path.suffix == ".py" or path.name in ("worker.js", "environment.json")]
    wheel = write_wheel(run / "wheels")
    groups = {
        "page": [path for path in own if path not in in_worker],
        "core": [*in_worker, wheel],
        "matplotlib": [],
        "data": write_data(run / "fashion-mnist"),
    }
    for group, paths in copy_pyodide(assets, run / "pyodide").items():
        groups.setdefault(group, []).extend(paths)
    write_notebooks(part / "notebooks", built_for(part), wheel)
    lock = json.loads((run / "pyodide" / "pyodide-lock.json").read_text(encoding="utf-8"))
    write_licences(sorted((run / "pyodide").glob("*.whl")), lock, run / "licences.txt")
    write_manifest(run, {group: groups[group] for group in ("page", "core", "matplotlib", "data")}, pages_of(part))
    replace(site, part)


def replace(site, part):
    """Move the folder `part` to `site`, unless it is larger than MAX_MEGABYTES: then raise SystemExit and leave `site`."""
    report(part)
    shutil.rmtree(site, ignore_errors=True)
    part.rename(site)


def built_for(book):
    """The address that a book is built for, the first entry of its sitemap, or None if it was built without one."""
    sitemap = book / "sitemap.xml"
    return re.search("<loc>(.*?)</loc>", sitemap.read_text(encoding="utf-8"))[1] if sitemap.exists() else None


def write_wheel(folder):
    """The wheel of utils: the same bytes for the same files."""
    folder.mkdir()
    os.environ["SOURCE_DATE_EPOCH"] = "315532800"  # 1 January 1980, the earliest date in a zip file
    wheel = make_wheel_in(ROOT / "pyproject.toml", folder).file
    wheel.chmod(0o644)
    return wheel


def write_data(folder):
    folder.mkdir()
    paths = []
    for name, content in data.verified_files(data.data_folder()).items():
        paths.append(folder / f"{name}.gz")
        paths[-1].write_bytes(gzip.compress(content, 6, mtime=0))
    return paths


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


def pages_of(site):
    """What the pages of a site show: themselves, their pictures, and the index of the search."""
    patterns = ("*.html", "chapters/*.html", "reference/*.html", "_images/*", "_static/*.svg", "search-index.js")
    return [path for pattern in patterns for path in sorted(site.glob(pattern))]


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


def report(site):
    """Print the megabytes of the site. Raises SystemExit if it is larger than MAX_MEGABYTES."""
    manifest = json.loads((site / "run" / "manifest.json").read_text(encoding="utf-8"))["files"]
    for group in dict.fromkeys(file["group"] for file in manifest):
        print(f"{group:12} {sum(file['bytes'] for file in manifest if file['group'] == group) / 1e6:7.1f} MB")
    megabytes = sum(path.stat().st_size for path in site.rglob("*") if path.is_file()) / 1e6
    print(f"{'the site':12} {megabytes:7.1f} MB, at most {MAX_MEGABYTES}")
    if megabytes > MAX_MEGABYTES:
        raise SystemExit("The site is too large.")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("book", type=Path)
    parser.add_argument("site", type=Path)
    arguments = parser.parse_args()
    build_site(arguments.book, arguments.site)
