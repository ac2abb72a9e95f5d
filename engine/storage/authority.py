"""Mandates of officials and who stands in for whom, each with its days."""

from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from engine.domain.authority import Grant, StandIn
from engine.storage.base import Amount, Words, metadata
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

# The columns are the fields of Grant and of StandIn, in their order.
GRANTS = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("official_id", sa.ForeignKey("officials.id"), nullable=False, index=True),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("power", sa.String(32), nullable=False),
    sa.Column("mandate_no", sa.String(100), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("matter_types", Words, nullable=False),
    sa.Column("amount_limit", Amount),
    sa.Column("region", sa.String(100)),
    sa.Column("revoked_on", sa.Date),
    sa.Index("ix_grants_holders", "unit_no", "power"),
)
STAND_INS = sa.Table(
    "stand_ins",
    metadata,
    sa.Column("official_id", sa.ForeignKey("officials.id"), primary_key=True),
    sa.Column("stands_in_for", sa.ForeignKey("officials.id"), primary_key=True),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_to", sa.Date, nullable=False),
    sa.Column("ground", sa.String(200), nullable=False),
)
GRANTS_OF = Prepared(
    sa.select(GRANTS)
    .where(GRANTS.c.official_id == sa.bindparam("official_id"))
    .order_by(GRANTS.c.valid_from, GRANTS.c.id)
)
STAND_INS_OF = Prepared(
    sa.select(STAND_INS)
    .where(STAND_INS.c.official_id == sa.bindparam("official_id"))
    .order_by(STAND_INS.c.valid_from, STAND_INS.c.stands_in_for)
)


def grants_of(unit: Unit, official_id: str) -> list[Grant]:
    """Return all mandates of an official, past ones and revoked ones too."""
    return [Grant(*row) for row in GRANTS_OF.rows(unit.line, official_id=official_id)]


def add_grant(unit: Unit, grant: Grant) -> None:
    """Store a mandate."""
    unit.connection.execute(
        GRANTS.insert(), {field.name: getattr(grant, field.name) for field in fields(Grant)}
    )


def revoke(unit: Unit, grant_id: str, day: date) -> bool:
    """End a mandate on a day; False when there is none or it was revoked before."""
    found = unit.connection.execute(
        GRANTS.update()
        .where(GRANTS.c.id == grant_id, GRANTS.c.revoked_on.is_(None))
        .values(revoked_on=day)
    )
    return found.rowcount == 1


def holders(unit: Unit, unit_no: int, power: str, day: date) -> list[Grant]:
    """Return the mandates for a power in a unit that hold on a day (M-GRANT-2)."""
    rows = unit.connection.execute(
        sa.select(GRANTS)
        .where(GRANTS.c.unit_no == unit_no, GRANTS.c.power == power)
        .order_by(GRANTS.c.valid_from, GRANTS.c.id)
    )
    return [grant for row in rows if (grant := Grant(*row)).holds_on(day)]


def stand_ins_of(unit: Unit, official_id: str) -> list[StandIn]:
    """Return for whom an official stands in, past absences too."""
    return [StandIn(*row) for row in STAND_INS_OF.rows(unit.line, official_id=official_id)]


def add_stand_in(unit: Unit, stand_in: StandIn) -> None:
    """Store an absence and who acts meanwhile."""
    unit.connection.execute(
        STAND_INS.insert(), {field.name: getattr(stand_in, field.name) for field in fields(StandIn)}
    )
