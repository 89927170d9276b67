"""Repair Matplotlib's wheel from Pyodide.

Its font list has the version number of a later Matplotlib, so this one would rebuild the list from all fonts before the first
figure. It also contains fonts for PDF and PostScript, and sample data, which figures in a page don't need.
"""

import json
import re
import zipfile

LEFT_OUT = ("/mpl-data/sample_data/", "/mpl-data/fonts/pdfcorefonts/", "/mpl-data/fonts/afm/")


def repack(path):
    """Rewrite the wheel at `path`, reproducibly."""
    with zipfile.ZipFile(path) as wheel:
        content = {name: wheel.read(name) for name in wheel.namelist() if not any(part in name for part in LEFT_OUT)}
    manager = content["matplotlib/font_manager.py"].decode()
    version = int(re.search(r"^class FontManager:.*?^    __version__ = (\d+)$", manager, re.MULTILINE | re.DOTALL)[1])
    fonts = json.loads(content["matplotlib/fontlist.json"])
    here = [font for font in fonts["ttflist"] if f"matplotlib/mpl-data/{font['fname']}" in content]
    content["matplotlib/fontlist.json"] = json.dumps({**fonts, "_version": version, "ttflist": here, "afmlist": []}).encode()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in content.items():
            wheel.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
