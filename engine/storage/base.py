"""The one MetaData of the house and the column types that both databases share."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeDecorator, TypeEngine

from engine.kernel.canonical import dumps, loads

SQLITE = "sqlite"

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in a column that is exactly INTEGER.
RowNumber = sa.BigInteger().with_variant(sa.Integer(), SQLITE)


class Moment(TypeDecorator[datetime]):
    """An aware moment in UTC: ISO text of one fixed width on SQLite, timestamptz elsewhere."""

    impl = sa.String(32)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == SQLITE:
            return dialect.type_descriptor(sa.String(32))
        return dialect.type_descriptor(postgresql.TIMESTAMP(timezone=True))

    def bind_processor(self, dialect: sa.Dialect) -> Callable[[datetime | None], object]:
        # Given to the driver as it is: a wrapper around each value costs as much as its text.
        return _stored_text if dialect.name == SQLITE else _stored_moment

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        moment = datetime.fromisoformat(value) if dialect.name == SQLITE else value
        return moment.astimezone(UTC) if moment.tzinfo is not UTC else moment


def _stored_text(value: datetime | None) -> str | None:
    return None if value is None else moment_text(_placed(value))


def _stored_moment(value: datetime | None) -> datetime | None:
    return None if value is None else _placed(value).astimezone(UTC)


def _placed(value: datetime) -> datetime:
    if value.tzinfo is None:
        raise ValueError("a stored moment must know its zone")
    return value


def moment_text(moment: datetime) -> str:
    """Return a moment as text whose order is the order of time."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


class Plain(TypeDecorator[Any]):
    """A plain value as canonical JSON; kept as text, because its bytes are part of digests."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: sa.Dialect) -> str | None:
        return None if value is None else dumps(_plain(value)).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> Any:
        return None if value is None else loads(value.encode())


class Words(TypeDecorator[tuple[Any, ...]]):
    """A tuple of plain values as canonical JSON."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Any, ...] | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else dumps(list(value)).decode()

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> tuple[Any, ...]:
        found = loads(value.encode()) if value else []
        return tuple(found) if isinstance(found, list) else ()


class Word(TypeDecorator[StrEnum]):
    """A word of a closed list, stored as its text."""

    impl = sa.String(32)
    cache_ok = True

    def __init__(self, words: type[StrEnum]) -> None:
        super().__init__()
        self.words = words

    def process_bind_param(self, value: StrEnum | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> StrEnum | None:
        return None if value is None else self.words(value)


class Amount(TypeDecorator[Decimal]):
    """An exact number: text on SQLite, which has only binary fractions, NUMERIC elsewhere."""

    impl = sa.String(40)
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> TypeEngine[Any]:
        if dialect.name == SQLITE:
            return dialect.type_descriptor(sa.String(40))
        return dialect.type_descriptor(sa.Numeric())

    def process_bind_param(self, value: Decimal | None, dialect: sa.Dialect) -> object:
        return str(value) if value is not None and dialect.name == SQLITE else value

    def process_result_value(self, value: Any, dialect: sa.Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


def _plain(value: object) -> object:
    return dict(value) if isinstance(value, Mapping) and not isinstance(value, dict) else value
