"""Find the browser that the tests, the PDF and the measuring of pages need, or install one: `python -m tools.setup.browser`."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.browser import find_browser


def install_browser():
    """Bring a Chromium: from Debian for root there, else Playwright's own."""
    release = Path("/etc/os-release")
    if shutil.which("apt-get") and os.geteuid() == 0 and "ID=debian" in release.read_text().splitlines():
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"],
            check=True,
            env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        )
    else:
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=True)


def main():
    try:
        if not find_browser():
            install_browser()
    except subprocess.CalledProcessError as error:
        sys.exit(
            f"No Chrome or Chromium found, and installing one failed ({' '.join(error.cmd[:4])} ...).\n"
            "Install Chromium or Google Chrome by hand and run this again."
        )
    path = find_browser()
    if not path:
        sys.exit("A browser was installed but isn't found. Put its folder on PATH and run this again.")
    print(f"The tests' browser: {path}")


if __name__ == "__main__":
    main()
