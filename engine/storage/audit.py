"""The history and the proof that it is as it was written: chains, daily anchors, verification."""

import hashlib
import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from engine.domain import events
from engine.domain.events.base import Event
from engine.kernel.canonical import loads
from engine.kernel.crypto import DIGEST, digest
from engine.kernel.errors import Conflict, Unavailable
from engine.storage.base import SQLITE, Moment, metadata
from engine.storage.journal import ALGORITHMS, EVENTS, GENESIS, TAGS, link
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

AT_ONCE = 2000

ANCHORS = sa.Table(
    "anchors",
    metadata,
    sa.Column("day", sa.Date, primary_key=True),
    sa.Column("after_id", sa.BigInteger, nullable=False),
    sa.Column("last_id", sa.BigInteger, nullable=False),
    sa.Column("chains", sa.Integer, nullable=False),
    sa.Column("root", sa.LargeBinary, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
)
_E, _A = EVENTS.c, ANCHORS.c

LENGTH = Prepared(
    sa.select(sa.func.coalesce(sa.func.max(_E.seq), 0)).where(_E.chain == sa.bindparam("chain"))
)
ALL = sa.select(EVENTS).order_by(_E.chain, _E.seq)
NEWEST = sa.select(sa.func.coalesce(sa.func.max(_E.id), 0))
# Numbers are given out before their transactions end, so a greater one may become visible
# first. Every writer locks the number below which it writes none; what lies below all of these
# locks is settled. The sequence is read before the locks, the rows after them.
LAST_GIVEN = sa.text("SELECT last_value - CASE WHEN is_called THEN 0 ELSE 1 END FROM events_id_seq")
LOWEST_LOCKED = sa.text(
    "SELECT min((classid::bigint << 32) | objid::bigint) FROM pg_locks"
    " WHERE locktype = 'advisory' AND objsubid = 1 AND mode = 'ShareLock' AND granted"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


@dataclass(frozen=True)
class StoredEvent:
    """One event as it stands in its chain; `digest` is hexadecimal."""

    id: int
    chain: str
    seq: int
    at: datetime
    by: str
    kind: str
    body: Mapping[str, object]
    digest: str


@dataclass(frozen=True)
class FreshEvent:
    """What a live page needs to know of an event."""

    id: int
    kind: str
    chain: str
    topics: tuple[str, ...]


@dataclass(frozen=True)
class TrailReport:
    """What verification found; `first_bad` names chain, row and what is wrong with it.

    `digest` names the algorithms that the rows were written with, e.g. `sm3`. Rows that were
    forged or cut off at the end of a chain after the last anchor look honest to a digest.
    """

    intact: bool
    chains: int
    events: int
    anchors: int
    first_bad: tuple[str, int, str] | None
    digest: str


@dataclass(frozen=True)
class Anchor:
    """The root over all chains touched since the anchor before it; to be printed and kept apart."""

    day: date
    after_id: int
    last_id: int
    chains: int
    root: str
    at: datetime
    digest: str


def events_of(unit: Unit, chain: str) -> list[StoredEvent]:
    """Return the events of a chain in order."""
    rows = unit.connection.execute(sa.select(EVENTS).where(_E.chain == chain).order_by(_E.seq))
    return [
        StoredEvent(
            id=row.id,
            chain=row.chain,
            seq=row.seq,
            at=row.at,
            by=row.by_id,
            kind=row.kind,
            body=_body(row.body),
            digest=row.digest[1:].hex(),
        )
        for row in rows
    ]


def length(unit: Unit, chain: str) -> int:
    """Return how many events a chain has; asked once a unit."""
    name = ("length", chain)
    if name not in unit.kept:
        row = LENGTH.first(unit.line, chain=chain)
        unit.kept[name] = int(row[0]) if row else 0
    found: int = unit.kept[name]
    return found


def newest(unit: Unit) -> int:
    """Return a number up to which no event will appear any more."""
    if unit.connection.dialect.name == SQLITE:
        return int(unit.connection.execute(NEWEST).scalar_one())
    given = unit.connection.execute(LAST_GIVEN).scalar_one()
    locked = unit.connection.execute(LOWEST_LOCKED).scalar_one()
    return int(given if locked is None else min(given, locked))


def since(unit: Unit, last: int) -> list[FreshEvent]:
    """Return the events after a number, up to `newest`, in the order of their numbers."""
    rows = unit.connection.execute(
        sa.select(_E.id, _E.kind, _E.chain)
        .where(_E.id > last, _E.id <= newest(unit))
        .order_by(_E.id)
    )
    topics = _topics()
    return [FreshEvent(row.id, row.kind, row.chain, topics.get(row.kind, ())) for row in rows]


def anchor(unit: Unit, day: date) -> Anchor:
    """Store and return the anchor of a day: everything since the last one, bound to it.

    Raises Conflict `audit.anchored` when the day has one, or a later day has.
    """
    last = unit.connection.execute(sa.select(ANCHORS).order_by(_A.day.desc()).limit(1)).first()
    if last is not None and last.day >= day:
        raise Conflict("audit.anchored", day=last.day.isoformat())
    after_id = last.last_id if last is not None else 0
    last_id = max(newest(unit), after_id)
    heads = _heads(unit, after_id, last_id)
    root = _merkle(heads, DIGEST)
    sealed = _seal(
        last.digest if last is not None else GENESIS, day, after_id, last_id, unit.at, root, DIGEST
    )
    values = {
        "day": day,
        "after_id": after_id,
        "last_id": last_id,
        "chains": len(heads),
        "root": root,
        "at": unit.at,
        "digest": sealed,
    }
    unit.connection.execute(ANCHORS.insert(), values)
    return Anchor(day, after_id, last_id, len(heads), root.hex(), unit.at, sealed[1:].hex())


def anchors(unit: Unit) -> list[Anchor]:
    """Return all anchors, the oldest first."""
    rows = unit.connection.execute(sa.select(ANCHORS).order_by(_A.day))
    return [
        Anchor(
            row.day,
            row.after_id,
            row.last_id,
            row.chains,
            row.root.hex(),
            row.at,
            row.digest[1:].hex(),
        )
        for row in rows
    ]


def verify(unit: Unit) -> TrailReport:
    """Recompute every chain and every anchor, by numbers and never by clock.

    `first_bad` says of the first bad row: `missing` (a number is left out), `repeated`,
    `altered` (its digest is not that of its content and of the row before) or, of an anchor,
    `anchor_altered`, `anchor_gap` or `anchor_differs` (chains are not what it saw; the row is the
    number of the first day that differs). Raises Unavailable `audit.digest_unknown` when
    this machine cannot compute the digest of a row.
    """
    chains = told = 0
    names: set[str] = set()
    bad: tuple[str, int, str] | None = None
    chain, seq, previous = "", 0, GENESIS
    with unit.connection.execute(ALL, execution_options={"yield_per": AT_ONCE}) as rows:
        for row in rows:
            if row.chain != chain:
                chain, seq, previous = row.chain, 0, GENESIS
                chains += 1
            told += 1
            bad = bad or _fault(row, seq, previous)
            names.add(_algorithm(row.digest) or "")
            seq, previous = row.seq, row.digest
    found, count = _check_anchors(unit)
    bad = bad or found
    named = ",".join(sorted(names - {""})) or DIGEST
    return TrailReport(bad is None, chains, told, count, bad, named)


def _fault(row: Any, seq: int, previous: bytes) -> tuple[str, int, str] | None:
    if row.seq != seq + 1:
        return row.chain, seq + 1, "missing" if row.seq > seq else "repeated"
    name = _algorithm(row.digest)
    if name is None:
        return row.chain, row.seq, "altered"
    body = row.body.encode()
    right = link(previous, row.chain, row.seq, row.at, row.by_id, row.kind, body, name)
    return None if right == row.digest else (row.chain, row.seq, "altered")


def _algorithm(stored: bytes) -> str | None:
    name = ALGORITHMS.get(stored[0]) if stored else None
    if name is not None and name not in hashlib.algorithms_available:
        raise Unavailable("audit.digest_unknown", name=name)
    return name


def _check_anchors(unit: Unit) -> tuple[tuple[str, int, str] | None, int]:
    previous, after_id, count = GENESIS, 0, 0
    for row in unit.connection.execute(sa.select(ANCHORS).order_by(_A.day)).all():
        count += 1
        place = f"anchor:{row.day.isoformat()}"
        name = _algorithm(row.digest)
        right = name and _seal(previous, row.day, row.after_id, row.last_id, row.at, row.root, name)
        if right != row.digest or name is None:
            return (place, count, "anchor_altered"), count
        if row.after_id != after_id:
            return (place, count, "anchor_gap"), count
        heads = _heads(unit, row.after_id, row.last_id)
        if len(heads) != row.chains or _merkle(heads, name) != row.root:
            return (place, count, "anchor_differs"), count
        previous, after_id = row.digest, row.last_id
    return None, count


def _heads(unit: Unit, after_id: int, last_id: int) -> list[tuple[str, int, bytes]]:
    within = (
        sa.select(_E.chain, sa.func.max(_E.seq).label("seq"))
        .where(_E.id > after_id, _E.id <= last_id)
        .group_by(_E.chain)
        .subquery()
    )
    rows = unit.connection.execute(
        sa.select(_E.chain, _E.seq, _E.digest).join(
            within, sa.and_(within.c.chain == _E.chain, within.c.seq == _E.seq)
        )
    )
    # Sorted here: the two databases put letters in different orders.
    return sorted((row.chain, row.seq, row.digest) for row in rows)


def _merkle(heads: list[tuple[str, int, bytes]], name: str) -> bytes:
    """Return the root of a binary tree over the heads; leaves and nodes are told apart."""
    level = [
        digest(b"leaf", chain.encode(), str(seq).encode(), sealed, name=name)
        for chain, seq, sealed in heads
    ] or [digest(b"empty", name=name)]
    while len(level) > 1:
        pairs = [level[i : i + 2] for i in range(0, len(level), 2)]
        level = [digest(b"node", *pair, name=name) for pair in pairs]
    return level[0]


def _seal(
    previous: bytes, day: date, after_id: int, last_id: int, at: datetime, root: bytes, name: str
) -> bytes:
    parts = (day.isoformat(), str(after_id), str(last_id), at.isoformat(timespec="microseconds"))
    return TAGS[name] + digest(previous, *(part.encode() for part in parts), root, name=name)


def _body(text: str) -> Mapping[str, object]:
    body = loads(text.encode())
    if not isinstance(body, dict):
        raise TypeError("the body of an event is a mapping")
    return body


@cache
def _topics() -> Mapping[str, tuple[str, ...]]:
    # Whoever asks may not have used every room of the events, and still meets what others wrote.
    for room in pkgutil.iter_modules(events.__path__):
        importlib.import_module(f"{events.__name__}.{room.name}")
    found: dict[str, tuple[str, ...]] = {}
    kinds: list[type[Event]] = [Event]
    while kinds:
        kind = kinds.pop()
        found[kind.__name__] = kind.topics
        kinds += kind.__subclasses__()
    return found
