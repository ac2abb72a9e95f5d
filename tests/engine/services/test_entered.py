"""What may be done with an application that was entered, as the table of acceptance judges it."""

from dataclasses import replace
from datetime import date

import pytest

from engine.kernel.errors import Forbidden, Missing
from engine.services import catalogue, intake, notices, papers
from engine.services.entered import entered
from engine.services.intake import MaterialHandedIn
from tests.engine.services.receiving import enter, lacking, let_pass, required, tolerant_matter
from tests.story import application, walk_through_matter

FOOD = 377  # a matter of another unit


@pytest.fixture
def matter(hall):
    return walk_through_matter(hall)


def test_a_whole_application_may_be_accepted_and_every_outcome_has_its_row(hall, clerk):
    case = enter(hall, clerk, application(hall))
    choices = entered(hall, clerk, case.id).choices
    assert (choices.accepts, choices.in_time) == (True, True)
    assert (choices.corrects, choices.declines, choices.needs_none) == (True, True, True)
    assert choices.as_it_is.row == "acceptance#acceptance-5"
    assert choices.correct.row == "acceptance#acceptance-4"
    assert choices.decline.row == "acceptance#acceptance-2"
    assert choices.no_licence.row == "acceptance#acceptance-1"
    assert choices.due == date(2015, 11, 2)


def test_what_lacks_a_paper_is_not_accepted_until_it_is_brought(hall, clerk, matter):
    gap = required(matter)[0]
    case = enter(hall, clerk, lacking(hall, matter, gap))
    choices = entered(hall, clerk, case.id).choices
    assert not choices.accepts
    assert len(choices.as_it_is.missing) == 1
    papers.supplement(hall, clerk, case.id, {gap: MaterialHandedIn("received")}, case.rev)
    assert entered(hall, clerk, case.id).choices.accepts


def test_after_the_limit_of_the_notice_it_is_accepted_by_law(hall, clerk, matter, now):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    now.move_to(now().replace(month=11, day=3))
    choices = entered(hall, clerk, case.id).choices
    assert (choices.accepts, choices.in_time, choices.corrects) == (True, False, False)


def test_papers_that_the_situation_adds_are_offered_until_they_are_noted(hall, clerk):
    applicant = replace(application(hall).applicant, agent="王代办")
    case = enter(hall, clerk, application(hall, applicant=applicant))
    (extra, *_) = entered(hall, clerk, case.id).choices.extras
    notices.issue(hall, clerk, case.id, {extra.no: "未提交"}, "window", case.rev)
    found = entered(hall, clerk, case.id)
    assert extra.name not in {one.name for one in found.choices.extras}
    assert extra.name in {row.name for row in found.papers}


def test_an_accepted_case_has_no_choices_and_awaits_its_tolerated_papers(hall, cast):
    matter, paper = tolerant_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    given = lacking(hall, matter, paper.no, state="tolerated")
    waiting = enter(hall, clerk, given)
    assert entered(hall, clerk, waiting.id).awaited == []
    accepted = intake.receive(hall, clerk, given).case
    found = entered(hall, clerk, accepted.id)
    assert found.choices is None
    assert [row.no for row in found.awaited] == [paper.no]


def test_what_the_worker_accepted_has_no_choices(hall, clerk, matter, now):
    case = enter(hall, clerk, lacking(hall, matter, required(matter)[0]))
    let_pass(hall, now, "2015-11-03T09:00")
    assert entered(hall, clerk, case.id).choices is None


def test_another_unit_is_refused_and_an_unknown_case_missing(hall, cast, clerk):
    case = enter(hall, clerk, application(hall))
    with pytest.raises(Forbidden) as refused:
        entered(hall, cast.clerk(catalogue.matter(hall, FOOD).unit_no), case.id)
    assert refused.value.code == "intake.other_unit"
    with pytest.raises(Missing):
        entered(hall, clerk, "none")
