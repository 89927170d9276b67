"""Measure what a run of every chapter costs, from an empty kernel: `make runtimes` (5 minutes on an idle machine).

Writes chapters/runtimes.json, which the chapter on reproducibility shows. Seconds are those of the processor, added up over its
cores: unlike those of the clock they hardly depend on what else the machine does.
"""

import resource

from nbclient import NotebookClient

from tools.book.chapters import CHAPTERS, read_source
from tools.experiments.results import write_result


def processor_seconds():
    """What the child processes that have ended, kernels among them, took."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main():
    chapters = []
    for path in sorted(CHAPTERS.glob("[0-9]*.md")):
        notebook = read_source(path)
        before = processor_seconds()
        NotebookClient(notebook, timeout=600, kernel_name="python3", resources={"metadata": {"path": str(CHAPTERS)}}).execute()
        title = notebook.cells[0].source.splitlines()[0].lstrip("# ")
        chapters.append({"name": path.stem, "title": title, "seconds": round(processor_seconds() - before, 1)})
        print(chapters[-1], flush=True)
    write_result("runtimes", {"chapters": chapters})


if __name__ == "__main__":
    main()
