"""On which cases something presses: a task or a clock that is due by a day."""

from datetime import date

import sqlalchemy as sa

from engine.storage.case_rows import CLOCKS, OPEN, TASKS
from engine.storage.unit import Unit


def pressing(unit: Unit, until: date) -> list[str]:
    """Return the ids of cases with an open task or clock that is due by the day `until`."""
    of_tasks = sa.select(TASKS.c.case_id).where(OPEN).where(TASKS.c.first_due <= until)
    of_clocks = sa.select(CLOCKS.c.case_id).where(
        CLOCKS.c.closed_at.is_(None), CLOCKS.c.due_on <= until
    )
    found = unit.connection.execute(sa.union(of_tasks, of_clocks))
    return sorted(found.scalars())
