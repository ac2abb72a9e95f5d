"""A form that was refused: what was typed in it, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import request

from engine.domain.verdict import Verdict
from engine.kernel.errors import HallError, Invalid, Missing
from webui.kit.errors import NOT_TYPED, sentence, status_of
from webui.kit.i18n import _
from webui.kit.verdict import verdict_words

# The field that an error speaks of, where it does not name it itself.
FIELDS = {
    "account.taken": "account",
    "absence.known": "first",
    "grant.power": "power",
    "grant.holder": "holder",
    "grant.no_days": "valid_to",
    "grant.matter_types": "matter_types",
    "handover.same": "to",
    "matter.unknown": "matters",
    "post.unknown": "post",
    "unit.unknown": "unit_no",
}


@dataclass(frozen=True)
class Refusal:
    """A form that was refused, by the name of its act; `errors` by field, `said` of the whole."""

    act: str = ""
    typed: Mapping[str, list[str]] = field(default_factory=dict)
    said: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    status: int = 200

    def one(self, act: str, name: str, otherwise: object = "") -> object:
        """Return what was typed in a field of an act, else what stands there at first."""
        return (self.typed.get(name) or [""])[0] if self.act == act else otherwise

    def all(self, act: str, name: str) -> list[str]:
        """Return everything chosen in a field of an act."""
        return list(self.typed.get(name, ())) if self.act == act else []

    def fault(self, act: str, name: str) -> str:
        """Return what is wrong with a field of an act."""
        return self.errors.get(name, "") if self.act == act else ""

    def faults(self, act: str) -> Mapping[str, str]:
        """Return everything that is wrong in the form of an act."""
        return self.errors if self.act == act else {}


NOTHING = Refusal()


def typed() -> Mapping[str, list[str]]:
    """Return what the form of this request holds, but for what nobody typed."""
    return {key: values for key, values in request.form.lists() if key not in NOT_TYPED}


def refused(act: str, error: HallError) -> Refusal:
    """Return the refusal of the form of this request by an error of the engine."""
    told = _told(error)
    at = error.params.get("field") or FIELDS.get(error.code)
    here = at in request.form if isinstance(at, str) else False
    status = 422 if isinstance(error, Missing) else status_of(error)
    if not here:
        return Refusal(act, typed(), said=told, status=status)
    return Refusal(act, typed(), errors={str(at): told}, status=status)


def day(name: str) -> date:
    """Return the day typed in a field; Invalid `people.day` for none."""
    try:
        return date.fromisoformat(request.form.get(name, "").strip())
    except ValueError as error:
        raise Invalid("people.day", field=name) from error


def _told(error: HallError) -> str:
    verdict = error.params.get("verdict")
    if not isinstance(verdict, Verdict):
        return sentence(error)
    because, row = verdict_words(verdict)
    return _("desk.refused", because=because, row=_("verdict.row", row=row) if row else "")
