"""Clocks run until they are closed; what stopped them, and what is open, comes back in batches."""

from dataclasses import fields, replace
from datetime import date

import pytest

from engine.domain.case import CaseState
from engine.domain.clocks import Stop
from engine.domain.working_time import Due
from engine.storage import cases, clocks
from engine.storage.clocks import STOPS, CaseDues
from tests.engine.storage import samples
from tests.engine.storage.samples import EVENT

DAY, LATER = date(2015, 10, 27), date(2016, 1, 5)


def stop(case_id="case-1", name="s1", **changes):
    return replace(
        Stop(name, case_id, "inspection", DAY, date(2015, 10, 30), "第四十五条", "p1"), **changes
    )


@pytest.fixture
def stored(office):
    """Two cases with a promised and a statutory clock each, and an open task."""
    with office.unit() as unit:
        for no in (1, 2):
            case = samples.case_of(office, no=no)
            samples.put(unit, case, samples.task_of(case, office, limit_days=1))
            clocks.add(unit, case.id, "promised", date(2015, 10, 26), 1, Due(DAY, False))
            clocks.add(unit, case.id, "statutory", date(2015, 10, 26), 300, Due(LATER, True))
    return office


def test_the_columns_of_stops_are_its_fields():
    assert [column.name for column in STOPS.c] == [field.name for field in fields(Stop)]


def test_clocks_run_until_they_are_closed(stored):
    with stored.reading() as unit:
        promised, statutory = clocks.clocks_of(unit, "case-1")
    assert (promised.kind, promised.due_on, promised.closed_at) == ("promised", DAY, None)
    assert (statutory.limit_days, statutory.provisional) == (300, True)
    stored.now.advance(days=1)
    with stored.unit() as unit:
        clocks.close(unit, "case-1", {"promised"})
        assert [one.kind for one in clocks.running(unit, "case-1")] == ["statutory"]
        unit.record(EVENT)
    closed = stored.now()
    stored.now.advance(days=1)
    with stored.unit() as unit:
        clocks.close(unit, "case-1")
        unit.record(EVENT)
    with stored.reading() as unit:
        promised, statutory = clocks.clocks_of(unit, "case-1")
        assert len(clocks.running(unit, "case-2")) == 2
    assert promised.closed_at == closed < statutory.closed_at


def test_due_day_and_extension_are_stored(stored):
    with stored.unit() as unit:
        known = clocks.running(unit, "case-1")
        moved = [replace(one, due_on=LATER, provisional=True, extended_days=10) for one in known]
        clocks.save(unit, moved)
        unit.record(EVENT)
    with stored.reading() as unit:
        assert clocks.running(unit, "case-1") == moved
        assert clocks.running(unit, "case-2")[0].due_on == DAY


def test_a_stop_is_open_until_it_ends(stored):
    with stored.unit() as unit:
        clocks.add_stop(unit, stop())
        clocks.save_stop(unit, stop(announced_until=LATER))
        unit.record(EVENT)
    with stored.reading() as unit:
        assert clocks.stops_of(unit, "case-1") == [stop(announced_until=LATER)]
        assert clocks.stops_by_case(unit, ["case-1", "case-2"]) == {
            "case-1": [stop(announced_until=LATER)]
        }


@pytest.mark.parametrize(
    ("changes", "state", "day", "found"),
    [
        ({}, CaseState.ACCEPTED, date(2015, 10, 30), []),
        ({}, CaseState.ACCEPTED, date(2015, 10, 31), ["case-1"]),
        ({"ended_on": date(2015, 11, 2)}, CaseState.ACCEPTED, date(2015, 10, 31), []),
        ({}, CaseState.DECIDED, date(2015, 10, 31), []),
    ],
    ids=["the announced day itself", "the day after", "ended", "decided meanwhile"],
)
def test_a_stop_longer_than_announced_is_found_while_the_case_is_under_way(
    stored, changes, state, day, found
):
    with stored.unit() as unit:
        clocks.add_stop(unit, stop(**changes))
        case = cases.lock(unit, "case-1")
        cases.update(unit, replace(case, state=state), case.rev)
        unit.record(EVENT)
        assert [row[0] for row in unit.connection.execute(clocks.overrun(day))] == found


def test_a_moved_task_presses_anew_when_its_case_is_stored(stored):
    with stored.unit() as unit:
        case = cases.lock(unit, "case-1")
        (task,) = cases.tasks_of(unit, case.id)
        clocks.move_tasks(unit, [replace(task, due_on=LATER)])
        cases.update(unit, case, case.rev)
        unit.record(EVENT)
    with stored.reading() as unit:
        found = unit.connection.exec_driver_sql(
            "SELECT due_on, first_due FROM tasks WHERE case_id = 'case-1'"
        ).one()
    assert tuple(map(str, found)) == (str(LATER), str(case.promised_due))


def test_batches_go_by_the_id_of_the_case_and_leave_out_what_is_closed(stored):
    with stored.unit() as unit:
        clocks.add_stop(unit, stop("case-2"))
        clocks.close(unit, "case-1", {"promised"})
        unit.record(EVENT)
        first = clocks.open_batch(unit, "", 1)
        second = clocks.open_batch(unit, first[-1].case_id, 5)
        assert clocks.open_batch(unit, second[-1].case_id, 5) == []
    assert [(one.case_id, len(one.clocks), len(one.stops)) for one in (*first, *second)] == [
        ("case-1", 1, 0),
        ("case-2", 2, 1),
    ]


def test_dues_that_have_no_clock_stay(stored):
    with stored.unit() as unit:
        before = cases.lock(unit, "case-1")
        clocks.save_dues(unit, [CaseDues("case-1", LATER, None, True)])
        unit.record(EVENT)
    with stored.reading() as unit:
        after = cases.case(unit, "case-1")
    assert (after.promised_due, after.statutory_due) == (LATER, before.statutory_due)
    assert (after.provisional, after.rev) == (True, before.rev)


def test_only_tasks_with_a_limit_of_their_own_follow(stored):
    with stored.unit() as unit:
        case = samples.case_of(stored, no=3)
        samples.put(unit, case, samples.task_of(case, stored))
        found = clocks.limited_tasks(unit, ["case-1", "case-3"])
    assert [task.id for task in found["case-1"]] == ["case-1-task-1"]
    assert "case-3" not in found


@pytest.mark.parametrize(
    ("day", "limit", "found"),
    [
        (date(2015, 10, 26), 9, []),
        (DAY, 9, ["promised", "promised"]),
        (LATER, 3, ["promised", "promised", "statutory"]),
    ],
    ids=["before", "on the day", "the list is no longer than asked"],
)
def test_what_is_due_by_a_day_comes_with_the_most_pressing_first(stored, day, limit, found):
    with stored.reading() as unit:
        assert [clock.kind for _, clock in clocks.due_by(unit, day, limit)] == found
