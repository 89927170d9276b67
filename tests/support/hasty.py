"""A page whose Python waits for messages fifty times as often, so that it does so at each moment when it might break down."""

import hashlib
import json
import re


def hasty(context, folder):
    """Let the pages of a browser context wait every two milliseconds. It must block service workers. `folder`: the site's."""
    run = folder / "run"
    worker = (run / "worker.js").read_text(encoding="utf-8")
    worker, count = re.subn(r"const LISTEN = \d+;", "const LISTEN = 2;", worker)
    assert count == 1
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    entry = next(file for file in manifest["files"] if file["path"] == "worker.js")
    entry.update(bytes=len(worker.encode()), sha256=hashlib.sha256(worker.encode()).hexdigest())
    context.route("**/run/manifest.json*", lambda route: route.fulfill(json=manifest))
    context.route("**/run/worker.js*", lambda route: route.fulfill(body=worker, content_type="text/javascript"))
    return context
