"""Runs a case until it waits for people, events or nothing more, and says what came of it.

What `engine.processes.run` and the modules beside it share: the values of a step, the driver.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Conflict, Invalid
from engine.processes import events, scope, state
from engine.processes.definition import Definition
from engine.processes.exchange import Awaited, ScriptDone, Thrown
from engine.processes.prune import prune
from engine.processes.spiff import Environment, Made, drawn_id
from engine.processes.step import UserTask
from engine.processes.timing import next_due

READY = TaskState.READY
BUDGET = 500
MADE_END = "hall_done_"
HOLDER = "holder"


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for somebody; `step` is the drawn id.

    `item` is what an instance of a multi-instance task is about, e.g. the number of a unit;
    `holder` the id of the official to whom it was given when it opened; `child` the process of
    the child case that completes it in place of a person.
    """

    id: str
    step: str
    name: str
    roles: tuple[str, ...]
    power: str | None
    form: str | None
    days: int | None
    item: object | None = None
    holder: str | None = None
    child: str | None = None


@dataclass(frozen=True)
class Step:
    """What a command made of a case.

    `state` is to be stored as it is, with the case's version; `open` are all tasks that wait for
    somebody now, `opened` those of this command, `closed` the ids of tasks that no longer wait;
    `data` are the case's variables; `end` is the drawn id of the end event reached when the case
    `ended`; `next_due` is when `wake` should be called (UTC), None for never.
    `thrown` are signals and messages for other cases, `awaits` those that the case waits for now;
    `failure` is the code ("" without one) of an error that ended the case because nobody caught
    it; `scripts` are the script tasks that completed, in order.
    """

    state: bytes
    open: tuple[OpenTask, ...]
    opened: tuple[OpenTask, ...]
    closed: tuple[str, ...]
    decisions: tuple[Made, ...]
    data: dict[str, object]
    ended: bool
    end: str | None
    next_due: datetime | None
    thrown: tuple[Thrown, ...] = ()
    awaits: tuple[Awaited, ...] = ()
    failure: str | None = None
    scripts: tuple[ScriptDone, ...] = ()


def find(
    definition: Definition, case: BpmnWorkflow, environment: Environment, task_id: str
) -> tuple[frozenset[str], str | None, Any]:
    """Return the tasks open before, the end passed by due timers, and the task that waits.

    Raises Conflict `task.not_ready` (task) for a task that does not wait (any more).
    """
    before = frozenset(task.id for task in waiting_tasks(case))
    last = settle(definition, case, environment) if case.event_manager.tasks else None
    task = next((task for task in waiting_tasks(case) if task.id == task_id), None)
    if task is None:
        raise Conflict("task.not_ready", task=task_id)
    return before, last, task


def finish(
    definition: Definition,
    case: BpmnWorkflow,
    environment: Environment,
    before: frozenset[str],
    end: str | None,
) -> Step:
    """Run on from what a command did, and say what came of it; `before` are the tasks open then.

    `end` is the end event that the command itself has passed. Raises as `run.advance`.
    """
    end = settle(definition, case, environment) or end
    waiting = [_open(definition, task) for task in waiting_tasks(case)]
    now_open = {task.id for task in waiting}
    prune(case)
    return Step(
        state=state.dump(case, definition),
        open=tuple(waiting),
        opened=tuple(task for task in waiting if task.id not in before),
        closed=tuple(sorted(before - now_open)),
        decisions=tuple(environment.made),
        data=case.task_tree.data,
        ended=case.completed,
        end=end if case.completed else None,
        next_due=due_next(case),
        thrown=tuple(environment.thrown),
        awaits=events.awaited(case),
        failure=environment.failure,
        scripts=tuple(environment.scripts),
    )


def settle(definition: Definition, case: BpmnWorkflow, environment: Environment) -> str | None:
    """Run what needs no person until nothing is left; return the last end event of the process.

    The timer whose time came first, then one task after the other, events before others: a host
    that completes before its event would lose the event (handbook D19, D21).
    """
    end: str | None = None
    steps = 0
    while True:
        if definition.conditional:
            events.ask_conditions(case)
        ready = ready_tasks(case)
        if not ready and not (case.event_manager.tasks and events.fire_next(case, environment.now)):
            return end
        while ready:
            task = _first(ready)
            spec = task.task_spec
            steps += 1
            if steps > BUDGET:
                raise Invalid(
                    "process.endless", element=drawn_id(spec), name=_named(spec), limit=BUDGET
                )
            go(task)
            if isinstance(spec, EndEvent) and _is_of_process(task, case):
                end = spec.bpmn_id
            if environment.failure is not None:
                case.cancel()
                return drawn_id(spec)
            if definition.conditional:
                events.ask_conditions(case)
            ready = ready_tasks(case)


def _first(ready: list[Any]) -> Any:
    """Return what runs next: what interrupts, the outer scope first, then other events."""
    event = None
    for task in ready:
        if isinstance(task.task_spec, CatchingEvent):
            if getattr(task.task_spec, "cancel_activity", False):
                return task
            event = event or task
    return event or ready[0]


def _is_of_process(task: Any, case: BpmnWorkflow) -> bool:
    """Return whether an end event is one of the process itself or of its event sub-processes."""
    if task.task_spec.bpmn_id.startswith(MADE_END):
        return False
    workflow = task.workflow
    return workflow is case or (
        workflow.parent_workflow is case
        and f"{events.BODY}{case.spec.name}" in case.spec.task_specs
    )


def go(task: Any) -> None:
    """Let one task run; what Spiff itself refuses becomes Invalid `process.engine`."""
    try:
        task.run()
    except SpiffWorkflowException as error:
        spec = task.task_spec
        raise Invalid(
            "process.engine", element=drawn_id(spec), name=_named(spec), said=str(error.args[0])
        ) from error


def ready_tasks(case: BpmnWorkflow) -> list[Any]:
    """Return the tasks of a case that may run now and need nobody, at any depth."""
    found = [
        task for task in case.tasks.values() if task._state == READY and not task.task_spec.manual
    ]
    for part in case.subprocesses.values():
        if not part.completed:
            found += [
                task
                for task in part.tasks.values()
                if task._state == READY and not task.task_spec.manual
            ]
    return found


def waiting_tasks(case: BpmnWorkflow) -> list[Any]:
    """Return the tasks of a case that wait for somebody, at any depth."""
    found = [task for task in case.tasks.values() if task._state == READY and task.task_spec.manual]
    for part in case.subprocesses.values():
        if not part.completed:
            found += [
                task
                for task in part.tasks.values()
                if task._state == READY and task.task_spec.manual
            ]
    return found


def _open(definition: Definition, task: Any) -> OpenTask:
    drawn = definition.tasks[task.task_spec.bpmn_id]
    item = task.internal_data.get("item")
    return OpenTask(
        id=task.id,
        step=drawn.id,
        name=drawn.name,
        roles=drawn.roles,
        power=drawn.power,
        form=drawn.form,
        days=drawn.days,
        item=next(iter(item.values())) if item else None,
        holder=_holder(drawn, task),
        child=drawn.child,
    )


def _holder(drawn: UserTask, task: Any) -> str | None:
    """Return to whom a task was given; kept with it, since the variable may change later."""
    if drawn.holder is None:
        return None
    if HOLDER not in task.internal_data:
        found = scope.seen(task).get(drawn.holder)
        if not isinstance(found, str) or not found.strip():
            raise Invalid(
                "process.holder",
                element=drawn.id,
                name=drawn.name,
                variable=drawn.holder,
                found="" if found is None else str(found),
            )
        task.internal_data[HOLDER] = found
    holder: str = task.internal_data[HOLDER]
    return holder


def due_next(case: BpmnWorkflow) -> datetime | None:
    """Return when the first timer of a case is due (UTC), None for never."""
    dues = map(next_due, events.listening(case))
    return min((due for due in dues if due is not None), default=None)


def _named(spec: Any) -> str:
    return str(spec.bpmn_name or "")
