"""Why a table decided so: the row that decided, why each other did not, and what would change it.

The reasons are codes with what goes into them; `speech` makes sentences of them, and the pages,
the command line and JSON tell the same ones.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.decisions.bands import Bands, bands_of
from engine.decisions.cells import Cell, Equal, Point, Span
from engine.decisions.decide import Decision, RowTrace
from engine.decisions.index import Band
from engine.decisions.speech import Asked, Line, Value
from engine.decisions.table import Draft
from engine.domain.facts import by_name
from engine.feel.evaluation import Evaluation
from engine.feel.temporal import Date
from engine.feel.values import from_python, to_python
from engine.kernel.errors import HallError

MOST_TRIED = 20  # rows that are tried for what would change the outcome
MOST_BANDS = 50  # on either side of a value
VERSION_SHOWN = 12


def reasons(decision: Decision, on: date | None = None) -> list[Line]:
    """Return the reasons of a decision, in the order in which people want them.

    `explain.outcome`; the step of the hit policy, `explain.policy.…` or `explain.no_row`; of each
    row that hit `explain.hit`, `explain.held`, `explain.basis`; of each other row
    `explain.missed` with `explain.failed` (the first cell first) or `explain.unknown_cell`;
    `explain.instead`: the nearest facts that another row would decide; `explain.version`. `on` is
    the day whose version decided.
    """
    draft = decision.by.draft
    lines = [_outcome(decision), _policy(decision)]
    for row in decision.trace:
        if row.matched:
            lines += _hit(decision, row)
    for row in decision.trace:
        if not row.matched:
            lines += _missed(draft, row)
    other = _instead(decision)
    if other is not None:
        lines.append(other)
    version = decision.version[:VERSION_SHOWN]
    if on is None:
        return [*lines, Line("explain.version", {"version": version})]
    return [*lines, Line("explain.version_on", {"version": version, "day": on.isoformat()})]


def _outcome(decision: Decision) -> Line:
    return Line("explain.outcome", {"table": decision.by.name, "outcome": _answers(decision)})


def _answers(decision: Decision) -> list[Value]:
    return [Value(by_name(name), name, value) for name, value in decision.outcome.items()]


def _policy(decision: Decision) -> Line:
    source = decision.by.draft.source
    hits = [row.number for row in decision.trace if row.matched]
    if not hits:
        defaulted = any(output.default is not None for output in source.outputs)
        return Line("explain.default" if defaulted else "explain.no_row", {})
    numbers = {rule.id: rule.number for rule in source.rules}
    name = source.policy.value.lower().replace(" ", "_")
    if source.aggregation is not None:
        name = f"collect_{source.aggregation.value.lower()}"
    chosen = [numbers[row] for row in decision.rows]
    return Line(f"explain.policy.{name}", {"hits": hits, "rows": chosen})


def _hit(decision: Decision, row: RowTrace) -> Iterator[Line]:
    draft, place = decision.by.draft, _place(decision.by.draft, row)
    decided = row.row in decision.rows
    yield Line("explain.hit" if decided else "explain.hit_too", {"number": row.number}, row.row)
    evaluation = Evaluation()
    values = decision.by.given.read(decision.facts)
    judged = draft.rows.judge(draft.scope(values, evaluation), evaluation)
    for column, value in enumerate(judged):
        test = _test(draft, place, column)
        if test.cell is not None and not test.cell.tests:
            continue
        said = Value(test.fact, test.label, to_python(value))
        yield Line("explain.held", {"test": test, "value": said}, row.row)
    if row.legal_basis:
        yield Line("explain.basis", {"basis": row.legal_basis}, row.row)
    if row.note:
        yield Line("explain.note", {"note": row.note}, row.row)


def _missed(draft: Draft, row: RowTrace) -> Iterator[Line]:
    yield Line("explain.missed", {"number": row.number, "cells": len(row.failed)}, row.row)
    place = _place(draft, row)
    for cell in row.failed:
        test = _test(draft, place, cell.place)
        code = "explain.unknown_cell" if cell.holds is None else "explain.failed"
        said = Value(test.fact, test.label, cell.value)
        yield Line(code, {"test": test, "value": said}, row.row)


def _place(draft: Draft, row: RowTrace) -> int:
    return next(place for place, rule in enumerate(draft.source.rules) if rule.id == row.row)


def _test(draft: Draft, row: int, column: int) -> Asked:
    source, rows = draft.source.columns[column], draft.rows
    text, cell = rows.tests[row][column].text, rows.cells[row][column]
    return Asked(draft.direct[column], source.label, text, cell)


@dataclass(frozen=True)
class _Change:
    """A column that must change for a row to decide, and the band that it changes to."""

    column: int
    bands: Bands
    band: int

    @property
    def value(self) -> object:
        return to_python(self.bands.value_in(self.bands.bands[self.band]))


def _instead(decision: Decision) -> Line | None:
    """The nearest other outcome: the row with the fewest facts to change, as it would decide."""
    draft = decision.by.draft
    if not draft.source.policy.single:
        return None
    missed = sorted((row for row in decision.trace if not row.matched), key=_distance)
    for row in missed[:MOST_TRIED]:
        changes = _changes(decision, row)
        if changes is None:
            continue
        again = _again(decision, changes)
        if again is None or again.rows != (row.row,) or again.outcome == decision.outcome:
            continue
        tests = [
            _change_said(draft, decision, row, one, alone=len(changes) == 1) for one in changes
        ]
        return Line(
            "explain.instead",
            {"tests": tests, "outcome": _answers(again), "number": row.number},
            row.row,
        )
    return None


def _distance(row: RowTrace) -> tuple[int, bool]:
    """The fewest cells first; of these a number, which has a limit, before a yes that is a no."""
    counted = all(isinstance(cell.value, (int, Decimal)) for cell in row.failed)
    flagged = any(isinstance(cell.value, bool) for cell in row.failed)
    return len(row.failed), flagged or not counted


def _changes(decision: Decision, row: RowTrace) -> list[_Change] | None:
    """What must change for the row to hold; None where a cell is no plain test of one fact."""
    draft = decision.by.draft
    place = _place(draft, row)
    changes = []
    for cell in row.failed:
        fact, plain_cell = draft.direct[cell.place], draft.rows.cells[place][cell.place]
        if fact is None or plain_cell is None:
            return None
        bands = bands_of(draft, cell.place)
        holding = draft.index.columns[cell.place].bits
        able = [number for number in bands.feasible() if holding[number] >> place & 1]
        if not able:
            return None
        now = from_python(decision.facts[fact.key])
        near = min(able, key=lambda number: _gap(bands.value_in(bands.bands[number]), now))
        changes.append(_Change(cell.place, bands, near))
    return changes


def _gap(value: object, now: object) -> tuple[int, Decimal]:
    """How far a value is from what is now; null is farthest."""
    match value, now:
        case Decimal(), Decimal():
            return 0, abs(value - now)
        case Date(), Date():
            return 0, Decimal(abs(value.ordinal() - now.ordinal()))
    return (2 if value is None else 1), Decimal(0)


def _again(decision: Decision, changes: Sequence[_Change]) -> Decision | None:
    """The decision with these facts changed; None where there is none."""
    facts: dict[str, object] = dict(decision.facts)
    for change in changes:
        fact = change.bands.fact
        if fact is not None:
            facts[fact.key] = change.value
    try:
        return decision.by.decide(facts, live=False)
    except HallError:  # several rows would hit, or a cell takes too long: no advice
        return None


def _change_said(
    draft: Draft, decision: Decision, row: RowTrace, change: _Change, *, alone: bool
) -> Asked:
    """What the fact must be: of a single change all that leads to the row, else the value."""
    bands, number = change.bands, change.band
    low = high = number
    if alone and _ordered(bands.bands[number]):
        low, high = _reach(decision, row, change, -1), _reach(decision, row, change, 1)
    label = draft.source.columns[change.column].label
    return Asked(bands.fact, label, "", Cell((_spanned(bands, low, high),)))


def _reach(decision: Decision, row: RowTrace, change: _Change, step: int) -> int:
    """The last band in one direction in which the row still decides."""
    able = set(change.bands.feasible())
    last = change.band
    for number in range(change.band + step, change.band + step * MOST_BANDS, step):
        if not 0 <= number < len(change.bands.bands) or not _ordered(change.bands.bands[number]):
            break
        if number not in able:
            continue
        again = _again(decision, [_Change(change.column, change.bands, number)])
        if again is None or again.rows != (row.row,):
            break
        last = number
    return last


def _ordered(band: Band) -> bool:
    return band.interval or isinstance(band.value, (Decimal, Date))


def _spanned(bands: Bands, low: int, high: int) -> Equal | Span:
    first, last = bands.bands[low], bands.bands[high]
    if low == high and not first.interval:
        return Equal(_point(first))
    ordered = [number for number in bands.feasible() if _ordered(bands.bands[number])]
    bottom = None if low == ordered[0] else first.low if first.interval else _end(first)
    top = None if high == ordered[-1] else last.high if last.interval else _end(last)
    return Span(bottom, top, not first.interval, not last.interval)


def _end(band: Band) -> Decimal | Date | None:
    return band.value if isinstance(band.value, (Decimal, Date)) else None


def _point(band: Band) -> Point:
    return band.value if isinstance(band.value, (Decimal, Date, str, bool)) else None
