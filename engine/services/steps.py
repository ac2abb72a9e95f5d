"""Writes down what one step of a process changed: tasks, clocks, decisions, the outcome.

Shared by every act that moves a case; it takes the open unit and commits nothing.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case, CaseState, Task, TaskState, move
from engine.domain.events import Decided, LicenceIssued, TaskOpened
from engine.domain.facts import plain_facts
from engine.domain.licence import USCC, Licence, licence_no, sealed
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.domain.working_time import due_on
from engine.kernel.now import hall_day
from engine.processes.run import OpenTask, Step
from engine.services.hall import Hall
from engine.storage import cases, licences, serials
from engine.storage.unit import Unit

GRANTED = "granted"


class Decider:
    """Answers the business rule tasks of a case, by the versions that its acceptance pinned."""

    def __init__(self, hall: Hall, unit: Unit, accepted_at: datetime) -> None:
        self._hall, self._unit, self._accepted_at = hall, unit, accepted_at

    def __call__(self, table: str, facts: Mapping[str, object]) -> Decision:
        judging = self._hall.library.judging(self._unit, table, self._accepted_at)
        return decide(judging, plain_facts(facts))


def follow(
    hall: Hall,
    unit: Unit,
    by: Official,
    case: Case,
    matter: Matter,
    step: Step,
    done: str | None = None,
) -> tuple[Case, tuple[Task, ...]]:
    """Store what `step` opened, closed and decided; `done` is the task that led to it.

    Returns the case as it stands then and the tasks that were opened. The case itself is not
    written: the caller does it once, with the revision it saw.
    """
    if step.next_due is not None and step.next_due != case.next_due:
        unit.enqueue(
            "case.wake",
            f"{case.id}:{step.next_due.isoformat()}",
            {"case_id": case.id},
            due_at=step.next_due,
            case_id=case.id,
        )
    case = replace(case, process_state=step.state, data=step.data, next_due=step.next_due)
    opened = _open_tasks(hall, unit, case, step.opened)
    cases.cancel_tasks(unit, [task_id for task_id in step.closed if task_id != done])
    cases.add_decisions(
        unit, case.id, [(one.task, as_decision(one.decision)) for one in step.decisions]
    )
    if step.ended:
        case = _end(unit, by, case, matter, step)
    return case, opened


def as_decision(made: object) -> Decision:
    """Return what `Decider` had answered; a process hands it through as it is."""
    if not isinstance(made, Decision):
        raise TypeError("a process returned a decision that is none")
    return made


def _open_tasks(
    hall: Hall, unit: Unit, case: Case, opened: tuple[OpenTask, ...]
) -> tuple[Task, ...]:
    today = hall_day(unit.at)
    calendar = hall.library.shelf(unit).calendar
    tasks = []
    for one in opened:
        due = due_on(today, one.days, calendar).day if one.days else None
        version = hall.library.in_force(unit, "form", one.form, today) if one.form else None
        tasks.append(
            Task(
                id=one.id,
                case_id=case.id,
                step=one.step,
                name=one.name,
                roles=one.roles,
                power=one.power,
                form=one.form,
                form_version=version,
                unit_no=int(str(one.item)) if one.item is not None else case.unit_no,
                state=TaskState.OFFERED,
                opened_at=unit.at,
                due_on=due,
            )
        )
        unit.record(
            TaskOpened(
                case_id=case.id,
                task_id=one.id,
                step=one.step,
                roles=one.roles,
                power=one.power,
                due_on=due.isoformat() if due else None,
            )
        )
    cases.open_tasks(unit, tasks)
    return tuple(tasks)


def _end(unit: Unit, by: Official, case: Case, matter: Matter, step: Step) -> Case:
    outcome = step.end or GRANTED
    decided = replace(
        case,
        state=move(case.state, CaseState.DECIDED),
        outcome=outcome,
        decided_at=unit.at,
        decided_by=by.id,
    )
    unit.record(Decided(case_id=case.id, outcome=outcome, step=step.end or ""))
    cases.close_clocks(unit, case.id)
    if outcome == GRANTED and matter.licence_name:
        _issue(unit, by, decided, matter)
    return decided


def _issue(unit: Unit, by: Official, case: Case, matter: Matter) -> None:
    year = hall_day(unit.at).year
    series = USCC if matter.licence_scheme == USCC else f"{matter.basic_code}:{year}"
    serial = serials.next_serial(unit, f"licence:{series}")
    answers = cases.answers_of_application(unit, case.id)
    licence = sealed(
        Licence(
            id=unit.ids(),
            no=licence_no(matter.licence_scheme, matter.basic_code, year, serial),
            case_id=case.id,
            matter_no=matter.no,
            name=matter.licence_name,
            holder=str(answers.get(matter.licence_holder) or case.applicant_name),
            content=answers,
            issued_at=unit.at,
            issued_by=by.id,
            digest="",
        )
    )
    licences.insert(unit, licence)
    unit.record(
        LicenceIssued(
            case_id=case.id, licence_id=licence.id, licence_no=licence.no, digest=licence.digest
        )
    )
