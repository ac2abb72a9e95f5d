"""A case sent back (退回): the open step is taken back and an earlier step waits again.

The variables stay as they are. It is allowed only where one token moves alone, so that the case
stands as it stood when the earlier step was open, and can go on as then.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Conflict
from engine.processes import driving, events, state
from engine.processes.adhoc import Turn
from engine.processes.definition import Definition
from engine.processes.driving import Step
from engine.processes.formulas import AskCalendar
from engine.processes.joins import Gather, InclusiveJoin, Multiply, ParallelJoin
from engine.processes.spiff import Decide, Engine, Environment

OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED
# Where tokens meet, part or are counted: going back over one of these would lose or double some.
SEVERAL_TOKENS = (ParallelJoin, InclusiveJoin, Gather, Multiply, Turn)


def send_back(
    definition: Definition,
    state_before: bytes,
    task_id: str,
    to_step: str,
    done: Collection[str],
    decide: Decide,
    now: datetime,
    calendar: AskCalendar | None = None,
) -> Step:
    """Take the open task `task_id` back and let the earlier step `to_step` wait again.

    `done` are the drawn ids of the steps that were done in this case, which its state forgets.
    Timers that are due at `now` fire first. The step that was open is among `closed`, that which
    waits again among `opened`.

    Raises Conflict `process.cannot_send_back` (element, name, because) unless the two stand in
    the same scope (`scope`), the earlier one was done by a person (`not_done`), nothing else of
    the scope is under way (`others_open`), no branches part or meet between the two (`branches`)
    and the open task is no instance of several (`instance`); otherwise as `run.advance`.
    """
    environment = Environment(definition.formulas, decide, now.astimezone(UTC), calendar=calendar)
    case = state.load(state_before, definition, Engine(environment))
    before, last, task = driving.find(definition, case, environment, task_id)
    drawn = definition.tasks.get(to_step)
    because = _why_not(task, to_step)
    if drawn is None or drawn.child is not None or to_step not in done:
        because = "not_done"
    if because is not None:
        name = drawn.name if drawn is not None else ""
        raise Conflict("process.cannot_send_back", element=to_step, name=name, because=because)
    _put_back(task, to_step)
    return driving.finish(definition, case, environment, before, last)


def _why_not(task: Any, to_step: str) -> str | None:
    """Why a task cannot be sent back to a step of its own scope; None if it can."""
    workflow = task.workflow
    specs = workflow.spec.task_specs
    if to_step not in specs or to_step == task.task_spec.bpmn_id:
        return "scope"
    if getattr(task.parent.task_spec, "task_spec", None) == task.task_spec.name:
        return "instance"
    own = set(_below(_top(task)))
    if any(other._state & OPEN and other.id not in own for other in workflow.tasks.values()):
        return "others_open"
    between = _between(specs, to_step, task.task_spec.name)
    if not between:
        return "scope"
    if any(isinstance(specs[name], SEVERAL_TOKENS) for name in between):
        return "branches"
    return None


def _put_back(task: Any, to_step: str) -> None:
    """Put the token from a task to a step, at the events on its edge if it has any."""
    workflow = task.workflow
    specs = workflow.spec.task_specs
    entry = specs.get(f"{to_step}.BoundaryEventSplit") or specs[to_step]
    top = _top(task)
    above = top.parent
    top.cancel()
    workflow._remove_task(top.id)
    again = above._add_child(entry, TaskState.FUTURE)
    again.triggered = True
    entry._predict(again, mask=TaskState.NOT_FINISHED_MASK)
    entry._update(again)


def _top(task: Any) -> Any:
    """The task that began an activity: that which armed the events on its edge, or itself."""
    return events.split_of(task) or task


def _below(task: Any) -> Iterable[str]:
    yield task.id
    for child in task.children:
        yield from _below(child)


def _between(specs: Any, first: str, last: str) -> set[str]:
    """The specs on the ways from one to another that pass neither on the way; both included."""
    after = _reached(specs, first, last, "_outputs")
    before = _reached(specs, last, first, "_inputs")
    return after & before


def _reached(specs: Any, start: str, stop: str, ways: str) -> set[str]:
    found, ahead = {start}, [start]
    while ahead:
        for name in getattr(specs[ahead.pop()], ways):
            if name not in found:
                found.add(name)
                if name != stop:
                    ahead.append(name)
    return found if stop in found else set()
