"""The four files of Fashion-MNIST: what is published, and how a copy of a file is verified."""

import hashlib
import warnings
import zlib

# Bytes and SHA-256 of the uncompressed files: the gzip files differ from host to host, their content does not.
FILES = {
    "train-images-idx3-ubyte": (47040016, "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888"),
    "train-labels-idx1-ubyte": (60008, "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9"),
    "t10k-images-idx3-ubyte": (7840016, "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b"),
    "t10k-labels-idx1-ubyte": (10008, "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34"),
}

FOLDER_VARIABLE = "FASHION_MNIST_DIR"


def collect(names, found, failures, source, read, keep=None):
    """Read each of the files `names` that `found` lacks with `read(name)`, add it to `found`, and call `keep(name, content)`.

    If `source` fails, `failures[source]` gets the reason.
    """
    for name in [name for name in names if name not in found]:
        try:
            content = read(name)
        except (OSError, ValueError) as error:
            failures[source] = _root_cause(error)
            if isinstance(error, FileNotFoundError):
                continue
            return  # a host that failed for one file would only time out for the others
        if keep is not None:
            keep(name, content)
        found[name] = content


def _root_cause(error):
    """The message of the innermost error that `error` wraps: the failed connection, say, not the retries that were used up."""
    while wrapped := error.__cause__ or next((arg for arg in error.args if isinstance(arg, Exception)), None):
        error = wrapped
    return str(error) or type(error).__name__


def decoded(raw, name):
    """The uncompressed file in `raw`. Raises ValueError unless it is, byte for byte, the published one."""
    num_bytes, sha256 = FILES[name]
    if raw[:2] == b"\x1f\x8b":
        try:
            # One byte too many is enough to see that the content is too long, and bounds the memory for a zip bomb.
            raw = zlib.decompressobj(wbits=31).decompress(raw, num_bytes + 1)
        except zlib.error as error:
            raise ValueError(f"{name}.gz is damaged: {error}") from None
    if differs := difference(raw, num_bytes, sha256):
        raise ValueError(f"{name} is not the published file: {differs}")
    return raw


def difference(content, num_bytes, sha256):
    """How `content` differs from the file with this size and SHA-256, in words, or None if it does not."""
    if len(content) != num_bytes:
        return f"{len(content):,} bytes instead of {num_bytes:,}, beginning with {bytes(content[:15])!r}"
    if hashlib.sha256(content).hexdigest() != sha256:
        return "its SHA-256 differs"
    return None


def local_copy(place, name):
    """The content of place/name or place/name.gz, whichever is there and intact. Writes nothing."""
    for path in (place / name, place / f"{name}.gz"):
        if path.is_file():
            try:
                with path.open("rb") as file:
                    return decoded(file.read(FILES[name][0] + 1), name)
            except ValueError as error:
                warnings.warn(f"{path} can't be used ({error}); looking for an intact copy.", stacklevel=2)
    raise FileNotFoundError("files missing or damaged")
