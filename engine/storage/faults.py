"""What the drivers complain about, said in the house's own kinds of errors."""

import sqlite3
from typing import Any

import psycopg
from sqlalchemy.engine import ExceptionContext

from engine.kernel.errors import HallError, Invalid, Unavailable

BUSY, FULL, GONE = "storage.busy", "storage.full", "storage.gone"
READS = "hall_reads"  # execution option of a connection that only reads

# Primary result codes of SQLite (sqlite.org/rescode.html), then the extended ones that differ.
SQLITE_CODES = {
    sqlite3.SQLITE_BUSY: BUSY,
    sqlite3.SQLITE_LOCKED: BUSY,
    sqlite3.SQLITE_FULL: FULL,
    sqlite3.SQLITE_READONLY: FULL,
    sqlite3.SQLITE_IOERR: GONE,
    sqlite3.SQLITE_CANTOPEN: GONE,
    sqlite3.SQLITE_CORRUPT: GONE,
    sqlite3.SQLITE_NOTADB: GONE,
    sqlite3.SQLITE_PROTOCOL: BUSY,
    sqlite3.SQLITE_READONLY_DBMOVED: GONE,
    sqlite3.SQLITE_IOERR_SHMSIZE: FULL,
}

# SQLSTATE of PostgreSQL (appendix A of its manual): whole codes first, then classes.
POSTGRES_CODES = {
    "55P03": BUSY,  # lock_timeout
    "57014": BUSY,  # statement_timeout
    "40P01": BUSY,  # deadlock
    "40001": BUSY,
    "53300": BUSY,  # too many connections
    "53200": BUSY,  # out of memory
    "53100": FULL,  # disk full
    "25006": FULL,  # the server only reads: a replica, or an operator said so
    "3D000": GONE,  # no such database
    "25P03": GONE,  # closed while idle inside a transaction
}
POSTGRES_CLASSES = {"08": GONE, "28": GONE, "57": GONE, "58": GONE, "XX": GONE}


def translate(context: ExceptionContext) -> None:
    """Raise the house's own error for what the driver said below SQLAlchemy."""
    connection = context.connection
    if connection is None:
        fail({}, False, context.original_exception)
    else:
        reads = connection.get_execution_options().get(READS, False)
        fail(connection.info, reads, context.original_exception)


def fail(info: dict[Any, Any], reads: bool, error: BaseException) -> None:
    """Note that a statement failed; raise the house's own error, if it is one of the database.

    Raises Unavailable `storage.busy`, `storage.full`, `storage.gone`, `storage.unit_failed` (a
    statement after one that failed) and Invalid `storage.value` (a value that no column can
    hold: NUL in a text, half a character, a number beyond 64 bits).
    """
    info["failed"] = True
    if reads and _refuses_writing(error):
        raise AssertionError("a reading unit writes nothing") from error
    told = as_hall_error(error)
    if told is not None:
        raise told from error


def as_hall_error(error: BaseException) -> HallError | None:
    """Return the house's own error for an error of a driver, None for what is a fault of ours."""
    if isinstance(error, sqlite3.Error):
        return _of_sqlite(error)
    if isinstance(error, psycopg.Error):
        return _of_postgres(error)
    if isinstance(error, (OverflowError, UnicodeEncodeError)):
        return Invalid("storage.value")
    return None


def _refuses_writing(error: BaseException) -> bool:
    if isinstance(error, psycopg.errors.ReadOnlySqlTransaction):
        return True
    extended: int = getattr(error, "sqlite_errorcode", 0)
    return extended & 0xFF == sqlite3.SQLITE_READONLY


def _of_sqlite(error: sqlite3.Error) -> HallError | None:
    extended: Any = getattr(error, "sqlite_errorcode", None)
    if extended is None:
        return None
    code = SQLITE_CODES.get(extended) or SQLITE_CODES.get(extended & 0xFF)
    return Unavailable(code) if code else None


def _of_postgres(error: psycopg.Error) -> HallError | None:
    state = error.sqlstate
    if state is None:
        # No SQLSTATE: the client library lost or never got the connection.
        return Unavailable(GONE) if isinstance(error, psycopg.OperationalError) else _value(error)
    if state == "25P02":
        return Unavailable("storage.unit_failed")
    code = POSTGRES_CODES.get(state) or POSTGRES_CLASSES.get(state[:2])
    return Unavailable(code) if code else _value(error)


def _value(error: psycopg.Error) -> HallError | None:
    return Invalid("storage.value") if isinstance(error, psycopg.DataError) else None
