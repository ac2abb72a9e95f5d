"""Which version of a process, form or table holds on a day: periods without overlap or hole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from engine.kernel.errors import Conflict, Invalid

DAY = timedelta(days=1)


class VersionState(StrEnum):
    """What was done with a version; only published ones are ever in force."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class Moment(StrEnum):
    """By which version a table judges a case: that of the day of acceptance (受理), or today's."""

    ACCEPTANCE = "acceptance"
    NOW = "now"


@dataclass(frozen=True)
class Period:
    """A published version from its first day (生效日期) to the last one stated (失效日期).

    Without a last day it holds until the next version begins. `no` orders acts of one day.
    """

    no: int
    version: str
    effective_from: date
    effective_to: date | None
    published_at: datetime


def held(periods: Sequence[Period], day: date, known: datetime | None = None) -> Period | None:
    """Return the period of a day, None in a hole; `known` leaves out what was published later.

    Of one first day the later act holds.
    """
    begun = [
        one
        for one in periods
        if one.effective_from <= day and (known is None or one.published_at <= known)
    ]
    last = max(begun, key=lambda one: (one.effective_from, one.no), default=None)
    if last is None or (last.effective_to is not None and last.effective_to < day):
        return None
    return last


def last_day(periods: Sequence[Period], period: Period) -> date | None:
    """Return the last day on which a period holds, None while no end is known.

    It lies before the first day of a version that another one replaced on that very day.
    """
    place = (period.effective_from, period.no)
    later = [one.effective_from for one in periods if (one.effective_from, one.no) > place]
    ends = [first - DAY for first in later]
    if period.effective_to is not None:
        ends.append(period.effective_to)
    return min(ends, default=None)


def refuse_clash(
    periods: Sequence[Period],
    kind: str,
    key: str,
    first: date,
    last: date | None,
    today: date,
) -> None:
    """Refuse a new period that would overlap another or take away a day without replacing it.

    It may follow a version without a stated end, whose period it then ends. Only the very first
    version of a definition may begin in the past: what was in force is never changed afterwards
    (立法法 2015 art. 93, no retroactive effect). Raises Invalid `definition.no_days`,
    `definition.past`; Conflict `definition.overlap` (version, first, last), `definition.hole`.
    """
    named = {"kind": kind, "key": key}
    if last is not None and last < first:
        raise Invalid("definition.no_days", first=first.isoformat(), last=last.isoformat(), **named)
    if periods and first < today:
        raise Invalid("definition.past", day=first.isoformat(), today=today.isoformat(), **named)
    before = held(periods, first)
    planned = before is not None and before.effective_from == first > today
    if before is not None and (planned or before.effective_to is not None):
        raise _overlap(periods, before, named)
    after = min(
        (one for one in periods if one.effective_from > first),
        key=lambda one: (one.effective_from, one.no),
        default=None,
    )
    if after is not None and (last is None or last >= after.effective_from):
        raise _overlap(periods, after, named)
    if before is not None and last is not None:
        end = last_day(periods, before)
        if end is None or end > last:
            raise Conflict("definition.hole", day=(last + DAY).isoformat(), **named)


def _overlap(periods: Sequence[Period], other: Period, named: dict[str, str]) -> Conflict:
    end = last_day(periods, other)
    return Conflict(
        "definition.overlap",
        version=other.version,
        first=other.effective_from.isoformat(),
        last=end.isoformat() if end else "",
        **named,
    )
