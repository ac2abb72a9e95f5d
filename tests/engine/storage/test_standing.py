"""What is stored of who stands at a window is found by number, unit and window."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from engine.domain.appointment import Appointment, AppointmentState, Slot
from engine.storage import appointments, standing
from tests.engine.storage.samples import EVENT, SEALED, case_of, put

DAY = date(2015, 10, 27)


@pytest.fixture
def stored(office):
    """Store one case that was begun at window 6 of unit 26."""
    case = replace(case_of(office), unit_no=26, window_no=6)
    with office.unit() as unit:
        put(unit, case)
    return case


def test_an_appointment_is_found_by_the_number_it_became(office):
    kept = Appointment(
        "a1", "20151027-0001", "s1", 1, DAY, office.now(), 26, None, "林**", b"k1:phone",
        needs_care=False, state=AppointmentState.KEPT, booked_at=office.now(), ticket_id="t1",
    )  # fmt: skip
    with office.unit() as unit:
        appointments.add_slots(unit, [Slot("s1", 26, DAY, time(10), 2)])
        appointments.add(unit, kept)
        unit.record(EVENT)
    with office.reading() as unit:
        assert standing.appointment_of(unit, "t1") == kept
        assert standing.appointment_of(unit, "t2") is None


def test_the_latest_cases_of_a_unit_come_with_their_sealed_numbers(office, stored):
    with office.reading() as unit:
        assert standing.latest(unit, 26, 10) == [(stored.id, SEALED.id_number)]
        assert standing.latest(unit, 27, 10) == []
        assert standing.latest(unit, 26, 0) == []


def test_cases_begun_at_a_window_lie_between_two_moments(office, stored):
    since, hour = stored.applied_at, timedelta(hours=1)
    with office.reading() as unit:
        assert standing.begun(unit, 26, 6, since, since + hour) == [(stored.id, stored.case_no)]
        assert standing.begun(unit, 26, 6, since - hour, since) == []
        assert standing.begun(unit, 26, 7, since, since + hour) == []
