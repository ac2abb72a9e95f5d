"""Dates, times and durations as text: what is read comes back, what is wrong is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.feel.evaluation import NoValue
from engine.feel.temporal import DAY, DaysDuration, Time, YearsDuration, date_of
from engine.feel.temporal_text import read_date_time, read_temporal, write


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22",
        "-0044-03-15",
        "999999999-12-31",
        "09:30:00",
        "09:30:00.5",
        "09:30:00Z",
        "09:30:00+08:00",
        "09:30:00-03:30",
        "09:30:00+01:02:03",
        "09:30:00@Asia/Shanghai",
        "2026-11-22T09:30:00",
        "2026-11-22T09:30:00.123456789@Asia/Shanghai",
        "P1DT2H3M4.5S",
        "-PT5M",
        "PT0S",
        "P1Y2M",
        "-P3M",
        "P0M",
    ],
)
def test_a_text_comes_back_as_it_was(text: str) -> None:
    assert write(read_temporal(text)) == text


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("P14M", "P1Y2M"),
        ("PT36H", "P1DT12H"),
        ("PT90S", "PT1M30S"),
        ("P0Y", "P0M"),
        ("P1DT0S", "P1D"),
        ("09:30:00.000", "09:30:00"),
        ("09:30:00+00:00", "09:30:00Z"),
        ("2026-12-31T24:00:00", "2027-01-01T00:00:00"),
        ("2026-12-31T24:00:00Z", "2027-01-01T00:00:00Z"),
    ],
)
def test_a_text_is_written_in_its_shortest_form(text: str, normal: str) -> None:
    assert write(read_temporal(text)) == normal


@pytest.mark.parametrize(
    "text",
    [
        *("", "P", "PT", "P1", "P1DT", "P1Y1D", "1D", "--P1D", "P-1D", "P1.5Y", " P1D", "now"),
        *("2026-1-1", "26-01-01", "2026-02-30", "02026-01-01", "１026-01-01"),
        *("2026-01-01T", "2026-01-01T24:00:01", "2026-01-01 09:00:00"),
        *("24:00:00", "9:00:00", "09:60:00", "09:00:60", "09:00", "09:00:00+19:00"),
        *("09:00:00+08:60", "09:00:00@", "09:00:00@Nowhere/Land", "09:00:00Z@UTC"),
    ],
)
def test_a_text_that_is_none_of_them_is_refused(text: str) -> None:
    with pytest.raises(NoValue):
        read_temporal(text)


def test_a_date_alone_is_its_midnight_where_a_moment_is_asked_for() -> None:
    assert write(read_date_time("2026-11-22")) == "2026-11-22T00:00:00"


@given(
    ordinal=st.integers(-(10**9), 10**9),
    nanos=st.integers(0, DAY - 1),
    offset=st.none() | st.integers(-64_800, 64_800),
    length=st.integers(-(10**24), 10**24),
    months=st.integers(-(10**9), 10**9),
)
@settings(max_examples=80, deadline=None)
def test_every_value_comes_back_from_its_text(
    ordinal: int, nanos: int, offset: int | None, length: int, months: int
) -> None:
    values = (date_of(ordinal), Time(nanos, offset), DaysDuration(length), YearsDuration(months))
    for value in values:
        assert read_temporal(write(value)) == value
