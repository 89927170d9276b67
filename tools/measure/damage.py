"""Seeded damage: `make damage` hurts a copy of the course in one place at a time, and counts how often a check notices.

The places are drawn by rules that know nothing of the letter of the source: an operator or a number of a helper, a digit of the
prose or of an output, the target of a link, a sign of a formula, an option of a command, a number of the demonstration. A seed
draws the same ones again (`make damage SEED=7`); without one they are other ones each week. `make damage LIST=mistakes.json` tries
mistakes of one's own instead: [{"path": "utils/network.py", "old": "X, 0", "new": "X, 1"}, ...]. ONLY=prose keeps one layer.

Whoever changes a helper refreshes the notebooks: so what a helper's damage is tried with are the tests of the helpers, not the
fingerprints in the notebooks, which would notice every change. A change of a chapter's text is made in both files of its pair.
"""

import argparse
import ast
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import nbformat

from tools.book.chapters import ROOT, code_cells, read_pair, read_source

REQUIRED = 0.75  # the share that must be noticed: some mutants change nothing that anyone could see
HELPERS = "test_helpers test_numerics test_problems test_slips test_data test_minibatches"
# Which files' damage is tried with which tests; the first pattern that fits decides.
CHECKS = {
    r"utils/engine/": "test_engine",
    r"utils/(diagnosis|sick)": "test_diagnosis",
    r"utils/film": "test_film",
    r"utils/choose": "test_choosing",
    r"utils/": HELPERS,
    r"chapters/1[56].*ipynb": "test_chapters test_problems",
    r"chapters/|pages/": "test_prose test_chapters",
    r"assets/demo/": "test_demo",
    r"site/run/|site/theme/.*js": "test_page test_page_start test_book test_film",
    r"site/lite|tools/site": "test_site",
    r"site/|_toc|_config": "test_book test_chapters",
    r"": "test_project test_running test_choosing",
}
IN_THE_SITE = r"site/|assets/|utils/film|tools/site"  # what their tests look at is built
LEFT_OUT = "not outputs_follow_from_the_code and not refreshing and not style"


# --- What is hurt, by rule: each rule gives every (path, position, old text, new text) that it knows --------------------------

SWAPPED = dict(pair.split() for pair in "< <=|<= <|> >=|>= >|== !=|!= ==|+ -|- +|* /|/ *|and or".split("|"))


def operators(path):
    """Another operator, or another number, in a module."""
    source = path.read_text()
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and type(node.value) in (int, float):
            yield starts[node.lineno - 1] + node.col_offset, ast.get_source_segment(source, node), str(node.value + 1)
        pairs = {ast.Compare: ("left", "comparators"), ast.BinOp: ("left", "right"), ast.BoolOp: ("values", "values")}
        if type(node) in pairs:
            left, right = (getattr(node, name) for name in pairs[type(node)])
            left, right = left[0] if isinstance(left, list) else left, right[-1] if isinstance(right, list) else right
            begin, end = starts[left.end_lineno - 1] + left.end_col_offset, starts[right.lineno - 1] + right.col_offset
            between = source[begin:end]
            if between.strip() in SWAPPED and source.isascii():
                yield begin + between.index(between.strip()), between.strip(), SWAPPED[between.strip()]


def found(pattern, change):
    """A rule: what `change` makes of the first group of `pattern`, wherever that stands outside a listing."""

    def rule(path):
        text = path.read_text()
        listings = [match.span() for match in re.finditer(r"^```\{code-cell\}.*?^```", text, re.S | re.M)]
        for match in re.finditer(pattern, text, re.M):
            if not any(start <= match.start() < end for start, end in listings):
                yield match.start(1), match[1], change(match[1])

    return rule


def next_digit(number):
    return number[:-1] + str((int(number[-1]) + 1) % 10)


def another_chapter(name):
    return random.choice([path.stem for path in sorted(ROOT.glob("chapters/*.md")) if path.stem != name])


def outputs(path):
    """A digit of what a cell printed."""
    text = path.read_text()
    printed = "".join(json.dumps(line) for cell in code_cells(read_pair(path)) for line in cell.outputs)
    for match in re.finditer(r"(?<=[\s:=])(\d+\.\d+)(?=[\s\\,\"])", text):
        if match[1] in printed:
            yield match.start(1), match[1], next_digit(match[1])


# layer: (files, rule, how many are drawn)
RULES = {
    "helpers": ("utils/[a-z]*.py utils/problems/*.py", operators, 14),
    "prose": ("chapters/*.md", found(r"(?<![\w.^_{,/-])(\d[\d,]*\.?\d+)(?![\w.])(?!.*https?:)", next_digit), 8),
    "links": ("chapters/*.md pages/*.md", found(r"\]\((?:\.\./chapters/)?(\d\d_\w+)\.ipynb", another_chapter), 4),
    "formulas": (
        "chapters/*.md",
        found(r"(?:\$[^$\n]*|^[^|`$\n]*\\[a-z]+[^|`$\n]*)( [+-] )", lambda sign: " - " if "+" in sign else " + "),
        4,
    ),
    "outputs": ("chapters/*.ipynb", outputs, 5),
    "commands": ("Makefile tools/setup/*.sh binder/start binder/postBuild", found(r"( --?[a-z][a-z-]+)\b", lambda option: ""), 6),
    "demonstration": ("assets/demo/network.js assets/demo/page.js", found(r"[ (](\d\d?)\b", next_digit), 4),
}


def drawn(layer):
    """As many places of a layer as its rule is to hurt: (layer, path, text before, text after, words about it)."""
    patterns, rule, number = RULES[layer]
    files = [path for pattern in patterns.split() for path in sorted(ROOT.glob(pattern)) if path.name != "__init__.py"]
    places = {path: list(rule(path)) for path in files}
    files = [path for path in files if places[path]]
    for path in random.choices(files, k=number):  # each file as likely as the others, however long it is
        at, old, new = random.choice(places[path])
        text = path.read_text()
        yield (
            layer,
            path.relative_to(ROOT),
            text,
            text[:at] + new + text[at + len(old) :],
            f"line {text.count(chr(10), 0, at) + 1}: {old} -> {new}",
        )


def listed(path):
    for mistake in json.loads(Path(path).read_text()):
        text = (ROOT / mistake["path"]).read_text()
        if text.count(mistake["old"]) == 0:
            sys.exit(f"{mistake['path']} does not hold {mistake['old']!r}")
        layer = mistake.get("layer", Path(mistake["path"]).parts[0])
        changed = text.replace(mistake["old"], mistake["new"], 1)
        yield layer, Path(mistake["path"]), text, changed, f"{mistake['old']} -> {mistake['new']}".replace("\n", " ")[:150]


# --- Trying it --------------------------------------------------------------------------------------------------------


def build_site(copy):
    """`make site` in the copy, with this environment; returns whether it could be done."""
    if not (copy / ".venv").exists():
        (copy / ".venv").symlink_to(ROOT / ".venv")
    command = "make -o .venv/ready -o data site".split()
    return not subprocess.run(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True).returncode


def failing(copy, path, passed_over=()):
    """The checks that fail among those that are about one file of the copy; `passed_over` are left out."""
    if re.match(IN_THE_SITE, str(path)) and not build_site(copy):
        return ["the site's build"]
    tests = next(tests for pattern, tests in CHECKS.items() if re.match(pattern, str(path)))
    files = [f"tests/{name}.py" for name in tests.split() if (copy / f"tests/{name}.py").exists()]
    command = [sys.executable, *"-m pytest -o addopts= -q -p no:cacheprovider -m".split(), "not weekly", "-k", LEFT_OUT]
    command += ["--maxfail=1"] * bool(passed_over) + [f"--deselect={name}" for name in passed_over] + files
    done = subprocess.run(command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, text=True)
    found = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.M)
    return found or (["the tests themselves"] if done.returncode not in (0, 5) else [])


def noticed(copy, path, before, after, undamaged):
    """The check that notices when the text of one file of the copy is changed: "" when none does."""
    key = next(pattern for pattern in CHECKS if re.match(pattern, str(path)))
    if key not in undamaged:
        undamaged[key] = [*failing(copy, path), "none"]  # what fails anyway can notice nothing
    pair = copy / path.with_suffix(".ipynb")
    kept = pair.read_text() if path.suffix == ".md" and pair.exists() else None
    (copy / path).write_text(after)
    try:
        if kept is not None:
            write_text_of_pair(copy / path)
        return "; ".join(failing(copy, path, undamaged[key]))
    finally:
        (copy / path).write_text(before)
        if kept is not None:
            pair.write_text(kept)


def write_text_of_pair(path):
    """Bring the text of a chapter's notebook in step with its Markdown, its outputs as they are."""
    source, pair = read_source(path), read_pair(path)
    for cell, old in zip(code_cells(source), code_cells(pair)):
        cell.outputs, cell.execution_count = old.outputs, old.execution_count
    source.metadata = pair.metadata
    nbformat.write(source, path.with_suffix(".ipynb"))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", default=str(int(time.time()) // 86400), help="draws the same places again")
    parser.add_argument("--only", default="", help="one layer")
    parser.add_argument("--list", default="", help="a file of mistakes to try instead")
    given = parser.parse_args()
    random.seed(given.seed)
    layers = [layer for layer in RULES if given.only in ("", layer)]
    damages = list(listed(given.list)) if given.list else [damage for layer in layers for damage in drawn(layer)]
    caught, total, undamaged = Counter(), Counter(), {}
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder, "copy")
        subprocess.run(["git", "clone", "-q", ROOT, copy], check=True)
        print(f"seed {given.seed}: {len(damages)} places", flush=True)
        for layer, path, before, after, what in damages:
            who = noticed(copy, path, before, after, undamaged)
            total[layer] += 1
            caught[layer] += bool(who)
            print(f"{'caught' if who else 'MISSED'}  {layer}: {path}, {what}" + (f"  by {who}" if who else ""), flush=True)
    for layer in total:
        print(f"{layer:15s} {caught[layer]:3d} of {total[layer]}")
    share = sum(caught.values()) / max(sum(total.values()), 1)
    print(f"{'all':15s} {sum(caught.values()):3d} of {sum(total.values())}, {share:.0%}")
    return share < REQUIRED


if __name__ == "__main__":
    sys.exit(main())
