"""Surveys, holds and answers come back as they were stored."""

from dataclasses import replace
from datetime import date

import pytest

from engine.domain.joint import JointSurvey, Participant, SurveyState
from engine.domain.parallel import Hold, JointAnswer
from engine.kernel.errors import Missing
from engine.storage import joint
from tests.engine.storage.samples import EVENT, case_of, put

DAY = date(2015, 10, 29)


@pytest.fixture
def survey(office):
    made = JointSurvey(
        "s1", "case-1", SurveyState.PROPOSED, DAY, office.now(), "o1", True, "t#1", "第六条"
    )
    with office.unit() as unit:
        put(unit, case_of(office))
        joint.add_survey(unit, made)
        joint.add_participants(
            unit,
            [Participant("s1", 13, "case-1"), Participant("s1", 1, "case-1", date_task="t1")],
        )
    return made


def test_a_survey_is_found_by_case_unit_and_task(office, survey):
    with office.reading() as unit:
        assert joint.survey(unit, "s1") == survey == joint.open_survey(unit, "case-1")
        assert joint.surveys_of(unit, "case-1") == [survey]
        assert [one.unit_no for one in joint.participants_of(unit, "s1")] == [1, 13]
        assert joint.survey_by_task(unit, "t1") == "s1"
        assert joint.survey_by_task(unit, "nothing") is None
        ((found, one),) = joint.surveys_of_unit(unit, 1, DAY, DAY)
        assert (found, one.date_task) == (survey, "t1")
        assert joint.surveys_of_unit(unit, 1, date(2015, 10, 30), date(2015, 11, 30)) == []
        with pytest.raises(Missing, match=r"joint\.survey_unknown"):
            joint.survey(unit, "nothing")


def test_what_became_of_a_survey_is_stored(office, survey):
    held = replace(survey, state=SurveyState.HELD, record="相符", record_task="t9")
    with office.unit() as unit:
        joint.save_survey(unit, held)
        joint.save_participant(
            unit, Participant("s1", 1, "case-1", accepted=False, other_day=DAY, remark="无")
        )
        unit.record(EVENT)
    with office.unit() as unit:
        assert joint.survey(unit, "s1", lock=True) == held
        assert joint.open_survey(unit, "case-1") is None
        assert joint.survey_by_task(unit, "t9") == "s1"
        assert joint.participants_of(unit, "s1")[0].other_day == DAY


def test_a_case_is_held_until_it_is_released(office, survey):
    hold = Hold("h1", "case-1", "case-1", "survey", "s1", "t#1", office.now())
    with office.unit() as unit:
        joint.hold(unit, hold)
        unit.record(EVENT)
    with office.reading() as unit:
        assert joint.hold_of(unit, "case-1") == hold
        assert joint.holds_by(unit, "s1") == [hold]
    with office.unit() as unit:
        joint.release(unit, "h1")
        unit.record(EVENT)
    with office.reading() as unit:
        assert joint.hold_of(unit, "case-1") is None
        assert joint.holds_by(unit, "s1") == []


def test_an_answer_is_stored_with_its_opinions(office, survey):
    answer = JointAnswer(
        "case-1", "联审〔2015〕1号", "granted", {"opinions": []}, "digest", office.now(), "o1"
    )
    with office.unit() as unit:
        joint.add_answer(unit, answer)
        unit.record(EVENT)
    with office.reading() as unit:
        assert joint.answer_of(unit, "case-1") == answer
        assert joint.answer_of(unit, "case-2") is None


def test_a_case_that_is_nobodys_child_is_never_a_silent_part(office, survey):
    with office.reading() as unit:
        assert joint.parents_of_silent(unit, [1], date(2030, 1, 1)) == []
        assert joint.parents_of_silent(unit, [], date(2030, 1, 1)) == []
