"""Child cases: entered for a parent, listed for it, ended with it.

The functions take the open unit. How a child begins to run stands in `steps`.
"""

from dataclasses import replace

from engine.domain.case import Case, CaseState, move
from engine.domain.clocks import PROMISED
from engine.domain.codes import child_number
from engine.domain.events.exchange import ChildOpened, EndedByParent, OpenedByParent
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_day
from engine.services import clocks
from engine.services.hall import Hall
from engine.storage import cases, exchange, serials
from engine.storage.unit import Unit

# Processes that open each other as children would go on for ever.
MOST_GENERATIONS = 5


def enter(
    hall: Hall,
    unit: Unit,
    parent: Case,
    process: str,
    unit_no: int,
    task_id: str | None = None,
    days: int | None = None,
) -> Case:
    """Store a child case of `parent` in the version of `process` that is in force today.

    It has the parent's applicant and variables and the moment of its acceptance, which pins the
    tables; `task_id` is the parent's task that it answers; with `days` (working days) it has a
    promise and a watch of its own, else the parent's days are its own. Nothing has run yet.

    Raises Invalid `case.generations` for a child of too many generations, Missing
    `definition.none` when the process is not in force.
    """
    _refuse_deep(unit, parent, process)
    today = hall_day(unit.at)
    promised = clocks.due(hall, unit, today, days) if days else None
    version = hall.library.in_force(unit, "process", process, today)
    serial = serials.next_serial(unit, f"child:{parent.id}")
    child = replace(
        parent,
        id=unit.ids(),
        case_no=child_number(parent.case_no, serial),
        unit_no=unit_no,
        state=CaseState.ACCEPTED,
        rev=0,
        process=process,
        process_version=version,
        process_state=None,
        applied_at=unit.at,
        applied_by=unit.by.id,
        ticket_id=None,
        window_no=None,
        passed_at=None,
        promised_due=promised.day if promised else parent.promised_due,
        provisional=parent.provisional or (promised is not None and promised.provisional),
        next_due=None,
        parent_id=parent.id,
        parent_task=task_id,
    )
    sealed = cases.applicant(unit, parent.id)
    cases.insert(
        unit,
        child,
        matter_type=hall.library.matter(unit, parent.matter_no).type.code,
        applicant_id=sealed.id_number,
        applicant_phone=sealed.phone,
        agent=sealed.agent,
        answers=cases.answers_of_application(unit, parent.id),
    )
    _record(unit, parent, child)
    if days and promised:
        clocks.open_clock(hall, unit, child, PROMISED, days)
    return child


def root_of(unit: Unit, case: Case) -> Case:
    """Return the case at the top of a family: its papers are those of all (M-PAR-4)."""
    while case.parent_id is not None:
        case = cases.case(unit, case.parent_id)
    return case


def end_all(hall: Hall, unit: Unit, parent_id: str, tasks: frozenset[str] | None = None) -> None:
    """Leave a job for each open child of a case; with `tasks` only for those that answer these."""
    for child in exchange.children_of(unit, parent_id):
        wanted = tasks is None or child.parent_task in tasks
        if wanted and is_open(child):
            unit.enqueue("case.end_child", child.id, {"case_id": child.id}, case_id=child.id)


def end(hall: Hall, unit: Unit, case_id: str) -> None:
    """End an open child case undecided, with its tasks, clocks and children; others are left."""
    case = cases.lock(unit, case_id)
    if case.parent_id is None or not is_open(case):
        return
    waiting = tuple(task.id for task in cases.tasks_of(unit, case.id) if task.is_open)
    cases.cancel_tasks(unit, waiting)
    clocks.close(unit, case.id)
    exchange.note_awaited(unit, case.id, ())
    unit.record(EndedByParent(case_id=case.id, parent_id=case.parent_id, cancelled=waiting))
    ended = replace(case, state=move(case.state, CaseState.ENDED), closed_at=unit.at, next_due=None)
    cases.update(unit, ended, case.rev)
    end_all(hall, unit, case.id)


def is_open(case: Case) -> bool:
    """Return whether a case is neither decided nor closed."""
    return case.closed_at is None and case.decided_at is None


def _refuse_deep(unit: Unit, parent: Case, process: str) -> None:
    generations, above = 1, parent.parent_id
    while above is not None:
        generations += 1
        above = cases.case(unit, above).parent_id
    if generations > MOST_GENERATIONS:
        raise Invalid(
            "case.generations", case=parent.case_no, process=process, limit=MOST_GENERATIONS
        )


def _record(unit: Unit, parent: Case, child: Case) -> None:
    unit.record(
        ChildOpened(
            case_id=parent.id,
            child_id=child.id,
            child_no=child.case_no,
            process=child.process,
            unit_no=child.unit_no,
            task_id=child.parent_task,
        )
    )
    unit.record(
        OpenedByParent(
            case_id=child.id,
            case_no=child.case_no,
            parent_id=parent.id,
            process=child.process,
            process_version=child.process_version,
            promised_due=child.promised_due.isoformat() if child.promised_due else None,
            statutory_due=child.statutory_due.isoformat() if child.statutory_due else None,
        )
    )
