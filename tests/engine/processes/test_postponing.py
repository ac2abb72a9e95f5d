"""Timers move on while the clocks stand still: by what they count, and nothing else moves."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.working_time import Calendar
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_moment
from engine.processes.run import postpone, start, wake
from tests.engine.processes import drawing
from tests.engine.processes.drawing import (
    boundary,
    chain,
    end,
    no_tables,
    open_steps,
    read,
    steps,
    timer,
)

# 国庆节 2026: 1 to 7 October free, the Saturday 10 October worked instead.
CALENDAR = Calendar(
    holidays=frozenset(date(2026, 10, day) for day in range(1, 8)),
    worked_weekends=frozenset({date(2026, 10, 10)}),
    provisional_years=frozenset(),
    first=date(2026, 1, 1),
    last=date(2026, 12, 31),
)
NOW = hall_moment("2026-09-28T10:00")
S = drawing.start()


def waits(kind, text, **data):
    body = S + steps("a", "late") + boundary("t", "a", timer(kind, text)) + end() + end("e2")
    definition = read(body + chain("s", "a", "e") + chain("t", "late", "e2"))
    return definition, start(definition, data, no_tables, NOW, calendar=lambda: CALENDAR)


def moved(definition, case, started, ended):
    days = date.fromisoformat(started), date.fromisoformat(ended)
    return postpone(definition, case.state, *days, CALENDAR, NOW)


@pytest.mark.parametrize(
    ("kind", "text", "due", "later"),
    [
        ("timeDate", "working days(3)", "2026-10-09T00:00", "2026-10-13T00:00"),
        ("timeDuration", "=working days( 金额 + 1 )", "2026-10-09T00:00", "2026-10-13T00:00"),
        ("timeDuration", "P5D", "2026-10-03T10:00", "2026-10-13T10:00"),
        ("timeDuration", 'duration("P5D")', "2026-10-03T10:00", "2026-10-13T10:00"),
        ("timeDate", 'now() + duration("P5D")', "2026-10-03T10:00", "2026-10-13T10:00"),
        ("timeCycle", "R3/P5D", "2026-10-03T10:00", "2026-10-13T10:00"),
        ("timeDate", "2026-10-20", "2026-10-20T00:00", "2026-10-20T00:00"),
        ("timeDate", "=hearing", "2026-10-20T00:00", "2026-10-20T00:00"),
    ],
    ids=["working days", "computed working days", "duration", "computed duration",
         "from now", "repeated", "fixed day", "fixed day of a variable"],
)  # fmt: skip
def test_each_timer_moves_by_what_it_counts(kind, text, due, later):
    definition, case = waits(kind, text, amount=2, hearing=date(2026, 10, 20))
    assert case.next_due == hall_moment(due)
    found = moved(definition, case, "2026-09-29", "2026-10-09")
    assert found.next_due == hall_moment(later)
    before = wake(definition, found.state, no_tables, found.next_due - timedelta(minutes=1))
    assert open_steps(before) == ["a"]
    assert open_steps(wake(definition, found.state, no_tables, found.next_due))[0] in ("late", "a")


def test_a_timer_that_came_due_meanwhile_happens_when_the_clocks_run_again():
    definition, case = waits("timeDate", "2026-10-02")
    found = moved(definition, case, "2026-09-29", "2026-10-09")
    assert found.next_due == hall_moment("2026-10-02T00:00")
    woken = wake(definition, found.state, no_tables, hall_moment("2026-10-09T09:00"))
    assert open_steps(woken) == ["late"]


def test_a_case_without_timers_stays_as_it_is():
    definition = read(S + steps("a") + end() + chain("s", "a", "e"))
    case = start(definition, {"n": 1}, no_tables, NOW)
    found = moved(definition, case, "2026-09-29", "2026-10-09")
    assert (found.state, found.next_due) == (case.state, None)


@pytest.mark.parametrize("count", ["0", "-1", "1.5", '"three"', "5001", "null"])
def test_a_number_of_working_days_that_is_none_names_the_timer(count):
    with pytest.raises(Invalid) as refused:
        waits("timeDate", f"working days({count})")
    assert refused.value.code in ("process.time", "process.undecided")
    assert refused.value.params["element"] == "t"


def test_working_days_need_a_calendar():
    body = S + steps("a") + boundary("t", "a", timer("timeDate", "working days(3)")) + end()
    definition = read(body + end("e2") + chain("s", "a", "e") + chain("t", "e2"))
    with pytest.raises(Invalid, match=r"process\.time"):
        start(definition, {}, no_tables, NOW)


DAYS = st.integers(0, 40)


@settings(max_examples=60, deadline=None)
@given(first=DAYS, length=DAYS, cut=DAYS, text=st.sampled_from(["working days(7)", "P9D"]))
def test_a_suspension_in_two_parts_moves_a_timer_as_far_as_one(first, length, cut, text):
    kind = "timeDuration" if text.startswith("P") else "timeDate"
    definition, case = waits(kind, text)
    began = date(2026, 9, 28) + timedelta(first)
    ended, middle = began + timedelta(length), began + timedelta(min(cut, length))
    whole = postpone(definition, case.state, began, ended, CALENDAR, NOW)
    half = postpone(definition, case.state, began, middle, CALENDAR, NOW)
    both = postpone(definition, half.state, middle, ended, CALENDAR, NOW)
    assert both == whole
    assert isinstance(whole.next_due, datetime)
    assert whole.next_due >= case.next_due
