"""Let `import mxnet` give the library that utils chooses, also when it comes before `import utils`, and NumPy be quick.

Run by the Python of an environment, this file copies itself there, and Python imports the copy whenever it starts.
"""

import os
import sys

PACKAGES = os.path.dirname(__file__)  # of the environment, where the copy lies


class First:
    """The first finder that Python asks for mxnet. It lets utils choose, once."""

    def find_spec(self, name, path=None, target=None):
        if name != "mxnet" or "utils.backend" in sys.modules:  # utils is choosing, or has chosen
            return None
        from importlib.machinery import ModuleSpec
        from importlib.util import find_spec
        from pathlib import Path

        sys.meta_path.remove(self)
        utils = find_spec("utils")
        if not (utils and utils.origin and Path(utils.origin).with_name("backend.py").exists()):
            return None  # another folder or file of that name, perhaps the reader's own
        import utils.backend

        self.chosen = sys.modules.pop("mxnet")  # if it stayed there, Python would load it a second time, by its own spec
        self.spec = self.chosen.__spec__
        return ModuleSpec(name, self)

    def create_module(self, spec):
        return self.chosen

    def exec_module(self, module):
        module.__spec__ = self.spec


def choose_kernels(cpuinfo="/proc/cpuinfo", packages=PACKAGES, environ=os.environ):
    """Let OpenBLAS in NumPy 1 compute with kernels for Haswell where it takes a processor for one of 2004.

    It does so with those of Intel's family 6 whose model is 176 or more, of 2022 and later (OpenBLAS's issue 4267), and products
    take two and a half times as long. Haswell's fit each that has AVX2, and MXNet uses them too. They must be chosen before NumPy
    is loaded. What somebody has set, other processors and NumPy 2 are left alone.
    """
    if "OPENBLAS_CORETYPE" in environ or not os.path.exists(cpuinfo):
        return
    with open(cpuinfo, encoding="utf-8", errors="replace") as file:
        lines = file.read(8192).partition("\n\n")[0].splitlines()  # the first processor: a large machine has hundreds
    facts = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    is_new = (facts.get("vendor_id"), facts.get("cpu family")) == ("GenuineIntel", "6") and int(facts.get("model", 0)) >= 176
    if is_new and "avx2" in facts.get("flags", "").split():
        if any(name.startswith("numpy-1.") for name in os.listdir(packages)):
            environ["OPENBLAS_CORETYPE"] = "Haswell"


def install():
    import sysconfig
    from pathlib import Path

    packages = Path(sysconfig.get_path("purelib"))
    packages.joinpath("course_mxnet.py").write_bytes(Path(__file__).read_bytes())
    packages.joinpath("course_mxnet.pth").write_text("import course_mxnet\n", encoding="utf-8")


if __name__ == "__main__":
    install()
elif __name__ == "course_mxnet":  # the copy
    choose_kernels()
    sys.meta_path.insert(0, First())
