"""The clocks of a case stand still, run on and are extended as the law says."""

from datetime import date, timedelta

import pytest

from engine.domain.clocks import PROMISED, STATUTORY
from engine.domain.events.cases import CaseWoken
from engine.kernel.errors import Conflict, HallError, Invalid
from engine.kernel.now import hall_day, hall_moment
from engine.services import cases as case_pages
from engine.services import clocks, intake
from engine.services.clocks import Cause
from engine.storage import cases
from engine.storage import clocks as rows
from tests.story import application, first_matter

MONDAY = "2026-06-01T09:00"


@pytest.fixture
def clerk(hall, cast):
    return cast.clerk(first_matter(hall, "commitment").unit_no)


@pytest.fixture
def case(hall, clerk, now):
    now.move_to(hall_moment(MONDAY))
    return intake.receive(hall, clerk, application(hall, first_matter(hall, "commitment"))).case


def cause(until, source="p1"):
    return Cause("inspection", date.fromisoformat(until), "行政许可法第四十五条", source)


def act(hall, clerk, case, what, *args):
    """Do something to the clocks of a case, as a service does it, and return the case."""
    with hall.unit(clerk) as unit:
        found = cases.lock(unit, case.id)
        return cases.update(unit, what(hall, unit, found, *args), found.rev)


def day(now, text):
    now.move_to(hall_moment(f"{text}T09:00"))


def task_due(hall, clerk, case):
    return next(
        line.task.due_on
        for line in case_pages.case(hall, clerk, case.id).tasks
        if line.task.is_open
    )


def moved(hall, clerk, case):
    history = case_pages.case(hall, clerk, case.id).history
    return [
        (line.params["clock"], line.params["was_due"], line.params["due_on"])
        for line in history
        if line.kind == "ClockMoved"
    ]


def test_m_clk_5_suspended_for_five_working_days_it_is_due_five_later(hall, clerk, case, now):
    assert case.promised_due == date(2026, 6, 15)
    day(now, "2026-06-03")
    stopped = act(hall, clerk, case, clocks.suspend, cause("2026-06-09"))
    assert stopped.promised_due == date(2026, 6, 23)
    day(now, "2026-06-10")
    running = act(hall, clerk, case, clocks.resume, "p1")
    assert running.promised_due == date(2026, 6, 23)


def test_ending_earlier_than_announced_gives_the_days_back(hall, clerk, case, now):
    day(now, "2026-06-03")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-16"))
    day(now, "2026-06-10")
    assert act(hall, clerk, case, clocks.resume, "p1").promised_due == date(2026, 6, 23)
    assert [one[0] for one in moved(hall, clerk, case)].count(PROMISED) == 2


def test_beyond_the_announced_end_the_clock_stands_still_until_somebody_ends_it(
    hall, clerk, case, now
):
    day(now, "2026-06-03")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-04"))
    day(now, "2026-06-10")
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id).announced_until == date(2026, 6, 4)
    assert act(hall, clerk, case, clocks.resume, "p1").promised_due == date(2026, 6, 23)


def test_a_new_announcement_moves_the_due_day(hall, clerk, case, now):
    day(now, "2026-06-03")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-04"))
    later = act(hall, clerk, case, clocks.reannounce, "p1", date(2026, 6, 9))
    assert later.promised_due == date(2026, 6, 23)


def test_two_causes_are_one_time_and_the_clock_runs_when_both_have_ended(hall, clerk, case, now):
    day(now, "2026-06-03")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-05"))
    act(hall, clerk, case, clocks.suspend, cause("2026-06-09", "p2"))
    day(now, "2026-06-05")
    act(hall, clerk, case, clocks.resume, "p1")
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id).source_id == "p2"
    day(now, "2026-06-10")
    assert act(hall, clerk, case, clocks.resume, "p2").promised_due == date(2026, 6, 23)


def test_the_limit_of_a_step_stands_still_with_the_case(hall, clerk, case, now):
    before = task_due(hall, clerk, case)
    day(now, "2026-06-02")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-08"))
    assert task_due(hall, clerk, case) == before + timedelta(days=7)


def test_a_suspension_of_no_working_day_moves_nothing(hall, clerk, case, now):
    day(now, "2026-06-06")
    act(hall, clerk, case, clocks.suspend, cause("2026-06-07"))
    day(now, "2026-06-08")
    assert act(hall, clerk, case, clocks.resume, "p1").promised_due == case.promised_due
    assert moved(hall, clerk, case) == []


@pytest.mark.parametrize(
    ("acts", "kind", "code"),
    [
        ([(clocks.suspend, cause("2026-05-31"))], Invalid, "clock.suspension"),
        (
            [(clocks.suspend, cause("2026-06-05")), (clocks.suspend, cause("2026-06-09"))],
            Conflict,
            "clock.stopped",
        ),
        ([(clocks.resume, "p1")], Conflict, "clock.not_stopped"),
        ([(clocks.reannounce, "p1", date(2026, 6, 9))], Conflict, "clock.not_stopped"),
        ([(clocks.extend, 10), (clocks.extend, 10)], Conflict, "clock.extended"),
    ],
    ids=[
        "ends before it starts",
        "the same twice",
        "not stopped",
        "never told",
        "extended twice",
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(hall, clerk, case, acts, kind, code):
    *before, last = acts
    for what, *args in before:
        act(hall, clerk, case, what, *args)
    with hall.reading() as unit:
        known = rows.running(unit, case.id)
    with pytest.raises(HallError) as refused:
        act(hall, clerk, case, last[0], *last[1:])
    assert (type(refused.value), refused.value.code) == (kind, code)
    with hall.reading() as unit:
        assert rows.running(unit, case.id) == known


def test_m_law_6_an_extension_moves_the_statutory_day_and_the_promise_up_to_it(
    hall, clerk, case, now
):
    day(now, "2026-06-10")
    extended = act(hall, clerk, case, clocks.extend, 10)
    with hall.reading() as unit:
        limits = {clock.kind: clock.limit_days for clock in rows.running(unit, case.id)}
        calendar = hall.library.shelf(unit).calendar
    assert calendar.rank(extended.statutory_due) == (
        calendar.rank(date(2026, 6, 1)) + limits[STATUTORY] + 10
    )
    assert extended.promised_due == min(
        calendar.day_of_rank(calendar.rank(case.promised_due) + 10), extended.statutory_due
    )


def test_an_extension_after_the_promise_was_broken_leaves_the_promise(hall, clerk, case, now):
    day(now, "2026-06-16")
    assert act(hall, clerk, case, clocks.extend, 10).promised_due == case.promised_due


def test_an_extension_after_the_statutory_day_is_too_late(hall, clerk, case, now):
    day(now, (case.statutory_due + timedelta(days=1)).isoformat())
    with pytest.raises(Conflict) as refused:
        act(hall, clerk, case, clocks.extend, 10)
    assert refused.value.code == "clock.passed"


def test_a_clock_cannot_begin_tomorrow(hall, clerk, case, now):
    with hall.unit(clerk) as unit, pytest.raises(Conflict) as refused:
        clocks.open_clock(hall, unit, case, "notice", 5, hall_day(now()) + timedelta(days=1))
    assert refused.value.code == "clock.back"


def test_closing_some_clocks_leaves_the_others_running(hall, clerk, case):
    with hall.unit(clerk) as unit:
        found = cases.lock(unit, case.id)
        clocks.open_clock(hall, unit, found, "delivery", 10)
        clocks.close(unit, case.id, {"delivery"})
        cases.update(unit, found, found.rev)
        unit.record(CaseWoken(case_id=case.id, due="", closed=()))
    with hall.reading() as unit:
        assert {clock.kind for clock in rows.running(unit, case.id)} == {PROMISED, STATUTORY}
