"""The built-in functions that convert, and those on dates. Source: DMN 1.5, 10.3.4.1, 10.3.4.7."""

import re
from decimal import Decimal

from engine.feel import temporal_text
from engine.feel.arithmetic import whole
from engine.feel.evaluation import Evaluation, NoValue
from engine.feel.signatures import Table, declare
from engine.feel.temporal import (
    NANOS,
    Date,
    DateTime,
    DaysDuration,
    Time,
    YearsDuration,
    months_between,
    time_of,
)
from engine.feel.values import NUMBERS, from_python, text_of

TEMPORAL_FUNCTIONS: Table = {}
NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def integer(value: Decimal) -> int:
    """Return the whole number; NoValue when it has a fraction."""
    number = whole(value)
    if number != value:
        raise NoValue("feel.cause.argument")
    return number


@declare(TEMPORAL_FUNCTIONS, "date(from: date | date and time | string)")
def date(value: Date | DateTime | str) -> Date:
    """Return the date of a text or of a moment."""
    if isinstance(value, DateTime):
        return value.date
    return value if isinstance(value, Date) else temporal_text.read_date(value)


@declare(TEMPORAL_FUNCTIONS, "date(year: number, month: number, day: number)")
def date_of_parts(year: Decimal, month: Decimal, day: Decimal) -> Date:
    """Return the date of year, month and day."""
    return Date(integer(year), integer(month), integer(day))


@declare(TEMPORAL_FUNCTIONS, "time(from: time | date and time | date | string)")
def time(value: Time | DateTime | Date | str) -> Time:
    """Return the time of a text or of a moment; a date's is midnight in UTC."""
    if isinstance(value, str):
        return temporal_text.read_time(value)
    if isinstance(value, Date):
        return Time(0, 0)
    return value.time if isinstance(value, DateTime) else value


@declare(
    TEMPORAL_FUNCTIONS,
    "time(hour: number, minute: number, second: number, offset?: days and time duration)",
)
def time_of_parts(
    hour: Decimal, minute: Decimal, second: Decimal, offset: DaysDuration | None = None
) -> Time:
    """Return the time of hour, minute, second and an offset from UTC."""
    nanos = whole(NUMBERS.multiply(second, Decimal(NANOS)))
    seconds = None if offset is None else offset.nanos // NANOS
    return time_of(integer(hour), integer(minute), nanos, seconds)


@declare(TEMPORAL_FUNCTIONS, "date and time(from: date and time | string)")
def date_and_time(value: DateTime | str) -> DateTime:
    """Return the date and time of a text."""
    return value if isinstance(value, DateTime) else temporal_text.read_date_time(value)


@declare(TEMPORAL_FUNCTIONS, "date and time(date: date | date and time, time: time)")
def date_and_time_of_parts(day: Date | DateTime, clock: Time) -> DateTime:
    """Return the date with the time."""
    return DateTime(day.date if isinstance(day, DateTime) else day, clock)


@declare(
    TEMPORAL_FUNCTIONS,
    "duration(from: string | days and time duration | years and months duration)",
)
def duration(value: str | DaysDuration | YearsDuration) -> DaysDuration | YearsDuration:
    """Return the duration of a text."""
    return temporal_text.read_duration(value) if isinstance(value, str) else value


@declare(
    TEMPORAL_FUNCTIONS,
    "years and months duration(from: date | date and time, to: date | date and time)",
)
def years_and_months_duration(start: Date | DateTime, end: Date | DateTime) -> YearsDuration:
    """Return the whole months between two days."""
    return YearsDuration(months_between(_day(start), _day(end)))


@declare(TEMPORAL_FUNCTIONS, "number(from: number | string)")
def number(value: Decimal | str) -> Decimal:
    """Return the number of a text."""
    if isinstance(value, Decimal):
        return value
    if not NUMBER.fullmatch(value):
        raise NoValue("feel.cause.text")
    return NUMBERS.create_decimal(value)


@declare(
    TEMPORAL_FUNCTIONS,
    "number(from: string, grouping separator: any, decimal separator?: string)",
)
def number_of_text(value: str, grouping: object, point: str | None = None) -> Decimal:
    """Return the number of a text with separators: `1.000,00` with "." and ","."""
    if grouping not in (None, " ", ",", ".") or point not in (None, ",", "."):
        raise NoValue("feel.cause.argument")
    if grouping is not None and grouping == (point or "."):
        raise NoValue("feel.cause.argument")
    if isinstance(grouping, str):
        value = value.replace(grouping, "")
    if point == ",":
        if "." in value:
            raise NoValue("feel.cause.text")
        value = value.replace(",", ".")
    return number(value)


@declare(TEMPORAL_FUNCTIONS, "string(from: any)", evaluation=True)
def string(evaluation: Evaluation, value: object) -> str | None:
    """Return the value as text, null of null."""
    if isinstance(value, (list, dict, str)):
        evaluation.spend(1 + len(value) // 16)
    return None if value is None else text_of(value)


def _day(value: Date | DateTime) -> Date:
    return value.date if isinstance(value, DateTime) else value


@declare(TEMPORAL_FUNCTIONS, "day of year(date: date | date and time)")
def day_of_year(value: Date | DateTime) -> Decimal:
    """Return 1 for the first of January."""
    return Decimal(_of_year(_day(value)))


def _of_year(day: Date) -> int:
    return day.ordinal() - Date(day.year, 1, 1).ordinal() + 1


@declare(TEMPORAL_FUNCTIONS, "day of week(date: date | date and time)")
def day_of_week(value: Date | DateTime) -> str:
    """Return the English name of the day of the week, as the standard says."""
    return WEEKDAYS[_day(value).weekday() - 1]


@declare(TEMPORAL_FUNCTIONS, "month of year(date: date | date and time)")
def month_of_year(value: Date | DateTime) -> str:
    """Return the English name of the month, as the standard says."""
    return MONTHS[_day(value).month - 1]


@declare(TEMPORAL_FUNCTIONS, "week of year(date: date | date and time)")
def week_of_year(value: Date | DateTime) -> Decimal:
    """Return the week of ISO 8601: week 1 holds the first Thursday of the year."""
    day = _day(value)
    week = (_of_year(day) - day.weekday() + 10) // 7
    if week < 1:
        return Decimal(_weeks(day.year - 1))
    return Decimal(1 if week > _weeks(day.year) else week)


def _weeks(year: int) -> int:
    last = Date(year, 12, 31).weekday()
    return 53 if last == 4 or Date(year, 1, 1).weekday() == 4 else 52


@declare(TEMPORAL_FUNCTIONS, "now()", evaluation=True)
def now(evaluation: Evaluation) -> DateTime:
    """Return the moment the evaluation was given; never the machine's clock."""
    if evaluation.moment is None:
        raise NoValue("feel.cause.moment")
    moment = from_python(evaluation.moment)
    assert isinstance(moment, DateTime)  # noqa: S101  # by the type of `moment`
    return moment


@declare(TEMPORAL_FUNCTIONS, "today()", evaluation=True)
def today(evaluation: Evaluation) -> Date:
    """Return the day of the evaluation's moment, in the zone it was given in."""
    return now(evaluation).date
