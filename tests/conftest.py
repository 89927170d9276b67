import utils  # noqa: F401  before any test imports MXNet, which on a newer Python must come in through it (utils/compat.py)


def pytest_configure(config):
    config.addinivalue_line("markers", "real: with the published files, not with small ones in their place")
    config.addinivalue_line("markers", "network: needs the package registry that this machine's apt-get uses")
