"""Accounts, posts, mandates and stand-ins of the people of the hall."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.domain.authority import POWERS, Grant, StandIn
from engine.domain.events.people import AbsenceCovered, GrantGiven, OfficialAdded, PasswordSet
from engine.domain.people import Official
from engine.kernel.crypto import hash_password
from engine.kernel.errors import Invalid, Missing
from engine.services.hall import Hall
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
    """A mandate for an account; empty `matter_types` means all types."""

    account: str
    unit_no: int
    power: str
    mandate_no: str
    valid_from: date
    valid_to: date | None = None
    matter_types: tuple[str, ...] = ()
    amount_limit: Decimal | None = None


def add(hall: Hall, by: Official, officials: Sequence[NewOfficial]) -> list[Official]:
    """Open accounts without a password; Invalid `post.unknown` for a post nobody has heard of."""
    with hall.unit(by) as unit:
        return [_add(unit, one) for one in officials]


def everybody(hall: Hall) -> list[Official]:
    """Return everybody who has an account."""
    with hall.reading() as unit:
        return people.officials(unit)


def grant(hall: Hall, by: Official, grants: Sequence[NewGrant]) -> None:
    """Give mandates; Missing `account.unknown`, Invalid `grant.power`."""
    with hall.unit(by) as unit:
        for one in grants:
            _grant(unit, one)


def cover_absence(
    hall: Hall, by: Official, account: str, absent: str, first: date, last: date, ground: str
) -> None:
    """Name who acts for an absent colleague; Invalid `absence.…` without ground or with no days."""
    if not ground.strip():
        raise Invalid("absence.ground_missing")
    if last < first:
        raise Invalid("absence.no_days", first=first, last=last)
    with hall.unit(by) as unit:
        deputy, away = _known(unit, account), _known(unit, absent)
        if deputy.unit_no != away.unit_no:
            raise Invalid("absence.other_unit", account=account, absent=absent)
        authority.add_stand_in(unit, StandIn(deputy.id, away.id, first, last, ground.strip()))
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


def _grant(unit: Unit, one: NewGrant) -> None:
    if one.power not in POWERS:
        raise Invalid("grant.power", power=one.power)
    holder = _known(unit, one.account)
    made = Grant(
        id=unit.ids(),
        official_id=holder.id,
        unit_no=one.unit_no,
        power=one.power,
        mandate_no=one.mandate_no,
        valid_from=one.valid_from,
        valid_to=one.valid_to,
        matter_types=one.matter_types,
        amount_limit=one.amount_limit,
    )
    authority.add_grant(unit, made)
    unit.record(
        GrantGiven(
            account=one.account,
            grant_id=made.id,
            unit_no=one.unit_no,
            power=one.power,
            matter_types=one.matter_types,
            amount_limit=None if one.amount_limit is None else str(one.amount_limit),
            valid_from=one.valid_from.isoformat(),
            valid_to=one.valid_to.isoformat() if one.valid_to else None,
            mandate_no=one.mandate_no,
        )
    )
