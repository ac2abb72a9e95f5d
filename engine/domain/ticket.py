"""Numbers of the queue (取号): life of a ticket and who is called next."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CALLS_BEFORE_NO_SHOW = 2


class TicketState(StrEnum):
    """Where a ticket stands."""

    WAITING = "waiting"
    CALLED = "called"
    SERVED = "served"
    NO_SHOW = "no_show"


@dataclass(frozen=True)
class Ticket:
    """A number taken in a zone, e.g. `B007`; `unit_no` is what the visitor came for, if known.

    A visitor who did not come is put once more at the end of the queue (`requeued`).
    """

    id: str
    number: str
    zone_no: int
    unit_no: int | None
    matter_no: int | None
    state: TicketState
    taken_at: datetime
    queued_at: datetime
    called_at: datetime | None = None
    ended_at: datetime | None = None
    window_no: int | None = None
    calls: int = 0
    requeued: bool = False


def number_of(zone_code: str, serial: int) -> str:
    """Return the number that is printed and called: zone letter and three digits or more."""
    return f"{zone_code}{serial:03d}"
