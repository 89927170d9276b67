"""The project's own files: pins, citation, commands and links that exist."""

import ast
import contextlib
import graphlib
import os
import re
import subprocess
import tomllib
from importlib import metadata

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pygments.token import STANDARD_TYPES

import utils
from press.notebooks.chapters import ROOT
from tests.support.everything import ROOMS
from tools import citation
from tools.charts import chart_style
from tools.experiments import generalise

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def texts(tracked, suffixes):
    """The texts of the files whose names end with `suffixes`."""
    return {
        name: (ROOT / name).read_text(encoding="utf-8") for name in tracked if name.endswith(suffixes) and (ROOT / name).is_file()
    }


def targets():
    return set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))


def pinned(name):
    """The packages in a file of pins: {name: {version, ...}}; some have several versions, by Python or platform."""
    found = {}
    for package, version in re.findall(r"^([\w.-]+)==([^\s;\\]+)", (ROOT / name).read_text(encoding="utf-8"), re.M):
        found.setdefault(package, set()).add(version)
    return found


def test_learners_and_tests_have_the_same_versions():
    learners, tests = pinned("requirements.txt"), pinned("requirements-dev.txt")
    assert {name: versions for name, versions in learners.items() if tests.get(name) != versions} == {}


def test_the_pins_satisfy_pyproject():
    groups = PROJECT["dependency-groups"]
    for listed, pins in (
        (PROJECT["project"]["dependencies"] + groups["learn"], pinned("requirements.txt")),
        (groups["develop"], pinned("requirements-dev.txt")),
    ):
        for requirement in map(Requirement, [text for text in listed if isinstance(text, str)]):
            versions = pins[requirement.name.replace("_", "-").lower()]
            right = [version in requirement.specifier for version in versions]
            assert any(right) if requirement.marker else all(right), f"{requirement}: run make pins"


# What does without where it is missing, what only the preparation of notebooks asks for, and what every kernel of Jupyter has.
NOT_NEEDED = {"mxnet", "truststore", "jupytext", "matplotlib-inline"}


def imported(folder):
    """The installed packages that the modules below a folder import."""
    nodes = [node for path in (ROOT / folder).rglob("*.py") for node in ast.walk(ast.parse(path.read_text("utf-8")))]
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    packages = metadata.packages_distributions()
    return {canonicalize_name(package) for name in names for package in packages.get(name.split(".")[0], [])}


def with_what_they_need(packages):
    """Packages, and all that comes with them: what they require, without the extras, and so on."""
    found, left = set(), {*packages}
    while left:
        found.add(package := canonicalize_name(left.pop()))
        with contextlib.suppress(metadata.PackageNotFoundError):  # on other platforms
            needed = map(Requirement, metadata.requires(package) or [])
            left |= {one.name for one in needed if not one.marker or one.marker.evaluate({"extra": ""})} - found
    return found


@pytest.mark.parametrize(
    "project, folders", [("pyproject.toml", ["utils"]), ("press/pyproject.toml", ["press/book", "press/notebooks", "press/site"])]
)
def test_a_package_that_is_imported_is_declared_or_comes_with_one_that_is(project, folders):
    """Here all are installed, so what is left out is missing only where somebody installs the project."""
    declared = tomllib.loads((ROOT / project).read_text("utf-8"))["project"]["dependencies"]
    there = with_what_they_need(Requirement(one).name for one in declared)
    asked = set().union(*map(imported, folders))
    assert asked - there - NOT_NEEDED == set() and len(asked) > 5


def test_the_version_is_the_same_everywhere():
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    newest = re.search(r"^## ([\d.]+) \(([\d-]+)\)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert newest.groups() == (citation["version"], citation["date-released"].isoformat())
    book = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["sphinx"]["config"]["press"]
    assert citation["version"] == utils.__version__ == book["edition"]


def test_zenodo_is_told_what_the_citation_says():
    assert (ROOT / ".zenodo.json").read_text(encoding="utf-8") == citation.zenodo_file(), "make citation"


def test_every_make_target_that_is_named_exists(tracked):
    named = {
        name: set(re.findall(r"\bmake ([a-z-]+)`", text))
        for name, text in texts(tracked, ".md").items()
        if name != "CHANGELOG.md"
    }
    named |= {name: set(re.findall(r"run: make ([a-z-]+)", text)) for name, text in texts(tracked, ".yml").items()}
    assert {name: missing for name, words in named.items() if (missing := words - targets())} == {}


def test_what_is_printed_is_the_book_as_it_is_now():
    done = subprocess.run(["make", "-n", "pdf"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 0 < done.find("jupyter-book build") < done.find("press.site.pdf")


def test_make_removes_only_what_it_has_made():
    """The folder write, say, is a reader's: what goes is below _build, or hidden as environments are."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    removed = [name for names in re.findall(r"^\t.*?\brm -\w+ (.*?)(?: &&.*)?$", makefile, re.M) for name in names.split()]
    assert [name for name in removed if not re.match(r"_build\b|(.*/)?\.\w", name)] == [] and len(removed) > 5


def test_a_build_that_fails_leaves_the_old_site():
    """Make ends with a command that fails."""
    done = subprocess.run(["make", "-n", "site"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert 0 < done.find("jupyter-book build") < done.find("rm -rf _build/site") < done.find("mv ")


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", ".github/pull_request_template.md"])
def test_every_linked_path_exists(name):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)[^)]*\)", (ROOT / name).read_text(encoding="utf-8")):
        assert (ROOT / name).parent.joinpath(target).exists(), target


def workflow(name):
    return yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text("utf-8"))["jobs"]


def test_what_is_published_waits_for_every_job_that_waits_for_none_and_the_guide_names_them():
    jobs, guide = workflow("test"), (ROOT / "reference/publish.md").read_text("utf-8")
    needs = {name: {job["needs"]} if isinstance(job.get("needs"), str) else {*job.get("needs", [])} for name, job in jobs.items()}
    assert needs["publish"] == {name for name, needed in needs.items() if not needed}
    for job in (jobs[name] for name in needs["publish"]):
        for runner in job.get("strategy", {}).get("matrix", {}).get("runner", [""]):
            said = job["name"].replace("${{ matrix.runner }}", runner)
            assert f"`{said}`" in guide or f"`... on {runner}`" in guide, said


def test_the_versions_of_python_that_are_named_are_those_that_are_tried(tracked):
    tried = [job["version"] for job in workflow("weekly")["anywhere"]["strategy"]["matrix"]["include"]]
    tried.sort(key=lambda version: int(version.split(".")[1]))
    named = {pair for text in texts(tracked, ".md").values() for pair in re.findall(r"(3\.\d+) to (3\.\d+)", text)}
    assert named == {(tried[0], tried[-1])}


def test_the_labels_of_the_forms_are_those_that_the_guide_has_made():
    forms = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")]
    step = re.search(r"### 5\. Labels\n(.*?)###", (ROOT / "reference/publish.md").read_text("utf-8"), re.S)[1]
    assert {label for form in forms for label in form["labels"]} == {*re.findall(r"`(\w+)`", step)}


def test_the_minutes_of_a_session_are_those_of_its_parts():
    text = (ROOT / "reference/teaching.md").read_text("utf-8")
    sessions = re.findall(r"one session of (\d+) minutes.*?\n\n((?:\|.*\n)+)", text)
    assert sessions
    for minutes, parts in sessions:
        assert sum(map(int, re.findall(r"^\| (\d+) \|", parts, re.M))) == int(minutes)


def test_a_colour_of_a_page_has_a_name_in_the_theme(tracked):
    """Else it is the same in the dark. Left out are shadows and the pictures on black."""
    styles = {name: text for name, text in texts(tracked, ".css").items() if not name.endswith("demo.css")}
    assert len(styles) > 5
    for name, style in styles.items():
        varied = r"/\*.*?\*/|light-dark\((?:[^()]|\([^()]*\))*\)|rgb\(0 0 0 / \d+%\)"
        rest = re.sub(varied, "", style, flags=re.S)
        assert re.findall(r":[^;}]*?(#[0-9a-f]{3,8}\b|(?<![\w-])(?:white|black)(?![\w-])|rgb\()", rest) == [], name


def test_words_that_become_an_attribute_are_escaped_where_they_do(tracked):
    """A quotation mark in them would end it, and no chapter may have one yet."""
    words = r"(?:alt|aria-label|content|data-about|placeholder|title)"
    for name, text in texts(tracked, ".py").items():
        if not name.startswith("tests/"):
            assert re.findall(rf' {words}="{{(?!{{|(?:html\.)?escape\()[^"]*"', text) == [], name
    for name, text in texts(tracked, ".html").items():
        filled = [value for whole in re.findall(rf' {words}="([^"]*)"', text) for value in re.findall(r"{{ (.*?) }}", whole)]
        assert [value for value in filled if not re.search(r"\|e$|^_\(|url$", value)] == [], name


def test_a_mark_is_drawn_because_as_a_letter_it_differs_from_font_to_font(tracked):
    """Squares, discs, ticks and crosses: the signs from U+25A0 to U+27BF."""
    styles = texts(tracked, ".css")
    assert {name: found for name, text in styles.items() if (found := re.findall("[\u25a0-\u27bf]", text))} == {}


def test_each_file_of_tests_lies_in_a_room():
    folders = {path.parent.relative_to(ROOT / "tests").as_posix() for path in (ROOT / "tests").rglob("test_*.py")}
    assert folders == set(ROOMS), "make test ONLY=... and its table of times go by the folder"


def test_no_script_needs_itself_by_way_of_others(tracked):
    scripts = {
        name: text
        for name, text in texts(tracked, ".js").items()
        if name.startswith(("web/", "press/")) and "codemirror" not in name
    }
    imported = {name: re.findall(r'(?:from |import\()"(\..+?\.js)"', text) for name, text in scripts.items()}
    graph = {name: {os.path.normpath(f"{name}/../{other}") for other in others} for name, others in imported.items()}
    graphlib.TopologicalSorter(graph).prepare()  # raises CycleError, with the files of a circle


@pytest.mark.parametrize("better", range(2))
def test_an_experiment_chooses_by_validation_accuracy_alone(better):
    settings = generalise.GROUPS["no remedy"]
    runs = {
        ("no remedy", str(setting)): [{"train_acc": share, "valid_acc": 1 - share, "test_acc": share}]
        for setting, share in zip(settings, (0.2, 0.7) if better == 0 else (0.7, 0.2))
    }
    assert generalise.chosen("no remedy", runs)["setting"] == settings[better]


def test_a_condition_of_a_workflow_compares_on_both_sides_of_an_or():
    """`a == 'x' || 'y'` is always true."""
    for path in sorted((ROOT / ".github/workflows").glob("*.yml")):
        for condition in re.findall(r"^\s*(?:if|continue-on-error): (.*)", path.read_text(encoding="utf-8"), re.M):
            parts = re.split(r"\|\||&&", re.sub(r"^\$\{\{|\}\}.*$", "", condition))
            assert [part for part in parts if re.fullmatch(r"\s*\(*\s*'[^']*'\s*\)*\s*", part)] == [], f"{path.name}: {condition}"


def test_each_kind_of_thing_that_scripts_keep_is_in_the_file_of_my_course(tracked):
    """A kind with another name in one place would be kept, and be missing in the file, or be refused when it is loaded."""
    scripts = texts(tracked, ".js")
    table = re.search(r"^const KINDS = \{\n(.*?)^\};", scripts["press/page/course.js"], re.M | re.S)[1]
    table += scripts["web/page/course_kinds.js"]
    kinds = {quoted or plain for quoted, plain in re.findall(r'^  (?:"([^"]+)"|(\w+)):', table, re.M)}
    used = {kind for text in scripts.values() for kind in re.findall(r'\bkind: "([^"]+)"', text)}
    missing = used - kinds - {"name"}  # which stands in the file's head
    assert missing == set(), "say in KINDS of press/page/course.js, or in web/page/course_kinds.js, what such a thing is"
    assert kinds >= {"answer", "edit", "function", "network", "read"} and len(used) > 15


MAPS = "CONTRIBUTING.md", "press/README.md", "tests/README.md", "utils/README.md"
FILE = re.compile(r"`([\w./-]+\.(?:py|js|css|md|html|toml|yml|sh|txt|cff)|[\w./-]+/)`")


@pytest.mark.parametrize("name", MAPS)
def test_each_file_that_a_map_names_is_there(name):
    """By its path from the root or from the map's folder, or by a name that is found once or more below that folder."""
    path = ROOT / name
    named = {file for file in FILE.findall(path.read_text(encoding="utf-8")) if not re.search(r"NN_|NAME", file)}
    places = [path.parent] if path.parent != ROOT else [ROOT / folder for folder in ("chapters", "tools", "utils", "press")]
    there = {file for file in named if (ROOT / file).exists() or any((place / file).exists() for place in places)}
    there |= {file for file in named - there if "/" not in file and any(True for place in places for _ in place.rglob(file))}
    assert named - there == set() and len(named) > 4


# Classes that Sphinx writes, and Pygments; a tag of a notebook and a colour of a terminal are put together.
OF_OTHERS = {"caption-text", "caption-number", "sig", *STANDARD_TYPES.values()}
PUT_TOGETHER = re.compile(r"(?:ansi-\d|tag_).*|--pst-.*")  # and the variables of another theme


def test_a_name_in_a_style_is_one_that_something_else_has(tracked):
    """A class with another name than in the script, or a variable that nobody sets, is no error: the look is lost."""
    styles = {name: re.sub(r"/\*.*?\*/", "", text, flags=re.S) for name, text in texts(tracked, ".css").items()}
    others = [
        text for name, text in texts(tracked, (".js", ".py", ".html", ".md", ".yml")).items() if not name.startswith("tests/")
    ]
    words = {*re.findall(r"[\w-]+", "\n".join(others))} | OF_OTHERS
    words |= {"data-" + re.sub("[A-Z]", lambda letter: f"-{letter[0].lower()}", word) for word in words}  # dataset.runState
    there = {*re.findall(r"--[\w-]+(?=:)", "\n".join([*styles.values(), chart_style()]))} | words
    for name, style in styles.items():
        selectors = re.sub(r"\{[^{}]*\}", "{}", re.sub(r'"[^"]*"', "", style))
        named = {*re.findall(r"[.#]([A-Za-z][\w-]*)|\[(data-[\w-]+)", selectors)}
        missing = {one or other for one, other in named} - words
        missing |= {*re.findall(r"var\((--[\w-]+)", style)} - there
        assert {one for one in missing if not PUT_TOGETHER.fullmatch(one)} == set(), name
    assert len(styles) > 5


NEEDED = {  # what a command of the Makefile mentions, and the target that provides it
    r"\$\(PYTHON\)|\.venv/bin": ".venv/ready",
    r"\.venv-own/bin": ".venv-own/ready",
    r" _build/html\b": "book",
    r"(?<!rm -rf)(?<!html) _build/site\b": "site",
}
IN_A_MODULE = {r"\bopen_browser\(": "browser", r"\b(?:load_data_fashion_mnist|load_validation_split)\(": "data"}


def test_a_target_of_make_sets_up_what_its_commands_use():
    """What was left out is missing only where nothing else has made it before: on another machine."""
    makefile = (ROOT / "Makefile").read_text("utf-8")
    rules = re.findall(r"^([\w./ -]+):(?!=)([^#=\n]*?)(?: *##.*)?\n((?:\t.*\n)*)", makefile, re.M)
    needs = {target: needed.split() for targets, needed, _ in rules for target in targets.split()}

    def provided(target):
        return {target}.union(*map(provided, needs.get(target, [])))

    checked = 0
    for targets, _, commands in rules:
        modules = [ROOT / f"{name.replace('.', '/')}.py" for name in re.findall(r"-m ([\w.]+)", commands)]
        code = "\n".join(path.read_text("utf-8") for path in modules if path.exists())
        wanted = {target for mark, target in NEEDED.items() if re.search(mark, commands)}
        wanted |= {target for mark, target in IN_A_MODULE.items() if re.search(mark, code)}
        for target in targets.split():
            assert wanted - provided(target) == set(), f"{target} in the Makefile needs {wanted - provided(target)}"
            checked += len(wanted)
    assert checked > 30


def test_a_variable_that_a_guide_names_is_one_that_a_program_reads(tracked):
    written = r"\b[A-Z][A-Z\d]*_[A-Z\d_]+\b"
    programs = texts(tracked, (".py", ".js", ".yml", ".sh", "Makefile", "binder/start"))
    known = {*re.findall(written, "\n".join(programs.values()))} | {"CODE_OF_CONDUCT"}
    guides = {name: {*re.findall(written, text)} for name, text in texts(tracked, ".md").items()}
    assert {name: unknown for name, named in guides.items() if (unknown := named - known)} == {}
    assert len(set().union(*guides.values())) > 8


def test_what_is_pinned_to_one_version_by_hand_is_left_alone_by_dependabot():
    update = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text("utf-8"))["updates"]
    [ignored] = [{one["dependency-name"] for one in entry["ignore"]} for entry in update if "ignore" in entry]
    groups = PROJECT["dependency-groups"]
    listed = [Requirement(text) for group in groups.values() for text in group if isinstance(text, str)]
    exact = {one.name for one in listed if re.fullmatch(r"==[^*]+", str(one.specifier))}
    varied = {one.name for one in listed if one.marker and str(one.specifier)}  # another version on another machine
    assert exact | varied <= ignored <= {one.name for one in listed} and len(exact) > 2


def test_a_promise_is_awaited_before_something_is_made_of_what_it_brings(tracked):
    """Without `await` a sum is a text with [object Promise] in it, and a condition is always true."""
    makes = r"async function (\w+)\(|\b(\w+) = async\b|\bconst (\w+) = \([^()]*\) =>\s+(?:fetch|import|caches\.\w+)\("
    used = r"(?:[-+*/]= |(?<!=)[-+*/<>]=? (?=\w)|[=!]== |\b(?:if|while) \(|!)"
    scripts = {
        name: text for name, text in texts(tracked, ".js").items() if name.startswith(("web/", "press/")) and len(text) < 50_000
    }
    found = 0
    for name, text in scripts.items():
        promising = {one for groups in re.findall(makes, text) for one in groups if one}
        found += len(promising)
        for promise in promising:
            assert re.findall(rf".*{used}{promise}\(.*", text) == [], name
    assert found > 60
