"""Which of the five outcomes of 行政许可法 art. 32 it is, its slip, and the acceptance itself.

The functions take the open unit; the acts stand in `intake` and `notices`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case, CaseState, Task, first_for, move
from engine.domain.clocks import JOINT, PROMISED, STATUTORY
from engine.domain.events.cases import Accepted
from engine.domain.events.intake import DeemedAccepted, SlipIssued
from engine.domain.matter import Matter
from engine.domain.notice import NOTICE_DAYS, Channel, Slip, slip_number
from engine.domain.people import Official
from engine.domain.working_time import days_left, due_on
from engine.kernel.errors import Conflict, Invalid
from engine.kernel.now import hall_day
from engine.processes.run import start
from engine.services import clocks, papers
from engine.services.hall import Hall
from engine.services.steps import Decider, follow
from engine.storage import cases, notices, serials
from engine.storage import clocks as clock_rows
from engine.storage.cases import CaseMaterial
from engine.storage.unit import Unit

TABLE = "acceptance"
ACCEPT, SUPPLEMENT, CORRECT = "accept", "supplement", "correct"
DECLINE, NO_LICENCE = "decline", "no_licence"
NOTICE = "notice"


@dataclass(frozen=True)
class Findings:
    """What the official sees that no row of the application says.

    `errors` are the fields that may be corrected on the spot; `defects` the papers that lie there
    but not in the form of the law, by number with what is wrong.
    """

    licence_needed: bool = True
    competent: bool = True
    errors: tuple[str, ...] = ()
    defects: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Judged:
    """What the table says of an application: outcome, kind of its slip, and the row.

    `deemed` when the law accepts because nobody gave notice in time; `missing` names the required
    papers that are not there.
    """

    outcome: str
    slip: str
    deemed: bool
    reason: str
    row: str
    legal_basis: str
    missing: tuple[str, ...]
    decision: Decision


@dataclass(frozen=True)
class Receipt:
    """What the applicant is told, and the steps that now wait for somebody.

    `slip` is the slip of the outcome; an application that was only entered has none yet.
    """

    case: Case
    opened: tuple[Task, ...] = ()
    slip: Slip | None = None

    def first_step_for(self, official: Official) -> Task | None:
        """Return the step that waits for this official's post in his unit, if there is one."""
        return first_for(official, self.opened)


def judge(
    hall: Hall,
    unit: Unit,
    pinned_at: datetime,
    rows: list[CaseMaterial],
    findings: Findings,
    *,
    notice_given: bool = False,
    days: int = 0,
) -> Judged:
    """Ask the table `acceptance`; `days` are the working days since the receipt."""
    wanting = papers.missing(rows)
    tolerated = [row for row in rows if row.required and row.state == papers.TOLERATED]
    decision = decide(
        hall.library.judging(unit, TABLE, pinned_at),
        {
            "licence_needed": findings.licence_needed,
            "competent": findings.competent,
            "notice_given": notice_given,
            "days_since_receipt": days,
            "correctable_errors": bool(findings.errors),
            "papers_complete": not wanting and not tolerated,
            "statutory_form": not findings.defects,
            "tolerable_gap": bool(tolerated) and not wanting,
        },
    )
    said = decision.outcome
    return Judged(
        outcome=str(said["accept_outcome"]),
        slip=str(said["slip"]),
        deemed=said["deemed_accepted"] is True,
        reason=str(said["reason"]),
        row=f"{TABLE}#{decision.rows[0]}",
        legal_basis="; ".join(decision.legal_basis),
        missing=tuple(wanting),
        decision=decision,
    )


def judge_case(
    hall: Hall,
    unit: Unit,
    case: Case,
    findings: Findings,
    rows: list[CaseMaterial] | None = None,
) -> Judged:
    """Ask the table about an application that was entered; `rows` are its papers as judged."""
    return judge(
        hall,
        unit,
        case.pinned_at,
        cases.materials_of(unit, case.id) if rows is None else rows,
        findings,
        notice_given=bool(notices.notices_of(unit, case.id)),
        days=days_since_receipt(hall, unit, case),
    )


def days_since_receipt(hall: Hall, unit: Unit, case: Case) -> int:
    """Return the working days since the receipt, above five once the limit has passed.

    The limit is that of the clock `notice`. A free day after its end counts as one day over,
    because the limit ended with the day before.
    """
    calendar = hall.library.shelf(unit).calendar
    left = days_left(hall_day(unit.at), notice_due(hall, unit, case), calendar)
    return max(0, NOTICE_DAYS - left)


def notice_due(hall: Hall, unit: Unit, case: Case) -> date:
    """Return the last day on which the one-time notice of an application is in time."""
    rows = [row for row in clock_rows.clocks_of(unit, case.id) if row.kind == NOTICE]
    if rows:
        return rows[-1].due_on
    received = hall_day(case.applied_at)
    return due_on(received, NOTICE_DAYS, hall.library.shelf(unit).calendar).day


def expect(judged: Judged, outcome: str) -> Judged:
    """Return what was judged; Conflict `intake.judged_otherwise` when it is another outcome."""
    if judged.outcome != outcome:
        raise Conflict(
            "intake.judged_otherwise",
            outcome=judged.outcome,
            wanted=outcome,
            reason=judged.reason,
            row=judged.row,
        )
    return judged


def keep(unit: Unit, case: Case, judged: Judged) -> None:
    """Store the decision of the table with its facts."""
    cases.add_decisions(unit, case.id, [(TABLE, judged.decision)])


def make_slip(
    unit: Unit,
    case: Case,
    judged: Judged,
    content: Mapping[str, object],
    channel: Channel = Channel.WINDOW,
) -> Slip:
    """Make out the slip of an outcome under the next number of its kind in the year.

    What is handed over at the window is delivered at once.
    """
    slip = Slip(
        id=unit.ids(),
        no=next_number(unit, judged.slip),
        kind=judged.slip,
        case_id=case.id,
        row=judged.row,
        content={**content, "reason": judged.reason, "legal_basis": judged.legal_basis},
        channel=channel,
        issued_at=unit.at,
        issued_by=unit.by.id,
        delivered_at=unit.at if channel is Channel.WINDOW else None,
    )
    put(unit, slip)
    return slip


def next_number(unit: Unit, kind: str) -> str:
    """Return the next number for a slip of a kind in this year."""
    year = hall_day(unit.at).year
    return slip_number(kind, year, serials.next_serial(unit, f"slip:{kind}:{year}"))


def put(unit: Unit, slip: Slip) -> None:
    """Store a slip and tell of it."""
    notices.add(unit, slip)
    unit.record(
        SlipIssued(
            case_id=slip.case_id, slip_id=slip.id, slip_no=slip.no, slip=slip.kind, row=slip.row
        )
    )


def accept(
    hall: Hall,
    unit: Unit,
    by: Official,
    case: Case,
    matter: Matter,
    rows: list[CaseMaterial],
    judged: Judged,
) -> Receipt:
    """Accept an application: the legal clocks start, its process runs to the first steps.

    Raises Invalid `intake.materials_missing`, Conflict `intake.judged_otherwise`.
    """
    if judged.missing and not judged.deemed:
        raise Invalid("intake.materials_missing", missing=list(judged.missing))
    expect(judged, ACCEPT)
    # By law a deemed acceptance happened when the application came in, and is judged as of then.
    at = case.applied_at if judged.deemed else unit.at
    accepted = _with_limits(hall, unit, by, case, matter, at)
    definition = hall.library.process(unit, case.process, case.process_version)
    decider, facts = Decider(hall, unit, at), _facts(hall, unit, case, matter)
    step = start(definition, facts, decider, unit.at, calendar=decider.calendar)
    keep(unit, case, judged)
    _tell_acceptance(unit, accepted, rows, judged)
    papers.give_time(hall, unit, case, rows)
    slip = _acceptance_slip(unit, accepted, rows, judged)
    accepted, opened = follow(hall, unit, by, accepted, matter, step)
    unit.enqueue("notice.send", f"{case.id}:accepted", {"case_id": case.id}, lane="outside")
    return Receipt(cases.update(unit, accepted, case.rev), opened, slip)


def _with_limits(
    hall: Hall, unit: Unit, by: Official, case: Case, matter: Matter, at: datetime
) -> Case:
    """Return the case accepted as of a moment, its clocks running from that day."""
    day = hall_day(at)
    promised = clocks.open_clock(hall, unit, case, PROMISED, matter.promised_days, day)
    joint = hall.library.shelf(unit).joint_procedures.get(matter.no)
    kind, days = (JOINT, joint.statutory_days) if joint else (STATUTORY, matter.statutory_days)
    statutory = clocks.open_clock(hall, unit, case, kind, days, day)
    return replace(
        case,
        state=move(case.state, CaseState.ACCEPTED),
        accepted_at=at,
        accepted_by=by.id,
        promised_due=promised.day,
        statutory_due=statutory.day,
        provisional=promised.provisional or statutory.provisional,
    )


def _tell_acceptance(unit: Unit, case: Case, rows: list[CaseMaterial], judged: Judged) -> None:
    if judged.deemed:
        received = hall_day(case.applied_at).isoformat()
        unit.record(DeemedAccepted(case_id=case.id, received_on=received, row=judged.row))
    unit.record(
        Accepted(
            case_id=case.id,
            process=case.process,
            process_version=case.process_version,
            promised_due=str(case.promised_due),
            statutory_due=str(case.statutory_due),
            provisional=case.provisional,
            materials={str(row.no): row.state for row in rows},
        )
    )


def _acceptance_slip(unit: Unit, case: Case, rows: list[CaseMaterial], judged: Judged) -> Slip:
    content = {
        "accepted_on": hall_day(case.accepted_at or unit.at),
        "deemed": judged.deemed,
        "promised_due": case.promised_due,
        "statutory_due": case.statutory_due,
        "papers": [[row.no, row.name, row.state] for row in rows],
    }
    # Nobody stands at the window when the law accepts for want of an answer.
    channel = Channel.POST if judged.deemed else Channel.WINDOW
    return make_slip(unit, case, judged, content, channel)


def _facts(hall: Hall, unit: Unit, case: Case, matter: Matter) -> dict[str, object]:
    joint = hall.library.shelf(unit).joint_procedures.get(matter.no)
    units = [no for no in joint.unit_nos if no != matter.unit_no] if joint else []
    return {
        **case.data,
        "matter_type": matter.type.code,
        "applicant_kind": case.applicant_kind,
        "units": units,
        **(
            {"project_phase": joint.phase, "silence_consents": joint.silence_consents}
            if joint
            else {}
        ),
    }
