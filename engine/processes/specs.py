"""Our task specs and the parsers that read them: decisions, FEEL scripts, choices, timers.

Each says why the one of SpiffWorkflow will not do. Specs are shared by all cases of a version
and by threads, so nothing here writes to one after it was read (D8).
"""

from datetime import datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.event_parsers import (
    BoundaryEventParser,
    EventBasedGatewayParser,
    IntermediateCatchEventParser,
)
from SpiffWorkflow.bpmn.parser.task_parsers import ConditionalGatewayParser, GatewayParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.event_definitions.timer import (
    CycleTimerEventDefinition,
    TimerEventDefinition,
)
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid
from engine.processes.bpmn import MODEL, hall
from engine.processes.joins import InclusiveJoin, ParallelJoin
from engine.processes.plain import plain
from engine.processes.spiff import Made, environment_of
from engine.processes.step import decision_of

MAX_ITEMS = 200
SOON = TaskState.FUTURE | TaskState.PREDICTED_MASK


class Decision(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A business rule task: asks `decide` and keeps the outcome under its result variable.

    Stock has none without its own DMN, whose UNIQUE never finds a violation (D32).
    """

    def __init__(self, spec: Any, name: str, table: str, result: str, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.table, self.result = table, result

    def _run_hook(self, task: Any) -> bool:
        environment = environment_of(task)
        decision = environment.decide(self.table, task.data)
        task.data[self.result] = plain(dict(decision.outcome), self.result)
        environment.made.append(Made(self.bpmn_id, self.table, decision))
        return True  # None would leave the task STARTED for ever (D11)


class Script(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A script task: the value of one FEEL text becomes one variable; stock runs Python (D1)."""

    def __init__(self, spec: Any, name: str, result: str, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.result = result

    def _run_hook(self, task: Any) -> bool:
        environment = environment_of(task)
        formula = environment.formula(f"script:{self.bpmn_id}")
        task.data[self.result] = plain(formula.plain(task.data, environment.now), self.result)
        return True


class Exclusive(defaults.ExclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A choice of one way, which says on the diagram when there is none."""

    def _run_hook(self, task: Any) -> bool:
        name = self.default_task_spec
        for condition, target in self.cond_task_specs:
            if condition is not None and condition._matches(task):
                name = target
                break
        if name is None:
            raise Invalid("process.no_way", element=self.bpmn_id, name=self.bpmn_name or "")
        task._sync_children([self._wf_spec.task_specs[name]], TaskState.FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=SOON)
        return True


class EventChoice(defaults.EventBasedGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A choice by what happens first; stock keeps the event object in the stored task."""

    def _run_hook(self, task: Any) -> bool:
        done: bool = super()._run_hook(task)
        task.internal_data.pop("seen_events", None)
        return done


class _Instances:
    """What both kinds of multi-instance share: items and outputs belong to the instance.

    Stock copies all variables for each instance and merges the copies back, so the answers of
    one hide those of another. Here an instance keeps its item and its answers in
    `internal_data`; the list of outputs follows the order of the items.
    """

    def _items(self: Any, task: Any) -> list[object]:
        items = task.data.get(self.data_input.bpmn_id)
        if not isinstance(items, list) or any(item is None for item in items):
            raise Invalid(
                "process.items",
                element=self.bpmn_id,
                name=self.named,
                variable=self.data_input.bpmn_id,
            )
        if len(items) > MAX_ITEMS:
            raise Invalid(
                "process.too_many_items", element=self.bpmn_id, name=self.named, limit=MAX_ITEMS
            )
        return items

    def _begin(self: Any, task: Any) -> list[object]:
        task._inherit_data()
        items: list[object] = self._items(task)
        task.internal_data["merged"] = []
        task.data[self.data_output.bpmn_id] = []
        return items

    def create_child(self: Any, task: Any, item: object, number: int) -> None:
        child = task._add_child(task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data["key_or_index"] = number
        child.internal_data["item"] = {self.input_item.bpmn_id: item}
        child.task_spec._update(child)

    def _gather(self: Any, task: Any, child: Any) -> bool:
        """Take in the answers of one instance; return whether the rest need not be waited for."""
        done = [
            instance.internal_data
            for instance in self._instances(task)
            if instance._state == TaskState.COMPLETED
        ]
        done.sort(key=lambda data: data["key_or_index"])
        task.data[self.data_output.bpmn_id] = [
            {**data["item"], **data.get("answers", {})} for data in done
        ]
        task.internal_data["merged"].append(child.id)
        if self.condition is None:
            return False
        enough: bool = task.workflow.script_engine.evaluate(task, self.condition)
        return enough


class Parallel(_Instances, defaults.ParallelMultiInstanceTask):  # type: ignore[misc]  # untyped
    """One instance per item, all open at once."""

    def _update_hook(self, task: Any) -> bool | None:
        items = self._begin(task)
        for number, item in enumerate(items):
            self.create_child(task, item, number)
        if not items:
            return True
        task._set_state(TaskState.STARTED)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        task = child.parent
        enough = self._gather(task, child)
        if enough:
            for instance in self._instances(task):
                instance.cancel()
        if enough or self.children_complete(task):
            task._set_state(TaskState.READY)


class Sequential(_Instances, defaults.SequentialMultiInstanceTask):  # type: ignore[misc]  # untyped
    """One instance per item, one after the other."""

    def _update_hook(self, task: Any) -> bool | None:
        items = self._begin(task)
        if not items:
            return True
        task._set_state(TaskState.STARTED)
        self.create_child(task, items[0], 0)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        task = child.parent
        enough = self._gather(task, child)
        items, following = self._items(task), child.internal_data["key_or_index"] + 1
        if enough or following >= len(items):
            task._set_state(TaskState.READY)
        else:
            self.create_child(task, items[following], following)


class FixedTimer(TimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A timer of the moment that the command brings; stock asks the machine's clock.

    The moment stands under the timer's own key, because an event gateway keeps those of all its
    events in one task.
    """

    def has_fired(self, task: Any) -> bool:
        """Return whether the moment has come; the first call fixes it."""
        environment = environment_of(task)
        known = task.internal_data.get(self.expression)
        if known is None:
            timer = environment.formulas.timers[self.expression]
            known = timer.due(task.data, environment.now).isoformat()
            task.internal_data[self.expression] = known
        if datetime.fromisoformat(known) <= environment.now:
            task.internal_data["event_fired"] = True
        fired: bool = task.internal_data.get("event_fired", False)
        return fired


class RepeatedTimer(CycleTimerEventDefinition):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """A repeated timer, `times` firings in all (-1: as often as it comes)."""

    def cycle_complete(self, task: Any) -> bool:
        """Return whether a period has just ended, and set out for the next."""
        environment = environment_of(task)
        value = task.internal_data.get(self.expression)
        if value is None:
            cycle = environment.formulas.timers[self.expression].cycle(task.data, environment.now)
            value = {
                "cycles": cycle.times,
                "next": (environment.now + cycle.every).isoformat(),
                "duration": cycle.every.total_seconds(),
            }
        following = datetime.fromisoformat(value["next"])
        fires: bool = value["cycles"] != 0 and following <= environment.now
        if fires:
            later = following + timedelta(seconds=value["duration"])
            if value["cycles"] < 0:
                # One without a count says the same each time: what was slept through is left out.
                missed = (environment.now - following) // timedelta(seconds=value["duration"])
                later += missed * timedelta(seconds=value["duration"])
            value = {**value, "next": later.isoformat(), "cycles": max(value["cycles"] - 1, -1)}
            environment.fired += 1
            task.internal_data["event_fired"] = value["cycles"] == 0
        task.internal_data[self.expression] = value
        return fires


class DecisionParser(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads `hall:decision`."""

    def create_task(self) -> Decision:
        """Return the spec of a business rule task."""
        table, result = decision_of(self.node)
        return Decision(self.spec, self.bpmn_id, table, result, **self.bpmn_attributes)


class ScriptParser(TaskParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Reads `hall:result`; the text itself is among the formulas."""

    def create_task(self) -> Script:
        """Return the spec of a script task."""
        return Script(
            self.spec, self.bpmn_id, self.node.get(hall("result")), **self.bpmn_attributes
        )


class _Timers:
    def parse_timer_event(self: Any, event: Any) -> TimerEventDefinition:
        """Return our timer; its expression is the key that stands in place of the text."""
        time = next(child for child in event if child.tag.startswith(f"{{{MODEL}}}time"))
        kind = RepeatedTimer if time.tag.endswith("timeCycle") else FixedTimer
        # Spiff tells timers apart by name, and drawn names may be equal.
        return kind(self.bpmn_id, time.text)


class CatchParser(_Timers, IntermediateCatchEventParser):  # type: ignore[misc]  # untyped
    """Reads an intermediate event that waits."""


class BoundaryParser(_Timers, BoundaryEventParser):  # type: ignore[misc]  # untyped
    """Reads an event on the edge of an activity."""


class HallParser(BpmnParser):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """The stock parser with our specs in place of its own."""

    OVERRIDE_PARSER_CLASSES = {  # noqa: RUF012  # the class attribute that Spiff looks for
        full_tag("businessRuleTask"): (DecisionParser, Decision),
        full_tag("scriptTask"): (ScriptParser, Script),
        full_tag("exclusiveGateway"): (ConditionalGatewayParser, Exclusive),
        full_tag("parallelGateway"): (GatewayParser, ParallelJoin),
        full_tag("inclusiveGateway"): (ConditionalGatewayParser, InclusiveJoin),
        full_tag("eventBasedGateway"): (EventBasedGatewayParser, EventChoice),
        full_tag("intermediateCatchEvent"): (CatchParser, defaults.IntermediateCatchEvent),
        full_tag("boundaryEvent"): (BoundaryParser, defaults.BoundaryEvent),
    }


TaskParser.PARALLEL_MI_CLASS = Parallel
TaskParser.SEQUENTIAL_MI_CLASS = Sequential


def connect_loops(spec: Any) -> None:
    """Connect loops with their instances now; stock does so at the first run, in shared specs."""
    for loop in spec.task_specs.values():
        if hasattr(loop, "merge_child"):
            child = spec.task_specs[loop.task_spec]
            child.completed_event.connect(loop.merge_child)
            loop.bpmn_name = child.bpmn_name
            loop.named = child.bpmn_name or ""
