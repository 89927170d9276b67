"""A hash of everything that determines a chapter's outputs: its code, the modules of the book's package that it imports, the
files there that it names, the pins.

The hash does not depend on what changes no output: comments, docstrings and words of errors in the package, its module
`arguments`, which only raises or warns, questions that the chapter doesn't ask, modules that it doesn't import, file times. A
chapter that catches errors may show them: there checks and words count.
"""

import ast
import builtins
import functools
import hashlib
import re

from IPython.core.inputtransformer2 import TransformerManager

from press.notebooks.chapters import ROOT
from press.settings import of_book


def fingerprint(code):
    """The hash for `code`, the cells of a chapter or a script."""
    catches = re.search(r"^ *except\b", code, re.M)
    modules = [text_of(name) for name in sorted(modules_for(code) - (set() if catches else {f"{package()}.arguments"}))]
    pruner = WithoutDocstrings if catches else WithoutWords
    imported = {name.split(".")[0] for source in [code, *modules] for level, name, _ in imports(source) if level == 0}
    # If a package has several pins, the first is that of the environment that computes the stored outputs.
    pins = dict(reversed(re.findall(r"^([\w.-]+)==([\w.]+)", (ROOT / "requirements.txt").read_text(encoding="utf-8"), re.M)))
    facts = [
        code,
        *(path.read_bytes().decode(errors="replace") for path in files_named_in(code)),
        *(with_questions_of(code, pruned(source, pruner)) for source in modules),
        *(f"{name}=={version}" for name, version in sorted(pins.items()) if name.replace("-", "_") in imported),
    ]
    return hashlib.sha256("\n\n".join(facts).encode()).hexdigest()[:16]


def package():
    """The name of the book's package."""
    return of_book(ROOT)["package"]


def files_named_in(code):
    """The files of the package, but its modules, whose names, with or without their endings, are texts in `code`."""
    texts = {node.value for node in ast.walk(parse(code)) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    return [path for path in sorted(ROOT.glob(f"{package()}/**/*.*")) if path.suffix != ".py" and {path.stem, path.name} & texts]


def parse(source):
    """The syntax tree of a cell or module; IPython's %magic and !command lines are translated to Python."""
    return ast.parse(_python(source))


@functools.cache
def _python(source):
    return TransformerManager().transform_cell(source)


class WithoutDocstrings(ast.NodeTransformer):
    """Removes docstrings from a syntax tree."""

    def visit_Expr(self, node):
        return None if isinstance(node.value, ast.Constant) else node


class WithoutChecks(WithoutDocstrings):
    """Also removes the statements `arguments.…(…)`, which only raise or warn."""

    def visit_Expr(self, node):
        return None if ast.unparse(node).startswith("arguments.") else super().visit_Expr(node)


class WithoutWords(WithoutChecks):
    """Also removes what an error says, unless it is one of the course's own: what a verdict says is an output."""

    def visit_Raise(self, node):
        if isinstance(node.exc, ast.Call) and hasattr(builtins, ast.unparse(node.exc.func)):
            node.exc.args = []
        return node


@functools.cache
def pruned(source, pruner):
    return ast.unparse(pruner().visit(parse(source)))


def with_questions_of(code, source):
    """A module's text; of the table QUESTIONS, if it has one, only what `code` asks: the questions of `check("name", ...)`."""
    if "QUESTIONS = {" not in source:
        return source
    tree = ast.parse(source)
    table = next(node.value for node in tree.body if ast.unparse(node).startswith("QUESTIONS = {"))
    asked = [(key, value) for key, value in zip(table.keys, table.values) if f'check("{key.value}"' in code]
    table.keys, table.values = [key for key, _ in asked], [value for _, value in asked]
    return ast.unparse(tree)


@functools.cache
def imports(source):
    """Every import in a source text as (level, module, names): `from .data import LABELS` is (1, "data", {"LABELS"})."""
    imported = []
    for node in ast.walk(parse(source)):
        if isinstance(node, ast.Import):
            imported += [(0, alias.name, set()) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            imported.append((node.level, node.module or "", {alias.name for alias in node.names}))
    return imported


def modules_for(source):
    """The modules of the package, such as "package.data", that a source text imports, directly or indirectly.

    One that stands in for a library counts only for code that imports it directly: the library's outputs do not depend on it.
    """
    needed, new = set(), set(_imported_from_package(source, inside=""))
    while new:
        name = new.pop()
        needed.add(name)
        inside = name if file_of(name).name == "__init__.py" else name.rpartition(".")[0]
        others = set(_imported_from_package(text_of(name), inside)) - needed
        new |= {other for other in others if not _stands_in(other) or _stands_in(name)}
    return needed


def _stands_in(module):
    return any(f"{module}.".startswith(f"{one}.") for one in of_book(ROOT)["stand_in"].values())


def file_of(module):
    """The file of a module such as "package.data", or None if there is no such module."""
    return _file_in(ROOT, module)


@functools.cache
def _file_in(root, module):
    place = root.joinpath(*module.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.exists()), None)


def text_of(module):
    return file_of(module).read_text(encoding="utf-8")


def _imported_from_package(source, inside):
    """The modules of the package that a source text imports; relative imports start from the package `inside`."""
    for level, module, names in imports(source):
        start = inside.split(".")[: 1 - level or None] if level else []
        module = ".".join([*start, *filter(None, [module])])
        if module == package():
            homes = _homes(package(), text_of(module))
            found = (homes.get(name, f"{module}.{name}") for name in names - {"*"} or homes)
            yield from (name for name in found if file_of(name))  # __version__, say, is no module
        elif module.startswith(f"{package()}."):
            inner = module.split(".")
            packages = (".".join(inner[:i]) for i in range(2, len(inner)))
            yield from (name for name in [*packages, module, *(f"{module}.{name}" for name in names)] if file_of(name))


@functools.cache
def _homes(package, source):
    """The module that defines each public name of the package, by the text of its __init__.py: {"name": "package.module", ...}.

    It imports some names; those that it imports on first use are listed in a dict from name to module.
    """
    homes = {name: f"{package}.{module}" for level, module, names in imports(source) if level == 1 and module for name in names}
    for table in (node for node in ast.walk(parse(source)) if isinstance(node, ast.Dict)):
        for key, value in zip(table.keys, table.values):
            if isinstance(value, ast.Constant) and file_of(f"{package}.{value.value}"):
                homes[key.value] = f"{package}.{value.value}"
    return homes
