"""How JupyterLab opens the course, on every system: `jupyter lab --config lab.py`."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent
# Where the chapters find utils, installed or not.
os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])

c = get_config()  # noqa: F821  Jupyter's
c.LabApp.default_url = "/lab/tree/chapters/00_introduction.ipynb"
c.LabApp.app_settings_dir = str(ROOT / "binder")  # overrides.json: a chapter's Markdown opens as a notebook
