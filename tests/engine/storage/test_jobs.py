"""Jobs are claimed by one worker at a time, retried with patience and buried in the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa

from engine.storage import jobs
from engine.storage.journal import JOBS


def enqueue(office, key="1", lane="inside", minutes=0, kind="clock.watch"):
    with office.unit() as unit:
        due = unit.at + timedelta(minutes=minutes)
        unit.enqueue(kind, key, {"case_id": "案"}, due_at=due, case_id="案", lane=lane)


def row(office, key="1"):
    with office.reading() as unit:
        return unit.connection.execute(sa.select(JOBS).where(JOBS.c.key == key)).one()


def test_a_job_of_the_same_kind_and_key_is_written_once(office):
    for _ in range(2):
        enqueue(office)
        enqueue(office, kind="notice.send", lane="outside")
    with office.reading() as unit:
        assert jobs.counts(unit) == {"waiting": 2}


def test_the_job_that_is_due_longest_comes_first(office):
    for key, minutes in (("late", 5), ("second", -1), ("first", -9), ("outside", -20)):
        enqueue(office, key, "outside" if key == "outside" else "inside", minutes)
    claimed = []
    for _ in range(3):
        with office.unit() as unit:
            job = jobs.claim(unit)
            if job is not None:
                claimed.append(job.key)
                jobs.finish(unit, job)
    assert claimed == ["first", "second"]
    done = row(office, "first")
    assert (done.state, done.attempts, done.closed_at) == ("done", 1, office.now())
    office.now.advance(minutes=5)
    with office.unit() as unit:
        assert jobs.claim(unit).key == "late"


def test_a_claimed_job_carries_what_was_asked(office):
    enqueue(office)
    with office.unit() as unit:
        job = jobs.claim(unit)
    assert (job.kind, job.key, job.payload, job.case_id) == (
        "clock.watch",
        "1",
        {"case_id": "案"},
        "案",
    )
    with office.unit() as unit:
        assert jobs.claim(unit) == job  # the unit ended without closing it


@pytest.mark.postgres
def test_two_workers_at_the_same_moment_get_two_jobs(postgresql_office):
    office = postgresql_office
    enqueue(office, "1")
    enqueue(office, "2")
    with office.unit() as one, office.unit() as other:
        assert {jobs.claim(one).key, jobs.claim(other).key} == {"1", "2"}
        with office.unit() as third:
            assert jobs.claim(third) is None


def test_a_failed_job_rests_longer_each_time_and_is_buried_in_the_end(office):
    enqueue(office)
    rests = []
    for attempt in range(1, jobs.MOST_ATTEMPTS + 1):
        with office.unit() as unit:
            job = jobs.claim(unit)
            assert job.attempts == attempt - 1
            again = jobs.retry(unit, job, "calendar.empty")
        assert again == (attempt < jobs.MOST_ATTEMPTS)
        rest = row(office).due_at - office.now()
        rests.append(rest)
        office.now.advance(seconds=rest.total_seconds())
    assert timedelta(seconds=5) <= rests[0] <= timedelta(seconds=6.25)
    assert rests[:-1] == sorted(rests[:-1])
    assert max(rests) <= timedelta(hours=1.25)
    buried = row(office)
    assert (buried.state, buried.last_error) == ("buried", "calendar.empty")
    with office.unit() as unit:
        assert jobs.claim(unit) is None
        assert jobs.counts(unit) == {"buried": 1}


def test_many_failed_jobs_do_not_come_back_at_one_moment():
    assert len({jobs.pause(f"case:{no}", 3) for no in range(50)}) > 20


def test_a_lease_keeps_other_workers_away_until_it_runs_out(office):
    enqueue(office, lane="outside")
    with office.unit() as unit:
        first = jobs.lease(unit, "one")
        assert first.attempts == 1
    with office.unit() as unit:
        assert jobs.lease(unit, "two") is None
    office.now.advance(seconds=jobs.LEASE.total_seconds() + 1)
    with office.unit() as unit:
        second = jobs.lease(unit, "two")
        assert (second.id, second.attempts) == (first.id, 2)
    with office.unit() as unit:
        assert not jobs.finish_leased(unit, first)
        assert jobs.retry(unit, first, "late")
    assert (row(office).state, row(office).leased_by) == ("leased", "two")
    with office.unit() as unit:
        assert jobs.finish_leased(unit, second)
        assert not jobs.finish_leased(unit, second)
    assert row(office).state == "done"


def test_a_job_that_kills_its_workers_is_buried(office):
    enqueue(office, lane="outside")
    enqueue(office, "2", lane="outside", minutes=1)
    for _ in range(jobs.MOST_ATTEMPTS):
        with office.unit() as unit:
            assert jobs.lease(unit, "w").key == "1"
        office.now.advance(seconds=jobs.LEASE.total_seconds() + 1)
    with office.unit() as unit:
        assert jobs.lease(unit, "w").key == "2"
    assert (row(office).state, row(office).last_error) == ("buried", "job.lost")


def test_the_first_figure_of_the_system_is_the_age_of_the_oldest_due_job(office):
    with office.reading() as unit:
        assert jobs.oldest_due(unit, "inside") is None
    enqueue(office, "1", minutes=3)
    with office.reading() as unit:
        assert jobs.oldest_due(unit, "inside") is None
    office.now.advance(minutes=10)
    with office.reading() as unit:
        assert office.now() - jobs.oldest_due(unit, "inside") == timedelta(minutes=7)
        assert jobs.oldest_due(unit, "outside") is None


def test_claiming_reads_the_index_only(sqlite_office):
    seen = []

    def note(_connection, _cursor, statement, parameters, *_):
        if "FROM jobs" in statement:
            seen.append((statement, parameters))

    sa.event.listen(sqlite_office.store._writer, "before_cursor_execute", note)
    with sqlite_office.unit() as unit:
        jobs.claim(unit)
        jobs.lease(unit, "w")
        jobs.oldest_due(unit, "inside")
    sa.event.remove(sqlite_office.store._writer, "before_cursor_execute", note)
    with sqlite_office.reading() as unit:
        for statement, parameters in seen:
            plan = unit.connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)
            details = " ".join(line[3] for line in plan)
            assert "ix_jobs_open" in details, details


def test_many_threads_do_each_job_once(office):
    for no in range(40):
        enqueue(office, str(no))

    def work(_):
        mine = []
        while True:
            with office.unit() as unit:
                job = jobs.claim(unit)
                if job is None:
                    return mine
                jobs.finish(unit, job)
                mine.append(job.key)

    with ThreadPoolExecutor(4) as pool:
        done = [key for keys in pool.map(work, range(4)) for key in keys]
    assert sorted(done, key=int) == [str(no) for no in range(40)]
