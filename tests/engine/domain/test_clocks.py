"""Legal clocks: due days counted by hand, derived from all that happened, and their light."""

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.clocks import KINDS, Clock, Stop, derive, light, stopped_by
from engine.domain.special_procedure import STOPS_CLOCK
from engine.domain.working_time import NoticedDay, calendar_of, due_on
from engine.stock import read_catalogue
from tests.journeys.plain import days_of, due_after

FILE = Path(__file__).with_name("due_days.csv")
CALENDAR = calendar_of(
    NoticedDay(date.fromisoformat(row["day"]), row["kind"], row["name"], row["status"])
    for row in read_catalogue()["calendar"]
)
ONE_DAY = timedelta(days=1)


def rows():
    with FILE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def clock(kind, start, days, extended=0):
    return Clock(1, "c", kind, start, days, start, False, None, extended)


def stop(first, last, no=0, ended=True):
    end = last + ONE_DAY if ended else None
    return Stop(f"s{no}", "c", "inspection", first, last, "第四十五条", "p", end)


def spans_of(text):
    for each in filter(None, text.split(";")):
        first, last = each.split("/")
        yield date.fromisoformat(first), date.fromisoformat(last)


@pytest.mark.parametrize("row", rows(), ids=lambda row: f"{row['case']} {row['why']}")
def test_a_due_day_counted_by_hand_is_the_one_derived(row):
    kind = row["kind"] if row["kind"] in KINDS else "statutory"
    stops = [stop(*span, no) for no, span in enumerate(spans_of(row["suspensions"]))]
    found = clock(kind, date.fromisoformat(row["start"]), int(row["days"]), int(row["extension"]))
    assert derive(found, stops, CALENDAR).day == date.fromisoformat(row["expected"])


def test_there_are_sixty_of_them():
    assert len(rows()) == 60


@pytest.mark.parametrize("kind", ["notice", "delivery", "complaint", "rectification"])
def test_a_special_procedure_stops_no_clock_but_those_of_the_decision(kind):
    start = date(2026, 6, 1)
    stopped = [stop(date(2026, 6, 3), date(2026, 6, 9))]
    assert derive(clock(kind, start, 10), stopped, CALENDAR) == due_on(start, 10, CALENDAR)


def test_an_open_stop_counts_to_its_announced_end():
    open_stop = [stop(date(2026, 6, 3), date(2026, 6, 9), ended=False)]
    found = derive(clock("promised", date(2026, 6, 1), 10), open_stop, CALENDAR)
    assert found.day == date(2026, 6, 23)


def test_the_first_day_counts_only_when_the_setting_says_so():
    found = clock("promised", date(2026, 6, 1), 10)
    assert derive(found, [], CALENDAR, True).day == date(2026, 6, 12)


def test_the_closed_list_of_what_stops_clocks_is_that_of_the_law():
    assert "survey" not in STOPS_CLOCK
    assert len(STOPS_CLOCK) == 8


@given(
    start=st.dates(date(2015, 1, 1), date(2026, 6, 30)),
    days=st.integers(1, 60),
    extended=st.integers(0, 15),
    stops=st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30)), max_size=4),
)
def test_a_derived_day_is_that_of_counting_day_by_day(start, days, extended, stops):
    spans = [(start + ONE_DAY * at, start + ONE_DAY * (at + length)) for at, length in stops]
    stopped = frozenset().union(*(days_of(*span) for span in spans)) if spans else frozenset()
    found = derive(
        clock("statutory", start, days, extended),
        [stop(*span, no) for no, span in enumerate(spans)],
        CALENDAR,
    )
    assert found.day == due_after(start, days + extended, stopped)


@pytest.mark.parametrize(
    ("days_left", "shows"),
    [
        pytest.param(None, "ok", id="no clock runs"),
        pytest.param(2, "ok", id="time enough"),
        pytest.param(1, "soon", id="one working day before (M-SUP-1)"),
        pytest.param(0, "soon", id="today"),
        pytest.param(-1, "overdue", id="yesterday"),
    ],
)
def test_the_light_follows_the_working_days_left(days_left, shows):
    assert light(days_left) == shows


@pytest.mark.parametrize(
    ("kind", "ended", "until"),
    [
        ("promised", False, date(2026, 6, 9)),
        ("promised", True, None),
        ("delivery", False, None),
    ],
    ids=["it stands still", "it runs again", "nothing stops it"],
)
def test_a_clock_that_stands_still_says_for_what_and_until_when(kind, ended, until):
    stops = [stop(date(2026, 6, 3), date(2026, 6, 9), ended=ended)]
    found = stopped_by(clock(kind, date(2026, 6, 1), 10), stops)
    assert (found.announced_until if found else None) == until
