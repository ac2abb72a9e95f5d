"""A case moves as the law lets it, and its minutes are kept apart."""

from datetime import timedelta

import pytest

from engine.domain.case import MOVES, CaseState, HandlingTimes, Task, TaskState, first_for, move
from engine.domain.case import handling_times as times
from engine.domain.people import Official
from engine.kernel.errors import Conflict
from engine.kernel.now import hall_moment

START = hall_moment("2015-10-26T09:30")


@pytest.mark.parametrize("old", list(CaseState), ids=str)
@pytest.mark.parametrize("new", list(CaseState), ids=str)
def test_only_the_moves_of_the_law_are_possible(old, new):
    if new in MOVES[old]:
        assert move(old, new) is new
        return
    with pytest.raises(Conflict) as refused:
        move(old, new)
    assert refused.value.code == "case.not_in_state"


def test_the_walk_through_has_its_minutes_apart():
    found = times(START, *(START + timedelta(minutes=m) for m in (20, 50, 90)))
    assert found == HandlingTimes(waiting=20, receipt=30, review=40)
    assert (found.handling, found.total) == (70, 90)


def test_a_case_that_goes_on_has_no_total_yet():
    found = times(START, START + timedelta(minutes=20), START + timedelta(minutes=50), None)
    assert (found.waiting, found.receipt, found.review) == (20, 30, None)
    assert found.handling is None
    assert found.total is None


def task(**changes):
    made = {
        "id": "t1",
        "case_id": "c1",
        "step": "review",
        "name": "审查",
        "roles": ("clerk", "reviewer"),
        "power": None,
        "form": None,
        "form_version": None,
        "unit_no": 26,
        "state": TaskState.OFFERED,
        "opened_at": START,
    }
    return Task(**(made | changes))


@pytest.mark.parametrize(
    ("state", "waits"),
    [
        (TaskState.OFFERED, True),
        (TaskState.CLAIMED, True),
        (TaskState.DONE, False),
        (TaskState.CANCELLED, False),
    ],
)
def test_a_task_waits_until_it_is_done_or_no_longer_wanted(state, waits):
    assert task(state=state).is_open is waits


def test_a_task_is_for_a_post_of_its_unit():
    clerk = Official("o1", "clerk06", "王芳", "clerk", unit_no=26)
    theirs, other_post, mine = task(unit_no=27), task(roles=("chief",)), task(id="t3")
    assert first_for(clerk, [theirs, other_post, mine]) is mine
    assert first_for(clerk, [theirs, other_post]) is None
