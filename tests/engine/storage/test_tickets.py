"""Numbers are called in the order of the queue, each by one window."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.domain.ticket import Ticket, TicketState
from engine.kernel.errors import Conflict, Missing
from engine.storage import catalogue, tickets
from tests.engine.storage.samples import EVENT, load

MONDAY = date(2015, 10, 26)


@pytest.fixture
def queue(office):
    """Load the small catalogue and return a function that takes a number."""
    load(office)

    def take(no, **changes):
        ticket = Ticket(
            id=f"t{no}",
            number=f"B{no:03}",
            zone_no=1,
            unit_no=26,
            matter_no=None,
            state=TicketState.WAITING,
            taken_at=office.now(),
            queued_at=office.now() + timedelta(seconds=no),
        )
        ticket = replace(ticket, **changes)
        with office.unit() as unit:
            tickets.insert(unit, ticket)
            unit.record(EVENT)
        return ticket

    return take


def call(office, window_no):
    with office.unit() as unit:
        window = catalogue.window(unit, window_no)
        tickets.lock_window(unit, window_no)
        here = tickets.current(unit, window_no)
        if here is not None:
            raise Conflict("ticket.at_window", number=here.number)
        passed = set()
        while True:
            heads = tickets.heads(unit, window, MONDAY, passed)
            if not heads:
                return None
            ticket = min(heads, key=lambda one: one.place)
            if tickets.lock_waiting(unit, ticket.id):
                break
            passed.add(ticket.id)
        called = replace(
            ticket, state=TicketState.CALLED, window_no=window_no, called_at=unit.at, calls=1
        )
        tickets.save(unit, called)
        unit.record(EVENT)
        return called


def test_a_ticket_comes_back_as_it_was_taken(office, queue):
    ticket = queue(1)
    with office.reading() as unit:
        assert tickets.ticket(unit, ticket.id) == ticket
        with pytest.raises(Missing):
            tickets.ticket(unit, "nobody")


def test_who_waits_for_a_window_and_in_which_order(office, queue):
    third = queue(3)
    first = queue(1)
    anywhere = queue(2, unit_no=None)
    queue(4, unit_no=27)
    queue(5, state=TicketState.SERVED)
    queue(6, zone_no=2)
    queue(7, taken_at=office.now() - timedelta(days=1))
    with office.reading() as unit:
        window = catalogue.window(unit, 6)
        assert tickets.waiting(unit, window, MONDAY) == [first, anywhere, third]


def test_the_next_is_called_and_stands_at_the_window(office, queue):
    queue(1)
    called = call(office, 6)
    assert called.number == "B001"
    with office.reading() as unit:
        assert tickets.current(unit, 6) == called
        assert tickets.current(unit, 7) is None
        assert tickets.waiting(unit, catalogue.window(unit, 6), MONDAY) == []
    assert call(office, 7) is None


def test_a_window_serves_one_visitor_at_a_time(office, queue):
    queue(1)
    queue(2)
    call(office, 6)
    with pytest.raises(Conflict) as refused:
        call(office, 6)
    assert refused.value.params == {"number": "B001"}
    second = replace(
        queue(3), state=TicketState.CALLED, window_no=6
    )  # even by a fault of ours, the database refuses it
    with pytest.raises(sa.exc.IntegrityError), office.unit() as unit:
        tickets.save(unit, second)


def test_two_windows_at_the_same_moment_get_two_tickets(office, queue):
    for no in (1, 2):
        queue(no)
    gate = threading.Barrier(2)

    def press(window_no):
        gate.wait()
        return call(office, window_no)

    with ThreadPoolExecutor(2) as pool:
        called = list(pool.map(press, (6, 7)))
    assert {ticket.number for ticket in called} == {"B001", "B002"}


def test_one_window_pressed_twice_at_the_same_moment_calls_once(office, queue):
    for no in (1, 2, 3, 4):
        queue(no)
    gate = threading.Barrier(4)

    def press(_):
        gate.wait()
        try:
            return call(office, 6)
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(press, range(4)))
    assert found.count("ticket.at_window") == 3


def test_a_number_is_given_once_a_day(office, queue):
    queue(1)
    with pytest.raises(sa.exc.IntegrityError):
        queue(1, id="other")
