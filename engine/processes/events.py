"""What events wait for and throw, and how a throw reaches its catchers before its token moves on.

Source: BPMN 2.0.2, 10.5.1 (propagation), 10.5.5 (definitions) and 13.5 (semantics). Stock
SpiffWorkflow keeps event objects in stored tasks, sends an error to every edge of a scope and
forgets signals that end a process.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.base import EventDefinition
from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import BoundaryEvent
from SpiffWorkflow.util.task import TaskState

from engine.processes.exchange import Awaited, Thrown
from engine.processes.spiff import drawn_id, environment_of
from engine.processes.timing import next_due

WAITING, READY = TaskState.WAITING, TaskState.READY
BODY = "hall_body_"
# What goes up through the scopes around it, and what goes to everybody.
UPWARD = frozenset({"error", "escalation", "cancel"})
SEEN, HELD = "seen", "held"


class Named(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """One message, signal, error or escalation by its name or code (None: any), or a cancel."""

    def __init__(self, kind: str, name: str | None) -> None:
        super().__init__(name=name)
        self.kind = kind

    def hears(self, kind: str, name: str | None) -> bool:
        """Return whether a throw is what this waits for."""
        return kind == self.kind and self.name in (None, name)

    def catches(self, task: Any, event: Any) -> bool:
        """Return False: throws of ours come by `deliver`."""
        return False


class Condition(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A condition over the variables: happens when it becomes true, or is true at the start."""

    def __init__(self, expression: str) -> None:
        super().__init__(name=expression)
        self.expression = expression

    def is_due(self, task: Any) -> bool:
        """Return whether the condition has become true since it was last asked."""
        environment = environment_of(task)
        formula = environment.formula(self.expression)
        key = f"{HELD}:{self.expression}"
        before = task.internal_data.get(key, False)
        # What is not known is not true yet: a later variable may make it so.
        now = formula.value(task.data, environment.now) is True
        task.internal_data[key] = now
        return now and not before

    def has_fired(self, task: Any) -> bool:
        """Return whether the event has happened."""
        if self.is_due(task):
            task.internal_data["event_fired"] = True
        fired: bool = task.internal_data.get("event_fired", False)
        return fired

    def catches(self, task: Any, event: Any) -> bool:
        """Return False: nothing is sent to a condition."""
        return False


class Several(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Several definitions of one event: any one of them, or all of them (`parallel`)."""

    def __init__(self, parts: list[Any], parallel: bool = False) -> None:
        super().__init__(name=None)
        self.event_definitions, self.parallel = parts, parallel

    def has_fired(self, task: Any) -> bool:
        """Return whether enough has happened; what happened stands by its place in `seen`."""
        for place, part in enumerate(self.event_definitions):
            if is_polled(part) and part.is_due(task):
                self.note(task, place)
        return self.enough(task)

    def note(self, task: Any, place: int) -> None:
        """Note that one part has happened."""
        seen = task.internal_data.setdefault(SEEN, [])
        if place not in seen:
            task.internal_data[SEEN] = [*seen, place]
        if hasattr(self.event_definitions[place], "settle"):
            self.event_definitions[place].settle(task)

    def enough(self, task: Any) -> bool:
        """Return whether the event has happened."""
        seen = task.internal_data.get(SEEN, ())
        return len(seen) == len(self.event_definitions) if self.parallel else bool(seen)

    def reset(self, task: Any) -> None:
        """Forget what happened, for an event that happens again."""
        task.internal_data.pop(SEEN, None)
        super().reset(task)

    def catches(self, task: Any, event: Any) -> bool:
        """Return False: throws of ours come by `deliver`."""
        return False


class Throws(EventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """What a throwing event throws, in order; `terminates` ends its scope as well."""

    def __init__(self, parts: list[Named], terminates: bool = False) -> None:
        super().__init__(name=None)
        self.parts, self.terminates = parts, terminates

    def throw(self, task: Any) -> None:
        """Throw everything from the place of a task."""
        for part in self.parts:
            throw(task, part.kind, part.name)


def throw(task: Any, kind: str, name: str | None, at_edge: bool = False) -> None:
    """Let an event happen at the place of a task: all its catchers in the case hear it now.

    `kind` is "signal", "message", "error", "escalation" or "cancel"; `name` the name or code, None
    for an error or escalation without one. With `at_edge` the edge of the task itself is asked
    first, for what an activity throws on behalf of its instances. Catchers are ready to run
    afterwards and run before anything else. A signal goes to other cases as well, a message only
    if nothing here waits for it. An error that nobody catches ends the case (`Step.failure`), an
    escalation passes.
    """
    case = task.workflow.top_workflow
    environment = environment_of(task)
    if kind in UPWARD:
        catcher = _nearest(task, kind, name, at_edge)
        if catcher is not None:
            deliver(catcher, kind, name)
        elif kind == "error" and environment.failure is None:
            environment.failure = name or ""
        return
    heard = hear(case, kind, name)
    if kind == "signal" or not heard:
        element = drawn_id(task.task_spec)
        environment.thrown.append(Thrown(kind, name or "", element))


def hear(case: Any, kind: str, name: str | None) -> bool:
    """Bring a signal to all that wait for it in a case, a message to the first; return whether."""
    found = [task for task in listening(case) if _hears(task, kind, name)]
    for task in found if kind == "signal" else found[:1]:
        deliver(task, kind, name)
    return bool(found)


def deliver(task: Any, kind: str, name: str | None) -> None:
    """Let a waiting event happen if what is thrown is all it waits for."""
    definition = task.task_spec.event_definition
    if isinstance(definition, Several):
        for place, part in enumerate(definition.event_definitions):
            if isinstance(part, Named) and part.hears(kind, name):
                definition.note(task, place)
    else:
        task.internal_data["event_fired"] = True
    task.task_spec._update(task)


def listening(case: Any) -> list[Any]:
    """Return the events that wait in a case, those of outer scopes first."""
    # Spiff leaves what it drops with a cancelled parent in its list.
    found = [
        task
        for task in case.event_manager.tasks.values()
        if task._state == WAITING and task.workflow.tasks.get(task.id) is task
    ]
    if len(found) > 1:
        found.sort(key=_depth)
    return found


def awaited(case: Any) -> tuple[Awaited, ...]:
    """Return the messages and signals that a case waits for."""
    return tuple(one for task in listening(case) for one in named_parts(task.task_spec))


def named_parts(spec: Any) -> list[Awaited]:
    """Return the messages and signals that an event or task waits for."""
    return [
        Awaited(part.kind, part.name or "", element)
        for part, element in _parts(spec)
        if isinstance(part, Named) and part.kind not in UPWARD
    ]


def fire_next(case: Any, now: datetime) -> bool:
    """Let the waiting event happen whose time came first; return whether there was one."""
    first: tuple[datetime, Any] | None = None
    for task in listening(case):
        due = now if task.internal_data.get("event_fired") else next_due(task)
        if due is not None and due <= now and (first is None or due < first[0]):
            first = due, task
    if first is None:
        return False
    first[1].task_spec._update(first[1])
    return True


def ask_conditions(case: Any) -> None:
    """Let the events happen whose condition has become true."""
    for task in listening(case):
        if any(isinstance(part, Condition) for part, _ in _parts(task.task_spec)):
            task.task_spec._update(task)


def waits_at(task: Any, awaited: Awaited) -> bool:
    """Return whether a waiting event is the one that is meant."""
    return any(
        element == awaited.element and isinstance(part, Named) and part.kind == awaited.kind
        for part, element in _parts(task.task_spec)
    )


def edges(host: Any) -> Iterator[Any]:
    """Yield the events that wait on the edge of an activity, its instances included."""
    split = split_of(host)
    for task in split.children if split is not None else ():
        if isinstance(task.task_spec, BoundaryEvent) and task._state == WAITING:
            yield task


def split_of(host: Any) -> Any:
    """Return the task that armed the edge of an activity, None for one without events there."""
    name = f"{host.task_spec.bpmn_id}.BoundaryEventSplit"
    if name not in host.workflow.spec.task_specs:
        return None
    return host.find_ancestor(name)


def silence(split: Any, but: Any) -> None:
    """Cancel the other events of an edge, and what those started of a scope's own handlers."""
    scope = split.task_spec.name.startswith(BODY)
    for other in split.children:
        if other is but or not isinstance(other.task_spec, BoundaryEvent):
            continue
        if scope or other._state & (WAITING | READY):
            other.cancel()


def _depth(task: Any) -> int:
    depth: int = task.workflow.depth
    return depth


def _nearest(task: Any, kind: str, name: str | None, at_edge: bool) -> Any:
    """Return the edge event of the innermost scope around a task that catches what it throws."""
    host = task if at_edge else _host(task)
    while host is not None:
        found = [edge for edge in edges(host) if _hears(edge, kind, name)]
        if found:
            return min(found, key=lambda edge: not _exact(edge, kind, name))
        host = _host(host)
    return None


def _host(task: Any) -> Any:
    """Return the activity whose inside a task belongs to, None in the process itself."""
    workflow = task.workflow
    if workflow.parent_workflow is None:
        return None
    return workflow.top_workflow.get_task_from_id(workflow.parent_task_id)


def _exact(task: Any, kind: str, name: str | None) -> bool:
    return any(
        isinstance(part, Named) and part.kind == kind and part.name == name and name is not None
        for part, _ in _parts(task.task_spec)
    )


def _hears(task: Any, kind: str, name: str | None) -> bool:
    return any(
        isinstance(part, Named) and part.hears(kind, name) for part, _ in _parts(task.task_spec)
    )


def _parts(spec: Any) -> Iterator[tuple[Any, str]]:
    """Yield what an event waits for, with the drawn id of the event that says so."""
    definition = spec.event_definition
    if not isinstance(definition, Several):
        yield definition, spec.bpmn_id
        return
    owners = getattr(spec, "owners", None)
    for place, part in enumerate(definition.event_definitions):
        yield part, owners[place] if owners else spec.bpmn_id


def is_polled(definition: Any) -> bool:
    """Return whether an event may happen without a throw: by time or by a condition."""
    if isinstance(definition, Several):
        return any(is_polled(part) for part in definition.event_definitions)
    return isinstance(definition, TimerEventDefinition | Condition)


def waits_for_condition(spec: Any) -> bool:
    """Return whether an event waits for a condition."""
    return hasattr(spec, "event_definition") and any(
        isinstance(part, Condition) for part, _ in _parts(spec)
    )


def waits_for_others(spec: Any) -> bool:
    """Return whether an event or task waits for a message or signal."""
    return hasattr(spec, "event_definition") and bool(named_parts(spec))
