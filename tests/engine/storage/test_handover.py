"""What an official holds, what a unit has open, and how it moves."""

from datetime import date

import pytest

from engine.domain.case import CaseState, TaskState
from engine.storage import cases, handover
from tests.engine.storage.samples import EVENT, add_official, case_of, load, put, task_of

DUE = date(2015, 10, 30)


@pytest.fixture
def clerk(office):
    load(office)
    return add_official(office, post="clerk")


def add(office, no, *, case=None, **changes):
    stored = case_of(office, no, promised_due=DUE, **(case or {}))
    task = task_of(stored, office, due_on=None, **changes)
    with office.unit() as unit:
        put(unit, stored, task)
    return stored, task


def test_only_claimed_tasks_of_the_official_are_in_his_hands(office, clerk):
    _, mine = add(office, 1, state=TaskState.CLAIMED, holder_id=clerk.id)
    add(office, 2)
    add(office, 3, state=TaskState.CLAIMED, holder_id="somebody")
    add(office, 4, state=TaskState.DONE, holder_id=clerk.id, done_by=clerk.id)
    with office.reading() as unit:
        assert [task.id for task in handover.held_by(unit, clerk.id)] == [mine.id]


def test_a_unit_has_its_open_cases_and_the_open_tasks_that_it_does_for_others(office, clerk):
    own, task = add(office, 1)
    add(office, 2, case={"state": CaseState.CLOSED}, state=TaskState.DONE)
    _, foreign = add(office, 3, case={"unit_no": 27}, unit_no=26)
    add(office, 4, case={"unit_no": 27}, unit_no=27)
    with office.reading() as unit:
        assert handover.open_cases_of(unit, 26) == [own.id]
        assert {one.id for one in handover.open_tasks_of(unit, 26)} == {task.id, foreign.id}


def test_a_moved_case_has_a_new_revision_and_a_moved_task_no_holder(office, clerk):
    case, task = add(office, 1, state=TaskState.CLAIMED, holder_id=clerk.id)
    with office.unit() as unit:
        handover.move_case(unit, case.id, 27)
        handover.move_task(unit, task.id, 27)
        unit.record(EVENT)
    with office.reading() as unit:
        moved, offered = cases.case(unit, case.id), cases.task(unit, task.id)
    assert (moved.unit_no, moved.rev, moved.promised_due) == (27, case.rev + 1, DUE)
    assert (offered.unit_no, offered.state, offered.holder_id) == (27, TaskState.OFFERED, None)


def test_a_task_that_is_done_does_not_move(office, clerk):
    _, task = add(office, 1, state=TaskState.DONE, done_by=clerk.id)
    with office.unit() as unit:
        handover.move_task(unit, task.id, 27)
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.task(unit, task.id).unit_no == task.unit_no
