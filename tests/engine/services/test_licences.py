"""Results handed out and checked."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date, timedelta

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import CaseState
from engine.domain.codes import check_uscc
from engine.kernel.errors import Conflict, Forbidden, Invalid, Late, Missing
from engine.kernel.now import hall_moment
from engine.services import cases, catalogue, licences
from engine.storage import licences as rows
from tests.engine.services.receiving import let_pass
from tests.story import walk_through_matter


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


@pytest.fixture
def case(hall, cast, matter):
    return carry(hall, cast, matter.no, ANSWERS).case


@pytest.fixture
def clerk(cast, matter):
    return cast.clerk(matter.unit_no)


@pytest.fixture
def chief(cast, matter):
    return cast.holder(matter.unit_no, "chief")


def test_a_decided_case_waits_at_its_unit(hall, cast, clerk, case):
    line = licences.to_hand_out(hall, clerk)[0]
    assert (line.case_id, line.rev) == (case.id, case.rev)
    check_uscc(line.licence_no)
    assert licences.to_hand_out(hall, cast.clerk(1)) == []
    assert licences.to_hand_out(hall, replace(clerk, unit_no=None)) == []


def test_handing_out_closes_the_case(hall, clerk, case):
    closed = licences.hand_out(hall, clerk, case.id, "林晓禾", 1, case.rev)
    assert closed.state is CaseState.CLOSED
    view = cases.case(hall, clerk, case.id)
    assert view.history[-1].kind == "HandedOut"
    assert view.licence.taken_by == "林晓禾"
    assert licences.to_hand_out(hall, clerk) == []


def test_a_result_is_handed_out_once(hall, clerk, case):
    closed = licences.hand_out(hall, clerk, case.id, "林晓禾", 1, case.rev)
    with pytest.raises(Conflict):
        licences.hand_out(hall, clerk, case.id, "林晓禾", 1, closed.rev)


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        pytest.param({"taken_by": " "}, Invalid, "licence.taken_by_missing", id="nobody took it"),
        pytest.param({"seen": 0}, Conflict, "case.changed", id="a stale page"),
    ],
)
def test_a_wrong_hand_out_changes_nothing(hall, clerk, case, change, error, code):
    given = {"taken_by": "林晓禾", "window_no": 1, "seen": case.rev} | change
    with pytest.raises(error) as refused:
        licences.hand_out(hall, clerk, case.id, **given)
    assert refused.value.code == code
    assert len(licences.to_hand_out(hall, clerk)) == 1


def test_another_unit_hands_out_nothing(hall, cast, case):
    with pytest.raises(Forbidden):
        licences.hand_out(hall, cast.clerk(1), case.id, "林晓禾", 60, case.rev)


def test_the_public_check_knows_issued_licences_only(hall, clerk, case):
    no = cases.case(hall, clerk, case.id).licence.no
    assert licences.check(hall, f" {no.lower()} ").state == "valid"
    assert licences.check(hall, "91439900MA00000000").state == "unknown"
    assert licences.licence(hall, no).case_id == case.id
    with pytest.raises(Missing):
        licences.licence(hall, "nothing")


@pytest.mark.parametrize(("way", "number"), [("post", "EMS1234567890CN"), ("online", "e-2015-77")])
def test_a_result_may_be_sent_with_its_number(hall, clerk, case, way, number):
    closed = licences.send(hall, clerk, case.id, way, f" {number} ", case.rev)
    assert closed.state is CaseState.CLOSED
    view = cases.case(hall, clerk, case.id)
    last = view.history[-1]
    assert (last.kind, last.params["way"], last.params["reference"]) == ("Sent", way, number)
    assert view.licence.taken_by == number
    assert [clock.left for clock in view.clocks if clock.kind == "delivery"] == [None]


@pytest.mark.parametrize(
    ("way", "number", "code"),
    [("pigeon", "1", "licence.way"), ("post", " ", "licence.reference_missing")],
)
def test_a_wrong_way_sends_nothing(hall, clerk, case, way, number, code):
    with pytest.raises(Invalid) as refused:
        licences.send(hall, clerk, case.id, way, number, case.rev)
    assert refused.value.code == code
    assert len(licences.to_hand_out(hall, clerk)) == 1


WHY, ART_49, ART_69, ART_70 = "住所迁移", "第四十九条", "第六十九条", "第七十条"
REMEDY = "可以自收到决定书之日起六十日内申请行政复议"


def test_a_change_keeps_the_edition_before(hall, clerk, chief, case):
    before = cases.case(hall, clerk, case.id).licence
    after = licences.change(hall, chief, before.no, {"domicile": "雁城市城南区一号"}, WHY, ART_49)
    assert (after.edition, after.content["domicile"]) == (2, "雁城市城南区一号")
    assert licences.check(hall, before.no).state == "valid"
    told = cases.case(hall, clerk, case.id).history[-1]
    assert (told.kind, told.params["changed"]) == ("LicenceChanged", ["domicile"])
    with hall.reading() as unit:
        assert rows.editions(unit, before.id) == [(1, before.content)]


@pytest.mark.parametrize(
    ("content", "reason", "code"),
    [
        pytest.param({"domicile": "城南"}, " ", "licence.reason_missing", id="no reason"),
        pytest.param({"moon": "城南"}, WHY, "licence.field_unknown", id="no such field"),
        pytest.param({}, WHY, "licence.nothing_changed", id="nothing"),
    ],
)
def test_a_wrong_change_changes_nothing(hall, clerk, chief, case, content, reason, code):
    before = cases.case(hall, clerk, case.id).licence
    with pytest.raises(Invalid) as refused:
        licences.change(hall, chief, before.no, content, reason, ART_49)
    assert refused.value.code == code
    assert licences.licence(hall, before.no) == before


def test_a_revoked_licence_is_shown_as_such_and_struck_off_afterwards(hall, clerk, chief, case):
    no = cases.case(hall, clerk, case.id).licence.no
    licences.revoke(hall, chief, no, "以欺骗手段取得", ART_69)
    assert licences.check(hall, no).state == "revoked"
    with pytest.raises(Conflict, match=r"licence\.not_in_state"):
        licences.change(hall, chief, no, {"domicile": "城南"}, WHY, ART_49)
    licences.cancel(hall, chief, no, "已被撤销", ART_70)
    assert licences.check(hall, no).state == "cancelled"
    with pytest.raises(Conflict, match=r"licence\.not_in_state"):
        licences.cancel(hall, chief, no, "已被撤销", ART_70)
    told = [line.kind for line in cases.case(hall, clerk, case.id).history[-2:]]
    assert told == ["LicenceRevoked", "LicenceCancelled"]


@pytest.mark.parametrize("act", [licences.revoke, licences.cancel])
@pytest.mark.parametrize(("reason", "law"), [("", ART_70), ("歇业", " ")])
def test_ending_a_licence_needs_reason_and_law(hall, clerk, chief, case, act, reason, law):
    no = cases.case(hall, clerk, case.id).licence.no
    with pytest.raises(Invalid, match=r"licence\.reason_missing"):
        act(hall, chief, no, reason, law)
    assert licences.check(hall, no).state == "valid"


def test_another_unit_does_nothing_to_it_and_nobody_to_an_unknown_or_altered_one(
    hall, cast, clerk, chief, case, city
):
    no = cases.case(hall, clerk, case.id).licence.no
    with pytest.raises(Forbidden):
        licences.revoke(hall, cast.clerk(1), no, WHY, ART_69)
    with pytest.raises(Missing):
        licences.revoke(hall, chief, "nothing", WHY, ART_69)
    with closing(sqlite3.connect(city.data / "hall.sqlite")) as database, database:
        database.execute("UPDATE licences SET holder = '别人'")
    with pytest.raises(Conflict, match=r"licence\.altered"):
        licences.change(hall, chief, no, {"domicile": "城南"}, WHY, ART_49)


def test_a_licence_without_end_is_not_renewed(hall, clerk, case):
    no = cases.case(hall, clerk, case.id).licence.no
    with pytest.raises(Conflict, match=r"licence\.no_end"):
        licences.ask_renewal(hall, clerk, no)


@pytest.fixture
def dated(hall, cast):
    """Return a licence that holds for some days, and the chief of its unit."""
    page = 1
    while found := catalogue.matters(hall, page=page).rows:
        for matter in found:
            if matter.licence_days and matter.type.steps == 2:
                decided = carry(hall, cast, matter.no).case
                chief = cast.holder(matter.unit_no, "chief")
                return chief, cases.case(hall, chief, decided.id).licence
        page += 1
    raise LookupError("no licence has an end")


def test_a_licence_holds_until_its_last_day(hall, now, dated):
    _, found = dated
    assert found.valid_to == date(2015, 10, 26) + timedelta(days=1825)
    now.move_to(hall_moment(f"{found.valid_to}T23:59"))
    assert licences.check(hall, found.no).state == "valid"
    now.advance(minutes=1)
    assert licences.check(hall, found.no).state == "expired"


def test_a_renewal_is_asked_for_thirty_days_before_the_end_at_the_latest(hall, now, dated):
    chief, found = dated
    last = found.valid_to - timedelta(days=30)
    now.move_to(hall_moment(f"{last + timedelta(days=1)}T09:00"))
    with pytest.raises(Late) as refused:
        licences.ask_renewal(hall, chief, found.no)
    assert (refused.value.code, refused.value.params["last_day"]) == ("licence.asked_late", last)
    now.move_to(hall_moment(f"{last}T17:00"))
    assert licences.ask_renewal(hall, chief, found.no).renewal_asked_on == last
    with pytest.raises(Conflict, match=r"licence\.renewal_asked"):
        licences.ask_renewal(hall, chief, found.no)


def asked(hall, now, chief, found):
    now.move_to(hall_moment(f"{found.valid_to - timedelta(days=40)}T09:00"))
    return licences.ask_renewal(hall, chief, found.no)


def test_the_renewals_that_wait_are_listed_for_their_unit_alone(hall, now, cast, dated):
    chief, found = dated
    waits = asked(hall, now, chief, found)
    assert licences.renewals(hall, chief, found.valid_to) == [waits]
    assert licences.renewals(hall, chief, found.valid_to - timedelta(days=1)) == []
    assert licences.renewals(hall, cast.clerk(1), found.valid_to) == []


def test_silence_until_the_last_day_renews_it(hall, now, dated):
    chief, found = dated
    asked(hall, now, chief, found)
    let_pass(hall, now, f"{found.valid_to}T23:59")
    assert licences.licence(hall, found.no).valid_to == found.valid_to
    let_pass(hall, now, f"{found.valid_to + timedelta(days=1)}T00:00")
    after = licences.licence(hall, found.no)
    assert after.valid_to == found.valid_to + timedelta(days=1825)
    assert licences.check(hall, found.no).state == "valid"
    last = cases.case(hall, chief, found.case_id).history[-1]
    assert (last.kind, last.params["by_silence"]) == ("LicenceRenewed", True)
    let_pass(hall, now, f"{found.valid_to + timedelta(days=2)}T00:00")
    assert licences.licence(hall, found.no) == after, "once"


def test_an_answer_in_time_leaves_nothing_to_silence(hall, now, dated):
    chief, found = dated
    asked(hall, now, chief, found)
    after = licences.renew(hall, chief, found.no)
    assert after.valid_to == found.valid_to + timedelta(days=1825)
    let_pass(hall, now, f"{found.valid_to + timedelta(days=1)}T09:00")
    assert licences.licence(hall, found.no) == after
    with pytest.raises(Conflict, match=r"licence\.renewal_not_asked"):
        licences.renew(hall, chief, found.no)


def test_a_refused_renewal_says_why_and_the_licence_ends_on_its_last_day(hall, now, dated):
    chief, found = dated
    asked(hall, now, chief, found)
    with pytest.raises(Invalid, match=r"licence\.remedy_missing"):
        licences.refuse_renewal(hall, chief, found.no, "不再具备条件", "第五十条", " ")
    licences.refuse_renewal(hall, chief, found.no, "不再具备条件", "第五十条", REMEDY)
    let_pass(hall, now, f"{found.valid_to + timedelta(days=1)}T09:00")
    assert licences.check(hall, found.no).state == "expired"
    licences.cancel(hall, chief, found.no, "有效期届满未延续", ART_70)
    assert licences.check(hall, found.no).state == "cancelled"


def test_a_licence_revoked_while_a_renewal_waits_is_not_renewed_by_silence(hall, now, dated):
    chief, found = dated
    asked(hall, now, chief, found)
    licences.revoke(hall, chief, found.no, "以欺骗手段取得", ART_69)
    let_pass(hall, now, f"{found.valid_to + timedelta(days=1)}T09:00")
    assert licences.licence(hall, found.no).valid_to == found.valid_to
    assert licences.check(hall, found.no).state == "revoked"


@pytest.mark.parametrize(
    "act",
    [
        lambda hall, by, no: licences.revoke(hall, by, no, "理由", ART_69),
        lambda hall, by, no: licences.cancel(hall, by, no, "理由", ART_70),
        lambda hall, by, no: licences.change(hall, by, no, {"domicile": "城南"}, WHY, ART_49),
    ],
    ids=["revoke", "cancel", "change"],
)
def test_who_may_not_decide_does_nothing_to_a_licence_and_the_try_is_kept(hall, clerk, case, act):
    before = cases.case(hall, clerk, case.id).licence
    with pytest.raises(Forbidden) as refused:
        act(hall, clerk, before.no)
    assert refused.value.code == "authority.refused"
    assert refused.value.params["row"].startswith("authority#")
    view = cases.case(hall, clerk, case.id)
    assert view.licence == before
    assert view.history[-1].kind == "ActRefused"
