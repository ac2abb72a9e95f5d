"""Definitions in versions: processes, forms and decision tables, from publication to withdrawal."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from engine.domain.versions import Period, VersionState, held
from engine.kernel.errors import Conflict
from engine.storage.base import Moment, RowNumber, Word, metadata
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
    sa.Column("effective_to", sa.Date),
    sa.Column("state", Word(VersionState), nullable=False, server_default="published"),
    sa.Column("author", sa.String(64), nullable=False, server_default=""),
    sa.Column("second", sa.String(64)),
    sa.Column("note", sa.Text, nullable=False, server_default=""),
    # The day stands before the number, so that the index alone tells what is in force.
    sa.Index("ix_definitions_in_force", "kind", "key", "effective_from", "id"),
    sqlite_autoincrement=True,
)
_D = DEFINITIONS.c
_PUBLISHED = _D.state == sa.literal_column("'published'")

PERIODS = Prepared(
    sa.select(_D.id, _D.version, _D.effective_from, _D.effective_to, _D.published_at)
    .where(_D.kind == sa.bindparam("kind"), _D.key == sa.bindparam("key"), _PUBLISHED)
    .order_by(_D.effective_from, _D.id)
)
CONTENT = Prepared(
    sa.select(_D.content)
    .where(
        _D.kind == sa.bindparam("kind"),
        _D.key == sa.bindparam("key"),
        _D.version == sa.bindparam("version"),
    )
    .limit(1)
)


@dataclass(frozen=True)
class Version:
    """One row of the life of a definition; `no` is its number, `note` its legal ground.

    `effective_to` is the last day that was stated, not the one before a later version.
    """

    no: int
    kind: str
    key: str
    version: str
    state: VersionState
    effective_from: date
    effective_to: date | None
    author: str
    second: str | None
    published_by: str
    published_at: datetime
    note: str

    @property
    def period(self) -> Period:
        """The days for which it was published or is meant."""
        return Period(
            self.no, self.version, self.effective_from, self.effective_to, self.published_at
        )


VERSION = (_D.id, *(_D[field.name] for field in fields(Version)[1:]))


def publish(
    unit: Unit,
    kind: str,
    key: str,
    version: str,
    source: bytes,
    effective_from: date,
    effective_to: date | None = None,
    *,
    author: str | None = None,
    second: str | None = None,
    note: str = "",
) -> int:
    """Store a version for its days and return its number; an older one may come back that way.

    Without an `author` it is who acts.
    Whether the days are free is for the caller to ask (`refuse_clash`). Raises Conflict
    `definition.other_content` when this version is known with other content.
    """
    known = content(unit, kind, key, version)
    if known is not None and known != source:
        raise Conflict("definition.other_content", kind=kind, key=key, version=version)
    return _stored(
        unit,
        {
            "kind": kind,
            "key": key,
            "version": version,
            "content": source,
            "effective_from": effective_from,
            "effective_to": effective_to,
            "state": VersionState.PUBLISHED,
            "author": author or unit.by.id,
            "second": second,
            "note": note,
            "published_at": unit.at,
            "published_by": unit.by.id,
        },
    )


def withdraw(unit: Unit, no: int) -> None:
    """Store that a version never comes into force."""
    unit.connection.execute(
        DEFINITIONS.update().where(_D.id == no).values(state=VersionState.WITHDRAWN)
    )
    unit.kept.clear()


def end(unit: Unit, no: int, last: date) -> None:
    """Store the last day on which a version holds."""
    unit.connection.execute(DEFINITIONS.update().where(_D.id == no).values(effective_to=last))
    unit.kept.clear()


def periods(unit: Unit, kind: str, key: str) -> tuple[Period, ...]:
    """Return the published periods of a definition in the order of their first days."""
    name = ("periods", kind, key)
    if name not in unit.kept:
        unit.kept[name] = tuple(Period(*row) for row in PERIODS.rows(unit.line, kind=kind, key=key))
    found: tuple[Period, ...] = unit.kept[name]
    return found


def in_force(unit: Unit, kind: str, key: str, day: date) -> str | None:
    """Return the version that holds on a day: the latest first day, then the latest act."""
    found = held(periods(unit, kind, key), day)
    return None if found is None else found.version


def all_in_force(unit: Unit, kind: str, day: date) -> Mapping[str, str]:
    """Return the version in force on a day of every key of a kind."""
    keys = unit.connection.execute(
        sa.select(_D.key).where(_D.kind == kind, _PUBLISHED).distinct().order_by(_D.key)
    ).scalars()
    found = {key: in_force(unit, kind, key, day) for key in keys.all()}
    return {key: version for key, version in found.items() if version is not None}


def keys(unit: Unit, kind: str) -> frozenset[str]:
    """Return the keys of a kind of which any version is stored, in whatever state."""
    return frozenset(
        unit.connection.execute(sa.select(_D.key).where(_D.kind == kind).distinct()).scalars()
    )


def content(unit: Unit, kind: str, key: str, version: str) -> bytes | None:
    """Return the content of one version, None when nobody ever wrote it."""
    row = CONTENT.first(unit.line, kind=kind, key=key, version=version)
    return None if row is None else bytes(row[0])


def sources_in_force(unit: Unit, kind: str, day: date) -> dict[str, bytes]:
    """Return the content of everything of a kind that is in force on a day, by key."""
    found = {
        key: content(unit, kind, key, version)
        for key, version in all_in_force(unit, kind, day).items()
    }
    return {key: source for key, source in found.items() if source is not None}


def versions(unit: Unit, kind: str | None = None, key: str | None = None) -> list[Version]:
    """Return versions in all states by kind and key, of each the newest days first."""
    wanted = [_D[name] == value for name, value in (("kind", kind), ("key", key)) if value]
    rows = unit.connection.execute(
        sa.select(*VERSION)
        .where(*wanted)
        .order_by(_D.kind, _D.key, _D.effective_from.desc(), _D.id.desc())
    )
    return [Version(*row) for row in rows]


def _stored(unit: Unit, values: Mapping[str, object]) -> int:
    done = unit.connection.execute(DEFINITIONS.insert().values(values))
    unit.kept.clear()
    number: Any = done.inserted_primary_key
    return int(number[0])
