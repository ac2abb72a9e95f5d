"""Like tasks are completed together (批量办理): one form, each task for itself."""

from collections.abc import Mapping, Sequence

from flask import Response, request

from engine.kernel.errors import Invalid
from engine.services import batch, work
from engine.services.batch import Done, Refused
from webui.desk import unsent
from webui.desk.case import name_in_list
from webui.kit import forms
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.pages import render
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words

CHOSEN = "chosen"


@needs("task.work")
def page() -> Response:
    """Show the tasks that may be completed together with one."""
    return _page(request.args.get("task", ""))


@needs("task.work")
def complete() -> Response:
    """Complete the chosen tasks with the same answers, and say what became of each."""
    task_id = request.form.get("task", "")
    chosen = [_named(text) for text in request.form.getlist(CHOSEN)]
    typed = unsent.typed(request.form.lists())
    form = work.asked(hall(), task_id)
    answers = forms.read(form, _of_form(typed)) if form else {}
    mistakes = forms.mistakes(form, answers) if form else {}
    if mistakes:
        return _page(task_id, answers, mistakes, chosen=chosen, status=422)
    try:
        told = batch.complete(hall(), present(), chosen, answers)
    except Invalid as error:
        return _page(task_id, answers, said=sentence(error), chosen=chosen, status=status_of(error))
    return _page(task_id, answers, told=told, chosen=chosen)


def _page(
    task_id: str,
    answers: Mapping[str, object] | None = None,
    errors: Mapping[str, str] | None = None,
    *,
    said: str = "",
    told: Sequence[Done | Refused] = (),
    chosen: Sequence[tuple[str, int]] | None = None,
    status: int = 200,
) -> Response:
    alike = batch.alike(hall(), present(), task_id)
    lines = [(line, *verdict_words(line.verdict)) for line in alike.lines]
    return render(
        "desk/batch.html",
        status,
        alike=alike,
        most=batch.MOST,
        lines=lines,
        names={line.task.id: name_in_list(line.case) for line in alike.lines},
        # Before anything was chosen all that may be done are; what was left out stays left out.
        marked={line.task.id for line in alike.lines}
        if chosen is None
        else {one for one, _seen in chosen},
        answers=answers,
        errors=errors or {},
        said=said,
        done=[one for one in told if isinstance(one, Done)],
        refused=[(one, sentence(one.error)) for one in told if isinstance(one, Refused)],
    )


def _named(text: str) -> tuple[str, int]:
    """Return task and revision of a box; what is no revision was never seen."""
    task_id, _, seen = text.rpartition("@")
    return task_id, int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 10 else -1


def _of_form(typed: Mapping[str, list[str]]) -> dict[str, list[str]]:
    return {name: values for name, values in typed.items() if name not in ("task", CHOSEN)}
