"""What goes wrong: MXNet's error, and what is said of a name that the engine lacks."""


class MXNetError(RuntimeError):
    """An operation that can't be done, in MXNet's words."""


class NotInTheEngine(AttributeError):
    """A name that MXNet may have and the engine hasn't."""


def missing(module):
    """A `__getattr__` for `module`, which says what to do when it hasn't got a name."""

    def __getattr__(name):
        if name.startswith("__"):
            raise AttributeError(f"module {module} has no attribute {name}")
        raise NotInTheEngine(
            f"The course's own engine has no {module}.{name}: it holds the part of MXNet that the course uses. "
            "Use a name from the chapters, or set MLP_ENGINE=mxnet on a computer that has MXNet."
        )

    return __getattr__


def failed(check):
    """The error for a check that failed, as MXNet words it."""
    return MXNetError(f"MXNetError: Check failed: {check}")


def require(condition, check):
    """Raise MXNetError with the words `check` unless `condition` holds."""
    if not condition:
        raise failed(check)
