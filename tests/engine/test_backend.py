"""The choice of the engine, by MLP_ENGINE or by availability, and the modules that `import utils` imports."""

import os
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

from press.notebooks.chapters import ROOT
from tools.setup import course_mxnet

BROKEN = {
    "missing": "raise ModuleNotFoundError(\"No module named 'mxnet'\", name='mxnet')",
    "unusable": "raise OSError('libgomp.so.1: cannot open')",
    "outdated": "raise AttributeError('numpy has no bool\\nIt was removed')",  # as NumPy says in several lines
    "incomplete": "import distutils_of_old",
}
WHICH = """
import numpy, utils, mxnet
from mxnet.gluon import nn
print(utils.engine_name, mxnet.__name__, nn.Dense.__module__, "bool" in vars(numpy))  # which MXNet is lent while it is imported
"""
ON_MXNET, ON_OWN = "mxnet mxnet mxnet.gluon.nn.basic_layers False", "own utils.engine utils.engine.gluon.nn False"


def run(code, engine=None, path=None):
    """Run `code` in a new Python process, with MLP_ENGINE set to `engine` and `path` first on the module path."""
    environment = {name: value for name, value in os.environ.items() if name != "MLP_ENGINE"}
    environment |= {"PYTHONPATH": f"{path}{os.pathsep}{ROOT}" if path else str(ROOT)}
    environment |= {} if engine is None else {"MLP_ENGINE": engine}
    return subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True)


@pytest.fixture(params=BROKEN)
def without_mxnet(request, tmp_path):
    (tmp_path / "mxnet.py").write_text(BROKEN[request.param] + "\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("engine, which", [("", ON_MXNET), (" OWN ", ON_OWN)])
def test_the_variable_selects_the_engine_and_mxnet_is_the_default(engine, which):
    done = run(WHICH, engine)
    assert (done.stdout.strip(), done.stderr) == (which, "")


def test_without_mxnet_the_own_engine_is_used_and_a_broken_mxnet_is_reported(without_mxnet, request):
    done = run(f"{WHICH}import utils", path=without_mxnet)
    assert done.stdout.strip() == ON_OWN
    reason = {
        "unusable": "OSError: libgomp.so.1: cannot open",
        "outdated": "AttributeError: numpy has no bool",
        "incomplete": "ModuleNotFoundError: No module named 'distutils_of_old'",
    }.get(request.node.callspec.params["without_mxnet"])
    line = f"utils: MXNet can't be loaded here ({reason}), so the course's own engine is used.\n"
    assert done.stderr == (line if reason else "")


def test_a_broken_mxnet_is_not_tried_where_the_own_engine_is_asked_for(tmp_path):
    (tmp_path / "mxnet.py").write_text(BROKEN["unusable"], encoding="utf-8")
    asked = run(WHICH, "own", path=tmp_path)
    assert (asked.stdout.strip(), asked.stderr) == (ON_OWN, "")


def test_an_impossible_choice_is_one_error(tmp_path):
    (tmp_path / "mxnet.py").write_text(BROKEN["unusable"], encoding="utf-8")
    for engine, code, message in (
        ("pytorch", "", "ValueError: The environment variable MLP_ENGINE must be mxnet or own, or not be set; it is 'pytorch'."),
        ("own", "import sys; sys.modules['mxnet'] = type(sys)('mxnet')",
         "ImportError: MLP_ENGINE is own, but MXNet is already imported: import utils before mxnet."),
        ("mxnet", "", "ImportError: MXNet can't be imported here ("),
    ):  # fmt: skip
        done = run(f"{code}\nimport utils", engine, path=tmp_path)
        last = done.stderr.splitlines()[-1]
        assert done.returncode == 1 and last.startswith(message)
    assert last.endswith("Unset the environment variable MLP_ENGINE to use the course's own engine.")


KERNELS = """
import ctypes, glob, os
from pathlib import Path
import numpy
def kernel(library, name):
    words = getattr(ctypes.CDLL(library), name)
    words.restype = ctypes.c_char_p
    return words().decode()
libraries = glob.glob(f"{Path(numpy.__file__).parent}.libs/libopenblas*")
print(*(kernel(library, "openblas_get_corename64_") for library in libraries), os.environ.get("OPENBLAS_CORETYPE"))
"""


@pytest.mark.linux
@pytest.mark.mxnet
@pytest.mark.parametrize("wish, kernel", [(None, "Haswell"), ("Sandybridge", "Sandybridge")])
def test_mxnet_uses_kernels_for_the_processor_unless_overridden_and_numpy_its_own_choice(wish, kernel, monkeypatch):
    if " avx2 " not in Path("/proc/cpuinfo").read_text(encoding="utf-8"):
        pytest.skip("this processor has no AVX2")
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    if wish:
        monkeypatch.setenv("OPENBLAS_CORETYPE", wish)
    alone = run(KERNELS).stdout
    code = f"import utils, mxnet\n{KERNELS}"
    code += 'print(kernel(str(Path(mxnet.__file__).with_name("libopenblas.so.0")), "openblas_get_corename"))'
    assert len(alone.split()) == 2 and run(code, "mxnet").stdout == f"{alone}{kernel}\n"


# vendor, family, model and flags of a processor, the folders beside NumPy, and the kernels that are chosen
PROCESSORS = {
    "13th generation": ("GenuineIntel", 6, 186, "fpu avx avx2", ["numpy-1.26.4.dist-info"], "Haswell"),
    "Emerald Rapids": ("GenuineIntel", 6, 207, "fpu avx avx2 avx512f amx_tile", ["numpy-1.26.4.dist-info"], "Haswell"),
    "a newer NumPy": ("GenuineIntel", 6, 186, "fpu avx avx2", ["numpy-2.3.5.dist-info", "numpy"], None),
    "Meteor Lake, which it knows": ("GenuineIntel", 6, 170, "fpu avx avx2", ["numpy-1.26.4.dist-info"], None),
    "a virtual one without AVX2": ("GenuineIntel", 6, 190, "fpu sse4_2", ["numpy-1.26.4.dist-info"], None),
    "Zen 5": ("AuthenticAMD", 26, 204, "fpu avx2 avx512f", ["numpy-1.26.4.dist-info"], None),
}


@pytest.mark.parametrize("processor", PROCESSORS)
def test_numpy_1_gets_kernels_for_the_processors_that_it_takes_for_old_ones(processor, tmp_path):
    vendor, family, model, flags, packages, kernels = PROCESSORS[processor]
    one = f"vendor_id\t: {vendor}\ncpu family\t: {family}\nmodel\t\t: {model}\nflags\t\t: {flags}\n\n"
    (tmp_path / "cpuinfo").write_text(one + one.replace(flags, "none"), encoding="utf-8")
    for name in packages:
        (tmp_path / name).mkdir()
    chosen, wished = {}, {"OPENBLAS_CORETYPE": "Nehalem"}
    for environ in (chosen, wished):
        course_mxnet.choose_kernels(tmp_path / "cpuinfo", tmp_path, environ)
    assert chosen.get("OPENBLAS_CORETYPE") == kernels and wished == {"OPENBLAS_CORETYPE": "Nehalem"}


@pytest.mark.linux
def test_an_environment_chooses_them_before_numpy_is_loaded(tmp_path, monkeypatch):
    source = Path(course_mxnet.__file__).read_text(encoding="utf-8").replace("/proc/cpuinfo", str(tmp_path / "cpuinfo"))
    processor = "vendor_id: GenuineIntel\ncpu family: 6\nmodel: 186\nflags: avx2\n"
    texts = {"course_mxnet.py": source, "course_mxnet.pth": "import course_mxnet\n", "cpuinfo": processor}
    for name, text in {**texts, "numpy-1.26.4.dist-info": ""}.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.delenv("OPENBLAS_CORETYPE", raising=False)
    start = f"import site\nsite.addsitedir({str(tmp_path)!r})\nsite.addsitedir({sysconfig.get_path('purelib')!r})\n"
    done = subprocess.run([sys.executable, "-S", "-c", start + KERNELS], capture_output=True, text=True)
    assert done.stdout.endswith(" Haswell\n"), done.stderr


@pytest.mark.parametrize("text", ["", "processor\t: 0\nBogoMIPS\t: 50\n", None])
def test_a_processor_that_says_little_of_itself_is_left_alone(text, tmp_path):
    if text is not None:
        (tmp_path / "cpuinfo").write_text(text, encoding="utf-8")
    environ = {}
    course_mxnet.choose_kernels(tmp_path / "cpuinfo", tmp_path, environ)
    assert environ == {}


def test_importing_a_module_that_the_own_engine_lacks_raises_one_sentence():
    lacking = {
        "import mxnet.symbol": "mxnet.symbol",
        "from mxnet import sym": "mxnet.sym",
        "from mxnet.gluon import model_zoo": "mxnet.gluon.model_zoo",
        "from mxnet.gluon.model_zoo import vision": "mxnet.gluon.model_zoo",
        "from mxnet.gluon.nn import Dense, Conv2D": "mxnet.gluon.nn.Conv2D",
    }
    code = "import utils\nfor line in {}:\n    try: exec(line)\n    except ModuleNotFoundError as error: print(error)"
    said = run(code.format(list(lacking)), "own").stdout.splitlines()
    assert len(said) == len(lacking)
    for sentence, name in zip(said, lacking.values()):
        assert sentence.startswith(f"The course's own engine has no {name}: ") and "MLP_ENGINE=mxnet" in sentence


def test_nothing_is_imported_before_it_is_needed(tmp_path):
    code = """
import os, sys, utils
late = ("matplotlib", "requests", "filelock", "platformdirs", "tqdm", "IPython", "truststore")
print([name for name in late if name in sys.modules])
assert {"plt", "plot_lines", "COLORS"} <= set(dir(utils))
from utils import *
print("matplotlib" in sys.modules, "IPython" in sys.modules)
set_figsize()
use_svg_display()
print(plt.rcParams["figure.figsize"])
"""
    done = run(code, "own")
    assert done.stdout.splitlines() == ["[]", "True False", "[3.9, 2.6]"], done.stderr


def test_data_in_a_given_folder_is_read_without_the_packages_for_downloads(tmp_path):
    """As in the browser, where these packages are missing."""
    code = """
import sys
for name in ("requests", "filelock", "platformdirs", "tqdm", "truststore", "urllib3"):
    sys.modules[name] = None
import utils
print(len(utils.load_data_fashion_mnist(256)[0]))
"""
    import utils

    folder = utils.data.data_folder()
    done = run(f"import os; os.environ['FASHION_MNIST_DIR'] = {str(folder)!r}\n{code}", "own")
    assert done.stdout == "235\n", done.stderr


FIRST = """
from mxnet import autograd; import mxnet as mx, utils
print(utils.engine_name, mx is utils.training.mx and mx.autograd is autograd, mx.__spec__.name)
"""


@pytest.mark.mxnet
@pytest.mark.parametrize("form", ["script", "module", "submodule", "pickle"])
def test_mxnet_may_be_imported_before_utils(form, tmp_path, monkeypatch):
    """In the environments that the project sets up, wherever the program is. In a notebook: see test_helpers.py."""
    monkeypatch.setenv("MLP_ENGINE", "own")
    monkeypatch.delenv("PYTHONPATH", raising=False)
    monkeypatch.chdir(tmp_path)
    code = f"import mxnet.gluon\n{FIRST}" if form == "submodule" else FIRST
    if form == "pickle":
        made = "import utils, pickle; from mxnet import nd; print(pickle.dumps(nd.ones(3)))"
        code = f"import pickle; assert pickle.loads({run(made, 'own').stdout.strip()}).shape == (3,)\n{FIRST}"
    Path("program.py").write_text(code, encoding="utf-8")
    command = [sys.executable, *(["-m", "program"] if form == "module" else ["program.py"])]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("own True utils.engine\n", "")


@pytest.mark.mxnet
@pytest.mark.parametrize("own", ["utils.py", "utils/__init__.py"])
def test_a_folder_with_utils_of_its_own_gets_mxnet_as_it_is_installed(own, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # Python looks there first
    for name, text in {own: "print('never imported')", "mxnet.py": "print('as installed')"}.items():
        tmp_path.joinpath(name).parent.mkdir(exist_ok=True)
        tmp_path.joinpath(name).write_text(text, encoding="utf-8")
    done = run("import mxnet", "own", path=tmp_path)
    assert (done.stdout, done.stderr) == ("as installed\n", "")


def test_on_the_own_engine_the_tests_that_could_differ_are_run(request, monkeypatch):
    conftest = request.config.pluginmanager.get_plugin(str(ROOT / "conftest.py"))
    monkeypatch.setattr(conftest, "OWN", True)
    run = {path.stem for path in ROOT.glob("tests/*/test_*.py") if not conftest.only_on_mxnet(path)}
    assert run >= {"test_engine", "test_helpers", "test_minibatches", "test_numerics", "test_problems", "test_error_messages"}
    assert not any(conftest.only_on_mxnet(path) for path in ROOT.glob("chapters/*.ipynb"))
