"""One guard for every path (M-CHIEF-1 to M-CHIEF-3, M-GRANT-1, M-GRANT-4)."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden
from engine.kernel.now import hall_moment
from engine.services import cases, intake, people, work
from tests.story import answers, application, first_matter


def at_step(hall, cast, process, step, **changes):
    """Carry a case of a process until `step` waits; return its task and case."""
    matter = first_matter(hall, process)
    receipt = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter, **changes))
    case, task, busy = receipt.case, receipt.opened[0], set()
    while task.step != step:
        official = cast.for_task(task, busy)
        done = work.complete_task(hall, official, task.id, answers(hall, task), case.rev)
        busy.add(official.id)
        case, task = done.case, done.opened[0]
    return task, case


def verdict(hall, by, task):
    return work.task(hall, by, task.id).verdict


def test_the_chief_decides_a_matter_of_one_review(hall, cast):
    task, _ = at_step(hall, cast, "one_review", "approve")
    found = verdict(hall, cast.holder(task.unit_no, "chief"), task)
    assert found.allowed
    assert found.row
    assert found.legal_basis


def test_the_chief_accepts_but_does_not_decide_a_commitment(hall, cast):
    task, _ = at_step(hall, cast, "commitment", "review")
    assert verdict(hall, cast.holder(task.unit_no, "chief"), task).allowed
    task, case = at_step(hall, cast, "commitment", "decide")
    chief = cast.holder(task.unit_no, "chief")
    with pytest.raises(Forbidden):
        work.complete_task(hall, chief, task.id, answers(hall, task), case.rev)


def test_a_chief_who_forges_the_post_of_the_head_is_refused_by_a_row(hall, cast):
    task, case = at_step(hall, cast, "commitment", "decide")
    forged = replace(cast.holder(task.unit_no, "chief"), post="head")
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, forged, task.id, answers(hall, task), case.rev)
    assert refused.value.params["because"] == "grant.missing"
    assert refused.value.params["row"].startswith("authority#")


def test_a_mandate_that_ended_at_midnight_decides_nothing_in_the_morning(hall, cast, now):
    task, case = at_step(hall, cast, "one_review", "approve")
    newcomer = people.add(
        hall,
        SYSTEM,
        [people.NewOfficial("newchief", "周启明", "chief", unit_no=task.unit_no)],
    )[0]
    people.grant(
        hall,
        SYSTEM,
        [
            people.NewGrant(
                account="newchief",
                unit_no=task.unit_no,
                power="decide",
                mandate_no="雁政授〔2015〕99号",
                valid_from=date(2015, 10, 1),
                valid_to=date(2015, 10, 26),
            )
        ],
    )
    assert verdict(hall, newcomer, task).allowed
    now.move_to(hall_moment("2015-10-27T00:00"))
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, newcomer, task.id, answers(hall, task), case.rev)
    assert refused.value.params["because"] == "grant.missing"


def test_an_amount_over_the_limit_names_its_row(hall, cast):
    task, case = at_step(hall, cast, "one_review", "approve", amount=Decimal(1000001))
    newcomer = people.add(
        hall,
        SYSTEM,
        [people.NewOfficial("smallchief", "周启明", "chief", unit_no=task.unit_no)],
    )[0]
    people.grant(
        hall,
        SYSTEM,
        [
            people.NewGrant(
                account="smallchief",
                unit_no=task.unit_no,
                power="decide",
                mandate_no="雁政授〔2015〕98号",
                valid_from=date(2015, 1, 1),
                amount_limit=Decimal(1000000),
            )
        ],
    )
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, newcomer, task.id, answers(hall, task), case.rev)
    assert refused.value.params["because"] == "scope.amount"
    assert refused.value.params["row"].startswith("authority#")


def test_a_stand_in_acts_only_while_the_chief_is_away(hall, cast, now):
    task, _ = at_step(hall, cast, "one_review", "approve")
    stand_in = cast.holder(task.unit_no, "stand_in")
    assert verdict(hall, stand_in, task).because == "stand_in.not_now"
    people.cover_absence(
        hall,
        SYSTEM,
        stand_in.account,
        cast.holder(task.unit_no, "chief").account,
        date(2015, 10, 26),
        date(2015, 10, 26),
        "外出开会",
    )
    assert verdict(hall, stand_in, task).allowed
    now.move_to(hall_moment("2015-10-27T09:00"))
    assert verdict(hall, stand_in, task).because == "stand_in.not_now"


def test_the_record_of_a_stand_in_names_the_absent_chief(hall, cast):
    task, case = at_step(hall, cast, "one_review", "approve")
    chief, stand_in = (cast.holder(task.unit_no, post) for post in ("chief", "stand_in"))
    people.cover_absence(
        hall,
        SYSTEM,
        stand_in.account,
        chief.account,
        date(2015, 10, 26),
        date(2015, 10, 26),
        "外出开会",
    )
    done = work.complete_task(hall, stand_in, task.id, answers(hall, task), case.rev)
    history = cases.case(hall, chief, done.case.id).history
    completed = next(line for line in reversed(history) if line.kind == "TaskCompleted")
    assert completed.by_name == stand_in.name
    assert completed.params["acting_for"] == chief.name
    assert completed.params["mandate_no"]
