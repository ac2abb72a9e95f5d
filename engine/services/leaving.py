"""Somebody who leaves, looked at before he does: what moves and to whom, what ends, what stays."""

from dataclasses import dataclass
from datetime import date

from engine.domain.authority import DAY, Grant, StandIn
from engine.domain.inquiry import Inquiry, in_charge
from engine.domain.people import Official
from engine.domain.project import Project
from engine.kernel.now import hall_day
from engine.services.hall import Hall
from engine.services.handover import (
    InHand,
    absences_of,
    ending,
    in_hand,
    known,
    refuse_unmanaged,
)
from engine.storage import cases, inquiries, projects
from engine.storage.handover import UNDER_WAY
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Leaving:
    """What ends and what moves when somebody hands over, before he does.

    `grants` are the mandates of the person that end, `absences` the stand-ins. `contacts` and
    `projects` stay his, the first inquiries and key projects that somebody must take over.
    """

    tasks: tuple[InHand, ...]
    grants: tuple[Grant, ...]
    absences: tuple[StandIn, ...]
    contacts: tuple[Inquiry, ...]
    projects: tuple[Project, ...]


def preview(
    hall: Hall, by: Official, from_account: str, to_account: str | None, last_day: date
) -> Leaving:
    """Return what a handover would move and end, and what it would leave; nothing is written.

    Raises Missing `account.unknown`, Forbidden `people.not_allowed`.
    """
    refuse_unmanaged(by)
    with hall.reading() as unit:
        giver = known(unit, from_account)
        receiver = known(unit, to_account) if to_account else None
        day, today = last_day + DAY, hall_day(unit.at)
        judged_on = day if last_day == today else today
        return Leaving(
            tasks=in_hand(hall, unit, giver, receiver, judged_on),
            grants=tuple(ending(unit, giver, last_day)),
            absences=tuple(absences_of(unit, giver, last_day)),
            contacts=tuple(_contacts_of(unit, giver)),
            projects=tuple(_projects_of(unit, giver)),
        )


def _contacts_of(unit: Unit, giver: Official) -> list[Inquiry]:
    ways = inquiries.transfers_of_open(unit)
    return [
        one for one in inquiries.open_ones(unit) if in_charge(one, ways.get(one.id, ())) == giver.id
    ]


def _projects_of(unit: Unit, giver: Official) -> list[Project]:
    return [
        one
        for one in projects.of_agent(unit, giver.id)
        if cases.case(unit, one.case_id).state in UNDER_WAY
    ]
