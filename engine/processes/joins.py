"""Where branches meet: tokens are counted as BPMN 2.0.2 (10.6.3, 10.6.4, 13.4) has them.

Stock SpiffWorkflow counts every task that ever arrived, those of earlier turns of a loop
included, so a join inside a loop fires too early. Here an arrival waits until it is consumed,
one per incoming flow; what is left over stays.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid

WAITING, COMPLETED, FUTURE = TaskState.WAITING, TaskState.COMPLETED, TaskState.FUTURE
ACTIVE = TaskState.READY | WAITING | TaskState.STARTED


class ParallelJoin(defaults.ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Goes on when a token has arrived on each incoming flow."""

    def _update_hook(self, task: Any) -> bool:
        needed: Counter[str] = Counter(self._inputs)
        needed.subtract([_source(task)])
        consumed = []
        for other in _arrived(self, task):
            if needed[_source(other)] > 0:
                needed.subtract([_source(other)])
                consumed.append(other)
        return _fire(task, consumed, not +needed)


class InclusiveJoin(defaults.InclusiveGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Goes on when no token can still arrive on a flow that has none; opens every true way.

    A token holds the join back when it can reach an empty incoming flow without passing the
    join, unless it can as well reach one that has its token already.
    """

    def _update_hook(self, task: Any) -> bool:
        arrived = list(_arrived(self, task))
        filled = {_source(task), *map(_source, arrived)}
        empty = [name for name in self._inputs if name not in filled]
        holding = self._leading(empty) - self._leading(filled)
        waits = any(name in holding for name in _tokens(self, task))
        consumed = {_source(other): other for other in reversed(arrived)}
        consumed.pop(_source(task), None)
        return _fire(task, consumed.values(), not waits)

    def _leading(self, flows: Collection[str]) -> set[str]:
        """Return the specs from which one of the sources of `flows` can be reached."""
        specs = self._wf_spec.task_specs
        found, ahead = set(flows), list(flows)
        while ahead:
            for name in specs[ahead.pop()]._inputs:
                if name not in found and name != self.name:
                    found.add(name)
                    ahead.append(name)
        return found - {self.name}

    def _get_matching_outputs(self, task: Any) -> tuple[list[Any], list[Any]]:
        matches, others = super()._get_matching_outputs(task)
        if not matches and not others:
            raise Invalid("process.no_way", element=self.bpmn_id, name=self.bpmn_name or "")
        return matches, others


def _source(task: Any) -> str:
    name: str = task.parent.task_spec.name
    return name


def _arrived(spec: Any, task: Any) -> Iterator[Any]:
    """Yield the other tokens that wait at a join, the oldest first."""
    return (
        other
        for other in task.workflow.tasks.values()
        if other._state == WAITING and other.task_spec is spec and other is not task
    )


def _tokens(spec: Any, task: Any) -> Iterator[str]:
    """Yield the names of the specs that hold a token, those that are just being reached too."""
    tasks = task.workflow.tasks
    for other in tasks.values():
        if other.task_spec is spec:
            continue
        above = tasks.get(other._parent)
        if other._state & ACTIVE or (
            other._state == FUTURE and above is not None and above._state == COMPLETED
        ):
            yield other.task_spec.name


def _fire(task: Any, consumed: Collection[Any], fires: bool) -> bool:
    if not fires:
        task._set_state(WAITING)
        return False
    for other in consumed:
        other.cancel()
    task._inherit_data()
    return True
