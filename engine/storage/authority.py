"""Mandates of officials and who stands in for whom, each with its days."""

from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from engine.domain.authority import DAY, Grant, StandIn
from engine.kernel.errors import Conflict
from engine.storage.base import Amount, Words, metadata
from engine.storage.people import OFFICIALS
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

# The columns are the fields of Grant and of StandIn, in their order.
GRANTS = sa.Table(
    "grants",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("official_id", sa.ForeignKey("officials.id"), index=True),
    sa.Column("unit_no", sa.Integer, nullable=False),
    sa.Column("power", sa.String(32), nullable=False),
    sa.Column("mandate_no", sa.String(100), nullable=False),
    sa.Column("valid_from", sa.Date, nullable=False),
    sa.Column("valid_to", sa.Date),
    sa.Column("matter_types", Words, nullable=False),
    sa.Column("amount_limit", Amount),
    sa.Column("region", sa.String(100)),
    sa.Column("revoked_on", sa.Date),
    sa.Column("post", sa.String(32)),
    sa.Column("matters", Words, nullable=False, server_default="[]"),
    sa.Column("granted_by", sa.String(64)),
    sa.Index("ix_grants_holders", "unit_no", "power"),
    sa.Index("ix_grants_post", "post", "unit_no"),
)
STAND_INS = sa.Table(
    "stand_ins",
    metadata,
    sa.Column("official_id", sa.ForeignKey("officials.id"), primary_key=True),
    sa.Column("stands_in_for", sa.ForeignKey("officials.id"), primary_key=True, index=True),
    sa.Column("valid_from", sa.Date, primary_key=True),
    sa.Column("valid_to", sa.Date, nullable=False),
    sa.Column("ground", sa.String(200), nullable=False),
    sa.Column("ended_on", sa.Date),
)
_G, _S = GRANTS.c, STAND_INS.c
_WHO: sa.BindParameter[str] = sa.bindparam("official_id")
_POST = sa.select(OFFICIALS.c.post).where(OFFICIALS.c.id == _WHO).scalar_subquery()
_UNIT = sa.select(OFFICIALS.c.unit_no).where(OFFICIALS.c.id == _WHO).scalar_subquery()
# The post is that of the stored account, whatever a forged request says of it.
GRANTS_OF = Prepared(
    sa.select(GRANTS)
    .where(sa.or_(_G.official_id == _WHO, sa.and_(_G.post == _POST, _G.unit_no == _UNIT)))
    .order_by(_G.valid_from, _G.id)
)
STAND_INS_OF = Prepared(
    sa.select(STAND_INS).where(_S.official_id == _WHO).order_by(_S.valid_from, _S.stands_in_for)
)


def grants_of(unit: Unit, official_id: str) -> list[Grant]:
    """Return all mandates of an official and of his post, past ones and revoked ones too."""
    return [Grant(*row) for row in GRANTS_OF.rows(unit.line, official_id=official_id)]


def grant(unit: Unit, grant_id: str) -> Grant | None:
    """Return one mandate."""
    row = unit.connection.execute(sa.select(GRANTS).where(_G.id == grant_id)).first()
    return None if row is None else Grant(*row)


def add_grant(unit: Unit, grant: Grant) -> None:
    """Store a mandate."""
    unit.connection.execute(
        GRANTS.insert(), {field.name: getattr(grant, field.name) for field in fields(Grant)}
    )


def revoke(unit: Unit, grant_id: str, day: date) -> bool:
    """Let a mandate hold no more from a day on; False for none, or one revoked by that day."""
    later = sa.or_(_G.revoked_on.is_(None), _G.revoked_on > day)
    found = unit.connection.execute(
        GRANTS.update().where(_G.id == grant_id, later).values(revoked_on=day)
    )
    return found.rowcount == 1


def holders(unit: Unit, unit_no: int, power: str, day: date) -> list[Grant]:
    """Return the mandates for a power in a unit that hold on a day (M-GRANT-2)."""
    rows = unit.connection.execute(
        sa.select(GRANTS)
        .where(_G.unit_no == unit_no, _G.power == power)
        .order_by(_G.valid_from, _G.id)
    )
    return [grant for row in rows if (grant := Grant(*row)).holds_on(day)]


def holding_on(unit: Unit, day: date) -> list[Grant]:
    """Return all mandates that hold on a day."""
    rows = unit.connection.execute(sa.select(GRANTS).order_by(_G.valid_from, _G.id))
    return [grant for row in rows if (grant := Grant(*row)).holds_on(day)]


def stand_ins_of(unit: Unit, official_id: str) -> list[StandIn]:
    """Return for whom an official stands in, past absences too."""
    return [StandIn(*row) for row in STAND_INS_OF.rows(unit.line, official_id=official_id)]


def stand_ins_for(unit: Unit, official_id: str) -> list[StandIn]:
    """Return who stands in for an official, in past absences too."""
    rows = unit.connection.execute(
        sa.select(STAND_INS)
        .where(_S.stands_in_for == official_id)
        .order_by(_S.valid_from, _S.official_id)
    )
    return [StandIn(*row) for row in rows]


def stand_ins_from(unit: Unit, day: date) -> list[StandIn]:
    """Return the absences that have not ended before a day, the earliest first."""
    last = sa.func.coalesce(_S.ended_on, _S.valid_to)
    rows = unit.connection.execute(
        sa.select(STAND_INS)
        .where(_S.valid_to >= day, last >= day)
        .order_by(_S.valid_from, _S.official_id, _S.stands_in_for)
    )
    return [StandIn(*row) for row in rows]


def add_stand_in(unit: Unit, stand_in: StandIn) -> None:
    """Store an absence and who acts meanwhile; Conflict `absence.known` for the same one."""
    same = (
        (_S.official_id == stand_in.official_id)
        & (_S.stands_in_for == stand_in.stands_in_for)
        & (_S.valid_from == stand_in.valid_from)
    )
    if unit.connection.execute(sa.select(_S.ground).where(same)).first() is not None:
        raise Conflict("absence.known", first=stand_in.valid_from)
    unit.connection.execute(
        STAND_INS.insert(), {field.name: getattr(stand_in, field.name) for field in fields(StandIn)}
    )


def end_stand_in(unit: Unit, stand_in: StandIn, last_day: date) -> None:
    """Let an absence end before its planned last day; nobody acts for anybody after `last_day`."""
    unit.connection.execute(
        STAND_INS.update()
        .where(
            _S.official_id == stand_in.official_id,
            _S.stands_in_for == stand_in.stands_in_for,
            _S.valid_from == stand_in.valid_from,
        )
        .values(ended_on=last_day)
    )


def lapsed_on(unit: Unit, day: date) -> set[str]:
    """Return the officials who lost something at the midnight before `day`.

    A mandate of theirs or of their post ended, or one whom they stood in for came back, or their
    own last day in the hall was the day before.
    """
    before = day - DAY
    ended = sa.or_(_G.valid_to == before, _G.revoked_on == day)
    found = {
        row.official_id
        for row in unit.connection.execute(sa.select(_G.official_id).where(ended))
        if row.official_id is not None
    }
    of_post = (
        sa.select(OFFICIALS.c.id)
        .join(GRANTS, (_G.post == OFFICIALS.c.post) & (_G.unit_no == OFFICIALS.c.unit_no))
        .where(ended)
    )
    back = sa.select(_S.official_id).where(sa.or_(_S.valid_to == before, _S.ended_on == before))
    left = sa.select(OFFICIALS.c.id).where(OFFICIALS.c.left_on == before)
    for wanted in (of_post, back, left):
        found |= {row[0] for row in unit.connection.execute(wanted)}
    return found
