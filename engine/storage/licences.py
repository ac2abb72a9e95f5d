"""Licences that granted cases end with."""

from dataclasses import fields

import sqlalchemy as sa

from engine.domain.licence import Licence
from engine.kernel.errors import Conflict
from engine.storage.base import Moment, Plain, metadata
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of Licence in their order.
LICENCES = sa.Table(
    "licences",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("no", sa.String(64), nullable=False, unique=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, unique=True),
    sa.Column("matter_no", sa.Integer, nullable=False),
    sa.Column("name", sa.String(200), nullable=False),
    sa.Column("holder", sa.String(200), nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("issued_at", Moment, nullable=False),
    sa.Column("issued_by", sa.String(64), nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("handed_out_at", Moment),
    sa.Column("handed_out_by", sa.String(64)),
    sa.Column("taken_by", sa.String(200)),
)


ADD = Prepared(insert_into(LICENCES, *LICENCES.c.keys()))


def insert(unit: Unit, licence: Licence) -> None:
    """Store a licence that was just issued."""
    ADD.run(unit.line, {field.name: getattr(licence, field.name) for field in fields(Licence)})


def by_case(unit: Unit, case_id: str) -> Licence | None:
    """Return the licence of a case."""
    return _one(unit, LICENCES.c.case_id == case_id)


def by_no(unit: Unit, licence_no: str) -> Licence | None:
    """Return the licence with a number."""
    return _one(unit, LICENCES.c.no == licence_no)


def hand_out(unit: Unit, licence_id: str, by_id: str, taken_by: str) -> None:
    """Note who gave a licence to whom, now; Conflict `licence.handed_out` the second time."""
    found = unit.connection.execute(
        LICENCES.update()
        .where(LICENCES.c.id == licence_id, LICENCES.c.handed_out_at.is_(None))
        .values(handed_out_at=unit.at, handed_out_by=by_id, taken_by=taken_by)
    )
    if found.rowcount != 1:
        raise Conflict("licence.handed_out")


def _one(unit: Unit, condition: sa.ColumnElement[bool]) -> Licence | None:
    row = unit.connection.execute(sa.select(LICENCES).where(condition)).first()
    return None if row is None else Licence(*row)
