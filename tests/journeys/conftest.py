"""Journeys run on both databases: whoever travels must not notice which one it is."""

import shutil
from dataclasses import replace

import pytest

from engine.demo.opening import open_city
from engine.kernel.now import FrozenNow, hall_moment
from tests.conftest import MONDAY


@pytest.fixture(scope="session")
def postgresql_city(postgresql, city_template):
    """Return the name of a PostgreSQL database with the demo city, to be copied."""
    name = "hall_city"
    postgresql.execute(f"CREATE DATABASE {name} TEMPLATE hall_template")
    settings = replace(city_template, database_url=postgresql.url(name))
    open_city(settings, now=FrozenNow(hall_moment(MONDAY))).store.dispose()
    return name


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def city(request, city_template, tmp_path):
    """Return the settings of a demo city of the test's own, once on each database."""
    data = tmp_path / "hall"
    shutil.copytree(city_template.data, data)
    if request.param == "sqlite":
        yield replace(city_template, data=data, database_url=f"sqlite:///{data / 'hall.sqlite'}")
        return
    template = request.getfixturevalue("postgresql_city")
    with request.getfixturevalue("postgresql").database(template) as url:
        yield replace(city_template, data=data, database_url=url)
