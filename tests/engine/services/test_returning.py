"""A case goes a step back: its clocks go on, nothing starts anew, nobody else's work is undone."""

import pytest

from engine.domain.case import TaskState
from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError
from engine.kernel.now import hall_moment
from engine.services import assignment, cases, returning, warnings, work
from tests.story import answers


@pytest.fixture
def reviewed(hall, clerk, receipt, now):
    now.advance(minutes=10)
    task = receipt.opened[0]
    return work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)


@pytest.fixture
def sent_back(hall, chief, reviewed):
    return returning.send_back(
        hall, chief, reviewed.opened[0].id, "review", "住所证明不清，请核对原件", reviewed.case.rev
    )


def refused(act, *args):
    with pytest.raises(HallError) as error:
        act(*args)
    return error.value


def test_m_rev_3_sent_back_before_the_approval_the_clock_goes_on(
    hall, clerk, chief, reviewed, sent_back, now
):
    assert [task.step for task in sent_back.opened] == ["review"]
    before, after = reviewed.case, sent_back.case
    assert (after.promised_due, after.statutory_due) == (before.promised_due, before.statutory_due)
    assert after.accepted_at == before.accepted_at
    clocks = cases.case(hall, clerk, after.id).clocks
    assert all(clock.started_on.isoformat() == "2015-10-26" for clock in clocks)
    assert work.inbox(hall, chief, "offered").rows == []
    now.move_to(hall_moment("2015-10-28T09:00"))
    with hall.unit(SYSTEM) as unit:
        warnings.watch(hall, unit, after.id)
    told = cases.case(hall, clerk, after.id).history
    assert "S02" in {line.params["rule"] for line in told if line.kind == "LimitWarned"}
    reason = next(line for line in told if line.kind == "SentBack")
    assert reason.params["reason"] == "住所证明不清，请核对原件"


def test_forward_again_by_the_same_hands_it_ends_as_without(hall, clerk, chief, sent_back):
    review = sent_back.opened[0]
    again = work.complete_task(hall, clerk, review.id, answers(hall, review), sent_back.case.rev)
    approve = again.opened[0]
    done = work.complete_task(hall, chief, approve.id, answers(hall, approve), again.case.rev)
    assert done.case.outcome == "granted"


def test_who_reviewed_still_may_not_decide_after_it_came_back(hall, cast, clerk, sent_back):
    colleague = next(one for one in cast.all_of("clerk", clerk.unit_no) if one.id != clerk.id)
    review = sent_back.opened[0]
    again = work.complete_task(
        hall, colleague, review.id, answers(hall, review), sent_back.case.rev
    )
    with hall.reading() as unit:
        hands = {who for _, who in cases.cases.done_by(unit, again.case.id)}
    assert hands == {clerk.id, colleague.id}


def test_a_replayed_sending_back_is_refused(hall, chief, reviewed, sent_back):
    act = (returning.send_back, hall, chief, reviewed.opened[0].id, "review", "再退")
    assert refused(*act, reviewed.case.rev).code == "task.done"


@pytest.mark.parametrize(
    ("to_step", "reason", "code"),
    [
        pytest.param("approve", "退", "process.cannot_send_back", id="the step itself"),
        pytest.param("no_such_step", "退", "process.cannot_send_back", id="no step"),
        pytest.param("review", " ", "task.text", id="no reason"),
    ],
)
def test_it_goes_only_to_a_step_that_was_done_and_with_a_reason(
    hall, chief, reviewed, to_step, reason, code
):
    act = (returning.send_back, hall, chief, reviewed.opened[0].id, to_step, reason)
    assert refused(*act, reviewed.case.rev).code == code
    assert work.task(hall, chief, reviewed.opened[0].id).open


def test_who_could_not_decide_cannot_send_back(hall, clerk, reviewed):
    act = (returning.send_back, hall, clerk, reviewed.opened[0].id, "review", "退")
    assert refused(*act, reviewed.case.rev).params["because"] == "role"
    last = cases.case(hall, clerk, reviewed.case.id).history[-1]
    assert last.kind == "ActRefused"


def test_an_opinion_that_was_asked_for_goes_with_its_step(hall, clerk, chief, cast, reviewed):
    approve, expert = reviewed.opened[0], cast.holder(1, "reviewer")
    asked = assignment.consult(
        hall, chief, approve.id, expert.account, "可否？", 2, reviewed.case.rev
    )
    returning.send_back(hall, chief, approve.id, "review", "先核对", reviewed.case.rev + 1)
    assert work.task(hall, expert, asked.id).task.state is TaskState.CANCELLED


def test_who_just_did_a_step_takes_it_back_and_holds_it(hall, clerk, receipt, reviewed):
    taken = returning.take_back(hall, clerk, receipt.opened[0].id, reviewed.case.rev)
    (review,) = taken.opened
    assert (review.step, review.holder_id) == ("review", clerk.id)
    assert work.inbox(hall, clerk).rows[0].task_id == review.id
    again = work.complete_task(hall, clerk, review.id, answers(hall, review), taken.case.rev)
    assert again.opened[0].step == "approve"


def test_a_step_is_not_taken_back_from_under_anothers_hands(hall, clerk, chief, receipt, reviewed):
    work.claim(hall, chief, reviewed.opened[0].id)
    error = refused(returning.take_back, hall, clerk, receipt.opened[0].id, reviewed.case.rev)
    assert (error.code, error.params["by"]) == ("task.next_taken", chief.name)


def test_nobody_takes_back_what_another_did(hall, chief, receipt, reviewed):
    act = (returning.take_back, hall, chief, receipt.opened[0].id, reviewed.case.rev)
    assert refused(*act).code == "task.not_mine"


def test_what_was_decided_is_not_taken_back(hall, clerk, chief, receipt, reviewed):
    approve = reviewed.opened[0]
    done = work.complete_task(hall, chief, approve.id, answers(hall, approve), reviewed.case.rev)
    for who, task in ((clerk, receipt.opened[0]), (chief, approve)):
        act = (returning.take_back, hall, who, task.id, done.case.rev)
        assert refused(*act).code == "task.not_last"
