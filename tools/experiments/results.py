"""Save the results of an experiment as utils/results/NAME.json, which a chapter reads."""

import json

from utils.results import FOLDER


def write_result(name, result):
    """Write a dict as utils/results/NAME.json, each entry of a list on a line of its own, for readable diffs."""
    parts = []
    for key, value in result.items():
        text = "[\n" + ",\n".join(map(json.dumps, value)) + "\n]" if isinstance(value, list) else json.dumps(value)
        parts.append(f"{json.dumps(key)}: {text}")
    (FOLDER / f"{name}.json").write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")
