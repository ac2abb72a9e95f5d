"""A task is sent back, handed over, put to a colleague, taken back, and hurried."""

import re

import pytest

from engine.services import cases, intake, work
from tests.story import answers, application
from tests.webui.desk.test_task import official
from tests.webui.visitor import Visitor

SEEN = re.compile(r'name="seen" value="(\d+)"')


@pytest.fixture
def received(hall):
    """A case whose review waits."""
    return intake.receive(hall, official(hall, "clerk06"), application(hall)).case


@pytest.fixture
def review(hall, received):
    """The task 审查 of that case."""
    return cases.case(hall, official(hall, "clerk06"), received.id).tasks[0].task


@pytest.fixture
def approval(hall, received, review):
    """The task 核准, after clerk06 reviewed."""
    by = official(hall, "clerk06")
    return work.complete_task(hall, by, review.id, answers(hall, review), received.rev).opened[0]


@pytest.fixture
def chief(app):
    """The chief of unit 26."""
    return Visitor(app, "chief26")


def page_of(task):
    return f"/desk/tasks/{task.id}/pass"


def send(visitor, task, act, **fields):
    """Send one of the forms of the page with the revision that it shows."""
    seen = SEEN.search(visitor.read(page_of(task)))[1]
    return visitor.post(f"{page_of(task)}/{act}", {"seen": seen, **fields})


def task_now(hall, task):
    return next(
        line.task
        for line in cases.case(hall, official(hall, "clerk06"), task.case_id).tasks
        if line.task.id == task.id
    )


def test_a_case_goes_back_with_a_reason_to_a_step_that_was_done(chief, hall, review, approval):
    page = chief.read(page_of(approval))
    assert f'<option value="{review.step}" selected>{review.name}</option>' in page
    empty = send(chief, approval, "back", step=review.step, reason=" ")
    assert empty.status_code == 422
    assert "请填写文字" in empty.text
    answer = send(chief, approval, "back", step=review.step, reason="意见不明确")
    assert (answer.status_code, answer.location) == (303, f"{page_of(approval)}?done=back")
    view = cases.case(hall, official(hall, "clerk06"), review.case_id)
    assert [line.task.step for line in view.tasks if line.task.is_open] == [review.step]


def test_the_first_step_cannot_go_back(clerk, review):
    page = clerk.read(page_of(review))
    assert "这是第一个环节" in page
    assert "pass/back" not in page


def test_a_task_is_handed_to_a_colleague_who_may_do_it(clerk, hall, review):
    refused = send(clerk, review, "hand", to="clerk54", reason="<b>外出</b>")
    assert refused.status_code == 403
    assert "&lt;b&gt;外出&lt;/b&gt;" in refused.text
    unknown = send(clerk, review, "hand", to="nobody", reason="外出")
    assert unknown.status_code == 422
    page = clerk.read(page_of(review))
    account = re.search(r'id="f-hand-to"[\s\S]*?<option value="(\w+)">', page)[1]
    assert send(clerk, review, "hand", to=account, reason="外出").status_code == 303
    assert task_now(hall, review).holder_id == official(hall, account).id
    assert "pass/hand" not in clerk.read(page_of(review))


def test_an_opinion_is_asked_for_and_withdrawn(clerk, hall, review):
    wrong = send(clerk, review, "ask", to="chief26", question="可否容缺？", days="99")
    assert wrong.status_code == 422
    assert "可否容缺？" in wrong.text
    assert (
        send(clerk, review, "ask", to="chief26", question="可否容缺？", days="2").status_code == 303
    )
    page = clerk.read(page_of(review))
    withdraw = re.search(r"pass/ask/([^/]+)/withdraw", page)[1]
    assert official(hall, "chief26").name in page
    again = send(clerk, review, "ask", to="chief26", question="再问", days="2")
    assert again.status_code == 409
    assert send(clerk, review, f"ask/{withdraw}/withdraw").status_code == 303
    assert "已撤回" in clerk.read(page_of(review))


def test_a_step_is_taken_back_while_nobody_has_the_next(clerk, chief, hall, review, approval):
    assert "这件待办不是您办的" in chief.read(page_of(review))
    assert send(clerk, review, "take").status_code == 303
    view = cases.case(hall, official(hall, "clerk06"), review.case_id)
    (held,) = [line.task for line in view.tasks if line.task.is_open]
    assert (held.step, held.holder_id) == (review.step, official(hall, "clerk06").id)


def test_a_stale_page_changes_nothing(clerk, hall, review):
    answer = clerk.post(f"{page_of(review)}/hand", seen="0", to="chief26", reason="外出")
    assert answer.status_code == 409
    assert "外出" in answer.text
    assert task_now(hall, review).holder_id is None


def test_a_task_is_urged_from_its_page(clerk, hall, review):
    assert send(clerk, review, "urge", text="请今天办结").status_code == 303
    again = send(clerk, review, "urge", text="再催")
    assert again.status_code == 409
    assert "今天已经催过" in again.text


def test_a_task_that_nobody_knows_is_not_found(clerk):
    assert clerk.get("/desk/tasks/none/pass").status_code == 404


def urged(hall, case):
    history = cases.case(hall, official(hall, "clerk06"), case.id).history
    return [line.params["text"] for line in history if line.kind == "Urged"]


def test_a_case_is_urged_once_a_working_day_and_the_second_text_is_kept(clerk, hall, received):
    answer = clerk.post(f"/desk/cases/{received.id}/urge", text="请今天办结")
    assert (answer.status_code, answer.location) == (303, f"/desk/cases/{received.id}?urged=1")
    again = clerk.post(f"/desk/cases/{received.id}/urge", text="再催<script>一次")
    assert again.status_code == 409
    assert "再催&lt;script&gt;一次" in again.text
    assert urged(hall, received) == ["请今天办结"]


def test_urging_needs_words(clerk, hall, received):
    assert clerk.post(f"/desk/cases/{received.id}/urge", text=" ").status_code == 422
    assert urged(hall, received) == []


def test_a_stranger_of_another_unit_urges_nothing(app, hall, received):
    answer = Visitor(app, "clerk54").post(f"/desk/cases/{received.id}/urge", text="快办")
    assert answer.status_code == 403
    assert urged(hall, received) == []


def test_a_forged_post_without_the_token_urges_nothing(clerk, hall, received):
    answer = clerk.client.post(f"/desk/cases/{received.id}/urge", data={"text": "快办"})
    assert answer.status_code == 403
    assert urged(hall, received) == []
