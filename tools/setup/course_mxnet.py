"""Let `import mxnet` give the library that utils chooses, also when it comes before `import utils`.

Run by the Python of an environment, this file copies itself there, and Python imports the copy whenever it starts.
"""

import sys


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


def install():
    import sysconfig
    from pathlib import Path

    packages = Path(sysconfig.get_path("purelib"))
    packages.joinpath("course_mxnet.py").write_bytes(Path(__file__).read_bytes())
    packages.joinpath("course_mxnet.pth").write_text("import course_mxnet\n", encoding="utf-8")


if __name__ == "__main__":
    install()
else:
    sys.meta_path.insert(0, First())
