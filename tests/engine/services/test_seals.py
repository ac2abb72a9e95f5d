"""The approval seal: one decision, one use, a reason for another, void but kept (M-SEAL-1, 2)."""

import pytest

from engine.domain.people import SYSTEM
from engine.domain.seal import document
from engine.kernel.errors import HallError
from engine.services import cases, licences, people, seals, sign_in, work
from tests.story import answers

DECISION = document("准予行政许可决定书", "准予".encode())


@pytest.fixture
def decided(hall, clerk, chief, receipt):
    task = receipt.opened[0]
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)
    task = done.opened[0]
    return work.complete_task(hall, chief, task.id, answers(hall, task), done.case.rev).case


@pytest.fixture
def sure(hall, chief):
    """That the chief is it, as the people of the demo confirm it."""
    return sign_in.confirm_as(hall, chief.account)


def refused(act, *args):
    with pytest.raises(HallError) as error:
        act(*args)
    return error.value


def test_m_seal_1_the_licence_is_sealed_by_who_decided_and_for_this_decision(hall, chief, decided):
    (use,) = seals.uses(hall, chief, decided.id)
    licence = cases.case(hall, chief, decided.id).licence
    assert (use.document, use.digest) == (licence.no, licence.digest)
    assert (use.used_by, use.decided_at) == (chief.id, decided.decided_at)
    assert use.mandate_no.startswith("雁政授")
    history = [line.kind for line in cases.case(hall, chief, decided.id).history]
    assert history.count("SealUsed") == 1


def test_m_seal_1_a_decision_that_is_revoked_makes_the_use_void_and_keeps_it(hall, chief, decided):
    licence = cases.case(hall, chief, decided.id).licence
    licences.revoke(hall, chief, licence.no, "以欺骗手段取得", "行政许可法第六十九条")
    (use,) = seals.uses(hall, chief, decided.id)
    assert (use.is_void, use.void_because) == (True, "以欺骗手段取得")
    voided = [
        one for one in cases.case(hall, chief, decided.id).history if one.kind == "SealVoided"
    ]
    assert [line.params["document"] for line in voided] == [licence.no]


def test_m_seal_1_voiding_twice_changes_nothing(hall, chief, decided):
    for count in (1, 0):
        with hall.unit(chief) as unit:
            assert len(seals.void_for(unit, decided.id, "决定撤回")) == count


def test_m_seal_2_a_second_use_for_one_decision_needs_a_reason(hall, chief, sure, decided):
    act = (seals.use, hall, chief, decided.id, DECISION, sure, decided.rev)
    for reason in (None, " "):
        error = refused(*act, reason)
        assert (error.code, error.params["field"]) == ("seal.reason", "reason")
    second = seals.use(*act[1:], "加盖决定书")
    assert second.reason == "加盖决定书"
    assert len(seals.uses(hall, chief, decided.id)) == 2
    assert refused(*act, "重放").code == "case.changed"


def test_nothing_is_sealed_before_it_is_decided(hall, chief, sure, receipt):
    error = refused(seals.use, hall, chief, receipt.case.id, DECISION, sure, receipt.case.rev)
    assert error.code == "seal.no_decision"


def test_without_the_power_the_try_is_refused_and_kept(hall, clerk, decided):
    sure = sign_in.confirm_as(hall, clerk.account)
    error = refused(seals.use, hall, clerk, decided.id, DECISION, sure, decided.rev, "再盖")
    assert error.code == "authority.refused"
    assert error.params["row"].startswith("authority#")
    last = cases.case(hall, clerk, decided.id).history[-1]
    assert (last.kind, last.params["step"]) == ("ActRefused", "seal.use")
    assert len(seals.uses(hall, clerk, decided.id)) == 1


def test_a_refusal_is_sealed_by_hand_and_names_its_document(hall, clerk, chief, sure, receipt):
    task = receipt.opened[0]
    done = work.complete_task(hall, clerk, task.id, answers(hall, task), receipt.case.rev)
    task = done.opened[0]
    given = answers(hall, task) | {
        "decision_outcome": "refuse",
        "refuse_reason": "不符合法定条件",
        "refuse_law": "行政许可法第三十八条",
        "refuse_remedy": "六十日内可申请行政复议",
    }
    case = work.complete_task(hall, chief, task.id, given, done.case.rev).case
    assert seals.uses(hall, chief, case.id) == [], "no licence, nothing sealed by itself"
    use = seals.use(hall, chief, case.id, DECISION, sure, case.rev)
    assert (use.document, use.digest) == (DECISION.name, DECISION.digest)


def test_another_unit_does_not_see_the_uses(hall, cast, decided):
    assert refused(seals.uses, hall, cast.clerk(1), decided.id).code == "case.other_unit"
    assert seals.uses(hall, cast.holder(None, "supervisor"), decided.id)


def test_who_decides_without_the_power_of_the_seal_leaves_it_to_another(hall, clerk, decided):
    with hall.unit(clerk) as unit:
        assert seals.stamp(hall, unit, clerk, decided) is None


def test_the_use_says_how_it_was_confirmed(hall, chief, sure, decided):
    password = people.new_password(hall, SYSTEM, chief.account)
    by_password = sign_in.confirm(hall, chief.account, password, "127.0.0.1")
    case = decided
    for proof in (sure, by_password):
        seals.use(hall, chief, case.id, DECISION, proof, case.rev, "再次")
        with hall.reading() as unit:
            case = cases.cases.case(unit, case.id)
    used = [one for one in cases.case(hall, chief, case.id).history if one.kind == "SealUsed"]
    assert [line.params["confirmed"] for line in used] == ["decision", "demo", "password"]


def test_a_confirmation_of_another_or_of_a_while_ago_uses_no_seal(hall, now, cast, chief, decided):
    act = (seals.use, hall, chief, decided.id, DECISION)
    other = sign_in.confirm_as(hall, cast.clerk(1).account)
    assert refused(*act, other, decided.rev, "再次").code == "confirm.stale"
    old = sign_in.confirm_as(hall, chief.account)
    now.advance(minutes=6)
    assert refused(*act, old, decided.rev, "再次").code == "confirm.stale"
    assert len(seals.uses(hall, chief, decided.id)) == 1
