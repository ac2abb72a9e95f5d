"""What an official has in hand and what a unit has open, and how it goes to another."""

import sqlalchemy as sa

from engine.domain.case import CaseState, Task, TaskState
from engine.storage.case_rows import CASES, CLAIMED, OPEN, TASKS
from engine.storage.cases import TASK
from engine.storage.unit import Unit

_C, _T = CASES.c, TASKS.c
UNDER_WAY = (CaseState.APPLIED, CaseState.ACCEPTED, CaseState.DECIDED)


def held_by(unit: Unit, official_id: str) -> list[Task]:
    """Return the open tasks that an official holds, by case, so that cases lock in one order."""
    rows = unit.connection.execute(
        sa.select(*TASK)
        .where(CLAIMED, _T.holder_id == official_id)
        .order_by(_T.case_id, _T.opened_at, _T.id)
    )
    return [Task(*row) for row in rows]


def open_tasks_of(unit: Unit, unit_no: int) -> list[Task]:
    """Return the open tasks of a unit, also those in cases of other units, by case."""
    rows = unit.connection.execute(
        sa.select(*TASK)
        .where(OPEN, _T.unit_no == unit_no)
        .order_by(_T.case_id, _T.opened_at, _T.id)
    )
    return [Task(*row) for row in rows]


def open_cases_of(unit: Unit, unit_no: int) -> list[str]:
    """Return the ids of the cases of a unit whose life has not ended."""
    rows = unit.connection.execute(
        sa.select(_C.id).where(_C.unit_no == unit_no, _C.state.in_(UNDER_WAY)).order_by(_C.id)
    )
    return [row.id for row in rows]


def move_case(unit: Unit, case_id: str, to_unit: int) -> None:
    """Give a case to another unit; its revision grows, so that stale pages are refused."""
    unit.connection.execute(
        CASES.update().where(_C.id == case_id).values(unit_no=to_unit, rev=_C.rev + 1)
    )


def move_task(unit: Unit, task_id: str, to_unit: int) -> None:
    """Offer an open task to another unit; nobody holds it then."""
    unit.connection.execute(
        TASKS.update()
        .where(_T.id == task_id, OPEN)
        .values(unit_no=to_unit, state=TaskState.OFFERED, holder_id=None)
    )
