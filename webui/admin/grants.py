"""Mandates of a person: one is weighed, then given by its document; one is taken back."""

import re
from decimal import Decimal, InvalidOperation

from flask import Response, request

from engine.domain.authority import POWERS
from engine.kernel.errors import HallError, Invalid, Missing
from engine.kernel.now import hall_day
from engine.services import catalogue, directory, mandates, people
from engine.services.directory import Person
from engine.services.mandates import Weighed
from webui.admin.refusals import NOTHING, Refusal, day, refused, typed
from webui.kit.guard import needs
from webui.kit.i18n import _, named
from webui.kit.pages import render, see
from webui.kit.session import hall, present
from webui.kit.verdict import verdict_words

PERSON, POST = "person", "post"
LARGEST = Decimal("999999999999.99")


@needs("people.manage")
def page(account: str) -> Response:
    """Show the form for a mandate."""
    return _page(account)


@needs("people.manage")
def look(account: str) -> Response:
    """Show what a mandate would do, and write nothing."""
    try:
        seen = mandates.weigh(hall(), present(), _wanted(account))
    except HallError as error:
        return _page(account, refused("grant", error))
    return _page(account, Refusal("grant", typed()), seen)


@needs("people.manage")
def give(account: str) -> Response:
    """Give the mandate."""
    try:
        people.grant(hall(), present(), [_wanted(account)])
    except HallError as error:
        return _page(account, refused("grant", error))
    return see("admin.person", account=account, done="granted")


@needs("people.manage")
def grant(account: str, grant_id: str) -> Response:
    """Show one mandate and what rests on it, before it is taken back."""
    return _grant(account, grant_id)


@needs("people.manage")
def revoke(account: str, grant_id: str) -> Response:
    """Let a mandate hold no more from a day on."""
    _of(account, grant_id)
    try:
        people.revoke(hall(), present(), grant_id, day("day"), request.form.get("reason", ""))
    except HallError as error:
        return _grant(account, grant_id, refused("revoke", error))
    return see("admin.person", account=account, done="revoked")


def _wanted(account: str) -> people.NewGrant:
    """Return the mandate as it was typed, for the person or for his post in his unit."""
    form, one = request.form, directory.person(hall(), present(), account).listed.official
    if one.unit_no is None:
        raise Invalid("people.unit_missing")
    of_post = form.get("holder") == POST
    return people.NewGrant(
        account=None if of_post else account,
        post=one.post if of_post else None,
        unit_no=one.unit_no,
        power=form.get("power", ""),
        mandate_no=form.get("mandate_no", ""),
        valid_from=day("valid_from"),
        valid_to=day("valid_to") if form.get("valid_to", "").strip() else None,
        matter_types=tuple(form.getlist("matter_types")),
        matters=_matters(form.get("matters", "")),
        amount_limit=amount(form.get("amount_limit", ""), "amount_limit"),
        region=form.get("region", "").strip() or None,
    )


def amount(text: str, name: str) -> Decimal | None:
    """Return an amount in yuan, None for nothing typed; Invalid `people.amount` for nonsense."""
    if not text.strip():
        return None
    try:
        found = Decimal(text.strip().replace(",", ""))
    except InvalidOperation as error:
        raise Invalid("people.amount", field=name) from error
    if not found.is_finite() or not 0 <= found <= LARGEST or found != round(found, 2):
        raise Invalid("people.amount", field=name)
    return found


def _matters(text: str) -> tuple[int, ...]:
    words = [word for word in re.split(r"[\s,，、;；]+", text.strip()) if word]
    if not all(word.isascii() and word.isdigit() and len(word) <= 9 for word in words):
        raise Invalid("people.matters", field="matters")
    return tuple(int(word) for word in words)


def _page(account: str, wrong: Refusal = NOTHING, seen: Weighed | None = None) -> Response:
    it = directory.person(hall(), present(), account)
    one = it.listed.official
    kinds = catalogue.matter_types(hall())
    return render(
        "admin/grants.html",
        wrong.status,
        it=it,
        one=one,
        unit=catalogue.unit(hall(), one.unit_no) if one.unit_no is not None else None,
        wrong=wrong,
        seen=seen,
        lets=[(kind, verdict, *verdict_words(verdict)) for kind, verdict in seen.lets]
        if seen
        else [],
        sent=[(name, text) for name, texts in wrong.typed.items() for text in texts],
        powers=[(power, _(f"power.{power}")) for power in POWERS],
        holders=[(PERSON, _("grants.of_person")), (POST, _("grants.of_post"))],
        kinds={kind.code: kind for kind in kinds},
        kind_choices=[(kind.code, named(kind)) for kind in kinds],
        today=hall_day(hall().now()),
        verdict=verdict_words(it.verdict),
    )


def _of(account: str, grant_id: str) -> Person:
    """Return whose page it is; Missing `grant.unknown` for a mandate that does not reach him."""
    it = directory.person(hall(), present(), account)
    if grant_id not in {one.id for one in it.grants}:
        raise Missing("grant.unknown")
    return it


def _grant(account: str, grant_id: str, wrong: Refusal = NOTHING) -> Response:
    it = _of(account, grant_id)
    return render(
        "admin/grant.html",
        wrong.status,
        it=it,
        one=it.listed.official,
        resting=mandates.resting_on(hall(), present(), grant_id),
        kinds={kind.code: kind for kind in catalogue.matter_types(hall())},
        today=hall_day(hall().now()),
        wrong=wrong,
    )
