"""Times in a diagram: ISO 8601 texts and FEEL values become moments; months are refused.

A month or a year has no fixed length (handbook D29), so a timer never counts in them.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

from engine.domain.working_time import LONGEST_COUNT, ONE_DAY, Calendar
from engine.kernel.errors import Invalid
from engine.kernel.now import HALL_ZONE, hall_day

DURATION = re.compile(
    r"P(?=.)(?:(\d{1,5})W)?(?:(\d{1,5})D)?"
    r"(?:T(?=.)(?:(\d{1,5})H)?(?:(\d{1,6})M)?(?:(\d{1,8}(?:\.\d{1,6})?)S)?)?",
    re.ASCII,
)
CYCLE = re.compile(r"R(\d{0,4})/(P.+)", re.ASCII)
LOOKS_ISO = re.compile(r"[Pp][\dT]|-?\d{4,}-\d\d-\d\d|R\d*/", re.ASCII)
MOST_TIMES = 100
LONGEST = timedelta(days=36_525)


@dataclass(frozen=True)
class Cycle:
    """A timer that fires `times` times (-1: until it is cancelled), `every` so often."""

    times: int
    every: timedelta


def is_literal(text: str) -> bool:
    """Return whether a text is meant as an ISO 8601 time and not as FEEL."""
    return LOOKS_ISO.match(text) is not None


def duration(text: str) -> timedelta:
    """Return an ISO 8601 duration in weeks, days, hours, minutes and seconds.

    Raises Invalid `process.time` for anything else, `process.time_range` beyond 100 years.
    """
    match = DURATION.fullmatch(text)
    if match is None:
        raise Invalid("process.time", time=text)
    weeks, days, hours, minutes, seconds = (float(part or 0) for part in match.groups())
    return _within(
        timedelta(weeks=weeks, days=days, hours=hours, minutes=minutes, seconds=seconds), text
    )


def moment(text: str) -> datetime:
    """Return a date or date-time in UTC; without an offset it is a time of the hall's zone.

    Raises Invalid `process.time`.
    """
    try:
        return _aware(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise Invalid("process.time", time=text) from error


def cycle(text: str) -> Cycle:
    """Return an ISO 8601 repetition such as `R3/PT24H`.

    Raises Invalid `process.time`, also for a period of nothing, which would never let go, and
    for more than 100 times, which nobody could catch up with.
    """
    match = CYCLE.fullmatch(text)
    if match is None:
        raise Invalid("process.time", time=text)
    every = duration(match[2])
    if not every or (match[1] and not 1 <= int(match[1]) <= MOST_TIMES):
        raise Invalid("process.time", time=text)
    return Cycle(int(match[1]) if match[1] else -1, every)


def after_working_days(count: object, now: datetime, calendar: Calendar | None) -> datetime:
    """Return the end of the last of so many working days, in UTC; today is not counted.

    Raises Invalid `process.time` for what is no whole number from 1 to 5,000, or when nobody
    brought a calendar.
    """
    whole = isinstance(count, int | Decimal) and not isinstance(count, bool) and count % 1 == 0
    if not whole or not 1 <= int(str(count)) <= LONGEST_COUNT or calendar is None:
        raise Invalid("process.time", time=f"working days({count})")
    return _end_of(calendar.day_of_rank(calendar.rank(hall_day(now)) + int(str(count))))


def later_by_working_days(moment: datetime, days: int, calendar: Calendar) -> datetime:
    """Return a moment that `after_working_days` gave, so many working days later."""
    last = hall_day(moment - timedelta(microseconds=1))
    return _end_of(calendar.day_of_rank(calendar.rank(last) + days))


def due(value: object, now: datetime) -> datetime:
    """Return the moment that a plain FEEL value or an ISO text means, seen from `now`, in UTC.

    A date begins at midnight in the hall's zone. Raises Invalid `process.time` for a value of
    another kind and `process.time_range` for a moment that is over 100 years away.
    """
    match value:
        case datetime():
            found = _aware(value)
        case date():
            found = _aware(datetime.combine(value, time()))
        case timedelta():
            found = now + _within(value, str(value))
        case str() if value.startswith("P"):
            found = now + duration(value)
        case str():
            found = moment(value)
        case _:
            raise Invalid("process.time", time=str(value))
    if found - now > LONGEST:
        raise Invalid("process.time_range", time=str(value))
    return found


def _end_of(day: date) -> datetime:
    return _aware(datetime.combine(day + ONE_DAY, time()))


def _aware(value: datetime) -> datetime:
    try:
        return (value if value.tzinfo else value.replace(tzinfo=HALL_ZONE)).astimezone(UTC)
    except OverflowError as error:
        raise Invalid("process.time_range", time=str(value)) from error


def _within(value: timedelta, text: str) -> timedelta:
    if not timedelta() <= value <= LONGEST:
        raise Invalid("process.time_range", time=text)
    return value
