"""A case as its page shows it."""

import pytest

from engine.demo.carry import carry
from engine.demo.story import ANSWERS
from engine.kernel.errors import Forbidden, Missing
from engine.services import cases
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


def test_the_life_of_a_case_is_told_in_order(hall, clerk, case):
    view = cases.case(hall, clerk, case.id)
    kinds = [line.kind for line in view.history]
    assert kinds == [
        "Applied",
        "DecisionMade",
        "Accepted",
        "SlipIssued",
        "TaskOpened",
        "DecisionMade",
        "TaskCompleted",
        "TaskOpened",
        "DecisionMade",
        "TaskCompleted",
        "Decided",
        "LicenceIssued",
        "SealUsed",
    ]
    assert [line.seq for line in view.history] == list(range(1, 14))
    assert view.history[0].by_name == clerk.name


@pytest.mark.parametrize("post", ["clerk", "chief", "reviewer", "head"])
def test_the_number_of_a_person_is_shown_whole_to_nobody(hall, cast, matter, case, post):
    shown = cases.case(hall, cast.holder(matter.unit_no, post), case.id).applicant
    assert "*" in shown.id_number
    assert "19491231" not in shown.id_number


def test_the_phone_is_for_those_who_call_the_applicant(hall, cast, matter, clerk, case):
    assert "*" not in cases.case(hall, clerk, case.id).applicant.phone
    head = cast.holder(matter.unit_no, "head")
    assert "*" in cases.case(hall, head, case.id).applicant.phone


def test_both_clocks_are_met_on_the_first_day(hall, clerk, case):
    view = cases.case(hall, clerk, case.id)
    assert {row.kind for row in view.clocks} >= {"promised", "statutory"}
    running = [row.kind for row in view.clocks if row.left is not None]
    assert running == ["delivery"], "a decided case has only to be delivered"


def test_the_diagram_knows_what_is_done(hall, clerk, case):
    view = cases.case(hall, clerk, case.id)
    assert set(view.done_steps) == {"review", "approve"}
    assert view.open_steps == []
    assert b"<bpmn" in view.diagram or b"definitions" in view.diagram


def decision_on_authority(hall, clerk, case):
    decisions = cases.case(hall, clerk, case.id).decisions
    return next(line for line in decisions if line.table == "authority")


def test_a_decision_is_explained_row_by_row(hall, clerk, case):
    line = decision_on_authority(hall, clerk, case)
    told = cases.explain(hall, clerk, line.id)
    assert told["same"] is True
    assert told["version"] == line.version
    rows = told["trace"]
    assert [row["row"] for row in rows if row["matched"]] == list(line.rows)
    assert all(row["failed"] for row in rows if not row["matched"])


def test_a_case_is_closed_to_other_units(hall, cast, case):
    with pytest.raises(Forbidden) as refused:
        cases.case(hall, cast.clerk(1), case.id)
    assert refused.value.code == "case.other_unit"


def test_a_decision_is_closed_to_other_units(hall, cast, clerk, case):
    line = decision_on_authority(hall, clerk, case)
    with pytest.raises(Forbidden):
        cases.explain(hall, cast.clerk(1), line.id)


def test_the_auditor_reads_every_case(hall, cast, case):
    auditor = cast.holder(None, "auditor")
    assert cases.case(hall, auditor, case.id).case.id == case.id
    assert cases.find(hall, auditor, case.case_no).total == 1


def test_a_search_stays_within_the_unit(hall, cast, clerk, case):
    assert cases.find(hall, clerk, case.case_no).total == 1
    assert cases.find(hall, cast.clerk(1), case.case_no).total == 0


def test_what_is_not_there_is_missing(hall, clerk):
    with pytest.raises(Missing):
        cases.case(hall, clerk, "0" * 26)
    with pytest.raises(Missing):
        cases.explain(hall, clerk, "0" * 26)
