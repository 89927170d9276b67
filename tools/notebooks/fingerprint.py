"""A hash of everything that determines a chapter's outputs: its code, the helpers it imports, the data files it reads, the pins.

The hash does not depend on the helpers' comments and docstrings, on file times, or on helpers that are not imported.
"""

import ast
import functools
import hashlib
import re

from IPython.core.inputtransformer2 import TransformerManager

from tools.notebooks.chapters import ROOT


def fingerprint(code):
    """The hash for `code`, the cells of a chapter or a script."""
    modules = [parse(file_of(name).read_text(encoding="utf-8")) for name in sorted(utils_modules(parse(code)))]
    imported = {name.split(".")[0] for tree in [parse(code), *modules] for level, name, _ in imports(tree) if level == 0}
    # If a package has several pins, the first is that of the environment with MXNet, which computes the stored outputs.
    pins = dict(reversed(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)))
    facts = [
        code,
        *(
            path.read_text(encoding="utf-8")
            for path in sorted(ROOT.glob("utils/results/*.json"))
            if f'read_results("{path.stem}")' in code
        ),
        *(ast.unparse(without_docstrings(tree)) for tree in modules),
        *(f"{name}=={version}" for name, version in sorted(pins.items()) if name.replace("-", "_") in imported),
    ]
    return hashlib.sha256("\n\n".join(facts).encode()).hexdigest()[:16]


def parse(source):
    """The syntax tree of a cell or module; IPython's %magic and !command lines are translated to Python."""
    return ast.parse(_python(source))


@functools.cache
def _python(source):
    return TransformerManager().transform_cell(source)


def without_docstrings(tree):
    for node in ast.walk(tree):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)) and ast.get_docstring(node) is not None:
            node.body = node.body[1:] or [ast.Pass()]
    return tree


def imports(tree):
    """Every import in a syntax tree as (level, module, names): `from .data import LABELS` is (1, "data", {"LABELS"})."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, set()) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.level, node.module or "", {alias.name for alias in node.names}


def utils_modules(tree):
    """The modules of utils, such as "utils.data", that a syntax tree imports, directly or indirectly.

    The engine counts only for code that imports it directly: outputs that MXNet computed do not depend on it.
    """
    needed, new = set(), set(_imported_from_utils(tree, package=""))
    while new:
        name = new.pop()
        needed.add(name)
        package = name if file_of(name).name == "__init__.py" else name.rpartition(".")[0]
        found = set(_imported_from_utils(parse(file_of(name).read_text(encoding="utf-8")), package)) - needed
        new |= {other for other in found if not _in_engine(other) or _in_engine(name)}
    return needed


def _in_engine(module):
    return f"{module}.".startswith("utils.engine.")


def file_of(module):
    """The file of a module such as "utils.data" or "utils.problems", or None if there is no such module."""
    place = ROOT.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()), None)


def _imported_from_utils(tree, package):
    """The modules of utils that a syntax tree imports; relative imports start from `package`."""
    for level, module, names in imports(tree):
        start = package.split(".")[: 1 - level or None] if level else []
        module = ".".join([*start, *filter(None, [module])])
        if module == "utils":
            homes = _homes()
            yield from (homes.get(name, f"utils.{name}") for name in names - {"*"} or homes)
        elif module.startswith("utils."):
            inner = module.split(".")
            packages = (".".join(inner[:i]) for i in range(2, len(inner)))
            yield from (name for name in [*packages, module, *(f"{module}.{name}" for name in names)] if file_of(name))


def _homes():
    """The module that defines each public name of `utils`: {"LABELS": "utils.data", ...}.

    utils/__init__.py imports some names; those that it imports on first use are listed in a dict from name to module.
    """
    tree = parse(file_of("utils").read_text(encoding="utf-8"))
    homes = {name: f"utils.{module}" for level, module, names in imports(tree) if level == 1 and module for name in names}
    for table in (node for node in ast.walk(tree) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values):
            if isinstance(value, ast.Constant) and file_of(f"utils.{value.value}"):
                homes[key.value] = f"utils.{value.value}"
    return homes
