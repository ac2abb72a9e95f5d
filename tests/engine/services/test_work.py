"""The work of officials: inbox, claim, release, complete, and every refusal."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import CaseState
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid, Missing
from engine.services import cases, work
from engine.storage.exchange import children_of
from tests.story import answers, first_matter


def code_of(act, *args):
    with pytest.raises(HallError) as refused:
        act(*args)
    return refused.value.code


def test_a_step_done_opens_the_next_one(hall, reviewed):
    assert [task.step for task in reviewed.opened] == ["approve"]
    assert reviewed.case.state is CaseState.ACCEPTED
    assert reviewed.case.rev > 0


def test_the_last_step_decides_the_case_and_issues_the_licence(hall, chief, reviewed):
    task = reviewed.opened[0]
    done = work.complete_task(hall, chief, task.id, answers(hall, task), reviewed.case.rev)
    assert (done.case.state, done.case.outcome) == (CaseState.DECIDED, "granted")
    assert done.opened == ()
    assert cases.case(hall, chief, done.case.id).licence.no


def test_a_refusal_issues_no_licence(hall, chief, reviewed):
    task = reviewed.opened[0]
    given = answers(hall, task) | {
        "decision_outcome": "refuse",
        "refuse_reason": "不符合法定条件",
        "refuse_law": "行政许可法第三十八条",
        "refuse_remedy": "六十日内可申请行政复议",
    }
    done = work.complete_task(hall, chief, task.id, given, reviewed.case.rev)
    assert done.case.outcome == "refused"
    assert cases.case(hall, chief, done.case.id).licence is None


@pytest.mark.parametrize("left_out", ["refuse_reason", "refuse_law", "refuse_remedy"])
def test_a_refusal_needs_reason_law_and_remedy(hall, chief, reviewed, left_out):
    task = reviewed.opened[0]
    given = answers(hall, task) | {
        "decision_outcome": "refuse",
        "refuse_reason": "不符合法定条件",
        "refuse_law": "行政许可法第三十八条",
        "refuse_remedy": "六十日内可申请行政复议",
    }
    del given[left_out]
    with pytest.raises(Invalid) as refused:
        work.complete_task(hall, chief, task.id, given, reviewed.case.rev)
    assert set(refused.value.params["fields"]) == {left_out}


def test_the_same_person_cannot_review_and_decide(hall, clerk, reviewed):
    """M-REV-1, in the service that pages, API and forged requests share."""
    approve, promoted = reviewed.opened[0], replace(clerk, post="chief")
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, promoted, approve.id, answers(hall, approve), reviewed.case.rev)
    assert refused.value.params["because"] == "four_eyes"
    assert refused.value.params["row"].startswith("authority#")


def test_a_refused_try_stays_in_the_history(hall, clerk, reviewed):
    promoted = replace(clerk, post="chief")
    with pytest.raises(Forbidden):
        work.complete_task(hall, promoted, reviewed.opened[0].id, {}, reviewed.case.rev)
    last = cases.case(hall, clerk, reviewed.case.id).history[-1]
    assert (last.kind, last.params["because"]) == ("ActRefused", "four_eyes")


def test_the_wrong_post_is_refused(hall, clerk, reviewed):
    approve = reviewed.opened[0]
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, clerk, approve.id, {}, reviewed.case.rev)
    assert refused.value.params["because"] == "role"


def test_another_unit_is_refused(hall, cast, reviewed):
    with pytest.raises(Forbidden) as refused:
        work.complete_task(
            hall, cast.holder(1, "chief"), reviewed.opened[0].id, {}, reviewed.case.rev
        )
    assert refused.value.params["because"] == "unit"


def test_a_step_is_done_once(hall, clerk, receipt, reviewed):
    task = receipt.opened[0]
    with pytest.raises(Conflict) as refused:
        work.complete_task(hall, clerk, task.id, answers(hall, task), reviewed.case.rev)
    assert refused.value.code == "task.done"
    assert refused.value.params["by"] == clerk.name


def test_a_stale_page_is_refused(hall, clerk, receipt):
    task = receipt.opened[0]
    assert (
        code_of(work.complete_task, hall, clerk, task.id, answers(hall, task), receipt.case.rev - 1)
        == "case.changed"
    )


def test_of_eight_at_the_same_moment_one_wins(hall, clerk, receipt):
    task = receipt.opened[0]
    given = answers(hall, task)

    def race(_):
        try:
            return work.complete_task(hall, clerk, task.id, given, receipt.case.rev)
        except Conflict as error:
            return error.code

    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(race, range(8)))
    lost = [one for one in results if isinstance(one, str)]
    assert len(lost) == 7
    assert set(lost) <= {"task.done", "case.changed"}


def test_an_unknown_task_is_missing(hall, clerk):
    with pytest.raises(Missing):
        work.complete_task(hall, clerk, "0" * 26, {}, 1)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        pytest.param({"review_outcome": None}, "review_outcome", id="a required answer is missing"),
        pytest.param({"review_outcome": "maybe"}, "review_outcome", id="not one of the choices"),
        pytest.param({"case_state": "closed"}, "case_state", id="a field the form does not have"),
    ],
)
def test_wrong_answers_are_named_by_field_and_change_nothing(hall, clerk, receipt, change, field):
    task = receipt.opened[0]
    with pytest.raises(Invalid) as refused:
        work.complete_task(hall, clerk, task.id, answers(hall, task) | change, receipt.case.rev)
    assert refused.value.code == "form.answers"
    assert field in refused.value.params["fields"]
    assert work.task(hall, clerk, task.id).open


def test_a_claimed_task_is_held_by_one(hall, cast, clerk, unit_no, receipt):
    task = receipt.opened[0]
    work.claim(hall, clerk, task.id)
    colleague = next(one for one in cast.all_of("clerk", unit_no) if one.id != clerk.id)
    with pytest.raises(Conflict) as refused:
        work.complete_task(hall, colleague, task.id, answers(hall, task), receipt.case.rev)
    assert refused.value.code == "task.taken"
    assert refused.value.params["by"] == clerk.name
    assert work.task(hall, colleague, task.id).verdict.because == "task.taken"
    assert code_of(work.release, hall, colleague, task.id) == "task.taken"


def test_a_claim_moves_the_task_from_offered_to_mine_and_back(hall, clerk, receipt):
    task = receipt.opened[0]
    assert work.inbox(hall, clerk).counts["offered"] == 1
    work.claim(hall, clerk, task.id)
    page = work.inbox(hall, clerk, "mine")
    assert [line.task_id for line in page.rows] == [task.id]
    assert (page.counts["mine"], page.counts["offered"]) == (1, 0)
    work.release(hall, clerk, task.id)
    assert work.inbox(hall, clerk).counts["offered"] == 1


def test_a_task_that_nobody_holds_cannot_be_released(hall, clerk, receipt):
    assert code_of(work.release, hall, clerk, receipt.opened[0].id) == "task.not_mine"


def test_the_wrong_post_cannot_claim(hall, clerk, reviewed):
    assert code_of(work.claim, hall, clerk, reviewed.opened[0].id) == "authority.refused"


def test_the_page_says_beforehand_what_completing_would_answer(hall, chief, clerk, reviewed):
    task = reviewed.opened[0]
    view = work.task(hall, chief, task.id)
    assert view.verdict.allowed
    assert view.mandate_no
    assert view.form.id == "one_review.approve"
    assert not work.task(hall, clerk, task.id).verdict.allowed


def test_m_limit_1_the_inbox_line_says_what_is_left_of_both_clocks_in_working_days(
    hall, clerk, receipt
):
    line = work.inbox(hall, clerk, "offered").rows[0]
    assert (line.promised_left, line.step_left) == (3, 1)
    assert line.applicant_name != receipt.case.applicant_name, "the name is masked"


def test_m_limit_1_the_light_is_that_of_the_limit_which_ends_first(hall, clerk, receipt, now):
    assert work.inbox(hall, clerk, "soon").rows[0].light == "soon", "the step has one day"
    now.advance(days=2)
    line = work.inbox(hall, clerk, "overdue").rows[0]
    assert (line.step_left, line.promised_left, line.light) == (-1, 1, "overdue")


def test_work_that_is_done_is_found_under_done(hall, clerk, reviewed):
    page = work.inbox(hall, clerk, "done")
    assert [line.case_id for line in page.rows] == [reviewed.case.id]


def test_the_inbox_is_searched_by_number_and_matter(hall, clerk, receipt):
    assert work.inbox(hall, clerk, "offered", receipt.case.case_no[-8:]).total == 1
    assert work.inbox(hall, clerk, "offered", "企业设立").total == 1
    assert work.inbox(hall, clerk, "offered", "没有这样的事项").total == 0


def test_an_official_without_a_unit_has_an_empty_inbox(hall, cast):
    page = work.inbox(hall, cast.holder(None, "auditor"), "offered")
    assert (page.rows, page.total) == ([], 0)


@pytest.mark.parametrize(
    ("process", "steps"), [("instant", 2), ("one_review", 3), ("commitment", 4)]
)
def test_every_process_runs_to_its_decision(hall, cast, process, steps):
    carried = carry(hall, cast, first_matter(hall, process).no, ANSWERS)
    assert carried.case.state is CaseState.DECIDED
    assert carried.steps == steps


def test_a_parallel_case_asks_every_unit_of_its_procedure(hall, cast):
    matter = first_matter(hall, "parallel")
    carried = carry(hall, cast, matter.no, ANSWERS)
    assert carried.case.state is CaseState.DECIDED
    view = cases.case(hall, cast.clerk(matter.unit_no), carried.case.id)
    units = {line.task.unit_no for line in view.tasks}
    with hall.reading() as unit:
        units |= {child.unit_no for child in children_of(unit, carried.case.id)}
        procedures = hall.library.shelf(unit).joint_procedures
    assert any(units == set(one.unit_nos) for one in procedures.values())
