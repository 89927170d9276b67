"""Find the browser that tests, PDF and measurements need, or install one: `python -m tools.setup.install_browser`.

`python -m tools.setup.install_browser firefox` does the same for Firefox, and `... webkit` for WebKit, the engine of Safari: in
each of them some pages are tested weekly. Where none can be installed, it says why, and what needs no browser can still run; in
continuous integration that is a failure.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from press.browser.chromium import broken_browsers, find_browser
from press.browser.firefox import find_firefox
from press.browser.webkit import find_webkit

# For each browser: the function that finds it, its packages in Debian, and the command that installs it elsewhere. One line of
# packages is enough; older releases lack the first.
BROWSERS = {
    "chromium": (
        find_browser,
        ["chromium-headless-shell", "chromium"],
        [sys.executable, "-m", "playwright", "install", "chromium"],
    ),
    "firefox": (find_firefox, ["firefox-esr"], ["false"]),  # by hand only: Playwright installs its own build
    "webkit": (find_webkit, ["webkit2gtk-driver xvfb"], ["false"]),
}


def install_browser(packages, elsewhere):
    """Install a browser: for root on Debian by the first line of `packages` that can be had, otherwise by `elsewhere`."""
    release = Path("/etc/os-release")
    if shutil.which("apt-get") and os.geteuid() == 0 and "ID=debian" in release.read_text(encoding="utf-8").splitlines():
        subprocess.run(["apt-get", "update", "-qq"], check=True)
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends"]
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for package in packages:
            if subprocess.run([*install, *package.split()], check=package == packages[-1], env=quiet).returncode == 0:
                return
    else:
        print(f"Installing a browser: {' '.join(elsewhere)}", flush=True)
        subprocess.run(elsewhere, check=True, capture_output=True, text=True)


def main(name="chromium"):
    find, packages, elsewhere = BROWSERS[name]
    reasons = []
    try:
        if not find():
            install_browser(packages, elsewhere)
    except subprocess.CalledProcessError as error:
        reasons = re.findall(r"Error: .*", error.stderr or "")[:1]
    if path := find():
        print(f"The tests' {name}: {path}")
        return
    reasons += broken_browsers() if name == "chromium" else []
    print(
        f"NO BROWSER: no {name} starts here, and installing one failed. {' '.join(reasons)}\n"
        f"Install {name} (or Google Chrome for chromium) by hand, with the libraries that it needs. Until then, "
        "what needs it is NOT RUN."
    )
    sys.exit(bool(os.environ.get("CI")))


if __name__ == "__main__":
    main(*sys.argv[1:])
