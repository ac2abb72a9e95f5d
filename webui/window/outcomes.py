"""What becomes of an application that was entered: each outcome, its slip, and later papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Response, request

from engine.domain.matter import Matter
from engine.domain.notice import Channel
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, HallError, Invalid
from engine.services import cases, entered, intake, notices, papers, printouts
from engine.services.papers import MaterialHandedIn
from webui.kit import forms
from webui.kit.confirm import PASSWORD, confirmed, demo_open
from webui.kit.errors import problems, sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, known
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import telling, verdict_words
from webui.window.typed import LONGEST_NUMBER, copies_of, read_typed

WHY = "why-"
# What is written for the outcomes, with the code of its label.
WRITTEN = {
    "decline-reason": "outcome.decline.reason",
    "decline-law": "outcome.decline.law",
    "decline-organ": "outcome.decline.organ",
    "told-reason": "outcome.no_licence.reason",
    "approver-reason": "outcome.approver.reason",
}
# What must not stay empty in the form of each outcome.
MUST = {"decline": ("decline-reason", "decline-law"), "no_licence": ("told-reason",)}


@dataclass(frozen=True)
class Wrong:
    """What the service refused: the act, its error, and what was typed for it."""

    act: str
    error: HallError
    typed: Mapping[str, str]

    @property
    def fields(self) -> dict[str, str]:
        """The fields that are wrong or stayed empty, each with its sentence."""
        if isinstance(self.error, Invalid) and problems(self.error):
            return problems(self.error)
        if self.error.code != "intake.reason_missing":
            return {}
        empty = (name for name in MUST.get(self.act, ()) if not self.typed.get(name, "").strip())
        return {name: _("form.required") for name in empty}

    @property
    def asks_approval(self) -> bool:
        """Whether only a supervisor at the screen could let this notice through."""
        repeated = self.error.code == "notice.known_paper"
        return self.act == "notice" and (repeated or "approver-account" in self.typed)


@needs("window.serve")
def page(case_id: str) -> Response:
    """Show what the table says of an application, and the acts that follow from it."""
    return _page(case_id)


@needs("window.serve")
def accept(case_id: str) -> Response:
    """Accept the application and go on to the counter, where its next step waits."""

    def do() -> Response:
        case = intake.accept(hall(), present(), case_id, _seen()).case
        if case.window_no is None:
            return see("window.outcome", case_id=case_id)
        return see("window.at", window_no=case.window_no, case=case_id)

    return _done(case_id, "accept", do)


@needs("window.serve")
def notice(case_id: str) -> Response:
    """Give the one-time notice of everything that is wanting."""

    def do() -> Response:
        issued = notices.issue(
            hall(),
            present(),
            case_id,
            _wanted(),
            request.form.get("notice-channel", Channel.WINDOW.value),
            _seen(),
            approval=_approval(),
        )
        return see("window.outcome", case_id=case_id, made=issued.notice.id)

    return _done(case_id, "notice", do)


@needs("window.serve")
def delivered(case_id: str, slip_id: str) -> Response:
    """Note that a notice that was sent reached the applicant."""

    def do() -> Response:
        found = notices.delivered(hall(), present(), slip_id)
        return see("window.outcome", case_id=found.case_id)

    return _done(case_id, "delivered", do)


@needs("window.serve")
def correct(case_id: str) -> Response:
    """Correct fields of the application on the spot, as the applicant says."""

    def do() -> Response:
        form = cases.case(hall(), present(), case_id).form
        changed = intake.correct(
            hall(), present(), case_id, forms.read(form, read_typed().answers), _seen()
        )
        return see("window.outcome", case_id=case_id, made=changed.slip.id)

    return _done(case_id, "correct", do)


@needs("window.serve")
def decline(case_id: str) -> Response:
    """Decline what is not the unit's business, with reason, law and whom to turn to."""
    sent = request.form

    def do() -> Response:
        receipt = intake.decline(
            hall(),
            present(),
            case_id,
            sent.get("decline-reason", ""),
            sent.get("decline-law", ""),
            _seen(),
            sent.get("decline-organ", ""),
        )
        return _made(receipt)

    return _done(case_id, "decline", do)


@needs("window.serve")
def no_licence(case_id: str) -> Response:
    """Tell that what is asked for needs no licence."""

    def do() -> Response:
        reason = request.form.get("told-reason", "")
        return _made(intake.no_licence(hall(), present(), case_id, reason, _seen()))

    return _done(case_id, "no_licence", do)


@needs("window.serve")
def supplement(case_id: str) -> Response:
    """Note the papers that the applicant brought after a notice (补正)."""

    def do() -> Response:
        papers.supplement(hall(), present(), case_id, _brought(case_id), _seen())
        return see("window.outcome", case_id=case_id, brought=1)

    return _done(case_id, "supplement", do)


@needs("window.serve")
def bring_paper(case_id: str, paper_no: int) -> Response:
    """Note that a tolerated paper of an accepted case followed (容缺补交)."""

    def do() -> Response:
        papers.bring_paper(hall(), present(), case_id, paper_no, _seen())
        return see("window.outcome", case_id=case_id, brought=1)

    return _done(case_id, "bring_paper", do)


def _done(case_id: str, act: str, do: Callable[[], Response]) -> Response:
    try:
        return do()
    except HallError as error:
        typed = {name: text for name, text in request.form.items() if name != PASSWORD}
        return _page(case_id, Wrong(act, error, typed))


def _page(case_id: str, wrong: Wrong | None = None) -> Response:
    found = entered.entered(hall(), present(), case_id)
    view, sheets = printouts.of_case(hall(), present(), case_id)
    made = request.args.get("made", "")
    return render(
        "window/outcomes.html",
        status_of(wrong.error) if wrong else 200,
        found=found,
        choices=found.choices,
        view=view,
        sheets=sheets,
        made=next((one for one in sheets if made and one.slip_id == made), None),
        brought="brought" in request.args and wrong is None,
        wrong=wrong,
        said=_said(wrong) if wrong else "",
        typed=wrong.typed if wrong else {},
        answers=forms.read(view.form, read_typed().answers)
        if wrong and wrong.act == "correct"
        else view.answers,
        approving=wrong is not None and wrong.asks_approval,
        demo_open=demo_open(),
        errors=wrong.fields if wrong else {},
        kept=_kept(wrong, found) if wrong and found.choices is None else [],
        tolerable=_tolerable(view.matter),
        channels=[(one.value, _(f"slip.channel.{one.value}")) for one in Channel],
        row_said=telling().row,
    )


def _said(wrong: Wrong) -> str:
    error = wrong.error
    refused = error.params.get("verdict")
    if isinstance(refused, Verdict):
        because, row = verdict_words(refused)
        return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
    if isinstance(error, Conflict) and "row" in error.params:
        row = telling().row(str(error.params["row"]))
        return _(error.code, **{**error.params, "row": row})
    own = f"outcome.{wrong.act}.{error.code}"
    return _(own) if known(own) else sentence(error)


def _kept(wrong: Wrong, found: entered.Entered) -> list[tuple[str, str]]:
    """What was written for an act that the page no longer offers, with its label."""
    labels = {name: _(code) for name, code in WRITTEN.items()}
    labels |= {f"{WHY}{row.no}": row.name for row in found.papers}
    return [(labels[name], text) for name, text in wrong.typed.items() if name in labels and text]


def _tolerable(matter: Matter) -> frozenset[int]:
    """The numbers of the papers that may follow the acceptance."""
    return frozenset(one.no for one in matter.materials if matter.tolerant and one.tolerant)


def _made(receipt: intake.Receipt) -> Response:
    slip = receipt.slip
    return see("window.outcome", case_id=receipt.case.id, made=slip.id if slip else None)


def _seen() -> int:
    return request.form.get("seen", default=-1, type=int)


def _wanted() -> dict[int | str, str]:
    """What the clerk wrote of papers, by their numbers; an empty line asks for nothing."""
    written = [
        (name.removeprefix(WHY), why)
        for name, why in request.form.items()
        if name.startswith(WHY) and why.strip()
    ]
    return {
        int(no): why
        for no, why in written
        if no.isascii() and no.isdigit() and len(no) <= LONGEST_NUMBER
    }


def _approval() -> notices.Approval | None:
    """What a supervisor at the screen gives; None while nobody is asked to."""
    account = request.form.get("approver-account", "").strip()
    if not account:
        return None
    return notices.Approval(confirmed(account), request.form.get("approver-reason", ""))


def _brought(case_id: str) -> dict[int, MaterialHandedIn]:
    """The papers that were ticked, with their copies; an untouched line did not come."""
    names = {row.no: row.name for row in entered.entered(hall(), present(), case_id).papers}
    return {
        no: MaterialHandedIn(
            line.state, copies_of(line.copies, names.get(no, str(no))), line.remark
        )
        for no, line in read_typed().papers.items()
        if line.state
    }
