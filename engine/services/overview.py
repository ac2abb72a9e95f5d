"""What everybody in the hall may see of its queues: zone by zone, and the place of one number."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.people import Unit as PublicUnit
from engine.domain.people import Window, Zone
from engine.domain.ticket import Ticket, TicketState
from engine.kernel.errors import Missing
from engine.kernel.now import hall_day
from engine.services import priority
from engine.services.hall import Hall
from engine.storage import queues, tickets, windows
from engine.storage.unit import Unit

# Whoever takes a number goes to one of these first; other windows get him from there.
RECEIVING = frozenset({"intake", "utility"})
NEWEST = 5


@dataclass(frozen=True)
class Call:
    """A number that is called to a window; `key` is another at each call of the same number."""

    key: str
    number: str
    window: Window
    zone_no: int
    called_at: datetime | None


@dataclass(frozen=True)
class ZoneNow:
    """A zone at this moment; `open` and `closed` count its windows."""

    zone: Zone
    waiting: int
    longest_wait_minutes: int
    open: int
    closed: int
    calls: list[Call]


@dataclass(frozen=True)
class Place:
    """Where a number stands; `ahead` is None for one that no longer waits."""

    ticket: Ticket
    zone: Zone
    unit: PublicUnit | None
    matter: str
    ahead: int | None
    windows: list[Window]


def zones(hall: Hall) -> list[ZoneNow]:
    """Return all zones with their queue, their windows and the calls made last."""
    with hall.reading() as unit:
        shelf, closed = hall.library.shelf(unit), windows.closed(unit)
        waiting, calls = queues.waiting(unit, hall_day(unit.at)), _calls(hall, unit)
        rows = []
        for zone in shelf.zones.values():
            here = [row for row in shelf.windows.values() if row.zone_no == zone.no]
            since = [one.taken_at for one in waiting if one.zone_no == zone.no]
            longest = unit.at - min(since) if since else None
            shut = sum(row.no in closed for row in here)
            rows.append(
                ZoneNow(
                    zone=zone,
                    waiting=len(since),
                    longest_wait_minutes=int(longest.total_seconds() // 60) if longest else 0,
                    open=len(here) - shut,
                    closed=shut,
                    calls=[call for call in calls if call.zone_no == zone.no][:NEWEST],
                )
            )
    return rows


def calls(hall: Hall, zone_no: int) -> list[Call]:
    """Return the numbers that the windows of a zone call now, the newest first."""
    with hall.reading() as unit:
        return [call for call in _calls(hall, unit) if call.window.zone_no == zone_no]


def call(hall: Hall, window_no: int) -> Call | None:
    """Return what one window calls now."""
    with hall.reading() as unit:
        ticket = tickets.current(unit, window_no)
        return None if ticket is None else _call(hall, unit, ticket)


def shut_units(hall: Hall) -> frozenset[int]:
    """Return the units that receive nobody now: each of their receiving windows is closed."""
    with hall.reading() as unit:
        rows, closed = hall.library.shelf(unit).windows.values(), windows.closed(unit)
        receiving = [row for row in rows if row.purpose in RECEIVING]
    return frozenset(row.unit_no for row in receiving) - frozenset(
        row.unit_no for row in receiving if row.no not in closed
    )


def place(hall: Hall, ticket_id: str) -> Place:
    """Return where a number stands and which windows may call it; Missing `ticket.unknown`.

    A number of an earlier day is gone as well: nobody calls it any more.
    """
    with hall.reading() as unit:
        ticket = tickets.ticket(unit, ticket_id)
        if hall_day(ticket.taken_at) != hall_day(unit.at):
            raise Missing("ticket.unknown", ticket=ticket_id)
        shelf = hall.library.shelf(unit)
        return Place(
            ticket=ticket,
            zone=shelf.zones[ticket.zone_no],
            unit=shelf.units[ticket.unit_no] if ticket.unit_no is not None else None,
            matter=hall.library.matter(unit, ticket.matter_no).name if ticket.matter_no else "",
            ahead=_ahead(hall, unit, ticket) if ticket.state is TicketState.WAITING else None,
            windows=_windows(hall, unit, ticket),
        )


def _ahead(hall: Hall, unit: Unit, ticket: Ticket) -> int:
    """How many are called before `ticket` by a window that may call it as well."""
    before = 0
    for other in queues.waiting(unit, hall_day(unit.at), ticket.zone_no):
        if other.appointment_at is not None:
            other = priority.placed(hall, unit, other)
        rival = None in (other.unit_no, ticket.unit_no) or other.unit_no == ticket.unit_no
        rival = rival and other.for_window in (None, ticket.for_window)
        before += rival and other.place < ticket.place
    return before


def _windows(hall: Hall, unit: Unit, ticket: Ticket) -> list[Window]:
    rows, closed = hall.library.shelf(unit).windows, windows.closed(unit)
    bound = ticket.window_no or ticket.for_window
    if bound is not None:
        return [rows[bound]]
    return [
        row
        for row in rows.values()
        if row.zone_no == ticket.zone_no
        and ticket.unit_no in (None, row.unit_no)
        and row.purpose in RECEIVING
        and row.no not in closed
    ]


def _calls(hall: Hall, unit: Unit) -> list[Call]:
    return [_call(hall, unit, ticket) for ticket in queues.called(unit)]


def _call(hall: Hall, unit: Unit, ticket: Ticket) -> Call:
    if ticket.window_no is None:
        raise RuntimeError("a number is called to a window")
    return Call(
        key=f"{ticket.id}.{ticket.calls}",
        number=ticket.number,
        window=hall.library.shelf(unit).windows[ticket.window_no],
        zone_no=ticket.zone_no,
        called_at=ticket.called_at,
    )
