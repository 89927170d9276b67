"""Let MXNet 1.9.1 be imported by a Python and a NumPy newer than those it was made for. Where they aren't, do nothing.

MXNet reads names that NumPy has removed since 1.23, and a module, distutils, that Python has removed since 3.11. While
MXNet is being imported, `import numpy` gives a stand-in that has those names as well. MXNet's modules keep the stand-in;
everyone else has NumPy as it is.

MXNet must come in through `import utils`: a plain `import mxnet` before it fails as ever. `set_up_kernels()` lets every
Jupyter kernel of an environment import utils when it starts, so that the chapters, whose first line may import MXNet, run
there unchanged.

What it can't undo: a helper may give a float32 where it gave a float64, as NumPy 2 keeps the narrower type; a ragged list is
refused by NumPy before a helper can name the argument; and mxnet.np, MXNet's own NumPy, which no chapter uses, is tried
only here and there.
"""

import contextlib
import importlib
import importlib.util
import math
import platform
import sys
import types
from pathlib import Path

NEWEST_NUMPY_THAT_MXNET_KNOWS = (1, 23)


class CannotRun(ImportError):
    """MXNet can't be imported. The message says why and what to do; it is shown without a traceback."""

    def _render_traceback_(self):  # IPython asks for this
        return str(self).splitlines()


def import_mxnet():
    """Import MXNet, with the stand-ins that this Python and this NumPy make necessary. Raises CannotRun when it can't be had."""
    try:
        import numpy as np

        with _stand_in("numpy", _OldNumpy(np) if numpy_is_newer(np) else None), _distutils():
            importlib.import_module("mxnet")
    except Exception as error:  # a library that is missing or can't be loaded shows itself in more than one way
        _hide_tracebacks()
        raise CannotRun(_why(error)) from None


def numpy_is_newer(np):
    """Whether this NumPy lacks names that MXNet reads."""
    return tuple(int(part) for part in np.__version__.split(".")[:2]) > NEWEST_NUMPY_THAT_MXNET_KNOWS


@contextlib.contextmanager
def _stand_in(name, module):
    """Let `import name` give `module` (None: leave things as they are)."""
    real = sys.modules.get(name)
    if module is not None:
        sys.modules[name] = module
    try:
        yield
    finally:
        if real is not None:
            sys.modules[name] = real
        elif module is not None:
            del sys.modules[name]


@contextlib.contextmanager
def _distutils():
    """Of distutils MXNet needs two classes that compare versions; `packaging`, which Matplotlib brings, has one."""
    package = version = None
    if importlib.util.find_spec("distutils") is None:
        from packaging.version import Version

        package, version = types.ModuleType("distutils"), types.ModuleType("distutils.version")
        package.version = version
        version.LooseVersion = version.StrictVersion = Version
    with _stand_in("distutils", package), _stand_in("distutils.version", version):
        yield


class _OldNumpy(types.ModuleType):
    """A module with NumPy's names and, in the place of the removed ones that MXNet reads, what they were."""

    def __init__(self, np):
        special = {name: getattr(np, name) for name in ("__name__", "__path__", "__spec__", "__version__")}
        vars(self).update(
            **special,
            _np=np,
            _removed={
                "bool": bool,
                "int": int,
                "PZERO": 0.0,
                "NZERO": -0.0,
                "Inf": math.inf,
                "PINF": math.inf,
                "NINF": -math.inf,
                "NaN": math.nan,
                "NAN": math.nan,
                "alltrue": np.all,
                "sometrue": np.any,
                "product": np.prod,
                "cumproduct": np.cumprod,
                "round_": np.round,
                "in1d": lambda a, b, **options: np.isin(np.ravel(a), b, **options),
                "msort": lambda a: np.sort(a, axis=0),
                "trapz": getattr(np, "trapezoid", None),
                "compat": types.SimpleNamespace(basestring=str),
                **{name: _gone(name) for name in ("mirr", "npv", "pmt", "ppmt", "pv", "rate")},
            },
        )

    def __getattr__(self, name):
        try:
            return getattr(self._np, name)
        except AttributeError:
            if name in self._removed:
                return self._removed[name]
            raise

    def __setattr__(self, name, value):
        setattr(self._np, name, value)  # a submodule that is imported meanwhile belongs to NumPy itself


def _gone(name):
    """Of the functions for finance NumPy 1.20 to 1.23 had only this left."""

    def function(*args, **kwargs):
        raise RuntimeError(f"NumPy has no {name} since version 1.20.")

    return function


def _why(error):
    """What to tell someone whose computer can't import MXNet."""
    set_up = "Set up all that the chapters need with `make lab`, or with `pip install -r requirements.txt` under Python 3.11."
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] != "mxnet":
        return f"The package {error.name} is not installed in this Python ({sys.executable}).\n{set_up}"
    missing = isinstance(error, ModuleNotFoundError)
    why = "is not installed" if missing else f"is installed but can't be imported ({type(error).__name__}: {error})"
    system, processor = platform.system(), platform.machine()
    if system == "Windows":
        what = "It has no release for Windows. Use WSL, a Linux inside Windows: `wsl --install`, then the same commands there."
    elif system == "Darwin" and processor == "arm64":
        what = (
            "It has no release for Macs with an Apple processor. Open the project in its development container "
            "(.devcontainer), which Docker runs."
        )
    elif system not in ("Linux", "Darwin") or processor not in ("x86_64", "aarch64"):
        what = "It has releases for Linux (x86-64 and aarch64) and for Macs with an Intel processor only."
    elif missing:
        what = set_up
    elif (system, processor) == ("Linux", "aarch64"):
        what = (
            "It needs `sudo apt-get install libopenblas0-pthread liblapacke libgomp1`, and then `make lab` or "
            "`tools/setup/arm.sh python`."
        )
    else:
        what = f"{set_up} A library that is not found comes with `apt-get install libgomp1 libquadmath0` on Debian and Ubuntu."
    return (
        f"MXNet, which the chapters compute with, {why} in Python {sys.version.split()[0]} on {system} ({processor}).\n"
        f"{what}\n"
        'On any computer you can run the chapters on Binder and read the book. See "Where the chapters run" in README.md.'
    )


def _hide_tracebacks():
    """Show CannotRun, where nobody catches it, as its message alone."""
    shown_by = sys.excepthook

    def show(kind, error, traceback):
        if isinstance(error, CannotRun):
            print(error, file=sys.stderr)
        else:
            shown_by(kind, error, traceback)

    sys.excepthook = show


def set_up_kernels():
    """Let the Jupyter kernels of this environment import utils when they start, and return the file that says so."""
    file = Path(sys.prefix, "etc", "ipython", "ipython_kernel_config.py")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(
        "# MXNet must come in through utils (see utils/compat.py).\n"
        "get_config().IPKernelApp.exec_lines = [\"__import__('utils')\"]\n"
    )
    return file
