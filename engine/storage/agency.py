"""Mandates of agents, and what agents did by them."""

from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from engine.domain.agency import AgentAct, Mandate
from engine.storage.base import Moment, Words, metadata
from engine.storage.unit import Unit

# The columns are the fields of the dataclasses in their order.
MANDATES = sa.Table(
    "mandates",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("no", sa.String(64), nullable=False, unique=True),
    sa.Column("applicant_kind", sa.String(32), nullable=False),
    sa.Column("applicant_name", sa.String(200), nullable=False),
    sa.Column("applicant_number", sa.LargeBinary, nullable=False),
    sa.Column("agent_name", sa.String(200), nullable=False),
    sa.Column("agent_number", sa.LargeBinary, nullable=False),
    sa.Column("agent_phone", sa.LargeBinary, nullable=False),
    sa.Column("matter_nos", Words, nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date, nullable=False),
    sa.Column("entered_at", Moment, nullable=False),
    sa.Column("entered_by", sa.String(64), nullable=False),
    sa.Column("revoked_on", sa.Date),
    sa.Column("revoked_reason", sa.Text, nullable=False),
)
ACTS = sa.Table(
    "agent_acts",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("mandate_id", sa.ForeignKey("mandates.id"), nullable=False),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False),
    sa.Column("act", sa.String(32), nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Index("ix_agent_acts_case_id", "case_id"),
    sa.Index("ix_agent_acts_mandate_id", "mandate_id"),
)
_M, _A = MANDATES.c, ACTS.c


def add(unit: Unit, mandate: Mandate) -> None:
    """Store a mandate."""
    unit.connection.execute(
        MANDATES.insert(), {field.name: getattr(mandate, field.name) for field in fields(Mandate)}
    )


def by_no(unit: Unit, mandate_no: str, *, lock: bool = False) -> Mandate | None:
    """Return the mandate with a number, with `lock` held until the unit ends."""
    asked = sa.select(MANDATES).where(_M.no == mandate_no)
    row = unit.connection.execute(asked.with_for_update() if lock else asked).first()
    return None if row is None else Mandate(*row)


def revoke(unit: Unit, mandate_id: str, day: date, reason: str) -> None:
    """Store that a mandate holds no more."""
    unit.connection.execute(
        MANDATES.update().where(_M.id == mandate_id).values(revoked_on=day, revoked_reason=reason)
    )


def note_act(unit: Unit, act: AgentAct) -> None:
    """Store what an agent did in a case."""
    unit.connection.execute(
        ACTS.insert(), {field.name: getattr(act, field.name) for field in fields(AgentAct)}
    )


def acts_of(unit: Unit, case_id: str) -> list[tuple[AgentAct, Mandate]]:
    """Return what agents did in a case, each with the mandate it was done by, in order."""
    rows = unit.connection.execute(
        sa.select(ACTS, MANDATES)
        .join(MANDATES, _M.id == _A.mandate_id)
        .where(_A.case_id == case_id)
        .order_by(_A.at, _A.id)
    )
    width = len(fields(AgentAct))
    return [(AgentAct(*row[:width]), Mandate(*row[width:])) for row in rows]


def cases_of(unit: Unit, mandate_id: str) -> list[str]:
    """Return the ids of the cases in which an agent acted by a mandate, the first one first."""
    rows = unit.connection.execute(
        sa.select(_A.case_id)
        .where(_A.mandate_id == mandate_id)
        .group_by(_A.case_id)
        .order_by(sa.func.min(_A.at), _A.case_id)
    )
    return list(rows.scalars())
