"""Like tasks are completed together, each for itself."""

import pytest

from engine.domain.case import CaseState
from engine.domain.events.cases import TaskReleased
from engine.kernel.errors import HallError
from engine.services import batch, cases, intake, work
from engine.storage.case_rows import TASKS
from tests.story import answers, application, first_matter


@pytest.fixture
def matter(hall):
    return first_matter(hall, "instant")


@pytest.fixture
def clerk(cast, matter):
    return cast.clerk(matter.unit_no)


@pytest.fixture
def receipts(hall, clerk, matter):
    return [intake.receive(hall, clerk, application(hall, matter)) for _ in range(3)]


@pytest.fixture
def given(hall, receipts):
    return answers(hall, receipts[0].opened[0])


def chosen(receipts):
    return [(one.opened[0].id, one.case.rev) for one in receipts]


def code_of(hall, by, tasks, given):
    with pytest.raises(HallError) as refused:
        batch.complete(hall, by, tasks, given)
    return refused.value.code


def test_like_tasks_are_done_in_one_go(hall, clerk, receipts, given):
    told = batch.complete(hall, clerk, chosen(receipts), given)
    assert [type(one) for one in told] == [batch.Done] * 3
    assert {one.case.state for one in told} == {CaseState.DECIDED}
    assert [one.task_id for one in told] == [task_id for task_id, _ in chosen(receipts)]


def test_one_that_fails_does_not_undo_the_others(hall, cast, clerk, receipts, given):
    colleague = next(one for one in cast.all_of("clerk", clerk.unit_no) if one.id != clerk.id)
    work.claim(hall, colleague, receipts[0].opened[0].id)
    tasks = [*chosen(receipts), ("0" * 26, 1)]
    tasks[1] = (tasks[1][0], tasks[1][1] - 1)
    told = batch.complete(hall, clerk, tasks, given)
    assert [type(one) for one in told] == [batch.Refused, batch.Refused, batch.Done, batch.Refused]
    assert [one.error.code for one in told if isinstance(one, batch.Refused)] == [
        "task.taken",
        "case.changed",
        "task.unknown",
    ]
    assert told[0].case_no == receipts[0].case.case_no
    assert told[3].case_no == ""


def test_who_may_not_do_it_is_refused_for_each_and_each_try_is_kept(hall, cast, receipts, given):
    stranger = cast.clerk(26 if receipts[0].case.unit_no != 26 else 1)
    told = batch.complete(hall, stranger, chosen(receipts), given)
    assert {one.error.params["because"] for one in told} == {"unit"}
    supervisor = cast.holder(None, "supervisor")
    for one in receipts:
        assert cases.case(hall, supervisor, one.case.id).history[-1].kind == "ActRefused"


def test_wrong_answers_are_refused_for_each(hall, clerk, receipts):
    told = batch.complete(hall, clerk, chosen(receipts), {})
    assert {one.error.code for one in told} == {"form.answers"}


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param(lambda tasks: [], "batch.empty", id="none"),
        pytest.param(lambda tasks: tasks * 2, "batch.twice", id="one twice"),
        pytest.param(
            lambda tasks: [(str(no), 1) for no in range(201)], "batch.limit", id="over 200"
        ),
    ],
)
def test_a_wrong_choice_does_nothing(hall, clerk, receipts, given, change, code):
    assert code_of(hall, clerk, change(chosen(receipts)), given) == code
    assert work.inbox(hall, clerk, "offered").total == 3


def test_a_type_of_more_steps_is_not_done_in_one_go(hall, cast, clerk, receipts, given):
    matter = first_matter(hall, "one_review")
    other = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    tasks = [*chosen(receipts), *chosen([other])]
    assert code_of(hall, clerk, tasks, given) == "batch.steps"
    assert work.inbox(hall, clerk, "offered").total >= 3


def test_tasks_of_another_form_do_not_go_along(hall, clerk, receipts, given):
    with hall.unit(clerk) as unit:
        older = receipts[2].opened[0].id
        unit.connection.execute(TASKS.update().where(TASKS.c.id == older).values(form_version="v"))
        unit.record(TaskReleased(case_id=receipts[2].case.id, task_id=older, step="decide"))
    assert code_of(hall, clerk, chosen(receipts), given) == "batch.unlike"
    assert batch.complete(hall, clerk, chosen(receipts[:2]), given)[0].case.outcome == "granted"


def test_tasks_that_are_alike_are_found_with_the_verdict_on_each(hall, clerk, receipts):
    found = batch.alike(hall, clerk, receipts[0].opened[0].id)
    assert {line.task.id for line in found.lines} == {one.opened[0].id for one in receipts}
    assert all(line.verdict.allowed for line in found.lines)
    assert found.form is not None


def test_what_a_colleague_holds_is_not_among_them(hall, cast, clerk, receipts):
    task = receipts[0].opened[0]
    work.claim(hall, clerk, task.id)
    mine = batch.alike(hall, clerk, task.id)
    assert task.id in {line.task.id for line in mine.lines}
    work.complete_task(hall, clerk, task.id, answers(hall, task), receipts[0].case.rev)
    left = batch.alike(hall, clerk, task.id)
    assert task.id not in {line.task.id for line in left.lines}


def test_what_waits_beyond_one_page_is_counted(hall, clerk, receipts, given, monkeypatch):
    monkeypatch.setattr(batch, "MOST", 2)
    first = batch.alike(hall, clerk, receipts[0].opened[0].id)
    assert (len(first.lines), first.more) == (2, 1)
    batch.complete(hall, clerk, [(one.task.id, one.case.rev) for one in first.lines], given)
    rest = batch.alike(hall, clerk, receipts[0].opened[0].id)
    assert (len(rest.lines), rest.more) == (1, 0)
