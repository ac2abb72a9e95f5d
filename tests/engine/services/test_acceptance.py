"""Which outcome an application has: the table is asked about what is really there."""

import pytest

from engine.kernel.errors import Conflict
from engine.kernel.now import hall_moment
from engine.services import acceptance, intake
from engine.services.acceptance import Findings
from tests.engine.services.receiving import enter, lacking, required, tolerant_matter
from tests.story import application, walk_through_matter


def judged(hall, case, findings=None):
    with hall.reading() as unit:
        return acceptance.judge_case(hall, unit, case, findings or Findings())


@pytest.mark.parametrize(
    ("findings", "outcome", "row"),
    [
        pytest.param(Findings(), "accept", "acceptance-5", id="complete"),
        pytest.param(Findings(licence_needed=False), "no_licence", "acceptance-1", id="needless"),
        pytest.param(Findings(competent=False), "decline", "acceptance-2", id="not ours"),
        pytest.param(Findings(errors=("domicile",)), "correct", "acceptance-4", id="an error"),
        pytest.param(Findings(defects={1: "缺章"}), "supplement", "acceptance-7", id="a defect"),
    ],
)
def test_what_the_official_finds_decides(hall, clerk, findings, outcome, row):
    found = judged(hall, enter(hall, clerk, application(hall)), findings)
    assert (found.outcome, found.row) == (outcome, f"acceptance#{row}")
    assert found.decision.rows == (row,)


def test_only_tolerated_papers_missing_is_acceptance(hall, cast):
    matter, paper = tolerant_matter(hall)
    given = lacking(hall, matter, paper.no, state="tolerated")
    found = judged(hall, enter(hall, cast.clerk(matter.unit_no), given))
    assert (found.outcome, found.row, found.missing) == ("accept", "acceptance#acceptance-6", ())


@pytest.mark.parametrize(
    ("day", "days"),
    [
        ("2026-09-18T16:00", 0),
        ("2026-09-19T10:00", 0),
        ("2026-09-20T10:00", 1),
        ("2026-09-24T17:30", 5),
        ("2026-09-25T00:00", 6),
        ("2026-09-28T09:00", 6),
        ("2026-09-29T09:00", 7),
        ("2026-09-17T09:00", 0),
    ],
    ids=[
        "the day of receipt is not counted",
        "a free Saturday",
        "a worked Sunday",
        "the fifth day",
        "a holiday after the fifth day is over it",
        "the sixth day",
        "the seventh day",
        "a machine whose clock was put back",
    ],
)
def test_the_days_since_the_receipt_are_those_of_the_law(hall, now, clerk, day, days):
    now.move_to(hall_moment("2026-09-18T16:00"))
    case = enter(hall, clerk, application(hall))
    now.move_to(hall_moment(day))
    with hall.reading() as unit:
        assert acceptance.days_since_receipt(hall, unit, case) == days


def test_an_act_that_the_table_does_not_ask_for_is_refused_with_the_row(hall, clerk):
    matter = walk_through_matter(hall)
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    with pytest.raises(Conflict) as refused:
        acceptance.expect(judged(hall, case), acceptance.ACCEPT)
    assert refused.value.code == "intake.judged_otherwise"
    assert refused.value.params["row"] == "acceptance#acceptance-7"


def test_accepting_by_hand_after_the_fifth_day_is_what_the_law_did_already(hall, now, clerk):
    case = enter(hall, clerk, application(hall))
    now.advance(days=10)
    receipt = intake.accept(hall, clerk, case.id, case.rev)
    assert receipt.slip.row == "acceptance#acceptance-3"
    assert receipt.case.accepted_at == case.applied_at


def test_the_slip_of_an_acceptance_says_the_days_and_the_papers(hall, clerk):
    receipt = intake.receive(hall, clerk, application(hall))
    said = receipt.slip.content
    assert said["promised_due"] == receipt.case.promised_due
    assert [state for _, _, state in said["papers"]].count("received") == len(said["papers"])
    assert receipt.slip.delivered_at == receipt.slip.issued_at
