"""What open pages listen to: which topics changed since they looked."""

from engine.services.hall import Hall
from engine.storage import audit


def newest(hall: Hall) -> int:
    """Return the number of the newest event."""
    with hall.reading() as unit:
        return audit.newest(unit)


def topics_since(hall: Hall, last: int) -> tuple[int, frozenset[str]]:
    """Return the newest event's number and the topics of all events after `last`."""
    with hall.reading() as unit:
        events = audit.since(unit, last)
    topics = frozenset(topic for event in events for topic in event.topics)
    return (events[-1].id if events else last), topics
