"""Replays as they stand: what was asked, how far they are, what they found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import sqlalchemy as sa

from engine.domain.what_if import Run
from engine.storage.base import Moment, Plain, metadata
from engine.storage.unit import Unit

# The columns are the fields of Run in their order, then the file itself.
RUNS = sa.Table(
    "what_if_runs",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("days_before", sa.Integer),
    sa.Column("days_after", sa.Integer),
    sa.Column("first_day", sa.Date, nullable=False),
    sa.Column("last_day", sa.Date, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("done", sa.Integer, nullable=False),
    sa.Column("total", sa.Integer, nullable=False),
    sa.Column("position", sa.String(64), nullable=False),
    sa.Column("changes", sa.Integer, nullable=False),
    sa.Column("result", Plain, nullable=False),
    sa.Column("failure", Plain, nullable=False),
    sa.Column("started_by", sa.String(64), nullable=False),
    sa.Column("started_at", Moment, nullable=False),
    sa.Column("ended_at", Moment),
    sa.Column("source", sa.LargeBinary, nullable=False),
    sa.Index("ix_what_if_runs_started_at", "started_at"),
)
# The columns are the fields of Change in their order.
CHANGES = sa.Table(
    "what_if_changes",
    metadata,
    sa.Column("run_id", sa.ForeignKey("what_if_runs.id"), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("case_id", sa.String(64), nullable=False),
    sa.Column("subject", sa.String(64), nullable=False),
    sa.Column("matter_no", sa.Integer, nullable=False),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("before", Plain, nullable=False),
    sa.Column("after", Plain, nullable=False),
)
_R, _H = RUNS.c, CHANGES.c


@dataclass(frozen=True)
class Change:
    """The `no`-th case of a run that comes out otherwise, or of which that cannot be told."""

    run_id: str
    no: int
    case_id: str
    subject: str
    matter_no: int
    unit_no: int
    before: Mapping[str, Any]
    after: Mapping[str, Any]


RUN = tuple(_R[field.name] for field in fields(Run))


def add(unit: Unit, run: Run, source: bytes) -> None:
    """Store a replay that is to be done."""
    unit.connection.execute(RUNS.insert(), {**vars(run), "source": source})


def run(unit: Unit, run_id: str) -> Run | None:
    """Return one replay."""
    row = unit.connection.execute(sa.select(*RUN).where(_R.id == run_id)).first()
    return None if row is None else Run(*row)


def lock(unit: Unit, run_id: str) -> Run | None:
    """Return one replay, kept from others until the unit ends."""
    row = unit.connection.execute(sa.select(*RUN).where(_R.id == run_id).with_for_update()).first()
    return None if row is None else Run(*row)


def source(unit: Unit, run_id: str) -> bytes:
    """Return the file that a replay runs under; empty for a promise."""
    found: bytes = unit.connection.execute(sa.select(_R.source).where(_R.id == run_id)).scalar_one()
    return found


def save(unit: Unit, run: Run) -> None:
    """Store how far a replay is."""
    unit.connection.execute(RUNS.update().where(_R.id == run.id).values(vars(run)))


def runs(unit: Unit, size: int, offset: int) -> tuple[list[Run], int]:
    """Return some replays, the newest first, and how many there are."""
    rows = unit.connection.execute(
        sa.select(*RUN).order_by(_R.started_at.desc(), _R.id.desc()).limit(size).offset(offset)
    )
    total = unit.connection.execute(sa.select(sa.func.count()).select_from(RUNS)).scalar_one()
    return [Run(*row) for row in rows], int(total)


def add_changes(unit: Unit, found: Sequence[Change]) -> None:
    """Store cases that come out otherwise."""
    if found:
        unit.connection.execute(CHANGES.insert(), [vars(one) for one in found])


def changes(unit: Unit, run_id: str, size: int, offset: int) -> list[Change]:
    """Return some cases that come out otherwise, in the order in which they were found."""
    rows = unit.connection.execute(
        sa.select(CHANGES)
        .where(_H.run_id == run_id, _H.no > offset, _H.no <= offset + size)
        .order_by(_H.no)
    )
    return [Change(*row) for row in rows]


def change(unit: Unit, run_id: str, no: int) -> Change | None:
    """Return one of them."""
    row = unit.connection.execute(
        sa.select(CHANGES).where(_H.run_id == run_id, _H.no == no)
    ).first()
    return None if row is None else Change(*row)
