"""A small web server that behaves like a static host."""

import contextlib
import functools
import gzip
import http.server
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".json": "application/json",
    ".md": "text/markdown; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".wasm": "application/wasm",
    ".xml": "application/xml",
}
TEXTS = TYPES.keys() - {".png", ".woff2"}


@functools.cache
def packed(body: bytes) -> bytes:
    return gzip.compress(body, 1)  # a higher level takes seconds for all files of a site


@contextlib.contextmanager
def serve(folder: Path | str, path: str = "/", lasting: bool = False) -> Iterator[str]:
    """Serve a folder under a path of a local address, and yield that address.

    Like a static host, it compresses text and WebAssembly, lets pages of any site read its files, and answers with 404.html for
    missing ones. If it is `lasting`, a browser needn't ask again for files whose addresses name their version. At the end it
    hangs up: a browser that keeps a connection open gets no answer any more.
    """
    folder, connections = Path(folder).resolve(), set()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self):
            super().setup()
            connections.add(self.connection)

        def do_GET(self):
            asked = self.path.split("?")[0]
            file = folder / asked.removeprefix(path)
            file = file / "index.html" if asked.endswith("/") else file
            exists = asked.startswith(path) and file.is_file() and folder in file.resolve().parents
            file = file if exists else folder / "404.html"
            kind = TYPES.get(file.suffix, "application/octet-stream")
            compress = file.suffix in TEXTS and "gzip" in self.headers.get("Accept-Encoding", "")
            body = packed(file.read_bytes()) if compress else file.read_bytes()
            self.send_response(200 if exists else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Access-Control-Allow-Origin", "*")
            if lasting and "?v=" in self.path:
                self.send_header("Cache-Control", "max-age=600")
            if compress:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    seconds = 0.05  # until it notices that it is to end; by itself it looks every half second
    threading.Thread(target=server.serve_forever, args=(seconds,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}{path}"
    finally:
        server.shutdown()
        server.server_close()
        for connection in list(connections):
            with contextlib.suppress(OSError):  # it was closed before
                connection.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as there:
        return there.connect_ex(("127.0.0.1", port)) == 0
