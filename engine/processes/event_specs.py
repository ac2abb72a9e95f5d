"""The specs of events and of tasks that send and receive, and the parsers that read them.

Specs are shared by all cases of a version and by threads, so nothing here writes to one after it
was read.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit, BpmnStartTask
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.specs.base import TaskSpec
from SpiffWorkflow.util.task import TaskState

from engine.processes.bpmn import beginnings, begins, event_definitions, kind, tag
from engine.processes.events import (
    BODY,
    HELD,
    SEEN,
    Condition,
    Named,
    Several,
    Throws,
    is_polled,
    named_parts,
    silence,
    split_of,
)
from engine.processes.exchange import Awaited
from engine.processes.spiff import environment_of
from engine.processes.timing import FixedTimer, RepeatedTimer, is_spent
from engine.processes.undoing import spec_of

FUTURE, WAITING = TaskState.FUTURE, TaskState.WAITING
SOON = FUTURE | TaskState.PREDICTED_MASK
REFERENCES = {
    "message": ("messageRef", "name"),
    "signal": ("signalRef", "name"),
    "error": ("errorRef", "errorCode"),
    "escalation": ("escalationRef", "escalationCode"),
}


# Their name says which one is meant; one without a name is itself alone.
OPEN = frozenset({"message", "signal"})


class Begin(BpmnStartTask):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """The start of a scope: of several start events the one that happened, or the plain one.

    Without `one_of` the scope has no start event, and all its ways in are taken.
    """

    one_of = True

    def _run_hook(self, task: Any) -> bool:
        entries = task.children
        if self.one_of and len(entries) > 1:
            chosen = environment_of(task).entry
            names = (chosen, f"{chosen}.BoundaryEventSplit")
            named = [child for child in entries if child.task_spec.name in names]
            keep = (named or sorted(entries, key=_by_itself))[0]
            for child in entries:
                if child is not keep:
                    task.workflow._remove_task(child.id)
        done: bool = super()._run_hook(task)
        return done


def _by_itself(entry: Any) -> int:
    definition = getattr(entry.task_spec, "event_definition", None)
    if isinstance(definition, NoneEventDefinition):
        return 0
    return 1 if is_polled(definition) else 2


class Scope(BpmnProcessSpec):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A process or sub-process that begins with our start."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        del self.task_specs["Start"]
        self.start = Begin(self, "Start")


class Boundary(defaults.BoundaryEvent):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """An event on an edge: when it interrupts, alone; else as often as it happens.

    Stock lets a second one that happened at the same moment go on, and one that does not
    interrupt only once.
    """

    def _update_hook(self, task: Any) -> bool | None:
        if self.cancel_activity:
            ready: bool | None = super()._update_hook(task)
            return ready
        task._inherit_data()
        definition = self.event_definition
        repeated = isinstance(definition, RepeatedTimer)
        if not (definition.is_due(task) if repeated else definition.has_fired(task)):
            task._set_state(WAITING)
            task.workflow.top_workflow.event_manager.add_task(task)
            return None
        if not isinstance(definition, FixedTimer) and not is_spent(definition, task):
            self._arm_again(task)
        return True

    def _arm_again(self, task: Any) -> None:
        """Let a new task wait in place of one that happens, so that both have their own way."""
        again = task.parent._add_child(self, FUTURE)
        again.internal_data = {
            key: value
            for key, value in task.internal_data.items()
            if key.startswith(("timer:", f"{HELD}:"))
        }
        again._inherit_data()
        again._set_state(WAITING)
        self._predict(again, mask=TaskState.NOT_FINISHED_MASK)
        task.workflow.top_workflow.event_manager.add_task(again)

    def _predict_hook(self, task: Any) -> None:
        TaskSpec._predict_hook(self, task)

    def _run_hook(self, task: Any) -> bool:
        if self.cancel_activity:
            silence(task.parent, task)
        done: bool = super()._run_hook(task)
        return done


class EventChoice(defaults.EventBasedGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A choice by what happens first; stock keeps the event object in the stored task.

    `owners` are the drawn ids of the events and tasks behind it, one per definition.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.owners: list[str] = []

    def connect(self, child: Any) -> None:
        """Wait for what the event behind the gateway waits for, in its place."""
        TaskSpec.connect(self, child)
        definition = child.event_definition
        parts = definition.event_definitions if isinstance(definition, Several) else [definition]
        for part in parts:
            self.event_definition.event_definitions.append(part)
            self.owners.append(child.bpmn_id)
        child.event_definition = NoneEventDefinition()

    def _run_hook(self, task: Any) -> bool:
        seen = task.internal_data.get(SEEN, [])
        chosen = self.owners[seen[0]]
        for key in [key for key in task.internal_data if key.startswith(("timer:", "held:"))]:
            del task.internal_data[key]
        self.event_definition.reset(task)
        matches = [spec for spec in self.outputs if spec.bpmn_id == chosen]
        task._sync_children(matches, FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=SOON)
        return True


class End(defaults.EndEvent):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """An end event that throws what it says and may end its whole scope."""

    def _on_complete_hook(self, task: Any) -> None:
        super()._on_complete_hook(task)
        if not self.event_definition.terminates:
            return
        workflow = task.workflow
        if workflow.spec.name.startswith(BODY):
            host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
            silence(split_of(host), None)
        for other in list(workflow.tasks.values()):
            if other._state & TaskState.NOT_FINISHED_MASK:
                other.cancel()
        workflow._mark_complete(task)


class _Reader(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """What all parsers of events share: definitions read by our rules."""

    def definitions(self) -> list[Any]:
        """Return what the element waits for or throws, in its order."""
        return [
            self._definition(child)
            for child in self.node
            if kind(child).endswith("EventDefinition")
            and kind(child) not in ("terminateEventDefinition", "compensateEventDefinition")
        ]

    def _definition(self, child: etree._Element) -> Any:
        name = kind(child).removesuffix("EventDefinition")
        if name in REFERENCES:
            return self.named(name, child)
        if name == "conditional":
            return Condition((child.findtext(tag("condition")) or "").strip())
        if name == "timer":
            time = next(one for one in child if kind(one).startswith("time"))
            # Spiff tells timers apart by name, and drawn names may be equal.
            timer = RepeatedTimer if kind(time) == "timeCycle" else FixedTimer
            return timer(self.bpmn_id, time.text)
        return Named(name, None)

    def named(self, name: str, said: etree._Element) -> Named:
        """Return what a reference to a message, signal, error or escalation means."""
        reference, word = REFERENCES[name]
        ref = said.get(reference)
        root = self.node.getroottree().getroot()
        found = next((one for one in root.findall(tag(name)) if one.get("id") == ref), None)
        if found is None:
            return Named(name, None)
        return Named(name, found.get(word) or (found.get("id") if name in OPEN else None))

    def waited(self, once: bool = False) -> Any:
        """Return the definition to wait for; with `once` a repeated timer fires a single time."""
        parts = self.definitions()
        if not parts:
            return NoneEventDefinition()
        if len(parts) == 1 and not (once and isinstance(parts[0], RepeatedTimer)):
            return parts[0]
        return Several(parts, self.node.get("parallelMultiple") == "true")


class StartParser(_Reader):
    """Reads a start event and connects it to the beginning of its scope."""

    def create_task(self) -> Any:
        """Return the spec of a start event."""
        task = self.spec_class(
            self.spec, self.bpmn_id, event_definition=self.waited(True), **self.bpmn_attributes
        )
        self.spec.start.connect(task)
        return task


class CatchParser(_Reader):
    """Reads an intermediate event that waits."""

    def create_task(self) -> Any:
        """Return the spec of the event."""
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=self.waited(), **self.bpmn_attributes
        )


class BoundaryParser(_Reader):
    """Reads an event on the edge of an activity."""

    def create_task(self) -> Any:
        """Return the spec of the event."""
        interrupts = self.node.get("cancelActivity", "true").strip() in ("true", "1")
        if {"error", "cancel"} & set(event_definitions(self.node)):
            interrupts = True
        return self.spec_class(
            self.spec,
            self.bpmn_id,
            event_definition=self.waited(interrupts),
            cancel_activity=interrupts,
            **self.bpmn_attributes,
        )


class ThrowParser(_Reader):
    """Reads an intermediate event that throws."""

    def create_task(self) -> Any:
        """Return the spec of an event; those that undo are ours."""
        ours = spec_of(self)
        if ours is not None:
            return ours
        throws = Throws(self.definitions())
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=throws, **self.bpmn_attributes
        )


class EndParser(_Reader):
    """Reads an end event."""

    def create_task(self) -> Any:
        """Return the spec of an event, which leads to the end of its scope."""
        ours = spec_of(self)
        if ours is None:
            ends = "terminate" in event_definitions(self.node)
            ours = End(
                self.spec,
                self.bpmn_id,
                event_definition=Throws(self.definitions(), ends),
                **self.bpmn_attributes,
            )
        ours.connect(self.spec.end)
        return ours


class SendParser(_Reader):
    """Reads a send task."""

    def create_task(self) -> Any:
        """Return the spec of the task."""
        message = self.node.get("messageRef")
        parts = [self.named("message", self.node)] if message else []
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=Throws(parts), **self.bpmn_attributes
        )


class ReceiveParser(_Reader):
    """Reads a receive task; one without a message takes any."""

    def create_task(self) -> Any:
        """Return the spec of the task."""
        message = self.named("message", self.node)
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=message, **self.bpmn_attributes
        )


class ChoiceParser(_Reader):
    """Reads an event-based gateway."""

    def create_task(self) -> Any:
        """Return the spec of the gateway."""
        return self.spec_class(
            self.spec, self.bpmn_id, event_definition=Several([]), **self.bpmn_attributes
        )

    def handles_multiple_outgoing(self) -> bool:
        """Return True: every way out is one event."""
        return True


class ScopeParser(ProcessParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads a process or sub-process from all its beginnings."""

    def create_spec(self) -> Scope:
        """Return an empty scope of ours."""
        return Scope(name=self.bpmn_id, description=self.get_name(), filename=self.filename)

    def add_tasks(self) -> None:
        """Read everything that can be reached from a beginning."""
        found = beginnings(self.node)
        self.spec.start.one_of = any(kind(node) == "startEvent" or begins(node) for node in found)
        for node in found:
            task = self.parse_node(node)
            if kind(node) != "startEvent":
                self.spec.start.connect(task)


EVENT_PARSERS = {
    "startEvent": (StartParser, defaults.StartEvent),
    "intermediateCatchEvent": (CatchParser, defaults.IntermediateCatchEvent),
    "boundaryEvent": (BoundaryParser, Boundary),
    "intermediateThrowEvent": (ThrowParser, defaults.IntermediateThrowEvent),
    "endEvent": (EndParser, End),
    "eventBasedGateway": (ChoiceParser, EventChoice),
    "sendTask": (SendParser, defaults.SendTask),
    "receiveTask": (ReceiveParser, defaults.ReceiveTask),
}


def starters(spec: Any, parts: Mapping[str, Any]) -> tuple[Awaited, ...]:
    """Return the messages and signals that start a process, with the drawn ids of their events."""
    scope = parts.get(f"{BODY}{spec.name}", spec)
    found: list[Awaited] = []
    for entry in scope.start.outputs:
        for first in _first_events(entry):
            found += named_parts(first)
    return tuple(found)


def _first_events(entry: Any) -> list[Any]:
    """Return the events that start a process by a way in: itself, or those behind a fork."""
    if isinstance(entry, BoundaryEventSplit):
        return [one for one in entry.outputs if not isinstance(one, Boundary)]
    if hasattr(entry, "event_definition"):
        return [entry]
    return [one for one in entry.outputs if hasattr(one, "event_definition")]


def entry_of(spec: Any, parts: Mapping[str, Any], awaited: Awaited) -> str:
    """Return the drawn id of the way into a process behind which an awaited event stands."""
    scope = parts.get(f"{BODY}{spec.name}", spec)
    for entry in scope.start.outputs:
        for first in _first_events(entry):
            if awaited in named_parts(first):
                name: str = entry.name.removesuffix(".BoundaryEventSplit")
                return name
    return awaited.element
