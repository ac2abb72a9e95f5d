"""Urgent handling: by whom, why, and reviewed by another person in time (M-URG-1, M-URG-2)."""

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, HallError
from engine.kernel.now import hall_moment
from engine.services import cases, intake, urgent, warnings, work
from engine.storage import cards
from tests.story import answers, application

REVIEW = {"after_review_finding": "upheld", "after_review_opinion": "情况属实，处置得当"}


@pytest.fixture
def case(hall, clerk):
    return intake.receive(hall, clerk, application(hall)).case


@pytest.fixture
def used(hall, chief, case):
    return urgent.use(hall, chief, case.id, "out_of_order", "防汛物资，当日投用", case.rev)


def refused(act, *args):
    with pytest.raises(HallError) as error:
        act(*args)
    return error.value


def rev(hall, case):
    with hall.reading() as unit:
        return cases.cases.case(unit, case.id).rev


@pytest.mark.parametrize("reason", ["", "  \n", "一" * 1001], ids=["none", "blank", "too long"])
def test_m_urg_1_use_without_a_reason_is_refused(hall, chief, case, reason):
    error = refused(urgent.use, hall, chief, case.id, "out_of_order", reason, case.rev)
    assert (error.code, error.params["field"]) == ("urgent.reason", "reason")
    assert urgent.uses(hall, chief, case.id) == []


def test_m_urg_2_another_person_reviews_it_in_five_working_days(hall, head, case, used):
    assert used.due_on.isoformat() == "2015-11-02"
    (line,) = work.inbox(hall, head, "offered").rows
    assert line.task_id == used.task_id
    assert line.step_left == 5
    view = work.task(hall, head, used.task_id)
    assert view.verdict.allowed
    done = work.complete_task(hall, head, used.task_id, REVIEW, rev(hall, case))
    (kept,) = urgent.uses(hall, head, done.case.id)
    assert (kept.finding, kept.reviewed_by) == ("upheld", head.id)
    kinds = [one.kind for one in cases.case(hall, head, case.id).history]
    assert kinds[-2:] == ["TaskCompleted", "UrgentReviewed"]


def test_m_urg_2_a_review_that_is_not_done_in_time_is_a_yellow_card(hall, chief, case, used, now):
    def raised():
        with hall.unit(SYSTEM) as unit:
            warnings.watch(hall, unit, case.id)
        with hall.reading() as unit:
            return {one.rule: one.level for one in cards.of_case(unit, case.id)}

    now.move_to(hall_moment("2015-11-02T09:00"))
    assert "S12" not in raised()
    now.move_to(hall_moment("2015-11-03T09:00"))
    assert raised()["S12"] == "yellow"


def test_m_urg_2_who_used_the_power_does_not_review_it(hall, cast, chief, clerk, case, used):
    for who in (chief, clerk):
        error = refused(work.complete_task, hall, who, used.task_id, REVIEW, rev(hall, case))
        assert error.code == "authority.refused"
    assert urgent.uses(hall, chief, case.id)[0].finding is None


def test_m_urg_2_the_four_eyes_table_says_so_even_to_the_right_post(hall, head, chief, case, used):
    with hall.reading() as unit:
        task = cases.cases.task(unit, used.task_id)
        own = urgent.may_review(hall, unit, chief, task, case)
        other = urgent.may_review(hall, unit, head, task, case)
    assert (own.allowed, own.row) == (False, "four_eyes#four_eyes-7")
    assert other.allowed


def test_an_urgent_case_stands_first_in_the_inbox_of_its_next_steps(hall, clerk, chief, case, now):
    now.advance(days=1)
    late = intake.receive(hall, clerk, application(hall))
    urgent.use(hall, chief, late.case.id, "shorten", "企业当日投标", late.case.rev)
    rows = work.inbox(hall, clerk, "offered").rows
    assert [(line.case_id, line.urgent) for line in rows] == [
        (late.case.id, True),
        (case.id, False),
    ]
    task = late.opened[0]
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), late.case.rev + 1)
    first = work.inbox(hall, chief, "offered").rows[0]
    assert (first.task_id, first.urgent) == (done.opened[0].id, True)


@pytest.mark.parametrize("post", ["clerk", "head"])
def test_without_the_power_the_try_is_refused_and_kept(hall, cast, unit_no, case, post):
    who = cast.holder(unit_no, post)
    with pytest.raises(Forbidden) as error:
        urgent.use(hall, who, case.id, "tolerate", "申请人急用", case.rev)
    assert error.value.params["row"].startswith("authority#")
    last = cases.case(hall, who, case.id).history[-1]
    assert (last.kind, last.params["step"]) == ("ActRefused", "urgent.tolerate")
    assert rev(hall, case) == case.rev


def test_another_unit_has_no_say(hall, cast, case):
    error = refused(urgent.use, hall, cast.holder(1, "chief"), case.id, "shorten", "急", case.rev)
    assert error.params["because"] == "unit"
    assert refused(urgent.uses, hall, cast.holder(1, "chief"), case.id).code == "case.other_unit"


def test_a_replayed_use_and_an_unknown_kind_are_refused(hall, chief, case, used):
    again = refused(urgent.use, hall, chief, case.id, "out_of_order", "再来", case.rev)
    assert again.code == "case.changed"
    kind = refused(urgent.use, hall, chief, case.id, "as_i_like", "急", rev(hall, case))
    assert kind.code == "urgent.kind"


def test_a_decided_case_is_no_longer_urgent_but_its_review_remains(
    hall, clerk, chief, head, case, used
):
    tasks = [line.task for line in cases.case(hall, clerk, case.id).tasks]
    task = next(one for one in tasks if one.step == "review")
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), rev(hall, case))
    approve = done.opened[0]
    after = work.complete_task(hall, chief, approve.id, answers(hall, approve), done.case.rev)
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        urgent.use(hall, chief, case.id, "shorten", "急", after.case.rev)
    work.complete_task(hall, head, used.task_id, REVIEW, after.case.rev)
    assert urgent.uses(hall, head, case.id)[0].finding == "upheld"
