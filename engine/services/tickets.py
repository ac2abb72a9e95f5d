"""Numbers of the queue: take, call, call again, no-show, served; what the screens show."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.domain.events.tickets import (
    TicketCalled,
    TicketEnded,
    TicketRequeued,
    TicketTaken,
    TicketTransferred,
)
from engine.domain.people import Official, Window, Zone
from engine.domain.people import Unit as PublicUnit
from engine.domain.ticket import CALLS_BEFORE_NO_SHOW, Ticket, TicketState, number_of
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import extended, priority
from engine.services.hall import Hall
from engine.storage import people, serials, tickets, windows
from engine.storage.unit import Unit


@dataclass(frozen=True)
class WindowQueue:
    """The queue in front of a window; `longest_wait_minutes` is of those still waiting."""

    window: Window
    unit: PublicUnit
    current: Ticket | None
    waiting: list[Ticket]
    longest_wait_minutes: int


@dataclass(frozen=True)
class Asked:
    """What gives a number its place in the queue, as the table of priority asks for it."""

    needs_care: bool = False
    key_project: bool = False
    urgent: bool = False
    appointment_at: datetime | None = None


@dataclass(frozen=True)
class ServiceTimes:
    """A window's visitors of a day: how many, and whole minutes of waiting and of service.

    `waiting_minutes` are those of all who were called, `service_minutes` of those who were served.
    """

    window_no: int
    called: int
    served: int
    waiting_minutes: int
    service_minutes: int


@dataclass(frozen=True)
class Screen:
    """What the screen above a window shows: never a name of an applicant (M-SCREEN-2)."""

    window: Window
    unit: PublicUnit
    zone: Zone
    number: str | None
    officer: str | None
    matter: str | None
    called_at: datetime | None


def take(
    hall: Hall,
    zone_no: int,
    unit_no: int | None = None,
    matter_no: int | None = None,
    once: str | None = None,
    *,
    needs_care: bool = False,
    key_project: bool = False,
    urgent: bool = False,
) -> Ticket:
    """Give out the next number of a zone; a repeated `once` key gets the same ticket again.

    The table of priority says by the three facts which place in the queue it gets. Raises Missing
    `zone.unknown`, `unit.unknown`, `matter.unknown`; Invalid `ticket.other_zone`; Conflict
    `ticket.unit_closed` for a unit all of whose windows are closed now.
    """
    with hall.unit() as unit:
        known = unit.once(once)
        if known is not None:
            return tickets.ticket(unit, str(known))
        if matter_no is not None:
            unit_no = hall.library.matter(unit, matter_no).unit_no
        if unit_no is not None:
            _refuse_shut(hall, unit, unit_no)
        ticket = issue(
            hall,
            unit,
            zone_no,
            unit_no,
            matter_no,
            Asked(needs_care=needs_care, key_project=key_project, urgent=urgent),
        )
        unit.answer(once, ticket.id)
    return ticket


def issue(
    hall: Hall, unit: Unit, zone_no: int, unit_no: int | None, matter_no: int | None, asked: Asked
) -> Ticket:
    """Give out the next number of a zone in an open unit; raises as `take`."""
    shelf = hall.library.shelf(unit)
    zone = shelf.zones.get(zone_no)
    if zone is None:
        raise Missing("zone.unknown", zone=zone_no)
    if unit_no is not None and unit_no not in shelf.units:
        raise Missing("unit.unknown", unit=unit_no)
    if unit_no is not None and shelf.units[unit_no].zone_no != zone_no:
        raise Invalid("ticket.other_zone", zone=zone.name, unit=shelf.units[unit_no].name)
    serial = serials.next_serial(unit, f"ticket:{zone_no}:{hall_day(unit.at).isoformat()}")
    ticket = Ticket(
        id=unit.ids(),
        number=number_of(zone.code, serial),
        zone_no=zone_no,
        unit_no=unit_no,
        matter_no=matter_no,
        state=TicketState.WAITING,
        taken_at=unit.at,
        queued_at=unit.at,
        needs_care=asked.needs_care,
        key_project=asked.key_project,
        urgent=asked.urgent,
        appointment_at=asked.appointment_at,
    )
    ticket = priority.placed(hall, unit, ticket)
    tickets.insert(unit, ticket)
    unit.record(
        TicketTaken(
            ticket_id=ticket.id,
            number=ticket.number,
            zone_no=zone_no,
            unit_no=unit_no,
            matter_no=matter_no,
            priority=ticket.priority,
            row=ticket.row,
        )
    )
    return ticket


def call_next(hall: Hall, by: Official, window_no: int) -> Ticket | None:
    """Call the first in the queue of this window; None when nobody waits.

    A visitor who still stands at the window is served first: Conflict `ticket.at_window`. A
    window that is closed calls nobody: Conflict `window.closed`.
    """
    with hall.unit(by) as unit:
        window = _window_of(hall, unit, by, window_no)
        tickets.lock_window(unit, window_no)
        current = tickets.current(unit, window_no)
        if current is not None:
            raise Conflict("ticket.at_window", number=current.number)
        refuse_closed(unit, window)
        ticket = priority.take_first(hall, unit, window)
        if ticket is None:
            return None
        return _call(unit, ticket, window_no)


def call_again(hall: Hall, by: Official, window_no: int) -> Ticket:
    """Call the present number once more."""
    with hall.unit(by) as unit:
        _window_of(hall, unit, by, window_no)
        return _call(unit, _current(unit, window_no), window_no)


def no_show(hall: Hall, by: Official, window_no: int) -> Ticket:
    """Note that the visitor did not come.

    The number must have been called twice; the first time it goes once more to the end of
    the queue (M-QUEUE-2).
    """
    with hall.unit(by) as unit:
        _window_of(hall, unit, by, window_no)
        ticket = _current(unit, window_no)
        if ticket.calls < CALLS_BEFORE_NO_SHOW and not ticket.requeued:
            raise Conflict("ticket.call_again_first", number=ticket.number)
        if ticket.requeued:
            return _end(unit, ticket, window_no, TicketState.NO_SHOW)
        queued = replace(
            ticket,
            state=TicketState.WAITING,
            queued_at=unit.at,
            requeued=True,
            window_no=None,
            called_at=None,
            calls=0,
        )
        queued = priority.placed(hall, unit, queued)
        tickets.save(unit, queued)
        unit.record(
            TicketRequeued(
                ticket_id=queued.id,
                number=queued.number,
                zone_no=queued.zone_no,
                window_no=window_no,
            )
        )
        return queued


def finish(hall: Hall, by: Official, window_no: int) -> Ticket:
    """Note that the visitor was served; what went on after closing was extended hours."""
    with hall.unit(by) as unit:
        _window_of(hall, unit, by, window_no)
        served = _end(unit, _current(unit, window_no), window_no, TicketState.SERVED)
        extended.note_served(hall, unit, by, served)
        return served


def transfer(hall: Hall, by: Official, ticket_id: str, to_window: int, reason: str) -> Ticket:
    """Send a visitor who waits, or stands at a window, to another one; he keeps his place.

    From now on he waits for that window alone. Raises Invalid `ticket.reason`; Missing
    `ticket.unknown`, `window.unknown`; Conflict `ticket.ended`, `ticket.same_window`,
    `window.closed`; Forbidden `ticket.other_unit` for one of neither his unit nor his window.
    """
    if not reason.strip():
        raise Invalid("ticket.reason", field="reason")
    with hall.unit(by) as unit:
        ticket, target = tickets.lock(unit, ticket_id), _window(hall, unit, to_window)
        if ticket.state not in (TicketState.WAITING, TicketState.CALLED):
            raise Conflict("ticket.ended", number=ticket.number)
        at = ticket.window_no or ticket.for_window
        if at == to_window:
            raise Conflict("ticket.same_window", number=ticket.number, window=target.label)
        here = ticket.unit_no if at is None else _window(hall, unit, at).unit_no
        if here is not None and by.unit_no != here:
            raise Forbidden("ticket.other_unit", number=ticket.number)
        refuse_closed(unit, target)
        return send(unit, ticket, target, reason.strip())


def send(unit: Unit, ticket: Ticket, target: Window, reason: str) -> Ticket:
    """Let a ticket wait for one window, where it keeps its place; the unit is open."""
    sent = replace(
        ticket,
        state=TicketState.WAITING,
        unit_no=target.unit_no,
        window_no=None,
        for_window=target.no,
        called_at=None,
        calls=0,
    )
    tickets.save(unit, sent)
    unit.record(
        TicketTransferred(
            ticket_id=sent.id,
            number=sent.number,
            zone_no=sent.zone_no,
            from_window=ticket.window_no or ticket.for_window,
            to_window=target.no,
            reason=reason,
        )
    )
    return sent


def service_times(hall: Hall, day: date) -> list[ServiceTimes]:
    """Return what the windows did on a day, from its tickets (M-QUEUE-1)."""
    by_window: dict[int, list[Ticket]] = defaultdict(list)
    with hall.reading() as unit:
        for ticket in tickets.called_on(unit, day):
            if ticket.window_no is not None:
                by_window[ticket.window_no].append(ticket)
    return [
        ServiceTimes(
            window_no=window_no,
            called=len(found),
            served=sum(one.state is TicketState.SERVED for one in found),
            waiting_minutes=sum(one.waited_minutes or 0 for one in found),
            service_minutes=sum(
                one.service_minutes or 0 for one in found if one.state is TicketState.SERVED
            ),
        )
        for window_no, found in sorted(by_window.items())
    ]


def refuse_closed(unit: Unit, window: Window) -> None:
    """Raise Conflict `window.closed` for one that serves nobody now."""
    closure = windows.closure(unit, window.no)
    if closure is not None:
        raise Conflict("window.closed", window=window.label, reason=closure.reason)


def _refuse_shut(hall: Hall, unit: Unit, unit_no: int) -> None:
    """Raise Conflict `ticket.unit_closed` when none of the unit's windows would call a number.

    The reason is that of the window which closed last.
    """
    shelf, closures = hall.library.shelf(unit), windows.closures(unit)
    seats = [one.no for one in shelf.windows.values() if one.unit_no == unit_no]
    if not seats or not all(no in closures for no in seats):
        return
    last = max((closures[no] for no in seats), key=lambda one: one.closed_at)
    raise Conflict("ticket.unit_closed", unit=shelf.units[unit_no].name, reason=last.reason)


def at_window(hall: Hall, window_no: int) -> WindowQueue:
    """Return who stands at a window and who waits for it."""
    with hall.reading() as unit:
        window = _window(hall, unit, window_no)
        waiting = priority.waiting(hall, unit, window)
        longest = max((unit.at - ticket.taken_at for ticket in waiting), default=None)
        return WindowQueue(
            window=window,
            unit=hall.library.shelf(unit).units[window.unit_no],
            current=tickets.current(unit, window_no),
            waiting=waiting,
            longest_wait_minutes=int(longest.total_seconds() // 60) if longest else 0,
        )


def screen(hall: Hall, window_no: int) -> Screen:
    """Return what the screen above a window shows now."""
    with hall.reading() as unit:
        shelf = hall.library.shelf(unit)
        window = _window(hall, unit, window_no)
        called = tickets.current(unit, window_no)
        matter = (
            hall.library.matter(unit, called.matter_no) if called and called.matter_no else None
        )
        officer = people.at_window(unit, window_no)
        return Screen(
            window=window,
            unit=shelf.units[window.unit_no],
            zone=shelf.zones[window.zone_no],
            number=called.number if called else None,
            officer=officer.name if officer else None,
            matter=matter.name if matter else None,
            called_at=called.called_at if called else None,
        )


def _window(hall: Hall, unit: Unit, window_no: int) -> Window:
    window = hall.library.shelf(unit).windows.get(window_no)
    if window is None:
        raise Missing("window.unknown", window=window_no)
    return window


def _window_of(hall: Hall, unit: Unit, by: Official, window_no: int) -> Window:
    window = _window(hall, unit, window_no)
    if by.unit_no != window.unit_no:
        raise Forbidden("window.other_unit", window=window.label)
    return window


def _current(unit: Unit, window_no: int) -> Ticket:
    ticket = tickets.current(unit, window_no)
    if ticket is None:
        raise Conflict("ticket.nobody_here", window=window_no)
    return ticket


def _call(unit: Unit, ticket: Ticket, window_no: int) -> Ticket:
    called = replace(
        ticket,
        state=TicketState.CALLED,
        window_no=window_no,
        calls=ticket.calls + 1,
        called_at=ticket.called_at or unit.at,
    )
    tickets.save(unit, called)
    unit.record(
        TicketCalled(
            ticket_id=called.id,
            number=called.number,
            zone_no=called.zone_no,
            window_no=window_no,
            call=called.calls,
        )
    )
    return called


def _end(unit: Unit, ticket: Ticket, window_no: int, state: TicketState) -> Ticket:
    ended = replace(ticket, state=state, ended_at=unit.at)
    tickets.save(unit, ended)
    unit.record(
        TicketEnded(
            ticket_id=ended.id,
            number=ended.number,
            zone_no=ended.zone_no,
            window_no=window_no,
            state=state.value,
        )
    )
    return ended
