"""A browser that ends without a word, as when the battery is empty."""

import contextlib
import os
import signal
import subprocess

from press.browser.chromium import find_browser


@contextlib.contextmanager
def to_be_killed(browser_type, profile):
    """Yield the context of a browser that keeps what it keeps in the folder `profile`. It is killed at the end."""
    options = ["--headless", "--no-sandbox", "--no-first-run", "--remote-debugging-port=0", f"--user-data-dir={profile}"]
    with subprocess.Popen([find_browser(), *options], stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
        try:
            address = next(line.split()[-1] for line in process.stderr if line.startswith("DevTools listening"))
            yield browser_type.connect_over_cdp(address).contexts[0]
        finally:
            os.killpg(process.pid, signal.SIGKILL)
