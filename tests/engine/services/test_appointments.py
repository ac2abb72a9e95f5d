"""Appointments (M-APPT-1, M-APPT-2): slots, places, one phone a day, arrival."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, time, timedelta

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.kernel.errors import Conflict, Forbidden, HallError
from engine.kernel.now import FrozenNow, hall_moment
from engine.services import appointments, people, tickets
from engine.services.appointments import Visitor
from tests.conftest import MONDAY

UNIT, DAY = 26, date(2015, 10, 27)
LIN = Visitor("林晓禾", "139-0000 0000")


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", 6)


@pytest.fixture
def slot(hall, clerk):
    """Open ten o'clock of the next day for two visitors."""
    return appointments.open_slots(hall, clerk, UNIT, DAY, [time(10)], 2)[0]


def visitor(no):
    return Visitor(f"访客{no}", f"1390000{no:04}")


def at(text):
    return hall_moment(f"{DAY.isoformat()}T{text}")


def test_m_appt_1_who_is_booked_for_ten_is_called_before_walk_ins_at_ten(hall, clerk, slot, now):
    booked = appointments.book(hall, clerk, slot.id, LIN)
    now.move_to(at("09:40"))
    walk_in = tickets.take(hall, 1, UNIT)
    now.move_to(at("10:00"))
    ticket = appointments.arrive(hall, clerk, booked.id)
    assert (ticket.priority, ticket.row) == (3, "priority#priority-4")
    assert tickets.call_next(hall, clerk, 6).id == ticket.id
    tickets.finish(hall, clerk, 6)
    assert tickets.call_next(hall, clerk, 6).id == walk_in.id


@pytest.mark.parametrize(
    ("arrives", "first"),
    [
        pytest.param("10:15", "booked", id="fifteen minutes late"),
        pytest.param("10:16", "walk-in", id="too late: an ordinary number"),
    ],
)
def test_m_appt_2_who_comes_too_late_gets_an_ordinary_number(
    hall, clerk, slot, now, arrives, first
):
    booked = appointments.book(hall, clerk, slot.id, LIN)
    now.move_to(at("10:10"))
    walk_in = tickets.take(hall, 1, UNIT)
    now.move_to(at(arrives))
    ticket = appointments.arrive(hall, clerk, booked.id)
    expected = ticket if first == "booked" else walk_in
    assert tickets.call_next(hall, clerk, 6).id == expected.id


def test_m_appt_2_a_slot_takes_as_many_as_it_has_places(hall, clerk, slot):
    places = [appointments.book(hall, clerk, slot.id, visitor(no)).place for no in (1, 2)]
    assert places == [1, 2]
    with pytest.raises(Conflict) as refused:
        appointments.book(hall, clerk, slot.id, visitor(3))
    assert refused.value.code == "appointment.full"
    assert [view.free for view in appointments.slots(hall, UNIT, DAY)] == [0]


def test_m_appt_2_the_last_place_goes_to_one_of_many_who_ask_at_once(either_city):
    hall = open_hall(either_city, now=FrozenNow(hall_moment(MONDAY)))
    clerk = cast_of(hall).seated("clerk", 6)
    slot = appointments.open_slots(hall, clerk, UNIT, DAY, [time(10)], 1)[0]

    def ask(no):
        try:
            return appointments.book(hall, clerk, slot.id, visitor(no)).place
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(ask, range(8)))
    hall.store.dispose()
    assert sorted(found, key=str) == [1, *["appointment.full"] * 7]


def test_one_phone_has_one_open_appointment_a_day_at_once_or_not(either_city):
    hall = open_hall(either_city, now=FrozenNow(hall_moment(MONDAY)))
    clerk = cast_of(hall).seated("clerk", 6)
    slots = appointments.open_slots(hall, clerk, UNIT, DAY, [time(9), time(10), time(11)], 1)

    def ask(slot):
        try:
            return appointments.book(hall, clerk, slot.id, LIN).place
        except Conflict as refused:
            return refused.code

    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(ask, slots))
    hall.store.dispose()
    assert sorted(found, key=str) == [1, *["appointment.phone_known"] * 2]


def test_a_cancelled_place_is_free_again(hall, clerk, slot):
    first = appointments.book(hall, clerk, slot.id, LIN)
    appointments.cancel(hall, clerk, first.id)
    again = appointments.book(hall, clerk, slot.id, LIN)
    assert (again.place, again.no) == (1, "20151027-0002")
    for act in (appointments.cancel, appointments.arrive):
        with pytest.raises(Conflict) as refused:
            act(hall, clerk, first.id)
        assert refused.value.code == "appointment.ended"


def test_a_double_click_books_once_and_no_whole_name_is_kept(hall, clerk, slot):
    first, second = (appointments.book(hall, clerk, slot.id, LIN, once="click") for _ in range(2))
    assert first.id == second.id
    assert LIN.name not in first.name
    assert b"13900000000" not in first.phone
    assert [one.id for one in appointments.of_day(hall, clerk, UNIT, DAY)] == [first.id]


@pytest.mark.parametrize(
    ("days", "error"),
    [
        pytest.param(-1, "appointment.other_day", id="a day early"),
        pytest.param(1, "appointment.past", id="a day late"),
    ],
)
def test_who_comes_on_another_day_gets_no_number(hall, clerk, slot, now, days, error):
    booked = appointments.book(hall, clerk, slot.id, LIN)
    now.move_to(at("10:00") + timedelta(days=days))
    with pytest.raises(HallError) as refused:
        appointments.arrive(hall, clerk, booked.id)
    assert refused.value.code == error


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        pytest.param({"capacity": 0}, "appointment.capacity", id="no place"),
        pytest.param({"times": []}, "appointment.times", id="no time"),
        pytest.param({"times": [time(9), time(9)]}, "appointment.times", id="a time twice"),
        pytest.param({"day": date(2015, 10, 1)}, "appointment.holiday", id="a holiday"),
        pytest.param({"day": date(2015, 10, 31)}, "appointment.holiday", id="a Saturday"),
        pytest.param({"day": date(2015, 10, 23)}, "appointment.past", id="a day that has gone"),
        pytest.param({"times": [time(17, 30)]}, "appointment.hours", id="after closing"),
        pytest.param({"unit_no": 99}, "unit.unknown", id="no such unit"),
        pytest.param({"unit_no": 27}, "appointment.other_unit", id="of another unit"),
    ],
)
def test_slots_that_cannot_be_are_refused(hall, clerk, changes, code):
    asked = {"unit_no": UNIT, "day": DAY, "times": [time(10)], "capacity": 2, **changes}
    with pytest.raises(HallError) as refused:
        appointments.open_slots(hall, clerk, **asked)
    assert refused.value.code == code


def test_a_slot_is_opened_once(hall, clerk, slot):
    with pytest.raises(Conflict) as refused:
        appointments.open_slots(hall, clerk, UNIT, DAY, [time(9), time(10)], 2)
    assert refused.value.params == {"at": "10:00"}


@pytest.mark.parametrize(
    ("who", "matter_no", "code"),
    [
        pytest.param(Visitor(" ", "13900000000"), None, "appointment.name", id="no name"),
        pytest.param(
            Visitor("林", "".join(chr(ord(one) + 0xFEE0) for one in "13900000000")),
            None,
            "appointment.phone",
            id="wide digits",
        ),
        pytest.param(Visitor("林", "12345"), None, "appointment.phone", id="too short"),
        pytest.param(LIN, 1, "appointment.other_matter", id="a matter of another unit"),
        pytest.param(LIN, 0, "matter.unknown", id="no such matter"),
    ],
)
def test_a_booking_with_bad_input_is_refused(hall, clerk, slot, who, matter_no, code):
    with pytest.raises(HallError) as refused:
        appointments.book(hall, clerk, slot.id, who, matter_no)
    assert refused.value.code == code


def test_nobody_books_what_has_begun_or_is_not_there(hall, clerk, slot, now):
    now.move_to(at("10:00"))
    with pytest.raises(HallError) as refused:
        appointments.book(hall, clerk, slot.id, LIN)
    assert refused.value.code == "appointment.past"
    with pytest.raises(HallError) as missing:
        appointments.book(hall, clerk, "nothing", LIN)
    assert missing.value.code == "appointment.no_slot"


def test_a_stranger_does_not_see_who_comes(hall, cast, slot):
    with pytest.raises(Forbidden):
        appointments.of_day(hall, cast.clerk(27), UNIT, DAY)
    assert appointments.slots(hall, UNIT, date(2015, 10, 31)) == []


def test_a_clerk_of_another_unit_books_cancels_and_receives_nobody(hall, cast, clerk, slot, now):
    other = next(one for one in people.everybody(hall) if one.unit_no not in (None, UNIT))
    booked = appointments.book(hall, clerk, slot.id, LIN)
    now.move_to(at("09:40"))
    for deed in (
        lambda: appointments.book(hall, other, slot.id, visitor(1)),
        lambda: appointments.cancel(hall, other, booked.id),
        lambda: appointments.arrive(hall, other, booked.id),
    ):
        with pytest.raises(Forbidden) as refused:
            deed()
        assert refused.value.code == "appointment.other_unit"
    assert appointments.slots(hall, UNIT, DAY)[0].free == 1
