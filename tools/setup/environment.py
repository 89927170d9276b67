"""Make an environment of the project: `python tools/setup/environment.py .venv`, by any Python from 3.9 on, on every system.

.venv has what the project is worked on with, and MXNet where MXNet has wheels; .venv-own has the newest Python and NumPy, and no
MXNet; .venv-torch is .venv with PyTorch. lab.py makes a smaller .venv, for learners. An environment is whole or begun anew: the
file `ready`, which says what it is made from, is written last. uv installs the packages; if it is missing, it comes into .tools.
"""

import contextlib
import hashlib
import importlib.util
import os
import platform
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TOOLS = ROOT / ".tools"
PYTHON = sys._base_executable  # not that of an environment, which may be the one to be made
NEWEST = "3.14"


def python_of(folder):
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def is_ready(folder, pins):
    """Whether an environment has been made in this place from these pins. One that is a link is its owner's affair."""
    if folder.is_symlink():
        return True
    try:
        made_from, place = folder.joinpath("ready").read_bytes().split(b"\n", 1)
        return made_from == digest(pins) and python_of(folder).exists() and os.path.samefile(os.fsdecode(place), ROOT)
    except (OSError, ValueError):
        return False


def digest(pins):
    """A hash of what an environment is made from."""
    files = ROOT / pins, ROOT / "tools/setup/course_mxnet.py", Path(__file__)
    return hashlib.sha256(b"".join(path.read_bytes() for path in files)).hexdigest().encode()


def set_up(folder, pins, pythons):
    """Make an environment, unless it is ready, with the first of `pythons` that can be had. Returns whether it was made now.

    Raises SystemExit with a sentence if that fails.
    """
    try:
        if is_ready(folder, pins):
            return False
        with alone():
            if not is_ready(folder, pins):  # another call may have made it meanwhile
                make(folder, pins, pythons)
        return True
    except OSError as error:
        sys.exit(f"{folder} can't be made: {error.strerror}. Make room, or copy the project to a folder of your own.")


@contextlib.contextmanager
def alone():
    """One call at a time. The lock is on the project's folder, and on no file; a program that outlives this one still has it."""
    if os.name == "nt":
        yield
        return
    import fcntl

    lock = os.open(ROOT, os.O_RDONLY)
    os.set_inheritable(lock, True)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        print("Another call sets up an environment here. Waiting for it ...", flush=True)
        fcntl.flock(lock, fcntl.LOCK_EX)
    except OSError:
        pass  # a file system without locks
    try:
        yield
    finally:
        os.close(lock)


def make(folder, pins, pythons):
    print(f"Setting up {folder.name}: a minute or a few, the first time only ...", flush=True)
    begin_anew(folder)
    trust_what_the_system_trusts()
    uv, python = find_uv(), python_of(folder)
    create(uv, folder, pythons)
    online(uv, "pip", "sync", "-q", "--python", python, "--require-hashes", pins)
    # A second for its grammars, in all that reads a notebook: jsonschema asks it of letters in addresses, and does without it.
    online(uv, "pip", "uninstall", "-q", "--python", python, "rfc3987-syntax")
    online(uv, "pip", "install", "-q", "--python", python, "--no-deps", "--no-build-isolation", "-e", ".")
    online(python, "tools/setup/course_mxnet.py")
    if folder.name == ".venv-torch":
        # PyTorch is not pinned, because the right build depends on the machine: choose one by PIP_FIND_LINKS or PIP_INDEX_URL. By
        # default, on Linux, pip installs the build for graphics cards, of 3 GB.
        print(f"Installing PyTorch into {folder.name}; on Linux that may be 3 GB ...", flush=True)
        online(python, "-m", "pip", "install", "-q", "torch>=2.6,<3")
    new = folder / "ready.new"
    new.write_bytes(digest(pins) + b"\n" + os.fsencode(ROOT))
    new.replace(folder / "ready")


def begin_anew(folder):
    """Remove what is there: uv takes what an interrupted call left for installed, although files of it are missing."""
    folder.mkdir(exist_ok=True)
    folder.joinpath("ready").unlink(missing_ok=True)  # first: from here on the rest is incomplete
    if os.name == "nt" and os.path.samefile(sys.prefix, folder):  # it can't remove the Python that runs this, only the packages
        shutil.rmtree(sysconfig.get_path("purelib"), ignore_errors=True)
    else:
        shutil.rmtree(folder)


def create(uv, folder, pythons):
    if python_of(folder).exists():  # it runs this
        return
    *wished, last = pythons
    for python in wished:
        if run(uv, "venv", "-q", "--python", python, folder).returncode == 0:
            return
        print(f"Python {python} is not available here: using another one.", flush=True)
    online(uv, "venv", "-q", "--python", last, folder)


def find_uv():
    """uv's path: that in the variable UV, or on the PATH, or in .tools, where it is installed if need be."""
    if found := shutil.which(os.environ.get("UV", "uv")) or shutil.which("uv", path=str(TOOLS)):
        return os.path.abspath(found)
    shutil.rmtree(TOOLS, ignore_errors=True)  # what an interrupted call left
    if run(PYTHON, "-m", "venv", TOOLS / "pip").returncode == 0:
        python = python_of(TOOLS / "pip")
    elif importlib.util.find_spec("pip"):
        python = sys.executable
    else:
        sys.exit("This Python has no venv. Install uv (https://docs.astral.sh/uv/) or, on Debian and Ubuntu, python3-venv.")
    online(python, "-m", "pip", "install", "-q", "--require-hashes", "--target", TOOLS / "new", "-r", "tools/setup/uv.txt")
    whole = Path(shutil.which("uv", path=str(TOOLS / "new/bin")))
    return whole.replace(TOOLS / whole.name)


def trust_what_the_system_trusts():
    """Let uv and pip trust the certificates that the system trusts, and uv the index of packages that pip is told to use.

    The proxy of a school or company may sign with a certificate of its own, and its mirror may be the only index. uv needs an
    option for the certificates. pip trusts them from version 24.2 on; an older one needs their path.
    """
    paths = ssl.get_default_verify_paths()
    certificates = paths.cafile or (paths.capath and os.listdir(paths.capath) and paths.capath)
    if certificates and sys.platform == "linux":
        os.environ.setdefault("PIP_CERT", certificates)
    if certificates or sys.platform != "linux":
        os.environ["UV_SYSTEM_CERTS"] = "1"
    if index := os.environ.get("PIP_INDEX_URL") or run(PYTHON, "-m", "pip", "config", "get", "global.index-url").stdout.strip():
        os.environ.setdefault("UV_DEFAULT_INDEX", index)


def online(*command):
    """Run a command that may need the network. Raises SystemExit with the reason if it fails.

    Without a network or room on the disk, uv and pip say much, and pip in the end names a wrong cause.
    """
    done = run(*command)
    if done.returncode and re.search("error sending request|connection broken", done.stderr):
        reason = re.findall(r"(?<=cause: ).*|\[(?:Errno|WinError|SSL)[^']*", done.stderr)[-1:]
        sys.exit(
            f"No package can be fetched ({''.join(reason)}). Connect to the internet, or set HTTPS_PROXY if that needs a proxy, "
            "and run this again."
        )
    if done.returncode and re.search("No space left|os error 112", done.stderr):  # the second is Windows'
        sys.exit("The disk is full. Make room for some 2 GB, and run this again.")
    if done.returncode:
        sys.exit(done.stdout + done.stderr)


def run(*command):
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, errors="replace", close_fds=False)


def main(name):
    needs_3_11 = platform.machine() == "x86_64" and name != ".venv-own"  # MXNet's wheels do
    set_up(ROOT / name, "requirements-dev.txt", ["3.11"] if needs_3_11 else [NEWEST, ">=3.12"])


if __name__ == "__main__":
    try:
        main(sys.argv[1])
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run this again.")
