"""Handing out results (送达): what waits for its applicant, and the licence on paper."""

from flask import Response, request

from engine.kernel.errors import Forbidden, HallError
from engine.services import catalogue, intake, licences
from webui.kit import forms
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import local
from webui.kit.pages import render, see
from webui.kit.session import hall, present


@needs("licence.hand_out")
def page() -> Response:
    """Show the results that wait at the windows of the unit, oldest first."""
    return _page()


@needs("licence.hand_out")
def hand_out(case_id: str) -> Response:
    """Hand a result to who takes it; the case is closed."""
    clerk, sent = present(), request.form
    taken_by = sent.get("taken_by", "").strip()
    try:
        licences.hand_out(
            hall(),
            clerk,
            case_id,
            taken_by=taken_by,
            window_no=clerk.window_no,
            seen=sent.get("seen", default=-1, type=int),
        )
    except HallError as error:
        wrong = {"case_id": case_id, "said": sentence(error), "taken_by": taken_by}
        return _page(wrong, status_of(error))
    return see("window.licences", done=case_id)


@needs("licence.hand_out")
def printed(no: str) -> Response:
    """Show a licence as it is printed: A4, with the seal of the demo drawn on it.

    Forbidden `intake.other_unit` for a licence of another unit.
    """
    licence = licences.licence(hall(), no)
    matter = catalogue.matter(hall(), licence.matter_no)
    if present().unit_no != matter.unit_no:
        raise Forbidden("intake.other_unit", case=licence.no)
    form = intake.application_form(hall(), matter.no)
    return render(
        "window/licence.html",
        licence=licence,
        matter=matter,
        unit=catalogue.unit(hall(), matter.unit_no),
        issued_on=local(licence.issued_at).date().isoformat(),
        content=[
            (label, text)
            for label, text in forms.shown(form, licence.content)
            if text != licence.holder
        ],
    )


def _page(wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    query = request.args.get("q", "").strip()
    waiting = licences.to_hand_out(hall(), present())
    rows = [row for row in waiting if query in _words(row)] if query else waiting
    return render(
        "window/licences.html",
        status,
        rows=rows,
        total=len(waiting),
        query=query,
        wrong=wrong,
        done=request.args.get("done", ""),
    )


def _words(row: licences.HandOutLine) -> str:
    return f"{row.case_no} {row.matter_name} {row.applicant_name} {row.licence_no or ''}"
