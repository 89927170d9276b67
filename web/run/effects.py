"""The names that a listing reads and writes: by static analysis before it runs, by comparing values after it ran.

Two kinds of global state count as names too, so that a listing can depend on them: see RANDOM and SETTINGS.
"""

import ast
import random
import symtable
import sys
import types
import zlib

import numpy as np

RANDOM, SETTINGS = "random numbers", "settings"
HARMLESS = set(
    "abs bool check check_problem complex display float int isinstance len max min pow print range repr round str type".split()
)
FUNCTIONS = ast.FunctionDef, ast.AsyncFunctionDef
DEFINITIONS = *FUNCTIONS, ast.ClassDef
SAMPLE = 1 << 18  # the most numbers of an array that enter its checksum; of a larger array, an evenly spaced sample
MOST_OBJECTS = 10_000


def facts(tree):
    """The static analysis of a listing's code, as a dict.

    binds    names that it assigns
    surely   those of them that it assigns unconditionally, and does not read before
    imports  those of them that it imports, "*" for all names of a module
    loads    names that it reads when it runs, before it assigns them
    later    names that its functions read when they are called
    opaque   whether it may have other effects, such as changing an array or drawing a random number
    seeds    whether it seeds the random numbers that it draws
    asks     whether it checks a reader's answer
    """
    found = {"binds": set(), "imports": set(), "loads": set()}
    functions, surely = {}, set()
    read_in_order(tree.body, surely, found, functions)
    found["surely"] = surely - found["loads"]
    found["later"] = {name for names in functions.values() for name in names}
    return {
        **{key: sorted(names) for key, names in found.items()},
        "opaque": is_opaque(tree),
        "seeds": is_seeded(tree),
        "asks": asks(tree),
    }


def read_in_order(statements, bound, found, functions):
    """Add to `found` the names that these statements read and bind, given that those in `bound` have a value; and to `functions`
    the names that each function and class defined here reads when it is called.
    """
    for statement in statements:
        table = symtable.symtable(ast.unparse(without_blocks(statement)), "listing", "exec")
        symbols = table.get_symbols()
        imports = {
            alias.asname or alias.name.split(".")[0] for alias in getattr(statement, "names", []) if hasattr(alias, "asname")
        }
        binds = imports | {symbol.get_name() for symbol in symbols if symbol.is_assigned() or symbol.is_namespace()}
        loads = {symbol.get_name() for symbol in symbols if symbol.is_referenced()}
        if isinstance(statement, DEFINITIONS):
            functions[statement.name] = set(global_names(table))
        if not isinstance(statement, FUNCTIONS) or statement.decorator_list:  # evaluated now
            loads |= set(global_names(table))
        for name in loads & functions.keys():
            loads = loads | functions[name]
        if isinstance(statement, (ast.AugAssign, ast.Delete)):
            loads |= binds
        found["loads"] |= loads - bound - (binds if isinstance(statement, (ast.For, ast.With)) else set())
        found["binds"] |= binds
        found["imports"] |= imports
        blocks = blocks_of(statement)
        inside = bound if isinstance(statement, ast.With) or not blocks else set(bound)  # other blocks may not run to their end
        inside |= binds
        for block in blocks:
            read_in_order(block, inside, found, functions)


def blocks_of(statement):
    """The statements inside a loop, a condition, a with or a try."""
    if isinstance(statement, DEFINITIONS):
        return []
    parts = [getattr(statement, name, []) for name in ("body", "orelse", "finalbody")]
    parts += [handler.body for handler in getattr(statement, "handlers", [])]
    return [part for part in parts if part]


def without_blocks(statement):
    """A compound statement without its blocks; any other statement unchanged."""
    if isinstance(statement, (ast.Try, ast.Match)):
        return ast.Pass() if isinstance(statement, ast.Try) else statement
    if not blocks_of(statement):
        return statement
    fields = {**dict(ast.iter_fields(statement)), "body": [ast.Pass()], "orelse": []}
    return ast.copy_location(type(statement)(**fields), statement)


def global_names(table):
    """The global names that the functions, classes and comprehensions inside a piece of code use."""
    for child in table.get_children():
        yield from (symbol.get_name() for symbol in child.get_symbols() if symbol.is_global())
        yield from global_names(child)


def is_opaque(tree):
    """Whether code calls a function that is not known to be harmless, iterates over an object, or changes a part of one."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", None) not in HARMLESS:
            return True
        iterated = getattr(node, "iter", None)
        if iterated is not None and not isinstance(iterated, (ast.Call, ast.Constant, ast.List, ast.Tuple)):
            return True
        if isinstance(node, (ast.AugAssign, ast.Await)):
            return True
        if isinstance(node, (ast.Subscript, ast.Attribute)) and not isinstance(node.ctx, ast.Load):
            return True
    return False


def is_seeded(tree):
    """Whether seed_everything is called before any other statement that could draw a random number."""
    for statement in tree.body:
        call = getattr(statement, "value", None)
        if isinstance(call, ast.Call) and getattr(call.func, "id", None) == "seed_everything":
            return True
        if is_opaque(ast.Module([statement], [])) and not isinstance(statement, DEFINITIONS):
            return False
    return False


def asks(tree):
    """Whether code calls one of the functions that check an answer."""
    return any(
        isinstance(node, ast.Call) and getattr(node.func, "id", None) in ("check", "check_problem") for node in ast.walk(tree)
    )


def marks(namespace):
    """For each name a mark that changes when its value changes; modules and classes count as constant."""
    found = {name: mark(value, set()) for name, value in list(namespace.items()) if not name.startswith("__")}
    return {**found, SETTINGS: settings(), RANDOM: random_mark()}


def changed(before, after):
    """The names whose values have changed, new ones included."""
    return sorted(name for name in {**before, **after} if before.get(name, before) != after.get(name, after))


def mark(value, seen):
    if isinstance(value, (bool, int, str, bytes, type(None))):
        return value
    if isinstance(value, (float, complex)):
        return repr(value)  # NaN differs from itself
    if id(value) in seen or len(seen) > MOST_OBJECTS or isinstance(value, (type, types.ModuleType)):
        return id(value)
    seen.add(id(value))
    return id(value), type(value), *parts(value, seen)


def parts(value, seen):
    """The marks of the parts of a value."""
    if isinstance(value, np.ndarray):
        return value.shape, str(value.dtype), checksum(value)
    if hasattr(value, "asnumpy") and hasattr(value, "attach_grad"):  # MXNet's array
        return checksum(value.asnumpy()), mark(value.grad, seen), graph(value)
    if isinstance(value, dict):
        return [(mark(key, seen), mark(item, seen)) for key, item in list(value.items())]
    if isinstance(value, (list, tuple, set, frozenset)):
        return [mark(item, seen) for item in value]
    if isinstance(value, types.FunctionType):
        cells = [cell.cell_contents for cell in value.__closure__ or () if cell != types.CellType()]
        return [mark(item, seen) for item in (*cells, value.__defaults__)]
    if isinstance(value, types.GeneratorType):
        frame = value.gi_frame
        return (frame and frame.f_lasti, frame and parts(frame.f_locals, seen))
    if hasattr(value, "__length_hint__"):
        return (value.__length_hint__(),)
    return parts(getattr(value, "__dict__", {}), seen)


def graph(array):
    """A mark of an array's place in the recorded graph: `backward` frees the graph, and the trainer uses a fresh gradient up."""
    node = getattr(array, "node", None)
    return len(getattr(node, "inputs", ())), getattr(node, "fresh", False)


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
    """Changes with each random number drawn. For MXNet's it is enough to look at the first twister, which every draw uses."""
    own = sys.modules.get("mxnet.random")
    ours = own and (own.start, own.seeded, own.seeded and str(own.twisters[0].state["state"]))
    return hash((random.getstate(), str(np.random.get_state()), ours))


def random_state():
    """The states of the random generators of Python, NumPy and MXNet."""
    own = sys.modules.get("mxnet.random")
    ours = own and (own.start, own.seeded, [twister.state for twister in own.twisters[: own.seeded]])
    return random.getstate(), np.random.get_state(), ours


def restore_random_state(state):
    """Restore the states that `random_state` returned."""
    in_python, in_numpy, in_mxnet = state
    random.setstate(in_python)
    np.random.set_state(in_numpy)
    own = sys.modules.get("mxnet.random")
    if own and in_mxnet:
        own.start, own.seeded, states = in_mxnet
        for twister, place in zip(own.twisters, states):
            twister.state = place
