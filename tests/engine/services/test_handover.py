"""All that somebody holds goes on in one act, and no task is left behind (M-PLUS-11)."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import Forbidden, HallError
from engine.kernel.now import hall_moment
from engine.services import audit, authority, cases, handover, intake, people, sign_in, work
from engine.storage import audit as trail
from engine.storage import authority as stored
from engine.storage import handover as rows
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import answers, application, first_matter

TODAY = date(2015, 10, 26)
TOMORROW = date(2015, 10, 27)
DOCUMENT = "雁政授〔2015〕101号"


def work_off(hall):
    while run_once(hall, HANDLERS):
        pass


@pytest.fixture
def matter(hall):
    return first_matter(hall, "one_review")


@pytest.fixture
def manager(hall):
    """The one who keeps accounts and mandates."""
    return next(one for one in people.everybody(hall) if one.post == "security_admin")


@pytest.fixture
def clerk(cast, matter):
    return cast.all_of("clerk", matter.unit_no)[0]


@pytest.fixture
def colleague(cast, matter):
    return cast.all_of("clerk", matter.unit_no)[1]


@pytest.fixture
def held(hall, clerk, matter):
    """Return three tasks 审查 that the clerk has in hand."""
    tasks = [intake.receive(hall, clerk, application(hall, matter)).opened[0] for _case in range(3)]
    return [work.claim(hall, clerk, task.id) for task in tasks]


def in_hand(hall, official):
    with hall.reading() as unit:
        return [task.id for task in rows.held_by(unit, official.id)]


def grants_of(hall, official):
    with hall.reading() as unit:
        return stored.grants_of(unit, official.id)


def events_of(hall, chain):
    with hall.reading() as unit:
        return [event.kind for event in trail.events_of(unit, chain)]


def test_tasks_and_mandates_go_to_the_receiver_in_one_audited_act(
    hall, manager, clerk, colleague, held
):
    done = handover.handover(
        hall, manager, clerk.account, colleague.account, "轮岗", TODAY, DOCUMENT
    )
    assert set(done.tasks) == {task.id for task in held}
    assert (done.offered, len(done.grants), len(done.granted)) == ((), 2, 2)
    assert in_hand(hall, clerk) == []
    assert set(in_hand(hall, colleague)) == {task.id for task in held}
    assert all(one.revoked_on == TOMORROW for one in grants_of(hall, clerk))
    new = [one for one in grants_of(hall, colleague) if one.mandate_no == DOCUMENT]
    assert {(one.valid_from, one.granted_by) for one in new} == {(TOMORROW, manager.id)}
    kinds = events_of(hall, f"account:{clerk.account}")
    assert kinds.count("EverythingHandedOver") == 1
    assert kinds.count("GrantRevoked") == 2
    assert audit.verify_trail(hall).intact


def test_what_the_receiver_may_not_do_is_offered_to_its_post_again(
    hall, cast, matter, manager, clerk, colleague, held
):
    head = cast.holder(matter.unit_no, "head")
    done = handover.handover(hall, manager, clerk.account, head.account, "轮岗", TODAY)
    assert (done.tasks, set(done.offered)) == ((), {task.id for task in held})
    assert in_hand(hall, head) == []
    offered = {line.task_id for line in work.inbox(hall, colleague, "offered").rows}
    assert offered == set(done.offered)
    told = cases.case(hall, colleague, held[0].case_id).history[-1]
    assert (told.kind, told.params["holder"]) == ("TaskReoffered", clerk.name)


def test_who_did_the_step_before_gets_no_task_by_a_handover(hall, cast, matter, manager):
    clerk, chief = cast.clerk(matter.unit_no), cast.holder(matter.unit_no, "chief")
    receipt = intake.receive(hall, clerk, application(hall, matter))
    task = receipt.opened[0]
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)
    work.claim(hall, chief, done.opened[0].id)
    (promoted,) = people.add(
        hall, SYSTEM, [people.NewOfficial("deputychief", "周启明", "chief", unit_no=matter.unit_no)]
    )
    gone = handover.handover(
        hall, manager, chief.account, promoted.account, "轮岗", TODAY, DOCUMENT
    )
    assert gone.tasks == (done.opened[0].id,)
    back = handover.handover(hall, manager, promoted.account, clerk.account, "轮岗", TODAY)
    assert (back.tasks, back.offered) == ((), (done.opened[0].id,))


def test_absences_end_with_the_last_day(hall, cast, matter, manager, clerk, colleague):
    deputy = cast.holder(matter.unit_no, "stand_in")
    people.cover_absence(
        hall, manager, deputy.account, clerk.account, TODAY, date(2015, 11, 30), "病假"
    )
    done = handover.handover(hall, manager, clerk.account, colleague.account, "调离", TODAY)
    assert done.absences == 1
    with hall.reading() as unit:
        (absence,) = stored.stand_ins_of(unit, deputy.id)
    assert absence.last_day == TODAY
    assert "AbsenceEnded" in events_of(hall, f"account:{deputy.account}")


def test_m_plus_11_a_leaver_leaves_no_open_task_and_his_account_opens_nothing(
    hall, manager, clerk, colleague, held, matter, now
):
    secret = people.new_password(hall, SYSTEM, clerk.account)
    session = sign_in.sign_in(hall, clerk.account, secret, "127.0.0.1")
    done = people.leave(hall, manager, clerk.account, TODAY, "退休", colleague.account, DOCUMENT)
    assert len(done.tasks) == 3
    assert in_hand(hall, clerk) == []
    assert sign_in.who(hall, session.token).id == clerk.id
    late = intake.receive(hall, colleague, application(hall, matter)).case
    now.move_to(hall_moment("2015-10-27T00:00"))
    assert sign_in.who(hall, session.token) is None
    with pytest.raises(Forbidden) as refused:
        sign_in.sign_in(hall, clerk.account, secret, "127.0.0.1")
    assert refused.value.code == "sign_in.wrong"
    with pytest.raises(HallError):
        sign_in.sign_in_as(hall, clerk.account)
    gone = next(one for one in people.everybody(hall) if one.id == clerk.id)
    with hall.reading() as unit:
        assert authority.may(hall, unit, gone, "accept_review", late).verdict.because == "left"
    with pytest.raises(HallError) as again:
        people.leave(hall, manager, clerk.account, TOMORROW, "退休")
    assert again.value.code == "people.left"


def test_m_plus_11_what_a_leaver_takes_on_his_last_days_is_offered_again_when_he_is_gone(
    hall, manager, clerk, held, matter, now
):
    done = people.leave(hall, manager, clerk.account, date(2015, 10, 28), "调离")
    assert set(done.offered) == {task.id for task in held}
    work.claim(hall, clerk, held[0].id)
    now.move_to(hall_moment("2015-10-28T23:59"))
    work_off(hall)
    assert in_hand(hall, clerk) == [held[0].id]
    now.move_to(hall_moment("2015-10-29T08:00"))
    work_off(hall)
    assert in_hand(hall, clerk) == []


def test_a_closed_units_cases_go_on_in_the_unit_that_takes_over(
    hall, cast, matter, manager, clerk, held
):
    other = next(no for no in range(1, 51) if no != matter.unit_no and cast.all_of("clerk", no))
    before = cases.case(hall, clerk, held[0].case_id)
    moved = handover.close_unit(hall, manager, matter.unit_no, other, "机构改革，职责划转")
    assert (moved.cases, moved.tasks) == (3, 3)
    heir = cast.all_of("clerk", other)[0]
    view = cases.case(hall, heir, held[0].case_id)
    assert view.case.unit_no == other
    assert (view.case.promised_due, view.case.statutory_due) == (
        before.case.promised_due,
        before.case.statutory_due,
    )
    assert [line.kind for line in view.history][-2:] == ["CaseMoved", "TaskMoved"]
    with pytest.raises(Forbidden):
        work.complete_task(hall, clerk, held[0].id, answers(hall, held[0]), view.case.rev)
    people.grant(
        hall,
        manager,
        [people.NewGrant(None, other, "accept_review", DOCUMENT, TODAY, post="clerk")],
    )
    done = work.complete_task(hall, heir, held[0].id, answers(hall, held[0]), view.case.rev)
    assert {task.unit_no for task in done.opened} == {other}
    assert events_of(hall, f"unit:{matter.unit_no}") == ["UnitHandedOver"]
    assert audit.verify_trail(hall).intact


BAD = {
    "to oneself": (lambda do, who: do(who[0], who[0], "轮岗", TODAY), "handover.same"),
    "a day that has passed": (
        lambda do, who: do(who[0], who[1], "轮岗", date(2015, 10, 25)),
        "handover.past",
    ),
    "no reason": (lambda do, who: do(who[0], who[1], " ", TODAY), "handover.reason"),
    "nobody": (lambda do, who: do("nobody", who[1], "轮岗", TODAY), "account.unknown"),
    "mandates into another unit": (
        lambda do, who: do(who[0], "head02", "轮岗", TODAY, DOCUMENT),
        "handover.other_unit",
    ),
}


@pytest.mark.parametrize(("act", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_handed_over_is_refused_and_nothing_moves(
    hall, manager, clerk, colleague, held, act, code
):
    def do(giver, receiver, *rest):
        return handover.handover(hall, manager, giver, receiver, *rest)

    with pytest.raises(HallError) as refused:
        act(do, (clerk.account, colleague.account))
    assert refused.value.code == code
    assert len(in_hand(hall, clerk)) == 3
    assert all(one.revoked_on is None for one in grants_of(hall, clerk))


def test_only_who_keeps_the_accounts_hands_over(hall, clerk, colleague, matter):
    forged = replace(clerk, post="security_admin")
    for act in (
        lambda: handover.handover(hall, forged, clerk.account, colleague.account, "轮岗", TODAY),
        lambda: handover.close_unit(hall, forged, matter.unit_no, 1, "撤并"),
        lambda: people.leave(hall, forged, colleague.account, TODAY, "退休"),
        lambda: people.grant(hall, forged, []),
        lambda: people.revoke(hall, forged, "g", TODAY, "撤销"),
        lambda: people.cover_absence(hall, forged, "standin01", "chief01", TODAY, TODAY, "出差"),
    ):
        with pytest.raises(Forbidden) as refused:
            act()
        assert refused.value.code == "people.not_allowed"


@pytest.mark.parametrize(
    ("units", "reason", "code"),
    [
        pytest.param((1, 1), "撤并", "handover.same", id="to itself"),
        pytest.param((1, 99), "撤并", "unit.unknown", id="to a unit that is none"),
        pytest.param((1, 2), "", "handover.reason", id="without a reason"),
    ],
)
def test_a_unit_is_closed_into_another_with_a_reason(hall, manager, units, reason, code):
    with pytest.raises(HallError) as refused:
        handover.close_unit(hall, manager, *units, reason)
    assert refused.value.code == code
