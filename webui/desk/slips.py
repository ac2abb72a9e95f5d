"""What is printed of a case: its slips, its decision, the receipt of delivery, the way it went."""

from collections.abc import Mapping
from datetime import date

from flask import Response, url_for

from engine.domain.facts import by_name
from engine.services import catalogue, printouts
from engine.services.cases import CaseView
from engine.services.printouts import Printout
from webui.kit import forms
from webui.kit.guard import needs
from webui.kit.i18n import _, day, known, language, local
from webui.kit.pages import render
from webui.kit.qr import QrCode, qr
from webui.kit.session import hall, present
from webui.kit.verdict import telling

DAYS = frozenset({"accepted_on", "promised_due", "statutory_due", "until"})


@needs("case.read")
def page(case_id: str) -> Response:
    """List what can be printed of a case, the first one first."""
    view, sheets = printouts.of_case(hall(), present(), case_id)
    return render(
        "desk/slips.html",
        view=view,
        sheets=[(one, title(one), _address(view, one)) for one in sheets],
        channel=_channel,
        row_said=telling().row,
    )


@needs("case.read")
def slip(slip_id: str) -> Response:
    """Show a slip that was made out, as it is printed: A4, with the seal of the demo."""
    return _sheet(*printouts.slip(hall(), present(), slip_id))


@needs("case.read")
def made(case_id: str, kind: str) -> Response:
    """Show a notice of extension, a decision or a receipt of delivery as it is printed."""
    return _sheet(*printouts.made(hall(), present(), case_id, kind))


@needs("case.read")
def flow(case_id: str) -> Response:
    """Show the sheet that goes round with a case: its steps, who did them, and their days."""
    view, lines = printouts.flow(hall(), present(), case_id)
    units = {one.no: one for one in catalogue.units(hall())}
    return render("desk/flow.html", view=view, lines=lines, units=units, code=_code(view))


def title(sheet: Printout) -> str:
    """Return the name of a sheet of paper: a decision is named after what was decided."""
    named = f"slip.kind.{sheet.kind}.{sheet.content.get('outcome', '')}"
    return _(named) if known(named) else _(f"slip.kind.{sheet.kind}")


def _sheet(view: CaseView, sheet: Printout) -> Response:
    return render(
        "desk/slip.html",
        view=view,
        sheet=sheet,
        title=title(sheet),
        said=_words(sheet.content),
        issued_on=day(local(sheet.issued_at).date()),
        corrected=_corrected(view, sheet),
        channel=_channel,
        row=telling().row(sheet.row) if sheet.row else "",
        code=_code(view),
    )


def _words(content: Mapping[str, object]) -> dict[str, object]:
    """What a sheet says, with days and words of the tables as the reader writes them."""
    said = dict(content)
    for name in DAYS & set(said):
        # A stored slip holds its days as text.
        if said[name]:
            said[name] = day(date.fromisoformat(str(said[name])))
    if "procedure" in said:
        said["procedure"] = _fact("procedure_kind", str(said["procedure"]))
    return said


def _corrected(view: CaseView, sheet: Printout) -> list[tuple[str, str, str]]:
    """The fields that were corrected on the spot: name, before, after."""
    changes = sheet.content.get("corrected")
    if not isinstance(changes, Mapping):
        return []
    before = {name: pair[0] for name, pair in changes.items()}
    after = {name: pair[1] for name, pair in changes.items()}
    then, now = (dict(forms.shown(view.form, answers)) for answers in (before, after))
    return [
        (label, then.get(label, ""), now.get(label, "")) for label in dict.fromkeys([*then, *now])
    ]


def _fact(name: str, code: str) -> str:
    fact = by_name(name)
    word = next((one for one in fact.values if one.code == code), None) if fact else None
    if word is None:
        return code
    return word.en if language() == "en" else word.zh


def _channel(sheet: Printout) -> str:
    return _(f"slip.channel.{sheet.channel}") if sheet.channel else ""


def _address(view: CaseView, sheet: Printout) -> str:
    if sheet.slip_id is not None:
        return url_for("desk.slip", slip_id=sheet.slip_id)
    return url_for("desk.made", case_id=view.case.id, kind=sheet.kind)


def _code(view: CaseView) -> QrCode:
    """The QR code to the public check of the licence, or to the public pages without one."""
    if view.licence is None:
        return qr(url_for("online.home", _external=True))
    return qr(url_for("online.licence_check", no=view.licence.no, _external=True))
