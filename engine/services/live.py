"""What open pages listen to: which topics changed since they looked, and whom it concerns."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.domain.people import Official
from engine.services.hall import Hall
from engine.storage import audit
from engine.storage import live as rows
from engine.storage.unit import Unit

LONGEST_LOOK = 200
CASE, TICKET, WINDOW = "case", "ticket", "window"


@dataclass(frozen=True)
class News:
    """What changed up to an event's number: topics, each with the places that it concerns.

    A place is `unit:26`, `person:<id>` or `zone:1`; None stands for everybody.
    """

    number: int
    topics: Mapping[str, frozenset[str] | None]


def newest(hall: Hall) -> int:
    """Return the number of the newest event."""
    with hall.reading() as unit:
        return audit.newest(unit)


def news_since(hall: Hall, last: int) -> News:
    """Return what changed by the events after `last`."""
    with hall.reading() as unit:
        events = audit.since(unit, last)
        chains: dict[str, set[str]] = {}
        for event in events:
            for topic in event.topics:
                chains.setdefault(topic, set()).add(event.chain)
        topics = {topic: _places(hall, unit, found) for topic, found in chains.items()}
    return News(events[-1].id if events else last, topics)


def places_of(hall: Hall, by: Official) -> frozenset[str] | None:
    """Return the places of an official: the own desk, the unit, and the zones of its windows.

    Who belongs to no unit listens to the whole hall. A task that a person of another unit may do
    in somebody's stead is not heard of; a page looks again by itself every minute.
    """
    if by.unit_no is None:
        return None
    with hall.reading() as unit:
        windows = hall.library.shelf(unit).windows.values()
        zones = {row.zone_no for row in windows if row.unit_no == by.unit_no}
    return frozenset({f"unit:{by.unit_no}", f"person:{by.id}", *map(zone, zones)})


def zone(no: int) -> str:
    """Return the place of a zone."""
    return f"zone:{no}"


def _places(hall: Hall, unit: Unit, chains: Iterable[str]) -> frozenset[str] | None:
    ids: dict[str, list[str]] = {CASE: [], TICKET: [], WINDOW: []}
    for chain in chains:
        kind, _, key = chain.partition(":")
        if kind not in ids or len(ids[kind]) == LONGEST_LOOK:
            return None
        ids[kind].append(key)
    windows = hall.library.shelf(unit).windows
    places = set()
    for unit_no, holder in rows.of_cases(unit, ids[CASE]) if ids[CASE] else ():
        places |= {f"unit:{unit_no}", f"person:{holder}"}
    for zone_no, *at in rows.of_tickets(unit, ids[TICKET]) if ids[TICKET] else ():
        places |= {zone(zone_no), *(zone(windows[no].zone_no) for no in at if no is not None)}
    return frozenset(places | {zone(windows[int(no)].zone_no) for no in ids[WINDOW]})
