"""Loops: an activity once per item, a number of times, or as long as a condition holds.

Source: BPMN 2.0.2, 10.3.8 and 13.3.6, 13.3.7. Stock SpiffWorkflow copies all variables for each
instance and merges the copies back, so the answers of one hide those of another; here only the
item, the number and the gathered answers belong to the instance.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid
from engine.processes import events, scope
from engine.processes.bpmn import STEPS, kind, tag
from engine.processes.spiff import environment_of

MAX_ITEMS = 200
COMPLETED = TaskState.COMPLETED


@dataclass(frozen=True)
class Behavior:
    """What instances throw when they complete and the condition with the key `when` holds."""

    when: str
    kind: str
    name: str | None


class _Loop:
    """What all loops share: turns are tasks below the loop, and go with it when it is stopped."""

    named = ""
    by_person = False
    behaviors: tuple[Behavior, ...] = ()

    def _begin(self: Any, task: Any) -> None:
        task._inherit_data()
        self.update_event.emit(task.workflow, task)
        task.internal_data["merged"] = 0

    def _turn(self: Any, task: Any, number: int, **own: object) -> None:
        child = task._add_child(task.workflow.spec.task_specs[self.task_spec], TaskState.WAITING)
        child.triggered = True
        child.internal_data.update({scope.NUMBER: number, **own})
        child.task_spec._update(child)

    def _on_cancel(self: Any, task: Any) -> None:
        # Spiff drops the turns of a loop that is stopped without stopping what runs inside them.
        top = task.workflow.top_workflow
        while True:
            known = {each for part in (top, *top.subprocesses.values()) for each in part.tasks}
            lost = [caller for caller in top.subprocesses if caller not in known]
            for caller in lost:
                top.subprocesses.pop(caller).cancel()
            if not lost:
                break
        super()._on_cancel(task)  # type: ignore[misc]  # the spec's own, behind the mixin


class Loop(_Loop, defaults.StandardLoopTask):  # type: ignore[misc]  # untyped
    """As long as a condition holds, tested before or after each turn, at most so many turns."""

    def _update_hook(self, task: Any) -> bool | None:
        self._begin(task)
        if self.test_before and self.loop_complete(task):
            return True
        task._set_state(TaskState.STARTED)
        self._turn(task, 0)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Count a turn that is over, and begin the next one unless it was the last."""
        task = child.parent
        task.internal_data["merged"] += 1
        if self.loop_complete(task):
            task._set_state(TaskState.READY)
        else:
            self._turn(task, task.internal_data["merged"])

    def loop_complete(self, task: Any) -> bool:
        """Return whether no further turn follows."""
        turns = task.internal_data["merged"]
        if self.maximum is not None and turns >= self.maximum:
            return True
        if self.condition is None:
            return False
        formula = environment_of(task).formula(self.condition)
        seen = {**scope.seen(task), "loopCounter": turns}
        return not formula.holds(seen, environment_of(task).now)


class _Instances(_Loop):
    """What both kinds of multi-instance share."""

    def _items(self: Any, task: Any) -> list[object]:
        if self.data_input is None:
            found = self._number(task)
            return list(range(1, found + 1))
        items = scope.seen(task).get(self.data_input.bpmn_id)
        if not isinstance(items, list) or any(item is None for item in items):
            raise Invalid(
                "process.items",
                element=self.bpmn_id,
                name=self.named,
                variable=self.data_input.bpmn_id,
            )
        self._within(len(items))
        return items

    def _number(self: Any, task: Any) -> int:
        environment = environment_of(task)
        found = environment.formula(self.cardinality).plain(scope.seen(task), environment.now)
        if isinstance(found, int | Decimal) and not isinstance(found, bool):
            number = int(found)
            if number == found and number >= 0:
                self._within(number)
                return number
        raise Invalid(
            "process.cardinality", element=self.bpmn_id, name=self.named, found=str(found)
        )

    def _within(self: Any, number: int) -> None:
        if number > MAX_ITEMS:
            raise Invalid(
                "process.too_many_items", element=self.bpmn_id, name=self.named, limit=MAX_ITEMS
            )

    def _start(self: Any, task: Any) -> list[object]:
        self._begin(task)
        items: list[object] = self._items(task)
        task.internal_data["total"] = len(items)
        if self.data_output is not None:
            scope.keep(task, self.data_output.bpmn_id, [])
        return items

    def _instance(self: Any, task: Any, item: object, number: int) -> None:
        own: dict[str, object] = {}
        if self.input_item is not None:
            own[scope.ITEM] = {self.input_item.bpmn_id: item}
        if self.data_output is not None and self.by_person:
            own[scope.ANSWERS] = {}
        elif self.data_output is not None and self.output_item is not None:
            own[scope.LOCAL] = {self.output_item.bpmn_id: None}
        self._turn(task, number, **own)

    def _gather(self: Any, task: Any, child: Any) -> bool:
        """Take in what one instance made; return whether the rest need not be waited for."""
        done = [
            instance.internal_data
            for instance in self._instances(task)
            if instance._state == COMPLETED
        ]
        done.sort(key=lambda data: data[scope.NUMBER])
        if self.data_output is not None:
            scope.keep(task, self.data_output.bpmn_id, [self._output(data) for data in done])
        task.internal_data["merged"] = len(done)
        seen = {**scope.seen(child), **self._counts(task, len(done))}
        environment = environment_of(task)
        for behavior in self.behaviors:
            if environment.formula(behavior.when).holds(seen, environment.now):
                events.throw(task, behavior.kind, behavior.name, at_edge=True)
        if self.condition is None:
            return False
        return bool(environment.formula(self.condition).holds(seen, environment.now))

    def _output(self: Any, data: Mapping[str, Any]) -> object:
        if self.by_person or self.output_item is None:
            return {**data.get(scope.ITEM, {}), **data.get(scope.ANSWERS, {})}
        return data[scope.LOCAL][self.output_item.bpmn_id]

    def _counts(self: Any, task: Any, done: int) -> dict[str, object]:
        """Return the attributes that every instance can ask for (Table 10.30)."""
        running = sum(each._state != COMPLETED for each in self._instances(task))
        return {
            "numberOfInstances": task.internal_data["total"],
            "numberOfActiveInstances": running,
            "numberOfCompletedInstances": done,
            "numberOfTerminatedInstances": 0,
        }


class Parallel(_Instances, defaults.ParallelMultiInstanceTask):  # type: ignore[misc]  # untyped
    """One instance per item, all open at once."""

    def _update_hook(self, task: Any) -> bool | None:
        items = self._start(task)
        if not items:
            return True
        task._set_state(TaskState.STARTED)
        for number, item in enumerate(items):
            self._instance(task, item, number)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Take in an instance that is over, and end when it was the last or enough are."""
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
        items = self._start(task)
        if not items:
            return True
        task._set_state(TaskState.STARTED)
        self._instance(task, items[0], 0)
        return None

    def merge_child(self, workflow: Any, child: Any) -> None:
        """Take in an instance that is over, and begin the next unless enough are."""
        task = child.parent
        enough = self._gather(task, child)
        following = child.internal_data[scope.NUMBER] + 1
        if enough or following >= task.internal_data["total"]:
            task._set_state(TaskState.READY)
        elif self.data_input is None:
            self._instance(task, following + 1, following)
        else:
            items = self._items(task)
            if following < len(items):
                self._instance(task, items[following], following)
            else:
                task._set_state(TaskState.READY)


TaskParser.STANDARD_LOOP_CLASS = Loop
TaskParser.PARALLEL_MI_CLASS = Parallel
TaskParser.SEQUENTIAL_MI_CLASS = Sequential


def connect_loops(spec: Any, root: etree._Element) -> None:
    """Connect the loops of a process with their instances now; stock does so at the first run.

    `root` is the normalised tree with keys in place of FEEL.
    """
    loops = {name: each for name, each in spec.task_specs.items() if hasattr(each, "merge_child")}
    if not loops:
        return
    nodes = {node.get("id"): node for node in root.iter(etree.Element)}
    for name, loop in loops.items():
        child = spec.task_specs[loop.task_spec]
        child.completed_event.connect(loop.merge_child)
        loop.bpmn_name = child.bpmn_name
        loop.named = child.bpmn_name or ""
        node = nodes[name]
        loop.by_person = kind(node) in STEPS
        mark = node.find(tag("multiInstanceLoopCharacteristics"))
        if mark is not None:
            loop.behaviors = tuple(behaviors(mark, nodes.get))


def behaviors(
    mark: etree._Element, named: Callable[[str | None], etree._Element | None]
) -> list[Behavior]:
    """Return what the instances of an activity throw; `named` finds an element by its id.

    Conditions have keys in a normalised tree, where behaviour is always drawn as complex.
    """
    said = mark.get("behavior", "All")
    found: list[Behavior] = []
    if said in ("One", "None"):
        ref = mark.get("oneBehaviorEventRef" if said == "One" else "noneBehaviorEventRef")
        definition = named((ref or "").rpartition(":")[2])
        when = "first" if said == "One" else "each"
        found += _thrown(when, definition, named)
    for each in mark.findall(tag("complexBehaviorDefinition")) if said == "Complex" else ():
        when = (each.findtext(tag("condition")) or "").strip()
        event = each.find(tag("event"))
        for part in event if event is not None else ():
            ref = (part.text or "").strip()
            definition = named(ref) if kind(part) == "eventDefinitionRef" else part
            found += _thrown(when, definition, named)
    return found


def _thrown(
    when: str,
    definition: etree._Element | None,
    named: Callable[[str | None], etree._Element | None],
) -> list[Behavior]:
    if definition is None or not kind(definition).endswith("EventDefinition"):
        return []
    sort = kind(definition).removesuffix("EventDefinition")
    target = named((definition.get(f"{sort}Ref") or "").rpartition(":")[2])
    code = None if target is None else target.get(f"{sort}Code") or target.get("name")
    if sort in ("signal", "message") and code is None:
        code = definition.get(f"{sort}Ref")
    return [Behavior(when, sort, code)]
