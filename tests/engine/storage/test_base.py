"""What is stored comes back equal, and of the same type, from both databases."""

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from enum import StrEnum

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.storage.base import Amount, Moment, Plain, Word, Words, moment_text


class Colour(StrEnum):
    """Two words of a closed list."""

    RED = "red"
    GREEN = "green"


ROWS = sa.Table(
    "rows",
    sa.MetaData(),
    sa.Column("moment", Moment),
    sa.Column("plain", Plain),
    sa.Column("words", Words),
    sa.Column("word", Word(Colour)),
    sa.Column("amount", Amount),
)


@pytest.fixture
def keep(store):
    """Return a function that stores values and reads them again."""
    with store._writer.begin() as connection:
        ROWS.create(connection)

    def store_and_read(**values):
        with store._writer.begin() as connection:
            connection.execute(ROWS.delete())
            connection.execute(ROWS.insert(), values)
            (row,) = connection.execute(sa.select(*(ROWS.c[name] for name in values)))
        return row[0] if len(values) == 1 else tuple(row)

    return store_and_read


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("moment", datetime(2015, 10, 26, 1, 30, tzinfo=UTC)),
        ("moment", datetime(2015, 10, 26, 9, 30, 0, 1, tzinfo=timezone(timedelta(hours=8)))),
        ("plain", {"名": "林", "n": [1, None, True, Decimal("1.10")], "x": {}}),
        ("plain", []),
        ("words", ("clerk", "首席")),
        ("words", ()),
        ("words", (26, 27)),
        ("word", Colour.GREEN),
        ("amount", Decimal("10000000000.10")),
        ("amount", Decimal("0")),
    ],
)
def test_a_value_comes_back_equal(keep, column, value):
    found = keep(**{column: value})
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize("column", ["moment", "plain", "word", "amount"])
def test_nothing_comes_back_as_nothing(keep, column):
    assert keep(**{column: None}) is None


def test_no_words_come_back_as_none_of_them(keep):
    assert keep(words=None) == ()


def test_an_amount_keeps_its_digits(keep):
    assert str(keep(amount=Decimal("1.10"))) == "1.10"


def test_moments_come_back_in_utc(keep):
    local = datetime(2015, 10, 26, 9, 30, tzinfo=timezone(timedelta(hours=8)))
    assert keep(moment=local).tzinfo is UTC


def test_a_moment_without_a_zone_is_refused(keep):
    with pytest.raises(sa.exc.StatementError, match="zone"):
        keep(moment=datetime(2015, 10, 26))  # the fault that is tested


def test_an_unknown_word_is_refused(keep):
    with pytest.raises(sa.exc.StatementError):
        keep(word="blue")


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.datetimes(timezones=st.just(UTC)), min_size=2, max_size=5))
def test_the_text_of_moments_sorts_like_time(moments):
    assert [moment_text(m) for m in sorted(moments)] == sorted(map(moment_text, moments))
