"""The unit of work: the only place of the house that begins, commits and rolls back."""

import fcntl
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from psycopg.pq import TransactionStatus

from engine.domain.events.base import Event
from engine.domain.people import SYSTEM, Official
from engine.kernel.errors import Unavailable
from engine.kernel.ids import Ids
from engine.kernel.now import Now
from engine.storage import connect, journal
from engine.storage.base import SQLITE
from engine.storage.faults import BUSY, GONE
from engine.storage.statements import Line

# Rows that no history speaks of: they are bookkeeping, not facts of the hall.
EXEMPT = frozenset(
    {
        "sessions",
        "sign_in_attempts",
        "requests",
        "jobs",
        "serials",
        "anchors",
        "unsent",
        "phrases",
        "what_if_runs",
        "what_if_changes",
        "change_parts",
        "change_steps",
        "alembic_version",
    }
)


class Unit:
    """One open transaction with its moment, its actor and what it will write at its end.

    `at` is the one moment of everything that happens in the unit, taken after the write lock
    was got; `kept` holds what the unit has read once and may not change under its hands. Hot
    statements run on `line`, all others on `connection`: it is one transaction.
    """

    def __init__(
        self, connection: sa.Connection, now: Now, ids: Ids, by: Official, *, writes: bool
    ) -> None:
        self.connection, self.ids, self.by = connection, ids, by
        self.line = Line(connection)
        self.at: datetime = now()
        self.kept: dict[tuple[object, ...], Any] = {}
        self._writes = writes
        self._events: list[Event] = []
        self._jobs: list[journal.NewJob] = []

    def record(self, event: Event) -> None:
        """Write an event into the history, at the end of the unit and in its commit."""
        self._writing()
        self._events.append(event)

    def enqueue(
        self,
        kind: str,
        key: str,
        payload: Mapping[str, object],
        due_at: datetime | None = None,
        case_id: str | None = None,
        lane: str = "inside",
    ) -> None:
        """Ask for a job in the commit of this unit; one of the same kind and key is enough.

        Lane `inside` acts on our own database, `outside` on the world. Without `due_at` the job
        is due at once.
        """
        self._writing()
        self._jobs.append(journal.NewJob(lane, kind, key, payload, due_at or self.at, case_id))

    def once(self, key: str | None) -> object | None:
        """Return the answer that a request with this key got before, None for a new one."""
        return None if key is None else journal.answered(self.line, key)

    def answer(self, key: str | None, value: object) -> None:
        """Keep the answer to a request in the commit of this unit."""
        if key is None:
            return
        journal.ANSWER.run(self.line, {"key": key, "answer": value, "at": self.at})

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """Undo, when the block fails, what it did and what it recorded; the unit goes on."""
        events, jobs = len(self._events), len(self._jobs)
        try:
            with self.connection.begin_nested():
                yield
        except BaseException:
            del self._events[events:], self._jobs[jobs:]
            self.kept.clear()
            # The savepoint took the failed statement back, so the unit may be committed.
            self.connection.info["failed"] = False
            raise

    def flush(self) -> None:
        """Write down events and jobs; called once, by the store, before it commits."""
        if self._events:
            journal.append(self.line, self.at, self.by.id, self._events)
        if self._jobs:
            journal.write_jobs(self.line, self.at, self._jobs)

    @property
    def recorded(self) -> bool:
        """Whether the unit wrote history."""
        return bool(self._events)

    def _writing(self) -> None:
        if not self._writes:
            raise AssertionError("a reading unit writes nothing")


# How soon the first writer of a process looks again whether another process is done.
TURN_SECONDS = 0.001


class Store:
    """One database: connections, units of work, migrations.

    `debug` makes a unit fail that changed rows but recorded no event. Units raise Unavailable
    `storage.busy` (locked, or no free connection), `storage.full` (disk full or read-only) and
    `storage.gone` (not there, not answering); nothing has changed then, unless the connection broke
    during the commit itself, which only an idempotency key can tell.
    """

    def __init__(self, url: str, *, web: bool = False) -> None:
        self.url = sa.make_url(url)
        self.debug = False
        self.path = connect.sqlite_path(self.url)
        self._patience = connect.BUSY_SECONDS[web]
        self._writer, self._reader = connect.engines(self.url, web=web)
        self._pid, self._file = os.getpid(), self._file_id()
        self._turn = threading.Lock()

    @property
    def dialect(self) -> str:
        """The name of the kind of database: sqlite or postgresql."""
        return self._writer.dialect.name

    @contextmanager
    def unit(self, now: Now, ids: Ids, by: Official) -> Iterator[Unit]:
        """Begin a unit of work of `by`; it commits at the end of the block, or not at all."""
        with self._my_turn(), self._open(self._writer) as connection, connection.begin():
            unit = Unit(connection, now, ids, by, writes=True)
            yield unit
            unit.flush()
            self._refuse_broken(connection)
            if self.debug:
                _refuse_unrecorded(connection, unit)

    @contextmanager
    def reading(self, now: Now, ids: Ids) -> Iterator[Unit]:
        """Begin a unit that can only read; the database itself refuses a write."""
        with self._open(self._reader) as connection, connection.begin():
            yield Unit(connection, now, ids, SYSTEM, writes=False)

    def create(self) -> None:
        """Make the database file where there is none, then bring the schema to head."""
        if self.path is not None and not self.path.exists():
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.touch(mode=0o600)
            self._file = self._file_id()
        self.upgrade()

    def upgrade(self) -> None:
        """Bring the schema to head; two who try at once do it one after the other."""
        if self.path is not None and not self.path.exists():
            self.create()
            return
        with self._my_turn(), self._open(self._writer) as connection, connection.begin():
            connect.prepare_upgrade(connection)
            settings = _migrations()
            settings.attributes["connection"] = connection
            command.upgrade(settings, "head")

    def at_head(self) -> bool:
        """Return whether the schema is that of this release; False where there is none."""
        if self.path is not None and not self.path.exists():
            return False
        with self._open(self._reader) as connection, connection.begin():
            heads = MigrationContext.configure(connection).get_current_heads()
        return set(heads) == set(ScriptDirectory.from_config(_migrations()).get_heads())

    def dispose(self) -> None:
        """Close all idle connections."""
        self._writer.dispose()
        self._reader.dispose()

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        # SQLite lets waiting writers sleep ever longer and lets them in by chance: under load one
        # of many waits for seconds. Threads of one process queue here instead, and the first of
        # each process waits for the other processes at a file beside the database.
        self._after_fork()
        if self.path is None:
            yield
            return
        ends = time.monotonic() + self._patience
        if not self._turn.acquire(timeout=self._patience):
            raise Unavailable(BUSY)
        try:
            with _turn_of_process(self.path, ends):
                yield
        finally:
            self._turn.release()

    @contextmanager
    def _open(self, engine: sa.Engine) -> Iterator[sa.Connection]:
        self._after_fork()
        self._follow_file()
        try:
            connection = engine.connect()
        except sa.exc.TimeoutError as error:
            raise Unavailable(BUSY) from error
        with connection:
            yield connection

    def _after_fork(self) -> None:
        # A connection must never be shared by two processes: a child forgets its parent's.
        if os.getpid() != self._pid:
            self._pid = os.getpid()
            self._turn = threading.Lock()
            self._writer.dispose(close=False)
            self._reader.dispose(close=False)

    def _file_id(self) -> tuple[int, int] | None:
        if self.path is None:
            return None
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _follow_file(self) -> None:
        # An open connection goes on writing into a file that was deleted or replaced, and what
        # it acknowledges is lost. One look at the directory per unit is the price.
        if self.path is None:
            return
        found = self._file_id()
        if found is None:
            raise Unavailable(GONE)
        if found != self._file:
            self.dispose()
            self._file = found

    def _refuse_broken(self, connection: sa.Connection) -> None:
        broken = connection.info.get("failed", False)
        if self.dialect != SQLITE:
            raw: Any = connection.connection.driver_connection
            broken = broken or raw.info.transaction_status == TransactionStatus.INERROR
        if broken:
            # PostgreSQL answers such a COMMIT with a silent rollback; say it aloud instead.
            raise Unavailable("storage.unit_failed")


@contextmanager
def _turn_of_process(database: Path, ends: float) -> Iterator[None]:
    """Hold the file beside a database that one process at a time holds; its end frees it."""
    try:
        file = database.with_name(f"{database.name}-turn").open("ab")
    except OSError:
        # The folder is gone, full or read-only: the database itself says so.
        yield
        return
    with file:
        while not _held(file.fileno()):
            if time.monotonic() >= ends:
                raise Unavailable(BUSY)
            time.sleep(TURN_SECONDS)
        yield


def _held(file: int) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _refuse_unrecorded(connection: sa.Connection, unit: Unit) -> None:
    silent = connection.info["changed"] - EXEMPT
    if silent and not unit.recorded:
        raise AssertionError(f"rows changed without an event: {sorted(silent)}")


def _migrations() -> Config:
    settings = Config()
    folder = Path(__file__).parent / "migrations"
    settings.set_main_option("script_location", str(folder).replace("%", "%%"))
    return settings
