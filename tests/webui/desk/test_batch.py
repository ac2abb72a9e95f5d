"""Like tasks are done together on one page; who may not, and what failed, is said for each."""

import re

import pytest

from engine.services import batch, cases, intake, work
from tests.story import answers, application, first_matter
from tests.webui.desk.test_task import official
from tests.webui.visitor import Visitor

BOX = re.compile(r'name="chosen" value="([^"]+)"([^>]*)>')


@pytest.fixture
def matter(hall):
    return first_matter(hall, "instant")


@pytest.fixture
def receipts(hall, cast, matter):
    clerk = cast.clerk(matter.unit_no)
    return [intake.receive(hall, clerk, application(hall, matter)) for _ in range(20)]


@pytest.fixture
def who(app, hall, cast, receipts):
    """The official for whom these tasks wait."""
    return Visitor(app, cast.for_task(receipts[0].opened[0]).account)


@pytest.fixture
def given(hall, receipts):
    found = answers(hall, receipts[0].opened[0])
    return {key: "true" if value is True else str(value) for key, value in found.items()}


def page_of(receipt):
    return f"/desk/batch?task={receipt.opened[0].id}"


def boxes(visitor, receipt):
    return [value for value, _ in BOX.findall(visitor.read(page_of(receipt)))]


def ticked(page):
    return sum("checked" in rest for _, rest in BOX.findall(page))


def decided(hall, cast, receipts):
    by = cast.clerk(receipts[0].case.unit_no)
    return [cases.case(hall, by, one.case.id).case.outcome is not None for one in receipts]


def test_twenty_like_tasks_are_done_with_one_form(who, hall, cast, matter, receipts, given):
    page = who.read(page_of(receipts[0]))
    assert ticked(page) == 20
    assert page.count(matter.name) >= 20
    sent = {"task": receipts[0].opened[0].id, "chosen": boxes(who, receipts[0]), **given}
    answer = who.post("/desk/batch", sent)
    assert answer.status_code == 200, answer.text
    assert "已办结 20 件" in answer.text
    assert "没有可以一起办理的待办" in answer.text
    assert all(decided(hall, cast, receipts))


def test_only_the_chosen_are_done(who, hall, cast, receipts, given):
    some = boxes(who, receipts[0])[:3]
    answer = who.post("/desk/batch", {"task": receipts[0].opened[0].id, "chosen": some, **given})
    assert "已办结 3 件" in answer.text
    # What was left out stays so: a second press does not do the rest.
    assert ticked(answer.text) == 0
    assert sum(decided(hall, cast, receipts)) == 3


def test_one_that_was_done_meanwhile_is_said_and_stops_no_other(who, hall, cast, receipts, given):
    sent = {"task": receipts[1].opened[0].id, "chosen": boxes(who, receipts[0]), **given}
    first = receipts[0].opened[0]
    work.complete_task(
        hall, cast.for_task(first), first.id, answers(hall, first), receipts[0].case.rev
    )
    answer = who.post("/desk/batch", sent)
    assert "已办结 19 件" in answer.text
    assert "1 件没有办理" in answer.text
    assert receipts[0].case.case_no in answer.text


def test_a_missing_answer_is_said_at_its_field_and_nothing_is_done(who, hall, cast, receipts):
    sent = {"task": receipts[0].opened[0].id, "chosen": boxes(who, receipts[0])[:2]}
    answer = who.post("/desk/batch", sent)
    assert answer.status_code == 422
    assert ticked(answer.text) == 2
    assert not any(decided(hall, cast, receipts))


def test_nothing_chosen_chooses_nothing_for_the_next_press(who, receipts, given):
    answer = who.post("/desk/batch", {"task": receipts[0].opened[0].id, **given})
    assert answer.status_code == 422
    assert ticked(answer.text) == 0


@pytest.mark.parametrize("chosen", [[], ["none"], ["x@1", "x@1"], ["x@99999999999"]])
def test_a_forged_choice_changes_nothing(who, hall, cast, receipts, given, chosen):
    answer = who.post("/desk/batch", {"task": receipts[0].opened[0].id, "chosen": chosen, **given})
    assert answer.status_code in (200, 422)
    assert not any(decided(hall, cast, receipts))


def test_a_matter_of_more_steps_is_not_done_together(clerk, hall):
    task = intake.receive(hall, official(hall, "clerk06"), application(hall)).opened[0]
    answer = clerk.get(f"/desk/batch?task={task.id}")
    assert answer.status_code == 422
    assert "批量办理" not in clerk.read(f"/desk/tasks/{task.id}")


def test_the_task_page_leads_there(who, receipts):
    task = receipts[0].opened[0]
    assert f"/desk/batch?task={task.id}" in who.read(f"/desk/tasks/{task.id}")
    assert who.get("/desk/batch?task=none").status_code == 404


def test_what_waits_behind_is_said_and_the_next_batch_is_one_link_away(
    who, receipts, given, monkeypatch
):
    monkeypatch.setattr(batch, "MOST", 15)
    assert "一次最多列出 15 件，另有 5 件排在后面" in who.read(page_of(receipts[0]))
    sent = {"task": receipts[0].opened[0].id, "chosen": boxes(who, receipts[0]), **given}
    answer = who.post("/desk/batch", sent).text
    assert "已办结 15 件" in answer
    assert "另有" not in answer
    assert f'<a href="{page_of(receipts[0])}">接着办下一批（5 件）</a>' in answer
    assert ticked(who.read(page_of(receipts[0]))) == 5


def test_no_next_batch_is_offered_when_all_is_done(who, receipts, given):
    sent = {"task": receipts[0].opened[0].id, "chosen": boxes(who, receipts[0]), **given}
    assert "下一批" not in who.post("/desk/batch", sent).text
