"""Warnings and cards come once, to whom the tables name (M-SUP-1, M-SUP-2, M-SUP-5, M-LIMIT-3)."""

from datetime import date

import pytest
from sqlalchemy import select

from engine.domain.case import Purpose
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_moment
from engine.services import beside, cases, clocks, intake, warnings, work
from engine.storage import cards
from engine.storage import cases as storage
from engine.storage.journal import JOBS
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import answers, application, walk_through_matter


@pytest.fixture
def case(hall, clerk):
    return intake.receive(hall, clerk, application(hall)).case


def look(hall, case):
    with hall.unit(SYSTEM) as unit:
        warnings.watch(hall, unit, case.id)


def raised(hall, clerk, case, kind="LimitWarned"):
    history = cases.case(hall, clerk, case.id).history
    return [line.params for line in history if line.kind == kind]


def work_off(hall):
    while run_once(hall, HANDLERS):
        pass


def test_nothing_is_raised_while_there_is_time(hall, clerk, case):
    look(hall, case)
    assert raised(hall, clerk, case) == []
    assert raised(hall, clerk, case, "CardRaised") == []


def test_m_sup_1_one_working_day_before_the_promise_there_is_one_reminder(hall, clerk, case, now):
    now.move_to(hall_moment("2015-10-28T09:00"))
    for _ in range(3):
        look(hall, case)
    for kind in ("LimitWarned", "CardRaised"):
        rules = [one["rule"] for one in raised(hall, clerk, case, kind)]
        assert rules.count("S02") == 1


def test_m_sup_2_a_broken_promise_is_a_yellow_card(hall, clerk, case, now):
    now.move_to(hall_moment("2015-10-30T09:00"))
    look(hall, case)
    for kind in ("LimitWarned", "CardRaised"):
        last = raised(hall, clerk, case, kind)[-1]
        assert (last["rule"], last["level"]) == ("S03", "yellow")
        assert last["recipients"] == ["officer", "chief"]


def test_m_sup_2_more_than_three_working_days_over_is_a_red_card(hall, clerk, case, now):
    now.move_to(hall_moment("2015-11-05T09:00"))
    look(hall, case)
    last = raised(hall, clerk, case, "CardRaised")[-1]
    assert (last["rule"], last["level"]) == ("S04", "red")
    assert "supervisor" in last["recipients"]


def test_m_sup_5_a_card_names_row_facts_and_version_and_when_it_is_to_be_answered(hall, case, now):
    now.move_to(hall_moment("2015-10-30T09:00"))
    look(hall, case)
    with hall.reading() as unit:
        (card,) = [one for one in cards.of_case(unit, case.id) if one.rule == "S03"]
    assert card.row.startswith("supervision#")
    assert card.facts["promised_left"] == -1
    assert len(card.version) == 64
    assert card.reply_by.isoformat() == "2015-11-04"


def test_m_limit_3_a_late_step_is_warned_of_though_the_whole_is_in_time(hall, cast, now):
    matter = walk_through_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    receipt = intake.receive(hall, clerk, application(hall))
    task = receipt.opened[0]
    if task.due_on is None or task.due_on >= receipt.case.promised_due:
        pytest.fail("the first step of the demo has a limit of its own")
    now.move_to(hall_moment("2015-10-28T09:00"))
    look(hall, receipt.case)
    assert "S05" in {one["rule"] for one in raised(hall, clerk, receipt.case, "CardRaised")}


def test_a_morning_looks_only_at_cases_on_which_something_presses(hall, clerk, now):
    early = intake.receive(hall, clerk, application(hall)).case
    warnings.keep_watch(hall)
    work_off(hall)
    now.move_to(hall_moment("2015-10-28T08:59"))
    receipt = intake.receive(hall, clerk, application(hall))
    task, late = receipt.opened[0], receipt.case
    work.complete_task(hall, clerk, task.id, answers(hall, task), late.rev)
    now.move_to(hall_moment("2015-10-28T09:00"))
    work_off(hall)
    with hall.reading() as unit:
        looked = unit.connection.execute(
            select(JOBS.c.key).where(JOBS.c.kind == "clock.watch")
        ).scalars()
        assert {key.split(":")[0] for key in looked} == {early.id}
    assert raised(hall, clerk, late) == []


def test_every_working_morning_is_planned_by_the_one_before_it(hall, now):
    warnings.keep_watch(hall)
    warnings.keep_watch(hall)
    work_off(hall)
    now.move_to(hall_moment("2015-10-30T09:00"))
    work_off(hall)
    with hall.reading() as unit:
        planned = unit.connection.execute(
            select(JOBS.c.key).where(JOBS.c.kind == "clock.morning").order_by(JOBS.c.key)
        ).scalars()
        assert list(planned) == ["2015-10-26", "2015-10-27", "2015-11-02"]


def test_an_urgent_act_not_reviewed_in_time_is_a_card_also_after_the_decision(
    hall, cast, clerk, case, now
):
    head = cast.holder(case.unit_no, "head")
    with hall.unit(clerk) as unit:
        beside.open_task(
            hall,
            unit,
            case,
            Purpose.AFTER_REVIEW,
            "特别处置复核",
            "parallel.opinion",
            roles=("head",),
            unit_no=case.unit_no,
            holder_id=head.id,
            due_on=case.promised_due,
        )
    now.move_to(hall_moment("2015-10-30T09:00"))
    look(hall, case)
    look(hall, case)
    rules = [one["rule"] for one in raised(hall, clerk, case, "CardRaised")]
    assert rules.count("S12") == 1


def test_a_supervisor_enters_a_card_with_text(hall, cast, case, now):
    supervisor = cast.holder(None, "supervisor")
    for at, text in (("10:00", "窗口无人值守"), ("11:00", "再次无人值守")):
        now.move_to(hall_moment(f"2015-10-26T{at}"))
        warnings.enter(hall, supervisor, case.id, "yellow", text)
    with hall.reading() as unit:
        found = cards.of_case(unit, case.id)
    assert [(card.rule, card.level, card.text) for card in found] == [
        ("S14", "yellow", "窗口无人值守"),
        ("S14", "yellow", "再次无人值守"),
    ]


@pytest.mark.parametrize(
    ("level", "text", "code"),
    [("yellow", " ", "card.text_missing"), ("purple", "颜色不对", "decision.not_allowed")],
    ids=["no text", "no such level"],
)
def test_a_card_by_hand_needs_text_and_a_known_level(hall, cast, case, level, text, code):
    with pytest.raises(Invalid) as refused:
        warnings.enter(hall, cast.holder(None, "supervisor"), case.id, level, text)
    assert refused.value.code == code


def test_a_step_done_in_time_leaves_no_warning(hall, clerk, case, now):
    task = next(task for task in cases.case(hall, clerk, case.id).tasks).task
    work.complete_task(hall, clerk, task.id, answers(hall, task), case.rev)
    now.move_to(hall_moment("2015-10-28T09:00"))
    look(hall, case)
    assert "S05" not in {one["rule"] for one in raised(hall, clerk, case, "CardRaised")}


def stop(hall, clerk, case, until):
    cause = clocks.Cause("inspection", date.fromisoformat(until), "行政许可法第四十五条", "p1")
    with hall.unit(clerk) as unit:
        found = storage.lock(unit, case.id)
        storage.update(unit, clocks.suspend(hall, unit, found, cause), found.rev)


def test_m_sup_4_a_suspended_case_raises_nothing(hall, clerk, case, now):
    stop(hall, clerk, case, "2015-11-20")
    now.move_to(hall_moment("2015-11-05T09:00"))
    look(hall, case)
    assert raised(hall, clerk, case, "CardRaised") == []
    assert raised(hall, clerk, case) == []


def test_m_spec_4_beyond_the_announced_end_a_card_is_raised_once_and_the_clock_stays_stopped(
    hall, clerk, case, now
):
    stop(hall, clerk, case, "2015-10-28")
    warnings.keep_watch(hall)
    for day in ("2015-10-28", "2015-10-29", "2015-10-30"):
        now.move_to(hall_moment(f"{day}T09:00"))
        work_off(hall)
    rules = [one["rule"] for one in raised(hall, clerk, case, "CardRaised")]
    assert rules == ["S10"]
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id) is not None


def test_a_complete_application_that_nobody_accepts_is_a_card(hall, clerk, now):
    applied = intake.apply(hall, clerk, application(hall)).case
    now.move_to(hall_moment("2015-10-29T09:00"))
    look(hall, applied)
    assert [one["rule"] for one in raised(hall, clerk, applied, "CardRaised")] == ["S01"]
