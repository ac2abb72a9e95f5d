"""What a unit of work writes down at its end: history, jobs and answers already given."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

import sqlalchemy as sa

from engine.domain.events.base import Event
from engine.kernel.canonical import dumps
from engine.kernel.crypto import DIGEST, digest
from engine.storage.base import SQLITE, Moment, Plain, RowNumber, metadata, moment_text
from engine.storage.statements import INSERTS, Line, Prepared, insert_into

EVENTS = sa.Table(
    "events",
    metadata,
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("chain", sa.String(160), nullable=False),
    sa.Column("seq", sa.Integer, nullable=False),
    sa.Column("at", Moment, nullable=False),
    sa.Column("by_id", sa.String(64), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.UniqueConstraint("chain", "seq"),
    sqlite_autoincrement=True,
)

JOBS = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("lane", sa.String(16), nullable=False),
    sa.Column("kind", sa.String(64), nullable=False),
    sa.Column("key", sa.String(200), nullable=False),
    sa.Column("payload", Plain, nullable=False),
    sa.Column("case_id", sa.String(64)),
    sa.Column("due_at", Moment, nullable=False),
    sa.Column("state", sa.String(16), nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("lease_until", Moment),
    sa.Column("leased_by", sa.String(64)),
    sa.Column("last_error", sa.Text),
    sa.Column("created_at", Moment, nullable=False),
    sa.Column("closed_at", Moment),
    sa.UniqueConstraint("kind", "key"),
)
# Lane first and "closed_at IS NULL" to the letter in the query, or SQLite scans the table.
sa.Index(
    "ix_jobs_open",
    JOBS.c.lane,
    JOBS.c.due_at,
    JOBS.c.id,
    sqlite_where=JOBS.c.closed_at.is_(None),
    postgresql_where=JOBS.c.closed_at.is_(None),
)

REQUESTS = sa.Table(
    "requests",
    metadata,
    sa.Column("key", sa.String(200), primary_key=True),
    sa.Column("answer", Plain, nullable=False),
    sa.Column("at", Moment, nullable=False),
)

# The first byte of a stored digest names its algorithm, so that a database may move to a
# machine that knows another one.
ALGORITHMS = {1: "sm3", 2: "sha256"}
TAGS = {name: bytes([tag]) for tag, name in ALGORITHMS.items()}
GENESIS = b""

# Spaces of PostgreSQL's advisory locks (two-integer keys).
CHAIN_LOCKS, REQUEST_LOCKS = 1, 2

HEAD = Prepared(
    sa.select(EVENTS.c.seq, EVENTS.c.digest)
    .where(EVENTS.c.chain == sa.bindparam("chain"))
    .order_by(EVENTS.c.seq.desc())
    .limit(1)
)
ADD_EVENT = Prepared(insert_into(EVENTS, "chain", "seq", "at", "by_id", "kind", "body", "digest"))
JOB = ("lane", "kind", "key", "payload", "case_id", "due_at", "state", "attempts", "created_at")
ADD_JOB = Prepared(
    lambda name: (
        INSERTS[name](JOBS)
        .values({column: sa.bindparam(column, type_=JOBS.c[column].type) for column in JOB})
        .on_conflict_do_nothing(index_elements=["kind", "key"])
    )
)
ANSWER = Prepared(insert_into(REQUESTS, "key", "answer", "at"))
ANSWERED = Prepared(sa.select(REQUESTS.c.answer).where(REQUESTS.c.key == sa.bindparam("key")))
# Locks the chains for this transaction; then notes, for readers of fresh events, the number
# below which this transaction writes none (see `audit.newest`).
LOCK_CHAINS = Prepared(
    sa.text(
        "SELECT (SELECT count(pg_advisory_xact_lock(:space, key))"
        " FROM unnest(CAST(:keys AS int[])) AS key),"
        " (SELECT pg_advisory_xact_lock_shared(last_value - CASE WHEN is_called THEN 0 ELSE 1 END)"
        " FROM events_id_seq)"
    )
)
LOCK_REQUEST = Prepared(sa.text("SELECT pg_advisory_xact_lock(:space, :key)"))


@dataclass(frozen=True)
class NewJob:
    """A job to be written in the commit of the unit that asks for it."""

    lane: str
    kind: str
    key: str
    payload: Mapping[str, object]
    due_at: datetime
    case_id: str | None


def link(
    previous: bytes,
    chain: str,
    seq: int,
    at: datetime,
    by_id: str,
    kind: str,
    body: bytes,
    name: str = DIGEST,
) -> bytes:
    """Return the tagged digest of one event over the digest before it in its chain."""
    parts = (chain, str(seq), moment_text(at), by_id, kind)
    return TAGS[name] + digest(previous, *(part.encode() for part in parts), body, name=name)


def append(line: Line, at: datetime, by_id: str, new: Sequence[Event]) -> None:
    """Chain and store events: one look at the head of each chain, one insert for all."""
    chains = {event.chain for event in new}
    _lock_chains(line, chains)
    heads = {chain: HEAD.first(line, chain=chain) or (0, GENESIS) for chain in chains}
    rows = []
    for event in new:
        chain, body = event.chain, dumps(event.body())
        seq, previous = heads[chain]
        sealed = link(previous, chain, seq + 1, at, by_id, event.kind, body)
        heads[chain] = seq + 1, sealed
        rows.append(
            {
                "chain": chain,
                "seq": seq + 1,
                "at": at,
                "by_id": by_id,
                "kind": event.kind,
                "body": body.decode(),
                "digest": sealed,
            }
        )
    ADD_EVENT.run_many(line, rows)


def _lock_chains(line: Line, chains: Iterable[str]) -> None:
    # SQLite has one writer at a time. Elsewhere two units may add to one chain, and both
    # would follow the same head; locked in one order, they cannot wait for each other.
    if line.dialect.name != SQLITE:
        keys = sorted({lock_key(chain) for chain in chains})
        LOCK_CHAINS.first(line, space=CHAIN_LOCKS, keys=keys)


def write_jobs(line: Line, at: datetime, new: Sequence[NewJob]) -> None:
    """Store jobs; one whose kind and key are known already is left as it is."""
    # In one order in every unit, so that two units cannot wait for each other.
    in_order = sorted(new, key=lambda job: (job.kind, job.key))
    fresh = {"state": "waiting", "attempts": 0, "created_at": at}
    ADD_JOB.run_many(line, [vars(job) | fresh for job in in_order])


def answered(line: Line, key: str) -> object | None:
    """Return the answer already given to a request, after any twin in flight has ended."""
    if line.dialect.name != SQLITE:
        LOCK_REQUEST.first(line, space=REQUEST_LOCKS, key=lock_key(key))
    row = ANSWERED.first(line, key=key)
    return row[0] if row else None


def lock_key(name: str) -> int:
    """Return the 32-bit key under which PostgreSQL locks a name."""
    short = blake2b(name.encode(), digest_size=4).digest()
    return int.from_bytes(short, "big", signed=True)
