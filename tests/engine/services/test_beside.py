"""Tasks beside the process stand in the inbox of those whom they are for."""

import pytest

from engine.domain.case import Purpose
from engine.domain.events.cases import TaskReleased
from engine.services import beside, intake, work
from tests.story import application, walk_through_matter


@pytest.mark.parametrize("tab", ["offered", "mine"])
def test_a_task_beside_the_process_is_offered_or_held(hall, cast, tab):
    unit_no = walk_through_matter(hall).unit_no
    clerk, chief = cast.clerk(unit_no), cast.holder(unit_no, "chief")
    receipt = intake.receive(hall, clerk, application(hall))
    with hall.unit(clerk) as unit:
        opened = beside.open_task(
            hall,
            unit,
            receipt.case,
            Purpose.CONSULT,
            "征求意见",
            "parallel.opinion",
            roles=("chief",),
            unit_no=unit_no,
            holder_id=chief.id if tab == "mine" else None,
        )
    assert opened.id in {row.task_id for row in work.inbox(hall, chief, tab).rows}


def test_what_was_asked_stays_with_the_answer_of_a_task_beside(hall, cast):
    unit_no = walk_through_matter(hall).unit_no
    clerk, chief = cast.clerk(unit_no), cast.holder(unit_no, "chief")
    case = intake.receive(hall, clerk, application(hall)).case
    with hall.unit(clerk) as unit:
        opened = beside.open_task(
            hall,
            unit,
            case,
            Purpose.CONSULT,
            "征求意见",
            "beside.consult",
            roles=("chief",),
            unit_no=unit_no,
            holder_id=chief.id,
            asked={"consult_question": "可否？"},
        )
    given = {"consult_result": "disagree", "consult_opinion": "不宜"}
    work.complete_task(hall, chief, opened.id, given, case.rev)
    view = work.task(hall, chief, opened.id)
    assert view.task.answers == {"consult_question": "可否？", **given}


def test_with_its_task_an_open_question_is_closed(hall, cast):
    unit_no = walk_through_matter(hall).unit_no
    clerk = cast.clerk(unit_no)
    receipt = intake.receive(hall, clerk, application(hall))
    step = receipt.opened[0]
    with hall.unit(clerk) as unit:
        kept, gone = (
            beside.open_task(
                hall,
                unit,
                receipt.case,
                Purpose.CONSULT,
                "征求意见",
                "beside.consult",
                roles=("chief",),
                unit_no=unit_no,
                of_task=of,
            )
            for of in ("another", step.id)
        )
    with hall.unit(clerk) as unit:
        beside.cancel_of(unit, receipt.case.id, [])
        beside.cancel_of(unit, receipt.case.id, [step.id])
        unit.record(TaskReleased(case_id=receipt.case.id, task_id=step.id, step=step.step))
    assert work.task(hall, clerk, kept.id).open
    assert not work.task(hall, clerk, gone.id).open
