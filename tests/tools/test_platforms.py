"""The course in an unusual environment: no network, no root privileges, a read-only checkout, a path with blanks and non-ASCII
letters, and an unusual time zone, language and Matplotlib backend, all at once.
"""

import os
import shutil
import subprocess
import sys

import pytest

from press.notebooks.chapters import ROOT
from utils.data import data_folder
from utils.files import FILES

pytestmark = [pytest.mark.weekly, pytest.mark.linux]
FILES_THERE = [
    "chapters/03_activation.ipynb",
    "tests/chapters/test_chapters.py",
    "tests/engine/test_error_messages.py",
    "tests/page/test_small_book.py",
]
NAMES_THERE = "ipynb or (test_chapters and 03_activation) or mistake or a_book_without_the_site"


def cut_off(*command):
    """The command, wrapped to run with no network except loopback, and without root's capabilities."""
    as_root = [] if os.geteuid() == 0 else ["sudo", "-n", "-E"]
    user = [f"--reuid={os.getuid()}", f"--regid={os.getgid()}", "--init-groups", "--bounding-set=-all", "--inh-caps=-all"]
    return [*as_root, "unshare", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh", "setpriv", *user, *command]


@pytest.fixture(scope="module")
def odd_place(tmp_path_factory, tracked):  # the second, because it needs git
    """A read-only copy of the checkout, and the environment variables for its tests."""
    probe = subprocess.run(cut_off("true"), capture_output=True, text=True)
    if probe.returncode:
        pytest.fail(f"the network can't be cut off here: {probe.stderr.strip()}")
    here = tmp_path_factory.mktemp("elsewhere")
    copy, home = here / "Übungen für ein Netz" / "the course", here / "home"
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    for name in filter(lambda name: (ROOT / name).is_file(), listed.stdout.split("\0")):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, copy / name)
    subprocess.run(["chmod", "-R", "a-w", copy], check=True)
    home.mkdir()
    data = data_folder()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "PYTHONPATH": str(copy),
        "PYTHONDONTWRITEBYTECODE": "1",
        "TZ": "Asia/Kathmandu",
        "LANG": "tr_TR.ISO-8859-9",
        "LC_ALL": "tr_TR.ISO-8859-9",
        "MPLBACKEND": "pdf",
        **({"FASHION_MNIST_DIR": str(data)} if (data / list(FILES)[0]).exists() else {}),
    }
    yield copy, environment
    subprocess.run(["chmod", "-R", "u+w", copy], check=True)


def run(odd_place, *command):
    copy, environment = odd_place
    return subprocess.run(cut_off(sys.executable, *command), cwd=copy, env=environment, capture_output=True, text=True)


def test_the_environment_is_as_unusual_as_intended(odd_place):
    away = run(odd_place, "-c", "import socket; socket.create_connection(('192.0.2.1', 80), 5)")
    assert "Network is unreachable" in away.stderr
    write = run(odd_place, "-c", "open('README.md', 'a')")
    assert "PermissionError" in write.stderr
    where = run(odd_place, "-c", "import utils, time; print(utils.__file__, time.tzname[0])")
    assert where.stdout.endswith("/Übungen für ein Netz/the course/utils/__init__.py +0545\n"), where


def test_the_tests_pass_there(odd_place):
    options = "-m pytest --nbval --nbval-current-env -o addopts= -q -p no:cacheprovider --basetemp".split()
    done = run(odd_place, *options, f"{odd_place[1]['HOME']}/tests", *FILES_THERE, "-k", NAMES_THERE)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert "skipped" not in done.stdout
