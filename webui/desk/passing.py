"""A task goes elsewhere: back, to a colleague, to one who is asked; and who waits may urge."""

from collections.abc import Callable, Mapping

from flask import Response, request, url_for

from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, HallError, Missing
from engine.services import assignment, cases, returning
from engine.services import passing as ways
from webui.desk import unsent
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, known, post_name
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words

DAYS = 2
# The field that an error speaks of, by its act.
FIELDS = {
    "task.text": {"back": "reason", "hand": "reason", "ask": "question", "urge": "text"},
    "process.cannot_send_back": {"back": "step"},
    "account.unknown": {"hand": "to", "ask": "to"},
    "task.same_person": {"hand": "to", "ask": "to"},
    "consult.again": {"ask": "to"},
    "consult.days": {"ask": "days"},
}


@needs("task.work")
def page(task_id: str) -> Response:
    """Show where a task may go, and why not elsewhere."""
    return _page(task_id)


@needs("task.work")
def send_back(task_id: str) -> Response:
    """Send the case back to an earlier step (退回)."""
    step, reason = request.form.get("step", ""), request.form.get("reason", "")
    return _done(
        task_id,
        "back",
        lambda seen: returning.send_back(hall(), present(), task_id, step, reason, seen),
    )


@needs("task.work")
def hand_over(task_id: str) -> Response:
    """Hand the task to a colleague (转办)."""
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    return _done(
        task_id,
        "hand",
        lambda seen: assignment.hand_over(hall(), present(), task_id, to, reason, seen),
    )


@needs("task.work")
def ask(task_id: str) -> Response:
    """Ask a colleague for his opinion (加签); the step waits for it."""
    to, question = request.form.get("to", ""), request.form.get("question", "")
    days = request.form.get("days", default=0, type=int)
    return _done(
        task_id,
        "ask",
        lambda seen: assignment.consult(hall(), present(), task_id, to, question, days, seen),
    )


@needs("task.work")
def unask(task_id: str, asked_id: str) -> Response:
    """Wait no longer for an opinion that was asked for."""
    return _done(
        task_id,
        "unask",
        lambda seen: assignment.withdraw_consult(hall(), present(), asked_id, seen),
    )


@needs("task.work")
def take_back(task_id: str) -> Response:
    """Take back the step that one has just done (拿回)."""
    return _done(
        task_id, "take", lambda seen: returning.take_back(hall(), present(), task_id, seen)
    )


@needs("task.work")
def urge_task(task_id: str) -> Response:
    """Urge those who have the case in hand (催办)."""
    text = request.form.get("text", "")
    return _done(
        task_id, "urge", lambda _seen: assignment.urge_task(hall(), present(), task_id, text)
    )


@needs("case.read")
def urge(case_id: str) -> Response:
    """Urge the open tasks of a case and go back to it; a refusal shows what was typed."""
    assignment.urge(hall(), present(), case_id, request.form.get("text", ""))
    return see("desk.case", case_id=case_id, urged=1)


def _done(task_id: str, act: str, deed: Callable[[int], object]) -> Response:
    """Do a deed and say so; what goes wrong is said in its form, with what was typed."""
    try:
        deed(request.form.get("seen", default=-1, type=int))
    except HallError as error:
        field = FIELDS.get(error.code, {}).get(act)
        if isinstance(error, Missing) and field is None:
            raise
        told = _told(error)
        typed = unsent.typed(request.form.lists())
        return _page(
            task_id,
            act,
            {name: (values or [""])[0] for name, values in typed.items()},
            {field: told} if field else {},
            "" if field else told,
            isinstance(error, Conflict),
            422 if isinstance(error, Missing) else status_of(error),
        )
    return see("desk.passing", task_id=task_id, done=act)


def _page(
    task_id: str,
    act: str = "",
    typed: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    said: str = "",
    conflict: bool = False,
    status: int = 200,
) -> Response:
    way = ways.passing(hall(), present(), task_id)
    case = cases.case(hall(), present(), way.case.id)
    done = request.args.get("done", "")
    return render(
        "desk/passing.html",
        status,
        way=way,
        case=case,
        act=act,
        typed=typed or {},
        errors=errors or {},
        said=said,
        conflict=conflict,
        days=DAYS,
        done=done if known(f"pass.done.{done}") else "",
        give=verdict_words(way.verdict),
        back=verdict_words(way.back),
        receivers=[_person(one.account, one.name, one.post) for one in way.receivers],
        colleagues=[_person(one.account, one.name, one.post) for one in way.colleagues],
        mine=way.task.done_by == present().id,
        elsewhere=url_for("desk.inbox"),
    )


def _person(account: str, name: str, post: str) -> tuple[str, str]:
    return account, _("acts.person", name=name, post=post_name(post))


def _told(error: HallError) -> str:
    refused = error.params.get("verdict")
    if not isinstance(refused, Verdict):
        return sentence(error)
    because, row = verdict_words(refused)
    return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
