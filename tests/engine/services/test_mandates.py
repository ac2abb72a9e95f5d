"""A mandate looked at before it is given, and before it is revoked."""

from datetime import date

import pytest

from engine.kernel.errors import HallError
from engine.services import intake, mandates, people, work
from engine.storage import authority
from tests.story import application

DAY = date(2015, 10, 26)


@pytest.fixture
def keeper(cast):
    return cast.holder(None, "security_admin")


def new(account="chief26", power="urgent", **changes):
    made = {"unit_no": 26, "mandate_no": "雁政授〔2015〕88号", "valid_from": DAY}
    return people.NewGrant(account=account, power=power, **(made | changes))


def test_a_mandate_is_weighed_by_the_rules_for_each_type(hall, keeper):
    seen = mandates.weigh(hall, keeper, new())
    assert seen.lets
    assert all(verdict.row for _kind, verdict in seen.lets)
    assert any(verdict.allowed for _kind, verdict in seen.lets)
    assert [one.account for one in seen.reached] == ["chief26"]
    nothing = mandates.weigh(hall, keeper, new("clerk06", "extend"))
    assert {verdict.because for _kind, verdict in nothing.lets} == {"power.post"}
    one_type = mandates.weigh(hall, keeper, new(matter_types=(seen.lets[0][0].code,)))
    assert [kind.code for kind, _verdict in one_type.lets] == [seen.lets[0][0].code]


def test_mandates_for_the_same_power_stand_beside(hall, keeper):
    assert [one.power for one in mandates.weigh(hall, keeper, new()).beside] == ["urgent"]
    assert mandates.weigh(hall, keeper, new(power="extend")).beside == ()


def test_a_post_outside_the_table_decides_nothing(hall, keeper):
    seen = mandates.weigh(hall, keeper, new("auditor1"))
    assert {verdict.because for _kind, verdict in seen.lets} == {"post"}


def test_a_mandate_of_a_post_reaches_all_who_have_it(hall, keeper, cast):
    seen = mandates.weigh(hall, keeper, new(None, post="clerk"))
    assert {one.id for one in seen.reached} == {one.id for one in cast.all_of("clerk", 26)}


def test_what_rests_on_a_mandate_is_what_its_end_takes_away(hall, keeper, clerk):
    task = intake.receive(hall, clerk, application(hall)).opened[0]
    work.claim(hall, clerk, task.id)
    with hall.reading() as unit:
        (grant,) = [one for one in authority.grants_of(unit, clerk.id) if one.power == task.power]
    seen = mandates.resting_on(hall, keeper, grant.id)
    assert (seen.holder.id, [one.task.id for one in seen.tasks]) == (clerk.id, [task.id])
    people.revoke(hall, keeper, grant.id, DAY, "机构改革")
    assert work.task(hall, clerk, task.id).task.holder_id is None
    assert mandates.resting_on(hall, keeper, grant.id).tasks == ()


def test_what_cannot_be_looked_at_is_refused(hall, keeper, clerk):
    for act, code in (
        (lambda: mandates.weigh(hall, clerk, new()), "people.not_allowed"),
        (lambda: mandates.weigh(hall, keeper, new("nobody")), "account.unknown"),
        (lambda: mandates.weigh(hall, keeper, new(keeper.account)), "people.oneself"),
        (lambda: mandates.weigh(hall, keeper, new(power="dance")), "grant.power"),
        (lambda: mandates.resting_on(hall, clerk, "x"), "people.not_allowed"),
        (lambda: mandates.resting_on(hall, keeper, "x"), "grant.unknown"),
    ):
        with pytest.raises(HallError) as refused:
            act()
        assert refused.value.code == code
