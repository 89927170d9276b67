"""What the build downloads: every file verified, from the first source that has it; and the packages that a book names."""

import hashlib
import json
import re
import shutil
from pathlib import Path

import pytest
from sphinx.errors import ConfigError

from press.book.files import PRESS
from press.browser.server import serve
from press.site import downloads as assets
from press.site import packages


def sha256(path):
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_pins_of_packages_agree_with_pyodides_lock_file():
    official = json.loads((assets.CACHE / "pyodide-lock.json").read_text(encoding="utf-8"))
    assert official["info"]["version"] == assets.PINS["pyodide"]
    checksums = {package["file_name"]: package["sha256"] for package in official["packages"].values()}
    pinned = {name: pin["sha256"] for group in assets.GROUPS for name, pin in assets.PINS[group].items()}
    pins = {name: sha256 for name, sha256 in pinned.items() if name.endswith((".whl", ".zip"))}
    own = {"python_stdlib.zip"}  # part of the core
    assert {name: checksums.get(name) for name in pins.keys() - own} == {name: pins[name] for name in pins.keys() - own}


def test_the_map_says_which_python_a_page_has():
    wheels = " ".join(name for group in assets.GROUPS for name in assets.PINS[group])
    python, numpy, matplotlib = (re.search(rf"\b{start}(\d+\.?\d+)", wheels)[1] for start in ("cp3", "numpy-", "matplotlib-"))
    said = f"Python 3.{python} with its library, NumPy {numpy}, Matplotlib {matplotlib}"
    assert said in (PRESS / "README.md").read_text("utf-8")


def test_a_line_of_two_megabits_is_quick_enough():
    largest = max(pin["bytes"] for group in assets.GROUPS for pin in assets.PINS[group].values())
    assert 8 * largest / assets.fetch.SECONDS_PER_FILE < 2e6


def test_every_package_in_the_lock_file_is_intact(folder):
    pyodide = folder / "run" / "pyodide"
    lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
    names = {name.lower().replace("_", "-") for name in lock["packages"]}
    for package in lock["packages"].values():
        path = pyodide / package["file_name"]
        assert sha256(path) == package["sha256"], path
        assert {name.lower().replace("_", "-") for name in package["depends"]} <= names


def test_a_file_that_differs_from_its_pin_is_refused_and_the_next_source_tried(tmp_path, monkeypatch):
    monkeypatch.setenv("NO_PROXY", "*")  # the sources are on this machine
    bad, good, kept = tmp_path / "bad", tmp_path / "good", tmp_path / "kept"
    shutil.copytree(assets.CACHE, kept)
    shutil.copytree(assets.CACHE, good)
    bad.mkdir()
    damaged, missing = "six-1.16.0-py2.py3-none-any.whl", "cycler-0.12.1-py3-none-any.whl"
    content = bytearray((good / damaged).read_bytes())
    content[1000] ^= 1
    (bad / damaged).write_bytes(content)
    (bad / "404.html").write_text("not here", encoding="utf-8")
    (kept / damaged).write_bytes(content)  # as after a disk error
    (kept / missing).unlink()
    with serve(bad) as source:
        with pytest.raises(RuntimeError) as caught:
            assets.fetch_assets(kept, [source])
    assert str(caught.value).startswith(f"No source has {missing}, {damaged}. Tried:")
    assert str(caught.value).endswith(f"\n  - {source}: {damaged} is refused: its SHA-256 differs")
    (good / "404.html").write_text("not here", encoding="utf-8")
    with serve(good) as source:
        assets.fetch_assets(kept, ["http://127.0.0.1:9/", source])  # the first refuses connections
    assert all(sha256(kept / name) == sha256(good / name) for name in (damaged, missing))


def test_a_folder_or_an_archive_of_ones_own_is_all_that_a_site_needs(tmp_path, monkeypatch):
    archive = tmp_path / "files.zip"
    assets.write_archive(archive)
    assert archive.stat().st_size < 18e6
    for own in (archive, assets.CACHE):
        monkeypatch.setenv("PYODIDE_FILES", str(own))
        source, *others = assets.all_sources()
        found = assets.fetch_assets(tmp_path / "kept" / own.name, [source])
        assert [len(found[group]) for group in assets.GROUPS] == [len(assets.PINS[group]) for group in assets.GROUPS] and others
    monkeypatch.setenv("PYODIDE_FILES", str(tmp_path / "nowhere.zip"))
    with pytest.raises(FileNotFoundError, match="nowhere.zip: there is no such folder or archive"):
        assets.fetch_assets()


@pytest.mark.parametrize("ending", [".tgz", ".whl"])
def test_a_truncated_package_is_a_failure_of_its_source(tmp_path, ending):
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "file").write_bytes(bytes(range(256)) * 1000)
    kind = {".tgz": "gztar", ".whl": "zip"}[ending]
    package = Path(shutil.make_archive(tmp_path / "made", kind, tmp_path / "folder")).rename(tmp_path / f"package{ending}")
    assert assets._unpacked(package)["file"] == bytes(range(256)) * 1000
    package.write_bytes(package.read_bytes()[: package.stat().st_size // 2])
    with pytest.raises(OSError, match=f"package{ending} is damaged: "):
        assets._unpacked(package)


def test_a_host_of_ones_own_comes_before_the_others(monkeypatch):
    monkeypatch.setenv("PYODIDE_FILES", "https://example.org/pyodide/")
    assert assets.all_sources() == [
        "https://example.org/pyodide/",
        *(source.format(pyodide=assets.PINS["pyodide"]) for source in assets.PINS["sources"]),
    ]


def names(files):
    return {file.partition("-")[0] for file in files}


def test_a_package_comes_with_what_it_depends_on_but_what_is_there():
    chosen = packages.chosen(["scikit-learn", "networkx", "python_dateutil"])
    assert names(chosen["scikit-learn"]["files"]) == {"scikit_learn", "scipy", "openblas", "joblib", "threadpoolctl"}
    assert names(chosen["python_dateutil"]["files"]) == {"python_dateutil", "six"}
    assert "networkx" in names(chosen["networkx"]["files"]) and "matplotlib" not in names(chosen["networkx"]["files"])
    assert packages.imports(chosen) == {"sklearn", "networkx", "dateutil"}
    asking = packages.asking(chosen)
    assert asking["scikit-learn"] == ["sklearn"] and "networkx" in asking["matplotlib"] and "sklearn" not in asking["matplotlib"]


def test_a_package_that_pyodide_does_not_have_is_named():
    with pytest.raises(ConfigError, match="Pyodide .* has no package 'tensorflow'"):
        packages.chosen(["scipy", "tensorflow"])


def test_a_package_that_differs_from_the_lock_file_is_refused(tmp_path):
    file, sha256_there = next(iter(packages.chosen(["pytz"])["pytz"]["files"].items()))
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / file).write_bytes(b"another file")
    with pytest.raises(RuntimeError, match=f"{file} is refused: its SHA-256 differs"):
        assets.fetch_files({file: {"sha256": sha256_there}}, tmp_path / "kept", [tmp_path / "own"])
