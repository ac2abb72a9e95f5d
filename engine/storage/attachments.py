"""Files of cases: one row for each, the content itself lies in `blobs`."""

from dataclasses import astuple, fields

import sqlalchemy as sa

from engine.domain.attachment import Attachment
from engine.kernel.errors import Missing
from engine.storage.base import Moment, metadata
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of Attachment in their order.
ATTACHMENTS = sa.Table(
    "attachments",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("material_no", sa.Integer, nullable=False),
    sa.Column("name", sa.Text, nullable=False),
    sa.Column("type", sa.String(32), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, index=True),
    sa.Column("added_by", sa.String(64), nullable=False),
    sa.Column("added_at", Moment, nullable=False),
    sa.Column("removed_by", sa.String(64)),
    sa.Column("removed_at", Moment),
    sa.Column("reason", sa.Text),
)
_A = ATTACHMENTS.c
NAMES = tuple(field.name for field in fields(Attachment))
ADD = Prepared(insert_into(ATTACHMENTS, *NAMES))
OF_CASE = Prepared(
    sa.select(ATTACHMENTS)
    .where(_A.case_id == sa.bindparam("case_id"), _A.removed_at.is_(None))
    .order_by(_A.material_no, _A.added_at, _A.id)
)


def add(unit: Unit, attachment: Attachment) -> None:
    """Store a file of a case."""
    ADD.run(unit.line, dict(zip(NAMES, astuple(attachment), strict=True)))


def of_case(unit: Unit, case_id: str) -> list[Attachment]:
    """Return the files of a case by paper, those that were removed left out."""
    return [Attachment(*row) for row in OF_CASE.rows(unit.line, case_id=case_id)]


def attachment(unit: Unit, case_id: str, attachment_id: str) -> Attachment:
    """Return a file of a case; Missing `attachment.unknown`, also for one that was removed."""
    row = unit.connection.execute(
        sa.select(ATTACHMENTS).where(
            _A.id == attachment_id, _A.case_id == case_id, _A.removed_at.is_(None)
        )
    ).first()
    if row is None:
        raise Missing("attachment.unknown")
    return Attachment(*row)


def remove(unit: Unit, attachment_id: str, reason: str) -> None:
    """Mark a file as removed from now on."""
    unit.connection.execute(
        ATTACHMENTS.update()
        .where(_A.id == attachment_id, _A.removed_at.is_(None))
        .values(removed_by=unit.by.id, removed_at=unit.at, reason=reason)
    )


def digests(unit: Unit) -> set[str]:
    """Return the digests of all files that a row speaks of, removed ones too."""
    return set(unit.connection.execute(sa.select(_A.digest).distinct()).scalars())
