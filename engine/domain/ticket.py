"""Numbers of the queue (取号): life of a ticket and who is called next."""

from dataclasses import dataclass
from datetime import datetime, timedelta
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

    A visitor who did not come is put once more at the end of the queue (`requeued`). What the
    table of priority is asked about is kept with the answer: `priority` (1 first) by its `row`.
    One who was sent from window to window waits for `for_window` alone.
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
    needs_care: bool = False
    key_project: bool = False
    urgent: bool = False
    appointment_at: datetime | None = None
    priority: int = 5
    row: str = ""
    for_window: int | None = None

    @property
    def facts(self) -> dict[str, object]:
        """What the table of priority is asked about, but for the minutes since an appointment."""
        return {
            "missed_call": self.requeued,
            "urgent_handling": self.urgent,
            "needs_care": self.needs_care,
            "key_project": self.key_project,
        }

    @property
    def place(self) -> tuple[int, datetime, int, str]:
        """The place in the queue: by priority, then who queued first, then by number."""
        return self.priority, self.queued_at, len(self.number), self.number

    @property
    def waited_minutes(self) -> int | None:
        """Whole minutes from taking the number until it was first called."""
        return _minutes(self.taken_at, self.called_at)

    @property
    def service_minutes(self) -> int | None:
        """Whole minutes at the window."""
        return _minutes(self.called_at, self.ended_at)


def minutes_since(moment: datetime, now: datetime) -> int:
    """Return the whole minutes since a moment, negative before it (one second before: -1)."""
    return (now - moment) // timedelta(minutes=1)


def number_of(zone_code: str, serial: int) -> str:
    """Return the number that is printed and called: zone letter and three digits or more."""
    return f"{zone_code}{serial:03d}"


def _minutes(start: datetime | None, end: datetime | None) -> int | None:
    return None if start is None or end is None else minutes_since(start, end)
