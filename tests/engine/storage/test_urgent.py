"""Uses of the urgent power are found by case and by the task that reviews them."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.urgent import UrgentUse
from engine.storage import urgent
from tests.engine.storage.samples import EVENT, case_of, put, task_of


@pytest.fixture
def use(office):
    """Store a case with a use of the power and its review."""
    case = case_of(office)
    task = task_of(case, office)
    made = UrgentUse(
        id="u1",
        case_id=case.id,
        kind="shorten",
        reason="抢险救灾",
        used_by="o-chief",
        used_at=office.now(),
        mandate_no="雁政授〔2015〕12号",
        acting_for=None,
        task_id=task.id,
        due_on=date(2015, 11, 2),
    )
    with office.unit() as unit:
        put(unit, case, task)
        urgent.add(unit, made)
    return made


def test_a_use_is_found_by_its_case_and_its_review(office, use):
    with office.reading() as unit:
        assert urgent.of_case(unit, use.case_id) == [use]
        assert urgent.by_task(unit, use.task_id) == use
        assert urgent.by_task(unit, "another") is None


def test_what_the_review_found_is_kept(office, use):
    found = replace(use, finding="upheld", reviewed_by="o-head", reviewed_at=office.now())
    with office.unit() as unit:
        urgent.save_review(unit, found)
        unit.record(EVENT)
    with office.reading() as unit:
        assert urgent.by_task(unit, use.task_id) == found
