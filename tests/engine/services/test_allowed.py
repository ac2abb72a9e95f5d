"""What may be done beside the steps: the answer read before is the answer of the deed."""

import pytest

from engine.domain.seal import document
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.kernel.now import hall_moment
from engine.services import allowed, cases, endings, extensions, seals, sign_in, urgent, work
from engine.services import special_procedures as procedures
from engine.services.allowed import EXTEND, ORGANISE, SEAL, URGENT, WITHDRAW
from tests.story import answers

LAW = "《中华人民共和国行政许可法》第四十五条"
NAMES = (ORGANISE, EXTEND, URGENT, SEAL, WITHDRAW)


@pytest.fixture
def case(receipt):
    return receipt.case


@pytest.fixture
def decided(hall, chief, reviewed):
    task = reviewed.opened[0]
    return work.complete_task(hall, chief, task.id, answers(hall, task), reviewed.case.rev).case


def may(hall, by, case):
    return {line.name for line in allowed.of_case(hall, by, case.id).acts if line.allowed}


def stands(hall, case):
    with hall.reading() as unit:
        return cases.cases.case(unit, case.id)


def hindered(hall, by, case, name):
    """Return the code of what stands in the way of an act, None for nothing."""
    hindrance = allowed.of_case(hall, by, case.id).act(name).hindrance
    return hindrance.code if hindrance else None


def do(hall, by, case, name):
    """Do an act; return None, or the error that refused it."""
    rev, paper = stands(hall, case).rev, document("决定书", b"x")
    sure = sign_in.confirm_as(hall, by.account)
    deeds = {
        ORGANISE: lambda: procedures.start(hall, by, case.id, "hearing", 5, LAW, ["head26"], rev),
        EXTEND: lambda: extensions.extend(hall, by, case.id, "等批复", rev),
        URGENT: lambda: urgent.use(hall, by, case.id, "shorten", "当日投用", rev),
        SEAL: lambda: seals.use(hall, by, case.id, paper, sure, rev, "再次"),
        WITHDRAW: lambda: endings.withdraw(hall, by, case.id, "改变计划", rev),
    }
    try:
        deeds[name]()
    except HallError as error:
        return error
    return None


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("post", ["clerk", "reviewer", "chief", "head"])
def test_what_is_said_before_is_what_the_deed_answers(hall, cast, unit_no, case, post, name):
    by = cast.holder(unit_no, post)
    line = allowed.of_case(hall, by, case.id).act(name)
    error = do(hall, by, case, name)
    assert line.allowed is (error is None)
    if error is not None and not line.verdict.allowed and isinstance(error, Forbidden):
        assert error.params["verdict"].because == line.verdict.because


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("post", ["clerk", "chief", "head"])
def test_what_is_said_of_a_decided_case_is_what_the_deed_answers(
    hall, cast, unit_no, decided, post, name
):
    by = cast.holder(unit_no, post)
    line = allowed.of_case(hall, by, decided.id).act(name)
    assert line.allowed is (do(hall, by, decided, name) is None)


def test_asking_writes_nothing(hall, clerk, case):
    before = len(cases.case(hall, clerk, case.id).history)
    allowed.of_case(hall, clerk, case.id)
    assert stands(hall, case).rev == case.rev
    assert len(cases.case(hall, clerk, case.id).history) == before


def test_a_refused_act_has_its_row(hall, clerk, case):
    verdict = allowed.of_case(hall, clerk, case.id).act(EXTEND).verdict
    assert (verdict.because, verdict.row[:10]) == ("power.post", "authority#")


def test_an_allowed_act_has_its_mandate(hall, chief, case):
    assert allowed.of_case(hall, chief, case.id).act(URGENT).mandate_no.startswith("雁政授")


def test_a_limit_is_extended_once_and_not_after_its_day(hall, head, case, now):
    assert allowed.of_case(hall, head, case.id).extension_days == 10
    assert hindered(hall, head, case, EXTEND) is None
    now.move_to(hall_moment("2016-06-01T10:00"))
    assert hindered(hall, head, case, EXTEND) == "clock.passed"
    now.move_to(hall_moment("2015-10-26T10:00"))
    extensions.extend(hall, head, case.id, "等批复", case.rev)
    assert hindered(hall, head, case, EXTEND) == "clock.extended"


def test_a_kind_that_runs_is_not_offered_again(hall, cast, unit_no, chief, case):
    offered = {line.kind: line for line in allowed.of_case(hall, chief, case.id).kinds}
    assert offered["inspection"].stops_clock
    assert not offered["survey"].stops_clock
    assert (offered["inspection"].people_needed, offered["hearing"].people_needed) == (2, 1)
    two = [cast.holder(unit_no, post).account for post in ("clerk", "reviewer")]
    started = procedures.start(hall, chief, case.id, "inspection", 5, LAW, two, case.rev)
    beside = allowed.of_case(hall, chief, case.id)
    assert "inspection" not in {line.kind for line in beside.kinds}
    assert beside.procedures == (started.procedure,)
    child = allowed.of_case(hall, chief, started.procedure.child_id)
    assert child.act(ORGANISE).hindrance.code in ("procedure.nested", "case.not_in_state")
    assert child.act(WITHDRAW).hindrance.code == "ending.child"


def test_those_who_may_take_part_are_of_the_unit_and_still_there(hall, clerk, chief, case):
    people = allowed.of_case(hall, chief, case.id).people
    assert {one.unit_no for one in people} == {case.unit_no}
    assert clerk in people
    assert allowed.of_case(hall, clerk, case.id).people == ()


def test_the_seal_is_for_documents_of_the_decision_only(hall, chief, decided):
    beside = allowed.of_case(hall, chief, decided.id)
    assert [one.name for one in beside.documents] == [
        "准予行政许可决定书",
        beside.view.licence.no,
    ]
    assert beside.sealed
    digest, sure = beside.documents[0].digest, sign_in.confirm_as(hall, chief.account)
    with pytest.raises(Invalid, match=r"seal\.document"):
        allowed.seal(hall, chief, decided.id, "sm3:00", sure, decided.rev, "再次")
    used = allowed.seal(hall, chief, decided.id, digest, sure, decided.rev, "加盖决定书")
    assert (used.document, used.digest) == ("准予行政许可决定书", digest)
    assert allowed.of_case(hall, chief, decided.id).documents == beside.documents


def test_nothing_is_sealed_before_the_decision(hall, chief, case):
    sure = sign_in.confirm_as(hall, chief.account)
    with pytest.raises(Conflict, match=r"seal\.no_decision"):
        allowed.seal(hall, chief, case.id, "x", sure, case.rev, None)


def test_a_withdrawn_case_allows_nothing(hall, clerk, chief, head, case):
    endings.withdraw(hall, clerk, case.id, "改变计划", case.rev)
    assert [may(hall, by, case) for by in (clerk, chief, head)] == [set(), set(), set()]


def test_a_stranger_is_told_nothing(hall, cast, case):
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        allowed.of_case(hall, cast.seated("clerk", 54), case.id)
