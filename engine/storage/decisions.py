"""Stored decisions beside the events that seal them, read in pieces to be compared."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from engine.domain.events.cases import DecisionMade
from engine.kernel.canonical import dumps, loads
from engine.kernel.crypto import DIGEST, digest
from engine.storage.base import SQLITE, moment_text
from engine.storage.case_rows import DECISIONS
from engine.storage.journal import ALGORITHMS, EVENTS, GENESIS, link
from engine.storage.unit import Unit

AT_ONCE = 500
KIND = DecisionMade.__name__
_D, _E = DECISIONS.c, EVENTS.c
_BEFORE = EVENTS.alias("before")


@dataclass(frozen=True)
class Record:
    """A stored decision as its columns spell it, unread: a forger may have written anything."""

    id: Any
    case_id: Any
    task_id: Any
    table: Any
    version: Any
    facts: Any
    outcome: Any
    rows: Any
    at: Any
    legal_basis: Any

    def seal(self, name: str) -> str:
        """Return the digest over all columns; empty when one is no text."""
        texts = [getattr(self, field.name) for field in fields(self)]
        return _seal(name, *texts) if all(isinstance(text, str) for text in texts) else ""

    def facts_seal(self, name: str) -> str:
        """Return the digest over the facts; empty when they are no text."""
        return _seal(name, self.facts) if isinstance(self.facts, str) else ""


@dataclass(frozen=True)
class Witness:
    """What the history says of a decision, and whether the event itself is as it was written.

    `name` is the digest's algorithm. Whether the whole chain is, `audit.verify` says.
    """

    id: str
    case_id: str
    table: str
    version: str
    rows: tuple[object, ...]
    facts_digest: str
    record_digest: str
    name: str
    intact: bool


RECORD = tuple(_D[field.name] for field in fields(Record))


def made(row: Mapping[str, Any]) -> DecisionMade:
    """Return the event that seals a row of the table of decisions."""
    facts = dumps(dict(row["facts"])).decode()
    texts = (
        row["id"],
        row["case_id"],
        row["task_id"],
        row["table"],
        row["version"],
        facts,
        dumps(dict(row["outcome"])).decode(),
        dumps(list(row["rows"])).decode(),
        moment_text(row["at"]),
        dumps(list(row["legal_basis"])).decode(),
    )
    return DecisionMade(
        case_id=row["case_id"],
        decision_id=row["id"],
        task_id=row["task_id"],
        table=row["table"],
        version=row["version"],
        rows=row["rows"],
        facts_digest=_seal(DIGEST, facts),
        record_digest=_seal(DIGEST, *texts),
    )


def witnessed(unit: Unit) -> Iterator[tuple[Witness, Record | None]]:
    """Yield every decision that the history knows, with its row or None when that is gone."""
    joined = EVENTS.outerjoin(
        _BEFORE, sa.and_(_BEFORE.c.chain == _E.chain, _BEFORE.c.seq == _E.seq - 1)
    )
    events = (
        sa.select(EVENTS, _BEFORE.c.digest.label("previous"))
        .select_from(joined)
        .where(_E.kind == KIND)
        .order_by(_E.id)
    )
    with unit.connection.execute(events, execution_options={"yield_per": AT_ONCE}) as rows:
        for some in rows.partitions(AT_ONCE):
            witnesses = [_witness(row) for row in some]
            stored = _records(unit, {one.id for one in witnesses})
            for one in witnesses:
                yield one, stored.get(one.id)


def unwitnessed(unit: Unit) -> Iterator[Record]:
    """Yield every stored decision that no event in the chain of its case speaks of."""
    ids = sa.select(_D.id, _D.case_id).order_by(_D.id)
    with unit.connection.execute(ids, execution_options={"yield_per": AT_ONCE}) as rows:
        for some in rows.partitions(AT_ONCE):
            known = _known(unit, {f"case:{row.case_id}" for row in some})
            lost = {row.id for row in some} - known
            if lost:
                yield from _records(unit, lost).values()


def _known(unit: Unit, chains: Iterable[str]) -> set[str]:
    bodies = unit.connection.execute(
        sa.select(_E.body).where(_E.chain.in_(list(chains)), _E.kind == KIND)
    ).scalars()
    return {str(_body(body).get("decision_id")) for body in bodies}


def _records(unit: Unit, ids: Iterable[str]) -> dict[str, Record]:
    columns = _bytes() if unit.connection.dialect.name == SQLITE else _texts()
    rows = unit.connection.execute(sa.select(_D.id, *columns).where(_D.id.in_(list(ids))))
    return {row.id: _record(row) for row in rows}


# The columns as they are stored: nothing is parsed before its digest was compared.


def _texts() -> Sequence[sa.ColumnElement[Any]]:
    return [sa.type_coerce(column, sa.Text) for column in RECORD[1:]]


def _bytes() -> Sequence[sa.ColumnElement[Any]]:
    """SQLite keeps anything in any column, and its driver fails on text that is no UTF-8."""
    return [
        sa.case((sa.func.typeof(column) == "text", sa.cast(column, sa.LargeBinary)))
        for column in RECORD[1:]
    ]


def _record(row: Any) -> Record:
    return Record(*(_text(value) for value in row))


def _text(value: object) -> object:
    match value:
        case datetime():
            return moment_text(value)
        case bytes():
            return value.decode(errors="surrogateescape")
    return value


def _witness(row: Any) -> Witness:
    name = ALGORITHMS.get(row.digest[0], DIGEST) if row.digest else DIGEST
    body, before = row.body.encode(), row.previous or GENESIS
    sealed = link(before, row.chain, row.seq, row.at, row.by_id, row.kind, body, name)
    said = _body(row.body)
    rows = said.get("rows")
    return Witness(
        id=str(said.get("decision_id", f"{row.chain}#{row.seq}")),
        case_id=str(said.get("case_id", "")),
        table=str(said.get("table", "")),
        version=str(said.get("version", "")),
        rows=tuple(rows) if isinstance(rows, list) else (),
        facts_digest=str(said.get("facts_digest", "")),
        record_digest=str(said.get("record_digest", "")),
        name=name,
        intact=sealed == row.digest,
    )


def _body(text: str) -> Mapping[str, object]:
    try:
        body = loads(text.encode())
    except (ValueError, ArithmeticError, TypeError):
        return {}
    return body if isinstance(body, dict) else {}


def _seal(name: str, *texts: str) -> str:
    return digest(*(text.encode(errors="surrogateescape") for text in texts), name=name).hex()
