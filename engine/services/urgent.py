"""Special disposal of urgent matters (特别处置权): each use is reviewed by another person.

What the paper tolerance of an application does stands in `intake`; here it is allowed.
"""

from dataclasses import replace

from engine.domain.case import Case, CaseState, Purpose, Task
from engine.domain.events.work import UrgentReviewed, UrgentUsed
from engine.domain.people import Official
from engine.domain.urgent import KINDS, REVIEWING_POSTS, UrgentUse
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import authority, beside, clocks
from engine.services.authority import Ruling, record_act_refused, refused
from engine.services.hall import Hall
from engine.storage import cases, people
from engine.storage import urgent as rows
from engine.storage.unit import Unit

POWER, DUTY = "urgent", "urgent_review"
NAME, FORM = "特别处置复核", "beside.after_review"
FINDING = "after_review_finding"
MAX_REASON = 1000


def use(hall: Hall, by: Official, case_id: str, kind: str, reason: str, seen: int) -> UrgentUse:
    """Handle an urgent case apart: out of order, with papers tolerated, or in shorter time.

    The case stands first in every inbox from now on, and another person of the unit gets the
    review, due in the working days of the setting. Raises Invalid `urgent.kind`, `urgent.reason`;
    Forbidden `authority.refused` without the power (the try is kept); Conflict `case.changed`,
    `case.not_in_state` after the decision, `urgent.nobody` when nobody is there to review it.
    """
    if kind not in KINDS:
        raise Invalid("urgent.kind", field="kind", value=kind)
    why = reason.strip()
    if not why or len(why) > MAX_REASON:
        raise Invalid("urgent.reason", field="reason", most=MAX_REASON)
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id, seen)
        if case.state not in (CaseState.APPLIED, CaseState.ACCEPTED):
            raise Conflict("case.not_in_state", state=case.state.value, wanted="accepted")
        answer = authority.may(hall, unit, by, POWER, case)
        if answer.verdict.allowed:
            return _use(hall, unit, by, case, kind, why, answer)
        record_act_refused(unit, case, f"urgent.{kind}", POWER, answer.verdict)
    raise refused(answer.verdict)


def uses(hall: Hall, by: Official, case_id: str) -> list[UrgentUse]:
    """Return the uses of the power in a case; Forbidden `case.other_unit` for a stranger."""
    with hall.reading() as unit:
        case = cases.case(unit, case_id)
        if by.unit_no != case.unit_no and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        return rows.of_case(unit, case_id)


def may_review(hall: Hall, unit: Unit, by: Official, task: Task, case: Case) -> Verdict:
    """Say whether `by` may review the use that a task speaks of: never who used the power."""
    reviewed = rows.by_task(unit, task.id)
    own = reviewed is not None and by.id in reviewed.excluded
    return authority.exclusion(hall, unit, by, case, DUTY, used_urgent=own)


def reviewed(hall: Hall, unit: Unit, by: Official, done: Task, case: Case) -> Case:
    """Keep what the review of a use found; the case goes on as it stands."""
    found = rows.by_task(unit, done.id)
    if found is None:
        return case
    finding = str(done.answers[FINDING])
    rows.save_review(unit, replace(found, finding=finding, reviewed_by=by.id, reviewed_at=unit.at))
    unit.record(UrgentReviewed(case_id=case.id, use_id=found.id, task_id=done.id, finding=finding))
    return case


def _use(
    hall: Hall, unit: Unit, by: Official, case: Case, kind: str, reason: str, answer: Ruling
) -> UrgentUse:
    day = clocks.due(hall, unit, hall_day(unit.at), hall.rules.urgent_review_days).day
    task = beside.open_task(
        hall,
        unit,
        case,
        Purpose.AFTER_REVIEW,
        NAME,
        FORM,
        roles=_reviewers(unit, by, case, answer),
        unit_no=case.unit_no,
        due_on=day,
    )
    used = UrgentUse(
        id=unit.ids(),
        case_id=case.id,
        kind=kind,
        reason=reason,
        used_by=by.id,
        used_at=unit.at,
        mandate_no=answer.mandate_no,
        acting_for=answer.acting_for,
        task_id=task.id,
        due_on=day,
    )
    rows.add(unit, used)
    if answer.decision is not None:
        cases.add_decisions(unit, case.id, [(task.id, answer.decision)])
    unit.record(
        UrgentUsed(
            case_id=case.id,
            use_id=used.id,
            urgency=kind,
            reason=reason,
            task_id=task.id,
            due_on=day.isoformat(),
            row=answer.verdict.row,
            mandate_no=answer.mandate_no,
            acting_for=answer.acting_for,
        )
    )
    cases.update(unit, replace(case, urgent_at=case.urgent_at or unit.at), case.rev)
    return used


def _reviewers(unit: Unit, by: Official, case: Case, answer: Ruling) -> tuple[str, ...]:
    """Return the posts of the unit that hold somebody else, so that it waits for nobody's own."""
    own = (by.id, answer.acting_for)
    held = {
        other.post
        for other in people.officials(unit)
        if other.unit_no == case.unit_no and other.id not in own
    }
    posts = tuple(post for post in REVIEWING_POSTS if post in held)
    if not posts:
        raise Conflict("urgent.nobody", case=case.case_no)
    return posts
