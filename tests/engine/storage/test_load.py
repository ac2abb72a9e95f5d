"""Open tasks are counted by unit and holder."""

from datetime import date

from engine.domain.case import TaskState
from engine.storage import load
from engine.storage.load import Open
from tests.engine.storage.samples import case_of, put, task_of

TODAY = date(2015, 10, 27)
LATE, SOON = date(2015, 10, 26), date(2015, 10, 28)


def test_open_tasks_are_counted_by_holder_and_those_done_are_not(office):
    def add(no, due, **changes):
        case = case_of(office, no, promised_due=due, statutory_due=None)
        with office.unit() as unit:
            put(unit, case, task_of(case, office, due_on=None, **changes))

    add(1, LATE, holder_id="o1", state=TaskState.CLAIMED)
    add(2, SOON, holder_id="o1", state=TaskState.CLAIMED)
    add(3, SOON)
    add(4, None)
    add(5, LATE, holder_id="o1", state=TaskState.DONE)
    with office.reading() as unit:
        found = {one.holder_id: one for one in load.open_tasks(unit, TODAY)}
        (unit_no,) = {one.unit_no for one in found.values()}
        assert found == {
            "o1": Open(unit_no, "o1", 2, 1, LATE),
            None: Open(unit_no, None, 2, 0, SOON),
        }
        assert list(load.open_tasks(unit, TODAY, unit_no + 1)) == []
