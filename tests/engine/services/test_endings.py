"""An application taken back: at any time before the decision, and nothing of it goes on."""

from dataclasses import replace
from datetime import date

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import CaseState, Purpose, TaskState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.services import beside, cases, clocks, endings, intake, steps, work
from engine.services.clocks import Cause
from engine.storage import cases as rows
from engine.storage import clocks as clock_rows
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.engine.services.receiving import let_pass
from tests.story import answers, application, walk_through_matter

WHY = "经营计划变更"


@pytest.fixture
def case(hall, clerk):
    return intake.receive(hall, clerk, application(hall)).case


def view(hall, clerk, case):
    return cases.case(hall, clerk, case.id)


def test_an_application_is_taken_back_before_its_acceptance(hall, now, clerk):
    applied = intake.apply(hall, clerk, application(hall)).case
    gone = endings.withdraw(hall, clerk, applied.id, WHY, applied.rev)
    assert gone.state is CaseState.WITHDRAWN
    let_pass(hall, now, "2015-11-04T09:00")
    assert view(hall, clerk, gone).case == gone, "nor deemed accepted afterwards"


def test_taking_it_back_cancels_its_tasks_and_closes_its_clocks(hall, clerk, case):
    gone = endings.withdraw(hall, clerk, case.id, f" {WHY} ", case.rev)
    seen = view(hall, clerk, case)
    assert {line.task.state for line in seen.tasks} == {TaskState.CANCELLED}
    assert {clock.left for clock in seen.clocks} == {None}
    assert gone.closed_at == seen.case.closed_at
    last = seen.history[-1]
    assert (last.kind, last.params["reason"]) == ("Withdrawn", WHY)
    assert last.params["cancelled"] == [line.task.id for line in seen.tasks]


def test_a_task_of_a_withdrawn_case_cannot_be_done(hall, clerk):
    receipt = intake.receive(hall, clerk, application(hall))
    gone = endings.withdraw(hall, clerk, receipt.case.id, WHY, receipt.case.rev)
    task = receipt.opened[0]
    with pytest.raises(Conflict, match=r"task\.done"):
        work.complete_task(hall, clerk, task.id, answers(hall, task), gone.rev)


def test_a_joint_survey_under_way_ends_with_it_and_is_told(hall, clerk, case):
    with hall.unit(SYSTEM) as unit:
        survey = beside.open_task(
            hall,
            unit,
            case,
            Purpose.SURVEY,
            "联合踏勘",
            "one_review.review",
            roles=("reviewer",),
            unit_no=case.unit_no,
        )
    endings.withdraw(hall, clerk, case.id, WHY, case.rev)
    assert view(hall, clerk, case).history[-1].params["surveys"] == [survey.id]
    with hall.reading() as unit:
        assert rows.task(unit, survey.id).state is TaskState.CANCELLED


def test_clocks_that_stand_still_do_not_stand_still_for_ever(hall, now, clerk, case):
    cause = Cause("inspection", date(2015, 10, 30), "第四十五条", "procedure")
    with hall.unit(SYSTEM) as unit:
        stopped = rows.update(unit, clocks.suspend(hall, unit, case, cause), case.rev)
    now.advance(days=1)
    endings.withdraw(hall, clerk, case.id, WHY, stopped.rev)
    with hall.reading() as unit:
        ends = [stop.ended_on for stop in clock_rows.stops_of(unit, case.id)]
        assert ends == [date(2015, 10, 27)]
        assert clocks.suspended(unit, case.id) is None


def test_its_children_end_with_it(hall, now, clerk, case):
    with hall.unit(SYSTEM) as unit:
        child = steps.begin(hall, unit, SYSTEM, case, "one_review", 27)
    with pytest.raises(Conflict, match=r"ending\.child"):
        endings.withdraw(hall, replace(clerk, unit_no=27), child.id, WHY, child.rev)
    endings.withdraw(hall, clerk, case.id, WHY, view(hall, clerk, case).case.rev)
    while run_once(hall, HANDLERS):
        pass
    with hall.reading() as unit:
        ended = rows.case(unit, child.id)
    assert ended.state is CaseState.ENDED


def test_a_decided_case_cannot_be_taken_back(hall, cast, clerk):
    decided = carry(hall, cast, walk_through_matter(hall).no, ANSWERS).case
    with pytest.raises(Conflict) as refused:
        endings.withdraw(hall, clerk, decided.id, WHY, decided.rev)
    assert refused.value.code == "case.not_in_state"


def test_it_is_taken_back_once_with_a_reason_by_its_unit_on_a_fresh_page(hall, cast, clerk, case):
    with pytest.raises(Invalid, match=r"ending\.reason_missing"):
        endings.withdraw(hall, clerk, case.id, "  ", case.rev)
    with pytest.raises(Forbidden, match=r"intake\.other_unit"):
        endings.withdraw(hall, cast.clerk(1), case.id, WHY, case.rev)
    with pytest.raises(Conflict, match=r"case\.changed"):
        endings.withdraw(hall, clerk, case.id, WHY, case.rev + 1)
    gone = endings.withdraw(hall, clerk, case.id, WHY, case.rev)
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        endings.withdraw(hall, clerk, case.id, WHY, gone.rev)
