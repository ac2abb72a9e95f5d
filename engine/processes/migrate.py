"""A running case carried over to another version of its process, or a reason why it cannot be.

What was done stays done and what is open stays open, under the same ids; only what lies ahead is
read from the new drawing. SpiffWorkflow's own migration restarts open timers, drops drafts and
leaves cases that cannot be loaded again when a step is gone, so it is not used.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventSplit
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Conflict, Missing
from engine.processes import state
from engine.processes.definition import Definition
from engine.processes.joins import InclusiveJoin, ParallelJoin
from engine.processes.spiff import DecisionLike, Engine, Environment, drawn_id

DEFINITE = TaskState.WAITING
OPEN = TaskState.WAITING | TaskState.READY | TaskState.STARTED
SOON = TaskState.FUTURE | TaskState.PREDICTED_MASK
JOINS = (ParallelJoin, InclusiveJoin)

Row = list[Any]  # [id, row of the parent, state, spec, flags, internal data], see `state`


def carry_over(old: Definition, new: Definition, state_before: bytes) -> bytes:
    """Return the state of a case under another version of its process.

    The open tasks keep their ids, their answers and the due times of their timers. Steps that
    the new version inserts behind them will be done, those it inserts before them will not.

    Raises Conflict with the element (drawn id) that is in the way: `migrate.removed` for an open
    or finished step that the new version lacks, `migrate.changed` for one that is something else
    there, `migrate.events` where an open step has other events on its edge, `migrate.join` where
    branches that are under way would meet otherwise, `migrate.instances` where what follows a
    repeated step under way has changed, `migrate.ended` for a case that has ended.
    Raises Unavailable as `state.load`.
    """
    found = state.held(state_before, old)
    if found["f"]:
        raise Conflict("migrate.ended", element="")
    found["t"] = _carried(found["t"], old.spec.task_specs, new.spec.task_specs, old, new)
    for part in found["s"]:
        name, rows = part[1], part[-1]
        if name not in new.parts:
            raise Conflict("migrate.removed", element=name)
        part[-1] = _carried(rows, old.parts[name].task_specs, new.parts[name].task_specs, old, new)
    nobody = Environment(new.formulas, _asks_nothing, datetime.min.replace(tzinfo=UTC))
    case = state.build(found, new, Engine(nobody))
    for workflow in (case, *case.subprocesses.values()):
        _look_ahead(workflow)
    return state.dump(case, new)


def _asks_nothing(table: str, facts: Mapping[str, object]) -> DecisionLike:
    raise Missing("definition.none", kind="table", key=table, day="")


def _carried(
    rows: Sequence[Row],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    old: Definition,
    new: Definition,
) -> list[Row]:
    """Return the rows of one process or sub-process that the new version can go on from."""
    _joins_stay(rows, before, after)
    kept: list[Row] = []
    places: dict[int, int] = {}  # of the rows kept; a row left out has its parent's place
    for place, row in enumerate(rows):
        _, parent, task_state, name, *_ = row
        above = places.get(parent, -1)
        if task_state < DEFINITE:
            if not _follows(rows, parent, name, before, after):
                continue
        elif name not in after:
            if task_state & OPEN or drawn_id(before[name]) in old.tasks or above < 0:
                raise Conflict("migrate.removed", element=drawn_id(before[name]))
            places[place] = above
            continue
        elif type(after[name]) is not type(before[name]) or (
            task_state & OPEN and _child(old, before[name]) != _child(new, after[name])
        ):
            raise Conflict("migrate.changed", element=drawn_id(before[name]))
        elif task_state & OPEN:
            _edges_stay(rows[parent][3], name, before, after)
        places[place] = len(kept)
        kept.append([row[0], above, *row[2:]])
    return kept


def _child(definition: Definition, spec: Any) -> str | None:
    """The process of the child case that a spec waits for, if it does."""
    drawn = definition.tasks.get(spec.bpmn_id or "")
    return drawn.child if drawn is not None else None


def _follows(
    rows: Sequence[Row], parent: int, name: str, before: Mapping[str, Any], after: Mapping[str, Any]
) -> bool:
    """Whether a step ahead may stay: right behind an open one whose ways out are the same."""
    above = rows[parent]
    if not above[2] & OPEN or above[3] not in after:
        return False
    same = list(before[above[3]]._outputs) == list(after[above[3]]._outputs)
    if not same and _has_instances(rows, parent):
        raise Conflict("migrate.instances", element=drawn_id(before[above[3]]))
    return same and name in after


def _has_instances(rows: Sequence[Row], place: int) -> bool:
    return any(row[1] == place and row[2] >= DEFINITE for row in rows)


def _edges_stay(above: str, name: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """An open step was armed with the events on its edge when it began; none can be added."""
    split = f"{name}.BoundaryEventSplit"
    armed = isinstance(before.get(above), BoundaryEventSplit)
    if armed:
        same = set(before[above]._outputs) == set(getattr(after.get(above), "_outputs", ()))
    else:
        same = split not in after
    if not same:
        raise Conflict("migrate.events", element=drawn_id(before[name]))


def _joins_stay(rows: Sequence[Row], before: Mapping[str, Any], after: Mapping[str, Any]) -> None:
    """Branches that are under way must meet as they did when they parted."""
    tokens = [row for row in rows if row[2] & OPEN]
    for row in tokens:
        spec = before[row[3]]
        met = after.get(row[3])
        if isinstance(spec, JOINS) and met and set(spec._inputs) != set(met._inputs):
            raise Conflict("migrate.join", element=drawn_id(spec))
    if len(tokens) < 2:
        return
    for name in _ahead([row[3] for row in tokens], after):
        spec = after[name]
        if isinstance(spec, JOINS):
            known = before.get(name)
            if known is None or len(known._inputs) != len(spec._inputs):
                raise Conflict("migrate.join", element=drawn_id(spec))


def _ahead(names: Sequence[str], specs: Mapping[str, Any]) -> Iterator[str]:
    """Yield the specs that can be reached from some."""
    seen, ahead = set(names), list(names)
    while ahead:
        spec = specs.get(ahead.pop())
        for name in spec._outputs if spec is not None else ():
            if name not in seen:
                seen.add(name)
                ahead.append(name)
                yield name


def _look_ahead(workflow: Any) -> None:
    """Let every open task see the steps that now follow it."""
    for task in list(workflow.tasks.values()):
        if not task._state & OPEN:
            continue
        if not task._children:
            task.task_spec._predict(task, mask=TaskState.NOT_FINISHED_MASK)
        for child in task.children:
            if child._state < DEFINITE:
                child.task_spec._predict(child, mask=SOON)
