"""Windows that are closed for a time, and those that stayed open after closing."""

from dataclasses import dataclass, fields
from datetime import date, datetime

import sqlalchemy as sa

from engine.domain.appointment import Stay
from engine.storage.base import Moment, metadata
from engine.storage.unit import Unit

OPEN_CLOSURE = sa.text("opened_at IS NULL")
OPEN_STAY = sa.text("ended_at IS NULL")

# The columns are the fields of Closure and of Stay in their order.
CLOSURES = sa.Table(
    "window_closures",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("window_no", sa.Integer, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("to_window", sa.Integer),
    sa.Column("closed_at", Moment, nullable=False),
    sa.Column("closed_by", sa.String(64), nullable=False),
    sa.Column("opened_at", Moment),
    sa.Column("opened_by", sa.String(64)),
)
STAYS = sa.Table(
    "extended_hours",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("window_no", sa.Integer, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    sa.Column("officer_id", sa.String(64), nullable=False),
    sa.Column("ticket_id", sa.String(64)),
    sa.Column("case_id", sa.String(64)),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Index("ix_extended_hours_day", "day", "window_no"),
)
_C, _S = CLOSURES.c, STAYS.c
sa.Index(
    "uq_window_closures_open",
    _C.window_no,
    unique=True,
    sqlite_where=OPEN_CLOSURE,
    postgresql_where=OPEN_CLOSURE,
)
sa.Index(
    "uq_extended_hours_open",
    _S.window_no,
    unique=True,
    sqlite_where=OPEN_STAY,
    postgresql_where=OPEN_STAY,
)


@dataclass(frozen=True)
class Closure:
    """A window that serves nobody from `closed_at` until it is opened again, and why."""

    id: str
    window_no: int
    reason: str
    to_window: int | None
    closed_at: datetime
    closed_by: str
    opened_at: datetime | None = None
    opened_by: str | None = None


def closure(unit: Unit, window_no: int) -> Closure | None:
    """Return the closure of a window that is closed now."""
    row = unit.connection.execute(
        sa.select(CLOSURES).where(_C.window_no == window_no).where(OPEN_CLOSURE)
    ).first()
    return None if row is None else Closure(*row)


def closed(unit: Unit) -> frozenset[int]:
    """Return the numbers of the windows that are closed now."""
    rows = unit.connection.execute(sa.select(_C.window_no).where(OPEN_CLOSURE))
    return frozenset(row.window_no for row in rows)


def closures(unit: Unit) -> dict[int, Closure]:
    """Return the closures of the windows that are closed now, by window."""
    rows = unit.connection.execute(sa.select(CLOSURES).where(OPEN_CLOSURE))
    return {row.window_no: Closure(*row) for row in rows}


def close(unit: Unit, found: Closure) -> None:
    """Store that a window closed."""
    unit.connection.execute(
        CLOSURES.insert(), {field.name: getattr(found, field.name) for field in fields(Closure)}
    )


def open_again(unit: Unit, closure_id: str) -> None:
    """Store that a closed window serves again."""
    unit.connection.execute(
        CLOSURES.update().where(_C.id == closure_id).values(opened_at=unit.at, opened_by=unit.by.id)
    )


def add_stay(unit: Unit, stay: Stay) -> None:
    """Store extended hours."""
    unit.connection.execute(
        STAYS.insert(), {field.name: getattr(stay, field.name) for field in fields(Stay)}
    )


def end_stay(unit: Unit, stay_id: str) -> None:
    """Store that extended hours end now."""
    unit.connection.execute(STAYS.update().where(_S.id == stay_id).values(ended_at=unit.at))


def stay(unit: Unit, window_no: int) -> Stay | None:
    """Return the extended hours of a window that last now."""
    row = unit.connection.execute(
        sa.select(STAYS).where(_S.window_no == window_no).where(OPEN_STAY)
    ).first()
    return None if row is None else Stay(*row)


def stays_on(unit: Unit, day: date) -> list[Stay]:
    """Return the extended hours of a day, by window."""
    rows = unit.connection.execute(
        sa.select(STAYS).where(_S.day == day).order_by(_S.window_no, _S.started_at)
    )
    return [Stay(*row) for row in rows]
