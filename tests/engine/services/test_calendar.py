"""A notice changes the calendar, and every open clock with it (M-CLK-6)."""

from datetime import date

import pytest

from engine.demo.carry import carry
from engine.domain.people import SYSTEM
from engine.domain.working_time import NoticedDay
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_moment
from engine.services import calendar, cases, intake
from engine.storage.journal import JOBS
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import application, first_matter

NOTICE = "国办发明电〔2026〕7号"


def day(text, kind="holiday", name="中秋节", status="published"):
    return NoticedDay(date.fromisoformat(text), kind, name, status)


@pytest.fixture
def clerk(hall, cast):
    return cast.clerk(first_matter(hall, "commitment").unit_no)


@pytest.fixture
def case(hall, clerk, now):
    now.move_to(hall_moment("2026-06-01T09:00"))
    return intake.receive(hall, clerk, application(hall, first_matter(hall, "commitment"))).case


def work_off(hall):
    done = 0
    while run_once(hall, HANDLERS):
        done += 1
    return done


def look(hall, clerk, case):
    return cases.case(hall, clerk, case.id)


def told(view):
    return [
        (line.params["clock"], line.params["was_due"], line.params["due_on"], line.params["why"])
        for line in view.history
        if line.kind == "ClockMoved"
    ]


def test_a_holiday_more_moves_the_open_clocks_and_tells_old_and_new_day(hall, clerk, case):
    calendar.change(hall, SYSTEM, [day("2026-06-08")], NOTICE)
    work_off(hall)
    view = look(hall, clerk, case)
    assert view.case.promised_due == date(2026, 6, 16)
    assert ("promised", "2026-06-15", "2026-06-16", "calendar") in told(view)
    assert view.case.rev == case.rev


def test_m_clk_6_the_notice_of_a_provisional_year_moves_its_days_and_settles_them(hall, clerk, now):
    now.move_to(hall_moment("2026-12-28T09:00"))
    matter = first_matter(hall, "commitment")
    case = intake.receive(hall, clerk, application(hall, matter)).case
    assert case.provisional
    assert case.promised_due == date(2027, 1, 12)
    days = [day("2027-01-01", name="元旦"), day("2027-01-04", name="元旦")]
    calendar.import_year(hall, SYSTEM, 2027, days, NOTICE)
    work_off(hall)
    found = look(hall, clerk, case).case
    assert found.promised_due == date(2027, 1, 13)
    assert not found.provisional


def test_a_worked_weekend_makes_it_earlier_and_nobody_is_written_to(hall, clerk, case):
    work_off(hall)
    calendar.change(hall, SYSTEM, [day("2026-06-06", "worked_weekend", "调休")], NOTICE)
    with hall.reading() as unit:
        before = len(list(unit.connection.execute(JOBS.select())))
    work_off(hall)
    with hall.reading() as unit:
        assert len(list(unit.connection.execute(JOBS.select()))) == before
    assert look(hall, clerk, case).case.promised_due == date(2026, 6, 12)


def test_the_limits_of_open_steps_follow(hall, clerk, case):
    def step_due():
        return next(line.task.due_on for line in look(hall, clerk, case).tasks if line.task.is_open)

    before = step_due()
    calendar.change(hall, SYSTEM, [day("2026-06-02")], NOTICE)
    work_off(hall)
    assert step_due() == date(before.year, before.month, before.day + 1)


def test_a_closed_clock_stays_as_it_was(hall, cast, now):
    now.move_to(hall_moment("2026-06-01T09:00"))
    case = carry(hall, cast, first_matter(hall, "one_review").no).case
    calendar.change(hall, SYSTEM, [day("2026-06-02")], NOTICE)
    work_off(hall)
    assert {one[0] for one in told(look(hall, cast.clerk(case.unit_no), case))} == {"delivery"}


def test_the_same_notice_again_changes_nothing_and_plans_nothing(hall, case):
    calendar.change(hall, SYSTEM, [day("2026-06-08")], NOTICE)
    work_off(hall)
    assert calendar.change(hall, SYSTEM, [day("2026-06-08")], NOTICE) == []
    assert work_off(hall) == 0


def test_many_cases_are_derived_a_batch_at_a_time(hall, clerk, case, monkeypatch):
    monkeypatch.setattr(calendar, "BATCH", 2)
    given = application(hall, first_matter(hall, "commitment"))
    others = [intake.receive(hall, clerk, given).case for _ in range(4)]
    calendar.change(hall, SYSTEM, [day("2026-06-08")], NOTICE)
    work_off(hall)
    assert {look(hall, clerk, one).case.promised_due for one in [case, *others]} == {
        date(2026, 6, 16)
    }
    with hall.reading() as unit:
        kinds = [row.kind for row in unit.connection.execute(JOBS.select())]
    assert kinds.count("calendar.recompute") == 3


@pytest.mark.parametrize(
    ("days", "notice", "code"),
    [
        ([day("2026-06-08")], " ", "calendar.notice"),
        ([day("2026-06-08"), day("2026-06-08")], NOTICE, "calendar.day"),
        ([day("2026-06-08", "worked_weekend")], NOTICE, "calendar.day"),
        ([day("2026-06-08", "feast")], NOTICE, "calendar.day"),
    ],
    ids=["no notice", "a day twice", "a weekday worked in exchange", "no such kind"],
)
def test_what_is_no_notice_is_refused(hall, days, notice, code):
    with pytest.raises(Invalid) as refused:
        calendar.change(hall, SYSTEM, days, notice)
    assert refused.value.code == code


def test_a_day_of_another_year_is_no_day_of_the_notice(hall):
    with pytest.raises(Invalid) as refused:
        calendar.import_year(hall, SYSTEM, 2027, [day("2028-01-03")], NOTICE)
    assert refused.value.code == "calendar.day"
