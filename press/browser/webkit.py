"""Drive WebKit, the engine of Safari, by WebDriver: Debian's webkit2gtk-driver has it, with a small browser around it."""

import contextlib
import json
import os
import shutil
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from types import SimpleNamespace

from .chromium import NoBrowser
from .server import free_port, listens

MINUTES = 3  # a machine under load may need many
CAPABILITIES = {"alwaysMatch": {"timeouts": {"pageLoad": MINUTES * 60_000}}}
SETTINGS = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",  # there is none for root
    "WEBKIT_DISABLE_COMPOSITING_MODE": "1",  # without a graphics card
    # Its compiler runs in threads that yield to all others: on a busy machine Python would not have started after two minutes.
    "JSC_useConcurrentJIT": "0",
}
# The driver can also await a promise, but now and then it never answers. So the page keeps the answer until it is asked for.
BEGIN = """window.answer = undefined;
    (async () => %s)().then(
        (value) => { window.answer = { value: value ?? null }; },
        (error) => { window.answer = { error: String(error) }; },
    );"""


def find_webkit() -> str | None:
    """The path of WebKit's driver on this machine, or None. WebKit opens a window, so it needs Xvfb too."""
    return shutil.which("Xvfb") and shutil.which("WebKitWebDriver")


@contextlib.contextmanager
def open_webkit() -> Iterator[SimpleNamespace]:
    """Yield WebKit as three functions: `go(address)`, `evaluate(expression)`, which awaits a promise, and `draw(points)`.

    `points` are (x, y) in CSS pixels in the visible part of the page. Raises NoBrowser if there is none, and RuntimeError if the
    page raises an error.
    """
    if find_webkit() is None:
        raise NoBrowser("no WebKit is here; `make webkit` installs one")
    with contextlib.ExitStack() as stack:
        screen = stack.enter_context(started("Xvfb", "-displayfd", "1", "-screen", "0", "1280x1000x24", stdout=subprocess.PIPE))
        environment = {**os.environ, **SETTINGS, "DISPLAY": f":{screen.stdout.readline().decode().strip()}"}
        port = free_port()
        driver = stack.enter_context(started(find_webkit(), f"--port={port}", stdout=subprocess.DEVNULL, env=environment))
        while not listens(port):
            assert driver.poll() is None, "WebKit's driver exited before it opened its port"
            time.sleep(0.1)
        address = f"http://127.0.0.1:{port}/session"
        session = f"{address}/{ask('POST', address, capabilities=CAPABILITIES)['sessionId']}"
        stack.callback(leave, session)
        yield SimpleNamespace(
            go=lambda page: go(session, page),
            evaluate=lambda expression: evaluate(session, expression),
            draw=lambda points: draw(session, points),
        )


@contextlib.contextmanager
def started(*command, **options):
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, **options)
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


def ask(method, address, **body):
    data = json.dumps(body).encode() if method == "POST" else None
    request = urllib.request.Request(address, method=method, data=data, headers={"Content-Type": "application/json"})
    try:
        with urllib.request.urlopen(request, timeout=MINUTES * 60) as answer:
            return json.load(answer)["value"]
    except urllib.error.HTTPError as error:
        raise RuntimeError(f"WebKit: {json.load(error)['value']['message']}") from None


def leave(session):
    with contextlib.suppress(urllib.error.URLError):  # Ctrl+C has ended the driver too, and the error to see is another
        ask("DELETE", session)


def go(session, page):
    """Open a page. The driver may answer while the page before is still there, and what is evaluated there is lost with it."""
    execute(session, "window.isLeft = true")
    ask("POST", f"{session}/url", url=page)
    until(session, "return !window.isLeft && document.readyState === 'complete'", f"{page} has loaded")


def evaluate(session, expression):
    execute(session, BEGIN % expression)
    answer = until(session, "return window.answer ?? null", f"there is an answer of {expression}")
    if "error" in answer:
        raise RuntimeError(answer["error"])
    return answer["value"]


def until(session, script, what):
    end = time.monotonic() + MINUTES * 60
    while not (answer := execute(session, script)):
        if time.monotonic() > end:
            raise TimeoutError(f"WebKit: not true within {MINUTES} minutes: {what}")
        time.sleep(0.1)
    return answer


def execute(session, script):
    return ask("POST", f"{session}/execute/sync", script=script, args=[])


def draw(session, points):
    """Press the mouse at the first point, move it along the others, and let it go."""
    moves = [{"type": "pointerMove", "x": round(x), "y": round(y), "duration": 0} for x, y in points]
    actions = [moves[0], {"type": "pointerDown", "button": 0}, *moves[1:], {"type": "pointerUp", "button": 0}]
    ask("POST", f"{session}/actions", actions=[{"type": "pointer", "id": "mouse", "actions": actions}])
