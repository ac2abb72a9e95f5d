"""Legal clocks as they stand, what stopped them, and all that are open, a batch at a time."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import TypeVar

import sqlalchemy as sa

from engine.domain.case import CaseState, Task
from engine.domain.clocks import Clock, Stop
from engine.domain.working_time import Due
from engine.storage.base import metadata
from engine.storage.case_rows import CASES, CLOCKS, OPEN, TASKS
from engine.storage.cases import NEVER, PRESS, TASK
from engine.storage.statements import Prepared, insert_into
from engine.storage.unit import Unit

# The columns are the fields of Stop in their order.
STOPS = sa.Table(
    "stops",
    metadata,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("case_id", sa.ForeignKey("cases.id"), nullable=False, index=True),
    sa.Column("kind", sa.String(32), nullable=False),
    sa.Column("started_on", sa.Date, nullable=False),
    sa.Column("announced_until", sa.Date, nullable=False),
    sa.Column("legal_basis", sa.String(500), nullable=False),
    sa.Column("source_id", sa.String(64), nullable=False),
    sa.Column("ended_on", sa.Date),
)
OfCase = TypeVar("OfCase", Clock, Stop, Task)
CLOCK = tuple(CLOCKS.c[field.name] for field in fields(Clock))

ADD = Prepared(
    insert_into(CLOCKS, "case_id", "kind", "started_on", "limit_days", "due_on", "provisional")
)
ALL_OF_CASE = Prepared(
    sa.select(*CLOCK).where(CLOCKS.c.case_id == sa.bindparam("case_id")).order_by(CLOCKS.c.id)
)
CLOSE = Prepared(
    CLOCKS.update()
    .where(CLOCKS.c.case_id == sa.bindparam("case_id"), CLOCKS.c.closed_at.is_(None))
    .values(closed_at=sa.bindparam("now"))
)
OF_CASE = Prepared(
    sa.select(*CLOCK)
    .where(CLOCKS.c.case_id == sa.bindparam("case_id"), CLOCKS.c.closed_at.is_(None))
    .order_by(CLOCKS.c.id)
)
STOPS_OF = Prepared(
    sa.select(STOPS)
    .where(STOPS.c.case_id == sa.bindparam("case_id"))
    .order_by(STOPS.c.started_on, STOPS.c.id)
)
MOVE = Prepared(
    CLOCKS.update()
    .where(CLOCKS.c.id == sa.bindparam("clock_id"))
    .values(
        due_on=sa.bindparam("new_due_on"),
        provisional=sa.bindparam("new_provisional"),
        extended_days=sa.bindparam("new_extended_days"),
    )
)
MOVE_TASK = Prepared(
    TASKS.update()
    .where(TASKS.c.id == sa.bindparam("task_id"))
    .where(OPEN)
    .values(due_on=sa.bindparam("new_due_on"), first_due=sa.bindparam("new_due_on"))
)


SAVE_DUES = Prepared(
    CASES.update()
    .where(CASES.c.id == sa.bindparam("case_id"))
    .values(
        promised_due=sa.func.coalesce(
            sa.bindparam("new_promised_due", type_=sa.Date), CASES.c.promised_due
        ),
        statutory_due=sa.func.coalesce(
            sa.bindparam("new_statutory_due", type_=sa.Date), CASES.c.statutory_due
        ),
        provisional=sa.bindparam("new_provisional"),
    )
)


def running(unit: Unit, case_id: str) -> list[Clock]:
    """Return the clocks of a case that are not closed."""
    return [Clock(*row) for row in OF_CASE.rows(unit.line, case_id=case_id)]


def save(unit: Unit, clocks: Iterable[Clock]) -> None:
    """Store due day and extension of clocks."""
    MOVE.run_many(
        unit.line,
        [
            {
                "clock_id": clock.id,
                "new_due_on": clock.due_on,
                "new_provisional": clock.provisional,
                "new_extended_days": clock.extended_days,
            }
            for clock in clocks
        ],
    )


def add(unit: Unit, case_id: str, kind: str, started_on: date, limit_days: int, due: Due) -> None:
    """Start a clock of a limit in working days."""
    values = {"case_id": case_id, "kind": kind, "started_on": started_on}
    values |= {"limit_days": limit_days, "due_on": due.day, "provisional": due.provisional}
    ADD.run(unit.line, values)


def clocks_of(unit: Unit, case_id: str) -> list[Clock]:
    """Return the clocks of a case, closed ones too, in the order in which they began."""
    return [Clock(*row) for row in ALL_OF_CASE.rows(unit.line, case_id=case_id)]


def close(unit: Unit, case_id: str, kinds: Collection[str] | None = None) -> None:
    """Close the open clocks of a case, of some kinds or of all."""
    if kinds is None:
        CLOSE.run(unit.line, {"case_id": case_id, "now": unit.at})
        return
    unit.connection.execute(
        CLOCKS.update()
        .where(CLOCKS.c.case_id == case_id, CLOCKS.c.closed_at.is_(None))
        .where(CLOCKS.c.kind.in_(sorted(kinds)))
        .values(closed_at=unit.at)
    )


def move_tasks(unit: Unit, tasks: Iterable[Task]) -> None:
    """Store the due days of open tasks; they are pressed anew when their case is stored."""
    moved = list(tasks)
    MOVE_TASK.run_many(
        unit.line, [{"task_id": task.id, "new_due_on": task.due_on} for task in moved]
    )
    for task in moved:
        unit.kept.pop(("pressing", task.case_id), None)


def stops_of(unit: Unit, case_id: str) -> list[Stop]:
    """Return when the clocks of a case stood still, in order; the open one has no end."""
    return [Stop(*row) for row in STOPS_OF.rows(unit.line, case_id=case_id)]


def stops_by_case(unit: Unit, case_ids: Collection[str]) -> dict[str, list[Stop]]:
    """Return when the clocks of some cases stood still, in order; not those that never did."""
    found = unit.connection.execute(
        sa.select(STOPS)
        .where(STOPS.c.case_id.in_(case_ids))
        .order_by(STOPS.c.case_id, STOPS.c.started_on, STOPS.c.id)
    )
    return _by_case(Stop(*row) for row in found)


def add_stop(unit: Unit, stop: Stop) -> None:
    """Store that clocks stand still."""
    unit.connection.execute(STOPS.insert(), vars(stop))


def save_stop(unit: Unit, stop: Stop) -> None:
    """Store the announced or the real end of a stop."""
    unit.connection.execute(
        STOPS.update()
        .where(STOPS.c.id == stop.id)
        .values(announced_until=stop.announced_until, ended_on=stop.ended_on)
    )


def overrun(day: date) -> sa.Select[tuple[str]]:
    """Select the cases under way whose clocks stand still longer than was announced by a day."""
    return (
        sa.select(STOPS.c.case_id)
        .join(CASES, CASES.c.id == STOPS.c.case_id)
        .where(STOPS.c.ended_on.is_(None), STOPS.c.announced_until < day)
        .where(CASES.c.state == CaseState.ACCEPTED)
    )


@dataclass(frozen=True)
class Running:
    """A case with the clocks that run, and the times in which they stood still."""

    case_id: str
    clocks: tuple[Clock, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class CaseDues:
    """The due days of a case as its open clocks have them; None where there is no such clock."""

    case_id: str
    promised_due: date | None
    statutory_due: date | None
    provisional: bool


def open_batch(unit: Unit, after: str, size: int) -> list[Running]:
    """Return the next cases with open clocks after an id, locked until the unit ends, by id."""
    ids = list(
        unit.connection.execute(
            sa.select(CASES.c.id)
            .where(CASES.c.id > after)
            .where(sa.exists().where(CLOCKS.c.case_id == CASES.c.id, CLOCKS.c.closed_at.is_(None)))
            .order_by(CASES.c.id)
            .limit(size)
            .with_for_update()
        ).scalars()
    )
    return _running(unit, ids)


def due_from(unit: Unit, day: date, after: str, size: int) -> list[Running]:
    """Return the next cases after an id that have an open clock due on a day or later, by id.

    Nothing is locked: this is for a look ahead.
    """
    ids = unit.connection.execute(
        sa.select(CLOCKS.c.case_id)
        .distinct()
        .where(CLOCKS.c.closed_at.is_(None), CLOCKS.c.due_on >= day, CLOCKS.c.case_id > after)
        .order_by(CLOCKS.c.case_id)
        .limit(size)
    ).scalars()
    return _running(unit, list(ids))


def _running(unit: Unit, ids: Sequence[str]) -> list[Running]:
    open_clocks = (
        sa.select(*CLOCK)
        .where(CLOCKS.c.case_id.in_(ids), CLOCKS.c.closed_at.is_(None))
        .order_by(CLOCKS.c.case_id, CLOCKS.c.id)
    )
    clocks = _by_case(Clock(*row) for row in unit.connection.execute(open_clocks))
    stops = stops_by_case(unit, ids)
    return [
        Running(case_id, tuple(clocks.get(case_id, ())), tuple(stops.get(case_id, ())))
        for case_id in ids
    ]


def limited_tasks(unit: Unit, case_ids: Collection[str]) -> dict[str, list[Task]]:
    """Return the open tasks with a limit of their own, by case."""
    found = unit.connection.execute(
        sa.select(*TASK)
        .where(TASKS.c.case_id.in_(case_ids), TASKS.c.limit_days.is_not(None))
        .where(OPEN)
        .order_by(TASKS.c.case_id, TASKS.c.id)
    )
    return _by_case(Task(*row) for row in found)


def save_dues(unit: Unit, dues: Sequence[CaseDues]) -> None:
    """Store the due days of cases that are locked; what a page has seen stays valid."""
    SAVE_DUES.run_many(
        unit.line,
        [
            {
                "case_id": one.case_id,
                "new_promised_due": one.promised_due,
                "new_statutory_due": one.statutory_due,
                "new_provisional": one.provisional,
            }
            for one in dues
        ],
    )
    PRESS.run_many(
        unit.line,
        [
            {
                "case_id": one.case_id,
                "day": min(one.promised_due or NEVER, one.statutory_due or NEVER),
            }
            for one in dues
        ],
    )


def due_by(unit: Unit, day: date, limit: int) -> Sequence[tuple[str, Clock]]:
    """Return the open clocks that are due by a day, the most pressing first, with case numbers."""
    rows = unit.connection.execute(
        sa.select(CASES.c.case_no, *CLOCK)
        .join(CASES, CASES.c.id == CLOCKS.c.case_id)
        .where(CLOCKS.c.closed_at.is_(None), CLOCKS.c.due_on <= day)
        .order_by(CLOCKS.c.due_on, CASES.c.case_no, CLOCKS.c.id)
        .limit(limit)
    )
    return [(row[0], Clock(*row[1:])) for row in rows]


def _by_case(found: Iterable[OfCase]) -> dict[str, list[OfCase]]:
    return {case_id: list(group) for case_id, group in groupby(found, attrgetter("case_id"))}
