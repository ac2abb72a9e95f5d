"""Joint surveys: one visit, a day that all accept, a record that all sign, clocks at once."""

from datetime import date

import pytest

from engine.domain.case import CaseState, Purpose
from engine.domain.joint import SurveyState
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.services import audit, cases, clocks, endings, joint, work
from engine.storage import clocks as stored_clocks
from tests.joint import children, do, give, open_matter, open_tasks, stands, sweep
from tests.story import answers

SITING, KEY_PROJECT = "联合选址", "重点工程审批代理"
DAY = date(2015, 10, 29)
FINDINGS = {"survey_findings": "现场与申请材料一致，道路红线以内没有建筑物。"}


@pytest.fixture
def hall(hall):
    hall.store.debug = True
    return hall


@pytest.fixture
def lead(hall, cast):
    return lambda parent: cast.holder(parent.unit_no, "chief")


@pytest.fixture
def propose(hall, lead):
    """Propose a survey in a joint matter to units."""

    def propose(parent, unit_nos, day=DAY, by=None):
        seen = stands(hall, parent.id).rev
        return joint.survey(hall, by or lead(parent), parent.id, unit_nos, day, seen).survey

    return propose


@pytest.fixture
def fixed(hall, cast, propose):
    """Bring a survey of three units so far that all come."""

    def fixed(name=SITING, units=(1, 13, 14)):
        parent = open_matter(hall, cast, name)
        survey = propose(parent, units)
        for unit_no in units:
            if unit_no != parent.unit_no:
                answer(hall, cast, parent, unit_no)
        sweep(hall)
        return parent, survey

    return fixed


def answer(hall, cast, parent, unit_no, day=None):
    wanted = {"date_outcome": "accept"}
    if day is not None:
        wanted = {"date_outcome": "other", "other_day": day, "other_reason": "已有安排"}
    case = children(hall, parent)[unit_no]
    return do(hall, cast, case.id, wanted, purpose="date")


def sign(hall, cast, parent, unit_no):
    case = children(hall, parent)[unit_no]
    return do(hall, cast, case.id, {"survey_signed": True}, purpose="survey")


def page(hall, lead, parent, survey):
    return joint.page(hall, lead(parent), survey.id)


def kinds(hall, by, case):
    return [line.kind for line in cases.case(hall, by, case.id).history]


def test_m_joint_2_the_day_is_in_every_calendar_and_a_declining_unit_names_another(
    hall, cast, propose, lead
):
    parent = open_matter(hall, cast, SITING)
    survey = propose(parent, (1, 13, 14))
    for unit_no in (1, 13, 14):
        (line,) = joint.calendar(hall, cast.clerk(unit_no), DAY, DAY)
        assert (line.survey_id, line.day, line.accepted) == (survey.id, DAY, None)
        (task,) = [
            one
            for one in open_tasks(hall, children(hall, parent)[unit_no].id)
            if one.purpose is Purpose.DATE
        ]
        assert task.due_on == date(2015, 10, 28), "two working days"
    assert joint.calendar(hall, cast.clerk(3), DAY, DAY) == []
    assert joint.calendar(hall, SYSTEM, DAY, DAY) == []
    answer(hall, cast, parent, 1)
    answer(hall, cast, parent, 13, date(2015, 11, 2))
    assert page(hall, lead, parent, survey).survey.state is SurveyState.PROPOSED
    answer(hall, cast, parent, 14)
    assert page(hall, lead, parent, survey).survey.state is SurveyState.COUNTERED
    seen = stands(hall, parent.id).rev
    again = joint.repropose(hall, lead(parent), survey.id, date(2015, 11, 2), seen)
    accepted = {one.unit_no: one.accepted for one in again.participants}
    assert accepted == {1: None, 13: True, 14: None}, "who named the day need not answer again"
    for unit_no in (1, 14):
        answer(hall, cast, parent, unit_no)
    assert page(hall, lead, parent, survey).survey.state is SurveyState.FIXED


@pytest.mark.parametrize(
    "other",
    [
        pytest.param(DAY, id="the very day"),
        pytest.param(date(2015, 10, 26), id="today"),
        pytest.param(date(2015, 10, 31), id="a Saturday"),
    ],
)
def test_who_does_not_come_names_a_working_day_to_come(hall, cast, propose, other):
    parent = open_matter(hall, cast, SITING)
    propose(parent, (1, 13))
    with pytest.raises(Invalid, match=r"joint\.other_day"):
        answer(hall, cast, parent, 13, other)


def test_a_day_that_is_over_cannot_be_accepted(hall, cast, propose, now):
    parent = open_matter(hall, cast, SITING)
    propose(parent, (1, 13))
    now.move_to(hall_moment("2015-10-30T09:00"))
    with pytest.raises(Invalid, match=r"joint\.day_passed"):
        answer(hall, cast, parent, 13)
    answer(hall, cast, parent, 13, date(2015, 11, 3))


def test_m_key_1_one_survey_of_all_units_stops_and_starts_their_clocks_together(
    hall, cast, fixed, lead, now
):
    units = (13, 14, 15, 16, 8, 32)
    parent, survey = fixed(KEY_PROJECT, units)
    before = {no: child.promised_due for no, child in children(hall, parent).items()}
    with hall.reading() as unit:
        stops = {no: clocks.suspended(unit, c.id) for no, c in children(hall, parent).items()}
        assert clocks.suspended(unit, parent.id).source_id == survey.id
    assert {(stop.started_on, stop.source_id) for stop in stops.values()} == {
        (date(2015, 10, 26), survey.id)
    }
    assert {stop.legal_basis for stop in stops.values()} == {
        "《雁城市重点工程联合踏勘办法（演示）》第六条"
    }
    (record,) = [one for one in open_tasks(hall, parent.id) if one.purpose is Purpose.SURVEY]
    assert record.holder_id == lead(parent).id
    (task,) = [t for t in open_tasks(hall, children(hall, parent)[14].id) if t.form]
    assert work.task(hall, cast.for_task(task), task.id).verdict.because == "joint.survey"
    now.move_to(hall_moment("2015-10-30T09:00"))
    do(hall, cast, parent.id, FINDINGS, purpose="survey")
    for unit_no in units[:-1]:
        sign(hall, cast, parent, unit_no)
        sweep(hall)
        with hall.reading() as unit:
            assert clocks.suspended(unit, children(hall, parent)[unit_no].id)
    sign(hall, cast, parent, units[-1])
    sweep(hall)
    found = page(hall, lead, parent, survey).survey
    assert (found.state, found.record) == (SurveyState.HELD, FINDINGS["survey_findings"])
    with hall.reading() as unit:
        for child in children(hall, parent).values():
            assert clocks.suspended(unit, child.id) is None
        assert clocks.suspended(unit, parent.id) is None
    after = {no: child.promised_due for no, child in children(hall, parent).items()}
    assert len(set(after.values())) == 1
    assert all(after[no] >= before[no] for no in before)
    give(hall, cast, parent, 14)
    assert audit.verify_trail(hall).intact


def test_without_a_special_law_the_clocks_run_and_the_steps_still_wait(hall, cast, fixed, lead):
    parent, survey = fixed()
    found = page(hall, lead, parent, survey).survey
    assert (found.stops_clocks, found.row) == (False, "special_procedure#special_procedure-8")
    child = children(hall, parent)[13]
    with hall.reading() as unit:
        assert clocks.suspended(unit, child.id) is None
    (task,) = open_tasks(hall, child.id)
    official = cast.for_task(task)
    with pytest.raises(Forbidden, match=r"authority\.refused"):
        work.complete_task(
            hall, official, task.id, answers(hall, task, opinion_outcome="agree"), child.rev
        )
    do(hall, cast, parent.id, FINDINGS, purpose="survey")
    for unit_no in (1, 13, 14):
        sign(hall, cast, parent, unit_no)
    sweep(hall)
    give(hall, cast, parent, 13)
    history = kinds(hall, lead(parent), child)
    assert history.count("CaseHeld") == history.count("CaseReleased") == 1


def test_the_lead_that_takes_part_accepts_by_proposing_and_signs_by_writing(
    hall, cast, fixed, lead
):
    parent, survey = fixed(units=(1, 16))
    do(hall, cast, parent.id, FINDINGS, purpose="survey")
    sign(hall, cast, parent, 1)
    sweep(hall)
    found = page(hall, lead, parent, survey)
    assert found.survey.state is SurveyState.HELD
    assert {one.unit_no: one.signed_by for one in found.participants}[16] == lead(parent).id


@pytest.mark.parametrize(
    ("units", "code"),
    [
        pytest.param((), "joint.no_units", id="nobody"),
        pytest.param((1, 13, 1), "joint.unit_twice", id="a unit twice"),
        pytest.param((1, 3), "joint.unit_unknown", id="a unit that takes no part"),
    ],
)
def test_units_that_cannot_be_are_refused(hall, cast, propose, units, code):
    parent = open_matter(hall, cast, SITING)
    with pytest.raises(Invalid, match=code.replace(".", r"\.")):
        propose(parent, units)


@pytest.mark.parametrize(
    "day",
    [
        pytest.param(date(2015, 10, 26), id="today"),
        pytest.param(date(2015, 10, 23), id="gone"),
        pytest.param(date(2015, 10, 31), id="a Saturday"),
    ],
)
def test_a_day_that_cannot_be_is_refused(hall, cast, propose, day):
    parent = open_matter(hall, cast, SITING)
    with pytest.raises(Invalid, match=r"joint\.day"):
        propose(parent, (1,), day)


def test_only_the_power_to_lead_joint_matters_proposes(hall, cast, propose, lead):
    parent = open_matter(hall, cast, SITING)
    for stranger in (cast.holder(13, "chief"), cast.clerk(parent.unit_no)):
        with pytest.raises(Forbidden, match=r"authority\.refused"):
            propose(parent, (1,), by=stranger)
    assert kinds(hall, lead(parent), parent).count("ActRefused") == 2
    with pytest.raises(Conflict, match=r"case\.changed"):
        joint.survey(hall, lead(parent), parent.id, (1,), DAY, 99)


def test_there_is_one_survey_at_a_time_and_it_is_the_parents(hall, cast, propose, lead):
    parent = open_matter(hall, cast, SITING)
    survey = propose(parent, (1, 13))
    with pytest.raises(Conflict, match=r"joint\.survey_open"):
        propose(parent, (14,))
    child = children(hall, parent)[1]
    with pytest.raises(Conflict, match=r"joint\.not_parent"):
        joint.survey(hall, cast.holder(1, "chief"), child.id, (1,), DAY, child.rev)
    seen = stands(hall, parent.id).rev
    with pytest.raises(Conflict, match=r"joint\.not_countered"):
        joint.repropose(hall, lead(parent), survey.id, DAY, seen)
    with pytest.raises(Missing, match=r"joint\.survey_unknown"):
        joint.page(hall, lead(parent), "nowhere")
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        joint.page(hall, cast.clerk(3), survey.id)


def test_a_withdrawal_in_the_middle_calls_the_survey_off_for_all(hall, cast, fixed, lead):
    parent, survey = fixed(KEY_PROJECT, (13, 14, 8))
    clerk = cast.clerk(parent.unit_no)
    endings.withdraw(hall, clerk, parent.id, "不建了", stands(hall, parent.id).rev)
    sweep(hall)
    assert page(hall, lead, parent, survey).survey.state is SurveyState.CALLED_OFF
    assert {child.state for child in children(hall, parent).values()} == {CaseState.ENDED}
    for case in (parent, *children(hall, parent).values()):
        assert open_tasks(hall, case.id) == []
        with hall.reading() as unit:
            assert all(clock.closed_at for clock in stored_clocks.clocks_of(unit, case.id))
    assert audit.verify_trail(hall).intact


def test_a_survey_called_off_lets_all_go_on(hall, cast, fixed, lead):
    parent, survey = fixed(KEY_PROJECT, (13, 14))
    with pytest.raises(Invalid, match=r"joint\.reason_missing"):
        joint.call_off(hall, lead(parent), survey.id, " ", 0)
    seen = stands(hall, parent.id).rev
    found = joint.call_off(hall, lead(parent), survey.id, "大雨", seen)
    assert found.survey.state is SurveyState.CALLED_OFF
    with hall.reading() as unit:
        assert clocks.suspended(unit, children(hall, parent)[13].id) is None
    give(hall, cast, parent, 13)
    with pytest.raises(Conflict, match=r"joint\.survey_over"):
        joint.call_off(hall, lead(parent), survey.id, "大雨", stands(hall, parent.id).rev)


def test_a_unit_whose_part_ended_leaves_the_survey_to_the_others(hall, cast, propose, lead):
    parent = open_matter(hall, cast, KEY_PROJECT)
    survey = propose(parent, (13, 14))
    answer(hall, cast, parent, 13)
    give(hall, cast, parent, 14, "disagree")
    found = page(hall, lead, parent, survey)
    assert found.survey.state is SurveyState.FIXED
    assert [one.left_at is None for one in found.participants] == [True, False]
    assert open_tasks(hall, children(hall, parent)[14].id) == []


def test_a_survey_without_units_is_over(hall, cast, propose, lead):
    parent = open_matter(hall, cast, KEY_PROJECT)
    survey = propose(parent, (14,))
    give(hall, cast, parent, 14)
    assert page(hall, lead, parent, survey).survey.state is SurveyState.CALLED_OFF


def test_the_jobs_of_a_survey_do_their_work_once(hall, cast, fixed, lead):
    parent, survey = fixed(KEY_PROJECT, (13, 14))
    for _ in range(2):
        with hall.unit(SYSTEM) as unit:
            joint.fix(hall, unit, survey.id)
            joint.close(hall, unit, survey.id)
    history = kinds(hall, lead(parent), parent)
    assert (history.count("SurveyFixed"), history.count("SurveyHeld")) == (1, 0)
