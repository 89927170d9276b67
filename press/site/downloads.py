"""Download the third-party files of the site, and verify each by its entry in press/site/pyodide.toml.

`python -m press.site.downloads ARCHIVE`, by `make pyodide-files`, writes all of them into one archive.
"""

import functools
import os
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
import zlib
from pathlib import Path

from platformdirs import user_cache_path

from press.atomic import save

from . import fetch

PINNED = Path(__file__).with_name("pyodide.toml")
PINS = tomllib.loads(PINNED.read_text(encoding="utf-8"))
GROUPS = ("core", "matplotlib")
MOST_BYTES = 100_000_000  # of a file whose size is in no pin
CACHE = user_cache_path("press-for-jupyter-book") / f"pyodide-{PINS['pyodide']}"
DAMAGED = (tarfile.TarError, zipfile.BadZipFile, zlib.error, EOFError)  # raised by unpacking


def all_sources():
    """The sources in the order in which they are tried: first the folder, archive or address in PYODIDE_FILES."""
    own = os.environ.get("PYODIDE_FILES")
    if own and not own.startswith("https://"):
        if not Path(own).exists():
            raise FileNotFoundError(f"PYODIDE_FILES={own}: there is no such folder or archive. `make pyodide-files` writes one.")
        own = Path(own)
    return [*([own] if own else []), *(source.format(pyodide=PINS["pyodide"]) for source in PINS["sources"])]


def fetch_assets(folder=CACHE, sources=None):
    """Every pinned file, as {group: [path, ...]}, as `fetch_files` finds it."""
    found = fetch_files({name: pin for group in GROUPS for name, pin in PINS[group].items()}, folder, sources)
    return {group: [found[name] for name in PINS[group]] for group in GROUPS}


def fetch_files(pins, folder=CACHE, sources=None):
    """The files of `pins`, {name: {"sha256", and "bytes" if known}}, as {name: path}.

    They come from `folder` or from the first of `sources` with an intact copy. Downloads are kept in `folder`.
    Raises RuntimeError, with the error of each source, if none has a file.
    """
    sources = all_sources() if sources is None else sources
    folder.mkdir(parents=True, exist_ok=True)
    found = {name: folder / name for name, pin in pins.items() if _is_right(folder / name, pin)}
    failures = {}
    for source in sources:
        read = functools.partial(_pinned, open_source(source, pins), pins)
        fetch.collect(pins, found, failures, source, read, functools.partial(save, folder))
    if len(found) < len(pins):
        missing, tried = sorted(pins.keys() - found), "".join(f"\n  - {source}: {reason}" for source, reason in failures.items())
        raise RuntimeError(f"No source has {', '.join(missing)}. Tried:{tried}")
    return {name: folder / name for name in pins}


def _is_right(path, pin):
    return path.is_file() and not fetch.difference(path.read_bytes(), pin.get("bytes"), pin["sha256"])


def _pinned(read, pins, name):
    """The content read by `read(name)`. Raises ValueError unless it is the pinned file."""
    content = read(name)
    if differs := fetch.difference(content, pins[name].get("bytes"), pins[name]["sha256"]):
        raise ValueError(f"{name} is refused: {differs}")
    return content


def open_source(source, pins, most_bytes=None):
    """A function that returns the content of a file by its name.

    `source` is the path of a folder or an archive, an address, or a registry and a package in it. A file at an address may have
    at most `most_bytes` bytes, by default the size in its pin, or else MOST_BYTES.
    """
    if isinstance(source, Path):
        content = functools.cache(_unpacked)
        return lambda name: (source / name).read_bytes() if source.is_dir() else _named(name, content(source))
    registry, _, package = source.partition(" ")
    if not package:
        return lambda name: fetch.download(source + name, most_bytes or pins[name].get("bytes", MOST_BYTES))
    content = functools.cache(_package)

    return lambda name: _named(name, content(registry, package))


def canonical(name):
    """The one spelling of a package's name, of which Pyodide's lock file has several."""
    return name.lower().replace("_", "-")


def _named(name, content):
    if name not in content:
        raise FileNotFoundError(f"{name} is not in it")
    return content[name]


def _package(registry, package):
    """`package`, downloaded by npm or pip and unpacked by `_unpacked`. Raises OSError if that fails or takes too long."""
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            "npm": ["npm", "pack", "--silent", package, "--pack-destination", folder],
            "pypi": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", package, "-d", folder],
        }
        print(f"Fetching {package} ...")
        try:
            command = {"check": True, "capture_output": True, "text": True, "cwd": folder, "timeout": fetch.SECONDS_PER_FILE}
            subprocess.run(commands[registry], **command)
        except subprocess.SubprocessError as error:
            raise OSError((error.stderr or str(error)).strip().splitlines()[-1]) from None
        return _unpacked(next(Path(folder).iterdir()))


def _unpacked(package):
    """{name: content} of the archive `package` itself and of all files in it. Raises OSError if it is damaged."""
    content = {package.name: package.read_bytes()}
    try:
        if package.suffix == ".tgz":
            with tarfile.open(package) as archive:
                files = [member for member in archive if member.isfile()]
                return content | {Path(member.name).name: archive.extractfile(member).read() for member in files}
        with zipfile.ZipFile(package) as archive:
            return content | {Path(name).name: archive.read(name) for name in archive.namelist()}
    except DAMAGED as error:
        raise OSError(f"{package.name} is damaged: {error}") from error


def write_archive(archive):
    """Write every pinned file into a zip archive, and print its size. The same files make the same bytes."""
    paths = sorted(path for group in fetch_assets().values() for path in group)
    archive.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as written:
        for path in paths:
            entry = zipfile.ZipInfo(path.name)  # of 1 January 1980
            entry.external_attr = 0o644 << 16
            written.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 6)  # 9 saves 0.1 % in twice the time
    print(f"{archive}: {len(paths)} files, {archive.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    write_archive(Path(sys.argv[1]))
