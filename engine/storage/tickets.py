"""Numbers of the queue and the order in which they are called."""

from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.people import Window
from engine.domain.ticket import Ticket, TicketState
from engine.kernel.errors import Conflict, Missing
from engine.kernel.now import hall_day
from engine.storage.base import Moment, Word, metadata
from engine.storage.catalogue_rows import WINDOWS
from engine.storage.unit import Unit

# The columns are the fields of Ticket in their order, then the day of the number.
TICKETS = sa.Table(
    "tickets",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("number", sa.String(16), nullable=False),
    sa.Column("zone_no", sa.Integer, nullable=False),
    sa.Column("unit_no", sa.Integer),
    sa.Column("matter_no", sa.Integer),
    sa.Column("state", Word(TicketState), nullable=False),
    sa.Column("taken_at", Moment, nullable=False),
    sa.Column("queued_at", Moment, nullable=False),
    sa.Column("called_at", Moment),
    sa.Column("ended_at", Moment),
    sa.Column("window_no", sa.Integer),
    sa.Column("calls", sa.Integer, nullable=False),
    sa.Column("requeued", sa.Boolean, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.UniqueConstraint("zone_no", "day", "number"),
)
_T = TICKETS.c
# Literals, not parameters: a partial index is used only where its condition is repeated.
WAITING, CALLED = sa.text("state = 'waiting'"), sa.text("state = 'called'")
sa.Index(
    "ix_tickets_waiting",
    _T.zone_no,
    _T.day,
    _T.queued_at,
    _T.id,
    sqlite_where=WAITING,
    postgresql_where=WAITING,
)
sa.Index(
    "uq_tickets_called",
    _T.window_no,
    unique=True,
    sqlite_where=CALLED,
    postgresql_where=CALLED,
)
FIELDS = tuple(field.name for field in fields(Ticket))
TICKET = tuple(_T[name] for name in FIELDS)


def insert(unit: Unit, ticket: Ticket) -> None:
    """Store a number that was just taken."""
    values = {name: getattr(ticket, name) for name in FIELDS}
    unit.connection.execute(TICKETS.insert(), values | {"day": hall_day(ticket.taken_at)})


def ticket(unit: Unit, ticket_id: str) -> Ticket:
    """Return one ticket; Missing `ticket.unknown`."""
    row = unit.connection.execute(sa.select(*TICKET).where(_T.id == ticket_id)).first()
    if row is None:
        raise Missing("ticket.unknown", ticket=ticket_id)
    return Ticket(*row)


def waiting(unit: Unit, zone_no: int, unit_no: int, day: date) -> list[Ticket]:
    """Return who waits for a unit of a zone, the next to be called first.

    A visitor who named no unit may go to any window of the zone.
    """
    rows = unit.connection.execute(_waiting(zone_no, unit_no, day))
    return [Ticket(*row) for row in rows]


def lock_next(unit: Unit, window: Window, day: date) -> Ticket | None:
    """Return the one who has waited longest for a window; no other window gets him as well.

    Raises Conflict `ticket.at_window` when two people press "next" for one window.
    """
    unit.connection.execute(
        sa.select(WINDOWS.c.no).where(WINDOWS.c.no == window.no).with_for_update()
    )
    here = current(unit, window.no)
    if here is not None:
        raise Conflict("ticket.at_window", number=here.number)
    row = unit.connection.execute(
        _waiting(window.zone_no, window.unit_no, day).limit(1).with_for_update(skip_locked=True)
    ).first()
    return None if row is None else Ticket(*row)


def save(unit: Unit, ticket: Ticket) -> None:
    """Store what became of a ticket."""
    values = {name: getattr(ticket, name) for name in FIELDS if name != "id"}
    unit.connection.execute(TICKETS.update().where(_T.id == ticket.id).values(values))


def current(unit: Unit, window_no: int) -> Ticket | None:
    """Return the ticket whose visitor stands at a window or was called there."""
    row = unit.connection.execute(
        sa.select(*TICKET).where(_T.window_no == window_no).where(CALLED)
    ).first()
    return None if row is None else Ticket(*row)


def _waiting(zone_no: int, unit_no: int, day: date) -> sa.Select[Any]:
    return (
        sa.select(*TICKET)
        .where(_T.zone_no == zone_no, _T.day == day)
        .where(WAITING)
        .where(_T.unit_no.is_(None) | (_T.unit_no == unit_no))
        .order_by(_T.queued_at, _T.id)
    )
