"""Choose what computes: MXNet, or the course's own engine (utils/engine), which then goes by the name of mxnet.

The environment variable MLP_ENGINE says which, `mxnet` or `own`. Without it: MXNet where it can be imported, else the own engine.
Where MXNet is not installed, that is nothing to speak of. Where it is, but can't be loaded, one line on standard error says why.
"""

import contextlib
import os
import sys
from pathlib import Path

import numpy  # before MXNet: see _import_mxnet

VARIABLE = "MLP_ENGINE"


def _choose():
    """Let `import mxnet` give the chosen engine from now on, and return its name."""
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    if wanted not in ("", "mxnet", "own"):
        raise ValueError(
            f"The environment variable {VARIABLE} must be mxnet or own, or not be set; it is {os.environ[VARIABLE]!r}."
        )
    if getattr(sys.modules.get("mxnet"), "__name__", None) == f"{__package__}.engine":  # this module is loaded once more
        return "own"
    if wanted != "own":
        try:
            _import_mxnet()
            return "mxnet"
        except Exception as error:  # what is missing, or can't be loaded, shows itself in more than one way
            missing = isinstance(error, ModuleNotFoundError) and error.name == "mxnet"
            message = str(error).partition("\n")[0]  # NumPy gives a page of advice
            reason = f"{type(error).__name__}: {message}"
        if wanted == "mxnet":
            ending = f"Unset the environment variable {VARIABLE}, and the course's own engine computes."
            raise ImportError(f"MXNet can't be imported here ({reason}). {ending}")
        if not missing:
            print(f"utils: MXNet can't be loaded here ({reason}), so the course's own engine computes.", file=sys.stderr)
    _stand_in()
    return "own"


def _import_mxnet():
    """Import MXNet, with the two things that it needs meanwhile.

    NumPy 1.24 took away the name `numpy.bool`, which MXNet asks for once, while it is imported.

    MXNet's OpenBLAS goes by a processor's model. It takes one that is newer than itself for one of 2004, and an epoch takes twice
    as long. NumPy's OpenBLAS, which knows newer ones, reads the same variable when it is loaded, and so has to come first.
    """
    processor = Path("/proc/cpuinfo")
    with contextlib.ExitStack() as meanwhile:
        meanwhile.enter_context(_lent(vars(numpy), "bool", bool))
        if processor.exists() and " avx2 " in processor.read_text(encoding="utf-8"):
            meanwhile.enter_context(_lent(os.environ, "OPENBLAS_CORETYPE", "Haswell"))
        import mxnet  # noqa: F401


@contextlib.contextmanager
def _lent(mapping, key, value):
    """Give `mapping` a key that it lacks, and take it away again at the end of the block, even after an error."""
    if key in mapping:
        yield
        return
    mapping[key] = value
    try:
        yield
    finally:
        del mapping[key]


def _stand_in():
    """Give the own engine and its modules the names of MXNet's."""
    if getattr(sys.modules.get("mxnet"), "__name__", None) == "mxnet":
        raise ImportError(f"{VARIABLE} is own, but MXNet is there already: import utils before mxnet.")
    from . import engine

    for name in [name for name in sys.modules if name.startswith("mxnet.")]:
        del sys.modules[name]  # left by an MXNet that could not be imported to its end
    for name, module in list(sys.modules.items()):
        if name == engine.__name__ or name.startswith(f"{engine.__name__}."):
            sys.modules["mxnet" + name.removeprefix(engine.__name__)] = module
            vars(module).setdefault("__path__", [])  # else Python asks nobody for modules in it
    sys.meta_path.append(engine.base)


engine_name = _choose()  # "mxnet" or "own"


class LeftOut(Exception):
    """A cell that only MXNet can run. It is shown as its message, without a traceback."""

    def _render_traceback_(self):  # IPython asks for this
        return [str(self)]


def needs_mxnet(what):
    """On the own engine leave out the rest of a cell, by raising LeftOut, which says that `what` is not to be had there.

    The cell is tagged raises-exception, so that *Run All* goes on with the next one.
    """
    if engine_name == "own":
        raise LeftOut(f"Left out: {what} needs MXNet, and here the course's own engine computes. Go on with the next cell.")
