"""Mandates and the acts done by them come back in order."""

from dataclasses import replace
from datetime import date, timedelta

from engine.domain.agency import AgentAct
from engine.storage import agency
from tests.engine.domain.test_agency import MANDATE
from tests.engine.storage.samples import EVENT, case_of, put


def test_acts_are_told_with_their_mandates(office):
    first = AgentAct("a1", "m1", "case-1", "apply", office.now(), "o1")
    later = replace(first, id="a0", act="collect", at=office.now() + timedelta(hours=1))
    with office.unit() as unit:
        put(unit, case_of(office))
        agency.add(unit, MANDATE)
        agency.note_act(unit, later)
        agency.note_act(unit, first)
    with office.reading() as unit:
        assert agency.by_no(unit, MANDATE.no) == MANDATE
        assert agency.acts_of(unit, "case-1") == [(first, MANDATE), (later, MANDATE)]
        assert agency.cases_of(unit, "m1") == ["case-1"]
        assert agency.acts_of(unit, "case-2") == agency.cases_of(unit, "m2") == []


def test_a_revoked_mandate_says_when_and_why(office):
    with office.unit() as unit:
        agency.add(unit, MANDATE)
        agency.revoke(unit, "m1", date(2015, 10, 27), "不再委托")
        unit.record(EVENT)
    with office.unit() as unit:
        found = agency.by_no(unit, MANDATE.no, lock=True)
    assert found == replace(MANDATE, revoked_on=date(2015, 10, 27), revoked_reason="不再委托")
