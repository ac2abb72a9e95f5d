"""The inbox shows what waits for whom, and stays quick when much waits."""

import time
from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from engine.domain.authority import StandIn
from engine.domain.case import TaskState
from engine.storage import authority, cases, inbox
from engine.storage.case_rows import CASES, TASKS
from tests.engine.storage.samples import (
    EVENT,
    add_official,
    case_of,
    load,
    official,
    put,
    task_of,
)

TODAY, SOON = date(2015, 10, 26), date(2015, 10, 27)


def page(office, who, tab, query="", limit=50, offset=0):
    """Return the task ids of one page and the total."""
    with office.reading() as unit:
        rows = inbox.page(
            unit, who, tab=tab, query=query, limit=limit, offset=offset, today=TODAY, soon=SOON
        )
        total = inbox.found(unit, who, tab=tab, query=query, today=TODAY, soon=SOON)
    return [row.task_id for row in rows], total


def counts(office, who):
    with office.reading() as unit:
        return dict(inbox.counts(unit, who, today=TODAY, soon=SOON))


@pytest.fixture
def clerk(office):
    load(office)
    return add_official(office, post="clerk")


def add(office, no, due, *, state=TaskState.OFFERED, holder=None, **changes):
    """Store a case with one task that is due on a day."""
    case = case_of(office, no, promised_due=due, statutory_due=None)
    task = task_of(case, office, state=state, holder_id=holder, due_on=None, **changes)
    with office.unit() as unit:
        put(unit, case, task)
    return task.id


def test_offered_to_a_post_of_a_unit_the_most_pressing_first(office, clerk):
    later = add(office, 1, date(2015, 11, 9))
    sooner = add(office, 2, date(2015, 10, 30))
    add(office, 3, SOON, roles=("head",))
    add(office, 4, SOON, unit_no=27)
    add(office, 5, SOON, state=TaskState.CLAIMED, holder="somebody")
    assert page(office, clerk, "offered") == ([sooner, later], 2)
    assert page(office, clerk, "mine") == ([], 0)


def test_a_post_is_a_whole_word(office, clerk):
    add(office, 1, SOON, roles=("hall_manager",))
    assert page(office, official(post="hall"), "offered") == ([], 0)
    assert page(office, official(post="hallXmanager"), "offered") == ([], 0)
    assert page(office, official(post="hall_manager"), "offered")[1] == 1


def test_a_stand_in_is_offered_what_waits_for_those_who_are_away_while_they_are(office, clerk):
    deputy = add_official(office, post="stand_in")
    wanted = {
        add(office, 1, SOON, roles=("chief", "stand_in")),
        add(office, 2, SOON, roles=("clerk",)),
    }
    add(office, 3, SOON, roles=("head",))
    assert page(office, deputy, "offered") == ([], 0)
    away = StandIn(deputy.id, clerk.id, TODAY, SOON, "出差")
    with office.unit() as unit:
        authority.add_stand_in(unit, away)
        unit.record(EVENT)
    assert (set(page(office, deputy, "offered")[0]), counts(office, deputy)["offered"]) == (
        wanted,
        2,
    )
    with office.unit() as unit:
        authority.end_stand_in(unit, away, TODAY - timedelta(days=1))
        unit.record(EVENT)
    assert page(office, deputy, "offered") == ([], 0)


def test_soon_and_overdue_hold_what_is_mine_and_what_is_offered(office, clerk):
    mine_late = add(office, 1, TODAY - timedelta(days=3), state=TaskState.CLAIMED, holder=clerk.id)
    free_late = add(office, 2, TODAY - timedelta(days=4))
    mine_today = add(office, 3, TODAY, state=TaskState.CLAIMED, holder=clerk.id)
    free_soon = add(office, 4, SOON)
    add(office, 5, SOON + timedelta(days=1))
    assert page(office, clerk, "overdue") == ([free_late, mine_late], 2)
    assert page(office, clerk, "soon") == ([mine_today, free_soon], 2)
    assert page(office, clerk, "mine") == ([mine_late, mine_today], 2)
    assert page(office, clerk, "today") == ([mine_today], 1)
    assert counts(office, clerk) == {
        "mine": 2,
        "offered": 3,
        "today": 1,
        "soon": 2,
        "overdue": 2,
        "done": 0,
    }


def test_done_shows_the_latest_first(office, clerk):
    moments = [office.now() + timedelta(minutes=no) for no in range(3)]
    done = [
        add(office, no, SOON, state=TaskState.DONE, done_by=clerk.id, done_at=moment)
        for no, moment in enumerate(moments)
    ]
    add(office, 9, SOON, state=TaskState.DONE, done_by="o-2", done_at=moments[0])
    assert page(office, clerk, "done") == (done[::-1], 3)
    assert page(office, clerk, "done", limit=1, offset=1) == ([done[1]], 3)
    assert counts(office, clerk)["done"] == 3


def test_a_row_says_what_its_line_needs(office, clerk):
    task_id = add(office, 1, SOON, state=TaskState.CLAIMED, holder=clerk.id)
    with office.reading() as unit:
        (row,) = inbox.page(
            unit, clerk, tab="mine", query="", limit=1, offset=0, today=TODAY, soon=SOON
        )
    assert row == inbox.InboxRow(
        task_id=task_id,
        case_id="case-1",
        case_no="TASK1-0001",
        matter_no=1,
        matter_name="企业设立登记(三证合一)",
        matter_type="fast",
        applicant_name="申请人1",
        step_name="办理决定",
        promised_due=SOON,
        statutory_due=None,
        due_on=None,
        provisional=False,
        holder_name=clerk.name,
        urgent=False,
    )


@pytest.mark.parametrize("query", ["task1-0002", "申请人2"])
def test_a_query_narrows_a_tab(office, clerk, query):
    add(office, 1, SOON)
    wanted = add(office, 2, SOON)
    assert page(office, clerk, "offered", query) == ([wanted], 1)
    assert page(office, clerk, "offered", "%") == ([], 0)
    assert page(office, clerk, "offered", "三证合一")[1] == 2


def urgent(office, no, due, **changes):
    """Store an urgent case with one task; `ended` closes the case itself."""
    ended = {"decided_at": office.now()} if changes.pop("ended", False) else {}
    case = case_of(office, no, promised_due=due, statutory_due=None, **ended)
    case = replace(case, urgent_at=office.now())
    task = task_of(case, office, due_on=None, **changes)
    with office.unit() as unit:
        put(unit, case, task)
    return task.id


def test_tasks_of_urgent_cases_stand_before_all_others_on_every_page(office, clerk):
    first = add(office, 1, SOON)
    second = add(office, 2, date(2015, 10, 28))
    late = urgent(office, 3, date(2015, 11, 9))
    later = urgent(office, 4, date(2015, 11, 20))
    after = urgent(office, 5, date(2015, 11, 2), ended=True)
    order = [late, later, first, second, after]
    assert page(office, clerk, "offered") == (order, 5)
    for size in (1, 2, 3):
        pages = [
            page(office, clerk, "offered", limit=size, offset=offset)[0]
            for offset in range(0, 5, size)
        ]
        assert [task_id for one in pages for task_id in one] == order
    assert page(office, clerk, "offered", limit=2, offset=1)[0] == [later, first]


def test_the_most_pressing_task_is_the_first_of_mine(office, clerk):
    def most_pressing():
        with office.reading() as unit:
            return inbox.most_pressing(unit, clerk)

    add(office, 1, SOON)
    assert most_pressing() is None
    claimed = TaskState.CLAIMED
    add(office, 2, date(2015, 10, 30), state=claimed, holder=clerk.id)
    pressing = add(office, 3, SOON, state=claimed, holder=clerk.id)
    assert most_pressing() == pressing
    late = urgent(office, 4, date(2015, 11, 9), state=claimed, holder_id=clerk.id)
    assert most_pressing() == late


def test_an_urgent_case_is_not_soon_before_its_time(office, clerk):
    soon = add(office, 1, SOON)
    urgent(office, 2, date(2015, 11, 9))
    assert page(office, clerk, "soon") == ([soon], 1)


def test_an_unknown_tab_is_empty(office, clerk):
    add(office, 1, SOON)
    assert page(office, clerk, "forged") == ([], 0)


def test_pages_follow_each_other_without_gap_or_repetition(office, clerk):
    ids = [add(office, no, SOON) for no in range(7)]
    found = []
    for offset in (0, 3, 6, 9):
        rows, total = page(office, clerk, "soon", limit=3, offset=offset)
        assert total == 7
        found += rows
    assert found == ids


def test_ten_thousand_waiting_tasks_stay_quick(office, clerk):
    fill(office, 10_000)
    for tab in ("offered", "overdue"):  # warm
        page(office, clerk, tab)
    begun = time.process_time()
    rows, total = page(office, clerk, "offered")
    assert counts(office, clerk)["offered"] == total == 10_000
    spent = time.process_time() - begun
    assert len(rows) == 50
    assert spent < 0.25, f"a page of the inbox took {spent:.3f} s of CPU"


def fill(office, number):
    """Store many cases with one offered task each, without going through the queries."""
    case = case_of(office)
    with office.unit() as unit:
        put(unit, case, task_of(case, office))
        (case_row,) = unit.connection.execute(sa.select(CASES)).mappings()
        (task_row,) = unit.connection.execute(sa.select(TASKS)).mappings()
        copies = range(2, number + 1)
        unit.connection.execute(
            CASES.insert(), [{**case_row, "id": f"c{no}", "case_no": f"n{no}"} for no in copies]
        )
        unit.connection.execute(
            TASKS.insert(), [{**task_row, "id": f"t{no}", "case_id": f"c{no}"} for no in copies]
        )
        unit.record(EVENT)


@pytest.mark.parametrize("tab", ["mine", "offered", "today", "soon", "overdue", "done"])
def test_every_tab_is_answered_from_its_index(sqlite_office, tab):
    office, clerk = sqlite_office, official()
    fill(office, 50)
    seen = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "FROM tasks" in statement and "JOIN" not in statement:
            seen.append((statement, parameters))

    sa.event.listen(office.store._reader, "before_cursor_execute", note)
    page(office, clerk, tab)
    counts(office, clerk)
    sa.event.remove(office.store._reader, "before_cursor_execute", note)
    assert seen
    with office.reading() as unit:
        for statement, parameters in seen:
            plan = unit.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
            details = " ".join(row[3] for row in plan)
            # The few urgent cases that are open have an index of their own, read as a whole.
            details = details.replace("SCAN cases USING INDEX ix_cases_urgent_at", "")
            assert "SCAN" not in details, details
            assert "TEMP B-TREE" not in details, details


def test_a_claim_moves_the_task_from_offered_to_mine(office, clerk):
    task_id = add(office, 1, SOON)
    with office.unit() as unit:
        task = cases.task(unit, task_id)
        cases.save_task(unit, replace(task, state=TaskState.CLAIMED, holder_id=clerk.id))
        unit.record(EVENT)
    assert page(office, clerk, "offered") == ([], 0)
    assert page(office, clerk, "mine") == ([task_id], 1)
