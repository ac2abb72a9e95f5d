"""Accounts, posts, mandates and stand-ins of the people of the hall, and their leaving."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from engine.domain.authority import DAY, POWERS, Grant, StandIn
from engine.domain.events.authority import AbsenceEnded, OfficialLeft
from engine.domain.events.people import AbsenceCovered, OfficialAdded, PasswordSet
from engine.domain.facts import by_name
from engine.domain.people import SYSTEM, Official
from engine.domain.verdict import Verdict
from engine.kernel.crypto import hash_password
from engine.kernel.errors import Conflict, Forbidden, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import handover
from engine.services.authority import STAND_IN, lapsed, plan_lapse
from engine.services.hall import Hall
from engine.services.handover import HandedOver
from engine.storage import authority, people
from engine.storage.unit import Unit

PASSWORD_BYTES = 9
ACCOUNT = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
MAX_NAME, MAX_GROUND = 100, 200
HEAD = "head"
# M-SEC-1: no account may hold two of these.
ADMINISTERING = frozenset({"system.manage", "people.manage", "audit.read"})


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
    """Open accounts without a password.

    Raises Forbidden `people.not_allowed`; Invalid `people.…` (account, name, unit_missing,
    window_unit, two_administrators), `post.unknown`; Missing `unit.unknown`; Conflict
    `account.taken`.
    """
    handover.refuse_unmanaged(by)
    with hall.unit(by) as unit:
        return [_add(hall, unit, one) for one in officials]


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
        handover.refuse_unmanaged(by, holder)
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
        leaver = handover.known(unit, account)
        if leaver.left_on is not None:
            raise Conflict("people.left", account=account, day=leaver.left_on)
        handover.refuse_past(unit, last_day)
        receiver = handover.known(unit, to_account) if to_account else None
        return _leave(hall, unit, by, leaver, receiver, reason, last_day, mandate_no)


def disable(hall: Hall, by: Official, account: str, reason: str) -> HandedOver:
    """Shut an account out at once, as if its holder had left yesterday; sessions end.

    What he holds is offered to its posts again, his mandates hold no more. Raises Forbidden
    `people.not_allowed`, `people.oneself`; Missing `account.unknown`; Conflict `people.left`;
    Invalid `handover.reason`.
    """
    handover.refuse_unmanaged(by)
    with hall.unit(by) as unit:
        leaver, today = handover.known(unit, account), hall_day(unit.at)
        if leaver.left_on is not None and leaver.left_on < today:
            raise Conflict("people.left", account=account, day=leaver.left_on)
        people.close_sessions(unit, leaver.id)
        return _leave(hall, unit, by, leaver, None, reason, today - DAY, None)


def may_cover(by: Official, away: Official) -> Verdict:
    """Say whether `by` names who acts for `away`: his head, or who keeps the accounts."""
    if by.post == HEAD and by.unit_no is not None:
        own = by.unit_no == away.unit_no
        return Verdict(own, "ok" if own else "absence.not_own_unit")
    return handover.may_keep(by)


def cover_absence(
    hall: Hall, by: Official, account: str, absent: str, first: date, last: date, ground: str
) -> None:
    """Name who acts for an absent colleague.

    Raises Forbidden as `may_cover` says; Invalid `absence.…` without ground, with no days, for
    days that are over (which the system itself brings in), for oneself, for somebody of another
    unit or of another post than that of a stand-in; Conflict `absence.known`, `people.left`.
    """
    with hall.unit(by) as unit:
        deputy, away = _to_cover(unit, by, account, absent)
        if not ground.strip() or len(ground.strip()) > MAX_GROUND:
            raise Invalid("absence.ground_missing", field="ground")
        if last < first:
            raise Invalid("absence.no_days", field="last", first=first, last=last)
        if by.id != SYSTEM.id and first < hall_day(unit.at):
            raise Invalid("absence.past", field="first", first=first)
        if deputy.id == away.id:
            raise Invalid("absence.same_person", field="account", account=account)
        if deputy.unit_no != away.unit_no:
            raise Invalid("absence.other_unit", field="account", account=account, absent=absent)
        if deputy.post != STAND_IN:
            raise Invalid("absence.not_stand_in", field="account", name=deputy.name)
        for one in (deputy, away):
            if not one.works_on(first):
                raise Conflict("people.left", account=one.account, day=one.left_on)
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


def end_absence(
    hall: Hall, by: Official, account: str, absent: str, first: date, last_day: date, reason: str
) -> None:
    """Let an absence that began on `first` end with `last_day`, earlier than was planned.

    The day before it began ends one that has not. Raises Forbidden as `may_cover` says; Missing
    `account.unknown`, `absence.unknown`; Invalid `absence.end_day`, `handover.reason`.
    """
    why = reason.strip()
    if not why or len(why) > handover.MAX_REASON:
        raise Invalid("handover.reason", field="reason", most=handover.MAX_REASON)
    with hall.unit(by) as unit:
        deputy, away = _to_cover(unit, by, account, absent)
        known = [
            one
            for one in authority.stand_ins_of(unit, deputy.id)
            if one.stands_in_for == away.id and one.valid_from == first
        ]
        if not known:
            raise Missing("absence.unknown")
        today, found = hall_day(unit.at), known[0]
        earliest = max(first, today) - DAY
        if not earliest <= last_day < found.last_day:
            last = found.last_day
            raise Invalid("absence.end_day", field="last_day", earliest=earliest, last=last)
        authority.end_stand_in(unit, found, last_day)
        unit.record(
            AbsenceEnded(
                account=account,
                stands_in_for=away.id,
                last_day=last_day.isoformat(),
                reason=why,
            )
        )
        if last_day < today:
            lapsed(hall, unit, today)
        else:
            plan_lapse(unit, last_day + DAY)


def new_password(hall: Hall, by: Official, account: str) -> str:
    """Return a new random password of the account; only its hash is kept (S-04).

    Raises Forbidden `people.not_allowed`, Missing `account.unknown`, Conflict `people.left`.
    """
    handover.refuse_unmanaged(by)
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    with hall.unit(by) as unit:
        official = handover.known(unit, account)
        if not official.works_on(hall_day(unit.at)):
            raise Conflict("people.left", account=account, day=official.left_on)
        people.set_password(unit, official.id, hash_password(password))
        unit.record(PasswordSet(account=account))
    return password


def _leave(
    hall: Hall,
    unit: Unit,
    by: Official,
    leaver: Official,
    receiver: Official | None,
    reason: str,
    last_day: date,
    mandate_no: str | None,
) -> HandedOver:
    handover.refuse_unmanaged(by, leaver)
    done = handover.everything(hall, unit, by, leaver, receiver, reason, last_day, mandate_no)
    people.leave(unit, leaver.id, last_day)
    unit.record(
        OfficialLeft(account=leaver.account, last_day=last_day.isoformat(), reason=reason.strip())
    )
    return done


def _to_cover(unit: Unit, by: Official, account: str, absent: str) -> tuple[Official, Official]:
    """Return stand-in and absent one, once `by` may decide of them."""
    if by.post != HEAD:
        handover.refuse_unmanaged(by)
    away = handover.known(unit, absent)
    if not may_cover(by, away).allowed:
        raise Forbidden("absence.not_own_unit")
    return handover.known(unit, account), away


def _add(hall: Hall, unit: Unit, one: NewOfficial) -> Official:
    _refuse_unfit(hall, unit, one)
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


def _refuse_unfit(hall: Hall, unit: Unit, one: NewOfficial) -> None:
    shelf = hall.library.shelf(unit)
    if not ACCOUNT.fullmatch(one.account):
        raise Invalid("people.account", field="account")
    if not one.name.strip() or len(one.name) > MAX_NAME:
        raise Invalid("people.name", field="name", most=MAX_NAME)
    if len(people.permissions(unit, one.post) & ADMINISTERING) > 1:
        raise Invalid("people.two_administrators", field="post")
    if one.unit_no is None and one.post in _ruled_posts():
        raise Invalid("people.unit_missing", field="unit_no")
    if one.unit_no is not None and one.unit_no not in shelf.units:
        raise Missing("unit.unknown", unit=one.unit_no)
    if one.window_no is not None:
        window = shelf.windows.get(one.window_no)
        if window is None or window.unit_no != one.unit_no:
            raise Invalid("people.window_unit", field="window_no", window=one.window_no)


def _ruled_posts() -> set[str]:
    """The posts that the tables know: who has one of them works in a unit."""
    fact = by_name("post")
    return {word.code for word in (fact.values if fact else ())}


def _grant(hall: Hall, unit: Unit, by: Official, one: NewGrant) -> None:
    refuse_unsound(hall, unit, one)
    holder = handover.known(unit, one.account) if one.account else None
    handover.refuse_unmanaged(by, holder)
    made = Grant(
        id=unit.ids(),
        official_id=holder.id if holder else None,
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


def refuse_unsound(hall: Hall, unit: Unit, one: NewGrant) -> None:
    """Raise Invalid or Missing, as `grant` does, for what cannot be a mandate."""
    shelf = hall.library.shelf(unit)
    if one.power not in POWERS:
        raise Invalid("grant.power", power=one.power)
    if bool(one.account) == bool(one.post):
        raise Invalid("grant.holder")
    if one.post and one.post not in _ruled_posts():
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
