"""One guard for every path (M-CHIEF-1 to M-CHIEF-3, M-GRANT-1, M-GRANT-4)."""

from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.authority import Act, Grant
from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden
from engine.kernel.now import hall_moment
from engine.services import audit, authority, cases, intake, people, work
from engine.storage import authority as stored
from engine.storage import cases as rows
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.mandates import plainly_covered
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


MORNING = hall_moment("2015-10-27T09:00")


def newcomer(hall, unit_no, *powers, post="chief", account="newchief", **changes):
    """Add an official whose only mandates are these powers."""
    (one,) = people.add(
        hall, SYSTEM, [people.NewOfficial(account, "周启明", post, unit_no=unit_no)]
    )
    made = {"mandate_no": "雁政授〔2015〕99号", "valid_from": date(2015, 1, 1)} | changes
    people.grant(
        hall, SYSTEM, [people.NewGrant(account, unit_no, power, **made) for power in powers]
    )
    return one


def may(hall, by, power, case, **where):
    with hall.reading() as unit:
        return authority.may(hall, unit, by, power, case, **where)


def work_off(hall):
    """Let the worker do everything that is due."""
    while run_once(hall, HANDLERS):
        pass


def test_m_chief_1_the_chief_decides_one_review_and_no_commitment(hall, cast):
    task, case = at_step(hall, cast, "one_review", "approve")
    chief = cast.holder(task.unit_no, "chief")
    done = work.complete_task(hall, chief, task.id, answers(hall, task), case.rev)
    assert done.case.outcome == "granted"
    _, commitment = at_step(hall, cast, "commitment", "decide")
    answer = may(hall, cast.holder(commitment.unit_no, "chief"), "decide", commitment)
    assert (answer.verdict.allowed, answer.verdict.because) == (False, "grant.missing")
    assert answer.verdict.row == "authority#authority-6"


def test_m_chief_1_a_mandate_for_all_types_does_not_let_the_chief_decide_a_commitment(hall, cast):
    _, case = at_step(hall, cast, "commitment", "decide")
    verdict = may(hall, newcomer(hall, case.unit_no, "decide"), "decide", case).verdict
    assert (verdict.allowed, verdict.because) == (False, "scope.type")


def test_m_chief_2_a_forged_decision_of_the_chief_is_refused_and_kept(hall, cast):
    task, case = at_step(hall, cast, "commitment", "decide")
    chief = cast.holder(task.unit_no, "chief")
    for _replayed in range(2):
        with pytest.raises(Forbidden) as refused:
            work.complete_task(hall, chief, task.id, answers(hall, task), case.rev)
        assert refused.value.code == "authority.refused"
    view = cases.case(hall, chief, case.id)
    assert view.case.outcome is None
    assert [line.kind for line in view.history][-2:] == ["ActRefused", "ActRefused"]
    accepting = may(hall, chief, "accept_review", case).verdict
    assert accepting.allowed


def test_m_chief_3_both_names_and_the_ground_are_on_record_and_the_return_ends_it(hall, cast, now):
    task, case = at_step(hall, cast, "one_review", "approve")
    chief, deputy = (cast.holder(task.unit_no, post) for post in ("chief", "stand_in"))
    people.cover_absence(
        hall, SYSTEM, deputy.account, chief.account, now().date(), now().date(), "外出开会"
    )
    work.claim(hall, deputy, task.id)
    now.move_to(MORNING)
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, deputy, task.id, answers(hall, task), case.rev)
    assert refused.value.params["because"] == "stand_in.not_now"
    work_off(hall)
    (offered,) = (line for line in work.inbox(hall, chief, "offered").rows)
    assert offered.task_id == task.id
    told = cases.case(hall, chief, case.id).history
    again = next(line for line in reversed(told) if line.kind == "TaskReoffered")
    assert (again.params["holder"], again.params["because"]) == (deputy.name, "stand_in.not_now")


def test_m_grant_1_a_task_whose_holders_mandate_ended_at_midnight_goes_to_the_stand_in(
    hall, cast, now
):
    task, case = at_step(hall, cast, "one_review", "approve")
    leaving = newcomer(hall, task.unit_no, "decide", valid_to=date(2015, 10, 26))
    deputy = cast.holder(task.unit_no, "stand_in")
    people.cover_absence(
        hall, SYSTEM, deputy.account, leaving.account, *[MORNING.date()] * 2, "授权到期，尚未续授"
    )
    work.claim(hall, leaving, task.id)
    assert work.inbox(hall, deputy, "offered").rows == []
    now.move_to(MORNING)
    with pytest.raises(Forbidden) as refused:
        work.complete_task(hall, leaving, task.id, answers(hall, task), case.rev)
    assert refused.value.params["because"] == "grant.missing"
    work_off(hall)
    assert [line.task_id for line in work.inbox(hall, deputy, "offered").rows] == [task.id]
    done = work.complete_task(hall, deputy, task.id, answers(hall, task), case.rev)
    history = cases.case(hall, deputy, done.case.id).history
    completed = next(line for line in reversed(history) if line.kind == "TaskCompleted")
    assert completed.params["acting_for"] == leaving.name
    assert completed.params["mandate_no"] != "雁政授〔2015〕99号"
    assert audit.verify_trail(hall).intact


def test_m_grant_1_a_holder_who_keeps_his_authority_keeps_his_task(hall, cast, now):
    task, _ = at_step(hall, cast, "one_review", "approve")
    staying = newcomer(hall, task.unit_no, "decide", valid_to=date(2015, 10, 26))
    people.grant(
        hall,
        SYSTEM,
        [
            people.NewGrant(
                staying.account, task.unit_no, "decide", "雁政授〔2015〕100号", date(2015, 10, 27)
            )
        ],
    )
    work.claim(hall, staying, task.id)
    now.move_to(MORNING)
    work_off(hall)
    assert work.task(hall, staying, task.id).mine


def test_m_grant_2_who_could_decide_is_answered_from_the_data_of_that_day(hall, cast, now):
    matter = first_matter(hall, "one_review")
    deputy, chief = (cast.holder(matter.unit_no, post) for post in ("stand_in", "chief"))
    former = newcomer(hall, matter.unit_no, "decide", valid_to=date(2015, 12, 31))
    people.cover_absence(
        hall, SYSTEM, deputy.account, chief.account, *[date(2015, 3, 3)] * 2, "外出学习"
    )
    people.leave(hall, SYSTEM, former.account, date(2015, 10, 26), "调离")
    now.move_to(hall_moment("2016-03-01T09:00"))

    def able(day):
        found = authority.who_can(hall, "decide", matter.unit_no, matter.no, day)
        return {
            (one.official.account, one.stand_in_for.account if one.stand_in_for else None)
            for one in found
        }

    there = {(chief.account, None), (former.account, None)}
    assert able(date(2015, 3, 3)) == there | {(deputy.account, chief.account)}
    assert able(date(2015, 3, 4)) == there
    assert able(date(2015, 10, 27)) == {(chief.account, None)}
    assert able(date(2014, 12, 31)) == set()


def test_m_grant_2_the_answer_names_document_and_row(hall, cast):
    matter = first_matter(hall, "one_review")
    (one,) = authority.who_can(hall, "decide", matter.unit_no, matter.no, date(2015, 10, 26))
    assert one.official == cast.holder(matter.unit_no, "chief")
    assert one.grant.mandate_no == f"雁政授〔2015〕{matter.unit_no}号"
    assert one.row == "authority#authority-15"
    assert one.legal_basis


@pytest.mark.parametrize(
    ("limits", "asked", "because", "row"),
    [
        pytest.param(
            {"amount_limit": Decimal(1000)},
            {"amount": Decimal("1000.01")},
            "scope.amount",
            "authority-11",
            id="over the amount",
        ),
        pytest.param(
            {"region": "城东"}, {"region": "城西"}, "scope.region", "authority-12", id="region"
        ),
        pytest.param({"matters": (1,)}, {}, "scope.matter", "authority-22", id="another matter"),
    ],
)
def test_m_grant_4_what_the_mandate_does_not_reach_is_refused_by_its_row(
    hall, cast, limits, asked, because, row
):
    task, case = at_step(hall, cast, "one_review", "approve")
    holder = newcomer(hall, task.unit_no, "decide", **limits)
    case = replace(case, data={**case.data, "region": None, "amount": None, **asked})
    with hall.reading() as unit:
        verdict = authority.ruling(hall, unit, holder, task, case).verdict
    assert (verdict.allowed, verdict.because) == (False, because)
    assert verdict.row == f"authority#{row}"
    reached = replace(case, data={**case.data, "amount": Decimal(1000), "region": "城东"})
    with hall.reading() as unit:
        assert authority.ruling(hall, unit, holder, task, reached).verdict.allowed is (
            because != "scope.matter"
        )
        named = [
            one
            for one in authority.who_can(
                hall, "decide", case.unit_no, case.matter_no, date(2015, 10, 26), **asked
            )
            if one.official.id == holder.id
        ]
    assert named == []


def test_m_grant_4_a_mandate_that_names_the_matter_reaches_it(hall, cast):
    task, case = at_step(hall, cast, "one_review", "approve")
    holder = newcomer(hall, task.unit_no, "decide", matters=(case.matter_no,))
    assert verdict(hall, holder, task).allowed


def test_a_mandate_of_a_post_is_that_of_whoever_has_the_post(hall, cast):
    task, _ = at_step(hall, cast, "one_review", "approve")
    (holder,) = people.add(
        hall, SYSTEM, [people.NewOfficial("newchief", "周启明", "chief", unit_no=task.unit_no)]
    )
    assert verdict(hall, holder, task).because == "grant.missing"
    people.grant(
        hall,
        SYSTEM,
        [
            people.NewGrant(
                None, task.unit_no, "decide", "雁政授〔2015〕7号", date(2015, 1, 1), post="chief"
            )
        ],
    )
    assert verdict(hall, holder, task).allowed
    clerk = cast.holder(task.unit_no, "clerk")
    forged = replace(clerk, post="chief")
    assert verdict(hall, forged, task).because != "ok"
    before = authority.who_can(
        hall, "decide", task.unit_no, first_matter(hall, "one_review").no, date(2015, 3, 3)
    )
    assert holder.id not in {one.official.id for one in before}


@pytest.mark.parametrize(
    ("post", "power", "because"),
    [
        pytest.param("head", "extend", "ok", id="the head extends (art. 42)"),
        pytest.param("chief", "extend", "power.post", id="the chief does not"),
        pytest.param("chief", "organise", "ok", id="the chief organises"),
        pytest.param("clerk", "urgent", "power.post", id="a clerk handles nothing urgently"),
        pytest.param("stand_in", "seal", "stand_in.not_now", id="a stand-in while nobody is away"),
    ],
)
def test_an_act_without_a_task_is_ruled_on_alike(hall, cast, post, power, because):
    _, case = at_step(hall, cast, "commitment", "decide")
    answer = may(hall, cast.holder(case.unit_no, post), power, case)
    assert answer.verdict.because == because
    assert (answer.decision is not None) is (because != "stand_in.not_now")


def test_an_act_in_another_unit_or_of_no_post_in_the_table_is_refused(hall, cast):
    _, case = at_step(hall, cast, "commitment", "decide")
    chief = cast.holder(case.unit_no, "chief")
    assert may(hall, chief, "seal", case, unit_no=case.unit_no + 1).verdict.because == "unit"
    assert may(hall, cast.holder(None, "designer"), "seal", case).verdict.because == "unit"
    forged = replace(chief, post="designer")
    assert may(hall, forged, "seal", case).verdict.because == "post"


def test_m_law_2_who_reviewed_the_case_does_not_chair_its_hearing(hall, cast):
    _, case = at_step(hall, cast, "commitment", "decide")
    with hall.reading() as unit:
        done = {who for _, who in rows.done_by(unit, case.id)}
        reviewers = [one for one in people.everybody(hall) if one.id in done]
        excluded = [
            authority.exclusion(hall, unit, one, case, "hearing_chair") for one in reviewers
        ]
        head = cast.holder(case.unit_no, "head")
        free = authority.exclusion(hall, unit, head, case, "hearing_chair")
        kin = authority.exclusion(hall, unit, head, case, "hearing_chair", interest=True)
    assert len(excluded) > 1
    assert {(one.allowed, one.because, one.row) for one in excluded} == {
        (False, "exclusion.reviewer", "four_eyes#four_eyes-4")
    }
    assert (free.allowed, free.because, free.params["people_needed"]) == (True, "ok", 1)
    assert (kin.allowed, kin.because) == (False, "exclusion.interest")


def test_m_law_5_a_survey_needs_two_people(hall, cast):
    _, case = at_step(hall, cast, "commitment", "review")
    with hall.reading() as unit:
        found = authority.exclusion(hall, unit, cast.clerk(case.unit_no), case, "survey")
    assert (found.allowed, found.params["people_needed"]) == (True, 2)


POWERS = ("accept_review", "urgent", "organise", "seal", "joint", "decide")
DAYS = st.integers(-3, 3).map(lambda n: date(2015, 10, 26) + timedelta(days=n))
GRANTS = st.builds(
    Grant,
    id=st.uuids().map(str),
    official_id=st.just("o"),
    unit_no=st.just(0),
    power=st.sampled_from(POWERS),
    mandate_no=st.just("雁政授〔2015〕1号"),
    valid_from=DAYS,
    valid_to=st.none() | DAYS,
    matter_types=st.sampled_from([(), ("one_review",), ("commitment",)]),
    amount_limit=st.none() | st.sampled_from([Decimal(1), Decimal(3)]),
    revoked_on=st.none() | DAYS,
    matters=st.sampled_from([(), (1,)]),
)


class Undone(Exception):
    """Takes one example back."""


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_no_act_without_a_mandate_that_covers_it_on_that_day(hall, cast, now, count):
    """A chief's powers over a case of one review hang on his mandates alone."""
    task, case = at_step(hall, cast, "one_review", "approve")
    (chief,) = people.add(
        hall, SYSTEM, [people.NewOfficial("newchief", "周启明", "chief", unit_no=task.unit_no)]
    )
    seen = set()

    @settings(max_examples=count, deadline=None)
    @given(st.lists(GRANTS, max_size=3), st.sampled_from(POWERS), DAYS, st.integers(0, 4))
    def compare(grants, power, day, yuan):
        now.move_to(hall_moment(f"{day.isoformat()}T09:00"))
        tried = replace(case, data={**case.data, "amount": Decimal(yuan), "region": None})
        held = [replace(one, official_id=chief.id, unit_no=task.unit_no) for one in grants]
        act = Act(power, task.unit_no, case.matter_no, "one_review", Decimal(yuan))
        with suppress(Undone), hall.unit(SYSTEM) as unit:
            for one in held:
                stored.add_grant(unit, one)
            allowed = authority.may(hall, unit, chief, power, tried).verdict.allowed
            deciding = authority.ruling(hall, unit, chief, task, tried).verdict.allowed
            raise Undone
        assert allowed == any(plainly_covered(one, act, day) for one in held)
        decide = replace(act, power="decide")
        assert deciding == any(plainly_covered(one, decide, day) for one in held)
        seen.add(allowed)

    compare()
    assert seen == {True, False}


def test_m_rev_1_who_reviewed_does_not_approve_however_the_request_is_forged(hall, cast):
    receipt = intake.receive(hall, cast.clerk(26), application(hall))
    task = receipt.opened[0]
    done = work.complete_task(hall, cast.clerk(26), task.id, answers(hall, task), receipt.case.rev)
    approve = done.opened[0]
    forged = replace(cast.clerk(26), post="chief")
    for act in (
        lambda: work.claim(hall, forged, approve.id),
        lambda: work.complete_task(hall, forged, approve.id, answers(hall, approve), done.case.rev),
    ):
        with pytest.raises(Forbidden) as refused:
            act()
        assert refused.value.params["because"] == "four_eyes"
        assert refused.value.params["row"] == "authority#authority-1"
    kinds = [line.kind for line in cases.case(hall, cast.clerk(26), done.case.id).history]
    assert kinds[-2:] == ["ActRefused", "ActRefused"]


def test_everybody_of_the_unit_gets_an_answer_with_its_row_and_its_last_day(hall, cast):
    matter = first_matter(hall, "one_review")
    chief, deputy, clerk = (
        cast.holder(matter.unit_no, post) for post in ("chief", "stand_in", "clerk")
    )
    day, last = date(2015, 11, 2), date(2015, 11, 4)
    leaving = newcomer(hall, matter.unit_no, "decide", valid_to=date(2015, 11, 30))
    people.leave(hall, SYSTEM, leaving.account, last, "调离")
    people.cover_absence(hall, SYSTEM, deputy.account, chief.account, day, day, "外出学习")
    found = {
        one.official.id: one
        for one in authority.answers(hall, "decide", matter.unit_no, matter.no, day)
    }
    assert (found[chief.id].until, found[leaving.id].until) == (None, last)
    assert (found[deputy.id].until, found[deputy.id].stand_in_for) == (day, chief)
    refused = found[clerk.id].verdict
    assert not refused.allowed
    assert refused.row.startswith("authority#")
    able = {
        one.official.id for one in authority.who_can(hall, "decide", matter.unit_no, matter.no, day)
    }
    assert able == {key for key, one in found.items() if one.verdict.allowed}


def test_a_stand_in_while_nobody_is_away_is_told_and_who_has_left_is_not_asked(hall, cast):
    matter = first_matter(hall, "one_review")
    gone = newcomer(hall, matter.unit_no, "decide")
    people.leave(hall, SYSTEM, gone.account, date(2015, 10, 26), "调离")
    found = {
        one.official.id: one.verdict
        for one in authority.answers(hall, "decide", matter.unit_no, matter.no, date(2015, 10, 27))
    }
    assert gone.id not in found
    deputy = cast.holder(matter.unit_no, "stand_in")
    assert (found[deputy.id].because, found[deputy.id].row) == ("stand_in.not_now", None)
