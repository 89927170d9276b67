"""Open the course in JupyterLab: `python lab.py`, on every system, with any Python from 3.9 on.

The first call creates an environment in .venv with the pinned packages and utils, and fetches the data. Later calls need no
network. Each call writes the notebooks to write in that are missing in the folder `write`. Options are passed on to JupyterLab.
Editors and nbconvert can use the environment in .venv too.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
sys.path.insert(0, str(ROOT / "tools/setup"))
import environment  # noqa: E402

ENVIRONMENT = ROOT / ".venv"
PYTHON = str(environment.python_of(ENVIRONMENT))
PORT = 8888  # which .devcontainer forwards


def prepare():
    if not environment.is_ready(ENVIRONMENT, "requirements-dev.txt"):  # which make has made
        # The Python that runs this; one that is newer, where it is too old for the course.
        python = environment.PYTHON if sys.version_info >= (3, 11) else ">=3.11"  # noqa: UP036
        is_new = environment.set_up(ENVIRONMENT, "requirements.txt", [python])
        if is_new and subprocess.run([PYTHON, "-m", "tools.setup.data"], cwd=ROOT).returncode:
            sys.exit(1)
    # Ctrl+C reaches only this process, which then ends the one that writes; on Windows, once that has written.
    apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP} if os.name == "nt" else {"start_new_session": True}
    subprocess.run([PYTHON, "-m", "press.notebooks.to_write"], cwd=ROOT, **apart)  # says itself what prevents it


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
