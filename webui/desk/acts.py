"""What may be done to a case beside its steps: procedures, urgency, extension, seal, the end."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from flask import Response, request

from engine.domain.urgent import KINDS as URGENT_KINDS
from engine.domain.verdict import Verdict
from engine.kernel.errors import Conflict, HallError, Missing
from engine.services import allowed, endings, extensions, special_procedures, urgent
from engine.services.allowed import ActLine
from webui.desk import unsent
from webui.kit.confirm import confirmed, demo_open
from webui.kit.errors import sentence, status_of
from webui.kit.guard import needs
from webui.kit.i18n import _, known, post_name
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import kind_said, telling, verdict_words

# The field of a form that an error speaks of.
FIELDS = {
    "procedure.kind": "kind",
    "procedure.days": "days",
    "procedure.legal_basis": "legal_basis",
    "procedure.nobody": "chair",
    "procedure.person_twice": "people",
    "account.unknown": "people",
    "procedure.reason_missing": "reason",
    "extension.reason": "reason",
    "extension.days": "days",
    "urgent.kind": "kind",
    "urgent.reason": "reason",
    "ending.reason_missing": "reason",
    "seal.reason": "reason",
    "seal.document": "document",
    "confirm.password_missing": "password",
    "confirm.stale": "password",
    "sign_in.wrong": "password",
    "sign_in.locked": "password",
}
# What a reader is told instead, where the engine speaks in codes.
PLAINER = {
    "procedure.kind": "acts.kind.missing",
    "urgent.kind": "acts.kind.missing",
    "seal.document": "acts.document.missing",
    "sign_in.wrong": "acts.password.wrong",
}


@dataclass(frozen=True)
class Wrong:
    """A form that was refused: which one, what was typed in it, and what to say."""

    place: str
    typed: Mapping[str, list[str]]
    said: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    conflict: bool = False

    def one(self, name: str) -> str:
        """Return what was typed in a field, "" for nothing."""
        return (self.typed.get(name) or [""])[0]

    def kept(self) -> list[tuple[str, str]]:
        """Return what was typed, each with the label of its field."""
        return [
            (_(f"acts.field.{name}"), text)
            for name, values in self.typed.items()
            if known(f"acts.field.{name}") and (text := ", ".join(values).strip())
        ]


@needs("case.read")
def page(case_id: str) -> Response:
    """Show which acts this person may do to a case, and why not the others."""
    return _page(case_id)


@needs("task.work")
def start(case_id: str) -> Response:
    """Start a special procedure; the first of the people leads it."""
    chair = request.form.get("chair", "")
    others = [one for one in request.form.getlist("people") if one != chair]
    return _done(
        case_id,
        "organise",
        lambda seen: special_procedures.start(
            hall(),
            present(),
            case_id,
            request.form.get("kind", ""),
            request.form.get("days", default=0, type=int),
            request.form.get("legal_basis", ""),
            # Nobody leads it: the service is asked with nobody and says so.
            [chair, *others] if chair else [],
            seen,
        ),
    )


@needs("task.work")
def reannounce(case_id: str, procedure_id: str) -> Response:
    """Announce that a procedure takes longer, and why."""
    return _done(
        case_id,
        f"reannounce-{procedure_id}",
        lambda seen: special_procedures.reannounce(
            hall(),
            present(),
            procedure_id,
            request.form.get("days", default=0, type=int),
            request.form.get("reason", ""),
            seen,
        ),
    )


@needs("task.work")
def end(case_id: str, procedure_id: str) -> Response:
    """End a procedure: done and signed, or broken off."""
    return _done(
        case_id,
        f"end-{procedure_id}",
        lambda seen: special_procedures.end(
            hall(), present(), procedure_id, request.form.get("result", ""), seen
        ),
    )


@needs("task.work")
def extend(case_id: str) -> Response:
    """Extend the statutory limit; without days by all that the law allows."""
    days = request.form.get("days", default=0, type=int)
    asked = days if request.form.get("days", "").strip() else None
    return _done(
        case_id,
        "extend",
        lambda seen: extensions.extend(
            hall(), present(), case_id, request.form.get("reason", ""), seen, asked
        ),
    )


@needs("task.work")
def use_urgent(case_id: str) -> Response:
    """Handle an urgent case apart; another person reviews it later."""
    kind, reason = request.form.get("kind", ""), request.form.get("reason", "")
    return _done(
        case_id, "urgent", lambda seen: urgent.use(hall(), present(), case_id, kind, reason, seen)
    )


@needs("task.work")
def withdraw(case_id: str) -> Response:
    """Take the application back, as its applicant asks."""
    reason = request.form.get("reason", "")
    return _done(
        case_id, "withdraw", lambda seen: endings.withdraw(hall(), present(), case_id, reason, seen)
    )


@needs("task.work")
def seal(case_id: str) -> Response:
    """Set the seal under a document of the decision; its official gives his password again."""
    digest, reason = request.form.get("document", ""), request.form.get("reason", "")
    return _done(
        case_id,
        "seal",
        lambda seen: allowed.seal(
            hall(),
            present(),
            case_id,
            digest,
            confirmed(present().account),
            seen,
            reason or None,
        ),
    )


def _done(case_id: str, place: str, deed: Callable[[int], object]) -> Response:
    """Do a deed and show the page with it; what goes wrong is said in its form."""
    try:
        deed(request.form.get("seen", default=-1, type=int))
    except HallError as error:
        at = FIELDS.get(error.code)
        if isinstance(error, Missing) and at is None:
            raise
        typed = unsent.typed(request.form.lists())
        told = _said(error)
        conflict = isinstance(error, Conflict)
        wrong = Wrong(place, typed, "" if at else told, {at: told} if at else {}, conflict)
        # An account that nobody has was typed wrongly; the page itself is there.
        return _page(case_id, wrong, 422 if isinstance(error, Missing) else status_of(error))
    return see("desk.acts", case_id=case_id, done=place.partition("-")[0])


def _page(case_id: str, wrong: Wrong | None = None, status: int = 200) -> Response:
    beside = allowed.of_case(hall(), present(), case_id)
    forms = {line.name for line in beside.acts if line.allowed}
    if beside.act(allowed.ORGANISE).verdict.allowed:
        running = [one.id for one in beside.procedures if one.is_running]
        forms |= {f"{act}-{one}" for act in ("reannounce", "end") for one in running}
    done = request.args.get("done", "")
    return render(
        "desk/acts.html",
        status,
        beside=beside,
        view=beside.view,
        possible=[line for line in beside.acts if line.allowed],
        refused=[(line, *_why_not(line)) for line in beside.acts if not line.allowed],
        wrong=wrong,
        homeless=wrong is not None and wrong.place not in forms,
        done=done if known(f"acts.done.{done}") else "",
        kind_said=kind_said,
        row_said=telling().row,
        procedure_choices=[(line.kind, kind_said(line.kind)) for line in beside.kinds],
        people_choices=[
            (one.account, _("acts.person", name=one.name, post=post_name(one.post)))
            for one in beside.people
        ],
        document_choices=[(one.digest, one.name) for one in beside.documents],
        demo_open=demo_open(),
        urgent_kinds=[(kind, _(f"urgency.{kind}")) for kind in URGENT_KINDS],
    )


def _why_not(line: ActLine) -> tuple[str, str]:
    """Say why an act is not possible, and by which row."""
    if not line.verdict.allowed or line.hindrance is None:
        return verdict_words(line.verdict)
    return sentence(line.hindrance), ""


def _said(error: HallError) -> str:
    refused = error.params.get("verdict")
    if isinstance(refused, Verdict):
        because, row = verdict_words(refused)
        return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
    plainer = PLAINER.get(error.code)
    return _(plainer) if plainer else sentence(error)
