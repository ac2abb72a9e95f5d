"""Whether the history is as it was written."""

from engine.services.hall import Hall
from engine.storage import audit
from engine.storage.audit import TrailReport


def verify_trail(hall: Hall) -> TrailReport:
    """Recompute every chain and every anchor; the report names the first bad row."""
    with hall.reading() as unit:
        return audit.verify(unit)
