"""What goes wrong: MXNet's error, and what is said of a name that the engine lacks."""


class MXNetError(RuntimeError):
    """An operation that can't be done, in MXNet's words."""


def failed(check):
    """The error for a check that failed, as MXNet words it."""
    return MXNetError(f"MXNetError: Check failed: {check}")


def require(condition, check):
    """Raise MXNetError with the words `check` unless `condition` holds."""
    if not condition:
        raise failed(check)


def lacks(name):
    """The sentence for a name that MXNet may have and the engine hasn't."""
    return (
        f"The course's own engine has no {name.replace(__package__, 'mxnet')}: it holds the part of MXNet that the course uses. "
        "Use a name from the chapters, or set MLP_ENGINE=mxnet on a computer that has MXNet."
    )


def missing(place):
    """A `__getattr__` for a module or a class of that name: it is called for what is not there."""

    def __getattr__(*module_or_object_and_name):
        name = f"{place}.{module_or_object_and_name[-1]}"
        raise AttributeError(f"{name} is not there" if "._" in name else lacks(name))

    return __getattr__


class Finder:
    """The last that Python asks for a module. For one of MXNet's that is not here it has the same sentence."""

    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith(("mxnet.", f"{__package__}.")):
            raise ModuleNotFoundError(lacks(name))
