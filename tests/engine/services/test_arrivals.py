"""A day of appointments as the desk sees it."""

from datetime import date, time

import pytest

from engine.kernel.errors import Forbidden, Missing
from engine.kernel.now import hall_moment
from engine.services import appointments, arrivals
from engine.services.appointments import Visitor

UNIT, MONDAY, SATURDAY = 26, date(2015, 10, 26), date(2015, 10, 24)


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", 6)


@pytest.fixture
def slot(hall, clerk):
    return appointments.open_slots(hall, clerk, UNIT, MONDAY, [time(10)], 2)[0]


def test_a_day_has_its_slots_its_visitors_and_their_numbers(hall, clerk, slot):
    booked = appointments.book(hall, clerk, slot.id, Visitor("林晓禾", "13900000000"))
    view = arrivals.day_of(hall, clerk, UNIT)
    assert (view.day, view.own, view.opens) == (MONDAY, True, True)
    assert [(one.slot.id, one.free) for one in view.bookable] == [(slot.id, 1)]
    assert view.numbers == {}
    ticket = appointments.arrive(hall, clerk, booked.id)
    assert arrivals.day_of(hall, clerk, UNIT).numbers == {booked.id: ticket.number}


def test_times_are_the_hours_of_the_hall_without_the_open_ones(hall, clerk, slot):
    times = arrivals.day_of(hall, clerk, UNIT).times
    assert (times[0], times[-1]) == (time(9), time(17))
    assert not {slot.at, time(12), time(13)} & set(times)


def test_a_slot_that_has_passed_cannot_be_booked(hall, clerk, slot, now):
    now.move_to(hall_moment("2015-10-26T10:00"))
    assert arrivals.day_of(hall, clerk, UNIT).bookable == []


def test_a_day_off_lies_between_working_days(hall, clerk):
    view = arrivals.day_of(hall, clerk, UNIT, SATURDAY)
    assert (view.working, view.opens) == (False, False)
    assert (view.previous, view.following) == (date(2015, 10, 23), MONDAY)
    assert arrivals.day_of(hall, clerk, UNIT).previous == date(2015, 10, 23)


def test_the_day_is_for_its_unit_and_for_who_reads_all(hall, cast, clerk):
    manager = cast.holder(None, "hall_manager")
    assert not arrivals.day_of(hall, manager, UNIT).own
    with pytest.raises(Forbidden) as refused:
        arrivals.day_of(hall, clerk, 1)
    assert refused.value.code == "appointment.other_unit"
    with pytest.raises(Missing) as unknown:
        arrivals.day_of(hall, manager, 999)
    assert unknown.value.code == "unit.unknown"
