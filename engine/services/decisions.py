"""Whether the stored decisions are those that were made, and that their tables give again."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.decisions.decide import explain
from engine.kernel.canonical import dumps, loads
from engine.kernel.errors import HallError
from engine.services.hall import Hall
from engine.storage import decisions
from engine.storage.decisions import Record, Witness
from engine.storage.unit import Unit

PARTS = ("facts", "rows", "outcome", "legal_basis")


@dataclass(frozen=True)
class Differing:
    """A decision that is not as it was made, or that its facts and version do not give again.

    `because` is what was altered or comes out otherwise: `facts`, `table`, `version`, `rows`,
    `outcome`, `legal_basis`, `record` (moment, task, case or spelling), `missing` (the row is
    gone), `unknown` (no event made it), `event` (the event that seals it was altered), or the code
    of the error that deciding again ended in, e.g. `definition.altered`. `stored` is what stands
    in the database, `now` what facts and version give; each is empty where there is none.
    """

    id: str
    case_id: str
    table: str
    version: str
    because: str
    stored: Mapping[str, object]
    now: Mapping[str, object]


@dataclass(frozen=True)
class Recomputed:
    """How many decisions were stored or sealed, and those that differ."""

    decisions: int
    differing: tuple[Differing, ...]


def recompute(hall: Hall) -> Recomputed:
    """Compare every decision with the history and decide it again, by the reference alone.

    Three must agree: the row, the digests in the chain of the case, and what facts and version
    give. The whole chain is proved by `audit.verify_trail`, which names events that are gone.
    """
    count = 0
    differing: dict[str, Differing] = {}
    with hall.reading() as unit:
        for witness, record in decisions.witnessed(unit):
            count += 1
            found = _differing(hall, unit, witness, record)
            if found is not None:
                differing.setdefault(found.id, found)
        for one in _unknown(unit):
            count += 1
            differing.setdefault(one.id, one)
    return Recomputed(count, tuple(differing.values()))


def _differing(hall: Hall, unit: Unit, witness: Witness, record: Record | None) -> Differing | None:
    if not witness.intact:
        return _named(witness, "event", record)
    if record is None:
        return _named(witness, "missing", None)
    altered = _altered(witness, record)
    if altered is not None:
        return _named(witness, altered, record)
    facts = loads(record.facts.encode())
    if not isinstance(facts, dict):
        return _named(witness, "facts", record)
    try:
        again = explain(hall.library.table(unit, record.table, record.version), facts)
    except HallError as error:
        return _named(witness, error.code, record)
    now = {part: getattr(again, part) for part in PARTS}
    because = next((part for part in PARTS if _text(now[part]) != getattr(record, part)), None)
    if because is None and record.seal(witness.name) != witness.record_digest:
        because = "record"
    return None if because is None else _named(witness, because, record, now)


def _altered(witness: Witness, record: Record) -> str | None:
    """What stands otherwise in the row than in the event, as far as that can be told."""
    if record.facts_seal(witness.name) != witness.facts_digest:
        return "facts"
    for part in ("table", "version"):
        if getattr(record, part) != getattr(witness, part):
            return part
    return "rows" if record.rows != _text(witness.rows) else None


def _unknown(unit: Unit) -> Iterator[Differing]:
    for record in decisions.unwitnessed(unit):
        yield Differing(
            str(record.id),
            str(record.case_id),
            str(record.table),
            str(record.version),
            "unknown",
            _shown(record),
            {},
        )


def _named(
    witness: Witness,
    because: str,
    record: Record | None,
    now: Mapping[str, object] | None = None,
) -> Differing:
    stored = {} if record is None else _shown(record)
    return Differing(
        witness.id, witness.case_id, witness.table, witness.version, because, stored, now or {}
    )


def _shown(record: Record) -> Mapping[str, object]:
    return {part: _read(getattr(record, part)) for part in PARTS}


def _read(text: object) -> object:
    try:
        return loads(text.encode()) if isinstance(text, str) else repr(text)
    except (ValueError, ArithmeticError, TypeError):
        return ascii(text)


def _text(value: object) -> str:
    return dumps(value).decode()
