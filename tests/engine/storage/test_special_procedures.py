"""Special procedures come back as they were stored, those that run apart from those that ended."""

import sqlite3
from dataclasses import replace
from datetime import date, timedelta

import psycopg
import pytest

from engine.domain.special_procedure import SpecialProcedure
from engine.kernel.errors import Missing
from engine.storage import special_procedures as rows
from tests.engine.storage.samples import EVENT, case_of, put


@pytest.fixture
def family(office):
    """Store a case and two child cases."""
    parent = case_of(office)
    with office.unit() as unit:
        put(unit, parent)
        for no in (2, 3):
            put(unit, case_of(office, no, parent_id=parent.id))
    return parent


def procedure(parent, child="case-2", **changes):
    return replace(
        SpecialProcedure(
            id=f"p-{child}",
            case_id=parent.id,
            kind="inspection",
            child_id=child,
            notice_no="P-2015-000001",
            announced_days=5,
            announced_until=date(2015, 11, 2),
            legal_basis="《食品安全法》第三十五条",
            stops_clock=True,
            clock_law="《行政许可法》第四十五条",
            row="special_procedure#special_procedure-4",
            people=("o-1", "o-2"),
            people_needed=2,
            started_at=parent.applied_at,
            started_by="o-chief",
        ),
        **changes,
    )


def store(office, act, *made):
    with office.unit() as unit:
        for one in made:
            act(unit, one)
        unit.record(EVENT)


def test_a_procedure_comes_back_whole_by_its_id_its_case_and_its_child(office, family):
    one = procedure(family)
    store(office, rows.add, one)
    with office.reading() as unit:
        assert rows.procedure(unit, one.id) == one
        assert rows.of_case(unit, family.id) == [one]
        assert rows.of_child(unit, "case-2") == one
        assert rows.of_child(unit, family.id) is None


def test_an_ended_procedure_is_kept_and_runs_no_more(office, family):
    first = procedure(family)
    second = procedure(
        family, "case-3", kind="hearing", started_at=family.applied_at + timedelta(days=1)
    )
    store(office, rows.add, second, first)
    later = replace(
        first,
        notice_no="P-2015-000002",
        announced_days=9,
        announced_until=date(2015, 11, 20),
        ended_at=family.applied_at + timedelta(days=3),
        ended_by="o-chief",
        result="done",
    )
    store(office, rows.save, later)
    with office.reading() as unit:
        assert rows.of_case(unit, family.id) == [later, second]
        assert rows.running(unit, family.id) == [second]
        assert not rows.procedure(unit, first.id).is_running


def test_a_child_case_carries_out_one_procedure(office, family):
    store(office, rows.add, procedure(family))
    with pytest.raises((sqlite3.IntegrityError, psycopg.errors.UniqueViolation)):
        store(office, rows.add, procedure(family, id="another"))


def test_a_procedure_that_is_not_there_is_unknown(office, family):
    with office.reading() as unit, pytest.raises(Missing, match=r"procedure\.unknown"):
        rows.procedure(unit, "nothing")
