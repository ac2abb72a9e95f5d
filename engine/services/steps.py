"""Writes down what one step of a process changed: tasks, messages, decisions, the outcome.

Shared by every act that moves a case; it takes the open unit and commits nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from engine.decisions.decide import Decision, decide
from engine.domain.case import Case, Task, TaskState
from engine.domain.events.cases import TaskOpened
from engine.domain.events.exchange import MessageSent
from engine.domain.facts import plain_facts
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.domain.working_time import Calendar
from engine.kernel.errors import Invalid
from engine.kernel.now import hall_day
from engine.processes.definition import Definition
from engine.processes.run import OpenTask, Step, Thrown, start
from engine.services import beside, children, clocks, duties, outcomes, seals
from engine.services.hall import Hall
from engine.storage import cases, exchange, people
from engine.storage.unit import Unit


class Decider:
    """Answers the business rule tasks of a case, by the versions that its acceptance pinned."""

    def __init__(self, hall: Hall, unit: Unit, accepted_at: datetime) -> None:
        self._hall, self._unit, self._accepted_at = hall, unit, accepted_at

    def __call__(self, table: str, facts: Mapping[str, object]) -> Decision:
        judging = self._hall.library.judging(self._unit, table, self._accepted_at)
        return decide(judging, plain_facts(facts))

    def calendar(self) -> Calendar:
        """Return the working days of the hall, for the timers that count them."""
        return self._hall.library.shelf(self._unit).calendar


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
    definition = hall.library.process(unit, case.process, case.process_version)
    opened = _open_tasks(hall, unit, case, [one for one in step.opened if one.child is None])
    gone = [task_id for task_id in step.closed if task_id != done]
    cases.cancel_tasks(unit, gone)
    beside.cancel_of(unit, case.id, gone)
    if definition.processes:
        children.end_all(hall, unit, case.id, frozenset(gone))
        for one in step.opened:
            if one.child is not None:
                _begin_child(hall, unit, by, case, one, one.child)
    cases.add_decisions(
        unit, case.id, [(one.task, as_decision(one.decision)) for one in step.decisions]
    )
    _exchange(unit, case, definition, step)
    if step.ended:
        case = duties.after_decision(hall, unit, outcomes.decided(unit, by, case, matter, step.end))
        seals.stamp(hall, unit, by, case)
    return case, opened


def _exchange(unit: Unit, case: Case, definition: Definition, step: Step) -> None:
    """Note what the case waits for from others, and leave jobs for what it throws to them."""
    if definition.listens:
        awaits = [(one.kind, one.name, one.element) for one in step.awaits]
        exchange.note_awaited(unit, case.id, awaits)
    for place, thrown in enumerate(step.thrown):
        unit.record(
            MessageSent(case_id=case.id, sent_as=thrown.kind, name=thrown.name, step=thrown.element)
        )
        # A case gets another revision with each commit, so this throw is named once for all.
        unit.enqueue(
            "case.tell",
            f"{case.id}:{case.rev}:{place}",
            {
                "case_id": case.id,
                "kind": thrown.kind,
                "name": thrown.name,
                "element": thrown.element,
                "data": dict(thrown.data),
            },
            case_id=case.id,
        )


def begin(
    hall: Hall,
    unit: Unit,
    by: Official,
    parent: Case,
    process: str,
    unit_no: int,
    *,
    task_id: str | None = None,
    days: int | None = None,
    data: Mapping[str, object] | None = None,
    thrown: Thrown | None = None,
) -> Case:
    """Enter a child case of `parent` and let it run to its first tasks; see `children.enter`.

    `data` are variables that it has beside those of the parent, by plain keys. With `thrown` it
    starts at the event that waits for this message or signal.
    """
    child = children.enter(hall, unit, parent, process, unit_no, task_id, days)
    definition = hall.library.process(unit, child.process, child.process_version)
    decider = Decider(hall, unit, child.accepted_at or unit.at)
    variables = {**child.data, **(data or {})}
    step = start(definition, variables, decider, unit.at, thrown, calendar=decider.calendar)
    matter = hall.library.matter(unit, child.matter_no)
    followed, _ = follow(hall, unit, by, child, matter, step)
    return cases.update(unit, followed, child.rev)


def as_decision(made: object) -> Decision:
    """Return what `Decider` had answered; a process hands it through as it is."""
    if not isinstance(made, Decision):
        raise TypeError("a process returned a decision that is none")
    return made


def _begin_child(
    hall: Hall, unit: Unit, by: Official, parent: Case, call: OpenTask, process: str
) -> None:
    unit_no = _unit_no(call, parent, None)
    begin(hall, unit, by, parent, process, unit_no, task_id=call.id, days=call.days)


def _open_tasks(hall: Hall, unit: Unit, case: Case, opened: Iterable[OpenTask]) -> tuple[Task, ...]:
    today = hall_day(unit.at)
    tasks = []
    for one in opened:
        due = clocks.due(hall, unit, today, one.days).day if one.days else None
        version = hall.library.in_force(unit, "form", one.form, today) if one.form else None
        holder = _holder(unit, one)
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
                unit_no=_unit_no(one, case, holder),
                state=TaskState.CLAIMED if holder else TaskState.OFFERED,
                opened_at=unit.at,
                due_on=due,
                holder_id=holder.id if holder else None,
                limit_days=one.days,
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


def _unit_no(one: OpenTask, case: Case, holder: Official | None) -> int:
    """The unit of a step: its holder's, the item of a step per unit, else that of the case."""
    if holder is not None:
        return holder.unit_no or case.unit_no
    return int(str(one.item)) if one.item is not None else case.unit_no


def _holder(unit: Unit, one: OpenTask) -> Official | None:
    """The official to whom the process gives a step; Invalid `process.holder` for a stranger."""
    if one.holder is None:
        return None
    found = people.official(unit, one.holder)
    if found is None:
        raise Invalid(
            "process.holder", element=one.step, name=one.name, variable="", found=one.holder
        )
    return found
