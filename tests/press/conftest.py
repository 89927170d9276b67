"""The tests here open the sample book of the press in the place of the course: press/sample."""

import pytest

from press.browser.server import serve
from tests.support import sample
from tests.support.reader import who_returns

# All three stand here, because a site or a start that another room has made is the course's.


@pytest.fixture(scope="session")
def folder():
    return sample.built()


@pytest.fixture(scope="session")
def site(folder):
    """The address of the sample book."""
    with serve(folder, "/course/") as address:
        yield address


@pytest.fixture(scope="session")
def returning(browser, folder, site):
    """A function that opens the browser of a reader who has been here."""
    return who_returns(browser, folder, site)
