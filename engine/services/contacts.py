"""First inquiries (首问) that wait to be confirmed, and the colleagues who may be handed one."""

from dataclasses import dataclass
from datetime import datetime

from engine.domain.inquiry import Inquiry, pending
from engine.domain.people import Official
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.storage import inquiries, people

SERVES = "window.serve"


@dataclass(frozen=True)
class Handed:
    """A contact that was handed on and waits for its receiver; `handed_on` counts the times."""

    inquiry: Inquiry
    giver: str
    reason: str
    handed_at: datetime
    handed_on: int


@dataclass(frozen=True)
class Colleague:
    """Who may be handed a contact: somebody who serves visitors and confirms at his window."""

    account: str
    name: str
    unit_name: str
    window_no: int | None


def to_confirm(hall: Hall, by: Official) -> list[Handed]:
    """Return the open contacts that were handed to an official and not confirmed by him yet."""
    with hall.reading() as unit:
        names, ways = people.names(unit), inquiries.transfers_of_open(unit)
        found = []
        for inquiry in inquiries.open_ones(unit):
            way = ways.get(inquiry.id, ())
            waits = pending(way)
            if waits is not None and waits.receiver_id == by.id:
                giver = names.get(waits.giver_id, waits.giver_id)
                found.append(Handed(inquiry, giver, waits.reason, waits.handed_at, len(way)))
        return found


def colleagues(hall: Hall, by: Official) -> list[Colleague]:
    """Return who may be handed a contact today, those of the same unit first."""
    with hall.reading() as unit:
        units, today = hall.library.shelf(unit).units, hall_day(unit.at)
        serving = [
            one
            for one in people.officials(unit)
            if one.id != by.id and one.works_on(today) and one.may(SERVES)
        ]
    serving.sort(key=lambda one: (one.unit_no != by.unit_no, one.unit_no or 0, one.account))
    return [
        Colleague(
            account=one.account,
            name=one.name,
            unit_name=units[one.unit_no].name if one.unit_no is not None else "",
            window_no=one.window_no,
        )
        for one in serving
    ]
