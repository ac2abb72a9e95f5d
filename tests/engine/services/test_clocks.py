"""The clocks of a case stand still, run on and are extended as the law says."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.demo.carry import carry
from engine.domain.clocks import JOINT, PROMISED, STATUTORY
from engine.domain.events.cases import CaseWoken
from engine.kernel.errors import Conflict, HallError, Invalid
from engine.kernel.now import hall_day, hall_moment
from engine.services import cases as case_pages
from engine.services import catalogue, clocks, intake
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


def received(hall, cast, now, moment, matter):
    now.move_to(hall_moment(moment))
    return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case


def with_days(hall, process, promised, statutory):
    """Return the first matter of a process with these limits."""
    page = 1
    while found := catalogue.matters(hall, page=page).rows:
        for row in found:
            matter = catalogue.matter(hall, row.no)
            if (row.process, matter.promised_days, matter.statutory_days) == (
                process,
                promised,
                statutory,
            ):
                return matter
        page += 1
    raise LookupError(process)


def test_m_rev_2_over_the_national_holiday_to_a_worked_saturday(hall, cast, now):
    matter = first_matter(hall, "one_review")
    assert matter.promised_days == 3
    case = received(hall, cast, now, "2026-09-30T09:00", matter)
    assert case.promised_due == date(2026, 10, 10)


@pytest.mark.parametrize(
    ("start", "promised", "statutory"),
    [
        pytest.param("2015-10-26", "2015-11-09", "2015-11-23", id="M-COM-2"),
        pytest.param("2026-09-28", "2026-10-16", "2026-10-30", id="M-COM-3"),
    ],
)
def test_m_com_2_and_m_com_3_both_limits_run_from_acceptance(
    hall, cast, now, start, promised, statutory
):
    matter = with_days(hall, "commitment", 10, 20)
    case = received(hall, cast, now, f"{start}T16:59", matter)
    assert (case.promised_due.isoformat(), case.statutory_due.isoformat()) == (promised, statutory)


def test_m_inst_2_accepted_on_friday_it_is_in_time_until_monday_at_half_past_five(hall, cast, now):
    case = received(hall, cast, now, "2015-10-30T15:00", first_matter(hall, "instant"))
    assert case.promised_due == date(2015, 11, 2)
    lights = []
    for moment in ("2015-11-02T17:29", "2015-11-02T17:31"):
        now.move_to(hall_moment(moment))
        lights.append(case_pages.case(hall, cast.clerk(case.unit_no), case.id).light)
    assert lights == ["soon", "overdue"]


def test_m_law_3_the_result_is_delivered_within_ten_days_of_the_decision(hall, cast, now):
    now.move_to(hall_moment("2026-09-30T09:00"))
    case = carry(hall, cast, first_matter(hall, "instant").no).case
    with hall.reading() as unit:
        delivery = rows.running(unit, case.id)
    assert [(clock.kind, clock.due_on) for clock in delivery] == [("delivery", date(2026, 10, 20))]


def test_m_law_6_twenty_days_and_ten_more(hall, cast, now):
    case = received(hall, cast, now, "2026-03-02T09:00", with_days(hall, "commitment", 10, 20))
    assert case.statutory_due == date(2026, 3, 30)
    extended = act(hall, cast.clerk(case.unit_no), case, clocks.extend, 10)
    assert extended.statutory_due == date(2026, 4, 14)


def test_m_law_6_the_joint_limit_of_forty_five_days_and_fifteen_more(hall, clerk, case, now):
    day(now, "2026-03-02")
    with hall.unit(clerk) as unit:
        found = cases.lock(unit, case.id)
        clocks.close(unit, case.id)
        assert clocks.open_clock(hall, unit, found, JOINT, 45).day == date(2026, 5, 8)
        cases.update(unit, clocks.extend(hall, unit, found, 15), found.rev)
    with hall.reading() as unit:
        (joint,) = rows.running(unit, case.id)
    assert (joint.due_on, joint.extended_days) == (date(2026, 5, 28), 15)


def test_m_notice_2_the_five_days_of_the_notice_end_on_the_24th(hall, cast, now):
    now.move_to(hall_moment("2026-09-18T09:00"))
    matter = first_matter(hall, "commitment")
    applied = intake.apply(hall, cast.clerk(matter.unit_no), application(hall, matter)).case
    with hall.reading() as unit:
        (notice,) = rows.running(unit, applied.id)
    assert (notice.kind, notice.due_on) == ("notice", date(2026, 9, 24))


def test_m_spec_1_an_inspection_stops_both_clocks_until_it_ends(hall, clerk, case, now):
    def left():
        view = case_pages.case(hall, clerk, case.id)
        return {line.kind: line.left for line in view.clocks}

    day(now, "2026-06-03")
    before = left()
    act(hall, clerk, case, clocks.suspend, cause("2026-06-09"))
    # The third, on which it begins, is not counted, so it is left over once more.
    standing = {kind: days + 1 for kind, days in before.items()}
    assert left() == standing
    day(now, "2026-06-09")
    assert left() == standing
    day(now, "2026-06-10")
    running = act(hall, clerk, case, clocks.resume, "p1")
    with hall.reading() as unit:
        calendar = hall.library.shelf(unit).calendar
    for was, is_now in (
        (case.promised_due, running.promised_due),
        (case.statutory_due, running.statutory_due),
    ):
        assert calendar.rank(is_now) == calendar.rank(was) + 5


def test_a_case_that_is_decided_cannot_be_stopped(hall, cast, now):
    now.move_to(hall_moment(MONDAY))
    case = carry(hall, cast, first_matter(hall, "instant").no).case
    with pytest.raises(Conflict) as refused:
        act(hall, cast.clerk(case.unit_no), case, clocks.suspend, cause("2026-06-09"))
    assert refused.value.code == "case.not_in_state"


def test_the_machines_time_of_day_moves_no_due_day(hall, cast, now):
    matter = first_matter(hall, "commitment")
    early = received(hall, cast, now, "2026-06-01T00:01", matter)
    late = received(hall, cast, now, "2026-06-01T23:59", matter)
    assert early.promised_due == late.promised_due


def test_the_setting_counts_the_first_day_of_every_clock(hall, cast, now):
    counting = replace(hall, rules=replace(hall.rules, count_first_day=True))
    matter = with_days(hall, "commitment", 10, 20)
    case = received(counting, cast, now, MONDAY, matter)
    assert case.promised_due == date(2026, 6, 12)
    stopped = act(counting, cast.clerk(case.unit_no), case, clocks.suspend, cause("2026-06-01"))
    assert stopped.promised_due == date(2026, 6, 15)


def test_the_most_pressing_clocks_come_first_with_what_stands_still(hall, clerk, case, now):
    act(hall, clerk, case, clocks.suspend, cause("2026-06-05"))
    found = clocks.due_clocks(hall, date(2026, 12, 31))
    assert [line.clock.kind for line in found] == [PROMISED, STATUTORY]
    assert [line.stopped for line in found] == [True, True]
    assert {line.case_no for line in found} == {case.case_no}
    assert clocks.due_clocks(hall) == []
