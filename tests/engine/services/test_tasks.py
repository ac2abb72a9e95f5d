"""What every act on a task asks first: text, receiver, revision, who has it in hand."""

from dataclasses import replace

import pytest

from engine.domain.case import TaskState
from engine.domain.events.cases import TaskReleased
from engine.kernel.errors import Conflict, HallError, Invalid
from engine.services import assignment, tasks, work
from engine.storage import cases


@pytest.mark.parametrize(
    "text", ["", " \n\t", "一" * 1001], ids=["empty", "only blanks", "far too long"]
)
def test_a_text_that_says_nothing_or_too_much_is_refused_by_field(text):
    with pytest.raises(Invalid) as refused:
        tasks.said(text, "reason")
    assert (refused.value.code, refused.value.params["field"]) == ("task.text", "reason")


def test_a_text_loses_its_margins():
    assert tasks.said("  请补充说明 \n", "reason") == "请补充说明"


@pytest.mark.parametrize(
    ("account", "code"),
    [("nobody99", "account.unknown"), ("", "account.unknown"), (None, "task.same_person")],
    ids=["unknown", "empty", "oneself"],
)
def test_a_receiver_is_somebody_else_who_exists(hall, clerk, account, code):
    with hall.reading() as unit, pytest.raises(HallError) as refused:
        tasks.receiver(unit, clerk.account if account is None else account, clerk)
    assert refused.value.code == code


def test_what_somebody_else_holds_is_his(hall, cast, clerk, receipt):
    work.claim(hall, clerk, receipt.opened[0].id)
    chief = cast.holder(clerk.unit_no, "chief")
    with hall.unit(chief) as unit:
        found, case = tasks.locked(unit, receipt.opened[0].id)
        assert case.id == receipt.case.id
        tasks.refuse_gone(unit, found, clerk)
        with pytest.raises(Conflict) as refused:
            tasks.refuse_gone(unit, found, chief)
    assert refused.value.params["by"] == clerk.name


def test_a_task_that_is_cancelled_is_gone(hall, clerk, receipt):
    with hall.unit(clerk) as unit:
        found, _ = tasks.locked(unit, receipt.opened[0].id)
        tasks.cancel(unit, found)
        again, _ = tasks.locked(unit, found.id)
        with pytest.raises(Conflict, match=r"task\.done"):
            tasks.refuse_gone(unit, again, clerk)
        assert tasks.consulting(unit, found) == []
        assert tasks.name(unit, None) is None
        assert tasks.ruled(hall, unit, clerk, found, receipt.case).verdict.allowed
        unit.record(TaskReleased(case_id=found.case_id, task_id=found.id, step=found.step))


def test_a_step_that_several_do_is_done_by_different_people(hall, cast, clerk, receipt):
    colleague = next(one for one in cast.all_of("clerk", clerk.unit_no) if one.id != clerk.id)
    mine = receipt.opened[0]
    with hall.unit(clerk) as unit:
        cases.save_task(unit, replace(mine, state=TaskState.CLAIMED, holder_id=clerk.id))
        other = replace(mine, id="another")
        cases.open_tasks(unit, [other])
        unit.record(TaskReleased(case_id=mine.case_id, task_id=other.id, step=other.step))
    error = refusal_of(work.claim, hall, clerk, other.id)
    assert (error.code, error.params["because"]) == ("authority.refused", "sibling")
    assert work.claim(hall, colleague, other.id).holder_id == colleague.id
    error = refusal_of(
        assignment.hand_over, hall, clerk, mine.id, colleague.account, "请代签", receipt.case.rev
    )
    assert error.params["because"] == "sibling"


def refusal_of(act, *args):
    with pytest.raises(HallError) as refused:
        act(*args)
    return refused.value
