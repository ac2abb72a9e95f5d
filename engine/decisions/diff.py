"""Two versions of a table: which rows differ, and facts that are decided otherwise."""

import random
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise, product
from math import prod

from engine.decisions.cells import Cell
from engine.decisions.decide import Table
from engine.decisions.given import reader_of
from engine.decisions.model import Aggregation, Column, DecisionTable, HitPolicy, Output, Rule
from engine.decisions.table import Draft
from engine.decisions.trace import plain
from engine.domain.facts import Fact, FactKind
from engine.feel import nodes
from engine.feel.temporal import Date, date_of
from engine.feel.values import NUMBERS, from_python, to_python
from engine.kernel.errors import HallError, Invalid

ALL_COMBINATIONS = 20_000
TRIED = 4_000
SHOWN = 5
UNIT = Decimal("0.0001")
OTHER_TEXT = "\u2205"
CONSTANT = (nodes.Literal, nodes.Negation, nodes.TemporalLiteral)


@dataclass(frozen=True)
class CellChange:
    """A cell of a row; FEEL texts as the files have them, None where there is no such column."""

    column: str
    old: str | None
    new: str | None


@dataclass(frozen=True)
class RowChange:
    """A row that is in both versions and says something else."""

    row: str
    number: int
    cells: tuple[CellChange, ...]


@dataclass(frozen=True)
class Moved:
    """A row that stands before or behind others than it did; numbers count from 1."""

    row: str
    old: int
    new: int


@dataclass(frozen=True)
class Changes:
    """What differs between two tables as they are written.

    `added` and `removed` are rows, new ones with the id "" before they are written; columns are
    named by label. `policy` is None where both decide alike.
    """

    added: tuple[Rule, ...] = ()
    removed: tuple[Rule, ...] = ()
    moved: tuple[Moved, ...] = ()
    changed: tuple[RowChange, ...] = ()
    columns_added: tuple[str, ...] = ()
    columns_removed: tuple[str, ...] = ()
    policy: tuple[tuple[HitPolicy, Aggregation | None], ...] | None = None

    def __bool__(self) -> bool:
        return self != Changes()


@dataclass(frozen=True)
class Otherwise:
    """One case that is decided otherwise: plain facts; outcomes, or the code of an error."""

    facts: Mapping[str, object]
    old: object
    new: object
    old_rows: tuple[str, ...]
    new_rows: tuple[str, ...]


@dataclass(frozen=True)
class Difference:
    """Two versions compared; `complete` when no class of facts was left out of the search."""

    changes: Changes
    otherwise: tuple[Otherwise, ...]
    complete: bool


def compare(old: Draft, new: Draft, most: int = SHOWN) -> Difference:
    """Return what differs between two versions, with at most so many cases decided otherwise.

    Cases of different kinds (other rows, other outcomes) are shown before more of the same.
    """
    search = _Search(old, new)
    return Difference(
        compare_tables(old.source, new.source), search.otherwise(most), search.complete
    )


def compare_tables(old: DecisionTable, new: DecisionTable) -> Changes:
    """Return what differs between two tables: rows by id, columns by id, fact or name."""
    before = {rule.id: rule for rule in old.rules}
    after = {rule.id: rule for rule in new.rules if rule.id}
    common = [rule.id for rule in new.rules if rule.id in before]
    changed = (
        RowChange(mark, after[mark].number, cells)
        for mark in common
        if (cells := _cells(old, before[mark], new, after[mark]))
    )
    heads, others = _heads(old), _heads(new)
    policies = (old.policy, old.aggregation), (new.policy, new.aggregation)
    return Changes(
        tuple(rule for rule in new.rules if rule.id not in before),
        tuple(rule for rule in old.rules if rule.id not in after),
        tuple(_moved(common, before, after)),
        tuple(changed),
        tuple(label for key, label in others.items() if key not in heads),
        tuple(label for key, label in heads.items() if key not in others),
        None if policies[0] == policies[1] else policies,
    )


def _key(column: Column | Output) -> str:
    own = column.expression.text if isinstance(column, Column) else column.name
    return f"{type(column).__name__}:{column.id or own}"


def _heads(table: DecisionTable) -> dict[str, str]:
    heads = {_key(column): column.label for column in table.columns}
    heads |= {_key(output): output.label for output in table.outputs}
    return heads | {f"note:{name}": name for name in table.annotations}


def _texts(table: DecisionTable, rule: Rule) -> dict[str, str]:
    texts = {_key(column): text for column, text in zip(table.columns, rule.tests, strict=True)}
    texts |= {_key(output): text for output, text in zip(table.outputs, rule.outputs, strict=True)}
    missing = ("",) * (len(table.annotations) - len(rule.annotations))
    notes = zip(table.annotations, rule.annotations + missing, strict=False)
    return texts | {f"note:{name}": text for name, text in notes}


def _cells(old: DecisionTable, was: Rule, new: DecisionTable, now: Rule) -> tuple[CellChange, ...]:
    before, after = _texts(old, was), _texts(new, now)
    labels = _heads(old) | _heads(new)
    return tuple(
        CellChange(labels[key], before.get(key), after.get(key))
        for key in dict.fromkeys([*after, *before])
        if (before.get(key) or "") != (after.get(key) or "")  # a new, empty note is none
    )


def _moved(
    common: Sequence[str], before: Mapping[str, Rule], after: Mapping[str, Rule]
) -> Iterator[Moved]:
    """The fewest rows that need to move: those outside the longest run that kept its order."""
    tails: list[int] = []
    ends: list[str] = []
    previous: dict[str, str | None] = {}
    for mark in common:
        place = bisect_left(tails, before[mark].number)
        previous[mark] = ends[place - 1] if place else None
        tails[place : place + 1] = [before[mark].number]
        ends[place : place + 1] = [mark]
    kept: set[str] = set()
    mark_kept = ends[-1] if ends else None
    while mark_kept is not None:
        kept.add(mark_kept)
        mark_kept = previous[mark_kept]
    for mark in common:
        if mark not in kept:
            yield Moved(mark, before[mark].number, after[mark].number)


class _Search:
    """Cases cut out by the tests of both tables: one value of every class that either tells."""

    def __init__(self, old: Draft, new: Draft) -> None:
        self._old, self._new = old, new
        self._tables = Table(old), Table(new)
        facts = dict.fromkeys((*old.inputs, *new.inputs))
        self._values = {fact: _values(fact, (old, new)) for fact in facts}
        self._random = random.Random(f"{old.version}{new.version}")  # noqa: S311 - cases, no secret
        self._every = prod(map(len, self._values.values())) <= ALL_COMBINATIONS
        self.complete = self._every and _classed(old) and _classed(new)

    def otherwise(self, most: int) -> tuple[Otherwise, ...]:
        """Return cases that differ, one of each kind first."""
        found: dict[str, list[Otherwise]] = {}
        for facts in self._cases():
            case = self._decided(facts)
            if case is not None:
                kind = repr((case.old_rows, case.new_rows, case.old, case.new))
                found.setdefault(kind, []).append(case)
                if not self._every and len(found) >= most:
                    break
        layers: list[Otherwise] = []
        for depth in range(most):
            layers += [cases[depth] for cases in found.values() if len(cases) > depth]
            if len(layers) >= most:
                break
        return tuple(layers[:most])

    def _cases(self) -> Iterator[dict[str, object]]:
        names = [fact.key for fact in self._values]
        if self._every:
            for values in product(*self._values.values()):
                yield dict(zip(names, values, strict=True))
            return
        touched = compare_tables(self._old.source, self._new.source)
        marks = {rule.id for rule in (*touched.added, *touched.removed)}
        marks |= {row.row for row in touched.changed} | {row.row for row in touched.moved}
        boxes = [
            self._box(draft, place)
            for draft in (self._old, self._new)
            for place, rule in enumerate(draft.source.rules)
            if rule.id in marks
        ]
        boxes.append(dict(self._values))
        for number in range(TRIED):
            box = boxes[number % len(boxes)]
            yield {
                fact.key: self._random.choice(box.get(fact) or values)
                for fact, values in self._values.items()
            }

    def _box(self, draft: Draft, place: int) -> dict[Fact, list[object]]:
        """The values of each fact for which the row's cells on it hold."""
        box = dict(self._values)
        for fact, test in zip(draft.direct, draft.rows.tests[place], strict=True):
            if fact is not None and fact in box:
                box[fact] = [one for one in box[fact] if test(from_python(one), {}) is True]
        return box

    def _decided(self, facts: Mapping[str, object]) -> Otherwise | None:
        answers: list[object] = []
        rows: list[tuple[str, ...]] = []
        for table in self._tables:
            try:
                decision = table.decide(facts, live=False)
            except HallError as error:
                answers.append(error.code)
                rows.append(())
            else:
                answers.append(plain(decision.outcome))
                rows.append(decision.rows)
        if answers[0] == answers[1]:
            return None
        return Otherwise(plain_facts(facts), answers[0], answers[1], rows[0], rows[1])


def plain_facts(facts: Mapping[str, object]) -> dict[str, object]:
    """Return facts JSON-ready, without those that are unknown."""
    return {name: plain(value) for name, value in facts.items() if value is not None}


def _classed(draft: Draft) -> bool:
    """Whether facts of one class are surely decided alike: plain cells, constant outputs."""
    cells = all(cell is not None for row in draft.rows.cells for cell in row)
    direct = draft.plain and all(fact is not None for fact in draft.direct)
    constant = all(
        isinstance(node, CONSTANT)
        for values in draft.rows.values
        for value in values
        for node in nodes.walk(value.tree)
    )
    return cells and direct and constant


def _values(fact: Fact, drafts: Sequence[Draft]) -> list[object]:
    """A value of every class of a fact, as code gives it; null for an optional one."""
    points: list[object] = []
    for draft in drafts:
        for cells in draft.rows.cells:
            for own, cell in zip(draft.direct, cells, strict=True):
                if own == fact and isinstance(cell, Cell):
                    points += cell.points()
    match fact.kind:
        case FactKind.BOOLEAN:
            found: list[object] = [True, False]
        case FactKind.ENUMERATION if fact.codes:
            found = list(fact.codes)
        case FactKind.NUMBER:
            found = _numbers([one for one in points if isinstance(one, Decimal)], fact)
        case FactKind.DATE:
            found = _days([one for one in points if isinstance(one, Date)])
        case _:
            words = [one for one in points if isinstance(one, str)]
            other = OTHER_TEXT
            while other in words:
                other += OTHER_TEXT
            found = [*dict.fromkeys(words), other]
    if fact.optional or None in points:
        found.append(None)
    return [one for one in found if one is None or _may_be(fact, one)]


def _may_be(fact: Fact, value: object) -> bool:
    try:
        reader_of(fact)(value)
    except Invalid:
        return False
    return True


def _numbers(points: Sequence[Decimal], fact: Fact) -> list[object]:
    """The points themselves, one number between neighbours, one beyond each end."""
    unit = Decimal(1) if fact.whole else UNIT
    ordered = sorted({*points, *([fact.least] if fact.least is not None else [])})
    if not ordered:
        return [Decimal(0)]
    first = ordered[0].to_integral_value(rounding="ROUND_CEILING")
    last = ordered[-1].to_integral_value(rounding="ROUND_FLOOR")
    found = [NUMBERS.subtract(first, Decimal(1)), *ordered, NUMBERS.add(last, Decimal(1))]
    for low, high in pairwise(ordered):
        between = NUMBERS.add(low, unit)
        if fact.whole:
            between = between.to_integral_value(rounding="ROUND_FLOOR")
        if not low < between < high:
            between = NUMBERS.divide(NUMBERS.add(low, high), Decimal(2))
        found.append(between)
    return [int(one) if one == one.to_integral_value() else one for one in sorted(set(found))]


def _days(points: Sequence[Date]) -> list[object]:
    numbers = sorted({one.ordinal() for one in points}) or [0]
    near = {number + step for number in numbers for step in (-1, 0, 1)}
    return [to_python(date_of(number)) for number in sorted(near)]
