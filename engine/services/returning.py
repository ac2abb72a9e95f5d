"""A case goes a step back: sent back to an earlier step (退回), or taken back by who did it (拿回).

Its legal clocks go on and nothing starts anew (M-REV-3); what was answered before stays.
"""

from dataclasses import replace

from engine.domain.case import Case, CaseState, Purpose, Task, TaskState
from engine.domain.events.work import SentBack, TakenBack
from engine.domain.people import Official
from engine.kernel.errors import Conflict, Forbidden
from engine.processes import returning
from engine.services.authority import record_refusal, refused
from engine.services.hall import Hall
from engine.services.steps import Decider, follow
from engine.services.tasks import locked, name, refuse_gone, ruled, said
from engine.services.work import Completed
from engine.storage import cases
from engine.storage.unit import Unit


def send_back(
    hall: Hall, by: Official, task_id: str, to_step: str, reason: str, seen: int
) -> Completed:
    """Send a case back from the step in hand to an earlier one, which is offered again.

    Raises Invalid `task.text` without a reason; Conflict `task.done`, `task.taken`,
    `case.changed`, `process.cannot_send_back` where the drawing does not allow it;
    Forbidden `authority.refused` for one who could not complete the step (the try is kept).
    """
    why = said(reason, "reason")
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        cases.refuse_changed(case, seen)
        verdict = ruled(hall, unit, by, found, case).verdict
        if verdict.allowed:
            unit.record(SentBack(case_id=case.id, task_id=found.id, step=to_step, reason=why))
            return _go_back(hall, unit, by, found, case, to_step)
        record_refusal(unit, found, verdict)
    raise refused(verdict)


def take_back(hall: Hall, by: Official, task_id: str, seen: int) -> Completed:
    """Take back the step that one has just done, while nobody has the next in hand.

    The step waits again and is held by him. Raises Forbidden `task.not_mine`; Conflict
    `task.not_last` when a later step was done or nothing waits, `task.next_taken`,
    `case.changed`, `process.cannot_send_back`.
    """
    with hall.unit(by) as unit:
        done, case = locked(unit, task_id)
        cases.refuse_changed(case, seen)
        if done.done_by != by.id:
            raise Forbidden("task.not_mine")
        following = _following(unit, done, case)
        unit.record(TakenBack(case_id=case.id, task_id=done.id, step=done.step))
        gone = _go_back(hall, unit, by, following, case, done.step)
        held = tuple(replace(one, state=TaskState.CLAIMED, holder_id=by.id) for one in gone.opened)
        for one in held:
            cases.save_task(unit, one)
        return replace(gone, opened=held)


def _following(unit: Unit, done: Task, case: Case) -> Task:
    """Return the step that waits since `done`; refuse when it is in hand, done or not there."""
    steps = [one for one in cases.tasks_of(unit, case.id) if one.purpose is Purpose.STEP]
    waiting = [one for one in steps if one.is_open]
    last = max((one for one in steps if one.done_at), key=lambda one: (one.done_at, one.id))
    if case.state is not CaseState.ACCEPTED or last.id != done.id or not waiting:
        raise Conflict("task.not_last")
    taken = next((one for one in waiting if one.holder_id is not None), None)
    if taken is not None:
        raise Conflict("task.next_taken", by=name(unit, taken.holder_id) or "")
    return waiting[0]


def _go_back(
    hall: Hall, unit: Unit, by: Official, found: Task, case: Case, to_step: str
) -> Completed:
    decider = Decider(hall, unit, case.pinned_at)
    step = returning.send_back(
        hall.library.process(unit, case.process, case.process_version),
        case.process_state or b"",
        found.id,
        to_step,
        {step for step, _ in cases.done_by(unit, case.id)},
        decider,
        unit.at,
        decider.calendar,
    )
    matter = hall.library.matter(unit, case.matter_no)
    followed, opened = follow(hall, unit, by, case, matter, step)
    return Completed(cases.update(unit, followed, case.rev), opened)
