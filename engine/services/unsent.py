"""What an official has typed and not sent yet is kept for him, so that nothing typed is lost.

Kept on the server and sealed, never in the browser: machines of the hall are shared, and forms
hold personal data. It is no state of a case: no event speaks of it, only its author reads it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from engine.domain.people import Official
from engine.kernel.canonical import dumps, loads
from engine.kernel.errors import Invalid
from engine.services.hall import Hall
from engine.storage import unsent as rows
from engine.storage.unit import Unit

LONGEST_PLACE, LARGEST = 100, 200_000
KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class Unsent:
    """The fields as they were typed, by name, and when that was kept."""

    fields: Mapping[str, list[str]]
    kept_at: datetime


def keep(hall: Hall, by: Official, place: str, fields: Mapping[str, list[str]]) -> Unsent:
    """Keep what is typed at a place, e.g. `task:<id>`; it replaces what was kept there before.

    Raises Invalid `unsent.place` for a place without a name, `unsent.too_large` (200 kB).
    """
    if not place or len(place) > LONGEST_PLACE:
        raise Invalid("unsent.place", limit=LONGEST_PLACE)
    content = dumps(fields)
    if len(content) > LARGEST:
        raise Invalid("unsent.too_large", limit=LARGEST // 1000)
    sealed = hall.vault.seal(content.decode())
    with hall.unit(by) as unit:
        rows.keep(unit, by.id, place, sealed)
        return Unsent(fields, unit.at)


def find(hall: Hall, by: Official, place: str) -> Unsent | None:
    """Return what this official typed at a place and did not send; None for nothing."""
    with hall.reading() as unit:
        row = rows.find(unit, by.id, place)
    if row is None:
        return None
    fields = loads(hall.vault.open(row.content).encode())
    return Unsent(cast(Mapping[str, list[str]], fields), row.kept_at)


def forget(hall: Hall, by: Official, place: str) -> None:
    """Forget what was kept, since it was sent or is not wanted; nothing kept is no error."""
    with hall.reading() as unit:
        kept = rows.find(unit, by.id, place)
    if kept is not None:
        with hall.unit(by) as unit:
            rows.drop(unit, by.id, place)


def clear_old(unit: Unit) -> int:
    """Forget what nobody has sent for two weeks; return how much that was."""
    return rows.drop_before(unit, unit.at - KEPT_FOR)
