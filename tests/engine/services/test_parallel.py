"""Parallel approval: who blocks, what one refusal does, silence, and the one answer."""

from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.domain.parallel import Said
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day, hall_moment
from engine.services import audit, cases, intake, notices, parallel, warnings, work
from engine.storage import joint as stored
from tests.joint import (
    children,
    do,
    give,
    is_waiting,
    open_matter,
    open_tasks,
    stands,
    sweep,
)
from tests.story import answers, application, walk_through_matter

SITING, DRAWINGS, ACCEPTANCE = "联合选址", "施工许可联合审批", "竣工综合验收"


@pytest.fixture
def hall(hall):
    hall.store.debug = True
    return hall


@pytest.fixture
def lead(hall, cast):
    """Return the chief of a parent's unit, who has the power to lead joint matters."""
    return lambda parent: cast.holder(parent.unit_no, "chief")


def kinds(hall, by, case):
    return [line.kind for line in cases.case(hall, by, case.id).history]


def move(now, day):
    now.move_to(hall_moment(f"{day}T09:00"))


def test_m_par_1_units_of_two_five_and_three_days_end_the_parent_on_the_fifth(hall, cast, now):
    parent = open_matter(hall, cast)
    for day, unit_no in (("2015-10-28", 1), ("2015-10-29", 14), ("2015-11-02", 13)):
        assert is_waiting(stands(hall, parent.id))
        move(now, day)
        give(hall, cast, parent, unit_no)
    done = do(hall, cast, parent.id, {"decision_outcome": "grant"})
    assert done.case.state is CaseState.DECIDED
    used = hall.library
    with hall.reading() as unit:
        calendar = used.shelf(unit).calendar
    days = calendar.rank(hall_day(done.case.decided_at)) - calendar.rank(
        hall_day(parent.accepted_at)
    )
    assert days == 5
    assert audit.verify_trail(hall).intact


def test_m_par_2_the_parent_shows_who_blocks_and_only_that_child_escalates(hall, cast, now, lead):
    parent = open_matter(hall, cast)
    give(hall, cast, parent, 1)
    give(hall, cast, parent, 13)
    move(now, "2015-11-03")
    found = parallel.family(hall, lead(parent), parent.id)
    assert found.blocking.case.unit_no == 14
    assert (found.blocking.due_on, found.blocking.left) == (date(2015, 11, 2), -1)
    assert found.next_date == date(2015, 11, 2)
    with hall.unit(SYSTEM) as unit:
        warnings.morning(hall, unit)
    sweep(hall)
    family = {None: stands(hall, parent.id), **children(hall, parent)}
    warned = {no for no, case in family.items() if "LimitWarned" in kinds(hall, lead(parent), case)}
    assert warned == {14}


def test_the_first_to_be_due_blocks_and_nobody_when_all_have_answered(hall, cast, lead):
    parent = open_matter(hall, cast)
    found = parallel.family(hall, lead(parent), parent.id)
    assert [line.open for line in found.lines] == [True] * 3
    assert sum(line.blocks for line in found.lines) == 1
    for unit_no in (1, 13, 14):
        give(hall, cast, parent, unit_no)
    found = parallel.family(hall, lead(parent), parent.id)
    assert (found.blocking, found.next_date) == (None, None)


def test_m_par_3_a_refusal_of_the_site_ends_the_parts_of_the_others(hall, cast, lead):
    parent = open_matter(hall, cast, SITING)
    give(hall, cast, parent, 13, "disagree")
    states = {no: child.state for no, child in children(hall, parent).items()}
    assert states == {1: CaseState.ENDED, 13: CaseState.CLOSED, 14: CaseState.ENDED}
    found = parallel.family(hall, lead(parent), parent.id)
    assert {line.opinion.said for line in found.lines} == {Said.DISAGREE, Said.SPARED}
    (task,) = open_tasks(hall, parent.id)
    assert task.step == "decide"


def test_m_par_3_a_refusal_of_the_drawings_holds_the_others_until_the_lead_settles(
    hall, cast, lead
):
    parent = open_matter(hall, cast, DRAWINGS)
    give(hall, cast, parent, 8, "disagree")
    other = children(hall, parent)[16]
    (task,) = open_tasks(hall, other.id)
    official = cast.for_task(task)
    assert work.task(hall, official, task.id).verdict.because == "joint.refusal"
    with pytest.raises(Forbidden, match=r"authority\.refused") as refused:
        work.complete_task(
            hall, official, task.id, answers(hall, task, opinion_outcome="agree"), other.rev
        )
    assert refused.value.params["row"] == "joining#joining-3"
    due = stands(hall, other.id).promised_due
    seen = stands(hall, parent.id).rev
    settled = parallel.settle(hall, lead(parent), parent.id, True, "已协调", seen)
    assert [line.held for line in settled.lines] == [None] * 4
    assert stands(hall, other.id).promised_due == due, "held is not stopped"
    give(hall, cast, parent, 16)


def test_the_lead_may_end_what_a_refusal_holds(hall, cast, lead):
    parent = open_matter(hall, cast, DRAWINGS)
    give(hall, cast, parent, 8, "disagree")
    seen = stands(hall, parent.id).rev
    parallel.settle(hall, lead(parent), parent.id, False, "不再审查", seen)
    sweep(hall)
    states = [child.state for child in children(hall, parent).values()]
    assert states.count(CaseState.ENDED) == 3
    assert [task.step for task in open_tasks(hall, parent.id)] == ["decide"]
    with pytest.raises(Conflict, match=r"joint\.not_held"):
        parallel.settle(hall, lead(parent), parent.id, True, "再办", stands(hall, parent.id).rev)


def test_only_the_lead_settles_and_says_why(hall, cast, lead):
    parent = open_matter(hall, cast, DRAWINGS)
    give(hall, cast, parent, 8, "disagree")
    seen = stands(hall, parent.id).rev
    with pytest.raises(Invalid, match=r"joint\.reason_missing"):
        parallel.settle(hall, lead(parent), parent.id, True, " ", seen)
    with pytest.raises(Conflict, match=r"case\.changed"):
        parallel.settle(hall, lead(parent), parent.id, True, "已协调", seen - 1)
    for stranger in (cast.holder(16, "chief"), cast.clerk(parent.unit_no)):
        with pytest.raises(Forbidden, match=r"authority\.refused"):
            parallel.settle(hall, stranger, parent.id, True, "已协调", seen)
    assert kinds(hall, lead(parent), parent).count("ActRefused") == 2


def test_m_par_3_a_refusal_at_the_final_acceptance_lets_the_others_finish(hall, cast, lead):
    parent = open_matter(hall, cast, ACCEPTANCE)
    give(hall, cast, parent, 8, "disagree")
    assert [child.state for no, child in children(hall, parent).items() if no != 8] == [
        CaseState.ACCEPTED
    ] * 3
    for unit_no in (14, 16, 32):
        give(hall, cast, parent, unit_no)
    done = do(hall, cast, parent.id, {"decision_outcome": "refuse"})
    assert done.case.state is CaseState.DECIDED
    joined = [
        line.params
        for line in cases.case(hall, lead(parent), parent.id).history
        if line.kind == "OpinionsJoined"
    ]
    assert [(one["joint_outcome"], one["others"]) for one in joined] == [
        ("wait", "finish"),
        ("wait", "finish"),
        ("wait", "finish"),
        ("refuse", "finish"),
    ]


def test_m_par_3_the_applicant_gets_one_document_with_every_opinion(hall, cast, lead):
    parent = open_matter(hall, cast, ACCEPTANCE)
    with pytest.raises(Conflict, match=r"joint\.undecided"):
        parallel.issue_answer(hall, lead(parent), parent.id)
    give(hall, cast, parent, 8, "conditional")
    for unit_no in (14, 16, 32):
        give(hall, cast, parent, unit_no)
    do(hall, cast, parent.id, {"decision_outcome": "grant"})
    with pytest.raises(Missing, match=r"joint\.no_answer"):
        parallel.answer(hall, lead(parent), parent.id)
    made = parallel.issue_answer(hall, lead(parent), parent.id)
    assert made.no == "联审〔2015〕1号"
    listed = made.content["opinions"]
    assert {one["unit_no"]: one["said"] for one in listed} == {
        8: "conditional",
        14: "agree",
        16: "agree",
        32: "agree",
    }
    (condition,) = [one["text"] for one in listed if one["said"] == "conditional"]
    assert condition == "须补充消防水源的证明"
    again = parallel.issue_answer(hall, lead(parent), parent.id)
    assert again == made == parallel.answer(hall, cast.clerk(8), parent.id)
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        parallel.issue_answer(hall, cast.clerk(8), parent.id)


def test_a_matter_of_one_unit_has_no_joint_answer(hall, cast):
    matter = walk_through_matter(hall)
    clerk = cast.clerk(matter.unit_no)
    case = intake.receive(hall, clerk, application(hall)).case
    with pytest.raises(Missing, match=r"joint\.no_procedure"):
        parallel.issue_answer(hall, clerk, case.id)
    assert parallel.family(hall, clerk, case.id).lines == ()


def test_m_par_4_papers_handed_in_once_are_seen_by_all_and_asked_for_by_none(hall, cast):
    parent = open_matter(hall, cast)
    child = children(hall, parent)[13]
    by = cast.clerk(13)
    papers = cases.case(hall, by, child.id).materials
    assert papers
    assert papers == cases.case(hall, cast.clerk(parent.unit_no), parent.id).materials
    with pytest.raises(Conflict, match=r"case\.not_in_state"):
        notices.issue(hall, by, child.id, {papers[0].no: "再交一份"}, "window", child.rev)


def test_m_joint_1_the_lead_reads_all_child_cases_and_decides_only_the_joint_step(hall, cast, lead):
    parent = open_matter(hall, cast)
    for child in children(hall, parent).values():
        assert cases.case(hall, lead(parent), child.id).case == child
        (task,) = open_tasks(hall, child.id)
        with pytest.raises(Forbidden, match=r"authority\.refused"):
            work.claim(hall, lead(parent), task.id)
    sibling = cast.clerk(14)
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        cases.case(hall, sibling, children(hall, parent)[13].id)
    with pytest.raises(Forbidden, match=r"case\.other_unit"):
        parallel.family(hall, cast.clerk(3), parent.id)
    assert parallel.family(hall, sibling, children(hall, parent)[14].id).parent.id == parent.id


def test_m_joint_3_silence_is_consent_only_by_the_row_that_says_so(hall, cast, now, lead):
    parent = open_matter(hall, cast, ACCEPTANCE)
    for unit_no in (14, 16, 32):
        give(hall, cast, parent, unit_no)
    move(now, "2015-11-02")
    with hall.unit(SYSTEM) as unit:
        parallel.morning(hall, unit)
    sweep(hall)
    assert is_waiting(children(hall, parent)[8]), "its last day is not over"
    move(now, "2015-11-03")
    with hall.unit(SYSTEM) as unit:
        parallel.morning(hall, unit)
    sweep(hall)
    silent = children(hall, parent)[8]
    assert silent.state is CaseState.ENDED
    told = next(
        line
        for line in cases.case(hall, lead(parent), silent.id).history
        if line.kind == "SilenceTaken"
    )
    assert told.params["row"] == "joining#joining-10"
    do(hall, cast, parent.id, {"decision_outcome": "grant"})
    made = parallel.issue_answer(hall, lead(parent), parent.id)
    said = {one["unit_no"]: one["said"] for one in made.content["opinions"]}
    assert said == {8: "silent", 14: "agree", 16: "agree", 32: "agree"}


def test_m_joint_3_without_such_a_row_all_opinions_are_waited_for(hall, cast, now):
    parent = open_matter(hall, cast, SITING)
    for unit_no in (1, 13):
        give(hall, cast, parent, unit_no)
    move(now, "2015-11-20")
    with hall.unit(SYSTEM) as unit:
        parallel.morning(hall, unit)
        assert stored.parents_of_silent(unit, [218], date(2015, 11, 20)) == [parent.id]
    sweep(hall)
    assert is_waiting(children(hall, parent)[14])
    assert open_tasks(hall, parent.id) == []


def test_the_others_go_on_when_one_part_was_refused(hall, cast, lead):
    """Bad input: a child case refused while others go on, and the parent withdrawn after it."""
    parent = open_matter(hall, cast, ACCEPTANCE)
    give(hall, cast, parent, 8, "disagree")
    give(hall, cast, parent, 14)
    assert is_waiting(stands(hall, parent.id))
    with hall.reading() as unit:
        said = parallel.opinions(hall, unit, stands(hall, parent.id))
    assert [one.said for one in said if one.unit_no == 8] == [Said.DISAGREE]
    assert [one.law for one in said if one.unit_no == 8] == ["城乡规划法第三十六条"]
    assert "CaseHeld" not in kinds(hall, lead(parent), children(hall, parent)[16])


def test_m_law_6_a_joint_matter_has_the_joint_limit_of_45_days_in_place_of_20(hall, cast, lead):
    parent = open_matter(hall, cast)
    seen = cases.case(hall, lead(parent), parent.id)
    clocks = {line.kind: line.limit_days for line in seen.clocks}
    assert clocks["joint"] == 45
    assert "statutory" not in clocks
