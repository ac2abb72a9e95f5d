"""The specs that undo: throwing compensation, cancelling a transaction, noting what completed.

What completed stands in the order of completion in the first task of its scope, as plain values:
`a` the activity, `u` the part that undoes it, `in` what completed inside it, and the item and
number of its instance. A sub-process hands its notes on when it completes, so they outlive its
tasks.
Source: BPMN 2.0.2, 10.5.6, 10.7 and 13.5.5. SpiffWorkflow has none of it.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.specs.event_definitions.simple import NoneEventDefinition
from SpiffWorkflow.bpmn.specs.mixins.bpmn_spec_mixin import BpmnSpecMixin
from SpiffWorkflow.bpmn.specs.mixins.events.end_event import EndEvent
from SpiffWorkflow.bpmn.specs.mixins.events.intermediate_event import IntermediateThrowEvent
from SpiffWorkflow.bpmn.specs.mixins.subworkflow_task import SubWorkflowTask
from SpiffWorkflow.util.task import TaskState

from engine.processes import compensation
from engine.processes.bpmn import event_definitions, every, tag
from engine.processes.events import throw
from engine.processes.scope import ITEM, NUMBER

Note = dict[str, Any]
DONE, WHOLE, LEFT = "done", "whole", "left"
BODY = "hall_body_"
OWN = (ITEM, NUMBER)


class _Undoing:
    """Runs the handlers of what completed one after the other, the last completed first.

    The handler that runs is the sub-process of this task; those still to come stand in its
    internal data. Only when none is left does the token go on.
    """

    def _run_hook(self: Any, task: Any) -> bool | None:
        kept = task.internal_data
        if LEFT not in kept:
            kept[LEFT] = list(_handlers(self._take(task), {}))[::-1]
        top = task.workflow.top_workflow
        if task.id in top.subprocesses:
            top.delete_subprocess(task)
        if kept[LEFT]:
            self._start(task, kept[LEFT].pop())
            return None
        for name in (LEFT, *OWN):
            kept.pop(name, None)
        done: bool = self._undone(task)
        return done

    def _start(self: Any, task: Any, note: Note) -> None:
        part = task.workflow.top_workflow.create_subprocess(task, note["u"])
        part.completed_event.connect(self._on_subworkflow_completed, task)
        first = part.task_tree
        first.data = task.data
        if "in" in note:
            first.internal_data[WHOLE] = note["in"]
        # A handler runs inside this task, so it sees what its instance was about from here.
        for name in OWN:
            task.internal_data.pop(name, None)
        task.internal_data.update({name: note[name] for name in OWN if name in note})
        first.run()

    def _on_subworkflow_completed(self: Any, part: Any, task: Any) -> None:
        if task._state == TaskState.STARTED:
            task._set_state(TaskState.READY)

    def _on_cancel(self: Any, task: Any) -> None:
        part = task.workflow.top_workflow.subprocesses.get(task.id)
        if part is not None:
            part.cancel()
        super()._on_cancel(task)  # type: ignore[misc]  # the spec's own, behind the mixin

    def _undone(self, task: Any) -> bool:
        return True


class _Throwing(_Undoing):
    """What both throwing events share: `target` is one activity or None, `reach` see drawing."""

    def _take(self: Any, task: Any) -> list[Note]:
        books = _books(task.workflow, self.reach if self.target is None else None)
        return _taken(books, self.target)


class CompensateThrow(_Throwing, BpmnSpecMixin, IntermediateThrowEvent):  # type: ignore[misc]  # untyped
    """An intermediate event that undoes and goes on when that is done."""

    def __init__(self, spec: Any, name: str, target: str | None, reach: int, **kwargs: Any) -> None:
        super().__init__(spec, name, event_definition=NoneEventDefinition(), **kwargs)
        self.target, self.reach = target, reach


class CompensateEnd(_Throwing, BpmnSpecMixin, EndEvent):  # type: ignore[misc]  # untyped
    """An end event that undoes before its token is consumed."""

    def __init__(self, spec: Any, name: str, target: str | None, reach: int, **kwargs: Any) -> None:
        super().__init__(spec, name, event_definition=NoneEventDefinition(), **kwargs)
        self.target, self.reach = target, reach


class CancelEnd(_Undoing, BpmnSpecMixin, EndEvent):  # type: ignore[misc]  # untyped
    """Ends a transaction: stops what runs in it, undoes what completed, leaves by its edge."""

    def __init__(self, spec: Any, name: str, transaction: str, **kwargs: Any) -> None:
        super().__init__(spec, name, event_definition=NoneEventDefinition(), **kwargs)
        self.transaction = transaction

    def _take(self, task: Any) -> list[Note]:
        books: list[list[Note]] = []
        host, workflow = task, task.workflow
        while True:
            _stop_others(host)
            if _scope(workflow) is workflow:
                books.append(_book(workflow))
            if workflow.spec.name == self.transaction or workflow.parent_workflow is None:
                return _taken(books, None)
            host = workflow.top_workflow.get_task_from_id(workflow.parent_task_id)
            workflow = host.workflow

    def _undone(self, task: Any) -> bool:
        throw(task, "cancel", None)
        return True


def spec_of(parser: Any) -> Any:
    """Return the spec of an event that undoes, from its parser; None for any other event."""
    node = parser.node
    thrown = event_definitions(node)
    ends = node.tag == tag("endEvent")
    said = parser.bpmn_attributes
    if ends and "cancel" in thrown:
        around = next(node.iterancestors(tag("transaction")))
        return CancelEnd(parser.spec, parser.bpmn_id, around.get("id"), **said)
    if "compensate" not in thrown:
        return None
    kind = CompensateEnd if ends else CompensateThrow
    whom, reach = compensation.target(node), compensation.reach(node)
    return kind(parser.spec, parser.bpmn_id, whom, reach, **said)


def handler_specs(parser: Any, root: etree._Element) -> dict[str, Any]:
    """Return the specs of all handlers of a tree by name, their sub-processes among them."""
    found: dict[str, Any] = {}
    for node in every(root, {"subProcess"}):
        name = node.get("id")
        if compensation.undoes(node) and name is not None:
            parser.create_parser(node)
            found[name] = parser.get_spec(name)
            found |= parser.get_subprocess_specs(name)
    return found


def note_what_completes(spec: Any, parts: Mapping[str, Any], root: etree._Element) -> None:
    """Let the specs of a process note what could be undone, if anything in it ever undoes."""
    if not compensation.is_used(root):
        return
    undone = {node.get("id"): node.get(compensation.UNDONE_BY) for node in root.iter()}
    inside = {node.get("id"): node.get(compensation.UNDONE_INSIDE_BY) for node in root.iter()}
    for each in (spec, *parts.values()):
        for step in each.task_specs.values():
            if step.bpmn_id is None or hasattr(step, "merge_child"):
                continue  # an instance completes, not the loop around it
            if step.bpmn_id.startswith(BODY):
                continue  # what completes in a body is noted by its scope at once
            scope = step.spec if isinstance(step, SubWorkflowTask) else None
            handler, event = undone.get(step.bpmn_id), inside.get(scope) if scope else None
            if handler is not None or scope is not None:
                step.completed_event.connect(_note, handler, event)


def _note(workflow: Any, task: Any, handler: str | None, event: str | None) -> None:
    part = workflow.top_workflow.subprocesses.get(task.id)
    inner = _book(part) if part is not None else []
    note: Note = {"a": task.task_spec.bpmn_id}
    if handler is not None:
        note["u"] = handler
    elif event is not None:
        note["u"], note["in"] = event, inner
    elif inner:
        note["in"] = inner
    else:
        return
    note.update({name: task.internal_data[name] for name in OWN if name in task.internal_data})
    _scope(workflow).task_tree.internal_data.setdefault(DONE, []).append(note)


def _scope(workflow: Any) -> Any:
    """Return the workflow that keeps the notes: the scope itself, not the body in it."""
    return workflow.parent_workflow if workflow.spec.name.startswith(BODY) else workflow


def _book(workflow: Any) -> list[Note]:
    found: list[Note] = _scope(workflow).task_tree.internal_data.get(DONE, [])
    return found


def _books(workflow: Any, levels: int | None) -> list[list[Note]]:
    """Return the notes of a scope and of those around it, `levels` of them or all (None)."""
    scope = _scope(workflow)
    found = [_book(scope)]
    while levels is None or levels > 0:
        whole = scope.task_tree.internal_data.get(WHOLE)
        if whole is not None:
            return [*found, whole]
        if scope.parent_workflow is None:
            return found
        scope = _scope(scope.parent_workflow)
        found.append(_book(scope))
        levels = None if levels is None else levels - 1
    return found


def _taken(books: list[list[Note]], target: str | None) -> list[Note]:
    """Take the wanted notes out of their books, the last completed first; each is undone once."""
    for book in books:
        wanted = [note for note in book if target in (None, note["a"])]
        if wanted and target is not None:
            book[:] = [note for note in book if note not in wanted]
            return wanted[::-1]
    if target is not None:
        return []
    found = [note for book in books for note in reversed(book)]
    for book in books:
        book.clear()
    return found


def _handlers(notes: list[Note], around: Note) -> Iterator[Note]:
    """Yield the notes of the handlers to run, in order; those inside stand for a bare scope.

    `around` is what the instance around was about, which those inside see as well.
    """
    for note in notes:
        own = {name: note.get(name, around.get(name)) for name in OWN if name in (*note, *around)}
        if ITEM in own:
            own[ITEM] = {**around.get(ITEM, {}), **note.get(ITEM, {})}
        if "u" in note:
            yield {**note, **own}
        else:
            yield from _handlers(note["in"][::-1], own)


def _stop_others(task: Any) -> None:
    for other in list(task.workflow.tasks.values()):
        running = other._state & TaskState.NOT_FINISHED_MASK
        kin = other is task or other.is_descendant_of(task) or task.is_descendant_of(other)
        if running and not kin:
            other.cancel()
