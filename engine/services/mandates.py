"""Mandates looked at before the deed: what one would do, and which tasks rest on it."""

from dataclasses import dataclass
from datetime import date

from engine.decisions.decide import decide
from engine.domain.authority import Grant, asked
from engine.domain.matter import MatterType
from engine.domain.people import Official
from engine.domain.verdict import Verdict
from engine.kernel.errors import Missing
from engine.kernel.now import hall_day, hall_moment
from engine.services.authority import TABLE, rules_on, ruling, verdict_of
from engine.services.hall import Hall
from engine.services.handover import InHand, in_hand, refuse_unmanaged
from engine.services.people import NewGrant, refuse_unsound
from engine.storage import authority, cases, people
from engine.storage.unit import Unit


@dataclass(frozen=True)
class Weighed:
    """What a mandate would do: what it lets its holder do with each type of matter, and why not.

    `reached` are the people it reaches, `beside` the mandates for the same power that hold on
    its first day.
    """

    lets: tuple[tuple[MatterType, Verdict], ...]
    reached: tuple[Official, ...]
    beside: tuple[Grant, ...]


@dataclass(frozen=True)
class Resting:
    """A mandate with its holder, None where a post holds it, and the open tasks that rest on it.

    `reached` are the people whom it reaches.
    """

    grant: Grant
    holder: Official | None
    reached: tuple[Official, ...]
    tasks: tuple[InHand, ...]


def weigh(hall: Hall, by: Official, one: NewGrant) -> Weighed:
    """Return what a mandate would do, before it is given; raises as `people.grant`."""
    refuse_unmanaged(by)
    with hall.reading() as unit:
        refuse_unsound(hall, unit, one)
        found = people.by_account(unit, one.account) if one.account else None
        if one.account and found is None:
            raise Missing("account.unknown", account=one.account)
        holder = found[0] if found else None
        refuse_unmanaged(by, holder)
        post = holder.post if holder else one.post or ""
        kinds = hall.library.shelf(unit).matter_types
        day = max(one.valid_from, hall_day(unit.at))
        reached = _reached(unit, holder, one.unit_no, post)
        held = [each for who in reached[:1] for each in authority.grants_of(unit, who.id)]
        return Weighed(
            lets=tuple(
                (kinds[code], _lets(hall, unit, one.power, post, kinds[code], day))
                for code in one.matter_types or sorted(kinds)
            ),
            reached=reached,
            beside=tuple(
                each
                for each in held
                if (each.power, each.unit_no) == (one.power, one.unit_no) and each.holds_on(day)
            ),
        )


def resting_on(hall: Hall, by: Official, grant_id: str) -> Resting:
    """Return which open tasks rest on a mandate today, before it is revoked.

    Raises Forbidden `people.not_allowed`, `people.oneself`; Missing `grant.unknown`.
    """
    refuse_unmanaged(by)
    with hall.reading() as unit:
        grant = authority.grant(unit, grant_id)
        if grant is None:
            raise Missing("grant.unknown", grant=grant_id)
        holder = people.official(unit, grant.official_id) if grant.official_id else None
        refuse_unmanaged(by, holder)
        reached = _reached(unit, holder, grant.unit_no, grant.post or "")
        today = hall_day(unit.at)
        tasks = [
            held
            for who in reached
            for held in in_hand(hall, unit, who, None, today)
            if held.task.power == grant.power and _used(hall, unit, who, held) == grant.mandate_no
        ]
        return Resting(grant, holder, reached, tuple(tasks))


def _reached(unit: Unit, holder: Official | None, unit_no: int, post: str) -> tuple[Official, ...]:
    if holder is not None:
        return (holder,)
    today = hall_day(unit.at)
    return tuple(
        one
        for one, _joined in people.in_unit(unit, unit_no)
        if one.post == post and one.works_on(today)
    )


def _used(hall: Hall, unit: Unit, who: Official, held: InHand) -> str | None:
    return ruling(hall, unit, who, held.task, cases.case(unit, held.task.case_id)).mandate_no


def _lets(hall: Hall, unit: Unit, power: str, post: str, kind: MatterType, day: date) -> Verdict:
    """Say what a mandate that reaches far enough lets a post do with a type of matter."""
    if not rules_on(post):
        return Verdict(False, "post")
    table = hall.library.judging(unit, TABLE, hall_moment(f"{day.isoformat()}T23:59"))
    return verdict_of(decide(table, asked(power, post, kind)), power)
