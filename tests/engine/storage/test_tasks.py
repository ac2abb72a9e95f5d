"""Opinions that are waited for, and who has the other tasks of a step that many do."""

from dataclasses import replace
from datetime import timedelta

from engine.domain.case import Purpose, TaskState
from engine.storage import cases, tasks
from tests.engine.storage.samples import case_of, put, task_of


def test_only_open_opinions_on_the_task_are_waited_for(office):
    case = case_of(office)
    main = task_of(case, office)

    def asked(no, **changes):
        given = {"purpose": Purpose.CONSULT, "of_task": main.id, "state": TaskState.CLAIMED}
        return task_of(case, office, no, **{**given, "holder_id": f"o{no}", **changes})

    others = [
        asked(2),
        asked(3),
        asked(4, state=TaskState.DONE),
        asked(5, state=TaskState.CANCELLED),
        asked(6, of_task="another"),
        asked(7, purpose=Purpose.SURVEY),
    ]
    with office.unit() as unit:
        put(unit, case, main)
        cases.open_tasks(unit, others)
    with office.reading() as unit:
        assert tasks.asked_of(unit, main) == ["o2", "o3"]
        assert tasks.asked_of(unit, others[0]) == []


def test_siblings_are_tasks_of_one_step_opened_together(office):
    case = case_of(office)
    main = task_of(case, office, holder_id="o1", state=TaskState.CLAIMED)
    others = [
        replace(main, id="t2", holder_id="o2", state=TaskState.DONE),
        replace(main, id="t3", holder_id=None, state=TaskState.OFFERED),
        replace(main, id="t4", holder_id="o4", step="another"),
        replace(main, id="t5", holder_id="o5", opened_at=main.opened_at + timedelta(days=1)),
    ]
    with office.unit() as unit:
        put(unit, case, main)
        cases.open_tasks(unit, others)
    with office.reading() as unit:
        assert tasks.with_siblings(unit, main) == {"o2"}
        assert tasks.with_siblings(unit, others[0]) == {"o1"}
