"""Download a pinned file whole and in time, or say why it can't be had."""

import hashlib
import ssl
import time

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

try:
    import truststore
except ImportError:
    truststore = None

TIMEOUT = (5, 20)  # seconds to connect, and between two packets
SECONDS_PER_FILE = 300


def collect(names, found, failures, source, read, keep):
    """Read each of the files `names` that `found` lacks with `read(name)`, add it to `found`, and call `keep(name, content)`.

    If `source` fails, `failures[source]` gets the reason.
    """
    for name in [name for name in names if name not in found]:
        try:
            content = read(name)
        except (OSError, ValueError) as error:
            failures[source] = root_cause(error)
            if isinstance(error, FileNotFoundError):
                continue
            return  # a host that failed for one file would only time out for the others
        keep(name, content)
        found[name] = content


def root_cause(error):
    """The message of the innermost error that `error` wraps: the failed connection, say, not the retries that were used up."""
    while wrapped := error.__cause__ or next((arg for arg in error.args if isinstance(arg, Exception)), None):
        error = wrapped
    return str(error) or type(error).__name__


def difference(content, num_bytes, sha256):
    """How `content` differs from the file with this size, unless that is None, and SHA-256, in words, or None if it does not."""
    if num_bytes is not None and len(content) != num_bytes:
        return f"{len(content):,} bytes instead of {num_bytes:,}, beginning with {bytes(content[:15])!r}"
    return None if hashlib.sha256(content).hexdigest() == sha256 else "its SHA-256 differs"


def download(address, most_bytes):
    """The content at `address`, byte for byte.

    Raises OSError if it does not arrive completely and in time, or is longer than `most_bytes`, and its subclass
    FileNotFoundError if the host does not have it.
    """
    name, deadline = address.rpartition("/")[2], time.monotonic() + SECONDS_PER_FILE
    with requests.Session() as session:
        session.mount("https://", SystemCertificates())
        try:
            plain = {"Accept-Encoding": "identity"}  # no compression by the server
            with session.get(address, headers=plain, stream=True, timeout=TIMEOUT, allow_redirects=False) as response:
                if response.status_code != 200:
                    kind = FileNotFoundError if response.status_code == 404 else OSError
                    raise kind(f"HTTP status {response.status_code} {response.reason} for {name}")
                raw = bytearray()
                while chunk := response.raw.read1(1 << 16, decode_content=False):  # any that has arrived
                    raw += chunk
                    if len(raw) > most_bytes:
                        raise OSError(f"{name} is longer than {most_bytes:,} bytes")
                    if time.monotonic() > deadline:
                        raise OSError(f"{name} did not arrive within {SECONDS_PER_FILE} s")
                return raw
        except HTTPError as error:
            raise OSError(f"{address}: {error}") from error


class SystemCertificates(HTTPAdapter):
    """Trusts the system's certificates: the proxy of a school or company may sign with a certificate of its own."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, ssl_context=trust(), **kwargs)

    def proxy_manager_for(self, proxy, **kwargs):
        return super().proxy_manager_for(proxy, ssl_context=trust(), **kwargs)


def trust():
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if truststore else ssl.create_default_context()
