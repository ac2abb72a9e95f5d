"""Published definitions: processes, forms and decision tables, each in versions with a day."""

from collections.abc import Mapping
from datetime import date

import sqlalchemy as sa

from engine.kernel.errors import Conflict
from engine.storage.base import Moment, RowNumber, metadata
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

DEFINITIONS = sa.Table(
    "definitions",
    metadata,
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(120), nullable=False),
    sa.Column("version", sa.String(64), nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("effective_from", sa.Date, nullable=False),
    sa.Column("published_at", Moment, nullable=False),
    sa.Column("published_by", sa.String(64), nullable=False),
    # The day stands before the number, so that the index alone tells what is in force.
    sa.Index("ix_definitions_in_force", "kind", "key", "effective_from", "id"),
    sqlite_autoincrement=True,
)
_D = DEFINITIONS.c

IN_FORCE = Prepared(
    sa.select(_D.version, _D.content)
    .where(
        _D.kind == sa.bindparam("kind"),
        _D.key == sa.bindparam("key"),
        _D.effective_from <= sa.bindparam("day"),
    )
    .order_by(_D.effective_from.desc(), _D.id.desc())
    .limit(1)
)


def publish(
    unit: Unit, kind: str, key: str, version: str, content: bytes, effective_from: date
) -> None:
    """Put a version in force from a day on; an older version may come back that way.

    Raises Conflict `definition.other_content` when this version is known with other content.
    """
    known = _known(unit, kind, key, version)
    if known is not None and known != content:
        raise Conflict("definition.other_content", kind=kind, key=key, version=version)
    unit.connection.execute(
        DEFINITIONS.insert(),
        {
            "kind": kind,
            "key": key,
            "version": version,
            "content": content,
            "effective_from": effective_from,
            "published_at": unit.at,
            "published_by": unit.by.id,
        },
    )
    unit.kept.clear()


def in_force(unit: Unit, kind: str, key: str, day: date) -> tuple[str, bytes] | None:
    """Return version and content of what holds on a day: the latest day, then the latest act."""
    name = ("in_force", kind, key, day)
    if name not in unit.kept:
        row = IN_FORCE.first(unit.line, kind=kind, key=key, day=day)
        unit.kept[name] = None if row is None else (row[0], row[1])
    found: tuple[str, bytes] | None = unit.kept[name]
    return found


def content(unit: Unit, kind: str, key: str, version: str) -> bytes | None:
    """Return the content of one version, None when it was never published."""
    return _known(unit, kind, key, version)


def versions(unit: Unit, kind: str, key: str) -> list[tuple[str, date]]:
    """Return every version with the day it came into force, the newest first."""
    rows = unit.connection.execute(
        sa.select(_D.version, _D.effective_from)
        .where(_D.kind == kind, _D.key == key)
        .order_by(_D.effective_from.desc(), _D.id.desc())
    )
    return [(row.version, row.effective_from) for row in rows]


def all_in_force(unit: Unit, kind: str, day: date) -> Mapping[str, str]:
    """Return the version in force on a day of every key of a kind."""
    rows = unit.connection.execute(
        sa.select(_D.key, _D.version)
        .where(_D.kind == kind, _D.effective_from <= day)
        .order_by(_D.key, _D.effective_from, _D.id)
    )
    return {row.key: row.version for row in rows}


def _known(unit: Unit, kind: str, key: str, version: str) -> bytes | None:
    return unit.connection.execute(
        sa.select(_D.content).where(_D.kind == kind, _D.key == key, _D.version == version).limit(1)
    ).scalar_one_or_none()
