"""Try every link that leads out of the project: `python -m tools.book.links`. Prints those that fail; exits 1 if any do."""

import concurrent.futures
import re
import subprocess
import sys

import requests

from tools.book.chapters import ROOT

# A browser's name: some hosts turn away all others.
HEADERS = {"User-Agent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36"}
PLACEHOLDERS = re.compile(r"OWNER|127\.0\.0\.1|localhost|example\.org")


def links(root=ROOT):
    """Every address in the committed Markdown and YAML files, and the files that have it."""
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.yml", "*.cff"], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()
    found = {}
    for name in listed:
        for address in re.findall(r"https?://[^\s<>\"'`\])}]+(?:\([^\s()]*\)[^\s<>\"'`\])}]*)*", (root / name).read_text()):
            if not PLACEHOLDERS.search(address):
                found.setdefault(address.rstrip(".,;:"), set()).add(name)
    return found


def problem(address):
    """What is wrong with a link, or None. A host that knows the page and refuses a program (401, 403, 429) counts as there."""
    try:
        with requests.get(address, headers=HEADERS, timeout=(10, 30), stream=True) as response:
            return None if response.ok or response.status_code in (401, 403, 429) else f"status {response.status_code}"
    except requests.RequestException as error:
        return type(error).__name__


def main():
    found = links()
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        failed = {address: why for address, why in zip(found, pool.map(problem, found)) if why}
    for address, why in failed.items():
        print(f"- {address} ({why}) in {', '.join(sorted(found[address]))}")
    print(f"{len(found)} links, {len(failed)} failed.")
    sys.exit(bool(failed))


if __name__ == "__main__":
    main()
