"""Working days: the due days of the handbook, and laws that hold for every calendar."""

import csv
from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.working_time import (
    Calendar,
    Due,
    Suspension,
    close_of_business,
    count_days,
    days_left,
    due_on,
    left_at,
    working_days_between,
)
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_moment

ROOT = Path(__file__).parents[3]
DAY = timedelta(days=1)


def read_calendar():
    with (ROOT / "rules/catalogue/calendar.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    of_kind = {
        kind: frozenset(date.fromisoformat(r["day"]) for r in rows if r["kind"] == kind)
        for kind in ("holiday", "worked_weekend")
    }
    provisional = {int(r["day"][:4]) for r in rows if r["status"] == "provisional"}
    return Calendar(
        of_kind["holiday"],
        of_kind["worked_weekend"],
        frozenset(provisional),
        date(2004, 1, 1),
        date(2027, 12, 31),
    )


CALENDAR = read_calendar()


def days(text):
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param("2015-10-26", 1, "2015-10-27", id="plain Monday, 1"),
        pytest.param("2015-10-26", 3, "2015-10-29", id="plain Monday, 3"),
        pytest.param("2015-10-26", 10, "2015-11-09", id="M-COM-2"),
        pytest.param("2024-09-13", 3, "2024-09-19", id="worked Saturday, then mid-autumn"),
        pytest.param("2025-04-30", 10, "2025-05-19", id="over Labour Day"),
        pytest.param("2025-09-30", 3, "2025-10-11", id="ends on a worked Saturday"),
        pytest.param("2025-09-30", 10, "2025-10-21", id="over the eight free days of 2025"),
        pytest.param("2025-12-31", 3, "2026-01-06", id="over New Year with a worked Sunday"),
        pytest.param("2026-02-13", 3, "2026-02-25", id="over the Spring Festival, 3"),
        pytest.param("2026-02-13", 10, "2026-03-05", id="over the Spring Festival, 10"),
        pytest.param("2026-04-30", 3, "2026-05-08", id="Labour Day, ends before the worked day"),
        pytest.param("2026-06-01", 10, "2026-06-15", id="M-CLK-5 without suspension"),
        pytest.param("2026-06-18", 1, "2026-06-22", id="dragon boat Friday"),
        pytest.param("2026-09-18", 1, "2026-09-20", id="M-INST-2 on a worked Sunday"),
        pytest.param("2026-09-18", 3, "2026-09-22", id="counts the worked Sunday"),
        pytest.param("2026-09-18", 5, "2026-09-24", id="M-NOTICE-2 deemed accepted after it"),
        pytest.param("2026-09-21", 10, "2026-10-12", id="over both feasts"),
        pytest.param("2026-09-24", 3, "2026-09-30", id="mid-autumn Friday"),
        pytest.param("2026-09-28", 10, "2026-10-16", id="M-COM-3 promised"),
        pytest.param("2026-09-28", 20, "2026-10-30", id="M-COM-3 statutory"),
        pytest.param("2026-09-30", 1, "2026-10-08", id="the day before National Day, 1"),
        pytest.param("2026-09-30", 3, "2026-10-10", id="M-REV-2"),
        pytest.param("2026-09-30", 10, "2026-10-20", id="M-LAW-3 delivery"),
        pytest.param("2026-10-09", 1, "2026-10-10", id="the worked Saturday itself"),
        pytest.param("2026-10-10", 1, "2026-10-12", id="from the worked Saturday, 1"),
        pytest.param("2026-10-10", 3, "2026-10-14", id="from the worked Saturday, 3"),
        pytest.param("2026-11-20", 20, "2026-12-18", id="the last full month known"),
        pytest.param("2026-12-03", 20, "2026-12-31", id="the last safe start"),
        pytest.param("2026-03-02", 20, "2026-03-30", id="M-LAW-6 statutory"),
        pytest.param("2026-03-02", 30, "2026-04-14", id="M-LAW-6 extended"),
        pytest.param("2026-03-02", 45, "2026-05-08", id="M-LAW-6 joint"),
        pytest.param("2026-03-02", 60, "2026-05-28", id="M-LAW-6 joint, extended"),
    ],
)
def test_the_due_days_of_the_handbook_hold(start, limit, due):
    assert due_on(days(start), limit, CALENDAR) == Due(days(due), provisional=False)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param("2026-12-04", 20, "2027-01-04", id="handbook row"),
        pytest.param("2026-12-18", 10, "2027-01-04", id="M-CAL-2"),
        pytest.param("2026-12-31", 1, "2027-01-04", id="over a provisional New Year"),
        pytest.param("2027-12-30", 2, "2028-01-03", id="beyond the calendar, Monday to Friday"),
        pytest.param("2031-05-01", 1, "2031-05-02", id="far beyond, no holiday known"),
        pytest.param("2003-06-05", 1, "2003-06-06", id="ends before the calendar"),
    ],
)
def test_a_day_without_notice_makes_the_due_day_provisional(start, limit, due):
    assert due_on(days(start), limit, CALENDAR) == Due(days(due), provisional=True)


def test_only_the_days_on_the_way_make_it_provisional():
    assert due_on(date(2003, 12, 31), 1, CALENDAR) == Due(date(2004, 1, 2), provisional=False)
    assert due_on(date(2026, 12, 30), 1, CALENDAR) == Due(date(2026, 12, 31), provisional=False)


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        pytest.param("2026-06-01", 1, "2026-06-01", id="a working day counts itself"),
        pytest.param("2026-05-30", 1, "2026-06-01", id="a free day does not"),
        pytest.param("2026-09-30", 3, "2026-10-09", id="one day earlier than by default"),
    ],
)
def test_the_first_day_counts_only_when_the_setting_says_so(start, limit, due):
    assert due_on(days(start), limit, CALENDAR, count_first_day=True).day == days(due)


@pytest.mark.parametrize(
    ("suspensions", "due"),
    [
        pytest.param([("2026-06-08", "2026-06-15")], "2026-06-23", id="M-CLK-5 five days"),
        pytest.param([("2026-06-08", "2026-06-23")], "2026-06-30", id="M-CLK-5 ten days"),
        pytest.param([("2026-06-15", "2026-06-16")], "2026-06-16", id="stands on the last day"),
        pytest.param([("2026-06-16", "2026-06-30")], "2026-06-15", id="begins after the due day"),
        pytest.param([("2026-05-01", "2026-06-02")], "2026-06-15", id="over on the first day"),
        pytest.param([("2026-06-06", "2026-06-08")], "2026-06-15", id="a weekend removes nothing"),
        pytest.param([("2026-06-08", "2026-06-08")], "2026-06-15", id="an empty one"),
    ],
)
def test_a_suspended_clock_stands_still(suspensions, due):
    spans = [Suspension(days(start), days(end)) for start, end in suspensions]
    assert due_on(days("2026-06-01"), 10, CALENDAR, spans).day == days(due)


def test_a_friday_case_is_in_time_until_close_of_business_on_monday():
    due = due_on(date(2015, 10, 23), 1, CALENDAR).day
    close = close_of_business(due)
    shanghai = ZoneInfo("Asia/Shanghai")
    assert close == datetime(2015, 10, 26, 17, 30, tzinfo=shanghai)
    assert datetime(2015, 10, 26, 17, 29, tzinfo=shanghai) <= close
    assert datetime(2015, 10, 26, 17, 31, tzinfo=shanghai) > close
    assert close.utcoffset() == timedelta(hours=8)


@pytest.mark.parametrize(
    ("moment", "left"),
    [
        pytest.param("2015-10-23T15:00", 1, id="accepted on Friday"),
        pytest.param("2015-10-26T17:29", 0, id="on time"),
        pytest.param("2015-10-26T17:30", 0, id="the last moment"),
        pytest.param("2015-10-26T17:31", -1, id="overdue"),
    ],
)
def test_m_inst_2_the_last_day_ends_at_close_of_business(moment, left):
    due = due_on(date(2015, 10, 23), 1, CALENDAR).day
    assert left_at(hall_moment(moment), due, CALENDAR) == left


def test_the_close_of_business_is_a_setting():
    due = date(2015, 10, 26)
    assert left_at(hall_moment("2015-10-26T17:31"), due, CALENDAR, close=time(18)) == 0


@pytest.mark.parametrize(
    ("today", "left"),
    [
        pytest.param("2026-09-28", 5, id="over the feast"),
        pytest.param("2026-10-09", 1, id="the day before: S02"),
        pytest.param("2026-10-10", 0, id="the due day itself"),
        pytest.param("2026-10-11", -1, id="the free Sunday after is overdue"),
        pytest.param("2026-10-12", -1, id="the first working day over"),
        pytest.param("2026-10-16", -5, id="five over"),
    ],
)
def test_days_left_are_negative_once_the_due_day_has_passed(today, left):
    assert days_left(days(today), date(2026, 10, 10), CALENDAR) == left


def test_suspended_days_are_not_left():
    span = [Suspension(date(2026, 6, 3), date(2026, 6, 5))]
    assert days_left(date(2026, 6, 1), date(2026, 6, 8), CALENDAR, span) == 3


@pytest.mark.parametrize(
    ("day", "why"),
    [
        pytest.param("2026-10-01", "holiday", id="National Day"),
        pytest.param("2026-10-11", "weekend", id="Sunday"),
        pytest.param("2026-10-10", None, id="worked Saturday"),
        pytest.param("2026-10-12", None, id="Monday"),
        pytest.param("2027-05-01", "holiday", id="a provisional holiday on a Saturday"),
        pytest.param("2030-10-01", None, id="beyond the calendar"),
    ],
)
def test_a_free_day_has_its_reason(day, why):
    assert CALENDAR.why_free(days(day)) == why
    assert CALENDAR.is_working(days(day)) is (why is None)


@pytest.mark.parametrize(
    ("limit", "suspensions", "code"),
    [
        pytest.param(0, [], "clock.days", id="no days"),
        pytest.param(-3, [], "clock.days", id="negative days"),
        pytest.param(
            3,
            [Suspension(date(2026, 6, 9), date(2026, 6, 8))],
            "clock.suspension",
            id="ends before it starts",
        ),
    ],
)
def test_what_cannot_be_counted_is_refused(limit, suspensions, code):
    with pytest.raises(Invalid) as refused:
        due_on(date(2026, 6, 1), limit, CALENDAR, suspensions)
    assert refused.value.code == code


# Laws for any calendar, compared with counting day by day.

FIRST, LAST = date(2026, 1, 1), date(2026, 12, 31)
dates = st.dates(FIRST - 40 * DAY, LAST + 40 * DAY)
inner = st.dates(FIRST, LAST)
limits = st.integers(1, 60)


@st.composite
def calendars(draw):
    holidays = draw(st.frozensets(inner, max_size=40))
    weekends = frozenset(d for d in draw(st.frozensets(inner, max_size=20)) if d.weekday() >= 5)
    return Calendar(holidays - weekends, weekends, frozenset(), FIRST, LAST)


@st.composite
def spans(draw):
    start = draw(dates)
    return Suspension(start, start + draw(st.integers(0, 25)) * DAY)


def day_by_day(start, limit, calendar, suspensions):
    day = start
    while limit:
        day += DAY
        if calendar.is_working(day) and not any(p.start <= day < p.end for p in suspensions):
            limit -= 1
    return day


EXAMPLES, EXAMPLES_AT_NIGHT = 500, 10_000
LAWS = {}


def law(*strategies):
    """Try a law on the examples of `make test`, and keep it for the many of the night."""

    def keep(holds):
        LAWS[holds.__name__] = (strategies, holds)
        return _tried(strategies, holds, EXAMPLES)

    return keep


def _tried(strategies, holds, examples):
    return settings(max_examples=examples, deadline=None)(given(*strategies)(holds))


@law(calendars(), dates, limits, st.lists(spans(), max_size=4))
def test_due_on_agrees_with_counting_day_by_day(calendar, start, limit, suspensions):
    expected = day_by_day(start, limit, calendar, suspensions)
    assert due_on(start, limit, calendar, suspensions).day == expected


@law(calendars(), dates, limits, st.lists(spans(), max_size=3), st.booleans())
def test_the_days_that_are_told_are_those_that_count(calendar, start, limit, stops, first):
    told = count_days(start, limit, calendar, stops, first)
    assert sum(one.why is None for one in told) == limit
    assert told[-1].day == due_on(start, limit, calendar, stops, first).day
    assert told[-1].why is None


@law(calendars(), dates, limits, st.lists(spans(), max_size=3))
def test_m_clk_1_the_due_day_is_a_working_day(calendar, start, limit, suspensions):
    assert calendar.is_working(due_on(start, limit, calendar, suspensions).day)


@law(calendars(), dates, limits, inner)
def test_m_clk_2_a_holiday_more_never_makes_it_earlier(calendar, start, limit, holiday):
    stricter = Calendar(
        calendar.holidays | {holiday},
        calendar.worked_weekends - {holiday},
        frozenset(),
        FIRST,
        LAST,
    )
    assert due_on(start, limit, stricter).day >= due_on(start, limit, calendar).day


@law(calendars(), dates, limits, st.integers(0, 25), st.data())
def test_m_clk_3_suspending_moves_it_by_exactly_the_suspended_days(
    calendar, start, limit, length, data
):
    free = due_on(start, limit, calendar).day
    begins = data.draw(st.dates(start + DAY, free))
    span = Suspension(begins, begins + length * DAY)
    suspended = sum(
        calendar.is_working(span.start + n * DAY) for n in range((span.end - span.start).days)
    )
    moved = due_on(start, limit, calendar, [span]).day
    assert working_days_between(free, moved, calendar) == suspended


@law(calendars(), dates, limits, spans(), st.integers(0, 20))
def test_m_clk_4_two_adjacent_suspensions_are_one_long_one(calendar, start, limit, span, more):
    second = Suspension(span.end, span.end + more * DAY)
    whole = Suspension(span.start, second.end)
    for parts in ([span, second], [second, span], [span, second, span]):
        assert due_on(start, limit, calendar, parts) == due_on(start, limit, calendar, [whole])


@law(calendars(), dates, limits, st.lists(spans(), max_size=3), st.integers(0, 400))
def test_nothing_is_overdue_before_its_due_day(calendar, start, limit, suspensions, later):
    due = due_on(start, limit, calendar, suspensions).day
    today = min(start + later * DAY, due)
    assert days_left(today, due, calendar, suspensions) >= 0
    assert days_left(due + DAY, due, calendar, suspensions) < 0


@law(calendars(), dates, limits, st.lists(spans(), max_size=3))
def test_the_whole_limit_is_left_on_the_first_day(calendar, start, limit, suspensions):
    due = due_on(start, limit, calendar, suspensions).day
    assert days_left(start, due, calendar, suspensions) == limit


@law(calendars(), dates, dates)
def test_counting_backwards_is_the_negative(calendar, start, end):
    forward = working_days_between(start, end, calendar)
    assert forward == -working_days_between(end, start, calendar)
    assert (days_left(start, end, calendar) < 0) is (start > end)


@law(calendars(), st.integers(-60, 330))
def test_rank_and_day_are_inverse(calendar, rank):
    assert calendar.rank(calendar.day_of_rank(rank)) == rank


@pytest.mark.nightly
@pytest.mark.parametrize("name", LAWS)
def test_the_laws_hold_for_ten_thousand_examples(name):
    strategies, holds = LAWS[name]
    _tried(strategies, holds, EXAMPLES_AT_NIGHT)()
