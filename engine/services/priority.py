"""The order of the queue, by the table of priority (叫号次序)."""

from dataclasses import replace

from engine.decisions.decide import decide
from engine.domain.people import Window
from engine.domain.ticket import Ticket, minutes_since
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import tickets
from engine.storage.unit import Unit

TABLE = "priority"


def placed(hall: Hall, unit: Unit, ticket: Ticket) -> Ticket:
    """Return a ticket with the priority that the table gives it now, and the row that said so."""
    late = None if ticket.appointment_at is None else minutes_since(ticket.appointment_at, unit.at)
    decision = decide(
        hall.library.judging(unit, TABLE, unit.at), {**ticket.facts, "appointment_late": late}
    )
    return replace(
        ticket,
        priority=int(str(decision.outcome["priority"])),
        row=f"{TABLE}#{decision.rows[0]}",
    )


def waiting(hall: Hall, unit: Unit, window: Window) -> list[Ticket]:
    """Return who waits for a window, the next to be called first.

    Only the priority of an appointment moves with time; the others were placed when they queued.
    """
    found = tickets.waiting(unit, window, hall_day(unit.at))
    if not any(ticket.appointment_at for ticket in found):
        return found
    now = (placed(hall, unit, one) if one.appointment_at else one for one in found)
    return sorted(now, key=lambda ticket: ticket.place)


def take_first(hall: Hall, unit: Unit, window: Window) -> Ticket | None:
    """Return the first who waits for a window, locked; no other window gets him as well.

    None when nobody waits whom another window does not have in hand.
    """
    passed: set[str] = set()
    while True:
        heads = tickets.heads(unit, window, hall_day(unit.at), passed)
        if not heads:
            return None
        first = min(
            (placed(hall, unit, one) if one.appointment_at else one for one in heads),
            key=lambda ticket: ticket.place,
        )
        if tickets.lock_waiting(unit, first.id):
            return first
        passed.add(first.id)
