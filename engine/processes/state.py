"""The state of a running case as bytes: the tasks as rows, the variables once, never the specs.

`1 <crc32> {json}`: the revision of this format, a checksum that finds what was cut short or
altered, then `p` (digest of the process version), `d` (variables), `t` (rows of tasks), `s`
(sub-processes), `f`, `u`, `l` (completed, success, last task of the process).
A row is `[id, row of the parent, state, spec, flags, internal data]`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zlib import crc32

import orjson
from SpiffWorkflow.bpmn.specs.mixins.events.event_types import CatchingEvent
from SpiffWorkflow.bpmn.util.subworkflow import BpmnSubWorkflow
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from engine.kernel.errors import Invalid, Unavailable
from engine.processes.definition import Definition
from engine.processes.spiff import Engine

REVISION = 1
CEILING = 256 * 1024
OPTIONS = orjson.OPT_PASSTHROUGH_DATETIME
WAITING = TaskState.WAITING
TRIGGERED, SHARES = 1, 2

READERS: dict[str, Callable[[str], object]] = {
    "n": Decimal,
    "d": date.fromisoformat,
    "t": time.fromisoformat,
    "m": datetime.fromisoformat,
    "s": lambda text: timedelta(microseconds=int(text)),
}


def dump(case: BpmnWorkflow, definition: Definition) -> bytes:
    """Return the bytes of a case; Invalid `process.data_too_large` (size, limit) above 256 KB."""
    data = case.task_tree.data
    parts = [
        [
            caller,
            part.spec.name,
            part.success,
            part.completed,
            _last(part),
            _rows(part, data),
        ]
        for caller, part in case.subprocesses.items()
    ]
    body = orjson.dumps(
        {
            "p": definition.digest[:16],
            "f": case.completed,
            "u": case.success,
            "l": _last(case),
            "d": data,
            "t": _rows(case, data),
            "s": parts,
        },
        default=_tag,
        option=OPTIONS,
    )
    if len(body) > CEILING:
        raise Invalid("process.data_too_large", size=len(body), limit=CEILING)
    return b"%d %08x %s" % (REVISION, crc32(body), body)


def load(state: bytes, definition: Definition, engine: Engine) -> BpmnWorkflow:
    """Return the case that `dump` wrote, ready to go on under `engine`.

    Raises Unavailable: `process.state_revision` (found) for a format we do not read,
    `process.state_broken` (process) for bytes that are not what was written,
    `process.other_version` (process) for a case of another version, which has to migrate.
    """
    return build(held(state, definition), definition, engine)


def held(state: bytes, definition: Definition) -> dict[str, Any]:
    """Return what the bytes of a case hold, by the letters of this module's head; raises as `load`.

    Values stay tagged; `build` reads them.
    """
    revision, _, rest = state.partition(b" ")
    if revision != b"%d" % REVISION:
        other = revision[:8].decode("ascii", "replace")
        raise Unavailable("process.state_revision", found=other, process=definition.key)
    checksum, _, body = rest.partition(b" ")
    if checksum != b"%08x" % crc32(body):
        raise Unavailable("process.state_broken", process=definition.key)
    found: dict[str, Any] = orjson.loads(body)
    if found["p"] != definition.digest[:16]:
        raise Unavailable("process.other_version", process=definition.key)
    found["tagged"] = b'"$"' in body
    return found


def build(found: Mapping[str, Any], definition: Definition, engine: Engine) -> BpmnWorkflow:
    """Return the case that `held` has read; every spec it names must be in the definition."""
    read = _untag if found["tagged"] else _as_is
    data: dict[str, object] = read(found["d"])
    case = BpmnWorkflow(definition.spec, definition.parts, script_engine=engine, deserializing=True)
    _put_rows(case, found["t"], data, read)
    case.completed, case.success = found["f"], found["u"]
    case.last_task = case.tasks.get(found["l"])
    for caller, name, success, completed, last, rows in found["s"]:
        _put_part(case, caller, definition.parts[name], rows, data, read)
        part = case.subprocesses[caller]
        part.success, part.completed, part.last_task = success, completed, part.tasks.get(last)
    return case


def _last(workflow: Any) -> str | None:
    return workflow.last_task.id if workflow.last_task is not None else None


def _rows(workflow: Any, data: dict[str, object]) -> list[tuple[object, ...]]:
    places: dict[str, int] = {}
    rows: list[tuple[object, ...]] = []
    # Tasks stand in the order in which they were made, so a parent always comes first.
    for place, task in enumerate(workflow.tasks.values()):
        places[task.id] = place
        rows.append(
            (
                task.id,
                places.get(task._parent, -1),
                task._state,
                task.task_spec.name,
                (TRIGGERED if task.triggered else 0) | (SHARES if task.data is data else 0),
                task.internal_data or 0,
            )
        )
    return rows


def _put_rows(
    workflow: Any, rows: list[Any], data: dict[str, object], read: Callable[[Any], Any]
) -> None:
    specs, tasks = workflow.spec.task_specs, workflow.tasks
    made: list[Task] = []
    events = workflow.top_workflow.event_manager
    for task_id, parent, state, name, flags, internal in rows:
        task = Task.__new__(Task)  # Task.__init__ would register it with its parent once more
        task.id, task.workflow, task._children = task_id, workflow, []
        task._state, task.task_spec, task.thread_id = state, specs[name], 0
        task.triggered, task.last_state_change = bool(flags & TRIGGERED), 0.0
        task.data = data if flags & SHARES else {}
        task.internal_data = read(internal) if internal else {}
        if parent < 0:
            task._parent = None
        else:
            above = made[parent]
            task._parent = above.id
            above._children.append(task_id)
        made.append(task)
        tasks[task_id] = task
        if state == WAITING and isinstance(task.task_spec, CatchingEvent):
            events.add_task(task)  # or no timer ever fires again
    workflow.task_tree = made[0]


def _put_part(
    case: Any,
    caller: str,
    spec: Any,
    rows: list[Any],
    data: dict[str, object],
    read: Callable[[Any], Any],
) -> None:
    above = case.get_task_from_id(caller)
    part = BpmnSubWorkflow(spec, caller, case, deserializing=True)
    case.subprocesses[caller] = part
    _put_rows(part, rows, data, read)
    part.completed_event.connect(above.task_spec._on_subworkflow_completed, above)


def _tag(value: object) -> object:
    match value:
        case Decimal():
            return {"$": "n", "v": str(value)}
        case datetime():
            return {"$": "m", "v": value.isoformat()}
        case date():
            return {"$": "d", "v": value.isoformat()}
        case time():
            return {"$": "t", "v": value.isoformat()}
        case timedelta():
            return {"$": "s", "v": str(value // timedelta(microseconds=1))}
    raise TypeError(f"no form in a case's state for {type(value).__name__}")


def _as_is(value: Any) -> Any:
    return value


def _untag(value: Any) -> Any:
    kind = type(value)
    if kind is dict:
        if "$" in value:
            return READERS[value["$"]](value["v"])
        return {key: _untag(item) for key, item in value.items()}
    if kind is list:
        return [_untag(item) for item in value]
    return value
