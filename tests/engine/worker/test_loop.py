"""The worker does each job once, survives its own death, and leaves nothing half done."""

import logging
import random
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from engine.domain.events.people import SignedIn
from engine.kernel.crypto import Vault
from engine.kernel.errors import Conflict, Unavailable
from engine.services.hall import Hall
from engine.storage import audit, jobs
from engine.storage.blobs import Blobs
from engine.storage.journal import EVENTS, JOBS
from engine.storage.serials import SERIALS, next_serial
from engine.worker import loop
from engine.worker.loop import Handlers, run, run_once
from tests.engine.worker.victim import INSIDE, OUTSIDE

ROOT = Path(__file__).parents[3]
JOBS_EACH, KILLS, WORKERS, PATIENCE = 120, 6, 3, 90


@pytest.fixture
def small_hall(office, tmp_path):
    """Return a hall without catalogue and people on the frozen clock."""
    return Hall(
        store=office.store,
        now=office.now,
        ids=office.ids,
        vault=Vault({"k1": b"0" * 32}, "k1"),
        blobs=Blobs(tmp_path / "files"),
    )


def enqueue(hall, kind, key, lane="inside"):
    with hall.unit() as unit:
        unit.enqueue(kind, key, {"n": key}, lane=lane)


def state(hall, key="1"):
    with hall.reading() as unit:
        return unit.connection.execute(
            sa.select(JOBS.c.state, JOBS.c.attempts, JOBS.c.last_error).where(JOBS.c.key == key)
        ).one()


def count(hall, table):
    with hall.reading() as unit:
        return unit.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def write(_hall, unit, job):
    """Do what an inside job does: change rows, write history, ask for the next job."""
    next_serial(unit, job.key)
    unit.record(SignedIn(account=job.key))
    unit.enqueue("follow.up", job.key, {})


def test_nothing_to_do_is_nothing_done(small_hall):
    assert run_once(small_hall, Handlers({}, {})) == 0


def test_an_inside_job_commits_with_its_effect(small_hall):
    enqueue(small_hall, "write", "1")
    assert run_once(small_hall, Handlers({"write": write}, {})) == 1
    with small_hall.reading() as unit:
        assert jobs.counts(unit) == {"done": 1, "waiting": 1}
    assert [count(small_hall, table) for table in (SERIALS, EVENTS, JOBS)] == [1, 1, 2]


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (Conflict("case.changed", case="雁政-1"), "case.changed"),
        (Unavailable("calendar.empty"), "calendar.empty"),
        (KeyError("身份证号"), "KeyError"),
    ],
    ids=["a rule says no", "a part is missing", "a fault of ours"],
)
def test_a_failed_inside_job_leaves_no_trace_but_its_code(small_hall, error, said, caplog):
    def fail(hall, unit, job):
        write(hall, unit, job)
        raise error

    enqueue(small_hall, "fail", "1")
    assert run_once(small_hall, Handlers({"fail": fail}, {})) == 1
    assert state(small_hall) == ("waiting", 1, said)
    assert [count(small_hall, table) for table in (SERIALS, EVENTS, JOBS)] == [0, 0, 1]
    assert "身份证号" not in caplog.text
    assert run_once(small_hall, Handlers({"fail": fail}, {})) == 0  # it rests first
    small_hall.now.advance(seconds=10)
    assert run_once(small_hall, Handlers({"fail": write}, {})) == 1


def test_a_job_whose_statement_failed_is_put_back_too(small_hall):
    def fail(_hall, unit, _job):
        unit.answer("key", 1)
        unit.answer("key", 2)

    enqueue(small_hall, "fail", "1")
    assert run_once(small_hall, Handlers({"fail": fail}, {})) == 1
    assert state(small_hall)[:2] == ("waiting", 1)
    assert state(small_hall)[2] in {"IntegrityError", "UniqueViolation"}


def test_a_job_fails_for_good_after_its_last_attempt(small_hall, caplog):
    def fail(_hall, _unit, _job):
        raise Conflict("case.changed")

    enqueue(small_hall, "fail", "1")
    for _ in range(jobs.MOST_ATTEMPTS):
        assert run_once(small_hall, Handlers({"fail": fail}, {})) == 1
        small_hall.now.advance(hours=2)
    assert run_once(small_hall, Handlers({"fail": fail}, {})) == 0
    assert state(small_hall)[0] == "buried"
    assert "for good" in caplog.text


@pytest.mark.parametrize("lane", ["inside", "outside"])
def test_a_kind_that_nobody_knows_is_buried_and_not_dropped(small_hall, lane):
    enqueue(small_hall, "mystery", "1", lane)
    assert run_once(small_hall, Handlers({}, {})) == 1
    assert state(small_hall) == ("buried", 1, "job.unknown_kind")


def test_an_outside_job_acts_between_two_commits(small_hall):
    seen = []

    def act(hall, job):
        with hall.reading() as unit:
            leased = unit.connection.execute(sa.select(JOBS.c.state)).scalar_one()
        seen.append((job.key, leased))

    enqueue(small_hall, "send", "1", "outside")
    assert run_once(small_hall, Handlers({}, {"send": act})) == 1
    assert seen == [("1", "leased")]
    assert state(small_hall) == ("done", 1, None)


def test_a_failed_outside_job_is_put_back(small_hall):
    def fail(_hall, _job):
        raise ConnectionError("13900000000")

    enqueue(small_hall, "send", "1", "outside")
    run_once(small_hall, Handlers({}, {"send": fail}))
    assert state(small_hall) == ("waiting", 1, "ConnectionError")


def test_a_lease_that_ran_out_is_not_closed_twice(small_hall, caplog):
    def slow(hall, job):
        hall.now.advance(minutes=5)
        with hall.unit() as unit:
            assert jobs.lease(unit, "other").attempts == 2

    enqueue(small_hall, "send", "1", "outside")
    run_once(small_hall, Handlers({}, {"send": slow}))
    assert state(small_hall)[0] == "leased"
    assert "lease ran out" in caplog.text


def test_a_database_that_is_gone_is_not_the_job_s_fault(small_hall):
    def gone(_hall, _unit, _job):
        raise Unavailable("storage.gone")

    enqueue(small_hall, "write", "1")
    with pytest.raises(Unavailable):
        run_once(small_hall, Handlers({"write": gone}, {}))
    assert state(small_hall) == ("waiting", 0, None)


def test_the_loop_waits_for_a_database_and_then_goes_on(small_hall, monkeypatch, caplog):
    stop, asked = threading.Event(), []
    monkeypatch.setattr(loop, "IDLE_SECONDS", 0.001)

    def answer(_hall, _handlers):
        asked.append(1)
        if len(asked) < 4:
            raise Unavailable("storage.gone")
        stop.set()
        return 1

    monkeypatch.setattr(loop, "run_once", answer)
    with caplog.at_level(logging.WARNING):
        run(small_hall, Handlers({}, {}), stop)
    assert len(asked) == 4
    assert caplog.text.count("storage.gone") == 3


def test_workers_killed_amid_their_jobs_lose_and_double_nothing(
    office, small_hall, tmp_path, database_url
):
    world = tmp_path / "world.sqlite"
    with closing(sqlite3.connect(world)) as outer:
        outer.execute("PRAGMA journal_mode=WAL")
        outer.execute("CREATE TABLE asked (key TEXT)")
        outer.execute("CREATE TABLE sent (key TEXT PRIMARY KEY)")
    with small_hall.unit() as unit:
        for no in range(JOBS_EACH):
            unit.enqueue(INSIDE, str(no), {})
            unit.enqueue(OUTSIDE, str(no), {}, lane="outside")
    workers = [start(database_url, world) for _ in range(WORKERS)]
    rng, kills, end = random.Random(7), 0, time.monotonic() + PATIENCE  # noqa: S311  # who is shot
    try:
        while (left := open_jobs(small_hall)) and time.monotonic() < end:
            # One dies whenever a share of the jobs is done, so each dies amid its work.
            if 2 * JOBS_EACH - left >= (kills + 1) * 2 * JOBS_EACH // (KILLS + 2):
                place = rng.randrange(WORKERS)
                workers[place].kill()
                workers[place].wait()
                workers[place] = start(database_url, world)
                kills += 1
            time.sleep(0.02)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait()
    assert kills >= KILLS
    with small_hall.reading() as unit:
        assert jobs.counts(unit) == {"done": 2 * JOBS_EACH}
        values = unit.connection.execute(sa.select(SERIALS.c.value)).scalars().all()
        assert values == [1] * JOBS_EACH
        report = audit.verify(unit)
    assert (report.intact, report.events) == (True, JOBS_EACH)
    with closing(sqlite3.connect(world)) as outer:
        (sent,) = outer.execute("SELECT count(*) FROM sent").fetchone()
    assert sent == JOBS_EACH


def start(url, world):
    command = [sys.executable, "-m", "tests.engine.worker.victim", url, str(world)]
    return subprocess.Popen(command, cwd=ROOT)  # noqa: S603  # our own module


def open_jobs(hall):
    with hall.reading() as unit:
        found = jobs.counts(unit)
    return found.get("waiting", 0) + found.get("leased", 0)
