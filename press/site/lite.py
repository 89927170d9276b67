"""Build JupyterLite with the chapters as notebooks, from the configuration in press/lite."""

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from press.book.contents import file_of, pages
from press.notebooks.chapters import ROOT

CONFIGURATION = ROOT / "press" / "lite"
KERNEL_WHEELS = "extensions/@jupyterlite/pyodide-kernel-extension/static/pypi"
INSTALLED = Path(sys.prefix, "share", "jupyter", "labextensions")
EXTENSIONS = ("@jupyterlite/pyodide-kernel-extension", "jupyterlab-myst")
OLD_FONTS = ("*.eot", "*.ttf", "fa-*.svg")  # 3 MB for browsers that can't run Python: all others take the same font as WOFF
SETTINGS = "course_settings-1.0-py3-none-any.whl"
# A notebook may come from anyone, and JupyterLite believes one that calls its outputs trusted. So no script in an output
# runs, and nothing leaves for another host. JupyterLab needs eval, and writes styles into its elements.
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-eval' 'wasm-unsafe-eval' HASHES; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self' data: blob:; worker-src 'self' blob:; "
    "frame-src 'none'; object-src 'none'; base-uri 'self'; form-action 'self'"
)


def build_lite(site):
    """Add JupyterLite to `site`, as its folder lite. It loads Python, the packages, utils and the data from the folder run."""
    with tempfile.TemporaryDirectory() as folder:  # the build writes its state there
        configuration = shutil.copytree(CONFIGURATION, Path(folder, "lite"))
        contents = shutil.copytree(ROOT / "chapters", Path(folder, "chapters"))
        for notebook in contents.glob("*.ipynb"):
            notebook.write_text(json.dumps(unnumbered(json.loads(notebook.read_text("utf-8")))), "utf-8")
        command = [sys.executable, "-m", "jupyterlite_core", "build", "--ignore-sys-prefix", "--lite-dir", configuration]
        command += ["--config", configuration / "jupyter_lite_config.json", "--contents", contents]
        command += [f"--LiteBuildConfig.federated_extensions={INSTALLED / name}" for name in EXTENSIONS]
        command += ["--output-dir", site.resolve() / "lite"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"JupyterLite could not be built:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    for font in [path for pattern in OLD_FONTS for path in (site / "lite").rglob(pattern)]:
        font.unlink()
    add_bar(site / "lite")
    for page in (site / "lite").rglob("index.html"):
        page.write_text(with_policy(page.read_text("utf-8")), "utf-8")
    run = site / "run"
    write_settings_wheel(run / "wheels" / SETTINGS)
    folders = (run / "wheels", run / "pyodide", site / "lite" / KERNEL_WHEELS)
    add_to_lock(
        run / "pyodide" / "pyodide-lock.json", [path for folder in folders for path in sorted(folder.glob("*-py3-none-any.whl"))]
    )


def unnumbered(notebook):
    """The notebook with its outputs but without execution counts, so that a reader sees which cells have run here."""
    for cell in notebook["cells"]:
        for numbered in [cell, *cell.get("outputs", [])]:
            if "execution_count" in numbered:
                numbered["execution_count"] = None
    return notebook


def add_bar(lite):
    """Add a bar above each notebook with links to its chapter and to the next notebook (press/lite/bar.js)."""
    titles = {name: title(name) for name in pages() if name.startswith("chapters/")}
    chapters = [{"page": file_of(name), "notebook": f"{Path(name).name}.ipynb", "title": text} for name, text in titles.items()]
    script = (CONFIGURATION / "bar.js").read_text("utf-8").replace("[/* chapters */]", json.dumps(chapters))
    (lite / "bar.js").write_text(script, "utf-8")
    shutil.copy(CONFIGURATION / "bar.css", lite)
    page = lite / "notebooks" / "index.html"
    parts = '<link rel="stylesheet" href="../bar.css">\n<script type="module" src="../bar.js"></script>\n</head>'
    page.write_text(page.read_text("utf-8").replace("</head>", parts), "utf-8")


def with_policy(page):
    """The text of a page with press/lite/stays.js in it, and a policy that allows no other scripts than those in it."""
    page = page.replace("<head>", f"<head>\n<script>{(CONFIGURATION / 'stays.js').read_text('utf-8')}</script>", 1)
    scripts = re.findall(r"<script[^>]*>(.+?)</script>", page, re.S)
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in scripts)
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICY.replace("HASHES", hashes)}">'
    return page.replace("<head>", f"<head>\n{policy}", 1)


def title(name):
    """A chapter's title with its number, as in the book."""
    number = Path(name).name.split("_")[0].lstrip("0")
    return f"{number} {re.search('^# (.*)', (ROOT / f'{name}.md').read_text('utf-8'), re.M)[1]}".strip()


def write_settings_wheel(path):
    """Write a wheel with the settings that a notebook needs before its first cell: the data's address, IPython's options."""
    info = "course_settings-1.0.dist-info"
    files = {
        "course_settings.py": (CONFIGURATION / "course_settings.py").read_text(encoding="utf-8"),
        "course_settings-1.0.data/data/etc/ipython/ipython_config.py": (CONFIGURATION / "ipython_config.py").read_text(
            encoding="utf-8"
        ),
        f"{info}/METADATA": "Metadata-Version: 2.1\nName: course-settings\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: press.site\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\n" for name in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in files.items():
            wheel.writestr(zipfile.ZipInfo(name), text)


def add_to_lock(lock, wheels):
    """Add to Pyodide's lock file those of `wheels`, pure Python, that it lacks, so that Pyodide can load them by name."""
    content = json.loads(lock.read_text(encoding="utf-8"))
    for path in wheels:
        name, version = path.name.split("-")[:2]
        name = name.replace("_", "-")
        if name in content["packages"]:
            continue
        content["packages"][name] = {
            "name": name, "version": version, "file_name": os.path.relpath(path, lock.parent),
            "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
            "install_dir": "site", "package_type": "package", "imports": [], "depends": [], "unvendored_tests": False,
        }  # fmt: skip
    lock.write_text(json.dumps(content), encoding="utf-8")
