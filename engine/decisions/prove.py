"""Cases on which both ways of matching a table must find the same rows, and the proof itself."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import combinations

from engine.decisions.durable import Message, build_in_child, rule_sets
from engine.decisions.index import Band, ColumnIndex, places
from engine.decisions.project import Projection
from engine.decisions.table import Draft
from engine.domain.facts import Fact, FactKind
from engine.feel.evaluation import Evaluation
from engine.feel.temporal import Date, date_of
from engine.feel.values import NUMBERS, from_python, to_python
from engine.kernel.errors import Conflict

RANDOM_POINTS = 500
PAIRED_VALUES = 12
MOST_CASES = 4_000
MOST_PAIRS_OF_ROWS = 1_000
UNIT = Decimal("0.0001")

Case = Mapping[str, object]


@dataclass(frozen=True)
class Proof:
    """How many cases were asked, and how many of them both ways could be asked."""

    cases: int
    compared: int


def prove(draft: Draft, projection: Projection | None) -> Proof:
    """Ask all ways about every case: closures row by row, index, and durable-rules in a child.

    Raises Conflict `table.disagreement` (table, facts, reference, matcher: row ids) and the
    errors of `build_in_child`.
    """
    asked: list[Case] = []
    compared: list[tuple[Message, Sequence[int]]] = []
    of: list[int] = []
    for case in cases(draft):
        evaluation = Evaluation()
        scope = draft.scope([case[fact.zh] for fact in draft.inputs], evaluation)
        judged = draft.rows.judge(scope, evaluation)
        expected = draft.rows.hits(judged, scope, evaluation)
        key = draft.index.key(judged, scope, evaluation)
        found = expected if key is None else places(draft.index.bits(key))
        if found != expected:
            raise _disagreement(draft, case, expected, found)
        asked.append(case)
        if projection is not None and key is not None:
            message = projection.message(key, judged)
            if message is not None:
                of.append(len(asked) - 1)
                compared.append((message, expected))
    if projection is not None:
        try:
            build_in_child(rule_sets(projection.rows), compared)
        except Conflict as conflict:
            number, reference, matcher = (
                conflict.params[name] for name in ("case", "reference", "matcher")
            )
            case = asked[of[int(str(number))]]
            raise _disagreement(draft, case, _ints(reference), _ints(matcher)) from conflict
    return Proof(len(asked), len(compared))


def _ints(value: object) -> list[int]:
    return [int(one) for one in value] if isinstance(value, list) else []


def _disagreement(
    draft: Draft, case: Case, reference: Sequence[int], matcher: Sequence[int]
) -> Conflict:
    rules = draft.source.rules
    return Conflict(
        "table.disagreement",
        table=draft.id,
        facts={name: to_python(value) for name, value in case.items()},
        reference=[rules[place].id for place in reference],
        matcher=[rules[place].id for place in matcher],
    )


def cases(draft: Draft) -> Iterator[Case]:
    """Yield FEEL values for the facts, the same cases for the same table at every call.

    Each boundary value of each column, all pairs of them across columns, one point inside each
    row, one in common of rows that overlap, and random points.
    """
    yield from _Cases(draft).all()


class _Cases:
    def __init__(self, draft: Draft) -> None:
        self._draft = draft
        self._random = random.Random(draft.version)  # noqa: S311 - cases, not secrets
        self._names = [fact.zh for fact in draft.inputs]
        self._column: dict[str, ColumnIndex] = {}
        for fact, column in zip(draft.direct, draft.index.columns, strict=True):
            if fact is not None:
                self._column.setdefault(fact.zh, column)
        self._values = {fact.zh: self._values_of(fact) for fact in draft.inputs}

    def all(self) -> Iterator[Case]:
        if not self._names:
            yield {}
            return
        for number in range(max(map(len, self._values.values()))):
            yield {name: values[number % len(values)] for name, values in self._values.items()}
        yield from self._pairs()
        yield from self._rows()
        for _ in range(RANDOM_POINTS):
            yield self._point()

    def _point(self) -> dict[str, object]:
        return {name: self._random.choice(values) for name, values in self._values.items()}

    def _values_of(self, fact: Fact) -> list[object]:
        """The values of a fact worth asking about, null among them."""
        found: list[object] = [None]
        column = self._column.get(fact.zh)
        if column is not None:
            found += [value for band in column.bands for value in _values_in(band, fact.whole)]
        found += [from_python(value) for value in _usual(fact)]
        return list({repr(value): value for value in found}.values())

    def _pairs(self) -> Iterator[Case]:
        """A covering array: every pair of values of every two facts stands in some case."""
        listed = {
            name: values
            if len(values) <= PAIRED_VALUES
            else self._random.sample(values, PAIRED_VALUES)
            for name, values in self._values.items()
        }
        # Kept in the order of entry: the cases must be the same in every process.
        wanted = dict.fromkeys(
            (one, first, two, second)
            for one, two in combinations(self._names, 2)
            for first in range(len(listed[one]))
            for second in range(len(listed[two]))
        )
        for _ in range(MOST_CASES):
            if not wanted:
                return
            chosen = self._cover(wanted, listed)
            yield {name: listed[name][place] for name, place in chosen.items()}

    def _cover(
        self, wanted: dict[tuple[str, int, str, int], None], listed: Mapping[str, list[object]]
    ) -> dict[str, int]:
        one, first, two, second = next(iter(wanted))
        chosen = {one: first, two: second}
        for name in self._names:
            if name not in chosen:
                chosen[name] = max(
                    range(len(listed[name])),
                    key=lambda place, name=name: sum(  # type: ignore[misc]  # bound at once
                        _pair(self._names, name, place, other, there) in wanted
                        for other, there in chosen.items()
                    ),
                )
        for left, right in combinations(self._names, 2):
            wanted.pop((left, chosen[left], right, chosen[right]), None)
        return chosen

    def _rows(self) -> Iterator[Case]:
        """One point inside each row; for overlapping rows one that both have."""
        bits = range(len(self._draft.rows.tests))
        for row in bits:
            yield self._inside(1 << row)
        for one, two in list(combinations(bits, 2))[:MOST_PAIRS_OF_ROWS]:
            yield self._inside(1 << one | 1 << two)

    def _inside(self, rows: int) -> Case:
        """A point whose columns each hold for all the rows, where a value can do that."""
        point = self._point()
        for name, column in self._column.items():
            fits = [
                band.value
                for band, held in zip(column.bands, column.bits, strict=True)
                if held & rows == rows and (band.value is not None or not band.interval)
            ]
            if fits:
                point[name] = self._random.choice(fits)
        return point


def _pair(
    names: Sequence[str], name: str, place: int, other: str, there: int
) -> tuple[str, int, str, int]:
    if names.index(name) < names.index(other):
        return name, place, other, there
    return other, there, name, place


def _values_in(band: Band, whole: bool) -> list[object]:
    """The value of a band and, near its ends, those one smallest unit inside."""
    found = [] if band.value is None else [band.value]
    low, high = band.low, band.high
    if isinstance(low, Decimal) or isinstance(high, Decimal):
        unit = Decimal(1) if whole else UNIT
        near = [NUMBERS.add(low, unit)] if isinstance(low, Decimal) else []
        near += [NUMBERS.subtract(high, unit)] if isinstance(high, Decimal) else []
        found += [
            value
            for value in near
            if (not isinstance(low, Decimal) or value > low)
            and (not isinstance(high, Decimal) or value < high)
        ]
    elif isinstance(high, Date) and band.value is not None:
        found.append(date_of(high.ordinal() - 1))
    return found


def _usual(fact: Fact) -> list[object]:
    """Values of a fact that no cell need name."""
    match fact.kind:
        case FactKind.BOOLEAN:
            return [True, False]
        case FactKind.ENUMERATION:
            return list(fact.codes)
        case FactKind.NUMBER:
            return [fact.least if fact.least is not None else -1, 0, 1, 100]
        case FactKind.DATE:
            return [date(2026, 11, 22)]
        case FactKind.STRING:
            return ["", "雁城"]
