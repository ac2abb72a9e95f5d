"""Ad-hoc sub-processes: what may begin, and when enough is done.

Each activity without a way in begins with the sub-process, once.
Source: BPMN 2.0.2, 10.3.5 and 13.3.5.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.processes import scope
from engine.processes.bpmn import ACTIVITIES, every, hall, kind, nodes, tag
from engine.processes.spiff import environment_of

READY, WAITING, STARTED = TaskState.READY, TaskState.WAITING, TaskState.STARTED
RUNNING = READY | STARTED
ENOUGH = "enough"


class Turn(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Lets an activity of a sequential ad-hoc sub-process begin when nothing else is under way.

    User tasks are offered side by side, because each is done in one move; what has an inside
    (`lasts`) has the sub-process for itself until it is over.
    """

    def __init__(self, spec: Any, name: str, lasts: bool, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.lasts = lasts

    def _update_hook(self, task: Any) -> bool:
        task._inherit_data()
        if any(self._blocks(other) for other in task.workflow.tasks.values() if other is not task):
            task._set_state(WAITING)
            return False
        return True

    def _blocks(self, other: Any) -> bool:
        if other._state == STARTED:
            return True
        if other._state != READY:
            return False
        if isinstance(other.task_spec, Turn):
            return self.lasts or bool(other.task_spec.lasts)
        return self.lasts and bool(other.task_spec.manual)


class _Enough:
    """Asks after each activity whether the sub-process has done what it is for."""

    def __init__(self, key: str, cancels: bool) -> None:
        self.key, self.cancels = key, cancels

    def __call__(self, workflow: Any, task: Any) -> None:
        kept = workflow.task_tree.internal_data
        if ENOUGH not in kept:
            environment = environment_of(task)
            formula = environment.formula(self.key)
            if not formula.holds(scope.seen(task), environment.now):
                return
            kept[ENOUGH] = True
        open_tasks = [
            other
            for other in workflow.tasks.values()
            if other._state & (RUNNING | WAITING) and other is not task
        ]
        runs = [other for other in open_tasks if other._state & RUNNING]
        if self.cancels or not runs:
            workflow.cancel(success=True)
            return
        for other in open_tasks:
            if other._state == WAITING and isinstance(other.task_spec, Turn):
                other.cancel()
        for child in task.children:
            child.cancel()


def connect_adhoc(parts: Mapping[str, Any], root: etree._Element) -> None:
    """Ask the completion conditions of ad-hoc sub-processes; `root` has keys in place of FEEL."""
    for node in every(root, {"subProcess"}):
        kept = node.get(hall("adhoc"))
        condition = node.find(tag("completionCondition"))
        part = parts.get(node.get("id") or "")
        if kept is None or condition is None or part is None:
            continue
        asks = _Enough((condition.text or "").strip(), kept == "cancels")
        for inner in nodes(node):
            spec = part.task_specs.get(inner.get("id"))
            if spec is not None and kind(inner) in ACTIVITIES:
                spec.completed_event.connect(asks)
