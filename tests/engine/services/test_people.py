"""Accounts, mandates and absences."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError
from engine.services import intake, people, work
from engine.storage import audit, authority
from engine.storage import people as stored_people
from tests.story import application

DAY = date(2015, 10, 26)


def grant(**changes):
    made = {
        "account": "chief26",
        "unit_no": 26,
        "power": "decide",
        "mandate_no": "雁政授〔2015〕1号",
        "valid_from": DAY,
    }
    return people.NewGrant(**(made | changes))


def first_grant(hall):
    """Return a mandate of the chief of unit 26."""
    with hall.reading() as unit:
        chief = next(one for one in stored_people.officials(unit) if one.account == "chief26")
        return authority.grants_of(unit, chief.id)[0]


BAD = {
    "a post nobody has heard of": (
        lambda hall: people.add(hall, SYSTEM, [people.NewOfficial("x1", "某人", "king")]),
        "post.unknown",
    ),
    "a mandate for nobody": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account="nobody")]),
        "account.unknown",
    ),
    "a power that does not exist": (
        lambda hall: people.grant(hall, SYSTEM, [grant(power="rule the world")]),
        "grant.power",
    ),
    "an absence without ground": (
        lambda hall: people.cover_absence(hall, SYSTEM, "standin26", "chief26", DAY, DAY, " "),
        "absence.ground_missing",
    ),
    "an absence that ends before it begins": (
        lambda hall: people.cover_absence(
            hall, SYSTEM, "standin26", "chief26", DAY, date(2015, 10, 25), "出差"
        ),
        "absence.no_days",
    ),
    "a stand-in of another unit": (
        lambda hall: people.cover_absence(hall, SYSTEM, "standin01", "chief26", DAY, DAY, "出差"),
        "absence.other_unit",
    ),
    "standing in for oneself": (
        lambda hall: people.cover_absence(hall, SYSTEM, "chief26", "chief26", DAY, DAY, "出差"),
        "absence.same_person",
    ),
    "the same absence once more": (
        lambda hall: [
            people.cover_absence(hall, SYSTEM, "standin26", "chief26", DAY, DAY, "出差")
            for _time in range(2)
        ],
        "absence.known",
    ),
    "a mandate for a person and a post": (
        lambda hall: people.grant(hall, SYSTEM, [grant(post="chief")]),
        "grant.holder",
    ),
    "a mandate for neither": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account=None)]),
        "grant.holder",
    ),
    "a mandate for a post that decides nothing": (
        lambda hall: people.grant(hall, SYSTEM, [grant(account=None, post="designer")]),
        "post.unknown",
    ),
    "a mandate without a document": (
        lambda hall: people.grant(hall, SYSTEM, [grant(mandate_no=" ")]),
        "grant.mandate_missing",
    ),
    "a mandate that ends before it begins": (
        lambda hall: people.grant(hall, SYSTEM, [grant(valid_to=date(2015, 10, 25))]),
        "grant.no_days",
    ),
    "an amount below nothing": (
        lambda hall: people.grant(hall, SYSTEM, [grant(amount_limit=Decimal(-1))]),
        "grant.amount",
    ),
    "a unit that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(unit_no=99)]),
        "unit.unknown",
    ),
    "a type of matter that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(matter_types=("royal",))]),
        "grant.matter_types",
    ),
    "a matter that is none": (
        lambda hall: people.grant(hall, SYSTEM, [grant(matters=(99999,))]),
        "matter.unknown",
    ),
    "revoking what was never given": (
        lambda hall: people.revoke(hall, SYSTEM, "nothing", DAY, "机构改革"),
        "grant.unknown",
    ),
    "revoking for yesterday": (
        lambda hall: people.revoke(hall, SYSTEM, first_grant(hall).id, date(2015, 10, 25), "误"),
        "grant.past",
    ),
    "revoking without a reason": (
        lambda hall: people.revoke(hall, SYSTEM, first_grant(hall).id, DAY, " "),
        "grant.reason",
    ),
    "revoking twice": (
        lambda hall: [
            people.revoke(hall, SYSTEM, first_grant(hall).id, DAY, "机构改革") for _time in range(2)
        ],
        "grant.ended",
    ),
    "a password for nobody": (
        lambda hall: people.new_password(hall, SYSTEM, "nobody"),
        "account.unknown",
    ),
}


@pytest.mark.parametrize(("act", "code"), BAD.values(), ids=BAD.keys())
def test_what_cannot_be_is_refused(hall, act, code):
    with pytest.raises(HallError) as refused:
        act(hall)
    assert refused.value.code == code


def test_an_account_is_opened_with_the_pages_of_its_post(hall):
    people.add(hall, SYSTEM, [people.NewOfficial("new1", "周启明", "supervisor")])
    found = next(one for one in people.everybody(hall) if one.account == "new1")
    assert found.may("supervision.read")


def test_the_city_has_its_people(hall):
    posts = [one.post for one in people.everybody(hall)]
    assert posts.count("chief") == posts.count("stand_in") == 50
    assert posts.count("clerk") == 258
    assert posts.count("reviewer") == 55


def test_a_revoked_mandate_is_kept_with_its_last_day_and_its_reason(hall):
    given = first_grant(hall)
    ended = people.revoke(hall, SYSTEM, given.id, date(2015, 11, 1), "机构改革")
    assert first_grant(hall) == ended
    assert (ended.last_day, given.last_day) == (date(2015, 10, 31), None)
    with hall.reading() as unit:
        told = audit.events_of(unit, "account:chief26")[-1]
    assert (told.kind, told.body["reason"]) == ("GrantRevoked", "机构改革")


def test_tasks_under_a_mandate_that_is_revoked_today_are_offered_again_at_once(hall, cast):
    receipt = intake.receive(hall, cast.clerk(26), application(hall))
    task = receipt.opened[0]
    work.claim(hall, cast.clerk(26), task.id)
    with hall.reading() as unit:
        held = authority.grants_of(unit, cast.clerk(26).id)
    for one in held:
        people.revoke(hall, SYSTEM, one.id, DAY, "机构改革")
    assert work.task(hall, cast.clerk(26), task.id).task.holder_id is None


def test_a_mandate_says_who_gave_it_and_all_of_its_limits(hall):
    manager = next(one for one in people.everybody(hall) if one.post == "security_admin")
    wanted = grant(region="城东", matters=(1, 2), amount_limit=Decimal(500), power="seal")
    people.grant(hall, manager, [wanted])
    with hall.reading() as unit:
        chief = next(one for one in stored_people.officials(unit) if one.account == "chief26")
        (found,) = (
            one for one in authority.grants_of(unit, chief.id) if one.granted_by == manager.id
        )
    assert (found.region, found.matters, found.amount_limit) == ("城东", (1, 2), Decimal(500))
    assert found.official_id == chief.id
