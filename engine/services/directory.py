"""Who works in the hall, looked up: people by unit, post and state, one person, the absences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from engine.domain.authority import Grant, StandIn
from engine.domain.matter import Matter
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.now import hall_day
from engine.services.authority import STAND_IN
from engine.services.hall import Hall
from engine.services.handover import PERMISSION, InHand, in_hand, known, may_keep, refuse_unmanaged
from engine.services.people import may_cover
from engine.storage import authority, catalogue, people
from engine.storage.unit import Unit

WORKING, ABSENT, LEFT = "working", "absent", "left"
STATES = (WORKING, ABSENT, LEFT)
WHOLE_HALL = "case.read_all"
EVERY = 1_000_000


@dataclass(frozen=True)
class Absence:
    """Who acts for whom while that one is away (AB岗)."""

    stand_in: StandIn
    deputy: Official
    absent: Official


@dataclass(frozen=True)
class Listed:
    """One line of the directory.

    `state` is working, absent or left; `until` the last day of an absence, or the last of one who
    leaves or has left; `covered_by` who acts for an absent one.
    """

    official: Official
    state: str
    until: date | None
    covered_by: Official | None


@dataclass(frozen=True)
class Found:
    """A page of the directory; `page` counts from 1, `size` lines a page."""

    rows: list[Listed]
    total: int
    page: int
    size: int


@dataclass(frozen=True)
class Person:
    """Everything that is kept of one person; `names` gives those who gave a mandate, by id.

    `verdict` tells whether the reader may change anything of it, `absence` whether he may name
    one of the `deputies`; `colleagues` could take over what is in hand.
    """

    listed: Listed
    grants: list[Grant]
    acts_for: list[Absence]
    covered_by: list[Absence]
    tasks: tuple[InHand, ...]
    deputies: list[Official]
    colleagues: list[Official]
    names: Mapping[str, str]
    verdict: Verdict
    absence: Verdict


@dataclass(frozen=True)
class Absences:
    """The absences that have not ended, and between whom the reader may name new ones."""

    rows: list[Absence]
    yours: frozenset[str]
    away: list[Official]
    deputies: list[Official]


def find(
    hall: Hall,
    by: Official,
    query: str = "",
    unit_no: int | None = None,
    post: str | None = None,
    state: str | None = None,
    page: int = 1,
) -> Found:
    """Search people by name or account, unit, post and state; Forbidden `people.not_allowed`."""
    refuse_unmanaged(by)
    size = hall.rules.page_size
    with hall.reading() as unit:
        away = _away_today(unit)
        only = set(away) if state == ABSENT else None
        left = {WORKING: False, ABSENT: False, LEFT: True}.get(state or "")
        found, total = people.search(
            unit,
            query=query.strip(),
            unit_no=unit_no,
            post=post,
            only=only,
            but=set(away) if state == WORKING else set(),
            left=left,
            limit=size,
            offset=(page - 1) * size,
        )
        return Found([_listed(unit, one, away) for one in found], total, page, size)


def posts(hall: Hall) -> list[str]:
    """Return the posts that somebody may have."""
    with hall.reading() as unit:
        return people.posts(unit)


def matters_of(hall: Hall, unit_no: int) -> list[Matter]:
    """Return all matters of a unit by number."""
    with hall.reading() as unit:
        return catalogue.matters(unit, unit_no=unit_no, limit=EVERY)[0]


def person(hall: Hall, by: Official, account: str) -> Person:
    """Return everything kept of one person.

    Raises Forbidden `people.not_allowed`, Missing `account.unknown`.
    """
    refuse_unmanaged(by)
    with hall.reading() as unit:
        official, today = known(unit, account), hall_day(unit.at)
        others = [] if official.unit_no is None else people.in_unit(unit, official.unit_no)
        colleagues = [
            one for one, _joined in others if one.id != official.id and one.works_on(today)
        ]
        return Person(
            listed=_listed(unit, official, _away_today(unit)),
            grants=authority.grants_of(unit, official.id),
            acts_for=_absences(unit, authority.stand_ins_of(unit, official.id)),
            covered_by=_absences(unit, authority.stand_ins_for(unit, official.id)),
            tasks=in_hand(hall, unit, official, None, today),
            deputies=[one for one in colleagues if one.post == STAND_IN],
            colleagues=colleagues,
            names=people.names(unit),
            verdict=may_keep(by, official),
            absence=may_cover(by, official),
        )


def absences(hall: Hall, by: Official) -> Absences:
    """Return the absences that have not ended, of the own unit or, with `case.read_all`, of all."""
    with hall.reading() as unit:
        today = hall_day(unit.at)
        rows = [
            one
            for one in _absences(unit, authority.stand_ins_from(unit, today))
            if by.may(WHOLE_HALL) or by.may(PERMISSION) or one.absent.unit_no == by.unit_no
        ]
        unit_of = [] if by.unit_no is None else people.in_unit(unit, by.unit_no)
        yours = [
            one for one, _joined in unit_of if one.works_on(today) and may_cover(by, one).allowed
        ]
        return Absences(
            rows=rows,
            yours=frozenset(one.absent.id for one in rows if may_cover(by, one.absent).allowed),
            away=[one for one in yours if one.post != STAND_IN],
            deputies=[one for one in yours if one.post == STAND_IN],
        )


def _away_today(unit: Unit) -> Mapping[str, StandIn]:
    today = hall_day(unit.at)
    found = authority.stand_ins_from(unit, today)
    return {one.stands_in_for: one for one in found if one.holds_on(today)}


def _listed(unit: Unit, official: Official, away: Mapping[str, StandIn]) -> Listed:
    if not official.works_on(hall_day(unit.at)):
        return Listed(official, LEFT, official.left_on, None)
    absence = away.get(official.id)
    if absence is None:
        return Listed(official, WORKING, official.left_on, None)
    return Listed(official, ABSENT, absence.last_day, people.official(unit, absence.official_id))


def _absences(unit: Unit, found: Iterable[StandIn]) -> list[Absence]:
    pairs = [
        (one, people.official(unit, one.official_id), people.official(unit, one.stands_in_for))
        for one in found
    ]
    return [Absence(one, deputy, absent) for one, deputy, absent in pairs if deputy and absent]
