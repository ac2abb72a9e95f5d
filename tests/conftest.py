"""The small world of the tests: one demo city, copied fresh for every test that asks for it."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.demo.opening import open_city
from engine.kernel.now import FrozenNow, hall_moment
from engine.settings import Settings, read_settings

pytest_plugins = ["tests.database"]
MONDAY = "2015-10-26T09:00"


@pytest.fixture(scope="session")
def city_template(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Make the demo city once; its files are copied, never used."""
    data = tmp_path_factory.mktemp("city")
    settings = replace(
        read_settings({}), data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}", demo=True
    )
    open_city(settings, now=FrozenNow(hall_moment(MONDAY))).store.dispose()
    return settings


@pytest.fixture
def city(city_template: Settings, tmp_path: Path) -> Settings:
    """Return the settings of a demo city of the test's own."""
    data = tmp_path / "hall"
    shutil.copytree(city_template.data, data)
    return replace(city_template, data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}")


@pytest.fixture(scope="session")
def postgresql_city(postgresql, city_template):
    """Return the name of a PostgreSQL database with the demo city, to be copied."""
    name = "hall_city"
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE hall_template")
    settings = replace(city_template, database_url=postgresql.url(name))
    open_city(settings, now=FrozenNow(hall_moment(MONDAY))).store.dispose()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def either_city(request, city_template, tmp_path):
    """Return the settings of a demo city of the test's own, once on each database."""
    data = tmp_path / "hall"
    shutil.copytree(city_template.data, data)
    if request.param == "sqlite":
        yield replace(city_template, data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}")
        return
    template = request.getfixturevalue("postgresql_city")
    with request.getfixturevalue("postgresql").database(template) as url:
        yield replace(city_template, data=data, database_url=url)


@pytest.fixture
def now() -> FrozenNow:
    """Stand on the Monday of the walk-through, 9:00 in the morning."""
    return FrozenNow(hall_moment(MONDAY))


@pytest.fixture
def hall(city: Settings, now: FrozenNow):
    """Open the demo city on the frozen clock."""
    opened = open_hall(city, now=now)
    yield opened
    opened.store.dispose()


@pytest.fixture
def cast(hall):
    """Return who acts in the demo city."""
    return cast_of(hall)
