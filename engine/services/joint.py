"""Joint surveys (联合踏勘): a day agreed by all units, one record that all sign.

While a fixed survey is not over, the steps of its units wait for its record; their clocks stand
still only where the row of the table of special procedures lets them, for a special law. Who
changes several cases of a family locks the parent first, then the children by id, then the survey.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case, CaseState, Purpose, Task
from engine.domain.events.joint import (
    CaseHeld,
    CaseReleased,
    SurveyAnswered,
    SurveyCalledOff,
    SurveyFixed,
    SurveyHeld,
    SurveyLeft,
    SurveyProposed,
    SurveyRecorded,
    SurveySigned,
)
from engine.domain.facts import by_name
from engine.domain.joint import (
    OPEN,
    JointSurvey,
    Participant,
    SurveyState,
    all_signed,
    check_units,
    state_after_answers,
)
from engine.domain.parallel import SURVEY, Hold
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import authority, beside, children, clocks
from engine.services.hall import Hall
from engine.storage import cases, exchange, joint
from engine.storage.unit import Unit

TABLE, KIND = "special_procedure", "joint_survey"
POWER = "joint"
ANSWERING = ("clerk", "reviewer", "chief", "stand_in", "head")


@dataclass(frozen=True)
class SurveyPage:
    """A survey with its units, as all who take part in it see it."""

    survey: JointSurvey
    participants: tuple[Participant, ...]


@dataclass(frozen=True)
class SurveyDay:
    """A survey in the calendar of a unit; `accepted` None until it has answered."""

    survey_id: str
    case_no: str
    day: date
    state: SurveyState
    accepted: bool | None


def survey(
    hall: Hall, by: Official, case_id: str, unit_nos: Iterable[int], day: date, seen: int
) -> SurveyPage:
    """Propose a day for a joint survey to units that have an open part in a joint matter.

    Each gets a task to accept the day or name another; the lead unit accepts by proposing, if it
    takes part at all. Raises Forbidden `authority.refused` without the power to lead joint matters,
    Conflict `case.changed`, `case.not_in_state`, `joint.not_parent`, `joint.survey_open`; Invalid
    `joint.day` and as `engine.domain.joint.check_units`.
    """
    with hall.unit(by) as unit:
        parent = _locked(unit, case_id, seen)
        ruling = authority.may(hall, unit, by, POWER, parent)
        if ruling.verdict.allowed:
            page = _propose(hall, unit, by, parent, tuple(unit_nos), day)
            cases.update(unit, parent, seen)
            return page
        authority.record_act_refused(unit, parent, KIND, POWER, ruling.verdict)
    raise authority.refused(ruling.verdict)


def repropose(hall: Hall, by: Official, survey_id: str, day: date, seen: int) -> SurveyPage:
    """Propose another day after a unit could not come; who named that very day has accepted it.

    `seen` is the revision of the parent case. Raises Conflict `joint.not_countered`, and as
    `survey`.
    """
    with hall.unit(by) as unit:
        parent = _locked(unit, joint.survey(unit, survey_id).case_id, seen)
        ruling = authority.may(hall, unit, by, POWER, parent)
        if ruling.verdict.allowed:
            page = _propose_again(hall, unit, by, parent, survey_id, day)
            cases.update(unit, parent, seen)
            return page
        authority.record_act_refused(unit, parent, KIND, POWER, ruling.verdict)
    raise authority.refused(ruling.verdict)


def call_off(hall: Hall, by: Official, survey_id: str, reason: str, seen: int) -> SurveyPage:
    """Call a survey off; what waited for it goes on, clocks that stood run from now.

    Raises Invalid `joint.reason_missing`, Conflict `joint.survey_over`, and as `survey`.
    """
    if not reason.strip():
        raise Invalid("joint.reason_missing")
    with hall.unit(by) as unit:
        parent = _locked(unit, joint.survey(unit, survey_id).case_id, seen)
        ruling = authority.may(hall, unit, by, POWER, parent)
        if ruling.verdict.allowed:
            family = _family(unit, parent, survey_id)
            found = joint.survey(unit, survey_id, lock=True)
            if found.state not in OPEN:
                raise Conflict("joint.survey_over", survey=survey_id)
            after = _released(hall, unit, found, family)
            _end(unit, found, reason.strip())
            for case in after:
                cases.update(unit, case, case.rev)
            if parent.id not in {case.id for case in after}:
                cases.update(unit, parent, seen)
            return _page(unit, survey_id)
        authority.record_act_refused(unit, parent, KIND, POWER, ruling.verdict)
    raise authority.refused(ruling.verdict)


def page(hall: Hall, by: Official, survey_id: str) -> SurveyPage:
    """Return a survey; Missing `joint.survey_unknown`, Forbidden `case.other_unit`."""
    with hall.reading() as unit:
        found = _page(unit, survey_id)
        case = cases.case(unit, found.survey.case_id)
        units = {case.unit_no, *(one.unit_no for one in found.participants)}
        if by.unit_no not in units and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        return found


def calendar(hall: Hall, by: Official, since: date, until: date) -> list[SurveyDay]:
    """Return the joint surveys of the official's unit between two days, by day (M-JOINT-2)."""
    if by.unit_no is None:
        return []
    with hall.reading() as unit:
        return [
            SurveyDay(
                survey_id=found.id,
                case_no=cases.case(unit, one.case_id).case_no,
                day=found.day,
                state=found.state,
                accepted=one.accepted,
            )
            for found, one in joint.surveys_of_unit(unit, by.unit_no, since, until)
        ]


def date_answered(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Case:
    """Note what a unit answered to the day of a survey; what follows `Purpose.DATE`.

    Raises Invalid `joint.other_day` when it neither comes nor names another working day to come,
    `joint.day_passed` when it accepts a day that is over.
    """
    found, one = _participant(unit, task)
    accepted = task.answers.get("date_outcome") == "accept"
    if accepted and found.day < hall_day(unit.at):
        raise Invalid("joint.day_passed", day=found.day)
    other = None if accepted else _other_day(hall, unit, found, task.answers)
    joint.save_participant(
        unit,
        replace(one, accepted=accepted, other_day=other, answered_by=by.id, answered_at=unit.at),
    )
    unit.record(
        SurveyAnswered(
            case_id=case.id,
            survey_id=found.id,
            unit_no=one.unit_no,
            accepted=accepted,
            other_day=other.isoformat() if other else None,
        )
    )
    _weigh_answers(unit, found)
    return case


def survey_done(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Case:
    """Note the record of a survey or a signature below it; what follows `Purpose.SURVEY`.

    The record is one task of the lead unit; when it is written every unit signs it.
    """
    if task.of_task is None:
        _recorded(hall, unit, by, task, case)
        return case
    found, one = _participant(unit, task)
    remark = str(task.answers.get("survey_remark") or "")
    joint.save_participant(unit, replace(one, signed_by=by.id, signed_at=unit.at, remark=remark))
    unit.record(SurveySigned(case_id=case.id, survey_id=found.id, unit_no=one.unit_no))
    _weigh_signatures(unit, found)
    return case


def fix(hall: Hall, unit: Unit, survey_id: str) -> None:
    """Let the units of a survey that all accepted wait for its record, at one moment.

    Their clocks, and that of the parent, stop where the row of the survey says so (M-KEY-1).
    Done once; a survey that was called off meanwhile is left alone.
    """
    parent = cases.lock(unit, joint.survey(unit, survey_id).case_id)
    family = _family(unit, parent, survey_id)
    found = joint.survey(unit, survey_id, lock=True)
    if found.state is not SurveyState.FIXED or found.fixed_at is not None:
        return
    for case in family:
        if case.id != parent.id:
            _hold(unit, found, parent, case)
        if found.stops_clocks:
            case = clocks.suspend(hall, unit, case, _cause(unit, found))
        cases.update(unit, case, case.rev)
    task = beside.open_task(
        hall,
        unit,
        parent,
        Purpose.SURVEY,
        _name(),
        "joint_survey.record",
        roles=ANSWERING,
        unit_no=parent.unit_no,
        holder_id=found.proposed_by,
        due_on=found.day,
    )
    joint.save_survey(unit, replace(found, fixed_at=unit.at, record_task=task.id))
    unit.record(
        SurveyFixed(
            case_id=parent.id,
            survey_id=found.id,
            day=found.day.isoformat(),
            stops_clocks=found.stops_clocks,
            row=found.row,
        )
    )
    _notify(unit, found, "fixed")


def close(hall: Hall, unit: Unit, survey_id: str) -> None:
    """Let all units of a signed survey go on, and their clocks run, from one moment; done once."""
    parent = cases.lock(unit, joint.survey(unit, survey_id).case_id)
    family = _family(unit, parent, survey_id)
    found = joint.survey(unit, survey_id, lock=True)
    if found.state is not SurveyState.HELD or found.ended_at is not None:
        return
    after = _released(hall, unit, found, family)
    for case in after:
        cases.update(unit, case, case.rev)
    joint.save_survey(unit, replace(found, ended_at=unit.at))
    resumed = tuple(case.id for case in after) if found.stops_clocks else ()
    unit.record(SurveyHeld(case_id=parent.id, survey_id=found.id, resumed=resumed))


def leave(unit: Unit, parent: Case, child: Case) -> None:
    """Let a survey of a locked parent go on without a child case that ended."""
    found = joint.open_survey(unit, parent.id)
    if found is None:
        return
    found = joint.survey(unit, found.id, lock=True)
    for one in joint.participants_of(unit, found.id):
        if one.case_id == child.id and one.left_at is None:
            cases.cancel_tasks(unit, [task for task in (one.date_task, one.sign_task) if task])
            joint.save_participant(unit, replace(one, left_at=unit.at))
            _release_holds(unit, found.id, child.id)
            unit.record(SurveyLeft(case_id=parent.id, survey_id=found.id, unit_no=one.unit_no))
            _weigh_answers(unit, found)
            _weigh_signatures(unit, joint.survey(unit, found.id))


def case_ended(unit: Unit, case: Case) -> None:
    """Call off the survey of a parent case that ends before it, withdrawn or decided."""
    found = joint.open_survey(unit, case.id)
    if found is None:
        return
    for held in joint.holds_by(unit, found.id):
        joint.release(unit, held.id)
    _end(unit, found)


def _propose(
    hall: Hall, unit: Unit, by: Official, parent: Case, unit_nos: tuple[int, ...], day: date
) -> SurveyPage:
    if joint.open_survey(unit, parent.id) is not None:
        raise Conflict("joint.survey_open", case=parent.case_no)
    parts = {
        child.unit_no: child
        for child in exchange.children_of(unit, parent.id)
        if children.is_open(child) and child.parent_task is not None
    }
    parts.setdefault(parent.unit_no, parent)
    chosen = check_units(unit_nos, parts)
    _check_day(hall, unit, day)
    decision, law = _asked(hall, unit, parent)
    found = JointSurvey(
        id=unit.ids(),
        case_id=parent.id,
        state=SurveyState.PROPOSED,
        day=day,
        proposed_at=unit.at,
        proposed_by=by.id,
        stops_clocks=decision.outcome["stops_clock"] is True,
        row=f"{TABLE}#{decision.rows[0]}",
        legal_basis=law,
    )
    cases.add_decisions(unit, parent.id, [("", decision)])
    joint.add_survey(unit, found)
    blank = [Participant(found.id, unit_no, parts[unit_no].id) for unit_no in chosen]
    joint.add_participants(unit, blank)
    _ask(hall, unit, by, parent, found, {one.unit_no: parts[one.unit_no] for one in blank})
    return _page(unit, found.id)


def _propose_again(
    hall: Hall, unit: Unit, by: Official, parent: Case, survey_id: str, day: date
) -> SurveyPage:
    family = {case.id: case for case in _family(unit, parent, survey_id)}
    found = joint.survey(unit, survey_id, lock=True)
    if found.state is not SurveyState.COUNTERED:
        raise Conflict("joint.not_countered", survey=survey_id)
    _check_day(hall, unit, day)
    found = replace(
        found, state=SurveyState.PROPOSED, day=day, proposed_at=unit.at, proposed_by=by.id
    )
    joint.save_survey(unit, found)
    here = [one for one in joint.participants_of(unit, survey_id) if one.left_at is None]
    _ask(hall, unit, by, parent, found, {one.unit_no: family[one.case_id] for one in here})
    return _page(unit, survey_id)


def _ask(
    hall: Hall,
    unit: Unit,
    by: Official,
    parent: Case,
    found: JointSurvey,
    parts: Mapping[int, Case],
) -> None:
    """Open a task for each unit that has to answer to the day of a survey."""
    today = hall_day(unit.at)
    limit = clocks.due(hall, unit, today, hall.rules.joint_answer_days).day
    for one in joint.participants_of(unit, found.id):
        if one.left_at is not None:
            continue
        fresh = replace(one, accepted=None, other_day=None, answered_by=None, answered_at=None)
        if one.unit_no == by.unit_no or one.other_day == found.day:
            who = by.id if one.unit_no == by.unit_no else one.answered_by
            fresh = replace(fresh, accepted=True, answered_by=who, answered_at=unit.at)
        else:
            task = beside.open_task(
                hall,
                unit,
                parts[one.unit_no],
                Purpose.DATE,
                _name(),
                "joint_survey.date",
                roles=ANSWERING,
                unit_no=one.unit_no,
                due_on=limit,
            )
            fresh = replace(fresh, date_task=task.id)
        joint.save_participant(unit, fresh)
    unit.record(
        SurveyProposed(
            case_id=parent.id,
            survey_id=found.id,
            day=found.day.isoformat(),
            units=tuple(sorted(parts)),
        )
    )
    _notify(unit, found, f"proposed:{found.day.isoformat()}")
    _weigh_answers(unit, found)


def _weigh_answers(unit: Unit, found: JointSurvey) -> None:
    if found.state not in (SurveyState.PROPOSED, SurveyState.COUNTERED):
        return
    state = state_after_answers(joint.participants_of(unit, found.id))
    if state is SurveyState.CALLED_OFF:
        _end(unit, found)
    elif state is not found.state:
        joint.save_survey(unit, replace(found, state=state))
        if state is SurveyState.FIXED:
            unit.enqueue("joint.fix", found.id, {"survey_id": found.id}, case_id=found.case_id)


def _recorded(hall: Hall, unit: Unit, by: Official, task: Task, parent: Case) -> None:
    found = _of_task(unit, task)
    family = _family(unit, parent, found.id)
    found = replace(
        joint.survey(unit, found.id, lock=True),
        record=str(task.answers.get("survey_findings") or ""),
        recorded_by=by.id,
    )
    joint.save_survey(unit, found)
    unit.record(SurveyRecorded(case_id=parent.id, survey_id=found.id))
    by_id = {case.id: case for case in family}
    for one in joint.participants_of(unit, found.id):
        if one.left_at is not None:
            continue
        if one.unit_no == by.unit_no:
            joint.save_participant(unit, replace(one, signed_by=by.id, signed_at=unit.at))
            continue
        signing = beside.open_task(
            hall,
            unit,
            by_id[one.case_id],
            Purpose.SURVEY,
            _name(),
            "joint_survey.sign",
            roles=ANSWERING,
            unit_no=one.unit_no,
            due_on=task.due_on,
            of_task=task.id,
        )
        joint.save_participant(unit, replace(one, sign_task=signing.id))
    _weigh_signatures(unit, found)


def _weigh_signatures(unit: Unit, found: JointSurvey) -> None:
    if found.state is not SurveyState.FIXED or found.recorded_by is None:
        return
    if all_signed(joint.participants_of(unit, found.id)):
        joint.save_survey(unit, replace(found, state=SurveyState.HELD))
        unit.enqueue("joint.close", found.id, {"survey_id": found.id}, case_id=found.case_id)


def _hold(unit: Unit, found: JointSurvey, parent: Case, case: Case) -> None:
    joint.hold(
        unit,
        Hold(
            id=unit.ids(),
            case_id=case.id,
            parent_id=parent.id,
            cause=SURVEY,
            source_id=found.id,
            row=found.row,
            held_at=unit.at,
        ),
    )
    unit.record(CaseHeld(case_id=case.id, cause=SURVEY, source_id=found.id, row=found.row))


def _released(hall: Hall, unit: Unit, found: JointSurvey, family: list[Case]) -> list[Case]:
    """Let the cases go on that waited for a survey, and return those that are open."""
    after = []
    for case in family:
        _release_holds(unit, found.id, case.id)
        if not children.is_open(case):
            continue
        stopped = found.stops_clocks and found.fixed_at is not None
        after.append(clocks.resume(hall, unit, case, found.id) if stopped else case)
    return after


def _release_holds(unit: Unit, source_id: str, case_id: str) -> None:
    for held in joint.holds_by(unit, source_id):
        if held.case_id == case_id:
            joint.release(unit, held.id)
            unit.record(CaseReleased(case_id=case_id, cause=held.cause, source_id=source_id))


def _end(unit: Unit, found: JointSurvey, reason: str | None = None) -> None:
    tasks = [found.record_task]
    for one in joint.participants_of(unit, found.id):
        tasks += [one.date_task, one.sign_task]
    cases.cancel_tasks(unit, [task for task in tasks if task is not None])
    joint.save_survey(unit, replace(found, state=SurveyState.CALLED_OFF, ended_at=unit.at))
    unit.record(SurveyCalledOff(case_id=found.case_id, survey_id=found.id, reason=reason))


def _asked(hall: Hall, unit: Unit, parent: Case) -> tuple[Decision, str]:
    """Ask whether the survey stops clocks; with the law that says so, or the row's basis."""
    procedure = hall.library.shelf(unit).joint_procedures.get(parent.matter_no)
    law = procedure.survey_law if procedure else ""
    table = hall.library.judging(unit, TABLE, parent.pinned_at)
    facts: Mapping[str, object] = {
        "accepted": parent.state is CaseState.ACCEPTED,
        "procedure_kind": KIND,
        "special_law": bool(law),
    }
    decision = decide(table, facts)
    return decision, law or "; ".join(decision.legal_basis)


def _cause(unit: Unit, found: JointSurvey) -> clocks.Cause:
    # The last unit may have accepted on the evening of the day, and the job run after midnight.
    until = max(found.day, hall_day(unit.at))
    return clocks.Cause(KIND, until, found.legal_basis, found.id)


def _check_day(hall: Hall, unit: Unit, day: date) -> None:
    if day <= hall_day(unit.at) or not hall.library.shelf(unit).calendar.is_working(day):
        raise Invalid("joint.day", day=day)


def _other_day(hall: Hall, unit: Unit, found: JointSurvey, answers: Mapping[str, object]) -> date:
    other = answers.get("other_day")
    known = isinstance(other, date) and other > hall_day(unit.at) and other != found.day
    if not isinstance(other, date) or not known:
        raise Invalid("joint.other_day", day=found.day)
    if not hall.library.shelf(unit).calendar.is_working(other):
        raise Invalid("joint.other_day", day=found.day)
    return other


def _locked(unit: Unit, case_id: str, seen: int) -> Case:
    parent = cases.lock(unit, case_id, seen)
    if parent.state is not CaseState.ACCEPTED:
        raise Conflict("case.not_in_state", state=parent.state.value, wanted="accepted")
    if parent.parent_id is not None:
        raise Conflict("joint.not_parent", case=parent.case_no)
    return parent


def _family(unit: Unit, parent: Case, survey_id: str) -> list[Case]:
    """Return the locked parent and, locked by id, the cases of the units that are still there."""
    ids = {
        one.case_id
        for one in joint.participants_of(unit, survey_id)
        if one.left_at is None and one.case_id != parent.id
    }
    return [parent, *(cases.lock(unit, case_id) for case_id in sorted(ids))]


def _of_task(unit: Unit, task: Task) -> JointSurvey:
    survey_id = joint.survey_by_task(unit, task.id)
    if survey_id is None:
        raise Conflict("joint.survey_over", survey="")
    return joint.survey(unit, survey_id)


def _participant(unit: Unit, task: Task) -> tuple[JointSurvey, Participant]:
    found = joint.survey(unit, _of_task(unit, task).id, lock=True)
    for one in joint.participants_of(unit, found.id):
        if task.id in (one.date_task, one.sign_task) and found.state in OPEN:
            return found, one
    raise Conflict("joint.survey_over", survey=found.id)


def _page(unit: Unit, survey_id: str) -> SurveyPage:
    return SurveyPage(joint.survey(unit, survey_id), tuple(joint.participants_of(unit, survey_id)))


def _notify(unit: Unit, found: JointSurvey, occasion: str) -> None:
    unit.enqueue(
        "notice.send",
        f"{found.id}:{occasion}",
        {"case_id": found.case_id, "survey_id": found.id},
        lane="outside",
        case_id=found.case_id,
    )


def _name() -> str:
    fact = by_name("procedure_kind")
    return next((word.zh for word in fact.values if word.code == KIND), KIND) if fact else KIND
