"""Every connection carries the settings that durability rests on."""

from datetime import UTC

import pytest
import sqlalchemy as sa

from engine.storage.connect import sqlite_path


@pytest.mark.parametrize("begin", ["unit", "reading"])
def test_sqlite_writes_ahead_and_waits_for_the_disk(sqlite_office, begin):
    wanted = {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL
        "foreign_keys": 1,
        "trusted_schema": 0,
        "temp_store": 2,
        "busy_timeout": 30_000,
        "query_only": int(begin == "reading"),
    }
    with getattr(sqlite_office, begin)() as unit:
        found = {
            name: unit.connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() for name in wanted
        }
    assert found == wanted


@pytest.mark.postgres
@pytest.mark.parametrize("begin", ["unit", "reading"])
def test_postgresql_commits_for_good_and_never_waits_for_ever(postgresql_office, begin):
    wanted = {
        "TimeZone": "UTC",
        "synchronous_commit": "on",
        "transaction_isolation": "read committed",
        "transaction_read_only": "on" if begin == "reading" else "off",
        "lock_timeout": "3s",
        "statement_timeout": "1min",
        "idle_in_transaction_session_timeout": "30s",
        "server_encoding": "UTF8",
    }
    with getattr(postgresql_office, begin)() as unit:
        found = {
            name: unit.connection.execute(sa.text(f"SHOW {name}")).scalar_one() for name in wanted
        }
        assert unit.at.tzinfo is UTC
    assert found == wanted


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite:////data/hall.sqlite", "/data/hall.sqlite"),
        ("sqlite://", None),
        ("sqlite:///:memory:", None),
        ("postgresql+psycopg://hall@127.0.0.1/hall", None),
    ],
)
def test_only_a_file_has_a_path(url, path):
    found = sqlite_path(sa.make_url(url))
    assert (None if found is None else str(found)) == path
