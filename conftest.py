"""nbval compares the outputs of cells tagged `within-...` as tools/outputs.py says."""

import functools

from tools.outputs import compare_within


def pytest_itemcollected(item):
    tags = item.cell.metadata.get("tags", []) if hasattr(item, "cell") else []
    for tag in tags:
        if tag.startswith("within-"):
            item.compare_outputs = functools.partial(compare_within, item, float(tag[len("within-") :]), item.compare_outputs)
