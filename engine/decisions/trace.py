"""Why each row of a table did or did not match, cell by cell."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.decisions.table import Draft
from engine.feel.evaluation import Evaluation
from engine.feel.values import to_python

ALL_ROWS = 200
NEAREST_ROWS = 20


@dataclass(frozen=True)
class Cell:
    """A cell and the value it was asked about; `holds` is None when that cannot be computed.

    `column` is the label of the column, `place` its place.
    """

    column: str
    text: str
    value: object
    holds: bool | None
    place: int


@dataclass(frozen=True)
class RowTrace:
    """One row: whether all its cells held, and every cell that did not."""

    row: str
    number: int
    matched: bool
    failed: tuple[Cell, ...]
    legal_basis: str
    note: str


def trace_rows(draft: Draft, facts: Sequence[object]) -> tuple[RowTrace, ...]:
    """Return the rows in table order with their failing cells, by the closures.

    `facts` are the FEEL values of the inputs. Of a table with more than 200 rows only those
    that matched and the 20 with the fewest failing cells are returned.
    """
    evaluation = Evaluation()
    scope = draft.scope(facts, evaluation)
    judged = draft.rows.judge(scope, evaluation)
    columns = draft.source.columns
    found = []
    for place, tests in enumerate(draft.rows.tests):
        failed = []
        for number, (test, value) in enumerate(zip(tests, judged, strict=True)):
            # A budget of its own: that of a decision is meant for the rows that are asked.
            holds = test(value, scope, evaluation=Evaluation())
            if holds is not True:
                label = columns[number].label
                failed.append(Cell(label, test.text, plain(to_python(value)), holds, number))
        rule = draft.source.rules[place]
        found.append(
            RowTrace(
                rule.id,
                rule.number,
                not failed,
                tuple(failed),
                draft.basis(place),
                draft.note(place),
            )
        )
    return tuple(found) if len(found) <= ALL_ROWS else _nearest(found)


def _nearest(rows: Sequence[RowTrace]) -> tuple[RowTrace, ...]:
    missed = sorted((row for row in rows if not row.matched), key=lambda row: len(row.failed))
    kept = {row.row for row in missed[:NEAREST_ROWS]}
    return tuple(row for row in rows if row.matched or row.row in kept)


def plain(value: object) -> object:
    """Return a value as JSON has it: whole numbers as integers, others and dates as text."""
    match value:
        case Decimal():
            return int(value) if value == value.to_integral_value() else format(value, "f")
        case date():
            return value.isoformat()
        case dict() | Mapping():
            return {str(name): plain(item) for name, item in value.items()}
        case str():
            return value
        case Collection():
            return [plain(item) for item in value]
    return value
