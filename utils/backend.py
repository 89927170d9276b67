"""Choose the backend: MXNet, or the course's own engine (utils/engine), which is then imported under the name mxnet.

The environment variable MLP_ENGINE selects it, `mxnet` or `own`. By default it is MXNet if that can be imported, else the own
engine. If MXNet is not installed, the own engine takes over silently; if it is installed but can't be loaded, a line on
standard error gives the reason.
"""

import contextlib
import os
import sys
from pathlib import Path

import numpy  # before MXNet: see _import_mxnet

VARIABLE = "MLP_ENGINE"


def _choose():
    """Make `import mxnet` import the chosen engine from now on, and return its name."""
    wanted = os.environ.get(VARIABLE, "").strip().lower()
    if wanted not in ("", "mxnet", "own"):
        raise ValueError(
            f"The environment variable {VARIABLE} must be mxnet or own, or not be set; it is {os.environ[VARIABLE]!r}."
        )
    if getattr(sys.modules.get("mxnet"), "__name__", None) == f"{__package__}.engine":  # this module is being reloaded
        return "own"
    if wanted != "own":
        try:
            _import_mxnet()
            return "mxnet"
        except Exception as error:  # a missing or incompatible library raises ImportError, OSError, AttributeError ...
            missing = isinstance(error, ModuleNotFoundError) and error.name == "mxnet"
            message = str(error).partition("\n")[0]  # NumPy adds a page of advice
            reason = f"{type(error).__name__}: {message}"
        if wanted == "mxnet":
            ending = f"Unset the environment variable {VARIABLE} to use the course's own engine."
            raise ImportError(f"MXNet can't be imported here ({reason}). {ending}")
        if not missing:
            print(f"utils: MXNet can't be loaded here ({reason}), so the course's own engine is used.", file=sys.stderr)
    _stand_in()
    return "own"


def _import_mxnet():
    """Import MXNet, with two workarounds that last only as long as the import.

    NumPy 1.24 removed the name `numpy.bool`, which MXNet reads once, while it is imported.

    MXNet's OpenBLAS chooses its kernels by the processor's model. It treats a processor newer than itself as one of 2004, and an
    epoch takes twice as long. OPENBLAS_CORETYPE overrides that choice. NumPy's OpenBLAS is newer and knows more of them; for
    those that it doesn't know, tools/setup/course_mxnet.py sets the variable before. It reads the same variable when it is
    loaded, so NumPy must be imported first.
    """
    processor = Path("/proc/cpuinfo")
    with contextlib.ExitStack() as meanwhile:
        meanwhile.enter_context(_lent(vars(numpy), "bool", bool))
        if processor.exists() and " avx2 " in processor.read_text(encoding="utf-8"):
            meanwhile.enter_context(_lent(os.environ, "OPENBLAS_CORETYPE", "Haswell"))
        import mxnet  # noqa: F401


@contextlib.contextmanager
def _lent(mapping, key, value):
    """Add `key` to `mapping` unless it is there, and remove it again at the end of the block, even after an error."""
    if key in mapping:
        yield
        return
    mapping[key] = value
    try:
        yield
    finally:
        del mapping[key]


def _stand_in():
    """Register the own engine and its modules in sys.modules under MXNet's names."""
    if getattr(sys.modules.get("mxnet"), "__name__", None) == "mxnet":
        raise ImportError(f"{VARIABLE} is own, but MXNet is already imported: import utils before mxnet.")
    from . import engine

    for name in [name for name in sys.modules if name.startswith("mxnet.")]:
        del sys.modules[name]  # left over from an import of MXNet that failed
    for name, module in list(sys.modules.items()):
        if name == engine.__name__ or name.startswith(f"{engine.__name__}."):
            sys.modules["mxnet" + name.removeprefix(engine.__name__)] = module
            vars(module).setdefault("__path__", [])  # else Python calls no import finder for its submodules
    sys.meta_path.append(engine.base)


engine_name = _choose()  # "mxnet" or "own"
