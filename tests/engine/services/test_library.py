"""Definitions and catalogue are read once and never stale."""

from datetime import date

import pytest

from engine.kernel.errors import Missing, Unavailable


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
