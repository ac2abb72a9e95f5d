"""Parallel approval (并联审批): the family of a case, what its opinions add up to, one answer.

What happens to the others after one refusal, and whether silence is consent, is said by the rows
of the table of joining alone (M-PAR-3, M-JOINT-3).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case
from engine.domain.events.joint import (
    CaseHeld,
    CaseReleased,
    JointAnswerIssued,
    OpinionsJoined,
    SilenceTaken,
)
from engine.domain.joint import JointSurvey
from engine.domain.matter import JointProcedure
from engine.domain.parallel import (
    REFUSAL,
    TABLE,
    Hold,
    Joined,
    JointAnswer,
    Opinion,
    Said,
    Sibling,
    blocking,
    next_date,
    said_of,
    tally,
)
from engine.domain.people import Official
from engine.domain.working_time import days_left
from engine.kernel.canonical import dumps
from engine.kernel.crypto import fingerprint
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import authority, children, clocks
from engine.services import joint as surveys
from engine.services.hall import Hall
from engine.storage import cases, exchange, joint, serials
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

POWER = "joint"
END, SUSPEND = "end", "suspend"
# The answers of the form of an opinion.
SAID, TEXT, LAW = "opinion_outcome", "opinion_text", "opinion_law"


@dataclass(frozen=True)
class ChildLine:
    """A unit's part: its case, its opinion, its own due day, whether it holds the others up.

    `left` are working days, negative when overdue, None when it ended or has no limit; `held`
    says why its steps wait, `stopped` that its clocks stand still.
    """

    case: Case
    unit_name: str
    opinion: Opinion
    due_on: date | None
    left: int | None
    open: bool
    blocks: bool
    held: Hold | None
    stopped: bool


@dataclass(frozen=True)
class Family:
    """A joint matter as the lead unit and its participants see it.

    `papers` are those handed in once, for all (M-PAR-4); `next_date` is the earliest day on which
    something is due, a limit or a survey.
    """

    parent: Case
    lines: tuple[ChildLine, ...]
    papers: tuple[CaseMaterial, ...]
    next_date: date | None
    survey: JointSurvey | None
    answer: JointAnswer | None

    @property
    def blocking(self) -> ChildLine | None:
        """The part that holds the others up, None when none is open."""
        return next((line for line in self.lines if line.blocks), None)


def family(hall: Hall, by: Official, case_id: str) -> Family:
    """Return the family of a parent case or of one of its children.

    Open to the lead unit, to the units that take part, and to those who read all cases; Missing
    `case.unknown`, Forbidden `case.other_unit`.
    """
    with hall.reading() as unit:
        parent = children.root_of(unit, cases.case(unit, case_id))
        parts = _parts(unit, parent)
        if by.unit_no not in {parent.unit_no, *(part.unit_no for part in parts)}:
            _read_all(by, parent)
        return family_of(hall, unit, parent)


def opinions(hall: Hall, unit: Unit, parent: Case) -> tuple[Opinion, ...]:
    """Return what each unit has said of a parent case, in the order in which they were asked."""
    return tuple(_opinion(hall, unit, part) for part in _parts(unit, parent))


def join(hall: Hall, unit: Unit, parent: Case) -> Joined | None:
    """Ask the table of joining about a locked parent and do with its open children what it says.

    None for a matter without a joint procedure. The children that end answer their parent's tasks
    by jobs of their own.
    """
    procedure = _procedure(hall, unit, parent)
    if procedure is None:
        return None
    said = opinions(hall, unit, parent)
    facts = tally(said, procedure.phase, procedure.silence_consents)
    decision = decide(hall.library.judging(unit, TABLE, parent.pinned_at), facts)
    joined = _joined(decision)
    cases.add_decisions(unit, parent.id, [("", decision)])
    unit.record(
        OpinionsJoined(
            case_id=parent.id,
            joint_outcome=joined.outcome,
            others=joined.others,
            row=joined.row,
            table_version=decision.version,
            counts={one.value: sum(o.said is one for o in said) for one in Said},
        )
    )
    _do_with_others(hall, unit, parent, joined)
    return joined


def child_ended(hall: Hall, unit: Unit, child_id: str) -> None:
    """Let an ended child leave a joint survey, and weigh the opinions anew.

    The function of the job that is left when a child case ends.
    """
    child = cases.case(unit, child_id)
    if child.parent_id is None or child.parent_task is None:
        return
    parent = cases.lock(unit, child.parent_id)
    surveys.leave(unit, parent, child)
    if children.is_open(parent):
        join(hall, unit, parent)


def morning(hall: Hall, unit: Unit) -> None:
    """Leave a job for each joint matter with a unit that is silent beyond its limit.

    Only where the rules of the procedure take silence as consent.
    """
    procedures = hall.library.shelf(unit).joint_procedures
    consenting = [no for no, procedure in procedures.items() if procedure.silence_consents]
    today = hall_day(unit.at)
    for parent_id in joint.parents_of_silent(unit, consenting, today):
        unit.enqueue(
            "joint.silence",
            f"{parent_id}:{today.isoformat()}",
            {"case_id": parent_id},
            case_id=parent_id,
        )


def silence(hall: Hall, unit: Unit, parent_id: str) -> None:
    """Weigh the opinions on a parent case whose units have been silent beyond their limit."""
    parent = cases.lock(unit, parent_id)
    if children.is_open(parent):
        join(hall, unit, parent)


def settle(hall: Hall, by: Official, case_id: str, go_on: bool, reason: str, seen: int) -> Family:
    """Let the units that hold back after a refusal go on, or end their parts (牵头单位协调).

    Raises Invalid `joint.reason_missing`, Conflict `case.changed`, `joint.not_held`, Forbidden
    `authority.refused` without the power to lead joint matters.
    """
    if not reason.strip():
        raise Invalid("joint.reason_missing")
    with hall.unit(by) as unit:
        parent = cases.lock(unit, case_id, seen)
        ruling = authority.may(hall, unit, by, POWER, parent)
        if ruling.verdict.allowed:
            _settle(hall, unit, parent, go_on)
            written = cases.update(unit, parent, seen)
            return family_of(hall, unit, written)
        authority.record_act_refused(unit, parent, "settle", POWER, ruling.verdict)
    raise authority.refused(ruling.verdict)


def issue_answer(hall: Hall, by: Official, case_id: str) -> JointAnswer:
    """Make out the one answer to the applicant, once: each opinion, the result, law and remedy.

    Raises Conflict `joint.undecided` before the decision, Missing `joint.no_procedure` for a
    matter of one unit, Forbidden `case.other_unit` for anyone but the lead unit.
    """
    with hall.unit(by) as unit:
        parent = cases.lock(unit, case_id)
        if by.unit_no != parent.unit_no:
            raise Forbidden("case.other_unit", case=parent.case_no)
        known = joint.answer_of(unit, parent.id)
        if known is not None:
            return known
        procedure = _procedure(hall, unit, parent)
        if procedure is None:
            raise Missing("joint.no_procedure", case=parent.case_no)
        if parent.decided_at is None or parent.outcome is None:
            raise Conflict("joint.undecided", case=parent.case_no)
        return _issued(hall, unit, by, parent, procedure)


def answer(hall: Hall, by: Official, case_id: str) -> JointAnswer:
    """Return the joint answer of a case; Missing `joint.no_answer`, Forbidden as `family`."""
    found = family(hall, by, case_id)
    if found.answer is None:
        raise Missing("joint.no_answer", case=found.parent.case_no)
    return found.answer


def _parts(unit: Unit, parent: Case) -> list[Case]:
    # A child that answers no task was opened beside the process: a hearing, an inspection.
    return [
        child for child in exchange.children_of(unit, parent.id) if child.parent_task is not None
    ]


def _procedure(hall: Hall, unit: Unit, parent: Case) -> JointProcedure | None:
    return hall.library.shelf(unit).joint_procedures.get(parent.matter_no)


def _opinion(hall: Hall, unit: Unit, part: Case) -> Opinion:
    day = hall_day(part.closed_at or part.decided_at or unit.at)
    said = said_of(part.data.get(SAID), children.is_open(part), part.promised_due, day)
    given = said in (Said.AGREE, Said.CONDITIONAL, Said.DISAGREE)
    return Opinion(
        unit_no=part.unit_no,
        unit_name=hall.library.shelf(unit).units[part.unit_no].name,
        case_no=part.case_no,
        said=said,
        text=str(part.data.get(TEXT) or "") if given else "",
        law=str(part.data.get(LAW) or "") if given else "",
        given_at=part.decided_at if given else None,
    )


def _joined(decision: Decision) -> Joined:
    return Joined(
        outcome=str(decision.outcome["joint_outcome"]),
        others=str(decision.outcome["others"]),
        reason=str(decision.outcome["reason"]),
        row=f"{TABLE}#{decision.rows[0]}",
    )


def _do_with_others(hall: Hall, unit: Unit, parent: Case, joined: Joined) -> None:
    if joined.others not in (END, SUSPEND):
        return
    today = hall_day(unit.at)
    for part in sorted(_parts(unit, parent), key=lambda child: child.id):
        if not children.is_open(part):
            continue
        if joined.others == SUSPEND:
            _hold(unit, parent, part, joined.row)
            continue
        if part.promised_due is not None and today > part.promised_due:
            unit.record(
                SilenceTaken(case_id=part.id, due_on=part.promised_due.isoformat(), row=joined.row)
            )
        _end_part(hall, unit, parent, part)


def _end_part(hall: Hall, unit: Unit, parent: Case, part: Case) -> None:
    children.end(hall, unit, part.id)
    surveys.leave(unit, parent, part)
    unit.enqueue("case.child_ended", part.id, {"case_id": part.id}, case_id=part.id)


def _hold(unit: Unit, parent: Case, part: Case, row: str) -> None:
    if any(held.case_id == part.id for held in joint.holds_by(unit, parent.id)):
        return
    joint.hold(
        unit,
        Hold(
            id=unit.ids(),
            case_id=part.id,
            parent_id=parent.id,
            cause=REFUSAL,
            source_id=parent.id,
            row=row,
            held_at=unit.at,
        ),
    )
    unit.record(CaseHeld(case_id=part.id, cause=REFUSAL, source_id=parent.id, row=row))


def _settle(hall: Hall, unit: Unit, parent: Case, go_on: bool) -> None:
    held = joint.holds_by(unit, parent.id)
    if not held:
        raise Conflict("joint.not_held", case=parent.case_no)
    for one in held:
        part = cases.lock(unit, one.case_id)
        joint.release(unit, one.id)
        unit.record(CaseReleased(case_id=part.id, cause=one.cause, source_id=one.source_id))
        if not go_on and children.is_open(part):
            _end_part(hall, unit, parent, part)


def family_of(hall: Hall, unit: Unit, parent: Case) -> Family:
    """Return the family of a parent case; who may see it is asked before."""
    parts = _parts(unit, parent)
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    siblings = [
        Sibling(part.id, part.unit_no, part.promised_due, children.is_open(part)) for part in parts
    ]
    first = blocking(siblings, today, calendar)
    survey = joint.open_survey(unit, parent.id)
    dates = [next_date(siblings), survey.day if survey else None]
    return Family(
        parent=parent,
        lines=tuple(
            _line(hall, unit, part, blocks=part.id == first, today=today) for part in parts
        ),
        papers=tuple(cases.materials_of(unit, parent.id)),
        next_date=min((day for day in dates if day is not None), default=None),
        survey=survey,
        answer=joint.answer_of(unit, parent.id),
    )


def _line(hall: Hall, unit: Unit, part: Case, *, blocks: bool, today: date) -> ChildLine:
    shelf = hall.library.shelf(unit)
    is_open = children.is_open(part)
    due = part.promised_due
    return ChildLine(
        case=part,
        unit_name=shelf.units[part.unit_no].name,
        opinion=_opinion(hall, unit, part),
        due_on=due,
        left=days_left(today, due, shelf.calendar) if is_open and due else None,
        open=is_open,
        blocks=blocks,
        held=joint.hold_of(unit, part.id) if is_open else None,
        stopped=is_open and clocks.suspended(unit, part.id) is not None,
    )


def _issued(
    hall: Hall, unit: Unit, by: Official, parent: Case, procedure: JointProcedure
) -> JointAnswer:
    said = opinions(hall, unit, parent)
    year = hall_day(unit.at).year
    no = f"联审〔{year}〕{serials.next_serial(unit, f'joint_answer:{year}')}号"
    content: Mapping[str, object] = {
        "no": no,
        "case_no": parent.case_no,
        "procedure": procedure.name,
        "lead_unit": hall.library.shelf(unit).units[parent.unit_no].name,
        "legal_basis": procedure.legal_basis,
        "outcome": parent.outcome,
        "opinions": [one.plain() for one in said],
        "reason": parent.data.get("refuse_reason"),
        "law": parent.data.get("refuse_law"),
        "remedy": parent.data.get("refuse_remedy"),
        "decided_on": hall_day(parent.decided_at or unit.at),
    }
    made = JointAnswer(
        case_id=parent.id,
        no=no,
        outcome=str(parent.outcome),
        content=content,
        digest=fingerprint(dumps(content)),
        issued_at=unit.at,
        issued_by=by.id,
    )
    joint.add_answer(unit, made)
    unit.record(
        JointAnswerIssued(
            case_id=parent.id,
            answer_no=no,
            outcome=made.outcome,
            opinions=len(said),
            digest=made.digest,
        )
    )
    return made


def _read_all(by: Official, found: Case) -> None:
    if not by.may("case.read_all"):
        raise Forbidden("case.other_unit", case=found.case_no)
