"""Cases, tasks, clocks, papers and decisions come back as they were stored."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa

from engine.domain.case import CaseState, TaskState
from engine.domain.events.cases import TaskCompleted
from engine.kernel.errors import Conflict, Missing
from engine.storage import audit, cases
from engine.storage.case_rows import TASKS
from engine.storage.cases import CaseMaterial
from tests.engine.storage.samples import ANSWERS, EVENT, SEALED, case_of, load, put, task_of


@pytest.fixture
def stored(office):
    """Store one case with one task."""
    case = case_of(office)
    with office.unit() as unit:
        put(unit, case, task_of(case, office))
    return case


@dataclass(frozen=True)
class Answer:
    """A decision as a sibling room makes it."""

    table: str
    version: str
    facts: dict
    outcome: dict
    rows: tuple
    legal_basis: tuple = ("《行政许可法》第二十六条",)


def first_due(office, task_id):
    with office.reading() as unit:
        return unit.connection.execute(
            sa.select(TASKS.c.first_due).where(TASKS.c.id == task_id)
        ).scalar_one()


def test_a_case_comes_back_as_it_was_stored(office, stored):
    with office.reading() as unit:
        assert cases.case(unit, stored.id) == stored
        assert cases.case_by_no(unit, stored.case_no) == stored
        assert cases.case_by_no(unit, "nobody") is None
        assert cases.applicant(unit, stored.id) == SEALED
        assert cases.answers_of_application(unit, stored.id) == ANSWERS


@pytest.mark.parametrize(
    "ask",
    [cases.case, cases.lock, cases.applicant, cases.answers_of_application, cases.task],
    ids=lambda ask: ask.__name__,
)
def test_what_is_not_there_is_missing(office, ask):
    with office.unit() as unit, pytest.raises(Missing):
        ask(unit, "nobody")


def test_a_change_is_stored_with_the_next_revision(office, stored):
    changed = replace(
        stored,
        state=CaseState.DECIDED,
        data={"amount": Decimal("1.10")},
        process_state=None,
        outcome="granted",
        decided_at=office.now(),
        decided_by="o-chief",
        next_due=office.now() + timedelta(days=1),
    )
    with office.unit() as unit:
        saved = cases.update(unit, changed, 0)
        unit.record(EVENT)
    assert saved == replace(changed, rev=1)
    with office.reading() as unit:
        assert cases.case(unit, stored.id) == saved
        assert isinstance(cases.case(unit, stored.id).data["amount"], Decimal)


def test_a_stale_revision_changes_nothing(office, stored):
    with office.unit() as unit:
        cases.update(unit, replace(stored, outcome="granted"), 0)
        unit.record(EVENT)
    with pytest.raises(Conflict) as refused, office.unit() as unit:
        cases.update(unit, replace(stored, outcome="refused"), 0)
    assert refused.value.code == "case.changed"
    assert refused.value.params == {"case": stored.case_no}
    with office.reading() as unit:
        assert cases.case(unit, stored.id).outcome == "granted"


def test_what_was_settled_at_entry_never_changes(office, stored):
    with office.unit() as unit:
        cases.update(unit, replace(stored, matter_no=9, case_no="forged", unit_no=1), 0)
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.case(unit, stored.id) == replace(stored, rev=1)


def test_a_task_comes_back_as_it_was_stored(office, stored):
    task = task_of(stored, office)
    with office.reading() as unit:
        assert cases.task(unit, task.id) == task
        assert cases.tasks_of(unit, stored.id) == [task]
        assert cases.done_by(unit, stored.id) == []


def test_a_done_task_stays_done(office, stored):
    task = task_of(stored, office)
    done = replace(
        task,
        state=TaskState.DONE,
        holder_id="o-1",
        done_by="o-1",
        done_at=office.now(),
        answers={"decision_outcome": "grant", "opinion": "同意"},
    )
    with office.unit() as unit:
        cases.save_task(unit, replace(task, state=TaskState.CLAIMED, holder_id="o-1"))
        cases.save_task(unit, done)
        unit.record(EVENT)
    with pytest.raises(Conflict) as refused, office.unit() as unit:
        cases.save_task(unit, replace(done, done_by="o-2"))
    assert refused.value.code == "task.closed"
    with office.unit() as unit:
        cases.cancel_tasks(unit, [task.id])
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.task(unit, task.id) == done
        assert cases.done_by(unit, stored.id) == [("decide", "o-1")]


def test_a_cancelled_task_waits_for_nobody(office, stored):
    task = task_of(stored, office)
    with office.unit() as unit:
        cases.cancel_tasks(unit, (task.id, "unknown"))
        cases.cancel_tasks(unit, ())
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.task(unit, task.id).state == TaskState.CANCELLED


def test_tasks_press_by_the_first_of_their_days(office):
    case = case_of(office, promised_due=None, statutory_due=None)
    early, late, none = (
        task_of(case, office, no, due_on=due)
        for no, due in enumerate((date(2015, 10, 27), date(2015, 12, 1), None))
    )
    with office.unit() as unit:
        put(unit, case, early, late, none)
        dated = replace(case, promised_due=date(2015, 11, 5), statutory_due=date(2015, 11, 20))
        cases.update(unit, dated, 0)
    assert [first_due(office, task.id) for task in (early, late, none)] == [
        date(2015, 10, 27),
        date(2015, 11, 5),
        date(2015, 11, 5),
    ]
    with office.unit() as unit:
        locked = cases.lock(unit, case.id)
        cases.update(unit, replace(locked, promised_due=date(2015, 11, 12)), locked.rev)
        unit.record(EVENT)
    assert first_due(office, none.id) == date(2015, 11, 12)


def test_a_new_task_of_a_dated_case_presses_by_the_case_too(office, stored):
    task = task_of(stored, office, 2, due_on=None)
    with office.unit() as unit:
        cases.lock(unit, stored.id)
        cases.open_tasks(unit, [task])
        unit.record(EVENT)
    assert first_due(office, task.id) == stored.promised_due


def test_papers_come_back_by_number(office, stored):
    papers = [
        CaseMaterial(2, "章程", True, "tolerated", 1, "三日内补交"),
        CaseMaterial(1, "申请书", True, "received", 2, ""),
    ]
    with office.unit() as unit:
        cases.add_materials(unit, stored.id, papers)
        unit.record(EVENT)
    with office.reading() as unit:
        assert cases.materials_of(unit, stored.id) == papers[::-1]


def test_decisions_keep_facts_and_version(office, stored):
    made = Answer(
        "authority", "v1", {"amount": Decimal("9.50"), "同人": False}, {"allowed": True}, ("r-1",)
    )
    with office.unit() as unit:
        cases.add_decisions(unit, stored.id, [("task", made), ("task", made)])
        unit.record(EVENT)
    with office.reading() as unit:
        first, second = cases.decisions_of(unit, stored.id)
        assert cases.decision(unit, second.id) == second
        assert cases.decision(unit, "nobody") is None
    assert (first.table, first.version, first.facts) == (made.table, made.version, made.facts)
    assert (first.outcome, first.rows, first.at) == (made.outcome, made.rows, office.now())
    assert first.legal_basis == made.legal_basis


def test_cases_are_found_by_number_and_name(office):
    load(office)
    with office.unit() as unit:
        for no in range(1, 4):
            put(unit, case_of(office, no, unit_no=26 + no % 2))
        put(unit, case_of(office, 4, applicant_name="100%_公司"))
    with office.reading() as unit:

        def found(query, unit_no=None, limit=10, offset=0):
            rows, total = cases.find(unit, query, unit_no, limit, offset)
            return [row.id for row in rows], total

        assert found("task1-0002") == (["case-2"], 1)
        assert found("申请人3") == (["case-3"], 1)
        assert found("三证合一")[1] == 4
        assert found("%_公") == (["case-4"], 1)
        assert found("", 27) == (["case-3", "case-1"], 2)
        assert found("", None, 2, 1) == (["case-3", "case-2"], 4)
        assert found("没有这个") == ([], 0)


def test_decided_cases_wait_for_the_applicant_oldest_first(office):
    with office.unit() as unit:
        for no, (state, unit_no) in enumerate(
            (
                (CaseState.DECIDED, 26),
                (CaseState.DECIDED, 26),
                (CaseState.CLOSED, 26),
                (CaseState.DECIDED, 27),
            )
        ):
            decided = office.now() - timedelta(minutes=no)
            put(unit, case_of(office, no, state=state, unit_no=unit_no, decided_at=decided))
    with office.reading() as unit:
        assert [case.id for case in cases.decided_of(unit, 26)] == ["case-1", "case-0"]


def test_cases_are_woken_when_their_moment_has_come(office):
    with office.unit() as unit:
        for no, minutes in enumerate((5, -5, 0, None)):
            due = None if minutes is None else office.now() + timedelta(minutes=minutes)
            put(unit, case_of(office, no, next_due=due))
    with office.reading() as unit:
        assert cases.due_cases(unit, 10) == ["case-1", "case-2"]
        assert cases.due_cases(unit, 1) == ["case-1"]


def test_of_eight_who_complete_one_task_exactly_one_wins(office, stored):
    gate = threading.Barrier(8)
    task_id = task_of(stored, office).id

    def complete(no):
        gate.wait()
        with suppress(Conflict), office.unit() as unit:
            case = cases.lock(unit, stored.id)
            task = cases.task(unit, task_id)
            if task.state != TaskState.OFFERED:
                raise Conflict("task.done")
            who = f"o-{no}"
            done = replace(task, state=TaskState.DONE, done_by=who, done_at=unit.at)
            cases.save_task(unit, done)
            unit.record(
                TaskCompleted(case.id, task.id, task.step, None, (), None, None, (), {"by": who})
            )
            cases.update(unit, replace(case, outcome=who), case.rev)
            return who
        return None

    with ThreadPoolExecutor(8) as pool:
        (winner,) = [who for who in pool.map(complete, range(8)) if who]
    with office.reading() as unit:
        assert cases.done_by(unit, stored.id) == [("decide", winner)]
        assert (cases.case(unit, stored.id).rev, cases.case(unit, stored.id).outcome) == (1, winner)
        assert len(audit.events_of(unit, f"case:{stored.id}")) == 1
        assert audit.verify(unit).intact


def test_without_the_lock_the_revision_still_lets_only_one_win(office, stored):
    gate = threading.Barrier(8)

    def change(no):
        gate.wait()
        with suppress(Conflict), office.unit() as unit:
            unit.record(EVENT)
            return cases.update(unit, replace(stored, outcome=str(no)), 0).outcome
        return None

    with ThreadPoolExecutor(8) as pool:
        (winner,) = [outcome for outcome in pool.map(change, range(8)) if outcome]
    with office.reading() as unit:
        assert cases.case(unit, stored.id).outcome == winner


def test_a_case_is_locked_only_in_the_revision_that_was_seen(office):
    case = case_of(office)
    with office.unit() as unit:
        put(unit, case)
    with office.unit() as unit:
        assert cases.lock(unit, case.id, case.rev) == case
        with pytest.raises(Conflict, match=r"case\.changed"):
            cases.lock(unit, case.id, case.rev + 1)
