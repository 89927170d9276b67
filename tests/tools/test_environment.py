"""The set-up: an environment is whole or begun anew, and what prevents it is told in one sentence."""

import csv
import os
import shutil
import signal
import subprocess
import sys

import pytest

from press.notebooks.chapters import ROOT
from tools.setup import environment

pytestmark = [pytest.mark.own_engine, pytest.mark.named_chapters, pytest.mark.any_prose]

PINS = "requirements.txt"


@pytest.fixture
def project(tmp_path):
    """A copy of what an environment is made from."""
    for name in (PINS, "requirements-dev.txt", "pyproject.toml", "LICENSE"):
        shutil.copy(ROOT / name, tmp_path)
    for name in ("tools/setup", "utils"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


def set_up(project, **variables):
    """A process that makes the copy's .venv-own."""
    command = [sys.executable, project / "tools/setup/environment.py", ".venv-own"]
    pipe, variables = subprocess.PIPE, {**os.environ, "UV": environment.find_uv(), **variables}
    return subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env=variables, start_new_session=True)


CHANGES = {
    "nothing": lambda project: None,
    "the pins": lambda project: (project / PINS).write_text("newer==1.0"),
    "what is done to it": lambda project: (project / "tools/setup/course_mxnet.py").write_text("import utils"),
    "its place": lambda project: project.rename(f"{project}-moved"),
    "its Python, which is gone": lambda project: environment.python_of(project / ".venv").unlink(),
    "the file that is written last": lambda project: (project / ".venv/ready").unlink(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_an_environment_is_kept_until_something_that_it_is_made_from_changes(project, monkeypatch, change):
    python = environment.python_of(project / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    monkeypatch.setattr(environment, "ROOT", project)
    (project / ".venv/ready").write_bytes(environment.digest(PINS) + b"\n" + os.fsencode(project))
    CHANGES[change](project)
    here = project if project.exists() else project.with_name(f"{project.name}-moved")
    monkeypatch.setattr(environment, "ROOT", here)
    assert environment.is_ready(here / ".venv", PINS) == (change == "nothing")


def test_what_is_pinned_is_installed_by_its_hashes(project, monkeypatch):
    """Else a pin without one would be installed, whatever the index gives for it."""
    commands = []
    for name in ("begin_anew", "create", "trust_what_the_system_trusts"):
        monkeypatch.setattr(environment, name, lambda *_: None)
    monkeypatch.setattr(environment, "online", lambda *command: commands.append([*map(str, command)]))
    monkeypatch.setattr(environment, "find_uv", lambda: "uv")
    (project / ".venv").mkdir()
    environment.make(project / ".venv", PINS, [])
    assert [command for command in commands if PINS in command and "--require-hashes" not in command] == []
    assert any(PINS in command for command in commands)


def test_a_place_that_cannot_be_written_is_told_in_one_sentence(project):
    (project / ".venv-own").touch()
    made = set_up(project)
    said = f"{project / '.venv-own'} can't be made: File exists. Make room, or copy the project to a folder of your own.\n"
    assert (made.communicate()[1], made.returncode) == (said, 1)


def test_a_network_that_is_not_there_is_told_in_one_sentence(project):
    nowhere = {"HTTPS_PROXY": "http://127.0.0.1:9", "UV_HTTP_RETRIES": "0", "UV_NO_CACHE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    made = set_up(project, **nowhere)
    assert made.communicate()[1].startswith("No package can be fetched (")
    assert made.returncode == 1 and not (project / ".venv-own/ready").exists()


@pytest.mark.weekly
@pytest.mark.skipif(os.name == "nt", reason="a process that kills itself")
def test_an_environment_that_was_interrupted_is_begun_anew_and_whole(project):
    first = set_up(project)
    while not list(project.glob(".venv-own/lib/python*/site-packages/*.dist-info")):
        assert first.poll() is None, first.communicate()
    os.killpg(first.pid, signal.SIGKILL)
    first.communicate()
    again = set_up(project)
    assert (again.communicate()[1], again.returncode) == ("", 0)
    [packages] = project.glob(".venv-own/lib/python*/site-packages")
    for record in packages.glob("*.dist-info/RECORD"):
        with record.open(encoding="utf-8", newline="") as file:
            assert [row[0] for row in csv.reader(file) if not (packages / row[0]).exists()] == [], record
