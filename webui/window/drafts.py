"""The draft of a sheet: what a clerk typed for a visitor and has not handed in, for him alone."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flask import request
from werkzeug.datastructures import MultiDict

from engine.services import unsent
from webui.kit.session import hall, present
from webui.window.typed import MATTER, OWN, TICKET, Typed, read_typed, typed_of

# Buttons of the sheet; what they do is in the matter that is kept.
BUTTONS = frozenset({"case-choose", "case-change"})


@dataclass(frozen=True)
class Draft:
    """What was typed and when that was kept."""

    typed: Typed
    kept_at: datetime


def place_of(window_no: int, ticket_id: str | None) -> str:
    """Name the place of a draft: nobody's next visitor is shown what was typed for another."""
    return f"window:{window_no}:{ticket_id}" if ticket_id else f"window:{window_no}"


def find(window_no: int, ticket_id: str | None) -> Draft | None:
    """Return the clerk's own draft for who stands at a window, None for nothing."""
    kept = unsent.find(hall(), present(), place_of(window_no, ticket_id))
    if kept is None:
        return None
    typed = replace(typed_of(_sent(kept.fields)), ticket_id=ticket_id)
    return Draft(typed, kept.kept_at)


def keep(window_no: int, typed: Typed) -> None:
    """Keep the sheet of this request as it now stands, with the matter that was chosen in it."""
    fields = {
        key: values
        for key, values in request.form.lists()
        if key not in OWN | BUTTONS | {MATTER, TICKET}
    }
    if typed.matter_no is not None:
        fields[MATTER] = [str(typed.matter_no)]
    unsent.keep(hall(), present(), place_of(window_no, typed.ticket_id), fields)


def forget(window_no: int, ticket_id: str | None) -> None:
    """Forget the draft: it was handed in, or its visitor has left."""
    unsent.forget(hall(), present(), place_of(window_no, ticket_id))


def handed_in(window_no: int) -> None:
    """Forget the draft of the sheet of this request."""
    forget(window_no, read_typed().ticket_id)


def _sent(fields: Mapping[str, list[str]]) -> MultiDict[str, str]:
    return MultiDict((key, value) for key, values in fields.items() for value in values)
