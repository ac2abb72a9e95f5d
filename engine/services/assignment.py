"""Who does a task: handed to a colleague (转办), an opinion asked for (加签), hurried (催办)."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from engine.domain.case import Case, Purpose, Task, TaskState
from engine.domain.events.work import ConsultAsked, ConsultWithdrawn, TaskHandedOver, Urged
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.domain.working_time import Calendar, due_on
from engine.kernel.errors import Conflict, Forbidden, Invalid
from engine.kernel.now import hall_day
from engine.services import beside, clocks
from engine.services.authority import record_refusal, refused, ruling
from engine.services.hall import Hall
from engine.services.tasks import (
    cancel,
    locked,
    receiver,
    refuse_gone,
    ruled,
    said,
)
from engine.storage import audit, cases
from engine.storage import tasks as rows
from engine.storage.unit import Unit

CONSULT_NAME, CONSULT_FORM = "加签意见", "beside.consult"
QUESTION = "consult_question"
MOST_DAYS = 60


def hand_over(
    hall: Hall, by: Official, task_id: str, to_account: str, reason: str, seen: int
) -> Task:
    """Hand a task to a colleague who may complete it, and return it in his hands.

    He who holds it may do so, or, while nobody does, who could complete it. Raises Invalid
    `task.text`, `task.same_person`; Missing `account.unknown`; Conflict `task.done`,
    `task.taken`, `case.changed`; Forbidden `authority.refused` with the verdict on the one of the
    two who may not (the try is kept).
    """
    why = said(reason, "reason")
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        cases.refuse_changed(case, seen)
        to = receiver(unit, to_account, by)
        verdict = may_assign(hall, unit, by, found, case)
        if verdict.allowed:
            verdict = ruled(hall, unit, to, found, case).verdict
        if verdict.allowed:
            handed = replace(found, state=TaskState.CLAIMED, holder_id=to.id)
            cases.save_task(unit, handed)
            unit.record(
                TaskHandedOver(
                    case_id=case.id, task_id=found.id, step=found.step, receiver=to.id, reason=why
                )
            )
            cases.update(unit, case, seen)
            _notify(unit, case, f"handed:{found.id}:{case.rev}", [found.id])
            return handed
        record_refusal(unit, found, verdict)
    raise refused(verdict)


def consult(
    hall: Hall, by: Official, task_id: str, to_account: str, question: str, days: int, seen: int
) -> Task:
    """Ask a named person for an opinion on a step, due in working days; the step waits for it.

    Raises Invalid `task.text`, `consult.days`, `task.same_person`; Missing
    `account.unknown`; Conflict `consult.again` while he has not answered, `consult.beside` for
    what is no step, and as `hand_over`.
    """
    asked = said(question, "question")
    if not 1 <= days <= MOST_DAYS:
        raise Invalid("consult.days", field="days", most=MOST_DAYS)
    with hall.unit(by) as unit:
        found, case = locked(unit, task_id)
        refuse_gone(unit, found, by)
        cases.refuse_changed(case, seen)
        to = receiver(unit, to_account, by)
        if found.purpose is not Purpose.STEP:
            raise Conflict("consult.beside")
        if to.id in rows.asked_of(unit, found):
            raise Conflict("consult.again", name=to.name)
        verdict = may_assign(hall, unit, by, found, case)
        if verdict.allowed:
            verdict, opened = _consult(hall, unit, found, case, to, asked, days)
            if opened is not None:
                cases.update(unit, case, seen)
                return opened
        record_refusal(unit, found, verdict)
    raise refused(verdict)


def withdraw_consult(hall: Hall, by: Official, task_id: str, seen: int) -> Task:
    """Withdraw the request for an opinion, so that its step waits no longer.

    Whoever has the step in hand may do so. Raises Conflict `task.done` when the opinion has come,
    `case.changed`, `consult.none` for another kind of task; Forbidden `authority.refused`.
    """
    with hall.unit(by) as unit:
        asked, case = locked(unit, task_id)
        if asked.purpose is not Purpose.CONSULT or asked.of_task is None:
            raise Conflict("consult.none")
        if not asked.is_open:
            refuse_gone(unit, asked, by)
        cases.refuse_changed(case, seen)
        found = cases.task(unit, asked.of_task)
        refuse_gone(unit, found, by)
        verdict = may_assign(hall, unit, by, found, case)
        if verdict.allowed:
            cancel(unit, asked)
            unit.record(
                ConsultWithdrawn(
                    case_id=case.id,
                    task_id=asked.id,
                    of_task=found.id,
                    step=found.step,
                    receiver=asked.holder_id or "",
                )
            )
            cases.update(unit, case, seen)
            return replace(asked, state=TaskState.CANCELLED)
        record_refusal(unit, found, verdict)
    raise refused(verdict)


def urge(hall: Hall, by: Official, case_id: str, text: str) -> tuple[Task, ...]:
    """Remind those who have the open tasks of a case in hand, or the posts that they wait for.

    Each person may do so once a working day; days off count with the working day after them.
    Returns the tasks. Raises Invalid `task.text`, Conflict `urge.again`, `urge.nothing` when
    nothing waits, Forbidden `case.other_unit`.
    """
    words = said(text, "text")
    with hall.unit(by) as unit:
        case = cases.lock(unit, case_id)
        tasks = cases.tasks_of(unit, case.id)
        units = {case.unit_no, *(task.unit_no for task in tasks)}
        if by.unit_no not in units and not by.may("case.read_all"):
            raise Forbidden("case.other_unit", case=case.case_no)
        waiting = tuple(task for task in tasks if task.is_open)
        if not waiting:
            raise Conflict("urge.nothing", case=case.case_no)
        calendar = hall.library.shelf(unit).calendar
        today = _working_day(hall_day(unit.at), calendar)
        if today in {_working_day(hall_day(at), calendar) for at in _urged(unit, case, by)}:
            raise Conflict("urge.again", case=case.case_no)
        ids = tuple(task.id for task in waiting)
        unit.record(Urged(case_id=case.id, tasks=ids, text=words))
        _notify(unit, case, f"urged:{by.id}:{today.isoformat()}", ids)
        return waiting


def urge_task(hall: Hall, by: Official, task_id: str, text: str) -> tuple[Task, ...]:
    """Remind those who have the case of a task in hand; as `urge`, and Missing `task.unknown`."""
    with hall.reading() as unit:
        case_id = cases.task(unit, task_id).case_id
    return urge(hall, by, case_id, text)


def may_assign(hall: Hall, unit: Unit, by: Official, found: Task, case: Case) -> Verdict:
    """Say whether `by` may give a task to somebody else, or ask somebody about it."""
    # Who holds a task gives it away even when he may no longer complete it himself.
    if found.holder_id == by.id:
        return Verdict(True, "ok")
    return ruled(hall, unit, by, found, case).verdict


def _consult(
    hall: Hall, unit: Unit, found: Task, case: Case, to: Official, question: str, days: int
) -> tuple[Verdict, Task | None]:
    """Open the task for the opinion, unless this person may not act today."""
    asked = replace(
        found, roles=(to.post,), unit_no=to.unit_no or 0, power=None, purpose=Purpose.CONSULT
    )
    verdict = ruling(hall, unit, to, asked, case).verdict
    if not verdict.allowed:
        return verdict, None
    day = clocks.due(hall, unit, hall_day(unit.at), days).day
    opened = beside.open_task(
        hall,
        unit,
        case,
        Purpose.CONSULT,
        CONSULT_NAME,
        CONSULT_FORM,
        roles=asked.roles,
        unit_no=asked.unit_no,
        holder_id=to.id,
        due_on=day,
        of_task=found.id,
        asked={QUESTION: question},
    )
    unit.record(
        ConsultAsked(
            case_id=case.id,
            task_id=opened.id,
            of_task=found.id,
            step=found.step,
            receiver=to.id,
            question=question,
            due_on=day.isoformat(),
        )
    )
    _notify(unit, case, f"consult:{opened.id}", [opened.id])
    return verdict, opened


def _urged(unit: Unit, case: Case, by: Official) -> list[datetime]:
    history = audit.events_of(unit, f"case:{case.id}")
    return [event.at for event in history if event.kind == Urged.__name__ and event.by == by.id]


def _working_day(day: date, calendar: Calendar) -> date:
    return day if calendar.is_working(day) else due_on(day, 1, calendar).day


def _notify(unit: Unit, case: Case, occasion: str, task_ids: Iterable[str]) -> None:
    unit.enqueue(
        "notice.send",
        f"{case.id}:{occasion}",
        {"case_id": case.id, "tasks": list(task_ids)},
        lane="outside",
        case_id=case.id,
    )
