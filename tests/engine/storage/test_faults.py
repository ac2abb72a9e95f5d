"""What drivers say is told in the house's words; what is our own fault stays as it is."""

import sqlite3

import psycopg
import pytest

from engine.kernel.errors import Invalid, Unavailable
from engine.storage.faults import as_hall_error


def of_sqlite(code):
    error = sqlite3.OperationalError("said by SQLite")
    error.sqlite_errorcode = code
    return error


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (of_sqlite(sqlite3.SQLITE_BUSY), "storage.busy"),
        (of_sqlite(sqlite3.SQLITE_BUSY_SNAPSHOT), "storage.busy"),
        (of_sqlite(sqlite3.SQLITE_FULL), "storage.full"),
        (of_sqlite(sqlite3.SQLITE_READONLY), "storage.full"),
        (of_sqlite(sqlite3.SQLITE_READONLY_DBMOVED), "storage.gone"),
        (of_sqlite(sqlite3.SQLITE_CANTOPEN), "storage.gone"),
        (of_sqlite(sqlite3.SQLITE_IOERR_READ), "storage.gone"),
        (of_sqlite(sqlite3.SQLITE_IOERR_SHMSIZE), "storage.full"),
        (of_sqlite(sqlite3.SQLITE_CORRUPT), "storage.gone"),
        (psycopg.errors.LockNotAvailable(), "storage.busy"),
        (psycopg.errors.QueryCanceled(), "storage.busy"),
        (psycopg.errors.DeadlockDetected(), "storage.busy"),
        (psycopg.errors.TooManyConnections(), "storage.busy"),
        (psycopg.errors.DiskFull(), "storage.full"),
        (psycopg.errors.ReadOnlySqlTransaction(), "storage.full"),
        (psycopg.errors.AdminShutdown(), "storage.gone"),
        (psycopg.errors.CannotConnectNow(), "storage.gone"),
        (psycopg.errors.InvalidPassword(), "storage.gone"),
        (psycopg.errors.InvalidCatalogName(), "storage.gone"),
        (psycopg.OperationalError("server closed the connection"), "storage.gone"),
        (psycopg.errors.InFailedSqlTransaction(), "storage.unit_failed"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_a_database_that_does_not_serve_is_unavailable(error, code):
    found = as_hall_error(error)
    assert isinstance(found, Unavailable)
    assert found.code == code


@pytest.mark.parametrize(
    "error",
    [
        psycopg.DataError("cannot contain NUL"),
        psycopg.errors.StringDataRightTruncation(),
        OverflowError(),
        UnicodeEncodeError("utf-8", "\ud800", 0, 1, "surrogates not allowed"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_value_that_cannot_be_stored_is_invalid(error):
    found = as_hall_error(error)
    assert isinstance(found, Invalid)
    assert found.code == "storage.value"


@pytest.mark.parametrize(
    "error",
    [
        of_sqlite(sqlite3.SQLITE_CONSTRAINT_UNIQUE),
        of_sqlite(sqlite3.SQLITE_ERROR),
        sqlite3.ProgrammingError("without a code"),
        psycopg.errors.UniqueViolation(),
        psycopg.errors.UndefinedTable(),
        psycopg.ProgrammingError("of the client library"),
        KeyError("ours"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_a_fault_of_our_own_is_not_dressed_up(error):
    assert as_hall_error(error) is None
