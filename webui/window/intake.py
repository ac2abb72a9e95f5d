"""Receiving an application at the counter: find the matter, check, fill in, accept (受理)."""

from dataclasses import replace

from flask import Response, request

from engine.domain.case import CaseState
from engine.domain.codes import check_id_number, check_uscc
from engine.domain.people import Window
from engine.kernel.errors import HallError, Invalid
from engine.services import catalogue
from engine.services import intake as receiving
from webui.kit import forms
from webui.kit.errors import problems, sentence, status_of
from webui.kit.guard import needs, once
from webui.kit.i18n import _
from webui.kit.pages import render, see, wants_fragment
from webui.kit.session import hall, present
from webui.window import drafts
from webui.window.counter import counter, place, sheet
from webui.window.typed import APPLICANT, CHANGE, PERSON, QUERY, Typed, read_typed

OURS, OTHERS = 7, 5
USCC_BEGINS = "9"
# The field that an error of the engine is about, by the beginning of its code.
FIELDS = {
    "applicant.kind": "applicant-kind",
    "applicant.name": "applicant-name",
    "applicant.phone": "applicant-phone",
    "code.": "applicant-id_number",
    "matter.": "case-query",
    "intake.material": "papers",
    "intake.not_tolerated": "papers",
    "intake.copies": "papers",
}


@needs("window.serve")
def matters(window_no: int) -> Response:
    """Show the first matters that fit what is typed, those of the unit before all others."""
    window = place(window_no)
    return render(
        "window/matters_found.html", **_found(window, request.args.get(QUERY, "").strip())
    )


@needs("window.serve")
def applicant(window_no: int) -> Response:
    """Say at once whether the number of the applicant can be right."""
    place(window_no)
    typed = read_typed()
    wrong = _number_mistake(typed).get("applicant-id_number", "")
    return render("window/number.html", typed=typed, wrong=wrong)


@needs("window.serve")
def fill(window_no: int) -> Response:
    """Show the sheet again with everything typed, now for the matter that was chosen."""
    window, typed = place(window_no), read_typed()
    if CHANGE in request.form:
        typed = replace(typed, matter_no=None)
    drafts.keep(window.no, typed)
    found = _found(window, typed.query) if typed.matter_no is None else {}
    if not wants_fragment():
        return counter(window, typed, found=found)
    return render("window/sheet.html", **sheet(window, typed, {}), **found)


@needs("window.serve")
def receive(window_no: int) -> Response:
    """Accept the application; after an error the page comes back with everything typed."""
    window, typed = place(window_no), read_typed()
    try:
        receipt = receiving.receive(hall(), present(), _application(window, typed))
    except Invalid as error:
        return _refused(window, typed, _mistakes(typed, error), error)
    except HallError as error:
        return _refused(window, typed, _errors(error), error)
    return _after(window, receipt)


@needs("window.serve")
def enter(window_no: int) -> Response:
    """Enter the application without accepting it, and go on to what its outcome may be."""
    window, typed = place(window_no), read_typed()
    try:
        receipt = receiving.apply(hall(), present(), _application(window, typed))
    except Invalid as error:
        return _refused(window, typed, _mistakes(typed, error, complete=False), error)
    except HallError as error:
        return _refused(window, typed, _errors(error), error)
    return _after(window, receipt)


def _refused(window: Window, typed: Typed, wrong: dict[str, str], error: HallError) -> Response:
    """The page with everything typed, which is also kept as it was sent."""
    drafts.keep(window.no, typed)
    return counter(window, typed, wrong, sentence(error), status_of(error))


def _after(window: Window, receipt: receiving.Receipt) -> Response:
    drafts.handed_in(window.no)
    # The form of a sheet that was entered may be sent once more, as an acceptance.
    if receipt.case.state is CaseState.APPLIED:
        return see("window.outcome", case_id=receipt.case.id)
    return see("window.at", window_no=window.no, case=receipt.case.id)


def _application(window: Window, typed: Typed) -> receiving.Application:
    if typed.matter_no is None:
        raise Invalid("matter.not_chosen")
    matter = catalogue.matter(hall(), typed.matter_no)
    form = receiving.application_form(hall(), matter.no)
    return receiving.Application(
        matter_no=matter.no,
        applicant=typed.applicant(),
        answers=forms.read(form, typed.answers),
        materials=typed.handed_in(matter),
        ticket_id=typed.ticket_id,
        window_no=window.no,
        once=once(),
    )


def _errors(error: HallError) -> dict[str, str]:
    """The sentences by field of the page; empty when the error is about none of them."""
    by_field = problems(error) if isinstance(error, Invalid) else {}
    if by_field:
        return by_field
    field = next((field for begin, field in FIELDS.items() if error.code.startswith(begin)), None)
    return {field: sentence(error)} if field else {}


def _mistakes(typed: Typed, error: Invalid, *, complete: bool = True) -> dict[str, str]:
    """What the service refused and all else that it would refuse next: one list for the clerk.

    Papers may be wanting from what is not to be `complete`.
    """
    found = _errors(error) | {field: _("form.required") for field in typed.empty_fields()}
    if typed.id_number and "applicant-id_number" not in found:
        found |= _number_mistake(typed)
    if typed.matter_no is None:
        return found
    matter = catalogue.matter(hall(), typed.matter_no)
    form = receiving.application_form(hall(), matter.no)
    found |= forms.mistakes(form, forms.read(form, typed.answers))
    wanting = typed.wanting(matter)
    if complete and wanting:
        found["papers"] = _("intake.materials_missing", missing=wanting)
    places = {name: place for place, name in enumerate((*APPLICANT, *form.fields, "papers"))}
    return dict(sorted(found.items(), key=lambda item: places.get(item[0], len(places))))


def _number_mistake(typed: Typed) -> dict[str, str]:
    try:
        _check_number(typed)
    except Invalid as error:
        return {"applicant-id_number": sentence(error)}
    return {}


def _check_number(typed: Typed) -> None:
    # A founder gives his own number for an enterprise that has no code yet, as the service knows.
    if typed.kind != PERSON and typed.id_number.startswith(USCC_BEGINS):
        check_uscc(typed.id_number.upper())
    else:
        check_id_number(typed.id_number.upper())


def _found(window: Window, query: str) -> dict[str, object]:
    if not query:
        return {}
    ours = catalogue.matters(hall(), query, unit_no=window.unit_no)
    everywhere = catalogue.matters(hall(), query)
    others = [row for row in everywhere.rows if row.unit_no != window.unit_no]
    units = {row.no: row for row in catalogue.units(hall())}
    return {
        "query": query,
        "found": ours.rows[:OURS] + others[:OTHERS],
        "total": everywhere.total,
        "units": units,
        "window": window,
    }
