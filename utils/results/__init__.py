"""Results of experiments that take too long for a chapter: tools/experiments writes these files, chapters read them."""

import json
from pathlib import Path

FOLDER = Path(__file__).parent


def read_results(name):
    """The dict that an experiment saved as NAME.json. Raises ValueError, listing the known names, for any other `name`."""
    names = sorted(path.stem for path in FOLDER.glob("*.json"))
    if name not in names:
        raise ValueError(f"name must be one of {', '.join(names)}, not {name!r}.")
    return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
