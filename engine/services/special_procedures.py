"""Special procedures of a case (组织协调权): started, announced anew, ended, each by whoever may.

Whether the clocks stop meanwhile is said by tables alone; how a procedure runs is drawn in its
part process, which is a child case.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.domain.case import Case, CaseState
from engine.domain.events.procedures import (
    SpecialProcedureEnded,
    SpecialProcedureReannounced,
    SpecialProcedureStarted,
)
from engine.domain.notice import Channel, Slip
from engine.domain.people import Official
from engine.domain.special_procedure import (
    DONE,
    KINDS,
    MOST_DAYS,
    NOT_HELD,
    RESULTS,
    VOID,
    WITHDRAWN,
    ProcedureKind,
    SpecialProcedure,
)
from engine.domain.working_time import working_days_between
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import acceptance, authority, children, clocks, procedure_rules, steps
from engine.services.authority import Ruling, record_act_refused, refused
from engine.services.clocks import Cause
from engine.services.hall import Hall
from engine.storage import cases
from engine.storage import special_procedures as rows
from engine.storage.clocks import stops_of
from engine.storage.unit import Unit

POWER, ACT, SLIP = "organise", "procedure", "special_procedure"


@dataclass(frozen=True)
class Changed:
    """A procedure and its case as they stand after an act."""

    procedure: SpecialProcedure
    case: Case


def start(
    hall: Hall,
    by: Official,
    case_id: str,
    kind: str,
    announced_days: int,
    legal_basis: str,
    accounts: Sequence[str],
    seen: int,
) -> Changed:
    """Start a special procedure; the applicant is told in writing how long it takes (art. 45).

    `announced_days` are working days; `accounts` are those who take part, in a hearing the chair
    first. Raises Invalid `procedure.kind`, `procedure.days`, `procedure.legal_basis`,
    `procedure.nobody`, `procedure.person_twice`; Missing `account.unknown`; Conflict
    `case.changed`, `case.not_in_state`, `procedure.running`, `procedure.nested`; Forbidden
    `authority.refused` without the power to organise, for a person who is excluded, and for fewer
    people than the rule asks for (the try is kept).
    """
    drawn = KINDS.get(kind)
    if drawn is None:
        raise Invalid("procedure.kind", procedure=kind, known=sorted(KINDS))
    _refuse_days(announced_days)
    law = legal_basis.strip()
    if not law or len(law) > procedure_rules.LONGEST_LAW:
        raise Invalid("procedure.legal_basis", limit=procedure_rules.LONGEST_LAW)
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id, seen)
        _refuse_start(unit, case, kind)
        team = procedure_rules.team_of(unit, accounts)
        acting = authority.may(hall, unit, by, POWER, case)
        verdict, needed = acting.verdict, 0
        if verdict.allowed:
            verdict, needed = procedure_rules.fit(hall, unit, team, drawn, case)
        if verdict.allowed:
            plan = _Plan(kind, drawn, announced_days, law, team, needed)
            return _start(hall, unit, by, case, plan, acting)
        record_act_refused(unit, case, ACT, POWER, verdict)
    raise refused(verdict)


def reannounce(
    hall: Hall, by: Official, procedure_id: str, days: int, reason: str, seen: int
) -> Changed:
    """Announce that a procedure takes `days` more working days from today, and why.

    Raises Invalid `procedure.days`, `procedure.reason_missing`; Conflict `procedure.ended`,
    `case.changed`; Missing `procedure.unknown`; Forbidden `authority.refused`.
    """
    _refuse_days(days)
    if not reason.strip():
        raise Invalid("procedure.reason_missing")
    with hall.unit(by) as unit:
        procedure, case = _running(unit, procedure_id, seen)
        verdict = authority.may(hall, unit, by, POWER, case).verdict
        if verdict.allowed:
            return _reannounce(hall, unit, procedure, case, days, reason.strip())
        record_act_refused(unit, case, ACT, POWER, verdict)
    raise refused(verdict)


def end(hall: Hall, by: Official, procedure_id: str, result: str, seen: int) -> Changed:
    """End a procedure by hand: `done`, or `broken_off`; the clocks run again.

    Raises Invalid `procedure.result`, Conflict `procedure.ended`, `case.changed`, Missing
    `procedure.unknown`, Forbidden `authority.refused` without the power, and for one that is
    said to be done but was not signed by as many as the rule asks for (art. 34).
    """
    if result not in RESULTS:
        raise Invalid("procedure.result", result=result, known=list(RESULTS))
    with hall.unit(by) as unit:
        procedure, case = _running(unit, procedure_id, seen)
        verdict = authority.may(hall, unit, by, POWER, case).verdict
        signed = procedure_rules.signed_by(hall, unit, procedure, case)
        if verdict.allowed and result == DONE and len(signed) < procedure.people_needed:
            duty = KINDS[procedure.kind].duty
            rule = authority.exclusion(hall, unit, by, case, duty)
            verdict = procedure_rules.too_few(rule, procedure.people_needed, len(signed))
        if verdict.allowed:
            children.end(hall, unit, procedure.child_id)
            ended, case = _end(hall, unit, procedure, case, result, signed)
            return Changed(ended, cases.update(unit, case, seen))
        record_act_refused(unit, case, ACT, POWER, verdict)
    raise refused(verdict)


def of_case(hall: Hall, by: Official, case_id: str) -> list[SpecialProcedure]:
    """Return the procedures of a case, the first one first; Forbidden `case.other_unit`."""
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        if by.unit_no != case.unit_no and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        return rows.of_case(unit, case_id)


def child_ended(hall: Hall, unit: Unit, child_id: str) -> None:
    """End the procedure that a child case carried out; other children, and ends known, are left.

    It is void when fewer signed than the rule asks for, or when who signed is excluded by now.
    """
    found = rows.of_child(unit, child_id)
    if found is None:
        return
    case = cases.lock(unit, found.case_id)
    child = cases.case(unit, child_id)
    procedure = rows.procedure(unit, found.id)
    if not procedure.is_running:
        return
    signed = procedure_rules.signed_by(hall, unit, procedure, case)
    if child.state is CaseState.ENDED:
        result = WITHDRAWN
    elif len(signed) >= procedure.people_needed:
        result = DONE
    else:
        result = VOID if procedure_rules.signing(unit, procedure) else NOT_HELD
    is_open = children.is_open(case)
    _, after = _end(hall, unit, procedure, case, result, signed)
    if is_open:
        cases.update(unit, after, case.rev)


@dataclass(frozen=True)
class _Plan:
    kind: str
    drawn: ProcedureKind
    days: int
    legal_basis: str
    team: tuple[Official, ...]
    needed: int


def _start(
    hall: Hall, unit: Unit, by: Official, case: Case, plan: _Plan, acting: Ruling
) -> Changed:
    today, calendar = hall_day(unit.at), hall.library.shelf(unit).calendar
    until = clocks.due(hall, unit, today, plan.days).day
    judged = procedure_rules.judge(hall, unit, case, plan.kind)
    procedure_id, seen = unit.ids(), case.rev
    if judged.stops_clock:
        cause = Cause(plan.kind, until, judged.clock_law, procedure_id)
        case = clocks.suspend(hall, unit, case, cause)
    child = steps.begin(
        hall,
        unit,
        by,
        case,
        plan.drawn.process,
        case.unit_no,
        data={
            "procedure_kind": plan.kind,
            "people": [person.id for person in plan.team],
            "chair": plan.team[0].id,
        },
    )
    procedure = SpecialProcedure(
        id=procedure_id,
        case_id=case.id,
        kind=plan.kind,
        child_id=child.id,
        notice_no=acceptance.next_number(unit, SLIP),
        announced_days=plan.days,
        announced_until=until,
        legal_basis=plan.legal_basis,
        stops_clock=judged.stops_clock,
        clock_law=judged.clock_law,
        row=judged.row,
        people=tuple(person.id for person in plan.team),
        people_needed=plan.needed,
        started_at=unit.at,
        started_by=by.id,
    )
    rows.add(unit, procedure)
    asked = [*judged.decisions, *([acting.decision] if acting.decision is not None else [])]
    cases.add_decisions(unit, case.id, [(ACT, decision) for decision in asked])
    _record_start(
        unit, procedure, procedure_rules.is_late(case, today, plan.drawn, calendar), acting
    )
    _notify(unit, procedure)
    return Changed(procedure, cases.update(unit, case, seen))


def _reannounce(
    hall: Hall, unit: Unit, procedure: SpecialProcedure, case: Case, days: int, reason: str
) -> Changed:
    until = clocks.due(hall, unit, hall_day(unit.at), days).day
    seen = case.rev
    if procedure.stops_clock:
        case = clocks.reannounce(hall, unit, case, procedure.id, until)
    later = replace(
        procedure,
        notice_no=acceptance.next_number(unit, SLIP),
        announced_days=days,
        announced_until=until,
    )
    rows.save(unit, later)
    unit.record(
        SpecialProcedureReannounced(
            case_id=case.id,
            procedure_id=later.id,
            procedure=later.kind,
            notice_no=later.notice_no,
            announced_days=days,
            announced_until=until.isoformat(),
            reason=reason,
        )
    )
    _notify(unit, later, reason)
    _follow_parent(unit, later, case)
    return Changed(later, cases.update(unit, case, seen))


def _end(
    hall: Hall,
    unit: Unit,
    procedure: SpecialProcedure,
    case: Case,
    result: str,
    signed: tuple[str, ...],
) -> tuple[SpecialProcedure, Case]:
    """End a procedure; the case is not written."""
    today, calendar = hall_day(unit.at), hall.library.shelf(unit).calendar
    # The stops of a case that was withdrawn have ended with it.
    if any(
        stop.source_id == procedure.id and stop.ended_on is None for stop in stops_of(unit, case.id)
    ):
        case = clocks.resume(hall, unit, case, procedure.id)
    ended = replace(procedure, ended_at=unit.at, ended_by=unit.by.id, result=result)
    rows.save(unit, ended)
    unit.record(
        SpecialProcedureEnded(
            case_id=case.id,
            procedure_id=ended.id,
            procedure=ended.kind,
            ending=result,
            signed=signed,
            over=max(0, working_days_between(ended.announced_until, today, calendar)),
        )
    )
    return ended, case


def _running(unit: Unit, procedure_id: str, seen: int) -> tuple[SpecialProcedure, Case]:
    case = cases.lock(unit, rows.procedure(unit, procedure_id).case_id)
    # What was read before the lock may have ended meanwhile.
    procedure = rows.procedure(unit, procedure_id)
    if not procedure.is_running:
        raise Conflict("procedure.ended")
    cases.refuse_changed(case, seen)
    return procedure, case


def _refuse_start(unit: Unit, case: Case, kind: str) -> None:
    if case.state is not CaseState.ACCEPTED:
        wanted = CaseState.ACCEPTED.value
        raise Conflict("case.not_in_state", state=case.state.value, wanted=wanted)
    if rows.of_child(unit, case.id) is not None:
        raise Conflict("procedure.nested", case=case.case_no)
    if any(one.kind == kind for one in rows.running(unit, case.id)):
        raise Conflict("procedure.running", case=case.case_no)


def _refuse_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("procedure.days", days=days, limit=MOST_DAYS)


def _record_start(unit: Unit, procedure: SpecialProcedure, late: bool, acting: Ruling) -> None:
    unit.record(
        SpecialProcedureStarted(
            case_id=procedure.case_id,
            procedure_id=procedure.id,
            procedure=procedure.kind,
            child_id=procedure.child_id,
            notice_no=procedure.notice_no,
            announced_days=procedure.announced_days,
            announced_until=procedure.announced_until.isoformat(),
            stops_clock=procedure.stops_clock,
            row=procedure.row,
            clock_law=procedure.clock_law,
            legal_basis=procedure.legal_basis,
            people=procedure.people,
            late=late,
            mandate_no=acting.mandate_no,
        )
    )


def _notify(unit: Unit, procedure: SpecialProcedure, reason: str = "") -> None:
    """Make out the written notice of how long a procedure takes, and leave a job to send it."""
    slip = Slip(
        id=unit.ids(),
        no=procedure.notice_no,
        kind=SLIP,
        case_id=procedure.case_id,
        row=procedure.row,
        content={
            "procedure": procedure.kind,
            "days": procedure.announced_days,
            "until": procedure.announced_until.isoformat(),
            "legal_basis": procedure.legal_basis,
            "stops_clock": procedure.stops_clock,
            "clock_law": procedure.clock_law,
            "reason": reason,
        },
        channel=Channel.POST,
        issued_at=unit.at,
        issued_by=unit.by.id,
    )
    acceptance.put(unit, slip)
    payload = {"case_id": procedure.case_id, "slip": slip.id}
    unit.enqueue("notice.send", slip.id, payload, case_id=procedure.case_id, lane="outside")


def _follow_parent(unit: Unit, procedure: SpecialProcedure, case: Case) -> None:
    """Give the child the due days that its parent has now; it has none of its own."""
    child = cases.lock(unit, procedure.child_id)
    days = (case.promised_due, case.statutory_due)
    if children.is_open(child) and days != (child.promised_due, child.statutory_due):
        promised, statutory = days
        moved = replace(child, promised_due=promised, statutory_due=statutory)
        cases.update(unit, moved, child.rev)
