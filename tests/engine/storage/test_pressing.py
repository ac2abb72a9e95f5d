"""A case presses by its open tasks and its open clocks, and by nothing that is closed."""

from datetime import date

import pytest

from engine.domain.working_time import Due
from engine.storage import cases, clocks
from engine.storage.pressing import pressing
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT

DAY, LATER = date(2015, 10, 29), date(2015, 11, 5)


@pytest.fixture
def three(office):
    """Store a case with a task due, one with a clock due, one on which nothing presses."""
    with office.unit() as unit:
        for name, day in (("by-task", DAY), ("by-clock", None), ("idle", LATER)):
            case = samples.case_of(
                office, id=name, case_no=name, promised_due=None, statutory_due=None
            )
            tasks = [samples.task_of(case, office, id=name, due_on=day)] if day else []
            samples.put(unit, case, *tasks)
        for name, day in (("by-clock", DAY), ("idle", LATER)):
            clocks.add(unit, name, "promised", DAY, 3, Due(day, False))
    return office


def found(office, until):
    with office.reading() as unit:
        return pressing(unit, until, until)


@pytest.mark.parametrize(
    ("until", "expected"),
    [
        (date(2015, 10, 28), []),
        (DAY, ["by-clock", "by-task"]),
        (LATER, ["by-clock", "by-task", "idle"]),
    ],
    ids=["before", "on the day", "later"],
)
def test_what_is_due_by_a_day_presses(three, until, expected):
    assert found(three, until) == expected


def test_what_is_closed_presses_no_more(three):
    with three.unit() as unit:
        unit.record(EVENT)
        cases.cancel_tasks(unit, ["by-task"])
        clocks.close(unit, "by-clock")
    assert found(three, DAY) == []
