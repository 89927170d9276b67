"""Open the course in JupyterLab: `python lab.py`, on every system, with Python 3.11 or newer.

The first call creates an environment in .venv with the pinned packages and utils, and fetches the data. Later calls need no
network. Each call writes the notebooks to write in that are missing in the folder `write`. Options are passed on to JupyterLab.
Editors and nbconvert can use the environment in .venv too.
"""

import importlib.util
import os
import re
import shutil
import ssl
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
PINS = ROOT / "requirements.txt"
STAMP = ENVIRONMENT / "learn"
PORT = 8888  # which .devcontainer forwards


def is_ready():
    """Whether this script, or make, has set up the environment, in this place, since the pins last changed."""
    stamps = [stamp for stamp in (STAMP, ENVIRONMENT / "ready") if stamp.exists() and is_here(stamp)]
    return Path(PYTHON).exists() and any(stamp.stat().st_mtime > PINS.stat().st_mtime for stamp in stamps)


def is_here(stamp):
    """Whether a stamp names this folder, and not one from which the project was moved."""
    place = os.fsdecode(stamp.read_bytes().strip())
    return os.path.exists(place) and os.path.samefile(place, ROOT)


def set_up():
    """Create the environment, from the beginning. Raises SystemExit with a message if that fails, and OSError."""
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python may run this script
        sys.exit("The course needs Python 3.11 or newer, and this is Python %d.%d." % sys.version_info[:2])
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python can't create environments. On Debian and Ubuntu, install python3-venv and run this again.")
    print("Setting up .venv: a few minutes, the first time only ...", flush=True)
    if Path(sys.prefix) == ENVIRONMENT:  # it can't remove the Python that runs this, only the packages
        for stamp in (STAMP, ENVIRONMENT / "ready"):
            stamp.unlink(missing_ok=True)
        shutil.rmtree(sysconfig.get_path("purelib"))
        run("-m", "ensurepip")
    else:
        venv.create(ENVIRONMENT, clear=True, with_pip=True, symlinks=os.name != "nt")  # some Pythons don't run as a copy
    if sys.platform == "linux":  # pip before 24.2 ignores the certificates that the system trusts
        os.environ.setdefault("PIP_CERT", ssl.get_default_verify_paths().cafile or "")
    run("-m", "pip", "install", "-q", "--require-hashes", "-r", PINS)
    run("-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT)
    run(ROOT / "tools/setup/course_mxnet.py")
    STAMP.write_bytes(os.fsencode(ROOT))
    if subprocess.run([PYTHON, "-m", "tools.setup.data"], cwd=ROOT).returncode:
        sys.exit(1)


def run(*arguments):
    """Run the environment's Python. Raises SystemExit with the reason if it fails."""
    done = subprocess.run([PYTHON, *arguments], cwd=ROOT, capture_output=True, text=True)
    if "connection broken" in done.stderr and done.returncode:  # of which pip says much, and in the end names a wrong cause
        reason = re.findall(r"\[(?:Errno|WinError|SSL)[^']*", done.stderr)[-1:]
        sys.exit(
            f"No package can be fetched ({''.join(reason)}). Connect to the internet, or set HTTPS_PROXY if that needs a proxy, "
            "and run this again."
        )
    if done.returncode:
        sys.exit(done.stderr)


def write_notebooks():
    """Write the notebooks to write in; where that can't be done, it says why.

    Ctrl+C reaches only this process, which then ends the one that writes; on Windows, once that has written.
    """
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}
    try:
        subprocess.run([PYTHON, "-m", "tools.notebooks.to_write"], cwd=ROOT, **apart)
    except KeyboardInterrupt:
        for part in ROOT.glob("write/*.part"):
            part.unlink()
        raise


def codespaces():
    """Options for GitHub Codespaces, where the browser uses another address: Jupyter must print it and accept it as an origin."""
    name, domain = (os.environ.get(key) for key in ("CODESPACE_NAME", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN"))
    if not (name and domain):
        return []
    address = f"https://{name}-{PORT}.{domain}"
    settings = {"custom_display_url": address, "allow_origin": address, "allow_remote_access": True}
    settings |= {"port": PORT, "port_retries": 0}
    return ["--no-browser", *(f"--ServerApp.{key}={value}" for key, value in settings.items())]


def prepare():
    try:
        if not is_ready():
            set_up()
        write_notebooks()
    except OSError as error:  # it may also be that of another user
        sys.exit(f"The environment {ENVIRONMENT} can't be used: {error.strerror}. Make room, or copy the project elsewhere.")
    except subprocess.CalledProcessError as error:  # of ensurepip
        said = (error.output or b"").decode(errors="replace")
        sys.exit(f"The environment {ENVIRONMENT} can't be made: {said or error} Make room, and run this again.")


def main():
    try:
        prepare()
    except KeyboardInterrupt:
        sys.exit("\nInterrupted. Run this again.")
    command = [
        *(PYTHON, "-m", "jupyterlab"),
        "--LabApp.default_url=/lab/tree/chapters/00_introduction.ipynb",
        f"--LabApp.app_settings_dir={ROOT / 'tools/setup/jupyterlab'}",  # a chapter's Markdown opens as a notebook
        *codespaces(),
        *sys.argv[1:],
    ]
    os.chdir(ROOT)  # the folder that JupyterLab shows, unless an option names another; the option can't be given twice
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(PYTHON, command)


if __name__ == "__main__":
    main()
