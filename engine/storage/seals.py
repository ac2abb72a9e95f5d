"""Uses of the approval seal, each under one document of one decision."""

from dataclasses import fields

import sqlalchemy as sa

from engine.domain.seal import SealUse
from engine.storage.base import Moment, metadata
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of SealUse in their order.
SEAL_USES = sa.Table(
    "seal_uses",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("decided_at", Moment, nullable=False),
    sa.Column("document", sa.String(200), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("used_by", sa.String(64), nullable=False),
    sa.Column("used_at", Moment, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("mandate_no", sa.String(100)),
    sa.Column("acting_for", sa.String(64)),
    sa.Column("voided_at", Moment),
    sa.Column("void_because", sa.Text),
)
_S = SEAL_USES.c
ADD = Prepared(insert_into(SEAL_USES, *SEAL_USES.c.keys()))


def add(unit: Unit, use: SealUse) -> None:
    """Store a use of the seal."""
    ADD.run(unit.line, {field.name: getattr(use, field.name) for field in fields(SealUse)})


def of_case(unit: Unit, case_id: str) -> list[SealUse]:
    """Return the uses of the seal for a case in their order, void ones too."""
    rows = unit.connection.execute(
        sa.select(SEAL_USES).where(_S.case_id == case_id).order_by(_S.used_at, _S.id)
    )
    return [SealUse(*row) for row in rows]


def void(unit: Unit, use_id: str, because: str) -> None:
    """Mark a use as void from now on."""
    unit.connection.execute(
        SEAL_USES.update()
        .where(_S.id == use_id, _S.voided_at.is_(None))
        .values(voided_at=unit.at, void_because=because)
    )
