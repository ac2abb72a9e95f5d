"""Mandates and absences come back as they were given."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.authority import Grant, StandIn
from engine.storage import authority
from tests.engine.storage.samples import EVENT, add_official, load

START = date(2015, 1, 1)


@pytest.fixture
def chief(office):
    load(office)
    return add_official(office, post="chief")


def give(office, *grants):
    with office.unit() as unit:
        for grant in grants:
            authority.add_grant(unit, grant)
        unit.record(EVENT)


@pytest.fixture
def grant(chief):
    return Grant(
        id="g1",
        official_id=chief.id,
        unit_no=26,
        power="decide",
        mandate_no="雁政授〔2015〕1号",
        valid_from=START,
        valid_to=date(2015, 12, 31),
        matter_types=("fast",),
        amount_limit=Decimal("500000.00"),
        region="雁城",
    )


def test_a_mandate_comes_back_as_it_was_given(office, chief, grant):
    unbound = replace(
        grant, id="g0", valid_to=None, matter_types=(), amount_limit=None, region=None
    )
    give(office, grant, unbound)
    with office.reading() as unit:
        assert authority.grants_of(unit, chief.id) == [unbound, grant]
        assert authority.grants_of(unit, "nobody") == []


def test_who_could_decide_on_a_day_is_answered_from_the_mandates_of_that_day(office, grant):
    give(
        office,
        grant,
        replace(grant, id="g2", valid_from=date(2016, 1, 1), valid_to=None),
        replace(grant, id="g3", unit_no=27),
        replace(grant, id="g4", power="seal"),
    )

    def held(day):
        with office.reading() as unit:
            return [one.id for one in authority.holders(unit, 26, "decide", day)]

    assert held(START) == ["g1"]
    assert held(START - timedelta(days=1)) == []
    assert held(date(2016, 3, 3)) == ["g2"]


def test_a_mandate_is_revoked_once(office, chief, grant):
    give(office, grant)
    with office.unit() as unit:
        assert authority.revoke(unit, "g1", date(2015, 6, 1))
        assert not authority.revoke(unit, "g1", date(2015, 7, 1))
        assert not authority.revoke(unit, "nobody", date(2015, 7, 1))
        unit.record(EVENT)
    with office.reading() as unit:
        (found,) = authority.grants_of(unit, chief.id)
    assert found.revoked_on == date(2015, 6, 1)
    assert not found.holds_on(date(2015, 6, 1))


def test_absences_come_back_as_they_were_named(office, chief):
    deputy = add_official(office, post="stand_in")
    absence = StandIn(deputy.id, chief.id, START, date(2015, 1, 9), "出差")
    later = replace(absence, valid_from=date(2015, 2, 1), valid_to=date(2015, 2, 2))
    with office.unit() as unit:
        authority.add_stand_in(unit, later)
        authority.add_stand_in(unit, absence)
        unit.record(EVENT)
    with office.reading() as unit:
        assert authority.stand_ins_of(unit, deputy.id) == [absence, later]
        assert authority.stand_ins_of(unit, chief.id) == []


def test_nobody_gets_a_mandate_who_is_not_there(office, grant):
    with pytest.raises(sa.exc.IntegrityError), office.unit() as unit:
        authority.add_grant(unit, replace(grant, official_id="nobody"))


def test_absences_that_have_not_ended_by_a_day_are_found_the_earliest_first(office, chief):
    deputy = add_official(office, post="stand_in")
    absence = StandIn(deputy.id, chief.id, START, date(2015, 1, 9), "出差")
    later = replace(absence, valid_from=date(2015, 2, 1), valid_to=date(2015, 2, 9))
    with office.unit() as unit:
        authority.add_stand_in(unit, later)
        authority.add_stand_in(unit, absence)
        authority.end_stand_in(unit, later, date(2015, 2, 3))
        unit.record(EVENT)
    with office.reading() as unit:
        ended = replace(later, ended_on=date(2015, 2, 3))
        assert authority.stand_ins_from(unit, date(2015, 1, 9)) == [absence, ended]
        assert authority.stand_ins_from(unit, date(2015, 1, 10)) == [ended]
        assert authority.stand_ins_from(unit, date(2015, 2, 4)) == []
