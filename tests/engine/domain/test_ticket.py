"""Numbers of the queue: how they are made, in which order they stand, how long they took."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.ticket import Ticket, TicketState, minutes_since, number_of
from engine.kernel.now import hall_moment

NINE = hall_moment("2015-10-26T09:00")


def ticket(number="B001", minutes=0, priority=5, **changes):
    at = NINE + timedelta(minutes=minutes)
    made = Ticket("t", number, 1, 26, None, TicketState.WAITING, at, at, priority=priority)
    return replace(made, **changes)


def test_a_number_is_the_letter_of_the_zone_and_three_digits_or_more():
    assert number_of("B", 7) == "B007"
    assert number_of("B", 1234) == "B1234"


def test_the_order_is_priority_then_time_then_number():
    queue = [
        ticket("B1000", 5),
        ticket("B999", 5),
        ticket("B005", 9, priority=2),
        ticket("B002", 1),
        ticket("B001", 0, priority=6),
    ]
    ordered = sorted(queue, key=lambda one: one.place)
    assert [one.number for one in ordered] == ["B005", "B002", "B999", "B1000", "B001"]


@pytest.mark.parametrize(
    ("seconds", "minutes"),
    [
        pytest.param(-1, -1, id="a second early is a minute early"),
        pytest.param(0, 0, id="on time"),
        pytest.param(15 * 60 + 59, 15, id="a begun minute does not count"),
        pytest.param(16 * 60, 16, id="sixteen minutes late"),
    ],
)
def test_whole_minutes_since_a_moment(seconds, minutes):
    assert minutes_since(NINE, NINE + timedelta(seconds=seconds)) == minutes


def test_waiting_and_service_are_told_apart():
    served = ticket(
        called_at=NINE + timedelta(minutes=20), ended_at=NINE + timedelta(minutes=50, seconds=59)
    )
    assert (served.waited_minutes, served.service_minutes) == (20, 30)
    assert (ticket().waited_minutes, ticket().service_minutes) == (None, None)


@given(st.lists(st.tuples(st.integers(1, 6), st.integers(0, 480)), max_size=60))
def test_no_ticket_waits_for_more_than_those_with_a_better_place(drawn):
    queue = [
        ticket(number_of("B", no), minutes, priority)
        for no, (priority, minutes) in enumerate(drawn, 1)
    ]
    for place, one in enumerate(sorted(queue, key=lambda each: each.place)):
        ahead = [
            other
            for other in queue
            if other.priority < one.priority
            or (other.priority == one.priority and other.queued_at <= one.queued_at)
        ]
        assert place <= len(ahead) - 1
