"""Accounts, mandates and absences."""

from datetime import date

import pytest

from engine.domain.people import SYSTEM
from engine.kernel.errors import HallError
from engine.services import people

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
