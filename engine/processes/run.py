"""Bring a case one step on: start it, complete a task, let due timers fire; values in and out.

Nothing is kept between two commands: on any error the half-run case is dropped with its object.
"""

from collections.abc import Mapping
from datetime import UTC, datetime

from SpiffWorkflow.bpmn.workflow import BpmnWorkflow

from engine.kernel.errors import Conflict
from engine.processes import driving, events, scope, state
from engine.processes.definition import Definition
from engine.processes.driving import OpenTask, Step
from engine.processes.event_specs import entry_of
from engine.processes.exchange import Awaited, Observe, ScriptDone, Thrown
from engine.processes.formulas import AskCalendar
from engine.processes.plain import plain_variables
from engine.processes.postponing import Postponed, postpone
from engine.processes.returning import send_back
from engine.processes.spiff import Decide, DecisionLike, Engine, Environment, Made

__all__ = [
    "Awaited",
    "Decide",
    "DecisionLike",
    "Made",
    "OpenTask",
    "Postponed",
    "ScriptDone",
    "Step",
    "Thrown",
    "advance",
    "answer",
    "postpone",
    "receive",
    "send_back",
    "start",
    "wake",
]


def start(
    definition: Definition,
    data: Mapping[str, object],
    decide: Decide,
    now: datetime,
    by: Thrown | None = None,
    observe: Observe | None = None,
    calendar: AskCalendar | None = None,
) -> Step:
    """Start a case with the variables `data` (plain values by plain keys).

    With `by` it starts at the event that waits for this message or signal; otherwise at its plain
    start. `observe` is told of each script that completes, even when the command then fails;
    `calendar` is asked when a timer counts working days.

    Raises Conflict `process.not_awaited` (kind, name) when it does not start that way.
    Raises Invalid: `process.data`, and whatever the way to the first tasks raises (see
    `advance`).
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe, calendar)
    data = {**data, **by.data} if by is not None else data
    if by is not None:
        first = _starter(definition, by)
        environment.entry = entry_of(definition.spec, definition.parts, first)
    case = BpmnWorkflow(definition.spec, definition.parts, script_engine=Engine(environment))
    case.task_tree.data = plain_variables(data)
    if by is not None:
        _enter(case, first, by)
    return driving.finish(definition, case, environment, frozenset(), None)


def advance(
    definition: Definition,
    state_before: bytes,
    task_id: str,
    answers: Mapping[str, object],
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
    calendar: AskCalendar | None = None,
) -> Step:
    """Complete the open task `task_id` with `answers` and go on to the next tasks.

    Timers that are due at `now` fire first. The answers become variables of the case, or stay
    with their instance of a multi-instance task.

    Raises Conflict `task.not_ready` (task) for a task that does not wait (any more).
    Raises Invalid: `process.undecided` for a condition that cannot be computed, `process.no_way`
    where no flow may be taken, `process.endless` after 500 steps without a person, `process.time`,
    `process.items`, `process.data`, `process.data_too_large`, `process.holder` (variable, found)
    for a task whose holder's variable holds no id; each names the element.
    Raises Unavailable as `state.load`; an error of `decide` comes through as it is.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe, calendar)
    case = state.load(state_before, definition, Engine(environment))
    before, last, task = driving.find(definition, case, environment, task_id)
    scope.answer(task, plain_variables(answers))
    driving.go(task)
    return driving.finish(definition, case, environment, before, last)


def answer(
    definition: Definition,
    state_before: bytes,
    task_id: str,
    outcome: str | None,
    data: Mapping[str, object],
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
    calendar: AskCalendar | None = None,
) -> Step:
    """Let the end of a child case complete the call `task_id` that opened it.

    `outcome` and of the child's variables `data` those that the call names in `hall:result`
    become the context variable named after the call, of several instances each its entry in the
    gathered list. Raises as `advance`.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe, calendar)
    case = state.load(state_before, definition, Engine(environment))
    before, last, task = driving.find(definition, case, environment, task_id)
    returns = definition.tasks[task.task_spec.bpmn_id].returns
    scope.report(
        task, plain_variables({"outcome": outcome, **{name: data.get(name) for name in returns}})
    )
    driving.go(task)
    return driving.finish(definition, case, environment, before, last)


def receive(
    definition: Definition,
    state_before: bytes,
    thrown: Thrown,
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
    calendar: AskCalendar | None = None,
) -> Step:
    """Bring a message or signal to a case that waits for it; its data become variables.

    Timers that are due at `now` fire first. A message goes to the first that waits, a signal to
    all. Raises Conflict `process.not_awaited` (kind, name) if nothing waits for it (any more),
    otherwise as `advance`.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe, calendar)
    case = state.load(state_before, definition, Engine(environment))
    before = frozenset(task.id for task in driving.waiting_tasks(case))
    last = driving.settle(definition, case, environment)
    case.task_tree.data.update(plain_variables(thrown.data))
    if case.completed or not events.hear(case, thrown.kind, thrown.name):
        raise Conflict("process.not_awaited", kind=thrown.kind, name=thrown.name)
    return driving.finish(definition, case, environment, before, last)


def wake(
    definition: Definition,
    state_before: bytes,
    decide: Decide,
    now: datetime,
    observe: Observe | None = None,
    calendar: AskCalendar | None = None,
) -> Step:
    """Let the timers that are due at `now` fire, if any are; raises as `advance`."""
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), observe, calendar)
    case = state.load(state_before, definition, Engine(environment))
    before = frozenset(task.id for task in driving.waiting_tasks(case))
    return driving.finish(definition, case, environment, before, None)


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
        driving.go(driving.ready_tasks(case)[0])
