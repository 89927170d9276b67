"""How running in the page starts: small downloads, caching for the next visit, and one sentence for each failure."""

import contextlib
import json
import os
import re
import shutil
from types import SimpleNamespace

import pytest

from tools.browser.chromium import launch_options, wait_until
from tools.browser.listings import CHAPTER, ended, listing, open_page, press_run, run, write
from tools.browser.server import serve
from tools.site.build import sha256

# Small, and cached


def test_before_the_first_run_a_page_loads_only_two_small_files(folder, browser, site):
    context = browser.new_context()
    page = context.new_page()
    asked = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site).split("?")[0]))
    page.goto(f"{site}{CHAPTER}.html", wait_until="networkidle")
    more = [path for path in asked if path.startswith("run/")]
    assert sorted(more) == ["run/run.css", "run/start.js"]
    assert sum((folder / path).stat().st_size for path in more) < 14_000  # and some 600 bytes in the page itself
    context.close()


@pytest.fixture(scope="module")
def visitor(browser, folder):
    """A browser whose cache is shared by the tests that use it, the address of the site, and a function that ends its server."""
    context = browser.new_context()
    with contextlib.ExitStack() as stack:
        yield SimpleNamespace(context=context, site=stack.enter_context(serve(folder, "/course/")), stop_server=stack.close)
    context.close()


def test_first_visit_on_a_slow_network_can_be_stopped_and_fetches_nothing_twice(visitor):
    page = open_page(visitor.context, visitor.site)
    devtools = visitor.context.new_cdp_session(page)
    devtools.send("Network.enable")
    slow = {"offline": False, "latency": 20, "downloadThroughput": 2e6, "uploadThroughput": 1e6}
    devtools.send("Network.emulateNetworkConditions", slow)
    came, broken = [], []
    page.on("requestfinished", lambda request: came.append(request.url))
    page.on("requestfailed", lambda request: broken.append(request.url))
    press_run(page, 1)
    page.locator("[data-run-state=loading]").wait_for()
    page.locator(".run-meter", has_text=re.compile(r"^[1-9][0-9.]* of [1-9][0-9.]+ MB$")).wait_for()
    page.click(".run-bar .stop")
    assert ended(page) == ("stopped", "Stopped.")
    page.wait_for_timeout(300)
    assert [url for url in broken if "pyodide" in url], "the downloads were not aborted"
    devtools.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    assert run(page, 1, "print('all the same')")[2] == "all the same"
    devtools.send("Network.emulateNetworkConditions", {**slow, "offline": True})
    state, said, _ = run(page, 2, "import matplotlib")
    assert state == "failed" and said.startswith("Matplotlib did not arrive (pyodide/"), said
    assert said.endswith("What has been computed is kept.") and listing(page, 1).get_attribute("data-state") == "ran"
    devtools.send("Network.emulateNetworkConditions", {**slow, "downloadThroughput": -1})
    page.evaluate(STOP_LATE)
    assert run(page, 2)[:2] == ("stopped", "Stopped.") and listing(page, 2).get_attribute("data-state") == "edited"
    assert run(page, 2)[1].startswith("Listing 2 has run")
    files = [url for url in came if "/run/" in url and "manifest" not in url]
    assert len(files) == len(set(files)), "a file that had arrived was fetched again"
    page.evaluate("localStorage.clear()")  # edits move what the next test presses, when they are applied
    page.close()


# Presses Stop at the last moment of the next loading, when all files have arrived.
STOP_LATE = """() => {
    const send = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (message, ...more) {
        send.call(this, message, ...more);
        if (message.type !== "take") return;
        Worker.prototype.postMessage = send;
        document.querySelector(".run-bar .stop").click();
    };
}"""


def test_the_next_start_continues_from_what_this_one_kept(visitor):
    """A memory snapshot with modules that the listing does not import, and compiled modules of the packages."""
    look = "import os, sys\nprint('xml.dom.minidom' in sys.modules, os.path.exists('/run/compiled'))"
    seen, pythons = {}, []
    for kept in ("nothing", "both"):
        page = open_page(visitor.context, visitor.site)
        seen[kept] = run(page, 1, look)[2]
        if kept == "nothing":
            page.on("worker", lambda worker: pythons.append(worker))
            for _ in range(2):
                run(page, 1)
            wait_until(page, NEXT_START)
            assert len(pythons) == 1, "several Pythons prepared the next start"
        page.close()
    assert seen == {"nothing": "False False", "both": "True True"}


KEPT = """const cache = await caches.open(`listings of ${new URL("../run/", location.href)}`);
    const keys = await cache.keys(), kept = (name) => keys.find(({ url }) => url.includes(`/${name}?`));"""
NEXT_START = f"async () => {{ {KEPT} return Boolean(kept('memory') && kept('compiled')); }}"


def test_second_visit_runs_offline_without_old_editions_and_with_a_broken_snapshot(visitor):
    page = open_page(visitor.context, visitor.site)
    old = "`${new URL('..', location.href)}run/session.js?v=old`"
    put = f"(await caches.open(`pages of ${{new URL('..', location.href)}}`)).put({old}, new Response('old'))"
    page.evaluate(f"async () => {{ await {put}; }}")
    run(page, 2, "from utils import plt\nplt.plot([1, 2])")
    wait_until_kept(page)
    wait_until(page, f"async () => !(await caches.match({old}))")
    wait_until(page, NEXT_START)
    page.evaluate(f"async () => {{ {KEPT} await cache.put(kept('memory'), new Response('broken')); }}")
    page.close()
    visitor.stop_server()
    page = open_page(visitor.context, visitor.site)
    page.reload()
    for image in page.locator("main img").all():
        assert image.evaluate("image => (image.loading = 'eager', image.decode().then(() => image.naturalWidth))") > 0
    assert run(page, 1, "import numpy\nprint('offline')")[2] == "offline"
    page.goto(f"{visitor.site}chapters/05_loss.html")  # a page that was never opened
    assert "Measure how wrong it is" in page.inner_text("h1")
    page.goto(visitor.site)
    assert page.locator("h1").count() == 1
    page.goto(f"{visitor.site}search.html?q=gradient")
    page.locator("#search-results a, main li a").first.wait_for()


def wait_until_kept(page):
    """Wait until everything is cached: this page's pictures are the last."""
    kept = "(await (await caches.open(`pages of ${new URL('..', location.href)}`)).keys()).map(({ url }) => url)"
    pictures = "[...document.querySelectorAll('main img[src*=_images]')].map(({ src }) => src)"
    scripts = "['session.js', 'search'].every((name) => kept.some((url) => url.includes(name)))"
    wait_until(page, f"async () => {{ const kept = {kept}; return {pictures}.every((src) => kept.includes(src)) && {scripts}; }}")


def test_stop_holds_if_the_manifest_arrives_after_it(browser, site):
    context = browser.new_context(service_workers="block")
    page = open_page(context, site)
    asked, waiting = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.route("**/manifest.json*", lambda route: waiting.append(route))
    with page.expect_request("**/manifest.json*"):
        press_run(page, 1)
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    waiting[0].continue_()
    page.wait_for_timeout(500)
    assert page.locator("[data-run-state=stopped]").count() == 1 and not [url for url in asked if "pyodide" in url]
    context.close()


def test_a_double_click_while_the_scripts_load_starts_one_run_with_feedback_at_once(browser, site):
    context = browser.new_context(service_workers="block")
    page = open_page(context, site)
    waiting = []
    page.route("**/session.js*", lambda route: waiting.append(route))
    page.evaluate("""() => {
        const line = document.querySelector(".run-bar p");
        let start;
        document.addEventListener("click", () => { start ??= performance.now(); }, true);
        new MutationObserver(() => { window.feedback ??= performance.now() - start; }).observe(line, { childList: true });
    }""")
    with page.expect_request("**/session.js*"):
        page.locator("[aria-label='Run listing 1']").dblclick()
    assert (
        page.evaluate("window.feedback") < 100
        and page.inner_text("[data-run-state=loading]") == "Loading the scripts that run the listings."
    )
    waiting[0].continue_()
    page.locator("[data-run-state=loading]", has_text="Python").wait_for()
    page.wait_for_timeout(300)
    assert page.locator(".run-bar .stop").count() == 1 and len(page.workers) == 1
    page.click(".run-bar .stop")
    assert ended(page)[0] == "stopped"
    write(page, 1, "print('edited')")
    assert listing(page, 1).get_by_role("button", name="Back to the original").count() == 1
    context.close()


def test_without_jspi_stop_ends_python_as_announced(browser, folder, tmp_path):
    with changed(folder, tmp_path, take_away_waiting) as site:
        page = open_page(browser, site)
        write(page, 1, "import asyncio\nprint(await asyncio.sleep(0, 'waited'))\nwhile True: pass")
        press_run(page, 1)
        page.get_by_text("In this browser Stop ends Python, and what the listings have computed is lost.").wait_for()
        page.locator(".cell_output pre", has_text="waited").wait_for()
        page.click(".run-bar .stop")
        state, said = ended(page)
        assert state == "stopped" and "What the listings had computed is gone" in said
        page.context.close()


def take_away_waiting(run):
    """Remove JSPI from the page and its worker, as in browsers before 2025."""
    prepend("delete WebAssembly.Suspending; delete WebAssembly.promising;\n", run / "python.js", run / "worker.js")
    manifest = json.loads((run / "manifest.json").read_text(encoding="utf-8"))
    entry = next(file for file in manifest["files"] if file["path"] == "worker.js")
    entry.update(bytes=(run / "worker.js").stat().st_size, sha256=sha256(run / "worker.js"))
    (run / "manifest.json").unlink()
    (run / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")


BROKEN_CACHE = "Cache.prototype.match = Cache.prototype.put = async () => { throw new Error('broken'); };\n"


def test_broken_caches_break_no_page_and_no_run(browser, folder, tmp_path):
    def break_both(run):
        prepend(BROKEN_CACHE, run / "files.js", run.parent / "offline-worker.js")

    with changed(folder, tmp_path, break_both) as site:
        page = open_page(browser, site)
        page.evaluate("navigator.serviceWorker.register('../offline-worker.js')")
        wait_until(page, "navigator.serviceWorker.controller !== null")
        page.reload()
        state, said, text = run(page, 1, "print('ran')")
        assert text == "ran" and "keeps nothing for this page" in said
        page.context.close()


def prepend(text, *paths):
    for path in paths:
        content = path.read_text(encoding="utf-8")
        path.unlink()
        path.write_text(text + content, encoding="utf-8")


# Failures: one sentence for each, and the page can still be read


@contextlib.contextmanager
def changed(folder, tmp_path, change):
    """The address of a copy of the site that `change` has modified."""
    shutil.copytree(folder, tmp_path / "site", copy_function=os.link, ignore=shutil.ignore_patterns("lite", "fashion-mnist"))
    change(tmp_path / "site" / "run")
    with serve(tmp_path / "site", "/course/") as site:
        yield site


def damage(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


# fmt: off
FAILURES = {
    "damaged": (lambda run: damage(run / "pyodide" / "python_stdlib.zip"), "Python arrived damaged: "
                "the checksum of pyodide/python_stdlib.zip is not the published one. Press Run to fetch it again."),
    "missing": (lambda run: (run / "pyodide" / "pyodide.asm.wasm").unlink(), "Python did not arrive "
                "(pyodide/pyodide.asm.wasm: status 404). Check the connection and press Run again."),
    "no list": (lambda run: (run / "manifest.json").unlink(),
                "Python did not arrive (manifest.json: status 404). Check the connection and press Run again."),
    "no script": (lambda run: (run / "session.js").unlink(),
                  "The scripts that run the listings did not arrive. Check the connection and reload this page."),
    "mistake": (lambda run: prepend("forgotten();\n", run / "session.js"),
                "A mistake in this page's own script (forgotten is not defined). Please report it."),
}
# fmt: on


@pytest.mark.parametrize("name", FAILURES)
def test_download_that_fails_gives_one_sentence(browser, folder, tmp_path, name):
    change, sentence = FAILURES[name]
    context = browser.new_context()
    with changed(folder, tmp_path, change) as site:
        page = open_page(context, site)
        press_run(page, 1)
        assert ended(page) == ("failed", f"{sentence} The text can be read as it is.")
    context.close()


# As where a browser blocks cookies, and with them all storage.
NO_STORAGE = """const refuse = () => { throw new DOMException("blocked", "SecurityError"); };
    Object.defineProperty(window, "localStorage", { get: refuse });
    CacheStorage.prototype.open = ServiceWorkerContainer.prototype.register = async () => refuse();"""


@pytest.fixture(scope="module")
def humble(browser, site):
    """A page in a browser without storage and SIMD, and with little memory."""
    with started_with(browser, "--js-flags=--no-enable-sse4-1 --wasm-max-mem-pages=1600") as other:
        context = other.new_context()
        context.add_init_script(NO_STORAGE)
        yield open_page(context, site)


def test_without_storage_it_runs_and_announces_the_consequence(humble):
    state, said, text = run(humble, 1, "print('ran')")
    assert (state, text) == ("done", "ran")
    assert said.endswith("This browser keeps nothing for this page, so the next visit loads everything again.")


def test_without_simd_it_is_slow_and_says_so(humble):
    product = "from utils.engine.product import product, sgemm\nimport numpy as np\nA = np.ones((2, 3), 'float32')\n"
    state, said, text = run(humble, 1, f"{product}print(sgemm, product(A, A.T).tolist())")
    assert (state, text) == ("done", "None [[3.0, 3.0], [3.0, 3.0]]")
    assert "This browser lacks WebAssembly's SIMD, so training is slow here." in said


def test_too_little_memory_for_a_listing(humble):
    state, _, text = run(humble, 1, "import numpy as np\nnp.ones(10**8)")
    assert state == "failed"
    assert text.splitlines()[-1].startswith("MemoryError: this browser gives the page no more memory.")


def test_too_little_memory_to_start(browser, site):
    with started_with(browser, "--js-flags=--wasm-max-mem-pages=200") as small:
        state, said, _ = run(open_page(small, site), 1)
    assert state == "failed" and said.startswith("This device has too little memory left for Python. Close other pages")


def test_over_plain_http_it_runs_verified_by_the_browser(browser, folder, tmp_path):
    """Scripts have neither a cache nor checksums there. A school's own server may use plain http."""
    with (
        started_with(browser, "--host-resolver-rules=MAP school.test 127.0.0.1") as plain,
        serve(folder, "/course/") as good,
        changed(folder, tmp_path, lambda run: damage(run / "pyodide" / "python_stdlib.zip")) as bad,
    ):
        state, said, text = run(open_page(plain, good.replace("127.0.0.1", "school.test")), 1, "print('ran')")
        assert (state, text) == ("done", "ran") and "keeps nothing for this page" in said
        state, said, _ = run(open_page(plain, bad.replace("127.0.0.1", "school.test")), 1)
        assert state == "failed" and said.startswith("Python did not arrive (pyodide/python_stdlib.zip: ")


@contextlib.contextmanager
def started_with(browser, *arguments):
    """A second browser of the same kind, started with other arguments."""
    other = browser.browser_type.launch(**launch_options(*arguments))
    yield other
    other.close()


def test_a_page_opened_from_a_folder_says_why_it_can_not_run(browser, folder):
    page = browser.new_page()
    page.goto((folder / f"{CHAPTER}.html").as_uri())
    press_run(page, 1)
    state, said = ended(page)
    assert state == "failed" and said.startswith("The listings run in pages that come from a web server, not from a folder.")
    page.close()


def test_without_javascript_the_page_can_be_read_and_says_that_nothing_runs(browser, site):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}{CHAPTER}.html")
    assert page.locator("button.run-all").is_hidden() and page.locator(".run-row").count() == 0
    assert "The listings run in this page where JavaScript is on." in page.inner_text(".actions")
    context.close()
