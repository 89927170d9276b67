"""A browser that has less than others: no storage, no SIMD, no JSPI, little memory."""

import contextlib
import hashlib
import json

from press.browser.chromium import launch
from press.browser.listings import open_page

# As where a browser blocks cookies, and with them all storage. Over plain http there are no caches anyway.
NO_STORAGE = """const refuse = () => { throw new DOMException("blocked", "SecurityError"); };
    Object.defineProperty(window, "localStorage", { get: refuse });
    Object.defineProperty(window, "caches", { get: refuse }); // as in a frame that is set apart
    if (isSecureContext) ServiceWorkerContainer.prototype.register = async () => refuse();"""


@contextlib.contextmanager
def humble_page(browser, folder, site, name):
    """A page in a browser without storage, SIMD and JSPI, with little memory, over plain http, as from a school's own server.

    Scripts have neither a cache nor checksums there: what arrives is verified by the browser.
    """
    flags = "--js-flags=--no-enable-sse4-1 --wasm-max-mem-pages=1600", "--host-resolver-rules=MAP school.test 127.0.0.1"
    with started_with(browser, *flags) as other:
        context = other.new_context()
        context.add_init_script(NO_STORAGE)
        page = open_page(context, site.replace("127.0.0.1", "school.test"), name)
        take_away_waiting(page, folder)
        yield page


def take_away_waiting(page, folder):
    """Remove JSPI from the page and its worker, as in browsers before 2025."""
    code = b"delete WebAssembly.Suspending; delete WebAssembly.promising;\n"

    def list_again(body):
        manifest = json.loads(body)
        entry = next(file for file in manifest["files"] if file["path"] == "worker.js")
        worker = code + (folder / "run" / "worker.js").read_bytes()
        entry.update(bytes=len(worker), sha256=hashlib.sha256(worker).hexdigest())
        return json.dumps(manifest).encode()

    alter(page, "python.js", code.__add__)
    alter(page, "worker.js", code.__add__)
    alter(page, "manifest.json", list_again)


def alter(page, name, change):
    """Let `change` alter the content of a file that the page requests below run/."""

    def answer(route):
        response = route.fetch(url=route.request.url.replace("school.test", "127.0.0.1"))
        route.fulfill(response=response, body=change(response.body()))

    page.route(f"**/run/{name}*", answer)


@contextlib.contextmanager
def started_with(browser, *arguments):
    """A second browser of the same kind, started with other arguments."""
    other = launch(browser.browser_type, *arguments)
    try:
        yield other
    finally:
        other.close()
