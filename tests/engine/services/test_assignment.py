"""Handing over, asking an opinion, reminding: who may, who may not, and what the history keeps."""

from dataclasses import replace

import pytest

from engine.domain.case import Purpose, TaskState
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import hall_moment
from engine.services import assignment, cases, work
from engine.storage.journal import JOBS
from tests.story import answers

OPINION = {"consult_result": "agree", "consult_opinion": "经营范围表述规范"}


@pytest.fixture
def colleague(cast, unit_no, clerk):
    return next(one for one in cast.all_of("clerk", unit_no) if one.id != clerk.id)


@pytest.fixture
def expert(cast):
    """A reviewer of another unit."""
    return cast.holder(1, "reviewer")


@pytest.fixture
def review(receipt):
    return receipt.opened[0]


@pytest.fixture
def asked(hall, clerk, expert, review, receipt):
    return assignment.consult(
        hall, clerk, review.id, expert.account, "经营范围可否核准？", 2, receipt.case.rev
    )


def rev(hall, case):
    with hall.reading() as unit:
        return cases.cases.case(unit, case.id).rev


def history(hall, by, case, kind):
    return [line for line in cases.case(hall, by, case.id).history if line.kind == kind]


def refused(act, *args):
    with pytest.raises(HallError) as error:
        act(*args)
    return error.value


def test_a_task_is_handed_to_a_colleague_who_then_does_it(hall, clerk, colleague, review, receipt):
    handed = assignment.hand_over(
        hall, clerk, review.id, colleague.account, "下午外出勘查", receipt.case.rev
    )
    assert (handed.state, handed.holder_id) == (TaskState.CLAIMED, colleague.id)
    assert work.inbox(hall, colleague).rows[0].task_id == review.id
    (told,) = history(hall, clerk, receipt.case, "TaskHandedOver")
    assert told.params["receiver"] == colleague.name
    done = work.complete_task(
        hall, colleague, review.id, answers(hall, review), rev(hall, receipt.case)
    )
    assert done.opened[0].step == "approve"


def test_a_replayed_handing_over_is_refused(hall, clerk, colleague, review, receipt):
    act = (assignment.hand_over, hall, clerk, review.id, colleague.account, "外出")
    act[0](*act[1:], receipt.case.rev)
    assert refused(*act, receipt.case.rev).code == "task.taken"
    back = (assignment.hand_over, hall, colleague, review.id, clerk.account, "退回本人")
    assert refused(*back, receipt.case.rev).code == "case.changed"


@pytest.mark.parametrize(
    ("post", "because"),
    [
        pytest.param("chief", "role", id="another post"),
        pytest.param("stand_in", "role", id="nobody is away"),
    ],
)
def test_a_receiver_who_may_not_is_refused_with_his_verdict(
    hall, cast, clerk, unit_no, review, receipt, post, because
):
    to = cast.holder(unit_no, post)
    error = refused(
        assignment.hand_over, hall, clerk, review.id, to.account, "请代办", receipt.case.rev
    )
    assert (error.code, error.params["because"]) == ("authority.refused", because)
    assert history(hall, clerk, receipt.case, "ActRefused")[-1].params["because"] == because
    assert work.task(hall, clerk, review.id).task.holder_id is None


def test_a_colleague_of_another_unit_receives_nothing(hall, cast, clerk, review, receipt):
    to = cast.clerk(1)
    error = refused(
        assignment.hand_over, hall, clerk, review.id, to.account, "请代办", receipt.case.rev
    )
    assert error.params["because"] == "unit"


def test_four_eyes_hold_for_the_receiver(hall, cast, clerk, unit_no, review, receipt):
    done = work.complete_task(hall, clerk, review.id, answers(hall, review), receipt.case.rev)
    chief, approve = cast.holder(unit_no, "chief"), done.opened[0]
    with hall.unit(chief) as unit:
        promoted = replace(clerk, post="chief")
        verdict = assignment.ruled(hall, unit, promoted, approve, done.case).verdict
    assert verdict.because == "four_eyes"


@pytest.mark.parametrize(
    ("account", "reason", "code"),
    [
        pytest.param(None, "请代办", "task.same_person", id="to oneself"),
        pytest.param("nobody99", "请代办", "account.unknown", id="to nobody"),
        pytest.param("clerk06", "  ", "task.text", id="without a reason"),
    ],
)
def test_a_handing_over_that_says_nothing_changes_nothing(
    hall, clerk, review, receipt, account, reason, code
):
    error = refused(
        assignment.hand_over,
        hall,
        clerk,
        review.id,
        clerk.account if account is None else account,
        reason,
        receipt.case.rev,
    )
    assert error.code == code
    assert rev(hall, receipt.case) == receipt.case.rev


def test_who_may_not_do_a_task_cannot_give_it_away(hall, cast, chief, colleague, review, receipt):
    error = refused(
        assignment.hand_over, hall, chief, review.id, colleague.account, "请办", receipt.case.rev
    )
    assert error.params["because"] == "role"


def test_an_opinion_is_asked_of_one_person_and_waited_for(
    hall, clerk, expert, review, receipt, asked
):
    assert (asked.purpose, asked.of_task) == (Purpose.CONSULT, review.id)
    assert asked.due_on.isoformat() == "2015-10-28"
    assert work.inbox(hall, expert).rows[0].task_id == asked.id
    error = refused(
        work.complete_task,
        hall,
        clerk,
        review.id,
        answers(hall, review),
        rev(hall, receipt.case),
    )
    assert (error.code, error.params["names"]) == ("task.consulting", [expert.name])


def test_with_the_opinion_the_step_goes_on(hall, clerk, expert, review, receipt, asked):
    done = work.complete_task(hall, expert, asked.id, OPINION, rev(hall, receipt.case))
    assert done.opened == ()
    kept = work.task(hall, expert, asked.id).task.answers
    assert kept == {"consult_question": "经营范围可否核准？", **OPINION}
    after = work.complete_task(hall, clerk, review.id, answers(hall, review), done.case.rev)
    assert after.opened[0].step == "approve"


def test_an_opinion_is_not_the_handling_of_a_step(hall, clerk, chief, review, receipt):
    asked = assignment.consult(
        hall, clerk, review.id, chief.account, "能否当场办结？", 1, receipt.case.rev
    )
    done = work.complete_task(hall, chief, asked.id, OPINION, rev(hall, receipt.case))
    after = work.complete_task(hall, clerk, review.id, answers(hall, review), done.case.rev)
    approve = after.opened[0]
    decided = work.complete_task(hall, chief, approve.id, answers(hall, approve), after.case.rev)
    assert decided.case.outcome == "granted"


def test_nobody_else_answers_and_the_person_asked_cannot_give_it_to_all(
    hall, cast, expert, receipt, asked
):
    other = cast.holder(1, "chief")
    given = (work.complete_task, hall, other, asked.id, OPINION, rev(hall, receipt.case))
    assert refused(*given).code == "task.taken"
    assert refused(work.release, hall, expert, asked.id).code == "task.named"


def test_the_opinion_is_withdrawn_by_who_has_the_step_in_hand(
    hall, clerk, expert, review, receipt, asked
):
    given = (assignment.withdraw_consult, hall, expert, asked.id, rev(hall, receipt.case))
    assert refused(*given).params["because"] == "unit"
    gone = assignment.withdraw_consult(hall, clerk, asked.id, rev(hall, receipt.case))
    assert gone.state is TaskState.CANCELLED
    assert work.inbox(hall, expert).rows == []
    again = (assignment.withdraw_consult, hall, clerk, asked.id, rev(hall, receipt.case))
    assert refused(*again).code == "task.done"
    work.complete_task(hall, clerk, review.id, answers(hall, review), rev(hall, receipt.case))


def test_only_a_request_for_an_opinion_is_withdrawn(hall, clerk, review, receipt):
    act = (assignment.withdraw_consult, hall, clerk, review.id, receipt.case.rev)
    assert refused(*act).code == "consult.none"


@pytest.mark.parametrize("days", [0, -1, 61])
def test_an_opinion_has_a_day_in_reach(hall, clerk, expert, review, receipt, days):
    with pytest.raises(Invalid) as error:
        assignment.consult(hall, clerk, review.id, expert.account, "？！", days, receipt.case.rev)
    assert error.value.code == "consult.days"


def test_nobody_is_asked_twice_at_once_nor_on_a_task_beside(hall, clerk, expert, receipt, asked):
    act = (assignment.consult, hall, clerk, asked.of_task, expert.account, "再问一次", 2)
    assert refused(*act, rev(hall, receipt.case)).code == "consult.again"
    beside = (assignment.consult, hall, expert, asked.id, clerk.account, "转问", 2)
    assert refused(*beside, rev(hall, receipt.case)).code == "consult.beside"


def test_a_stand_in_is_asked_only_while_somebody_is_away(hall, cast, clerk, review, receipt):
    stand_in = cast.holder(1, "stand_in")
    act = (assignment.consult, hall, clerk, review.id, stand_in.account, "请看", 2)
    assert refused(*act, receipt.case.rev).params["because"] == "stand_in.not_now"


def test_reminding_tells_the_holder_once_a_working_day(hall, clerk, chief, receipt, now):
    waiting = assignment.urge(hall, chief, receipt.case.id, "申请人等候，请尽快")
    assert [task.step for task in waiting] == ["review"]
    assert refused(assignment.urge, hall, chief, receipt.case.id, "快").code == "urge.again"
    assignment.urge_task(hall, clerk, waiting[0].id, "请同事先办")
    now.move_to(hall_moment("2015-10-27T09:00"))
    assignment.urge(hall, chief, receipt.case.id, "第二天")
    told = history(hall, clerk, receipt.case, "Urged")
    assert [line.params["text"] for line in told] == ["申请人等候，请尽快", "请同事先办", "第二天"]
    with hall.reading() as unit:
        kinds = [row.kind for row in unit.connection.execute(JOBS.select())]
    assert kinds.count("notice.send") >= 3


def test_days_off_count_with_the_working_day_after_them(hall, chief, receipt, now):
    now.move_to(hall_moment("2015-10-31T10:00"))
    assignment.urge(hall, chief, receipt.case.id, "周六")
    now.move_to(hall_moment("2015-11-02T10:00"))
    assert refused(assignment.urge, hall, chief, receipt.case.id, "周一").code == "urge.again"
    now.move_to(hall_moment("2015-11-03T08:00"))
    assignment.urge(hall, chief, receipt.case.id, "周二")


def test_a_stranger_cannot_remind_and_a_supervisor_can(hall, cast, receipt):
    with pytest.raises(Forbidden) as error:
        assignment.urge(hall, cast.clerk(1), receipt.case.id, "快")
    assert error.value.code == "case.other_unit"
    assert assignment.urge(hall, cast.holder(None, "supervisor"), receipt.case.id, "请说明")


def test_nothing_to_remind_of_when_nothing_waits(hall, clerk, chief, review, receipt):
    done = work.complete_task(hall, clerk, review.id, answers(hall, review), receipt.case.rev)
    approve = done.opened[0]
    work.complete_task(hall, chief, approve.id, answers(hall, approve), done.case.rev)
    with pytest.raises(Conflict, match=r"urge\.nothing"):
        assignment.urge(hall, chief, receipt.case.id, "快")
