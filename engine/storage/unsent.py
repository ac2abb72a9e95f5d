"""What people have typed and not sent yet, sealed, one row for each person and place."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.storage.base import Moment, metadata
from engine.storage.statements import INSERTS, Prepared
from engine.storage.unit import Unit

UNSENT = sa.Table(
    "unsent",
    metadata,
    sa.Column("official_id", sa.String(64), sa.ForeignKey("officials.id"), primary_key=True),
    sa.Column("place", sa.String(100), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Column("kept_at", Moment, nullable=False, index=True),
)
_U = UNSENT.c
FIND = Prepared(
    sa.select(_U.content, _U.kept_at).where(
        _U.official_id == sa.bindparam("official_id"), _U.place == sa.bindparam("place")
    )
)


def _keep(name: str) -> Any:
    put = INSERTS[name](UNSENT)
    fresh = {column: put.excluded[column] for column in ("content", "kept_at")}
    row = {column.name: sa.bindparam(column.name, type_=column.type) for column in UNSENT.c}
    return put.values(row).on_conflict_do_update(
        index_elements=["official_id", "place"], set_=fresh
    )


KEEP = Prepared(_keep)


@dataclass(frozen=True)
class UnsentRow:
    """Sealed content and when it was kept."""

    content: bytes
    kept_at: datetime


def keep(unit: Unit, official_id: str, place: str, content: bytes) -> None:
    """Store what was typed at a place; it replaces what was there."""
    row = {"official_id": official_id, "place": place, "content": content, "kept_at": unit.at}
    KEEP.run(unit.line, row)


def find(unit: Unit, official_id: str, place: str) -> UnsentRow | None:
    """Return what somebody typed at a place, None for nothing."""
    row = FIND.first(unit.line, official_id=official_id, place=place)
    return None if row is None else UnsentRow(*row)


def drop(unit: Unit, official_id: str, place: str) -> None:
    """Forget what somebody typed at a place."""
    unit.connection.execute(UNSENT.delete().where(_U.official_id == official_id, _U.place == place))


def drop_before(unit: Unit, moment: datetime) -> int:
    """Forget all that was kept before `moment`; return how many rows that were."""
    return unit.connection.execute(UNSENT.delete().where(_U.kept_at < moment)).rowcount
