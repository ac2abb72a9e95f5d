"""Whether the history is as it was written, and what binds each day of it to the next."""

from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import audit
from engine.storage.audit import TrailReport
from engine.storage.unit import Unit


def verify_trail(hall: Hall) -> TrailReport:
    """Recompute every chain and every anchor; the report names the first bad row."""
    with hall.reading() as unit:
        return audit.verify(unit)


def anchor(unit: Unit) -> None:
    """Bind all that happened since the last anchor to today, unless today has one already.

    A chain that is missing as a whole, or cut off at its end, is seen by it (M-PLUS-7).
    """
    today = hall_day(unit.at)
    if not any(one.day >= today for one in audit.anchors(unit)):
        audit.anchor(unit, today)
