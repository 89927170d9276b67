"""The Python of a page, press/run/kernel.py, in a Python here: what it gives to the page, without a browser.

The JavaScript around it is two modules. Stand-ins collect what they would send to the page, and never wait or stop.
"""

import asyncio
import inspect
import io
import json
import operator
import os
import subprocess
import sys
from types import SimpleNamespace

from press.notebooks.chapters import ROOT

START = "from tests.support.page_python import answer; answer()"
sent = []


def ask_kernel(*calls):
    """For calls (function of the kernel, *arguments), one after the other: [(what it gives, what was sent to the page), ...]."""
    environment = {**os.environ, "MLP_ENGINE": "own", "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'press' / 'run'}"}
    done = subprocess.run(
        [sys.executable, "-c", START], input=json.dumps(calls), env=environment, capture_output=True, text=True, encoding="utf-8"
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Stream(io.TextIOBase):
    """What is printed, as the page's worker sends it."""

    def write(self, text):
        sent.append(text)
        return len(text)

    def reconfigure(self, **_):
        pass


def answer():
    calls, out = json.load(sys.stdin), sys.stdout
    never = SimpleNamespace(begin=lambda: None, end=lambda: None, canWait=lambda: False, stopped=False)
    sys.modules["worker"] = SimpleNamespace(send=lambda kind, text: sent.append(f"{text}\n"), interrupt=never)
    sys.modules["pyodide"] = sys.modules["pyodide.ffi"] = SimpleNamespace(
        can_run_sync=lambda: False, create_proxy=lambda function: function, run_sync=None
    )
    sys.modules["lazy"] = SimpleNamespace(LAZY=())
    sys.stdout = sys.stderr = Stream()
    import kernel

    out.write(json.dumps([asyncio.run(call(operator.attrgetter(name)(kernel), arguments)) for name, *arguments in calls]))


async def call(function, arguments):
    sent.clear()
    given = function(*arguments)
    return await given if inspect.iscoroutine(given) else given, "".join(sent)
