"""Hit policies: what the rows that hit add up to (DMN 1.5, 8.2.10 and 8.2.11)."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.decisions.model import Aggregation, HitPolicy
from engine.feel.evaluation import NoValue
from engine.feel.values import NUMBERS, compare, equal
from engine.kernel.errors import Conflict


@dataclass(frozen=True)
class Hit:
    """A row that hit: its place in the table, its id and the values of its outputs."""

    place: int
    id: str
    values: tuple[object, ...]


def choose(
    policy: HitPolicy, hits: Sequence[Hit], orders: Sequence[Sequence[object]] = ()
) -> tuple[Hit, ...]:
    """Return the rows that make the outcome, in its order; `hits` come in table order.

    `orders` are the allowed values of each output, highest priority first. Raises Conflict
    `decision.not_unique` and `decision.not_common` (rows): a guess would be silent.
    """
    if not hits:
        return ()
    match policy:
        case HitPolicy.UNIQUE:
            if len(hits) > 1:
                raise Conflict("decision.not_unique", rows=[hit.id for hit in hits])
            return tuple(hits)
        case HitPolicy.ANY:
            for hit in hits[1:]:
                if not _same(hit.values, hits[0].values):
                    raise Conflict("decision.not_common", rows=[hits[0].id, hit.id])
            return tuple(hits)
        case HitPolicy.FIRST:
            return (hits[0],)
        case HitPolicy.PRIORITY:
            return (min(hits, key=lambda hit: _rank(hit, orders)),)
        case HitPolicy.OUTPUT_ORDER:
            return tuple(sorted(hits, key=lambda hit: _rank(hit, orders)))
        case HitPolicy.RULE_ORDER | HitPolicy.COLLECT:
            return tuple(hits)


def aggregate(aggregation: Aggregation, values: Sequence[object]) -> object:
    """Return the one number of COLLECT; null when a value cannot be counted with the others."""
    if aggregation is Aggregation.COUNT:
        return Decimal(len(values))
    try:
        if aggregation is Aggregation.SUM:
            return _sum(values)
        best = values[0]
        for value in values:
            order = compare(value, best)
            if order < 0 if aggregation is Aggregation.MIN else order > 0:
                best = value
    except (NoValue, ArithmeticError):
        return None
    return best


def _sum(values: Sequence[object]) -> Decimal:
    total = Decimal(0)
    for value in values:
        if not isinstance(value, Decimal):
            raise NoValue("feel.cause.kinds")
        total = NUMBERS.add(total, value)
    return total


def _same(left: Sequence[object], right: Sequence[object]) -> bool:
    pairs = zip(left, right, strict=True)
    return all(equal(one, other) is True for one, other in pairs)


def _rank(hit: Hit, orders: Sequence[Sequence[object]]) -> tuple[int, ...]:
    """Places in the orders, output by output; a value that is not listed comes last."""
    return (*(_place(value, order) for value, order in zip(hit.values, orders, strict=True)),)


def _place(value: object, order: Sequence[object]) -> int:
    if not order:
        return 0
    return next((n for n, one in enumerate(order) if equal(one, value) is True), len(order))
