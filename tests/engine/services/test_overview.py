"""What everybody may see of the queues."""

import pytest

from engine.kernel.errors import Missing
from engine.services import catalogue, overview, tickets, windows
from tests.story import walk_through_matter

ZONE, UNIT, WINDOW = 1, 26, 6


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", WINDOW)


def zone(hall, no=ZONE):
    return next(row for row in overview.zones(hall) if row.zone.no == no)


def test_every_zone_says_who_waits_how_long_and_which_windows_serve(hall, clerk, now):
    tickets.take(hall, ZONE, UNIT)
    now.advance(minutes=7)
    tickets.take(hall, ZONE)
    now.advance(minutes=5)
    before = zone(hall)
    assert (before.waiting, before.longest_wait_minutes, before.calls) == (2, 12, [])
    windows.close(hall, clerk, WINDOW, "设备故障")
    after = zone(hall)
    assert (after.open, after.closed) == (before.open - 1, before.closed + 1)
    assert sum(row.open + row.closed for row in overview.zones(hall)) == 258
    assert (zone(hall, 2).waiting, zone(hall, 2).longest_wait_minutes) == (0, 0)


def test_a_call_has_another_key_each_time_it_is_called(hall, clerk):
    tickets.take(hall, ZONE, UNIT)
    assert overview.call(hall, WINDOW) is None
    called = tickets.call_next(hall, clerk, WINDOW)
    first = overview.call(hall, WINDOW)
    assert (first.number, first.window.no) == (called.number, WINDOW)
    assert overview.calls(hall, ZONE) == zone(hall).calls == [first]
    assert overview.calls(hall, 2) == []
    tickets.call_again(hall, clerk, WINDOW)
    assert overview.call(hall, WINDOW).key != first.key


def test_the_place_of_a_number_counts_those_who_are_called_before_it(hall, clerk, now):
    first = tickets.take(hall, ZONE, UNIT)
    now.advance(minutes=1)
    tickets.take(hall, ZONE, unit_no=next(no for no in units_of(hall, ZONE) if no != UNIT))
    anywhere = tickets.take(hall, ZONE)
    now.advance(minutes=1)
    last = tickets.take(hall, ZONE, matter_no=walk_through_matter(hall).no)
    assert overview.place(hall, last.id).ahead == 2
    cared = tickets.take(hall, ZONE, UNIT, needs_care=True)
    assert overview.place(hall, cared.id).ahead == 0
    assert overview.place(hall, last.id).ahead == 3
    assert overview.place(hall, anywhere.id).unit is None
    tickets.call_next(hall, clerk, WINDOW)
    tickets.finish(hall, clerk, WINDOW)
    tickets.call_next(hall, clerk, WINDOW)
    called = overview.place(hall, first.id)
    assert (called.ahead, [row.no for row in called.windows]) == (None, [WINDOW])


def test_a_number_names_the_receiving_windows_that_are_open(hall, clerk):
    ticket = tickets.take(hall, ZONE, matter_no=walk_through_matter(hall).no)
    found = overview.place(hall, ticket.id)
    assert (found.unit.no, found.matter) == (UNIT, walk_through_matter(hall).name)
    assert {row.purpose for row in found.windows} == {"intake"}
    assert WINDOW in {row.no for row in found.windows}
    windows.close(hall, clerk, WINDOW, "轮休")
    assert WINDOW not in {row.no for row in overview.place(hall, ticket.id).windows}


def test_a_unit_is_shut_when_each_of_its_receiving_windows_is_closed(hall, clerk):
    assert overview.shut_units(hall) == frozenset()
    seats = [row.no for row in windows_of(hall, UNIT) if row.purpose in overview.RECEIVING]
    for no in seats[1:]:
        windows.close(hall, clerk, no, "盘点")
    assert overview.shut_units(hall) == frozenset()
    windows.close(hall, clerk, seats[0], "盘点")
    assert overview.shut_units(hall) == {UNIT}


def test_a_number_of_yesterday_or_of_nobody_is_unknown(hall, now):
    ticket = tickets.take(hall, ZONE)
    now.advance(days=1)
    for ticket_id in (ticket.id, "x"):
        with pytest.raises(Missing) as refused:
            overview.place(hall, ticket_id)
        assert refused.value.code == "ticket.unknown"


def units_of(hall, zone_no):
    return [row.no for row in catalogue.units(hall) if row.zone_no == zone_no]


def windows_of(hall, unit_no):
    return catalogue.windows(hall, unit_no=unit_no)
