"""Licences come back byte for byte and are handed out once."""

import sqlite3
from dataclasses import replace
from datetime import date
from decimal import Decimal

import psycopg
import pytest

from engine.domain.licence import Licence, LicenceState, is_unaltered, sealed
from engine.kernel.errors import Conflict
from engine.storage import licences
from tests.engine.storage.samples import EVENT, case_of, put


@pytest.fixture
def licence(office):
    """Store a case with its licence."""
    made = sealed(
        Licence(
            id="l1",
            no="91439900MA00000001",
            case_id="case-1",
            matter_no=1,
            name="营业执照",
            holder="雁城禾木科技有限公司",
            content={"capital": Decimal("100.00"), "scope": ["软件", "咨询"]},
            issued_at=office.now(),
            issued_by="o-chief",
            digest="",
        )
    )
    with office.unit() as unit:
        put(unit, case_of(office))
        licences.insert(unit, made)
    return made


def test_a_licence_comes_back_unaltered(office, licence):
    with office.reading() as unit:
        assert licences.by_no(unit, licence.no) == licence
        assert licences.by_case(unit, "case-1") == licence
        assert is_unaltered(licences.by_no(unit, licence.no))
        assert licences.by_no(unit, "nobody") is None
        assert licences.by_case(unit, "nobody") is None


def test_a_licence_is_handed_out_once(office, licence):
    with office.unit() as unit:
        licences.hand_out(unit, licence.id, "o-clerk", "林晓禾")
        unit.record(EVENT)
    with office.reading() as unit:
        given = licences.by_no(unit, licence.no)
    assert given == replace(
        licence, handed_out_at=office.now(), handed_out_by="o-clerk", taken_by="林晓禾"
    )
    with pytest.raises(Conflict) as refused, office.unit() as unit:
        licences.hand_out(unit, licence.id, "o-clerk", "somebody")
    assert refused.value.code == "licence.handed_out"


@pytest.mark.parametrize(
    "changes", [{"id": "l2", "no": "other"}, {"id": "l2", "case_id": "case-2"}]
)
def test_a_case_has_one_licence_and_a_number_one_holder(office, licence, changes):
    with office.unit() as unit:
        put(unit, case_of(office, 2))
    with pytest.raises((sqlite3.IntegrityError, psycopg.IntegrityError)), office.unit() as unit:
        licences.insert(unit, replace(licence, **changes))


def test_what_becomes_of_a_licence_is_stored_and_its_edition_kept(office, licence):
    after = sealed(
        replace(
            licence,
            content={"capital": Decimal("200.00"), "scope": ["软件"]},
            edition=2,
            state=LicenceState.REVOKED,
            valid_to=date(2020, 10, 25),
            ended_on=date(2016, 1, 4),
        )
    )
    with office.unit() as unit:
        assert licences.lock(unit, licence.no) == licence
        assert licences.lock(unit, "nobody") is None
        licences.keep_edition(unit, licence)
        licences.save(unit, after)
        unit.record(EVENT)
    with office.reading() as unit:
        assert licences.by_no(unit, licence.no) == after
        assert licences.editions(unit, licence.id) == [(1, licence.content)]


def test_renewals_that_nobody_answered_are_found_before_silence_does(office, licence):
    asked = sealed(replace(licence, valid_to=date(2020, 10, 25), renewal_asked_on=date(2020, 9, 1)))
    with office.unit() as unit:
        licences.save(unit, asked)
        unit.record(EVENT)
    with office.reading() as unit:
        assert licences.renewals_asked(unit, date(2020, 10, 25)) == [asked]
        assert licences.renewals_asked(unit, date(2020, 10, 24)) == []
