"""The order of the queue by the table of priority: who is first, when, and nobody twice."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import time, timedelta

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import appointments, catalogue, tickets
from engine.services.tickets import Asked
from tests.conftest import MONDAY

ZONE, UNIT, WINDOW = 1, 26, 6


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", WINDOW)


def booked_at(hall, moment):
    """Take a number for an appointment at a moment."""
    with hall.unit() as unit:
        return tickets.issue(hall, unit, ZONE, UNIT, None, Asked(appointment_at=moment))


def order(hall):
    return [one.number for one in tickets.at_window(hall, WINDOW).waiting]


def test_the_table_gives_each_number_its_place(hall, now):
    wanted = [{}, {"key_project": True}, {"needs_care": True}, {"urgent": True}]
    taken = []
    for facts in wanted:
        taken.append(tickets.take(hall, ZONE, UNIT, **facts))
        now.advance(minutes=1)
    assert [one.priority for one in taken] == [5, 4, 2, 1]
    assert [one.row for one in taken] == [f"priority#priority-{no}" for no in (8, 5, 3, 2)]
    assert order(hall) == [one.number for one in reversed(taken)]


@pytest.mark.parametrize(
    ("minutes", "first"),
    [
        pytest.param(-1, "walk-in", id="the time has not come"),
        pytest.param(0, "booked", id="at the time"),
        pytest.param(15, "booked", id="fifteen minutes late"),
        pytest.param(16, "walk-in", id="later than the table allows"),
    ],
)
def test_m_appt_1_an_appointment_counts_at_the_moment_of_the_call(hall, clerk, now, minutes, first):
    ten = hall_moment("2015-10-26T10:00")
    walk_in = tickets.take(hall, ZONE, UNIT)
    now.advance(minutes=1)
    booked = booked_at(hall, ten)
    now.move_to(ten + timedelta(minutes=minutes))
    expected = booked if first == "booked" else walk_in
    assert order(hall)[0] == expected.number
    called = tickets.call_next(hall, clerk, WINDOW)
    assert called.id == expected.id


def test_m_queue_2_a_missed_call_stands_behind_all_others_once(hall, clerk, now):
    late = tickets.take(hall, ZONE, UNIT, needs_care=True)
    tickets.call_next(hall, clerk, WINDOW)
    tickets.call_again(hall, clerk, WINDOW)
    assert tickets.no_show(hall, clerk, WINDOW).priority == 6
    now.advance(minutes=1)
    after = tickets.take(hall, ZONE, UNIT)
    assert order(hall) == [after.number, late.number]


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_nobody_waits_for_more_than_those_with_a_better_place(hall, clerk, now, seed):
    """At a random day nobody is passed over: the number of calls before his is bounded."""
    drawn = random.Random(seed)  # noqa: S311  # a day to be played again
    taken, calls = {}, []
    for _ in range(60):
        now.advance(minutes=drawn.randint(1, 3))
        if drawn.random() < 0.6:
            facts = {drawn.choice(["needs_care", "key_project", "urgent"]): drawn.random() < 0.3}
            ticket = tickets.take(hall, ZONE, UNIT, **facts)
            taken[ticket.id] = ticket, len(calls)
            continue
        calls += call(hall, clerk)
    while found := call(hall, clerk):
        calls += found
    assert Counter(calls) == Counter(taken.keys())
    for ticket, before in taken.values():
        better = sum(other.place < ticket.place for other, _ in taken.values())
        assert calls.index(ticket.id) - before <= better


def call(hall, clerk):
    ticket = tickets.call_next(hall, clerk, WINDOW)
    if ticket is None:
        return []
    tickets.finish(hall, clerk, WINDOW)
    return [ticket.id]


def test_m_queue_3_258_windows_at_once_get_258_numbers(either_city):
    hall = open_hall(either_city, now=FrozenNow(hall_moment(MONDAY)))
    try:
        windows = catalogue.windows(hall)
        cast = cast_of(hall)
        seated = {one.window_no: one for unit in catalogue.units(hall) for one in staff(cast, unit)}
        for window in windows:
            tickets.take(hall, window.zone_no, window.unit_no, needs_care=window.no % 5 == 0)

        def press(window):
            return tickets.call_next(hall, seated[window.no], window.no)

        with ThreadPoolExecutor(32) as pool:
            called = list(pool.map(press, windows))
        assert len(windows) == 258
        assert None not in called
        assert len({one.id for one in called}) == 258
        assert all(
            (one.unit_no, one.window_no) == (window.unit_no, window.no)
            for one, window in zip(called, windows, strict=True)
        )
    finally:
        hall.store.dispose()


def staff(cast, unit):
    return [
        one
        for post in ("clerk", "chief")
        for one in cast.all_of(post, unit.no)
        if one.window_no is not None
    ]


def test_an_appointment_and_a_walk_in_at_two_windows_are_both_called(hall, cast, clerk, now):
    slots = appointments.open_slots(hall, clerk, UNIT, now().date(), [time(10)], 1)
    visitor = appointments.Visitor("林晓禾", "13900000000")
    booked = appointments.book(hall, clerk, slots[0].id, visitor)
    now.move_to(booked.starts_at)
    numbers = {tickets.take(hall, ZONE, UNIT).id, appointments.arrive(hall, clerk, booked.id).id}
    others = cast.all_of("clerk", UNIT)[:2]
    with ThreadPoolExecutor(2) as pool:
        called = list(pool.map(lambda one: tickets.call_next(hall, one, one.window_no), others))
    assert {one.id for one in called} == numbers
