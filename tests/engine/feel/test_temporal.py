"""Dates, times and durations: the calendar, zones, limits."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.evaluation import NoValue
from engine.feel.temporal import (
    DAY,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    Time,
    YearsDuration,
    date_of,
    month_length,
    months_between,
    time_of,
    zone,
)

ORDINAL = st.integers(-365_000_000_000, 365_000_000_000)


@given(days=st.integers(-700_000, 2_900_000))
@settings(max_examples=100, deadline=None)
def test_the_calendar_is_pythons_where_python_has_one(days: int) -> None:
    theirs = date(1970, 1, 1) + timedelta(days=days) if days > -719_162 else date.min
    ours = Date(theirs.year, theirs.month, theirs.day)
    assert ours.ordinal() == (theirs - date(1970, 1, 1)).days
    assert date_of(ours.ordinal()) == ours
    assert ours.weekday() == theirs.isoweekday()


@given(ordinal=ORDINAL)
@settings(max_examples=100, deadline=None)
def test_an_ordinal_comes_back_over_all_years(ordinal: int) -> None:
    assert date_of(ordinal).ordinal() == ordinal


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2026, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (1900, 2, 29), (10**9, 1, 1)],
)
def test_a_day_that_is_none_is_refused(year: int, month: int, day: int) -> None:
    with pytest.raises(NoValue):
        Date(year, month, day)


def test_february_knows_leap_years() -> None:
    assert [month_length(year, 2) for year in (1900, 2000, 2023, 2024, -4)] == [28, 29, 28, 29, 29]


def test_a_month_later_is_never_beyond_the_end_of_the_month() -> None:
    assert Date(2026, 1, 31).plus_months(1) == Date(2026, 2, 28)
    assert Date(2026, 1, 31).plus_months(-2) == Date(2025, 11, 30)


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (Date(2026, 1, 15), Date(2026, 3, 15), 2),
        (Date(2026, 1, 15), Date(2026, 3, 14), 1),
        (Date(2026, 3, 14), Date(2026, 1, 15), -1),
        (Date(2026, 1, 1), Date(2026, 1, 1), 0),
    ],
)
def test_only_whole_months_lie_between(start: Date, end: Date, months: int) -> None:
    assert months_between(start, end) == months


@pytest.mark.parametrize("name", ["Asia/Nowhere", "../UTC", "/etc/passwd", "Asia", "", "a b"])
def test_a_zone_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(NoValue):
        zone(name)


def test_equal_moments_in_two_zones_have_one_key() -> None:
    shanghai = DateTime(Date(2026, 7, 1), Time(8 * 3600 * NANOS, None, "Asia/Shanghai"))
    utc = DateTime(Date(2026, 7, 1), Time(0, 0))
    assert shanghai.key() == utc.key()


def test_a_zoned_moment_moves_over_the_change_of_the_clock() -> None:
    before = DateTime(Date(2026, 10, 25), Time(2 * 3600 * NANOS, None, "Europe/Berlin"))
    assert before.plus(2 * 3600 * NANOS).time.nanos == 3 * 3600 * NANOS


def test_years_beyond_pythons_take_the_zones_last_rule() -> None:
    far = DateTime(Date(123_456, 7, 1), Time(0, None, "Asia/Shanghai"))
    assert far.utc_offset() == 8 * 3600


@pytest.mark.parametrize("parts", [(24, 0, 0), (0, 60, 0), (0, 0, 60 * NANOS), (-1, 0, 0)])
def test_a_time_that_is_none_is_refused(parts: tuple[int, int, int]) -> None:
    with pytest.raises(NoValue):
        time_of(*parts)


def test_offsets_end_at_eighteen_hours() -> None:
    assert time_of(0, 0, 0, 18 * 3600).utc_offset() == 18 * 3600
    with pytest.raises(NoValue):
        time_of(0, 0, 0, 18 * 3600 + 1)


def test_durations_have_an_end() -> None:
    with pytest.raises(NoValue):
        DaysDuration(10**12 * DAY)
    with pytest.raises(NoValue):
        YearsDuration(10**12)
