"""Running numbers: of tickets, of cases of a matter on a day, of licences."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from engine.storage.base import SQLITE, metadata
from engine.storage.unit import Unit

SERIALS = sa.Table(
    "serials",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)


def next_serial(unit: Unit, name: str) -> int:
    """Return the next number of a series, from 1; none is given out twice.

    The number is given back when the unit is rolled back, so a series has no gaps.
    """
    insert = sqlite_insert if unit.connection.dialect.name == SQLITE else postgresql_insert
    statement = (
        insert(SERIALS)
        .values(name=name, value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": SERIALS.c.value + 1})
        .returning(SERIALS.c.value)
    )
    return int(unit.connection.execute(statement).scalar_one())
