"""How much lies open, counted by unit and by who holds it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.storage.case_rows import OPEN, TASKS
from engine.storage.cases import NEVER
from engine.storage.unit import Unit

_T = TASKS.c


@dataclass(frozen=True)
class Open:
    """The open tasks of a unit that one person holds, or nobody.

    `late` are past the nearest due day of task or case, `nearest_due` is the first of them, None
    where no clock runs.
    """

    unit_no: int
    holder_id: str | None
    tasks: int
    late: int
    nearest_due: date | None


def open_tasks(unit: Unit, today: date, unit_no: int | None = None) -> Iterator[Open]:
    """Yield the open tasks of all units, or of one, counted by unit and holder."""
    late = sa.func.count().filter(_T.first_due < today)
    nearest = sa.func.min(sa.case((_T.first_due < NEVER, _T.first_due)))
    counted = (
        sa.select(_T.unit_no, _T.holder_id, sa.func.count(), late, nearest)
        .where(OPEN)
        .group_by(_T.unit_no, _T.holder_id)
    )
    if unit_no is not None:
        counted = counted.where(_T.unit_no == unit_no)
    for row in unit.connection.execute(counted):
        yield Open(*row)
