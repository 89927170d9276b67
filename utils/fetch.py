"""Fetch Fashion-MNIST from copies on this machine, from the internet, or from a Debian package; verify and keep it."""

import contextlib
import errno
import functools
import os
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import requests
from filelock import FileLock
from requests.adapters import HTTPAdapter
from tqdm import tqdm
from urllib3.exceptions import HTTPError

from . import files
from .atomic import save

try:
    import truststore
except ImportError:
    truststore = None

# The data set's own repository and bucket first, then well-known mirrors.
HOSTS = [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion",
    "https://fashion-mnist.s3.eu-central-1.amazonaws.com",
    "https://storage.googleapis.com/tensorflow/tf-keras-datasets",
    "https://apache-mxnet.s3-accelerate.dualstack.amazonaws.com/gluon/dataset/fashion-mnist",
]
DEBIAN_PACKAGE = "dataset-fashion-mnist"
DEBIAN_FOLDER = Path("/usr/share/datasets/fashion-mnist")
TIMEOUT = (5, 20)  # seconds to connect, and between two packets
SECONDS_PER_FILE = 300
FULL = errno.ENOSPC, errno.EDQUOT, errno.EFBIG


def complete(found, failures, folder):
    """Add the missing files to `found`, and keep downloaded ones in `folder`. `failures` maps each failed source to its reason.

    Raises RuntimeError, with a list of the sources tried, when none has them, and OSError when the folder can't be written.
    """
    mxnet_home = os.path.expanduser(os.environ.get("MXNET_HOME") or "~/.mxnet")
    for place in (Path(mxnet_home, "datasets", "fashion-mnist"), DEBIAN_FOLDER):
        files.collect(files.FILES, found, failures, place, functools.partial(files.local_copy, place))
    if len(found) < len(files.FILES):
        with _writable(folder):
            # Another process may have fetched the files while this one waited for the lock. What is damaged was said before.
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                files.collect(files.FILES, found, {}, folder, functools.partial(files.local_copy, folder))
            for source, read in _sources():
                files.collect(files.FILES, found, failures, source, read, functools.partial(save, folder))
    if len(found) < len(files.FILES):
        _give_up(folder, failures)


def _sources():
    """Each source in the order in which they are tried, and a function that reads a file, given its name, from there."""
    for host in HOSTS:
        yield host, functools.partial(_published, host)
    package = functools.cache(_debian_package)  # one download gives all four
    yield "apt-get", lambda name: package()[name]


@contextlib.contextmanager
def _writable(folder):
    """Hold the lock of `folder`, so that only one of several processes downloads. Raises OSError if it can't be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with FileLock(folder / ".lock"):
            yield
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        cure = "Free 60 MB there, or choose" if getattr(error, "errno", None) in FULL else "Choose"
        raise OSError(
            f"The data folder {folder} can't be written ({reason}). {cure} another folder: pass root='...' or set the "
            f"environment variable {files.FOLDER_VARIABLE}."
        ) from error


def _published(host, name):
    """The file `name` from `host`. Raises OSError if the download fails, and ValueError if it is not the published file."""
    return files.decoded(download(f"{host}/{name}.gz", files.FILES[name][0]), name)


def download(address, most_bytes):
    """The content at `address`, byte for byte.

    Raises OSError if it does not arrive completely and in time, or is longer than `most_bytes`, and its subclass
    FileNotFoundError if the host does not have it.
    """
    with requests.Session() as session:
        session.mount("https://", _SystemCertificates())
        try:
            plain = {"Accept-Encoding": "identity"}  # no compression by the server
            with session.get(address, headers=plain, stream=True, timeout=TIMEOUT, allow_redirects=False) as response:
                return _body(response, address.rpartition("/")[2], most_bytes)
        except HTTPError as error:
            raise OSError(f"{address}: {error}") from error


class _SystemCertificates(HTTPAdapter):
    """Trusts the system's certificates: the proxy of a school or company may sign with a certificate of its own."""

    def init_poolmanager(self, *args, **kwargs):
        super().init_poolmanager(*args, ssl_context=_trust(), **kwargs)

    def proxy_manager_for(self, proxy, **kwargs):
        return super().proxy_manager_for(proxy, ssl_context=_trust(), **kwargs)


def _trust():
    """The system's certificates, by truststore; without it, those that Python finds, which on macOS may be only requests' own."""
    return truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT) if truststore else ssl.create_default_context()


def _body(response, name, most_bytes):
    """The body of `response`, the file `name`, read with a progress bar."""
    if response.status_code != 200:
        kind = FileNotFoundError if response.status_code == 404 else OSError
        raise kind(f"HTTP status {response.status_code} {response.reason} for {name}")
    raw, deadline = bytearray(), time.monotonic() + SECONDS_PER_FILE
    size, read = response.raw.length_remaining, getattr(response.raw, "read1", response.raw.read)  # urllib3 before 2 has no read1
    with tqdm(total=size, unit="B", unit_scale=True, desc=name, disable=_quiet()) as bar:
        # read1 returns as soon as any data has arrived, so that a slow trickle of bytes can't outlast the deadline.
        while chunk := read(1 << 16, decode_content=False):
            raw += chunk
            bar.update(len(chunk))
            if len(raw) > most_bytes:
                raise OSError(f"{name} is longer than {most_bytes:,} bytes")
            if time.monotonic() > deadline:
                raise OSError(f"{name} did not arrive within {SECONDS_PER_FILE} s")
    return raw


def _quiet():
    """Whether to hide progress bars: they are for a person at a terminal or in a notebook, not for continuous integration."""
    person = sys.stderr is not None and (sys.stderr.isatty() or "ipykernel" in sys.modules)
    return bool(os.environ.get("CI")) or not person


def _debian_package():
    """All files of the Debian package, by name. It is downloaded and unpacked without root. Raises OSError if that fails."""
    if shutil.which("apt-get") is None:
        raise OSError("not on this machine")
    with tempfile.TemporaryDirectory() as unpacked:
        # Private package lists: the machine's may be missing or outdated, and only root could update them.
        Path(unpacked, "lists", "partial").mkdir(parents=True)
        apt = [
            "apt-get",
            "-q",
            f"-oDir::State::Lists={unpacked}/lists",
            f"-oDir::Cache={unpacked}/cache",
            "-oAPT::Sandbox::User=",
            "-oAcquire::Retries=0",
        ]
        unpack = ["sh", "-c", f"dpkg-deb -x {DEBIAN_PACKAGE}_*.deb ."]
        said = ""
        for command in ([*apt, "update"], [*apt, "download", DEBIAN_PACKAGE], unpack):
            try:
                done = subprocess.run(command, cwd=unpacked, capture_output=True, text=True, timeout=SECONDS_PER_FILE)
            except subprocess.TimeoutExpired:
                raise OSError(f"{command[0]} took longer than {SECONDS_PER_FILE} s") from None
            said += done.stderr
            if done.returncode != 0 and command[-1] != "update":  # update may fail for a list that is not needed here
                raise OSError(said.strip().replace("\n", "\n      "))
        place = Path(unpacked, *DEBIAN_FOLDER.parts[1:])
        return {name: files.local_copy(place, name) for name in files.FILES}


def _give_up(folder, failures):
    tried = "\n".join(f"  - {source}: {reason}" for source, reason in failures.items())
    raise RuntimeError(
        f"Fashion-MNIST could not be found or downloaded. Tried:\n{tried}\n"
        f"To help yourself, do one of these and run again:\n"
        f"  1. connect this machine to the internet (set HTTPS_PROXY if it needs a proxy);\n"
        f"  2. put {', '.join(files.FILES)} (with or without .gz) into {folder}, or name the folder that has them: "
        f"root='...' or the environment variable {files.FOLDER_VARIABLE};\n"
        f"  3. on Debian or Ubuntu: sudo apt-get install {DEBIAN_PACKAGE}."
    )
