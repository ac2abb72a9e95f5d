"""Periods of one definition never overlap and lose no day; the past stays as it was."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.versions import DAY, Period, held, last_day, refuse_clash
from engine.kernel.errors import Conflict, HallError, Invalid

TODAY = date(2015, 10, 26)


def day(number):
    return TODAY + timedelta(days=number)


def at(number, hour=9):
    return datetime(2015, 10, 26, hour, tzinfo=UTC) + timedelta(days=number)


def period(no, first, last=None, published=None, version=None):
    return Period(
        no,
        version or f"v{no}",
        day(first),
        None if last is None else day(last),
        published or at(first),
    )


def publish(periods, first, last=None, today=TODAY):
    """Add a period when it is not refused."""
    stated = None if last is None else day(last)
    refuse_clash(periods, "table", "authority", day(first), stated, today)
    return (*periods, period(len(periods) + 1, first, last))


def test_a_version_without_an_end_is_ended_by_the_next():
    periods = publish(publish((), 0), 10)
    assert [held(periods, day(one)).version for one in (0, 9, 10, 999)] == ["v1", "v1", "v2", "v2"]
    assert last_day(periods, periods[0]) == day(9)
    assert last_day(periods, periods[1]) is None
    assert held(periods, day(-1)) is None


@pytest.mark.parametrize(
    ("first", "last", "code", "other"),
    [
        (10, None, "definition.overlap", "v2"),
        (5, None, "definition.overlap", "v2"),
        (5, 10, "definition.overlap", "v2"),
        (5, 8, "definition.hole", None),
        (5, 4, "definition.no_days", None),
        (-1, None, "definition.past", None),
    ],
    ids=["same planned day", "open before a plan", "into a plan", "a hole", "backward", "past"],
)
def test_days_that_are_taken_or_would_be_lost_are_refused(first, last, code, other):
    periods = publish(publish((), 0), 10)
    with pytest.raises((Conflict, Invalid)) as refused:
        publish(periods, first, last)
    assert refused.value.code == code
    assert refused.value.params.get("version") == other


def test_a_version_for_some_days_fits_exactly_before_the_planned_one():
    periods = publish(publish(publish((), 0), 10), 5, 9)
    assert [held(periods, day(one)).version for one in (4, 5, 9, 10)] == ["v1", "v3", "v3", "v2"]


def test_a_stated_end_is_not_overwritten():
    periods = publish((), 0, 20)
    with pytest.raises(Conflict) as refused:
        publish(periods, 5)
    assert refused.value.params["last"] == day(20).isoformat()
    assert held(publish(periods, 21), day(21)).version == "v2"


def test_the_first_version_of_all_may_begin_in_the_past():
    assert held(publish((), -300), TODAY).version == "v1"


def test_a_version_of_today_may_be_replaced_today_and_what_began_before_keeps_it():
    first = period(1, 0, published=at(0, 9))
    second = period(2, 0, published=at(0, 14))
    refuse_clash((first,), "table", "authority", TODAY, None, TODAY)
    assert held((first, second), TODAY).version == "v2"
    assert held((first, second), TODAY, at(0, 12)).version == "v1"
    assert last_day((first, second), first) == TODAY - DAY


ACTS = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 30), st.none() | st.integers(0, 40)), max_size=12
)


@given(ACTS)
def test_no_act_takes_away_a_day_or_changes_the_past(acts):
    periods, today = (), 0
    for passed, ahead, length in acts:
        today += passed
        first = today + ahead
        last = None if length is None else first + length
        try:
            after = publish(periods, first, last, today=day(today))
        except HallError:
            continue
        span = range(-1, 120)
        before = {one: held(periods, day(one)) for one in span}
        now = {one: held(after, day(one)) for one in span}
        assert not [one for one in span if before[one] and not now[one]], "a day was lost"
        assert all(before[one] == now[one] for one in span if one < today), "the past changed"
        changed = [one for one in span if before[one] != now[one]]
        assert all(first <= one and (last is None or one <= last) for one in changed)
        periods = after
