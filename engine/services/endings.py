"""The end of a case that its applicant no longer wants (撤回)."""

from dataclasses import replace

from engine.domain.case import Case, CaseState, Purpose, move
from engine.domain.events.intake import Withdrawn
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Invalid
from engine.services import children, clocks, joint, papers
from engine.services.hall import Hall
from engine.storage import cases, exchange


def withdraw(hall: Hall, by: Official, case_id: str, reason: str, seen: int) -> Case:
    """Take an application back at its applicant's request, at any time before the decision.

    Open tasks are cancelled, a joint survey among them, which the event tells; clocks that stand
    still run again and all are closed; children end. Raises Invalid `ending.reason_missing`,
    Conflict `ending.child` (the parent is withdrawn, not its part), `case.changed`,
    `case.not_in_state`; Forbidden `intake.other_unit`.
    """
    if not reason.strip():
        raise Invalid("ending.reason_missing")
    with hall.unit(by) as unit:
        case = papers.locked(unit, by, case_id, seen)
        if case.parent_id is not None:
            raise Conflict("ending.child", case=case.case_no)
        state = move(case.state, CaseState.WITHDRAWN)
        waiting = [task for task in cases.tasks_of(unit, case.id) if task.is_open]
        while stop := clocks.suspended(unit, case.id):
            case = clocks.resume(hall, unit, case, stop.source_id)
        cases.cancel_tasks(unit, [task.id for task in waiting])
        joint.case_ended(unit, case)
        clocks.close(unit, case.id)
        exchange.note_awaited(unit, case.id, ())
        children.end_all(hall, unit, case.id)
        unit.record(
            Withdrawn(
                case_id=case.id,
                reason=reason.strip(),
                cancelled=tuple(task.id for task in waiting),
                surveys=tuple(task.id for task in waiting if task.purpose is Purpose.SURVEY),
            )
        )
        gone = replace(case, state=state, closed_at=unit.at, next_due=None)
        return cases.update(unit, gone, seen)
