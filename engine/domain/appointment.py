"""Appointments (预约), slots and places of a day; and the extended hours of windows (延时)."""

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum

from engine.domain.ticket import minutes_since


class AppointmentState(StrEnum):
    """Where an appointment stands: booked, cancelled, or kept by a visitor who arrived."""

    BOOKED = "booked"
    CANCELLED = "cancelled"
    KEPT = "kept"


@dataclass(frozen=True)
class Slot:
    """A time of a day at which `capacity` visitors of a unit may be booked."""

    id: str
    unit_no: int
    day: date
    at: time
    capacity: int


@dataclass(frozen=True)
class Appointment:
    """A place of a slot, from 1 to its capacity, that somebody booked.

    `no` is what the visitor is told, its day and a serial; `phone` is sealed, `name` masked.
    """

    id: str
    no: str
    slot_id: str
    place: int
    day: date
    starts_at: datetime
    unit_no: int
    matter_no: int | None
    name: str
    phone: bytes
    needs_care: bool
    state: AppointmentState
    booked_at: datetime
    ended_at: datetime | None = None
    ticket_id: str | None = None


@dataclass(frozen=True)
class SlotView:
    """A slot and how many of its places are free."""

    slot: Slot
    free: int


@dataclass(frozen=True)
class Stay:
    """Extended hours of a window: who stayed after closing, for what, from when until when."""

    id: str
    window_no: int
    day: date
    officer_id: str
    ticket_id: str | None
    case_id: str | None
    started_at: datetime
    ended_at: datetime | None = None

    @property
    def minutes(self) -> int | None:
        """Whole minutes of the stay; None while it lasts."""
        return None if self.ended_at is None else minutes_since(self.started_at, self.ended_at)


def free_place(taken: frozenset[int], capacity: int) -> int | None:
    """Return the first place of a slot that nobody has, None when it is full."""
    return next((place for place in range(1, capacity + 1) if place not in taken), None)


def number_of(day: date, serial: int) -> str:
    """Return the number of an appointment: `20151026-0007`."""
    return f"{day:%Y%m%d}-{serial:04d}"
