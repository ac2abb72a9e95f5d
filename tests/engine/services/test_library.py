"""Definitions and catalogue are read once and never stale."""

import sqlite3
from datetime import date

import pytest

from engine.bootstrap import open_hall
from engine.domain.people import SYSTEM
from engine.kernel.errors import Missing, Unavailable
from engine.services import publishing
from engine.services.publishing import Definitions
from engine.stock import read_definitions


def test_a_version_is_compiled_once(hall):
    with hall.reading() as unit:
        version = hall.library.in_force(unit, "table", "authority", date(2026, 1, 1))
        assert hall.library.table(unit, "authority", version) is hall.library.table(
            unit, "authority", version
        )


def test_before_its_first_day_nothing_is_in_force(hall):
    with hall.reading() as unit, pytest.raises(Missing) as refused:
        hall.library.in_force(unit, "process", "instant", date(2015, 10, 25))
    assert refused.value.code == "definition.none"


def test_a_version_that_was_lost_is_said_so(hall):
    with hall.reading() as unit, pytest.raises(Unavailable) as refused:
        hall.library.process(unit, "instant", "0" * 64)
    assert refused.value.code == "definition.lost"


def test_the_catalogue_is_read_once_as_long_as_it_stays(hall):
    with hall.reading() as unit:
        assert hall.library.shelf(unit) is hall.library.shelf(unit)


def test_a_version_whose_content_was_altered_is_never_used(city, now):
    with sqlite3.connect(city.data / "hall.sqlite") as database:
        database.execute(
            "UPDATE definitions SET content = CAST(content || ' ' AS BLOB) WHERE key = 'authority'"
        )
    database.close()
    hall = open_hall(city, now=now)
    with hall.reading() as unit:
        version = hall.library.in_force(unit, "table", "authority", date(2026, 1, 1))
        with pytest.raises(Unavailable) as refused:
            hall.library.table(unit, "authority", version)
    hall.store.dispose()
    assert refused.value.code == "definition.altered"


@pytest.mark.parametrize(("table", "newest"), [("authority", False), ("escalation", True)])
def test_the_moment_of_a_table_says_which_version_judges(hall, now, table, newest):
    accepted = now()
    source = read_definitions().tables[table] + b"<!-- 2 -->"
    (made,) = publishing.publish(
        hall, SYSTEM, Definitions({}, {}, {table: source}), date(2015, 10, 27)
    )
    now.advance(days=1)
    with hall.reading() as unit:
        assert (hall.library.judging(unit, table, accepted).version == made.version) is newest
        assert hall.library.judging(unit, table, now()).version == made.version


def test_a_table_that_was_not_there_at_acceptance_judges_by_today(hall, now):
    with hall.reading() as unit:
        long_ago = now().replace(year=2004)
        assert hall.library.judging(unit, "authority", long_ago).version
        with pytest.raises(Missing):
            hall.library.judging(unit, "nowhere", long_ago)


def test_the_versions_of_a_table_are_read_once(hall, now):
    with hall.reading() as unit:
        hall.library.judging(unit, "authority", now())
    with hall.reading() as unit:
        before = unit.line.info["statements"]
        hall.library.judging(unit, "authority", now())
        assert unit.line.info["statements"] - before == 1, "whether the configuration changed"
