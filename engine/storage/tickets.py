"""Numbers of the queue and the order in which they are called."""

from collections.abc import Collection
from dataclasses import fields
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.domain.people import Window
from engine.domain.ticket import Ticket, TicketState
from engine.kernel.errors import Missing
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
    sa.Column("needs_care", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("key_project", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("urgent", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("appointment_at", Moment),
    sa.Column("priority", sa.Integer, nullable=False, server_default="5"),
    sa.Column("row", sa.String(200), nullable=False, server_default=""),
    sa.Column("for_window", sa.Integer),
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
    _T.priority,
    _T.queued_at,
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


def waiting(unit: Unit, window: Window, day: date) -> list[Ticket]:
    """Return who waits for a window, in the order of the priorities that were stored.

    A visitor who named no unit may go to any window of the zone, one who was sent to a window
    only there.
    """
    rows = unit.connection.execute(_waiting(window, day))
    return [Ticket(*row) for row in rows]


def bound_to(unit: Unit, window_no: int, day: date) -> list[Ticket]:
    """Return who was sent to a window and waits for it alone."""
    rows = unit.connection.execute(
        sa.select(*TICKET).where(_T.day == day, _T.for_window == window_no).where(WAITING)
    )
    return [Ticket(*row) for row in rows]


def lock_window(unit: Unit, window_no: int) -> None:
    """Lock a window, so that two who press "next" for it do so one after the other."""
    unit.connection.execute(
        sa.select(WINDOWS.c.no).where(WINDOWS.c.no == window_no).with_for_update()
    )


def heads(unit: Unit, window: Window, day: date, passed: Collection[str]) -> list[Ticket]:
    """Return who may be the next for a window: the first without appointment, all with one.

    The priority of an appointment moves with time, so that only the table can tell who is first.
    `passed` are the ids of those whom another window has in hand.
    """
    plain = _waiting(window, day).where(_T.appointment_at.is_(None), _T.id.not_in(passed))
    booked = _waiting(window, day).where(_T.appointment_at.is_not(None), _T.id.not_in(passed))
    return [
        Ticket(*row)
        for question in (plain.limit(1), booked)
        for row in unit.connection.execute(question)
    ]


def lock_waiting(unit: Unit, ticket_id: str) -> bool:
    """Take a waiting ticket for this unit of work; False when another window was faster."""
    row = unit.connection.execute(
        sa.select(_T.id).where(_T.id == ticket_id).where(WAITING).with_for_update(skip_locked=True)
    ).first()
    return row is not None


def lock(unit: Unit, ticket_id: str) -> Ticket:
    """Return one ticket, locked; Missing `ticket.unknown`."""
    row = unit.connection.execute(
        sa.select(*TICKET).where(_T.id == ticket_id).with_for_update()
    ).first()
    if row is None:
        raise Missing("ticket.unknown", ticket=ticket_id)
    return Ticket(*row)


def called_on(unit: Unit, day: date) -> list[Ticket]:
    """Return the tickets of a day that were called, by window and moment."""
    rows = unit.connection.execute(
        sa.select(*TICKET)
        .where(_T.day == day, _T.called_at.is_not(None))
        .order_by(_T.window_no, _T.called_at, _T.id)
    )
    return [Ticket(*row) for row in rows]


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


def _waiting(window: Window, day: date) -> sa.Select[Any]:
    here = (_T.zone_no == window.zone_no) & (_T.unit_no.is_(None) | (_T.unit_no == window.unit_no))
    return (
        sa.select(*TICKET)
        .where(_T.day == day)
        .where(WAITING)
        .where((_T.for_window == window.no) | (_T.for_window.is_(None) & here))
        .order_by(_T.priority, _T.queued_at, sa.func.length(_T.number), _T.number)
    )
