"""Papers: those that may follow later (容缺), each with its own last day, and those brought."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_moment
from engine.services import cases, intake, papers
from engine.services.intake import MaterialHandedIn
from tests.engine.services.receiving import enter, lacking, required, tolerant_matter
from tests.story import application, walk_through_matter

RECEIVED = MaterialHandedIn("received")


@pytest.fixture
def tolerated(hall, cast):
    """Accept an application with a tolerated paper outstanding."""
    matter, paper = tolerant_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    given = lacking(hall, matter, paper.no, state="tolerated")
    return clerk, intake.receive(hall, clerk, given).case, paper


def row_of(hall, clerk, case, no):
    return next(row for row in cases.case(hall, clerk, case.id).materials if row.no == no)


def test_m_urg_3_a_tolerated_paper_has_its_own_last_day(hall, tolerated):
    clerk, case, paper = tolerated
    assert case.state is CaseState.ACCEPTED
    row = row_of(hall, clerk, case, paper.no)
    assert (row.state, row.tolerated_until) == ("tolerated", date(2015, 11, 9))
    (line,) = papers.tolerated(hall, clerk)
    assert (line.case_no, line.no, line.until, line.left) == (
        case.case_no,
        paper.no,
        date(2015, 11, 9),
        10,
    )


def test_m_urg_3_only_papers_of_the_matters_list_may_follow_later(hall, cast):
    matter, paper = tolerant_matter(hall)
    other = next(one for one in matter.materials if not one.tolerant)
    given = lacking(hall, matter, other.no, state="tolerated")
    with pytest.raises(Invalid) as refused:
        intake.receive(hall, cast.clerk(matter.unit_no), given)
    assert refused.value.code == "intake.not_tolerated"
    assert refused.value.params["name"] == other.name != paper.name


def test_a_tolerated_paper_that_follows_is_no_longer_waited_for(hall, now, tolerated):
    clerk, case, paper = tolerated
    now.move_to(hall_moment("2015-11-09T17:00"))
    papers.bring_paper(hall, clerk, case.id, paper.no, case.rev)
    row = row_of(hall, clerk, case, paper.no)
    assert (row.state, row.brought_at) == ("received", now())
    assert papers.tolerated(hall, clerk) == []
    assert cases.case(hall, clerk, case.id).history[-1].params["late"] is False


def test_a_late_paper_is_taken_and_told_and_the_overdue_ones_come_first(hall, now, tolerated):
    clerk, case, paper = tolerated
    now.move_to(hall_moment("2015-10-28T09:00"))
    matter, _ = tolerant_matter(hall)
    intake.receive(hall, clerk, lacking(hall, matter, paper.no, state="tolerated"))
    now.move_to(hall_moment("2015-11-10T09:00"))
    lines = papers.tolerated(hall, clerk)
    assert [(line.case_no == case.case_no, line.left) for line in lines] == [(True, -1), (False, 1)]
    papers.bring_paper(hall, clerk, case.id, paper.no, case.rev)
    assert cases.case(hall, clerk, case.id).history[-1].params["late"] is True


@pytest.mark.parametrize("no", [0, 1000], ids=["no such paper", "no such number"])
def test_only_an_awaited_paper_is_brought_later(hall, tolerated, no):
    clerk, case, paper = tolerated
    with pytest.raises(Invalid, match=r"intake\.not_awaited"):
        papers.bring_paper(hall, clerk, case.id, no, case.rev)
    brought = papers.bring_paper(hall, clerk, case.id, paper.no, case.rev)
    with pytest.raises(Invalid, match=r"intake\.not_awaited"):
        papers.bring_paper(hall, clerk, case.id, paper.no, brought.rev)


def test_another_unit_and_a_stale_page_bring_nothing(hall, cast, tolerated):
    clerk, case, paper = tolerated
    other = cast.clerk(1 if clerk.unit_no != 1 else 2)
    with pytest.raises(Forbidden):
        papers.bring_paper(hall, other, case.id, paper.no, case.rev)
    with pytest.raises(Conflict, match=r"case\.changed"):
        papers.bring_paper(hall, clerk, case.id, paper.no, case.rev - 1)
    assert papers.tolerated(hall, other) == []
    assert papers.tolerated(hall, replace(other, unit_no=None)) == []


def test_a_supplemented_application_is_accepted(hall, cast):
    matter = walk_through_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    gaps = required(matter)[:2]
    case = enter(hall, clerk, lacking(hall, matter, *gaps))
    half = papers.supplement(hall, clerk, case.id, {gaps[0]: RECEIVED}, case.rev)
    with pytest.raises(Invalid, match=r"intake\.materials_missing"):
        intake.accept(hall, clerk, case.id, half.rev)
    whole = papers.supplement(hall, clerk, case.id, {gaps[1]: RECEIVED}, half.rev)
    assert intake.accept(hall, clerk, case.id, whole.rev).case.state is CaseState.ACCEPTED
    told = [line for line in cases.case(hall, clerk, case.id).history if "Suppl" in line.kind]
    assert [line.params["materials"] for line in told] == [{str(gap): "received"} for gap in gaps]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        pytest.param({}, "intake.nothing_brought", id="nothing"),
        pytest.param({99: RECEIVED}, "intake.material_unknown", id="no such paper"),
        pytest.param({1: MaterialHandedIn("eaten")}, "intake.material_state", id="no such state"),
        pytest.param({1: MaterialHandedIn("tolerated")}, "intake.not_tolerated", id="not later"),
    ],
)
def test_a_wrong_supplement_changes_nothing(hall, cast, given, code):
    matter = walk_through_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    case = enter(hall, clerk, lacking(hall, matter, 1))
    with pytest.raises(Invalid) as refused:
        papers.supplement(hall, clerk, case.id, given, case.rev)
    assert refused.value.code == code
    assert row_of(hall, clerk, case, 1).state == "missing"


def test_after_the_acceptance_nothing_is_supplemented(hall, cast):
    clerk = cast.clerk(walk_through_matter(hall).unit_no)
    case = intake.receive(hall, clerk, application(hall)).case
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        papers.supplement(hall, clerk, case.id, {1: RECEIVED}, case.rev)
