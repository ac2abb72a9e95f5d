"""Results handed out and checked."""

from dataclasses import replace

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.domain.case import CaseState
from engine.domain.codes import check_uscc
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.services import cases, licences
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
