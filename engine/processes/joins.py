"""Where branches meet: tokens are counted as BPMN 2.0.2 (10.6.3, 10.6.4, 13.4) has them.

Stock SpiffWorkflow counts every task that ever arrived, those of earlier turns of a loop
included, so a join inside a loop fires too early. Here an arrival waits until it is consumed,
one per incoming flow; what is left over stays.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any

from SpiffWorkflow.bpmn.specs import defaults
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid
from engine.processes import scope
from engine.processes.spiff import environment_of

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
            drawn = str(self.bpmn_id).removeprefix("hall_split_")
            raise Invalid("process.no_way", element=drawn, name=self.bpmn_name or "")
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


class ComplexJoin(InclusiveJoin):
    """A complex gateway: goes on when its condition holds, and lets late tokens pass in silence.

    `activation` is the key of its condition, which may ask for `activationCount`; without one it
    waits for every token that can still come. What it still waits for after it went on stands in
    the first task of its process. Source: BPMN 2.0.2, 10.6.5 and 13.4.5; the reset gives no token.
    """

    def __init__(self, spec: Any, name: str, activation: str | None = None, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.activation = activation

    def _update_hook(self, task: Any) -> bool:
        arrived = list(_arrived(self, task))
        late = self._late(task, arrived)
        if _source(task) in late:
            late.remove(_source(task))
            task.cancel()
            return False
        filled = {_source(task), *map(_source, arrived)}
        if late or not self._active(task, filled, arrived):
            task._set_state(WAITING)
            return False
        consumed = {_source(other): other for other in reversed(arrived)}
        consumed.pop(_source(task), None)
        waiting = self._expected(task, filled)
        if waiting:
            self._resets(task)[self.name] = waiting
        return _fire(task, consumed.values(), True)

    def _active(self, task: Any, filled: set[str], arrived: Collection[Any]) -> bool:
        if self.activation is None:
            return not self._expected(task, filled)
        environment = environment_of(task)
        seen = {**scope.seen(task.parent), "activationCount": len(arrived) + 1}
        return environment.formula(self.activation).holds(seen, environment.now)

    def _expected(self, task: Any, filled: set[str]) -> list[str]:
        """Return the empty flows on which a token can still come, as an inclusive join sees it."""
        tokens = list(_tokens(self, task))
        full = self._leading(filled)
        return [
            name
            for name in self._inputs
            if name not in filled and not (self._leading([name]) - full).isdisjoint(tokens)
        ]

    def _late(self, task: Any, arrived: Collection[Any]) -> list[str]:
        """Return the flows whose token is still to be swallowed; none when none can come."""
        resets = self._resets(task)
        late: list[str] = resets.get(self.name, [])
        if late:
            here = {_source(task), *map(_source, arrived)}
            tokens = set(_tokens(self, task))
            late[:] = [name for name in late if name in here or self._leading([name]) & tokens]
        if not late:
            resets.pop(self.name, None)
        return late

    def _resets(self, task: Any) -> dict[str, list[str]]:
        found: dict[str, list[str]] = task.workflow.task_tree.internal_data.setdefault("resets", {})
        return found


class Gather(defaults.ParallelGateway):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Stands before an activity that consumes several tokens at once (`startQuantity`)."""

    def __init__(self, spec: Any, name: str, tokens: int, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.tokens = tokens

    def _update_hook(self, task: Any) -> bool:
        arrived = list(_arrived(self, task))
        return _fire(task, arrived[: self.tokens - 1], len(arrived) >= self.tokens - 1)


class Multiply(BpmnSpecMixin):  # type: ignore[misc]  # SpiffWorkflow is untyped
    """Stands behind an activity that produces several tokens (`completionQuantity`)."""

    def __init__(self, spec: Any, name: str, tokens: int, **kwargs: Any) -> None:
        super().__init__(spec, name, **kwargs)
        self.tokens = tokens

    def _run_hook(self, task: Any) -> bool:
        for _ in range(self.tokens - 1):
            for spec in self.outputs:
                task._add_child(spec, FUTURE)
        for child in task.children:
            child.task_spec._predict(child, mask=FUTURE | TaskState.PREDICTED_MASK)
        return True
