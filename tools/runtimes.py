"""Time a run of every chapter from an empty kernel: `python tools/runtimes.py` (5 minutes on an idle machine).

Writes chapters/runtimes.json, which the chapter on reproducibility shows.
"""
import json
import os
import time

from nbclient import NotebookClient
from notebooks import CHAPTERS, read_source


def main():
    chapters = []
    for path in sorted(CHAPTERS.glob("[0-9]*.md")):
        notebook = read_source(path)
        start = time.perf_counter()
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(CHAPTERS)}}).execute()
        seconds = round(time.perf_counter() - start, 1)
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        chapters.append({"name": path.stem, "title": title, "seconds": seconds})
        print(f"{path.stem}: {seconds} s", flush=True)
    lines = ",\n".join(map(json.dumps, chapters))
    (CHAPTERS / "runtimes.json").write_text('{\n"cores": %d,\n"chapters": [\n%s\n]\n}\n' % (os.cpu_count(), lines))


if __name__ == "__main__":
    main()
