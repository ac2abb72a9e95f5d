"""Values that make a diagram go a wanted way: found by trying what its FEEL texts compare with.

Every literal of a condition is tried for every variable that it reads, and what lies just beside
a number or a date. So any condition whose answer turns at a literal can be steered; one that
compares two computed values cannot, and then nothing is found.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import islice, product

from engine.domain import facts
from engine.feel.nodes import Call, Literal, Name, Node, Path, TemporalLiteral, children, walk
from engine.feel.values import to_python
from engine.kernel.errors import Invalid
from engine.processes.formulas import Formula

MOST = 3000
Place = tuple[str, ...]
Values = dict[Place, object]
ENUMERATIONS: Mapping[str, tuple[object, ...]] = {fact.key: fact.codes for fact in facts.FACTS}


@dataclass(frozen=True)
class Wish:
    """One condition and whether it is to hold."""

    formula: Formula
    holds: bool


def candidates(formulas: Iterable[Formula]) -> dict[Place, list[object]]:
    """Return what to try for each variable that the formulas read, by key and path below it."""
    found: dict[Place, list[object]] = {}
    for formula in formulas:
        tried = list(_around(formula.run.tree))
        for place in _places(formula):
            known = ENUMERATIONS.get(place[0]) if len(place) == 1 else None
            values = found.setdefault(place, [])
            values += [value for value in known or tried if not _among(value, values)]
    return found


def values_for(
    wishes: Sequence[Wish],
    tried: Mapping[Place, list[object]],
    fixed: Values,
    base: Mapping[str, object],
    now: datetime,
) -> Values | None:
    """Return values under which all wishes come true together with `fixed`, None if none were met.

    `base` are the variables as they are now; at most 3,000 combinations are tried.
    """
    places = list(dict.fromkeys(place for wish in wishes for place in _places(wish.formula)))
    free = [place for place in places if place not in fixed]
    for combination in islice(product(*(tried.get(place, [None]) for place in free)), MOST):
        values = {**fixed, **dict(zip(free, combination, strict=True))}
        data = put(values, base)
        if all(_comes_true(wish, data, now) for wish in wishes):
            return values
    return None


def put(values: Mapping[Place, object], base: Mapping[str, object]) -> dict[str, object]:
    """Return variables with the values put in their places, contexts made where they are needed."""
    data = dict(base)
    for place, value in values.items():
        here = data
        for name in place[:-1]:
            inner = here.get(name)
            copy: dict[str, object] = dict(inner) if isinstance(inner, Mapping) else {}
            here[name] = copy
            here = copy
        here[place[-1]] = value
    return data


def _comes_true(wish: Wish, data: Mapping[str, object], now: datetime) -> bool:
    try:
        return wish.formula.holds(data, now) is wish.holds
    except Invalid:
        return False


def _places(formula: Formula) -> Iterator[Place]:
    keys = dict(formula.reads)
    yield from dict.fromkeys(_read(formula.run.tree, keys))


def _read(node: Node, keys: Mapping[str, str]) -> Iterator[Place]:
    place = _place(node, keys)
    if place is not None:
        yield place
    elif isinstance(node, Call) and isinstance(node.function, Name):
        for argument in node.arguments:
            yield from _read(argument, keys)
    else:
        for child in children(node):
            yield from _read(child, keys)


def _place(node: Node, keys: Mapping[str, str]) -> Place | None:
    if isinstance(node, Name):
        return (keys[node.name],) if node.name in keys else None
    if isinstance(node, Path):
        above = _place(node.source, keys)
        return (*above, node.name) if above is not None else None
    return None


def _around(tree: Node) -> Iterator[object]:
    """Yield the literals of a text and their neighbours, then both booleans and a stranger."""
    for node in walk(tree):
        value: object = None
        if isinstance(node, Literal) or (isinstance(node, TemporalLiteral) and node.fault is None):
            value = to_python(node.value)
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            yield from (value, value + 1, value - 1)
        elif isinstance(value, date):
            yield from (value, value + timedelta(days=1), value - timedelta(days=1))
        elif value is not None:
            yield value
    yield from (True, False, "-", Decimal(0))


def _among(value: object, values: Sequence[object]) -> bool:
    # 1 equals True in Python, and FEEL tells them apart.
    return any(type(value) is type(other) and value == other for other in values)
