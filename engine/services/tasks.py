"""A task in somebody's hands: locked with its case, still open, held by nobody else, allowed.

Shared by all that officials do with tasks; the functions take the open unit.
"""

from dataclasses import replace

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Invalid, Missing
from engine.services import procedure_rules, urgent
from engine.services.authority import Ruling, ruling
from engine.services.hall import Hall
from engine.storage import cases, joint, people
from engine.storage import tasks as rows
from engine.storage.unit import Unit

MAX_TEXT = 1000


def locked(unit: Unit, task_id: str) -> tuple[Task, Case]:
    """Return a task and its case, which nobody else changes until the unit ends."""
    case = cases.lock(unit, cases.task(unit, task_id).case_id)
    return cases.task(unit, task_id), case


def refuse_gone(unit: Unit, found: Task, by: Official) -> None:
    """Raise Conflict `task.done` for a task that is closed, `task.taken` for somebody else's."""
    if not found.is_open:
        raise Conflict("task.done", by=name(unit, found.done_by) or "", at=found.done_at)
    if found.holder_id not in (None, by.id):
        raise Conflict("task.taken", by=name(unit, found.holder_id) or "")


def ruled(hall: Hall, unit: Unit, by: Official, found: Task, case: Case) -> Ruling:
    """Say whether `by` may complete a task, here and now.

    Beside what posts and grants say, a child case that is held waits, a step that several do is
    done by different people, who reviewed a case does not chair its hearing, and a review of an
    urgent act is never his who acted.
    """
    answer = ruling(hall, unit, by, found, case)
    if not answer.verdict.allowed:
        return answer
    held = joint.hold_of(unit, case.id) if case.parent_id else None
    if held is not None and found.purpose is Purpose.STEP:
        return replace(answer, verdict=Verdict(False, f"joint.{held.cause}", held.row))
    if found.purpose is Purpose.STEP and by.id in rows.with_siblings(unit, found):
        return replace(answer, verdict=Verdict(False, "sibling"))
    excluded = procedure_rules.kept_out(hall, unit, by, found, case)
    if excluded is not None:
        return replace(answer, verdict=excluded)
    if found.purpose is Purpose.AFTER_REVIEW:
        return replace(answer, verdict=urgent.may_review(hall, unit, by, found, case))
    return answer


def consulting(unit: Unit, found: Task) -> list[str]:
    """Return the names of those whose opinion on a task was asked for and has not come (加签)."""
    return [name(unit, who) or "" for who in rows.asked_of(unit, found)]


def cancel(unit: Unit, task: Task) -> None:
    """Close a task that nobody needs to do any more."""
    cases.save_task(unit, replace(task, state=TaskState.CANCELLED))


def receiver(unit: Unit, account: str, by: Official) -> Official:
    """Return the colleague to whom something goes.

    Raises Missing `account.unknown`, Invalid `task.same_person` for the actor himself.
    """
    found = people.by_account(unit, account.strip())
    if found is None:
        raise Missing("account.unknown", account=account)
    if found[0].id == by.id:
        raise Invalid("task.same_person", field="account")
    return found[0]


def said(text: str, field: str) -> str:
    """Return a text without its margins; Invalid `task.text` when it is empty or far too long."""
    stripped = text.strip()
    if not stripped or len(stripped) > MAX_TEXT:
        raise Invalid("task.text", field=field, most=MAX_TEXT)
    return stripped


def name(unit: Unit, official_id: str | None) -> str | None:
    """Return the name of an official, None for nobody."""
    if official_id is None:
        return None
    official = people.official(unit, official_id)
    return official.name if official else None
