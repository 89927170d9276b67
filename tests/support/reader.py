"""Readers of a site that a test serves."""

import contextlib
import functools
import os
import shutil

from filelock import FileLock

from press.browser.listings import returning, write_next_start
from press.browser.server import serve


def who_returns(browser, folder, site):
    """A function that opens the browser of a reader who has been here: Python starts from what an earlier visit has kept.

    That is made in a page, and kept beside `folder`, which is served as `site`, with the manifest of the files it was made of.
    """
    start, made_of = (folder.with_name(f"{folder.name}-next_start{ending}") for ending in ("", ".json"))
    manifest = (folder / "run" / "manifest.json").read_bytes()
    with FileLock(f"{start}.lock"):
        if not start.exists() or not made_of.exists() or made_of.read_bytes() != manifest:
            made_of.unlink(missing_ok=True)  # so that half a start is not taken for a whole one
            shutil.rmtree(start, ignore_errors=True)
            write_next_start(browser, site, start)
            made_of.write_bytes(manifest)
    return functools.partial(returning, browser, site, start)


@contextlib.contextmanager
def copied(folder, tmp_path):
    """Yield the address and the folder of a copy of the site, for what a service worker requests: no test can route that.

    Its files are hard links: unlink before you write.
    """
    shutil.copytree(folder, tmp_path / "site", copy_function=os.link, ignore=shutil.ignore_patterns("fashion-mnist"))
    with serve(tmp_path / "site", "/course/") as site:
        yield site, tmp_path / "site"
