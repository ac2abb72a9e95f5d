"""Where a task may go: who could take it, who was asked, which steps lie behind it."""

import pytest

from engine.services import assignment, intake, people, work
from engine.services.passing import passing
from tests.story import answers, application


def official(hall, account):
    return next(one for one in people.everybody(hall) if one.account == account)


@pytest.fixture
def clerk06(hall):
    return official(hall, "clerk06")


@pytest.fixture
def review(hall, clerk06):
    """The task 审查 of the walk-through."""
    return intake.receive(hall, clerk06, application(hall)).opened[0]


def test_the_first_step_has_nothing_behind_it(hall, clerk06, review):
    way = passing(hall, clerk06, review.id)
    assert (way.is_step, way.verdict.allowed, way.back.allowed) == (True, True, True)
    assert (way.earlier, way.asked) == ([], [])
    assert clerk06 not in way.colleagues
    assert {one.unit_no for one in way.colleagues} == {clerk06.unit_no}
    assert {one.account for one in way.receivers} < {one.account for one in way.colleagues}


def test_those_who_could_complete_it_may_receive_it(hall, clerk06, review):
    case = passing(hall, clerk06, review.id).case
    one = passing(hall, clerk06, review.id).receivers[0]
    handed = assignment.hand_over(hall, clerk06, review.id, one.account, "外出", case.rev)
    assert handed.holder_id == one.id
    taken = passing(hall, clerk06, review.id)
    assert (taken.verdict.allowed, taken.verdict.because) == (False, "task.taken")


def test_what_was_done_lies_behind_the_next_step(hall, clerk06, review):
    case = passing(hall, clerk06, review.id).case
    done = work.complete_task(hall, clerk06, review.id, answers(hall, review), case.rev)
    chief = official(hall, "chief26")
    way = passing(hall, chief, done.opened[0].id)
    assert way.earlier == [(review.step, review.name)]


def test_who_was_asked_is_named(hall, clerk06, review):
    case = passing(hall, clerk06, review.id).case
    assignment.consult(hall, clerk06, review.id, "chief26", "可否容缺？", 2, case.rev)
    (asked,) = passing(hall, clerk06, review.id).asked
    assert (asked.name, asked.task.is_open) == (official(hall, "chief26").name, True)
