"""What the screens of the hall read of the queue: who waits and who is called, zone by zone."""

from datetime import date

import sqlalchemy as sa

from engine.domain.ticket import Ticket
from engine.storage.tickets import CALLED, TICKET, TICKETS, WAITING
from engine.storage.unit import Unit

_T = TICKETS.c


def waiting(unit: Unit, day: date, zone_no: int | None = None) -> list[Ticket]:
    """Return who waits in the hall or in a zone, in the order of the stored priorities."""
    question = sa.select(*TICKET).where(_T.day == day).where(WAITING)
    if zone_no is not None:
        question = question.where(_T.zone_no == zone_no)
    rows = unit.connection.execute(
        question.order_by(_T.priority, _T.queued_at, sa.func.length(_T.number), _T.number)
    )
    return [Ticket(*row) for row in rows]


def called(unit: Unit) -> list[Ticket]:
    """Return who was called and is not yet served, the newest first."""
    rows = unit.connection.execute(
        sa.select(*TICKET).where(CALLED).order_by(_T.called_at.desc(), _T.number)
    )
    return [Ticket(*row) for row in rows]
