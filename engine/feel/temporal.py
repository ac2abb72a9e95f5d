"""Dates, times, moments and durations of FEEL, exact to the nanosecond, years ±999,999,999.

Python's own types end at the year 9999 and know no time with a zone, so these are ours.
Source: DMN 1.5, 10.3.2.3.4 to 10.3.2.3.11.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from engine.feel.evaluation import NoValue

MOST_YEAR = 999_999_999
NANOS = 1_000_000_000
DAY = 86_400 * NANOS
MOST_OFFSET = 18 * 3600
MOST_NANOS = MOST_YEAR * 366 * DAY
MONTH_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
REFERENCE = datetime(2024, 1, 1)  # a zoned time without a date takes the zone's winter offset
ZONE = re.compile(r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z0-9_+-]+){0,3}", re.ASCII)


def is_leap(year: int) -> bool:
    """Return whether February of the year has 29 days (proleptic Gregorian calendar)."""
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def month_length(year: int, month: int) -> int:
    """Return the number of days of a month, 1 to 12."""
    return 29 if month == 2 and is_leap(year) else MONTH_DAYS[month - 1]


@dataclass(frozen=True, slots=True, order=True)
class Date:
    """A day of the proleptic Gregorian calendar; NoValue for a day that is none."""

    year: int
    month: int
    day: int

    def __post_init__(self) -> None:
        if not (
            -MOST_YEAR <= self.year <= MOST_YEAR
            and 1 <= self.month <= 12
            and 1 <= self.day <= month_length(self.year, self.month)
        ):
            raise NoValue("feel.cause.date")

    def ordinal(self) -> int:
        """Return the number of days since 1970-01-01."""
        year = self.year - (self.month <= 2)
        era, of_era = divmod(year, 400)
        of_year = (153 * ((self.month + 9) % 12) + 2) // 5 + self.day - 1
        return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468

    def plus_months(self, months: int) -> "Date":
        """Return the same day so many months later, or the last day of that month."""
        year, month = divmod(self.year * 12 + self.month - 1 + months, 12)
        return Date(year, month + 1, min(self.day, month_length(year, month + 1)))

    def weekday(self) -> int:
        """Return 1 for Monday to 7 for Sunday."""
        return (self.ordinal() + 3) % 7 + 1


def date_of(ordinal: int) -> Date:
    """Return the date that lies so many days after 1970-01-01; the inverse of `ordinal`."""
    era, of_era = divmod(ordinal + 719_468, 146_097)
    year_of_era = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted = (5 * of_year + 2) // 153
    month = shifted + (3 if shifted < 10 else -9)
    return Date(
        year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) // 5 + 1
    )


@lru_cache(maxsize=1024)
def zone(name: str) -> ZoneInfo:
    """Return the zone of a name such as `Asia/Shanghai`; NoValue when there is none."""
    if not ZONE.fullmatch(name):
        raise NoValue("feel.cause.zone")
    try:
        return ZoneInfo(name)
    except (OSError, ValueError, KeyError):  # missing, a folder, no zone file
        raise NoValue("feel.cause.zone") from None


def _python(day: Date, nanos: int) -> datetime:
    """Return the clock reading as Python's; beyond its years zone rules repeat the last one."""
    year = min(max(day.year, 2), 9998)
    minutes, second = divmod(nanos // NANOS, 60)
    of_month = min(day.day, month_length(year, day.month))
    return datetime(year, day.month, of_month, minutes // 60, minutes % 60, second)


def _offset(wall: datetime) -> int:
    offset = wall.utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day: nanoseconds since midnight, with an offset in seconds, a zone or neither."""

    nanos: int
    offset: int | None = None
    zone: str | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.nanos < DAY:
            raise NoValue("feel.cause.time")
        if self.offset is not None and abs(self.offset) > MOST_OFFSET:
            raise NoValue("feel.cause.time")
        if self.zone is not None:
            zone(self.zone)

    def utc_offset(self) -> int | None:
        """Return the offset in seconds; None for a local time."""
        if self.zone is not None:
            return _offset(REFERENCE.replace(tzinfo=zone(self.zone)))
        return self.offset

    def key(self) -> tuple[bool, int]:
        """Return what two times are compared by: local or not, nanoseconds in UTC."""
        offset = self.utc_offset()
        return offset is not None, self.nanos - (offset or 0) * NANOS

    def second_key(self) -> tuple[bool, int]:
        """Return what `=` compares: the whole second, as the property `second` has it."""
        zoned, nanos = self.key()
        return zoned, nanos // NANOS


def time_of(hour: int, minute: int, nanos: int, offset: int | None = None) -> Time:
    """Return the time of hour, minute and nanoseconds of the minute; NoValue when there is none."""
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= nanos < 60 * NANOS):
        raise NoValue("feel.cause.time")
    return Time((hour * 60 + minute) * 60 * NANOS + nanos, offset)


@dataclass(frozen=True, slots=True)
class DateTime:
    """A date with a time; with an offset or a zone it is a moment, else a reading of a clock."""

    date: Date
    time: Time

    def utc_offset(self) -> int | None:
        """Return the offset in seconds that holds on this day; None for a local one."""
        if self.time.zone is None:
            return self.time.offset
        return _offset(_python(self.date, self.time.nanos).replace(tzinfo=zone(self.time.zone)))

    def local_nanos(self) -> int:
        """Return the nanoseconds on the clock's face since 1970-01-01."""
        return self.date.ordinal() * DAY + self.time.nanos

    def key(self) -> tuple[bool, int]:
        """Return what two are compared by: local or not, nanoseconds since 1970 in UTC."""
        offset = self.utc_offset()
        return offset is not None, self.local_nanos() - (offset or 0) * NANOS

    def second_key(self) -> tuple[bool, int]:
        """Return what `=` compares: the whole second, as the property `second` has it."""
        zoned, nanos = self.key()
        return zoned, nanos // NANOS

    def plus(self, nanos: int) -> "DateTime":
        """Return the moment so many nanoseconds later, shown in the same zone."""
        time = self.time
        if time.zone is None:
            return date_time_of(self.local_nanos() + nanos, time.offset)
        there = zone(time.zone)
        utc = date_time_of(self.key()[1] + nanos, 0)
        offset = _offset(_python(utc.date, utc.time.nanos).replace(tzinfo=UTC).astimezone(there))
        moved = date_time_of(utc.local_nanos() + offset * NANOS, None)
        return DateTime(moved.date, Time(moved.time.nanos, None, time.zone))


def date_time_of(nanos: int, offset: int | None) -> DateTime:
    """Return the date and time of nanoseconds since 1970-01-01 on the clock's face."""
    ordinal, rest = divmod(nanos, DAY)
    return DateTime(date_of(ordinal), Time(rest, offset))


@dataclass(frozen=True, slots=True, order=True)
class DaysDuration:
    """A days and time duration in nanoseconds."""

    nanos: int

    def __post_init__(self) -> None:
        if abs(self.nanos) > MOST_NANOS * 2:
            raise NoValue("feel.cause.overflow")


@dataclass(frozen=True, slots=True, order=True)
class YearsDuration:
    """A years and months duration in months."""

    months: int

    def __post_init__(self) -> None:
        if abs(self.months) > MOST_YEAR * 24:
            raise NoValue("feel.cause.overflow")


MIDNIGHT = Time(0)


def months_between(start: Date, end: Date) -> int:
    """Return the whole months from one day to another, negative when it lies before."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and end.day < start.day:
        return months - 1
    if months < 0 and end.day > start.day:
        return months + 1
    return months
