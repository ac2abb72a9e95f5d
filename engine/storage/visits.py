"""Visits to the hall for a case after the first, and how often each matter makes people come."""

from dataclasses import dataclass, fields
from datetime import datetime

import sqlalchemy as sa

from engine.storage.base import Moment, metadata
from engine.storage.case_rows import CASES
from engine.storage.unit import Unit

# The columns are the fields of Visit in their order.
VISITS = sa.Table(
    "visits",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("purpose", sa.String(32), nullable=False),
    sa.Column("ticket_id", sa.String(64)),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by_id", sa.String(64), nullable=False),
    sa.Index("ix_visits_at", "at"),
)
_C, _V = CASES.c, VISITS.c


@dataclass(frozen=True)
class Visit:
    """One more visit for a case: why, by which number of the queue, who noted it."""

    id: str
    case_id: str
    purpose: str
    ticket_id: str | None
    at: datetime
    by_id: str


@dataclass(frozen=True)
class MatterVisits:
    """What the visits of some time were for: cases of the matter that somebody came for."""

    matter_no: int
    cases: int
    visits: int

    @property
    def a_case(self) -> float:
        """Visits for each case."""
        return self.visits / self.cases


def add(unit: Unit, visit: Visit) -> None:
    """Store a visit."""
    unit.connection.execute(
        VISITS.insert(), {field.name: getattr(visit, field.name) for field in fields(Visit)}
    )


def of_case(unit: Unit, case_id: str) -> list[Visit]:
    """Return the visits for a case after the application, the first one first."""
    rows = unit.connection.execute(
        sa.select(VISITS).where(_V.case_id == case_id).order_by(_V.at, _V.id)
    )
    return [Visit(*row) for row in rows]


def by_matter(unit: Unit, start: datetime, end: datetime) -> list[MatterVisits]:
    """Return the visits from `start` up to, not including, `end`, by matter.

    The application at a window is the first visit of its case.
    """
    first = sa.select(_C.matter_no, _C.id.label("case_id")).where(
        _C.applied_at >= start,
        _C.applied_at < end,
        sa.or_(_C.window_no.is_not(None), _C.ticket_id.is_not(None)),
    )
    later = (
        sa.select(_C.matter_no, _V.case_id)
        .join(CASES, _C.id == _V.case_id)
        .where(_V.at >= start, _V.at < end)
    )
    came = sa.union_all(first, later).subquery()
    rows = unit.connection.execute(
        sa.select(
            came.c.matter_no,
            sa.func.count(sa.distinct(came.c.case_id)),
            sa.func.count(),
        )
        .group_by(came.c.matter_no)
        .order_by(came.c.matter_no)
    )
    return [MatterVisits(*row) for row in rows]
