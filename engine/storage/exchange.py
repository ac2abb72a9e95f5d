"""What cases wait for from one another, by name, and which case is whose parent, child, sibling."""

from collections.abc import Collection

import sqlalchemy as sa

from engine.domain.case import Case
from engine.storage.base import metadata
from engine.storage.case_rows import CASES
from engine.storage.cases import CASE
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The drawing may name a message at any length; what is longer is told apart by the process.
LONGEST = 200

AWAITED = sa.Table(
    "awaited",
    metadata,
    sa.Column("case_id", sa.ForeignKey("cases.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("name", sa.String(LONGEST), primary_key=True),
    sa.Column("element", sa.String(LONGEST), primary_key=True),
    sa.Index("ix_awaited_kind_name", "kind", "name"),
)
_A, _C = AWAITED.c, CASES.c
_CASE_ID: sa.BindParameter[str] = sa.bindparam("case_id")

OF_CASE = Prepared(sa.select(_A.kind, _A.name, _A.element).where(_A.case_id == _CASE_ID))
CLEAR = Prepared(AWAITED.delete().where(_A.case_id == _CASE_ID))
ADD = Prepared(insert_into(AWAITED, *_A.keys()))


def note_awaited(unit: Unit, case_id: str, awaits: Collection[tuple[str, str, str]]) -> None:
    """Store what a case waits for now, as kind, name and element; written only when it changed."""
    now = {(kind, name[:LONGEST], element[:LONGEST]) for kind, name, element in awaits}
    before = {tuple(row) for row in OF_CASE.rows(unit.line, case_id=case_id)}
    if now == before:
        return
    if before:
        CLEAR.run(unit.line, {"case_id": case_id})
    ADD.run_many(
        unit.line,
        [
            {"case_id": case_id, "kind": kind, "name": name, "element": element}
            for kind, name, element in sorted(now)
        ],
    )


def hearers(unit: Unit, kind: str, name: str, sender: str) -> list[str]:
    """Return the ids of all other cases that wait for a message or signal, the oldest first."""
    rows = unit.connection.execute(
        sa.select(_A.case_id).where(_hears(kind, name, sender)).distinct().order_by(_A.case_id)
    )
    return list(rows.scalars())


def relative_that_hears(unit: Unit, kind: str, name: str, sender: Case) -> str | None:
    """Return the one relative of a case that waits for a message: parent, child, then sibling.

    Of several children or siblings the oldest.
    """
    related = (_C.id == sender.parent_id) | (_C.parent_id == sender.id)
    if sender.parent_id is not None:
        related |= _C.parent_id == sender.parent_id
    rows = unit.connection.execute(
        sa.select(_C.id, _C.parent_id)
        .join(AWAITED, _A.case_id == _C.id)
        .where(related, _hears(kind, name, sender.id))
        .order_by(_C.id)
    ).all()
    parents = [row.id for row in rows if row.id == sender.parent_id]
    children = [row.id for row in rows if row.parent_id == sender.id]
    siblings = [row.id for row in rows]
    return next(iter(parents + children + siblings), None)


def children_of(unit: Unit, case_id: str) -> list[Case]:
    """Return the child cases of a case in the order in which they were opened."""
    rows = unit.connection.execute(
        sa.select(*CASE).where(_C.parent_id == case_id).order_by(_C.applied_at, _C.case_no)
    )
    return [Case(*row) for row in rows]


def _hears(kind: str, name: str, sender: str) -> sa.ColumnElement[bool]:
    # A receive task without a message takes any: it waits for the empty name.
    wanted = {name[:LONGEST], ""} if kind == "message" else {name[:LONGEST]}
    return sa.and_(_A.kind == kind, _A.name.in_(sorted(wanted)), _A.case_id != sender)
