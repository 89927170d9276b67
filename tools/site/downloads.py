"""The files from elsewhere that the site passes on, each held to its line in web/pyodide.toml."""

import hashlib
import subprocess
import sys
import tarfile
import tempfile
import tomllib
import zipfile
from pathlib import Path

import requests
from platformdirs import user_cache_path
from tqdm import tqdm

PINS = tomllib.loads((Path(__file__).resolve().parents[2] / "web" / "pyodide.toml").read_text())
GROUPS = ("core", "matplotlib", "notebook")
CACHE = user_cache_path("mlp-from-scratch") / f"pyodide-{PINS['pyodide']}"
TIMEOUT = (5, 20)  # seconds to connect, and from one packet to the next


def fetch_assets(folder=CACHE, sources=PINS["sources"]):
    """Every pinned file, as {group: [path, ...]}, from `folder` or else from the first of `sources` that has it, right and whole.

    What is fetched is kept in `folder`. Raises RuntimeError, with what each source said, when a file can't be had.
    """
    wanted = {name: pin for group in GROUPS for name, pin in PINS[group].items()}
    folder.mkdir(parents=True, exist_ok=True)
    missing = {name for name, pin in wanted.items() if not _is_right(folder / name, pin)}
    said = []
    for source in sources:
        if missing:
            for name, content in _offers(source, sorted(missing), said):
                if differs := _difference(content, wanted[name]):
                    said.append(f"{source}: {name} is refused: {differs}")
                else:
                    _save(folder / name, content)
                    missing.discard(name)
    for line in said:
        print(line, file=sys.stderr)
    if missing:
        raise RuntimeError(f"No source has {', '.join(sorted(missing))}. The lines above say what each answered.")
    return {group: [folder / name for name in PINS[group]] for group in GROUPS}


def _is_right(path, pin):
    return path.is_file() and not _difference(path.read_bytes(), pin)


def _difference(content, pin):
    """How `content` differs from what is pinned, or None."""
    if len(content) != pin["bytes"]:
        return f"{len(content):,} bytes instead of {pin['bytes']:,}"
    found = hashlib.sha256(content).hexdigest()
    return f"its SHA-256 is {found} instead of {pin['sha256']}" if found != pin["sha256"] else None


def _save(path, content):
    part = path.with_name(f".{path.name}.part")
    part.write_bytes(content)
    part.replace(path)


def _offers(source, names, said):
    """(name, content) of those of `names` that `source` has; what goes wrong is added to `said`."""
    kind, _, package = source.partition(" ")
    try:
        if package:
            with tempfile.TemporaryDirectory() as folder:
                yield from _unpacked(_download_package(kind, package, Path(folder)), names)
        else:
            yield from _from_address(source, names)
    except (OSError, subprocess.CalledProcessError) as error:
        said.append(f"{source}: {str(getattr(error, 'stderr', None) or error).strip().splitlines()[-1]}")


def _from_address(address, names):
    """Each file that is there. Raises OSError at the first that doesn't come for another reason than not being there."""
    with requests.Session() as session:
        for name in tqdm(names, desc=address, unit="file", disable=None):
            response = session.get(address + name, timeout=TIMEOUT)
            if response.status_code != 404:
                response.raise_for_status()
                yield name, response.content


def _download_package(kind, package, folder):
    """The one file that the registry's own client, npm or pip, brings for `package`."""
    commands = {
        "npm": ["npm", "pack", "--silent", package, "--pack-destination", folder],
        "pypi": [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:", package, "-d", folder],
    }
    print(f"Fetching {package} ...")
    subprocess.run(commands[kind], check=True, capture_output=True, text=True, cwd=folder)
    return next(folder.iterdir())


def _unpacked(package, names):
    """(name, content) of the package itself and of the files in it, wherever they lie in it."""
    if package.name in names:
        yield package.name, package.read_bytes()
    elif package.suffix == ".tgz":
        with tarfile.open(package) as archive:
            for member in archive:
                if Path(member.name).name in names:
                    yield Path(member.name).name, archive.extractfile(member).read()
    else:
        with zipfile.ZipFile(package) as archive:
            for member in archive.namelist():
                if Path(member).name in names:
                    yield Path(member).name, archive.read(member)
