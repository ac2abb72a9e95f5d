"""Our changes to SpiffWorkflow 3.2.0, each with its reason; made once, when this is imported.

They hold for the whole process: nothing else in the house uses SpiffWorkflow.
"""

import secrets
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib.metadata import version
from typing import Any, NoReturn, Protocol

import SpiffWorkflow.bpmn.specs.control as control
import SpiffWorkflow.task as tasks
import SpiffWorkflow.workflow as workflows
from SpiffWorkflow.bpmn.script_engine import BasePythonScriptEngineEnvironment, PythonScriptEngine
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import CallActivity, SubWorkflowTask
from SpiffWorkflow.bpmn.specs.mixins.unstructured_join import UnstructuredJoin
from SpiffWorkflow.bpmn.util.task import BpmnTaskIterator
from SpiffWorkflow.util.task import TaskIterator, TaskState

from engine.kernel.errors import Invalid, Unavailable
from engine.processes import scope
from engine.processes.exchange import Observe, ScriptDone, Thrown
from engine.processes.formulas import AskCalendar, Formula, Formulas

TESTED = "3.2.0"
NOT_FINISHED = TaskState.NOT_FINISHED_MASK
FINISHED = TaskState.FINISHED_MASK
RECURSION = 6000
WAITING = TaskState.WAITING
AHEAD = TaskState.PREDICTED_MASK | TaskState.FUTURE
_stock_edge = control.BoundaryEventJoin._check_threshold_structured


class DecisionLike(Protocol):
    """What `decide` returns; `outcome` holds plain values by the plain keys of the outputs."""

    @property
    def outcome(self) -> Mapping[str, object]: ...


Decide = Callable[[str, Mapping[str, object]], DecisionLike]


@dataclass(frozen=True)
class Made:
    """A decision made on the way: at which business rule task, by which table, and what."""

    task: str
    table: str
    decision: DecisionLike


@dataclass
class Environment(BasePythonScriptEngineEnvironment):  # type: ignore[misc]  # Spiff is untyped
    """What one command may ask: compiled FEEL by key, the tables, the moment (D1, D2).

    It replaces the environment, not only the engine, because parts of Spiff call it directly.
    `calendar` is asked for the working days when a timer counts them.
    `entry` is the drawn id of the event by which a case starts, None for its plain start;
    `failure` the code of an error that nobody caught.
    """

    formulas: Formulas
    decide: Decide
    now: datetime
    observe: Observe | None = None
    calendar: AskCalendar | None = None
    entry: str | None = None
    made: list[Made] = field(default_factory=list)
    scripts: list[ScriptDone] = field(default_factory=list)
    thrown: list[Thrown] = field(default_factory=list)
    failure: str | None = None
    globals: dict[str, object] = field(default_factory=dict)

    def note(self, done: ScriptDone) -> None:
        """Note that a script completed, and tell who observes, even if the command fails later."""
        self.scripts.append(done)
        if self.observe is not None:
            self.observe(done)

    def formula(self, key: str) -> Formula:
        """Return the compiled text of a key; anything that is no key is refused."""
        found = self.formulas.conditions.get(key)
        if found is None:
            raise Invalid("process.script_refused", text=key)
        return found

    def evaluate(
        self,
        expression: str,
        context: Mapping[str, object],
        external_context: Mapping[str, object] | None = None,
    ) -> bool:
        """Return whether the condition of a key holds; Spiff asks for nothing else."""
        return self.formula(expression).holds(context, self.now)

    def execute(self, *args: object, **kwargs: object) -> NoReturn:
        """Refuse: no diagram runs a script."""
        raise Invalid("process.script_refused", text=str(args[0]) if args else "")

    call_service = execute


class Engine(PythonScriptEngine):  # type: ignore[misc]  # Spiff is untyped
    """Hands every question to the environment, without wrapping its errors in Spiff's own."""

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)

    def evaluate(self, task: Any, expression: str, external_context: object = None) -> bool:
        """Return whether a condition holds for a task; an item of its own is seen by it."""
        found: bool = self.environment.evaluate(expression, scope.seen(task))
        return found

    def execute(self, task: Any, script: str, external_context: object = None) -> NoReturn:
        """Refuse: no diagram runs a script."""
        raise Invalid("process.script_refused", text=script)

    def call_service(self, task: Any, **kwargs: object) -> NoReturn:
        """Refuse: no diagram calls a program."""
        raise Invalid("process.script_refused", text=str(kwargs.get("operation_name", "")))


def drawn_id(spec: Any) -> str:
    """Return the id of the drawn element that a spec stands for, else the spec's own name."""
    return str(spec.bpmn_id or spec.name)


def environment_of(task: Any) -> Environment:
    """Return the environment of the command in which a task runs."""
    found: Environment = task.workflow.top_workflow.script_engine.environment
    return found


def _inherit_data(task: Any) -> None:
    """One set of variables per process, as BPMN has it, in place of a copy per task.

    Spiff merges copies where branches meet and drops equal items of lists there.
    """
    task.data = task.parent.data


def _set_state(task: Any, value: int) -> None:
    """Set the state without building a log record, and without asking the machine's clock."""
    task._state = value


def _next_task(walk: Any) -> Any:
    """Return the next task of a walk over a tree in Spiff's own order, at any depth (D4)."""
    ahead = walk.task_list
    if not ahead:
        raise StopIteration
    task = ahead.pop() if walk.depth_first else ahead.pop(0)
    known = task.workflow.tasks
    below = [known[child] for child in task._children]
    if below and task._state >= walk.min_state and task.task_spec.name != walk.end_at_spec:
        ahead.extend(reversed(below) if walk.depth_first else below)
    return task


def _next_bpmn_task(walk: Any) -> Any:
    """Return the next task of a walk that goes down into sub-processes as well."""
    ahead = walk.task_list
    if not ahead:
        raise StopIteration
    task = ahead.pop() if walk.depth_first else ahead.pop(0)
    part = task.workflow.top_workflow.subprocesses.get(task.id)
    if (part is None and task._state < walk.min_state) or task.task_spec.name == walk.end_at_spec:
        return task
    known = task.workflow.tasks
    below = [known[child] for child in task._children]
    over = task._state >= FINISHED and walk.task_filter.state <= FINISHED
    inner = [] if part is None or walk.skip_subprocesses or over else [part.task_tree]
    ahead.extend(reversed(inner + below) if walk.depth_first else below + inner)
    return task


def _parent(task: Any) -> Any:
    return task.workflow.tasks.get(task._parent)


def _update_waiting(workflow: Any) -> None:
    """Look at the waiting tasks alone, at any depth; stock walks the tree and stops at 1000."""
    for task in [task for task in workflow.tasks.values() if task._state == WAITING]:
        if task._state == WAITING:
            task.task_spec._update(task)


def _end_may_fire(end: Any, my_task: Any) -> bool:
    """Return whether no token is left but the one that waits to end, at any depth (D4)."""
    name = end.name
    for task in my_task.workflow.tasks.values():
        if task._state & NOT_FINISHED and task is not my_task:
            parent = _parent(task)
            if parent is None or parent.task_spec.name != name:
                return False
    return True


class _NoClock:
    """Stands for the module `time` in Spiff's tasks: stored state must not hold machine time."""

    @staticmethod
    def time() -> float:
        return 0.0


class _NoLog:
    """Stands for Spiff's loggers: building their records cost a tenth of the time."""

    level = 100

    def info(self, *args: object, **kwargs: object) -> None: ...

    def debug(self, *args: object, **kwargs: object) -> None: ...


def _join(join: Any, my_task: Any) -> bool:
    """Go on with the variables as they are: there is only one set, nothing to merge.

    Stock also drops what follows an earlier pass through the join, open tasks included.
    """
    my_task._inherit_data()
    return True


def _is_descendant_of(task: Any, other: Any) -> bool:
    """Look upwards in a loop: stock calls itself once per ancestor."""
    above = _parent(task)
    while above is not None:
        if above is other:
            return True
        above = _parent(above)
    return False


def _find_ancestor(task: Any, name: str) -> Any:
    """Return the nearest ancestor of a spec, in a loop for the same reason."""
    above = _parent(task)
    while above is not None and above.task_spec.name != name:
        above = _parent(above)
    return above


def _share_data(activity: Any, task: Any, inner: Any) -> None:
    """Let a sub-process work on the variables of its process; stock copies them in and out."""
    inner.task_tree.data = task.data


def _keep_data(activity: Any, task: Any, inner: Any) -> None:
    """Take nothing over from a sub-process: it worked on the same variables."""


def _complete(workflow: Any, task: Any) -> None:
    """Mark a process complete without copying its variables once more."""
    workflow.completed = True


def _edge_is_over(join: Any, my_task: Any) -> tuple[bool, list[Any]]:
    """Return whether an activity is over, and what stops with it.

    Stock also drops what follows an event that happened without interrupting; it goes on here.
    """
    over, stopped = _stock_edge(join, my_task)
    for task in [task for task in stopped if task._state == WAITING]:
        foreseen = [child for child in task.children if child._state & AHEAD]
        if len(foreseen) < len(task._children):
            for child in foreseen:
                task.workflow._remove_task(child.id)
            task.workflow.top_workflow.event_manager.remove_task(task)
            task._set_state(TaskState.COMPLETED)
            stopped.remove(task)
    return over, stopped


def tune() -> None:
    """Make the changes; Unavailable `process.engine_version` for a Spiff that nobody tried."""
    found = version("SpiffWorkflow")
    if found != TESTED:
        raise Unavailable("process.engine_version", found=found, tested=TESTED)
    tasks.Task._inherit_data = _inherit_data
    tasks.Task._set_state = _set_state
    TaskIterator._next = _next_task
    BpmnTaskIterator._next = _next_bpmn_task
    tasks.time = _NoClock
    tasks.uuid4 = lambda: secrets.token_hex(16)
    tasks.logger = workflows.logger = _NoLog()
    workflows.Workflow.update_waiting_tasks = _update_waiting
    control._EndJoin._check_threshold_unstructured = _end_may_fire
    UnstructuredJoin._run_hook = control._EndJoin._run_hook = _join
    workflows.Workflow._mark_complete = _complete
    control.BoundaryEventJoin._check_threshold_structured = _edge_is_over
    tasks.Task.is_descendant_of = _is_descendant_of
    tasks.Task.find_ancestor = _find_ancestor
    for activity in (SubWorkflowTask, CallActivity):
        activity.copy_data, activity.update_data = _share_data, _keep_data
    # A chain of nodes is one call per node in the parser and in the prediction of the way ahead.
    sys.setrecursionlimit(max(sys.getrecursionlimit(), RECURSION))


tune()
