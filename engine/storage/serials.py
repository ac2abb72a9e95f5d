"""Running numbers: of tickets, of cases of a matter on a day, of licences."""

from typing import Any

import sqlalchemy as sa

from engine.storage.base import metadata
from engine.storage.statements import INSERTS, Prepared
from engine.storage.unit import Unit

SERIALS = sa.Table(
    "serials",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.BigInteger, nullable=False),
)


def _next(name: str) -> Any:
    return (
        INSERTS[name](SERIALS)
        .values(name=sa.bindparam("name"), value=1)
        .on_conflict_do_update(index_elements=["name"], set_={"value": SERIALS.c.value + 1})
        .returning(SERIALS.c.value)
    )


NEXT = Prepared(_next)


def next_serial(unit: Unit, name: str) -> int:
    """Return the next number of a series, from 1; none is given out twice.

    The number is given back when the unit is rolled back, so a series has no gaps.
    """
    row = NEXT.first(unit.line, name=name)
    unit.line.info["changed"].add(SERIALS.name)
    return int(row[0]) if row else 0
