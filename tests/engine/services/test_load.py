"""The load of the hall: who holds how much, and what each window served today."""

import pytest

from engine.services import intake, load, tickets, work
from tests.story import application

UNIT, WINDOW = 26, 6


@pytest.fixture
def clerk(cast):
    return cast.seated("clerk", WINDOW)


@pytest.fixture
def manager(cast):
    return cast.holder(None, "hall_manager")


def test_a_unit_counts_what_each_person_holds_and_what_nobody_does(hall, cast, clerk, manager, now):
    first = intake.receive(hall, clerk, application(hall))
    intake.receive(hall, clerk, application(hall))
    task = work.claim(hall, clerk, first.opened[0].id)
    (own,) = load.by_unit(hall, cast.holder(UNIT, "head"))
    assert (own.unit.no, own.tasks, own.late) == (UNIT, 2, 0)
    assert {(one.name, one.tasks) for one in own.held} == {(clerk.name, 1), (None, 1)}
    assert {one.nearest_due for one in own.held} == {task.due_on}
    assert load.by_unit(hall, manager) == [own]
    assert load.by_unit(hall, cast.holder(UNIT + 1, "head")) == []
    now.advance(days=30)
    assert load.by_unit(hall, manager)[0].late == 2


def test_a_window_tells_whom_it_served_today_and_for_how_long(hall, clerk, manager, now):
    for spent in (4, 8):
        tickets.take(hall, 1, UNIT)
        tickets.call_next(hall, clerk, WINDOW)
        now.advance(minutes=spent)
        tickets.finish(hall, clerk, WINDOW)
    tickets.take(hall, 1, UNIT)
    tickets.call_next(hall, clerk, WINDOW)
    rows = {one.window.no: one for one in load.by_window(hall, manager)}
    here = rows[WINDOW]
    assert (here.officer, here.served, here.no_shows, here.minutes) == (clerk.name, 2, 0, 6)
    assert rows[WINDOW + 1].minutes is None
    now.advance(days=1)
    tomorrow = {one.window.no: one.served for one in load.by_window(hall, manager)}
    assert tomorrow[WINDOW] == 0


def test_a_head_sees_the_windows_of_the_own_unit_only(hall, cast):
    seen = load.by_window(hall, cast.holder(UNIT, "head"))
    assert seen
    assert {one.window.unit_no for one in seen} == {UNIT}
