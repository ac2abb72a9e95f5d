"""How connections to the two databases are made, and what is set on each of them."""

import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy.pool import QueuePool

from engine.kernel.errors import Invalid
from engine.storage.base import SQLITE
from engine.storage.faults import READS, fail, translate
from engine.storage.statements import Line

# Seconds that a unit waits for the lock of another, by whether a browser waits for the answer.
BUSY_SECONDS = {True: 5.0, False: 30.0}
STATEMENT_SECONDS = {True: 5, False: 60}
LOCK_SECONDS = 3
IDLE_SECONDS = 30
WRITERS, READERS, SERVER_CONNECTIONS = 16, 32, 16
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "temp_store=MEMORY",
    "wal_autocheckpoint=1000",
)
# Free of the two-integer keys that units lock and of the row numbers that events lock.
UPGRADE_LOCK = -1


def engines(url: sa.URL, *, web: bool) -> tuple[sa.Engine, sa.Engine]:
    """Return an engine for units that write and one for units that read.

    Raises Invalid `storage.url` for a database that the house does not know.
    """
    if url.get_backend_name() == SQLITE and sqlite_path(url) is not None:
        return _sqlite_engine(url, web=web, reads=False), _sqlite_engine(url, web=web, reads=True)
    if url.drivername == "postgresql+psycopg":
        writer = _postgresql_engine(url, web=web)
        return writer, writer.execution_options(postgresql_readonly=True, **{READS: True})
    raise Invalid("storage.url", url=url.render_as_string(hide_password=True))


def sqlite_path(url: sa.URL) -> Path | None:
    """Return the file of a SQLite database, None for a server or a database in memory."""
    if url.get_backend_name() != SQLITE or url.database in (None, "", ":memory:"):
        return None
    return Path(str(url.database)).absolute()


def prepare_upgrade(connection: sa.Connection) -> None:
    """Let one process at a time change the schema, however long it takes."""
    if connection.dialect.name != SQLITE:
        connection.execute(sa.text("SET LOCAL lock_timeout = 0"))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(UPGRADE_LOCK)))


def _sqlite_engine(url: sa.URL, *, web: bool, reads: bool) -> sa.Engine:
    # mode=rw: a file that is not there is an error, never a new and empty database.
    file = sa.URL.create(
        SQLITE,
        database=f"file:{quote(str(sqlite_path(url)))}",
        query={"mode": "rw", "uri": "true"},
    )
    engine = sa.create_engine(
        file,
        hide_parameters=True,
        poolclass=QueuePool,
        pool_size=READERS if reads else WRITERS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS[web],
        connect_args={
            "timeout": BUSY_SECONDS[web],
            # The driver must begin nothing by itself: its BEGIN is the deferred one, which
            # fails at once when it finds a lock, whatever the timeout is.
            "isolation_level": None,
            "check_same_thread": False,
            "cached_statements": 512,
        },
    )
    begin = "BEGIN" if reads else "BEGIN IMMEDIATE"

    def configure(raw: sqlite3.Connection, _record: object) -> None:
        for pragma in (*PRAGMAS, "query_only=ON") if reads else PRAGMAS:
            raw.execute(f"PRAGMA {pragma}")

    def start(connection: sa.Connection) -> None:
        try:
            Line(connection).raw.execute(begin)
        except sqlite3.Error as error:
            fail(connection.info, reads, error)
            raise

    sa.event.listen(engine, "connect", configure)
    _watch(engine)
    sa.event.listen(engine, "begin", start)
    return engine.execution_options(**{READS: True}) if reads else engine


def _postgresql_engine(url: sa.URL, *, web: bool) -> sa.Engine:
    options = {
        "timezone": "UTC",
        "default_transaction_isolation": r"read\ committed",
        "synchronous_commit": "on",
        "statement_timeout": f"{STATEMENT_SECONDS[web]}s",
        "lock_timeout": f"{LOCK_SECONDS}s",
        "idle_in_transaction_session_timeout": f"{IDLE_SECONDS}s",
    }
    engine = sa.create_engine(
        url,
        hide_parameters=True,
        pool_size=SERVER_CONNECTIONS,
        max_overflow=0,
        pool_timeout=BUSY_SECONDS[web],
        connect_args={
            "options": " ".join(f"-c {name}={value}" for name, value in options.items()),
            "connect_timeout": 5,
        },
    )
    _watch(engine)
    return engine


def _watch(engine: sa.Engine) -> None:
    sa.event.listen(engine, "begin", _forget)
    sa.event.listen(engine, "after_cursor_execute", _note_change)
    sa.event.listen(engine, "handle_error", translate)


def _forget(connection: sa.Connection) -> None:
    connection.info["failed"] = False
    connection.info["changed"] = set()
    connection.info["statements"] = 0


def _note_change(
    connection: sa.Connection,
    cursor: Any,
    _statement: str,
    _parameters: object,
    context: Any,
    _executemany: bool,
) -> None:
    connection.info["statements"] += 1
    if (context.isinsert or context.isupdate or context.isdelete) and cursor.rowcount != 0:
        connection.info["changed"].add(context.compiled.statement.table.name)
