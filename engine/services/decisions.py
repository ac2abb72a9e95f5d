"""Whether the stored decisions are those that their facts and their tables give."""

from collections.abc import Mapping
from dataclasses import dataclass

from engine.decisions.decide import explain
from engine.kernel.errors import HallError
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage.cases import StoredDecision
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Differing:
    """A stored decision that its facts and version do not give again.

    `because` is `outcome`, `rows`, `facts` (not as a decision keeps them) or the code of the
    error that recomputing ended in; `now` is what they give, empty after an error.
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
    """How many decisions were decided again, and those that differ."""

    decisions: int
    differing: tuple[Differing, ...]


def recompute(hall: Hall) -> Recomputed:
    """Decide every stored decision again, by the reference alone, and name those that differ."""
    count = 0
    differing = []
    with hall.reading() as unit:
        for stored in cases.every_decision(unit):
            count += 1
            found = _differing(hall, unit, stored)
            if found is not None:
                differing.append(found)
    return Recomputed(count, tuple(differing))


def _differing(hall: Hall, unit: Unit, stored: StoredDecision) -> Differing | None:
    kept = {"outcome": stored.outcome, "rows": stored.rows, "facts": stored.facts}
    try:
        again = explain(hall.library.table(unit, stored.table, stored.version), stored.facts)
    except HallError as error:
        return _named(stored, error.code, kept, {})
    now = {"outcome": again.outcome, "rows": again.rows, "facts": again.facts}
    because = next((part for part, value in now.items() if value != kept[part]), None)
    return None if because is None else _named(stored, because, kept, now)


def _named(
    stored: StoredDecision, because: str, kept: Mapping[str, object], now: Mapping[str, object]
) -> Differing:
    return Differing(stored.id, stored.case_id, stored.table, stored.version, because, kept, now)
