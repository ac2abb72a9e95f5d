"""Child cases: numbered after their parent, with limits of their own, ended with it."""

import pytest

from engine.domain.case import CaseState, TaskState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid, Missing
from engine.services import children, intake, steps
from engine.storage import audit, cases, clocks, exchange
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter


@pytest.fixture
def parent(hall, cast):
    matter = first_matter(hall, "parallel")
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


@pytest.fixture
def begin(hall, parent):
    def begin(unit_no, above=parent, **said):
        with hall.unit(SYSTEM) as unit:
            return steps.begin(hall, unit, SYSTEM, above, "one_review", unit_no, **said)

    return begin


def sweep(hall):
    while run_once(hall, HANDLERS):
        pass


def stands(hall, case):
    with hall.reading() as unit:
        return cases.case(unit, case.id), cases.tasks_of(unit, case.id)


def test_children_are_numbered_after_their_parent_and_work_in_their_units(hall, parent, begin):
    first, second = begin(26), begin(3)
    assert [first.case_no, second.case_no] == [f"{parent.case_no}-01", f"{parent.case_no}-02"]
    (task,) = stands(hall, second)[1]
    assert (task.unit_no, task.step) == (3, "review")
    assert second.applicant_name == parent.applicant_name
    assert second.accepted_at == parent.accepted_at


def test_a_child_has_the_days_that_its_drawing_gives_it(hall, parent, begin):
    own, none = begin(3, days=2), begin(26)
    assert own.promised_due.isoformat() == "2015-10-28"
    assert none.promised_due == parent.promised_due
    assert own.statutory_due == none.statutory_due == parent.statutory_due
    with hall.reading() as unit:
        assert [(c.kind, c.limit_days) for c in clocks.clocks_of(unit, own.id)] == [("promised", 2)]
        assert clocks.clocks_of(unit, none.id) == []


def test_all_of_a_family_see_the_papers_that_were_handed_in_once(hall, parent, begin):
    child = begin(3)
    grandchild = begin(26, above=child)
    with hall.reading() as unit:
        assert children.root_of(unit, grandchild).id == parent.id


def test_an_ended_child_waits_for_nobody_and_says_why(hall, parent, begin):
    child = begin(3, days=2)
    below = begin(26, above=child, task_id="called")
    with hall.unit(SYSTEM) as unit:
        children.end(hall, unit, child.id)
    sweep(hall)
    for case in (child, below):
        ended, tasks = stands(hall, case)
        assert (ended.state, ended.outcome, ended.next_due) == (CaseState.ENDED, None, None)
        assert {task.state for task in tasks} == {TaskState.CANCELLED}
    with hall.reading() as unit:
        assert all(clock.closed_at for clock in clocks.clocks_of(unit, child.id))
        last = audit.events_of(unit, f"case:{child.id}")[-1]
    assert (last.kind, last.body["parent_id"]) == ("EndedByParent", parent.id)


def test_a_child_is_ended_once_and_a_parentless_case_never(hall, parent, begin):
    child = begin(3)
    for _ in range(2):
        with hall.unit(SYSTEM) as unit:
            children.end(hall, unit, child.id)
            children.end(hall, unit, parent.id)
    assert stands(hall, child)[0].rev == child.rev + 1
    assert stands(hall, parent)[0] == parent


def test_only_the_children_that_answer_the_closed_tasks_are_ended(hall, parent, begin):
    kept, gone, free = begin(3, task_id="a"), begin(26, task_id="b"), begin(27)
    with hall.unit(SYSTEM) as unit:
        children.end_all(hall, unit, parent.id, frozenset({"b"}))
    sweep(hall)
    assert [stands(hall, case)[0].state for case in (kept, gone, free)] == [
        CaseState.ACCEPTED,
        CaseState.ENDED,
        CaseState.ACCEPTED,
    ]


def test_a_process_that_is_not_in_force_opens_no_child(hall, parent):
    with pytest.raises(Missing, match=r"definition\.none"), hall.unit(SYSTEM) as unit:
        steps.begin(hall, unit, SYSTEM, parent, "nowhere", 3)
    with hall.reading() as unit:
        assert exchange.children_of(unit, parent.id) == []


def test_generations_have_an_end(hall, parent, begin):
    case = parent
    for _ in range(children.MOST_GENERATIONS):
        case = begin(3, above=case)
    with pytest.raises(Invalid, match=r"case\.generations"):
        begin(3, above=case)
