"""Prepared statements do what SQLAlchemy would do with them, in the same transaction."""

import sqlite3
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal

import psycopg
import pytest
import sqlalchemy as sa

from engine.kernel.errors import Unavailable
from engine.storage.base import Amount, Moment, Plain, RowNumber, Words
from engine.storage.statements import INSERTS, Prepared, insert_into

THINGS = sa.Table(
    "sessions",  # a name of bookkeeping, so that no event is asked for
    sa.MetaData(),
    sa.Column("id", RowNumber, primary_key=True, autoincrement=True),
    sa.Column("key", sa.String(20), unique=True),
    sa.Column("day", sa.Date),
    sa.Column("at", Moment),
    sa.Column("plain", Plain),
    sa.Column("words", Words),
    sa.Column("amount", Amount),
    sa.Column("yes", sa.Boolean),
    sa.Column("bytes", sa.LargeBinary),
)
NAMES = ("key", "day", "at", "plain", "words", "amount", "yes", "bytes")
FULL = {
    "key": "100% 名 :x ?",
    "day": date(2015, 10, 26),
    "at": datetime(2015, 10, 26, 1, 30, tzinfo=UTC),
    "plain": {"a": [1, None]},
    "words": ("a", "b"),
    "amount": Decimal("1.10"),
    "yes": True,
    "bytes": b"\x00\xff",
}
EMPTY = dict.fromkeys(NAMES) | {"key": "empty", "words": ()}

ADD = Prepared(insert_into(THINGS, *NAMES))
BY_KEY = Prepared(
    sa.select(*(THINGS.c[name] for name in NAMES)).where(THINGS.c.key == sa.bindparam("key"))
)
FIRST_TWO = Prepared(sa.select(THINGS.c.key).order_by(THINGS.c.id).limit(2))
RENAME = Prepared(
    THINGS.update()
    .where(THINGS.c.key == sa.bindparam("old"))
    .values(key=sa.bindparam("new"), yes=sa.true())
)
KEEP = Prepared(
    lambda name: (
        INSERTS[name](THINGS)
        .values(key=sa.bindparam("key"))
        .on_conflict_do_nothing(index_elements=["key"])
    )
)


@pytest.fixture
def things(office):
    """Make the table in the place of the one that bears its name."""
    with office.store._writer.begin() as connection:
        connection.execute(sa.text("DROP TABLE sessions"))
        THINGS.create(connection)
    return office


@pytest.mark.parametrize("values", [FULL, EMPTY], ids=["full", "empty"])
def test_values_come_back_as_through_sqlalchemy(things, values):
    with things.unit() as unit:
        assert ADD.run(unit.line, values) == 1
        found = BY_KEY.first(unit.line, key=values["key"])
        usual = unit.connection.execute(sa.select(*(THINGS.c[name] for name in NAMES))).one()
    assert tuple(found) == tuple(usual) == tuple(values[name] for name in NAMES)
    assert [type(value) for value in found] == [type(value) for value in usual]


def test_what_is_not_there_is_none(things):
    with things.reading() as unit:
        assert BY_KEY.first(unit.line, key="nobody") is None
        assert BY_KEY.rows(unit.line, key="nobody") == []


def test_constants_of_the_statement_hold(things):
    with things.unit() as unit:
        ADD.run_many(unit.line, [EMPTY | {"key": key} for key in "abc"])
        ADD.run_many(unit.line, [])
        assert [row[0] for row in FIRST_TWO.rows(unit.line)] == ["a", "b"]


def test_a_change_says_how_many_rows_it_found(things):
    with things.unit() as unit:
        ADD.run(unit.line, EMPTY)
        assert RENAME.run(unit.line, {"old": "empty", "new": "other"}) == 1
        assert RENAME.run(unit.line, {"old": "empty", "new": "other"}) == 0


def test_only_what_changed_counts_as_changed(things):
    with things.unit() as unit:
        RENAME.run(unit.line, {"old": "x", "new": "y"})
        RENAME.run_many(unit.line, [{"old": "x", "new": "y"}])
        assert unit.line.info["changed"] == set()
        ADD.run(unit.line, EMPTY)
        assert unit.line.info["changed"] == {"sessions"}


def test_statements_are_counted_on_both_ways(things):
    with things.unit() as unit:
        before = unit.line.info["statements"]
        ADD.run_many(unit.line, [EMPTY | {"key": key} for key in "abc"])
        BY_KEY.first(unit.line, key="a")
        unit.connection.execute(sa.select(THINGS.c.key))
        assert unit.line.info["statements"] - before == 3


def test_a_statement_may_be_spelled_by_dialect(things):
    with things.unit() as unit:
        assert [KEEP.run(unit.line, {"key": "a"}) for _ in range(2)] == [1, 0]


def test_a_forgotten_parameter_is_not_sent_as_nothing(things):
    with pytest.raises(KeyError, match="new"), things.unit() as unit:
        RENAME.run(unit.line, {"old": "a"})


def test_a_failed_statement_spoils_the_unit(things):
    def act(unit):
        ADD.run(unit.line, EMPTY)
        with suppress(sqlite3.IntegrityError, psycopg.IntegrityError):
            ADD.run(unit.line, EMPTY)

    with pytest.raises(Unavailable) as refused, things.unit() as unit:
        act(unit)
    assert refused.value.code == "storage.unit_failed"
    with things.reading() as unit:
        assert FIRST_TWO.rows(unit.line) == []


def test_both_ways_share_one_transaction(things):
    with suppress(ZeroDivisionError), things.unit() as unit:
        ADD.run(unit.line, EMPTY)
        unit.connection.execute(THINGS.insert(), {"key": "usual"})
        raise ZeroDivisionError
    with things.reading() as unit:
        assert FIRST_TWO.rows(unit.line) == []
