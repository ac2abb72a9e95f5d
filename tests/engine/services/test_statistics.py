"""Figures are counted from the rows (M-INST-2)."""

import pytest

from engine.demo.carry import answers_for, carry
from engine.kernel.now import hall_moment
from engine.services import intake, statistics, work
from tests.story import application, first_matter


@pytest.mark.parametrize(
    ("decided_at", "late"),
    [("2015-11-02T17:29", 0), ("2015-11-02T17:31", 1)],
    ids=["before close of business", "after it"],
)
def test_m_inst_2_in_time_is_until_close_of_business_of_the_due_day(
    hall, cast, now, decided_at, late
):
    now.move_to(hall_moment("2015-10-30T15:00"))
    matter = first_matter(hall, "instant")
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    task = receipt.opened[0]
    now.move_to(hall_moment(decided_at))
    official = cast.for_task(task)
    answers = answers_for(work.form_of(hall, task), {"decision_outcome": "grant"})
    work.complete_task(hall, official, task.id, answers, receipt.case.rev)
    assert statistics.totals(hall).late == late


def test_m_inst_3_a_decision_on_the_day_of_acceptance_is_on_the_spot(hall, cast, now):
    matter = first_matter(hall, "instant")
    carry(hall, cast, matter.no)
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter))
    now.advance(days=1)
    task = receipt.opened[0]
    answers = answers_for(work.form_of(hall, task), {"decision_outcome": "grant"})
    work.complete_task(hall, cast.for_task(task), task.id, answers, receipt.case.rev)
    figures = statistics.totals(hall)
    assert (figures.decided, figures.on_the_spot, figures.late) == (2, 1, 0)


def test_what_was_decided_is_counted_once(hall, cast):
    before = statistics.totals(hall)
    carry(hall, cast, first_matter(hall, "one_review").no)
    after = statistics.totals(hall)
    assert after.decided - before.decided == 1
    assert after.applied - before.applied == 1
    assert after.cards == before.cards
