"""Changes as rows: what they hold, each draft in the steps in which it was written."""

import zlib
from dataclasses import fields
from typing import Any

import sqlalchemy as sa

from engine.domain.changes import Approval, Change, ChangeState, Drafted
from engine.storage.base import Moment, Word, Words, metadata
from engine.storage.unit import Unit

# Steps that can be taken back; older ones are forgotten.
KEPT_STEPS = 100

# The columns of each table are the fields of its dataclass in their order.
CHANGES = sa.Table(
    "changes",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("title", sa.String(200), nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("effective_from", sa.Date),
    sa.Column("state", Word(ChangeState), nullable=False),
    sa.Column("begun_by", sa.String(64), nullable=False),
    sa.Column("begun_at", Moment, nullable=False),
    sa.Column("submitted_by", sa.String(64)),
    sa.Column("submitted_at", Moment),
    sa.Column("ended_by", sa.String(64)),
    sa.Column("ended_at", Moment),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Index("ix_changes_begun_at", "begun_at"),
)
PARTS = sa.Table(
    "change_parts",
    metadata,
    sa.Column("change_id", sa.ForeignKey("changes.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("based_on", sa.String(64)),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("top", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("authors", Words, nullable=False),
    sa.Column("saved_by", sa.String(64), nullable=False),
    sa.Column("saved_at", Moment, nullable=False),
)
STEPS = sa.Table(
    "change_steps",
    metadata,
    sa.Column("change_id", sa.ForeignKey("changes.id"), primary_key=True),
    sa.Column("kind", sa.String(16), primary_key=True),
    sa.Column("key", sa.String(120), primary_key=True),
    sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
APPROVALS = sa.Table(
    "change_approvals",
    metadata,
    sa.Column("change_id", sa.ForeignKey("changes.id"), primary_key=True),
    sa.Column("permission", sa.String(64), primary_key=True),
    sa.Column("by", sa.String(64), nullable=False),
    sa.Column("at", Moment, nullable=False),
)
_C, _P, _S, _A = CHANGES.c, PARTS.c, STEPS.c, APPROVALS.c
CHANGE = tuple(_C[field.name] for field in fields(Change))
PART = tuple(_P[field.name] for field in fields(Drafted))


def add(unit: Unit, change: Change) -> None:
    """Store a change that was begun."""
    unit.connection.execute(CHANGES.insert(), vars(change))


def change(unit: Unit, change_id: str) -> Change | None:
    """Return one change."""
    row = unit.connection.execute(sa.select(*CHANGE).where(_C.id == change_id)).first()
    return None if row is None else Change(*row)


def lock(unit: Unit, change_id: str) -> Change | None:
    """Return one change, kept from others until the unit ends."""
    row = unit.connection.execute(
        sa.select(*CHANGE).where(_C.id == change_id).with_for_update()
    ).first()
    return None if row is None else Change(*row)


def save(unit: Unit, change: Change) -> None:
    """Store how far a change is."""
    unit.connection.execute(CHANGES.update().where(_C.id == change.id).values(vars(change)))


def changes(
    unit: Unit, states: tuple[ChangeState, ...], size: int, offset: int
) -> tuple[list[Change], int]:
    """Return some changes in given states, the newest first, and how many there are."""
    wanted = _C.state.in_(states)
    rows = unit.connection.execute(
        sa.select(*CHANGE)
        .where(wanted)
        .order_by(_C.begun_at.desc(), _C.id.desc())
        .limit(size)
        .offset(offset)
    )
    total = unit.connection.execute(
        sa.select(sa.func.count()).select_from(CHANGES).where(wanted)
    ).scalar_one()
    return [Change(*row) for row in rows], int(total)


def parts(unit: Unit, change_id: str) -> list[Drafted]:
    """Return the parts of a change by kind and key."""
    rows = unit.connection.execute(
        sa.select(*PART).where(_P.change_id == change_id).order_by(_P.kind, _P.key)
    )
    return [Drafted(*row) for row in rows]


def elsewhere(unit: Unit, part: Drafted, states: tuple[ChangeState, ...]) -> list[str]:
    """Return the ids of other changes, in given states, that write the same definition."""
    rows = unit.connection.execute(
        sa.select(_P.change_id)
        .join(CHANGES, _C.id == _P.change_id)
        .where(
            _P.kind == part.kind,
            _P.key == part.key,
            _P.change_id != part.change_id,
            _C.state.in_(states),
        )
        .order_by(_P.change_id)
    )
    return list(rows.scalars())


def part(unit: Unit, change_id: str, kind: str, key: str) -> Drafted | None:
    """Return one part."""
    row = unit.connection.execute(sa.select(*PART).where(*_named(_P, change_id, kind, key))).first()
    return None if row is None else Drafted(*row)


def add_part(unit: Unit, part: Drafted, content: bytes) -> None:
    """Store a new part with its first step."""
    unit.connection.execute(PARTS.insert(), vars(part))
    _write(unit, part, content)


def save_part(unit: Unit, part: Drafted, content: bytes | None = None) -> None:
    """Store how far a part is; with content a step, in place of those taken back before."""
    of = (part.change_id, part.kind, part.key)
    unit.connection.execute(PARTS.update().where(*_named(_P, *of)).values(vars(part)))
    if content is None:
        return
    unit.connection.execute(
        STEPS.delete().where(
            *_named(_S, *of),
            sa.or_(_S.no >= part.position, _S.no <= part.position - KEPT_STEPS),
        )
    )
    _write(unit, part, content)


def oldest(unit: Unit, part: Drafted) -> int:
    """Return the number of the oldest step that is still kept."""
    of = _named(_S, part.change_id, part.kind, part.key)
    found: int = unit.connection.execute(sa.select(sa.func.min(_S.no)).where(*of)).scalar_one()
    return found


def content(unit: Unit, part: Drafted) -> bytes:
    """Return what a part holds at its present step."""
    of = _named(_S, part.change_id, part.kind, part.key)
    found: bytes = unit.connection.execute(
        sa.select(_S.content).where(*of, _S.no == part.position)
    ).scalar_one()
    return zlib.decompress(found)


def drop_part(unit: Unit, part: Drafted) -> None:
    """Take a part out of its change, with all its steps."""
    for table in (STEPS, PARTS):
        of = _named(table.c, part.change_id, part.kind, part.key)
        unit.connection.execute(table.delete().where(*of))


def forget_steps(unit: Unit, change_id: str) -> None:
    """Keep of each part only what it holds now: the change is over."""
    for one in parts(unit, change_id):
        of = _named(_S, change_id, one.kind, one.key)
        unit.connection.execute(STEPS.delete().where(*of, _S.no != one.position))


def approvals(unit: Unit, change_id: str) -> list[Approval]:
    """Return what was approved so far, by permission."""
    rows = unit.connection.execute(
        sa.select(APPROVALS).where(_A.change_id == change_id).order_by(_A.permission)
    )
    return [Approval(*row) for row in rows]


def add_approval(unit: Unit, approval: Approval) -> None:
    """Store an approval."""
    unit.connection.execute(APPROVALS.insert(), vars(approval))


def drop_approvals(unit: Unit, change_id: str) -> None:
    """Forget the approvals of a change that was given back; the history keeps them."""
    unit.connection.execute(APPROVALS.delete().where(_A.change_id == change_id))


def _write(unit: Unit, part: Drafted, content: bytes) -> None:
    unit.connection.execute(
        STEPS.insert(),
        {
            "change_id": part.change_id,
            "kind": part.kind,
            "key": part.key,
            "no": part.position,
            "content": zlib.compress(content),
        },
    )


def _named(
    columns: sa.sql.base.ReadOnlyColumnCollection[str, sa.Column[Any]],
    change_id: str,
    kind: str,
    key: str,
) -> tuple[sa.ColumnElement[bool], ...]:
    return columns.change_id == change_id, columns.kind == kind, columns.key == key
