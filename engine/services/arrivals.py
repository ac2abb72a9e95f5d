"""A day of appointments (预约) as the desk sees it: its slots, who comes, and their numbers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from engine.domain.appointment import Appointment, SlotView
from engine.domain.people import Official
from engine.domain.people import Unit as PublicUnit
from engine.domain.working_time import HALL_HOURS, Calendar
from engine.kernel.errors import Forbidden, Missing
from engine.kernel.now import HALL_ZONE, hall_day
from engine.services.hall import Hall
from engine.storage import appointments, tickets
from engine.storage.unit import Unit

STEP = timedelta(minutes=30)


@dataclass(frozen=True)
class AppointmentDay:
    """One day of a unit.

    `times` are those that are not open yet; `numbers` those of the queue by appointment, of who
    has come. `previous` and `following` are the working days beside.
    """

    unit: PublicUnit
    day: date
    today: date
    working: bool
    slots: list[SlotView]
    booked: list[Appointment]
    numbers: Mapping[str, str]
    matters: Mapping[int, str]
    times: list[time]
    own: bool
    now: datetime
    previous: date
    following: date

    @property
    def opens(self) -> bool:
        """Whether times of this day may still be opened."""
        return self.working and self.day >= self.today

    @property
    def bookable(self) -> list[SlotView]:
        """The slots that still lie ahead and have a free place."""
        if not self.working:
            return []
        return [
            one
            for one in self.slots
            if one.free and datetime.combine(self.day, one.slot.at, HALL_ZONE) > self.now
        ]


def day_of(hall: Hall, by: Official, unit_no: int, day: date | None = None) -> AppointmentDay:
    """Return a day of a unit, today without `day`.

    Raises Missing `unit.unknown`, Forbidden `appointment.other_unit`.
    """
    with hall.reading() as unit:
        shelf = hall.library.shelf(unit)
        if unit_no not in shelf.units:
            raise Missing("unit.unknown", unit=unit_no)
        if by.unit_no != unit_no and not by.may("case.read_all"):
            raise Forbidden("appointment.other_unit", unit=shelf.units[unit_no].name)
        today = hall_day(unit.at)
        wanted = day or today
        slots = appointments.slots_of(unit, unit_no, wanted)
        taken = appointments.taken(unit, [slot.id for slot in slots])
        booked = appointments.of_day(unit, unit_no, wanted)
        matters = {one.matter_no for one in booked if one.matter_no is not None}
        previous, following = _beside(shelf.calendar, wanted)
        return AppointmentDay(
            unit=shelf.units[unit_no],
            day=wanted,
            today=today,
            working=shelf.calendar.is_working(wanted),
            slots=[SlotView(slot, slot.capacity - len(taken[slot.id])) for slot in slots],
            booked=booked,
            numbers=_numbers(unit, booked),
            matters={no: hall.library.matter(unit, no).name for no in matters},
            times=_times(hall.rules.close_of_business, {slot.at for slot in slots}),
            own=by.unit_no == unit_no,
            now=unit.at,
            previous=previous,
            following=following,
        )


def _numbers(unit: Unit, booked: Sequence[Appointment]) -> dict[str, str]:
    return {one.id: tickets.ticket(unit, one.ticket_id).number for one in booked if one.ticket_id}


def _times(close: time, known: Collection[time]) -> list[time]:
    """The half hours at which the hall serves, but for those that are known."""
    morning, afternoon = HALL_HOURS
    found = []
    for first, last in (morning, (afternoon[0], close)):
        at, end = datetime.combine(date.min, first), datetime.combine(date.min, last)
        while at < end:
            found.append(at.time())
            at += STEP
    return [at for at in found if at not in known]


def _beside(calendar: Calendar, day: date) -> tuple[date, date]:
    """The working days before and after a day."""
    rank = calendar.rank(day)
    before = rank - 1 if calendar.is_working(day) else rank
    return calendar.day_of_rank(before), calendar.day_of_rank(rank + 1)
