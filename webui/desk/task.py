"""One task: what is asked, everything about its case, and whether this person may do it."""

from collections.abc import Mapping

from flask import Response, request, url_for

from engine.domain.case import first_for
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.services import attachments, cases, phrases, work
from engine.services import unsent as kept
from engine.services.work import Completed, TaskView
from webui.desk import unsent
from webui.desk.history import earlier_steps, names_of_steps, said
from webui.kit import forms
from webui.kit.errors import problems, sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _
from webui.kit.pages import back_to, render, see
from webui.kit.session import hall, present
from webui.kit.verdict import table_said, verdict_words


@needs("task.work")
def page(task_id: str) -> Response:
    """Show a task with its form, or, once it is done, what was answered."""
    return shown(task_id)


@needs("task.work")
def claim(task_id: str) -> Response:
    """Take a task for oneself (签收) and open it."""
    try:
        work.claim(hall(), present(), task_id)
    except (Conflict, Forbidden) as error:
        return shown(task_id, error=error)
    return see("desk.task", task_id=task_id)


@needs("task.work")
def release(task_id: str) -> Response:
    """Give a claimed task back to the colleagues."""
    try:
        work.release(hall(), present(), task_id)
    except (Conflict, Forbidden) as error:
        return shown(task_id, error=error)
    return see("desk.inbox", tab="offered")


@needs("task.work")
def complete(task_id: str) -> Response:
    """Complete a task and go on to the next; whatever goes wrong, the typed text stays."""
    typed = unsent.typed(request.form.lists())
    form = work.asked(hall(), task_id)
    try:
        done = work.complete_task(
            hall(),
            present(),
            task_id,
            forms.read(form, typed) if form else {},
            seen=request.form.get("seen", default=-1, type=int),
        )
    except (Conflict, Forbidden, Invalid) as error:
        return shown(task_id, typed, error)
    kept.forget(hall(), present(), _place(task_id))
    return back_to(request.form.get("back"), _next_page(done))


def opinion(view: TaskView) -> forms.Part | None:
    """Return the field for which phrases are offered: the first long text of the form."""
    drawn = forms.parts(view.form) if view.form else []
    every = [inner for part in drawn for inner in (part, *part.parts)]
    return next((part for part in every if part.kind == "textarea"), None)


def _next_page(done: Completed) -> str:
    """The next step of the case if it is the same person's, else his most pressing task."""
    following = first_for(present(), done.opened)
    if following is not None:
        return url_for("desk.task", task_id=following.id, done=done.case.id)
    waiting = work.most_pressing(hall(), present())
    if waiting is not None:
        return url_for("desk.task", task_id=waiting, done=done.case.id)
    return url_for("desk.inbox", done=done.case.id)


def shown(
    task_id: str,
    typed: Mapping[str, list[str]] | None = None,
    error: HallError | None = None,
) -> Response:
    """Return the page of a task; `typed` are the fields as they were sent, kept with an error."""
    view = work.task(hall(), present(), task_id)
    case = cases.case(hall(), present(), view.case.id)
    steps = names_of_steps(case)
    errors = problems(error) if isinstance(error, Invalid) else {}
    said_verdict, row = verdict_words(view.verdict)
    refused = error.params.get("verdict") if error else None
    before = kept.find(hall(), present(), _place(task_id)) if view.open and typed is None else None
    fields = before.fields if before else typed
    return render(
        "desk/task.html",
        status_of(error) if error else 200,
        view=view,
        case=case,
        files=attachments.of_case(hall(), present(), case),
        verdict=said_verdict,
        row=row,
        typed=typed,
        answers=forms.read(view.form, fields) if view.form and fields else None,
        opinion=opinion(view),
        phrases=phrases.of_step(hall(), present(), view.task.step),
        place=_place(task_id),
        kept_at=before.kept_at if before else None,
        errors=errors,
        said=_said(error, refused) if error and not errors else "",
        conflict=isinstance(error, Conflict),
        # What somebody else did meanwhile is looked at first; a changed case may be done again.
        locked=isinstance(error, Conflict) and error.code != "case.changed",
        table_said=table_said,
        earlier_steps=[row for row in earlier_steps(case) if row[0].task.id != task_id],
        history=[(line, said(line, steps)) for line in reversed(case.history)],
        done=request.args.get("done", ""),
        back=request.form.get("back", ""),
    )


def _place(task_id: str) -> str:
    return f"task:{task_id}"


def _said(error: HallError, refused: object) -> str:
    if not isinstance(refused, Verdict):
        return sentence(error)
    because, row = verdict_words(refused)
    return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
