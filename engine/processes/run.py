"""Bring a case one step on: start it, complete a task, let due timers fire; values in and out.

Nothing is kept between two commands: on any error the half-run case is dropped with its object.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.exceptions import SpiffWorkflowException
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Conflict, Invalid
from engine.processes import events, scope, state
from engine.processes.definition import Definition
from engine.processes.event_specs import entry_of
from engine.processes.exchange import Awaited, Observe, ScriptDone, Thrown
from engine.processes.plain import plain_variables
from engine.processes.prune import prune
from engine.processes.spiff import (
    Decide,
    DecisionLike,
    Engine,
    Environment,
    Made,
    drawn_id,
)
from engine.processes.timing import next_due

__all__ = [
    "Awaited",
    "Decide",
    "DecisionLike",
    "Made",
    "OpenTask",
    "ScriptDone",
    "Step",
    "Thrown",
    "advance",
    "receive",
    "start",
    "wake",
]

READY = TaskState.READY
BUDGET = 500
MADE_END = "hall_done_"


@dataclass(frozen=True)
class OpenTask:
    """A user task that waits for somebody; `step` is the drawn id.

    `item` is what an instance of a multi-instance task is about, e.g. the number of a unit.
    """

    id: str
    step: str
    name: str
    roles: tuple[str, ...]
    power: str | None
    form: str | None
    days: int | None
    item: object | None = None


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


def start(
    definition: Definition,
    data: Mapping[str, object],
    decide: Decide,
    now: datetime,
    by: Thrown | None = None,
    observe: Observe | None = None,
) -> Step:
    """Start a case with the variables `data` (plain values by plain keys).

    With `by` it starts at the event that waits for this message or signal; otherwise at its plain
    start. `observe` is told of each script that completes, even when the command then fails.

    Raises Conflict `process.not_awaited` (kind, name) when it does not start that way.
    Raises Invalid: `process.data`, and whatever the way to the first tasks raises (see
    `advance`).
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe)
    data = {**data, **by.data} if by is not None else data
    if by is not None:
        first = _starter(definition, by)
        environment.entry = entry_of(definition.spec, definition.parts, first)
    case = BpmnWorkflow(definition.spec, definition.parts, script_engine=Engine(environment))
    case.task_tree.data = plain_variables(data)
    if by is not None:
        _enter(case, first, by)
    return _finish(definition, case, environment, frozenset(), None)


def advance(
    definition: Definition,
    state_before: bytes,
    task_id: str,
    answers: Mapping[str, object],
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
) -> Step:
    """Complete the open task `task_id` with `answers` and go on to the next tasks.

    Timers that are due at `now` fire first. The answers become variables of the case, or stay
    with their instance of a multi-instance task.

    Raises Conflict `task.not_ready` (task) for a task that does not wait (any more).
    Raises Invalid: `process.undecided` for a condition that cannot be computed, `process.no_way`
    where no flow may be taken, `process.endless` after 500 steps without a person, `process.time`,
    `process.items`, `process.data`, `process.data_too_large`; each names the element.
    Raises Unavailable as `state.load`; an error of `decide` comes through as it is.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe)
    case = state.load(state_before, definition, Engine(environment))
    before = frozenset(task.id for task in _waiting(case))
    last = _settle(definition, case, environment) if case.event_manager.tasks else None
    task = next((task for task in _waiting(case) if task.id == task_id), None)
    if task is None:
        raise Conflict("task.not_ready", task=task_id)
    given = plain_variables(answers)
    scope.answer(task, given)
    _run(task)
    return _finish(definition, case, environment, before, last)


def receive(
    definition: Definition,
    state_before: bytes,
    thrown: Thrown,
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
) -> Step:
    """Bring a message or signal to a case that waits for it; its data become variables.

    Timers that are due at `now` fire first. A message goes to the first that waits, a signal to
    all. Raises Conflict `process.not_awaited` (kind, name) if nothing waits for it (any more),
    otherwise as `advance`.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe)
    case = state.load(state_before, definition, Engine(environment))
    before = frozenset(task.id for task in _waiting(case))
    last = _settle(definition, case, environment)
    case.task_tree.data.update(plain_variables(thrown.data))
    if case.completed or not events.hear(case, thrown.kind, thrown.name):
        raise Conflict("process.not_awaited", kind=thrown.kind, name=thrown.name)
    return _finish(definition, case, environment, before, last)


def wake(
    definition: Definition,
    state_before: bytes,
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
) -> Step:
    """Let the timers that are due at `now` fire, if any are; raises as `advance`."""
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe)
    case = state.load(state_before, definition, Engine(environment))
    before = frozenset(task.id for task in _waiting(case))
    return _finish(definition, case, environment, before, None)


def _finish(
    definition: Definition,
    case: BpmnWorkflow,
    environment: Environment,
    before: frozenset[str],
    end: str | None,
) -> Step:
    end = _settle(definition, case, environment) or end
    waiting = [_open(definition, task) for task in _waiting(case)]
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
        next_due=_next_due(case),
        thrown=tuple(environment.thrown),
        awaits=events.awaited(case),
        failure=environment.failure,
        scripts=tuple(environment.scripts),
    )


def _starter(definition: Definition, by: Thrown) -> Awaited:
    for awaited in definition.starters:
        if awaited.kind == by.kind and awaited.name in ("", by.name):
            return awaited
    raise Conflict("process.not_awaited", kind=by.kind, name=by.name)


def _enter(case: BpmnWorkflow, first: Awaited, by: Thrown) -> None:
    """Go on to the event that starts a case, and let it happen."""
    while True:
        for task in events.listening(case):
            if events.waits_at(task, first):
                events.deliver(task, by.kind, by.name)
                return
        _run(_ready(case)[0])


def _settle(definition: Definition, case: BpmnWorkflow, environment: Environment) -> str | None:
    """Run what needs no person until nothing is left; return the last end event of the process.

    The timer whose time came first, then one task after the other, events before others: a host
    that completes before its event would lose the event (handbook D19, D21).
    """
    end: str | None = None
    steps = 0
    while True:
        if definition.conditional:
            events.ask_conditions(case)
        ready = _ready(case)
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
            _run(task)
            if isinstance(spec, EndEvent) and _is_of_process(task, case):
                end = spec.bpmn_id
            if environment.failure is not None:
                case.cancel()
                return drawn_id(spec)
            if definition.conditional:
                events.ask_conditions(case)
            ready = _ready(case)


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


def _run(task: Any) -> None:
    try:
        task.run()
    except SpiffWorkflowException as error:
        spec = task.task_spec
        raise Invalid(
            "process.engine", element=drawn_id(spec), name=_named(spec), said=str(error.args[0])
        ) from error


def _ready(case: BpmnWorkflow) -> list[Any]:
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


def _waiting(case: BpmnWorkflow) -> list[Any]:
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
    )


def _next_due(case: BpmnWorkflow) -> datetime | None:
    dues = map(next_due, events.listening(case))
    return min((due for due in dues if due is not None), default=None)


def _named(spec: Any) -> str:
    return str(spec.bpmn_name or "")
