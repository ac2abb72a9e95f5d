"""Appointments (预约): slots opened by units, places booked, and kept as a number of the queue."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from engine.domain.appointment import (
    Appointment,
    AppointmentState,
    Slot,
    SlotView,
    free_place,
    number_of,
)
from engine.domain.events.tickets import (
    AppointmentBooked,
    AppointmentCancelled,
    AppointmentKept,
    SlotsOpened,
)
from engine.domain.masking import mask_name
from engine.domain.people import Official
from engine.domain.ticket import Ticket, minutes_since
from engine.kernel.errors import Conflict, Forbidden, Invalid, Late, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services.hall import Hall
from engine.services.tickets import Asked, issue
from engine.storage import appointments as rows
from engine.storage import serials
from engine.storage.unit import Unit

PHONE_DIGITS, LONGEST_NAME, MOST_PLACES = range(7, 16), 100, 100


@dataclass(frozen=True)
class Visitor:
    """Who books: how the hall calls and reaches him; `needs_care` for the old, ill or pregnant."""

    name: str
    phone: str
    needs_care: bool = False


def open_slots(
    hall: Hall, by: Official, unit_no: int, day: date, times: Sequence[time], capacity: int
) -> list[Slot]:
    """Open times of a day for appointments with a unit, each for `capacity` visitors.

    Raises Missing `unit.unknown`; Forbidden `appointment.other_unit`; Invalid
    `appointment.capacity`, `appointment.times` for none or one twice, `appointment.holiday`,
    `appointment.hours` outside of the hall's; Late `appointment.past`; Conflict
    `appointment.slot_known`.
    """
    if not 1 <= capacity <= MOST_PLACES:
        raise Invalid("appointment.capacity", field="capacity", most=MOST_PLACES)
    if not times or len(set(times)) != len(times):
        raise Invalid("appointment.times", field="times")
    with hall.unit(by) as unit:
        shelf = hall.library.shelf(unit)
        if unit_no not in shelf.units:
            raise Missing("unit.unknown", unit=unit_no)
        if by.unit_no != unit_no:
            raise Forbidden("appointment.other_unit", unit=shelf.units[unit_no].name)
        if not shelf.calendar.is_working(day):
            raise Invalid("appointment.holiday", field="day", day=day.isoformat())
        if day < hall_day(unit.at):
            raise Late("appointment.past", day=day.isoformat())
        late = [at for at in times if at >= hall.rules.close_of_business]
        if late:
            raise Invalid("appointment.hours", field="times", at=late[0].isoformat("minutes"))
        known = {slot.at for slot in rows.slots_of(unit, unit_no, day)}
        twice = sorted(known & set(times))
        if twice:
            raise Conflict("appointment.slot_known", at=twice[0].isoformat("minutes"))
        slots = [Slot(unit.ids(), unit_no, day, at, capacity) for at in sorted(times)]
        rows.add_slots(unit, slots)
        unit.record(
            SlotsOpened(
                unit_no=unit_no,
                day=day.isoformat(),
                times=tuple(slot.at.isoformat("minutes") for slot in slots),
                capacity=capacity,
            )
        )
        return slots


def slots(hall: Hall, unit_no: int, day: date) -> list[SlotView]:
    """Return the slots of a unit on a day with their free places; none on a day off."""
    with hall.reading() as unit:
        if not hall.library.shelf(unit).calendar.is_working(day):
            return []
        found = rows.slots_of(unit, unit_no, day)
        taken = rows.taken(unit, [slot.id for slot in found])
        return [SlotView(slot, slot.capacity - len(taken[slot.id])) for slot in found]


def book(
    hall: Hall,
    by: Official,
    slot_id: str,
    visitor: Visitor,
    matter_no: int | None = None,
    once: str | None = None,
) -> Appointment:
    """Book a place of a slot; a repeated `once` key gets the same appointment again.

    Raises Missing `appointment.no_slot`, `matter.unknown`; Invalid `appointment.name`,
    `appointment.phone`, `appointment.other_matter` for one of another unit,
    `appointment.holiday` when the day has become one; Late `appointment.past`; Conflict
    `appointment.full`, `appointment.phone_known` for a phone with another open one that day;
    Forbidden `appointment.other_unit`.
    """
    digits = _phone(visitor)
    with hall.unit(by) as unit:
        known = unit.once(once)
        if known is not None:
            return rows.lock(unit, str(known))
        slot = rows.lock_slot(unit, slot_id)
        _refuse_other_unit(hall, unit, by, slot.unit_no)
        starts_at = datetime.combine(slot.day, slot.at, HALL_ZONE)
        _refuse_slot(hall, unit, slot, starts_at, matter_no)
        # The serial of the day also lets the bookings of a day wait for each other.
        serial = serials.next_serial(unit, f"appointment:{slot.day.isoformat()}")
        if any(hall.vault.open(one) == digits for one in rows.phones_on(unit, slot.day)):
            raise Conflict("appointment.phone_known", day=slot.day.isoformat())
        place = free_place(rows.taken(unit, [slot.id])[slot.id], slot.capacity)
        if place is None:
            raise Conflict("appointment.full", at=slot.at.isoformat("minutes"))
        booked = Appointment(
            id=unit.ids(),
            no=number_of(slot.day, serial),
            slot_id=slot.id,
            place=place,
            day=slot.day,
            starts_at=starts_at,
            unit_no=slot.unit_no,
            matter_no=matter_no,
            name=mask_name(visitor.name.strip()),
            phone=hall.vault.seal(digits),
            needs_care=visitor.needs_care,
            state=AppointmentState.BOOKED,
            booked_at=unit.at,
        )
        rows.add(unit, booked)
        unit.record(AppointmentBooked(appointment_id=booked.id, slot_id=slot.id, place=place))
        unit.answer(once, booked.id)
        return booked


def cancel(hall: Hall, by: Official, appointment_id: str) -> Appointment:
    """Cancel an appointment, so that its place is free again.

    Raises Missing `appointment.unknown`, Conflict `appointment.ended`, Forbidden
    `appointment.other_unit`.
    """
    with hall.unit(by) as unit:
        found = _booked(unit, appointment_id)
        _refuse_other_unit(hall, unit, by, found.unit_no)
        cancelled = replace(found, state=AppointmentState.CANCELLED, ended_at=unit.at)
        rows.save(unit, cancelled)
        unit.record(AppointmentCancelled(appointment_id=found.id, slot_id=found.slot_id))
        return cancelled


def arrive(hall: Hall, by: Official, appointment_id: str) -> Ticket:
    """Give the visitor of an appointment his number; the table of priority says how it counts.

    Who comes too late for the table's minutes gets an ordinary number (M-APPT-2). Raises Missing
    `appointment.unknown`; Conflict `appointment.ended`; Invalid `appointment.other_day` before its
    day, Late `appointment.past` after it; Forbidden `appointment.other_unit`.
    """
    with hall.unit(by) as unit:
        found, today = _booked(unit, appointment_id), hall_day(unit.at)
        _refuse_other_unit(hall, unit, by, found.unit_no)
        if today < found.day:
            raise Invalid("appointment.other_day", day=found.day.isoformat())
        if today > found.day:
            raise Late("appointment.past", day=found.day.isoformat())
        zone_no = hall.library.shelf(unit).units[found.unit_no].zone_no
        asked = Asked(needs_care=found.needs_care, appointment_at=found.starts_at)
        ticket = issue(hall, unit, zone_no, found.unit_no, found.matter_no, asked)
        rows.save(
            unit,
            replace(found, state=AppointmentState.KEPT, ended_at=unit.at, ticket_id=ticket.id),
        )
        late = minutes_since(found.starts_at, unit.at)
        unit.record(AppointmentKept(appointment_id=found.id, ticket_id=ticket.id, late=late))
        return ticket


def of_day(hall: Hall, by: Official, unit_no: int, day: date) -> list[Appointment]:
    """Return the appointments of a unit on a day; Forbidden `appointment.other_unit`."""
    with hall.reading() as unit:
        if by.unit_no != unit_no and not by.may("case.read_all"):
            name = hall.library.shelf(unit).units[unit_no].name
            raise Forbidden("appointment.other_unit", unit=name)
        return rows.of_day(unit, unit_no, day)


def _refuse_other_unit(hall: Hall, unit: Unit, by: Official, unit_no: int) -> None:
    # Those of the hall itself, at its reception and its kiosk, belong to no unit and serve all.
    if by.unit_no not in (None, unit_no):
        name = hall.library.shelf(unit).units[unit_no].name
        raise Forbidden("appointment.other_unit", unit=name)


def _booked(unit: Unit, appointment_id: str) -> Appointment:
    found = rows.lock(unit, appointment_id)
    if found.state is not AppointmentState.BOOKED:
        raise Conflict("appointment.ended", state=found.state.value)
    return found


def _phone(visitor: Visitor) -> str:
    if not 1 <= len(visitor.name.strip()) <= LONGEST_NAME:
        raise Invalid("appointment.name", field="name", most=LONGEST_NAME)
    digits = visitor.phone.strip().replace("-", "").replace(" ", "")
    if not digits.isascii() or not digits.isdigit() or len(digits) not in PHONE_DIGITS:
        raise Invalid("appointment.phone", field="phone")
    return digits


def _refuse_slot(
    hall: Hall, unit: Unit, slot: Slot, starts_at: datetime, matter_no: int | None
) -> None:
    if matter_no is not None and hall.library.matter(unit, matter_no).unit_no != slot.unit_no:
        raise Invalid("appointment.other_matter", field="matter", matter=matter_no)
    # The calendar may have changed since the slot was opened.
    if not hall.library.shelf(unit).calendar.is_working(slot.day):
        raise Invalid("appointment.holiday", field="day", day=slot.day.isoformat())
    if starts_at <= unit.at:
        raise Late("appointment.past", day=slot.day.isoformat())
