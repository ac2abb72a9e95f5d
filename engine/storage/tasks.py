"""What is asked about the tasks of a case whenever one of them is done."""

import sqlalchemy as sa

from engine.domain.case import Task
from engine.storage.case_rows import OPEN, TASKS
from engine.storage.statements import Prepared
from engine.storage.unit import Unit

_T = TASKS.c
OPINIONS = Prepared(
    sa.select(_T.holder_id)
    .where(_T.case_id == sa.bindparam("case_id"), _T.of_task == sa.bindparam("of_task"))
    .where(OPEN)
    .where(sa.text("tasks.purpose = 'consult'"))
    .order_by(_T.opened_at, _T.id)
)
SIBLINGS = Prepared(
    sa.select(_T.holder_id).where(
        _T.case_id == sa.bindparam("case_id"),
        _T.step == sa.bindparam("step"),
        _T.opened_at == sa.bindparam("opened_at"),
        _T.id != sa.bindparam("task_id"),
        _T.holder_id.is_not(None),
    )
)


def asked_of(unit: Unit, task: Task) -> list[str]:
    """Return the officials whose opinion on a task was asked for and has not come (加签)."""
    return [row[0] for row in OPINIONS.rows(unit.line, case_id=task.case_id, of_task=task.id)]


def with_siblings(unit: Unit, task: Task) -> set[str]:
    """Return who holds or did another task of the same step that was opened with this one."""
    rows = SIBLINGS.rows(
        unit.line,
        case_id=task.case_id,
        step=task.step,
        opened_at=task.opened_at,
        task_id=task.id,
    )
    return {row[0] for row in rows}
