"""The browser that the book's tests and its PDF need: `python tools/browser.py` finds a Chrome or Chromium, or installs one.

Also a small web server that answers as a static host does.
"""

import contextlib
import gzip
import http.server
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge"]
PLACES = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
]
CACHES = [
    os.environ.get("PLAYWRIGHT_BROWSERS_PATH"),
    "~/.cache/ms-playwright",
    "~/Library/Caches/ms-playwright",
    "~/AppData/Local/ms-playwright",
]
IN_CACHE = ["chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*/Contents/MacOS/*", "chromium-*/chrome-win*/chrome.exe"]


def find_browser():
    """The path of a Chrome or Chromium that starts on this machine, or None."""
    own = [path for cache in CACHES if cache for pattern in IN_CACHE for path in Path(cache).expanduser().glob(pattern)]
    for path in [*map(shutil.which, NAMES), *PLACES, *own]:
        if path and Path(path).exists() and _starts(path):
            return str(path)
    return None


def _starts(path):
    """Whether the file is a browser, not the stand-in that some systems put in its place."""
    return os.name == "nt" or subprocess.run([path, "--version"], capture_output=True).returncode == 0


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


@contextlib.contextmanager
def open_browser():
    """A headless browser, as Playwright drives it. Raises RuntimeError where there is none."""
    from playwright.sync_api import sync_playwright

    path = find_browser()
    if path is None:
        raise RuntimeError("No Chrome or Chromium found. `make browser` installs one.")
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"] if root else [])
        try:
            yield browser
        finally:
            browser.close()


@contextlib.contextmanager
def serve(folder, path="/"):
    """Serve a folder under a path of a local address, and yield that address.

    As a static host does: text compressed, and 404.html for what isn't there.
    """
    folder = Path(folder).resolve()
    packed = {}

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self):
            asked = self.path.split("?")[0]
            file = folder / asked.removeprefix(path)
            file = file / "index.html" if asked.endswith("/") else file
            found = asked.startswith(path) and file.is_file() and folder in file.resolve().parents
            file = file if found else folder / "404.html"
            kind = TYPES.get(file.suffix, "application/octet-stream")
            compress = file.suffix not in (".png", ".woff2", ".gz")
            if file not in packed:
                packed[file] = gzip.compress(file.read_bytes(), 6) if compress else file.read_bytes()
            self.send_response(200 if found else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(packed[file])))
            if compress:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(packed[file])

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{path}"
    finally:
        server.shutdown()
        server.server_close()


TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".xml": "application/xml",
}


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
