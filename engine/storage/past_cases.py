"""Past cases as a replay reads them: of moments of acceptance, some whole cases at a time."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

import sqlalchemy as sa

from engine.domain.case import Purpose, TaskState
from engine.domain.clocks import Clock, Stop
from engine.domain.events.clocks import Extended
from engine.storage.case_rows import CASES, CLOCKS, DECISIONS, TASKS
from engine.storage.clocks import stops_by_case
from engine.storage.journal import EVENTS
from engine.storage.unit import Unit

_C, _D, _T, _K, _E = CASES.c, DECISIONS.c, TASKS.c, CLOCKS.c, EVENTS.c
CLOCK = tuple(_K[field.name] for field in fields(Clock))
# As they are stored: their text is compared before anything is parsed.
_FACTS, _OUTCOME = (sa.type_coerce(column, sa.Text) for column in (_D.facts, _D.outcome))


@dataclass(frozen=True)
class Scope:
    """Which cases: accepted from `first` until before `until`, and decided ones where asked.

    With `process` those that run by it, with `matter_type` those of a type that have no parent.
    """

    first: datetime
    until: datetime
    process: str | None = None
    matter_type: str | None = None


@dataclass(frozen=True)
class TimedRow:
    """A decided case with its clocks, what stopped them, and when they were extended."""

    case_id: str
    matter_no: int
    unit_no: int
    decided_at: datetime
    clocks: tuple[Clock, ...]
    stops: tuple[Stop, ...]
    extended_at: datetime | None


@dataclass(frozen=True)
class WalkedRow:
    """A decided case with its variables, and what was answered and decided on its way, in order.

    `steps` are step, moment, answers and name; `decisions` are table, facts and outcome.
    """

    case_id: str
    matter_no: int
    unit_no: int
    accepted_at: datetime
    outcome: str
    data: Mapping[str, object]
    application: Mapping[str, object]
    steps: tuple[tuple[str, datetime, Mapping[str, object], str], ...]
    decisions: tuple[tuple[str, Mapping[str, object], Mapping[str, object]], ...]


def count(unit: Unit, scope: Scope) -> int:
    """Return how many cases a replay looks at."""
    query = sa.select(sa.func.count()).select_from(CASES).where(*_within(scope))
    return int(unit.connection.execute(query).scalar_one())


def next_ids(unit: Unit, scope: Scope, after: str, size: int) -> list[str]:
    """Return the ids of the next cases after an id, in order."""
    query = sa.select(_C.id).where(*_within(scope), _C.id > after).order_by(_C.id).limit(size)
    return list(unit.connection.execute(query).scalars())


def decisions_between(
    unit: Unit, scope: Scope, table: str, first: str, last: str
) -> list[tuple[str, str, int, int, str, str]]:
    """Return the decisions of a table in the cases from one id to another, case by case.

    Each as id, case, number of matter and unit, and facts and outcome as canonical JSON.
    """
    rows = unit.connection.execute(
        sa.select(_D.id, _D.case_id, _C.matter_no, _C.unit_no, _FACTS, _OUTCOME)
        .join(CASES, _C.id == _D.case_id)
        .where(*_within(scope), _C.id >= first, _C.id <= last, _D.table == table)
        .order_by(_C.id, _D.at, _D.id)
    )
    return [(row[0], row[1], row[2], row[3], row[4], row[5]) for row in rows]


def timed(unit: Unit, ids: Sequence[str]) -> Iterator[TimedRow]:
    """Yield some cases with their clocks; those that never had one are left out."""
    stops = stops_by_case(unit, ids)
    rows = unit.connection.execute(
        sa.select(_C.matter_no, _C.unit_no, _C.decided_at, *CLOCK)
        .join(CLOCKS, _K.case_id == _C.id)
        .where(_C.id.in_(ids))
        .order_by(_C.id, _K.id)
    )
    found = [(row[:3], Clock(*row[3:])) for row in rows]
    longer = {clock.case_id for _, clock in found if clock.extended_days}
    extended = _extended(unit, longer)
    for case_id, same in groupby(found, lambda one: one[1].case_id):
        lines = list(same)
        matter_no, unit_no, decided_at = lines[0][0]
        clocks = tuple(clock for _, clock in lines)
        at = extended.get(case_id)
        yield TimedRow(
            case_id, matter_no, unit_no, decided_at, clocks, tuple(stops.get(case_id, ())), at
        )


def walked(unit: Unit, ids: Sequence[str]) -> Iterator[WalkedRow]:
    """Yield some decided cases with their ways, in the order of their ids."""
    steps = _by_case(
        unit,
        sa.select(_T.case_id, _T.step, _T.done_at, _T.answers, _T.name)
        .where(_T.case_id.in_(ids), _T.purpose == Purpose.STEP, _T.state == TaskState.DONE)
        .order_by(_T.case_id, _T.done_at, _T.id),
    )
    decisions = _by_case(
        unit,
        sa.select(_D.case_id, _D.table, _D.facts, _D.outcome)
        .where(_D.case_id.in_(ids))
        .order_by(_D.case_id, _D.at, _D.id),
    )
    columns = (_C.id, _C.matter_no, _C.unit_no, _C.accepted_at, _C.outcome, _C.data, _C.answers)
    for row in unit.connection.execute(sa.select(*columns).where(_C.id.in_(ids)).order_by(_C.id)):
        yield WalkedRow(
            *row, steps=tuple(steps.get(row.id, ())), decisions=tuple(decisions.get(row.id, ()))
        )


def numbers(unit: Unit, ids: Sequence[str]) -> dict[str, str]:
    """Return the numbers (办件编号) of cases by their ids."""
    rows = unit.connection.execute(sa.select(_C.id, _C.case_no).where(_C.id.in_(ids)))
    return {row[0]: row[1] for row in rows}


def _extended(unit: Unit, ids: Collection[str]) -> dict[str, datetime]:
    chains = {f"case:{case_id}": case_id for case_id in ids}
    rows = unit.connection.execute(
        sa.select(_E.chain, _E.at).where(_E.chain.in_(chains), _E.kind == Extended.__name__)
    )
    return {chains[chain]: at for chain, at in rows}


def _by_case(unit: Unit, query: sa.Select[Any]) -> dict[str, list[Any]]:
    rows = unit.connection.execute(query)
    return {
        case_id: [tuple(row[1:]) for row in same]
        for case_id, same in groupby(rows, attrgetter("case_id"))
    }


def _within(scope: Scope) -> list[sa.ColumnElement[bool]]:
    found = [_C.accepted_at >= scope.first, _C.accepted_at < scope.until]
    if scope.process is not None:
        found += [_C.process == scope.process, _C.decided_at.is_not(None)]
    if scope.matter_type is not None:
        found += [_C.matter_type == scope.matter_type, _C.decided_at.is_not(None)]
        found += [_C.parent_id.is_(None)]
    return found
