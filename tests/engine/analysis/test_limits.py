"""A promise timed again: due days under other days, and who would have been late."""

from datetime import date, datetime
from types import MappingProxyType

import pytest

from engine.analysis.limits import Promise, Timed, due_again, time_again
from engine.domain.clocks import Clock, Stop
from engine.domain.working_time import Calendar
from engine.kernel.now import HALL_ZONE

CALENDAR = Calendar(
    frozenset(),
    frozenset(),
    frozenset(),
    date(2015, 1, 1),
    date(2016, 12, 31),
    MappingProxyType({}),
)
MONDAY = date(2015, 11, 2)
TEN_TO_EIGHT = Promise(10, 8, CALENDAR)


def timed(decided="2015-11-12T10:00", days=10, due=date(2015, 11, 16), stops=(), **extended):
    clock = Clock(1, "c", "promised", MONDAY, days, due, False, None)
    at = datetime.fromisoformat(decided).replace(tzinfo=HALL_ZONE)
    return Timed("c", 3, 7, at, clock, tuple(stops), **extended)


def stop(first, last):
    return Stop("s", "c", "appraisal", first, last, "law", "p", last)


def test_fewer_days_are_due_earlier():
    assert due_again(TEN_TO_EIGHT, timed()) == date(2015, 11, 12)


def test_the_same_days_are_due_as_they_were():
    assert due_again(Promise(10, 10, CALENDAR), timed(due=date(2015, 11, 20))) == date(2015, 11, 20)


def test_a_case_that_was_promised_other_days_keeps_its_own():
    assert due_again(TEN_TO_EIGHT, timed(days=5, due=date(2015, 11, 9))) == date(2015, 11, 9)


def test_days_in_which_the_clock_stood_still_are_not_counted():
    stood = stop(date(2015, 11, 4), date(2015, 11, 9))
    assert due_again(TEN_TO_EIGHT, timed(stops=[stood])) == date(2015, 11, 17)


@pytest.mark.parametrize(
    ("on", "limit", "due"),
    [
        (date(2015, 11, 3), date(2015, 12, 31), date(2015, 11, 26)),
        (date(2015, 11, 3), date(2015, 11, 20), date(2015, 11, 20)),
        (date(2015, 11, 13), date(2015, 12, 31), date(2015, 11, 12)),
    ],
    ids=["moves the promise", "up to the day by law", "too late for the shorter promise"],
)
def test_an_extension(on, limit, due):
    one = timed(extended_days=10, extended_on=on, limit=limit)
    assert due_again(TEN_TO_EIGHT, one) == due


@pytest.mark.parametrize(
    ("decided", "late"),
    [("2015-11-12T17:29", (0, 0)), ("2015-11-12T17:31", (0, 1)), ("2015-11-16T17:31", (1, 1))],
    ids=["in time", "late only under the draft", "late in any case"],
)
def test_late_is_after_the_close_of_business_of_the_due_day(decided, late):
    part = time_again(TEN_TO_EIGHT, [timed(decided)])
    assert tuple(part.tally.totals[2:]) == late
    assert part.tally.by_unit[7] == part.tally.totals


def test_a_case_that_becomes_late_is_told_with_both_days():
    (one,) = time_again(TEN_TO_EIGHT, [timed("2015-11-13T09:00")]).changed
    same = {
        "started_on": "2015-11-02",
        "stopped_days": 0,
        "decided_at": "2015-11-13 09:00",
    }
    assert one.before == same | {"promised_days": 10, "due_on": "2015-11-16", "late": False}
    assert one.after == same | {"promised_days": 8, "due_on": "2015-11-12", "late": True}
