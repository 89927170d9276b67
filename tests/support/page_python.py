"""The Python of a page, press/run/kernel.py, in a Python here: what it gives to the page, without a browser.

The JavaScript around it is two modules. Stand-ins collect what they would send to the page, and never wait or stop.
"""

import asyncio
import contextlib
import inspect
import io
import json
import operator
import os
import subprocess
import sys
from types import SimpleNamespace

import yaml

from press.notebooks.chapters import ROOT

START = "from tests.support.page_python import answer; answer()"
sent = []


@contextlib.contextmanager
def open_kernel(**variables):
    """A function that calls one of the kernel's, ask(name, *arguments), and returns (what that gives, what was sent to the page).

    `variables` are those of the environment, in the place of this course's own.
    """
    book = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["press"]
    path = os.pathsep.join(map(str, [ROOT, ROOT / "press" / "run", ROOT / "web" / "run"]))
    own = {"BOOK_PACKAGE": book["package"], "BOOK_ASKS": " ".join(book["asks"]), "MLP_ENGINE": "own", "PYTHONPATH": path}
    environment = {**os.environ, **own, **variables}
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
    with subprocess.Popen([sys.executable, "-c", START], env=environment, **pipes) as python:

        def ask(*call):
            python.stdin.write(json.dumps(call) + "\n")
            python.stdin.flush()
            said = python.stdout.readline()
            assert said, f"Python has ended at {call}"
            return json.loads(said)

        yield ask
        python.stdin.close()


class Stream(io.TextIOBase):
    """What is printed, as the page's worker sends it."""

    def write(self, text):
        sent.append(text)
        return len(text)

    def reconfigure(self, **_):
        pass


def answer():
    out = sys.stdout
    never = SimpleNamespace(begin=lambda: None, end=lambda: None, canWait=lambda: False, stopped=False)
    sys.modules["worker"] = SimpleNamespace(send=lambda kind, text: sent.append(f"{text}\n"), interrupt=never)
    sys.modules["pyodide"] = sys.modules["pyodide.ffi"] = SimpleNamespace(
        can_run_sync=lambda: False, create_proxy=lambda function: function, run_sync=None
    )
    sys.stdout = sys.stderr = Stream()
    import kernel

    kernel.start_over = lambda: start_over(kernel)
    for line in sys.stdin:
        name, *arguments = json.loads(line)
        print(json.dumps(asyncio.run(call(operator.attrgetter(name)(kernel), arguments))), file=out, flush=True)


async def call(function, arguments):
    sent.clear()
    given = function(*arguments)
    return await given if inspect.iscoroutine(given) else given, "".join(sent)


def start_over(kernel):
    """Forget what listings have computed, as a new Python does."""
    import __main__

    for name in [name for name in vars(__main__) if not name.startswith("__")]:
        del vars(__main__)[name]
    kernel.changes()
    kernel.random_after.clear()
    kernel.drawn_last = None
