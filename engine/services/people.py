"""Accounts, posts, mandates and stand-ins of the people of the hall, and their leaving."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from engine.domain.authority import DAY, POWERS, Grant, StandIn
from engine.domain.events.authority import OfficialLeft
from engine.domain.events.people import AbsenceCovered, OfficialAdded, PasswordSet
from engine.domain.facts import by_name
from engine.domain.people import Official
from engine.kernel.crypto import hash_password
from engine.kernel.errors import Conflict, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import handover
from engine.services.authority import lapsed, plan_lapse
from engine.services.hall import Hall
from engine.services.handover import HandedOver
from engine.storage import authority, people
from engine.storage.unit import Unit

PASSWORD_BYTES = 9


@dataclass(frozen=True)
class NewOfficial:
    """A person who gets an account; permissions follow from the post."""

    account: str
    name: str
    post: str
    unit_no: int | None = None
    window_no: int | None = None
    back_office: str | None = None


@dataclass(frozen=True)
class NewGrant:
    """A mandate (授权) for an account, or, with no account, for a post of the unit.

    Empty `matter_types` means all types, empty `matters` (numbers) all matters.
    """

    account: str | None
    unit_no: int
    power: str
    mandate_no: str
    valid_from: date
    valid_to: date | None = None
    matter_types: tuple[str, ...] = ()
    amount_limit: Decimal | None = None
    region: str | None = None
    post: str | None = None
    matters: tuple[int, ...] = ()


def add(hall: Hall, by: Official, officials: Sequence[NewOfficial]) -> list[Official]:
    """Open accounts without a password; Invalid `post.unknown` for a post nobody has heard of."""
    with hall.unit(by) as unit:
        return [_add(unit, one) for one in officials]


def everybody(hall: Hall) -> list[Official]:
    """Return everybody who has an account."""
    with hall.reading() as unit:
        return people.officials(unit)


def grant(hall: Hall, by: Official, grants: Sequence[NewGrant]) -> None:
    """Give mandates.

    Raises Forbidden `people.not_allowed`; Missing `account.unknown`, `unit.unknown`,
    `matter.unknown`; Invalid `grant.…` for what cannot be a mandate, `post.unknown`.
    """
    handover.refuse_unmanaged(by)
    with hall.unit(by) as unit:
        for one in grants:
            _grant(hall, unit, by, one)


def revoke(hall: Hall, by: Official, grant_id: str, day: date, reason: str) -> Grant:
    """Let a mandate hold no more from `day` on, which is today at the earliest.

    Nothing is deleted: what was done under it stays right. Tasks that its holder has in hand
    then are offered again. Raises Forbidden `people.not_allowed`, Missing `grant.unknown`,
    Invalid `grant.past`, `grant.reason`, Conflict `grant.ended` when it ends by then anyway.
    """
    handover.refuse_unmanaged(by)
    if not reason.strip():
        raise Invalid("grant.reason", field="reason")
    with hall.unit(by) as unit:
        found, today = authority.grant(unit, grant_id), hall_day(unit.at)
        if found is None:
            raise Missing("grant.unknown", grant=grant_id)
        if day < today:
            raise Invalid("grant.past", field="day", day=day, today=today)
        if found.last_day is not None and found.last_day < day:
            raise Conflict("grant.ended", day=found.last_day)
        holder = people.official(unit, found.official_id) if found.official_id else None
        handover.revoke(unit, found, holder.account if holder else None, day, reason.strip())
        if day > today:
            plan_lapse(unit, day)
        else:
            lapsed(hall, unit, today)
        return replace(found, revoked_on=day)


def leave(
    hall: Hall,
    by: Official,
    account: str,
    last_day: date,
    reason: str,
    to_account: str | None = None,
    mandate_no: str | None = None,
) -> HandedOver:
    """Let an official leave the hall after `last_day`, with no task left open in his hands.

    What he holds goes to `to_account` where that person may do it, else to the posts it is for
    (M-PLUS-11). The account stays for the history, and opens nothing from the day after. Raises
    Conflict `people.left` for one who left before, and as `handover.handover`.
    """
    handover.refuse_unmanaged(by)
    with hall.unit(by) as unit:
        leaver = _known(unit, account)
        if leaver.left_on is not None:
            raise Conflict("people.left", account=account, day=leaver.left_on)
        receiver = _known(unit, to_account) if to_account else None
        done = handover.everything(hall, unit, by, leaver, receiver, reason, last_day, mandate_no)
        people.leave(unit, leaver.id, last_day)
        unit.record(
            OfficialLeft(account=account, last_day=last_day.isoformat(), reason=reason.strip())
        )
        return done


def cover_absence(
    hall: Hall, by: Official, account: str, absent: str, first: date, last: date, ground: str
) -> None:
    """Name who acts for an absent colleague.

    Raises Forbidden `people.not_allowed`; Invalid `absence.…` without ground, with no days, for
    somebody of another unit or for oneself; Conflict `absence.known`.
    """
    handover.refuse_unmanaged(by)
    if not ground.strip():
        raise Invalid("absence.ground_missing")
    if last < first:
        raise Invalid("absence.no_days", first=first, last=last)
    with hall.unit(by) as unit:
        deputy, away = _known(unit, account), _known(unit, absent)
        if deputy.unit_no != away.unit_no:
            raise Invalid("absence.other_unit", account=account, absent=absent)
        if deputy.id == away.id:
            raise Invalid("absence.same_person", account=account)
        authority.add_stand_in(unit, StandIn(deputy.id, away.id, first, last, ground.strip()))
        plan_lapse(unit, last + DAY)
        unit.record(
            AbsenceCovered(
                account=account,
                stands_in_for=away.id,
                valid_from=first.isoformat(),
                valid_to=last.isoformat(),
                ground=ground.strip(),
            )
        )


def new_password(hall: Hall, by: Official, account: str) -> str:
    """Return a new random password of the account; only its hash is kept (S-04)."""
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with hall.unit(by) as unit:
        official = _known(unit, account)
        people.set_password(unit, official.id, hash_password(password))
        unit.record(PasswordSet(account=account))
    return password


def _known(unit: Unit, account: str) -> Official:
    found = people.by_account(unit, account)
    if found is None:
        raise Missing("account.unknown", account=account)
    return found[0]


def _add(unit: Unit, one: NewOfficial) -> Official:
    official = Official(
        id=unit.ids(),
        account=one.account,
        name=one.name,
        post=one.post,
        unit_no=one.unit_no,
        window_no=one.window_no,
        back_office=one.back_office,
    )
    people.add(unit, official, None)
    unit.record(
        OfficialAdded(
            account=one.account, post=one.post, unit_no=one.unit_no, window_no=one.window_no
        )
    )
    return official


def _grant(hall: Hall, unit: Unit, by: Official, one: NewGrant) -> None:
    _refuse_unsound(hall, unit, one)
    made = Grant(
        id=unit.ids(),
        official_id=_known(unit, one.account).id if one.account else None,
        unit_no=one.unit_no,
        power=one.power,
        mandate_no=one.mandate_no.strip(),
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        matter_types=one.matter_types,
        amount_limit=one.amount_limit,
        region=one.region,
        post=one.post,
        matters=one.matters,
        granted_by=by.id,
    )
    handover.give(unit, made, one.account)


def _refuse_unsound(hall: Hall, unit: Unit, one: NewGrant) -> None:
    shelf = hall.library.shelf(unit)
    if one.power not in POWERS:
        raise Invalid("grant.power", power=one.power)
    if bool(one.account) == bool(one.post):
        raise Invalid("grant.holder")
    fact = by_name("post")
    if one.post and one.post not in {word.code for word in (fact.values if fact else ())}:
        raise Invalid("post.unknown", post=one.post)
    if not one.mandate_no.strip():
        raise Invalid("grant.mandate_missing", field="mandate_no")
    if one.valid_to is not None and one.valid_to < one.valid_from:
        raise Invalid("grant.no_days", first=one.valid_from, last=one.valid_to)
    if one.amount_limit is not None and one.amount_limit < 0:
        raise Invalid("grant.amount", field="amount_limit")
    if one.unit_no not in shelf.units:
        raise Missing("unit.unknown", unit=one.unit_no)
    unknown = [code for code in one.matter_types if code not in shelf.matter_types]
    if unknown:
        raise Invalid("grant.matter_types", unknown=unknown)
    for no in one.matters:
        hall.library.matter(unit, no)
