"""Drive Firefox by WebDriver BiDi, because Playwright only drives its own build of Firefox."""

import contextlib
import json
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from websocket import create_connection

from .chromium import NoBrowser


def find_firefox() -> str | None:
    """The path of a Firefox on this machine, or None."""
    return shutil.which("firefox") or shutil.which("firefox-esr")


@contextlib.contextmanager
def open_firefox(address: str) -> Iterator[Callable[[str], Any]]:
    """Yield a function that evaluates JavaScript in the page at `address`, and awaits the result if it is a promise.

    Raises NoBrowser if there is no Firefox, and WebSocketTimeoutException for a promise that takes more than 15 minutes.
    """
    path = find_firefox()
    if path is None:
        raise NoBrowser("no Firefox is here; `make firefox` installs one")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, "--headless", "--profile", profile, "--remote-debugging-port=0"]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            place = Path(profile) / "WebDriverBiDiServer.json"  # Firefox writes its host and port there
            while not (place.exists() and place.read_text(encoding="utf-8").rstrip().endswith("}")):  # whole
                assert process.poll() is None, "Firefox exited before it opened its port"
                time.sleep(0.1)
            server = json.loads(place.read_text(encoding="utf-8"))
            address_there = f"ws://{server['ws_host']}:{server['ws_port']}/session"
            connection = create_connection(address_there, timeout=15 * 60, suppress_origin=True)
            ask(connection, "session.new", capabilities={})
            context = ask(connection, "browsingContext.getTree")["contexts"][0]["context"]
            ask(connection, "browsingContext.navigate", context=context, url=address, wait="complete")
            yield lambda expression: evaluate(connection, context, expression)
        finally:
            process.terminate()
            process.wait()


def ask(connection, method, **params):
    connection.send(json.dumps({"id": 1, "method": method, "params": params}))
    while (answer := json.loads(connection.recv())).get("id") != 1:
        pass  # an event, not the answer
    if answer["type"] == "error":
        raise RuntimeError(f"{method}: {answer['message']}")
    return answer["result"]


def evaluate(connection, context, expression):
    as_text = f"Promise.resolve({expression}).then(JSON.stringify)"
    answer = ask(connection, "script.evaluate", expression=as_text, target={"context": context}, awaitPromise=True)
    if answer["type"] == "exception":
        raise RuntimeError(answer["exceptionDetails"]["text"])
    return json.loads(answer["result"].get("value", "null"))
