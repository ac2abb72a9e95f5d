"""Dates, times, moments and durations as text, both ways (ISO 8601 as XML Schema has it).

Source: DMN 1.5, 10.3.4.1 and the literals of 10.3.1.2 (`@"2026-11-22"`).
"""

import re

from engine.feel.evaluation import NoValue
from engine.feel.temporal import (
    DAY,
    MIDNIGHT,
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    Time,
    YearsDuration,
    date_of,
    time_of,
)

DATE = re.compile(r"(-?(?:[0-9]{4}|[1-9][0-9]{4,8}))-([0-9]{2})-([0-9]{2})")
TIME = re.compile(
    r"([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?"
    r"(?:(Z)|([+-])([0-9]{2}):([0-9]{2})(?::([0-9]{2}))?|@([A-Za-z0-9_/+-]+))?"
)
END_OF_DAY = re.compile(r"24:00:00(?:\.0+)?(?![0-9.])")
YEARS = re.compile(r"(-)?P(?:([0-9]{1,12})Y)?(?:([0-9]{1,12})M)?")
DAYS = re.compile(
    r"(-)?P(?:([0-9]{1,15})D)?"
    r"(?:T(?:([0-9]{1,15})H)?(?:([0-9]{1,15})M)?(?:([0-9]{1,18})(?:\.([0-9]{0,9})[0-9]*)?S)?)?"
)

Temporal = Date | Time | DateTime | DaysDuration | YearsDuration


def read_date(text: str) -> Date:
    """Return the date of `2026-11-22`; NoValue for any other text."""
    found = DATE.fullmatch(text)
    if found is None:
        raise NoValue("feel.cause.text")
    return Date(int(found[1]), int(found[2]), int(found[3]))


def read_time(text: str) -> Time:
    """Return the time of `09:30:00`, `…Z`, `…+08:00` or `…@Asia/Shanghai`; NoValue otherwise."""
    found = TIME.fullmatch(text)
    if found is None:
        raise NoValue("feel.cause.text")
    hour, minute, second, fraction, utc, sign, hours, minutes, seconds, zone = found.groups()
    nanos = int(second) * NANOS + int((fraction or "0").ljust(9, "0"))
    offset = 0 if utc else None
    if sign:
        if int(minutes) > 59 or int(seconds or 0) > 59:
            raise NoValue("feel.cause.text")
        offset = int(hours) * 3600 + int(minutes) * 60 + int(seconds or 0)
        offset = -offset if sign == "-" else offset
    time = time_of(int(hour), int(minute), nanos, offset)
    return Time(time.nanos, None, zone) if zone else time


def read_date_time(text: str) -> DateTime:
    """Return the date and time of `2026-11-22T09:30:00`; a date alone means its midnight."""
    day, mark, rest = text.partition("T")
    if END_OF_DAY.match(rest):  # ISO 8601: 24:00 is the midnight that ends the day
        return DateTime(date_of(read_date(day).ordinal() + 1), read_time(f"00{rest[2:]}"))
    return DateTime(read_date(day), read_time(rest) if mark else MIDNIGHT)


def read_duration(text: str) -> DaysDuration | YearsDuration:
    """Return the duration of `P1Y2M` or `P3DT4H5M6.5S`; NoValue for any other text."""
    found = YEARS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsDuration(-months if found[1] else months)
    found = DAYS.fullmatch(text)
    if found is None or not any(found.groups()[1:]) or text.endswith("T"):
        raise NoValue("feel.cause.text")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:5])
    nanos = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    nanos = nanos * NANOS + int((found[6] or "0").ljust(9, "0"))
    return DaysDuration(-nanos if found[1] else nanos)


def read_temporal(text: str) -> Temporal:
    """Return what a literal `@"…"` means; NoValue when it is none of the five kinds."""
    if text.lstrip("-")[:1] == "P":
        return read_duration(text)
    if DATE.match(text):
        return read_date_time(text) if "T" in text else read_date(text)
    return read_time(text)


def write(value: Temporal) -> str:
    """Return the text that `read_temporal` reads as the same value."""
    match value:
        case Date():
            sign = "-" if value.year < 0 else ""
            return f"{sign}{abs(value.year):04d}-{value.month:02d}-{value.day:02d}"
        case Time():
            return _clock(value.nanos) + _offset(value)
        case DateTime():
            return f"{write(value.date)}T{write(value.time)}"
        case DaysDuration():
            return _days(value.nanos)
        case YearsDuration():
            return _years(value.months)


def _fraction(nanos: int) -> str:
    return f".{nanos:09d}".rstrip("0") if nanos else ""


def _clock(nanos: int) -> str:
    seconds, rest = divmod(nanos, NANOS)
    minutes, second = divmod(seconds, 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{second:02d}{_fraction(rest)}"


def _offset(time: Time) -> str:
    if time.zone is not None:
        return f"@{time.zone}"
    if time.offset is None:
        return ""
    if time.offset == 0:
        return "Z"
    minutes, second = divmod(abs(time.offset), 60)
    sign = "-" if time.offset < 0 else "+"
    seconds = f":{second:02d}" if second else ""
    return f"{sign}{minutes // 60:02d}:{minutes % 60:02d}{seconds}"


def _days(nanos: int) -> str:
    if nanos == 0:
        return "PT0S"
    days, rest = divmod(abs(nanos), DAY)
    seconds, fraction = divmod(rest, NANOS)
    minutes, second = divmod(seconds, 60)
    hours, minute = divmod(minutes, 60)
    clock = (f"{hours}H" if hours else "") + (f"{minute}M" if minute else "")
    if second or fraction:
        clock += f"{second}{_fraction(fraction)}S"
    sign = "-" if nanos < 0 else ""
    return f"{sign}P{f'{days}D' if days else ''}{f'T{clock}' if clock else ''}"


def _years(months: int) -> str:
    if months == 0:
        return "P0M"
    years, rest = divmod(abs(months), 12)
    sign = "-" if months < 0 else ""
    return f"{sign}P{f'{years}Y' if years else ''}{f'{rest}M' if rest else ''}"
