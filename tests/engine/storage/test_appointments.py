"""A place of a slot is booked once, even by a fault of ours."""

from dataclasses import replace
from datetime import date, time

import pytest
import sqlalchemy as sa

from engine.domain.appointment import Appointment, AppointmentState, Slot
from engine.kernel.errors import Missing
from engine.storage import appointments
from tests.engine.storage.samples import EVENT

DAY = date(2015, 10, 27)
SLOT = Slot("s1", 26, DAY, time(10), 2)


@pytest.fixture
def booked(office):
    """Open a slot with two places and book its first."""
    first = Appointment(
        "a1", "20151027-0001", "s1", 1, DAY, office.now(), 26, None, "林**", b"k1:phone",
        needs_care=False, state=AppointmentState.BOOKED, booked_at=office.now(),
    )  # fmt: skip
    with office.unit() as unit:
        appointments.add_slots(unit, [SLOT, replace(SLOT, id="s2", at=time(9, 30))])
        appointments.add(unit, first)
        unit.record(EVENT)
    return first


def test_slots_and_appointments_come_back_as_they_were_stored(office, booked):
    with office.unit() as unit:
        assert [slot.id for slot in appointments.slots_of(unit, 26, DAY)] == ["s2", "s1"]
        assert appointments.lock_slot(unit, "s1") == SLOT
        assert appointments.lock(unit, "a1") == booked
        assert appointments.of_day(unit, 26, DAY) == [booked]
        assert appointments.taken(unit, ["s1", "s2"]) == {"s1": {1}, "s2": frozenset()}
        assert appointments.phones_on(unit, DAY) == [b"k1:phone"]


def test_a_place_is_booked_once_and_free_again_when_cancelled(office, booked):
    other = replace(booked, id="a2", no="20151027-0002")
    with pytest.raises(sa.exc.IntegrityError), office.unit() as unit:
        appointments.add(unit, other)
    with office.unit() as unit:
        appointments.save(unit, replace(booked, state=AppointmentState.CANCELLED))
        appointments.add(unit, other)
        unit.record(EVENT)
    with office.unit() as unit:
        assert appointments.of_day(unit, 26, DAY) == [other]


def test_who_has_arrived_has_no_open_appointment(office, booked):
    with office.unit() as unit:
        appointments.save(unit, replace(booked, state=AppointmentState.KEPT, ticket_id="t1"))
        unit.record(EVENT)
    with office.unit() as unit:
        assert appointments.phones_on(unit, DAY) == []
        assert appointments.lock(unit, "a1").ticket_id == "t1"


def test_what_is_not_there_is_missing(office):
    with office.unit() as unit:
        for look in (appointments.lock, appointments.lock_slot):
            with pytest.raises(Missing):
                look(unit, "nobody")
