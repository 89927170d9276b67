"""Where the repository is: every link to it, and the address of the book, follow from that."""

import os
import re
import subprocess

from press.settings import has_own_theme


def find_repository(folder):
    """A repository's web address on GitHub: that given by CI, or that of the origin of the checkout `folder`, or None."""
    if os.environ.get("GITHUB_REPOSITORY"):
        return f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{os.environ['GITHUB_REPOSITORY']}"
    try:
        origin = subprocess.run(["git", "remote", "get-url", "origin"], cwd=folder, capture_output=True, text=True).stdout.strip()
    except OSError:
        origin = ""
    match = re.fullmatch(r"(?:https://|ssh://git@|git@)github\.com[/:]([\w.-]+/[\w.-]+?)(?:\.git)?/?", origin)
    return f"https://github.com/{match[1]}" if match else None


def use_repository(app, config):
    """Derive every link to the repository, and the book's own address, from `find_repository`. SITE_URL names another address.

    Elsewhere than on GitHub the links are omitted, because they would be dead, and where no address is known, none is named.
    """
    if not has_own_theme(config):
        return
    repository = find_repository(app.srcdir) or ""
    config.html_theme_options["repository_url"] = repository
    address = os.environ.get("SITE_URL") or (address_on_pages(repository) if repository else "")
    config.html_baseurl = config.html_baseurl or (f"{address.rstrip('/')}/" if address else "")


def address_on_pages(repository):
    """Where GitHub Pages puts the site of a repository."""
    owner, name = repository.rsplit("/", 2)[-2:]
    site = f"{owner.lower()}.github.io"
    return f"https://{site}/" + (name if name.lower() != site else "")
