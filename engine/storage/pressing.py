"""On which cases something presses: a task or a clock that is due, a stop longer than announced."""

from datetime import date

import sqlalchemy as sa

from engine.storage import clocks
from engine.storage.case_rows import CLOCKS, OPEN, TASKS
from engine.storage.unit import Unit


def pressing(unit: Unit, today: date, until: date) -> list[str]:
    """Return the ids of cases on which something presses.

    An open task or clock is due by the day `until`, or the clocks stand still today longer than was
    announced.
    """
    of_tasks = sa.select(TASKS.c.case_id).where(OPEN).where(TASKS.c.first_due <= until)
    of_clocks = sa.select(CLOCKS.c.case_id).where(
        CLOCKS.c.closed_at.is_(None), CLOCKS.c.due_on <= until
    )
    found = unit.connection.execute(sa.union(of_tasks, of_clocks, clocks.overrun(today)))
    return sorted(found.scalars())
