"""First inquiries (首问负责制): keep a question in two keys, hand it on, confirm it, answer it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Response, request

from engine.domain.facts import by_name
from engine.domain.inquiry import TRANSFERS_TO_SHOW
from engine.kernel.errors import HallError
from engine.services import contacts, inquiries
from engine.services.contacts import Colleague
from engine.services.inquiries import Asked
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, language
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import telling

ASK = "ask"
ORDINARY = "inquiry"
FIELDS = ("question", "visitor", "to_account", "reason", "answer")


@dataclass(frozen=True)
class Wrong:
    """What the service refused: the act, for which contact, the sentence, and what was typed."""

    act: str
    inquiry_id: str
    said: str
    field: str
    typed: Mapping[str, str]


@needs("window.serve")
def page() -> Response:
    """Show the form for a question, what waits to be confirmed, and what is still open."""
    return _page()


@needs("window.serve")
def ask() -> Response:
    """Keep that a visitor asked here first."""
    try:
        opened = inquiries.open_inquiry(hall(), present(), _asked())
    except HallError as error:
        return _refused(error, ASK)
    return see("window.inquiries", opened=opened.id)


@needs("window.serve")
def hand_on(inquiry_id: str) -> Response:
    """Hand a contact on to a colleague; it stays with the giver until he confirms it."""
    sent = request.form
    try:
        inquiries.hand_on(
            hall(), present(), inquiry_id, _account(sent.get("to_account", "")), _text("reason")
        )
    except HallError as error:
        return _refused(error, "hand_on", inquiry_id)
    return see("window.inquiries", done="handed")


@needs("window.serve")
def confirm(inquiry_id: str) -> Response:
    """Take over a contact that was handed on."""
    try:
        inquiries.confirm(hall(), present(), inquiry_id)
    except HallError as error:
        return _refused(error, "confirm", inquiry_id)
    return see("window.inquiries", done="confirmed")


@needs("window.serve")
def answer(inquiry_id: str) -> Response:
    """Close a contact with what the visitor was told."""
    try:
        inquiries.close(hall(), present(), inquiry_id, _text("answer"))
    except HallError as error:
        return _refused(error, "answer", inquiry_id)
    return see("window.inquiries", done="answered")


def _asked() -> Asked:
    sent = request.form
    return Asked(
        question=_text("question"),
        purpose=sent.get("purpose", ORDINARY),
        visitor=sent.get("visitor"),
        right_window="elsewhere" not in sent,
        in_hall="outside" not in sent,
        key_project="key_project" in sent,
        units_involved=sent.get("units_involved", default=0, type=int),
    )


def _text(name: str) -> str:
    return request.form.get(name, "")


def _account(typed: str) -> str:
    """The account of a colleague who was named by it or by a name that only one has."""
    wanted = typed.strip()
    named = [one.account for one in contacts.colleagues(hall(), present()) if one.name == wanted]
    return named[0] if len(named) == 1 else wanted


def _refused(error: HallError, act: str, inquiry_id: str = "") -> Response:
    field = str(error.params.get("field", ""))
    if error.code in ("account.unknown", "inquiry.left"):
        field = "to_account"
    own = f"inquiry.empty.{field}"
    empty = error.code == "inquiry.text" and not _text(field).strip()
    said = _(own) if empty else sentence(error)
    return _page(Wrong(act, inquiry_id, said, field, request.form.to_dict()), status_of(error))


def _page(wrong: Wrong | None = None, status: int = 200) -> Response:
    someone = present()
    mine = inquiries.open_for(hall(), someone)
    opened = request.args.get("opened", "")
    waiting = contacts.to_confirm(hall(), someone)
    shown = {view.inquiry.id for view in mine} | {one.inquiry.id for one in waiting}
    asking = wrong.typed if wrong and wrong.act == ASK else {}
    return render(
        "window/inquiries.html",
        status,
        mine=sorted(mine, key=lambda view: view.inquiry.id != opened),
        opened=opened,
        waiting=waiting,
        colleagues=[(one.account, _colleague(one)) for one in contacts.colleagues(hall(), someone)],
        often=TRANSFERS_TO_SHOW,
        wrong=wrong,
        typed=asking,
        lost=_lost(wrong) if wrong and wrong.act != ASK and wrong.inquiry_id not in shown else [],
        done=request.args.get("done", ""),
        purposes=_words("visit_purpose"),
        duties=dict(_words("first_inquiry")),
        places=dict(_words("window_kind")),
        row_said=telling().row,
    )


def _colleague(one: Colleague) -> str:
    at = _("inquiry.window", no=one.window_no) if one.window_no else ""
    return " · ".join(part for part in (one.name, one.unit_name, at) if part)


def _lost(wrong: Wrong) -> list[tuple[str, str]]:
    """What was written for a contact that the page no longer shows, with its label."""
    return [
        (_(f"inquiry.label.{name}"), wrong.typed[name])
        for name in FIELDS
        if wrong.typed.get(name, "").strip()
    ]


def _words(name: str) -> list[tuple[str, str]]:
    fact = by_name(name)
    values = fact.values if fact else ()
    return [(word.code, word.en if language() == "en" else word.zh) for word in values]
