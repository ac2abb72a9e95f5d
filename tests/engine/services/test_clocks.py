"""Warnings come once, to whom the escalation table names (M-SUP-1, M-SUP-2, M-LIMIT-3)."""

import pytest
from sqlalchemy import select

from engine.domain.people import SYSTEM
from engine.kernel.now import hall_moment
from engine.services import cases, clocks, intake
from engine.storage.journal import JOBS
from tests.story import application, walk_through_matter


@pytest.fixture
def clerk(hall, cast):
    return cast.clerk(walk_through_matter(hall).unit_no)


@pytest.fixture
def case(hall, clerk):
    return intake.receive(hall, clerk, application(hall)).case


def look(hall, case):
    with hall.unit(SYSTEM) as unit:
        clocks.watch(hall, unit, case.id)


def warnings(hall, clerk, case):
    history = cases.case(hall, clerk, case.id).history
    return [line for line in history if line.kind == "LimitWarned"]


def test_nothing_is_raised_while_there_is_time(hall, clerk, case):
    look(hall, case)
    assert warnings(hall, clerk, case) == []


def test_one_working_day_before_the_promise_there_is_one_reminder(hall, clerk, case, now):
    now.move_to(hall_moment("2015-10-28T09:00"))
    for _ in range(3):
        look(hall, case)
    raised = [line.params["rule"] for line in warnings(hall, clerk, case)]
    assert raised.count("S02") == 1


def test_a_broken_promise_is_a_yellow_card(hall, clerk, case, now):
    now.move_to(hall_moment("2015-10-30T09:00"))
    look(hall, case)
    last = warnings(hall, clerk, case)[-1]
    assert (last.params["rule"], last.params["level"]) == ("S03", "yellow")
    assert last.params["row"].startswith("escalation#")


def test_more_than_three_working_days_over_is_a_red_card(hall, clerk, case, now):
    now.move_to(hall_moment("2015-11-05T09:00"))
    look(hall, case)
    assert warnings(hall, clerk, case)[-1].params["level"] == "red"


def test_the_first_look_is_planned_before_the_promise_ends(hall, case):
    with hall.reading() as unit:
        planned = unit.connection.execute(
            select(JOBS.c.due_at).where(JOBS.c.kind == "clock.watch", JOBS.c.case_id == case.id)
        ).scalars()
        assert list(planned) == [hall_moment("2015-10-28T09:00")]
