"""Find the browser that tests, PDF and measurements need, or install one: `python -m tools.setup.install_browser`.

`python -m tools.setup.install_browser firefox` does the same for Firefox, in which one chapter is tested weekly.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tools.browser.chromium import find_browser
from tools.browser.firefox import find_firefox

# For each browser: the function that finds it, its packages in Debian, and the command that installs it elsewhere. One package is
# enough; older releases lack the first.
BROWSERS = {
    "chromium": (
        find_browser,
        ["chromium-headless-shell", "chromium"],
        [sys.executable, "-m", "playwright", "install", "chromium"],
    ),
    "firefox": (find_firefox, ["firefox-esr"], ["false"]),  # by hand only: Playwright installs its own build
}


def install_browser(packages, elsewhere):
    """Install a browser: for root on Debian by the first of `packages` that can be had, otherwise by the command `elsewhere`."""
    release = Path("/etc/os-release")
    if shutil.which("apt-get") and os.geteuid() == 0 and "ID=debian" in release.read_text(encoding="utf-8").splitlines():
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for package in packages:
            if subprocess.run([*install, package], check=package == packages[-1], env=quiet).returncode == 0:
                return
    else:
        subprocess.run(elsewhere, check=True)


def main(name="chromium"):
    find, packages, elsewhere = BROWSERS[name]
    try:
        if not find():
            install_browser(packages, elsewhere)
    except subprocess.CalledProcessError:
        sys.exit(
            f"No {name} found, and installing one failed. Install it (or Google Chrome for chromium) by hand and run this again."
        )
    path = find()
    if not path:
        sys.exit("A browser was installed but isn't found. Put its folder on PATH and run this again.")
    print(f"The tests' {name}: {path}")


if __name__ == "__main__":
    main(*sys.argv[1:])
