"""The pages over a demo city of the test's own."""

import pytest

from engine.services import people
from tests.webui.chromium import chromium, served
from tests.webui.visitor import Visitor
from webui.app import create_app
from webui.build import build_translations


@pytest.fixture(scope="session", autouse=True)
def words():
    """Compile the translations, so that a sentence written a moment ago is tested."""
    build_translations()


@pytest.fixture
def app(hall):
    made = create_app(hall)
    made.testing = True
    return made


@pytest.fixture
def staff(hall):
    """Return who sits at each window, by its number."""
    return {one.window_no: one for one in people.everybody(hall) if one.window_no}


@pytest.fixture
def visitor(app):
    """Somebody who has not signed in."""
    return Visitor(app)


@pytest.fixture
def clerk(app):
    """The clerk of window 06."""
    return Visitor(app, "clerk06")


@pytest.fixture
def place(app):
    """Return the address of the pages, served on this machine."""
    with served(app) as url:
        yield url
        app.extensions["live"].close()


@pytest.fixture(scope="module")
def browser():
    """Return the system's Chromium."""
    with chromium() as started:
        yield started
