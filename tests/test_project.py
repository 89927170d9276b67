"""What the project says about itself: workflows, pins, licences, citation, how to contribute. All of it is machine-checked."""

import functools
import hashlib
import http.server
import os
import re
import shutil
import subprocess
import sys
import threading
import tomllib
import zipfile
from pathlib import Path

import check_jsonschema
import pytest
import yaml
from click.testing import CliRunner

import utils
from tools.notebooks.chapters import ROOT
from tools.experiments import generalise
from tools.site import downloads as assets

BIN = Path(sys.executable).parent
WORKFLOWS = sorted(ROOT.glob(".github/workflows/*.yml"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
PINS = ["requirements.txt", "requirements-dev.txt", "tools/setup/uv.txt"]


@functools.cache
def committed():
    """Every file of the project that git knows, with its text; pictures and the like are left out."""
    names = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return {
        name: (ROOT / name).read_text()
        for name in names
        if (ROOT / name).is_file() and not name.endswith((".png", ".npz", ".woff2", ".gz", ".wasm"))
    }


def run(*command):
    done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


# --- Workflows --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "schema, pattern",
    [
        ("vendor.github-workflows", ".github/workflows/*.yml"),
        ("custom.github-workflows-require-timeout", ".github/workflows/*.yml"),
        ("vendor.dependabot", ".github/dependabot.yml"),
        ("vendor.github-issue-forms", ".github/ISSUE_TEMPLATE/[!c]*.yml"),
        ("vendor.github-issue-config", ".github/ISSUE_TEMPLATE/config.yml"),
        ("vendor.citation-file-format", "CITATION.cff"),
    ],
)
def test_has_the_form_that_its_reader_expects(schema, pattern):
    files = sorted(ROOT.glob(pattern))
    assert files
    done = CliRunner().invoke(check_jsonschema.main, ["--builtin-schema", schema, *map(str, files)])
    assert done.exit_code == 0, done.output


def test_the_linter_of_workflows_finds_nothing():
    run("zizmor", "--offline", "--quiet", "--persona", "pedantic", ".github")


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_uses_pinned_actions_may_do_little_and_runs_what_make_knows(path):
    workflow, used = yaml.safe_load(path.read_text()), re.findall(r"uses: (\S+)(.*)", path.read_text())
    assert used and workflow["permissions"] == {}
    for action, comment in used:
        assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", action) and re.fullmatch(r" # v\d+\.\d+\.\d+", comment), action
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    for name, job in workflow["jobs"].items():
        publishes = any("deploy-pages" in step.get("uses", "") for step in job["steps"])
        assert job["permissions"] == ({"pages": "write", "id-token": "write"} if publishes else {"contents": "read"}), name
    assert not any(step["with"]["persist-credentials"] for step in steps if "checkout" in step.get("uses", ""))
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    named = set(re.findall(r"\bmake ([a-z-]+)", " ".join(step.get("run", "") for step in steps)))
    for job in workflow["jobs"].values():
        named |= {entry["target"] for entry in job.get("strategy", {}).get("matrix", {}).get("include", [])}
    assert named and named <= targets


def test_only_what_was_tested_is_published():
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]
    publish = jobs["publish"]
    assert publish["needs"] == ["test", "own"] and publish["if"] == "github.ref == 'refs/heads/main'"
    steps = [step.get("run") or step["uses"].split("@")[0] for step in jobs["test"]["steps"]]
    order = [steps.index(step) for step in ("make test", "actions/upload-artifact", "actions/upload-pages-artifact")]
    assert order == sorted(order)
    uploads = [step["with"]["path"] for step in jobs["test"]["steps"] if "actions/upload-" in step.get("uses", "")]
    assert uploads == ["_build/site", "_build/site"]


def test_the_caches_hang_on_the_pins_and_on_the_datas_checksums():
    steps = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"]["test"]["steps"]
    keys = [step["with"]["key"] for step in steps if "actions/cache@" in step.get("uses", "")]
    assert len(keys) == 2 and "requirements*.txt" in keys[0] and "steps.data.outputs.key" in keys[1]
    name = next(step for step in steps if step.get("id") == "data")["run"]
    found = subprocess.run(
        name.replace('"$GITHUB_OUTPUT"', "/dev/stdout"), shell=True, cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout
    passed_on = [pin["sha256"] for group in assets.GROUPS for pin in assets.PINS[group].values()]
    checksums = "".join(f'"{sha256}"\n' for sha256 in [*(sha256 for _, sha256 in utils.data.FILES.values()), *passed_on])
    assert found.strip() == f"key={hashlib.sha256(checksums.encode()).hexdigest()[:16]}"
    assert "actions/cache" not in (ROOT / ".github/workflows/weekly.yml").read_text(), "the weekly installation is a fresh one"


# --- Pins -------------------------------------------------------------------------------------------------------------


def pinned(name):
    """The packages in a file of pins: {name: {version, ...}}; some have one version for each Python or platform."""
    found = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text(), re.M):
        found.setdefault(package, set()).add(version)
    return found


def test_the_pins_agree():
    run_, dev = map(pinned, PINS[:2])
    assert {name: versions for name, versions in run_.items() if dev.get(name) != versions} == {}
    assert run_["mxnet"] == {"1.9.1"} and "1.23.5" in run_["numpy"]


def test_the_pins_are_those_of_the_list():
    from packaging.requirements import Requirement

    for listed, pins in (
        (PROJECT["project"]["dependencies"], pinned("requirements.txt")),
        (PROJECT["project"]["optional-dependencies"]["dev"], pinned("requirements-dev.txt")),
    ):
        for requirement in map(Requirement, listed):
            versions = pins[requirement.name.replace("_", "-").lower()]
            right = [version in requirement.specifier for version in versions]
            assert any(right) if requirement.marker else all(right), f"{requirement}: run make pins"


@pytest.mark.parametrize("name", PINS)
def test_every_pin_has_hashes_and_no_address(name):
    text = (ROOT / name).read_text()
    for block in re.split(r"\n(?=\S)", text):
        pin, *hashes = block.rstrip().split("\n")
        assert "==" in pin and hashes, block
        for line in hashes:
            assert re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line), f"{name}: {pin}: {line}"
    assert not re.search(r"//|--(?:extra-)?index|--find-links", text)


def test_no_file_names_the_host_of_a_package_registry():
    # Spelt so that this file does not name them either. Pyodide publishes itself at a content network's address, no registry's.
    hosts = re.compile(
        r"(?:pypi|pythonhosted|npmjs|jsdelivr(?!\.net/pyodide/)|unpkg|conda-forge|anaconda|deb\.debian|archive\.ubuntu)\.(?:org|com|io|net|cloud)"
    )
    own = "tests/test_project.py"
    assert [name for name, text in committed().items() if name != own and hosts.search(text)] == []


@pytest.fixture
def recorded(tmp_path):
    """Run a script of tools/setup where uv and python3 only write down how they are called; gives their calls."""
    shutil.copytree(ROOT / "tools/setup", tmp_path / "tools/setup")
    for command in ("bin/uv", "bin/python3", ".tools/bin/python"):
        (tmp_path / command).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / command).write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/calls\n')
        (tmp_path / command).chmod(0o755)

    def run_script(*command):
        environment = {"PATH": f"{tmp_path}/bin:{os.defpath}:/usr/bin:/bin", "HOME": str(tmp_path)}
        subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
        return (tmp_path / "calls").read_text().splitlines()

    return run_script


def test_pins_are_written_with_their_hashes(recorded):
    compiled = [call for call in recorded("tools/setup/pins.sh", "bin/uv", "--upgrade") if "pip compile" in call]
    assert [call.split()[-1] for call in compiled] == ["requirements-dev.txt", "requirements.txt", "tools/setup/uv.txt"]
    for call in compiled:
        assert {"--generate-hashes", "--universal", "--no-annotate", "--no-header", "--upgrade"} <= set(call.split()), call


@pytest.mark.parametrize("uv", ["bin/uv", ".tools/bin/uv"])
def test_what_is_installed_is_what_the_hashes_say(recorded, uv):
    """uv, where it is there, takes the pins alone; where it is missing, so does the pip that brings it."""
    installed = [call for call in recorded("tools/setup/environment.sh", uv) if re.search(r"pip (?:install|sync)", call)]
    assert installed
    for call in installed:
        assert "--require-hashes" in call or {"--no-deps", "--no-build-isolation"} <= set(call.split()), call
        assert "--python .venv/bin/python" in call or call.startswith("-m pip"), call  # else uv chooses one by itself


# What a target does, in this order; `make -n` shows it and does nothing.
STEPS = {
    "book": ["jupyter-book build . --all -W -n --keep-going"],
    "serve": ["jupyter-book build", "--bind 127.0.0.1 --directory _build/html"],
    "site": ["COURSE_RUN=1", "-W -n --keep-going", "tools.site"],
    "test": ["fashion_mnist_arrays", "tools.setup.install_browser", "tools.site", "python -m pytest", "MLP_ENGINE=own"],
    "test CHAPTER=04": ["fashion_mnist_arrays", "python -m pytest -k 04_"],
    "test-weekly": ["-m pytest -m weekly"],
    "notebooks CHAPTER=04": ["fashion_mnist_arrays", "tools.notebooks.refresh 04", "web.demo.train"],
    "lab": ["fashion_mnist_arrays", "jupyter lab"],
    "pages": ["jupyter-book build", "tools.setup.install_browser", "tools.measure.pages"],
    "pdf": ["jupyter-book build", "tools.setup.install_browser", "tools.site.pdf"],
    "pins": ["tools/setup/pins.sh"],
    "upgrades": ["tools/setup/pins.sh", "--upgrade", "git diff"],
    "links": ["sphinx-build -q -b linkcheck -c tools/site/linkcheck"],
    "seeds": ["fashion_mnist_arrays", "-m tools.experiments.seeds"],
    "hyperparameters": ["fashion_mnist_arrays", "OMP_NUM_THREADS=1", "-m tools.experiments.hyperparameters"],
    "runtimes": ["fashion_mnist_arrays", "-m tools.experiments.runtimes"],
    "audit": ["pip-audit --strict --no-deps --disable-pip -r requirements-dev.txt"],
    "damage LIST=mine.json": ["tools.measure.damage", "--list mine.json"],
    "hooks": ["pre-commit install"],
    "clean": ["rm -rf _build .venv "],
}


@pytest.mark.parametrize("target", STEPS)
def test_a_target_takes_the_steps_that_matter(target):
    command = ["make", "-n", "--no-print-directory", "-o", ".venv/ready", *target.split()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    places = [done.stdout.find(step) for step in STEPS[target]]
    assert -1 not in places and places == sorted(places), f"{STEPS[target]} in\n{done.stdout}"


MADE_OF = {"requirements-dev.txt", "pyproject.toml", "tools/setup/environment.sh"}


@pytest.mark.parametrize("changed", sorted(MADE_OF))
def test_the_environment_is_made_anew_when_what_it_is_made_of_changes(changed):
    others = [part for path in MADE_OF - {changed} for part in ("-o", path)]
    command = ["make", "-n", "--no-print-directory", *others, "-W", changed, ".venv/ready"]
    assert "environment.sh" in subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout


def test_dependabot_leaves_alone_what_mxnet_forces():
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    pip = next(update for update in updates if update["package-ecosystem"] == "pip")
    exact = {re.match(r"[\w-]+", name)[0] for name in PROJECT["project"]["dependencies"] if re.search(r"==\d+\.\d+|<\d", name)}
    assert exact - {"flit_core"} <= {ignored["dependency-name"] for ignored in pip["ignore"]}


# --- Licences, citation -----------------------------------------------------------------------------------------------


def test_the_licence_of_the_text_is_the_published_one_to_the_letter():
    text = (ROOT / "LICENSE-TEXT").read_bytes()
    assert hashlib.sha256(text).hexdigest() == "9ba9550ad48438d0836ddab3da480b3b69ffa0aac7b7878b5a0039e7ab429411"


def test_citation_agrees_with_the_rest():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text())
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    assert citation["title"] == config["title"]
    assert citation["authors"] == [{"name": config["author"]}]
    assert citation["license"] == ["MIT", "CC-BY-4.0"] and PROJECT["project"]["license"] == "MIT"
    assert citation["version"] == PROJECT["project"]["version"] == utils.__version__
    newest = re.search(r"^## ([\d.]+) \(([\d-]+)\)", (ROOT / "CHANGELOG.md").read_text(), re.M)
    assert newest.groups() == (citation["version"], citation["date-released"].isoformat())


# --- Contributing, teaching -------------------------------------------------------------------------------------------


def test_every_command_that_is_named_is_there():
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for name, text in committed().items():
        if name.endswith(".md"):
            assert set(re.findall(r"`make ([a-z-]+)", text)) <= targets, name


def test_every_path_that_is_linked_is_there():
    for name in ("README.md", "CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "CHANGELOG.md", ".github/pull_request_template.md"):
        for target in re.findall(r"\]\((?!https?:|#)([^)]+)\)", (ROOT / name).read_text()):
            assert (ROOT / name).parent.joinpath(target).exists(), f"{name}: {target}"


def test_a_class_gets_the_problems_without_the_solutions(tmp_path):
    command = re.search(r"^git archive .*$", (ROOT / "reference/teaching.md").read_text(), re.M)[0]
    subprocess.run(command.replace("class.zip", str(tmp_path / "class.zip")), shell=True, cwd=ROOT, check=True)
    names = zipfile.ZipFile(tmp_path / "class.zip").namelist()
    assert not [name for name in names if "solutions" in name or name.startswith("tests/")]
    assert not {"chapters/hyperparameters.json", "tools/experiments/hyperparameters.py"} & set(names), (
        "these hold what the search for the best network found"
    )
    needed = "chapters/17_problems.ipynb utils/problems/__init__.py binder/postBuild requirements.txt LICENSE LICENSE-TEXT"
    assert {*needed.split()} <= set(names)


# --- What a machine can settle ----------------------------------------------------------------------------------------


def test_style():
    run("ruff", "check", "--no-cache", ".")
    run("ruff", "format", "--check", "--no-cache", ".")


def test_spelling():
    run("codespell", *[name for name in committed()])


def test_whitespace(tmp_path):
    left_out = re.compile(r"\.(?:ipynb|svg|txt)$|^LICENSE-TEXT$|^assets/")
    copies = {tmp_path / name: ROOT / name for name in committed() if not left_out.search(name)}
    for path, original in copies.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(original.read_bytes())
    for command in ("trailing-whitespace-fixer", "end-of-file-fixer", "mixed-line-ending"):
        run(command, *copies)


def test_the_hooks_are_of_this_environment_alone():
    run("pre-commit", "validate-config")
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    for repository in config["repos"]:
        assert repository["repo"] == "local"
        for hook in repository["hooks"]:
            command = hook["entry"].split()[0]
            assert hook["language"] == "system" and command.startswith(".venv/bin/") and (BIN / Path(command).name).exists()


# --- Links ------------------------------------------------------------------------------------------------------------


def test_links_that_fail_are_told_from_those_that_work(tmp_path):
    class Host(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(int(self.path.strip("/")))
            self.send_header("Location", "/200")
            self.end_headers()

        do_HEAD = do_GET

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Host)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    here = f"http://127.0.0.1:{server.server_port}"
    (tmp_path / "README.md").write_text(
        "# Links\n\n" + "\n".join(f"<{here}/{status}>" for status in (200, 301, 401, 404, 410, 500))
    )
    command = [BIN / "sphinx-build", "-b", "linkcheck", "-c", ROOT / "tools/site/linkcheck", tmp_path, tmp_path / "links"]
    done = subprocess.run(command, capture_output=True, text=True)
    server.shutdown()
    server.server_close()
    assert done.returncode == 1
    broken = re.findall(rf"\[broken\] {here}/(\d+)", (tmp_path / "links/output.txt").read_text())
    assert sorted(broken) == ["404", "410", "500"]


# Experiments


@pytest.mark.parametrize("better", range(2))
def test_an_experiment_chooses_by_the_validation_images_alone(better):
    settings = generalise.GROUPS["nothing"]
    runs = {
        ("nothing", str(setting)): [{"train_acc": share, "valid_acc": 1 - share, "test_acc": share}]
        for setting, share in zip(settings, (0.2, 0.7) if better == 0 else (0.7, 0.2))
    }
    assert generalise.chosen("nothing", runs)["setting"] == settings[better]
