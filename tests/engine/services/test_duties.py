"""What the law asks of every decision: reasons, delivery in time, delay told."""

from dataclasses import replace
from datetime import date

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.people import SYSTEM
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_moment
from engine.services import cases, duties, intake, licences, work
from tests.story import answers, application, walk_through_matter

WHY = {
    "refuse_reason": "住所不符合规定的条件",
    "refuse_law": "《公司登记管理条例》第二十条",
    "refuse_remedy": "可以自收到决定书之日起六十日内申请行政复议",
}


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


@pytest.fixture
def clerk(cast, matter):
    return cast.clerk(matter.unit_no)


def delivery(hall, clerk, case):
    view = cases.case(hall, clerk, case.id)
    return next((clock for clock in view.clocks if clock.kind == "delivery"), None)


def test_m_law_3_a_decision_of_2026_09_30_is_delivered_by_2026_10_20(
    hall, now, cast, clerk, matter
):
    now.move_to(hall_moment("2026-09-30T10:00"))
    case = carry(hall, cast, matter.no, ANSWERS).case
    assert delivery(hall, clerk, case).due_on == date(2026, 10, 20)
    assert delivery(hall, clerk, case).left == 10


def test_m_law_3_the_clock_ends_when_the_result_is_handed_out(hall, now, cast, clerk, matter):
    case = carry(hall, cast, matter.no, ANSWERS).case
    now.advance(days=1)
    licences.hand_out(hall, clerk, case.id, "林晓禾", 6, case.rev)
    assert delivery(hall, clerk, case).left is None


def test_m_law_3_a_result_nobody_fetched_is_overdue(hall, now, cast, clerk, matter):
    case = carry(hall, cast, matter.no, ANSWERS).case
    now.move_to(hall_moment("2015-11-10T09:00"))
    assert delivery(hall, clerk, case).left == -1
    assert cases.case(hall, clerk, case.id).light == "overdue"


@pytest.mark.parametrize("lacks", [*WHY, "all"])
def test_m_law_4_a_refusal_without_reason_law_or_remedy_is_no_decision(hall, clerk, matter, lacks):
    case = intake.receive(hall, clerk, application(hall)).case
    said = {name: text for name, text in WHY.items() if lacks not in (name, "all")}
    refused = replace(case, outcome="refused", data={**case.data, **said, "refuse_extra": "x"})
    with pytest.raises(Invalid) as found, hall.unit(SYSTEM) as unit:
        duties.after_decision(hall, unit, refused)
    assert found.value.code == "ending.refusal"
    assert found.value.params["fields"] == (list(WHY) if lacks == "all" else [lacks])


@pytest.mark.parametrize("given", [WHY, {**WHY, "refuse_law": " "}], ids=["told", "blank law"])
def test_m_law_4_through_the_steps_a_refusal_needs_all_three(hall, cast, clerk, matter, given):
    receipt = intake.receive(hall, clerk, application(hall))
    review = receipt.opened[0]
    reviewed = work.complete_task(hall, clerk, review.id, answers(hall, review), receipt.case.rev)
    approve = reviewed.opened[0]
    chief = cast.for_task(approve, {clerk.id})
    said = {"decision_outcome": "refuse", **given}
    if given is not WHY:
        with pytest.raises(Invalid):
            work.complete_task(hall, chief, approve.id, said, reviewed.case.rev)
        assert cases.case(hall, clerk, receipt.case.id).case.decided_at is None
        return
    decided = work.complete_task(hall, chief, approve.id, said, reviewed.case.rev).case
    assert decided.outcome == "refused"
    assert delivery(hall, clerk, decided) is not None, "a refusal is delivered too (art. 44)"


def test_a_decision_after_the_statutory_limit_holds_and_tells_it(hall, now, clerk, cast, matter):
    receipt = intake.receive(hall, clerk, application(hall))
    now.move_to(hall_moment("2015-11-25T09:00"))
    case, waiting, busy = receipt.case, list(receipt.opened), set()
    while waiting:
        task = waiting.pop()
        official = cast.for_task(task, busy)
        done = work.complete_task(hall, official, task.id, answers(hall, task), case.rev)
        busy.add(official.id)
        case, waiting = done.case, [*waiting, *done.opened]
    assert case.outcome == "granted"
    (late,) = [
        line for line in cases.case(hall, clerk, case.id).history if line.kind == "DecidedLate"
    ]
    assert late.params["statutory_due"] == case.statutory_due.isoformat()
    assert late.params["days_over"] > 0


def test_a_decision_in_time_tells_no_delay(hall, cast, clerk, matter):
    case = carry(hall, cast, matter.no, ANSWERS).case
    assert "DecidedLate" not in [line.kind for line in cases.case(hall, clerk, case.id).history]


def test_a_child_case_delivers_nothing(hall, clerk):
    case = intake.receive(hall, clerk, application(hall)).case
    child = replace(case, parent_id="parent", outcome="refused")
    with hall.unit(SYSTEM) as unit:
        assert duties.after_decision(hall, unit, child) is child
    assert delivery(hall, clerk, case) is None
