"""Measure what a run of every chapter costs, from an empty kernel, on both engines: `make runtimes` (7 minutes when idle).

Writes chapters/runtimes.json, which an appendix of the course shows. Seconds are those of the processor, added up over its
cores: unlike those of the clock they hardly depend on what else the machine does. A chapter that needs another environment is
left out.
"""

import os
import resource

from nbclient import NotebookClient

from tools.book.chapters import CHAPTERS, read_source
from tools.book.notebooks import missing
from tools.experiments.results import write_result


def processor_seconds():
    """What the child processes that have ended, kernels among them, took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(notebook, engine):
    """The seconds that a notebook's kernel works on an engine, from its start to its end."""
    os.environ["MLP_ENGINE"] = engine  # the kernel inherits it
    before = processor_seconds()
    NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(CHAPTERS)}}).execute()
    return round(processor_seconds() - before, 1)


def main():
    chapters = []
    for path in sorted(CHAPTERS.glob("[0-9]*.md")):
        lacking = missing(read_source(path))
        if lacking:
            print(f"left out: {path.stem} needs {', '.join(lacking)}", flush=True)
            continue
        title = read_source(path).cells[0].source.splitlines()[0].lstrip("# ")
        seconds = {engine: run(read_source(path), engine) for engine in ("mxnet", "own")}
        chapters.append({"name": path.stem, "title": title, **seconds})
        print(chapters[-1], flush=True)
        write_result("runtimes", {"chapters": chapters})  # before the last chapter, which shows it


if __name__ == "__main__":
    main()
