"""One task: verdict before the button, claim, complete, and what every refusal leaves."""

import re

import pytest

from engine.services import audit, cases, intake, people, work
from tests.story import answers, application, first_matter, walk_through_matter
from tests.webui.visitor import Visitor

SEEN = re.compile(r'class="task-form"[\s\S]*?name="seen" value="(\d+)"')


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def received(hall):
    """A case of the walk-through's matter whose review waits."""
    return intake.receive(hall, official(hall, "clerk06"), application(hall))


@pytest.fixture
def review(received):
    """The task 审查."""
    return received.opened[0]


@pytest.fixture
def approval(hall, review, received):
    """The task 核准, after clerk06 reviewed."""
    done = work.complete_task(
        hall, official(hall, "clerk06"), review.id, answers(hall, review), received.case.rev
    )
    return done.opened[0]


@pytest.fixture
def chief(app):
    """The chief of unit 26."""
    return Visitor(app, "chief26")


def seen(page):
    return SEEN.search(page)[1]


def complete(visitor, task_id, **fields):
    page = visitor.read(f"/desk/tasks/{task_id}")
    return visitor.post(f"/desk/tasks/{task_id}/complete", {"seen": seen(page), **fields})


def test_everything_about_the_case_is_on_one_page(clerk, hall, review, received):
    page = clerk.read(f"/desk/tasks/{review.id}")
    matter = walk_through_matter(hall)
    assert received.case.case_no[:18] in page
    for text in (matter.name, "承诺时限", "法定时限", 'name="review_outcome"', "data-diagram"):
        assert text in page, text
    assert all(paper.name in page for paper in matter.materials)
    assert "等待窗口人员" in page
    assert "11010519491231002X" not in page


def test_the_diagram_knows_the_open_step(clerk, review):
    page = clerk.read(f"/desk/tasks/{review.id}")
    assert re.search(r'"done": \[\], "open": \["review"\]', page)


def test_the_verdict_names_the_mandate_before_the_button(chief, approval):
    page = chief.read(f"/desk/tasks/{approval.id}")
    verdict = page.index('class="verdict yes"')
    assert verdict < page.index('data-key="F8 Ctrl+Enter"')
    assert "雁政授〔2015〕" in page[verdict : verdict + 600]


def test_the_no_is_shown_before_and_kept_at_a_forged_post(app, hall, review, received):
    clerk = Visitor(app, "clerk06")
    complete(clerk, review.id, review_outcome="pass")
    view = cases.case(hall, official(hall, "chief26"), received.case.id)
    approval = next(line.task for line in view.tasks if line.task.step == "approve")
    page = clerk.read(f"/desk/tasks/{approval.id}")
    assert 'class="verdict no"' in page
    assert 'data-key="F8' not in page
    forged = clerk.post(
        f"/desk/tasks/{approval.id}/complete",
        seen=str(view.case.rev),
        decision_outcome="grant",
        decision_opinion="我自己批",
    )
    assert forged.status_code == 403
    assert "未获准" in forged.text
    assert "我自己批" in forged.text
    after = cases.case(hall, official(hall, "chief26"), received.case.id)
    assert after.case.outcome is None
    assert after.history[-1].kind == "ActRefused"


def test_completing_decides_and_leads_on(chief, hall, approval, received):
    answer = complete(chief, approval.id, decision_outcome="grant")
    assert answer.status_code == 303
    assert answer.location.startswith("/desk/")
    view = cases.case(hall, official(hall, "chief26"), received.case.id)
    assert view.case.outcome == "granted"
    assert "上一件已办理" in chief.read(answer.location)
    assert audit.verify_trail(hall).intact


def test_after_the_last_task_the_inbox_follows_else_the_next_task(clerk, hall, received):
    another = intake.receive(hall, official(hall, "clerk06"), application(hall)).opened[0]
    work.claim(hall, official(hall, "clerk06"), another.id)
    answer = complete(clerk, received.opened[0].id, review_outcome="pass")
    assert answer.location.startswith(f"/desk/tasks/{another.id}?")
    assert complete(clerk, another.id, review_outcome="pass").location.startswith("/desk/?")


def test_a_refusal_asks_for_reason_law_and_remedy(chief, approval):
    answer = complete(chief, approval.id, decision_outcome="refuse", decision_opinion="材料有误")
    assert answer.status_code == 422
    for key in ("refuse_reason", "refuse_law"):
        assert f'href="#f-{key}"' in answer.text
    assert "材料有误" in answer.text
    assert re.search(r'value="refuse" checked', answer.text)


def test_nothing_is_decided_without_an_answer(chief, hall, approval, received):
    assert complete(chief, approval.id).status_code == 422
    view = cases.case(hall, official(hall, "chief26"), received.case.id)
    assert view.case.outcome is None


def test_a_task_done_by_somebody_else_says_who_and_when_and_keeps_the_text(clerk, hall, review):
    page = clerk.read(f"/desk/tasks/{review.id}")
    colleague = official(hall, "clerk08")
    work.complete_task(hall, colleague, review.id, answers(hall, review), int(seen(page)))
    late = clerk.post(
        f"/desk/tasks/{review.id}/complete",
        seen=seen(page),
        review_outcome="pass",
        review_opinion="我写了很久的意见",
    )
    assert late.status_code == 409
    assert colleague.name in late.text
    assert "我写了很久的意见" in late.text
    assert "您填写的内容（未提交）" in late.text
    assert 'data-key="F8' not in late.text


def test_the_same_task_twice_is_done_once(clerk, hall, review, received):
    fields = {"seen": seen(clerk.read(f"/desk/tasks/{review.id}")), "review_outcome": "pass"}
    assert clerk.post(f"/desk/tasks/{review.id}/complete", fields).status_code == 303
    assert clerk.post(f"/desk/tasks/{review.id}/complete", fields).status_code == 409
    view = cases.case(hall, official(hall, "clerk06"), received.case.id)
    assert [line.kind for line in view.history].count("TaskCompleted") == 1


def test_a_changed_case_keeps_the_text_and_lets_it_be_sent_again(clerk, review):
    stale = {"seen": "0", "review_outcome": "pass", "review_opinion": "同意"}
    answer = clerk.post(f"/desk/tasks/{review.id}/complete", stale)
    assert answer.status_code == 409
    assert "同意" in answer.text
    again = stale | {"seen": seen(answer.text)}
    assert clerk.post(f"/desk/tasks/{review.id}/complete", again).status_code == 303


@pytest.mark.parametrize("number", ["", "x", "-5"])
def test_nonsense_instead_of_the_revision_changes_nothing(clerk, review, number):
    answer = clerk.post(f"/desk/tasks/{review.id}/complete", seen=number, review_outcome="pass")
    assert answer.status_code == 409


def test_a_claimed_task_belongs_to_one_and_can_be_given_back(app, clerk, hall, review):
    assert clerk.post(f"/desk/tasks/{review.id}/claim").location == f"/desk/tasks/{review.id}"
    assert f"/desk/tasks/{review.id}/release" in clerk.read(f"/desk/tasks/{review.id}")
    colleague = Visitor(app, "clerk08")
    page = colleague.read(f"/desk/tasks/{review.id}")
    holder = official(hall, "clerk06").name
    assert holder in page
    assert "已由同事签收" in page
    assert colleague.post(f"/desk/tasks/{review.id}/claim").status_code == 409
    assert colleague.post(f"/desk/tasks/{review.id}/release").status_code in (403, 409)
    assert clerk.post(f"/desk/tasks/{review.id}/release").location == "/desk/?tab=offered"
    assert colleague.post(f"/desk/tasks/{review.id}/claim").status_code == 303


def test_a_claim_without_authority_is_refused_with_its_reason(clerk, approval):
    answer = clerk.post(f"/desk/tasks/{approval.id}/claim")
    assert answer.status_code == 403
    assert "未获准" in answer.text


def test_the_way_back_leads_nowhere_else(clerk, review):
    answer = complete(clerk, review.id, review_outcome="pass", back="https://example.org/x")
    assert answer.location.startswith("/desk/")


def test_a_stranger_of_another_unit_does_not_see_the_task(app, review):
    assert Visitor(app, "clerk54").get(f"/desk/tasks/{review.id}").status_code == 403


def test_an_unknown_task_is_not_found(clerk):
    assert clerk.get("/desk/tasks/none").status_code == 404


def test_a_forged_post_without_the_token_is_refused(clerk, review):
    answer = clerk.client.post(f"/desk/tasks/{review.id}/complete", data={"review_outcome": "pass"})
    assert answer.status_code == 403


def test_m_chief_2_on_a_commitment_the_chief_reviews_and_does_not_decide(app, hall, cast):
    """The page offers the review; the decision is shown as not his, and a forged POST is kept."""
    matter = first_matter(hall, "commitment")
    chief = cast.holder(matter.unit_no, "chief")
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    reviewing = receipt.opened[0]
    page = Visitor(app, chief.account).read(f"/desk/tasks/{reviewing.id}")
    assert 'class="verdict yes"' in page
    assert 'data-key="F8' in page
    case = receipt.case
    busy = []
    task = reviewing
    while task.step != "decide":
        by = cast.for_task(task, busy)
        busy.append(by.id)
        done = work.complete_task(hall, by, task.id, answers(hall, task), case.rev)
        case, task = done.case, done.opened[0]
    visitor = Visitor(app, chief.account)
    page = visitor.read(f"/desk/tasks/{task.id}")
    assert 'class="verdict no"' in page
    assert 'data-key="F8' not in page
    forged = visitor.post(
        f"/desk/tasks/{task.id}/complete", seen=str(case.rev), decision_outcome="grant"
    )
    assert forged.status_code == 403
    after = cases.case(hall, chief, case.id)
    assert after.case.outcome is None
    last = after.history[-1]
    assert (last.kind, last.params["step"], last.by_name) == ("ActRefused", "decide", chief.name)
