"""What happens to the numbers of the queue, to appointments and to the windows themselves."""

from dataclasses import dataclass
from typing import ClassVar

from engine.domain.events.base import Event, TicketEvent


@dataclass(frozen=True)
class TicketTaken(TicketEvent):
    """A visitor took a number; the row of the table gave it its priority."""

    unit_no: int | None
    matter_no: int | None
    priority: int
    row: str


@dataclass(frozen=True)
class TicketCalled(TicketEvent):
    """A window called a number, for the n-th time."""

    window_no: int
    call: int


@dataclass(frozen=True)
class TicketRequeued(TicketEvent):
    """A visitor who did not come was put once more at the end of the queue."""

    window_no: int


@dataclass(frozen=True)
class TicketEnded(TicketEvent):
    """A number is done: served, or the visitor did not come."""

    window_no: int
    state: str


@dataclass(frozen=True)
class TicketTransferred(TicketEvent):
    """A number was sent to another window, where it keeps its place."""

    from_window: int | None
    to_window: int
    reason: str


@dataclass(frozen=True)
class WindowEvent(Event):
    """Something that happened to a window."""

    topics: ClassVar[tuple[str, ...]] = ("ticket", "screen")
    window_no: int

    @property
    def chain(self) -> str:
        return f"window:{self.window_no}"


@dataclass(frozen=True)
class WindowClosed(WindowEvent):
    """A window was closed; what waited for it and what its officer held went to another."""

    to_window: int | None
    reason: str
    tickets: tuple[str, ...]
    tasks: tuple[str, ...]


@dataclass(frozen=True)
class WindowOpened(WindowEvent):
    """A window that was closed serves again."""


@dataclass(frozen=True)
class HoursExtended(WindowEvent):
    """A window stayed open after closing for what was begun before it (延时服务)."""

    stay_id: str
    started_at: str
    ticket_id: str | None
    case_id: str | None


@dataclass(frozen=True)
class HoursEnded(WindowEvent):
    """The extended hours of a window ended."""

    stay_id: str
    minutes: int


@dataclass(frozen=True)
class AppointmentEvent(Event):
    """Something that happened to an appointment; never a name or a phone number."""

    topics: ClassVar[tuple[str, ...]] = ("ticket",)
    appointment_id: str

    @property
    def chain(self) -> str:
        return f"appointment:{self.appointment_id}"


@dataclass(frozen=True)
class AppointmentBooked(AppointmentEvent):
    """A visitor booked a place of a slot (预约)."""

    slot_id: str
    place: int


@dataclass(frozen=True)
class AppointmentCancelled(AppointmentEvent):
    """An appointment was cancelled, and its place is free again."""

    slot_id: str


@dataclass(frozen=True)
class AppointmentKept(AppointmentEvent):
    """The visitor arrived, and his appointment became a number of the queue."""

    ticket_id: str
    late: int


@dataclass(frozen=True)
class SlotsOpened(Event):
    """A unit opened times of a day for appointments."""

    unit_no: int
    day: str
    times: tuple[str, ...]
    capacity: int

    @property
    def chain(self) -> str:
        return f"unit:{self.unit_no}"
