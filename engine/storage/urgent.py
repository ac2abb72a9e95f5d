"""Uses of the urgent power, each with the review that follows it."""

from dataclasses import fields

import sqlalchemy as sa

from engine.domain.urgent import UrgentUse
from engine.storage.base import Moment, metadata
from engine.storage.unit import Unit

# The columns are the fields of UrgentUse in their order.
URGENT_USES = sa.Table(
    "urgent_uses",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("used_by", sa.String(64), nullable=False),
    sa.Column("used_at", Moment, nullable=False),
    sa.Column("mandate_no", sa.String(100)),
    sa.Column("acting_for", sa.String(64)),
    sa.Column("task_id", sa.ForeignKey("tasks.id"), nullable=False, unique=True),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("finding", sa.String(32)),
    sa.Column("reviewed_by", sa.String(64)),
    sa.Column("reviewed_at", Moment),
)
_U = URGENT_USES.c


def add(unit: Unit, use: UrgentUse) -> None:
    """Store a use of the power."""
    unit.connection.execute(
        URGENT_USES.insert(), {field.name: getattr(use, field.name) for field in fields(UrgentUse)}
    )


def of_case(unit: Unit, case_id: str) -> list[UrgentUse]:
    """Return the uses of the power in a case, in their order."""
    rows = unit.connection.execute(
        sa.select(URGENT_USES).where(_U.case_id == case_id).order_by(_U.used_at, _U.id)
    )
    return [UrgentUse(*row) for row in rows]


def by_task(unit: Unit, task_id: str) -> UrgentUse | None:
    """Return the use that a task reviews."""
    row = unit.connection.execute(sa.select(URGENT_USES).where(_U.task_id == task_id)).first()
    return None if row is None else UrgentUse(*row)


def save_review(unit: Unit, use: UrgentUse) -> None:
    """Store what the review of a use found."""
    unit.connection.execute(
        URGENT_USES.update()
        .where(_U.id == use.id)
        .values(finding=use.finding, reviewed_by=use.reviewed_by, reviewed_at=use.reviewed_at)
    )
