"""A unit of work commits whole or not at all, and says in the house's words what went wrong."""

import os
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from engine.domain.events.configuration import CatalogueLoaded
from engine.domain.events.people import SignedIn
from engine.domain.people import SYSTEM
from engine.kernel.errors import Conflict, HallError, Invalid, Unavailable
from engine.kernel.ids import counted_ids
from engine.storage import audit, connect, jobs, publishing
from engine.storage.journal import EVENTS, JOBS, REQUESTS
from engine.storage.serials import SERIALS, next_serial
from engine.storage.unit import Store

# A key that is taken already, told by either driver.
TWIN = (sqlite3.IntegrityError, psycopg.IntegrityError)
EVENT = CatalogueLoaded(counts={})


def refusal(begin, act):
    """Return the code with which a unit is refused in which `act` is done."""
    with pytest.raises(HallError) as refused, begin() as unit:
        act(unit)
    return refused.value.code


def serial(office, name="n"):
    """Read a series without taking a number of it."""
    with office.reading() as unit:
        found = unit.connection.execute(sa.select(SERIALS.c.value).where(SERIALS.c.name == name))
        return found.scalar_one_or_none() or 0


def count(office, table):
    with office.reading() as unit:
        return unit.connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_unit_commits_rows_events_and_jobs_together(office):
    with office.unit() as unit:
        next_serial(unit, "n")
        unit.record(EVENT)
        unit.enqueue("notice.send", "1", {"case_id": "c"})
        unit.answer("key", {"id": 1})
    assert serial(office) == 1
    assert [count(office, table) for table in (EVENTS, JOBS, REQUESTS)] == [1, 1, 1]


def test_an_error_in_a_unit_leaves_nothing_behind(office):
    def act(unit):
        next_serial(unit, "n")
        unit.record(EVENT)
        unit.enqueue("notice.send", "1", {})
        unit.answer("key", 1)
        raise Conflict("case.changed", case="x")

    assert refusal(office.unit, act) == "case.changed"
    assert serial(office) == 0
    assert [count(office, table) for table in (EVENTS, JOBS, REQUESTS)] == [0, 0, 0]


def test_the_moment_of_a_unit_stands_still(office):
    with office.unit() as unit:
        begun = unit.at
        office.now.advance(minutes=5)
        assert unit.at == begun


def test_rows_changed_without_an_event_fail_in_debug(office):
    with pytest.raises(AssertionError, match="definitions"), office.unit() as unit:
        publishing.publish(unit, "table", "authority", "v1", b"<x/>", unit.at.date())
    assert count(office, publishing.DEFINITIONS) == 0


def test_bookkeeping_needs_no_event(office):
    with office.unit() as unit:
        next_serial(unit, "n")
        unit.enqueue("notice.send", "1", {})
        unit.answer("key", 1)
    assert serial(office) == 1


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(lambda unit: unit.record(EVENT), id="an event"),
        pytest.param(lambda unit: unit.enqueue("notice.send", "1", {}), id="a job"),
        pytest.param(lambda unit: next_serial(unit, "n"), id="a row"),
        pytest.param(lambda unit: unit.answer("key", 1), id="an answer"),
    ],
)
def test_a_reading_unit_cannot_write(office, act):
    with pytest.raises(AssertionError, match="writes nothing"), office.reading() as unit:
        act(unit)
    assert serial(office) == 0
    assert count(office, REQUESTS) == 0


def test_a_repeated_request_gets_the_first_answer(office):
    with office.unit() as unit:
        assert unit.once("key") is None
        unit.answer("key", {"case": "42", "名": "林"})
    with office.unit() as unit:
        assert unit.once("key") == {"case": "42", "名": "林"}
        assert unit.once(None) is None
        unit.answer(None, 1)
    assert count(office, REQUESTS) == 1


def test_twin_requests_at_the_same_moment_are_carried_out_once(office):
    gate = threading.Barrier(6)

    def ask(_):
        gate.wait()
        with office.unit() as unit:
            known = unit.once("key")
            if known is not None:
                return known
            number = next_serial(unit, "n")
            time.sleep(0.01)
            unit.answer("key", number)
            return number

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(ask, range(6))) == {1}
    assert serial(office) == 1


def test_eight_threads_lose_no_change(office):
    def act(_):
        for _ in range(10):
            with office.unit() as unit:
                next_serial(unit, "n")
                unit.record(EVENT)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(8)))
    assert serial(office) == 80
    with office.reading() as unit:
        report = audit.verify(unit)
    assert (report.intact, report.events, report.chains) == (True, 80, 1)


def test_a_savepoint_takes_back_rows_events_and_jobs_of_its_block(office):
    with office.unit() as unit:
        next_serial(unit, "kept")
        unit.record(EVENT)
        with suppress(Conflict), unit.savepoint():
            next_serial(unit, "n")
            unit.record(EVENT)
            unit.enqueue("notice.send", "1", {})
            raise Conflict("case.changed", case="x")
    assert (serial(office, "kept"), serial(office)) == (1, 0)
    assert [count(office, table) for table in (EVENTS, JOBS)] == [1, 0]


def test_a_savepoint_heals_a_failed_statement(office):
    with office.unit() as unit:
        unit.answer("key", 1)
        with pytest.raises(TWIN), unit.savepoint():
            unit.answer("key", 2)
        next_serial(unit, "n")
    assert serial(office) == 1
    with office.unit() as unit:
        assert unit.once("key") == 1


def test_a_swallowed_failure_is_not_committed_in_silence(office):
    def act(unit):
        next_serial(unit, "n")
        unit.answer("key", 1)
        with suppress(*TWIN):
            unit.answer("key", 1)

    assert refusal(office.unit, act) == "storage.unit_failed"
    assert serial(office) == 0


@pytest.mark.postgres
def test_a_failure_below_sqlalchemy_is_not_committed_in_silence(postgresql_url, now):
    """The trap of operations §3.2: COMMIT of a failed transaction returns as if all were well."""
    store = Store(postgresql_url)

    def act(unit):
        next_serial(unit, "n")
        with suppress(psycopg.errors.DivisionByZero):
            unit.connection.connection.driver_connection.execute("SELECT 1/0")

    assert refusal(lambda: store.unit(now, counted_ids(), SYSTEM), act) == "storage.unit_failed"
    with store.reading(now, counted_ids()) as unit:
        assert unit.connection.execute(sa.select(SERIALS)).all() == []
    store.dispose()


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("half \ud800 a character", id="half a character"),
        pytest.param(2**70, id="a number beyond 64 bits"),
    ],
)
def test_a_value_that_no_column_holds_is_refused(office, value):
    column = {"name": value} if isinstance(value, str) else {"name": "n", "value": value}
    with pytest.raises(Invalid) as refused, office.unit() as unit:
        unit.connection.execute(SERIALS.insert(), {"value": 1} | column)
    assert refused.value.code == "storage.value"
    assert count(office, SERIALS) == 0


@pytest.mark.postgres
def test_a_nul_in_a_text_is_refused(postgresql_url, now):
    store = Store(postgresql_url)
    with pytest.raises(Invalid) as refused, store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "a\x00b")
    assert refused.value.code == "storage.value"
    store.dispose()


def test_an_unknown_kind_of_database_is_refused():
    for url in ("sqlite://", "sqlite:///:memory:", "mysql://u:secret@h/d", "postgresql://h/d"):
        with pytest.raises(Invalid) as refused:
            Store(url)
        assert refused.value.code == "storage.url"
        assert "secret" not in str(refused.value)


# Locked


@pytest.fixture
def impatient(monkeypatch):
    """Wait a tenth of a second for a lock, not half a minute."""
    monkeypatch.setattr(connect, "BUSY_SECONDS", {True: 0.1, False: 0.1})


def test_a_locked_file_is_named(impatient, sqlite_url, now):
    store = Store(sqlite_url)
    other = sqlite3.connect(store.path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable) as refused, store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
    assert refused.value.code == "storage.busy"
    with store.reading(now, counted_ids()) as unit:  # readers go on beside a writer
        assert unit.connection.execute(sa.select(SERIALS)).all() == []
    other.execute("COMMIT")
    other.close()
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        assert next_serial(unit, "n") == 1
    store.dispose()


def test_threads_of_one_process_wait_their_turn_and_then_give_up(impatient, sqlite_url, now):
    store = Store(sqlite_url)
    with store.unit(now, counted_ids(), SYSTEM), ThreadPoolExecutor(1) as pool:

        def try_it():
            with store.unit(now, counted_ids(), SYSTEM):
                raise AssertionError("two writers at once")

        with pytest.raises(Unavailable) as refused:
            pool.submit(try_it).result()
    assert refused.value.code == "storage.busy"
    store.dispose()


@pytest.mark.postgres
def test_a_locked_row_is_named(postgresql_url, monkeypatch, now):
    monkeypatch.setattr(connect, "LOCK_SECONDS", "0.1")
    store = Store(postgresql_url)
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
        with pytest.raises(Unavailable) as refused, store.unit(now, counted_ids(), SYSTEM) as other:
            next_serial(other, "n")
    assert refused.value.code == "storage.busy"
    store.dispose()


# Full


def test_a_full_disk_is_named_and_what_was_acknowledged_stays(sqlite_url, now):
    store = Store(sqlite_url)
    acknowledged = 0
    with pytest.raises(Unavailable) as refused:  # noqa: PT012  # the loop ends by the error
        while acknowledged < 10_000:
            with store.unit(now, counted_ids(), SYSTEM) as unit:
                limit = unit.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
                if not acknowledged:
                    limit += 20
                    unit.connection.exec_driver_sql(f"PRAGMA max_page_count={limit}")
                unit.enqueue("notice.send", str(acknowledged), {"text": "满" * 500})
            acknowledged += 1
    assert refused.value.code == "storage.full"
    assert acknowledged > 5
    with store.reading(now, counted_ids()) as unit:
        assert jobs.counts(unit) == {"waiting": acknowledged}
    store.dispose()


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small disk needs root")
def test_a_full_file_system_heals_when_space_is_freed(sqlite_template, tmp_path, now):
    folder = tmp_path / "small"
    folder.mkdir()
    if mount("-t", "tmpfs", "-o", "size=3m", "tmpfs", folder):
        pytest.skip("this machine lets nobody mount a file system")
    try:
        fill_and_heal(folder, sqlite_template, now)
    finally:
        subprocess.run(["/bin/umount", "-l", folder], check=True)  # noqa: S603  # our own folder


def mount(*arguments):
    """Return the exit status of `mount`."""
    command = ["/bin/mount", *arguments]
    return subprocess.run(command, capture_output=True, check=False).returncode  # noqa: S603  # ours


def fill_and_heal(folder: Path, template: Path, now) -> None:
    (folder / "hall.sqlite").write_bytes(template.read_bytes())
    (folder / "ballast").write_bytes(b"x" * 700_000)
    store = Store(f"sqlite:///{folder / 'hall.sqlite'}")
    acknowledged = 0
    with pytest.raises(Unavailable) as refused:  # noqa: PT012  # the loop ends by the error
        while acknowledged < 10_000:
            with store.unit(now, counted_ids(), SYSTEM) as unit:
                unit.enqueue("notice.send", str(acknowledged), {"text": "满" * 500})
            acknowledged += 1
    assert refused.value.code == "storage.full"
    with store.reading(now, counted_ids()) as unit:
        assert jobs.counts(unit) == {"waiting": acknowledged}
    (folder / "ballast").unlink()
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        unit.enqueue("notice.send", "again", {})
    with store.reading(now, counted_ids()) as unit:
        assert jobs.counts(unit) == {"waiting": acknowledged + 1}
        assert unit.connection.exec_driver_sql("PRAGMA integrity_check").scalar_one() == "ok"
    store.dispose()


@pytest.mark.postgres
def test_a_server_that_only_reads_is_named(postgresql_url, now):
    store = Store(postgresql_url)

    def act(unit):
        unit.connection.exec_driver_sql("SET TRANSACTION READ ONLY")
        next_serial(unit, "n")

    assert refusal(lambda: store.unit(now, counted_ids(), SYSTEM), act) == "storage.full"
    store.dispose()


# Gone


def test_a_deleted_file_is_named_and_never_made_anew(sqlite_url, now):
    store = Store(sqlite_url)
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
    store.path.unlink()
    for begin in (
        lambda: store.unit(now, counted_ids(), SYSTEM),
        lambda: store.reading(now, counted_ids()),
    ):
        with pytest.raises(Unavailable) as refused, begin():
            raise AssertionError("wrote into a file that nobody will find")
        assert refused.value.code == "storage.gone"
    assert not store.path.exists()
    assert not store.at_head()
    store.dispose()


def test_a_restored_file_is_followed(sqlite_url, sqlite_template, tmp_path, now):
    store = Store(sqlite_url)
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
    store.dispose()
    restored = tmp_path / "restored"
    restored.write_bytes(sqlite_template.read_bytes())
    restored.replace(store.path)
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        assert next_serial(unit, "n") == 1
    store.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path, now):
    path = tmp_path / "hall.sqlite"
    path.write_bytes(b"no database at all " * 500)
    store = Store(f"sqlite:///{path}")
    with pytest.raises(Unavailable) as refused, store.unit(now, counted_ids(), SYSTEM):
        raise AssertionError
    assert refused.value.code == "storage.gone"
    store.dispose()


@pytest.mark.postgres
def test_a_server_that_went_away_is_named_and_found_again(postgresql, postgresql_url, now):
    store = Store(postgresql_url)
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
    postgresql.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname LIKE 'hall\\_%'"
    )
    with pytest.raises(Unavailable) as refused, store.unit(now, counted_ids(), SYSTEM) as unit:
        next_serial(unit, "n")
    assert refused.value.code == "storage.gone"
    with store.unit(now, counted_ids(), SYSTEM) as unit:
        assert next_serial(unit, "n") == 2
    store.dispose()


@pytest.mark.parametrize("port", [pytest.param(1, id="nobody listens there")])
def test_a_server_that_refuses_is_named(port, now):
    store = Store(f"postgresql+psycopg://hall@127.0.0.1:{port}/hall")
    with pytest.raises(Unavailable) as refused, store.unit(now, counted_ids(), SYSTEM):
        raise AssertionError
    assert refused.value.code == "storage.gone"
    store.dispose()


@pytest.mark.postgres
def test_a_database_that_does_not_exist_is_named(postgresql, now):
    store = Store(postgresql.url("nowhere"))
    with pytest.raises(Unavailable) as refused, store.reading(now, counted_ids()):
        raise AssertionError
    assert refused.value.code == "storage.gone"
    store.dispose()


# The shape of a unit


def test_a_child_process_opens_connections_of_its_own(office):
    with office.unit() as unit:
        next_serial(unit, "n")
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with office.unit() as unit:
                status = 0 if next_serial(unit, "n") == 2 else 2
        finally:
            os._exit(status)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
    with office.unit() as unit:
        assert next_serial(unit, "n") == 3


def test_a_unit_costs_one_head_query_and_one_insert_for_all_its_events(office):
    with suppress(Conflict), office.unit() as unit:
        next_serial(unit, "n")
        for _ in range(5):
            unit.record(EVENT)
        for number in range(3):
            unit.enqueue("notice.send", str(number), {})
        before = unit.line.info["statements"]
        unit.flush()
        after = unit.line.info["statements"]
        raise Conflict("case.changed", case="x")
    # Head, events, jobs; PostgreSQL first locks the chains.
    assert after - before == (3 if office.store.dialect == "sqlite" else 4)


def test_events_know_when_by_whom_and_in_which_order(office):
    with office.unit() as unit:
        unit.record(SignedIn(account="a"))
        unit.record(EVENT)
        unit.record(SignedIn(account="a"))
    office.now.advance(days=1)
    with office.unit() as unit:
        unit.record(SignedIn(account="a"))
    with office.reading() as unit:
        found = audit.events_of(unit, "account:a")
        assert [event.seq for event in found] == [1, 2, 3]
        assert found[2].at - found[0].at == timedelta(days=1)
        assert {event.by for event in found} == {"system"}
        assert audit.length(unit, "account:a") == 3
        assert [event.id for event in audit.since(unit, 0)] == [1, 2, 3, 4]
