"""Common phrases (常用意见) at a task: put one into the opinion, keep one, take one away."""

from flask import Response, request

from engine.kernel.errors import HallError, Missing
from engine.services import phrases, work
from engine.services.work import TaskView
from webui.desk import task, unsent
from webui.kit.guard import needs
from webui.kit.session import hall, present

PHRASE = "phrase"


@needs("task.work")
def put(task_id: str) -> Response:
    """Show the task again, the chosen phrase behind what is typed."""
    view, typed = _asked(task_id)
    kept = phrases.of_step(hall(), present(), view.task.step)
    chosen = next((one for one in kept if one.id == request.form.get(PHRASE)), None)
    into = _field(view)
    if chosen is None or into is None:
        return task.shown(task_id, typed, Missing("phrase.unknown"))
    before = (typed.get(into) or [""])[0].rstrip()
    together = f"{before}\n{chosen.text}" if before else chosen.text
    return task.shown(task_id, typed | {into: [together]})


@needs("task.work")
def add(task_id: str) -> Response:
    """Keep what stands in the opinion as a phrase for this step."""
    view, typed = _asked(task_id)
    text = (typed.get(_field(view) or "") or [""])[0]
    try:
        phrases.add(hall(), present(), view.task.step, text)
    except HallError as error:
        return task.shown(task_id, typed, error)
    return task.shown(task_id, typed)


@needs("task.work")
def remove(task_id: str) -> Response:
    """Take a phrase away; the task stays as it was typed."""
    _view, typed = _asked(task_id)
    try:
        phrases.remove(hall(), present(), request.form.get(PHRASE, ""))
    except Missing as error:
        return task.shown(task_id, typed, error)
    return task.shown(task_id, typed)


def _asked(task_id: str) -> tuple[TaskView, dict[str, list[str]]]:
    typed = dict(unsent.typed(request.form.lists()))
    typed.pop(PHRASE, None)
    return work.task(hall(), present(), task_id), typed


def _field(view: TaskView) -> str | None:
    into = task.opinion(view)
    return into.name if into else None
