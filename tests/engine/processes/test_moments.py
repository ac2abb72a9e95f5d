"""ISO 8601 texts and FEEL values as moments."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kernel.errors import Invalid
from engine.processes import moments
from tests.engine.processes.drawing import NOW


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P5D", timedelta(days=5)),
        ("P2W", timedelta(weeks=2)),
        ("PT1H30M", timedelta(minutes=90)),
        ("P1DT0.5S", timedelta(days=1, microseconds=500_000)),
        ("PT0S", timedelta()),
    ],
)
def test_durations(text, expected):
    assert moments.duration(text) == expected


@pytest.mark.parametrize(
    "text",
    ["P", "PT", "P1M", "P1Y", "P1Y2M3D", "-P1D", "P-1D", "P1.5D", "5D", "P１D", "P1D ", "p1d", ""],
)
def test_what_is_no_fixed_duration_is_refused(text):
    with pytest.raises(Invalid, match=r"process\.time"):
        moments.duration(text)


@given(st.text(max_size=12))
def test_any_text_is_a_duration_or_refused(text):
    try:
        found = moments.duration(text)
    except Invalid:
        return
    assert timedelta() <= found <= moments.LONGEST


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R3/PT24H", moments.Cycle(3, timedelta(days=1))),
        ("R/P1D", moments.Cycle(-1, timedelta(days=1))),
    ],
)
def test_cycles(text, expected):
    assert moments.cycle(text) == expected


@pytest.mark.parametrize(
    "text", ["R0/P1D", "R/PT0S", "R101/P1D", "R-1/P1D", "R3/2026-01-01/P1D", "R3", "RR/P1D", ""]
)
def test_what_is_no_cycle_is_refused(text):
    with pytest.raises(Invalid, match=r"process\.time"):
        moments.cycle(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (date(2026, 2, 1), "2026-01-31T16:00:00+00:00"),
        (datetime(2026, 2, 1, 9), "2026-02-01T01:00:00+00:00"),
        (datetime(2026, 2, 1, 9, tzinfo=timezone(timedelta(hours=2))), "2026-02-01T07:00:00+00:00"),
        (timedelta(hours=1), "2026-01-05T02:00:00+00:00"),
        ("P1D", "2026-01-06T01:00:00+00:00"),
        ("2026-02-01T09:00:00Z", "2026-02-01T09:00:00+00:00"),
        ("2020-01-01", "2019-12-31T16:00:00+00:00"),
    ],
    ids=["date", "local", "offset", "duration", "ISO duration", "ISO moment", "long past"],
)
def test_moments_in_utc(value, expected):
    found = moments.due(value, NOW)
    assert found.isoformat() == expected
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        Decimal(3),
        "tomorrow",
        [],
        date.max,
        datetime.max,
        datetime.min,
        timedelta.max,
        timedelta(seconds=-1),
    ],
    ids=repr,
)
def test_values_that_are_no_moment_are_refused(value):
    with pytest.raises(Invalid, match=r"process\.time"):
        moments.due(value, NOW)


def test_what_looks_like_iso_is_meant_as_iso():
    assert moments.is_literal("P1M")
    assert moments.is_literal("R3/PT1H")
    assert moments.is_literal("2026-01-05T00:00:00")
    assert not moments.is_literal('date("2026-01-05")')
    assert not moments.is_literal("申请日期 + duration(x)")
    assert not moments.is_literal("Project start")
