"""Mandates hold on their days, for their unit, power and types."""

from datetime import date
from decimal import Decimal

import pytest

from engine.domain.authority import Grant, StandIn, scope_of

DAY = date(2015, 10, 26)


def grant(**changes):
    made = {
        "id": "g1",
        "official_id": "o1",
        "unit_no": 26,
        "power": "decide",
        "mandate_no": "雁政授〔2015〕12号",
        "valid_from": date(2015, 1, 1),
    }
    return Grant(**(made | changes))


@pytest.mark.parametrize(
    ("changes", "holds"),
    [
        pytest.param({}, True, id="without an end"),
        pytest.param({"valid_from": date(2015, 10, 27)}, False, id="from tomorrow"),
        pytest.param({"valid_to": DAY}, True, id="on its last day"),
        pytest.param({"valid_to": date(2015, 10, 25)}, False, id="ended at midnight (M-GRANT-1)"),
        pytest.param({"revoked_on": DAY}, False, id="revoked today"),
        pytest.param({"revoked_on": date(2015, 10, 27)}, True, id="revoked tomorrow"),
    ],
)
def test_a_mandate_holds_on_its_days_only(changes, holds):
    assert grant(**changes).holds_on(DAY) is holds


@pytest.mark.parametrize(
    ("changes", "covers"),
    [
        pytest.param({}, True, id="all types"),
        pytest.param({"matter_types": ("a",)}, True, id="this type"),
        pytest.param({"matter_types": ("b",)}, False, id="another type"),
        pytest.param({"power": "seal"}, False, id="another power"),
        pytest.param({"unit_no": 27}, False, id="another unit"),
    ],
)
def test_a_mandate_covers_its_own_acts_only(changes, covers):
    assert grant(**changes).covers("decide", 26, "a") is covers


def test_without_a_mandate_the_scope_is_empty():
    scope = scope_of([], DAY, "decide", 26, "a")
    assert scope.grant is None


def test_the_mandate_that_reaches_farthest_is_taken():
    small = grant(id="small", amount_limit=Decimal(10))
    large = grant(id="large", amount_limit=Decimal(1000))
    scope = scope_of([small, large], DAY, "decide", 26, "a", amount=Decimal(500))
    assert (scope.grant.id, scope.over_amount) == ("large", False)


def test_an_amount_over_the_limit_is_marked_not_hidden():
    scope = scope_of([grant(amount_limit=Decimal(10))], DAY, "decide", 26, "a", Decimal("10.01"))
    assert scope.grant is not None
    assert scope.over_amount


def test_another_region_is_marked_not_hidden():
    scope = scope_of([grant(region="城东")], DAY, "decide", 26, "a", region="城西")
    assert scope.outside_region


def test_a_stand_in_acts_on_the_days_of_the_absence():
    absence = StandIn("o2", "o1", date(2015, 10, 26), date(2015, 10, 27), "出差")
    assert absence.holds_on(DAY)
    assert not absence.holds_on(date(2015, 10, 28))
