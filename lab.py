"""Open the course in JupyterLab: `python lab.py`, on every system, with Python 3.11 or newer.

The first call creates an environment in .venv with the pinned packages and utils, and fetches the data. Later calls need no
network. Options are passed on to JupyterLab. Editors and nbconvert can use the environment in .venv too.
"""

import importlib.util
import os
import ssl
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
ENVIRONMENT = ROOT / ".venv"
PYTHON = str(ENVIRONMENT / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
PINS = ROOT / "requirements.txt"
STAMP = ENVIRONMENT / "learn"
PORT = 8888  # which .devcontainer forwards


def is_ready():
    """Whether this script, or make, has set up the environment since the pins last changed."""
    stamps = [stamp for stamp in (STAMP, ENVIRONMENT / "ready") if stamp.exists()]
    return any(stamp.stat().st_mtime > PINS.stat().st_mtime for stamp in stamps)


def set_up():
    """Create the environment. Raises SystemExit with a message, or after pip's own message, if that fails."""
    if sys.version_info < (3, 11):  # noqa: UP036  an older Python may run this script
        sys.exit("The course needs Python 3.11 or newer, and this is Python %d.%d." % sys.version_info[:2])
    if importlib.util.find_spec("ensurepip") is None:
        sys.exit("This Python can't create environments. On Debian and Ubuntu, install python3-venv and run this again.")
    print("Setting up .venv: a few minutes, the first time only ...", flush=True)
    if Path(sys.prefix) != ENVIRONMENT:
        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    if sys.platform == "linux":  # pip before 24.2 ignores the certificates that the system trusts
        os.environ.setdefault("PIP_CERT", ssl.get_default_verify_paths().cafile or "")
    for step in (
        ["-m", "pip", "install", "-q", "--require-hashes", "-r", PINS],
        ["-m", "pip", "install", "-q", "--no-deps", "--no-build-isolation", "-e", ROOT],
        ["-c", "import utils; utils.fashion_mnist_arrays()"],
    ):
        done = subprocess.run([PYTHON, *step], cwd=ROOT)
        if done.returncode:
            sys.exit(done.returncode)
    STAMP.touch()


def codespaces():
    """Options for GitHub Codespaces, where the browser uses another address: Jupyter must print it and accept it as an origin."""
    name, domain = (os.environ.get(key) for key in ("CODESPACE_NAME", "GITHUB_CODESPACES_PORT_FORWARDING_DOMAIN"))
    if not (name and domain):
        return []
    address = f"https://{name}-{PORT}.{domain}"
    settings = {"custom_display_url": address, "allow_origin": address, "allow_remote_access": True}
    settings |= {"port": PORT, "port_retries": 0}
    return ["--no-browser", *(f"--ServerApp.{key}={value}" for key, value in settings.items())]


def main():
    if not is_ready():
        set_up()
    command = [
        *(PYTHON, "-m", "jupyterlab"),
        "--LabApp.default_url=/lab/tree/chapters/00_introduction.ipynb",
        f"--LabApp.app_settings_dir={ROOT / 'tools/setup/jupyterlab'}",  # a chapter's Markdown opens as a notebook
        *codespaces(),
        *sys.argv[1:],
    ]
    os.chdir(ROOT)
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    os.execv(PYTHON, command)


if __name__ == "__main__":
    main()
