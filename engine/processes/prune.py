"""Finished tasks that nothing can ask for again are dropped, so that a long case stays small.

Joins ask for what arrived (the parents of tasks that are not finished), the edge of an activity
for its event and its host, a loop for its instances, compensation for the first task of a scope:
those stay. A chain of finished tasks shrinks to its last.
"""

from typing import Any

from SpiffWorkflow.bpmn.specs.control import BoundaryEventJoin, EventSplit
from SpiffWorkflow.util.task import TaskState

FINISHED = TaskState.FINISHED_MASK


def prune(case: Any) -> None:
    """Drop the finished tasks and parts of a case; its drawn course and its data stay the same."""
    parts = case.subprocesses
    for workflow in (case, *list(parts.values())) if parts else (case,):
        if workflow.tasks:
            _shorten(workflow)
    while parts:
        known = {each for workflow in (case, *parts.values()) for each in workflow.tasks}
        lost = [caller for caller in parts if caller not in known]
        for caller in lost:
            del parts[caller]
        if not lost:
            return


def _shorten(workflow: Any) -> None:
    tasks = workflow.tasks
    root = workflow.task_tree
    for task in list(tasks.values()):
        if task is root or not task._state & FINISHED:
            continue
        above = tasks[task._parent]
        if not above._state & FINISHED or _is_watched(above) or _is_watched(task):
            continue
        if all(tasks[child]._state & FINISHED for child in task._children):
            _take_out(tasks, task, above)
            if workflow.last_task is task:
                workflow.last_task = None


def _take_out(tasks: dict[str, Any], task: Any, above: Any) -> None:
    place = above._children.index(task.id)
    above._children[place : place + 1] = task._children
    for child in task._children:
        tasks[child]._parent = above.id
    del tasks[task.id]


def _is_watched(task: Any) -> bool:
    """Return whether the edge of an activity is still looked at: its host or an event is open."""
    if not isinstance(task.task_spec, EventSplit):
        return False
    tasks = task.workflow.tasks
    for child in (tasks[name] for name in task._children):
        if not child._state & FINISHED:
            return True
        for below in (tasks[name] for name in child._children):
            if not below._state & FINISHED and isinstance(below.task_spec, BoundaryEventJoin):
                return True
    return False
