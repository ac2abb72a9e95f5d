"""Special procedures: who may start them, what they do to the clocks, how they end."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import cast_of
from engine.domain.case import CaseState, TaskState
from engine.domain.events.cases import TaskReleased
from engine.domain.people import SYSTEM
from engine.domain.special_procedure import KINDS
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_moment
from engine.processes.definition import read_definition
from engine.services import assignment, catalogue, clocks, endings, intake, warnings, work
from engine.services import special_procedures as procedures
from engine.storage import audit, cards, cases, notices
from engine.storage import clocks as stored_clocks
from engine.storage.special_procedures import running
from engine.worker.loop import run_once
from engine.worker.tasks import HANDLERS
from tests.story import answers, application

FOOD, LAND = 377, 165
SURVEY = Path(__file__).parents[3] / "bpmn/parts/survey.bpmn"
LAW = "《中华人民共和国食品安全法》第三十五条"


def sweep(hall):
    while run_once(hall, HANDLERS):
        pass


def told(hall, case, kind):
    with hall.reading() as unit:
        return [e.body for e in audit.events_of(unit, f"case:{case.id}") if e.kind == kind]


def stands(hall, case):
    with hall.reading() as unit:
        return cases.case(unit, case.id)


def tasks(hall, case_id, step=None):
    with hall.reading() as unit:
        return [task for task in cases.tasks_of(unit, case_id) if step in (None, task.step)]


def dues(case):
    return case.promised_due.isoformat(), case.statutory_due.isoformat()


@pytest.fixture
def received(hall, cast):
    def receive(matter_no=FOOD):
        matter = catalogue.matter(hall, matter_no)
        return intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case

    return receive


@pytest.fixture
def case(received):
    return received()


@pytest.fixture
def chief(cast, case):
    return cast.holder(case.unit_no, "chief")


@pytest.fixture
def two(cast, case):
    """Two officials of the unit who hold the power to review."""
    unit = case.unit_no
    return cast.holder(unit, "clerk"), cast.holder(unit, "reviewer")


@pytest.fixture
def begin(hall, chief, case, two):
    def begin(kind, days=5, by=chief, of=case, team=two, law=LAW, seen=None):
        accounts = [person.account for person in team]
        seen = stands(hall, of).rev if seen is None else seen
        return procedures.start(hall, by, of.id, kind, days, law, accounts, seen)

    return begin


def sign(hall, person, task, **wanted):
    rev = stands_rev(hall, task.case_id)
    return work.complete_task(hall, person, task.id, answers(hall, task, **wanted), rev)


def his(hall, started, person):
    """Return the one task that was opened for a person to sign."""
    opened = tasks(hall, started.procedure.child_id, "sign")
    (task,) = [task for task in opened if task.holder_id == person.id]
    return task


def stands_rev(hall, case_id):
    with hall.reading() as unit:
        return cases.case(unit, case_id).rev


# M-SPEC-1


def test_m_spec_1_an_inspection_stops_both_clocks_and_its_end_recomputes_them(
    hall, now, case, chief, two, begin
):
    assert dues(case) == ("2015-11-09", "2015-11-23")
    now.move_to(hall_moment("2015-10-28T10:00"))
    started = begin("inspection")
    assert started.procedure.announced_until == date(2015, 11, 4)
    assert dues(started.case) == ("2015-11-17", "2015-12-01")
    with hall.reading() as unit:
        (slip,) = (s for s in notices.slips_of(unit, case.id) if s.kind == "special_procedure")
        assert clocks.suspended(unit, case.id).kind == "inspection"
    assert slip.no == started.procedure.notice_no
    assert (slip.content["days"], slip.content["until"]) == (5, "2015-11-04")
    assert slip.content["stops_clock"]
    assert "第四十五条" in slip.content["clock_law"]
    (event,) = told(hall, case, "SpecialProcedureStarted")
    assert event["row"] == "special_procedure#special_procedure-4"
    assert event["mandate_no"]
    now.move_to(hall_moment("2015-11-03T10:00"))
    for person in two:
        sign(hall, person, his(hall, started, person))
    sweep(hall)
    after = stands(hall, case)
    assert dues(after) == ("2015-11-13", "2015-11-27")
    (ended,) = told(hall, case, "SpecialProcedureEnded")
    assert (ended["ending"], ended["over"]) == ("done", 0)
    assert set(ended["signed"]) == {person.id for person in two}
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id) is None
    assert [one.result for one in procedures.of_case(hall, chief, case.id)] == ["done"]


def test_the_child_of_a_procedure_has_the_days_of_its_parent(hall, case, chief, begin):
    started = begin("inspection", days=5)
    child = stands_child(hall, started)
    assert dues(child) == dues(started.case)
    longer = procedures.reannounce(
        hall, chief, started.procedure.id, 12, "样品须送省级机构复检", started.case.rev
    )
    assert dues(stands_child(hall, started)) == dues(longer.case)
    assert dues(longer.case) > dues(started.case)


def stands_child(hall, started):
    with hall.reading() as unit:
        return cases.case(unit, started.procedure.child_id)


# M-SPEC-2


def test_m_spec_2_a_survey_has_notice_and_tasks_and_the_clocks_run_on(hall, case, begin):
    started = begin("survey")
    assert dues(started.case) == dues(case)
    assert not started.procedure.stops_clock
    assert started.procedure.notice_no
    assert started.procedure.row == "special_procedure#special_procedure-8"
    assert len(tasks(hall, started.procedure.child_id, "sign")) == 2
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id) is None


def test_m_spec_2_with_the_row_of_a_special_law_they_stop_and_the_notice_cites_it(
    hall, cast, received, begin
):
    case = received(LAND)
    chief = cast.holder(case.unit_no, "chief")
    team = cast.holder(case.unit_no, "clerk"), cast.holder(case.unit_no, "reviewer")
    started = begin("survey", by=chief, of=case, team=team, law="《土地管理法》第五十二条")
    assert started.procedure.stops_clock
    assert started.procedure.row == "special_procedure#special_procedure-7"
    assert started.case.promised_due > case.promised_due
    with hall.reading() as unit:
        (slip,) = (s for s in notices.slips_of(unit, case.id) if s.kind == "special_procedure")
        (stop,) = stored_clocks.stops_of(unit, case.id)
    assert "建设项目用地预审现场踏勘规定（演示）》第六条" in slip.content["clock_law"]
    assert stop.legal_basis == slip.content["clock_law"]


# M-SPEC-3


@pytest.mark.parametrize("kind", KINDS)
def test_m_spec_3_who_may_not_organise_starts_no_kind(hall, case, two, begin, kind):
    reviewer = two[1]
    with pytest.raises(Forbidden) as refused:
        begin(kind, by=reviewer)
    assert refused.value.params["because"] == "power.post"
    assert refused.value.params["row"] == "authority#authority-4"
    (tried,) = told(hall, case, "ActRefused")
    assert (tried["power"], tried["row"]) == ("organise", "authority#authority-4")
    assert told(hall, case, "SpecialProcedureStarted") == []


@pytest.mark.parametrize("word", ["survey", "joint_survey", "supplement", "lunch"])
def test_m_spec_3_a_drawing_stops_the_clock_only_for_what_the_law_lists(word):
    said = f'<hall:step stops-clock="{word}"'
    drawn = SURVEY.read_text(encoding="utf-8").replace("<hall:step", said).encode()
    with pytest.raises(Invalid, match=r"process\.stops_clock"):
        read_definition(drawn)


def test_one_of_another_unit_organises_nothing_here(hall, cast, case, begin):
    with pytest.raises(Forbidden) as refused:
        begin("inspection", by=cast.holder(14, "chief"))
    assert refused.value.params["because"] == "unit"


# M-SPEC-4


def raised(hall, case):
    with hall.reading() as unit:
        return [card.rule for card in cards.of_case(unit, case.id)]


def test_m_spec_4_beyond_the_announced_end_the_clocks_stay_stopped_until_somebody_acts(
    hall, now, case, chief, begin
):
    started = begin("inspection", days=2)
    assert started.procedure.announced_until == date(2015, 10, 28)
    warnings.keep_watch(hall)
    now.move_to(hall_moment("2015-10-28T17:00"))
    sweep(hall)
    assert raised(hall, case) == []
    now.move_to(hall_moment("2015-10-29T09:30"))
    sweep(hall)
    assert raised(hall, case) == ["S10"]
    now.move_to(hall_moment("2015-11-10T09:30"))
    sweep(hall)
    assert raised(hall, case).count("S10") == 1
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id).announced_until == date(2015, 10, 28)
    again = procedures.reannounce(
        hall, chief, started.procedure.id, 3, "设备检修", stands(hall, case).rev
    )
    assert again.procedure.announced_until == date(2015, 11, 13)
    assert again.procedure.notice_no != started.procedure.notice_no
    (event,) = told(hall, case, "SpecialProcedureReannounced")
    assert (event["announced_days"], event["reason"]) == (3, "设备检修")
    now.move_to(hall_moment("2015-11-12T09:30"))
    ended = procedures.end(hall, chief, started.procedure.id, "broken_off", again.case.rev)
    # Stopped from 26 October, which is not counted anyway, to 11 November: 12 working days.
    assert dues(ended.case) == ("2015-11-25", "2015-12-09")
    assert stands_child(hall, started).state is CaseState.ENDED
    assert {task.state for task in tasks(hall, started.procedure.child_id)} == {TaskState.CANCELLED}


def test_an_end_by_hand_tells_how_long_it_lasted_beyond_what_was_announced(
    hall, now, case, chief, begin
):
    started = begin("testing", days=1)
    now.move_to(hall_moment("2015-10-30T09:30"))
    procedures.end(hall, chief, started.procedure.id, "broken_off", started.case.rev)
    (event,) = told(hall, case, "SpecialProcedureEnded")
    assert (event["over"], event["signed"], event["ending"]) == (3, [], "broken_off")


# M-LAW-5


def test_m_law_5_a_survey_by_one_person_is_refused_by_the_row(hall, case, two, begin):
    with pytest.raises(Forbidden) as refused:
        begin("survey", team=two[:1])
    verdict = refused.value.params["verdict"]
    assert (verdict.because, verdict.row) == ("people_needed", "four_eyes#four_eyes-9")
    assert verdict.params == {"needed": 2, "found": 1}
    assert len(told(hall, case, "ActRefused")) == 1


def test_m_law_5_nobody_signs_for_the_other(hall, case, two, begin):
    started = begin("survey")
    first, second = (his(hall, started, person) for person in two)
    with pytest.raises(Conflict, match=r"task\.taken"):
        sign(hall, two[0], second)
    sign(hall, two[0], first)
    # Handed over to him by whatever way, he still has signed already.
    with hall.unit(SYSTEM) as unit:
        cases.save_task(unit, replace(second, holder_id=two[0].id))
        unit.record(released(second))
    with pytest.raises(Forbidden) as refused:
        sign(hall, two[0], second)
    assert refused.value.params["because"] == "sibling"
    assert running_kinds(hall, case) == ["survey"]


def test_m_law_5_a_survey_that_one_signed_cannot_be_said_to_be_done(hall, case, chief, two, begin):
    started = begin("survey")
    sign(hall, two[0], his(hall, started, two[0]))
    with pytest.raises(Forbidden) as refused:
        procedures.end(hall, chief, started.procedure.id, "done", started.case.rev)
    verdict = refused.value.params["verdict"]
    assert verdict.params == {"needed": 2, "found": 1}
    assert running_kinds(hall, case) == ["survey"]


def released(task):
    return TaskReleased(case_id=task.case_id, task_id=task.id, step=task.step)


def running_kinds(hall, case):
    with hall.reading() as unit:
        return [one.kind for one in running(unit, case.id)]


# M-LAW-2


@pytest.fixture
def chair(cast, case):
    return cast.holder(case.unit_no, "head")


def test_m_law_2_a_reviewer_of_the_case_chairs_no_hearing(hall, case, two, begin):
    clerk = two[0]
    review(hall, case, clerk)
    with pytest.raises(Forbidden) as refused:
        begin("hearing", team=(clerk,))
    assert refused.value.params["because"] == "exclusion.reviewer"
    assert refused.value.params["row"] == "four_eyes#four_eyes-4"
    assert running_kinds(hall, case) == []
    # He may be there and take notes: only the chair must not have reviewed.
    begin("hearing", team=(two[1], clerk))


def test_m_law_2_who_reviewed_after_he_became_chair_does_not_hold_the_hearing(
    hall, now, case, chief, two, begin, chair
):
    started = begin("hearing", days=30, team=two[:1])
    review(hall, case, two[0])
    ask_and_announce(hall, now, chief, started)
    task = his(hall, started, two[0])
    with pytest.raises(Forbidden) as refused:
        sign(hall, two[0], task)
    assert refused.value.params["row"] == "four_eyes#four_eyes-4"
    rev = stands_rev(hall, task.case_id)
    task = assignment.hand_over(hall, two[0], task.id, chair.account, "原主持人已审查", rev)
    sign(hall, chair, task)
    sweep(hall)
    (ended,) = told(hall, case, "SpecialProcedureEnded")
    assert (ended["ending"], ended["signed"]) == ("done", [chair.id])


def test_m_law_2_who_reviewed_after_he_signed_makes_the_hearing_void(
    hall, now, case, chief, two, begin
):
    started = begin("hearing", days=30, team=two[:1])
    ask_and_announce(hall, now, chief, started, "2015-11-25T09:30")
    sign(hall, two[0], his(hall, started, two[0]))
    review(hall, case, two[0])
    sign(hall, chief, tasks(hall, started.procedure.child_id, "explain")[0])
    sweep(hall)
    (ended,) = told(hall, case, "SpecialProcedureEnded")
    assert (ended["ending"], ended["signed"]) == ("void", [])


def review(hall, case, official):
    """Let an official do the step of the case itself that waits."""
    (task,) = [task for task in tasks(hall, case.id) if task.is_open]
    sign(hall, official, task)


def ask_and_announce(hall, now, chief, started, until="2015-11-05T09:30"):
    """Carry a hearing to the day on which it is held."""
    child = started.procedure.child_id
    sign(hall, chief, tasks(hall, child, "ask")[0], hearing_wish="asked")
    sign(hall, chief, tasks(hall, child, "announce")[0])
    now.move_to(hall_moment(until))
    sweep(hall)


def test_m_law_2_the_five_days_to_ask_for_a_hearing(hall, now, case, begin, chair):
    started = begin("hearing", days=30, team=(chair,))
    (ask,) = tasks(hall, started.procedure.child_id)
    assert ask.due_on == date(2015, 11, 2)
    now.move_to(hall_moment("2015-11-02T23:59"))
    sweep(hall)
    assert running_kinds(hall, case) == ["hearing"]
    now.move_to(hall_moment("2015-11-03T00:00"))
    sweep(hall)
    assert running_kinds(hall, case) == []
    assert told(hall, case, "SpecialProcedureEnded")[0]["ending"] == "not_held"
    assert stands(hall, case).promised_due == date(2015, 11, 16)


def test_m_law_2_notice_seven_days_before_and_the_hearing_within_twenty(
    hall, now, case, chief, begin, chair
):
    started = begin("hearing", days=30, team=(chair,))
    child = started.procedure.child_id
    now.move_to(hall_moment("2015-10-27T10:00"))
    sign(hall, chief, tasks(hall, child, "ask")[0], hearing_wish="asked")
    (announce,) = tasks(hall, child, "announce")
    assert announce.due_on == date(2015, 11, 12)
    now.move_to(hall_moment("2015-10-28T10:00"))
    sign(hall, chief, announce)
    assert tasks(hall, child, "sign") == []
    now.move_to(hall_moment("2015-11-06T23:59"))
    sweep(hall)
    assert tasks(hall, child, "sign") == []
    now.move_to(hall_moment("2015-11-07T00:00"))
    sweep(hall)
    (held,) = tasks(hall, child, "sign")
    assert held.holder_id == chair.id
    now.move_to(hall_moment("2015-11-24T23:59"))
    sweep(hall)
    assert tasks(hall, child, "explain") == []
    now.move_to(hall_moment("2015-11-25T00:00"))
    sweep(hall)
    (explain,) = tasks(hall, child, "explain")
    sign(hall, chief, explain)
    sign(hall, chair, held)
    sweep(hall)
    (ended,) = told(hall, case, "SpecialProcedureEnded")
    assert (ended["ending"], ended["signed"]) == ("done", [chair.id])


def test_a_hearing_that_is_waived_ends_at_once(hall, case, chief, begin, chair):
    started = begin("hearing", days=30, team=(chair,))
    sign(hall, chief, tasks(hall, started.procedure.child_id)[0], hearing_wish="waived")
    sweep(hall)
    assert told(hall, case, "SpecialProcedureEnded")[0]["ending"] == "not_held"
    assert dues(stands(hall, case)) == dues(case)


def test_timers_of_a_hearing_know_the_worked_weekends(hall, now, cast, received, begin):
    # Spring Festival 2016: 7 to 13 February free, Saturday the 6th and Sunday the 14th worked.
    now.move_to(hall_moment("2016-02-03T10:00"))
    case = received()
    head = cast.holder(case.unit_no, "head")
    started = begin("hearing", days=30, of=case, team=(head,))
    (ask,) = tasks(hall, started.procedure.child_id)
    assert ask.due_on == date(2016, 2, 15)
    now.move_to(hall_moment("2016-02-15T20:00"))
    sweep(hall)
    assert running_kinds(hall, case) == ["hearing"]
    now.move_to(hall_moment("2016-02-16T00:00"))
    sweep(hall)
    assert running_kinds(hall, case) == []


# Article 55


def test_an_inspection_that_begins_after_five_days_is_told_to_be_late(
    hall, now, case, cast, received, begin
):
    now.move_to(hall_moment("2015-11-02T10:00"))
    begin("inspection")
    assert not told(hall, case, "SpecialProcedureStarted")[0]["late"]
    now.move_to(hall_moment("2015-11-03T10:00"))
    begin("testing")
    assert told(hall, case, "SpecialProcedureStarted")[1]["late"]


# Two at once


def test_two_procedures_at_once_stop_the_clocks_as_one_span(hall, now, case, chief, begin):
    first = begin("inspection", days=5)
    now.move_to(hall_moment("2015-10-28T10:00"))
    second = begin("appraisal", days=10)
    now.move_to(hall_moment("2015-10-30T10:00"))
    procedures.end(hall, chief, first.procedure.id, "broken_off", stands(hall, case).rev)
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id).kind == "appraisal"
    now.move_to(hall_moment("2015-11-02T10:00"))
    after = procedures.end(
        hall, chief, second.procedure.id, "broken_off", stands(hall, case).rev
    ).case
    # From 27 to 30 October: four working days, the overlap counted once.
    assert dues(after) == ("2015-11-13", "2015-11-27")


def test_a_second_of_the_same_kind_waits_for_the_first(hall, case, chief, begin):
    first = begin("inspection")
    with pytest.raises(Conflict, match=r"procedure\.running"):
        begin("inspection")
    procedures.end(hall, chief, first.procedure.id, "broken_off", stands(hall, case).rev)
    begin("inspection")


# Bad input


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"kind": "lunch"}, "procedure.kind"),
        ({"kind": "supplement"}, "procedure.kind"),
        ({"kind": "joint_survey"}, "procedure.kind"),
        ({"days": 0}, "procedure.days"),
        ({"days": -3}, "procedure.days"),
        ({"days": 401}, "procedure.days"),
        ({"law": "  "}, "procedure.legal_basis"),
        ({"law": "法" * 501}, "procedure.legal_basis"),
        ({"team": ()}, "procedure.nobody"),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_happens(hall, case, begin, changed, code):
    with pytest.raises(Invalid) as refused:
        begin(**{"kind": "inspection", **changed})
    assert refused.value.code == code
    assert stands(hall, case) == case


def test_one_officer_does_not_count_twice(begin, two):
    with pytest.raises(Invalid, match=r"procedure\.person_twice"):
        begin("survey", team=(two[0], two[0]))


def test_a_stranger_takes_no_part(hall, chief, case):
    with pytest.raises(Missing, match=r"account\.unknown"):
        procedures.start(hall, chief, case.id, "survey", 5, LAW, ["nobody"], case.rev)


def test_one_without_the_power_to_review_signs_nothing(hall, case, cast, two, begin):
    with pytest.raises(Forbidden) as refused:
        begin("survey", team=(two[0], cast.holder(case.unit_no, "head")))
    assert refused.value.params["because"] == "role"


def test_an_application_that_is_not_accepted_has_no_procedure(hall, cast, begin):
    matter = catalogue.matter(hall, FOOD)
    case = intake.apply(hall, cast.clerk(matter.unit_no), application(hall, matter)).case
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        begin("inspection", of=case)


def test_a_case_is_not_decided_while_a_procedure_runs_nor_inspected_when_decided(
    hall, cast, received, begin, case, chief
):
    started = begin("survey")
    task, busy = next(task for task in tasks(hall, case.id) if task.is_open), []
    while task.step != "decide":
        official = cast.for_task(task, busy)
        busy.append(official.id)
        (task,) = sign(hall, official, task).opened
    head = cast.for_task(task, busy)
    with pytest.raises(Conflict, match=r"procedure\.open"):
        sign(hall, head, task, decision_outcome="grant")
    procedures.end(hall, chief, started.procedure.id, "broken_off", stands(hall, case).rev)
    decided = sign(hall, head, task, decision_outcome="grant").case
    assert decided.state is CaseState.DECIDED
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        begin("inspection")


def test_a_procedure_has_no_procedure_of_its_own(hall, begin):
    child = stands_child(hall, begin("inspection"))
    with pytest.raises(Conflict, match=r"procedure\.nested"):
        begin("survey", of=child)


def test_a_page_that_shows_an_older_case_starts_and_ends_nothing(hall, case, chief, begin):
    with pytest.raises(Conflict, match=r"case\.changed"):
        begin("inspection", seen=case.rev + 1)
    started = begin("inspection")
    for act in (
        lambda: procedures.end(hall, chief, started.procedure.id, "broken_off", case.rev),
        lambda: procedures.reannounce(hall, chief, started.procedure.id, 3, "加检", case.rev),
    ):
        with pytest.raises(Conflict, match=r"case\.changed"):
            act()


def test_a_procedure_ends_once(hall, case, chief, begin):
    started = begin("inspection")
    ended = procedures.end(hall, chief, started.procedure.id, "broken_off", started.case.rev)
    sweep(hall)
    for act in (
        lambda: procedures.end(hall, chief, started.procedure.id, "done", ended.case.rev),
        lambda: procedures.reannounce(hall, chief, started.procedure.id, 3, "加", ended.case.rev),
    ):
        with pytest.raises(Conflict, match=r"procedure\.ended"):
            act()
    assert len(told(hall, case, "SpecialProcedureEnded")) == 1


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda h, by, p, rev: procedures.end(h, by, p, "won", rev), "procedure.result"),
        (lambda h, by, p, rev: procedures.reannounce(h, by, p, 0, "因", rev), "procedure.days"),
        (
            lambda h, by, p, rev: procedures.reannounce(h, by, p, 3, " ", rev),
            "procedure.reason_missing",
        ),
    ],
    ids=["unknown result", "no days", "no reason"],
)
def test_an_end_or_a_new_date_that_makes_no_sense_is_refused(hall, chief, begin, act, code):
    started = begin("inspection")
    with pytest.raises(Invalid) as refused:
        act(hall, chief, started.procedure.id, started.case.rev)
    assert refused.value.code == code


def test_who_may_not_organise_ends_and_announces_nothing(hall, two, begin, case):
    started = begin("inspection")
    for act in (
        lambda: procedures.end(hall, two[1], started.procedure.id, "broken_off", started.case.rev),
        lambda: procedures.reannounce(
            hall, two[1], started.procedure.id, 3, "加检", started.case.rev
        ),
    ):
        with pytest.raises(Forbidden, match=r"authority\.refused"):
            act()
    assert len(told(hall, case, "ActRefused")) == 2
    assert running_kinds(hall, case) == ["inspection"]


def test_a_procedure_that_is_not_there_is_said_to_be_unknown(hall, chief, case):
    with pytest.raises(Missing, match=r"procedure\.unknown"):
        procedures.end(hall, chief, "nothing", "done", case.rev)


def test_a_withdrawal_ends_what_runs_and_leaves_nothing_stopped(hall, cast, case, begin):
    started = begin("inspection")
    clerk = cast.clerk(case.unit_no)
    endings.withdraw(hall, clerk, case.id, "申请人不再开业", started.case.rev)
    sweep(hall)
    assert running_kinds(hall, case) == []
    assert told(hall, case, "SpecialProcedureEnded")[0]["ending"] == "withdrawn"
    assert stands_child(hall, started).state is CaseState.ENDED
    with hall.reading() as unit:
        assert clocks.suspended(unit, case.id) is None


def test_another_unit_does_not_read_the_procedures_of_a_case(hall, cast, case, begin):
    begin("inspection")
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        procedures.of_case(hall, cast.holder(14, "chief"), case.id)


def test_both_databases_carry_a_survey_from_its_start_to_its_signatures(either_city, now):
    hall = open_hall(either_city, now=now)
    cast = cast_of(hall)
    matter = catalogue.matter(hall, LAND)
    case = intake.receive(hall, cast.clerk(matter.unit_no), application(hall, matter)).case
    team = cast.holder(case.unit_no, "clerk"), cast.holder(case.unit_no, "reviewer")
    chief = cast.holder(case.unit_no, "chief")
    accounts = [person.account for person in team]
    started = procedures.start(hall, chief, case.id, "survey", 5, LAW, accounts, case.rev)
    assert started.case.promised_due > case.promised_due
    for person in team:
        sign(hall, person, his(hall, started, person))
    sweep(hall)
    (ended,) = procedures.of_case(hall, chief, case.id)
    assert (ended.result, ended.people) == ("done", tuple(person.id for person in team))
    assert dues(stands(hall, case)) == dues(case)
    hall.store.dispose()
