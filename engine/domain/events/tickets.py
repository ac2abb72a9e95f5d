"""What happens to the numbers of the queue."""

from dataclasses import dataclass

from engine.domain.events.base import TicketEvent


@dataclass(frozen=True)
class TicketTaken(TicketEvent):
    """A visitor took a number."""

    unit_no: int | None
    matter_no: int | None


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
