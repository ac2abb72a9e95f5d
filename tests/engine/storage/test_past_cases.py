"""Past cases as a replay reads them, on both databases."""

from datetime import timedelta

import pytest

from engine.bootstrap import open_hall
from engine.demo.carry import carry, cast_of
from engine.services import decisions
from engine.storage import past_cases
from engine.storage.past_cases import Scope
from tests.story import first_matter, walk_through_matter


@pytest.fixture
def city_hall(either_city, now):
    opened = open_hall(either_city, now=now)
    yield opened
    opened.store.dispose()


@pytest.fixture
def cases(city_hall):
    cast = cast_of(city_hall)
    matters = [walk_through_matter(city_hall), first_matter(city_hall, "instant")]
    return [carry(city_hall, cast, matters[n % 2].no).case for n in range(4)]


def around(now, **changes):
    return Scope(now() - timedelta(days=30), now() + timedelta(days=60), **changes)


def test_cases_are_read_in_order_some_at_a_time(city_hall, cases, now):
    with city_hall.reading() as unit:
        first = past_cases.next_ids(unit, around(now), "", 3)
        rest = past_cases.next_ids(unit, around(now), first[-1], 3)
        assert (len(first), len(rest)) == (3, 1)
        assert {*first, *rest} == {case.id for case in cases}
        assert past_cases.count(unit, around(now)) == 4
        assert past_cases.numbers(unit, rest) == {
            case.id: case.case_no for case in cases if case.id in rest
        }


def test_a_scope_leaves_out_other_days_processes_and_types(city_hall, cases, now):
    later = Scope(now() + timedelta(days=90), now() + timedelta(days=91))
    with city_hall.reading() as unit:
        assert past_cases.count(unit, later) == 0
        assert past_cases.count(unit, around(now, process="instant")) == 2
        assert past_cases.count(unit, around(now, matter_type="instant")) == 2
        assert past_cases.count(unit, around(now, process="nobody's")) == 0


def test_every_stored_decision_of_a_table_is_read_as_it_is_stored(city_hall, cases, now):
    with city_hall.reading() as unit:
        ids = past_cases.next_ids(unit, around(now), "", 10)
        rows = past_cases.decisions_between(unit, around(now), "authority", ids[0], ids[-1])
        few = past_cases.decisions_between(unit, around(now), "authority", ids[0], ids[0])
    assert [row[1] for row in rows] == sorted(row[1] for row in rows)
    assert {row[1] for row in few} == {ids[0]}
    assert all(row[4].startswith("{") and '"allowed":true' in row[5] for row in rows)
    assert decisions.recompute(city_hall).differing == ()


def test_clocks_and_ways_of_cases_are_read_whole(city_hall, cases, now):
    with city_hall.reading() as unit:
        ids = past_cases.next_ids(unit, around(now), "", 10)
        timed = list(past_cases.timed(unit, ids))
        walked = list(past_cases.walked(unit, ids))
    assert [one.case_id for one in timed] == [one.case_id for one in walked] == ids
    assert {clock.kind for one in timed for clock in one.clocks} >= {"promised", "statutory"}
    assert all(one.extended_at is None and one.stops == () for one in timed)
    assert all(one.outcome == "granted" for one in walked)
    assert all(any("decision_outcome" in step[2] for step in one.steps) for one in walked)
