"""The sources of the data, and their faults.

The faults are real: other files, a local HTTP server that misbehaves, processes that are killed or lack permissions, a limit on
file sizes. Only the files are replaced, by four small ones, so that each case takes milliseconds.
"""

import collections
import contextlib
import fcntl
import gzip
import hashlib
import json
import os
import pty
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import sys
import termios
import threading
import tracemalloc
import types
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import quote, unquote

import matplotlib
import numpy as np
import pytest
import truststore

from utils import fashion_mnist_arrays, fetch, files

pytestmark = pytest.mark.own_engine

REAL_PATH = os.defpath + ":/usr/sbin:/sbin"
NUM_TRAIN, NUM_TEST = 100, 50
rng = np.random.RandomState(0)
IMAGES = {
    part: rng.choice(np.arange(0, 256, 17, dtype=np.uint8), (n, 28, 28)) for part, n in (("train", NUM_TRAIN), ("t10k", NUM_TEST))
}
CLASSES = {part: np.arange(len(images), dtype=np.uint8) % 10 for part, images in IMAGES.items()}
CONTENT = {
    "train-images-idx3-ubyte": bytes(16) + IMAGES["train"].tobytes(),
    "train-labels-idx1-ubyte": bytes(8) + CLASSES["train"].tobytes(),
    "t10k-images-idx3-ubyte": bytes(16) + IMAGES["t10k"].tobytes(),
    "t10k-labels-idx1-ubyte": bytes(8) + CLASSES["t10k"].tobytes(),
}
FIRST = next(iter(CONTENT))
SIZE = f"{len(CONTENT[FIRST]):,}"
PUBLISHED, HOSTS = dict(files.FILES), list(fetch.HOSTS)


def sums(content):
    return {name: (len(raw), hashlib.sha256(raw).hexdigest()) for name, raw in content.items()}


def assert_right(arrays):
    for (images, labels), part in zip(arrays, ("train", "t10k")):
        np.testing.assert_array_equal(images, IMAGES[part])
        np.testing.assert_array_equal(labels, CLASSES[part])


def put(folder, names=CONTENT, ending=""):
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}{ending}").write_bytes(gzip.compress(CONTENT[name]) if ending else CONTENT[name])
    return folder


def state(folder):
    """The content and modification time of everything in `folder`, except locks."""
    return {
        path.relative_to(folder): (path.stat().st_mtime_ns, path.is_file() and path.read_bytes())
        for path in folder.rglob("*")
        if path.name != ".lock"
    }


def cached(folder):
    return {path.name for path in folder.iterdir()} - {".lock"}


@pytest.fixture(autouse=True)
def world(request, monkeypatch, tmp_path):
    """A machine without any copy of the data: empty home, no hosts, no apt-get. The small files replace the published ones."""
    if "real" in request.keywords:
        return
    home = tmp_path / "home"
    home.mkdir()
    # Otherwise Matplotlib would rebuild its font cache in each process.
    for name, value in {
        "HOME": home,
        "XDG_CACHE_HOME": home / ".cache",
        "PATH": home,
        "MPLCONFIGDIR": matplotlib.get_configdir(),
        "NO_PROXY": "*",
    }.items():
        monkeypatch.setenv(name, str(value))
    for name in ("FASHION_MNIST_DIR", "MXNET_HOME", "CI"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(files, "FILES", sums(CONTENT))
    monkeypatch.setattr(fetch, "HOSTS", [])
    monkeypatch.setattr(fetch, "TIMEOUT", 300)  # seconds, for a host on a busy machine
    monkeypatch.setattr(fetch, "DEBIAN_FOLDER", tmp_path / "debian")


# --- Another file in place of the published one -----------------------------------------------------------------------


def flipped(body):
    return body[: len(body) // 2] + bytes([body[len(body) // 2] ^ 255]) + body[len(body) // 2 + 1 :]


PACKED = gzip.compress(CONTENT[FIRST], mtime=0)
OTHERS = {  # what a source may give, and the reason that is told
    "truncated": (PACKED[:-30], f"[0-9,]+ bytes instead of {SIZE}"),
    "corrupt": (flipped(PACKED), "damaged: Error -3 while decompressing data"),
    "another byte": (flipped(CONTENT[FIRST]), "its SHA-256 differs"),
    "another version": (gzip.compress(bytes(len(CONTENT[FIRST]))), "its SHA-256 differs"),
    "a page": (b"<!DOCTYPE html><title>Log in</title>", f"36 bytes instead of {SIZE}, beginning with b'<!DOCTYPE html>'"),
    "a zip bomb": (gzip.compress(bytes(100_000_000), compresslevel=1), f"{len(CONTENT[FIRST]) + 1:,} bytes instead of {SIZE}"),
}


@pytest.mark.parametrize("content, reason", OTHERS.values(), ids=OTHERS)
def test_another_file_is_refused_with_the_reason_and_nothing_of_it_is_kept(content, reason):
    found, failures, kept = {}, {}, []
    tracemalloc.start()
    files.collect([FIRST], found, failures, "host", lambda name: files.decoded(content, name), lambda *file: kept.append(file))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert not found and not kept and re.match(f"{FIRST}.*{reason}", failures["host"])
    assert peak < 1_000_000, "a zip bomb is unpacked"


# --- Downloads --------------------------------------------------------------------------------------------------------


def answer(handler, body, status=200, **headers):
    handler.send_response(status)
    for key, value in {"Content_Length": len(body), **headers}.items():
        if value is not None:
            handler.send_header(key.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def stall(handler, body):
    answer(handler, body[: len(body) // 2], Content_Length=len(body))
    handler.server.stalled.set()
    handler.server.closing.wait()


def drip(handler, body):
    handler.send_response(200)
    handler.end_headers()
    while not handler.server.closing.wait(0.1):
        handler.wfile.write(b"\x1f")


WELL = {  # what a server does with the compressed file
    "good": answer,
    "chunked": lambda handler, body: answer(
        handler, b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body), Content_Length=None, Transfer_Encoding="chunked"
    ),
    "said to be encoded": lambda handler, body: answer(handler, body, Content_Encoding="gzip"),
    "without length": lambda handler, body: answer(handler, body, Content_Length=None),
    "not compressed": lambda handler, body: answer(handler, gzip.decompress(body)),
}
BADLY = {  # each with the reason that is told
    "not found": (lambda handler, body: answer(handler, b"<html>", 404), f"HTTP status 404 Not Found for {FIRST}.gz"),
    "redirect": (lambda handler, body: answer(handler, b"", 302, Location=f"/good/{FIRST}.gz"), "HTTP status 302 Found for"),
    "cut": (lambda handler, body: answer(handler, body[:100], Content_Length=5000), r"IncompleteRead\(100 bytes read"),
    "too long": (
        lambda handler, body: answer(handler, bytes(1 << 26), Content_Length=None),
        f"{FIRST}.gz is longer than {SIZE} bytes",
    ),
    "stall": (stall, "timed out"),
    "drip": (drip, f"{FIRST}.gz did not arrive within 0.3 s"),
    "not http": (lambda handler, body: handler.wfile.write(b"\x00 220 ftp ready\r\n\r\n"), "BadStatusLine|Connection aborted"),
}
BEHAVIOURS = {
    **WELL,
    **{name: behaviour for name, (behaviour, _) in BADLY.items()},
    "a page": lambda handler, body: answer(handler, OTHERS["a page"][0]),
    # Sends the first file, then half of the second, and stalls until the test ends.
    "second file half": lambda handler, body: (answer if body == PACKED else stall)(handler, body),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        _, behaviour, file = self.path.split("/")
        self.server.requested.append(self.path[1:])
        with contextlib.suppress(OSError):  # the client may close the connection early
            BEHAVIOURS[unquote(behaviour)](self, gzip.compress(CONTENT[file.removesuffix(".gz")], mtime=0))

    def log_message(self, *args):
        pass


@pytest.fixture
def server(monkeypatch):
    """The only host. It serves the files correctly, unless a test puts another address into HOSTS."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requested, server.stalled, server.closing = [], threading.Event(), threading.Event()
    server.url = lambda behaviour: f"http://127.0.0.1:{server.server_port}/{quote(behaviour)}"
    server.handle_error = lambda *args: None
    monkeypatch.setattr(fetch, "HOSTS", [server.url("good")])
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.closing.set()
    server.shutdown()
    server.server_close()
    thread.join()


def downloaded(server, behaviour):
    return fetch.download(f"{server.url(behaviour)}/{FIRST}.gz", len(CONTENT[FIRST]))


@pytest.mark.parametrize("behaviour", WELL)
def test_a_file_arrives_byte_for_byte(server, behaviour):
    assert files.decoded(downloaded(server, behaviour), FIRST) == CONTENT[FIRST]


PUBLISHED = max(size for size, _ in files.FILES.values())  # of the largest file, read before a test puts small ones there


def test_a_line_of_two_megabits_is_quick_enough():
    """Even for a host that doesn't compress."""
    assert 8 * PUBLISHED / fetch.SECONDS_PER_FILE < 2e6


@pytest.mark.parametrize("behaviour", BADLY)
def test_a_download_that_fails_tells_the_reason(server, monkeypatch, behaviour):
    if behaviour == "stall":
        monkeypatch.setattr(fetch, "TIMEOUT", 0.1)
    if behaviour == "drip":
        monkeypatch.setattr(fetch, "SECONDS_PER_FILE", 0.3)
    with pytest.raises(OSError, match=BADLY[behaviour][1]):
        downloaded(server, behaviour)


def test_an_older_urllib3_will_do(server, monkeypatch):
    for name in ("HTTPResponse", "BaseHTTPResponse"):
        monkeypatch.delattr(f"urllib3.response.{name}.read1")
    assert downloaded(server, "good") == PACKED


def test_after_bad_hosts_the_next_is_tried_and_each_file_is_requested_once(server, monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "HOSTS", [server.url(behaviour) for behaviour in ("a page", "not found", "good")])
    for _ in range(2):  # the second time they are in the cache
        assert_right(fashion_mnist_arrays(tmp_path / "cache"))
        hosts = collections.Counter(path.split("/")[0] for path in server.requested)
        assert hosts == {"a%20page": 1, "not%20found": 4, "good": 4}, "a host that lacks one file may have the others"
    assert {name: (tmp_path / "cache" / name).read_bytes() for name in cached(tmp_path / "cache")} == CONTENT


@pytest.mark.linux
@pytest.mark.parametrize("trust", [truststore, None], ids=["truststore", "without truststore"])
def test_a_certificate_is_trusted_when_the_system_trusts_it(server, monkeypatch, tmp_path, trust):
    """For example that of a proxy which intercepts TLS. Here a variable of OpenSSL replaces the system's certificates."""
    key, certificate = tmp_path / "key", tmp_path / "certificate"
    names = "-subj /CN=a -addext subjectAltName=IP:127.0.0.1"
    made = f"openssl req -x509 -nodes -newkey rsa:2048 {names} -keyout {key} -out {certificate}"
    subprocess.run(made.split(), env={"PATH": REAL_PATH}, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    monkeypatch.setattr(fetch, "HOSTS", [server.url("good").replace("http:", "https:")])
    monkeypatch.setattr(fetch, "truststore", trust)
    for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(RuntimeError, match="127.0.0.1:.*certificate verify failed"):
        fashion_mnist_arrays(tmp_path / "cache")
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    assert_right(fashion_mnist_arrays(tmp_path / "cache"))
    behind_a_proxy = fetch._SystemCertificates().proxy_manager_for("http://127.0.0.1:1").connection_pool_kw
    assert isinstance(behind_a_proxy["ssl_context"], trust.SSLContext if trust else ssl.SSLContext)


def test_if_all_sources_fail_one_error_lists_each_with_its_reason_and_three_remedies(server, monkeypatch, tmp_path):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{unused.getsockname()[1]}"
    hosts = [closed, "http://no-such-host.invalid", server.url("a page"), server.url("not found")]
    monkeypatch.setattr(fetch, "HOSTS", hosts)
    try:
        raise FileNotFoundError("an error of the reader's own, being handled meanwhile")
    except FileNotFoundError:
        with pytest.raises(RuntimeError) as caught:
            fashion_mnist_arrays(tmp_path / "cache")
    lines = str(caught.value).splitlines()
    wanted = [
        "Fashion-MNIST could not be found or downloaded. Tried:",
        f"  - {tmp_path}/cache: files missing or damaged",
        f"  - {tmp_path}/home/.mxnet/datasets/fashion-mnist: files missing or damaged",
        f"  - {tmp_path}/debian: files missing or damaged",
        f"  - {closed}: [Errno 111] Connection refused",
        "  - http://no-such-host.invalid: [Errno -",
        f"  - {hosts[2]}: train-images-idx3-ubyte is not the published file: 36 bytes",
        f"  - {hosts[3]}: HTTP status 404 Not Found for t10k-labels-idx1-ubyte.gz",
        "  - apt-get: not on this machine",
        "To help yourself, do one of these and run again:",
        "  1. connect this machine to the internet (set HTTPS_PROXY",
        f"  2. put {', '.join(CONTENT)} (with or without .gz) into {tmp_path}/cache, or name the folder",
        "  3. on Debian or Ubuntu: sudo apt-get install dataset-fashion-mnist.",
    ]
    assert len(HOSTS) >= 2 and all(host.startswith("https://") for host in HOSTS)
    assert len(lines) == len(wanted)
    for line, beginning in zip(lines, wanted):
        assert line.startswith(beginning)


def test_a_damaged_file_in_the_cache_is_reported_and_fetched_again(server, monkeypatch, tmp_path):
    cache = put(tmp_path / "cache")
    (cache / FIRST).write_bytes(flipped(CONTENT[FIRST]))
    before, reported = state(cache), re.escape(f"{cache / FIRST} can't be used (")
    with monkeypatch.context() as offline:
        offline.setattr(fetch, "HOSTS", [])
        with pytest.warns(UserWarning, match=reported), pytest.raises(RuntimeError):
            fashion_mnist_arrays(cache)
    assert state(cache) == before
    with pytest.warns(UserWarning, match=reported) as warned:
        assert_right(fashion_mnist_arrays(cache))
    assert len(warned) == 1, "also looked at under the lock"
    assert server.requested == [f"good/{FIRST}.gz"] and (cache / FIRST).read_bytes() == CONTENT[FIRST]


def test_an_intact_gz_beside_a_damaged_file_is_used(tmp_path):
    cache = put(put(tmp_path / "cache"), [FIRST], ".gz")
    (cache / FIRST).write_bytes(b"bad")
    with pytest.warns(UserWarning, match="can't be used"):
        assert_right(fashion_mnist_arrays(cache))


@pytest.mark.parametrize(
    "folder, ending", [("home/.mxnet/datasets/fashion-mnist", ".gz"), ("debian", ".gz"), ("my mxnet/datasets/fashion-mnist", "")]
)
def test_copies_on_the_machine_are_used_and_nothing_is_written(monkeypatch, tmp_path, folder, ending):
    if folder.startswith("my mxnet"):
        monkeypatch.setenv("MXNET_HOME", str(tmp_path / "my mxnet"))
    put(tmp_path / folder, ending=ending)
    before = state(tmp_path)
    assert_right(fashion_mnist_arrays())
    assert state(tmp_path) == before


def test_files_that_copies_on_the_machine_lack_go_into_the_cache(server, monkeypatch, tmp_path):
    monkeypatch.setenv("MXNET_HOME", str(tmp_path / "mxnet"))
    names = list(CONTENT)
    mxnet = put(tmp_path / "mxnet/datasets/fashion-mnist", names[:2], ".gz")
    (mxnet / f"{names[1]}.gz").write_bytes(b"bad")
    debian = put(tmp_path / "debian", names[2:3], ".gz")
    before = state(mxnet), state(debian)
    with pytest.warns(UserWarning, match="can't be used"):
        assert_right(fashion_mnist_arrays())
    assert (state(mxnet), state(debian)) == before
    assert cached(tmp_path / "home/.cache/mlp-from-scratch") == {names[1], names[3]}


# --- Folders ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("root", ["Käse \N{SNOWMAN} quote'\"$(x);&", "~/data", "nested/link"])
def test_any_folder_can_be_the_root(server, monkeypatch, tmp_path, root):
    monkeypatch.chdir(put(tmp_path / "work", []))
    (tmp_path / "target").mkdir()
    Path("nested").mkdir()
    Path("nested/link").symlink_to(tmp_path / "target")
    folder = Path(os.path.expanduser(root))
    for chosen in (root, Path(root)):
        assert_right(fashion_mnist_arrays(chosen))
    assert CONTENT.keys() <= cached(folder) and len(server.requested) == 4
    monkeypatch.setenv("FASHION_MNIST_DIR", root)
    assert_right(fashion_mnist_arrays())
    assert len(server.requested) == 4


def test_root_takes_precedence_over_the_variable_and_that_over_the_cache_folder(server, monkeypatch, tmp_path):
    fashion_mnist_arrays()
    monkeypatch.setenv("FASHION_MNIST_DIR", "")
    fashion_mnist_arrays()
    assert cached(tmp_path / "home/.cache/mlp-from-scratch") == set(CONTENT) and len(server.requested) == 4
    monkeypatch.setenv("FASHION_MNIST_DIR", str(tmp_path / "variable"))
    fashion_mnist_arrays()
    assert cached(tmp_path / "variable") == set(CONTENT) and len(server.requested) == 8
    fashion_mnist_arrays(tmp_path / "root")
    assert cached(tmp_path / "root") == set(CONTENT) and len(server.requested) == 12


@pytest.mark.parametrize(
    "root, reason",
    [
        ("file", "File exists"),
        ("dangling", "File exists"),
        ("\0", r"(?:mkdir: )?embedded null \w+(?: in path)?"),
        ("occupied", "Is a directory"),
    ],
)
def test_a_folder_that_cannot_be_written_is_a_clear_error(server, monkeypatch, tmp_path, root, reason):
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("mine", encoding="utf-8")
    Path("dangling").symlink_to("nowhere")
    Path("occupied", FIRST).mkdir(parents=True)  # a folder in the place of a file: noticed only when that file is written
    words = f"The data folder .* can't be written \\({reason}\\). Choose another folder"  # free space would not help
    with pytest.raises(OSError, match=words):
        fashion_mnist_arrays(root)
    assert Path("file").read_text(encoding="utf-8") == "mine" and len(server.requested) == (root == "occupied")


@pytest.mark.parametrize("kind", ["read-only", "link"])
def test_a_part_file_that_a_killed_process_left_does_no_harm(tmp_path, kind):
    part, victim = tmp_path / f".{FIRST}.part", tmp_path / "victim"
    victim.write_text("precious", encoding="utf-8")
    if kind == "link":
        part.symlink_to(victim)
    else:
        part.write_bytes(b"x" * 100_000)
        part.chmod(0o444)
    fetch.save(tmp_path, FIRST, b"whole")
    assert not part.exists() and (tmp_path / FIRST).read_bytes() == b"whole"
    assert victim.read_text(encoding="utf-8") == "precious" and not (tmp_path / FIRST).is_symlink()


# --- Processes --------------------------------------------------------------------------------------------------------

CHILD = """
import json, os, resource, signal, sys
from pathlib import Path
from utils import data, fetch, files
import encodings.idna, netrc  # requests imports them later, when this process may lack the permission to read them
world = json.loads(sys.argv[1])
files.FILES, fetch.HOSTS, fetch.DEBIAN_FOLDER = world["FILES"], world["HOSTS"], Path(world["DEBIAN_FOLDER"])
fetch.TIMEOUT = 300
root = world["root"]
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs ignore it
"""


def start(code, root):
    world = json.dumps({"FILES": files.FILES, "HOSTS": fetch.HOSTS, "DEBIAN_FOLDER": str(fetch.DEBIAN_FOLDER), "root": str(root)})
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    engine = {**os.environ, "MLP_ENGINE": "own"}  # which is imported in a moment
    return subprocess.Popen([sys.executable, "-c", CHILD + code, world], env=engine, **pipes)


def printed(code, root):
    child = start(code, root)
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err
    return out


def test_a_write_that_fails_leaves_no_half_written_file(server, tmp_path):
    """A limit on file sizes stands for a full disk."""
    cache = put(tmp_path / "cache", ["t10k-labels-idx1-ubyte"])
    before = state(cache)
    code = """
resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))
try:
    data.fashion_mnist_arrays(root)
except OSError as error:
    print(error)
"""
    assert printed(code, cache).startswith(f"The data folder {cache} can't be written (File too large). Free 60 MB there")
    assert state(cache) == before


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_after_a_killed_download_the_next_call_works(server, monkeypatch, tmp_path, sign):
    cache = tmp_path / "cache"
    monkeypatch.setattr(fetch, "HOSTS", [server.url("second file half")])
    child = start("data.fashion_mnist_arrays(root)", cache)
    assert server.stalled.wait(fetch.TIMEOUT), "no second file was asked for"
    child.send_signal(sign)
    _, err = child.communicate(timeout=300)
    assert child.returncode == -sign and ("KeyboardInterrupt" in err) == (sign == signal.SIGINT)
    assert cached(cache) == {FIRST}
    monkeypatch.setattr(fetch, "HOSTS", [server.url("good")])
    assert_right(fashion_mnist_arrays(cache))
    hosts = [path.split("/")[0] for path in server.requested]
    assert hosts == ["second%20file%20half"] * 2 + ["good"] * 3  # the first file was kept


def test_eight_processes_at_once_download_once(server, monkeypatch, tmp_path):
    code = """
import hashlib, multiprocessing
context = multiprocessing.get_context("fork")
barrier, results = context.Barrier(8), context.Queue()
def work():
    barrier.wait()
    (images, labels), (test_images, test_labels) = data.fashion_mnist_arrays(root)
    results.put((images.tobytes() + labels.tobytes() + test_images.tobytes() + test_labels.tobytes()).hex())
workers = [context.Process(target=work) for _ in range(8)]
for worker in workers:
    worker.start()
for _ in workers:
    print(results.get(timeout=200))
"""
    out = printed(code, tmp_path / "cache")
    right = b"".join(part.tobytes() for key in ("train", "t10k") for part in (IMAGES[key], CLASSES[key])).hex()
    assert out.split() == [right] * 8
    assert sorted(server.requested) == sorted(f"good/{name}.gz" for name in CONTENT)


# --- Progress ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("place, ci", [("terminal", None), ("notebook", None), ("pipe", None), ("terminal", "true")])
def test_a_download_shows_progress_to_a_person_but_not_in_ci(server, monkeypatch, place, ci):
    monkeypatch.delitem(sys.modules, "ipykernel", raising=False)
    if place == "notebook":
        monkeypatch.setitem(sys.modules, "ipykernel", None)
    if ci:
        monkeypatch.setenv("CI", ci)
    reader, writer = pty.openpty() if place == "terminal" else os.pipe()
    if place == "terminal":
        fcntl.ioctl(writer, termios.TIOCSWINSZ, struct.pack("4H", 24, 80, 0, 0))  # a window of 80 columns
    with open(writer, "w", encoding="utf-8") as stderr:
        with monkeypatch.context() as shown:
            shown.setattr(sys, "stderr", stderr)
            downloaded(server, "good")
        stderr.write("end")
        stderr.flush()
        shown = b""
        while not shown.endswith(b"end"):
            shown += os.read(reader, 1 << 16)
    os.close(reader)
    if place == "pipe" or ci:
        assert shown == b"end"
    else:
        assert re.search(rf"{FIRST}.gz: 100%\|.*B/s", shown.decode())


def test_a_process_without_stderr_downloads_too(server, monkeypatch):
    monkeypatch.setattr(sys, "stderr", None)
    assert downloaded(server, "good") == PACKED


# --- apt-get ----------------------------------------------------------------------------------------------------------


def apt_get_or_skip(monkeypatch):
    """Restore apt-get, which `world` removed from PATH. If the machine has none, skip with a warning."""
    monkeypatch.setenv("PATH", REAL_PATH)
    if shutil.which("apt-get") is None:
        warnings.warn("SKIPPED: there is no apt-get here, so this source of the data is not tested.", stacklevel=2)
        pytest.skip("there is no apt-get on this machine")


@pytest.fixture
def repository(monkeypatch, tmp_path):
    """A local package repository whose package has the small files; apt-get is configured to use no other."""
    apt_get_or_skip(monkeypatch)
    folder, tree = tmp_path / "repository", tmp_path / "tree"
    put(tree.joinpath(*fetch.DEBIAN_FOLDER.parts[1:]), ending=".gz")
    control = (
        "Package: dataset-fashion-mnist\nVersion: 1\nArchitecture: all\n"
        "Maintainer: nobody <nobody@localhost>\nDescription: small\n"
    )
    (tree / "DEBIAN").mkdir()
    (tree / "DEBIAN/control").write_text(control, encoding="utf-8")
    folder.mkdir()
    deb = folder / "dataset-fashion-mnist_1_all.deb"
    subprocess.run(["dpkg-deb", "-b", tree, deb], check=True, capture_output=True)
    raw = deb.read_bytes()
    sha256 = hashlib.sha256(raw).hexdigest()
    (folder / "Packages").write_text(f"{control}Filename: ./{deb.name}\nSize: {len(raw)}\nSHA256: {sha256}\n", encoding="utf-8")
    (tmp_path / "sources.list").write_text(f"deb [trusted=yes] copy:{folder} ./\n", encoding="utf-8")
    (tmp_path / "apt.conf").write_text(
        f'Dir::Etc::sourcelist "{tmp_path}/sources.list";\nDir::Etc::sourceparts "/dev/null";\n', encoding="utf-8"
    )
    monkeypatch.setenv("APT_CONFIG", str(tmp_path / "apt.conf"))
    return types.SimpleNamespace(folder=folder, deb=deb)


@pytest.mark.linux
def test_apt_get_is_the_last_source(repository, server, monkeypatch, tmp_path):
    monkeypatch.setattr(fetch, "HOSTS", [server.url("not found")])
    assert_right(fashion_mnist_arrays(tmp_path / "cache"))
    assert cached(tmp_path / "cache") == set(CONTENT) and len(server.requested) == 4
    shutil.rmtree(repository.folder)
    assert_right(fashion_mnist_arrays(tmp_path / "cache"))


@pytest.mark.linux
@pytest.mark.parametrize(
    "fault, reason",
    [
        ("no repository", "Unable to locate package dataset-fashion-mnist"),
        ("damaged package", "Failed to fetch copy:.*Undetermined Error"),
        ("no files in it", "files missing or damaged"),
        ("slow", "apt-get took longer than 0 s"),
    ],
)
def test_a_fault_of_apt_get_is_reported(repository, monkeypatch, tmp_path, fault, reason):
    if fault == "no repository":
        shutil.rmtree(repository.folder)
    elif fault == "damaged package":
        repository.deb.write_bytes(repository.deb.read_bytes()[:-50])
    elif fault == "no files in it":
        monkeypatch.setattr(fetch, "DEBIAN_FOLDER", tmp_path / "elsewhere")
    else:
        monkeypatch.setattr(fetch, "SECONDS_PER_FILE", 0)
    with pytest.raises(RuntimeError, match=f"\n  - apt-get: (.|\n)*({reason})"):
        fashion_mnist_arrays(tmp_path / "cache")
    assert cached(tmp_path / "cache") == set()


@pytest.mark.linux
@pytest.mark.real
@pytest.mark.weekly
def test_apt_get_downloads_the_published_files(monkeypatch):
    apt_get_or_skip(monkeypatch)
    try:
        content = fetch._debian_package()
    except OSError as error:
        if not re.search("resolv|connect|unreachable", str(error), re.IGNORECASE):
            raise
        warnings.warn("SKIPPED: apt-get reaches no package registry, so this source of the data is not tested.", stacklevel=1)
        pytest.skip("no network")
    assert sums(content) == PUBLISHED
