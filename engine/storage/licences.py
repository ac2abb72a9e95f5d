"""Licences that granted cases end with, and the editions that were replaced."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import date

import sqlalchemy as sa

from engine.domain.licence import Licence, LicenceState
from engine.kernel.errors import Conflict
from engine.storage.base import Moment, Plain, Word, metadata
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
    sa.Column("state", Word(LicenceState), nullable=False, server_default="valid"),
    sa.Column("edition", sa.Integer, nullable=False, server_default="1"),
    sa.Column("valid_to", sa.Date),
    sa.Column("renewal_asked_on", sa.Date),
    sa.Column("ended_on", sa.Date),
)
EDITIONS = sa.Table(
    "licence_editions",
    metadata,
    sa.Column("licence_id", sa.ForeignKey("licences.id"), primary_key=True),
    sa.Column("edition", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("holder", sa.String(200), nullable=False),
    sa.Column("content", Plain, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False),
    sa.Column("replaced_at", Moment, nullable=False),
    sa.Column("replaced_by", sa.String(64), nullable=False),
)
_L = LICENCES.c
ASKED = sa.text("renewal_asked_on IS NOT NULL")
sa.Index("ix_licences_renewal_asked_on", _L.valid_to, sqlite_where=ASKED, postgresql_where=ASKED)

ADD = Prepared(insert_into(LICENCES, *LICENCES.c.keys()))
BY_CASE = Prepared(sa.select(LICENCES).where(_L.case_id == sa.bindparam("case_id")))
# What the life of a licence may change; the rest is settled when it is issued.
LIVING = (
    "holder",
    "content",
    "digest",
    "state",
    "edition",
    "valid_to",
    "renewal_asked_on",
    "ended_on",
)


def insert(unit: Unit, licence: Licence) -> None:
    """Store a licence that was just issued."""
    ADD.run(unit.line, {field.name: getattr(licence, field.name) for field in fields(Licence)})


def by_case(unit: Unit, case_id: str) -> Licence | None:
    """Return the licence of a case."""
    row = BY_CASE.first(unit.line, case_id=case_id)
    return None if row is None else Licence(*row)


def by_no(unit: Unit, licence_no: str) -> Licence | None:
    """Return the licence with a number."""
    return _one(unit, _L.no == licence_no)


def lock(unit: Unit, licence_no: str) -> Licence | None:
    """Return the licence with a number, which nobody else changes until the unit ends."""
    row = unit.connection.execute(
        sa.select(LICENCES).where(_L.no == licence_no).with_for_update()
    ).first()
    return None if row is None else Licence(*row)


def save(unit: Unit, licence: Licence) -> None:
    """Store what became of a licence."""
    values = {name: getattr(licence, name) for name in LIVING}
    unit.connection.execute(LICENCES.update().where(_L.id == licence.id).values(values))


def keep_edition(unit: Unit, licence: Licence) -> None:
    """Keep the edition that is about to be replaced."""
    unit.connection.execute(
        EDITIONS.insert(),
        {
            "licence_id": licence.id,
            "edition": licence.edition,
            "holder": licence.holder,
            "content": licence.content,
            "digest": licence.digest,
            "replaced_at": unit.at,
            "replaced_by": unit.by.id,
        },
    )


def editions(unit: Unit, licence_id: str) -> list[tuple[int, Mapping[str, object]]]:
    """Return the editions of a licence that were replaced: number and content, oldest first."""
    rows = unit.connection.execute(
        sa.select(EDITIONS.c.edition, EDITIONS.c.content)
        .where(EDITIONS.c.licence_id == licence_id)
        .order_by(EDITIONS.c.edition)
    )
    return [(row.edition, row.content) for row in rows]


def renewals_asked(unit: Unit, until: date) -> list[Licence]:
    """Return the licences whose renewal is undecided and that end by a day, the first to end first.

    So an answer can be asked for before silence gives it (行政许可法 art. 50).
    """
    rows = unit.connection.execute(
        sa.select(LICENCES).where(ASKED, _L.valid_to <= until).order_by(_L.valid_to, _L.no)
    )
    return [Licence(*row) for row in rows]


def hand_out(unit: Unit, licence_id: str, by_id: str, taken_by: str) -> None:
    """Note who gave a licence to whom, now; Conflict `licence.handed_out` the second time."""
    found = unit.connection.execute(
        LICENCES.update()
        .where(_L.id == licence_id, _L.handed_out_at.is_(None))
        .values(handed_out_at=unit.at, handed_out_by=by_id, taken_by=taken_by)
    )
    if found.rowcount != 1:
        raise Conflict("licence.handed_out")


def _one(unit: Unit, condition: sa.ColumnElement[bool]) -> Licence | None:
    row = unit.connection.execute(sa.select(LICENCES).where(condition)).first()
    return None if row is None else Licence(*row)
