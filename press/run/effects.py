"""The names that a listing reads and writes: by static analysis before it runs, by comparing values after it ran.

Two kinds of global state count as names too, so that a listing can depend on them: see RANDOM and SETTINGS. So does the time.
"""

import ast
import collections
import pickle
import random
import symtable
import sys
import types
import zlib
from contextlib import suppress
from functools import partial
from itertools import chain

import book
import numpy as np

RANDOM, SETTINGS, CLOCK = "random numbers", "settings", "the clock"
CLOCKS = "default_timer monotonic now perf_counter process_time thread_time time timeit today".split()  # functions
CLOCKS = {*CLOCKS, *(f"{name}_ns" for name in CLOCKS)}
HARMLESS = set("abs bool complex display float int isinstance len max min pow print range repr round str type".split())
DEFINITIONS = ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef
PLAIN = int, str, float, tuple, np.ndarray
DRAWING = random.Random, np.random.Generator, np.random.RandomState, np.random.BitGenerator
SAMPLE = 1 << 18  # the most numbers of an array that enter its checksum; of a larger array, an evenly spaced sample
MOST_OBJECTS = 10_000


def facts(tree):
    """The static analysis of a listing's code, as a dict.

    definitions  names that it assigns
    certain      those of them that it assigns in any case, and does not read before
    imports      those of them that it imports, "*" for all names of a module
    references   names that it reads when it runs, before it assigns them
    deferred     names that its functions read when they are called
    opaque       whether it may have other effects, such as changing an array or drawing a random number
    seeds        whether it seeds the random numbers that it draws
    asks         whether it checks a reader's answer
    only_defines the functions and classes that it defines, if its own lines call nothing
    """
    reader = Reader()
    reader.visit_all(tree.body)
    return {
        "definitions": sorted(reader.definitions),
        "certain": sorted(reader.bound - reader.references),
        "imports": sorted(reader.imports),
        "references": sorted(reader.references),
        "deferred": sorted(reader.deferred),
        "opaque": is_opaque(tree),
        "seeds": is_seeded(tree),
        "asks": asks(tree),
        "only_defines": only_defined(tree),
    }


class Reader(ast.NodeVisitor):
    """Visits statements in the order in which they run, and collects the names that they define and refer to, as `facts` says."""

    def __init__(self, bound=frozenset(), functions=()):
        self.bound = bound  # the names that surely have a value at this point
        self.functions = dict(functions)  # for each function and class, the names that it reads when it is called
        self.definitions, self.imports, self.references, self.deferred = set(), set(), set(), set()

    def bind(self, name):
        self.definitions.add(name)
        self.bound = self.bound | {name}

    def refer(self, names):
        """Read these names, and those that functions among them read, because such a function may be called."""
        reached = set()
        while names:
            reached |= names
            names = set().union(*(self.functions.get(name, ()) for name in names)) - reached
        self.references |= reached - self.bound

    def visit_all(self, nodes):
        for node in nodes:
            if node is not None:
                self.visit(node)

    def alternatives(self, *blocks):
        """Visit blocks of which one runs: afterwards, the names that all of them bind surely have a value."""
        before, after = self.bound, []
        for block in blocks:
            self.bound = before
            self.visit_all(block)
            after.append(self.bound)
        self.bound = frozenset.intersection(*after)

    # Names

    def visit_Name(self, node):
        if not isinstance(node.ctx, ast.Store):
            self.refer({node.id})
        if not isinstance(node.ctx, ast.Load):
            self.bind(node.id)

    def visit_Assign(self, node):
        self.visit_all([node.value, *node.targets])

    def visit_AugAssign(self, node):
        if isinstance(node.target, ast.Name):
            self.refer({node.target.id})
        self.visit_all([node.value, node.target])

    def visit_AnnAssign(self, node):
        self.visit_all([node.annotation, node.value, node.target if node.value else None])

    def visit_NamedExpr(self, node):
        self.visit_all([node.value, node.target])

    def visit_Import(self, node):
        for alias in node.names:
            name = alias.asname or alias.name.split(".")[0]
            self.imports.add(name)
            self.bind(name)

    visit_ImportFrom = visit_Import

    # Code with names of its own

    def visit_FunctionDef(self, node):
        self.visit_all([*node.decorator_list, node.args, node.returns])
        self.define(node, names_inside(node))

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_ClassDef(self, node):
        self.visit_all([*node.decorator_list, *node.bases, *node.keywords])
        body = Reader(self.bound, self.functions)
        body.visit_all(node.body)
        self.references |= body.references
        self.define(node, body.deferred)

    def define(self, node, names):
        """Bind the function or class `node`, which reads `names` when it is called."""
        self.deferred |= names
        self.functions[node.name] = self.functions.get(node.name, set()) | names
        if node.decorator_list:  # the decorator may call it
            self.refer(names)
        self.bind(node.name)

    def visit_Lambda(self, node):
        self.visit(node.args)
        self.deferred |= names_inside(node)
        self.refer(names_inside(node))

    def visit_Call(self, node):
        deferred = set(self.deferred)
        if reads_clock(node):
            self.references.add(CLOCK)
        self.generic_visit(node)
        self.deferred = deferred  # a lambda among the arguments is for this call

    def visit_ListComp(self, node):
        inside = Reader(self.bound, self.functions)
        parts = [part for part in ast.iter_child_nodes(node) if part not in node.generators]
        inside.visit_all([*node.generators, *parts])
        self.references |= inside.references
        self.deferred |= inside.deferred
        self.alternatives([part.target for part in ast.walk(node) if isinstance(part, ast.NamedExpr)], [])

    visit_SetComp = visit_DictComp = visit_GeneratorExp = visit_ListComp

    def visit_comprehension(self, node):
        self.visit_all([node.iter, node.target, *node.ifs])

    # Alternatives

    def visit_IfExp(self, node):
        self.visit(node.test)
        self.alternatives([node.body], [node.orelse])

    def visit_BoolOp(self, node):
        first, *others = node.values
        self.visit(first)
        self.alternatives(others, [])

    def visit_If(self, node):
        self.visit(node.test)
        self.alternatives(node.body, node.orelse)

    def visit_While(self, node):
        self.visit(node.test)
        self.alternatives(node.body, [])
        self.alternatives(node.orelse, [])

    def visit_For(self, node):
        self.visit(node.iter)
        self.alternatives([node.target, *node.body], [])
        self.alternatives(node.orelse, [])

    visit_AsyncFor = visit_For

    def visit_Try(self, node):
        before = self.bound
        self.alternatives([*node.body, *node.orelse], *([handler] for handler in node.handlers))
        after, self.bound = self.bound, before  # a mistake may have ended the body early
        self.visit_all(node.finalbody)
        self.bound = self.bound | after

    visit_TryStar = visit_Try

    def visit_ExceptHandler(self, node):
        self.visit_all([node.type])
        if node.name:
            self.bind(node.name)
        self.visit_all(node.body)
        self.bound = self.bound - {node.name}  # Python deletes it

    def visit_Match(self, node):
        self.visit(node.subject)
        self.alternatives(*([case] for case in node.cases), [])

    def visit_MatchAs(self, node):
        self.generic_visit(node)
        if name := getattr(node, "rest", None) or getattr(node, "name", None):
            self.bind(name)

    visit_MatchStar = visit_MatchMapping = visit_MatchAs


def names_inside(function):
    """The global names that a function uses when it is called, and CLOCK if it reads one."""
    names = set(global_names(symtable.symtable(ast.unparse(function), "listing", "exec")))
    return names | {CLOCK} if any(map(reads_clock, ast.walk(function))) else names


def global_names(table):
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_global())
        yield from global_names(child)


def only_defined(tree):
    """The names of functions and classes that a listing defines, or none if its own lines call something."""
    others = [node for node in tree.body if not isinstance(node, DEFINITIONS)]
    calls = any(isinstance(part, ast.Call) for node in others for part in ast.walk(node))
    return [] if calls else [node.name for node in tree.body if isinstance(node, DEFINITIONS)]


def is_opaque(tree):
    """Whether code calls a function that is not known to be harmless, iterates over an object, or changes a part of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and not is_call(node, HARMLESS | book.ASKS):
            return True
        iterated = getattr(node, "iter", None)
        if iterated is not None and not isinstance(iterated, (ast.Call, ast.Constant, ast.List, ast.Tuple)):
            return True
        if isinstance(node, (ast.AugAssign, ast.Await)):
            return True
        if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            return True
    return False


def is_call(node, functions):
    """Whether a node of a syntax tree is a call of one of these functions, a set of names."""
    return isinstance(node, ast.Call) and getattr(node.func, "id", None) in functions


def reads_clock(node):
    """Whether a node of a syntax tree is a call of one of CLOCKS, as of a module or by its own name."""
    return is_call(node, CLOCKS) or (isinstance(node, ast.Call) and getattr(node.func, "attr", None) in CLOCKS)


def is_seeded(tree):
    """Whether all generators are seeded before any other statement that could draw a random number."""
    for statement in tree.body:
        if is_call(getattr(statement, "value", None), book.SEEDS):
            return True
        if is_opaque(ast.Module([statement], [])) and not isinstance(statement, DEFINITIONS):
            return False
    return False


def asks(tree):
    """Whether code calls one of the functions that check an answer."""
    return any(is_call(node, book.ASKS) for node in ast.walk(tree))


def marks(namespace):
    """For each name a mark that changes when its value changes; modules and classes count as constant."""
    values = {name: mark(value) for name, value in list(namespace.items()) if not name.startswith("__")}
    return {**values, SETTINGS: settings(), RANDOM: random_mark()}


def changed(before, after):
    """The names whose values have changed, new ones included."""
    return sorted(name for name in {**before, **after} if before.get(name, before) != after.get(name, after))


def mark(value):
    """A mark of a value and of all that it holds. Without recursion, which a long chain of nodes would bring to its limit."""
    found, left, seen = [], [value], set()
    while left:
        value = left.pop()
        if isinstance(value, (int, str, bytes, type(None))):
            found.append((type(value), value))  # True == 1
        elif isinstance(value, (float, complex)):
            found.append((type(value), repr(value)))  # NaN differs from itself
        elif id(value) in seen or len(seen) > MOST_OBJECTS or isinstance(value, (type, types.ModuleType)):
            found.append(id(value))
        else:
            seen.add(id(value))
            own, held = parts(value)
            found.append((id(value), type(value), own, len(held)))
            left += held
    return found


def parts(value):
    """The mark of a value itself, and the values that it holds. Asks its class, because an object may answer with any error."""
    has = partial(hasattr, type(value))
    if isinstance(value, np.ndarray):
        return (value.shape, str(value.dtype), checksum(value)), []
    if said := book.parts(value):
        return said
    artist, transforms = map(sys.modules.get, ("matplotlib.artist", "matplotlib.transforms"))
    if artist and isinstance(value, artist.Artist):  # it refers to thousands of objects, and consists of few
        with suppress(Exception):
            own = vars(value).values()
            apart = artist.Artist, transforms.TransformNode  # which is computed when it is asked
            limits = [part.get_points() for part in own if isinstance(part, transforms.Bbox)]
            beside = [part for part in own if hasattr(part, "__dict__") and not isinstance(part, apart)]
            return None, [*value.get_children(), *limits, *chain.from_iterable(map(plain, [value, *beside]))]
    if isinstance(value, dict):
        return None, flat(value)
    if isinstance(value, (list, tuple, set, frozenset, collections.deque)):
        return None, list(value)
    if isinstance(value, DRAWING):
        with suppress(Exception):  # a generator of the system has no state
            return zlib.crc32(pickle.dumps(value)), []
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != types.CellType()]
        return None, [*cells, value.__defaults__, value.__kwdefaults__, value.__dict__]
    if isinstance(value, types.GeneratorType):
        frame = value.gi_frame
        return frame and frame.f_lasti, list(frame.f_locals.values()) if frame else []
    if has("__length_hint__"):
        return value.__length_hint__(), []
    with suppress(AttributeError):
        return None, flat(object.__getattribute__(value, "__dict__"))
    return None, []


def plain(value):
    """The plain values of an object's attributes."""
    return [part for part in vars(value).values() if isinstance(part, PLAIN)]


def flat(values):
    """The keys and values of a dict."""
    return [part for item in list(values.items()) for part in item]


def checksum(array):
    if array.dtype.hasobject:
        return 0
    flat = array.reshape(-1)
    step = -(-flat.size // SAMPLE) or 1
    return zlib.crc32(np.ascontiguousarray(flat[::step]).view(np.uint8))


def settings():
    """The global settings of NumPy and Matplotlib that change how values are printed and drawn."""
    matplotlib = sys.modules.get("matplotlib")
    return str(np.get_printoptions()) + (str(list(matplotlib.rcParams.items())) if matplotlib else "")


def random_mark():
    """Changes with each random number drawn."""
    return hash((random.getstate(), pickle.dumps(np.random.get_state()), book.random_mark()))


def random_state():
    """The states of the random generators of Python, NumPy and the book."""
    return random.getstate(), np.random.get_state(), book.random_state()


def restore_random_state(state):
    """Restore the states that `random_state` returned."""
    in_python, in_numpy, in_book = state
    random.setstate(in_python)
    np.random.set_state(in_numpy)
    book.restore_random_state(in_book)
