"""Visits come back in order, and are counted by matter within a time."""

from datetime import timedelta

import pytest

from engine.storage import visits
from engine.storage.visits import MatterVisits, Visit
from tests.engine.storage.samples import EVENT, case_of, put


@pytest.fixture
def applied(office):
    """Store a case that was applied for at a window."""
    case = case_of(office, window_no=6)
    with office.unit() as unit:
        put(unit, case)
    return case


def visit(case, name, days, **changes):
    given = {"purpose": "supplement", "ticket_id": None, "by_id": "o-clerk"} | changes
    return Visit(id=name, case_id=case.id, at=case.applied_at + timedelta(days=days), **given)


def store(office, *made):
    with office.unit() as unit:
        for one in made:
            visits.add(unit, one)
        unit.record(EVENT)


def test_visits_come_back_the_first_one_first(office, applied):
    first, second = visit(applied, "b", 1, ticket_id="t"), visit(applied, "a", 2)
    store(office, second, first)
    with office.reading() as unit:
        assert visits.of_case(unit, applied.id) == [first, second]
        assert visits.of_case(unit, "nobody") == []


def test_each_visit_is_counted_in_its_own_time(office, applied):
    store(office, visit(applied, "a", 1), visit(applied, "b", 40))
    start = applied.applied_at
    with office.reading() as unit:
        here = visits.by_matter(unit, start, start + timedelta(days=40))
        later = visits.by_matter(unit, start + timedelta(days=40), start + timedelta(days=50))
        never = visits.by_matter(unit, start - timedelta(days=9), start)
    assert here == [MatterVisits(applied.matter_no, 1, 2)]
    assert later == [MatterVisits(applied.matter_no, 1, 1)]
    assert never == []
    assert here[0].a_case == 2.0


def test_an_application_from_home_is_no_visit(office):
    case = case_of(office)
    with office.unit() as unit:
        put(unit, case)
    store(office, visit(case, "a", 1))
    with office.reading() as unit:
        counted = visits.by_matter(unit, case.applied_at, case.applied_at + timedelta(days=2))
    assert counted == [MatterVisits(case.matter_no, 1, 1)]
