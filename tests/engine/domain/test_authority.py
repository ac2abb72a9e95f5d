"""Mandates hold on their days, for their unit, power and types."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.authority import Act, Grant, StandIn, scope_of
from tests.mandates import plainly_covered

DAY = date(2015, 10, 26)
ONE_DAY = timedelta(days=1)
ACT = Act("decide", 26, 7, "a")


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
    scope = scope_of([], DAY, ACT)
    assert scope.grant is None


def test_the_mandate_that_reaches_farthest_is_taken():
    small = grant(id="small", amount_limit=Decimal(10))
    large = grant(id="large", amount_limit=Decimal(1000))
    scope = scope_of([small, large], DAY, replace(ACT, amount=Decimal(500)))
    assert (scope.grant.id, scope.over_amount) == ("large", False)


def test_an_amount_over_the_limit_is_marked_not_hidden():
    scope = scope_of([grant(amount_limit=Decimal(10))], DAY, replace(ACT, amount=Decimal("10.01")))
    assert scope.grant is not None
    assert scope.over_amount


def test_another_region_is_marked_not_hidden():
    scope = scope_of([grant(region="城东")], DAY, replace(ACT, region="城西"))
    assert scope.outside_region


def test_a_stand_in_acts_on_the_days_of_the_absence():
    absence = StandIn("o2", "o1", date(2015, 10, 26), date(2015, 10, 27), "出差")
    assert absence.holds_on(DAY)
    assert not absence.holds_on(date(2015, 10, 28))


@pytest.mark.parametrize(
    ("changes", "last"),
    [
        pytest.param({}, None, id="without an end"),
        pytest.param({"valid_to": DAY}, DAY, id="as it was given"),
        pytest.param({"revoked_on": DAY}, DAY - ONE_DAY, id="revoked: the day before"),
        pytest.param({"valid_to": DAY, "revoked_on": DAY + 9 * ONE_DAY}, DAY, id="ended before"),
    ],
)
def test_the_last_day_of_a_mandate_is_that_of_its_earliest_end(changes, last):
    assert grant(**changes).last_day == last


def test_another_matter_is_marked_not_hidden():
    scope = scope_of([grant(matters=(8, 9))], DAY, ACT)
    assert scope.grant is not None
    assert scope.outside_matters
    assert not scope_of([grant(matters=(7,))], DAY, ACT).outside_matters


def test_an_absence_that_ended_early_covers_no_more_than_its_days():
    absence = StandIn("o2", "o1", DAY, DAY + 5 * ONE_DAY, "出差", ended_on=DAY)
    assert absence.last_day == DAY
    assert not absence.holds_on(DAY + ONE_DAY)
    never = replace(absence, ended_on=DAY - ONE_DAY)
    assert not any(never.holds_on(DAY + n * ONE_DAY) for n in range(-2, 7))


DAYS = st.integers(-3, 3).map(lambda n: DAY + n * ONE_DAY)
SMALL = st.integers(0, 3).map(Decimal)
GRANTS = st.builds(
    Grant,
    id=st.just("g"),
    official_id=st.just("o"),
    unit_no=st.sampled_from([26, 27]),
    power=st.sampled_from(["decide", "seal"]),
    mandate_no=st.just("雁政授〔2015〕1号"),
    valid_from=DAYS,
    valid_to=st.none() | DAYS,
    matter_types=st.sampled_from([(), ("a",), ("b",), ("a", "b")]),
    amount_limit=st.none() | SMALL,
    region=st.none() | st.sampled_from(["城东", "城西"]),
    revoked_on=st.none() | DAYS,
    matters=st.sampled_from([(), (7,), (8, 9)]),
)
ACTS = st.builds(
    Act,
    power=st.sampled_from(["decide", "seal"]),
    unit_no=st.sampled_from([26, 27]),
    matter_no=st.sampled_from([7, 8]),
    matter_type=st.sampled_from(["a", "b"]),
    amount=st.none() | SMALL,
    region=st.none() | st.sampled_from(["城东", "城西"]),
)


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=pytest.mark.nightly)])
def test_an_act_is_covered_exactly_when_one_mandate_says_all_of_it(count):
    seen = set()

    @settings(max_examples=count, deadline=None)
    @given(st.lists(GRANTS, max_size=3), ACTS, DAYS)
    def compare(grants, act, day):
        scope = scope_of(grants, day, act)
        covered = not any(scope.misses)
        assert covered == any(plainly_covered(one, act, day) for one in grants)
        seen.add((covered, scope.grant is None))
        if scope.grant is not None:
            assert plainly_covered(scope.grant, act, day) == covered

    compare()
    assert seen == {(True, False), (False, False), (False, True)}
