"""The days of the State Council's notices, changed one by one or a year at a time."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa

from engine.domain.working_time import NoticedDay
from engine.storage.catalogue_rows import CALENDAR_DAYS
from engine.storage.unit import Unit

_D = CALENDAR_DAYS.c
NOTICED = (_D.day, _D.kind, _D.name, _D.status)


@dataclass(frozen=True)
class Changed:
    """A day as it was and as it is now; None where no notice speaks of it."""

    before: NoticedDay | None
    after: NoticedDay | None

    @property
    def day(self) -> date:
        """The day itself."""
        return next(one.day for one in (self.before, self.after) if one is not None)


def known(unit: Unit) -> dict[date, NoticedDay]:
    """Return every day that a notice speaks of."""
    return _of(unit, sa.true())


def put(unit: Unit, days: Sequence[NoticedDay], notice: str) -> list[Changed]:
    """Store days over what was known of them, and return those that differ."""
    known = _of(unit, _D.day.in_([one.day for one in days]))
    changed = [Changed(known.get(one.day), one) for one in days if known.get(one.day) != one]
    _write(unit, {one.after.day for one in changed if one.after}, changed, notice)
    return changed


def put_year(unit: Unit, year: int, days: Sequence[NoticedDay], notice: str) -> list[Changed]:
    """Store all days of a year in place of those known, and return those that differ."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    known, fresh = _of(unit, _D.day.between(first, last)), {one.day: one for one in days}
    changed = [
        Changed(known.get(day), fresh.get(day))
        for day in sorted({*known, *fresh})
        if known.get(day) != fresh.get(day)
    ]
    _write(unit, {*known, *fresh}, [Changed(None, one) for one in days], notice)
    return changed


def _of(unit: Unit, condition: sa.ColumnElement[bool]) -> dict[date, NoticedDay]:
    rows = unit.connection.execute(sa.select(*NOTICED).where(condition))
    return {row.day: NoticedDay(*row) for row in rows}


def _write(unit: Unit, gone: Collection[date], changed: Sequence[Changed], notice: str) -> None:
    unit.connection.execute(CALENDAR_DAYS.delete().where(_D.day.in_(sorted(gone))))
    fresh = [one.after._asdict() | {"notice": notice} for one in changed if one.after]
    if fresh:
        unit.connection.execute(CALENDAR_DAYS.insert(), fresh)
