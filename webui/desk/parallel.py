"""Parallel approval: the units side by side, what their opinions add up to, the one answer."""

from flask import Response, request

from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, Forbidden, HallError, Invalid
from engine.services import catalogue, leading, parallel
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import telling, verdict_words

GO_ON, STOP = "go_on", "stop"


@needs("case.read")
def page(case_id: str) -> Response:
    """Show the units of a joint matter side by side; a unit that takes part sees it too."""
    return _page(case_id)


@needs("task.work")
def settle(case_id: str) -> Response:
    """Let the units that hold back after a refusal go on, or end their parts."""
    choice = request.form.get("choice", "")
    try:
        if choice not in (GO_ON, STOP):
            raise Invalid("family.choice_missing")
        parallel.settle(
            hall(),
            present(),
            case_id,
            choice == GO_ON,
            request.form.get("reason", ""),
            request.form.get("seen", default=-1, type=int),
        )
    except (Conflict, Forbidden, Invalid) as error:
        return _page(case_id, error)
    return see("desk.family", case_id=case_id, done="settled")


@needs("task.work")
def issue(case_id: str) -> Response:
    """Make out the one answer to the applicant and open it."""
    try:
        parallel.issue_answer(hall(), present(), case_id)
    except (Conflict, Forbidden) as error:
        return _page(case_id, error)
    return see("desk.joint_answer", case_id=case_id)


@needs("case.read")
def answer(case_id: str) -> Response:
    """Show the one answer to the applicant as it is printed: A4, with the seal of the demo."""
    found = parallel.answer(hall(), present(), case_id)
    view = parallel.family(hall(), present(), case_id)
    return render(
        "desk/joint_answer.html",
        answer=found,
        said=found.content,
        parent=view.parent,
        matter=catalogue.matter(hall(), view.parent.matter_no),
    )


def _page(case_id: str, error: HallError | None = None) -> Response:
    view = parallel.family(hall(), present(), case_id)
    led = leading.leading(hall(), present(), view.parent)
    verdict, row = verdict_words(led.verdict)
    return render(
        "desk/family.html",
        status_of(error) if error else 200,
        view=view,
        asked=case_id,
        matter=catalogue.matter(hall(), view.parent.matter_no),
        led=led,
        led_row=telling().row(led.row) if led.row else "",
        verdict=verdict,
        row=row,
        # Only the lead unit makes out the answer; another unit may look at the whole alone.
        leads=present().unit_no == view.parent.unit_no,
        own_unit=present().unit_no,
        reads_all=present().may("case.read_all"),
        held=any(line.held and line.held.source_id == view.parent.id for line in view.lines),
        error=said_of(error) if error else "",
        typed=request.form,
        done=request.args.get("done", "") == "settled",
        said_row=telling().row,
    )


def said_of(error: HallError) -> str:
    """Return the sentence of an error, a refusal with the row that said no."""
    refused = error.params.get("verdict")
    if not isinstance(refused, Verdict):
        return sentence(error)
    because, row = verdict_words(refused)
    return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
